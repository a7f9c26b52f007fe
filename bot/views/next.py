"""The next meeting in a few sentences, for who asks now: what, when, where, who, and what is still to do before it."""

from collections.abc import Iterator
from datetime import datetime

from bot.model import GroupSettings, Participation, Session
from bot.views.dates import spoken_span, spoken_time
from bot.views.meeting import co_presenters, how_it_settles
from bot.views.papers import quoted
from bot.week.plan import step_time
from bot.week.timeline import StepKind
from bot.wording import join_words, plural


def say_meeting(room: Participation, group: GroupSettings) -> str:
    """`Thursday 26 November, 17:00 to 18:00 CET, Room 2.01: “Tiny Verifiers”, presented by Ann.`"""
    session = room.session
    place = f", {session.place}" if session.place else ""
    return f"{spoken_span(session.starts, session.minutes, group)}{place}: {_what(room)}."


def _what(room: Participation) -> str:
    session = room.session
    who = _who(room)
    if room.entry is None:
        return f"{f'{session.presenter.name} presents, ' if session.presenter else ''}no paper yet"
    title = quoted(room.entry.paper.title)
    return f"{title}{who}" if session.settled else f"{title} is proposed"


def _who(room: Participation) -> str:
    session = room.session
    if session.presenter:
        return f", presented by {join_words([session.presenter.name, *co_presenters(room)])}"
    return ", as an open discussion" if session.open_discussion else ""


def say_to_do(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    """In the order in which it comes."""
    session = room.session
    if session.starts <= now:
        return
    if group.week.mode == "vote":
        yield from _say_vote(session, group, now)
    if room.entry and not session.settled:
        yield f"{how_it_settles(len(room.seconded))}."
    yield from _say_presenter(room, group, now)
    yield from _say_headcount(room, group, now)


def _say_vote(session: Session, group: GroupSettings, now: datetime) -> Iterator[str]:
    if session.closed_at:
        if session.entry is None:
            yield "No paper was picked: a moderator chooses one, or opens the vote again."
        return
    opens, short, close = (
        step_time(kind, session, group) for kind in (StepKind.NOMINATE, StepKind.SHORTLIST, StepKind.CLOSE)
    )
    if opens and opens > now and not session.closes_at:
        yield f"Nominations open on {spoken_time(opens, group)}, and votes count already."
    if short and not session.shortlist and short > now:
        yield f"The short list is made on {spoken_time(short, group)}."
    if close:
        what = "Ballots are open" if session.shortlist else "Vote"
        yield f"{what} until {spoken_time(close, group)}."


def _say_presenter(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    session, name = room.session, room.session.presenter.name if room.session.presenter else ""
    if not name:
        yield from _say_nobody(room, group, now)
        return
    if room.entry is None and (by := step_time(StepKind.PAPER, session, group)):
        yield f"{name} brings a paper{_limit(' by', by, group, now)}."
    if session.confirmed_at is None:
        by = step_time(StepKind.CONFIRM, session, group)
        yield f"{name} has not confirmed yet{_limit(', and has time until', by, group, now)}."


def _limit(words: str, by: datetime | None, group: GroupSettings, now: datetime) -> str:
    """ "" for what should have been done."""
    return f"{words} {spoken_time(by, group)}" if by and by > now else ""


def _say_nobody(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    session = room.session
    if session.open_discussion:
        return
    if group.week.mode == "presenter":
        by = step_time(StepKind.NAME, session, group)
        yield (
            f"The rota names who presents on {spoken_time(by, group)}." if by and by > now else "Nobody presents yet."
        )
    elif session.settled:
        by = step_time(StepKind.VOLUNTEER, session, group)
        rota = f", or the rota names somebody on {spoken_time(by, group)}" if by and by > now else ""
        yield f"Nobody presents yet: press I'll present{rota}."


def _say_headcount(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    by, needed, have = step_time(StepKind.HEADCOUNT, room.session, group), group.week.headcount, len(room.coming)
    if by and by > now and have < needed:
        so_far = f"{have} {'has' if have == 1 else 'have'}" if have else "nobody has"
        until = spoken_time(by, group)
        yield f"{plural(needed, 'member')} must have joined by {until}, or it is called off; {so_far}."
