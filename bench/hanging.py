"""A source that hangs, beside votes and the tick: how much longer they take than where it answers. Judges nothing.

Two whole programs in one process, one with a source that never answers; their turns are interleaved.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

from bot.compose import Club, opened
from bot.model import GroupSettings, Request, Settings
from bot.ports import Reads
from tests.fakes.clock import MovableClock
from tests.fakes.source import HangingSource, ListedSource, paper
from tests.fakes.surface import RecordingSurface

COUNT = 300
ROUNDS = 5
GROUPS = tuple(GroupSettings(id=f"group-{number}", channels=(f"web:group-{number}",)) for number in range(10))
DUE = "2026-11-23 09:00"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> None:
    answering = ListedSource("herald", "The Herald")
    async with _collecting(folder / "a.db", answering) as calm, _collecting(folder / "h.db", HangingSource()) as hung:
        works = {
            "vote": (_votes(calm), _votes(hung)),
            "tick, 10 groups": (calm.schedule.tick, hung.schedule.tick),
        }
        times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in works}
        for _ in range(ROUNDS):  # interleaved, so that a noisy minute falls on both
            for name, pair in works.items():
                for _ in range(COUNT // ROUNDS):
                    for kept, once in zip(times[name], pair, strict=True):
                        kept.append(await _timed(once))
    print(f"{'beside a source':24}{'answers p50':>14}{'hangs p50':>12}{'ratio':>8}{'p99 ratio':>11}")
    for name, (floor, found) in times.items():
        far = [quantiles(taken, n=100)[98] for taken in (floor, found)]
        print(
            f"{name:24}{median(floor) * 1000:>11.2f} ms{median(found) * 1000:>9.2f} ms"
            f"{median(found) / median(floor):>8.2f}{far[1] / far[0]:>11.2f}"
        )


@asynccontextmanager
async def _collecting(path: Path, herald: ListedSource) -> AsyncIterator[Club]:
    """After its post, which the Herald missed where it hangs; it is being asked still."""
    clock, source, settings = MovableClock(DUE), ListedSource(), Settings(database=str(path), groups=GROUPS)
    source.announce("2026-11-23", *(paper(number) for number in range(20)))
    async with opened(settings, clock=clock, sources=[herald, source], adapters=[RecordingSurface()]) as club:
        running = asyncio.create_task(club.collector.run())
        while not await club.store.read(_are_listed):
            await club.schedule.tick()
            await asyncio.sleep(0.01)
            clock.move(seconds=5)
        await club.app.handle(_request("join", {"name": "Bench"}))
        yield club
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def _are_listed(rows: Reads) -> bool:
    newest = [digest for group in GROUPS for digest in rows.days.digests(group.id, 1)]
    return len(newest) == len(GROUPS) and all(digest.papers for digest in newest)


def _votes(club: Club) -> Callable[[], Awaitable[object]]:
    numbers = itertools.count()

    async def once() -> None:
        reply = await club.app.handle(_request("vote", {"paper": "1"}, f"vote {next(numbers)}"))
        assert reply.ok, reply.text

    return once


def _request(command: str, args: dict[str, str], id: str = "join") -> Request:
    return Request(id, "web:bench", command, args, group=GROUPS[0].id, pressed=command == "vote")


async def _timed(once: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await once()
    return time.perf_counter() - start
