"""The voting emoji on cards: who has it, our own invitation to press it, taking one away. Counts no votes."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.chat.discord.places import Ref, account_of, read_ref
from adapters.chat.discord.refusals import FAILURES, NO_ACCESS, NO_PERMISSION, UNKNOWN_EMOJI, UNKNOWN_MESSAGE, code_of
from adapters.chat.discord.rest import Rest
from bot.model import OpenCard
from bot.ports import Core

log = logging.getLogger(__name__)

REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}"
PAGE = 100
MOST_INVITATIONS = 500  # that wait; older ones are forgotten


class Reactions:
    """For as long as one connection lasts."""

    def __init__(self, rest: Rest, emoji: str) -> None:
        self._rest = rest
        self._emoji = emoji
        self._to_invite: deque[Ref] = deque(maxlen=MOST_INVITATIONS)
        self._added = asyncio.Event()
        self._forbidden: set[int] = set()  # channels; asking again and again gets a bot banned

    def is_ours(self, emoji: discord.PartialEmoji) -> bool:
        name = emoji.name if emoji.id is None else f"{emoji.name}:{emoji.id}"
        return _bare(name) == _bare(self._emoji)

    # --- our own, which never counts

    def invite(self, ref: Ref) -> None:
        self._to_invite.append(ref)
        self._added.set()

    async def run(self) -> None:
        """Puts our own emoji under cards, so that one press is enough, whenever there is nothing else to do."""
        while True:
            await self._added.wait()
            self._added.clear()
            while self._to_invite:
                await self._put(self._to_invite.popleft())

    async def _put(self, ref: Ref) -> None:
        if ref.channel in self._forbidden:
            return
        try:
            await self._rest.call_when_idle("PUT", REACTION + "/@me", **self._names(ref))
        except FAILURES as error:
            if code_of(error) in (NO_PERMISSION, NO_ACCESS, UNKNOWN_EMOJI):
                self._forbidden.add(ref.channel)
            log.info("no invitation to vote on %s: %s", ref, error)

    def _names(self, ref: Ref) -> Mapping[str, Any]:
        return {"channel_id": ref.channel, "message_id": ref.message, "emoji": self._emoji}

    # --- those of members

    async def reconcile(self, core: Core, cards: Sequence[OpenCard]) -> None:
        for card in cards:
            ref = read_ref(card.ref)
            if ref is None:
                continue
            try:
                reacting, invited = await self._read(ref)
            except FAILURES as error:
                log.info("reactions of %s can't be read: %s", card.ref, error)
                continue
            await core.reconcile(card, reacting)
            if not invited:
                self.invite(ref)

    async def _read(self, ref: Ref) -> tuple[dict[str, str], bool]:
        """Accounts with their names, and whether our own invitation stands."""
        reacting: dict[str, str] = {}
        invited, after = False, "0"
        while True:
            query = f"?limit={PAGE}&after={after}"
            page = await self._rest.call_when_idle("GET", REACTION + query, **self._names(ref))
            for user in page:
                invited = invited or user["id"] == str(self._rest.me)
                if not user.get("bot"):
                    reacting[account_of(user["id"])] = user.get("global_name") or user["username"]
            if len(page) < PAGE:
                return reacting, invited
            after = page[-1]["id"]

    async def take_away(self, ref: Ref, user: int) -> None:
        """Does nothing where we may not, or when it is gone already."""
        try:
            await self._rest.call("DELETE", REACTION + "/{user_id}", user_id=user, **self._names(ref))
        except discord.HTTPException as error:
            if error.code not in (NO_PERMISSION, NO_ACCESS, UNKNOWN_EMOJI, UNKNOWN_MESSAGE):
                raise
            log.info("the reaction on %s stays: %s", ref, error)


def _bare(emoji: str) -> str:
    """Without the mark that asks for a coloured one, which people leave out and Discord does not."""
    return emoji.replace("\ufe0f", "")
