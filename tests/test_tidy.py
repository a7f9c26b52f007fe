"""What is kept only for a while is bounded, and tidied on nobody's path."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.stores.sqlite.files import open_for_writing
from adapters.stores.sqlite.rows import SqliteRows
from bot.actions.tidy import KEPT, MORE, is_untidy, tidy
from bot.model import Act
from bot.ports import Rows
from tests.club import Town
from tests.stores.scene import AT


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[SqliteRows]:
    connection = open_for_writing(tmp_path / "club.db")
    connection.execute("BEGIN IMMEDIATE")
    for group in ("readers", "others"):
        connection.execute("INSERT INTO groups (id, name, language) VALUES (?, ?, 'en')", (group, group))
    yield SqliteRows(connection)
    connection.close()


def note(rows: Rows, changes: int, group: str = "readers") -> None:
    for number in range(changes):
        rows.changes.note(group, f"entry:{number}")


def test_the_newest_changes_of_all_groups_together_are_kept(rows: SqliteRows) -> None:
    note(rows, 2_000, "others")
    note(rows, KEPT)
    tidy(rows, AT)
    assert rows.changes.count() == KEPT
    assert rows.connection.execute("SELECT min(seq), max(seq) FROM change").fetchone()[:] == (2_001, 12_000)


def test_requests_are_kept_for_a_week(rows: SqliteRows) -> None:
    acts = [Act(f"r{days}", "readers", 0, "web", AT - timedelta(days=days)) for days in range(20)]
    for act in acts:
        rows.requests.remember(act)
    tidy(rows, AT)
    assert [rows.requests.remember(act) for act in acts] == [False] * 8 + [True] * 12


@pytest.mark.parametrize(("changes", "untidy"), [(0, False), (KEPT + MORE, False), (KEPT + MORE + 1, True)])
def test_it_waits_until_it_is_worth_the_while(rows: SqliteRows, changes: int, untidy: bool) -> None:
    note(rows, changes)
    assert is_untidy(rows) is untidy


async def test_a_tick_tidies(readers: Town) -> None:
    await readers.club.store.write(note, KEPT + MORE + 1)
    await readers.club.schedule.tick()
    assert await readers.club.store.read(lambda rows: rows.changes.count()) == KEPT
