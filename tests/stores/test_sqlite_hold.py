"""The hold on the database file: another file at its path, none, other names of it, a log that is not its own."""

# ruff: noqa: ASYNC240 - nobody waits while a test looks at a file

import errno
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from adapters.stores.sqlite import SqliteStore, copy_database, open_store
from adapters.stores.sqlite.hold import SETTLED, Hold, take_hold
from bot.errors import StartError, StoreLost
from bot.ports import Rows
from tests.forks import ROOT

OPEN_AND_CLOSE = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM kept').fetchall(); c.close()"
)
WRITE = "from adapters.stores.sqlite import open_store; import asyncio, sys; asyncio.run(open_store(sys.argv[1]))"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "club.db"


async def keep(store: SqliteStore, name: str) -> str:
    return await store.write(lambda rows: rows.kept.keep(name, "yes"))


def kept(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT key FROM kept")}


def elsewhere(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    return subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, capture_output=True, text=True, timeout=60)


def refusal_elsewhere(path: Path) -> str:
    """The sentence with which a second process is refused."""
    done = elsewhere(WRITE, path)
    assert "StartError: " in done.stderr, done.stderr
    return done.stderr.rpartition("StartError: ")[2].strip()


@contextmanager
def opened_elsewhere(path: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.stores.keeper", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout
            assert other.stdout.readline() == "kept\n"
            yield
        finally:
            other.kill()


async def backup(path: Path, to: Path, age: float = 3600) -> Path:
    await copy_database(path, to)
    os.utime(to, (to.stat().st_mtime - age,) * 2)
    return to


def remove(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


async def lost(store: SqliteStore) -> StoreLost:
    """What each write, read, look and ping says."""
    with pytest.raises(StoreLost) as caught:
        await keep(store, "too late")
    for call in (store.ping(), store.look(), store.read(lambda rows: rows.kept.recall("first"))):
        with pytest.raises(StoreLost) as again:
            await call
        assert str(again.value) == str(caught.value)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return caught.value


async def test_after_the_file_was_removed_nothing_is_acknowledged_and_what_it_held_is_saved(path: Path) -> None:
    store = await open_store(path)
    await keep(store, "first")
    remove(path)
    loss = await lost(store)
    assert "club.db was removed while Paperclub runs" in str(loss)
    assert not loss.replaced, "another start would make an empty one"
    await store.close()
    saved = path.with_name("club.db.rescued")
    assert (kept(saved), saved.stat().st_mode & 0o777) == ({"first"}, 0o600)
    with pytest.raises(StartError, match=r"is missing, and .*club\.db\.rescued is what Paperclub saved"):
        await open_store(path)
    saved.rename(path)
    again = await open_store(path)
    assert await again.read(lambda rows: rows.kept.recall("first")) == "yes"
    await again.close()


async def test_a_second_rescue_does_not_replace_the_first(path: Path) -> None:
    path.with_name("club.db.rescued").touch()
    store = await open_store(path)
    await keep(store, "first")
    path.unlink()
    await store.close()
    assert kept(path.with_name("club.db.rescued-2")) == {"first"}


async def test_after_a_backup_was_moved_over_it_nothing_is_acknowledged(path: Path) -> None:
    store = await open_store(path)
    await keep(store, "first")
    saved = await backup(path, path.with_name("backup.db"))
    await keep(store, "second")
    saved.replace(path)
    loss = await lost(store)
    assert loss.replaced
    assert "was replaced by another file" in str(loss)
    await store.close()
    again = await open_store(path)
    assert kept(path) == {"first"}, "nothing of the old -wal is played into it"
    await again.close()
    assert kept(path.with_name("club.db.rescued")) == {"first", "second"}


async def test_a_copy_under_way_is_not_taken_for_the_new_database(path: Path) -> None:
    store = await open_store(path)
    saved = await backup(path, path.with_name("backup.db"), age=0)
    saved.replace(path)
    loss = await lost(store)
    assert not loss.replaced
    os.utime(path, (path.stat().st_mtime - SETTLED - 1,) * 2)
    assert (await lost(store)).replaced
    await store.close()


async def test_closing_the_old_one_leaves_the_files_of_the_new_one_alone(path: Path) -> None:
    store = await open_store(path)
    await keep(store, "first")
    remove(path)
    with opened_elsewhere(path):
        names = {file.name for file in path.parent.iterdir()}
        await store.close()
        assert {file.name for file in path.parent.iterdir()} == names | {"club.db.rescued"}
    assert kept(path) == {"from another process"}


async def test_what_is_taken_away_in_the_middle_of_a_write_is_no_success(path: Path) -> None:
    store = await open_store(path)

    def keep_and_lose(rows: Rows) -> None:
        rows.kept.keep("first", "yes")
        path.rename(path.with_name("away.db"))

    with pytest.raises(StoreLost):
        await store.write(keep_and_lose)
    await store.close()


async def test_it_recovers_when_the_file_is_moved_back_and_says_each_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    store = await open_store(path)
    await keep(store, "first")
    path.rename(path.with_name("away.db"))
    loss = await lost(store)
    assert "moved away" in str(loss)
    assert not loss.replaced
    path.with_name("away.db").rename(path)
    assert await keep(store, "second") == "yes"
    assert await store.read(lambda rows: rows.kept.recall("second")) == "yes"
    told = [record.message for record in caplog.records if record.name.endswith(".hold")]
    assert told == [str(loss), f"{path} is in its place again"]
    await store.close()
    assert kept(path) == {"first", "second"}


async def test_a_file_that_was_moved_away_keeps_all_that_was_acknowledged(path: Path) -> None:
    store = await open_store(path)
    await keep(store, "first")
    away = path.rename(path.with_name("away.db"))
    await store.close()
    remove(path)
    assert kept(away) == {"first"}


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
async def test_without_the_files_beside_it_it_stops_and_loses_nothing(path: Path, ending: str) -> None:
    store = await open_store(path)
    await keep(store, "first")
    Path(f"{path}{ending}").unlink()
    loss = await lost(store)
    assert loss.replaced
    assert f"club.db{ending} was removed or replaced" in str(loss)
    await store.close()
    assert kept(path) == {"first"}


async def test_a_path_that_cannot_be_looked_at_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await open_store(path)
    real_stat = os.stat

    def stale(file: Path) -> os.stat_result:
        if file == path:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return real_stat(file)

    with monkeypatch.context() as patch:
        patch.setattr("adapters.stores.sqlite.hold.os.stat", stale)
        loss = await lost(store)
    assert "can't be looked at" in str(loss)
    assert not loss.replaced
    assert await keep(store, "first") == "yes"
    await store.close()


async def test_a_symbolic_link_that_leads_elsewhere_is_noticed(path: Path) -> None:
    for name in ("one", "two"):
        await (await open_store(path.with_name(f"{name}.db"))).close()
    os.utime(path.with_name("two.db"), (0, 0))
    path.symlink_to("one.db")
    store = await open_store(path)
    await keep(store, "first")
    path.unlink()
    path.symlink_to("two.db")
    assert (await lost(store)).replaced
    await store.close()
    assert kept(path.with_name("one.db")) == {"first"}
    assert kept(path.with_name("two.db")) == set()


async def test_a_relative_path_stays_where_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    store = await open_store("club.db")
    monkeypatch.chdir("/")
    assert await keep(store, "first") == "yes"
    await store.close()


def deleted_lock(path: Path) -> Path:
    Path(f"{path}.lock").unlink()
    return path


def symbolic_link(path: Path) -> Path:
    link = path.with_name("link.db")
    link.symlink_to(path.name)
    return link


def symbolic_link_without_lock(path: Path) -> Path:
    return symbolic_link(deleted_lock(path))


def hard_link(path: Path) -> Path:
    (path.parent / "folder").mkdir()
    link = path.parent / "folder" / "link.db"
    link.hardlink_to(path)
    return link


def through_a_linked_folder(path: Path) -> Path:
    folder = path.parent / "folder"
    folder.symlink_to(".", target_is_directory=True)
    return folder / path.name


@pytest.mark.parametrize(
    "way", [deleted_lock, symbolic_link, symbolic_link_without_lock, hard_link, through_a_linked_folder]
)
async def test_no_other_name_lets_a_second_process_in(path: Path, way: Callable[[Path], Path]) -> None:
    store = await open_store(path)
    await keep(store, "first")
    name = way(path)
    assert (
        refusal_elsewhere(name)
        == f"{name} is in use by another Paperclub: stop that one first (or set another database)."
    )
    assert await keep(store, "second") == "yes", "the first one goes on"
    await store.close()


async def test_a_second_name_of_the_file_is_refused_at_the_start(path: Path) -> None:
    await (await open_store(path)).close()
    link = hard_link(path)
    with pytest.raises(StartError, match="has a second name"):
        await open_store(link)
    link.unlink()
    await (await open_store(path)).close()


async def test_a_lock_that_was_lost_to_another_process_is_noticed(path: Path) -> None:
    store = await open_store(path)
    path.read_bytes()  # which drops what this process has locked, as POSIX says
    deleted_lock(path)
    with opened_elsewhere(path):
        loss = await lost(store)
    assert loss.replaced
    assert "in use by another Paperclub" in str(loss)
    await store.close()


async def test_a_program_that_looks_into_it_and_leaves_takes_no_file_away(path: Path) -> None:
    store = await open_store(path)
    await keep(store, "first")
    assert elsewhere(OPEN_AND_CLOSE, path).returncode == 0
    await keep(store, "second")
    assert Path(f"{path}-wal").exists()
    assert kept(path) == {"first", "second"}
    await store.close()


@pytest.mark.parametrize("read_only", [False, True])
async def test_the_log_of_another_file_is_not_played_into_a_backup(path: Path, *, read_only: bool) -> None:
    store = await open_store(path)
    saved = await backup(path, path.with_name("backup.db"))
    await keep(store, "first")
    crashed = {name: Path(f"{path}{name}").read_bytes() for name in ("-wal", ".lock")}
    await store.close()
    saved.replace(path)
    for name, content in crashed.items():
        Path(f"{path}{name}").write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(StartError, match=r"club\.db is not the file that club\.db-wal was written for: stop Paperclub"):
        await open_store(path, read_only=read_only)
    assert path.read_bytes() == before
    Path(f"{path}-wal").unlink()
    await (await open_store(path)).close()
    assert kept(path) == set()


async def test_all_files_of_a_crash_may_move_together_without_the_lock(path: Path) -> None:
    store = await open_store(path)
    await keep(store, "first")
    place = path.parent / "new"
    place.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(f"{path}{ending}", f"{place / path.name}{ending}")
    await store.close()
    moved = await open_store(place / path.name)
    assert await moved.read(lambda rows: rows.kept.recall("first")) == "yes"
    await moved.close()


async def test_a_database_is_not_copied_onto_itself(path: Path) -> None:
    await (await open_store(path)).close()
    link = symbolic_link(path)
    with pytest.raises(StartError, match="is the database itself"):
        await copy_database(path, link)


def test_what_is_replaced_between_the_hold_and_the_opening_is_noticed(path: Path) -> None:
    hold: Hold = take_hold(path)
    path.unlink()
    path.touch()
    with pytest.raises(StoreLost):
        hold.require()
    hold.release()
