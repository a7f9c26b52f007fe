"""Whose turn it is to present. Pure: who carried what goes in, a turn comes out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.model import Session, Turn
from bot.rests import has_passed

NEWCOMER = timedelta(days=7)  # nobody has to present in their first week


def next_turn(
    turns: Sequence[Turn], on: date, starts: datetime, absent: Collection[int], named: Mapping[int, date]
) -> Turn | None:
    """Of those who opted in and can: first who neither presented nor was asked to, by when they joined; then whoever
    that was the longest ago. `absent` can't or won't, `named` were asked (see `last_named`)."""
    able = [turn for turn in turns if _may(turn, on, starts) and turn.member.id not in absent]
    return min(able, key=lambda turn: (_last(turn, named), turn.joined_at, turn.member.id), default=None)


def _may(turn: Turn, on: date, starts: datetime) -> bool:
    is_free = turn.next_on is None and not turn.is_away(on)
    return turn.on_rota and is_free and has_passed(turn.joined_at + NEWCOMER, starts, NEWCOMER)


def _last(turn: Turn, named: Mapping[int, date]) -> date:
    return max(turn.last_presented or date.min, named.get(turn.member.id, date.min))


def last_named(sessions: Sequence[Session]) -> Mapping[int, date]:
    """The newest session for which each member was asked to present and did not. It counts like having presented: who
    never answers must not be asked each time while others wait."""
    return {member: session.on for session in sorted(sessions, key=lambda one: one.on) for member in session.tried}
