"""The Store over one SQLite file: one thread that writes, and two that read."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from adapters.stores.sqlite import files
from adapters.stores.sqlite.hold import Hold, take_hold
from adapters.stores.sqlite.reader import Reader
from adapters.stores.sqlite.writer import NoWriter, Writer
from bot.errors import StartError, StoreLost
from bot.ports import Reads, Rows, Store

P = ParamSpec("P")
T = TypeVar("T")


async def open_store(path: str | Path, *, read_only: bool = False) -> "SqliteStore":
    """Raises StartError. With `read_only`, another process may have it open; whatever writes raises StoreError."""
    place = Path(path)
    if read_only:
        return SqliteStore(await asyncio.to_thread(Reader, place), NoWriter(), None)
    hold = take_hold(place)
    try:
        connection = await asyncio.to_thread(files.open_for_writing, place)
        hold.note_files()
        reader = await asyncio.to_thread(Reader, place, hold)
    except StoreLost as error:
        hold.release()
        raise StartError(str(error)) from error
    except BaseException:
        hold.release()
        raise
    return SqliteStore(reader, Writer(connection, place, hold), hold)


class SqliteStore(Store):
    """See `bot.ports.Store`. Made by `open_store`."""

    def __init__(self, reader: Reader, writer: Writer | NoWriter, hold: Hold | None) -> None:
        self._reader = reader
        self._writer = writer
        self._hold = hold
        self._looking = asyncio.Lock()

    async def write(self, fn: Callable[Concatenate[Rows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.run(fn, *args, **kwargs)

    async def read(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._reader.run(fn, *args, **kwargs)

    async def peek(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._reader.run_here(fn, *args, **kwargs)

    @property
    def commits(self) -> int:
        return self._writer.commits

    async def wait_for_commit(self, after: int) -> None:
        await self._writer.wait_for_commit(after)

    async def look(self) -> None:
        async with self._looking:
            if self._hold:
                await asyncio.to_thread(self._hold.require)

    async def ping(self) -> None:
        await self._writer.run(lambda rows: files.touch(rows.connection))
        await self._reader.run(lambda rows: files.look(rows.connection))

    async def close(self) -> None:
        await self._reader.close()  # first, since a reader keeps the last checkpoint from being complete
        await self._writer.close()
        async with self._looking:  # a look that is under way still needs what is released
            hold, self._hold = self._hold, None
        if hold:
            hold.release()
