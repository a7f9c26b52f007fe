"""Opens, checks and copies the database file. Knows nothing of what is in it but whose it is; `hold` locks it."""

import asyncio
import errno
import os
import sqlite3
from pathlib import Path

from adapters.stores.sqlite.hold import beside, is_filled, real, require_own_log, why_not
from adapters.stores.sqlite.migrations import APPLICATION_ID, NAMES, applied, migrate
from bot.errors import StartError

OLDEST_SQLITE = (3, 37)  # STRICT tables
DATABASE_ERRORS = (sqlite3.Error, UnicodeError, OverflowError)  # the last two: what SQLite can't hold


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The checked and migrated database, made when there is none. The hold must be taken. Raises StartError.

    The connection may pass to another thread, but only one at a time may use it.
    """
    _require_sqlite()
    wal, _ = beside(real(path))
    unclean = is_filled(wal)  # a clean stop leaves none, or an empty one beside a reader
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        _prepare(connection, path, unclean)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that can't write, whether or not another process has the database open. Raises StartError."""
    _require_sqlite()
    _require_file(path)
    require_own_log(path)
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        _require_ours(connection, path)
        if applied(connection) != NAMES:
            raise StartError(
                f'{path} was not brought up to date by this Paperclub yet: start it once ("paperclub run").'
            )
        connection.execute("PRAGMA query_only = ON")
        connection.row_factory = sqlite3.Row
    except sqlite3.Error as error:
        connection.close()
        raise StartError(f"{explain(error, path)}.") from error
    except BaseException:
        connection.close()
        raise
    return connection


def touch(connection: sqlite3.Connection) -> None:
    """Writes a page, though nothing that anybody waits for."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def look(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT id FROM groups LIMIT 1").fetchone()


async def copy_database(source: str | Path, target: str | Path) -> None:
    """A copy as of the last commit, also while another process writes. Raises StartError."""
    await asyncio.to_thread(_copy, Path(source), Path(target))


def _copy(source: Path, target: Path) -> None:
    if target.exists() and source.exists() and target.samefile(source):
        raise StartError(f"{target} is the database itself: copy it to another file.")
    origin = open_for_reading(source)
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            origin.backup(copy)
        finally:
            copy.close()
    except OSError as error:
        raise StartError(why_not(target, error)) from error
    except sqlite3.Error as error:
        raise StartError(f"{explain(error, target)}.") from error
    finally:
        origin.close()


def _prepare(connection: sqlite3.Connection, path: Path, unclean: bool) -> None:
    try:
        _require_ours(connection, path, may_be_new=True)
        if unclean:
            _require_sound(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # with NORMAL a power cut can take votes that were confirmed
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # where savepoints keep pages: a vote takes a third less time
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        if applied(connection) != NAMES:
            migrate(connection)
        connection.row_factory = sqlite3.Row
    except sqlite3.Error as error:
        raise StartError(f"{explain(error, path)}.") from error


def _require_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StartError(f"SQLite {sqlite3.sqlite_version} is too old: use a Python that comes with 3.37 or newer.")


def _require_file(path: Path) -> None:
    """By its name, and not by opening it: see `hold.Hold`."""
    try:
        if path.stat() and path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
    except OSError as error:
        raise StartError(why_not(path, error)) from error


def _require_ours(connection: sqlite3.Connection, path: Path, *, may_be_new: bool = False) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    is_new = application == 0 and objects == 0
    if application != APPLICATION_ID and not (may_be_new and is_new):
        raise StartError(f"{path} is not a database of Paperclub: set another database in the configuration.")
    if set(applied(connection)) - set(NAMES):
        raise StartError(f"{path} was written by a newer Paperclub: install that version or a later one.")


def _require_sound(connection: sqlite3.Connection, path: Path) -> None:
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise StartError(f"{path} is damaged ({finding}): put a backup in its place.")


def explain(error: Exception, path: Path) -> str:
    """What went wrong, for an operator."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return f"{path} can't grow: the disk is full, make room"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is locked by another program: close it"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"{path} or its folder may not be written by this user: change their permissions"
    if name == "SQLITE_NOTADB":
        return f"{path} is not a SQLite database: set another database in the configuration"
    if name.startswith("SQLITE_CORRUPT"):
        return f"{path} is damaged: put a backup in its place"
    if name.startswith("SQLITE_IOERR"):
        return f"{path} can't be read or written: the disk reports an error ({error})"
    return f"{path}: {error}"
