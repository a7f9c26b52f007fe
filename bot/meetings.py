"""Brings a group's meetings up to date: looks at what is due, and does it one thing after the other. Decides nothing.

Nothing is remembered here: a restart loses and repeats nothing.
"""

import logging
from datetime import timedelta

from bot.actions.claims import put_to_sleep
from bot.actions.meetings import (
    current_meeting,
    do_what_is_due,
    is_second_chance_due,
    is_something_due,
    latest_meeting,
    show_second_chance,
)
from bot.clock import Trust, Watch
from bot.model import GroupSettings, Session
from bot.ports import Clock, Store

log = logging.getLogger(__name__)

MOST_STEPS = 120  # of a group in one tick: three meetings with all their steps


class Meetings:
    def __init__(self, store: Store, clock: Clock, watch: Watch | None = None) -> None:
        self._store = store
        self._clock = clock
        self._watch = watch or Watch(clock)

    async def tick(self, group: GroupSettings) -> bool:
        """Plans the meetings to come and does what is due for each, once, however often and late it is called. By a
        clock that is in doubt it only asks and reminds. False when they do not come to rest."""
        is_at_rest = await self._catch_up(group.id)
        if group.week.recurrence is not None:
            await self._put_to_sleep(group)
            await self._show_again(group.id)
        return is_at_rest

    async def current(self, group: GroupSettings) -> Session:
        """The planned meeting that is on, or the next. Raises Refused: no meeting planned, no more meetings."""
        await self._catch_up(group.id)
        return await self._store.read(current_meeting, group.id, self._clock.now())

    async def latest(self, group: GroupSettings) -> Session:
        """The one that is on or was last. Raises Refused: not met yet."""
        return await self._store.read(latest_meeting, group.id, self._clock.now())

    async def _catch_up(self, group: str) -> bool:
        """Looking waits for nobody, and mostly finds nothing."""
        trust, now = self._watch.trust(), self._clock.now()
        is_sure = trust is Trust.ALL
        for _ in range(MOST_STEPS if trust else 0):
            if not await self._store.read(is_something_due, group, now, is_sure=is_sure):
                return True
            await self._store.write(do_what_is_due, group, now, is_sure=is_sure)
        if trust:
            log.error("the meetings of %s do not come to rest", group)
        return not trust

    async def _put_to_sleep(self, group: GroupSettings) -> None:
        """Claims that were never picked for weeks fall asleep, and their holders are asked."""
        if not group.week.sleep_weeks or self._watch.trust() is not Trust.ALL:
            return
        now = self._clock.now()
        before = now - timedelta(weeks=group.week.sleep_weeks)
        for claim in await self._store.read(lambda rows: rows.claims.sleepers(group.id, before)):
            await self._store.write(put_to_sleep, group.id, claim.id, now)

    async def _show_again(self, group: str) -> None:
        now = self._clock.now()
        if await self._store.read(is_second_chance_due, group, now):
            await self._store.write(show_second_chance, group, now)
