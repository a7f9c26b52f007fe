"""Two clients for the fake: the real discord.py, pointed at it, and a bare one that sends whatever it is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.spec import said

SomeClient = TypeVar("SomeClient", bound=discord.Client)


@contextmanager
def discord_py_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py keeps its addresses in classes; they are put back."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = fake.url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(fake: FakeDiscord, client: SomeClient) -> AsyncIterator[SomeClient]:
    """The client, logged in and on the gateway; at the end it is closed, and its own error is raised."""
    with discord_py_at(fake):
        task = asyncio.create_task(client.start(fake.token))
        reached = asyncio.create_task(fake.connected())
        try:
            await asyncio.wait({task, reached}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
            await reached
            yield client
        finally:
            reached.cancel()
            await client.close()
            await asyncio.gather(task, reached, return_exceptions=True)


class BareClient:
    """Every answer is held to the official document, where that is at hand."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession) -> None:
        self.fake = fake
        self.session = session
        self.headers: dict[str, str] = {"Authorization": f"Bot {fake.token}"}
        self.answer_headers: Mapping[str, str] = {}

    async def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        """The status and the JSON of the answer; `path` is what follows /api/v10."""
        url = yarl.URL(self.fake.url + path, encoded=True).update_query({k: str(v) for k, v in query.items()})
        sent: dict[str, Any] = {} if body is None else {"json": body}
        async with self.session.request(method, url, headers=self.headers, **sent) as answer:
            self.answer_headers = answer.headers
            found = None if answer.status == 204 else await answer.json()
        self._hold(method, answer.status, found)
        return answer.status, found

    def _hold(self, method: str, status: int, found: Any) -> None:
        template, spec = self.fake.requests[-1].template, self.fake.spec
        if status < 500 and spec is not None and spec.knows(method, template):
            complaints = spec.answer(method, template, status, found)
            assert not complaints, f"{method} {template} answers {status}: {said(complaints)}"

    async def expect(self, status: int, method: str, path: str, body: Any = None, **query: Any) -> Any:
        got, found = await self(method, path, body, **query)
        assert got == status, f"{method} {path}: {got} {found}"
        return found

    async def refused(self, code: int, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The errors of a form, or the whole body where there are none."""
        status, found = await self(method, path, body, **query)
        assert status >= 400, f"{method} {path} was accepted: {found}"
        assert found["code"] == code, f"{method} {path}: {found}"
        return found.get("errors", found)


@asynccontextmanager
async def bare_client(fake: FakeDiscord) -> AsyncIterator[BareClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield BareClient(fake, session)
