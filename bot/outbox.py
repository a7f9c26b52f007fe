"""Brings channels to what is wanted in them: the only caller of Adapter.post and Adapter.edit.

Coalescing, retries, giving up and once-only live here. It knows neither commands nor what a message says.
"""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot import views
from bot.actions import deliveries
from bot.cards import Message
from bot.errors import DeliveryError, PortError, StoreLost
from bot.model import GroupSettings, Wanted
from bot.ports import Adapter, Clock, Delivery, Pace, Store
from bot.surfaces import Surfaces
from bot.week.efforts import moderating

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_ATTEMPTS = 40  # over about thirty hours
FIRST_WAIT = 2.0  # seconds, doubled at each attempt
LONGEST_WAIT = 3600.0
LONGEST_REST = 60.0  # of a whole place after a failure; one bad message must not hold up its channel for long
OPENING, LONGEST_CLOSED = 30.0, 600.0  # seconds until a place that takes no posts is tried again
PATIENCE = 30.0  # seconds for one post or edit; well below the minute of a lease
THERE: deliveries.Landing = "there"
IDLE = 30.0  # seconds between looks when nothing seems due


class Outbox:
    """One per surface. Each place has a lane: its messages go out one after the other, whatever the others do."""

    def __init__(self, adapter: Adapter, store: Store, clock: Clock, groups: Mapping[str, GroupSettings]) -> None:
        self._adapter = adapter
        self._surfaces = Surfaces([adapter])
        self._store = store
        self._clock = clock
        self._groups = groups
        self._lanes: dict[str, asyncio.Task[None]] = {}  # places that are being served
        self._resting: dict[str, float] = {}  # places, until that elapsed time; the platform tells anew after a restart

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set, nothing is due any more and nothing under way."""
        try:
            while True:
                seen = self._store.commits
                try:
                    if await self._start():
                        continue
                    if stop.is_set() and not self._lanes:
                        return
                    await self._wait(seen, stop)
                    self._free()
                except StoreLost:  # the store has told the log
                    if stop.is_set():
                        return
                    await self._clock.sleep(FIRST_WAIT)
                except Exception:
                    # The database; a message that can't be built or sent is dealt with where that is done.
                    log.exception("outbox of %s", self._adapter.name)
                    await self._clock.sleep(FIRST_WAIT)
        finally:
            await self._stop()

    async def settle(self) -> bool:
        """Delivers one message of each place where some are due; False when there were none."""
        is_due = await self._start()
        if self._lanes:
            await asyncio.wait(self._lanes.values())
        self._free()
        return is_due

    async def _start(self) -> bool:
        """Begins with what is due, as far as there are lanes. A message is leased when its turn has come, so that no
        lease runs out while others are sent."""
        free = self._adapter.lanes - len(self._lanes)
        if free <= 0:
            return False
        now = self._clock.now()
        due = await self._store.write(deliveries.take_due, self._adapter.name, now, self._pace, free, self._busy())
        for wanted in due:
            self._lanes[wanted.place] = asyncio.create_task(self._deliver(wanted), name=wanted.place)
        return bool(due)

    def _free(self) -> None:
        """Lanes that are done. Raises what ended one, which can only be the database's."""
        for place, lane in list(self._lanes.items()):
            if lane.done():
                del self._lanes[place]
                lane.result()

    async def _stop(self) -> None:
        for lane in self._lanes.values():
            lane.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    @property
    def _pace(self) -> Pace:
        return deliveries.pace(self._adapter.edit_pause, self._adapter.late_edit_pause)

    def _busy(self) -> list[str]:
        """Places that rest or are being served."""
        elapsed = self._clock.elapsed()
        self._resting = {place: until for place, until in self._resting.items() if until > elapsed}
        return [*self._resting, *self._lanes]

    async def _wait(self, seen: int, stop: asyncio.Event) -> None:
        """Until a lane is done, or could be used: something is committed or due; or we are told to stop."""
        lanes = tuple(self._lanes.values())
        if len(lanes) >= self._adapter.lanes:
            await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
            return
        signs: list[Awaitable[object]] = [self._store.wait_for_commit(seen), self._clock.sleep(await self._pause())]
        if not (lanes and stop.is_set()):
            signs.append(stop.wait())
        waiting = [asyncio.ensure_future(sign) for sign in signs]
        try:
            await asyncio.wait((*lanes, *waiting), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _pause(self) -> float:
        """Seconds until something is due in a place that is not being served."""
        now, elapsed = self._clock.now(), self._clock.elapsed()
        due = await self._store.read(
            lambda rows: rows.messages.next_due(self._adapter.name, now, self._pace, self._busy())
        )
        pauses = [until - elapsed for until in self._resting.values()] + ([(due - now).total_seconds()] if due else [])
        return min(max(min(pauses, default=IDLE), 0.0), IDLE)

    async def _deliver(self, wanted: Wanted) -> None:
        try:
            group = self._groups.get(wanted.group)
            message = await self._build(wanted, group) if group else None
            if message is None:
                await self._leave_out(wanted, is_over=group is not None)
                return
            # An attempt that failed, or died, may have arrived: then something else is shown than the hash says.
            is_shown = wanted.ref and message.hash == wanted.hash and not wanted.attempts
            ref, where = (wanted.ref, THERE) if is_shown else await self._send(wanted, message)
        except DeliveryError as error:
            await self._failed(wanted, error)
        else:
            await self._store.write(deliveries.mark_shown, wanted, ref, message.hash, self._clock.now(), where)
            if not wanted.ref:
                log.info("%s: posted %s %s", wanted.place, wanted.kind, wanted.key)

    async def _leave_out(self, wanted: Wanted, *, is_over: bool) -> None:
        """What has nothing to show any more goes where it stands; of a group that we don't know it is left there.
        Raises DeliveryError when we can't."""
        if is_over and wanted.ref:
            await self._ask_surface(wanted, self._adapter.remove(_delivery_of(wanted)))
            await self._store.write(deliveries.mark_removed, wanted, self._clock.now())
        else:
            await self._store.write(deliveries.give_up, wanted, "", self._clock.now())

    async def _build(self, wanted: Wanted, group: GroupSettings) -> Message | None:
        """None when there is nothing to show any more. Raises DeliveryError when we can't."""
        try:
            return await self._store.read(views.build, wanted, group)
        except PortError:
            raise
        except Exception as error:
            raise _our_fault(wanted, error) from error

    async def _send(self, wanted: Wanted, message: Message) -> tuple[str, deliveries.Landing]:
        """The platform's name of the message, and where it stands. Raises DeliveryError."""
        delivery = _delivery_of(wanted)
        if not wanted.ref:
            return await self._post(wanted, delivery, message)
        await self._ask_surface(wanted, self._adapter.edit(delivery, message))
        return wanted.ref, THERE

    async def _post(self, wanted: Wanted, delivery: Delivery, message: Message) -> tuple[str, deliveries.Landing]:
        """What its thread does not take stands in the channel; what asks somebody and no channel takes, with them."""
        try:
            return await self._ask_surface(wanted, self._adapter.post(delivery, message)), THERE
        except DeliveryError as error:
            if not delivery.parent_ref or not (error.hopeless or error.closed):
                return await self._post_directly(wanted, delivery, message, error)
            refused = error
        beside = replace(delivery, parent_ref="")
        try:
            ref = await self._ask_surface(wanted, self._adapter.post(beside, message))
        except DeliveryError as error:
            return await self._post_directly(wanted, delivery, message, error)
        told = f"{refused}. What belongs in a thread stands in the channel instead"
        await self._alert(wanted, told, deliveries.below(wanted.place))
        return ref, "beside"

    async def _post_directly(
        self, wanted: Wanted, delivery: Delivery, message: Message, refused: DeliveryError
    ) -> tuple[str, deliveries.Landing]:
        """Raises what kept it out of the channel where this can't be mended so."""
        if not message.asks or not (refused.hopeless or refused.closed):
            raise refused
        about = f"{wanted.place} {wanted.kind} {wanted.key}"
        try:
            ref = await self._ask_surface(wanted, self._adapter.post_directly(delivery, message))
        except DeliveryError as error:
            log.info("message %d can't go to whom it asks either: %s", wanted.id, error)
            await self._alert(wanted, f"{refused}. {_say_unasked(message)}", about)
            raise refused from error
        await self._alert(wanted, f'{refused}. "{message.card.title}" went out as a direct message', about)
        return ref, "directly"

    async def _ask_surface(self, wanted: Wanted, work: Coroutine[None, None, T]) -> T:
        """Raises DeliveryError, whatever the adapter raises."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await work
        except DeliveryError:
            raise
        except TimeoutError as error:
            # As long again: the adapter may have been obeying a platform that told it to wait.
            raise DeliveryError(f"no answer within {PATIENCE:.0f} s", retry_after=PATIENCE) from error
        except Exception as error:
            raise _our_fault(wanted, error) from error

    async def _failed(self, wanted: Wanted, error: DeliveryError) -> None:
        """The whole place rests for a moment, which keeps the order and obeys the platform."""
        log.warning("%s, message %d (%s %s): %s", wanted.place, wanted.id, wanted.kind, wanted.key, error)
        now = self._clock.now()
        if error.gone and (wanted.ref or wanted.attempts):  # also what an earlier attempt posted
            await self._store.write(deliveries.repost, wanted)
            return
        if error.closed and not wanted.ref:
            await self._close(wanted, str(error), now)
            return
        if error.hopeless or wanted.attempts + 1 >= MAX_ATTEMPTS:
            await self._store.write(deliveries.give_up, wanted, str(error), now)
            await self._alert(wanted, str(error))
            return
        wait = backoff(wanted.attempts, error.retry_after)
        await self._store.write(deliveries.put_off, wanted, now + timedelta(seconds=wait), str(error))
        self._rest(wanted.place, max(min(wait, LONGEST_REST), min(error.retry_after or 0.0, wait)))

    async def _close(self, wanted: Wanted, error: str, now: datetime) -> None:
        """A place that takes no posts is tried now and then by its oldest one, so that what waits there goes out in
        order once somebody opens it."""
        await self._alert(wanted, f"{error.rstrip('.')}. What waits is posted once that is mended")
        await self._store.write(deliveries.put_off, wanted, now + timedelta(seconds=OPENING), error)
        wait = min(max(backoff(wanted.attempts, None), OPENING), LONGEST_CLOSED)
        self._rest(wanted.place, wait)

    def _rest(self, place: str, seconds: float) -> None:
        self._resting[place] = self._clock.elapsed() + seconds

    async def _alert(self, wanted: Wanted, error: str, about: str = "") -> None:
        """Moderators hear of it once, until a post gets through there. `about`: the trouble, if not the place's."""
        group = self._groups.get(wanted.group)
        if group is None:
            return
        if await self._store.write(deliveries.raise_alert, about or wanted.place, error, self._clock.now()):
            text = f"{group.name}: {error.rstrip('.')}. /paper status has more."
            accounts = (*group.moderators, *await self._store.read(lambda rows: moderating(rows, group.id)))
            await self._surfaces.tell(wanted.place, accounts, text)


def _say_unasked(message: Message) -> str:
    return f'"{message.card.title}" was not delivered either, and no silence counts before it is'


def _delivery_of(wanted: Wanted) -> Delivery:
    return Delivery(
        id=wanted.id,
        place=wanted.place,
        nonce=f"{wanted.id}.{wanted.round}",
        ref=wanted.ref,
        parent_ref=wanted.parent_ref,
        again=wanted.attempts > 0,
        since=wanted.wanted_at,
    )


def _our_fault(wanted: Wanted, error: Exception) -> DeliveryError:
    log.error("%s, message %d", wanted.place, wanted.id, exc_info=error)
    return DeliveryError(f"a fault of ours ({type(error).__name__})")


def backoff(attempts: int, retry_after: float | None) -> float:
    """Seconds until the next attempt; never less than what the platform asked for, within reason."""
    asked = min(retry_after or 0.0, deliveries.LONGEST_WAIT.total_seconds())
    return max(min(FIRST_WAIT * 2.0**attempts, LONGEST_WAIT), asked)


async def settle_all(outboxes: Sequence[Outbox]) -> None:
    """Until nothing is due on any surface."""
    for outbox in outboxes:
        while await outbox.settle():
            pass
