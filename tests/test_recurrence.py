"""When a group meets: the canonical text, wall times over clock changes, a recount day by day with other arithmetic."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.recurrence import NTHS, Dates, Monthly, Occurrence, Recurrence, Weekly, nth_order, read_recurrence

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe")
BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)

days = st.dates(FIRST, LAST)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ends = st.none() | days
weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))
nth_sets = st.sets(st.sampled_from(list(NTHS.values())), min_size=1).map(
    lambda some: tuple(sorted(some, key=nth_order))
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(text: str, after: str, zone: ZoneInfo = BERLIN, count: int = 3) -> list[datetime]:
    return [one.starts for one in islice(read_recurrence(text).occurrences(utc(after), zone), count)]


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    kind = draw(st.sampled_from(("weekly", "every", "monthly", "dates")))
    if kind == "dates":
        return Recurrence(Dates(tuple(sorted(draw(st.dictionaries(days, times, min_size=1, max_size=6)).items()))))
    start, until, at = draw(ends), draw(ends), draw(times)
    weekdays = draw(weekday_sets)
    if kind == "every":
        start = (start or FIRST) + timedelta(days=(weekdays[0] - (start or FIRST).weekday()) % 7)
    until = max(until, start) if until and start else until
    if kind == "monthly":
        return Recurrence(Monthly(draw(nth_sets), weekdays[0], at), start, until)
    return Recurrence(Weekly(weekdays, at, draw(st.integers(2, 6)) if kind == "every" else 1), start, until)


# --- the text ----------------------------------------------------------------------------------------------------


@given(recurrences())
def test_the_text_says_it_all(recurrence: Recurrence) -> None:
    assert read_recurrence(str(recurrence)) == recurrence


@pytest.mark.parametrize(
    "text",
    [
        "thu 17:00",
        "tue, thu 12:30",
        "thu 17:00 from 2026-12-03 until 2027-03-31",
        "every 2 weeks tue 12:30 from 2026-11-24 until 2027-03-31",
        "monthly 1st thu 17:00",
        "monthly 1st, 3rd thu 17:00",
        "monthly last fri 18:00 until 2027-06-30",
        "2026-12-03 17:00, 2026-12-17 18:00",
    ],
)
def test_the_text_of_a_configuration(text: str) -> None:
    assert str(read_recurrence(text)) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" THU  9:00 ", "thu 09:00"),
        ("thu,mon ,  thu 17:00", "mon, thu 17:00"),
        ("monthly last,1st fri 18:00", "monthly 1st, last fri 18:00"),
        ("2026-12-17 17:00,2026-12-03 17:00", "2026-12-03 17:00, 2026-12-17 17:00"),
        ("every 1 weeks thu 17:00", "thu 17:00"),
    ],
)
def test_case_spaces_and_order_do_not_matter(text: str, canonical: str) -> None:
    assert str(read_recurrence(text)) == canonical


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "write it like"),
        ("thursday 17:00", "write it like"),
        ("thu", "write it like"),
        ("thu 17", "write it like"),
        ("thu 24:00", "no time of day"),
        ("thu 17:00 until 2027-02-30", "no date of the calendar"),
        ("thu 17:00 from 2027-03-01 until 2027-02-01", "ends on 2027-02-01, before it begins"),
        ("every 2 weeks tue 12:30", "needs its first date"),
        ("every 2 weeks tue 12:30 from 2026-11-25", "needs its first date"),
        ("every 0 weeks tue 12:30 from 2026-11-24", "1 to 52"),
        ("every 53 weeks tue 12:30 from 2026-11-24", "1 to 52"),
        ("monthly 1st mon, tue 17:00", "write it like"),
        ("2026-12-03 17:00, 2026-12-03 18:00", "once each"),
        ("2026-12-03 17:00 until 2026-12-04", "write it like"),
    ],
)
def test_other_text_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_recurrence(text)


@pytest.mark.parametrize(
    "rule",
    [
        Weekly((), time(17)),
        Weekly((3, 1), time(17)),
        Weekly((7,), time(17)),
        Weekly((1,), time(17, 0, 30)),
        Monthly((), 3, time(17)),
        Monthly((-1, 1), 3, time(17)),
        Monthly((6,), 3, time(17)),
        Dates(()),
        Dates(((FIRST, time(17, tzinfo=UTC)),)),
    ],
)
def test_what_the_text_could_not_say_does_not_exist(rule: Weekly | Monthly | Dates) -> None:
    with pytest.raises(ValueError, match=r"must|number|monthly|wall time"):
        Recurrence(rule)


def test_single_dates_have_no_span() -> None:
    with pytest.raises(ValueError, match="no from and no until"):
        Recurrence(Dates(((FIRST, time(17)),)), until=LAST)


@given(st.text(max_size=60))
def test_nothing_but_a_value_error_comes_of_any_text(text: str) -> None:
    with suppress(ValueError):
        assert read_recurrence(str(read_recurrence(text))) == read_recurrence(text)


# --- clock changes -----------------------------------------------------------------------------------------------


def test_the_wall_time_stays_over_both_clock_changes() -> None:
    assert starts("thu 17:00", "2026-03-25 00:00", count=2) == [utc("2026-03-26 16:00"), utc("2026-04-02 15:00")]
    assert starts("thu 17:00", "2026-10-21 00:00", count=2) == [utc("2026-10-22 15:00"), utc("2026-10-29 16:00")]


def test_the_missing_hour_comes_after_the_change() -> None:
    assert starts("sun 02:30", "2026-03-28 12:00", count=1) == [utc("2026-03-29 01:30")]  # 03:30 in summer time


def test_the_doubled_hour_counts_once_and_is_the_first() -> None:
    assert starts("sun 02:30", "2026-10-24 12:00", count=2) == [utc("2026-10-25 00:30"), utc("2026-11-01 01:30")]
    assert starts("sun 02:30", "2026-10-25 00:30", count=1) == [utc("2026-11-01 01:30")]


def test_a_time_taken_from_the_second_of_the_doubled_hours_means_the_first() -> None:
    twice = Recurrence(Weekly((6,), time(2, 30, fold=1)))
    assert next(twice.occurrences(utc("2026-10-24 12:00"), BERLIN)).starts == utc("2026-10-25 00:30")
    assert next(twice.occurrences(utc("2026-03-28 12:00"), BERLIN)).starts == utc("2026-03-29 01:30")


def test_half_an_hour_on_lord_howe() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    assert starts("sun 02:15", "2026-10-03 00:00", zone, 1) == [utc("2026-10-03 15:45")]  # 02:45 in summer time
    assert starts("sun 01:45", "2026-04-03 00:00", zone, 1) == [utc("2026-04-04 14:45")]  # the first of the two


def test_a_day_that_a_zone_left_out_is_met_once() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
    met = starts("mon, tue, wed, thu, fri, sat, sun 17:00", "2011-12-29 12:00", apia, 3)
    assert [one.astimezone(apia).date().day for one in met] == [29, 31, 1]


def test_what_a_left_out_day_pushed_to_the_next_is_still_to_come_there() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert starts("fri 17:00", "2011-12-30 20:00", apia, 1) == [utc("2011-12-31 03:00")]  # Saturday 10:00 to 17:00


def test_nothing_comes_before_the_first_date() -> None:
    assert starts("tue, thu 17:00 from 2026-11-25", "2026-11-01 00:00", count=1) == [utc("2026-11-26 16:00")]


def test_an_occurrence_is_later_than_the_time_asked_for() -> None:
    at = utc("2026-11-26 16:00")
    weekly = read_recurrence("thu 17:00")
    assert next(weekly.occurrences(at - timedelta(seconds=1), BERLIN)) == Occurrence(date(2026, 11, 26), at)
    assert next(weekly.occurrences(at, BERLIN)).on == date(2026, 12, 3)


def test_the_end_is_included_and_then_nothing_comes() -> None:
    some = read_recurrence("thu 17:00 until 2026-12-03")
    assert [one.on.day for one in some.occurrences(utc("2026-11-23 00:00"), BERLIN)] == [26, 3]
    assert (
        list(read_recurrence("monthly 5th thu 17:00 until 2026-12-30").occurrences(utc("2026-11-23 00:00"), BERLIN))
        == []
    )


@given(recurrences(), st.sampled_from(ZONES), st.integers(0, 4 * 365 * 24 * 60))
def test_occurrences_ascend_at_their_wall_time(recurrence: Recurrence, name: str, minutes: int) -> None:
    zone, now = ZoneInfo(name), utc("2024-01-01 00:00") + timedelta(minutes=minutes)
    wall = dict(recurrence.rule.moments) if isinstance(recurrence.rule, Dates) else recurrence.rule.at
    found = list(islice(recurrence.occurrences(now, zone), 300))
    assert all(one.starts < other.starts and one.on < other.on for one, other in pairwise(found))
    for one in found:
        assert one.starts > now
        assert_at_wall_time(
            one.starts, datetime.combine(one.on, wall if isinstance(wall, time) else wall[one.on]), zone
        )


def assert_at_wall_time(starts: datetime, wall: datetime, zone: ZoneInfo) -> None:
    """Walks over the minutes before: the wall clock shows this time now and not earlier, or it never shows it and this
    is as long after the change as the time is after the hour that was left out."""
    shown = starts.astimezone(zone).replace(tzinfo=None)
    if shown == wall:
        earlier = [(starts - timedelta(minutes=back)).astimezone(zone).replace(tzinfo=None) for back in (30, 60)]
        assert wall not in earlier
        return
    day = [starts + timedelta(minutes=step) for step in range(-180, 180)]
    assert wall not in [moment.astimezone(zone).replace(tzinfo=None) for moment in day]
    assert shown - wall in (timedelta(minutes=30), timedelta(hours=1))


# --- a recount ---------------------------------------------------------------------------------------------------


def is_met(recurrence: Recurrence, day: date) -> bool:
    rule = recurrence.rule
    if isinstance(rule, Dates):
        return day in [on for on, _ in rule.moments]
    if (recurrence.start and day < recurrence.start) or (recurrence.until and day > recurrence.until):
        return False
    if isinstance(rule, Monthly):
        nth, is_last = (day.day + 6) // 7, (day + timedelta(days=7)).month != day.month
        return day.weekday() == rule.weekday and (nth in rule.nths or (is_last and -1 in rule.nths))
    if rule.every == 1 or recurrence.start is None:
        return day.weekday() in rule.weekdays
    weeks = (day.toordinal() - 1) // 7 - (recurrence.start.toordinal() - 1) // 7  # ordinal 1 is a Monday
    return day.weekday() in rule.weekdays and weeks % rule.every == 0


@given(recurrences())
def test_a_recount_day_by_day_finds_the_same(recurrence: Recurrence) -> None:
    every_day = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]
    found = [day for day, _ in takewhile(lambda one: one[0] <= LAST, recurrence.dates(FIRST))]
    assert found == [day for day in every_day if is_met(recurrence, day)]


def test_three_groups_over_a_year() -> None:
    year, end = utc("2026-01-01 00:00"), utc("2027-01-01 00:00")
    plans = (
        ("thu 17:00", "Europe/Berlin", 53, time(17)),
        ("every 2 weeks tue 12:30 from 2026-01-06", "America/New_York", 26, time(12, 30)),
        ("monthly 1st wed 19:00", "Asia/Tokyo", 12, time(19)),
    )
    for text, name, count, wall in plans:
        zone = ZoneInfo(name)
        met = [one.starts for one in islice(read_recurrence(text).occurrences(year, zone), 60) if one.starts < end]
        assert len(met) == count
        assert {one.astimezone(zone).time() for one in met} == {wall}
