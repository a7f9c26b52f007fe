"""What is asked of surfaces besides showing messages: taking an emoji away, who is still there, telling moderators."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Iterable, Sequence

from bot.errors import PortError
from bot.model import Emoji, GroupSettings
from bot.ports import Adapter

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds


class Surfaces:
    """What fails here is in the log; only `is_here` raises."""

    def __init__(self, adapters: Iterable[Adapter]) -> None:
        self._adapters = {adapter.name: adapter for adapter in adapters}
        self._under_way: set[asyncio.Task[None]] = set()

    def unreact(self, emoji: Awaitable[Sequence[Emoji]]) -> None:
        """Nobody waits for it, not even for looking them up."""
        task = asyncio.create_task(_try(self._unreact(emoji), "emoji that stand without a vote"))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _unreact(self, emoji: Awaitable[Sequence[Emoji]]) -> None:
        for one in await emoji:
            if adapter := self._at(one.place):
                await _try(adapter.unreact(one), f"an emoji in {one.place}")

    async def is_here(self, group: GroupSettings, account: str) -> bool:
        """Whether an account can still be found where the group meets. Raises DeliveryError."""
        adapter = self._at(account)
        for place in group.channels:
            if adapter and _surface(place) == _surface(account) and await adapter.is_here(place, account):
                return True
        return False

    def name_of(self, place: str) -> str:
        adapter = self._at(place)
        return (adapter.name_of(place) if adapter else "") or place

    async def fault(self, place: str) -> str:
        """What keeps messages out of a place. Raises DeliveryError."""
        adapter = self._at(place)
        return await adapter.fault(place) if adapter else ""

    async def tell(self, place: str, accounts: Iterable[str], text: str) -> None:
        """Those of the accounts that are on the surface of the place."""
        if adapter := self._at(place):
            here = [account for account in dict.fromkeys(accounts) if _surface(account) == _surface(place)]
            await _try(adapter.tell(place, here, text), f"telling the moderators of {place}")

    def _at(self, place: str) -> Adapter | None:
        return self._adapters.get(_surface(place))


def _surface(place: str) -> str:
    return place.partition(":")[0]


async def _try(work: Coroutine[None, None, None], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await work
    except (PortError, TimeoutError) as error:
        log.warning("%s: %s", what, error or "no answer")
    except Exception:
        log.exception("%s", what)
