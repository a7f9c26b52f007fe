"""Serves one function over HTTP on a free port of 127.0.0.1. Knows no outside system; the fakes do."""

from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import web

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Loopback:
    """A handler is cancelled when its client goes, so endless ones end with their test."""

    def __init__(self, answer: Answering) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        self._port = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
