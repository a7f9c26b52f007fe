"""The writer thread: many callers in one commit, each with its own success or failure."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.stores.sqlite.files import open_for_writing
from adapters.stores.sqlite.rows import SqliteRows
from adapters.stores.sqlite.writer import BATCH, Writer
from bot.errors import StoreError, UserError


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    path = tmp_path / "club.db"
    writer = Writer(open_for_writing(path), path)
    yield writer
    await writer.close()


def put(rows: SqliteRows, key: str, value: str = "") -> str:
    rows.connection.execute("INSERT INTO kept VALUES (?, ?)", (key, value))
    return key


def keys(rows: SqliteRows) -> list[str]:
    return [key for (key,) in rows.connection.execute("SELECT key FROM kept ORDER BY key")]


def refuse(rows: SqliteRows, key: str) -> None:
    put(rows, key)
    raise UserError("Not like this.")


def put_what_no_commit_accepts(rows: SqliteRows) -> None:
    rows.connection.execute("PRAGMA defer_foreign_keys = ON")
    rows.connection.execute("INSERT INTO code VALUES ('no such group', 'hash')")


def set_pages(rows: SqliteRows, more: int) -> None:
    (pages,) = rows.connection.execute("PRAGMA page_count").fetchone()
    rows.connection.execute(f"PRAGMA max_page_count = {pages + more}")


class Gate:
    """Keeps the thread busy, so that what is queued meanwhile makes one batch."""

    def __init__(self, writer: Writer) -> None:
        self._open = threading.Event()
        self._reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._future = writer.run(self._wait)

    async def __aenter__(self) -> None:
        await self._reached.wait()

    async def __aexit__(self, *_: object) -> None:
        self._open.set()
        await self._future

    def _wait(self, _: SqliteRows) -> None:
        self._loop.call_soon_threadsafe(self._reached.set)
        assert self._open.wait(10)


async def test_callers_of_the_same_moment_share_a_commit(writer: Writer) -> None:
    async with Gate(writer):
        calls = [writer.run(put, f"{number:04}") for number in range(BATCH + 1)]
    assert await asyncio.gather(*calls) == [f"{number:04}" for number in range(BATCH + 1)]
    assert writer.commits == 2, "one full batch, and the one beyond"


async def test_one_that_fails_is_rolled_back_alone(writer: Writer) -> None:
    calls: list[asyncio.Future[Any]]
    async with Gate(writer):
        calls = [writer.run(put, "a"), writer.run(refuse, "b"), writer.run(put, "a"), writer.run(put, "c")]
    first, refused, twice, last = await asyncio.gather(*calls, return_exceptions=True)
    assert (first, last) == ("a", "c")
    assert isinstance(refused, UserError)
    assert isinstance(twice, StoreError)
    assert await writer.run(keys) == ["a", "c"]


async def test_a_bug_in_one_reaches_its_caller_alone(writer: Writer) -> None:
    def stumble(_: SqliteRows) -> None:
        raise ZeroDivisionError

    calls: list[asyncio.Future[Any]]
    async with Gate(writer):
        calls = [writer.run(put, "a"), writer.run(stumble)]
    assert await calls[0] == "a"
    with pytest.raises(ZeroDivisionError):
        await calls[1]


async def test_every_caller_hears_of_a_failed_commit(writer: Writer) -> None:
    calls: list[asyncio.Future[Any]]
    async with Gate(writer):
        calls = [writer.run(put, "a"), writer.run(put_what_no_commit_accepts), writer.run(put, "b")]
    heard = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(each) for each in heard] == [StoreError] * 3
    assert writer.commits == 0
    assert await writer.run(keys) == []
    assert await writer.run(put, "c") == "c", "and the thread goes on"


async def test_every_caller_hears_of_a_full_disk_and_it_recovers(writer: Writer) -> None:
    await writer.run(set_pages, 8)
    calls: list[asyncio.Future[Any]]
    async with Gate(writer):
        calls = [writer.run(put, "a"), writer.run(put, "b", "x" * 200_000), writer.run(put, "c")]
    heard = await asyncio.gather(*calls, return_exceptions=True)
    told = [each for each in heard if isinstance(each, StoreError)]
    assert all("the disk is full" in str(each) for each in told)
    assert isinstance(heard[1], StoreError)
    assert await writer.run(keys) == [each for each in heard if isinstance(each, str)], "what was told is what holds"
    await writer.run(set_pages, 1_000)
    assert await writer.run(put, "b", "x" * 200_000) == "b"


async def test_a_lock_of_another_program_is_told_and_outlived(writer: Writer, tmp_path: Path) -> None:
    await writer.run(lambda rows: rows.connection.execute("PRAGMA busy_timeout = 0"))
    other = sqlite3.connect(tmp_path / "club.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        await writer.run(put, "a")
    other.execute("ROLLBACK")
    other.close()
    assert await writer.run(put, "a") == "a"


async def test_a_cancelled_caller_leaves_the_others_alone(writer: Writer) -> None:
    async with Gate(writer):
        calls = [writer.run(put, key) for key in "abc"]
        calls[1].cancel()
    assert (await calls[0], calls[1].cancelled(), await calls[2]) == ("a", True, "c")


async def test_success_is_heard_only_when_another_connection_sees_it(writer: Writer, tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "club.db")
    for key in "abcdefgh":
        await writer.run(put, key)
        assert key in keys(SqliteRows(reader))
    reader.close()


async def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    path = tmp_path / "club.db"
    writer = Writer(open_for_writing(path), path)
    calls = [writer.run(put, key) for key in "abc"]
    await writer.close()
    assert await asyncio.gather(*calls) == ["a", "b", "c"]
    with pytest.raises(StoreError, match="closed"):
        await writer.run(put, "d")


async def test_what_sqlite_cannot_hold_is_the_databases_failure(writer: Writer) -> None:
    with pytest.raises(StoreError):
        await writer.run(put, "\ud800")
    with pytest.raises(StoreError):
        await writer.run(lambda rows: rows.connection.execute("SELECT ?", (2**64,)))
