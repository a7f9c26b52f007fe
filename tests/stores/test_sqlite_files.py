"""The database file: whose it is, who holds it, what a crash leaves, and copies of it."""

# ruff: noqa: ASYNC240 - nobody waits while a test looks at a file

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.stores.sqlite import copy_database, migrations, open_store
from adapters.stores.sqlite.files import open_for_writing
from adapters.stores.sqlite.messages import DUE
from bot.actions.claims import claim_paper, release_claim
from bot.actions.deliveries import take_due
from bot.actions.undo import undo_step
from bot.actions.votes import cast_vote, retract_vote
from bot.errors import StartError, StoreError
from bot.model import Act, Member
from tests.groups import set_groups
from tests.stores.scene import AT, AT_ONCE, FRIDAY, READERS, A, list_papers, set_up
from tests.stores.voter import MEMBERS

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "club.db"


async def refusal(path: Path, *, read_only: bool = False) -> str:
    """The one sentence with which a start is refused."""
    with pytest.raises(StartError) as caught:
        await open_store(path, read_only=read_only)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert text.endswith(".")
    assert "\n" not in text
    return text


async def make(path: Path) -> None:
    store = await open_store(path)
    await set_up(store)
    await store.close()


@contextmanager
def voting(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the database open and votes."""
    command = [sys.executable, "-m", "tests.stores.voter", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as voter:
        assert voter.stdout
        assert voter.stdout.readline() == "ready\n"
        try:
            yield voter
        finally:
            voter.kill()


async def test_only_its_user_may_read_the_files(path: Path) -> None:
    store = await open_store(path)
    await set_groups(store, [READERS])
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("club.db", "club.db-wal", "club.db-shm", "club.db.lock"), 0o600)
    await store.close()


async def test_a_clean_stop_leaves_one_whole_file(path: Path) -> None:
    await make(path)
    assert {file.name for file in path.parent.iterdir()} == {"club.db", "club.db.lock"}


async def test_everything_is_there_after_opening_again(path: Path) -> None:
    store = await open_store(path)
    scene = await set_up(store)
    await scene.show_all()
    await store.act(cast_vote, scene.by(scene.ann), scene.first)
    await store.act(claim_paper, scene.by(scene.bob), scene.first)
    before = (
        await store.read(lambda rows: rows.entries.entries("readers", FRIDAY)),
        await store.read(lambda rows: rows.changes.changes("readers", 0, 100)),
    )
    await store.close()
    again = await open_store(path)
    assert (
        await again.read(lambda rows: rows.entries.entries("readers", FRIDAY)),
        await again.read(lambda rows: rows.changes.changes("readers", 0, 100)),
    ) == before
    assert await again.read(lambda rows: rows.people.member("readers", "web:1")) == scene.ann
    await again.close()


async def test_a_file_that_is_not_sqlite_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("Dear diary, " * 100)
    assert "is not a SQLite database" in await refusal(path)
    assert path.read_text() == "Dear diary, " * 100


@pytest.mark.parametrize("script", ["CREATE TABLE diary (day)", "PRAGMA application_id = 5"])
async def test_another_programs_database_is_refused_and_left_alone(path: Path, script: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(script)
    connection.close()
    before = path.read_bytes()
    assert "is not a database of Paperclub" in await refusal(path)
    assert "is not a database of Paperclub" in await refusal(path, read_only=True)
    assert path.read_bytes() == before


async def test_a_database_of_a_newer_version_is_refused(path: Path) -> None:
    await make(path)
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('paperclub', 'm999_later')")
    connection.close()
    assert "newer Paperclub" in await refusal(path)
    assert "newer Paperclub" in await refusal(path, read_only=True)


async def test_a_refused_start_holds_no_lock(path: Path) -> None:
    path.write_text("Dear diary, " * 100)
    await refusal(path)
    path.unlink()
    await make(path)


async def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await make(path)

    def m002_broken(db: object) -> None:
        raise sqlite3.OperationalError("no such table: nothing")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, m002_broken))
        patch.setattr("adapters.stores.sqlite.files.NAMES", (*migrations.NAMES, "m002_broken"))
        assert "no such table: nothing" in await refusal(path)
        assert "start it once" in await refusal(path, read_only=True)
    await (await open_store(path)).close()


FIRST_ROWS = """
INSERT INTO groups VALUES ('readers', 'Readers', 'en');
INSERT INTO channel VALUES ('readers', 'web:readers', 1);
INSERT INTO member VALUES (1), (2);
INSERT INTO account VALUES ('web:ann', 1, 'Ann'), ('web:bob', 2, 'Bob');
INSERT INTO membership VALUES ('readers', 1, 'moderator', 'Ann', 1), ('readers', 2, 'member', 'Bob', 1);
INSERT INTO paper
    VALUES (1, 'arxiv:2411.00001', 1, 'Old news', 'They aged.', '[]', NULL, '', 3, '[]', 'the abstract', 1);
INSERT INTO digest VALUES ('readers', '2026-11-20', '', '[["hf", "2026-11-20"]]', 1, NULL, '[]');
INSERT INTO had VALUES ('readers', 'hf', '2026-11-20', '2026-11-20');
INSERT INTO entry VALUES (1, 'readers', 1, '2026-11-20', 1, '2026-11-20', 'hf', 'new', 0, 0);
INSERT INTO vote_source VALUES ('readers', 1, 1, 'web/button', 1), ('readers', 1, 2, 'web/button', 1);
INSERT INTO claim VALUES (1, 'readers', 1, 2, 1, 5), (2, 'readers', 1, 1, 6, NULL);
INSERT INTO audit (group_id, at, member_id, action, entry_id, before, reason)
    VALUES ('readers', 5, 1, 'release', 1, '2', 'a moderator released it');
INSERT INTO message (id, group_id, place, kind, key, ref, wanted_at, shown, hash, shown_at, posted_at)
    VALUES (1, 'readers', 'web:readers', 'digest', '2026-11-20', '1', 1, 1, 'h', 1, 1),
        (2, 'readers', 'web:readers', 'paper', '1', '2', 1, 1, 'h', 1, 1);
"""


def make_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database as the first version left it, with rows."""
    connection = sqlite3.connect(path, isolation_level=None)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", migrations.STEPS[:1])
        migrations.migrate(connection)
    connection.executescript(FIRST_ROWS)
    connection.close()


async def test_a_database_of_the_first_version_keeps_all_it_had(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_first(path, monkeypatch)
    store = await open_store(path)
    try:
        await set_groups(store, [READERS])
        assert await store.write(take_due, "web", AT, AT_ONCE, 10) == [], "nothing is posted or edited because of it"
        entry = await store.peek(lambda rows: rows.entries.entry("readers", 1))
        assert entry
        assert (entry.votes, entry.claimer, entry.submitter) == (2, Member(1, "Ann", "moderator"), None)
        digest = await store.read(lambda rows: rows.days.digest("readers", FRIDAY))
        assert digest
        assert (digest.papers, digest.announced, digest.layout) == (1, 1, "channel")
        assert (await store.read(lambda rows: rows.entries.search("readers", "aged", limit=5))).total == 1
        assert await store.act(undo_step, Act("u", "readers", 1, "web", AT)) is None, (
            "Ann holds it since: that step is over"
        )
        await store.act(release_claim, Act("r", "readers", 1, "web", AT), 1)
        step = await store.act(undo_step, Act("v", "readers", 1, "web", AT))
        assert step
        assert (step.action, step.before, step.after) == ("release", "Bob", "")
    finally:
        await store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


async def test_two_openings_in_one_process_exclude_each_other(path: Path) -> None:
    store = await open_store(path)
    assert "in use by another Paperclub" in await refusal(path)
    await store.close()
    await (await open_store(path)).close()


async def test_another_process_that_writes_is_respected_and_may_be_read_beside(path: Path) -> None:
    await make(path)
    with voting(path) as voter:
        assert "in use by another Paperclub" in await refusal(path)
        store = await open_store(path, read_only=True)
        assert voter.stdout
        member, entry = map(int, voter.stdout.readline().split())
        assert entry in (await store.read(lambda rows: rows.votes.stance("readers", member))).voted
        await store.close()
    await (await open_store(path)).close()


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "its folder does not exist" in await refusal(tmp_path / "no" / "club.db")


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "is a folder" in await refusal(folder)
    (tmp_path / "file").touch()
    assert "its folder does not exist" in await refusal(tmp_path / "file" / "club.db")


async def test_a_folder_without_permission_is_named(path: Path) -> None:
    path.parent.chmod(0o500)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)  # root may write anywhere
    try:
        assert "may not write there" in await refusal(path)
    finally:
        os.seteuid(user)
        path.parent.chmod(0o700)


async def test_reading_what_is_not_there_makes_nothing(path: Path) -> None:
    assert "does not exist" in await refusal(path, read_only=True)
    assert not path.exists()


async def test_a_reader_writes_nothing_and_locks_nothing(path: Path) -> None:
    await make(path)
    reader = await open_store(path, read_only=True)
    writer = await open_store(path)
    await writer.write(lambda rows: rows.kept.keep("season", "spring"))
    assert len(await reader.read(lambda rows: rows.entries.entries("readers", FRIDAY))) == 3
    act = Act("r", "readers", 1, "web", AT)
    for call in (
        reader.write(lambda rows: rows.kept.keep("a", "b")),
        reader.act(cast_vote, act, 1),
        reader.ping(),
        reader.wait_for_commit(0),
    ):
        with pytest.raises(StoreError, match="opened for reading only"):
            await call
    await writer.close()
    await reader.close()
    await (await open_store(path)).close()


async def test_what_a_crash_left_can_be_read_before_the_next_start(path: Path) -> None:
    await make(path)
    with voting(path) as voter:
        assert voter.stdout
        member, entry = map(int, voter.stdout.readline().split())
    reader = await open_store(path, read_only=True)
    assert entry in (await reader.read(lambda rows: rows.votes.stance("readers", member))).voted
    await reader.close()


async def test_damage_is_found_at_the_start_after_a_crash(path: Path) -> None:
    await make(path)
    with path.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(random.Random(1).randbytes(20 * 4096))
    Path(f"{path}-wal").write_bytes(b"a process died here")
    assert "is damaged" in await refusal(path)


async def test_a_copy_is_as_of_now_and_on_its_own(path: Path) -> None:
    store = await open_store(path)
    scene = await set_up(store)
    await store.act(cast_vote, scene.by(scene.ann), scene.first)
    target = path.with_name("copy.db")
    await copy_database(path, target)
    await store.act(retract_vote, scene.by(scene.ann), scene.first)
    copy = await open_store(target)
    found = await copy.read(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert (found.votes, target.stat().st_mode & 0o777) == (1, 0o600)
    await copy.close()
    await store.close()


async def test_a_copy_replaces_an_older_copy(path: Path) -> None:
    await make(path)
    target = path.with_name("copy.db")
    await make(target)
    store = await open_store(target)
    await store.write(lambda rows: rows.kept.keep("older", "yes"))
    await store.close()
    await copy_database(path, target)
    copy = await open_store(target)
    assert await copy.write(lambda rows: rows.kept.keep("older", "no")) == "no"
    await copy.close()


async def test_a_copy_is_taken_while_another_process_votes(path: Path) -> None:
    await make(path)
    target = path.with_name("copy.db")
    with voting(path) as voter:
        assert voter.stdout
        confirmed = [voter.stdout.readline() for _ in range(20)]
        await copy_database(path, target)
    copy = await open_store(target)
    for line in confirmed:
        member, entry = map(int, line.split())
        assert entry in (await copy.read(lambda rows: rows.votes.stance("readers", member))).voted
    await copy.close()


async def test_what_cannot_be_copied_is_said(path: Path) -> None:
    with pytest.raises(StartError, match="does not exist"):
        await copy_database(path, path.with_name("copy.db"))
    await make(path)
    with pytest.raises(StartError, match="its folder does not exist"):
        await copy_database(path, path.parent / "no" / "copy.db")


async def test_a_kill_loses_no_confirmed_vote_and_doubles_none(tmp_path: Path, rounds: int) -> None:
    for seed in range(rounds):
        await _kill_and_count(tmp_path / f"{seed}.db", random.Random(seed))


async def _kill_and_count(path: Path, chance: random.Random) -> None:
    store = await open_store(path)
    await set_groups(store, [READERS])
    entries = await list_papers(store, "readers", [replace(A, key=f"arxiv:{n}") for n in range(40)])
    await store.close()
    with voting(path) as voter:
        assert voter.stdout
        confirmed = [voter.stdout.readline() for _ in range(chance.randrange(1, 700))]
        voter.kill()
        confirmed += voter.stdout.readlines()
    store = await open_store(path)
    votes = {tuple(map(int, line.split())) for line in confirmed if line.endswith("\n")}
    again = await asyncio.gather(*(store.act(cast_vote, Act(f"{m}-{e}", "readers", m, "web", AT), e) for m, e in votes))
    assert not any(tally.changed for tally in again), "a confirmed request came again"
    stances = [
        (await store.read(lambda rows: rows.votes.stance("readers", member))).voted for member in range(1, MEMBERS + 1)
    ]
    assert all(entry in stances[member - 1] for member, entry in votes)
    found = await store.read(lambda rows: rows.entries.entries("readers", FRIDAY))
    assert [entry.votes for entry in found] == [sum(entry in voted for voted in stances) for entry in entries]
    await store.close()


def test_looking_for_due_messages_reads_only_those_that_wait(path: Path) -> None:
    connection = open_for_writing(path)
    key = dict.fromkeys(("surface", "now", "first", "early", "late", "stale", "rest", "resting", "patient", "limit"))
    plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {DUE}", key)]
    assert any("message_due" in step for step in plan), plan
    connection.close()
