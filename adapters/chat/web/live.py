"""Server-sent events: keeps open pages as they stand in the channel. Renders nothing itself and decides nothing."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import PortError, StoreLost
from bot.model import Change
from bot.ports import Core

log = logging.getLogger(__name__)

MOST_STREAMS = 500
HEARTBEAT = 15.0  # seconds; proxies close what is silent for longer

Render = Callable[[int], Awaitable[str | None]]  # a message's article as this viewer sees it; None: it is gone


class Live:
    """Every open stream of this process."""

    def __init__(self, core: Core, heartbeat: float = HEARTBEAT) -> None:
        self._core = core
        self._heartbeat = heartbeat
        self.open = 0
        self._taken = Counter[str]()
        self._closed = asyncio.get_running_loop().create_future()

    def close(self) -> None:
        """Ends every stream; browsers come back by themselves and say what they have seen."""
        if not self._closed.done():
            self._closed.set_result(None)

    async def serve(
        self, request: web.Request, seats: Mapping[str, int], group: str, after: int | None, render: Render
    ) -> web.StreamResponse:
        """`seats`: of which it takes one, and how many there are of each."""
        async with self._seat(seats):
            response = web.StreamResponse(
                headers={
                    "Content-Type": "text/event-stream; charset=utf-8",
                    "Cache-Control": "no-store",
                    "X-Accel-Buffering": "no",
                }
            )
            await response.prepare(request)
            await response.write(b"retry: 2000\n\n")
            try:
                async for chunk in self._chunks(group, after, render):
                    await response.write(chunk.encode())
            except StoreLost:  # the store has told the log
                pass
            except PortError as error:
                log.error("live page of %s: %s", group, error)  # too late for a status; the browser comes back
            await response.write_eof()
            return response

    @asynccontextmanager
    async def _seat(self, seats: Mapping[str, int]) -> AsyncIterator[None]:
        if self.open >= MOST_STREAMS or any(self._taken[key] >= most for key, most in seats.items()):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"})
        self.open += 1
        self._taken.update(seats.keys())
        try:
            yield
        finally:
            self.open -= 1
            self._taken.subtract(seats.keys())
            self._taken = +self._taken

    async def _chunks(self, group: str, after: int | None, render: Render) -> AsyncIterator[str]:
        if after is None:
            after = await newest(self._core, group)
        while not self._closed.done():
            changes = await self._next(group, after)
            if not changes:
                yield ": still here\n\n"
                continue
            for change in _last_of_each(changes):
                yield await _event(change, render)
            after = changes[-1].seq

    async def _next(self, group: str, after: int) -> Sequence[Change]:
        """Nothing when nothing happens for a while, or when we close."""
        ask = asyncio.ensure_future(self._core.changes(group, after))
        try:
            await asyncio.wait({ask, self._closed}, timeout=self._heartbeat, return_when=asyncio.FIRST_COMPLETED)
            return ask.result() if ask.done() else ()
        finally:
            ask.cancel()


async def newest(core: Core, group: str) -> int:
    """The sequence number from which a page that is rendered now has to be kept up."""
    changes = await core.changes(group, None)
    return changes[-1].seq if changes else 0


def _last_of_each(changes: Sequence[Change]) -> list[Change]:
    """A message that changed thrice is sent once, as it is now."""
    last = {change.what: change for change in changes}
    return sorted(last.values(), key=lambda change: change.seq)


async def _event(change: Change, render: Render) -> str:
    if change.what == "reset":
        return f"id: {change.seq}\nevent: reset\ndata: {{}}\n\n"
    kind, _, number = change.what.partition(":")
    if kind != "message":
        return f"id: {change.seq}\ndata: {{}}\n\n"
    data = json.dumps({"id": int(number), "html": await render(int(number))})
    return f"id: {change.seq}\nevent: message\ndata: {data}\n\n"
