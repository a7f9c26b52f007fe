"""Makes a recurrence of what someone typed about when they meet, or asks back where it could be meant in two ways.

Every way to read the phrase is tried: a `Choice` decides each doubt, the phrase is built under all choices, and what
comes out different becomes the options of a question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import product
from typing import NamedTuple

from bot.languages import Listener, msgid, phrase, say
from bot.model.recurrence import (
    NTHS,
    ONE_DAY,
    Dates,
    Monthly,
    Recurrence,
    Weekly,
    nth_order,
    nth_weekday,
    read_recurrence,
)
from bot.parsing.grammar import EndOf, Heard, InWeek, Near, NthOf, When, hear
from bot.parsing.lexer import cut
from bot.parsing.spoken import DAY_NAMES, ENGLISH, date_in_words, day_in_words, describe, weekday_in_words
from bot.parsing.tokens import Ahead, CalendarDay, ClockTime, MonthName
from bot.parsing.vocabulary import EXAMPLES
from bot.wording import capitalised

MAX_OPTIONS = 25  # what a select menu holds
USUAL_TIMES = (time(12), time(16), time(17), time(18))


@dataclass(frozen=True, slots=True)
class Doubt:
    """What has to be said more clearly. Options are pairs of label and canonical text; there may be none, where the
    answer is to be typed."""

    text: str
    options: tuple[tuple[str, str], ...] = ()


def read_schedule(text: str, today: date, to: Listener = ENGLISH) -> Recurrence | Doubt:
    """`today` is the local date in the group's zone; a doubt is said `to` who is asked. Raises ValueError with a phrase
    that shows how to write it."""
    if exact := _canonical(text):
        return _ahead_of(today, exact)
    return _decide(hear(cut(text)), today, to)


def _canonical(text: str) -> Recurrence | None:
    try:
        found = read_recurrence(text)
    except ValueError:
        return None
    return found if str(found) == text.strip() else None  # "thu 5:00" is for asking back


def _ahead_of(today: date, recurrence: Recurrence) -> Recurrence:
    rule = recurrence.rule
    if isinstance(rule, Dates) and rule.moments[0][0] < today:
        day = day_in_words(rule.moments[0][0], today)
        raise ValueError(phrase("{day} is over; write a date that is still to come", day=day))
    if next(recurrence.dates(today), None) is None:
        raise ValueError(phrase("That leaves no meeting from now on; name a date that is still to come."))
    return recurrence


# --- the doubts --------------------------------------------------------------------------------------------------


class Sense(NamedTuple):
    """One way to decide every doubt. The first values are the likelier ones."""

    month_first: bool  # 12/3
    second_reading: bool  # of "5": 17:00 or 05:00
    later_week: bool  # "next thursday"
    by_month: bool  # "every second tuesday"
    twice_a_week: bool  # "biweekly tue, thu"
    at: time
    weekday: int
    nth: int


QUESTIONS = (  # for each doubt of a choice, in its order
    msgid("Which date is meant?"),
    msgid("Morning or afternoon?"),
    msgid("Which week is meant?"),
    msgid("Every so many weeks, or once a month?"),
    msgid("Every other week, or every week?"),
    msgid("At what time?"),
    msgid("On which day?"),
    msgid("Which one of the month?"),
)


def _choices(heard: Heard) -> Iterator[Sense]:
    times = USUAL_TIMES if not heard.clocks else USUAL_TIMES[:1]
    weekdays = range(7) if _misses_weekday(heard) else range(1)
    nths = tuple(NTHS.values()) if heard.is_monthly and not heard.nths else (1,)
    for dates, hours, weeks, monthly, twice in product((False, True), repeat=5):
        for at, weekday, nth in product(times, weekdays, nths):
            yield Sense(dates, hours, weeks, monthly, twice, at, weekday, nth)


def _misses_weekday(heard: Heard) -> bool:
    if heard.dates:
        return any(isinstance(when, InWeek) and when.weekday is None for when in heard.dates)
    return not heard.weekdays and not _names_a_day(heard.start)


def _names_a_day(when: When | None) -> bool:
    """`every 2 weeks from 3 dec` says the weekday by the date."""
    return isinstance(when, CalendarDay | Ahead | Near | NthOf) or (
        isinstance(when, InWeek) and when.weekday is not None
    )


def _decide(heard: Heard, today: date, to: Listener) -> Recurrence | Doubt:
    outcomes: dict[Sense, Recurrence] = {}
    faults: list[ValueError] = []
    for choice in _choices(heard):
        try:
            outcomes[choice] = _ahead_of(today, _build(heard, choice, today))
        except ValueError as fault:
            faults.append(fault)
    if not outcomes:
        raise faults[0]
    readings = list(dict.fromkeys(outcomes.values()))
    return readings[0] if len(readings) == 1 and not heard.had_end else _ask(heard, outcomes, readings, today, to)


def _ask(
    heard: Heard, outcomes: dict[Sense, Recurrence], readings: list[Recurrence], today: date, to: Listener
) -> Doubt:
    asked = [say(to, text) for number, text in enumerate(QUESTIONS) if _matters(number, outcomes)]
    if heard.had_end:
        asked.append(say(to, "The length is set apart. Is this when it begins?"))
    if len(readings) > MAX_OPTIONS:
        return Doubt(" ".join([*asked, say(to, "Write it like {examples}.", examples=EXAMPLES)]))
    options = tuple((capitalised(describe(reading, today, to)), str(reading)) for reading in readings)
    return Doubt(" ".join(asked) or say(to, "Which one is meant?"), options)


def _matters(number: int, outcomes: dict[Sense, Recurrence]) -> bool:
    """Whether deciding this doubt the other way, and nothing else, changes anything."""
    seen: dict[tuple[object, ...], Recurrence] = {}
    return any(
        seen.setdefault((*choice[:number], *choice[number + 1 :]), outcome) != outcome
        for choice, outcome in outcomes.items()
    )


# --- what it comes to under a choice -----------------------------------------------------------------------------


def _build(heard: Heard, choice: Sense, today: date) -> Recurrence:
    if heard.dates:
        return Recurrence(Dates(tuple(sorted(_moments(heard, choice, today)))))
    start = _date(heard.start, choice, today, today) if heard.start else None
    until = _date(heard.until, choice, today, max(today, start or today), is_end=True) if heard.until else None
    if heard.within:
        start, until = _month(heard.within, today), _month(heard.within, today, is_end=True)
    rule = _rule(heard, choice, start)
    if isinstance(rule, Weekly) and rule.every > 1:
        begin = start or today
        return Recurrence(rule, begin + ONE_DAY * min((day - begin.weekday()) % 7 for day in rule.weekdays), until)
    return Recurrence(rule, start if start and start > today else None, until)


def _rule(heard: Heard, choice: Sense, start: date | None) -> Weekly | Monthly:
    weekdays = sorted(heard.weekdays) or [start.weekday() if start and _names_a_day(heard.start) else choice.weekday]
    at = _only_time(heard, choice)
    asks_weeks = heard.every_nth and len(heard.nths) == 1 and not heard.is_monthly and not choice.by_month
    if asks_weeks:
        return Weekly(tuple(weekdays), at, max(heard.nths))
    if not heard.is_monthly and not heard.nths:
        is_every_other = heard.is_biweekly and not (choice.twice_a_week and len(weekdays) > 1)
        return Weekly(tuple(weekdays), at, 2 if is_every_other else heard.every)
    if heard.every > 1 or heard.is_biweekly or len(weekdays) > 1:
        raise ValueError(phrase('A monthly meeting has one weekday: "first monday of the month 18:00"'))
    return Monthly(tuple(sorted(heard.nths or {choice.nth}, key=nth_order)), weekdays[0], at)


def _only_time(heard: Heard, choice: Sense) -> time:
    times = {_time(clock, heard, choice) for clock in heard.clocks} or {choice.at}
    if len(times) > 1:
        raise ValueError(phrase('A repeated meeting has one time for all its days: "tue, thu 17:00"'))
    return times.pop()


def _time(clock: ClockTime, heard: Heard, choice: Sense) -> time:
    meant = [at for at in clock.readings if heard.afternoon is None or (at.hour >= 12) == heard.afternoon]
    readings = meant or clock.readings
    return readings[-1] if choice.second_reading else readings[0]


def _moments(heard: Heard, choice: Sense, today: date) -> Iterator[tuple[date, time]]:
    """A date has the time behind it, else the one before it."""
    if heard.repeats or heard.nths or heard.start or heard.until or heard.within:
        raise ValueError(phrase('Single dates stand alone; of a repeated meeting, say "from 3 dec" or "until 3 dec"'))
    if _is_crowded(heard.said):
        raise ValueError(phrase('Two times for one date; write only when it begins: "3 dec 17:00"'))
    for number, item in enumerate(heard.said):
        if not isinstance(item, ClockTime):
            day = _date(item, choice, today, today)
            _must_fall_on(day, heard.weekdays, today)
            clocks = [
                clock for clock in heard.said[number:] + heard.said[:number][::-1] if isinstance(clock, ClockTime)
            ]
            yield day, _time(clocks[0], heard, choice) if clocks else choice.at


def _is_crowded(said: Sequence[When | ClockTime]) -> bool:
    """Whether times stand side by side, where the end is beside the beginning."""
    clocks = [isinstance(item, ClockTime) for item in said]
    return any(one and other for one, other in zip(clocks, clocks[1:] + clocks[:1], strict=True))


def _must_fall_on(day: date, weekdays: set[int], today: date) -> None:
    if weekdays and day.weekday() not in weekdays:
        raise ValueError(
            phrase(
                "{day} is a {weekday}; name another date or weekday",
                day=day_in_words(day, today),
                weekday=weekday_in_words(day),
            )
        )


# --- dates -------------------------------------------------------------------------------------------------------


def _date(when: When, choice: Sense, today: date, since: date, *, is_end: bool = False) -> date:
    """`since`: what has no year comes on this date or later. `is_end`: of a month or week, its last day."""
    match when:
        case Ahead(days):
            return today + ONE_DAY * days
        case CalendarDay(readings, year):
            month, day = readings[-1] if choice.month_first else readings[0]
            return _calendar_date(month, day, year, since)
        case MonthName():
            return _month(when, since, is_end=is_end)
        case Near(weekday, is_next):
            return _near(weekday, choice.later_week, today) if is_next else today + ONE_DAY * _days_to(weekday, today)
        case InWeek(weekday, ahead):
            missing = choice.weekday if not is_end else 6
            return _monday(today, ahead) + ONE_DAY * (missing if weekday is None else weekday)
        case NthOf(nth, weekday, month_name):
            return _nth_of(nth, weekday, month_name, since)
        case EndOf(year=whole_year):
            return _month(MonthName(12 if whole_year else since.month), since, is_end=True)


def _calendar_date(month: int, day: int, year: int | None, since: date) -> date:
    years = [year] if year else range(since.year, since.year + 9)  # 29 February may be eight years away
    found = [made for each in years if (made := _made(each, month, day)) and (year or made >= since)]
    if found and 1900 <= found[0].year < 3000:
        return found[0]
    if 1 <= month <= 12:
        named = date_in_words(day, month, year or None)
    elif year:
        named = phrase("day {day} of a month {month} {year}", day=day, month=month, year=year)
    else:
        named = phrase("day {day} of a month {month}", day=day, month=month)
    raise ValueError(phrase('There is no {day}; write the date like "3 dec"', day=named))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: MonthName, since: date, *, is_end: bool = False) -> date:
    """Its first or its last day; the running month where that is named."""
    year = name.year or since.year + (name.number < since.month)
    following = date(year + 1, 1, 1) if name.number == 12 else date(year, name.number + 1, 1)
    return following - ONE_DAY if is_end else date(year, name.number, 1)


def _nth_of(nth: int, weekday: int, month: MonthName, since: date) -> date:
    years = [month.year] if month.year else range(since.year, since.year + 30)
    found = [day for year in years if (day := nth_weekday(year, month.number, nth, weekday))]
    if later := [day for day in found if month.year or day >= since]:
        return later[0]
    raise ValueError(phrase("There is no such {weekday} in that month", weekday=phrase(DAY_NAMES[weekday])))


def _near(weekday: int, is_later: bool, today: date) -> date:
    """`next thursday`: the first one from tomorrow on, or that of the next calendar week."""
    return (
        _monday(today, 1) + ONE_DAY * weekday
        if is_later
        else today + ONE_DAY * (1 + _days_to(weekday, today + ONE_DAY))
    )


def _days_to(weekday: int, day: date) -> int:
    return (weekday - day.weekday()) % 7


def _monday(today: date, weeks_ahead: int) -> date:
    return today + ONE_DAY * (7 * weeks_ahead - today.weekday())
