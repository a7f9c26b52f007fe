"""Asks Discord over REST, no faster than it allows. Knows neither cards nor commands."""

import asyncio
from typing import Any

import discord

from adapters.chat.discord import sdk
from adapters.chat.discord.refusals import ban_of

RATE = 47.0  # requests a second; Discord allows 50, counted where they arrive
LONGEST_TURN = 10.0  # seconds that a request waits for its turn; a longer wait is the outbox's
LONGEST_RATE_LIMIT = 30.0  # seconds that discord.py waits for within a request: the least it can be set to


class Pacer:
    """Gives turns, evenly: a burst would be counted as one, and answered with a ban of all requests for a while."""

    def __init__(self, rate: float = RATE) -> None:
        self._gap = 1.0 / rate
        self._free_at = 0.0

    async def turn(self) -> None:
        """Raises discord.RateLimited when it would be long in coming."""
        now = asyncio.get_running_loop().time()
        at = max(self._free_at, now)
        if at - now > LONGEST_TURN:
            raise discord.RateLimited(at - now)
        self._free_at = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)

    async def idle_turn(self) -> None:
        """For what is not urgent: waits until nobody else wants a turn."""
        while (wait := self._free_at + self._gap - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)
        await self.turn()

    def hold(self, seconds: float) -> None:
        """Nobody gets a turn for so long."""
        self._free_at = max(self._free_at, asyncio.get_running_loop().time() + seconds)


class Rest:
    """The requests of one logged-in client. What they raise is in refusals.FAILURES."""

    def __init__(self, client: discord.Client, pacer: Pacer) -> None:
        self._client = client
        self._pacer = pacer

    @property
    def me(self) -> int:
        return self._client.user.id if self._client.user else 0

    @property
    def cache(self) -> discord.Client:
        """What the gateway told of servers and channels; nothing while it is not connected."""
        return self._client

    async def call(self, method: str, path: str, json: Any = None, **names: Any) -> Any:
        await self._pacer.turn()
        return await self._request(method, path, json, **names)

    async def call_when_idle(self, method: str, path: str, **names: Any) -> Any:
        await self._pacer.idle_turn()
        return await self._request(method, path, **names)

    async def _request(self, method: str, path: str, json: Any = None, **names: Any) -> Any:
        try:
            answer = await sdk.request(self._client, method, path, json, **names)
        except asyncio.CancelledError:
            self._open_later()
            raise
        except discord.HTTPException as error:
            self._pacer.hold(ban_of(error))
            raise
        except (RuntimeError, ValueError) as error:  # aiohttp, of a session that was closed; JSON that was cut off
            raise ConnectionError(str(error)) from error
        if isinstance(answer, str) and answer:
            raise ConnectionError("a page came instead of JSON")
        return answer

    def _open_later(self) -> None:
        """A request that is cancelled while it waits out the limit for all leaves discord.py's gate closed for ever."""
        gate = sdk.gate(self._client)
        if not gate.is_set():
            asyncio.get_running_loop().call_later(LONGEST_RATE_LIMIT, gate.set)
