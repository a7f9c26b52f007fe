"""Brings channels to what is wanted in them: the only caller of Adapter.post and Adapter.edit.

Coalescing, retries, giving up and once-only live here. It knows neither commands nor what a message says.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot import views
from bot.cards import Message
from bot.errors import DeliveryError, PortError
from bot.model import GroupSettings, Wanted
from bot.ports import Adapter, Clock, Delivery, Store

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 40  # over about thirty hours
FIRST_WAIT = 2.0  # seconds, doubled at each attempt
LONGEST_WAIT = 3600.0
LONGEST_REST = 60.0  # of a whole place after a failure; one bad message must not hold up its channel for long
PATIENCE = 30.0  # seconds for one post or edit; well below the minute of a lease
IDLE = 30.0  # seconds between looks when nothing seems due


class Outbox:
    """One per surface; `settle` does what is due, `run` keeps doing it."""

    def __init__(self, adapter: Adapter, store: Store, clock: Clock, groups: Mapping[str, GroupSettings]) -> None:
        self._adapter = adapter
        self._store = store
        self._clock = clock
        self._groups = groups
        self._resting: dict[str, datetime] = {}  # places, and until when; the platform tells anew after a restart

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set and nothing is due any more."""
        while True:
            seen = self._store.commits
            try:
                if await self.settle():
                    continue
                if stop.is_set():
                    return
                await self._wait(seen, stop)
            except Exception:
                # The database; a message that can't be built or sent is dealt with where that is done.
                log.exception("outbox of %s", self._adapter.name)
                await self._clock.sleep(FIRST_WAIT)

    async def settle(self) -> bool:
        """Delivers the oldest message that is due; False when there is none. One at a time, so that no lease runs out
        while others are sent."""
        due = await self._store.lease(
            self._adapter.name, self._clock.now(), self._adapter.edit_pause, 1, self._places_at_rest()
        )
        for wanted in due:
            await self._deliver(wanted)
        return bool(due)

    def _places_at_rest(self) -> list[str]:
        now = self._clock.now()
        self._resting = {place: until for place, until in self._resting.items() if until > now}
        return list(self._resting)

    async def _wait(self, seen: int, stop: asyncio.Event) -> None:
        """Until something is committed or due, or we are told to stop."""
        now = self._clock.now()
        due = await self._store.next_due(self._adapter.name, now, self._adapter.edit_pause, self._places_at_rest())
        times = [time for time in (due, *self._resting.values()) if time is not None]
        pause = (min(times) - now).total_seconds() if times else IDLE
        tasks = [
            asyncio.ensure_future(waiting)
            for waiting in (
                self._store.wait_for_commit(seen),
                self._clock.sleep(min(max(pause, 0.0), IDLE)),
                stop.wait(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    async def _deliver(self, wanted: Wanted) -> None:
        try:
            message = await self._build(wanted)
            is_shown = wanted.ref and message.hash == wanted.hash
            ref = wanted.ref if is_shown else await self._send(wanted, message)
        except DeliveryError as error:
            await self._failed(wanted, error)
        else:
            await self._store.mark_shown(wanted, ref, message.hash, self._clock.now())

    async def _build(self, wanted: Wanted) -> Message:
        """Raises DeliveryError when there is nothing to show, or we can't."""
        group = self._groups.get(wanted.group)
        try:
            message = await views.build(wanted, group, self._store) if group else None
        except PortError:
            raise
        except Exception as error:
            raise _our_fault(wanted, error) from error
        if message is None:
            raise DeliveryError("nothing to show any more", hopeless=True)
        return message

    async def _send(self, wanted: Wanted, message: Message) -> str:
        """The platform's name of the message. Raises DeliveryError, whatever the adapter raises."""
        delivery = Delivery(
            id=wanted.id,
            place=wanted.place,
            nonce=f"{wanted.id}.{wanted.round}",
            ref=wanted.ref,
            parent_ref=wanted.parent_ref,
            again=wanted.attempts > 0,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                if not wanted.ref:
                    return await self._adapter.post(delivery, message)
                await self._adapter.edit(delivery, message)
                return wanted.ref
        except DeliveryError:
            raise
        except TimeoutError as error:
            raise DeliveryError(f"no answer within {PATIENCE:.0f} s") from error
        except Exception as error:
            raise _our_fault(wanted, error) from error

    async def _failed(self, wanted: Wanted, error: DeliveryError) -> None:
        """The whole place rests for a moment, which keeps the order and obeys the platform."""
        log.warning("%s, message %d (%s %s): %s", wanted.place, wanted.id, wanted.kind, wanted.key, error)
        now = self._clock.now()
        wait = backoff(wanted.attempts, error.retry_after)
        if error.gone and wanted.ref:
            await self._store.repost(wanted)
            return
        if error.hopeless or wanted.attempts + 1 >= MAX_ATTEMPTS:
            await self._store.give_up(wanted, str(error), now)
            return
        await self._store.postpone(wanted, now + timedelta(seconds=wait), str(error))
        self._resting[wanted.place] = now + timedelta(seconds=max(min(wait, LONGEST_REST), error.retry_after or 0.0))


def _our_fault(wanted: Wanted, error: Exception) -> DeliveryError:
    log.error("%s, message %d", wanted.place, wanted.id, exc_info=error)
    return DeliveryError(f"a fault of ours ({type(error).__name__})")


def backoff(attempts: int, retry_after: float | None) -> float:
    """Seconds until the next attempt; never less than what the platform asked for."""
    return max(min(FIRST_WAIT * 2.0**attempts, LONGEST_WAIT), retry_after or 0.0)


async def settle_all(outboxes: Sequence[Outbox]) -> None:
    """Until nothing is due on any surface."""
    for outbox in outboxes:
        while await outbox.settle():
            pass
