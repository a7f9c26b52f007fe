"""Looks at the rows now and then and does what is due: the only importer of APScheduler, which only ticks.

Nothing is remembered here: what is due follows from the groups, the clock and the store, so that a missed tick, a
restart or a machine that slept loses and repeats nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.actions.tidy import is_untidy, tidy
from bot.day.daily import Daily
from bot.errors import PortError
from bot.groups import Groups
from bot.ports import Clock, Store
from bot.weekly import Weekly

log = logging.getLogger(__name__)

EVERY = 15  # seconds


class Schedule:
    def __init__(self, daily: Daily, weekly: Weekly, groups: Groups, store: Store, clock: Clock) -> None:
        self._daily = daily
        self._weekly = weekly
        self._groups = groups
        self._store = store
        self._clock = clock

    async def tick(self) -> None:
        """One catch-up post per group at most: only the newest due date is looked at. Posts come before the steps of
        the week, and those before second looks. A group in trouble does not hold up the others, and none of it waits
        for a source."""
        for group in self._groups.meeting():
            if due := self._groups.due(group, self._clock.now()):
                await self._guarded(f"day of {group.id}", self._daily.post(group, due))
        for group in self._groups.meeting():
            await self._guarded(f"week of {group.id}", self._weekly.tick(group))
        for group in self._groups.meeting():
            await self._guarded(f"day of {group.id}", self._daily.refresh(group))
        await self._guarded("tidying", self._tidy())

    async def _tidy(self) -> None:
        if await self._store.peek(is_untidy):
            await self._store.write(tidy, self._clock.now())

    @staticmethod
    async def _guarded(what: str, work: Awaitable[object]) -> None:
        try:
            await work
        except PortError as error:
            log.error("the %s: %s", what, error)
        except Exception:
            log.exception("the %s", what)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        bell = asyncio.Event()

        async def ring() -> None:
            bell.set()

        scheduler = AsyncIOScheduler(timezone="UTC")
        # misfire_grace_time=None: a tick that comes late is still wanted, once.
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(ring, "interval", seconds=EVERY, next_run_time=datetime.now(UTC), **options)
        scheduler.start()
        ticking = asyncio.create_task(self._tick_at(bell), name="schedule")
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
            ticking.cancel()

    async def _tick_at(self, bell: asyncio.Event) -> None:
        """A task of our own, which can be cancelled in the middle: everything it does is done whole or not at all."""
        while True:
            await bell.wait()
            bell.clear()
            await self.tick()
