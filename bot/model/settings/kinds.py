"""What a setting may hold, by kind: what is wrong with a value, and how it stands among what moderators changed. Knows
no setting, and no word of people who type: see `bot.groups.words`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from bot.model.durations import read_duration, read_durations
from bot.model.recurrence import EXAMPLES, WEEKDAYS, read_recurrence

QUOTED = 40  # characters of a wrong value that are said back


@dataclass(frozen=True, slots=True)
class Kind:
    """By itself any text. `read` and `store` turn what is stored of a change into a value and back."""

    @property
    def hint(self) -> str:
        """What the configuration may hold, to stand behind "write"; "" for anything."""
        return ""

    @property
    def example(self) -> str:
        """A value that could be."""
        return ""

    def read(self, text: str) -> Any:
        """Raises ValueError with the fault."""
        return text

    def store(self, value: Any) -> str:
        return str(value)

    def fault(self, value: Any) -> str:
        """To stand behind the setting's name; "" when there is none."""
        return ""


@dataclass(frozen=True, slots=True)
class Number(Kind):
    least: int
    most: int
    unit: str = ""  # what is counted, as "paper"
    zero: str = ""  # what 0 means, where that is more than none

    @property
    def hint(self) -> str:
        return f"{self.least} to {self.most}"

    def read(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,5}", text):
            means = f", 0 for {self.zero}" if self.zero else ""
            raise ValueError(f'"{text[:QUOTED]}" is not a number; write {self.hint}{means}')
        return int(text)

    def fault(self, value: int) -> str:
        return "" if self.least <= value <= self.most else f"must be {self.hint}"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str  # what it does
    also: tuple[str, ...] = ()  # other words for it
    picture: str = ""  # what one would see, in words; at most 100 characters


@dataclass(frozen=True, slots=True)
class OneOf(Kind):
    options: tuple[Option, ...]

    @property
    def hint(self) -> str:
        return one_of([option.value for option in self.options])

    def fault(self, value: str) -> str:
        known = any(option.value == value for option in self.options)
        return "" if known else f'"{value[:QUOTED]}" is not known; write {self.hint}'


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """Stored as yes or no, which is what moderators choose; `yes` and `no` say what each does."""

    yes: str
    no: str

    @property
    def hint(self) -> str:
        return "true or false"

    def read(self, text: str) -> bool:
        if text not in ("yes", "no"):
            raise ValueError(f'"{text[:QUOTED]}" is neither yes nor no')
        return text == "yes"

    def store(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class WallTime(Kind):
    @property
    def hint(self) -> str:
        return 'a time in quotes, with two digits each: "09:00"'

    def read(self, text: str) -> time:
        try:
            return time.fromisoformat(text)
        except ValueError:
            raise ValueError(f'"{text[:QUOTED]}" is not a time; write it as 9:00, 14:30 or 6 pm') from None

    def store(self, value: time) -> str:
        return f"{value:%H:%M}"

    def fault(self, value: time) -> str:
        is_plain = value.tzinfo is None and not value.second
        return "" if is_plain else 'must be a wall time without a zone, such as "09:00"'


@dataclass(frozen=True, slots=True)
class WeekdayList(Kind):
    @property
    def hint(self) -> str:
        return '"mon-fri", "tue, thu" or "daily"'

    @property
    def example(self) -> str:
        return "mon, tue"

    def fault(self, value: str) -> str:
        return fault_of_reading(read_weekdays, value)


def read_weekdays(text: str) -> frozenset[int]:
    """`"mon-fri"`, `"tue, thu"`, `"daily"` as numbers, Monday 0. Raises ValueError."""
    if text.strip().lower() == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f'"{text[:QUOTED]}" is not a list of weekdays; write {WeekdayList().hint}')
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


@dataclass(frozen=True, slots=True)
class Zone(Kind):
    """A name of the IANA time zone database."""

    @property
    def example(self) -> str:
        return "Europe/Berlin"

    def fault(self, value: str) -> str:
        if value in time_zones():
            return ""
        places = [zone for zone in time_zones() if "/" in zone]  # "CEST" must not become "EST"
        near = get_close_matches(value, places, 1, 0.75)
        hint = f'did you mean "{near[0]}"?' if near else f'write one like "{self.example}"'
        return f'"{value[:QUOTED]}" is not known, {hint}'


