"""The one card of a meeting, edited from its nominations to its recap, and the receipt in words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.cards import Button, Card, Field, Message
from bot.languages import say
from bot.model import Entry, GroupSettings, Participation, Pick, Session, Wanted
from bot.ports import Reads
from bot.views.dates import day_of, spoken_time
from bot.views.kinds import message
from bot.views.meeting import (
    ask_button,
    coming,
    facts,
    how_it_settles,
    join_buttons,
    links,
    no_meeting,
    present_button,
    what,
    when,
    where,
)
from bot.views.papers import authors, quoted, shortened_title
from bot.views.recap import how_it_was, recap_button
from bot.views.receipt import essentials, sentences
from bot.views.vote import ballot_card, first_sentence, nominations_card
from bot.voting.export import receipt_from_data
from bot.voting.receipt import Receipt
from bot.week.participation import participation_of
from bot.week.plan import is_open, step_time
from bot.week.timeline import StepKind

MOST_SAID = 450  # characters of a receipt's numbers on the card; "Why this paper?" has all of it
WHY = ("about", "why")
NAMED = 12  # papers of a receipt that may be named, besides those of its rounds and ties


@message("pick", "counts", "session")
def build_pick(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = meeting_card(room, group, rows, wanted.wanted_at)
    text = f"{card.title}. {first_sentence(card.body)}" if card.kind == "ballot" else headline(room, group)
    return Message(text, card, pinned=_is_next(wanted, room.session, rows))


def meeting_card(room: Participation, group: GroupSettings, rows: Reads, at: datetime) -> Card:
    """As it is at that time: what is voted on, the ballot, what is read, or how it was."""
    session = room.session
    if session.status == "planned" and session.ends > at and group.week.mode == "vote" and is_open(session):
        return ballot_card(room, group, rows) if session.shortlist else nominations_card(room, group, rows, at)
    card = pick_card(room, group, explain_in_short(room.pick, group, rows))
    return _when_over(card, room, group) if session.ends <= at and session.status == "planned" else card


def _when_over(card: Card, room: Participation, group: GroupSettings) -> Card:
    why = tuple(button for button in card.buttons if button.argument == WHY)
    picked = tuple(field for field in card.fields if field.name == say(group, "Picked"))
    fields = (when(room.session, group), *where(room.session, group), *picked, *how_it_was(room, group))
    return replace(card, fields=fields, buttons=(recap_button(room.session, group), *why))


def _is_next(wanted: Wanted, session: Session, rows: Reads) -> bool:
    """As of when the message was last wanted: the session is the one that is on, or the next."""
    ahead = rows.sessions.sessions(wanted.group, wanted.wanted_at)
    return next((other.id for other in ahead if other.status == "planned"), None) == session.id


def headline(room: Participation, group: GroupSettings) -> str:
    session = room.session
    if session.status != "planned":
        return no_meeting(session, group)
    at = spoken_time(session.starts, group)
    if room.entry is None:
        return say(group, "{time}: no paper yet.", time=at)
    title = quoted(room.entry.paper.title)
    if session.settled:
        return say(group, "{time}: we read {title}.", time=at, title=title)
    return say(group, "{time}: proposed is {title}.", time=at, title=title)


def pick_card(room: Participation, group: GroupSettings, receipt: str = "") -> Card:
    """`receipt`: in short."""
    session = room.session
    if session.status != "planned":
        title = say(group, "No meeting on {day}", day=day_of(session, group))
        return Card("pick", title, body=no_meeting(session, group))
    receipt = receipt if room.pick and _led_here(room.pick, session) else ""
    card = _with_paper(room, room.entry, group, receipt) if room.entry else _without_paper(room, group, receipt)
    fields = (*facts(room, group), *card.fields, Field(say(group, "Coming"), coming(room, group)))
    return replace(card, fields=fields, links=links(room, group), buttons=tuple(_buttons(room, group)))


def _led_here(pick: Pick, session: Session) -> bool:
    """What was decided by the newest count may have been taken back since."""
    receipt = read_receipt(pick)
    winner, leader = receipt.winner, receipt.leader
    return session.entry == winner or (winner is None and session.entry == leader)


def _with_paper(room: Participation, entry: Entry, group: GroupSettings, receipt: str) -> Card:
    settled, paper, summary = room.session.settled, entry.paper, entry.summary
    title, label = what(room, group), say(group, "Picked" if settled else "By the count")
    return Card(
        kind="pick",
        title=title if settled else say(group, "Proposed for {meeting}", meeting=title),
        url=paper.url,
        byline=authors(paper, group),
        body=summary.text if summary else "",
        label=summary.label if summary else "",
        fields=(Field(label, receipt),) if receipt else (),
        footer="" if settled else how_it_settles(len(room.seconded), group),
    )


# --- before there is a paper


def _without_paper(room: Participation, group: GroupSettings, receipt: str) -> Card:
    wait = _who_brings if group.week.mode == "presenter" else _what_is_open
    return Card("pick", what(room, group), body=wait(room.session, group) or receipt or _nothing_found(group))


def _who_brings(session: Session, group: GroupSettings) -> str:
    if session.presenter is None:
        return say(group, "Who presents a paper? Press I'll present, then say which one.")
    name = session.presenter.name
    if by := step_time(StepKind.PAPER, session, group):
        return say(group, "{name} brings a paper by {time}.", name=name, time=spoken_time(by, group))
    return say(group, "{name} brings a paper.", name=name)


def _what_is_open(session: Session, group: GroupSettings) -> str:
    """ "" when the vote has closed."""
    if session.closed_at:
        return ""
    if until := step_time(StepKind.CLOSE, session, group):
        return say(group, "The vote is open until {time}.", time=spoken_time(until, group))
    return say(group, "The vote is open.")


def _nothing_found(group: GroupSettings) -> str:
    return say(group, "No paper yet: a moderator chooses one, or opens the vote again.")


# --- what can be pressed


def _buttons(room: Participation, group: GroupSettings) -> Iterator[Button]:
    session = room.session
    if room.entry and not session.settled:
        yield Button(say(group, "Confirm"), "next", argument=("about", "confirm"), session=session.id)
    yield from join_buttons(room, group)
    yield ask_button(room, group)
    if room.pick:
        why = say(group, "Why this paper?" if room.entry else "Why?")
        yield Button(why, "next", argument=WHY, session=session.id)
    if session.presenter is None and (session.settled or group.week.mode == "presenter"):
        yield present_button(session, group)
    elif room.entry:
        label = say(group, "I'd step in" if session.presenter else "Claim")
        yield Button(label, "claim", room.entry.id, once=True)
    yield Button(say(group, "Manage"), "manage", session=session.id, moderators=True)


def managing(room: Participation, group: GroupSettings) -> Iterator[Button]:
    """What a moderator can press about what was picked, in an answer that only they see."""
    session = room.session
    if group.week.mode == "vote":
        if room.pick and room.entry:
            yield Button(say(group, "Next paper"), "admin next", room.entry.id, session=session.id)
        if session.closed_at:
            yield Button(say(group, "Re-open the vote"), "reopen", session=session.id)


# --- the receipt


def read_receipt(pick: Pick) -> Receipt:
    return receipt_from_data(json.loads(pick.receipt))


def explain(pick: Pick | None, group: GroupSettings, rows: Reads) -> tuple[str, ...]:
    """All sentences of a receipt."""
    receipt = read_receipt(pick) if pick else None
    return sentences(receipt, _titles(receipt, group, rows), group) if receipt else ()


def explain_in_short(pick: Pick | None, group: GroupSettings, rows: Reads) -> str:
    """What was picked, the tie-break, and the numbers where they are few."""
    receipt = read_receipt(pick) if pick else None
    return essentials(receipt, _titles(receipt, group, rows), MOST_SAID, group) if receipt else ""


def _titles(receipt: Receipt, group: GroupSettings, rows: Reads) -> dict[int, str]:
    found = [rows.entries.entry(group.id, entry) for entry in _named(receipt)]
    return {entry.id: shortened_title(entry.paper.title) for entry in found if entry}


def _named(receipt: Receipt) -> set[int]:
    ties = [receipt.tie, *(one.tie for one in receipt.rounds)]
    named = {line.entry for line in receipt.standings[:NAMED]}
    named |= {entry for one in receipt.rounds for entry, _ in one.counts}
    named |= {entry for tie in ties if tie for entry in tie.among}
    return named | ({receipt.winner} if receipt.winner is not None else set())
