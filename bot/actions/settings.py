"""Settings that moderators change from chat."""

from dataclasses import replace
from datetime import datetime

from bot.actions.facts import facts_for, timeline_of
from bot.actions.moves import make_moves
from bot.model import Act, GroupSettings, Move, Session
from bot.ports import Reads, Rows
from bot.timeline import Kind
from bot.week.planning import half_way, is_open, to_come


def take_back_settings(rows: Rows, act: Act, before: str, after: str) -> bool:
    """What a step changed. False, and nothing changed, when things are not any more as it left them."""
    return rows.groups.take_back(act, before, after)


def adapt_votes(rows: Rows, act: Act, before: GroupSettings, after: GroupSettings) -> None:
    facts = facts_for(rows, act)
    sessions = filter(is_open, to_come(facts.sessions(), act.at))
    moves = [move for session in sessions if (move := _closing(rows, session, before, after, act.at))]
    make_moves(rows, act, moves)


def _closing(rows: Reads, session: Session, before: GroupSettings, after: GroupSettings, now: datetime) -> Move | None:
    """A vote that was to go on does not close in the past: it goes on until half-way to the start. One for which
    the settings name a time to come again, which had passed, closes then."""
    was, will = _close_of(before, session), _close_of(after, session)
    if will and will <= now and will != was:
        until = half_way(session, now) if was is None or was > now else was
        return Move(session.id, "", sets={"closes_at": until})
    on_time = replace(session, closes_at=None)
    had_passed, is_to_come = _close_of(before, on_time), _close_of(after, on_time)
    if not (session.closes_at and had_passed and is_to_come and had_passed <= now < is_to_come):
        return None
    if str(Kind.CLOSE) in rows.sessions.done_steps(session.group, session.id):
        return None  # a moderator opened it again, until then
    return Move(session.id, "", sets={"closes_at": None})


def _close_of(group: GroupSettings, session: Session) -> datetime | None:
    """None where nobody votes."""
    return next((step.at for step in timeline_of(group, session).steps if step.kind is Kind.CLOSE), None)
