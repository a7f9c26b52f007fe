"""Due times in zones: both clock changes, weekdays, what has settled, how dates are said."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.groups.post_times import due_at, last_due, next_due
from bot.model import DaySettings, GroupSettings, read_weekdays
from bot.moments import plain
from bot.papers.announcements import newest_settled
from bot.views.dates import spoken_days, spoken_time

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


def group(zone: str, at: str, on: str = "daily") -> GroupSettings:
    return GroupSettings(timezone=zone, day=DaySettings(on=on, post_at=time.fromisoformat(at)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_wall_time_stays_over_both_clock_changes() -> None:
    berlin = group("Europe/Berlin", "09:00")
    assert due_at(berlin, date(2026, 3, 28)) == at("2026-03-28 08:00")
    assert due_at(berlin, date(2026, 3, 29)) == at("2026-03-29 07:00")
    assert due_at(berlin, date(2026, 10, 24)) == at("2026-10-24 07:00")
    assert due_at(berlin, date(2026, 10, 25)) == at("2026-10-25 08:00")


def test_the_missing_hour_of_spring_comes_right_after_it() -> None:
    assert due_at(group("Europe/Berlin", "02:30"), date(2026, 3, 29)) == at("2026-03-29 01:30")


def test_the_doubled_hour_of_autumn_counts_the_first_time_only() -> None:
    berlin = group("Europe/Berlin", "02:30")
    first = at("2026-10-25 00:30")
    assert due_at(berlin, date(2026, 10, 25)) == first
    assert next_due(berlin, first) == at("2026-10-26 01:30")
    assert last_due(berlin, first + timedelta(hours=1)) == date(2026, 10, 25)


def test_only_the_chosen_weekdays_are_due() -> None:
    berlin = group("Europe/Berlin", "09:00", "mon-fri")
    assert last_due(berlin, at("2026-11-22 12:00")) == date(2026, 11, 20)
    assert next_due(berlin, at("2026-11-20 12:00")) == at("2026-11-23 08:00")


@given(
    st.sampled_from(ZONES),
    st.times(),
    st.sets(st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), min_size=1),
    st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: at("2024-01-01 00:00") + timedelta(minutes=minutes)),
)
def test_the_last_due_date_has_come_and_the_next_has_not(zone: str, post: time, on: set[str], now: datetime) -> None:
    some = GroupSettings(timezone=zone, day=DaySettings(on=", ".join(sorted(on)), post_at=post.replace(second=0)))
    last, coming = last_due(some, now), next_due(some, now)
    assert due_at(some, last) <= now < coming
    assert last.weekday() in some.day.weekdays
    gap = coming - due_at(some, last)
    assert timedelta(0) < gap <= timedelta(days=8)


@pytest.mark.parametrize(("now", "day"), [("2026-11-23 07:59", 22), ("2026-11-23 08:00", 23), ("2026-11-24 00:01", 23)])
def test_a_day_settles_at_its_time(now: str, day: int) -> None:
    assert newest_settled(time(8), "UTC", at(now)) == date(2026, 11, day)


def test_a_day_settles_in_the_zone_of_its_source() -> None:
    evening = at("2026-11-24 00:30")  # 19:30 of the day before in New York
    assert newest_settled(time(20), "America/New_York", evening) == date(2026, 11, 22)
    assert newest_settled(time(20), "America/New_York", evening + timedelta(hours=1)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon-fri", {0, 1, 2, 3, 4}), ("tue, THU", {1, 3}), ("sat-mon", {5, 6, 0}), ("daily", set(range(7)))],
)
def test_weekdays_are_read(text: str, days: set[int]) -> None:
    assert read_weekdays(text) == days


@pytest.mark.parametrize("text", ["", "monday", "mon-", "1-5", "mon;tue"])
def test_other_words_are_no_weekdays(text: str) -> None:
    with pytest.raises(ValueError, match="not a list of weekdays"):
        read_weekdays(text)


def test_dates_are_said_as_people_say_them() -> None:
    friday, readers = date(2026, 11, 20), group("Europe/Berlin", "09:00")
    assert spoken_days([friday], readers) == "Friday 20 November"
    assert spoken_days([friday, friday + timedelta(days=2)], readers) == "Friday 20 to Sunday 22 November"
    assert spoken_days([date(2026, 10, 30), date(2026, 11, 2)], readers) == "Friday 30 October to Monday 2 November"
    assert plain(spoken_time(at("2026-11-23 08:00"), readers)) == "Monday 23 November, 09:00 CET"
