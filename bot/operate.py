"""What the operator does by hand: post a day, look at the next post, check the parts, export. Prints nothing."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot import views
from bot.cards import Card, Reply
from bot.compose import Club, opened
from bot.day.needs import for_day, for_digest, for_post
from bot.errors import PortError, StartError
from bot.groups import with_default_group
from bot.groups.post_times import last_due, local_date, next_due
from bot.groups.words import say_meets
from bot.model import GroupSettings, Override, Request, Settings
from bot.model.recurrence import WEEKDAYS
from bot.moments import plain
from bot.outbox import settle_all
from bot.papers.announcements import newest_settled
from bot.ports import Adapter, Source
from bot.views.dates import spoken, spoken_start, spoken_time
from bot.views.timetable import foreseen, planned_since
from bot.voting.recount import VERSION as EXPORT_VERSION
from bot.wording import plural

BY_CODE = "names are chosen there with a code that a moderator gives out (/paper-admin invite)"
DEMO_AHEAD = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as members see it. `missing` are the sources that could not be read."""

    cards: tuple[Card, ...] = ()
    missing: tuple[str, ...] = ()

    def __add__(self, other: "Shown") -> "Shown":
        return Shown(self.cards + other.cards, self.missing + other.missing)


async def post_and_show(settings: Settings, group_id: str | None, day: date | None) -> Shown:
    """The post of an announcement day, or the one that is due: made, or brought up to date when it exists."""
    shown = Shown()
    async with opened(settings) as club:
        club.require_sound()
        for group in _chosen(club, group_id):
            if not group.channels:
                raise StartError(f'group "{group.id}" is not started; /paper-admin start in its channel begins')
            posted_on = day or last_due(group, club.clock.now())
            shown += await _post(club, group, posted_on, is_day=day is not None)
        await settle_all(club.outboxes)
    return shown


async def ask(settings: Settings, group_id: str | None, command: str, args: Mapping[str, str]) -> Reply:
    """A member's command from the terminal, beside a running program. Only looks."""
    _require_database(settings)
    async with opened(settings, read_only=True) as club:
        group, *others = _chosen(club, group_id)
        if others:
            raise StartError(f"there are several groups; name one with --group: {', '.join(club.groups.by_id)}")
        request = Request(f"terminal:{uuid4()}", "terminal:operator", command, args, group=group.id)
        return await club.app.handle(request)


async def export(settings: Settings, group_id: str | None) -> dict[str, Any]:
    """All that the groups did, as JSON data, in an order that follows from it. Works beside a running program."""
    _require_database(settings)
    async with opened(settings, read_only=True, surfaces=()) as club:
        groups = club.all_groups if group_id is None else _chosen(club, group_id)
        return {
            "version": EXPORT_VERSION,
            "written_at": club.clock.now().isoformat(),
            "groups": [
                await club.store.read(lambda rows, id: rows.groups.export(id), id)
                for id in sorted(group.id for group in groups)
            ],
        }


async def with_demo_week(settings: Settings, now: datetime) -> Settings:
    """The default group meets on the weekday that is five days ahead at the first start, so that its nominations are
    open and its vote closes on the next day. It keeps that weekday: the database is made here, and knows it."""
    from adapters.stores.sqlite import open_store

    group, *others = with_default_group(settings.groups)
    weekday = (now.astimezone(group.zone) + DEMO_AHEAD).weekday()
    store = await open_store(settings.database)
    try:
        session = await store.write(lambda rows: rows.kept.keep("demo_session", f"{WEEKDAYS[weekday]} 17:00"))
    finally:
        await store.close()
    week = replace(group.week, session=session, place="the room with the good chairs")
    return replace(settings, groups=(replace(group, week=week), *others))


def _require_database(settings: Settings) -> None:
    if not _has_database(settings):
        raise StartError(
            f"there is no database {settings.database} yet; paperclub run makes it "
            "(the demo's is meant with PAPERCLUB_DATABASE=paperclub-demo.db)"
        )


def _has_database(settings: Settings) -> bool:
    """An empty file is none yet."""
    path = Path(settings.database)
    return path.exists() and (path.is_dir() or path.stat().st_size > 0)


def _chosen(club: Club, group_id: str | None) -> Sequence[GroupSettings]:
    """Raises StartError for a group that is not there."""
    if group_id is None:
        return club.groups.meeting()
    if group_id not in club.groups.by_id:
        raise StartError(f'there is no group "{group_id}"; there are {", ".join(club.groups.by_id)}')
    return (club.groups.by_id[group_id],)


async def next_post(settings: Settings, group_id: str | None, day: date | None, folder: Path) -> Shown:
    """The next post as members would see it, made on a copy of the database in `folder`."""
    from adapters.stores.sqlite import copy_database

    copy = folder / "preview.db"
    if _has_database(settings):
        await copy_database(Path(settings.database), copy)
    shown = Shown()
    async with opened(replace(settings, database=str(copy))) as club:
        for group in _chosen(club, group_id):
            shown += await _preview(club, group, day)
    return shown


