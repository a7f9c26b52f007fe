"""The timeline of a session as it stands."""

from datetime import datetime

from bot.model import GroupSettings, Session
from bot.week.timeline import StepKind, Timeline, lay_out


def laid_out(session: Session, group: GroupSettings) -> Timeline:
    """What happens around a session, as it stands."""
    week = group.week
    return lay_out(
        session.starts, session.minutes, group.zone, week.timeline, week.shape, session.asked_at, session.closes_at
    )


def step_time(kind: StepKind, session: Session, group: GroupSettings) -> datetime | None:
    """None where the group's meetings have no such step."""
    return next((step.at for step in laid_out(session, group).steps if step.kind is kind), None)
