"""When time alone may bring something to do for a group's meetings. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.model import GroupSettings, Session, TimelineSettings
from bot.week.plan import timeline_of

A_DAY = timedelta(days=1)


def next_of_week(group: GroupSettings, sessions: Sequence[Session], now: datetime) -> datetime | None:
    """`sessions`: of any status, all that are still to come or of which a recap may still be asked. What is due by now
    is done already. None: whatever comes, comes by what somebody does."""
    return min((at for at in _moments(group, sessions, now) if at > now), default=None)


def _moments(group: GroupSettings, sessions: Sequence[Session], now: datetime) -> Iterator[datetime]:
    """Planned meetings begin, end and have their steps; by the dates to come it follows how many are planned."""
    lasts = _recap_lasts(group.week.timeline)
    for session in sessions:
        yield from (session.starts, session.ends)
        if session.status == "planned" and session.ends + lasts > now:
            yield from (step.at for step in timeline_of(group, session).steps)
    if group.week.recurrence:
        yield from (one.starts for one, _ in zip(group.week.recurrence.occurrences(now, group.zone), "1", strict=False))


def _recap_lasts(settings: TimelineSettings) -> timedelta:
    """From the end on, with a day for clocks that change."""
    recap = settings.length("recap")
    return recap.nominal + A_DAY if recap else A_DAY
