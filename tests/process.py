"""A running Paperclub in a process of its own, and members who talk to it over HTTP. For tests that kill it."""

import asyncio
import os
import socket
import sys
import uuid
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Self

import aiohttp

from tests.forks import ROOT, Fork


def held_port() -> socket.socket:
    """A port that is given to nobody else while this is open; whoever knows its number can listen there."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def _environment(port: socket.socket, **more: str) -> dict[str, str]:
    return {**os.environ, "PAPERCLUB_WEB__PORT": str(port.getsockname()[1]), **more}


def _new_log(folder: Path) -> Path:
    """Its own: another one may still write."""
    return folder / f"log-{uuid.uuid4().hex}.txt"


class Running:
    """A program in a folder, from when its page answers. `log` is its own file there."""

    def __init__(self, process: Fork | asyncio.subprocess.Process, port: socket.socket, log: Path) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port.getsockname()[1]}"
        self.log = log
        self._port = port

    @classmethod
    async def start(cls, folder: Path, *arguments: str) -> Self:
        return await cls.launch(folder, *arguments)._from_when_it_answers()

    @classmethod
    def launch(cls, folder: Path, *arguments: str, **environment: str) -> Self:
        """Does not wait for the page, which a group without one never has. `config.toml` in the folder is read."""
        port, log, nowhere = held_port(), _new_log(folder), Path(os.devnull)
        with log.open("w") as errors, nowhere.open("w") as out:
            process = Fork("bot", arguments, folder, _environment(port, **environment), out, errors)
        return cls(process, port, log)

    @classmethod
    async def start_anew(cls, folder: Path, *arguments: str, **environment: str) -> Self:
        """In an interpreter that has imported nothing."""
        port, log = held_port(), _new_log(folder)
        with log.open("w") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *arguments,
                cwd=folder,
                env=_environment(port, PYTHONPATH=str(ROOT), **environment),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
            )
        return await cls(process, port, log)._from_when_it_answers()

    async def _from_when_it_answers(self) -> Self:
        with self._port:
            async with asyncio.timeout(30):
                await self._ready()
        return self

    async def _ready(self) -> None:
        """There is no signal to wait for but the page itself."""
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                if self.process.returncode is not None:
                    raise AssertionError(self.log.read_text())
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        self._port.close()
        await self.process.wait()

    async def terminate(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.terminate()
        self._port.close()
        return await self.process.wait()


class Visitor:
    """A browser without JavaScript: a cookie jar and forms."""

    def __init__(self, http: aiohttp.ClientSession, name: str) -> None:
        self.http = http
        self.name = name

    async def join(self, url: str) -> None:
        await self._post(url, "join", {"name": self.name})

    async def press(self, url: str, button: str) -> None:
        """Returns when the press was acknowledged."""
        await self._post(url, "press", {"button": button})

    async def says(self, url: str, line: str) -> None:
        await self._post(url, "say", {"line": line})

    async def _post(self, url: str, what: str, fields: dict[str, str]) -> None:
        form = {**fields, "nonce": uuid.uuid4().hex}
        async with self.http.post(f"{url}/g/reading-group/{what}", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, answer.status


@asynccontextmanager
async def visitor(name: str) -> AsyncIterator[Visitor]:
    jar = aiohttp.CookieJar(unsafe=True)  # "unsafe" is aiohttp's word for cookies of an IP address
    # Another address of this machine for each, as behind a proxy on it, so that they don't share one visitor's rate.
    headers = {"X-Forwarded-For": str(ip_address("127.0.0.0") + zlib.crc32(name.encode()) % 2**24)}
    async with aiohttp.ClientSession(cookie_jar=jar, headers=headers) as http:
        yield Visitor(http, name)
