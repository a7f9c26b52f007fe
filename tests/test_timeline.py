"""What happens around a meeting: wall times and exact times, catching up, no reminder twice over ticks and outages."""

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Mode, Shape, TimelineSettings
from bot.model.durations import Duration, before, read_duration, read_durations
from bot.model.recurrence import read_recurrence
from bot.week.timeline import Step, StepKind, Timeline, answer_by, due, lay_out

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


START = utc("2026-11-26 16:00")  # Thursday 17:00 in Berlin
ASKED = START - timedelta(days=4)


def timeline(
    starts: datetime = START,
    mode: Mode = "vote",
    asked: datetime | None = ASKED,
    closes: datetime | None = None,
    *,
    ballots: bool = False,
    headcount: bool = False,
    **lengths: str,
) -> Timeline:
    shape = Shape(mode, ballots, headcount)
    return lay_out(starts, 60, BERLIN, TimelineSettings(**lengths), shape, asked, closes)


def local(line: Timeline, zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{step.at.astimezone(zone):%a %H:%M} {step.kind}" for step in line.steps]


def did(line: Timeline, now: datetime, done: Collection[str] = (), scheduled: datetime = LONG_AGO) -> list[str]:
    return [step.key for step in due(line, now, done, scheduled).do]


# --- lengths of time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length", "said"),
    [
        ("3 days", Duration(3), "3 days"),
        ("1 day", Duration(1), "1 day"),
        ("2w", Duration(14), "14 days"),
        ("24 hours", Duration(0, 1440), "24 hours"),
        ("10 min", Duration(0, 10), "10 minutes"),
        ("1 hour 30 minutes", Duration(0, 90), "1 hour 30 minutes"),
        ("1D 2hrs", Duration(1, 120), "1 day 2 hours"),
        ("0 minutes", Duration(0), "0 minutes"),
    ],
)
def test_lengths_are_read_and_said(text: str, length: Duration, said: str) -> None:
    assert read_duration(text) == length
    assert str(length) == said
    assert read_duration(said) == length


@pytest.mark.parametrize(
    "text", ["", "soon", "3", "days", "-1 day", "1.5 hours", "3 days ago", "3 months", "1 hour, 2"]
)
def test_other_words_are_no_length(text: str) -> None:
    with pytest.raises(ValueError, match='write "3 days", "1 hour"'):
        read_duration(text)


def test_several_lengths_come_the_longest_first() -> None:
    assert [str(one) for one in read_durations("10 minutes, 3 days,1 hour, 26 hours")] == [
        "3 days",
        "26 hours",
        "1 hour",
        "10 minutes",
    ]
    assert read_durations(" ") == ()


