"""Who wants to come to our events, as reactions on them. Counts nobody and answers nothing.

Discord tells of each change without a name, now and then twice, and of none while we are away. Changes and readings
go through one queue: what is told last is what was heard last, however long a name takes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import discord

from adapters.chat.discord.places import SURFACE, account_of, event_ref, read_event, read_place
from adapters.chat.discord.refusals import FAILURES, UNKNOWN_EVENT, UNKNOWN_MEMBER, UNKNOWN_USER, code_of, explain
from adapters.chat.discord.rest import Rest
from bot.model import OpenCard, Reaction
from bot.ports import Core

log = logging.getLogger(__name__)

Json = dict[str, Any]

USERS = "/guilds/{guild_id}/scheduled-events/{event_id}/users"
MEMBER = "/guilds/{guild_id}/members/{user_id}"
PAGE = 100
READ_AGAIN, READ_RARELY = 1.0, 3600.0  # seconds before an event that could not be read is read again, doubled


@dataclass(frozen=True, slots=True)
class Mark:
    guild: int
    event: int
    user: int
    on: bool


@dataclass(frozen=True, slots=True)
class Reading:
    card: OpenCard
    wait: float  # seconds before the next attempt


class Attending:
    """For as long as one connection lasts. `look_again` is called with the name of an event that could not be told
    of."""

    def __init__(self, rest: Rest, look_again: Callable[[str], None]) -> None:
        self._rest = rest
        self._look_again = look_again
        self._queue: asyncio.Queue[Mark | Reading] = asyncio.Queue()

    def heard(self, data: Json, *, on: bool) -> None:
        """As the gateway says it. discord.py passes on only users whom it knows, and it knows none."""
        change = Mark(int(data["guild_id"]), int(data["guild_scheduled_event_id"]), int(data["user_id"]), on)
        guild = self._rest.cache.get_guild(change.guild)
        event = guild.get_scheduled_event(change.event) if guild else None
        if event is None or event.creator_id in (None, self._rest.me):
            self._queue.put_nowait(change)

    def reconcile(self, cards: Iterable[OpenCard]) -> None:
        """Reads who wants to come to those that are events."""
        for card in cards:
            if read_event(card.ref):
                self._queue.put_nowait(Reading(card, READ_AGAIN))

    async def run(self, core: Core) -> None:
        while True:
            match await self._queue.get():
                case Mark() as change:
                    await self._tell(core, change)
                case Reading() as reading:
                    await self._read(core, reading)

    async def _tell(self, core: Core, change: Mark) -> None:
        ref = event_ref(change.event)
        try:
            name = await self._name(change) if change.on else ""
        except FAILURES as error:
            log.info("who wants to come to %s can't be asked: %s", ref, error)
            self._look_again(ref)
            return
        if name is None:
            return
        reaction = Reaction(account_of(change.user), ref, on=change.on, display_name=name)
        if not await core.reacted(SURFACE, reaction):
            self._look_again(ref)

    async def _name(self, change: Mark) -> str | None:
        """None for who is a bot, or has left."""
        try:
            member = await self._rest.call("GET", MEMBER, guild_id=change.guild, user_id=change.user)
        except discord.NotFound as error:
            if error.code not in (UNKNOWN_MEMBER, UNKNOWN_USER):
                raise
            return None
        return None if member["user"].get("bot") else _name(member["user"], member)

    async def _read(self, core: Core, reading: Reading) -> None:
        spot, event = read_place(reading.card.place), read_event(reading.card.ref)
        if spot is None or event is None:
            return
        try:
            coming = [found async for found in self._users(spot.guild, event)]
        except FAILURES as error:
            log.info("who wants to come to %s can't be read: %s", reading.card.ref, error)
            if code_of(error) != UNKNOWN_EVENT and not explain(error, reading.card.place).hopeless:
                later = replace(reading, wait=min(reading.wait * 2, READ_RARELY))
                asyncio.get_running_loop().call_later(reading.wait, self._queue.put_nowait, later)
            return
        people = [found for found in coming if not found["user"].get("bot")]
        names = {account_of(found["user"]["id"]): _name(found["user"], found.get("member")) for found in people}
        await core.reconcile(reading.card, names)

    async def _users(self, guild: int, event: int) -> AsyncIterator[Json]:
        after = "0"
        while True:
            query = f"?with_member=true&limit={PAGE}&after={after}"
            page = await self._rest.call_when_idle("GET", USERS + query, guild_id=guild, event_id=event)
            for found in page:
                yield found
            if len(page) < PAGE:
                return
            after = page[-1]["user"]["id"]


def _name(user: Json, member: Json | None) -> str:
    return (member or {}).get("nick") or user.get("global_name") or str(user["username"])
