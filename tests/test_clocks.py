"""A clock that is set, was never set, or stood still: ticks go on, nothing is done by a wrong time that nothing takes
back, and once it is right all goes on as if it had been."""

import asyncio
import selectors
import sqlite3
import tracemalloc
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.actions.claims import claim_paper
from bot.actions.looks import last_time
from bot.actions.votes import cast_vote
from bot.clock import EARLIEST, SetClock, SystemClock, Trust, Watch
from bot.model import Act, DaySettings, GroupSettings, WeekSettings
from bot.schedule import next_tick
from tests.club import Town, town
from tests.fakes.clock import MovableClock, read_time
from tests.fakes.source import ListedSource, paper

NOON = "2026-11-23 12:00"
YEAR = timedelta(days=365)

# --- the ticking


class Leaping(selectors.DefaultSelector):
    """Waits for nothing: where the loop would, its time goes on by as much."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout:
            self.now += timeout
        return found


class LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.leaps = Leaping()
        super().__init__(self.leaps)

    def time(self) -> float:
        return self.leaps.now


class WallClock(tzinfo):
    """What APScheduler reads: the loop's time, and how far somebody has set it since."""

    def __init__(self, loop: LeapingLoop) -> None:
        self.loop = loop
        self.shift = timedelta(0)

    def fromutc(self, _: datetime) -> datetime:
        passed = timedelta(seconds=self.loop.leaps.now)
        return (read_time(NOON) + passed + self.shift).replace(tzinfo=self)

    def utcoffset(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, _: datetime | None) -> str:
        return "wall"


def ticks_of(shift: timedelta, loop: LeapingLoop) -> list[float]:
    """When ten ticks came; after the third somebody set the clock."""

    async def live() -> list[float]:
        wall, times = WallClock(loop), list[float]()
        scheduler = AsyncIOScheduler(timezone=wall)
        scheduler.start()
        loop.call_later(50, setattr, wall, "shift", shift)
        for _ in range(10):
            await next_tick(scheduler, 15)
            times.append(loop.time())
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)
        return times

    return loop.run_until_complete(live())


@pytest.mark.parametrize("days", [0, -1 / 24, -3650, 1 / 24, 365, 3650])
def test_ticks_go_on_however_the_clock_is_set(days: float) -> None:
    with closing(LeapingLoop()) as loop:
        times = ticks_of(timedelta(days=days), loop)
    pauses = [after - before for before, after in zip([0.0, *times], times, strict=False)]
    assert len(pauses) == 10
    assert max(pauses) <= 30
    assert [round(pause) for pause in pauses[-4:]] == [15] * 4


def test_ten_years_ahead_cost_no_memory() -> None:
    with closing(LeapingLoop()) as loop:
        ticks_of(timedelta(0), loop)
        tracemalloc.start()
        ticks_of(timedelta(days=3650), loop)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 1_000_000


# --- how far a clock is believed


def test_elapsed_time_counts_a_suspend_where_the_machine_tells() -> None:
    clock = SystemClock()
    before = clock.elapsed()
    assert clock.elapsed() >= before


def test_a_jump_of_hours_is_believed_step_by_step() -> None:
    clock = MovableClock(NOON)
    watch = Watch(clock)
    assert watch.trust() is Trust.ALL
    assert not watch.doubt
    clock.set(clock.now() + YEAR)
    assert watch.trust() is Trust.NOTHING
    clock.move(seconds=61)
    assert watch.trust() is Trust.POSTS
    assert watch.doubt.startswith("The clock of this machine jumped to 2027-11-23 12:00 UTC.")
    clock.move(minutes=58)
    assert watch.trust() is Trust.POSTS
    clock.move(minutes=1)
    assert watch.trust() is Trust.ALL
    assert not watch.doubt


def test_a_clock_that_is_right_again_is_believed_at_once() -> None:
    clock = MovableClock(NOON)
    watch = Watch(clock)
    assert watch.trust() is Trust.ALL
    for wrong in (YEAR, -YEAR, timedelta(hours=3)):
        right = clock.now()
        clock.set(right + wrong)
        assert watch.trust() is Trust.NOTHING
        clock.set(right)
        assert watch.trust() is Trust.ALL


@pytest.mark.parametrize("hours", [1, -1, 1.9, -1.9])
def test_an_hour_is_no_jump(hours: float) -> None:
    clock = MovableClock(NOON)
    watch = Watch(clock)
    assert watch.trust() is Trust.ALL
    clock.set(clock.now() + timedelta(hours=hours))
    assert watch.trust() is Trust.ALL


def test_a_suspend_is_no_jump() -> None:
    clock = MovableClock(NOON)
    watch = Watch(clock)
    assert watch.trust() is Trust.ALL
    clock.move(days=3)
    assert watch.trust() is Trust.ALL


