"""The day: collect what the sources announced, list it for a group, want it in the channels. Posts nothing itself.

Fetching is per source and day and shared by all groups; listing is per group and reads what was collected. So a
second run, another group or a restart in the middle repeats nothing.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.dates import days_up_to, is_weekend, newest_settled, next_due, spoken_days
from bot.errors import SourceError
from bot.model import Batch, Digest, GroupSettings, Listing, Paper, SourceReport, Summary
from bot.papers.cleaning import to_paper
from bot.papers.ranking import Announced, rank, rank_late
from bot.ports import Clock, Source, Store
from bot.summaries import Summaries

log = logging.getLogger(__name__)

LOOK_BACK = 7  # days; what a group missed for longer is not caught up
FIRST_LOOK_BACK = 5  # days; a new group gets the newest day that has papers
REFRESH_FOR = timedelta(days=2)  # a posted day is fetched again for this long, for late papers and upvotes
REFRESH_EVERY = timedelta(hours=1)
RETRY_EVERY = timedelta(minutes=10)
PATIENCE = timedelta(seconds=60)  # for one source in one post

Covered = tuple[str, date]  # (source, day)


class Daily:
    def __init__(self, store: Store, clock: Clock, sources: Sequence[Source], summaries: Summaries) -> None:
        self._store = store
        self._clock = clock
        self._sources = {source.name: source for source in sources}
        self._summaries = summaries
        self._wait_until: dict[str, datetime] = {}  # a source that asked us to come back later

    async def post(self, group: GroupSettings, posted_on: date) -> bool:
        """The post of a date: every announcement day that has settled and that the group has not had. False when it
        has that post already."""
        if await self._store.digest(group.id, posted_on):
            return False
        now = self._clock.now()
        window = self._window(now)
        if not await self._store.digests(group.id, 1):
            return await self._first_post(group, posted_on, window)
        had = await self._store.had(group.id, now.date() - timedelta(days=2 * LOOK_BACK))
        return await self._list(group, posted_on, [pair for pair in window if pair not in had])

    async def post_day(self, group: GroupSettings, day: date) -> bool:
        """One announcement day, settled or not, as the post of that date."""
        if await self._store.digest(group.id, day):
            return False
        return await self._list(group, day, [(name, day) for name in self._sources])

    async def refresh(self, group: GroupSettings) -> None:
        """Fetches what was posted lately again: late papers join their digest, upvotes rise, a source that had failed
        gets another chance."""
        since = (self._clock.now() - REFRESH_FOR).date()
        for digest in await self._store.digests(group.id, 3):
            if digest.posted_on >= since and digest.days:
                await self._extend(group, digest, REFRESH_EVERY)

    async def refresh_day(self, group: GroupSettings, posted_on: date) -> None:
        """The same for one digest, now."""
        if digest := await self._store.digest(group.id, posted_on):
            await self._extend(group, digest, None)

    def _window(self, now: datetime) -> list[Covered]:
        """What may have settled, the oldest day first."""
        pairs = [(s.name, day) for s in self._sources.values() for day in _settled(s, now)]
        return sorted(pairs, key=lambda pair: pair[1])

    async def _first_post(self, group: GroupSettings, posted_on: date, window: list[Covered]) -> bool:
        """The newest day that has papers; what is older counts as had, so that a new group is not flooded."""
        days = sorted({day for _, day in window}, reverse=True)[:FIRST_LOOK_BACK]
        for day in days:
            since = [pair for pair in window if pair[1] >= day]
            if await self._collect(since) or await self._announced(since) or day == days[-1]:
                older = [pair for pair in window if pair[1] < day]
                return await self._list(group, posted_on, since, also_had=older)
        return False

    async def _list(
        self, group: GroupSettings, posted_on: date, pairs: Sequence[Covered], also_had: Sequence[Covered] = ()
    ) -> bool:
        now = self._clock.now()
        problems = await self._collect(pairs)
        announced = await self._announced(pairs)
        listings = rank(await self._unseen(group, announced))
        digest = Digest(
            group=group.id,
            posted_on=posted_on,
            days=tuple(sorted({day for _, day in pairs})),
            papers=len(listings),
            late=0,
            why="" if listings else await self._why_empty(pairs, problems, seen=len(announced)),
            next_due=next_due(group, now),
            missing=self._labels(problems),
        )
        shown = listings[: group.day.cards]
        covered = [*also_had, *(pair for pair in pairs if pair not in problems)]
        summaries = await self._summarise(shown, group.language)
        return await self._store.list_day(digest, covered, listings, summaries, group.day.cards, now)

    async def _extend(self, group: GroupSettings, digest: Digest, every: timedelta | None) -> None:
        pairs = [(name, day) for day in digest.days for name in self._sources]
        problems = await self._collect(pairs, every)
        fills = digest.papers == 0  # a late feed fills an empty post; it never makes a second one
        unseen = await self._unseen(group, await self._announced(pairs))
        listings = rank(unseen) if fills else rank_late(unseen)
        cards = group.day.cards if fills else 0
        grown = replace(
            digest,
            papers=digest.papers + len(listings),
            late=digest.late + (0 if fills else len(listings)),
            why="" if listings else digest.why,
            missing=self._labels(problems),
        )
        if grown == digest:
            return
        covered = [pair for pair in pairs if pair not in problems]
        summaries = await self._summarise(listings[:cards], group.language)
        await self._store.extend_day(grown, covered, listings, summaries, cards, self._clock.now())

    def _labels(self, pairs: Iterable[Covered]) -> tuple[str, ...]:
        return tuple(sorted({self._sources[name].label for name, _ in pairs}))

    async def _summarise(self, listings: Iterable[Listing], language: str) -> Mapping[str, Summary]:
        made = {item.paper.key: await self._summaries.at_once(item.paper, language) for item in listings}
        return {key: summary for key, summary in made.items() if summary}

    async def _unseen(self, group: GroupSettings, announced: Sequence[Announced]) -> list[Announced]:
        known = await self._store.known(group.id, [item.paper.key for item in announced])
        return [item for item in announced if item.paper.key not in known]

    async def _announced(self, pairs: Sequence[Covered]) -> list[Announced]:
        return [
            Announced(paper, day, name, self._sources[name].label)
            for name, day in pairs
            for paper in await self._store.announced(name, day)
        ]

    # --- collecting

    async def _collect(self, pairs: Sequence[Covered], every: timedelta | None = RETRY_EVERY) -> dict[Covered, str]:
        """Fetches what was not fetched lately. Answers with what failed and why; the others are in the store."""
        by_source: dict[str, list[date]] = {}
        for name, day in pairs:
            by_source.setdefault(name, []).append(day)
        found = await asyncio.gather(*(self._collect_days(self._sources[n], d, every) for n, d in by_source.items()))
        return {pair: problem for problems in found for pair, problem in problems.items()}

    async def _collect_days(self, source: Source, days: list[date], every: timedelta | None) -> dict[Covered, str]:
        """One after the other, since sources ask for one connection; a dead source can't hold up the post for long."""
        problems, stop_at = {}, self._clock.now() + PATIENCE
        for day in days:
            late = self._clock.now() > stop_at
            problem = f"{source.label} is too slow" if late else await self._collect_day(source, day, every)
            if problem:
                problems[source.name, day] = problem
        return problems

    async def _collect_day(self, source: Source, day: date, every: timedelta | None) -> str:
        now = self._clock.now()
        last = await self._store.report(source.name, day)
        if last and every and now - last.at < (RETRY_EVERY if last.problem else every):
            return last.problem
        if now < self._wait_until.get(source.name, now):
            return last.problem if last else f"{source.label} asked us to wait"
        try:
            batch = await source.fetch(day)
        except SourceError as error:
            return await self._failed(source, day, error)
        await self._record(source, day, batch)
        return ""

    async def _failed(self, source: Source, day: date, error: SourceError) -> str:
        now = self._clock.now()
        if error.retry_after:
            self._wait_until[source.name] = now + timedelta(seconds=error.retry_after)
        log.warning("%s, %s: %s", source.label, day, error)
        await self._store.record_failure(SourceReport(source.name, day, now, 0, 0, str(error)))
        return str(error)

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
        report = SourceReport(source.name, day, self._clock.now(), len(papers), skipped, batch.partial, batch.note)
        log.info("%s, %s: papers: %d", source.label, day, len(papers))
        await self._store.record_day(source.name, day, list(papers.values()), report)

    # --- explaining

    async def _why_empty(self, pairs: Sequence[Covered], problems: Mapping[Covered, str], seen: int) -> str:
        """One sentence for members; fixed in the digest, since the facts behind it pass."""
        if not pairs:
            return "No source has closed a new list since the last post."
        if problems:
            what = "; ".join(sorted(set(problems.values())))
            return f"{' and '.join(self._labels(problems))} could not be read ({what}). Its papers will appear here."
        if seen:
            return f"All {seen} papers were on an earlier list."
        days = {day for _, day in pairs}
        labels = " and ".join(self._labels(pairs))
        if all(is_weekend(day) for day in days):
            return f"{labels} announces nothing at the weekend."
        reports = [await self._store.report(name, day) for name, day in pairs]
        if notes := sorted({report.note for report in reports if report and report.note}):
            return " ".join(notes)
        return f"{labels} lists no papers for {spoken_days(days)}."


def _settled(source: Source, now: datetime) -> tuple[date, ...]:
    return days_up_to(newest_settled(source.settles, now), LOOK_BACK)
