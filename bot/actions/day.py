"""The day of a group: its digest, the papers on it, what comes late. Fetches nothing and chooses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.actions.messages import show_digest, show_entry, want_cards, want_digest
from bot.actions.papers import put_summaries
from bot.groups.post_times import local_date
from bot.model import Covered, Digest, GroupSettings, Listing, Summary
from bot.ports import Reads, Rows

LOOK_BACK = 14  # days; enough for a weekly post and a list that settled a day late
REFRESH_FOR = 2  # days that a post is looked at again, for late papers and upvotes
REFRESH_EVERY = timedelta(hours=1)
RETRY_EVERY = timedelta(minutes=10)  # what could not be read


def list_day(
    rows: Rows,
    digest: Digest,
    done: Sequence[Covered],
    listings: Sequence[Listing],
    summaries: Mapping[str, Summary],
    at: datetime,
) -> bool:
    """Writes the digest and its entries, marks what is `done` as had, and wants the header and a card for each of the
    first `digest.cards` papers. False, and nothing changed, when the group has a digest of that date already."""
    if rows.days.digest(digest.group, digest.posted_on):
        return False
    rows.days.put(digest)
    rows.days.mark_had(digest.group, digest.posted_on, done)
    want_digest(rows, digest, at)
    fresh = add_entries(rows, digest, listings, summaries, at)
    want_cards(rows, digest, fresh[: digest.cards], at)
    rows.curations.drop(digest.group, [listing.paper.key for listing in listings if listing.chosen_by])
    rows.looks.hasten(digest.group, at)
    return True


def extend_day(
    rows: Rows,
    digest: Digest,
    done: Sequence[Covered],
    listings: Sequence[Listing],
    summaries: Mapping[str, Summary],
    at: datetime,
) -> bool:
    """Adds late papers to a digest, and shows it again when that changed anything. They get cards as far as the
    digest now has more of them than before. False when nothing changed, or there is no such digest."""
    stands = rows.days.digest(digest.group, digest.posted_on)
    if stands is None:
        return False
    is_told = _put_facts(rows, stands, digest)
    is_had = _mark_had(rows, digest, done)
    fresh = add_entries(rows, stands, listings, summaries, at)
    want_cards(rows, stands, fresh[: max(0, digest.cards - stands.cards)], at)
    if not (is_told or is_had or fresh):
        return False
    show_digest(rows, stands, at)
    rows.looks.hasten(digest.group, at)
    return True


def recognise(rows: Rows, group: str, told: str, key: str, summary: Summary | None, at: datetime) -> bool:
    """The entry of one paper, as a member told of it, is of another from now on, with its votes, claims and cards.
    False, and nothing changed, when the group has that one already, or nobody announced it."""
    entries = rows.entries.ids(group, (told, key))
    if told not in entries or key in entries or rows.papers.paper(key) is None:
        return False
    rows.entries.set_paper(group, entries[told], key)
    show_entry(rows, group, entries[told], at)
    if summary:
        put_summaries(rows, {key: summary}, at)
    return True


def add_entries(
    rows: Rows,
    digest: Digest,
    listings: Sequence[Listing],
    summaries: Mapping[str, Summary],
    at: datetime,
    submitter: int | None = None,
) -> Sequence[int]:
    """The new entries in their order, numbered after those that are there. A paper that the group has on a list stays
    where it is; what was announced meanwhile is not overwritten."""
    by_key = _first_of_each(listings)
    _add_papers(rows, by_key, at)
    put_summaries(rows, {key: summaries[key] for key in by_key if key in summaries}, at)
    listed = rows.entries.known(digest.group, list(by_key))
    fresh = [key for key in by_key if key not in listed]
    if not fresh:
        return []
    number = rows.entries.last_rank(digest.group, digest.posted_on) + 1
    ranked = list(enumerate((by_key[key] for key in fresh), number))
    rows.entries.add(digest.group, digest.posted_on, ranked, None if submitter is None else (submitter, at))
    ids = rows.entries.ids(digest.group, fresh)
    return [ids[key] for key in fresh]


def latest_digests(rows: Reads, group: str, now: datetime, limit: int = 1) -> Sequence[Digest]:
    """The newest first, but for those that a wrong clock dated in time to come: no zone is more than a day ahead."""
    return rows.days.digests(group, limit, now.date() + timedelta(days=1))


def standing_for(rows: Reads, group: GroupSettings, on: date, now: datetime) -> date | None:
    """The date of a post that stands for that of `on`: its own, or a later one up to today. With another hour or other
    days a date may become due whose time is over."""
    return rows.days.newest(group.id, on, max(on, local_date(now, group)))


def _first_of_each(listings: Sequence[Listing]) -> Mapping[str, Listing]:
    found: dict[str, Listing] = {}
    for listing in listings:
        found.setdefault(listing.paper.key, listing)
    return found


def _add_papers(rows: Rows, by_key: Mapping[str, Listing], at: datetime) -> None:
    known = rows.papers.papers(list(by_key))
    rows.papers.put([listing.paper for key, listing in by_key.items() if key not in known], at)


def _put_facts(rows: Rows, stands: Digest, told: Digest) -> bool:
    """False when it tells the same. Its counts follow from its entries, and its layout from the first post."""
    facts = replace(
        stands, covers=told.covers, cards=told.cards, why=told.why, next_due=told.next_due, missing=told.missing
    )
    if facts == stands:
        return False
    rows.days.put(facts)
    return True


def _mark_had(rows: Rows, digest: Digest, done: Sequence[Covered]) -> bool:
    """False when all of it was."""
    if not done:
        return False
    had = rows.days.had(digest.group, min(day for _, day in done))
    fresh = [pair for pair in done if pair not in had]
    rows.days.mark_had(digest.group, digest.posted_on, fresh)
    return bool(fresh)
