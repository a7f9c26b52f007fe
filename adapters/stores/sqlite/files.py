"""Opens, checks, locks and copies the database file. Knows nothing of what is in it but whose it is."""

import asyncio
import errno
import fcntl
import os
import sqlite3
from pathlib import Path

from adapters.stores.sqlite.migrations import APPLICATION_ID, NAMES, applied, migrate
from bot.errors import StartError

OLDEST_SQLITE = (3, 37)  # STRICT tables
DATABASE_ERRORS = (sqlite3.Error, UnicodeError, OverflowError)  # the last two: what SQLite can't hold


def lock(path: Path) -> int:
    """Keeps other processes from writing to the database; ends with the returned descriptor. Raises StartError.

    A file beside it carries the lock: SQLite drops its own locks on a file when any descriptor of it is closed.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartError(_why_not(path, error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise StartError(
            f"{path} is in use by another Paperclub: stop that one first (or set another database)."
        ) from error
    return descriptor


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The checked and migrated database, made when there is none. The lock must be held. Raises StartError.

    The connection may pass to another thread, but only one at a time may use it.
    """
    _require_sqlite()
    unclean = _is_filled(Path(f"{path}-wal"))  # a clean stop leaves none, or an empty one beside a reader
    try:
        if not _is_filled(path):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            path.chmod(0o600)  # an empty file that someone made is ours from now on
        else:
            os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        raise StartError(_why_not(path, error)) from error
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
    try:
        path.open("rb").close()
    except OSError as error:
        raise StartError(_why_not(path, error)) from error
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
    origin = open_for_reading(source)
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            origin.backup(copy)
        finally:
            copy.close()
    except OSError as error:
        raise StartError(_why_not(target, error)) from error
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


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


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


def _why_not(path: Path, error: OSError) -> str:
    match error.errno:
        case errno.ENOENT if path.parent.is_dir():
            return f"{path} does not exist: check the database in the configuration, or start Paperclub there first."
        case errno.ENOENT | errno.ENOTDIR:
            return f"{path} can't be opened: its folder does not exist, make it or set another database."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{path} can't be opened: this user may not write there, change its permissions."
        case errno.ENOSPC | errno.EDQUOT:
            return f"{path} can't be made: the disk is full, make room."
        case errno.EISDIR:
            return f"{path} is a folder: set the database in the configuration to a file."
        case _:
            return f"{path} can't be opened: {error.strerror}."
