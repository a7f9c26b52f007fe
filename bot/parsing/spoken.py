"""Says a recurrence as people would: "every other Tuesday at 12:30 until 31 March"."""

from datetime import date, time, timedelta
from itertools import groupby

from bot.languages import Listener, Phrase, Reader, joined, msgid, phrase, say
from bot.model.recurrence import Dates, Monthly, Recurrence, Weekly

DAY_NAMES = (
    msgid("Monday"),
    msgid("Tuesday"),
    msgid("Wednesday"),
    msgid("Thursday"),
    msgid("Friday"),
    msgid("Saturday"),
    msgid("Sunday"),
)
MONTH_NAMES = (
    msgid("January"),
    msgid("February"),
    msgid("March"),
    msgid("April"),
    msgid("May"),
    msgid("June"),
    msgid("July"),
    msgid("August"),
    msgid("September"),
    msgid("October"),
    msgid("November"),
    msgid("December"),
)
NTH_NAMES = {
    1: msgid("first"),
    2: msgid("second"),
    3: msgid("third"),
    4: msgid("fourth"),
    5: msgid("fifth"),
    -1: msgid("last"),
}
ENGLISH = Reader()
SOON = timedelta(days=183)

_EVERY_DAY, _WORKDAYS = tuple(range(7)), tuple(range(5))


def describe(recurrence: Recurrence, today: date, to: Listener = ENGLISH) -> str:
    """To be read after "The group meets …". A start is left out once it has come."""
    rule, start, until = recurrence.rule, recurrence.start, recurrence.until
    said = _rule_in_words(rule, today, to)
    begins = say(to, day_in_words(start, today)) if start and start > today else ""
    ends = say(to, day_in_words(until, today)) if until else ""
    if begins and ends:
        return say(to, "{rule} from {start} until {end}", rule=said, start=begins, end=ends)
    if begins:
        return say(to, "{rule} from {start}", rule=said, start=begins)
    return say(to, "{rule} until {end}", rule=said, end=ends) if ends else said


def is_near(day: date, today: date) -> bool:
    """Among the next ones, so that it needs no year."""
    return today <= day < today + SOON


def day_in_words(day: date, today: date) -> Phrase:
    """`3 December`, or `3 December 2027` where it is not among the next ones."""
    return date_in_words(day.day, day.month, None if is_near(day, today) else day.year)


def date_in_words(day: int, month: int, year: int | None = None) -> Phrase:
    """Of one that need not be in the calendar."""
    name = phrase(MONTH_NAMES[month - 1])
    if year is None:
        return phrase("{day} {month}", day=day, month=name)
    return phrase("{day} {month} {year}", day=day, month=name, year=year)


def weekday_in_words(day: date) -> Phrase:
    return phrase(DAY_NAMES[day.weekday()])


def _at(to: Listener, days: str, at: time) -> str:
    if at == time(0):
        return say(to, "{days} at {time}, as the day begins", days=days, time=f"{at:%H:%M}")
    return say(to, "{days} at {time}", days=days, time=f"{at:%H:%M}")


def _rule_in_words(rule: Weekly | Monthly | Dates, today: date, to: Listener) -> str:
    match rule:
        case Weekly():
            return _at(to, _weeks_in_words(rule, to), rule.at)
        case Monthly():
            return _at(to, _months_in_words(rule, to), rule.at)
        case Dates():
            stretches = [_dates_in_words(rule.moments, at, today, to) for at in _times_in_a_row(rule)]
            return say(to, "on {dates}", dates=joined(to, stretches))


def _months_in_words(rule: Monthly, to: Listener) -> str:
    nths = joined(to, [say(to, NTH_NAMES[nth]) for nth in rule.nths])
    return say(to, "on the {nths} {day} of every month", nths=nths, day=say(to, DAY_NAMES[rule.weekday]))


def _weeks_in_words(rule: Weekly, to: Listener) -> str:
    days = joined(to, [say(to, DAY_NAMES[weekday]) for weekday in rule.weekdays])
    match rule.every:
        case 1 if rule.weekdays == _EVERY_DAY:
            return say(to, "every day")
        case 1 if rule.weekdays == _WORKDAYS:
            return say(to, "Monday to Friday")
        case 1:
            return say(to, "every {days}", days=days)
        case 2 if len(rule.weekdays) == 1:
            return say(to, "every other {day}", day=days)
        case 2:
            return say(to, "every other week on {days}", days=days)
    return say(to, "every {n} weeks on {days}", n=rule.every, days=days)


def _times_in_a_row(rule: Dates) -> list[tuple[int, int]]:
    """Stretches of dates that share a time, as slices."""
    numbered = enumerate(rule.moments)
    stretches = [[number for number, _ in same] for _, same in groupby(numbered, key=lambda item: item[1][1])]
    return [(stretch[0], stretch[-1] + 1) for stretch in stretches]


def _dates_in_words(moments: tuple[tuple[date, time], ...], stretch: tuple[int, int], today: date, to: Listener) -> str:
    some = moments[slice(*stretch)]
    days = [
        say(to, "{weekday} {date}", weekday=weekday_in_words(day), date=day_in_words(day, today)) for day, _ in some
    ]
    return _at(to, joined(to, days), some[0][1])
