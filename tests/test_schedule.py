"""What is due is found in the rows, once, whatever the machine and the clocks did."""

import asyncio
from dataclasses import replace
from datetime import time
from pathlib import Path

from bot.groups import Groups
from bot.model import DaySettings, GroupSettings, WeekSettings
from bot.outbox import settle_all
from bot.schedule import Schedule
from tests.club import MONDAY, Town, town
from tests.fakes.source import ListedSource, paper
from tests.groups import set_groups

NIGHT = GroupSettings(
    id="readers",
    timezone="Europe/Berlin",
    channels=("web:readers",),
    day=DaySettings(on="daily", post_at=time(2, 30), cards=3),
)


def every_day(month: int, first: int, last: int) -> ListedSource:
    source = ListedSource(settles=time(0))
    for day in range(first, last + 1):
        source.announce(f"2026-{month:02}-{day:02}", paper(month * 100 + day))
    return source


async def live_through(night: Town, hours: int) -> None:
    """Ticks every quarter of an hour, as the running program would every 15 seconds."""
    for _ in range(hours * 4):
        night.clock.move(minutes=15)
        await night.tick()


def digests(night: Town) -> list[str]:
    return [title for title in night.surface.titles if title.startswith(("Papers for", "No new"))]


async def test_the_doubled_hour_of_autumn_posts_once(tmp_path: Path) -> None:
    source = every_day(10, 20, 28)
    async with town(tmp_path, NIGHT, now="2026-10-24 12:00", source=source) as night:
        await night.tick()
        await live_through(night, 36)
    assert digests(night) == [
        "Papers for Saturday 24 October",
        "Papers for Sunday 25 October",
    ]


async def test_the_missing_hour_of_spring_posts_once(tmp_path: Path) -> None:
    source = every_day(3, 20, 31)
    async with town(tmp_path, NIGHT, now="2026-03-28 12:00", source=source) as night:
        await night.tick()
        await live_through(night, 36)
    assert digests(night) == ["Papers for Saturday 28 March", "Papers for Sunday 29 March"]


async def test_a_machine_that_slept_for_days_posts_once_and_goes_on(tmp_path: Path) -> None:
    source = every_day(11, 1, 30)
    async with town(tmp_path, NIGHT, now="2026-11-10 12:00", source=source) as night:
        await night.tick()
        await night.wait_until("2026-11-15 18:00")
        await night.tick()
        assert digests(night) == ["Papers for Tuesday 10 November", "Papers for Sunday 15 November"]
        await night.wait_until("2026-11-16 02:00")
        assert digests(night)[2:] == ["Papers for Monday 16 November"]


async def test_a_clock_that_is_set_back_posts_nothing_twice(tmp_path: Path) -> None:
    source = every_day(11, 1, 30)
    async with town(tmp_path, NIGHT, now="2026-11-10 12:00", source=source) as night:
        await night.tick()
        await night.wait_until("2026-11-10 01:45")
        await night.wait_until("2026-11-10 12:00")
        assert digests(night).count("Papers for Tuesday 10 November") == 1


async def test_a_group_in_trouble_does_not_hold_up_the_next(readers: Town) -> None:
    readers.source.announce("2026-11-23", paper(1))
    broken = GroupSettings(id="nobody", channels=("web:nobody",))  # not in the database: its rows are refused
    readers.clock.move_to("2026-11-23 08:00")
    await readers.club.collector.catch_up()
    groups = Groups((broken, *readers.club.all_groups))
    await Schedule(readers.club.daily, readers.club.meetings, groups, readers.club.store, readers.clock).tick()
    await settle_all(readers.club.outboxes)
    assert "Invented Paper Number 1" in readers.surface.titles


async def test_a_week_in_trouble_does_not_hold_up_the_next(readers: Town) -> None:
    meets = replace(readers.club.all_groups[0], week=WeekSettings(session="thu 17:00"))
    broken = replace(meets, id="nobody", channels=("web:nobody",))  # not in the database: it can't plan
    groups = Groups((broken, meets))
    await set_groups(readers.club.store, [meets])
    await Schedule(readers.club.daily, readers.club.meetings, groups, readers.club.store, readers.clock).tick()
    assert len(await readers.club.store.read(lambda rows: rows.sessions.sessions("readers", readers.clock.now()))) == 3


async def test_the_ticking_is_apschedulers_and_the_first_tick_is_at_once(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-20", paper(1))
    async with town(tmp_path, now=MONDAY, source=source) as readers:
        await readers.club.collector.catch_up()
        async with readers.club.schedule.running(), asyncio.timeout(10):
            while not await readers.club.store.read(lambda rows: rows.days.digests("readers", 1)):
                await readers.club.store.wait_for_commit(readers.club.store.commits)
    assert source.asked
