"""Asks the sources what they announced and keeps it: a loop of its own beside all that posts. Posts nothing.

What is needed follows from the rows and the groups, so that a restart loses and repeats nothing. Each source has a
lane, in which one day is fetched after the other: one that hangs holds up no other. A source that does not answer, or
never ends, is left alone for a while.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.actions.day import RETRY_EVERY, standing_for
from bot.actions.papers import record_day, record_failure
from bot.clock import Trust, Watch
from bot.day.catchup import DueOf, posts_near
from bot.day.due import is_tried, settled_at
from bot.day.needs import Wish, for_posts, for_second_looks, is_stale
from bot.errors import SourceError, StoreLost
from bot.groups import Groups
from bot.model import Batch, Covered, GroupSettings, Paper, RawPaper, SourceInfo, SourceReport
from bot.papers.normalise import to_papers
from bot.ports import Clock, Reads, Source, Store
from bot.rests import is_within

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_EVERY = 10.0  # seconds between looks when nothing is under way
LONGEST_WAIT = 60.0  # seconds between looks that fail: what is read and can't be kept is read again
PATIENCE = 60.0  # seconds for one day of a source: a few fetches of 20 s each
LONGEST_REST = 3600.0  # seconds, whatever a source asks for: a request an hour is what a quiet one gets anyway
AT_ONCE = 50  # groups whose posts are looked at in one read, papers that are cleaned in one go


@dataclass(frozen=True, slots=True)
class SourceRest:
    """A source is left alone. Over, too, when the clock stands before its beginning."""

    since: datetime
    until: datetime
    why: str

    def is_on(self, now: datetime) -> bool:
        return is_within(self.since, now, self.until - self.since)


class Collector:
    def __init__(
        self, store: Store, clock: Clock, sources: Sequence[Source], groups: Groups, watch: Watch | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._groups = groups
        self._watch = watch or Watch(clock)
        self._sources = {source.name: source for source in sources}
        self._infos = {s.name: SourceInfo(s.name, s.label, s.zone, s.settles) for s in sources}
        self._resting: dict[str, SourceRest] = {}
        self._lanes: dict[str, asyncio.Task[None]] = {}  # by source

    @property
    def sources(self) -> Sequence[SourceInfo]:
        return tuple(self._infos.values())

    # --- the loop

    async def run(self) -> None:
        """Looks every few seconds, when a lane is done and when groups changed."""
        rest = LOOK_EVERY
        try:
            while True:
                if await self._look():
                    rest = LOOK_EVERY
                else:
                    await self._clock.sleep(rest)
                    rest = min(2 * rest, LONGEST_WAIT)
        finally:
            await self.close()

    async def _look(self) -> bool:
        """False when it failed."""
        loaded = asyncio.ensure_future(self._groups.wait_for_load())
        try:
            await self._start(await self._wishes())
            await self._wait(loaded)
            self._free()
        except StoreLost:  # the store has told the log
            return False
        except Exception:
            # The database; what a source does wrong is dealt with where it is asked.
            log.exception("collecting")
            return False
        finally:
            loaded.cancel()
        return True

    async def catch_up(self) -> None:
        """All that is needed now, until it is read or has failed."""
        await self._bring(self._wishes)

    async def bring(self, wish: Wish, patience: float | None = None) -> None:
        """The same for a wish, as far as that takes no longer (in seconds); what is under way then goes on."""
        try:
            async with asyncio.timeout(patience):
                await self._bring(lambda: _only(wish))
        except TimeoutError:
            log.info("nobody waits any longer for %s", ", ".join(self._lanes))

    async def close(self) -> None:
        for lane in self._lanes.values():
            lane.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _bring(self, wishes: Callable[[], Awaitable[Sequence[Wish]]]) -> None:
        while lanes := await self._start(await wishes()):
            await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
            self._free()

    async def _wait(self, loaded: Awaitable[None]) -> None:
        waiting = [asyncio.ensure_future(sign) for sign in (loaded, self._clock.sleep(LOOK_EVERY))]
        try:
            await asyncio.wait((*self._lanes.values(), *waiting), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    def _free(self) -> None:
        """Lanes that are done. Raises what ended one, which can only be the database's."""
        for name, lane in list(self._lanes.items()):
            if lane.done():
                del self._lanes[name]
                if not lane.cancelled():
                    lane.result()

    # --- what is needed

    async def _wishes(self) -> Sequence[Wish]:
        """A few groups in each, for there may be thousands. None by a clock that has just jumped."""
        if self._watch.trust() is Trust.NOTHING:
            return ()
        groups = self._groups.meeting()
        owed = await self._store.read(_owed, groups, self._groups.due, self._clock.now())
        second_looks = for_second_looks(self.sources, [group.id for group in groups])
        return [second_looks, *(for_posts(self.sources, some) for some in _in_parts(owed))]

    async def _start(self, wishes: Sequence[Wish]) -> Sequence[asyncio.Task[None]]:
        """The lanes that have something to do for these, those that were busy already included. Off the loop."""
        stale: dict[str, set[date]] = {}
        for wish in wishes:
            for name, day in await self._store.read(self._stale, wish, self._clock.now()):
                stale.setdefault(name, set()).add(day)
        for name, days in stale.items():
            if name not in self._lanes:  # the newest day first, since members wait for that
                lane = self._collect(self._sources[name], sorted(days, reverse=True))
                self._lanes[name] = asyncio.create_task(lane, name=name)
        return [self._lanes[name] for name in stale]

    def _stale(self, rows: Reads, wish: Wish, now: datetime) -> Sequence[Covered]:
        """What is asked for depends on what was read, so both are looked at in one state."""
        needs = {pair: since for pair, since in wish(rows, now).items() if pair[0] in self._infos}
        return [
            (name, day)
            for (name, day), since in needs.items()
            if not (self._rest_of(name) and is_tried(rows, self._infos[name], day))
            and is_stale(rows.papers.report(name, day), since, now)
        ]

    def _rest_of(self, source: str) -> SourceRest | None:
        rest = self._resting.get(source)
        return rest if rest and rest.is_on(self._clock.now()) else None

    # --- asking a source

    async def _collect(self, source: Source, days: Iterable[date]) -> None:
        for day in days:
            if rest := self._rest_of(source.name):
                await self._excuse(self._infos[source.name], day, rest)
                continue
            try:
                batch = await self._fetch(source, day)
            except SourceError as error:
                await self._failed(source, day, error)
            else:
                await self._record(source, day, batch)

    async def _excuse(self, source: SourceInfo, day: date, rest: SourceRest) -> None:
        """Nobody waits for a day of a source that is left alone."""
        if not await self._store.read(is_tried, source, day):
            settled = settled_at(source, day)
            await self._store.write(record_failure, source.name, day, rest.why, self._clock.now(), settled)

    @staticmethod
    async def _fetch(source: Source, day: date) -> Batch:
        try:
            async with asyncio.timeout(PATIENCE) as limit:
                return await source.fetch(day)
        except SourceError:
            raise
        except Exception as error:
            if limit.expired():
                raise SourceError(f"did not answer within {PATIENCE:g} s", is_down=True) from error
            # A fault of one adapter must not take the day from the others.
            log.exception("%s, %s", source.label, day)
            raise SourceError(f"a fault of ours ({type(error).__name__})", is_down=True) from error

    async def _failed(self, source: Source, day: date, error: SourceError) -> None:
        now = self._clock.now()
        log.warning("%s, %s: %s", source.label, day, error)
        if error.retry_after or error.is_down:
            asked = error.retry_after or RETRY_EVERY.total_seconds()
            until = now + timedelta(seconds=min(asked, LONGEST_REST))
            self._resting[source.name] = SourceRest(now, until, str(error))
        settled = settled_at(self._infos[source.name], day)
        await self._store.write(record_failure, source.name, day, str(error), now, settled)

    async def _record(self, source: Source, day: date, batch: Batch) -> None:
        self._resting.pop(source.name, None)
        cleaned = await _cleaned(batch.papers)
        papers: dict[str, Paper] = {}
        for paper in cleaned:
            papers.setdefault(paper.key, paper)
        skipped = batch.skipped + len(batch.papers) - len(cleaned)
        if skipped:
            log.warning("%s, %s: %d of %d papers could not be read", source.label, day, skipped, skipped + len(papers))
        now, note = self._clock.now(), batch.partial or batch.note
        report = SourceReport(source.name, day, now, len(papers), skipped, problem="", note=note, read_at=now)
        log.info("%s, %s: papers: %d", source.label, day, len(papers))
        settled = settled_at(self._infos[source.name], day)
        await self._store.write(record_day, report, [*papers.values()], settled)


def _owed(
    rows: Reads, groups: Iterable[GroupSettings], due: DueOf, now: datetime
) -> Sequence[tuple[GroupSettings, date]]:
    return [(group, on) for group, on in posts_near(groups, due, now) if not standing_for(rows, group, on, now)]


async def _only(wish: Wish) -> Sequence[Wish]:
    return (wish,)


async def _cleaned(raws: Sequence[RawPaper]) -> list[Paper]:
    """Off the loop: text that nobody has checked takes time."""
    return [paper for some in _in_parts(raws) for paper in await asyncio.to_thread(to_papers, some)]


def _in_parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
