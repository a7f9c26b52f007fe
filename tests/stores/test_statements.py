"""How many statements a look at meetings takes: a handful, however many meetings there are."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import cast

import pytest

from adapters.stores.sqlite.rows import SqliteRows
from bot.actions.attendance import ask, rsvp, take_role, write_recap
from bot.model import Session
from bot.ports import Reads
from bot.views.calendar import calendar_of
from bot.week.archive import archive_of
from bot.week.efforts import efforts_of
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from tests.stores.scene import AT, READERS, Scene, later

Look = Callable[[Reads], object]


async def count(scene: Scene, look: Look) -> int:
    heard: list[str] = []

    def listen(rows: Reads) -> None:
        connection = cast(SqliteRows, rows).connection
        look(rows)  # the index of words asks for its settings once
        connection.set_trace_callback(heard.append)
        look(rows)
        connection.set_trace_callback(None)

    await scene.store.read(listen)
    return len([sql for sql in heard if not sql.startswith("--")])  # so begins what the index does by itself


def looks(session: Session) -> Mapping[str, tuple[Look, int]]:
    """With how many statements they may take."""
    now = later(days=100)
    return {
        "room": (lambda rows: participation_of(rows, "readers", session.id), 9),
        "electorate": (lambda rows: electorate_of(rows, "readers", session.id), 13),
        "archive": (lambda rows: archive_of(rows, "readers", "small", now, 50), 8),
        "efforts": (lambda rows: efforts_of(rows, "readers", now, 8), 3),
        "calendar": (lambda rows: calendar_of(rows, READERS, None, AT, ""), 7),
    }


async def held(scene: Scene, days: float) -> Session:
    """With something of everything."""
    session = await scene.move(await scene.meet(days), sets={"entry": scene.first, "presenter": scene.ann.id})
    before = later(days=days) - timedelta(hours=1)
    for member in (scene.ann, scene.bob):
        await scene.store.act(rsvp, scene.by(member, at=before), session.id, "join")
        await scene.store.act(ask, scene.by(member, at=before), session.id, "Why so small?")
        await scene.store.act(write_recap, scene.by(member, at=before), session.id, {0: "Small is fine"}, 4)
    await scene.store.act(take_role, scene.by(scene.bob, at=before), session.id, "scribe")
    return session


@pytest.mark.parametrize("look", ["room", "electorate", "archive", "efforts", "calendar"])
async def test_a_look_takes_as_many_statements_for_one_meeting_as_for_many(scene: Scene, look: str) -> None:
    session = await held(scene, 7)
    ask_rows, most = looks(session)[look]
    first = await count(scene, ask_rows)
    for week in range(2, 7):
        await held(scene, 7 * week)
    assert await count(scene, ask_rows) == first
    assert first <= most
