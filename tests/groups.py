"""Groups in a store, as they would be after a start with this configuration."""

from collections.abc import Sequence

from bot.groups import configure, sync
from bot.model import GroupSettings
from bot.ports import Store


async def set_groups(store: Store, groups: Sequence[GroupSettings]) -> None:
    await store.write(configure, groups)
    await store.write(sync, groups)
