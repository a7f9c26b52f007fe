"""The voting emoji on cards: who has it, our own invitation to press it, taking one away. Counts no votes."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import discord

from adapters.chat.discord.places import Ref, account_of, read_ref
from adapters.chat.discord.refusals import (
    FAILURES,
    NO_ACCESS,
    NO_PERMISSION,
    UNKNOWN_EMOJI,
    UNKNOWN_MESSAGE,
    code_of,
    explain,
)
from adapters.chat.discord.rest import Rest
from bot.model import OpenCard
from bot.ports import Core

Json = dict[str, Any]

log = logging.getLogger(__name__)

REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}"
KINDS = (0, 1)  # ordinary ones, super reactions
PAGE = 100
READ_AGAIN, READ_RARELY = 1.0, 3600.0  # seconds before reactions that could not be read are read again, doubled
MOST_INVITATIONS = 500  # that wait; older ones are forgotten


class Reactions:
    """For as long as one connection lasts."""

    def __init__(self, rest: Rest, emoji: str) -> None:
        self._rest = rest
        self._emoji = emoji
        self._to_invite: deque[Ref] = deque(maxlen=MOST_INVITATIONS)
        self._added = asyncio.Event()
        self._still: set[Ref] = set()  # nobody has reacted there since we began to read
        self._forbidden: set[int] = set()  # channels; asking again and again gets a bot banned

    def is_ours(self, emoji: discord.PartialEmoji) -> bool:
        if emoji.id is not None:  # one of a server's own, which may be renamed
            return self._emoji.rpartition(":")[2] == str(emoji.id)
        return _bare(emoji.name) == _bare(self._emoji)

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
        """Until all were read: those that can't be now are tried again, ever more rarely."""
        wait = READ_AGAIN
        while cards := [card for card in cards if not await self._is_reconciled(core, card)]:
            await asyncio.sleep(wait)
            wait = min(wait * 2, READ_RARELY)

    async def _is_reconciled(self, core: Core, card: OpenCard) -> bool:
        """Also when it can't ever be."""
        ref = read_ref(card.ref)
        if ref is None:
            return True
        self._still.add(ref)
        try:
            users = [user for kind in KINDS async for user in self._read(ref, kind)]
        except FAILURES as error:
            log.info("reactions of %s can't be read: %s", card.ref, error)
            return explain(error, card.place).hopeless
        if ref in self._still:
            await core.reconcile(card, {account_of(user["id"]): _name(user) for user in users if not user.get("bot")})
        if card.takes_emoji and not any(user["id"] == str(self._rest.me) for user in users):
            self.invite(ref)
        is_unchanged = ref in self._still
        self._still.discard(ref)
        return is_unchanged

    def changed(self, ref: Ref) -> None:
        """Somebody reacts: what is being read there just now is out of date."""
        self._still.discard(ref)

    async def _read(self, ref: Ref, kind: int) -> AsyncIterator[Json]:
        """Users."""
        after = "0"
        while True:
            query = f"?type={kind}&limit={PAGE}&after={after}"
            page = await self._rest.call_when_idle("GET", REACTION + query, **self._names(ref))
            for user in page:
                yield user
            if len(page) < PAGE:
                return
            after = page[-1]["id"]

    async def take_away(self, ref: Ref, user: int) -> None:
        """Does nothing where we may not, or when it is gone already."""
        try:
            await self._rest.call("DELETE", REACTION + "/{user_id}", user_id=user, **self._names(ref))
        except discord.HTTPException as error:
            if error.code not in (NO_PERMISSION, NO_ACCESS, UNKNOWN_EMOJI, UNKNOWN_MESSAGE):
                raise
            log.info("the reaction on %s stays: %s", ref, error)


def _name(user: Json) -> str:
    return user.get("global_name") or str(user["username"])


def _bare(emoji: str) -> str:
    """Without the mark that asks for a coloured one, which people leave out and Discord does not."""
    return emoji.replace("\ufe0f", "")
