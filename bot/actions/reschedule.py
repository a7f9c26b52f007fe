"""What moderators do about when and whether a meeting takes place: skip it, take that back, move it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.facts import Facts, as_it_stands, facts_for
from bot.actions.moves import carry_out
from bot.actions.steps import called_off, restarted
from bot.errors import Refused
from bot.model import Act, Move, Pick, Session, SessionChanges
from bot.model.settings.week import MINUTES
from bot.ports import Reads, Rows, answered_by
from bot.week import selection
from bot.week.carryover import CLEARED, take_back, undone
from bot.week.plan import late_close, restart, to_come


def following(rows: Reads, act: Act, session: int, *_: object) -> Session | None:
    """The planned one behind it."""
    facts = facts_for(rows, act)
    return next(iter(facts.followers(facts.session(session))), None)


@answered_by(following)
def skip_meeting(rows: Rows, act: Act, session: int, reason: str) -> Session | None:
    """Votes and claims stay, the pick and its presenter go on to the next meeting, what that had to the one behind it.
    The next meeting, when one is planned. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    facts.require_to_come(found)
    carry_out(rows, act, session, *called_off(facts, found, "skip", reason))
    return following(rows, act, session)


@answered_by(as_it_stands)
def unskip_meeting(rows: Rows, act: Act, session: int) -> Session:
    """It takes place after all. Raises Refused: stays off."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    if found.status == "planned":
        return found
    return carry_out(rows, act, session, *_restored(facts, found))


def _restored(facts: Facts, session: Session) -> Sequence[Move]:
    if session.status != "skipped" or session.starts <= facts.now:
        raise Refused("stays off", session=session, group=facts.group)
    sets: SessionChanges = {"status": "planned", "why": "", "scheduled_at": facts.now}
    if session.closed_at is None:
        sets["closes_at"] = late_close(facts.group, session.starts, facts.now)
    move = Move(session.id, "unskip", "", sets, tells=True)
    followers = facts.followers(session)
    picks = {one.id: facts.picks(one) for one in followers}
    moves = take_back(session, followers, picks, _winner, facts.away(), move, facts.now, facts.calendars)
    return moves if len(moves) > 1 else (_on_its_own(facts, session, move),)


def _winner(pick: Pick) -> int | None:
    return selection.read_pick(pick).receipt.winner


def _on_its_own(facts: Facts, session: Session, move: Move) -> Move:
    """Nothing moved on from it, or that was read or taken off since: then it is voted for anew."""
    if session.entry is None:
        return move
    is_gone = facts.group.week.mode == "vote" and session.closed_at is None
    if not is_gone and not facts.reading(session.entry):
        return move
    closes = late_close(facts.group, session.starts, facts.now)
    return replace(move, sets={**CLEARED, **move.sets, "closes_at": closes}, undone=undone(session))


@answered_by(as_it_stands)
def reschedule_meeting(
    rows: Rows,
    act: Act,
    session: int,
    *,
    starts: datetime | None = None,
    minutes: int | None = None,
    place: str | None = None,
) -> Session:
    """This meeting alone. A new start asks its presenter anew. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    facts.require_to_come(found)
    changes = _changes(found, starts, minutes, place)
    if not changes:
        return found
    _require_possible(facts, found, changes)
    return carry_out(rows, act, session, _moved(facts, found, changes))


def _moved(facts: Facts, session: Session, changes: SessionChanges) -> Move:
    move = Move(session.id, "move")
    if "starts" in changes:
        move = restart(facts.group, session, changes["starts"], facts.now, "move", "")
        move = restarted(facts, session, move)
    return replace(move, sets={**move.sets, **changes, "moved": True}, tells=True)


def _changes(session: Session, starts: datetime | None, minutes: int | None, place: str | None) -> SessionChanges:
    """What is given and is not so already."""
    changes: SessionChanges = {}
    if starts is not None and starts != session.starts:
        changes["starts"] = starts
    if minutes is not None and minutes != session.minutes:
        changes["minutes"] = minutes
    if place is not None and place != session.place:
        changes["place"] = place
    return changes


def _require_possible(facts: Facts, session: Session, changes: SessionChanges) -> None:
    starts = changes.get("starts", session.starts)
    if starts <= facts.now:
        raise Refused("time has passed")
    others = [other for other in to_come(facts.sessions(), facts.now) if other.id != session.id]
    if any(other.starts == starts for other in others):
        raise Refused("another at that time")
    if MINUTES.fault(changes.get("minutes", session.minutes)):
        raise Refused("too short or long", allowed=MINUTES.hint)
