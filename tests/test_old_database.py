"""A database that an older version wrote is opened and goes on: nothing in it reads as something else."""

import json
from pathlib import Path
from typing import Any

from bot.outbox import settle_all
from bot.voting.recount import VERSION, recount
from tests.golden import Goldens, laid_out, read
from tests.old_database import EXPORTED, town_of_old
from tests.playing import play


def as_then(now: Any, then: Any) -> Any:
    """Without what exports have since, where it is empty."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {
            name: as_then(value, then.get(name))
            for name, value in now.items()
            if name in then or value not in ([], None)
        }
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [as_then(*pair) for pair in zip(now, then, strict=True)]
    return now


def said_then(exported: Any) -> str:
    return laid_out(as_then(exported, json.loads(read(EXPORTED)))) + "\n"


async def test_it_exports_what_it_exported_then(tmp_path: Path) -> None:
    async with town_of_old(tmp_path) as stage:
        assert said_then(await stage.exported()) == read(EXPORTED)


async def test_every_pick_in_it_comes_out_again(tmp_path: Path) -> None:
    async with town_of_old(tmp_path) as stage:
        found = recount(await stage.exported())
    assert len(found) >= 8
    assert [str(one) for one in found if not one.is_same] == []


async def test_a_tick_at_the_time_at_which_it_was_written_changes_nothing(tmp_path: Path) -> None:
    async with town_of_old(tmp_path) as stage:
        await settle_all(stage.town.club.outboxes)
        waited = [line for line in await stage.arrived() if not line.startswith(" ")]
        assert all("discord:1/20" in line for line in waited)  # which was closed
        await stage.town.tick()
        assert await stage.arrived() == []
        assert said_then(await stage.exported()) == read(EXPORTED)


async def test_it_goes_on_from_there_and_takes_back_its_newest_steps(tmp_path: Path, goldens: Goldens) -> None:
    async with town_of_old(tmp_path) as stage:
        goldens.hold("old-database.txt", await play(read("old-database.txt"), stage))
        after = await stage.exported()
    assert after["version"] == VERSION
    assert all(one.is_same for one in recount(after))
