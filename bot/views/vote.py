"""What a vote looks like before it is decided: the nominations, and the ballot on the short list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.cards import Button, Card, Field, Message
from bot.languages import count, msgid, say
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

LEADING = 5
LONGEST_LABEL = 60  # characters of a button
HOW_TO = {
    "approval": msgid("Choose as many as you like"),
    "irv": msgid("Put them in your order; equals and gaps are fine"),
    "schulze": msgid("Put them in your order; equals and gaps are fine"),
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
    """A full stop behind a number is an ordinal's, as in `26. November`."""
    return f"{re.split(r'(?<![0-9])[.] ', text, maxsplit=1)[0].rstrip('.')}."


def nominations_card(room: Participation, group: GroupSettings, rows: Reads, at: datetime) -> Card:
    """As it is at that time."""
    session = room.session
    title = say(group, "Vote for {day}", day=day_of(session, group))
    if session.status != "planned":
        return Card("ballot", title, body=no_meeting(session, group))
    if session.closed_at:
        return Card("ballot", title, body=_say_vote_closed(room, session.closed_at, group))
    nominees = [line for line in nominees_of(rows, session) if not line.dropped]
    leading = entries_of([line.entry for line in ranked(nominees, group)[:LEADING]], group, rows)
    votes = {} if group.week.hidden else {line.entry: line.votes + line.carried for line in nominees}
    how = [] if session.shortlist else _how_many(len(nominees), group)
    return Card(
        kind="ballot",
        title=title,
        body=" ".join((_what_happens(session, group, at), *how)),
        fields=(
            *(Field(entry.paper.title, _say_standing(entry, votes.get(entry.id, 0), group)) for entry in leading),
            when(session, group),
            *where(session, group),
            *_presents(room, group),
        ),
        buttons=(*([] if session.shortlist else _vote_buttons(leading, votes, group)), *join_buttons(room, group)[:1]),
    )


def _presents(room: Participation, group: GroupSettings) -> tuple[Field, ...]:
    """Of a meeting whose presenter is there before its paper."""
    return (Field(say(group, "Presents"), presents(room, group)),) if room.session.presenter else ()


def ranked(nominees: Sequence[Nominee], group: GroupSettings) -> list[Nominee]:
    """The leading papers first; in the order of nomination, as long as nobody is to know who leads."""
    standing = sorted(nominees, key=lambda line: line.nominated_at)
    return standing if group.week.hidden else sorted(standing, key=lambda line: -line.votes - line.carried)


def entries_of(ids: Sequence[int], group: GroupSettings, rows: Reads) -> list[Entry]:
    found = [rows.entries.entry(group.id, entry) for entry in ids]
    return [entry for entry in found if entry]


def _say_standing(entry: Entry, votes: int, group: GroupSettings) -> str:
    claimed = say_claimed(entry, group)
    owned = say(group, "claimed by {who}", who=claimed) if claimed else say(group, "nobody has claimed it yet")
    return ", ".join((count(group, "{n} vote", "{n} votes", votes), owned)) if votes else owned


def _vote_buttons(leading: Sequence[Entry], votes: Mapping[int, int], group: GroupSettings) -> Iterator[Button]:
    for entry in leading:
        label = f"{counted(say(group, 'Vote'), votes.get(entry.id, 0))} · {entry.paper.title}"
        yield Button(cut(label, LONGEST_LABEL), "vote", entry.id)


# --- what happens when


def _say_vote_closed(room: Participation, closed_at: datetime, group: GroupSettings) -> str:
    closed = say(group, "The vote closed on {time}.", time=spoken_time(closed_at, group))
    return " ".join((closed, *_say_result(room, group)))


def _say_ballot_closed(room: Participation, closed_at: datetime, group: GroupSettings) -> str:
    closed = say(group, "The ballot closed on {time}.", time=spoken_time(closed_at, group))
    return " ".join((closed, *_say_result(room, group)))


def _say_result(room: Participation, group: GroupSettings) -> Iterator[str]:
    if room.entry:
        title, is_settled = quoted(room.entry.paper.title), room.session.settled
        yield say(group, "{title} is picked." if is_settled else "{title} is proposed.", title=title)


