"""What a tick of the schedule costs with 10, 1,000 and 10,000 groups: the first after a start, a quiet one, and one in
which a hundred are due. Judges nothing.

Processor's time, since a tick waits for others; beside it the longest that the loop stood still.
"""

import asyncio
import logging
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from statistics import median

from bot.compose import Club, opened
from bot.model import DaySettings, GroupSettings, Settings, WeekSettings
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource
from tests.fakes.surface import RecordingSurface

NUMBERS = (10, 1_000, 10_000)
DUE = 100
ROUNDS = 5
QUIET = "2026-11-21 12:00"  # nominations are open; the next step is a day away
WEEK, DAY = WeekSettings(session="thu 17:00"), DaySettings(on="mon-fri")


def main() -> None:
    logging.getLogger("bot").setLevel(logging.ERROR)
    print(
        f"{'a tick, ms of the processor':28}{'open':>10}{'first':>10}{'quiet':>10}{f'{DUE} due':>10}{'loop still':>12}"
    )
    for number in NUMBERS:
        with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
            asyncio.run(_measure(Path(folder) / "ticks.db", number))


async def _measure(path: Path, number: int) -> None:
    groups = tuple(
        GroupSettings(id=f"g{n}", timezone="Europe/Berlin", channels=(f"web:g{n}",), week=WEEK, day=DAY)
        for n in range(number)
    )
    clock = MovableClock(QUIET)
    async with _open(path, groups[:1], clock) as club:
        await _settle(club, clock)
    _multiply(path, number)
    begun = time.process_time()
    async with _open(path, groups, clock) as club:
        took = time.process_time() - begun
        first = await _took(lambda: _catch_up(club))
        await _settle(club, clock)
        quiet, due = list[float](), list[float]()
        for _ in range(ROUNDS):
            clock.move(seconds=15)
            quiet.append(await _took(club.schedule.tick))
            _make_due(path, min(DUE, number))
            due.append(await _took(club.schedule.tick))
        _make_due(path, number)
        still = await _stood_still(lambda: _catch_up(club))
    figures = [took, first, median(quiet), median(due), still]
    print(f"{f'{number:,} groups':28}" + "".join(f"{one * 1000:>{10 + 2 * (one is still)}.1f}" for one in figures))


def _open(path: Path, groups: Sequence[GroupSettings], clock: MovableClock) -> AbstractAsyncContextManager[Club]:
    settings = Settings(database=str(path), groups=tuple(groups))
    return opened(settings, clock=clock, sources=[ListedSource()], adapters=[RecordingSurface()])


def _multiply(path: Path, number: int) -> None:
    """As if all groups had come as far as the first."""
    others = {
        "id": "id + n * 1000",
        "session_id": "session_id + n * 1000",
        "group_id": "'g' || n",
        "place": "'web:g' || n",
    }
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("groups", "channel", "session", "session_step", "digest", "had"):
            names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info ({table})")]
            other = others if table != "groups" else {"id": "'g' || n"}
            chosen = ", ".join(other.get(name, f'"{name}"') for name in names if table != "session" or name != "place")
            columns = ", ".join(f'"{name}"' for name in names if table != "session" or name != "place")
            connection.execute(
                f"""WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
                INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} CROSS JOIN numbers
                WHERE {"id" if table == "groups" else "group_id"} = 'g0'""",  # noqa: S608 - names of our own
                (number,),
            )


async def _settle(club: Club, clock: MovableClock) -> None:
    await club.collector.catch_up()
    for _ in range(4):
        await _catch_up(club)
        clock.move(seconds=15)


async def _catch_up(club: Club) -> None:
    while await club.schedule.tick():
        pass


def _make_due(path: Path, number: int) -> None:
    """As if their time had come, which finds nothing to do; before groups had such a time, nothing has to be made."""
    with closing(sqlite3.connect(path)) as connection, connection:
        if any(name == "look_at" for _, name, *_ in connection.execute("PRAGMA table_info (groups)")):
            ids = [(f"g{n}",) for n in range(number)]
            connection.executemany("UPDATE groups SET look_at = 0 WHERE id = ?", ids)


async def _took(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of the processor."""
    before = time.process_time()
    await work()
    return time.process_time() - before


async def _stood_still(work: Callable[[], Awaitable[object]]) -> float:
    """The longest that the loop did nothing else, in seconds of its thread."""
    longest = 0.0

    async def look() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    looking = asyncio.create_task(look())
    await work()
    looking.cancel()
    return longest


if __name__ == "__main__":
    main()
