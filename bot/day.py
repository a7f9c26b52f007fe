"""The day of a group: which announcements a post is about, what it lists, why it is empty. Fetches and posts nothing.

Listing reads what was collected, so that a second run, another group or a restart in the middle repeats nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.actions.day import extend_day, list_day, recognise
from bot.collect import Collector
from bot.dates import coming_dates, days_up_to, due_at, is_weekend, newest_settled, next_due, spoken_days
from bot.finding import told_key
from bot.model import Covered, Digest, Entry, GroupSettings, Listing, Paper, Summary
from bot.papers.ranking import Announced, rank, rank_late
from bot.ports import Clock, Reads, Source, Store
from bot.summaries import Summaries
from bot.wording import capitalised, join_words

LOOK_BACK = 14  # days; enough for a weekly post and a list that settled a day late
FIRST_LOOK_BACK = 5  # days; a group that is new to a source gets its newest day that has papers
REFRESH_FOR = 2  # days that a post is looked at again, for late papers and upvotes
REFRESH_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A post before anything of it is written."""

    digest: Digest
    done: Sequence[Covered]
    listings: Sequence[Listing]
    summaries: Mapping[str, Summary]


@dataclass(frozen=True, slots=True)
class Look:
    """What sources announced, as it concerns one group."""

    announced: Sequence[Announced]
    unseen: Sequence[Announced]  # the group has them on no list
    told: Mapping[str, Paper]  # it has them only as a member told of them, under this key
    notes: Sequence[str]  # why nothing was announced, where the sources know


