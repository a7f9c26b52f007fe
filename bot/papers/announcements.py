"""The calendar of announcements: which days of a source a post may cover. Pure arithmetic."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.model.recurrence import ONE_DAY


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
