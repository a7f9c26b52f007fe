"""When a group's post is due. Pure arithmetic; asks no clock and no store.

A due time is a wall time in a zone, once per local date: in the doubled hour of autumn it is the first of the two, in
the missing hour of spring it is as long after the change as it would have been after it (02:30 becomes 03:30).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.model import GroupSettings

ONE_DAY = timedelta(days=1)


def due_at(group: GroupSettings, on: date) -> datetime:
    """UTC."""
    return datetime.combine(on, group.day.post_at, group.zone).astimezone(UTC)


def last_due(group: GroupSettings, now: datetime) -> date:
    """The newest posting date whose time has come."""
    today = local_date(now, group)
    return next(on for on in _posting_dates(group, today + ONE_DAY, -ONE_DAY) if due_at(group, on) <= now)


def next_due(group: GroupSettings, now: datetime) -> datetime:
    return due_at(group, next(coming_dates(group, now)))


def coming_dates(group: GroupSettings, now: datetime) -> Iterator[date]:
    """The posting dates whose time has not come, without end."""
    today = local_date(now, group)
    return (on for on in _posting_dates(group, today, ONE_DAY) if due_at(group, on) > now)


def _posting_dates(group: GroupSettings, start: date, step: timedelta) -> Iterator[date]:
    on, weekdays = start, group.day.weekdays
    while True:
        if on.weekday() in weekdays:
            yield on
        on += step


def local_date(at: datetime, group: GroupSettings) -> date:
    return at.astimezone(group.zone).date()