@given(st.text(max_size=30))
def test_any_other_text_raises_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert read_duration(str(read_duration(text))) == read_duration(text)


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "says"),
    [
        ({"reminders": "3 days, soon"}, 'write "3 days, 1 day, 1 hour"'),
        ({"reminders": "90 days"}, "reminders must be 60 days at most"),
        ({"reminders": "0 minutes"}, "no time before the start"),
        ({"reminders": ", ".join(f"{hours} hours" for hours in range(1, 10))}, "must be 8 at most"),
        ({"ballot": ""}, "ballot must be set"),
        ({"confirm": "later"}, 'confirm: "later" is no length of time'),
        ({"thread": "0 days"}, "thread: .* no time before the start"),
        ({"nominations": "4 days"}, "nominations must be a longer time before the start than ballot"),
        ({"confirm": "5 days"}, "ballot must be a longer time before the start than confirm"),
        ({"volunteers": "4 days"}, "ballot must be a longer time before the start than volunteers"),
        ({"counted": ""}, "counted must be set"),
        (
            {
                "nominations": "3 days",
                "shortlisted": "2 days",
                "ballot": "1 day",
                "volunteers": "",
                "confirm": "1 hour",
            },
            "longer time before the start than bring",
        ),
    ],
)
def test_faults_say_what_to_write(lengths: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        TimelineSettings(**lengths)


def test_all_faults_come_at_once() -> None:
    with pytest.raises(ValueError, match=r"nominations: .*; reminders: .*; thread: .*"):
        TimelineSettings(nominations="x", thread="y", reminders="z")


def test_what_is_left_out_does_not_happen() -> None:
    line = timeline(volunteers="", confirm="", reminders="", thread="", recap="")
    assert [step.kind for step in line.steps] == [StepKind.NOMINATE, StepKind.CLOSE, StepKind.PICK]


# --- the steps ---------------------------------------------------------------------------------------------------


def test_a_week_that_votes() -> None:
    assert local(timeline()) == [
        "Fri 17:00 nominate",
        "Sun 17:00 close",
        "Sun 17:00 pick",
        "Mon 17:00 volunteer",
        "Mon 17:00 remind",
        "Tue 01:00 nudge",
        "Tue 17:00 confirm",
        "Wed 17:00 thread",
        "Wed 17:00 remind",
        "Thu 16:00 remind",
        "Thu 16:50 remind",
        "Thu 18:10 recap",
    ]


def test_ballots_are_about_a_short_list_and_too_few_call_it_off() -> None:
    steps = local(timeline(asked=None, ballots=True, headcount=True))
    assert steps[:4] == ["Fri 17:00 nominate", "Sat 17:00 shortlist", "Sun 17:00 close", "Sun 17:00 pick"]
    assert "Thu 14:00 headcount" in steps


def test_a_week_whose_presenter_brings_a_paper() -> None:
    kinds = [step.kind for step in timeline(mode="presenter", asked=START - timedelta(days=6), ballots=True).steps]
    assert kinds[:5] == [StepKind.NAME, StepKind.NUDGE, StepKind.PAPER, StepKind.REMIND, StepKind.CONFIRM]
    assert {StepKind.NOMINATE, StepKind.SHORTLIST, StepKind.CLOSE, StepKind.PICK, StepKind.VOLUNTEER}.isdisjoint(kinds)


def test_a_ballot_that_was_opened_again_closes_later_and_leaves_time_for_volunteers() -> None:
    steps = timeline(asked=None, closes=START - DAY).steps
    times = {step.kind: (step.at, step.key) for step in steps}
    again = "2026-11-25T16:00Z"
    assert times[StepKind.CLOSE] == (START - DAY, f"close {again}")
    assert times[StepKind.PICK] == (START - DAY, f"pick {again}")
    assert times[StepKind.VOLUNTEER] == (START - timedelta(hours=18), f"volunteer {again}")
    assert times[StepKind.NOMINATE] == (START - 6 * DAY, "nominate")
    early = {step.kind: step.at for step in timeline(asked=None, closes=START - 5 * DAY).steps}
    assert early[StepKind.VOLUNTEER] == START - 3 * DAY


def test_days_keep_the_wall_time_and_hours_are_exact_over_a_clock_change() -> None:
    monday = utc("2026-03-30 15:00")  # 17:00 in summer time; the clock changed on Sunday
    assert before(monday, read_duration("3 days"), BERLIN) == utc("2026-03-27 16:00")
    assert before(monday, read_duration("72 hours"), BERLIN) == utc("2026-03-27 15:00")
    assert before(monday, read_duration("1 day 1 hour"), BERLIN) == utc("2026-03-29 14:00")


def test_a_step_in_the_missing_hour_comes_after_the_change() -> None:
    assert before(utc("2026-03-30 00:30"), read_duration("1 day"), BERLIN) == utc("2026-03-29 01:30")


def test_a_step_in_the_doubled_hour_is_the_first() -> None:
    second = utc("2026-10-25 01:30")  # the second 02:30
    assert before(second + timedelta(days=1), read_duration("1 day"), BERLIN) == second - HOUR


def test_the_ballot_closes_before_the_confirmation_though_the_clock_changed() -> None:
    starts = utc("2026-03-29 15:00")
    closes = utc("2026-03-28 16:00")
    line = timeline(starts, asked=closes, ballot="1 day", volunteers="", confirm="23 hours 50 minutes")
    assert Step(StepKind.CLOSE, closes, "close") in line.steps
    kinds = [step.kind for step in line.steps]
    assert (
        kinds.index(StepKind.NOMINATE)
        < kinds.index(StepKind.CLOSE)
        < kinds.index(StepKind.PICK)
        < kinds.index(StepKind.CONFIRM)
    )


SHAPES = st.builds(Shape, st.sampled_from(("vote", "presenter")), st.booleans(), st.booleans())


@given(
    st.sampled_from(ZONES),
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.times(),
    st.integers(15, 240),
    SHAPES,
)
def test_steps_come_in_order_with_keys_of_their_own(name: str, on: date, at: time, minutes: int, shape: Shape) -> None:
    zone = ZoneInfo(name)
    starts = datetime.combine(on, at.replace(second=0, microsecond=0, fold=0), zone).astimezone(UTC)
    line = lay_out(starts, minutes, zone, TimelineSettings(), shape, starts - timedelta(days=5))
    assert all(one.at <= other.at for one, other in pairwise(line.steps))
    assert len({step.key for step in line.steps}) == len(line.steps)
    assert all(step.at < starts for step in line.steps if step.kind is not StepKind.RECAP)
    ordered = (StepKind.NOMINATE, StepKind.NAME, StepKind.SHORTLIST, StepKind.CLOSE, StepKind.PICK, StepKind.VOLUNTEER)
    vote = [kind for kind in ordered if kind is not StepKind.NAME and (shape.ballots or kind is not StepKind.SHORTLIST)]
    preparations = [step.kind for step in line.steps if step.kind in ordered]
    assert preparations == (vote if shape.mode == "vote" else [StepKind.NAME])
    assert (StepKind.HEADCOUNT in {step.kind for step in line.steps}) is shape.headcount


# --- what is due -------------------------------------------------------------------------------------------------


def test_a_step_is_due_from_its_time_on_until_it_is_done() -> None:
    line = timeline()
    opening = line.steps[0].at
    assert did(line, opening - MINUTE) == []
    assert did(line, opening) == ["nominate"]
    assert did(line, opening, {"nominate"}) == []


def test_the_ballot_closes_and_then_the_paper_is_picked() -> None:
    assert did(timeline(), START - timedelta(days=4), {"nominate"}) == ["close", "pick"]


def test_of_missed_reminders_the_nearest_goes_out() -> None:
    line = timeline()
    now = START - timedelta(hours=14)
    found = due(line, now, {"nominate", "close", "pick"}, LONG_AGO)
    assert [step.key for step in found.do if step.kind is StepKind.REMIND] == ["remind 1 day 2026-11-26T16:00Z"]
    assert [step.key for step in found.pass_over] == ["remind 3 days 2026-11-26T16:00Z"]


def test_a_late_reminder_leaves_it_to_the_next_that_is_near() -> None:
    line = timeline(asked=None)
    done = {"nominate", "close", "pick", "volunteer", "thread"}
    assert did(line, START - HOUR - 5 * MINUTE, done) == []
    assert len(did(line, START - HOUR, done)) == 1
    assert len(did(line, START - 2 * HOUR, done)) == 1  # the next one is an hour away
    twice = timeline(asked=None, reminders="20 minutes, 10 minutes")
    assert len(did(twice, START - 20 * MINUTE, done)) == 1  # on time, however near the next one is


def test_no_reminder_comes_at_the_start_or_later() -> None:
    line = timeline()
    assert did(line, START - MINUTE)[-1] == "remind 10 minutes 2026-11-26T16:00Z"
    assert did(line, START) == []
    kinds = {step.kind for step in line.steps}
    assert {step.kind for step in due(line, START, (), LONG_AGO).pass_over} == kinds - {StepKind.RECAP}


def test_the_recap_is_asked_for_also_after_an_outage_but_not_for_ever() -> None:
    line = timeline()
    asks = START + 70 * MINUTE
    assert did(line, asks - MINUTE) == []
    assert did(line, asks) == ["recap"]
    assert did(line, asks + timedelta(days=6)) == ["recap"]
    assert did(line, asks + timedelta(days=7)) == []
    assert "recap" in [step.key for step in due(line, asks + timedelta(days=7), (), LONG_AGO).pass_over]


def test_a_meeting_scheduled_while_its_ballot_is_open_opens_nominations_at_once() -> None:
    scheduled = START - timedelta(days=5)
    assert did(timeline(asked=None), scheduled, (), scheduled) == ["nominate"]
    assert did(timeline(asked=None, ballots=True), scheduled + HOUR, (), scheduled) == ["nominate", "shortlist"]


def test_nothing_is_nominated_or_put_on_a_short_list_once_the_ballot_has_closed() -> None:
    found = due(timeline(asked=None, ballots=True), START - 4 * DAY, (), LONG_AGO)
    assert [step.kind for step in found.do] == [StepKind.CLOSE, StepKind.PICK]
    assert [step.kind for step in found.pass_over] == [StepKind.NOMINATE, StepKind.SHORTLIST]
    again = timeline(asked=None, ballots=True, closes=START - DAY)
    assert did(again, START - 4 * DAY) == ["nominate", "shortlist"]


def test_a_meeting_scheduled_at_short_notice_picks_at_once_and_reminds_only_from_then_on() -> None:
    scheduled = START - timedelta(hours=20)
    line = timeline(asked=None)
    found = due(line, scheduled, (), scheduled)
    assert [step.key for step in found.do] == ["close", "pick", "volunteer", "thread"]
    done = {step.key for step in (*found.do, *found.pass_over)}
    assert did(line, scheduled + MINUTE, done, scheduled) == []
    assert did(line, START - HOUR, done, scheduled) == ["remind 1 hour 2026-11-26T16:00Z"]


def test_a_reminder_due_when_the_meeting_is_scheduled_goes_out() -> None:
    scheduled = START - HOUR
    assert "remind 1 hour 2026-11-26T16:00Z" in did(timeline(asked=None), scheduled, (), scheduled)


def test_a_meeting_scheduled_when_it_is_over_asks_for_nothing() -> None:
    scheduled = START + timedelta(days=1)
    assert did(timeline(), scheduled, (), scheduled) == []


def test_a_rota_names_at_once_where_the_meeting_was_scheduled_late() -> None:
    scheduled = START - timedelta(days=2, hours=12)
    found = did(timeline(mode="presenter", asked=None), scheduled, (), scheduled)
    assert found == ["name", "paper 2026-11-26T16:00Z"]
    named = timeline(mode="presenter", asked=scheduled)
    assert did(named, scheduled, {"name"}, scheduled) == []
    assert "paper 2026-11-24T04:00Z" in did(named, START - timedelta(days=1, hours=6), {"name"}, scheduled)


def test_a_meeting_that_moved_reminds_anew_but_does_not_pick_again() -> None:
    done = {step.key for step in timeline().steps if step.kind is not StepKind.RECAP}
    moved = START - timedelta(hours=2)
    later = timeline(START + timedelta(days=7), asked=moved)
    keys = [key for days in range(8) for key in did(later, moved + timedelta(days=days), done, moved)]
    assert {key.split(" ")[0] for key in keys} == {"remind", "nudge", "confirm"}


def test_a_moved_meeting_does_not_repeat_a_reminder_whose_time_had_passed() -> None:
    done = {step.key for step in timeline().steps if step.at <= START - timedelta(days=2)}
    moved = START - timedelta(days=2)
    an_hour_later = timeline(START + HOUR)
    assert did(an_hour_later, moved, done, moved) == []


# --- the presenter's deadline ------------------------------------------------------------------------------------


def test_a_deadline_waits_until_a_presenter_is_asked() -> None:
    tuesday = START - timedelta(days=2)
    done = {"nominate", "close", "pick"}
    assert not any("confirm" in key for key in did(timeline(asked=None), tuesday, done))
    assert "confirm 2026-11-22T16:00Z" in did(timeline(), tuesday, done)


def test_who_was_asked_late_has_half_of_the_time_that_is_left() -> None:
    deadline = START - timedelta(days=2)
    assert answer_by(deadline, START - timedelta(days=4), START) == deadline
    assert answer_by(deadline, deadline, START) == START - timedelta(days=1)
    assert answer_by(deadline, START - timedelta(hours=10), START) == START - timedelta(hours=5)
    assert answer_by(deadline, deadline - timedelta(days=1), START) == deadline
    assert answer_by(START - HOUR, START - timedelta(hours=20), START) == START - HOUR


def test_a_second_presenter_has_a_deadline_of_their_own() -> None:
    tuesday = START - timedelta(days=2)
    done = {"nominate", "close", "pick", "confirm 2026-11-22T16:00Z"}
    second = timeline(asked=tuesday)
    assert not any("confirm" in key for key in did(second, tuesday, done))
    assert "nudge 2026-11-24T16:00Z" in did(second, tuesday + timedelta(hours=16), done)
    assert "confirm 2026-11-24T16:00Z" in did(second, tuesday + timedelta(days=1), done)


# --- what comes next ---------------------------------------------------------------------------------------------


# --- over ticks and outages --------------------------------------------------------------------------------------

gaps = st.lists(st.one_of(st.integers(1, 30), st.integers(30, 600), st.integers(600, 6000)), min_size=1, max_size=60)


@given(gaps, st.integers(0, 15000), SHAPES, st.sampled_from((None, START - 2 * DAY, START - 5 * DAY)))
def test_nothing_happens_twice_or_late_over_any_ticks_and_outages(
    minutes: list[int], scheduled_before: int, shape: Shape, closes: datetime | None
) -> None:
    scheduled = START - scheduled_before * MINUTE
    line = lay_out(START, 60, BERLIN, TimelineSettings(), shape, max(ASKED, scheduled), closes)
    now, seen = scheduled, dict[str, bool]()
    for gap in (0, *minutes):
        now += gap * MINUTE
        found = due(line, now, seen, scheduled)
        assert len([step for step in found.do if step.kind is StepKind.REMIND]) <= 1
        for step in (*found.do, *found.pass_over):
            assert step.key not in seen
            assert step.at <= now
            seen[step.key] = step in found.do
        for step in found.do:
            assert now < START or step.kind is StepKind.RECAP
            assert step.kind is not StepKind.REMIND or step.at >= scheduled
        assert not any(step.at <= now and step.key not in seen for step in line.steps)


@given(st.integers(1, 15), st.sampled_from(ZONES))
def test_with_steady_ticks_every_step_comes_at_its_time(tick: int, name: str) -> None:
    zone = ZoneInfo(name)
    line = lay_out(START, 60, zone, TimelineSettings(), Shape("vote", ballots=True, headcount=True), ASKED)
    now, done = line.steps[0].at - MINUTE, set[str]()
    while now < START + timedelta(hours=3):
        found = due(line, now, done, LONG_AGO)
        assert not found.pass_over
        assert all(now - step.at < tick * MINUTE for step in found.do)
        done |= {step.key for step in found.do}
        now += tick * MINUTE
    assert done == {step.key for step in line.steps}


@pytest.mark.parametrize(
    ("text", "name", "meetings"),
    [
        ("thu 17:00", "Europe/Berlin", 52),
        ("every 2 weeks tue 12:30 from 2026-11-24", "America/New_York", 26),
        ("monthly 1st wed 19:00", "Asia/Tokyo", 12),
    ],
)
def test_a_year_of_a_group_reminds_four_times_a_meeting_at_the_right_hour(text: str, name: str, meetings: int) -> None:
    zone, recurrence = ZoneInfo(name), read_recurrence(text)
    lines = [
        lay_out(one.starts, 60, zone, TimelineSettings(), Shape())
        for one in islice(recurrence.occurrences(utc("2026-11-23 00:00"), zone), meetings)
    ]
    reminders = [step for line in lines for step in line.steps if step.kind is StepKind.REMIND]
    wall = lines[0].starts.astimezone(zone)
    hours = {(wall - back).time() for back in (timedelta(0), HOUR, 10 * MINUTE)}
    assert len({step.key for step in reminders}) == 4 * meetings
    assert {step.at.astimezone(zone).time() for step in reminders} == hours