class Daily:
    def __init__(self, store: Store, clock: Clock, collector: Collector, summaries: Summaries) -> None:
        self._store = store
        self._clock = clock
        self._collector = collector
        self._summaries = summaries

    async def post(self, group: GroupSettings, posted_on: date) -> bool:
        """The post of a date: every announcement day that had settled when it was due and that the group has not had.
        False when it has that post already."""
        digests, had = await self._store.read(
            lambda rows: (rows.days.digests(group.id, LOOK_BACK), rows.days.had(group.id, date.min))
        )
        if self._standing_for(group, posted_on, digests):
            return False
        return await self._list(group, posted_on, *await self._due(group, posted_on, had))

    async def posted_since(self, group: GroupSettings, on: date) -> date | None:
        """The date of a post that stands for that of `on`: its own, or a later one up to today. With another hour or
        other days a date may become due whose time is over."""
        return self._standing_for(group, on, await self._digests(group))

    async def next_post(self, group: GroupSettings, due: date | None) -> date:
        """The posting date of the next post: of the one that is due, unless it has come, or of the next."""
        digests = await self._digests(group)
        if due and not self._standing_for(group, due, digests):
            return due
        posted = {digest.posted_on for digest in digests}
        return next(on for on in coming_dates(group, self._clock.now()) if on not in posted)

    async def post_day(self, group: GroupSettings, day: date) -> bool:
        """One announcement day, settled or not, as the post of that date. False when the group has had it already."""
        posted, had = await self._store.read(
            lambda rows: (rows.days.digest(group.id, day), rows.days.had(group.id, date.min))
        )
        about = [(source.name, day) for source in self._sources(group) if (source.name, day) not in had]
        if posted or not about:
            return False
        spared = [(name, old) for name, _ in about if _is_new(name, had) for old in days_up_to(day, LOOK_BACK)[:-1]]
        if day >= self._clock.now().astimezone(group.zone).date():  # it stands for the post that is still to come
            due, older = await self._due(group, day, had)
            about, spared = sorted({*about, *due}, key=_by_day), [*spared, *older]
        return await self._list(group, day, about, spared)

    async def refresh(self, group: GroupSettings) -> None:
        """Looks at what was posted lately again: late papers join their digest, upvotes rise, a source that could not
        be read gets another chance."""
        today = self._clock.now().date()
        for digest in await self._digests(group):
            age = (today - digest.posted_on).days
            if age <= REFRESH_FOR or (digest.missing and age <= LOOK_BACK):
                await self._extend(group, digest, REFRESH_EVERY)

    async def refresh_day(self, group: GroupSettings, posted_on: date) -> None:
        """The same for one digest, now."""
        if digest := await self._store.read(lambda rows: rows.days.digest(group.id, posted_on)):
            await self._extend(group, digest, None)

    async def preview(self, group: GroupSettings, posted_on: date) -> tuple[Digest, Sequence[Entry]]:
        """The post of a date as things stand now. What sources announced is kept, nothing of the group is written."""
        had = await self._store.read(lambda rows: rows.days.had(group.id, date.min))
        plan = await self._plan(group, posted_on, *await self._due(group, posted_on, had))
        days = tuple(sorted({listing.day for listing in plan.listings}))
        return replace(plan.digest, papers=len(plan.listings), days=days), [
            Entry(
                id=0,
                group=group.id,
                paper=listing.paper,
                posted_on=posted_on,
                rank=rank,
                day=listing.day,
                source=listing.source,
                reason=listing.reason,
                summary=plan.summaries.get(listing.paper.key),
            )
            for rank, listing in enumerate(plan.listings, 1)
        ]

    @property
    def labels(self) -> Mapping[str, str]:
        """The sources, by name, as members read them."""
        return {source.name: source.label for source in self._collector.sources}

    def _sources(self, group: GroupSettings) -> Sequence[Source]:
        chosen = group.day.sources
        return [source for source in self._collector.sources if not chosen or source.name in chosen]

    async def find(self, group: GroupSettings, day: date) -> date:
        """The date of the post that is about an announcement day; the day itself when there is none."""
        digests = await self._store.read(lambda rows: rows.days.digests(group.id, 2 * LOOK_BACK))
        return next((d.posted_on for d in digests if any(about == day for _, about in d.covers)), day)

    async def _digests(self, group: GroupSettings) -> Sequence[Digest]:
        return await self._store.read(lambda rows: rows.days.digests(group.id, LOOK_BACK))

    def _standing_for(self, group: GroupSettings, on: date, digests: Iterable[Digest]) -> date | None:
        today = self._clock.now().astimezone(group.zone).date()
        return next((d.posted_on for d in digests if d.posted_on == on or on < d.posted_on <= today), None)

    async def _due(
        self, group: GroupSettings, posted_on: date, had: frozenset[Covered]
    ) -> tuple[list[Covered], list[Covered]]:
        """What the post of a date is about, and what a group that is new to a source is spared."""
        at = min(self._clock.now(), due_at(group, posted_on))
        about: list[Covered] = []
        spared: list[Covered] = []
        for source in self._sources(group):
            window = days_up_to(newest_settled(source.settles, source.zone, at), LOOK_BACK)
            pairs = [(source.name, day) for day in window if (source.name, day) not in had]
            first = await self._first_day(source, window) if _is_new(source.name, had) else date.min
            about += [pair for pair in pairs if pair[1] >= first]
            spared += [pair for pair in pairs if pair[1] < first]
        return sorted(about, key=_by_day), spared

    async def _first_day(self, source: Source, days: Sequence[date]) -> date:
        """The newest of the last few that has papers, so that a new group is not flooded; else the newest that may yet
        have some."""
        newest_first = days[: -FIRST_LOOK_BACK - 1 : -1]
        for day in newest_first:
            await self._collector.collect([(source.name, day)])
            if await self._announces(source, day):
                return day
        return next(day for day in newest_first if not is_weekend(day))

    async def _announces(self, source: Source, day: date) -> bool:
        return bool(await self._store.read(lambda rows: rows.papers.announced(source.name, day)))

    async def _list(
        self, group: GroupSettings, posted_on: date, about: Sequence[Covered], spared: Sequence[Covered] = ()
    ) -> bool:
        plan = await self._plan(group, posted_on, about, spared)
        return await self._store.write(
            list_day, plan.digest, plan.done, plan.listings, plan.summaries, self._clock.now()
        )

    async def _plan(
        self, group: GroupSettings, posted_on: date, about: Sequence[Covered], spared: Sequence[Covered]
    ) -> Plan:
        unread = await self._collector.collect(about)
        look = await self._store.read(self._look, group.id, about)
        listings = rank(look.unseen)
        digest = Digest(
            group=group.id,
            posted_on=posted_on,
            covers=tuple(about),
            cards=min(len(listings), group.day.cards),
            why="" if listings else self._why_empty(about, unread, look),
            next_due=next_due(group, max(self._clock.now(), due_at(group, posted_on))),
            missing=self._collector.labels(unread),
            threaded=group.day.layout == "thread",
        )
        done = [*spared, *(pair for pair in about if pair not in unread)]
        return Plan(digest, done, listings, await self._summarise(listings, group.language))

    async def _extend(self, group: GroupSettings, digest: Digest, every: timedelta | None) -> None:
        names = {source.name for source in self._sources(group)}
        covers = [pair for pair in digest.covers if pair[0] in names]
        unread = await self._collector.collect(covers, every)
        look = await self._store.read(self._look, group.id, covers)
        await self._recognise(group, look.told)
        missing = self._collector.labels(unread)
        if not covers or (not look.unseen and missing == digest.missing):
            return
        # A late feed fills an empty post; it never makes a second one.
        listings = rank_late(look.unseen) if digest.announced else rank(look.unseen)
        papers = digest.announced + len(listings)
        have_all_cards = digest.cards >= digest.announced  # otherwise those that have are the first ones
        grown = replace(
            digest,
            cards=max(digest.cards, min(papers, group.day.cards)) if have_all_cards else digest.cards,
            why="" if papers else self._why_empty(covers, unread, look),
            missing=missing,
        )
        done = [pair for pair in covers if pair not in unread]
        summaries = await self._summarise(listings, group.language)
        await self._store.write(extend_day, grown, done, listings, summaries, self._clock.now())

    async def _summarise(self, listings: Iterable[Listing], language: str) -> Mapping[str, Summary]:
        made = {item.paper.key: await self._summaries.at_once(item.paper, language) for item in listings}
        return {key: summary for key, summary in made.items() if summary}

    def _look(self, rows: Reads, group: str, pairs: Sequence[Covered]) -> Look:
        announced = self._collector.announced(rows, pairs)
        told = {item.paper.key: told_key(group, item.paper.key) for item in announced}
        listed = rows.entries.known(group, [*told, *told.values()])
        new = [item for item in announced if item.paper.key not in listed]
        return Look(
            announced,
            unseen=[item for item in new if told[item.paper.key] not in listed],
            told={told[item.paper.key]: item.paper for item in new if told[item.paper.key] in listed},
            notes=() if announced else _notes(rows, pairs),
        )

    async def _recognise(self, group: GroupSettings, told: Mapping[str, Paper]) -> None:
        """What a member handed in by its title alone, before a source announced it, is the same entry."""
        for key, paper in told.items():
            summary = await self._summaries.at_once(paper, group.language)
            await self._store.write(recognise, group.id, key, paper.key, summary, self._clock.now())

    def _why_empty(self, about: Sequence[Covered], unread: Mapping[Covered, str], look: Look) -> str:
        """One sentence for members; fixed in the digest, since the facts behind it pass."""
        if not about:
            return "No source has closed a new list since the last post."
        if unread:
            who = capitalised(join_words(self._collector.labels(unread)))
            return f"{who} can't be read right now; we try every ten minutes, and the papers will appear here."
        if seen := len(look.announced):
            were = "1 paper that was announced is" if seen == 1 else f"{seen} papers that were announced are"
            return f"The {were} on another list of this group."
        return self._why_silent(about, look.notes)

    def _why_silent(self, about: Sequence[Covered], notes: Sequence[str]) -> str:
        labels = self._collector.labels(about)
        who, s = capitalised(join_words(labels)), "" if len(labels) > 1 else "s"
        days = {day for _, day in about}
        if all(is_weekend(day) for day in days):
            return f"{who} announce{s} nothing at the weekend."
        if notes:
            return " ".join(notes)
        return f"{who} list{s} no papers for {spoken_days(days)}."


def _notes(rows: Reads, pairs: Sequence[Covered]) -> Sequence[str]:
    reports = [rows.papers.report(name, day) for name, day in pairs]
    return sorted({report.note for report in reports if report and report.note})


def _is_new(source: str, had: Iterable[Covered]) -> bool:
    return not any(name == source for name, _ in had)


def _by_day(pair: Covered) -> date:
    return pair[1]
