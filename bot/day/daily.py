"""Posts the day of a group, grows it by what comes late, and previews it. Reads rows only: what sources announced is
there, or joins later."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.actions.day import LOOK_BACK, REFRESH_FOR, extend_day, list_day, recognise, standing_for
from bot.day import catchup
from bot.day.due import Scope, foresight, scope_of, scope_of_day, sources_of
from bot.day.empty import labels_of
from bot.day.listing import Draft, draft_more, draft_post
from bot.day.summaries import Summaries
from bot.model import Digest, Entry, GroupSettings, Listing, Paper, SourceInfo, Summary
from bot.ports import Clock, Store
from bot.rests import is_within

PATIENCE = timedelta(minutes=2)  # that a post which is due waits for lists that nobody has asked for yet


class Daily:
    def __init__(self, store: Store, clock: Clock, sources: Sequence[SourceInfo], summaries: Summaries) -> None:
        self._store = store
        self._clock = clock
        self._summaries = summaries
        self._waiting: dict[tuple[str, date], datetime] = {}  # posts, and since when they wait
        self.sources = sources
        self.labels: Mapping[str, str] = {source.name: source.label for source in sources}

    # --- posting

    async def post(self, group: GroupSettings, posted_on: date) -> bool:
        """The post of a date, once all its lists were asked for, or have been waited for. False when it has to wait,
        or the group has that post already."""
        scope = await self._owed(group, posted_on)
        if scope and scope.untried and self._waits(group, posted_on):
            return False
        self._waiting.pop((group.id, posted_on), None)
        return scope is not None and await self._list(group, posted_on, scope)

    async def post_now(self, group: GroupSettings, posted_on: date) -> bool:
        """The same without waiting, with what there is."""
        scope = await self._owed(group, posted_on)
        return scope is not None and await self._list(group, posted_on, scope)

    async def post_day(self, group: GroupSettings, day: date) -> bool:
        """One announcement day, settled or not, as the post of that date. False when the group has had it already."""
        scope = await self._store.read(scope_of_day, self.sources, group, day, self._clock.now())
        return scope is not None and await self._list(group, day, scope)

    async def refresh(self, group: GroupSettings) -> None:
        """Late papers join what was posted lately, and what was missed for longer."""
        today = self._clock.now().date()
        for digest in await self._store.read(lambda rows: rows.days.digests(group.id, LOOK_BACK)):
            age = abs((today - digest.posted_on).days)  # a wrong clock may have dated it in time to come
            if age <= REFRESH_FOR or (digest.missing and age <= LOOK_BACK):
                await self._extend(group, digest)

    async def refresh_day(self, group: GroupSettings, posted_on: date) -> None:
        if digest := await self._store.read(lambda rows: rows.days.digest(group.id, posted_on)):
            await self._extend(group, digest)

    # --- looking

    async def posted_since(self, group: GroupSettings, on: date) -> date | None:
        return await self._store.read(standing_for, group, on, self._clock.now())

    async def next_post(self, group: GroupSettings, due: date | None) -> date:
        return await self._store.read(catchup.next_post, group, due, self._clock.now())

    async def find(self, group: GroupSettings, day: date) -> date:
        """The date of the post that is about an announcement day; the day itself when there is none."""
        digests = await self._store.read(lambda rows: rows.days.digests(group.id, 2 * LOOK_BACK))
        return next((d.posted_on for d in digests if any(about == day for _, about in d.covers)), day)

    async def unread(self, group: GroupSettings, posted_on: date) -> tuple[str, ...]:
        """The sources whose lists for a post nobody has asked for yet, as members read them."""
        at = foresight(group, posted_on, self._clock.now())
        scope = await self._store.read(scope_of, self.sources, group, posted_on, at)
        return labels_of(self.labels, scope.untried)

    async def coming(self, group: GroupSettings, posted_on: date) -> Sequence[Listing]:
        """What the post of a date would list as things stand now, in its order."""
        return (await self._foreseen(group, posted_on)).listings

    async def preview(self, group: GroupSettings, posted_on: date) -> tuple[Digest, Sequence[Entry]]:
        """The post of a date as things stand now. Nothing is written."""
        draft = await self._foreseen(group, posted_on)
        summaries = await self._summarise(draft.listings, group.language)
        days = tuple(sorted({listing.day for listing in draft.listings}))
        return replace(draft.digest, papers=len(draft.listings), days=days), [
            Entry(
                id=0,
                group=group.id,
                paper=listing.paper,
                posted_on=posted_on,
                rank=rank,
                day=listing.day,
                source=listing.source,
                reason=listing.reason,
                chooser=listing.chosen_by,
                summary=summaries.get(listing.paper.key),
            )
            for rank, listing in enumerate(draft.listings, 1)
        ]

    # --- how it is done

    async def _foreseen(self, group: GroupSettings, posted_on: date) -> Draft:
        now = foresight(group, posted_on, self._clock.now())
        scope = await self._store.read(scope_of, self.sources, group, posted_on, now)
        return await self._draft(group, posted_on, scope, now)

    async def _owed(self, group: GroupSettings, posted_on: date) -> Scope | None:
        now = self._clock.now()
        if await self.posted_since(group, posted_on):
            return None
        return await self._store.read(scope_of, self.sources, group, posted_on, now)

    def _waits(self, group: GroupSettings, posted_on: date) -> bool:
        """A clock that was set back is no reason to wait longer."""
        now = self._clock.now()
        since = self._waiting.setdefault((group.id, posted_on), now)
        return is_within(since, now, PATIENCE)

    async def _draft(self, group: GroupSettings, posted_on: date, scope: Scope, now: datetime) -> Draft:
        return await self._store.read(draft_post, self.labels, group, posted_on, scope, now)

    async def _list(self, group: GroupSettings, posted_on: date, scope: Scope) -> bool:
        draft = await self._draft(group, posted_on, scope, self._clock.now())
        summaries = await self._summarise(draft.listings, group.language)
        return await self._store.write(list_day, draft.digest, draft.done, draft.listings, summaries, self._clock.now())

    async def _extend(self, group: GroupSettings, digest: Digest) -> None:
        labels = {source.name: source.label for source in sources_of(group, self.sources)}
        more = await self._store.read(draft_more, labels, group, digest)
        if more is None:
            return
        await self._recognise(group, more.told)
        summaries = await self._summarise(more.listings, group.language)
        await self._store.write(extend_day, more.digest, more.done, more.listings, summaries, self._clock.now())

    async def _recognise(self, group: GroupSettings, told: Mapping[str, Paper]) -> None:
        """What a member handed in by its title alone, before a source announced it, is the same entry."""
        for key, paper in told.items():
            summary = await self._summaries.at_once(paper, group.language)
            await self._store.write(recognise, group.id, key, paper.key, summary, self._clock.now())

    async def _summarise(self, listings: Iterable[Listing], language: str) -> Mapping[str, Summary]:
        made = {item.paper.key: await self._summaries.at_once(item.paper, language) for item in listings}
        return {key: summary for key, summary in made.items() if summary}