def _what_happens(session: Session, group: GroupSettings, at: datetime) -> str:
    """Where nothing was nominated in time for a short list, the votes are counted."""
    close = _spoken_step(StepKind.CLOSE, session, group)
    if session.shortlist and close:
        return say(group, "The short list is made: fill in your ballot until {time}.", time=close)
    if session.shortlist:
        return say(group, "The short list is made: fill in your ballot.")
    short = step_time(StepKind.SHORTLIST, session, group)
    if short and short > at:
        return _say_short_list(spoken_time(short, group), close, group)
    return _say_vote(close, group)


def _spoken_step(step: StepKind, session: Session, group: GroupSettings) -> str:
    """ "" where there is none."""
    at = step_time(step, session, group)
    return spoken_time(at, group) if at else ""


def _say_short_list(short: str, close: str, group: GroupSettings) -> str:
    size = group.week.shortlist
    if close:
        return say(
            group,
            "Vote until {short}; the first {size} go on a ballot, which is open until {time}.",
            short=short,
            size=size,
            time=close,
        )
    return say(group, "Vote until {short}; the first {size} go on a ballot, which is open.", short=short, size=size)


def _say_vote(close: str, group: GroupSettings) -> str:
    then = _who_picks(group)
    return (
        say(group, "Vote until {time}; {then}", time=close, then=then)
        if close
        else say(group, "Vote; {then}", then=then)
    )


def _who_picks(group: GroupSettings) -> str:
    """The end of a sentence."""
    if group.week.pick == "organiser":
        return say(group, "then the paper that comes first is proposed, and a moderator or two members confirm it.")
    return say(group, "then the paper that comes first is picked, and whoever claimed it is asked to present it.")


def _how_many(nominees: int, group: GroupSettings) -> Iterator[str]:
    if not nominees:
        yield say(
            group,
            "Nothing is nominated yet: press Vote on a paper, type /paper vote, or hand one in with /paper submit.",
        )
    elif nominees > LEADING:
        yield count(
            group,
            "{n} paper to choose from; /paper vote takes any.",
            "{n} papers to choose from; /paper vote takes any.",
            nominees,
        )
    if group.week.hidden:
        yield say(group, "How the votes stand is told after the close.")
    if budget := group.week.budget:
        yield count(group, "Everybody has {n} vote.", "Everybody has {n} votes.", budget)


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
    title = say(group, "Ballot for {day}", day=day_of(session, group))
    if session.status != "planned":
        return Card("ballot", title, body=no_meeting(session, group))
    listed = numbered(entries_of(session.shortlist, group, rows), group)
    if session.closed_at:
        closed = _say_ballot_closed(room, session.closed_at, group)
        footer = count(group, "{n} ballot", "{n} ballots", room.ballots)
        return Card("ballot", title, body=closed, fields=listed, footer=footer)
    if not session.shortlist:
        return Card("ballot", title, body=_instead_of_ballots(session, group))
    return Card(
        kind="ballot",
        title=title,
        body=f"{how_to(group)}. {_open_until(session, group)}",
        fields=(*listed, when(session, group), *where(session, group), *_presents(room, group)),
        footer=_say_cast(room.ballots, group),
        buttons=(Button(say(group, "Fill in my ballot"), "ballot", session=session.id), *join_buttons(room, group)[:1]),
    )


def _say_cast(ballots: int, group: GroupSettings) -> str:
    if not ballots:
        return say(group, "No ballot so far; /paper meeting ballot 2, 1 says it by number")
    return count(
        group,
        "{n} ballot so far; /paper meeting ballot 2, 1 says it by number",
        "{n} ballots so far; /paper meeting ballot 2, 1 says it by number",
        ballots,
    )


def _instead_of_ballots(session: Session, group: GroupSettings) -> str:
    if group.week.mode == "presenter":
        return say(group, "There is no ballot any more: whoever presents brings a paper.")
    instead = say(group, "There is no ballot any more: votes are counted.")
    return f"{instead} {_say_vote(_spoken_step(StepKind.CLOSE, session, group), group)}"


def how_to(group: GroupSettings) -> str:
    return say(group, HOW_TO.get(group.week.rule, HOW_TO["approval"]))


def _open_until(session: Session, group: GroupSettings) -> str:
    close = _spoken_step(StepKind.CLOSE, session, group)
    return say(group, "The ballot is open until {time}.", time=close) if close else say(group, "The ballot is open.")


def numbered(entries: Sequence[Entry], group: GroupSettings) -> tuple[Field, ...]:
    """By the numbers that a typed ballot takes."""
    return tuple(
        Field(f"{number}. {entry.paper.title}", _say_standing(entry, 0, group))
        for number, entry in enumerate(entries, 1)
    )
