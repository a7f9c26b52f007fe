"""How dates and times are said: for titles, footers and sentences, which show no time of the reader's own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.groups.post_times import local_date
from bot.model import GroupSettings, Session
from bot.wording import plural


def spoken(day: date, group: GroupSettings) -> str:
    """`Thursday 26 November`"""
    return f"{day:%A} {day.day} {day:%B}"


def spoken_days(days: Iterable[date], group: GroupSettings) -> str:
    """`Friday 20 November`, or `Friday 20 to Sunday 22 November` for several."""
    ordered = sorted(days)
    if len(ordered) < 2:
        return "".join(spoken(day, group) for day in ordered)
    first, last = ordered[0], ordered[-1]
    start = f"{first:%A} {first.day}" if (first.year, first.month) == (last.year, last.month) else spoken(first, group)
    return f"{start} to {spoken(last, group)}"


def spoken_time(at: datetime, group: GroupSettings) -> str:
    """`Monday 23 November, 09:00`, in the group's zone."""
    return f"{spoken(local_date(at, group), group)}, {at.astimezone(group.zone):%H:%M}"


def spoken_span(starts: datetime, minutes: int, group: GroupSettings) -> str:
    """`Thursday 26 November, 17:00 to 18:00`"""
    begin, end = (at.astimezone(group.zone) for at in (starts, starts + timedelta(minutes=minutes)))
    ends = f"{end:%H:%M}" if end.date() == begin.date() else spoken_time(end, group)
    return f"{spoken_time(begin, group)} to {ends}"


def spoken_year(day: date, group: GroupSettings) -> str:
    """For what may be long ago: `Thursday 26 November 2026`"""
    return f"{spoken(day, group)} {day.year}"


def day_of(session: Session, group: GroupSettings) -> str:
    """`Thursday 26 November`: where it takes place now, since a moderator may have moved it."""
    return spoken(local_date(session.starts, group), group)


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
