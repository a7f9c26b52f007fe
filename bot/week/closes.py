"""When votes close that were open while settings changed. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import GroupSettings, Session
from bot.week.plan import half_way, timeline_of
from bot.week.timeline import StepKind

Close = datetime | None  # other than the settings say; None: as they say


def closings(
    sessions: Sequence[Session], before: GroupSettings, after: GroupSettings, now: datetime, closed: Collection[int]
) -> Iterator[tuple[Session, Close]]:
    """Of sessions whose vote is open those that need another close by the settings that hold now. A vote that was to go
    on does not close in the past: it goes on until half-way to the start. One for which the settings name a time to
    come again, which had passed, closes then; unless it is among the `closed`, that a moderator opened again."""
    for session in sessions:
        was, will = _close_of(before, session), _close_of(after, session)
        if will and will <= now and will != was:
            yield session, half_way(session, now) if was is None or was > now else was
        elif session.closes_at and session.id not in closed and _is_to_come_again(session, before, after, now):
            yield session, None


def _is_to_come_again(session: Session, before: GroupSettings, after: GroupSettings, now: datetime) -> bool:
    on_time = replace(session, closes_at=None)
    had_passed, is_to_come = _close_of(before, on_time), _close_of(after, on_time)
    return bool(had_passed and is_to_come and had_passed <= now < is_to_come)


def _close_of(group: GroupSettings, session: Session) -> datetime | None:
    """None where nobody votes."""
    return next((step.at for step in timeline_of(group, session).steps if step.kind is StepKind.CLOSE), None)