@pytest.mark.parametrize(
    ("last", "trust"),
    [
        ("2026-11-20 12:00", Trust.ALL),  # it was down for three days
        ("2026-10-25 12:00", Trust.ALL),
        ("2026-10-20 12:00", Trust.NOTHING),  # nobody rests so long
        ("2026-11-23 12:04", Trust.ALL),
        ("2026-11-23 12:10", Trust.NOTHING),  # it was later already
    ],
)
def test_a_start_is_compared_with_the_last_time_known(last: str, trust: Trust) -> None:
    clock = MovableClock(NOON)
    watch = Watch(clock, read_time(last))
    assert watch.trust() is trust
    clock.move(hours=1)
    assert watch.trust() is Trust.ALL


def test_a_start_by_a_wrong_clock_is_forgotten_once_it_is_right() -> None:
    clock = MovableClock(NOON)
    watch = Watch(clock, read_time("2026-11-23 11:50"))
    clock.set(clock.now() + YEAR)
    assert watch.trust() is Trust.NOTHING
    clock.set(read_time(NOON))
    assert watch.trust() is Trust.ALL


def test_a_clock_that_was_never_set_says_the_last_time_known_and_goes_on() -> None:
    clock = MovableClock("1970-01-01 00:01")
    said, watch = SetClock(clock, read_time(NOON)), Watch(clock, read_time(NOON))
    clock.move(minutes=5)
    assert said.now() == read_time("2026-11-23 12:05")
    assert watch.trust() is Trust.NOTHING
    assert "it says 1970" in watch.doubt
    clock.set(read_time("2026-11-24 09:00"))
    assert said.now() == read_time("2026-11-24 09:00")
    assert watch.trust() is Trust.ALL
    assert SetClock(MovableClock("1970-01-01 00:01")).now() == EARLIEST


# --- a group that lives by it

GROUP = GroupSettings(
    id="readers",
    timezone="Europe/Berlin",
    channels=("web:readers",),
    day=DaySettings(on="daily", cards=2, layout="channel"),
    week=WeekSettings(session="thu 17:00", headcount=3, sleep_weeks=2),
)


async def begin(club: Town) -> None:
    """Papers, votes and a claim; a vote is open, and the next thing that is due is a day away."""
    await club.tick()
    members = [await club.member(name) for name in ("Ann", "Bob", "Cyd")]
    assert len(members) == 3
    for member in (1, 2, 3):
        act = Act(f"vote-{member}", "readers", member, "web", club.clock.now())
        await club.club.store.act(cast_vote, act, 1)
    await club.club.store.act(claim_paper, Act("claim", "readers", 2, "web", club.clock.now()), 2)
    for _ in range(3):
        club.clock.move(seconds=15)
        await club.tick()


def every_day() -> ListedSource:
    source = ListedSource()
    for day in range(16, 31):
        source.announce(f"2026-11-{day:02}", paper(day * 10), paper(day * 10 + 1))
    return source


SOME = ("session", "session_step", "claim", "vote_source", "pick", "digest", "entry", "message", "had", "audit")


def rows_of(folder: Path, *tables: str) -> Mapping[str, list[Any]]:
    """All of the database, but for what says when somebody looks."""
    with closing(sqlite3.connect(folder / "town.db")) as connection:
        sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'paper_fts%'"
        names = tables or [name for (name,) in connection.execute(sql)]
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608
        columns = [name for (name,) in connection.execute("SELECT name FROM pragma_table_info('groups')")]
    if not tables:
        look = columns.index("look_at")
        found["kept"] = [row for row in found["kept"] if row[0] != "clock"]
        found["groups"] = [(*row[:look], *row[look + 1 :]) for row in found["groups"]]
    return found


@pytest.mark.parametrize("days", [365, 3, -3, -365, -20_000])
async def test_one_wrong_tick_changes_nothing(tmp_path: Path, days: int) -> None:
    async with town(tmp_path, GROUP, now=NOON, source=every_day()) as club:
        await begin(club)
        before = rows_of(tmp_path)
        right = club.clock.now()
        club.clock.set(right + timedelta(days=days))
        await club.tick()
        club.clock.set(right)
        await club.tick()
        assert rows_of(tmp_path) == before
        await club.wait_until("2026-11-24 08:00")
        assert (await club.channel())[-1].title


async def test_what_comes_after_a_wrong_tick_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    lives = []
    for name, wrong in (("right", None), ("wrong", YEAR)):
        (folder := tmp_path / name).mkdir()
        async with town(folder, GROUP, now=NOON, source=every_day()) as club:
            await begin(club)
            if wrong:
                right = club.clock.now()
                club.clock.set(right + wrong)
                await club.tick()
                club.clock.set(right)
            for _ in range(24 * 5):
                club.clock.move(hours=1)
                await club.tick()
        lives.append(rows_of(folder, *SOME))
    assert lives[0] == lives[1]


