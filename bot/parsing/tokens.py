"""The pieces of a phrase about when to meet. Plain data: "12/3" stays both of its readings."""

from dataclasses import dataclass
from datetime import time
from enum import Enum, auto


class Word(Enum):
    """Words that carry no value of their own."""

    EVERY = auto()
    WEEK = auto()
    MONTH = auto()
    NEXT = auto()
    THIS = auto()
    FROM = auto()
    UNTIL = auto()
    TO = auto()
    DASH = auto()
    END = auto()
    YEAR = auto()
    BIWEEKLY = auto()
    FILLER = auto()


@dataclass(frozen=True, slots=True)
class Weekday:
    number: int  # Monday 0
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Weekdays:
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nth:
    number: int


@dataclass(frozen=True, slots=True)
class Weeks:
    """`every 2 weeks`, `every other`"""

    count: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """`tomorrow`, `in 2 weeks`"""

    days: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date, perhaps without a year; `12/3` has two readings: the day first, then the month first."""

    readings: tuple[tuple[int, int], ...]  # (month, day)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class MonthName:
    number: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ClockTime:
    """One time, or the likely one and the other where morning or afternoon was not said."""

    readings: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Dotted:
    """`17.05`: a time, unless another one is named; then a date."""

    clock: ClockTime
    day: CalendarDay


@dataclass(frozen=True, slots=True)
class PartOfDay:
    afternoon: bool


Settled = Word | Weekday | Weekdays | Nth | Weeks | Ahead | CalendarDay | MonthName | ClockTime | PartOfDay
Token = Settled | Dotted
