"""What a vote looks like before it is decided: the nominations, and the ballot on the short list."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.cards import Button, Card, Field, Message
from bot.model import Entry, GroupSettings, Nominee, Participation, Session, Wanted
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.dates import day_of, spoken_time
from bot.views.kinds import message
from bot.views.meeting import join_buttons, no_meeting, presents, when, where
from bot.views.papers import counted, quoted, say_claimed
from bot.week.electorate import nominees_of
from bot.week.participation import participation_of
from bot.week.plan import step_time
from bot.week.timeline import StepKind
from bot.wording import plural

LEADING = 5
LONGEST_LABEL = 60  # characters of a button
HOW_TO = {
    "approval": "Choose as many as you like",
    "irv": "Put them in your order; equals and gaps are fine",
    "schulze": "Put them in your order; equals and gaps are fine",
}


@message("nominations", "counts", "session")
def build_nominations(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = nominations_card(room, group, rows, wanted.wanted_at)
    return _message(card)


def _message(card: Card) -> Message:
    """With its first sentence for notifications, in which no title stands."""
    return Message(f"{card.title}. {first_sentence(card.body)}", card)


def first_sentence(text: str) -> str:
    return f"{text.partition('. ')[0].rstrip('.')}."


def nominations_card(room: Participation, group: GroupSettings, rows: Reads, at: datetime) -> Card:
    """As it is at that time."""
    session = room.session
    title = f"Vote for {day_of(session, group)}"
    if session.status != "planned":
        return Card("ballot", title, body=no_meeting(session, group))
    if session.closed_at:
        return Card("ballot", title, body=_say_closed(room, session.closed_at, group))
    nominees = [line for line in nominees_of(rows, session) if not line.dropped]
    leading = entries_of([line.entry for line in ranked(nominees, group)[:LEADING]], group, rows)
    votes = {} if group.week.hidden else {line.entry: line.votes + line.carried for line in nominees}
    how = "" if session.shortlist else _how_many(len(nominees), group)
    return Card(
        kind="ballot",
        title=title,
        body=f"{_what_happens(session, group, at)} {how}".strip(),
        fields=(
            *(Field(entry.paper.title, _say_standing(entry, votes.get(entry.id, 0))) for entry in leading),
            when(session, group),
            *where(session),
            *_presents(room),
        ),
        buttons=(*([] if session.shortlist else _vote_buttons(leading, votes)), *join_buttons(room)[:1]),
    )


def _presents(room: Participation) -> tuple[Field, ...]:
    """Of a meeting whose presenter is there before its paper."""
    return (Field("Presents", presents(room)),) if room.session.presenter else ()


def ranked(nominees: Sequence[Nominee], group: GroupSettings) -> list[Nominee]:
    """The leading papers first; in the order of nomination, as long as nobody is to know who leads."""
    standing = sorted(nominees, key=lambda line: line.nominated_at)
    return standing if group.week.hidden else sorted(standing, key=lambda line: -line.votes - line.carried)


def entries_of(ids: Sequence[int], group: GroupSettings, rows: Reads) -> list[Entry]:
    found = [rows.entries.entry(group.id, entry) for entry in ids]
    return [entry for entry in found if entry]


def _say_standing(entry: Entry, votes: int) -> str:
    claimed = say_claimed(entry)
    parts = (
        plural(votes, "vote") if votes else "",
        f"claimed by {claimed}" if claimed else "nobody has claimed it yet",
    )
    return ", ".join(part for part in parts if part)


def _vote_buttons(leading: Sequence[Entry], votes: Mapping[int, int]) -> Iterator[Button]:
    for entry in leading:
        label = f"{counted('Vote', votes.get(entry.id, 0))} · {entry.paper.title}"
        yield Button(cut(label, LONGEST_LABEL), "vote", entry.id)


# --- what happens when


def _say_closed(room: Participation, closed_at: datetime, group: GroupSettings) -> str:
    closed = f"The vote closed on {spoken_time(closed_at, group)}."
    if room.entry is None:
        return closed
    return f"{closed} {quoted(room.entry.paper.title)} is {'picked' if room.session.settled else 'proposed'}."


def _what_happens(session: Session, group: GroupSettings, at: datetime) -> str:
    """Where nothing was nominated in time for a short list, the votes are counted."""
    close = step_time(StepKind.CLOSE, session, group)
    until = f" until {spoken_time(close, group)}" if close else ""
    if session.shortlist:
        return f"The short list is made: fill in your ballot{until}."
    short, size = step_time(StepKind.SHORTLIST, session, group), group.week.shortlist
    if short and short > at:
        return f"Vote until {spoken_time(short, group)}; the first {size} go on a ballot, which is open{until}."
    return f"Vote{until}; then {_who_picks(group)}."


def _who_picks(group: GroupSettings) -> str:
    if group.week.pick == "organiser":
        return "the paper that comes first is proposed, and a moderator or two members confirm it"
    return "the paper that comes first is picked, and whoever claimed it is asked to present it"


def _how_many(nominees: int, group: GroupSettings) -> str:
    hidden = " How the votes stand is told after the close." if group.week.hidden else ""
    budget = f" Everybody has {plural(group.week.budget, 'vote')}." if group.week.budget else ""
    if not nominees:
        how = "press Vote on a paper, type /paper vote, or hand one in with /paper submit"
        return f"Nothing is nominated yet: {how}.{hidden}{budget}"
    more = f" {plural(nominees, 'paper')} to choose from; /paper vote takes any." if nominees > LEADING else ""
    return f"{more}{hidden}{budget}".strip()


# --- the ballot


@message("ballot", "counts", "session")
def build_ballot(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = ballot_card(room, group, rows)
    return _message(card)


def ballot_card(room: Participation, group: GroupSettings, rows: Reads) -> Card:
    session = room.session
    title = f"Ballot for {day_of(session, group)}"
    if session.status != "planned":
        return Card("ballot", title, body=no_meeting(session, group))
    cast = f"{plural(room.ballots, 'ballot')} so far" if room.ballots else "No ballot so far"
    listed = numbered(entries_of(session.shortlist, group, rows))
    if session.closed_at:
        closed = _say_closed(room, session.closed_at, group).replace("The vote", "The ballot", 1)
        return Card("ballot", title, body=closed, fields=listed, footer=plural(room.ballots, "ballot"))
    if not session.shortlist:
        return Card("ballot", title, body=f"There is no ballot any more: {_instead_of_ballots(session, group)}.")
    return Card(
        kind="ballot",
        title=title,
        body=f"{how_to(group)}. {_open_until(session, group)}",
        fields=(*listed, when(session, group), *where(session), *_presents(room)),
        footer=f"{cast}; /paper meeting ballot 2, 1 says it by number",
        buttons=(Button("Fill in my ballot", "ballot", session=session.id), *join_buttons(room)[:1]),
    )


def _instead_of_ballots(session: Session, group: GroupSettings) -> str:
    if group.week.mode == "presenter":
        return "whoever presents brings a paper"
    close = step_time(StepKind.CLOSE, session, group)
    until = f" until {spoken_time(close, group)}" if close else ""
    return f"votes are counted. Vote{until}; then {_who_picks(group)}"


def how_to(group: GroupSettings) -> str:
    return HOW_TO.get(group.week.rule, HOW_TO["approval"])


def _open_until(session: Session, group: GroupSettings) -> str:
    close = step_time(StepKind.CLOSE, session, group)
    return f"The ballot is open until {spoken_time(close, group)}." if close else "The ballot is open."


def numbered(entries: Sequence[Entry]) -> tuple[Field, ...]:
    """By the numbers that a typed ballot takes."""
    return tuple(
        Field(f"{number}. {entry.paper.title}", _say_standing(entry, 0)) for number, entry in enumerate(entries, 1)
    )
