"""The composition root: makes the program from its settings. Starts nothing; the only part that imports adapters."""

import logging
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date

from adapters import SECRETS, make_adapter, make_finders, make_sources, make_summarizer
from bot.actions.facts import CALENDARS
from bot.actions.looks import last_time
from bot.actions.settings import configure
from bot.app import App
from bot.clock import SetClock, SystemClock, Watch
from bot.config import read_secret
from bot.day.collect import Collector
from bot.day.daily import Daily
from bot.day.summaries import Summaries
from bot.errors import StartError
from bot.groups import Groups, with_default_group
from bot.meetings import Meetings
from bot.model import GroupSettings, Settings
from bot.outbox import Outbox
from bot.ports import Adapter, Clock, Finder, Source, Store
from bot.schedule import Schedule
from bot.status import Status

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Club:
    """The program, made but not started."""

    settings: Settings
    groups: Groups
    clock: Clock
    watch: Watch
    store: Store
    sources: Sequence[Source]
    collector: Collector
    summaries: Summaries
    daily: Daily
    meetings: Meetings
    app: App
    adapters: Sequence[Adapter]
    outboxes: Sequence[Outbox]
    schedule: Schedule

    @property
    def all_groups(self) -> Sequence[GroupSettings]:
        return tuple(self.groups.by_id.values())

    def require_sound(self) -> None:
        """Raises StartError for a fault that only the whole configuration shows."""
        if self.groups.faults:
            raise StartError("; ".join(self.groups.faults))


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    clock: Clock | None = None,
    sources: Sequence[Source] | None = None,
    adapters: Sequence[Adapter] | None = None,
    finders: Sequence[Finder] | None = None,
    read_only: bool = False,
    surfaces: Collection[str] | None = None,
) -> AsyncIterator[Club]:
    """The program with its database open; what is not given is made from the settings. `read_only` works beside a
    running program and can only look. `surfaces`: only these, wherever the groups meet."""
    from adapters.net import Net
    from adapters.stores.sqlite import open_store

    async with AsyncExitStack() as stack:
        store = await open_store(settings.database, read_only=read_only)
        stack.push_async_callback(store.close)
        said, last = clock or SystemClock(), await store.read(last_time)
        clock, watch = SetClock(said, last), Watch(said, last)
        net = await stack.enter_async_context(Net(clock))
        first_start = clock.now().date().isoformat()
        if not read_only:
            first_start = await store.write(lambda rows: rows.kept.keep("first_start", first_start))
        if sources is None:
            sources = make_sources(settings, net, date.fromisoformat(first_start))
        configured = with_default_group(settings.groups)
        names = [source.name for source in sources]
        groups = Groups(configured, names)
        if not read_only:
            await store.write(configure, configured, names, clock.now())
        await groups.load(store)
        if adapters is None:
            adapters = _make_adapters(settings, groups, surfaces)
        for adapter in adapters:
            stack.push_async_callback(adapter.close)
        if not read_only:
            calendars = ",".join(adapter.name for adapter in adapters if adapter.calendar)
            await store.write(lambda rows: rows.kept.remember(CALENDARS, calendars))
        if finders is None:
            finders = make_finders(settings, net)
        club = _compose(settings, groups, clock, watch, store, sources, adapters, finders)
        stack.push_async_callback(club.collector.close)
        yield club


def _compose(
    settings: Settings,
    groups: Groups,
    clock: Clock,
    watch: Watch,
    store: Store,
    sources: Sequence[Source],
    adapters: Sequence[Adapter],
    finders: Sequence[Finder],
) -> Club:
    summaries = Summaries(make_summarizer(settings.summarizer.name), make_summarizer("extractive"))
    collector = Collector(store, clock, sources, groups, watch)
    daily = Daily(store, clock, collector.sources, summaries)
    meetings = Meetings(store, clock, watch)
    status = Status(groups, store, clock, daily, watch)
    return Club(
        settings=settings,
        groups=groups,
        clock=clock,
        watch=watch,
        store=store,
        sources=sources,
        collector=collector,
        summaries=summaries,
        daily=daily,
        meetings=meetings,
        app=App(groups, store, clock, summaries, collector, daily, meetings, status.lines, adapters, finders=finders),
        adapters=adapters,
        outboxes=[Outbox(adapter, store, clock, groups.by_id) for adapter in adapters],
        schedule=Schedule(daily, meetings, groups, store, clock, watch),
    )


def _make_adapters(settings: Settings, groups: Groups, only: Collection[str] | None) -> list[Adapter]:
    """Also for a surface of which there is only the secret: groups are made there from chat."""
    secrets = {name: secret for name in SECRETS.values() if (secret := read_secret(name))}
    usable = groups.surfaces() | {surface for surface, name in SECRETS.items() if name in secrets}
    wanted = sorted(usable if only is None else usable & {*only})
    made = {surface: make_adapter(surface, settings, groups.on(surface), secrets) for surface in wanted}
    for surface in (name for name, adapter in made.items() if adapter is None):
        log.warning("this version has no surface %r; its channels stay silent", surface)
    return [adapter for adapter in made.values() if adapter]
