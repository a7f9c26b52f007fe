"""The hold on the database file: that it is one process's alone, and still what stands at its path. Knows no SQL.

Two locks. One on a byte of the file itself, which every spelling, symbolic link and hard link of it meets, and which is
there as long as the file is. One on `<file>.lock`, which keeps a second one away where another file was moved to the
path, or in the same process, for which the byte is no obstacle.
"""

import errno
import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from bot.errors import StartError, StoreLost

BYTE = 0x4000_0200  # the first one behind those that SQLite locks; POSIX locks may lie beyond a file's end
SETTLED = 2.0  # seconds after its last change, a file at the path is no copy under way

log = logging.getLogger(__name__)

Identity = tuple[int, int]  # device, inode


class Hold:
    """Made by `take_hold`. Nothing in this process may open and close the database file while it lasts, but SQLite:
    POSIX drops all locks that a process has on a file, SQLite's too, when it closes any descriptor of it. A program
    that then leaves takes itself for the last one, and deletes the -wal that we write to."""

    def __init__(self, path: Path, file: int, lock: int) -> None:
        self.path = path  # as configured, for words
        self._seen: StoreLost | None = None
        self._at = path.absolute()  # a relative one stays where it is when the process goes elsewhere
        self._real = real(path)
        self._file = file
        self._lock = lock
        self._beside: dict[Path, Identity] = {}
        self._telling = threading.Lock()

    def note_files(self) -> None:
        """Once SQLite has opened what it needs. Raises StoreLost."""
        self._beside = {path: _identity(path) for path in beside(self._real)}
        self.require()

    def require(self) -> None:
        """Raises StoreLost; tells the log once, and when all is well again."""
        lost = self._find()
        with self._telling:
            is_news, self._seen = str(lost) != str(self._seen), lost
        if is_news:
            log.log(logging.ERROR if lost else logging.INFO, "%s", lost or f"{self.path} is in its place again")
        if lost:
            raise lost

    def recall(self) -> None:
        """Raises what was seen last: a look takes longer than what is read by a key."""
        if seen := self._seen:
            raise StoreLost(str(seen), replaced=seen.replaced)

    def save(self, connection: sqlite3.Connection) -> None:
        """What has no name any more gets one."""
        if os.fstat(self._file).st_nlink:
            return
        try:
            target = _make_new(rescued(self._real))
            with closing(sqlite3.connect(target)) as copy:
                connection.backup(copy)
        except (OSError, sqlite3.Error) as error:
            log.critical("%s was removed, and what it held can't be saved: %s", self.path, error)
        else:
            log.warning("%s was removed; what it held is saved as %s", self.path, target)

    def release(self) -> None:
        """The connections are closed."""
        os.close(self._file)
        os.close(self._lock)

    @property
    def _identity(self) -> Identity:
        found = os.fstat(self._file)
        return found.st_dev, found.st_ino

    def _find(self) -> StoreLost | None:
        try:
            found = os.stat(self._at)
            if (found.st_dev, found.st_ino) != self._identity:
                return self._say_replaced(found)
            for path, known in self._beside.items():
                if _identity_or_none(path) != known:
                    return self._say_changed(path)
            _lock_byte(self._file)
        except (FileNotFoundError, NotADirectoryError):
            return self._say_gone()
        except BlockingIOError:
            return StoreLost(f"{self.path} is in use by another Paperclub, too: this one ends.", replaced=True)
        except OSError as error:
            return StoreLost(f"{self.path} can't be looked at ({error.strerror}): nothing is stored until it can.")
        return None

    def _say_replaced(self, found: os.stat_result) -> StoreLost:
        if abs(time.time() - found.st_mtime) < SETTLED:
            return StoreLost(f"{self.path} is being replaced by another file: nothing is stored meanwhile.")
        return StoreLost(
            f"{self.path} was replaced by another file while Paperclub ran: it stores nothing more and ends, start it "
            "again to use that one.",
            replaced=True,
        )

    def _say_changed(self, path: Path) -> StoreLost:
        return StoreLost(
            f"{path} was removed or replaced while Paperclub ran: what it held is written into {self.path.name}, and "
            "Paperclub ends, start it again.",
            replaced=True,
        )

    def _say_gone(self) -> StoreLost:
        if os.fstat(self._file).st_nlink:
            return StoreLost(f"{self.path} was moved away while Paperclub runs: nothing is stored, move it back.")
        return StoreLost(
            f"{self.path} was removed while Paperclub runs: nothing is stored; stop Paperclub, and it saves what the "
            f"file held as {rescued(self.path)}."
        )


