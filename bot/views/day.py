"""The day's header: what was announced, what was not, and when the next post comes. With the papers, where the whole
day is one message."""

from collections.abc import Sequence
from datetime import date

from bot.cards import Button, Card, Choice, Message, Select
from bot.model import Digest, GroupSettings, Wanted
from bot.ports import Reads
from bot.views.dates import spoken, spoken_days, spoken_time
from bot.views.kinds import message
from bot.views.papers import living_card, shortcut
from bot.views.sheets import read_sheet
from bot.wording import capitalised, join_words, plural


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
        return _together(_more_card(posted_on, group), parts, silent=True) if parts else None
    return _together(digest_card(digest, group), parts)


def _together(card: Card, parts: Sequence[Card], *, silent: bool = False) -> Message:
    said = " ".join([f"{card.title}. {card.body}".strip(), *(f"{part.number}. {part.title}." for part in parts)])
    return Message(
        said,
        card,
        parts=tuple(parts),
        shortcuts=tuple(map(shortcut, parts)),
        opener=_opener(parts) if parts else None,
        silent=silent,
    )


def _opener(parts: Sequence[Card]) -> Select:
    choices = (Choice(f"{part.number}. {part.title}", f"entry:{part.entry}") for part in parts)
    return Select("Open a paper…", "show", "paper", tuple(choices))


def digest_card(digest: Digest, group: GroupSettings) -> Card:
    button = (Button(f"Show all {digest.papers}", "today", on=digest.posted_on),) if digest.papers else ()
    title = f"{'Papers for' if digest.announced else 'No new papers on'} {spoken(digest.posted_on, group)}"
    sentences = _header(digest, group) if digest.announced else _empty(digest, group)
    if digest.submitted:
        sentences.append("One was handed in." if digest.submitted == 1 else f"{digest.submitted} were handed in.")
    return Card("digest", title, body=" ".join(sentences), buttons=button)


def _more_card(posted_on: date, group: GroupSettings) -> Card:
    return Card("papers", f"More papers for {spoken(posted_on, group)}")


def _empty(digest: Digest, group: GroupSettings) -> list[str]:
    due = [f"The next post is due {spoken_time(digest.next_due, group)}."] if digest.next_due else []
    return [*([digest.why] if digest.why else []), *due]


def _header(digest: Digest, group: GroupSettings) -> list[str]:
    announced = "" if digest.days == (digest.posted_on,) else f", announced {spoken_days(digest.days, group)}"
    sentences = [f"{plural(digest.announced, 'paper')}{announced}."]
    if digest.announced > digest.cards:
        sentences.append(f"{_first(digest)}; Show all lists the rest.")
    if digest.late:
        sentences.append(f"{digest.late} came later." if digest.late > 1 else "One came later.")
    if digest.missing:
        sentences.append(f"{capitalised(join_words(digest.missing))} could not be read yet.")
    return sentences


def _first(digest: Digest) -> str:
    if digest.layout == "digest":
        return "The first is here" if digest.cards == 1 else f"The first {digest.cards} are here"
    return "The first has a card here" if digest.cards == 1 else f"The first {digest.cards} have cards here"


def next_words(digest: Digest | None, group: GroupSettings) -> str:
    """For a group that has nothing on its list."""
    if digest and digest.next_due:
        return f"The next post is due {spoken_time(digest.next_due, group)}."
    return f"The first post is due at {group.day.post_at:%H:%M} ({group.timezone}), {group.day.on}."
