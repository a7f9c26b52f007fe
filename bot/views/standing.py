"""Where what an answer names stands in the channel in which it is asked for: the messages that it links to. Knows no
address; a surface makes one of its own name of a message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.cards import Card
from bot.model import Session
from bot.ports import Reads

Links = tuple[tuple[str, str], ...]

PAPER, TALK, DAY = "paper", "discussion", "digest"
MEETING, ROOM = ("pick", "ballot", "nominations"), "room"  # the first that stands is the meeting's card
CARD, DISCUSSION, POST = "Card", "Discussion", "The post"


def paper_links(rows: Reads, group: str, place: str, entry: int) -> Links:
    """For a sentence that names it."""
    found = rows.messages.shown_refs(group, place, (PAPER, TALK), (str(entry),))
    return _named(found.get((PAPER, str(entry)), ""), found.get((TALK, str(entry)), ""))


def meeting_links(rows: Reads, group: str, place: str, session: int) -> Links:
    found = rows.messages.shown_refs(group, place, (*MEETING, ROOM), (str(session),))
    return _named(_card_of(found, str(session)), found.get((ROOM, str(session)), ""))


def day_links(rows: Reads, group: str, place: str, on: date) -> Links:
    """The post of a day."""
    ref = rows.messages.shown_ref(group, place, DAY, on.isoformat())
    return ((POST, ref),) if ref else ()


def refusal_links(rows: Reads, group: str, place: str, facts: Mapping[str, object]) -> Links:
    """Of the meeting or the paper that a refusal is about."""
    match facts:
        case {"session": Session(id=session)}:
            return meeting_links(rows, group, place, session)
        case {"entry": int(entry)}:
            return paper_links(rows, group, place, entry)
    return ()


def _named(card: str, discussion: str) -> Links:
    return tuple((what, ref) for what, ref in ((CARD, card), (DISCUSSION, discussion)) if ref)


def link_papers(rows: Reads, group: str, place: str, cards: Sequence[Card]) -> tuple[Card, ...]:
    """Private cards of papers, each with where its living one stands."""
    found = rows.messages.shown_refs(group, place, (PAPER, TALK), [str(card.entry) for card in cards if card.entry])
    return tuple(
        _linked(card, found.get((PAPER, str(card.entry)), ""), found.get((TALK, str(card.entry)), "")) for card in cards
    )


def link_meetings(rows: Reads, group: str, place: str, cards: Mapping[int, Card]) -> tuple[Card, ...]:
    """The same for meetings, by their ids."""
    found = rows.messages.shown_refs(group, place, (*MEETING, ROOM), [str(session) for session in cards])
    return tuple(
        _linked(card, _card_of(found, str(session)), found.get((ROOM, str(session)), ""))
        for session, card in cards.items()
    )


def _card_of(found: Mapping[tuple[str, str], str], key: str) -> str:
    return next((found[kind, key] for kind in MEETING if (kind, key) in found), "")


def _linked(card: Card, own: str, discussion: str) -> Card:
    return replace(card, messages=_named(own, ""), discussion=discussion)
