"""Groups in a store, as they would be after a start with this configuration, and their members."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from bot.actions import people
from bot.actions.settings import configure
from bot.model import GroupSettings, Member
from bot.ports import Store

STARTED = datetime(2026, 11, 1, tzinfo=UTC)


async def set_groups(
    store: Store, groups: Sequence[GroupSettings], sources: Collection[str] = (), at: datetime = STARTED
) -> None:
    await store.write(configure, groups, sources, at)


async def enrol(store: Store, group: str, account: str, name: str, at: datetime, request: str = "") -> Member:
    return await store.write(people.enrol, group, account, name, at, request)
