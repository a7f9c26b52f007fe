"""Which sessions there are: as the settings say, moved with them, and never twice on a date."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.actions.reschedule import reschedule_meeting, skip_meeting
from bot.meetings import Meetings
from bot.model import Session, WeekSettings
from bot.ports import Store
from bot.week.plan import arrange, late_close
from tests.fakes.clock import read_time
from tests.refusing import refused
from tests.weekly_club import FRIDAY, READERS, Club, club

TUESDAYS = "tue 18:00"


async def plan_of(readers: Club) -> list[str]:
    """`26 Nov 17:00 planned`, in the group's zone."""
    found = []
    for session in await readers.sessions():
        local = session.starts.astimezone(readers.group.zone)
        found.append(f"{local.day} {local:%b %H:%M} {session.status}")
    return found


async def test_the_next_three_sessions_are_planned_once(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.tick()
        await readers.tick()
        assert await plan_of(readers) == ["26 Nov 17:00 planned", "3 Dec 17:00 planned", "10 Dec 17:00 planned"]
        await readers.until("2026-11-26 17:30")
        assert (await plan_of(readers))[-1] == "17 Dec 17:00 planned"
        session = await readers.session()
        assert (session.minutes, session.place) == (60, "Room 2.01")


async def test_a_group_that_does_not_meet_has_no_sessions_and_is_told_what_to_do(tmp_path: Path) -> None:
    async with club(tmp_path, session="") as readers:
        await readers.tick()
        assert not await readers.sessions()
        with refused("/paper-admin schedule thursdays 17:00"):
            await readers.next_session()
        with refused("has not met yet"):
            await readers.meetings.latest(readers.group)


async def test_dates_that_are_over_are_said_to_be_over(tmp_path: Path) -> None:
    async with club(tmp_path, session="2026-11-19 17:00") as readers:
        with refused("dates that were set are over"):
            await readers.next_session()


async def test_the_current_session_is_the_one_that_is_on(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        assert (await readers.next_session()).on == date(2026, 11, 26)
        await readers.until("2026-11-26 16:30")
        assert (await readers.next_session()).on == date(2026, 11, 26)
        assert (await readers.meetings.latest(readers.group)).on == date(2026, 11, 26)
        await readers.until("2026-11-26 17:00")
        assert (await readers.next_session()).on == date(2026, 12, 3)


async def test_another_weekday_moves_the_next_session_and_cancels_the_others(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.tick()
        first = await readers.session()
        await readers.with_week(session=TUESDAYS)
        await readers.tick()
        assert await plan_of(readers) == [
            "24 Nov 18:00 planned",
            "1 Dec 18:00 planned",
            "3 Dec 17:00 cancelled",
            "8 Dec 18:00 planned",
            "10 Dec 17:00 cancelled",
        ]
        moved = await readers.session("2026-11-24")
        assert (moved.id, moved.sequence) == (first.id, first.sequence + 1)
        assert await readers.told() == ["move: the group meets on other days now"]


async def test_back_on_the_old_weekday_cancelled_dates_are_planned_anew(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.tick()
        first = await readers.session()
        await readers.with_week(session=TUESDAYS)
        await readers.tick()
        await readers.with_week(session="thu 17:00")
        await readers.tick()
        planned = [line for line in await plan_of(readers) if line.endswith("planned")]
        assert planned == ["26 Nov 17:00 planned", "3 Dec 17:00 planned", "10 Dec 17:00 planned"]
        assert (await readers.session()).id == first.id


async def test_what_was_decided_survives_when_its_new_date_is_taken_by_a_cancelled_one(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob")
        alpha, _ = await readers.list_papers("Alpha", "Beta")
        await readers.vote(alpha, "Ann", "Bob")
        await readers.claim("Ann", alpha)
        await readers.tick()
        await readers.with_week(session="fri 09:00")  # 27 November takes the session of the 26th
        await readers.tick()
        await readers.until("2026-11-24 12:00")
        await readers.confirm("Ann", "2026-11-27")
        await readers.until("2026-11-26 20:00")
        friday = await readers.session("2026-11-27")
        assert friday.entry == alpha
        await readers.with_week(session="thu 17:00")  # the 3rd of December was cancelled above
        await readers.tick()
        thursday = await readers.session("2026-12-03")
        assert (thursday.status, thursday.entry) == ("planned", alpha)
        assert thursday.presenter == readers.members["Ann"]
        assert (await readers.session("2026-11-27")).status == "cancelled"
        assert (await readers.told())[-1] == "cancel: the group meets on other days now"


async def test_what_comes_next_does_not_move_behind_what_comes_then(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob")
        alpha, _ = await readers.list_papers("Alpha", "Beta")
        await readers.vote(alpha, "Ann", "Bob")
        await readers.until("2026-11-23 12:00")
        assert (await readers.session()).entry == alpha
        await readers.with_week(session="thu 17:00 from 2026-12-03")
        await readers.tick()
        assert await plan_of(readers) == [
            "26 Nov 17:00 cancelled",
            "3 Dec 17:00 planned",
            "10 Dec 17:00 planned",
            "17 Dec 17:00 planned",
        ]
        assert (await readers.session("2026-12-03")).entry == alpha


async def test_a_proposal_that_nobody_confirmed_is_an_explained_gap(tmp_path: Path) -> None:
    async with club(tmp_path, pick="organiser") as readers:
        await readers.join("Ann")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.vote(alpha, "Ann")
        await readers.until("2026-11-26 20:00")
        session = await readers.session()
        assert (session.status, session.why) == ("skipped", "nobody confirmed the paper that was proposed")
        await readers.until("2026-11-28 20:00")
        assert "missed" in await readers.actions()


async def test_another_hour_or_place_moves_sessions_but_not_those_that_a_moderator_moved(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Mod")
        await readers.tick()
        later = await readers.session("2026-12-03")
        await readers.store.act(reschedule_meeting, readers.act("Mod"), later.id, starts=read_time("2026-12-04 10:00"))
        await readers.with_week(session="thu 18:30", place="Online", minutes=90)
        await readers.tick()
        assert await plan_of(readers) == ["26 Nov 18:30 planned", "4 Dec 11:00 planned", "10 Dec 18:30 planned"]
        assert [(s.place, s.minutes) for s in await readers.sessions()] == [
            ("Online", 90),
            ("Room 2.01", 60),
            ("Online", 90),
        ]
        assert (await readers.session()).scheduled_at == readers.now
        sequence = (await readers.session()).sequence
        await readers.with_week(place="Room 3")
        await readers.tick()
        assert (await readers.session()).sequence == sequence + 1


async def test_an_hour_that_has_passed_today_leaves_todays_session_alone(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.until("2026-11-26 14:00")
        await readers.with_week(session="thu 12:00")
        await readers.tick()
        assert await plan_of(readers) == [
            "26 Nov 17:00 planned",
            "3 Dec 12:00 planned",
            "10 Dec 12:00 planned",
            "17 Dec 12:00 planned",
        ]


async def test_another_zone_moves_the_instant(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.tick()
        await readers.set_group(replace(readers.group, timezone="Asia/Tokyo"))
        await readers.tick()
        assert (await readers.session()).starts == read_time("2026-11-26 08:00")


async def test_without_a_schedule_only_what_is_decided_still_takes_place(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.vote(alpha, "Ann")
        await readers.until("2026-11-23 12:00")
        assert (await readers.session()).entry == alpha
        await readers.with_week(session="")
        await readers.tick()
        assert await plan_of(readers) == ["26 Nov 17:00 planned", "3 Dec 17:00 cancelled", "10 Dec 17:00 cancelled"]
        assert not await readers.told()


async def test_a_skipped_date_is_not_planned_again_and_does_not_count_as_ahead(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Mod")
        await readers.tick()
        await readers.store.act(skip_meeting, readers.act("Mod"), (await readers.session()).id, "holidays")
        await readers.tick()
        assert await plan_of(readers) == [
            "26 Nov 17:00 skipped",
            "3 Dec 17:00 planned",
            "10 Dec 17:00 planned",
            "17 Dec 17:00 planned",
        ]


async def test_a_session_at_short_notice_votes_for_half_of_the_time_that_is_left(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-24 08:00") as readers:
        await readers.join("Ann")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.tick()
        session = await readers.session()
        assert session.closes_at == read_time("2026-11-25 12:00")
        assert (await readers.session("2026-12-03")).closes_at is None
        assert readers.kinds() == ["pick"]
        await readers.until("2026-11-25 11:59")
        await readers.vote(alpha, "Ann")
        await readers.until("2026-11-25 12:00")
        assert (await readers.session()).entry == alpha
        assert (await readers.session()).closed_at == read_time("2026-11-25 12:00")


def test_where_nobody_votes_no_ballot_is_held_open() -> None:
    starts, now = read_time("2026-11-26 16:00"), read_time("2026-11-25 16:00")
    assert late_close(READERS, starts, now) == read_time("2026-11-26 04:00")
    assert late_close(READERS, starts, starts - timedelta(days=5)) is None
    presenting = READERS.__class__(id="readers", week=WeekSettings(session="thu 17:00", mode="presenter"))
    assert late_close(presenting, starts, now) is None


async def test_a_tick_with_nothing_due_is_a_handful_of_reads(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.vote(alpha, "Ann", "Bob")
        await readers.claim("Ann", alpha)
        await readers.until("2026-11-24 12:00")
        counted = Counting(readers.store)
        await Meetings(counted, readers.clock).tick(readers.group)
        assert sum(counted.calls.values()) <= 5, counted.calls


class Counting:
    """A store that counts what is asked of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.calls = Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self._store, name)


async def test_a_session_that_ended_while_nobody_ran_is_explained(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.tick()
        readers.clock.move_to("2026-12-04 12:00")
        await readers.tick()
        missed = await readers.session()
        assert (missed.status, missed.why) == ("skipped", "Paperclub was not running when its paper was to be picked")
        assert not readers.kinds("pick")
        assert (await readers.actions()).count("missed") == 2
        assert [line for line in await plan_of(readers) if line.endswith("planned")] == [
            "10 Dec 17:00 planned",
            "17 Dec 17:00 planned",
            "24 Dec 17:00 planned",
        ]


async def test_a_session_for_which_nothing_was_nominated_says_so_too(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.until("2026-11-26 18:00")
        assert await readers.told() == ["pick: no paper was nominated"]
        assert (await readers.session()).why == "no paper was chosen for it"


def session_on(on: date, starts: datetime, **fields: Any) -> Session:
    return Session(1, "readers", on, starts, 60, "Room 2.01", **fields)


def test_a_session_that_was_moved_behind_its_date_is_no_stranger() -> None:
    moved = session_on(date(2026, 11, 19), read_time("2026-11-23 16:00"), moved=True)
    found = arrange(READERS, [moved], read_time(FRIDAY))
    assert not found.moves
    assert [one.on.day for one in found.planned] == [26, 3, 10]


def test_nothing_is_done_where_all_is_as_it_should_be() -> None:
    sessions = [
        session_on(date(2026, 11, 26), read_time("2026-11-26 16:00")),
        session_on(date(2026, 12, 3), read_time("2026-12-03 16:00")),
        session_on(date(2026, 12, 10), read_time("2026-12-10 16:00")),
    ]
    assert arrange(READERS, sessions, read_time(FRIDAY)).is_done
