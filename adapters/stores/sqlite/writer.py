"""The one thread that writes. Knows transactions, and nothing of what is written.

Callers queue a function of the rows. The thread takes what is queued and runs it in one transaction: many votes then
share one flush to the disk, and each caller still hears of success only after it. Where one fails, all run once more,
each in its own savepoint, so that it fails alone; a function must bear to be run again.
"""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from adapters.stores.sqlite.files import DATABASE_ERRORS, explain
from adapters.stores.sqlite.hold import Hold
from adapters.stores.sqlite.rows import SqliteRows
from bot.errors import StoreError, StoreLost

P = ParamSpec("P")
T = TypeVar("T")

BATCH = 512

log = logging.getLogger(__name__)


class Job(NamedTuple):
    future: asyncio.Future[Any]
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Outcome(NamedTuple):
    future: asyncio.Future[Any]
    value: Any
    error: Exception | None


class Writer:
    """Must be made in a running loop, whose tasks alone may call it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, hold: Hold | None = None) -> None:
        self.commits = 0  # of transactions that changed something
        self._connection = connection
        self._rows = SqliteRows(connection)
        self._path = path
        self._hold = hold
        self._loop = asyncio.get_running_loop()
        self._committed = asyncio.Event()
        self._is_open = True
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="paperclub-writer", daemon=True)
        self._thread.start()

    def run(self, fn: Callable[Concatenate[SqliteRows, P], T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Raises what `fn` raises, and StoreError when the database fails; then nothing of it has happened.

        A caller that is cancelled meanwhile can't know whether it happened.
        """
        if not self._is_open:
            raise StoreError("The database is closed.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(Job(future, fn, args, kwargs))
        return future

    async def wait_for_commit(self, after: int) -> None:
        while self.commits <= after:
            if not self._is_open:
                raise StoreError("The database is closed.")
            await self._committed.wait()

    async def close(self) -> None:
        """Finishes what is queued, and closes the connection."""
        if self._is_open:
            self._is_open = False
            self._queue.put(None)
            self._wake()
        await asyncio.to_thread(self._thread.join)

    # in the thread

    def _work(self) -> None:
        is_last = False
        while not is_last:
            batch = self._take()
            is_last = batch[-1] is None
            jobs = [job for job in batch if job is not None]
            outcomes, has_written = self._run_batch(jobs)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._deliver, outcomes, has_written)
        self._close_connection()

    def _take(self) -> list[Job | None]:
        batch = [self._queue.get()]
        while batch[-1] is not None and len(batch) < BATCH and not self._queue.empty():
            batch.append(self._queue.get())
        return batch

    def _run_batch(self, jobs: Sequence[Job]) -> tuple[list[Outcome], bool]:
        """Also says whether anything was written. What was committed to a file that was taken away meanwhile is not
        called a success: who asked is told to look."""
        before = self._connection.total_changes
        try:
            self._require_hold()
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = self._run_all(jobs)
            self._connection.execute("COMMIT")
            self._require_hold()
        except StoreLost as error:
            return [Outcome(job.future, None, error) for job in jobs], self._connection.total_changes != before
        except sqlite3.Error as error:
            self._roll_back()
            text = explain(error, self._path)
            return [Outcome(job.future, None, StoreError(text)) for job in jobs], False
        return outcomes, self._connection.total_changes != before

    def _require_hold(self) -> None:
        if self._hold:
            self._hold.require()

    def _run_all(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Without savepoints, which keep a copy of every page that is changed; where one fails, all anew with them."""
        try:
            return [Outcome(job.future, self._run(job), None) for job in jobs]
        except Exception as error:  # not handled here: it belongs to the caller
            if not self._connection.in_transaction:
                raise  # SQLite rolled it back, as it does on a full disk
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
            if len(jobs) == 1:
                return [Outcome(jobs[0].future, None, self._translate(error))]
        return [self._run_apart(job) for job in jobs]

    def _run_apart(self, job: Job) -> Outcome:
        execute = self._connection.execute
        execute("SAVEPOINT job")
        try:
            value = self._run(job)
        except Exception as error:  # not handled here: it belongs to the caller
            if not self._connection.in_transaction:
                raise  # SQLite rolled back the whole batch, as it does on a full disk
            execute("ROLLBACK TO job")
            execute("RELEASE job")
            return Outcome(job.future, None, self._translate(error))
        execute("RELEASE job")
        return Outcome(job.future, value, None)

    def _run(self, job: Job) -> Any:
        return job.fn(self._rows, *job.args, **job.kwargs)

    def _translate(self, error: Exception) -> Exception:
        return StoreError(explain(error, self._path)) if isinstance(error, DATABASE_ERRORS) else error

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _close_connection(self) -> None:
        try:
            if self._hold:
                self._hold.save(self._connection)
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()
        except sqlite3.Error as error:  # nothing is lost: the next start reads the log
            log.warning("%s", explain(error, self._path))

    # in the loop again

    def _deliver(self, outcomes: Sequence[Outcome], has_written: bool) -> None:
        if has_written:
            self.commits += 1
            self._wake()
        for future, value, error in outcomes:
            if future.done():  # its caller was cancelled
                continue
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

    def _wake(self) -> None:
        self._committed.set()
        self._committed = asyncio.Event()


class NoWriter:
    """Stands in where the database was opened for reading only."""

    commits = 0

    def run(self, fn: Callable[Concatenate[SqliteRows, P], T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        raise StoreError("The database was opened for reading only.")

    async def wait_for_commit(self, after: int) -> None:
        raise StoreError("The database was opened for reading only.")

    async def close(self) -> None: ...
