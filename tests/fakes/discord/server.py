"""Discord on 127.0.0.1: puts the world, the REST API, the gateway and the faults together."""

import asyncio
import random
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Self

from aiohttp import web

from tests.fakes.discord import (
    routes_basics,
    routes_commands,
    routes_events,
    routes_interactions,
    routes_messages,
    routes_threads,
)
from tests.fakes.discord.clock import Clock
from tests.fakes.discord.faults import DONE_FIRST, Fault, Faults, Misbehaviour, page, reset
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.permissions import USUAL_FOR_BOTS
from tests.fakes.discord.ratelimits import RateLimits
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.registry import CommandBook
from tests.fakes.discord.rest import PREFIX, Rest, SeenRequest
from tests.fakes.discord.spec import load_spec
from tests.fakes.discord.world import World
from tests.fakes.loopback import Loopback

ROUTES = (
    *routes_basics.ROUTES,
    *routes_messages.ROUTES,
    *routes_threads.ROUTES,
    *routes_events.ROUTES,
    *routes_commands.ROUTES,
    *routes_interactions.ROUTES,
)


class FakeDiscord:
    """See the package's docstring for how a test talks to it."""

    def __init__(
        self, *, clock: Callable[[], datetime] | None = None, bot_name: str = "Paperclub", token: str = ""
    ) -> None:
        self.clock = Clock(clock)
        self.token = token or f"MTAw.fake.{secrets.token_hex(16)}"
        self.world = World(self.clock, self.token, bot_name)
        self.limits = RateLimits(self.clock)
        self.faults = Faults()
        self.spec = load_spec()
        self._rest = Rest(self.world, self.limits, ROUTES, self.spec)
        self._server = Loopback(self._answer)

    # addresses

    @property
    def url(self) -> str:
        """For `discord.http.Route.BASE`."""
        return self._server.url + PREFIX

    @property
    def gateway_url(self) -> str:
        """For `DiscordWebSocket.DEFAULT_GATEWAY`, of a client that does not ask /gateway/bot."""
        return f"ws://{self._server.host}/"

    @property
    def application_id(self) -> int:
        return self.world.application_id

    # the world

    @property
    def gateway(self) -> Gateway:
        return self.world.gateway

    @property
    def commands(self) -> CommandBook:
        return self.world.commands

    def add_guild(
        self,
        name: str,
        *,
        id: int | None = None,
        locale: str = "en-US",
        bot_permissions: Iterable[str] = USUAL_FOR_BOTS,
    ) -> Guild:
        """`bot_permissions` are those of the bot's own role, beyond @everyone's."""
        return self.world.add_guild(name, id=id, locale=locale, bot_permissions=bot_permissions)

    @property
    def patience(self) -> float:
        """Seconds that an interaction may stay without an answer."""
        return self.world.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.world.patience = seconds

    def moves(self, seconds: float) -> None:
        self.world.moves(seconds)

    async def until(self, condition: Callable[[], object], timeout: float = 5.0, what: str = "") -> None:  # noqa: ASYNC109
        await self.world.until(condition, timeout, what)

    async def connected(self, shards: int = 1, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Until so many gateway sessions have a socket."""
        await self.until(lambda: len(self.gateway.listeners) >= shards, timeout, "no bot connected to the gateway")

    # the journal

    @property
    def requests(self) -> list[SeenRequest]:
        return self._rest.requests

    @property
    def violations(self) -> list[str]:
        """What a careful client never sends, by REST and by gateway."""
        return self._rest.violations + self.gateway.violations

    def asked(self, method: str, template: str) -> list[SeenRequest]:
        """The requests of one kind, by the path as the documentation writes it."""
        return [seen for seen in self.requests if (seen.method, seen.template) == (method, template)]

    # what goes wrong

    def next(
        self,
        method: str,
        path: str,
        fault: Misbehaviour,
        *,
        times: int = 1,
        status: int = 0,
        code: int = 0,
        seconds: float = 30.0,
        retry_after: float = 0.05,
    ) -> None:
        """What the next requests whose path matches the regular expression get instead of an answer."""
        self.faults.next(
            method, path, fault, times=times, status=status, code=code, seconds=seconds, retry_after=retry_after
        )

    def mishaps(
        self, dice: random.Random, rates: Mapping[Misbehaviour, float], *, where: str = "", seconds: float = 0.05
    ) -> None:
        """From now on each request whose "METHOD /path" matches meets each fault at its rate."""
        self.faults.mishaps(dice, rates, where=where, seconds=seconds)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        self.world.gateway_url = self.gateway_url
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.close()
        await self._server.__aexit__()

    # answering

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/" and request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.gateway.answer(request)
        seen = self._rest.see(request)
        if not request.path.startswith(PREFIX + "/"):
            self._rest.violate(f"{request.method} {request.path}: not under {PREFIX}")
            return page(404, "404: Not Found")
        if self._rest.is_banned:
            return self._paged(seen, 429, "Error 1015: You are being rate limited")
        fault = self.faults.meet(seen.method, seen.path)
        if fault is None:
            return await self._rest.answer(request, seen)
        return await self._misbehave(request, seen, fault)

    def _paged(self, seen: SeenRequest, status: int, text: str) -> web.Response:
        seen.status = status
        self.world.changed()
        return page(status, text)

    async def _misbehave(self, request: web.Request, seen: SeenRequest, fault: Fault) -> web.StreamResponse:
        if fault.what in DONE_FIRST:
            return await self._lose(request, seen, fault, await self._rest.answer(request, seen))
        match fault.what:
            case "status":
                return self._error(seen, fault.status or 500, fault.code)
            case "rate_limited":
                return self._rest.limit(request, seen, fault.retry_after)
            case "rate_limited_for_all":
                return self._rest.limit(request, seen, fault.retry_after, scope="global")
            case "cloudflare":
                return self._paged(seen, 429, "Error 1015: You are being rate limited")
            case "unavailable":
                return self._paged(seen, 503, "503 Service Temporarily Unavailable")
            case "html":
                return self._paged(seen, 200, "Discord is down for maintenance")
            case "reset":
                return reset(request)
        await asyncio.sleep(fault.seconds)  # it hangs
        return await self._rest.answer(request, seen)

    async def _lose(
        self, request: web.Request, seen: SeenRequest, fault: Fault, answer: web.Response
    ) -> web.StreamResponse:
        if fault.what == "late":
            await asyncio.sleep(fault.seconds)
            return answer
        if fault.what == "truncated" and isinstance(answer.body, bytes):
            headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
            return web.Response(body=answer.body[: len(answer.body) // 2], status=answer.status, headers=headers)
        seen.status = fault.status
        return self._error(seen, fault.status, fault.code) if fault.status else reset(request)

    def _error(self, seen: SeenRequest, status: int, code: int) -> web.Response:
        return self._rest.refuse(seen, Refused(status, code, f"{status}: {HTTPStatus(status).phrase}"))
