"""The day's header: what was announced, what was not, and when the next post comes. With the papers, where the whole
day is one message."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.cards import Button, Card, Choice, Message, Select
from bot.languages import count, joined, msgids, say
from bot.model import Digest, GroupSettings, Wanted
from bot.ports import Reads
from bot.views.dates import spoken, spoken_days, spoken_time
from bot.views.kinds import message
from bot.views.papers import living_card, shortcut
from bot.views.sheets import read_sheet
from bot.wording import capitalised


@message("digest")
def build_digest(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    posted_on, sheet = read_sheet(wanted.key)
    digest = rows.days.digest(group.id, posted_on)
    if digest is None:
        return None
    entries = rows.entries.on_sheet(group.id, posted_on, sheet) if digest.layout == "digest" else ()
    keys = [str(entry.id) for entry in entries]
    talks = rows.messages.shown_refs(group.id, wanted.place, ("discussion",), keys) if keys else {}
    parts = [living_card(entry, group, talks.get(("discussion", str(entry.id)), "")) for entry in entries]
    if sheet > 1:
        return _together(_more_card(posted_on, group), parts, group, silent=True) if parts else None
    return _together(digest_card(digest, group), parts, group)


def _together(card: Card, parts: Sequence[Card], group: GroupSettings, *, silent: bool = False) -> Message:
    said = " ".join([f"{card.title}. {card.body}".strip(), *(f"{part.number}. {part.title}." for part in parts)])
    return Message(
        said,
        card,
        parts=tuple(parts),
        shortcuts=tuple(map(shortcut, parts)),
        opener=_opener(parts, group) if parts else None,
        silent=silent,
    )


def _opener(parts: Sequence[Card], group: GroupSettings) -> Select:
    choices = (Choice(f"{part.number}. {part.title}", f"entry:{part.entry}") for part in parts)
    return Select(say(group, "Open a paper…"), "show", "paper", tuple(choices))


def digest_card(digest: Digest, group: GroupSettings) -> Card:
    show_all = say(group, "Show all {n}", n=digest.papers)
    day = spoken(digest.posted_on, group)
    sentences = _header(digest, group) if digest.announced else _empty(digest, group)
    if digest.submitted:
        sentences.append(count(group, "One was handed in.", "{n} were handed in.", digest.submitted))
    return Card(
        "digest",
        say(group, "Papers for {day}" if digest.announced else "No new papers on {day}", day=day),
        body=" ".join(sentences),
        buttons=(Button(show_all, "today", on=digest.posted_on),) if digest.papers else (),
    )


def _more_card(posted_on: date, group: GroupSettings) -> Card:
    return Card("papers", say(group, "More papers for {day}", day=spoken(posted_on, group)))


def _empty(digest: Digest, group: GroupSettings) -> list[str]:
    due = [_due(digest.next_due, group)] if digest.next_due else []
    return [*([digest.why] if digest.why else []), *due]


def _due(at: datetime, group: GroupSettings) -> str:
    return say(group, "The next post is due {time}.", time=spoken_time(at, group))


def _header(digest: Digest, group: GroupSettings) -> list[str]:
    sentences = [_announced(digest, group)]
    if digest.announced > digest.cards:
        sentences.append(_first(digest, group))
    if digest.late:
        sentences.append(count(group, "One came later.", "{n} came later.", digest.late))
    if digest.missing:
        sources = joined(group, digest.missing)
        sentences.append(capitalised(say(group, "{sources} could not be read yet.", sources=sources)))
    return sentences


def _announced(digest: Digest, group: GroupSettings) -> str:
    if digest.days == (digest.posted_on,):
        return count(group, "{n} paper.", "{n} papers.", digest.announced)
    days = spoken_days(digest.days, group)
    return count(group, "{n} paper, announced {days}.", "{n} papers, announced {days}.", digest.announced, days=days)


def _first(digest: Digest, group: GroupSettings) -> str:
    if digest.layout == "digest":
        one, many = msgids(
            "The first is here; Show all lists the rest.", "The first {n} are here; Show all lists the rest."
        )
    else:
        one, many = msgids(
            "The first has a card here; Show all lists the rest.",
            "The first {n} have cards here; Show all lists the rest.",
        )
    return count(group, one, many, digest.cards)


def next_words(digest: Digest | None, group: GroupSettings) -> str:
    """For a group that has nothing on its list."""
    if digest and digest.next_due:
        return _due(digest.next_due, group)
    at, zone, days = f"{group.day.post_at:%H:%M}", group.timezone, group.day.on
    return say(group, "The first post is due at {time} ({zone}), {days}.", time=at, zone=zone, days=days)
