"""Whatever members do to an entry, by name: for tests of what holds for all of it."""

from collections.abc import Mapping
from typing import Any

from bot.actions.claims import claim_paper, release_claim, revoke_claim
from bot.actions.votes import cast_vote, pass_on, retract_pass, retract_vote, toggle_vote
from bot.model import Act
from bot.ports import Action, Store

ACTIONS: Mapping[str, Action[..., Any]] = {
    "cast_vote": cast_vote,
    "retract_vote": retract_vote,
    "toggle_vote": toggle_vote,
    "pass_on": pass_on,
    "retract_pass": retract_pass,
    "claim": claim_paper,
    "release_claim": release_claim,
    "revoke_claim": revoke_claim,
}


async def do(store: Store, name: str, act: Act, entry: int) -> Any:
    return await store.act(ACTIONS[name], act, entry)
