"""What the clock brings to a group's meetings: plans those to come and does what is due for each, one thing at a time.

Nothing is remembered here: what is due follows from rows, settings and the time, so that a missed tick, a restart or a
machine that slept loses and repeats nothing. Each thing is a transaction of its own: a crash leaves the others due.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.actions.day import latest_digests
from bot.actions.facts import Facts, facts_of
from bot.actions.messages import note, show_session, want
from bot.actions.moves import make_moves
from bot.actions.steps import called_off, handed_on, next_moves, restarted
from bot.errors import Refused
from bot.model import Act, Move, Planned, Session, SessionChanges, Wish
from bot.ports import Reads, Rows
from bot.week.plan import Arrangement, arrange
from bot.week.second_chances import second_chances
from bot.week.sessions import revision

OTHER_DAYS = "the group meets on other days now"


def is_something_due(rows: Reads, group: str, now: datetime, *, is_sure: bool = True) -> bool:
    facts = facts_of(rows, group, now, is_sure=is_sure)
    sessions = facts.sessions()
    return not _arrangement(facts, sessions).is_done or bool(_next(facts, sessions))


def do_what_is_due(rows: Rows, group: str, now: datetime, *, is_sure: bool = True) -> bool:
    """One thing of it; in doubt about the time, only what asks and reminds. False when nothing is due."""
    facts = facts_of(rows, group, now, is_sure=is_sure)
    sessions = facts.sessions()
    arrangement = _arrangement(facts, sessions)
    if not arrangement.is_done:
        _arrange(rows, facts, arrangement, {session.id: session for session in sessions})
        return True
    moves = _next(facts, sessions)
    make_moves(rows, _program(facts), moves)
    return bool(moves)


def _arrangement(facts: Facts, sessions: Sequence[Session]) -> Arrangement:
    return arrange(facts.group, sessions, facts.now) if facts.is_sure else Arrangement()


def _next(facts: Facts, sessions: Sequence[Session]) -> Sequence[Move]:
    found = (next_moves(facts, session) for session in sessions if session.status == "planned")
    return next((moves for moves in found if moves), ())


def _arrange(rows: Rows, facts: Facts, wanted: Arrangement, sessions: Mapping[int, Session]) -> None:
    """Each move is a step of its own; what they free may be planned."""
    act = _program(facts)
    for move in wanted.moves:
        make_moves(rows, act, [restarted(facts, sessions[move.session], move)])
    if wanted.planned:
        plan_meetings(rows, facts.group.id, wanted.planned, facts.now)
    elif wanted.stranded:
        make_moves(rows, act, called_off(facts, wanted.stranded[0], "cancel", OTHER_DAYS, "cancelled"))
    elif wanted.handed:
        make_moves(rows, act, handed_on(facts, *wanted.handed))


def _program(facts: Facts) -> Act:
    return Act("", facts.group.id, 0, "", facts.now)


def plan_meetings(rows: Rows, group: str, planned: Sequence[Planned], now: datetime) -> None:
    """One that was cancelled on that date is planned anew, with a new start and without what was decided for it. Any
    other that is there is left alone."""
    for one in planned:
        there = rows.sessions.session_on(group, one.on)
        if there is None:
            note(rows, group, f"session:{rows.sessions.add(group, one, now)}", now)
        elif there.status == "cancelled":
            _plan_anew(rows, there, one, now)


def _plan_anew(rows: Rows, session: Session, planned: Planned, now: datetime) -> None:
    rows.sessions.change(session.group, session.id, {**_as_new(planned, now), **revision(session, now)})
    rows.sessions.unmark_all(session.group, session.id)
    rows.picks.drop_seconded(session.group, session.id)
    for pick in rows.picks.picks(session.group, session.id):
        rows.picks.take_back(session.group, pick.id, now)
    show_session(rows, session.group, session.id, now)


def _as_new(planned: Planned, now: datetime) -> SessionChanges:
    return {
        "starts": planned.starts,
        "minutes": planned.minutes,
        "place": planned.place,
        "scheduled_at": now,
        "closes_at": planned.closes_at,
        "moved": False,
        "status": "planned",
        "why": "",
        "closed_at": None,
        "shortlist": (),
        "entry": None,
        "settled": False,
        "presenter": None,
        "asked_at": None,
        "heard_at": None,
        "confirmed_at": None,
        "tried": (),
        "open_discussion": False,
        "slides": "",
    }


# --- which meeting is meant


def current_meeting(rows: Reads, group: str, now: datetime) -> Session:
    """The planned one that is on, or the next. Raises Refused: no meeting planned, no more meetings."""
    facts = facts_of(rows, group, now)
    planned = (one for one in rows.sessions.sessions(group, now) if one.status == "planned")
    if found := next(planned, None):
        return found
    raise Refused("no more meetings" if facts.group.week.recurrence else "no meeting planned")


def latest_meeting(rows: Reads, group: str, now: datetime) -> Session:
    """The one that is on or was last, for recaps and slides. Raises Refused: not met yet."""
    session = rows.sessions.last_session(group, now)
    if session is None:
        raise Refused("not met yet")
    return session


# --- near-winners


def is_second_chance_due(rows: Reads, group: str, now: datetime) -> bool:
    return _second_chance(rows, facts_of(rows, group, now)) is not None


def show_second_chance(rows: Rows, group: str, now: datetime) -> bool:
    """On a day whose post had nothing new, one near-winner comes back: one a day. False when it is not the day."""
    facts = facts_of(rows, group, now)
    entry = _second_chance(rows, facts)
    if entry is None:
        return False
    rows.kept.remember(_key(group), str(_today(facts)))
    show_near_winner(rows, group, entry, now)
    return True


def show_near_winner(rows: Rows, group: str, entry: int, now: datetime) -> bool:
    """It comes back. False when it has, or is none."""
    if not rows.picks.mark_shown(group, entry, now):
        return False
    want(rows, group, Wish("second-chance", str(entry)), now)
    return True


def _second_chance(rows: Reads, facts: Facts) -> int | None:
    newest, today = latest_digests(rows, facts.group.id, facts.now), _today(facts)
    if not newest or newest[0].posted_on != today or newest[0].announced:
        return None
    day, _, chosen = rows.kept.recall(_key(facts.group.id)).partition(" ")
    if day == today.isoformat():
        return int(chosen) if chosen else None
    return next(iter(second_chances(rows, facts.group.id)), None)


def _key(group: str) -> str:
    return f"second chance {group}"


def _today(facts: Facts) -> date:
    return facts.now.astimezone(facts.group.zone).date()
