"""Where what an answer names stands in the channel in which it is asked for: the messages that it links to. Knows no
address; a surface makes one of its own name of a message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.cards import Card
from bot.languages import msgid, say
from bot.model import GroupSettings, Session
from bot.ports import Reads
from bot.views.sheets import CARD, DIGEST, sheet_key, standings_of

Links = tuple[tuple[str, str], ...]

TALK = "discussion"
MEETING, ROOM = ("pick", "ballot", "nominations"), "room"  # the first that stands is the meeting's card
ITS_CARD, DISCUSSION, POST = msgid("Card"), msgid("Discussion"), msgid("The post")


def paper_links(rows: Reads, group: GroupSettings, place: str, entry: int) -> Links:
    """For a sentence that names it."""
    ((card, talk),) = _papers(rows, group, place, (entry,))
    return _named(card, talk, group)


def meeting_links(rows: Reads, group: GroupSettings, place: str, session: int) -> Links:
    found = rows.messages.shown_refs(group.id, place, (*MEETING, ROOM), (str(session),))
    return _named(_card_of(found, str(session)), found.get((ROOM, str(session)), ""), group)


def day_links(rows: Reads, group: GroupSettings, place: str, on: date) -> Links:
    """The post of a day."""
    ref = rows.messages.shown_ref(group.id, place, DIGEST, sheet_key(on, 1))
    return ((say(group, POST), ref),) if ref else ()


def refusal_links(rows: Reads, group: GroupSettings, place: str, facts: Mapping[str, object]) -> Links:
    """Of the meeting or the paper that a refusal is about."""
    match facts:
        case {"session": Session(id=session)}:
            return meeting_links(rows, group, place, session)
        case {"entry": int(entry)}:
            return paper_links(rows, group, place, entry)
    return ()


def _named(card: str, discussion: str, group: GroupSettings) -> Links:
    return tuple((say(group, what), ref) for what, ref in ((ITS_CARD, card), (DISCUSSION, discussion)) if ref)


def link_papers(rows: Reads, group: GroupSettings, place: str, cards: Sequence[Card]) -> tuple[Card, ...]:
    """Private cards of papers, each with where its living one stands."""
    refs = _papers(rows, group, place, [card.entry or 0 for card in cards])
    return tuple(_linked(card, *named, group) for card, named in zip(cards, refs, strict=True))


def _papers(rows: Reads, group: GroupSettings, place: str, entries: Sequence[int]) -> Sequence[tuple[str, str]]:
    """Of each the message in which its card stands, and its discussion."""
    standings = standings_of(rows, group.id, entries)
    keys = {key for entry, standing in standings.items() for key in (standing.key, str(entry))}
    found = rows.messages.shown_refs(group.id, place, (CARD, DIGEST, TALK), sorted(keys))
    return [
        (found.get((standings[entry].kind, standings[entry].key), ""), found.get((TALK, str(entry)), ""))
        for entry in entries
    ]


def link_meetings(rows: Reads, group: GroupSettings, place: str, cards: Mapping[int, Card]) -> tuple[Card, ...]:
    """The same for meetings, by their ids."""
    found = rows.messages.shown_refs(group.id, place, (*MEETING, ROOM), [str(session) for session in cards])
    return tuple(
        _linked(card, _card_of(found, str(session)), found.get((ROOM, str(session)), ""), group)
        for session, card in cards.items()
    )


def _card_of(found: Mapping[tuple[str, str], str], key: str) -> str:
    return next((found[kind, key] for kind in MEETING if (kind, key) in found), "")


def _linked(card: Card, own: str, discussion: str, group: GroupSettings) -> Card:
    return replace(card, messages=_named(own, "", group), discussion=discussion)
