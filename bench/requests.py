"""How long a request takes through the core, beside the database work that it can't do without. Judges nothing."""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles

from bot.actions.votes import toggle_vote
from bot.compose import Club, opened
from bot.model import Act, Request, Settings
from bot.serve import post_backlog

COUNT = 1_000
ROUNDS = 3
GROUP = "reading-group"
LINES = ("help", "today", "search diffusion", "show 3", "vote 1")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        asyncio.run(_measure(Path(folder) / "requests.db"))


async def _measure(path: Path) -> None:
    async with opened(Settings(database=str(path))) as club:
        await post_backlog(club)
        await _handle(club, "bench", Request("join", "web:bench", "join", {"name": "Bench"}, group=GROUP))
        cases = {line: _asks(club, line) for line in LINES} | {"floor: one durable vote at the store": _votes(club)}
        waits: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(ROUNDS):  # interleaved, so that a noisy minute falls on all
            for name, once in cases.items():
                waits[name] += [await _timed(once) for _ in range(COUNT)]
    print(f"{'request in, reply out':40}{'p50 ms':>10}{'p99 ms':>10}")
    for name, times in waits.items():
        print(f"{name:40}{median(times) * 1000:>10.2f}{quantiles(times, n=100)[98] * 1000:>10.2f}")


def _asks(club: Club, line: str) -> Callable[[], Awaitable[object]]:
    command, args = club.app.read_line(line)
    numbers = itertools.count()

    async def once() -> None:
        request = Request(f"{line} {next(numbers)}", "web:bench", command, args, group=GROUP, pressed=command == "vote")
        await _handle(club, line, request)

    return once


def _votes(club: Club) -> Callable[[], Awaitable[object]]:
    """What a vote needs at the least: toggled, so that every one writes."""
    numbers = itertools.count()
    return lambda: club.store.act(toggle_vote, Act(f"floor {next(numbers)}", GROUP, 1, "bench", club.clock.now()), 2)


async def _handle(club: Club, what: str, request: Request) -> None:
    reply = await club.app.handle(request)
    assert reply.ok, (what, reply.text)


async def _timed(once: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await once()
    return time.perf_counter() - start
