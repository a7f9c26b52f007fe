"""The Store over one SQLite file: one thread that writes, and one that reads."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from adapters.stores.sqlite import files
from adapters.stores.sqlite.reader import Reader
from adapters.stores.sqlite.writer import NoWriter, Writer
from bot.ports import Reads, Rows, Store

P = ParamSpec("P")
T = TypeVar("T")


async def open_store(path: str | Path, *, read_only: bool = False) -> "SqliteStore":
    """Raises StartError. With `read_only`, another process may have it open; whatever writes raises StoreError."""
    place = Path(path)
    if read_only:
        return SqliteStore(await asyncio.to_thread(Reader, place), NoWriter(), None)
    lock = files.lock(place)
    try:
        connection = await asyncio.to_thread(files.open_for_writing, place)
        reader = await asyncio.to_thread(Reader, place)
    except BaseException:
        os.close(lock)
        raise
    return SqliteStore(reader, Writer(connection, place), lock)


class SqliteStore(Store):
    """See `bot.ports.Store`. Made by `open_store`."""

    def __init__(self, reader: Reader, writer: Writer | NoWriter, lock: int | None) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = lock

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

    async def ping(self) -> None:
        await self._writer.run(lambda rows: files.touch(rows.connection))
        await self._reader.run(lambda rows: files.look(rows.connection))

    async def close(self) -> None:
        await self._reader.close()  # first, since a reader keeps the last checkpoint from being complete
        await self._writer.close()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)
