"""Groups in a store, as they would be after a start with this configuration, and their members."""

from collections.abc import Sequence
from datetime import datetime

from bot.actions import people
from bot.groups import configure, sync
from bot.model import GroupSettings, Member
from bot.ports import Store


async def set_groups(store: Store, groups: Sequence[GroupSettings]) -> None:
    await store.write(configure, groups)
    await store.write(sync, groups)


async def enrol(store: Store, group: str, account: str, name: str, at: datetime, request: str = "") -> Member:
    return await store.write(people.enrol, group, account, name, at, request)
