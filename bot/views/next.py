"""The next meeting in a few sentences, for who asks now: what, when, where, who, and what is still to do before it."""

from collections.abc import Iterator
from datetime import datetime

from bot.languages import count, joined, say
from bot.model import GroupSettings, Participation, Session
from bot.views.dates import spoken_span, spoken_time
from bot.views.meeting import co_presenters, how_it_settles
from bot.views.papers import quoted
from bot.week.plan import step_time
from bot.week.timeline import StepKind


def say_meeting(room: Participation, group: GroupSettings) -> str:
    """`Thursday 26 November, 17:00 to 18:00 CET, Room 2.01: “Tiny Verifiers”, presented by Ann.`"""
    session = room.session
    place = f", {session.place}" if session.place else ""
    return f"{spoken_span(session.starts, session.minutes, group)}{place}: {_what(room, group)}"


def _what(room: Participation, group: GroupSettings) -> str:
    session = room.session
    if room.entry is None:
        if session.presenter:
            return say(group, "{name} presents, no paper yet.", name=session.presenter.name)
        return say(group, "no paper yet.")
    title = quoted(room.entry.paper.title)
    if not session.settled:
        return say(group, "{paper} is proposed.", paper=title)
    if session.presenter:
        names = joined(group, [session.presenter.name, *co_presenters(room)])
        return say(group, "{paper}, presented by {names}.", paper=title, names=names)
    return say(group, "{paper}, as an open discussion.", paper=title) if session.open_discussion else f"{title}."


def say_to_do(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    """In the order in which it comes."""
    session = room.session
    if session.starts <= now:
        return
    if group.week.mode == "vote":
        yield from _say_vote(session, group, now)
    if room.entry and not session.settled:
        yield how_it_settles(len(room.seconded), group)
    yield from _say_presenter(room, group, now)
    yield from _say_headcount(room, group, now)


def _say_vote(session: Session, group: GroupSettings, now: datetime) -> Iterator[str]:
    if session.closed_at:
        if session.entry is None:
            yield say(group, "No paper was picked: a moderator chooses one, or opens the vote again.")
        return
    opens, short, close = (
        step_time(kind, session, group) for kind in (StepKind.NOMINATE, StepKind.SHORTLIST, StepKind.CLOSE)
    )
    if opens and opens > now and not session.closes_at:
        yield say(group, "Nominations open on {time}, and votes count already.", time=spoken_time(opens, group))
    if short and not session.shortlist and short > now:
        yield say(group, "The short list is made on {time}.", time=spoken_time(short, group))
    if close:
        until = spoken_time(close, group)
        yield say(group, "Ballots are open until {time}." if session.shortlist else "Vote until {time}.", time=until)


def _say_presenter(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    session, name = room.session, room.session.presenter.name if room.session.presenter else ""
    if not name:
        yield from _say_nobody(room, group, now)
        return
    if room.entry is None and (by := step_time(StepKind.PAPER, session, group)):
        yield say(
            group,
            "{name} brings a paper by {time}." if by > now else "{name} brings a paper.",
            name=name,
            time=spoken_time(by, group),
        )
    if session.confirmed_at is None:
        until = _ahead(StepKind.CONFIRM, session, group, now)
        yield say(
            group,
            "{name} has not confirmed yet, and has time until {time}." if until else "{name} has not confirmed yet.",
            name=name,
            time=until,
        )


def _ahead(step: StepKind, session: Session, group: GroupSettings, now: datetime) -> str:
    """ "" for what should have been done."""
    by = step_time(step, session, group)
    return spoken_time(by, group) if by and by > now else ""


def _say_nobody(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    session = room.session
    if session.open_discussion:
        return
    if group.week.mode == "presenter":
        at = _ahead(StepKind.NAME, session, group, now)
        yield say(group, "The rota names who presents on {time}." if at else "Nobody presents yet.", time=at)
    elif session.settled:
        by = _ahead(StepKind.VOLUNTEER, session, group, now)
        if by:
            yield say(
                group,
                "Nobody presents yet: press I'll present, or the rota names somebody on {time}.",
                time=by,
            )
        else:
            yield say(group, "Nobody presents yet: press I'll present.")


def _say_headcount(room: Participation, group: GroupSettings, now: datetime) -> Iterator[str]:
    by, needed, have = _ahead(StepKind.HEADCOUNT, room.session, group, now), group.week.headcount, len(room.coming)
    if by and have < needed:
        must = count(
            group,
            "{n} member must have joined by {time}, or it is called off",
            "{n} members must have joined by {time}, or it is called off",
            needed,
            time=by,
        )
        so_far = count(group, "{n} has", "{n} have", have) if have else say(group, "nobody has")
        yield f"{must}; {so_far}."
