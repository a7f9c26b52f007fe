"""Processes that need not import the program again: a process that has it imported is forked for each start.

    done = ended("bot", "today", folder=tmp_path)
    assert done.returncode == 0

Half a second or more of every start is imports. What starts has its own id, folder, environment and files, and may be
killed as any other; only modules that would be imported later are there from the beginning.
"""

import asyncio
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from typing import IO

import adapters
import bot

ROOT = Path(__file__).parents[1]


class Fork:
    """`python -m module arguments`."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        out: IO[str],
        errors: IO[str],
    ) -> None:
        self._code: int | None = None
        self._talk, there = socket.socketpair()
        with there:
            socket.send_fds(_original(), [b"!"], [out.fileno(), errors.fileno(), there.fileno()])
        wanted = {"argv": [module, *arguments], "folder": str(folder), "environment": dict(environment)}
        self._talk.sendall(json.dumps(wanted).encode() + b"\n")
        self.pid = int(self._talk.recv(32))
        self._talk.setblocking(False)

    @property
    def returncode(self) -> int | None:
        """None while it runs; as subprocess has it."""
        if self._code is None:
            with suppress(BlockingIOError):
                self._end(self._talk.recv(32))
        return self._code

    async def wait(self) -> int:
        if self._code is None:
            self._end(await asyncio.get_running_loop().sock_recv(self._talk, 32))
        assert self._code is not None
        return self._code

    def wait_here(self) -> int:
        """Nothing else runs meanwhile."""
        if self._code is None:
            self._talk.setblocking(True)
            self._end(self._talk.recv(32))
        assert self._code is not None
        return self._code

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _end(self, code: bytes) -> None:
        self._code = int(code)
        self._talk.close()


def ended(module: str, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What came of it."""
    with TemporaryFile("w+") as out, TemporaryFile("w+") as errors:
        code = Fork(module, arguments, folder, {**os.environ, **environment}, out, errors).wait_here()
        out.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), errors.read())


@cache
def _original() -> socket.socket:
    """What is sent there is forked; it ends with this process."""
    here, there = socket.socketpair()
    with there:
        there.set_inheritable(True)
        command = [sys.executable, "-m", "tests.forks", str(there.fileno())]
        os.posix_spawn(sys.executable, command, {**os.environ, "PYTHONPATH": str(ROOT)})
    return here


# --- in the other process


def import_all() -> None:
    for package in (bot, adapters):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)


def next_start(control: socket.socket) -> Sequence[str]:
    """Returns in a forked process only, with what it has to run. Each has another process beside it, that waits for its
    end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, files, _, _ = socket.recv_fds(control, 1, 3)
        if not asked:
            os._exit(0)
        if not os.fork():
            control.close()
            return begin(*files)
        for file in files:
            os.close(file)


def begin(out: int, errors: int, talk: int) -> Sequence[str]:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=talk) as answer, answer.makefile() as asked:
        wanted = json.loads(asked.readline())
        if child := os.fork():
            os.close(out)
            os.close(errors)
            answer.sendall(b"%d" % child)
            _, status = os.waitpid(child, 0)
            answer.sendall(b"%d" % os.waitstatus_to_exitcode(status))
            os._exit(0)
    for file, place in ((out, 1), (errors, 2)):
        os.dup2(file, place)
        os.close(file)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    argv: list[str] = wanted["argv"]
    return argv


if __name__ == "__main__":
    import_all()
    gc.freeze()  # a collection in a fork would copy all that it shares: two thirds of what it takes
    sys.argv = [*next_start(socket.socket(fileno=int(sys.argv[1])))]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
