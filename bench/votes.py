"""Durable votes a second: the store beside bare SQLite that writes the same rows, in one run. Judges nothing.

Each vote is confirmed only after its COMMIT with synchronous=FULL, on the disk that the project lies on.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from adapters.stores.sqlite import SqliteStore, open_store
from bot.actions.day import list_day
from bot.actions.deliveries import mark_shown, pace, take_due
from bot.actions.votes import cast_vote
from bot.model import Act, Digest, GroupSettings, Listing, Paper
from tests.groups import enrol, set_groups

T = TypeVar("T")

ROUNDS = 3
MEMBERS = 64
ENTRIES = 100
ALONE = 1_000  # votes of a single caller, each waiting for the disk
GROUP = "bench"
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    waits: Sequence[float]

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds


def main() -> None:
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        rounds = [_play_round(Path(folder), number) for number in range(ROUNDS)]
    names = ("bare SQLite, 1 vote a commit", "store, 1 caller", f"store, {MEMBERS} callers")
    rates = [median(run.rate for run in runs) for runs in zip(*rounds, strict=True)]
    print(f"{'durable votes':32}{'votes/s':>10}{'p50 ms':>10}{'p99 ms':>10}{'ratio':>8}")
    for name, rate, runs in zip(names, rates, zip(*rounds, strict=True), strict=True):
        p50, p99 = (median(quantiles(run.waits, n=100)[q - 1] for run in runs) * 1000 for q in (50, 99))
        print(f"{name:32}{rate:>10,.0f}{p50:>10.2f}{p99:>10.2f}{rate / rates[0]:>8.1f}")


def _play_round(folder: Path, number: int) -> Sequence[Run]:
    bare, alone, together = (folder / f"{number}-{name}.db" for name in ("bare", "alone", "together"))
    asyncio.run(with_store(bare, nothing))
    return [
        _vote_bare(bare),
        asyncio.run(with_store(alone, _vote_alone)),
        asyncio.run(with_store(together, _vote_together)),
    ]


def ballots() -> Iterator[tuple[int, int]]:
    return ((member, entry) for entry in range(1, ENTRIES + 1) for member in range(1, MEMBERS + 1))


def _vote_bare(path: Path) -> Run:
    connection = bare_connection(path)
    waits: list[float] = []
    start = time.perf_counter()
    for (member, entry), _ in zip(ballots(), range(ALONE), strict=False):
        begun = time.perf_counter()
        write_rows(connection, member, entry)
        waits.append(time.perf_counter() - begun)
    seconds = time.perf_counter() - start
    connection.close()
    return Run(seconds, waits)


def bare_connection(path: Path) -> sqlite3.Connection:
    """With the settings of the store's own."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "wal_autocheckpoint = 4000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write_rows(connection: sqlite3.Connection, member: int, entry: int) -> None:
    """What a vote leaves behind, without any of its questions."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO request VALUES (?, ?, 1)", (GROUP, f"{member}-{entry}"))
    connection.execute("INSERT INTO vote_source VALUES (?, ?, ?, 'web', 1)", (GROUP, entry, member))
    connection.execute(
        "INSERT INTO vote_span (group_id, entry_id, member_id, at) VALUES (?, ?, ?, 1)", (GROUP, entry, member)
    )
    connection.execute(
        "UPDATE message SET wanted = wanted + 1 WHERE group_id = ? AND kind = 'paper' AND key = ?", (GROUP, str(entry))
    )
    connection.execute("INSERT INTO change (group_id, what) VALUES (?, ?)", (GROUP, f"entry:{entry}"))
    connection.execute("COMMIT")


async def _vote_alone(store: SqliteStore) -> Run:
    waits: list[float] = []
    start = time.perf_counter()
    for (member, entry), _ in zip(ballots(), range(ALONE), strict=False):
        waits.append(await _vote(store, member, entry))
    return Run(time.perf_counter() - start, waits)


async def _vote_together(store: SqliteStore) -> Run:
    async def vote_all(member: int) -> list[float]:
        return [await _vote(store, member, entry) for entry in range(1, ENTRIES + 1)]

    start = time.perf_counter()
    waits = await asyncio.gather(*(vote_all(member) for member in range(1, MEMBERS + 1)))
    return Run(time.perf_counter() - start, [wait for each in waits for wait in each])


async def _vote(store: SqliteStore, member: int, entry: int) -> float:
    begun = time.perf_counter()
    tally = await store.act(cast_vote, Act(f"{member}-{entry}", GROUP, member, "web", AT), entry)
    assert tally.changed
    return time.perf_counter() - begun


async def nothing(store: SqliteStore) -> None: ...


async def with_store(path: Path, vote: Callable[[SqliteStore], Coroutine[Any, Any, T]]) -> T:
    store = await open_store(path)
    try:
        await _fill(store)
        return await vote(store)
    finally:
        await store.close()


async def _fill(store: SqliteStore) -> None:
    """A group with members, and a list with a card for every paper."""
    await set_groups(store, [GroupSettings(id=GROUP, channels=(f"web:{GROUP}",))])
    for number in range(MEMBERS):
        await enrol(store, GROUP, f"web:{number}", f"Member {number}", AT)
    papers = [Paper(key=f"arxiv:{n}", title=f"Paper {n}", abstract="Words. " * 100) for n in range(ENTRIES)]
    listings = [Listing(paper, DAY, "sample", "listed") for paper in papers]
    await store.write(
        list_day, Digest(GROUP, DAY, (("sample", DAY),), cards=ENTRIES), [("sample", DAY)], listings, {}, AT
    )
    while leased := await store.write(take_due, "web", AT, pace(0, 0), 1):
        for message in leased:
            await store.write(mark_shown, message, str(message.id), "", AT)


if __name__ == "__main__":
    main()
