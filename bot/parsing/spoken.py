"""Says a recurrence as people would: "every other Tuesday at 12:30 until 31 March"."""

from datetime import date, time, timedelta
from itertools import groupby

from bot.model.recurrence import Dates, Monthly, Recurrence, Weekly
from bot.wording import join_words

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTH_NAMES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
SOON = timedelta(days=183)

_EVERY_DAY, _WORKDAYS = tuple(range(7)), tuple(range(5))


def describe(recurrence: Recurrence, today: date) -> str:
    """To be read after "The group meets …". A start is left out once it has come."""
    rule, start, until = recurrence.rule, recurrence.start, recurrence.until
    parts = [_rule_in_words(rule, today)]
    parts += [f"from {day_in_words(start, today)}"] if start and start > today else []
    parts += [f"until {day_in_words(until, today)}"] if until else []
    return " ".join(parts)


def is_near(day: date, today: date) -> bool:
    """Among the next ones, so that it needs no year."""
    return today <= day < today + SOON


def day_in_words(day: date, today: date) -> str:
    """`3 December`, or `3 December 2027` where it is not among the next ones."""
    year = "" if is_near(day, today) else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def time_in_words(at: time) -> str:
    return f"at {at:%H:%M}" + (", as the day begins" if at == time(0) else "")


def _rule_in_words(rule: Weekly | Monthly | Dates, today: date) -> str:
    match rule:
        case Weekly():
            return f"{_weeks_in_words(rule)} {time_in_words(rule.at)}"
        case Monthly():
            nths = join_words([NTH_NAMES[nth] for nth in rule.nths])
            return f"on the {nths} {DAY_NAMES[rule.weekday]} of every month {time_in_words(rule.at)}"
        case Dates():
            return "on " + join_words([_dates_in_words(rule.moments, at, today) for at in _times_in_a_row(rule)])


def _weeks_in_words(rule: Weekly) -> str:
    days = join_words([DAY_NAMES[weekday] for weekday in rule.weekdays])
    if rule.every == 1:
        return {_EVERY_DAY: "every day", _WORKDAYS: "Monday to Friday"}.get(rule.weekdays, f"every {days}")
    if rule.every == 2 and len(rule.weekdays) == 1:
        return f"every other {days}"
    return f"every {'other week' if rule.every == 2 else f'{rule.every} weeks'} on {days}"


def _times_in_a_row(rule: Dates) -> list[tuple[int, int]]:
    """Stretches of dates that share a time, as slices."""
    numbered = enumerate(rule.moments)
    stretches = [[number for number, _ in same] for _, same in groupby(numbered, key=lambda item: item[1][1])]
    return [(stretch[0], stretch[-1] + 1) for stretch in stretches]


def _dates_in_words(moments: tuple[tuple[date, time], ...], stretch: tuple[int, int], today: date) -> str:
    some = moments[slice(*stretch)]
    return f"{join_words([f'{day:%A} {day_in_words(day, today)}' for day, _ in some])} {time_in_words(some[0][1])}"
