"""The schedule looks at a group when its time has come, and at no other."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from adapters.stores.sqlite import open_store
from bot import schedule
from bot.actions.people import set_rota
from bot.day.needs import Needs
from bot.errors import StoreError
from bot.model import Act, DaySettings, GroupSettings, WeekSettings
from bot.next_look import SOON, next_look
from bot.ports import Reads, Rows, Store
from bot.schedule import LONGEST_REST, Schedule
from tests.club import BERLIN, Town, town
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource, paper
from tests.groups import set_groups
from tests.hints import look
from tests.year import BEGINS, ENDS, GROUPS, HOUR, Life, Year

P = ParamSpec("P")
T = TypeVar("T")


class Counting(Store):
    """How often the rows are asked off the loop, and how often something is written."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.reads = 0
        self.writes = 0

    async def write(self, fn: Callable[Concatenate[Rows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.writes += 1
        return await self.store.write(fn, *args, **kwargs)

    async def read(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.reads += 1
        return await self.store.read(fn, *args, **kwargs)

    async def peek(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.store.peek(fn, *args, **kwargs)

    @property
    def commits(self) -> int:
        return self.store.commits

    async def wait_for_commit(self, after: int) -> None:
        await self.store.wait_for_commit(after)

    async def look(self) -> None:
        await self.store.look()

    async def ping(self) -> None:
        await self.store.ping()

    async def close(self) -> None:
        await self.store.close()


def groups(number: int) -> list[GroupSettings]:
    day, week = DaySettings(on="daily", cards=2, layout="channel"), WeekSettings(session="thu 17:00")
    return [
        GroupSettings(id=f"g{n}", timezone="Europe/Berlin", channels=(f"web:g{n}",), day=day, week=week)
        for n in range(number)
    ]


async def settle(club: Town) -> None:
    for _ in range(5):
        await club.tick()
        club.clock.move(seconds=15)


def counted(club: Town) -> tuple[Schedule, Counting]:
    made, store = club.club, Counting(club.club.store)
    return Schedule(made.daily, made.meetings, made.groups, store, made.clock, made.watch), store


async def test_a_quiet_tick_asks_for_no_group_and_commits_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, *groups(20), now="2026-11-21 12:00") as club:
        await settle(club)
        quiet, store = counted(club)
        await quiet.tick()  # keeps the time
        store.reads, store.writes, commits = 0, 0, store.commits
        for _ in range(20):
            club.clock.move(seconds=15)
            assert not await quiet.tick()
        assert (store.reads, store.writes, store.commits) == (0, 0, commits)


async def test_what_somebody_does_has_their_group_looked_at_alone(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-20", paper(1))
    async with town(tmp_path, *groups(20), now="2026-11-21 12:00", source=source) as club:
        await settle(club)
        await club.member("Ann", "g7")
        await club.club.store.act(set_rota, Act("rota", "g7", 1, "web", club.clock.now()), True)
        busy, store = counted(club)
        assert await store.peek(lambda rows: rows.looks.due(club.clock.now(), 99)) == ["g7"]
        await busy.tick()
        assert store.reads == 1  # when it is to be looked at next
        assert await store.peek(lambda rows: rows.looks.due(club.clock.now(), 99)) == []


async def test_more_than_a_tick_takes_are_taken_by_the_next_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "MOST", 4)
    async with town(tmp_path, *groups(10), now="2026-11-21 12:00") as club:
        await club.club.collector.catch_up()
        looked = list[int]()
        while True:
            before = await club.club.store.peek(lambda rows: len(rows.looks.due(club.clock.now(), 99)))
            has_more = await club.club.schedule.tick()
            looked.append(before)
            if not has_more:
                break
        assert looked[0] == 10
        assert len(looked) > 3
        assert await club.club.store.peek(lambda rows: rows.looks.due(club.clock.now(), 99)) == []


async def test_groups_whose_posts_wait_for_their_lists_keep_no_tick_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "MOST", 4)
    async with town(tmp_path, *groups(10), now="2026-11-21 12:00") as club:
        ticks = 1
        while await club.club.schedule.tick():
            ticks += 1
        assert ticks <= 6, "each is looked at once, and once more since its meetings were planned"
        assert await club.club.store.peek(lambda rows: rows.looks.due(club.clock.now(), 99)) == []
        await club.club.collector.catch_up()
        while await club.club.schedule.tick():
            pass
        for group in club.club.groups.by_id:
            assert await club.club.daily.posted_since(club.club.groups.by_id[group], date(2026, 11, 20))


async def test_a_group_in_trouble_rests_ever_longer_and_holds_up_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = ListedSource()
    async with town(tmp_path, *groups(3), now="2026-11-21 06:00", source=source) as club:
        await settle(club)
        with closing(sqlite3.connect(tmp_path / "town.db")) as connection, connection:
            connection.execute("UPDATE groups SET settings = 'nonsense', look_at = 0 WHERE id = 'g1'")
        looked = list[float]()
        for _ in range(4 * 60 * 4):
            caplog.clear()
            await club.club.schedule.tick()
            if "week of g1" in caplog.text:
                looked.append(club.clock.elapsed())
            club.clock.move(seconds=15)
        pauses = [after - before for before, after in pairwise(looked)]
        assert pauses[:5] == [30, 60, 120, 240, 480]
        assert set(pauses[5:]) == {LONGEST_REST}
        digests = await club.club.store.read(lambda rows: [len(rows.days.digests(f"g{n}", 9)) for n in (0, 2)])
        assert digests == [2, 2]
        with closing(sqlite3.connect(tmp_path / "town.db")) as connection, connection:
            connection.execute("UPDATE groups SET settings = (SELECT settings FROM groups WHERE id = 'g0')")
        club.clock.move(seconds=LONGEST_REST)
        await club.club.schedule.tick()
        assert await club.club.store.peek(lambda rows: rows.looks.next("g1")) > club.clock.now()


async def test_a_group_that_never_comes_to_rest_rests(tmp_path: Path) -> None:
    async with town(tmp_path, *groups(2), now="2026-11-21 12:00") as club:
        await settle(club)
        restless = Restless(club.club.meetings)
        made = club.club
        watched = Schedule(made.daily, restless, made.groups, made.store, made.clock, made.watch)  # type: ignore[arg-type]
        await made.store.write(lambda rows: rows.looks.hasten("g0", club.clock.now()))
        for _ in range(4):
            await watched.tick()
            club.clock.move(seconds=5)
        assert restless.looked == 1


async def test_a_database_that_does_not_answer_ends_no_ticking(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "EVERY", 0.01)
    async with town(tmp_path, *groups(1), now="2026-11-21 12:00") as club:
        made, deaf = club.club, Deaf(club.club.store)
        await made.collector.catch_up()
        ticking = Schedule(made.daily, made.meetings, made.groups, deaf, made.clock, made.watch)
        async with ticking.running(), asyncio.timeout(20):
            while not await made.store.read(lambda rows: rows.days.digests("g0", 1)):
                await made.store.wait_for_commit(made.store.commits)
    assert caplog.text.count("the tick: the disk is full") == 2


class Deaf(Counting):
    """Fails twice."""

    failures = 2

    async def peek(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk is full")
        return await super().peek(fn, *args, **kwargs)


class Restless:
    def __init__(self, weekly: Any) -> None:
        self.looked = 0

    async def tick(self, group: GroupSettings) -> bool:
        self.looked += 1
        return False


def yesterday(rows: Reads, now: datetime) -> Needs:
    return {("gazette", now.date() - timedelta(days=1)): now}


async def test_a_new_list_of_a_source_concerns_all_groups_and_the_same_again_none(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-20", paper(1))
    async with town(tmp_path, *groups(3), now="2026-11-21 12:00", source=source) as club:
        await settle(club)
        await club.club.collector.bring(yesterday)
        assert await club.club.store.peek(lambda rows: rows.looks.due(club.clock.now(), 9)) == []
        source.announce("2026-11-20", paper(2))
        club.clock.move(seconds=1)
        await club.club.collector.bring(yesterday)
        assert len(await club.club.store.peek(lambda rows: rows.looks.due(club.clock.now(), 9))) == 3


async def test_a_group_whose_only_channel_the_configuration_gave_away_is_not_looked_at_every_minute(
    tmp_path: Path,
) -> None:
    place = "discord:1/2"
    async with town(tmp_path, now="2026-11-21 12:00") as club:
        await club.user("discord:7", "Mo", place, "moderator").says("/paper-admin setup")
        await club.user("discord:7", "Mo", place, "moderator").says("/paper-admin start")
    heir = replace(BERLIN, id="heir", channels=(place,))
    async with town(tmp_path, BERLIN, heir, now="2026-11-21 12:00") as club:
        await settle(club)
        assert not club.club.groups.by_id["discord-2"].channels, "it meets nowhere"
        assert await club.club.store.peek(lambda rows: rows.looks.next("discord-2")) > club.clock.now() + SOON


async def test_settings_that_the_schedule_does_not_have_yet_are_looked_at_soon(tmp_path: Path) -> None:
    async with town(tmp_path, *groups(1), now="2026-11-21 12:00") as club:
        await settle(club)
        old = club.club.groups.by_id["g0"]
        other = replace(old, day=replace(old.day, cards=5))
        found = await club.club.store.read(next_look, other, None, club.clock.now())
        assert found == club.clock.now() + SOON


# --- by hints it is as if all were looked at in every tick


class Hourly(Year):
    """Ticks at full hours; with hints it looks only at whom they name."""

    by_hints = False
    looks = 0

    async def _tick(self, life: Life) -> None:
        now = self.clock.now()
        if self.by_hints and await self.store.peek(lambda rows: rows.looks.next(life.id)) > now:
            life.due = now + HOUR
            return
        self.looks += 1
        if self.by_hints:
            await look(self.store, life.club.meetings, life.club.group, now)
        else:
            await life.club.meetings.tick(life.club.group)
        await self._look(life)

    async def _look(self, life: Life) -> None:
        await super()._look(life)
        life.due = self.clock.now().replace(minute=0, second=0, microsecond=0) + HOUR

    def _next(self) -> datetime:
        at = super()._next()
        return at if at < BEGINS + timedelta(weeks=3) else ENDS


class ByHints(Hourly):
    by_hints = True


SLEEPY = [replace(group, week=replace(group.week, sleep_weeks=1)) for group in GROUPS]


async def lived_by(kind: type[Hourly], file: Path) -> tuple[int, Any]:
    """How often it was looked at groups, and what came of it."""
    store = await open_store(file)
    try:
        await set_groups(store, SLEEPY, at=BEGINS)
        one = kind(store, MovableClock(f"{BEGINS:%Y-%m-%d %H:%M}"), file, SLEEPY)
        await one.live()
        one.close()
        exports = [await store.read(lambda rows, id=id: rows.groups.export(id)) for id in one.lives]  # type: ignore[misc]
        return one.looks, (exports, [life.club.posts for life in one.lives.values()])
    finally:
        await store.close()


async def test_three_weeks_by_hints_are_those_in_which_all_are_looked_at(tmp_path: Path) -> None:
    often, all_of_it = await lived_by(Hourly, tmp_path / "all.db")
    seldom, by_hints = await lived_by(ByHints, tmp_path / "hints.db")
    assert by_hints == all_of_it
    assert seldom * 3 < often
