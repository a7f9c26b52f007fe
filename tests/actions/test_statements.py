"""However many papers there are, a day takes the same number of statements."""

import sqlite3
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.stores.sqlite import open_store
from bot.actions.day import extend_day, list_day
from bot.actions.papers import record_day
from bot.actions.submissions import submit
from bot.model import Act, GroupSettings, Listing, Paper, Summary
from bot.ports import Store
from tests.groups import enrol, set_groups
from tests.stores.scene import AT, FRIDAY, SENTENCE, A, digest, later, listing, report

FEW, MANY = 5, 100


class Counting(sqlite3.Connection):
    statements: ClassVar[list[str]] = []

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.statements.append(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        self.statements.append(sql)
        return super().executemany(sql, parameters)


@pytest.fixture
async def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """With a group for few papers and one for many."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Counting))
    monkeypatch.setattr(Counting, "statements", [])
    store = await open_store(tmp_path / "counted.db")
    await set_groups(store, [GroupSettings(id=str(n), channels=(f"web:{n}",)) for n in (FEW, MANY)])
    yield store
    await store.close()


def papers(number: int, start: int = 0) -> list[Paper]:
    return [replace(A, key=f"arxiv:{number}.{n}") for n in range(start, start + number)]


def listings(number: int, start: int = 0) -> list[Listing]:
    return [listing(paper) for paper in papers(number, start)]


def summaries(number: int, start: int = 0) -> dict[str, Summary]:
    return {paper.key: SENTENCE for paper in papers(number, start)}


def taken() -> list[str]:
    """What was asked since the last time."""
    statements = list(Counting.statements)
    Counting.statements.clear()
    return statements


async def test_a_day_is_recorded_listed_and_extended(counted: Store) -> None:
    asked: dict[str, list[list[str]]] = {"record": [], "list": [], "extend": []}
    for number in (FEW, MANY):
        on = digest(str(number), cards=2)
        taken()
        await counted.write(record_day, report(), papers(number))
        asked["record"].append(taken())
        await counted.write(list_day, on, [("hf", FRIDAY)], listings(number), summaries(number), AT)
        asked["list"].append(taken())
        late = listings(number, number), summaries(number, number)
        await counted.write(extend_day, replace(on, cards=4), [("hf", FRIDAY)], *late, AT)
        asked["extend"].append(taken())
    for few, many in asked.values():
        assert few == many
        assert len(few) < 25


async def test_upvotes_that_rise_later_change_papers_only(counted: Store) -> None:
    asked = []
    for number in (FEW, MANY):
        await counted.write(record_day, report(), papers(number))
        await counted.write(list_day, digest(str(number)), [], listings(number), {}, AT)
        taken()
        risen = [replace(paper, upvotes=99) for paper in papers(number)]
        await counted.write(record_day, report(at=later(hours=2)), risen)
        asked.append(taken())
    few, many = asked
    assert few == many
    assert len(few) < 12


async def test_handing_in_takes_no_more_where_there_is_more(counted: Store) -> None:
    asked = []
    for number in (FEW, MANY):
        group = str(number)
        await counted.write(list_day, digest(group), [], listings(number), {}, AT)
        member = await enrol(counted, group, f"web:{number}", "Ann", AT)
        taken()
        new = listing(replace(A, key=f"arxiv:new-{number}"))
        await counted.act(submit, Act("r", group, member.id, "web", AT), new, SENTENCE)
        asked.append(taken())
    few, many = asked
    assert few == many
    assert len(few) < 25
