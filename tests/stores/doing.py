"""Whatever members do to an entry, by name: for tests of what holds for all of it."""

from collections.abc import Mapping
from typing import Any

from bot.actions.votes import cast_vote, retract_vote, toggle_pass, toggle_vote
from bot.model import Act
from bot.ports import Action, Store

ACTIONS: Mapping[str, Action[[int], Any]] = {
    "cast_vote": cast_vote,
    "retract_vote": retract_vote,
    "toggle_vote": toggle_vote,
    "toggle_pass": toggle_pass,
}


async def do(store: Store, name: str, act: Act, entry: int) -> Any:
    if name in ACTIONS:
        return await store.act(ACTIONS[name], act, entry)
    return await getattr(store, name)(act, entry)
