"""Writes tests/goldens/version-3.db.gz, the database that a month of five groups leaves, with what is exported of it.

`python -m tests.old_database` belongs to the version that wrote them (schema 3): later versions only open the file, as
test_old_database does. To write it again, check out the commit that did and run it there.
"""

import asyncio
import gzip
import shutil
import sqlite3
import tempfile
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

from tests.golden import FOLDER, Goldens, laid_out, read
from tests.month import GROUPS, PAPERS, groups_of_a_month
from tests.playing import play
from tests.town_stage import TownStage, town_stage

PACKED = FOLDER / "version-3.db.gz"
EXPORTED = "version-3.export.json.gz"
WRITTEN = "2026-12-07 12:30"


def unpack(folder: Path) -> None:
    """To where a town looks for it."""
    with gzip.open(PACKED) as packed, (folder / "town.db").open("wb") as file:
        shutil.copyfileobj(packed, file)


def town_of_old(folder: Path) -> AbstractAsyncContextManager[TownStage]:
    """The same groups and people, at the time at which it was written."""
    unpack(folder)
    return town_stage(folder, *GROUPS, now=WRITTEN, papers=PAPERS, posted=1000)


async def write(folder: Path) -> None:
    async with groups_of_a_month(folder) as stage:
        await play(read("month.txt"), stage)
        assert f"{stage.town.clock.now():%Y-%m-%d %H:%M}" == WRITTEN
        Goldens(renews=True).hold(EXPORTED, laid_out(await stage.exported()) + "\n")
    PACKED.write_bytes(gzip.compress(vacuumed(folder / "town.db"), mtime=0))


def vacuumed(database: Path) -> bytes:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(database.with_suffix(".small")),))
    return database.with_suffix(".small").read_bytes()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(write(Path(folder)))
