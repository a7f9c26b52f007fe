"""Lengths of time as people write them. Whole days are counted on the calendar and keep the wall time (3 days before
Thursday 17:00 is Monday 17:00, over a clock change too); hours and minutes are exact."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model.recurrence import ONE_DAY, instant

_UNITS = {"week": 10080, "day": 1440, "hour": 60, "minute": 1}
_SHORT = {"w": "week", "d": "day", "h": "hour", "hr": "hour", "m": "minute", "min": "minute"}
_PART = re.compile(r"([0-9]{1,4}) ?([a-z]+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """Days of the calendar and exact minutes beside them."""

    days: int
    minutes: int = 0

    @property
    def nominal(self) -> timedelta:
        """Its length when no clock changes."""
        return timedelta(days=self.days, minutes=self.minutes)

    def __str__(self) -> str:
        hours, minutes = divmod(self.minutes, 60)
        counts = ((self.days, "day"), (hours, "hour"), (minutes, "minute"))
        return " ".join(f"{count} {unit}{'s' * (count != 1)}" for count, unit in counts if count) or "0 minutes"


@lru_cache(256)
def read_duration(text: str) -> Duration:
    """`3 days`, `1 hour 30 minutes`, `2w`; 24 hours are exact, 1 day is not. Raises ValueError."""
    plain = " ".join(text.lower().split())
    parts = [(int(count), _unit(unit)) for count, unit in _PART.findall(plain)]
    if not parts or _PART.sub("", plain).strip() or not all(unit for _, unit in parts):
        raise ValueError(f'"{text}" is no length of time; write "3 days", "1 hour" or "1 hour 30 minutes"')
    days = sum(count * _UNITS[unit] // _UNITS["day"] for count, unit in parts if unit in ("week", "day"))
    return Duration(days, sum(count * _UNITS[unit] for count, unit in parts if unit in ("hour", "minute")))


def _unit(word: str) -> str:
    name = word.removesuffix("s")
    return name if name in _UNITS else _SHORT.get(name, "")


@lru_cache(64)
def read_durations(text: str) -> tuple[Duration, ...]:
    """The longest first; none for an empty text. Raises ValueError."""
    lengths = {read_duration(part) for part in text.split(",")} if text.strip() else set()
    return tuple(sorted(lengths, key=lambda length: length.nominal, reverse=True))


def before(start: datetime, length: Duration, zone: ZoneInfo) -> datetime:
    """UTC."""
    return _shifted(start, -length.days, zone) - timedelta(minutes=length.minutes)


def after(end: datetime, length: Duration, zone: ZoneInfo) -> datetime:
    """UTC."""
    return _shifted(end, length.days, zone) + timedelta(minutes=length.minutes)


def _shifted(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """By days of the calendar: the same wall time on another date."""
    if not days:
        return at.astimezone(UTC)
    local = at.astimezone(zone)
    return instant(local.date() + ONE_DAY * days, local.time(), zone)
