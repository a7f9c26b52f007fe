"""When a group's post is due, which announcement days it may cover, and how dates and times are said. Pure arithmetic;
asks no clock and no store.

A due time is a wall time in a zone, once per local date: in the doubled hour of autumn it is the first of the two, in
the missing hour of spring it is as long after the change as it would have been after it (02:30 becomes 03:30).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import GroupSettings, Session
from bot.timeline import Kind, Timeline, lay_out
from bot.wording import plural

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
    return f"{spoken(local_date(at, group))}, {at.astimezone(group.zone):%H:%M}"


def spoken_span(starts: datetime, minutes: int, group: GroupSettings) -> str:
    """`Thursday 26 November, 17:00 to 18:00`"""
    begin, end = (at.astimezone(group.zone) for at in (starts, starts + timedelta(minutes=minutes)))
    ends = f"{end:%H:%M}" if end.date() == begin.date() else spoken_time(end, group)
    return f"{spoken_time(begin, group)} to {ends}"


def spoken_year(day: date) -> str:
    """For what may be long ago: `Thursday 26 November 2026`"""
    return f"{spoken(day)} {day.year}"


def local_date(at: datetime, group: GroupSettings) -> date:
    return at.astimezone(group.zone).date()


def day_of(session: Session, group: GroupSettings) -> str:
    """`Thursday 26 November`: where it takes place now, since a moderator may have moved it."""
    return spoken(local_date(session.starts, group))


def near_time(at: datetime, group: GroupSettings, now: datetime) -> str:
    """`today, 17:00`, `tomorrow, 17:00`, otherwise as `spoken_time`. Only for what is read at once."""
    days = (local_date(at, group) - local_date(now, group)).days
    day = {0: "today", 1: "tomorrow"}.get(days)
    return f"{day}, {at.astimezone(group.zone):%H:%M}" if day else spoken_time(at, group)


def on_near_time(at: datetime, group: GroupSettings, now: datetime) -> str:
    """The same after a verb: `today, 17:00`, `on Thursday 26 November, 17:00`"""
    said = near_time(at, group, now)
    return said if said.startswith("to") else f"on {said}"


def ahead(at: datetime, group: GroupSettings, now: datetime) -> str:
    """`in 10 minutes`, `in 1 hour`, `today`, `tomorrow`, `in 3 days`; "now" once it has come."""
    left, days = at - now, (local_date(at, group) - local_date(now, group)).days
    if left <= timedelta(0):
        return "now"
    if left <= timedelta(minutes=90):
        minutes = _rounded(left)
        return f"in {plural(minutes // 60, 'hour') if minutes == 60 else plural(minutes, 'minute')}"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def _rounded(left: timedelta) -> int:
    """Minutes; to the nearest five, unless there are only a few."""
    minutes = round(left.total_seconds() / 60)
    return max(minutes, 1) if minutes < 5 else 5 * round(minutes / 5)


def laid_out(session: Session, group: GroupSettings) -> Timeline:
    """What happens around a session, as it stands."""
    week = group.week
    return lay_out(
        session.starts, session.minutes, group.zone, week.timeline, week.shape, session.asked_at, session.closes_at
    )


def step_time(kind: Kind, session: Session, group: GroupSettings) -> datetime | None:
    """None where the group's meetings have no such step."""
    return next((step.at for step in laid_out(session, group).steps if step.kind is kind), None)