@cache
def time_zones() -> frozenset[str]:
    """IANA names. Looked up once: it takes 40 ms."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Recurring(Kind):
    """See `read_recurrence`; "" for none."""

    @property
    def hint(self) -> str:
        return EXAMPLES

    @property
    def example(self) -> str:
        return "thu 17:00"

    def fault(self, value: str) -> str:
        return fault_of_reading(read_recurrence, value) if value.strip() else ""


@dataclass(frozen=True, slots=True)
class Line(Kind):
    """A short text."""

    most: int  # characters
    none: str = ""  # how it is said that it is missing; "" where it may not be
    like: str = "Room 2.01"
    blanks: tuple[str, ...] = ()  # that may stand in it, as "{paper}"

    @property
    def example(self) -> str:
        return self.like

    def fault(self, value: str) -> str:
        if not value.strip() and not self.none:
            return f'must be a text, such as "{self.like}"'
        unknown = [blank for blank in re.findall(r"\{[^{}]*\}", value) if blank not in self.blanks]
        if self.blanks and unknown:
            return f"{unknown[0][:QUOTED]} is not known; write {one_of(self.blanks)}"
        return "" if len(value) <= self.most else f"must be {self.most} characters at most"


LONGEST = timedelta(days=60)
MOST_LENGTHS = 8


@dataclass(frozen=True, slots=True)
class Length(Kind):
    """Of time before a meeting, or after its end; "" leaves its step out."""

    after: bool = False
    needed: bool = False  # can't be left out

    @property
    def hint(self) -> str:
        return '"3 days", "1 hour" or "1 hour 30 minutes"'

    @property
    def example(self) -> str:
        return "4 days"

    def fault(self, value: str) -> str:
        if not value.strip():
            return f'must be set; write "{self.example}"' if self.needed else ""
        return fault_of_reading(read_duration, value) or _fault_of_length(read_duration(value).nominal, self.after)


@dataclass(frozen=True, slots=True)
class Lengths(Kind):
    """Several, with commas between; "" for none."""

    @property
    def hint(self) -> str:
        return f'"{self.example}"'

    @property
    def example(self) -> str:
        return "3 days, 1 day, 1 hour"

    def fault(self, value: str) -> str:
        try:
            lengths = read_durations(value)
        except ValueError:
            return f'"{value[:QUOTED]}" are no lengths of time; write {self.hint}'
        if len(lengths) > MOST_LENGTHS:
            return f"must be {MOST_LENGTHS} at most"
        return next(filter(None, (_fault_of_length(length.nominal, is_after=False) for length in lengths)), "")


def _fault_of_length(length: timedelta, is_after: bool) -> str:
    if length > LONGEST:
        return f"must be {LONGEST.days} days at most"
    return "" if length or is_after else '"0 minutes" is no time before the start'


# --- lists


@dataclass(frozen=True, slots=True)
class Names(Kind):
    """Any number of texts; of those that are `known`, where there are some."""

    unit: str = ""
    known: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        return f"any of {one_of(self.known)}" if self.known else ""

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(listed(text))

    def store(self, value: Sequence[str]) -> str:
        return ", ".join(value)

    def fault(self, value: Sequence[str]) -> str:
        unknown = [name for name in value if name not in self.known] if self.known else ()
        return f'there is no {self.unit} "{unknown[0][:QUOTED]}"; write {self.hint}' if unknown else ""


@dataclass(frozen=True, slots=True)
class Sources(Names):
    """Names of sources, which only the whole configuration knows; none means all."""

    def read(self, text: str) -> tuple[str, ...]:
        return () if text == "all" else tuple(listed(text))

    def store(self, value: Sequence[str]) -> str:
        return ", ".join(value) or "all"


@dataclass(frozen=True, slots=True)
class Channels(Names):
    """Places of a group; what is bound from chat joins those of the configuration."""


def listed(text: str) -> list[str]:
    """`a, b` as it is stored and typed."""
    return re.findall(r"[^,\s]+", text)


def one_of(words: Sequence[str]) -> str:
    """`"a", "b" or "c"`"""
    quoted = [f'"{word}"' for word in words]
    return " or ".join(part for part in (", ".join(quoted[:-1]), *quoted[-1:]) if part)


def fault_of_reading(read: Any, value: str) -> str:
    try:
        read(value)
    except ValueError as fault:
        return str(fault).replace(value, value[:QUOTED])
    return ""