def take_hold(path: Path) -> Hold:
    """Keeps other processes from writing to the database, which is made when there is none. Raises StartError."""
    place = real(path)
    _require_usable(path, place)
    lock = _open(path, Path(f"{place}.lock"))
    try:
        _only_we(path, lock)
        known = os.pread(lock, 32, 0)
        file = _open(path, place)
    except BaseException:
        os.close(lock)
        raise
    try:
        _require_alone(path, file)
        require_own_log(path, known)
        os.ftruncate(lock, 0)
        os.pwrite(lock, _number(file), 0)
    except BaseException:
        os.close(file)
        os.close(lock)
        raise
    return Hold(path, file, lock)


def real(path: Path) -> Path:
    """Where SQLite keeps the -wal: beside the file, and not beside a symbolic link to it."""
    return Path(os.path.realpath(path))


def beside(place: Path) -> tuple[Path, Path]:
    return Path(f"{place}-wal"), Path(f"{place}-shm")


def rescued(path: Path) -> Path:
    return Path(f"{path}.rescued")


def require_own_log(path: Path, known: bytes | None = None) -> None:
    """SQLite plays any -wal into the file that it stands beside, also into a backup that was moved there. `known`
    is the number of the file that was held last. Raises StartError."""
    place = real(path)
    wal, shm = beside(place)
    if known is None:
        known = _read(Path(f"{place}.lock"))
    if known.isdigit() and is_filled(wal) and is_filled(place) and int(known) != place.stat().st_ino:
        raise StartError(
            f"{path} is not the file that {wal.name} was written for: stop Paperclub, and if it is a backup remove "
            f"{wal.name} and {shm.name}; if all of them were moved here together, remove {place.name}.lock."
        )


def require_not_rescued(path: Path) -> None:
    """Raises StartError where a start would begin anew, and what was there before waits to be renamed."""
    place = real(path)
    saved = rescued(place)
    if not is_filled(place) and is_filled(saved):
        raise StartError(
            f"{path} is missing, and {saved} is what Paperclub saved of it: rename that to go on with it, or move it "
            "away to begin anew."
        )


def is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def why_not(path: Path, error: OSError) -> str:
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


def _require_usable(path: Path, place: Path) -> None:
    require_not_rescued(path)
    if os.path.isdir(place):
        raise StartError(why_not(path, IsADirectoryError(errno.EISDIR, "")))


def _open(path: Path, file: Path) -> int:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(descriptor).st_size == 0:
            os.fchmod(descriptor, 0o600)  # an empty file that someone made is ours from now on
    except OSError as error:
        raise StartError(why_not(path, error)) from error
    return descriptor


def _only_we(path: Path, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StartError(_in_use(path)) from error


def _require_alone(path: Path, file: int) -> None:
    try:
        _lock_byte(file)
    except BlockingIOError as error:
        raise StartError(_in_use(path)) from error
    except OSError as error:
        raise StartError(f"{path} can't be locked ({error.strerror}): keep the database on a local disk.") from error
    if os.fstat(file).st_nlink > 1:
        raise StartError(
            f"{path} has a second name (a hard link), and SQLite keeps the newest votes beside one of them only: "
            "remove the other name, or make it a copy."
        )


def _lock_byte(file: int) -> None:
    """Changes nothing where we have it. Raises BlockingIOError where another process has, OSError."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, BYTE)
    except PermissionError as error:  # what some systems answer instead
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error


def _in_use(path: Path) -> str:
    return f"{path} is in use by another Paperclub: stop that one first (or set another database)."


def _identity(path: Path) -> Identity:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _identity_or_none(path: Path) -> Identity | None:
    try:
        return _identity(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _number(file: int) -> bytes:
    """The inode alone: a device may have another number after the machine was started again."""
    return str(os.fstat(file).st_ino).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _make_new(path: Path) -> Path:
    """An empty file of that name, or of the next one that is free."""
    for name in _names(path):
        try:
            os.close(os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            continue
        return name
    raise AssertionError


def _names(path: Path) -> Iterator[Path]:
    yield path
    yield from (Path(f"{path}-{number}") for number in count(2))
