"""Looks at the groups whose time has come and does what is due: the only importer of APScheduler, which only ticks.

Nothing is remembered here but which groups are in trouble: what is due follows from the groups, the clock and the
store, so that a missed tick, a restart or a machine that slept loses and repeats nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from bot.actions.looks import keep_time, look_at_all, put_back, take_due
from bot.actions.tidy import is_untidy, tidy
from bot.clock import Trust, Watch
from bot.day.daily import Daily
from bot.errors import PortError, StoreLost
from bot.groups import Groups
from bot.meetings import Meetings
from bot.model import GroupSettings
from bot.next_look import LONGEST, SOON, next_look
from bot.ports import Clock, Store

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

EVERY = 15.0  # seconds
MOST = 200  # groups of one tick; when there are more, the next one follows at once
HELD = timedelta(minutes=1)  # then a look is made again whose end could not be written
FIRST_REST, LONGEST_REST = 30.0, 600.0  # seconds for which a group in trouble is let alone, doubled each time
KEPT_EVERY = 600.0  # seconds between two commits of a program that has nothing to do


@dataclass(frozen=True, slots=True)
class GroupRest:
    """Of a group in trouble, by elapsed time."""

    until: float
    times: int


class Schedule:
    def __init__(
        self,
        daily: Daily,
        meetings: Meetings,
        groups: Groups,
        store: Store,
        clock: Clock,
        watch: Watch | None = None,
    ) -> None:
        self._daily = daily
        self._meetings = meetings
        self._groups = groups
        self._store = store
        self._clock = clock
        self._watch = watch or Watch(clock)
        self._trust = Trust.ALL
        self._ticked = clock.now()
        self._resting: dict[str, GroupRest] = {}
        self._kept: float | None = None  # when the time was kept

    # --- one tick

    async def tick(self) -> bool:
        """Looks at the groups whose time has come; True when more of them wait. One catch-up post per group at most:
        only the newest due date is looked at. Posts come before the steps of the week, and those before second looks;
        none of it waits for a source. A group in trouble does not hold up the others, and rests."""
        now, trust = self._clock.now(), self._watch.trust()
        if trust is not self._trust or now < self._ticked:
            await self._store.write(look_at_all, now)  # all hints were made by another time, or with less allowed
        self._trust, self._ticked = trust, now
        if trust is Trust.NOTHING:
            return False
        if due := await self._take(now):
            await self._look(due, now)
        elif trust is Trust.ALL:
            await self._guarded("keeping the time", self._keep_time(now))
        if trust is Trust.ALL:
            await self._guarded("tidying", self._tidy())
        return len(due) == MOST

    async def _take(self, now: datetime) -> Sequence[str]:
        """A tick that has nothing to do asks one question and commits nothing."""
        if not await self._store.peek(lambda rows: rows.looks.due(now, 1)):
            return ()
        return await self._store.write(take_due, now, now + HELD, MOST)

    async def _look(self, due: Sequence[str], now: datetime) -> None:
        wanted = {id for id in due if id not in self._resting or self._resting[id].until <= self._clock.elapsed()}
        groups = [group for group in self._groups.by_id.values() if group.id in wanted]
        troubled = await self._do([group for group in groups if group.channels])
        for group in groups:
            self._note_trouble(group.id, is_in_trouble=group.id in troubled)
        looks = dict.fromkeys(due, now + LONGEST)  # also of what is no group any more
        for group in groups:
            await self._guarded(f"next look at {group.id}", self._plan(group, now, looks))
        looks |= {id: self._rested(id, now) for id in due if id in self._resting}
        known = now if self._trust is Trust.ALL else None
        await self._guarded("next looks", self._store.write(put_back, looks, now + HELD, known))

    async def _do(self, groups: Sequence[GroupSettings]) -> Collection[str]:
        """Those that failed."""
        troubled = set[str]()
        for what, work in (("day", self._post), ("week", self._meetings.tick), ("day", self._refresh)):
            for group in groups:
                if not await self._guarded(f"{what} of {group.id}", work(group)):
                    troubled.add(group.id)
        return troubled

    async def _post(self, group: GroupSettings) -> None:
        if due := self._groups.due(group, self._clock.now()):
            await self._daily.post(group, due)

    async def _refresh(self, group: GroupSettings) -> None:
        await self._daily.refresh(group)

    async def _plan(self, group: GroupSettings, now: datetime, looks: dict[str, datetime]) -> None:
        looks[group.id] = now + SOON
        looks[group.id] = await self._store.read(next_look, group, self._groups.due(group, now), now)

    def _note_trouble(self, group: str, *, is_in_trouble: bool) -> None:
        times = self._resting[group].times + 1 if group in self._resting else 0
        if is_in_trouble:
            rest = min(FIRST_REST * 2.0 ** min(times, 10), LONGEST_REST)
            self._resting[group] = GroupRest(self._clock.elapsed() + rest, times)
        else:
            self._resting.pop(group, None)

    def _rested(self, group: str, now: datetime) -> datetime:
        return now + timedelta(seconds=max(self._resting[group].until - self._clock.elapsed(), 0.0))

    async def _keep_time(self, now: datetime) -> None:
        """For the next start, which compares it with its own. Where groups are looked at, that keeps it."""
        elapsed = self._clock.elapsed()
        if self._kept is None or elapsed - self._kept >= KEPT_EVERY:
            await self._store.write(keep_time, now)
            self._kept = elapsed

    async def _tidy(self) -> None:
        if await self._store.peek(is_untidy):
            await self._store.write(tidy, self._clock.now())

    @staticmethod
    async def _guarded(what: str, work: Awaitable[object]) -> bool:
        """False where it failed, or says so."""
        try:
            return await work is not False
        except StoreLost:  # the store has told the log
            pass
        except PortError as error:
            log.error("the %s: %s", what, error)
        except Exception:
            log.exception("the %s", what)
        return False

    # --- one after the other

    @asynccontextmanager
    async def running(self, zone: tzinfo = UTC) -> AsyncIterator[None]:
        """`zone`: by which APScheduler reads its clock."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone=zone)
        scheduler.start()
        ticking = asyncio.create_task(self._tick_by(scheduler), name="schedule")
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
            ticking.cancel()

    async def _tick_by(self, scheduler: "AsyncIOScheduler") -> None:
        """A task of our own, which can be cancelled in the middle: everything it does is done whole or not at all."""
        while True:
            if not await self._guarded("tick", self.tick()):  # nothing waits, or the database does not answer
                await next_tick(scheduler, EVERY)


async def next_tick(scheduler: "AsyncIOScheduler", seconds: float) -> None:
    """Returns after so many seconds. The job is a new one each time, since one that repeats itself lists every slot it
    has missed once the clock goes forward. APScheduler reads the clock that people set: where that goes back meanwhile,
    the loop's own ends the wait, and the next job is set by the new time."""
    bell = asyncio.Event()

    async def ring() -> None:
        bell.set()

    at = datetime.now(scheduler.timezone) + timedelta(seconds=seconds)
    # misfire_grace_time=None: a tick that comes late is still wanted.
    scheduler.add_job(ring, "date", run_date=at, id="tick", replace_existing=True, misfire_grace_time=None)
    with suppress(TimeoutError):
        async with asyncio.timeout(2 * seconds):
            await bell.wait()
