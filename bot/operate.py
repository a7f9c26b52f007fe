"""What the operator does by hand: post a day, look at the next post, check the parts. Prints nothing."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from bot import views
from bot.cards import Message, Reply
from bot.clock import SystemClock
from bot.compose import Club, opened
from bot.dates import last_due, next_due, spoken_time
from bot.day import Daily
from bot.errors import PortError, StartError
from bot.groups import with_default_group
from bot.model import GroupSettings, Request, Settings
from bot.outbox import settle_all
from bot.ports import Source


async def post_and_show(settings: Settings, group_id: str | None, day: date | None) -> list[Message]:
    """The post of an announcement day, or the one that is due: made, or brought up to date when it exists."""
    messages = []
    async with opened(settings) as club:
        for group in _chosen(club, group_id):
            posted_on = day or last_due(group, club.clock.now())
            made = await (club.daily.post_day(group, day) if day else club.daily.post(group, posted_on))
            if not made:
                await club.daily.refresh_day(group, posted_on)
            messages += await as_shown(club, group, posted_on)
        await settle_all(club.outboxes)
    return messages


async def ask(settings: Settings, group_id: str | None, command: str, args: Mapping[str, str]) -> Reply:
    """A member's command from the terminal, beside a running program."""
    async with opened(settings, read_only=_has_database(settings)) as club:
        group = _chosen(club, group_id)[0]
        request = Request(f"terminal:{uuid4()}", "terminal:operator", command, args, group=group.id)
        return await club.app.handle(request)


def _has_database(settings: Settings) -> bool:
    return Path(settings.database).exists()


def _chosen(club: Club, group_id: str | None) -> Sequence[GroupSettings]:
    """Raises StartError for a group that is not configured."""
    if group_id is None:
        return club.all_groups
    if group_id not in club.groups.by_id:
        raise StartError(f'there is no group "{group_id}"; there are {", ".join(club.groups.by_id)}')
    return (club.groups.by_id[group_id],)


async def next_post(settings: Settings, group_id: str | None, day: date | None, folder: Path) -> list[Message]:
    """The next post as members would see it, made on a copy of the database in `folder`."""
    from adapters.stores.sqlite import copy_database

    copy = folder / "preview.db"
    if _has_database(settings):
        await copy_database(Path(settings.database), copy)
    messages = []
    async with opened(replace(settings, database=str(copy))) as club:
        for group in _chosen(club, group_id):
            messages += await _preview(club, group, day)
    return messages


async def _preview(club: Club, group: GroupSettings, day: date | None) -> list[Message]:
    if day:
        await club.daily.post_day(group, day)
        return await as_shown(club, group, day)
    posted_on = last_due(group, club.clock.now())
    if not await club.daily.post(group, posted_on):
        later = _Frozen(next_due(group, club.clock.now()))
        posted_on = later.now().astimezone(group.zone).date()
        await Daily(club.store, later, club.sources, club.summaries).post(group, posted_on)
    return await as_shown(club, group, posted_on)


async def as_shown(club: Club, group: GroupSettings, posted_on: date) -> list[Message]:
    digest = await club.store.digest(group.id, posted_on)
    if digest is None:
        return []
    header = views.digest_card(digest, group)
    entries = await club.store.entries(group.id, posted_on)
    cards = [Message(views.headline(e), views.paper_card(e)) for e in entries[: group.day.cards]]
    return [Message(header.title, header), *cards]


class _Frozen(SystemClock):
    """The time at which the next post will be made."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


async def check(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """One line per part: whether it is well, and what it is or what to set. Writes nothing."""
    groups = with_default_group(settings.groups)
    yield True, f"configuration: {views.plural(len(groups), 'group')}"
    exists = _has_database(settings)
    with tempfile.TemporaryDirectory() as folder:
        looked_at = settings if exists else replace(settings, database=str(Path(folder) / "empty.db"))
        async with opened(looked_at, read_only=exists) as club:
            state = "ok" if exists else "will be made at the first start"
            yield True, f"database {settings.database}: {state}"
            for line in _check_groups(club):
                yield line
            for source in club.sources:
                yield await _check_source(source, club)


def _check_groups(club: Club) -> list[tuple[bool, str]]:
    known = {adapter.name for adapter in club.adapters}
    lines = [
        (True, f"group {group.id}: next post {spoken_time(next_due(group, club.clock.now()), group)}")
        for group in club.all_groups
    ]
    for surface in sorted(club.groups.surfaces()):
        state = "ok" if surface in known else "not in this version; its channels stay silent"
        lines.append((surface in known, f"surface {surface}: {state}"))
    if any(group.week for group in club.all_groups):
        lines.append((True, "week: read, but this version does not run it yet"))
    return lines


async def _check_source(source: Source, club: Club) -> tuple[bool, str]:
    day = last_due(club.all_groups[0], club.clock.now())
    try:
        batch = await source.fetch(day)
    except PortError as error:
        return False, f"source {source.name}: {error}"
    return True, f"source {source.name}: {views.plural(len(batch.papers), 'paper')} on {day}"
