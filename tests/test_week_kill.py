"""kill -9 at any write of a week: it is resumed once and said once, and comes to what it would have come to."""

import sqlite3
from pathlib import Path

import pytest

from tests.forks import ROOT, ended

SQL = {
    "sessions": """SELECT "on", starts, status, entry, presenter, confirmed_at IS NOT NULL, closed_at, tried
        FROM session ORDER BY "on" """,
    "picks": "SELECT session_id, receipt FROM pick ORDER BY id",
    "steps": "SELECT session_id, key FROM session_step ORDER BY session_id, key",
    "audit": "SELECT action, reason FROM audit ORDER BY id",
    "messages": "SELECT kind, key, round FROM message ORDER BY kind, key",
    "votes": "SELECT entry_id, member_id, retracted_at IS NULL FROM vote_span ORDER BY entry_id, member_id",
    "claims": "SELECT entry_id, member_id, kind, released_at IS NULL FROM claim ORDER BY entry_id, member_id, id",
}


def play(folder: Path, *seed: str) -> str:
    """Answers with what is printed."""
    done = ended("tests.week_child", str(folder), *seed, folder=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def outcome(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(f"file:{folder / 'town.db'}?mode=ro", uri=True) as connection:
        found = {what: connection.execute(sql).fetchall() for what, sql in SQL.items()}
    connection.close()
    return found


def said(folder: Path) -> list[str]:
    """What members saw, without the number of the message."""
    return sorted(line.partition("\t")[2] for line in (folder / "posts.txt").read_text().splitlines())


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    play(folder)
    return folder


def test_the_week_that_is_disturbed_below_has_something_to_lose(undisturbed: Path) -> None:
    found = outcome(undisturbed)
    assert len(found["picks"]) == 1
    kinds = {kind for kind, _, _ in found["messages"]}
    assert {"pick", "ask", "reminder", "room", "recap"} <= kinds
    assert any(action == "decline" for action, _ in found["audit"])


def test_killed_at_any_write_it_comes_to_the_same(undisturbed: Path, tmp_path: Path, rounds: int) -> None:
    """Each run dies at its n-th write, until one comes to the end."""
    for seed in range(max(rounds // 10, 1)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        deaths = int(play(folder, str(seed)))
        assert deaths > 2
        assert outcome(folder) == outcome(undisturbed), seed
        assert said(folder) == said(undisturbed), seed
