"""How dates and times are said. A date is the group's; a time is marked, so that who reads it sees their own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.groups.post_times import local_date
from bot.languages import say, written
from bot.model import GroupSettings, Session
from bot.moments import mark
from bot.parsing import is_near


def spoken(day: date, group: GroupSettings) -> str:
    """`Thursday 26 November`"""
    return written(group, "EEEE d MMMM", day)


def spoken_days(days: Iterable[date], group: GroupSettings) -> str:
    """`Friday 20 November`, or `Friday 20 to Sunday 22 November` for several."""
    ordered = sorted(days)
    if len(ordered) < 2:
        return "".join(spoken(day, group) for day in ordered)
    first, last = ordered[0], ordered[-1]
    is_one_month = (first.year, first.month) == (last.year, last.month)
    start = written(group, "EEEE d", first) if is_one_month else spoken(first, group)
    return say(group, "{start} to {end}", start=start, end=spoken(last, group))


def spoken_year(day: date, group: GroupSettings) -> str:
    """For what may be long ago: `Thursday 26 November 2026`"""
    return written(group, "EEEE d MMMM y", day)


def day_of(session: Session, group: GroupSettings) -> str:
    """`Thursday 26 November`: where it takes place now, since a moderator may have moved it."""
    return spoken(local_date(session.starts, group), group)


# --- times, which surfaces show in the zone of who reads


def spoken_time(at: datetime, group: GroupSettings) -> str:
    """`Monday 23 November, 09:00 CET`"""
    return mark(at, "F", _zoned(_day_and_time(at, group), at, group))


def spoken_start(at: datetime, group: GroupSettings, now: datetime) -> str:
    """The same, with the year where it is not among the next ones: `Thursday 25 November 2027, 17:00 CET`"""
    day = local_date(at, group)
    said = f"{(spoken if is_near(day, local_date(now, group)) else spoken_year)(day, group)}, {_time(at, group)}"
    return mark(at, "F", _zoned(said, at, group))


def spoken_span(starts: datetime, minutes: int, group: GroupSettings) -> str:
    """`Thursday 26 November, 17:00 to 18:00 CET`, and how far away that is where a surface keeps it true."""
    end = starts + timedelta(minutes=minutes)
    is_one_day = local_date(starts, group) == local_date(end, group)
    said = _day_and_time(starts, group)
    is_one_zone = zone_name(starts, group) == zone_name(end, group)
    begins = mark(starts, "F", said if is_one_zone else _zoned(said, starts, group))
    ends = mark(end, "t", _zoned(_time(end, group), end, group)) if is_one_day else spoken_time(end, group)
    return f"{say(group, '{start} to {end}', start=begins, end=ends)}{how_far(starts)}"


def how_far(at: datetime) -> str:
    """` (in 3 days)`, on surfaces that keep it true; elsewhere nothing."""
    return mark(at, "R")


def zone_name(at: datetime, group: GroupSettings) -> str:
    """`CET`; the zone's own name where it has no letters for it."""
    short = f"{at.astimezone(group.zone):%Z}"
    return short if short.isalpha() else group.timezone


def _day_and_time(at: datetime, group: GroupSettings) -> str:
    return f"{spoken(local_date(at, group), group)}, {_time(at, group)}"


def _time(at: datetime, group: GroupSettings) -> str:
    return f"{at.astimezone(group.zone):%H:%M}"


def _zoned(said: str, at: datetime, group: GroupSettings) -> str:
    return f"{said} {zone_name(at, group)}"
