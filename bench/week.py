"""What the week costs when nothing happens, and what a pick costs, each beside a floor. Judges nothing.

The schedule looks at a group when its time has come and when somebody did something there; most looks find nothing due.
The floor of one is a bare read of the group's sessions on a connection of its own;
that of a pick is a plain count of the same votes.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

from bot.compose import Club, opened
from bot.model import GroupSettings, Settings, WeekSettings
from bot.voting.decision import decide
from bot.voting.election import CastVote
from tests.electing import BEFORE, HOUR, election, paper
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource
from tests.fakes.surface import RecordingSurface

ROUNDS = 200  # ticks, interleaved with reads, so that a noisy moment falls on both
MEMBERS, NOMINEES, VOTES_EACH = 12, 60, 10
BARE = """
SELECT * FROM session WHERE group_id = ? AND starts + minutes * 60000000 > ? ORDER BY starts
"""
WEEK = WeekSettings(session="thu 17:00")
QUIET = "2026-11-21 12:00"  # nominations are open; the next step is a day away


def main() -> None:
    print(f"{'the week':44}{'ms':>10}{'floor ms':>10}{'ratio':>8}")
    for number in (1, 100):
        with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
            asyncio.run(_measure_ticks(Path(folder) / "week.db", number))
    _measure_picks()


def _say(what: str, seconds: Sequence[float], floor: Sequence[float]) -> None:
    ours, least = median(seconds), median(floor)
    print(f"{what:44}{ours * 1000:>10.3f}{least * 1000:>10.3f}{ours / least:>8.1f}")


async def _measure_ticks(path: Path, number: int) -> None:
    groups = tuple(
        GroupSettings(id=f"readers-{n}", timezone="Europe/Berlin", channels=(f"web:readers-{n}",), week=WEEK)
        for n in range(number)
    )
    clock, settings = MovableClock(QUIET), Settings(database=str(path), groups=groups)
    async with opened(settings, clock=clock, sources=[ListedSource()], adapters=[RecordingSurface()]) as club:
        for _ in range(3):  # plans the sessions and does what is due at once
            await _tick_all(club)
            clock.move(seconds=15)
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as bare:
            seconds, floor = list[float](), list[float]()
            for _ in range(max(20, ROUNDS // number)):
                seconds.append(await _timed(lambda: _tick_all(club)))
                floor.append(await _timed(lambda: _read_all(club, bare)))
    _say(f"tick with nothing due, {number} group{'s' * (number > 1)}", seconds, floor)


async def _tick_all(club: Club) -> None:
    for group in club.all_groups:
        await club.meetings.tick(group)


async def _read_all(club: Club, bare: sqlite3.Connection) -> None:
    since = int((club.clock.now() - timedelta(hours=1)).timestamp() * 1_000_000)
    for group in club.all_groups:
        assert bare.execute(BARE, (group.id, since)).fetchall()


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def _measure_picks() -> None:
    random = Random(1)
    papers = [paper(entry, nominated=entry % 24) for entry in range(NOMINEES)]
    cast = [
        CastVote(member, entry, BEFORE + random.randrange(1, 160) * HOUR)
        for member in range(MEMBERS)
        for entry in random.sample(range(NOMINEES), VOTES_EACH)
    ]
    held = replace(election(papers, cast), attending=tuple(range(0, MEMBERS, 2)))
    seconds, floor = list[float](), list[float]()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        decide(held)
        middle = time.perf_counter()
        Counter(vote.entry for vote in cast).most_common(1)
        seconds.append(middle - start)
        floor.append(time.perf_counter() - middle)
    _say(f"a pick: {MEMBERS} members, {NOMINEES} papers, {len(cast)} votes", seconds, floor)


if __name__ == "__main__":
    main()
