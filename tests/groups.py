"""Groups in a store, as they would be after a start with this configuration, and their members."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.actions import people
from bot.actions.links import agree_to_link, ask_link, offer_link
from bot.actions.settings import configure
from bot.model import Act, GroupSettings, Member
from bot.ports import Store

STARTED = datetime(2026, 11, 1, tzinfo=UTC)


async def set_groups(
    store: Store, groups: Sequence[GroupSettings], sources: Collection[str] = (), at: datetime = STARTED
) -> None:
    await store.write(configure, groups, sources, at)


async def enrol(store: Store, group: str, account: str, name: str, at: datetime, request: str = "") -> Member:
    return await store.write(people.enrol, group, account, name, at, request)


async def link_members(store: Store, goes: Act, stays: Act) -> int:
    """As both say. The link's number."""
    at = max(goes.at, stays.at)
    goes, stays = replace(goes, request="", at=at), replace(stays, request="", at=at)
    await store.act(offer_link, stays, "the hash of a code")
    asked = await store.act(ask_link, goes, "the hash of a code")
    assert asked
    await store.act(agree_to_link, goes, asked.id)
    made = await store.act(agree_to_link, stays, asked.id)
    assert made
    assert made.made_at == stays.at
    return asked.id