async def test_a_year_ahead_nothing_is_closed_called_off_put_to_sleep_or_blamed(tmp_path: Path) -> None:
    async with town(tmp_path, GROUP, now=NOON, source=every_day()) as club:
        await begin(club)
        before = rows_of(tmp_path, "session", "session_step", "claim", "pick", "audit")
        club.clock.set(club.clock.now() + YEAR)
        for _ in range(58):
            club.clock.move(minutes=1)
            await club.tick()
            await club.club.meetings.latest(GROUP)
        assert rows_of(tmp_path, "session", "session_step", "claim", "pick", "audit") == before
        status = (await club.visitor().says("/paper status")).text
        assert "The clock of this machine jumped to 2027-11-23" in status
        assert (await club.channel())[-1].title.startswith(("Papers for", "No new"))  # posts are not held back
        club.clock.move(minutes=3)
        await club.tick()
        assert rows_of(tmp_path, "session") != {"session": before["session"]}


async def test_a_post_that_a_wrong_clock_dated_is_not_the_newest_once_it_is_right(tmp_path: Path) -> None:
    async with town(tmp_path, GROUP, now=NOON, source=every_day()) as club:
        await begin(club)
        club.clock.set(club.clock.now() + YEAR)
        for _ in range(3):
            club.clock.move(minutes=1)
            await club.tick()
        club.clock.set(club.clock.now() - YEAR)
        await club.wait_until("2026-11-24 08:00")
        assert "24 November" in (await club.visitor().says("/paper today")).text
        await (await club.member("Zoe")).says("/paper submit https://example.org/some.pdf title:Some Paper")
        found = await club.club.store.read(lambda rows: rows.entries.titles("readers", "some paper", 1))
        assert found, "it was taken"
        entry = await club.club.store.read(lambda rows: rows.entries.entry("readers", found[0].entry))
        assert entry
        assert entry.posted_on == date(2026, 11, 24)


async def test_an_hour_back_nothing_comes_twice(tmp_path: Path) -> None:
    async with town(tmp_path, GROUP, now=NOON, source=every_day()) as club:
        await begin(club)
        await club.wait_until("2026-11-24 08:00")
        before = rows_of(tmp_path, "digest", "message", "session_step")
        club.clock.set(club.clock.now() - timedelta(hours=1))
        for _ in range(8):
            club.clock.move(minutes=10)
            await club.tick()
        after = rows_of(tmp_path, "digest", "message", "session_step")
        assert after["digest"] == before["digest"]
        assert len(after["message"]) == len(before["message"])


async def test_a_suspend_of_three_days_is_caught_up_once(tmp_path: Path) -> None:
    async with town(tmp_path, GROUP, now=NOON, source=every_day()) as club:
        await begin(club)
        club.clock.move(days=3)
        await club.tick()
        first = [card.title for card in await club.channel() if card.title.startswith("Papers for")]
        await club.tick()
        titles = [card.title for card in await club.channel() if card.title.startswith("Papers for")]
        assert titles == first
        assert titles[-1] == "Papers for Thursday 26 November"
        assert len(titles) == 2


async def test_a_board_that_starts_in_1970_posts_nothing_tells_and_goes_on_once_its_clock_is_right(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path, GROUP, now=NOON, source=every_day()) as club:
        await begin(club)
    before = rows_of(tmp_path)
    async with town(tmp_path, GROUP, now="1970-01-01 00:00", source=every_day()) as club:
        for _ in range(10):
            club.clock.move(minutes=1)
            await club.tick()
        assert rows_of(tmp_path) == before
        assert "it says 1970" in (await club.visitor().says("/paper status")).text
        assert "the clock was never set" in caplog.text
        ann = await club.member("Ann")
        await ann.says("/paper vote 2")
        voted = rows_of(tmp_path, "vote_source")["vote_source"]
        assert min(row[-1] for row in voted) > read_time("2026-01-01 00:00").timestamp() * 1_000_000
        club.clock.set(read_time("2026-11-24 08:00"))
        await club.tick()
        assert (await club.channel())[-1].title.startswith("Papers for") or club.surface.titles
        assert await club.club.store.read(last_time) == read_time("2026-11-24 08:00")


async def test_a_first_start_in_1970_writes_nothing_of_that_year(tmp_path: Path) -> None:
    async with town(tmp_path, replace(GROUP, week=WeekSettings()), now="1970-01-01 00:00", source=every_day()) as club:
        await club.tick()
        ann = await club.member("Ann")
        await ann.says("/paper vote 2")
        club.clock.set(read_time(NOON))
        await club.tick()
        assert [card.title for card in await club.channel()]
    with closing(sqlite3.connect(tmp_path / "town.db")) as connection:
        ((joined,),) = connection.execute("SELECT min(joined_at) FROM membership").fetchall()
        ((first,),) = connection.execute("SELECT value FROM kept WHERE key = 'first_start'").fetchall()
    assert joined >= EARLIEST.timestamp() * 1_000_000
    assert first == "2024-01-01"
