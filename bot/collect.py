"""Asks the sources what they announced and keeps it. Shared by all groups; knows none of them.

What was fetched lately is not fetched again. A source that does not answer, or never ends, is left alone for a while.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.actions.papers import record_day, record_failure
from bot.errors import SourceError
from bot.model import Batch, Covered, Paper, SourceReport
from bot.papers.cleaning import to_paper
from bot.papers.ranking import Announced
from bot.ports import Clock, Reads, Source, Store

log = logging.getLogger(__name__)

RETRY_EVERY = timedelta(minutes=10)
PATIENCE = 60.0  # seconds for one day of a source: a few fetches of 20 s each, and every group waits meanwhile


class Collector:
    def __init__(self, store: Store, clock: Clock, sources: Sequence[Source]) -> None:
        self._store = store
        self._clock = clock
        self._sources = {source.name: source for source in sources}
        self._resting: dict[str, tuple[datetime, str]] = {}  # until when a source is left alone, and why

    @property
    def sources(self) -> Sequence[Source]:
        return tuple(self._sources.values())

    def labels(self, pairs: Iterable[Covered]) -> tuple[str, ...]:
        """The sources of these pairs, as members read them."""
        return tuple(sorted({self._sources[name].label for name, _ in pairs if name in self._sources}))

    def announced(self, rows: Reads, pairs: Iterable[Covered]) -> list[Announced]:
        return [
            Announced(paper, day, name, self._sources[name].label)
            for name, day in pairs
            if name in self._sources
            for paper in rows.papers.announced(name, day)
        ]

    async def collect(self, pairs: Iterable[Covered], every: timedelta | None = RETRY_EVERY) -> Mapping[Covered, str]:
        """Fetches what was not fetched within `every`; None: whatever was. Answers with the pairs that could never be
        read, and why: a list that was read once only grows, so that a later failure takes nothing away."""
        by_source: dict[str, list[date]] = {}
        for name, day in pairs:
            if name in self._sources:
                by_source.setdefault(name, []).append(day)
        found = await asyncio.gather(*(self._collect_days(self._sources[n], d, every) for n, d in by_source.items()))
        return {pair: problem for problems in found for pair, problem in problems.items()}

    async def _collect_days(self, source: Source, days: list[date], every: timedelta | None) -> dict[Covered, str]:
        """One after the other, since sources ask for one connection."""
        problems = {(source.name, day): await self._collect_day(source, day, every) for day in days}
        return {pair: problem for pair, problem in problems.items() if problem}

    async def _collect_day(self, source: Source, day: date, every: timedelta | None) -> str:
        """Why the day could never be read, "" when it was."""
        now = self._clock.now()
        last = await self._store.read(lambda rows: rows.papers.report(source.name, day))
        was_read = last is not None and last.read_at is not None
        if last and every and now - last.at < (RETRY_EVERY if last.problem else every):
            return "" if was_read else last.problem
        until, why = self._resting.get(source.name, (now, ""))
        if now < until:
            return "" if was_read else why
        try:
            batch = await self._fetch(source, day)
        except SourceError as error:
            await self._failed(source, day, error)
            return "" if was_read else str(error)
        await self._record(source, day, batch)
        return ""

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
            wait = timedelta(seconds=error.retry_after) if error.retry_after else RETRY_EVERY
            self._resting[source.name] = (now + wait, str(error))
        await self._store.write(record_failure, source.name, day, str(error), now)

    async def _record(self, source: Source, day: date, batch: Batch) -> None:
        papers: dict[str, Paper] = {}
        skipped = batch.skipped
        for raw in batch.papers:
            try:
                paper = to_paper(raw)
            except ValueError:
                skipped += 1
            else:
                papers.setdefault(paper.key, paper)
        if skipped:
            log.warning("%s, %s: %d of %d papers could not be read", source.label, day, skipped, skipped + len(papers))
        now, note = self._clock.now(), batch.partial or batch.note
        report = SourceReport(source.name, day, now, len(papers), skipped, problem="", note=note, read_at=now)
        log.info("%s, %s: papers: %d", source.label, day, len(papers))
        await self._store.write(record_day, report, list(papers.values()))
