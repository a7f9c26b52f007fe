"""When a group's post is due and which announcement days it may cover. Pure arithmetic; asks no clock and no store.

A due time is a wall time in a zone, once per local date: in the doubled hour of autumn it is the first of the two, in
the missing hour of spring it is as long after the change as it would have been after it (02:30 becomes 03:30).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import GroupSettings

ONE_DAY = timedelta(days=1)


def due_at(group: GroupSettings, on: date) -> datetime:
    """UTC."""
    return datetime.combine(on, group.day.post_at, group.zone).astimezone(UTC)


def last_due(group: GroupSettings, now: datetime) -> date:
    """The newest posting date whose time has come."""
    today = now.astimezone(group.zone).date()
    return next(on for on in _posting_dates(group, today + ONE_DAY, -ONE_DAY) if due_at(group, on) <= now)


def next_due(group: GroupSettings, now: datetime) -> datetime:
    return due_at(group, next(coming_dates(group, now)))


def coming_dates(group: GroupSettings, now: datetime) -> Iterator[date]:
    """The posting dates whose time has not come, without end."""
    today = now.astimezone(group.zone).date()
    return (on for on in _posting_dates(group, today, ONE_DAY) if due_at(group, on) > now)


def _posting_dates(group: GroupSettings, start: date, step: timedelta) -> Iterator[date]:
    on, weekdays = start, group.day.weekdays
    while True:
        if on.weekday() in weekdays:
            yield on
        on += step


def newest_settled(settles: time, zone: str, now: datetime) -> date:
    """The newest announcement day whose list hardly grows any more; `settles` is a time of that day in the zone."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    return today if local >= datetime.combine(today, settles, local.tzinfo) else today - ONE_DAY


def days_up_to(last: date, count: int) -> tuple[date, ...]:
    """`count` days, the oldest first."""
    return tuple(last - ONE_DAY * back for back in reversed(range(count)))


def is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def spoken_days(days: Iterable[date]) -> str:
    """`Friday 20 November`, or `Friday 20 to Sunday 22 November` for several."""
    ordered = sorted(days)
    if len(ordered) < 2:
        return "".join(map(spoken, ordered))
    first, last = ordered[0], ordered[-1]
    start = f"{first:%A} {first.day}" if (first.year, first.month) == (last.year, last.month) else spoken(first)
    return f"{start} to {spoken(last)}"


def spoken_time(at: datetime, group: GroupSettings) -> str:
    """`Monday 23 November, 09:00`, in the group's zone."""
    local = at.astimezone(group.zone)
    return f"{spoken(local.date())}, {local:%H:%M}"
