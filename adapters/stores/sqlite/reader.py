"""The connections that read, each used by one thread at a time. Knows no query."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Concatenate, ParamSpec, TypeVar

from adapters.stores.sqlite.files import DATABASE_ERRORS, explain, open_for_reading
from adapters.stores.sqlite.hold import Hold
from adapters.stores.sqlite.rows import SqliteRows
from bot.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 2


class Reader:
    """Raises StartError when the file is not fit to read."""

    def __init__(self, path: Path, hold: Hold | None = None) -> None:
        self._path = path
        self._hold = hold
        self._idle: SimpleQueue[SqliteRows] = SimpleQueue()
        for _ in range(THREADS):
            self._idle.put(SqliteRows(open_for_reading(path)))
        self._here = SqliteRows(open_for_reading(path))
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="paperclub-reader")
        self._is_open = True

    async def run(self, fn: Callable[Concatenate[SqliteRows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One read is one snapshot, and holds every commit that its caller was told of."""
        self._require_open()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, lambda rows: fn(rows, *args, **kwargs))

    def run_here(self, fn: Callable[Concatenate[SqliteRows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a single statement and in the loop's own thread: the few rows of one key take a fifth of the
        way to another thread and back. A write never holds it up, since readers of a WAL wait for nobody."""
        self._require_open()
        try:
            return fn(self._here, *args, **kwargs)
        except DATABASE_ERRORS as error:
            raise StoreError(explain(error, self._path)) from error

    async def close(self) -> None:
        if self._is_open:
            self._is_open = False
            await asyncio.to_thread(self._close)

    def _require_open(self) -> None:
        if not self._is_open:
            raise StoreError("The database is closed.")
        if self._hold:
            self._hold.recall()

    def _read(self, query: Callable[[SqliteRows], T]) -> T:
        rows = self._idle.get()
        try:
            rows.connection.execute("BEGIN")
            try:
                return query(rows)
            finally:
                rows.connection.execute("COMMIT")
        except DATABASE_ERRORS as error:
            raise StoreError(explain(error, self._path)) from error
        finally:
            self._idle.put(rows)

    def _close(self) -> None:
        self._threads.shutdown()
        self._here.connection.close()
        while not self._idle.empty():
            self._idle.get().connection.close()
