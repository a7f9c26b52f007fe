"""Looks at the rows now and then and does what is due: the only importer of APScheduler, which only ticks.

Nothing is remembered here: what is due follows from the groups, the clock and the store, so that a missed tick, a
restart or a machine that slept loses and repeats nothing.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.dates import last_due
from bot.day import Daily
from bot.errors import PortError
from bot.model import GroupSettings
from bot.ports import Clock

log = logging.getLogger(__name__)

EVERY = 15  # seconds


class Schedule:
    def __init__(self, daily: Daily, groups: Sequence[GroupSettings], clock: Clock) -> None:
        self._daily = daily
        self._groups = groups
        self._clock = clock

    async def tick(self) -> None:
        """One catch-up post per group at most: only the newest due date is looked at. A group in trouble does not
        hold up the others."""
        for group in self._groups:
            try:
                if not await self._daily.post(group, last_due(group, self._clock.now())):
                    await self._daily.refresh(group)
            except PortError as error:
                log.error("the day of %s: %s", group.id, error)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone="UTC")
        # misfire_grace_time=None: a tick that comes late is still wanted, once.
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(self.tick, "interval", seconds=EVERY, next_run_time=datetime.now(UTC), **options)
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
