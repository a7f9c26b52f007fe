"""Brings channels to what is wanted in them: the only caller of Adapter.post and Adapter.edit.

Coalescing, retries, giving up and once-only live here. It knows neither commands nor what a message says.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot import views
from bot.cards import Message
from bot.errors import DeliveryError, PortError
from bot.model import GroupSettings, Wanted
from bot.ports import Adapter, Clock, Delivery, Store

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12  # over about a day and a half
FIRST_WAIT = 2.0  # seconds, doubled at each attempt
LONGEST_WAIT = 6 * 3600.0
BATCH = 50
IDLE = 30.0  # seconds between looks when nothing seems due


class Outbox:
    """One per surface; `settle` does what is due, `run` keeps doing it."""

    def __init__(self, adapter: Adapter, store: Store, clock: Clock, groups: Mapping[str, GroupSettings]) -> None:
        self._adapter = adapter
        self._store = store
        self._clock = clock
        self._groups = groups

    async def run(self) -> None:
        while True:
            seen = self._store.commits
            try:
                busy = await self.settle()
            except PortError as error:
                log.error("outbox of %s: %s", self._adapter.name, error)
                await self._clock.sleep(FIRST_WAIT)
            except Exception:
                log.exception("outbox of %s", self._adapter.name)
                await self._clock.sleep(FIRST_WAIT)
            else:
                if not busy:
                    await self._rest(seen)

    async def settle(self) -> bool:
        """Delivers what is due now, in order; False when there was nothing."""
        due = await self._store.lease(self._adapter.name, self._clock.now(), self._adapter.edit_pause, BATCH)
        for message in due:
            await self._deliver(message)
        return bool(due)

    async def _rest(self, seen: int) -> None:
        """Until something is committed or due."""
        due = await self._store.next_due(self._adapter.name, self._adapter.edit_pause)
        pause = IDLE if due is None else (due - self._clock.now()).total_seconds()
        commit = asyncio.ensure_future(self._store.wait_for_commit(seen))
        sleep = asyncio.ensure_future(self._clock.sleep(min(max(pause, 0.0), IDLE)))
        try:
            await asyncio.wait((commit, sleep), return_when=asyncio.FIRST_COMPLETED)
        finally:
            commit.cancel()
            sleep.cancel()

    async def _deliver(self, wanted: Wanted) -> None:
        group = self._groups.get(wanted.group)
        message = await views.build(wanted, group, self._store) if group else None
        if message is None:
            await self._store.give_up(wanted, "nothing to show any more", self._clock.now())
            return
        if wanted.ref and message.hash == wanted.hash:
            await self._store.mark_shown(wanted, wanted.ref, message.hash, self._clock.now())
            return
        try:
            ref = await self._send(wanted, message)
        except DeliveryError as error:
            await self._failed(wanted, error)
        else:
            await self._store.mark_shown(wanted, ref, message.hash, self._clock.now())

    async def _send(self, wanted: Wanted, message: Message) -> str:
        delivery = Delivery(
            id=wanted.id,
            place=wanted.place,
            nonce=f"{wanted.id}.{wanted.round}",
            ref=wanted.ref,
            parent_ref=wanted.parent_ref,
            again=wanted.attempts > 0,
        )
        if not wanted.ref:
            return await self._adapter.post(delivery, message)
        await self._adapter.edit(delivery, message)
        return wanted.ref

    async def _failed(self, wanted: Wanted, error: DeliveryError) -> None:
        log.warning("%s, message %d (%s %s): %s", wanted.place, wanted.id, wanted.kind, wanted.key, error)
        if error.gone and wanted.ref:
            await self._store.repost(wanted)
        elif error.hopeless or wanted.attempts + 1 >= MAX_ATTEMPTS:
            await self._store.give_up(wanted, str(error), self._clock.now())
        else:
            wait = timedelta(seconds=backoff(wanted.attempts, error.retry_after))
            await self._store.postpone(wanted, self._clock.now() + wait, str(error))


def backoff(attempts: int, retry_after: float | None) -> float:
    """Seconds until the next attempt; never less than what the platform asked for."""
    return max(min(FIRST_WAIT * 2.0**attempts, LONGEST_WAIT), retry_after or 0.0)


async def settle_all(outboxes: Sequence[Outbox]) -> None:
    """Until nothing is due on any surface."""
    for outbox in outboxes:
        while await outbox.settle():
            pass