async def _preview(club: Club, group: GroupSettings, day: date | None) -> Shown:
    """As things stand now: lists that are not closed yet can't be shown."""
    if day:
        return await _post(club, group, day, is_day=True)
    return await _post(club, group, await club.daily.next_post(group, club.groups.due(group, club.clock.now())))


async def _post(club: Club, group: GroupSettings, posted_on: date, *, is_day: bool = False) -> Shown:
    """A post is made, or brought up to date when it exists."""
    sources = club.collector.sources
    await club.collector.bring(for_day(sources, group, posted_on) if is_day else for_post(sources, group, posted_on))
    make = club.daily.post_day if is_day else club.daily.post_now
    if not await make(group, posted_on):
        find = club.daily.find if is_day else club.daily.posted_since
        posted_on = await find(group, posted_on) or posted_on
        await club.collector.bring(for_digest(group.id, posted_on, club.clock.now()))
        await club.daily.refresh_day(group, posted_on)
    return await _show(club, group, posted_on)


async def _show(club: Club, group: GroupSettings, posted_on: date) -> Shown:
    digest, entries = await club.store.read(
        lambda rows: (rows.days.digest(group.id, posted_on), rows.entries.entries(group.id, posted_on))
    )
    if digest is None:
        return Shown()
    cards = (views.digest_card(digest, group), *(views.paper_card(entry, group) for entry in entries[: digest.cards]))
    return Shown(cards, digest.missing)


async def check(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """One line per part: whether it is well, and what it is or what to set. Writes nothing."""
    from adapters.stores.sqlite import require_not_rescued

    groups = with_default_group(settings.groups)
    yield True, f"configuration: {plural(len(groups), 'group')}"
    database = Path(settings.database)
    if not _has_database(settings):
        try:
            require_not_rescued(database)
        except StartError as error:
            yield False, f"database {error}"
            return
        is_possible = database.parent.is_dir() and os.access(database.parent, os.W_OK)
        state = "will be made at the first start" if is_possible else f"no file can be made in {database.parent}"
        yield is_possible, f"database {database}: {state}"
        if not is_possible:
            return
    with tempfile.TemporaryDirectory() as folder:
        exists = _has_database(settings)
        looked_at = settings if exists else replace(settings, database=str(Path(folder) / "empty.db"))
        try:
            async with opened(looked_at, read_only=exists) as club:
                if exists:
                    yield True, f"database {database}: ok"
                async for line in _check_parts(club):
                    yield line
        except StartError as error:
            yield False, f"database {error}"


async def _check_parts(club: Club) -> AsyncIterator[tuple[bool, str]]:
    for group in club.all_groups:
        for line in _describe(club, group):
            yield True, line
        if group.channels:
            yield True, f"group {group.id}: {await _say_meets(club, group)}"
    for fault in (*club.groups.faults, *club.groups.ignored):
        yield False, fault
    adapters = {adapter.name: adapter for adapter in club.adapters}
    if hosts := club.settings.web.allowed_hosts:
        yield True, f"the page is open for reading as {', '.join(hosts)}; {BY_CODE}"
    for surface in sorted(club.groups.surfaces() | {*adapters}):
        yield await _check_surface(surface, adapters.get(surface))
    for source in club.sources:
        yield await _check_source(source, club.clock.now())


def _describe(club: Club, group: GroupSettings) -> Iterator[str]:
    due = f"next post {plain(spoken_time(next_due(group, club.clock.now()), group))}"
    yield f"group {group.id}: {due if group.channels else 'made from chat, not started; nothing is posted'}"
    for override in club.groups.overrides(group.id).values():
        yield f"group {group.id}: {_changed_from_chat(override, group)}"


async def _say_meets(club: Club, group: GroupSettings) -> str:
    """`meets next Thursday 26 November, 17:00 CET, every Thursday at 17:00 (Europe/Berlin)`"""
    now = club.clock.now()
    ahead = foreseen(group, await club.store.read(planned_since, group.id, now), now)
    if not ahead:
        return "no meeting is to come" if group.week.session else "meets at no set time (week.session)"
    return f"meets next {plain(spoken_start(ahead[0].starts, group, now))}, {say_meets(group)}"


def _changed_from_chat(override: Override, group: GroupSettings) -> str:
    """`timezone is Europe/Berlin, changed by Ann on Monday 23 November`"""
    on = spoken(local_date(override.at, group), group)
    return f"{override.name} is {override.value}, changed by {override.by} on {on}"


async def _check_surface(name: str, adapter: Adapter | None) -> tuple[bool, str]:
    if adapter is None:
        return False, f"surface {name}: not in this version; its channels stay silent"
    try:
        await adapter.check()
    except StartError as error:
        excuse = " (it is well if that is Paperclub itself, running)" if name == "web" else ""
        return False, f"surface {name}: {error}{excuse}"
    return True, f"surface {name}: ok"


async def _check_source(source: Source, now: datetime) -> tuple[bool, str]:
    day = newest_settled(source.settles, source.zone, now)
    try:
        batch = await source.fetch(day)
    except PortError as error:
        return False, f"source {source.name}: {error}"
    found = plural(len(batch.papers), "paper") if batch.papers else "answers, and lists nothing"
    return True, f"source {source.name}: {found} for {day}"
