"""When a group meets: weekly, every so many weeks, monthly or on single dates, and the text that says so.

A recurrence knows wall times; the zone is the group's and given when instants are wanted. In the doubled hour of autumn
it is the first of the two, in the missing hour of spring it is as long after the change as it would have been after
it (02:30 becomes 03:30). There is one meeting at most on a local date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NTHS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}
EXAMPLES = (
    '"thu 17:00", "every 2 weeks tue 12:30 from 2026-11-24", "monthly 1st thu 17:00" '
    'or "2026-12-03 17:00, 2026-12-17 17:00"'
)

ONE_DAY = timedelta(days=1)
_END = date(9998, 12, 31)  # so that no arithmetic leaves the calendar
_NTH_NAMES = {number: name for name, number in NTHS.items()}


class Occurrence(NamedTuple):
    on: date  # the local date that the recurrence names; it identifies the meeting
    starts: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Weekly:
    """`every` counts calendar weeks, which begin on Monday."""

    weekdays: tuple[int, ...]  # Monday 0, ascending
    at: time
    every: int = 1

    def faults(self) -> Iterator[str]:
        if not self.weekdays or list(self.weekdays) != sorted(set(self.weekdays)):
            yield "the weekdays must be named once each, in their order"
        if not all(0 <= weekday <= 6 for weekday in self.weekdays):
            yield "a weekday is a number from 0 to 6"
        if not 1 <= self.every <= 52:
            yield "the number of weeks must be 1 to 52"
        yield from _time_faults(self.at)

    def walls(self, start: date) -> Iterator[tuple[date, time]]:
        """Without end; in the week of `start` and every so many weeks from there, never before it."""
        monday = start - ONE_DAY * start.weekday()
        while monday < _END:
            days = (monday + ONE_DAY * weekday for weekday in self.weekdays)
            yield from ((day, self.at) for day in days if day >= start)
            monday += timedelta(weeks=self.every)

    def __str__(self) -> str:
        days = ", ".join(WEEKDAYS[weekday] for weekday in self.weekdays)
        every = f"every {self.every} weeks " if self.every > 1 else ""
        return f"{every}{days} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Monthly:
    """On the first, third … or last such weekday. A month without a fifth one has no meeting for it."""

    nths: tuple[int, ...]  # 1 to 5 ascending, then -1 for the last
    weekday: int
    at: time

    def faults(self) -> Iterator[str]:
        if not self.nths or list(self.nths) != sorted(set(self.nths), key=nth_order):
            yield "the weeks of the month must be named once each, in their order"
        if not set(self.nths) <= set(NTHS.values()) or not 0 <= self.weekday <= 6:
            yield "a monthly meeting is on the 1st to 5th or the last of a weekday"
        yield from _time_faults(self.at)

    def walls(self, start: date) -> Iterator[tuple[date, time]]:
        year, month = start.year, start.month
        while date(year, month, 1) < _END:
            days = {nth_weekday(year, month, nth, self.weekday) for nth in self.nths}
            yield from ((day, self.at) for day in sorted(day for day in days if day and day >= start))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)

    def __str__(self) -> str:
        nths = ", ".join(_NTH_NAMES[nth] for nth in self.nths)
        return f"monthly {nths} {WEEKDAYS[self.weekday]} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Dates:
    """Single dates, each with its own time."""

    moments: tuple[tuple[date, time], ...]  # ascending

    def faults(self) -> Iterator[str]:
        days = [day for day, _ in self.moments]
        if not days or days != sorted(set(days)):
            yield "the dates must be named once each, in their order"
        for _, at in self.moments:
            yield from _time_faults(at)

    def walls(self, start: date) -> Iterator[tuple[date, time]]:
        return (moment for moment in self.moments if moment[0] >= start)

    def __str__(self) -> str:
        return ", ".join(f"{day} {at:%H:%M}" for day, at in self.moments)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`start` and `until` are local dates, both included. `str` gives the text that `read_recurrence` reads."""

    rule: Weekly | Monthly | Dates
    start: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if faults := [*self.rule.faults(), *self._faults()]:
            raise ValueError("; ".join(faults))

    def _faults(self) -> Iterator[str]:
        if isinstance(self.rule, Dates) and (self.start or self.until):
            yield "single dates have no from and no until"
        if isinstance(self.rule, Weekly) and self.rule.every > 1 and not self._begins_on_its_weekday(self.rule):
            yield 'every so many weeks needs its first date, on one of its weekdays: "from 2026-11-24"'
        if self.start and self.until and self.until < self.start:
            yield f"it ends on {self.until}, before it begins on {self.start}"

    def _begins_on_its_weekday(self, rule: Weekly) -> bool:
        return self.start is not None and self.start.weekday() in rule.weekdays

    def dates(self, since: date) -> Iterator[tuple[date, time]]:
        """Local dates and wall times from `since` on, ascending; may have no end."""
        until = min(self.until or _END, _END)
        walls = self.rule.walls(self.start or since)
        return takewhile(lambda wall: wall[0] <= until, (wall for wall in walls if wall[0] >= since))

    def occurrences(self, after: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Those that start later than `after`, strictly ascending; may have no end."""
        since = max(after.astimezone(zone).date(), date(1, 1, 3)) - ONE_DAY * 2  # a gap may carry one over midnight
        last = after
        for on, at in self.dates(since):
            starts = instant(on, at, zone)
            if starts > last:  # where a zone has left out a whole day, two dates may meet
                yield Occurrence(on, starts)
                last = starts

    def __str__(self) -> str:
        start = f" from {self.start}" if self.start else ""
        until = f" until {self.until}" if self.until else ""
        return f"{self.rule}{start}{until}"


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The wall time as UTC, right over both clock changes; of a doubled hour the first, whatever the fold of `at`."""
    return datetime.combine(on, at.replace(fold=0), zone).astimezone(UTC)


def nth_order(nth: int) -> int:
    """Sorts the last one behind the fifth."""
    return nth if nth > 0 else 6


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    """`nth` is 1 to 5, or -1 for the last. None where the month has no fifth one."""
    first = date(year, month, 1)
    day = first + ONE_DAY * ((weekday - first.weekday()) % 7)
    if nth > 0:
        day += timedelta(weeks=nth - 1)
        return day if day.month == month else None
    return day + timedelta(weeks=4 if (day + timedelta(weeks=4)).month == month else 3)


def _time_faults(at: time) -> Iterator[str]:
    if at.tzinfo is not None or at.second or at.microsecond:
        yield 'a time is a wall time such as "17:00"; the zone is the group\'s'


# --- the canonical text ------------------------------------------------------------------------------------------

_DAY, _NTH = f"(?:{'|'.join(WEEKDAYS)})", f"(?:{'|'.join(NTHS)})"
_DATE, _TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{1,2}:[0-9]{2}"
_SPAN = f"(?: from (?P<start>{_DATE}))?(?: until (?P<until>{_DATE}))?"
_WEEKLY = re.compile(rf"(?:every (?P<every>[0-9]{{1,2}}) weeks )?(?P<days>{_DAY}(?:,{_DAY})*) (?P<at>{_TIME}){_SPAN}")
_MONTHLY = re.compile(rf"monthly (?P<nths>{_NTH}(?:,{_NTH})*) (?P<day>{_DAY}) (?P<at>{_TIME}){_SPAN}")
_MOMENT = re.compile(f"({_DATE}) ({_TIME})")


def read_recurrence(text: str) -> Recurrence:
    """The canonical text, as it stands in `week.session`; for what people type there is `parsing.schedules`.

    Letter case, spaces and the order of lists do not matter. Raises ValueError with a sentence that says what to write.
    """
    plain = re.sub(r"\s*,\s*", ",", " ".join(text.lower().split()))
    if found := _WEEKLY.fullmatch(plain):
        return Recurrence(_read_weekly(found), *_read_span(found))
    if found := _MONTHLY.fullmatch(plain):
        return Recurrence(_read_monthly(found), *_read_span(found))
    moments = [_MOMENT.fullmatch(part) for part in plain.split(",")]
    if not all(moments):
        raise ValueError(f'"{text}" says no time to meet; write it like {EXAMPLES}')
    return Recurrence(Dates(tuple(sorted((_read_date(m[1]), _read_time(m[2])) for m in moments if m))))


def _read_weekly(found: re.Match[str]) -> Weekly:
    weekdays = sorted({WEEKDAYS.index(word) for word in found["days"].split(",")})
    return Weekly(tuple(weekdays), _read_time(found["at"]), int(found["every"] or 1))


def _read_monthly(found: re.Match[str]) -> Monthly:
    nths = sorted({NTHS[word] for word in found["nths"].split(",")}, key=nth_order)
    return Monthly(tuple(nths), WEEKDAYS.index(found["day"]), _read_time(found["at"]))


def _read_span(found: re.Match[str]) -> tuple[date | None, date | None]:
    start, until = found["start"], found["until"]
    return _read_date(start) if start else None, _read_date(until) if until else None


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no date of the calendar') from None


def _read_time(text: str) -> time:
    hours, _, minutes = text.partition(":")
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        raise ValueError(f'"{text}" is no time of day') from None
