"""When one step of a session comes, as it stands. Pure."""

from datetime import datetime

from bot.model import GroupSettings, Session
from bot.week.plan import timeline_of
from bot.week.timeline import StepKind


def step_time(kind: StepKind, session: Session, group: GroupSettings) -> datetime | None:
    """None where the group's meetings have no such step."""
    return next((step.at for step in timeline_of(group, session).steps if step.kind is kind), None)
