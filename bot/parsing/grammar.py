"""Puts tokens together to what was said: which weekdays, which dates, how often, from when, until when.

Decides no doubt: "next thursday" and "12/3" stay as they were said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.languages import phrase
from bot.parsing.tokens import (
    Ahead,
    CalendarDay,
    ClockTime,
    Dotted,
    MonthName,
    Nth,
    PartOfDay,
    Settled,
    Token,
    Weekday,
    Weekdays,
    Weeks,
    Word,
)
from bot.parsing.vocabulary import EXAMPLES


@dataclass(frozen=True, slots=True)
class Near:
    """`this thursday` is the one that comes; `next thursday` is that one or the one of next week."""

    weekday: int
    is_next: bool


@dataclass(frozen=True, slots=True)
class InWeek:
    """`thursday next week`; without a weekday the whole week."""

    weekday: int | None
    ahead: int  # calendar weeks


@dataclass(frozen=True, slots=True)
class NthOf:
    """`first monday in january`"""

    nth: int
    weekday: int
    month: MonthName


@dataclass(frozen=True, slots=True)
class EndOf:
    """`end of the year`, `end of the month`"""

    year: bool


When = CalendarDay | Ahead | MonthName | Near | InWeek | NthOf | EndOf
Piece = Settled | Near | InWeek | NthOf | EndOf


@dataclass(slots=True)
class Heard:
    weekdays: set[int] = field(default_factory=set)
    nths: set[int] = field(default_factory=set)
    said: list[When | ClockTime] = field(default_factory=list)  # single dates and the times, in their order
    start: When | None = None
    until: When | None = None
    within: MonthName | None = None  # "thursdays in december"
    every: int = 1  # weeks
    is_biweekly: bool = False
    is_monthly: bool = False
    repeats: bool = False
    every_nth: bool = False  # "every second tuesday"
    had_end: bool = False  # "17:00-18:30"
    afternoon: bool | None = None

    @property
    def clocks(self) -> list[ClockTime]:
        return [item for item in self.said if isinstance(item, ClockTime)]

    @property
    def dates(self) -> list[When]:
        return [item for item in self.said if not isinstance(item, ClockTime)]


def hear(tokens: Sequence[Token]) -> Heard:
    heard = Heard()
    rest = _joined(_settled(tokens))
    while rest:
        taken = _hear_several(rest, heard)
        if not taken:
            _hear_one(rest[0], heard)
        rest = rest[taken or 1 :]
    return heard


def _settled(tokens: Sequence[Token]) -> list[Settled]:
    """`17.05` is a date beside another time, and a time otherwise."""
    has_time = any(isinstance(token, ClockTime) for token in tokens)
    return [(token.day if has_time else token.clock) if isinstance(token, Dotted) else token for token in tokens]


def _joined(tokens: list[Settled]) -> list[Piece]:
    pieces: list[Piece] = []
    while tokens:
        taken, piece = _piece(tokens)
        pieces.append(piece)
        tokens = tokens[taken:]
    return pieces


def _piece(tokens: list[Settled]) -> tuple[int, Piece]:
    """How many tokens make the first piece, and what it is."""
    match tokens:
        case [Word.NEXT | Word.THIS as which, Word.WEEK, Weekday(weekday, plural=False), *_]:
            return 3, InWeek(weekday, int(which is Word.NEXT))
        case [Weekday(weekday, plural=False), Word.NEXT | Word.THIS as which, Word.WEEK, *_]:
            return 3, InWeek(weekday, int(which is Word.NEXT))
        case [Word.NEXT | Word.THIS as which, Word.WEEK, *_]:
            return 2, InWeek(None, int(which is Word.NEXT))
        case [Word.NEXT | Word.THIS as which, Weekday(weekday, plural=False), *_]:
            return 2, Near(weekday, which is Word.NEXT)
        case [Nth(nth), Weekday(weekday, plural=False), MonthName() as month, *_]:
            return 3, NthOf(nth, weekday, month)
        case [Word.END, Word.YEAR | Word.MONTH as what, *_]:
            return 2, EndOf(what is Word.YEAR)
        case [Word.END, MonthName() as month, *_]:
            return 2, month
    return 1, tokens[0]


def _hear_several(pieces: list[Piece], heard: Heard) -> int:
    """How many pieces at the front only make sense together; 0 for none."""
    match pieces:
        case [ClockTime() as begin, Word.DASH | Word.TO | Word.UNTIL, ClockTime() as end, *_]:
            heard.said.append(_start_of(begin, end))
            heard.had_end = True
            return 3
        case [Weekday(first), Word.DASH | Word.TO | Word.UNTIL, Weekday(last), *_]:
            heard.weekdays |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
            return 3
        case [Word.EVERY, Nth(nth), Weekday(), *_] if nth > 1:
            heard.every_nth = True
            return 1  # the rest is heard as it is
        case [Word.FROM, ClockTime(), *_] | [Word.FROM, Weekday(), Word.DASH | Word.TO | Word.UNTIL, Weekday(), *_]:
            return 1
        case [CalendarDay(), Word.DASH | Word.TO | Word.UNTIL, CalendarDay(), *_]:
            raise ValueError(
                phrase('Name each date: "3 dec 17:00, 10 dec 17:00"; or weekdays: "thu 17:00 from 3 dec until 17 dec"')
            )
        case [Word.FROM, first, Word.DASH, last, *_] if (start := _when(first)) and (until := _when(last)):
            heard.start, heard.until = start, until
            return 4
        case [Word.FROM, piece, *_] if (when := _when(piece)) is not None:
            heard.start = when
            return 2
        case [Word.UNTIL | Word.TO, piece, *_] if (when := _when(piece)) is not None:
            heard.until = when
            return 2
    return 0


def _when(piece: Piece) -> When | None:
    match piece:
        case Weekday(weekday):
            return Near(weekday, is_next=False)
        case CalendarDay() | Ahead() | MonthName() | Near() | InWeek() | NthOf() | EndOf():
            return piece
    return None


def _start_of(start: ClockTime, end: ClockTime) -> ClockTime:
    """`5-6pm` begins at 5 in the afternoon, `11-1pm` in the morning: the last reading before the end."""
    before = [at for at in start.readings if at < end.readings[-1]]
    return ClockTime((max(before),)) if before and len(end.readings) == 1 else start


def _hear_one(piece: Piece, heard: Heard) -> None:
    match piece:
        case Weekday(number, plural):
            heard.weekdays.add(number)
            heard.repeats |= plural
        case Weekdays(numbers):
            heard.weekdays |= set(numbers)
            heard.repeats = True
        case Nth(number):
            heard.nths.add(number)
        case Weeks(count):
            heard.every, heard.repeats = count, True
        case MonthName():
            heard.within = piece
        case PartOfDay(afternoon):
            heard.afternoon = afternoon
        case ClockTime() | CalendarDay() | Ahead() | Near() | InWeek() | NthOf() | EndOf():
            heard.said.append(piece)
        case Word():
            _hear_word(piece, heard)


def _hear_word(word: Word, heard: Heard) -> None:
    match word:
        case Word.EVERY | Word.WEEK:
            heard.repeats = True
        case Word.MONTH:
            heard.is_monthly = heard.repeats = True
        case Word.BIWEEKLY:
            heard.is_biweekly = heard.repeats = True
        case Word.DASH | Word.FILLER:
            pass
        case _:
            raise ValueError(
                phrase('"{word}" stands alone. Write it like {examples}.', word=word.name.lower(), examples=EXAMPLES)
            )
