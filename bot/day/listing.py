"""What a post lists, of all that sources announced, and what it tells beside. Decides on rows, writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.day.curation import curated
from bot.day.due import Scope
from bot.day.empty import Labels, labels_of, why_empty
from bot.day.ranking import Announced, rank, rank_late
from bot.groups.post_times import due_at, next_due
from bot.model import Covered, Digest, GroupSettings, Listing, Paper
from bot.papers.lookup import told_key
from bot.ports import Reads


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before anything of it is written, or what is to be added to one."""

    digest: Digest
    done: Sequence[Covered] = ()
    listings: Sequence[Listing] = ()
    told: Mapping[str, Paper] = field(default_factory=dict)  # that members told of before, by the keys of that


@dataclass(frozen=True, slots=True)
class _Look:
    """What sources announced, as it concerns one group."""

    announced: int
    unseen: Sequence[Announced]  # the group has them on no list, and its moderators do not hide them
    told: Mapping[str, Paper]  # it has them only as a member told of them, under this key
    unread: Sequence[Covered]  # lists that could never be read


def draft_post(
    rows: Reads, labels: Labels, group: GroupSettings, posted_on: date, scope: Scope, now: datetime
) -> Draft:
    about = scope.about
    look = _look(rows, labels, group.id, about)
    listings = _curated(rows, group, rank(look.unseen, group), posted_on)
    digest = Digest(
        group=group.id,
        posted_on=posted_on,
        covers=tuple(about),
        cards=min(len(listings), group.day.cards),
        why="" if listings else why_empty(rows, labels, about, look.unread, look.announced, group),
        next_due=next_due(group, max(now, due_at(group, posted_on))),
        missing=labels_of(labels, look.unread),
        layout=group.day.layout,
    )
    return Draft(digest, [*scope.spared, *(pair for pair in about if pair not in look.unread)], listings)


def draft_more(rows: Reads, labels: Labels, group: GroupSettings, digest: Digest) -> Draft | None:
    """What came late. None when there is nothing new to list or to tell."""
    covers = [pair for pair in digest.covers if pair[0] in labels]
    look = _look(rows, labels, group.id, covers)
    missing = labels_of(labels, look.unread)
    if not covers or (not look.unseen and missing == digest.missing):
        return Draft(digest, told=look.told) if look.told else None
    # A late feed fills an empty post; it never makes a second one.
    listings = rank_late(look.unseen, group) if digest.announced else rank(look.unseen, group)
    papers = digest.announced + len(listings)
    have_all_cards = digest.cards >= digest.announced  # otherwise those that have are the first ones
    grown = replace(
        digest,
        cards=max(digest.cards, min(papers, group.day.cards)) if have_all_cards else digest.cards,
        why="" if papers else why_empty(rows, labels, covers, look.unread, look.announced, group),
        missing=missing,
    )
    return Draft(grown, [pair for pair in covers if pair not in look.unread], listings, look.told)


def _curated(rows: Reads, group: GroupSettings, ranked: Sequence[Listing], posted_on: date) -> Sequence[Listing]:
    """With the papers first that moderators chose."""
    chosen = [choice for choice in rows.curations.of(group.id) if not choice.hidden]
    told = {choice.key: told_key(group.id, choice.key) for choice in chosen}
    listed = rows.entries.known(group.id, [*told, *told.values()])
    added = rows.papers.papers([key for key in told if not {key, told[key]} & listed])
    return curated(ranked, chosen, added, posted_on, group)


def _look(rows: Reads, labels: Labels, group: str, pairs: Sequence[Covered]) -> _Look:
    announced = [
        Announced(paper, day, name, labels[name])
        for name, day in pairs
        if name in labels
        for paper in rows.papers.announced(name, day)
    ]
    told = {item.paper.key: told_key(group, item.paper.key) for item in announced}
    listed = rows.entries.known(group, [*told, *told.values()]) | _hidden(rows, group)
    new = [item for item in announced if item.paper.key not in listed]
    return _Look(
        announced=len(announced),
        unseen=[item for item in new if told[item.paper.key] not in listed],
        told={told[item.paper.key]: item.paper for item in new if told[item.paper.key] in listed},
        unread=[pair for pair in pairs if _is_unread(rows, *pair)],
    )


def _hidden(rows: Reads, group: str) -> frozenset[str]:
    """What moderators want on no list."""
    return frozenset(choice.key for choice in rows.curations.of(group) if choice.hidden)


def _is_unread(rows: Reads, source: str, day: date) -> bool:
    """A list that was read once only grows, so that a later failure takes nothing away."""
    last = rows.papers.report(source, day)
    return last is None or last.read_at is None
