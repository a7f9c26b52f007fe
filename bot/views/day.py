"""The day's header: what was announced, what was not, and when the next post comes."""

from datetime import date

from bot.cards import Button, Card, Message
from bot.model import Digest, GroupSettings, Wanted
from bot.ports import Reads
from bot.views.dates import spoken, spoken_days, spoken_time
from bot.views.kinds import message
from bot.wording import capitalised, join_words, plural


@message("digest")
def build_digest(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    digest = rows.days.digest(group.id, date.fromisoformat(wanted.key))
    if digest is None:
        return None
    card = digest_card(digest, group)
    return Message(f"{card.title}. {card.body}", card)


def digest_card(digest: Digest, group: GroupSettings) -> Card:
    button = (Button(f"Show all {digest.papers}", "today", on=digest.posted_on),) if digest.papers else ()
    title = f"{'Papers for' if digest.announced else 'No new papers on'} {spoken(digest.posted_on, group)}"
    sentences = _header(digest, group) if digest.announced else _empty(digest, group)
    if digest.submitted:
        sentences.append("One was handed in." if digest.submitted == 1 else f"{digest.submitted} were handed in.")
    return Card("digest", title, body=" ".join(sentences), buttons=button)


def _empty(digest: Digest, group: GroupSettings) -> list[str]:
    due = [f"The next post is due {spoken_time(digest.next_due, group)}."] if digest.next_due else []
    return [*([digest.why] if digest.why else []), *due]


def _header(digest: Digest, group: GroupSettings) -> list[str]:
    announced = "" if digest.days == (digest.posted_on,) else f", announced {spoken_days(digest.days, group)}"
    sentences = [f"{plural(digest.announced, 'paper')}{announced}."]
    if digest.announced > digest.cards:
        have = "The first has a card" if digest.cards == 1 else f"The first {digest.cards} have cards"
        sentences.append(f"{have} here; Show all lists the rest.")
    if digest.late:
        sentences.append(f"{digest.late} came later." if digest.late > 1 else "One came later.")
    if digest.missing:
        sentences.append(f"{capitalised(join_words(digest.missing))} could not be read yet.")
    return sentences


def next_words(digest: Digest | None, group: GroupSettings) -> str:
    """For a group that has nothing on its list."""
    if digest and digest.next_due:
        return f"The next post is due {spoken_time(digest.next_due, group)}."
    return f"The first post is due at {group.day.post_at:%H:%M} ({group.timezone}), {group.day.on}."
