"""The voting emoji on our cards, as votes. Knows no platform and no emoji."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.errors import UserError
from bot.model import Act, GroupSettings, Member, OpenCard, Reaction, Wanted
from bot.ports import Clock, Store

log = logging.getLogger(__name__)

OPEN_FOR = timedelta(days=14)


class Reactions:
    def __init__(self, groups: Mapping[str, GroupSettings], store: Store, clock: Clock) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock

    async def take(self, surface: str, reaction: Reaction) -> bool:
        """False for a message that we don't know. Does nothing where it is no card of a group that we have, or nobody
        can be enrolled."""
        card = await self._store.find_shown(surface, reaction.ref)
        if card and card.kind == "paper" and card.group in self._groups:
            await self._mirror(card, reaction)
        return card is not None

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        return await self._store.open_cards(surface, self._clock.now() - OPEN_FOR)

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str]) -> None:
        surface = card.place.partition(":")[0]
        known = await self._store.reacting(card.message)
        for account in [*reacting.keys() - known.keys(), *known.keys() - reacting.keys()]:
            name = reacting.get(account, "")
            await self.take(surface, Reaction(account, card.ref, account in reacting, name))

    async def _mirror(self, card: Wanted, reaction: Reaction) -> None:
        if member := await self._member(card.group, reaction):
            via = f"{card.place.partition(':')[0]}/reaction"
            act = Act("", card.group, member.id, via, self._clock.now())
            await self._store.set_reaction(act, card.id, reaction.account, on=reaction.on)

    async def _member(self, group: str, reaction: Reaction) -> Member | None:
        member = await self._store.member(group, reaction.account)
        if not reaction.on or not reaction.display_name or (member and member.name == reaction.display_name):
            return member
        try:
            return await self._store.enrol(group, reaction.account, reaction.display_name, self._clock.now())
        except UserError as error:
            log.warning("the name of %s: %s", reaction.account, error)
            return member
