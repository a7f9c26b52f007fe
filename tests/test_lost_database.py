"""A running program whose database is taken away under it: nothing more is acknowledged, and it says why."""

# ruff: noqa: ASYNC240 - nobody waits while a test looks at a file

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import aiohttp
import pytest

from adapters.stores.sqlite import copy_database
from bot.compose import opened
from bot.errors import StartError
from bot.model import Request, Settings
from bot.ports import Core
from bot.serve import serve
from tests.club import BERLIN
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface
from tests.process import Running, Visitor, visitor

VOTES = "SELECT count(*) FROM vote_source"
LEASE = "SELECT lease_until FROM message WHERE id = 1"


class Calm(RecordingSurface):
    async def run(self, core: Core) -> None:
        await asyncio.Event().wait()


@asynccontextmanager
async def voted(folder: Path) -> AsyncIterator[tuple[Running, Visitor]]:
    """A running program, and Ann, who voted for paper 1. The header of the day, which is message 1, stays as it is."""
    (folder / "config.toml").write_text('[[groups]]\nid = "reading-group"\nday.layout = "channel"\n')
    running = await Running.start(folder, "run")
    try:
        async with visitor("Ann") as ann:
            await ann.join(running.url)
            await ann.press(running.url, "vote:1")
            yield running, ann
    finally:
        await running.kill()


def ask(database: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(question).fetchall()


async def refusal(folder: Path, database: str) -> str:
    """What a start says that ends with 2."""
    refused = Running.launch(folder, "run", PAPERCLUB_DATABASE=database)
    assert await refused.process.wait() == 2
    await refused.kill()
    return refused.log.read_text()


async def trouble(running: Running) -> str:
    async with aiohttp.ClientSession() as http, http.get(f"{running.url}/readyz") as answer:
        assert answer.status == 503
        return await answer.text()


async def test_a_backup_moved_over_it_ends_it_with_a_sentence_and_the_next_start_uses_it(tmp_path: Path) -> None:
    database, backup = tmp_path / "paperclub.db", tmp_path / "backup.db"
    async with voted(tmp_path) as (running, ann):
        await copy_database(database, backup)
        os.utime(backup, (0, 0))
        await ann.press(running.url, "vote:2")
        backup.replace(database)
        with suppress(AssertionError):  # the answer is a page that says why, of one kind or the other
            await ann.press(running.url, "vote:3")
        async with asyncio.timeout(20):
            assert await running.process.wait() == 2
        *_, last = running.log.read_text().splitlines()
        assert last.startswith("paperclub: ")
        assert "was replaced by another file while Paperclub ran" in last
    again = await Running.start(tmp_path, "run")
    assert await again.terminate() == 0
    assert ask(database, VOTES) == [(1,)], "as the backup had it"
    assert ask(tmp_path / "paperclub.db.rescued", VOTES) == [(2,)]


async def test_without_its_file_it_stays_refuses_and_saves_what_it_held_when_it_is_stopped(tmp_path: Path) -> None:
    async with voted(tmp_path) as (running, ann):
        for file in tmp_path.glob("paperclub.db*"):
            file.unlink()
        assert "paperclub.db was removed while Paperclub runs" in await trouble(running)
        with pytest.raises(AssertionError, match="500"):
            await ann.press(running.url, "vote:2")
        assert await running.terminate() == 0
        log = running.log.read_text()
        assert log.count("was removed while Paperclub runs") == 1
        assert "Traceback" not in log
    assert ask(tmp_path / "paperclub.db.rescued", VOTES) == [(1,)]
    assert "paperclub.db.rescued is what Paperclub saved of it" in await refusal(tmp_path, "paperclub.db")


async def test_a_second_one_on_the_path_that_became_free_ends_the_first(tmp_path: Path) -> None:
    async with voted(tmp_path) as (first, _):
        for file in tmp_path.glob("paperclub.db*"):
            file.unlink()
        async with voted(tmp_path), asyncio.timeout(20):
            assert await first.process.wait() == 2
        assert ask(tmp_path / "paperclub.db.rescued", VOTES) == [(1,)]
    assert ask(tmp_path / "paperclub.db", VOTES) == [(1,)]


@pytest.mark.parametrize("name", ["paperclub.db", "link.db", "hard.db"])
async def test_a_second_one_by_another_name_is_refused_and_frees_no_lease(tmp_path: Path, name: str) -> None:
    database = tmp_path / "paperclub.db"
    (tmp_path / "link.db").symlink_to("paperclub.db")
    async with voted(tmp_path) as (first, ann):
        (tmp_path / "hard.db").hardlink_to(database)
        (tmp_path / "paperclub.db.lock").unlink()
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("UPDATE message SET lease_until = 4102444800000000 WHERE id = 1")
        assert await refusal(tmp_path, name) == (
            f"paperclub: {name} is in use by another Paperclub: stop that one first (or set another database).\n"
        )
        assert ask(database, LEASE) == [(4102444800000000,)]
        await ann.press(first.url, "vote:2")
        assert await first.terminate() == 0


async def test_every_name_of_the_database_has_the_same_key(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to("paperclub.db")
    for name in ("link.db", "paperclub.db"):
        running = await Running.start_anew(tmp_path, "run", PAPERCLUB_DATABASE=name)
        await running.terminate()
    assert [file.name for file in tmp_path.glob("*.key")] == ["paperclub.db.key"]


async def test_who_presses_meanwhile_is_told_without_names_of_files(tmp_path: Path) -> None:
    source, clock, surface = ListedSource(), MovableClock("2026-11-23 10:00"), Calm()
    source.announce("2026-11-23", paper(1))
    settings = Settings(database=str(tmp_path / "club.db"), groups=(BERLIN,))
    greeted = asyncio.Event()

    async def greet() -> None:
        greeted.set()

    async with (
        opened(settings, clock=clock, sources=[source], adapters=[surface]) as club,
        asyncio.timeout(10),
    ):
        serving = asyncio.create_task(serve(club, asyncio.Event(), greet))
        await greeted.wait()
        Path(settings.database).rename(tmp_path / "away.db")
        with pytest.raises(AssertionError, match="moved away"):
            assert not await club.app.trouble(), await club.app.trouble()
        reply = await club.app.handle(Request("1", "web:ann", "status", {}, group=BERLIN.id))
        assert not reply.ok
        assert reply.text.startswith("Paperclub's memory was taken away, and nothing is stored until it is back.")
        Path(settings.database).touch()
        os.utime(settings.database, (0, 0))
        while not serving.done():
            clock.move(seconds=2)
            await asyncio.sleep(0)
        with pytest.raises(StartError, match="was replaced by another file"):
            await serving
