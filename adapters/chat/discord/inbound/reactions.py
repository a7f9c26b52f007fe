"""The voting emoji on cards: who has it, our own invitation to press it, taking one away. Counts no votes."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
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
from bot.cards import Message
from bot.model import OpenCard
from bot.ports import Core

Json = dict[str, Any]

log = logging.getLogger(__name__)

MESSAGES = "/channels/{channel_id}/messages"
REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}"
NUMBERS = {**{number: f"{number}\ufe0f\u20e3" for number in range(1, 10)}, 10: "\U0001f51f"}  # there are no others
KINDS = (0, 1)  # ordinary ones, super reactions
PAGE = 100
READ_AGAIN, READ_RARELY = 1.0, 3600.0  # seconds before reactions that could not be read are read again, doubled
LAST_LOOK = 900.0  # seconds before the close of a vote at which reactions are read once more
MOST_INVITATIONS = 500  # that wait; older ones are forgotten


def emoji_numbers(message: Message) -> list[int]:
    """Those whose emoji stand under a message, in their order; 0 for the one that means what it is about."""
    if message.parts:
        return [part.number for part in message.parts if part.takes_emoji and part.number in NUMBERS]
    return [0] if message.card.kind == "paper" and message.card.takes_emoji else []


class Reactions:
    """For as long as one connection lasts. An emoji goes by its number: 0 is the voting emoji."""

    def __init__(self, rest: Rest, emoji: str) -> None:
        self._rest = rest
        self._emoji = {0: emoji, **NUMBERS}
        self._to_invite: deque[tuple[Ref, int]] = deque(maxlen=MOST_INVITATIONS)
        self._added = asyncio.Event()
        self._still: set[Ref] = set()  # nobody has reacted there since we began to read
        self._forbidden: set[int] = set()  # channels; asking again and again gets a bot banned

    def number_of(self, emoji: discord.PartialEmoji) -> int | None:
        """None: it means nothing here."""
        if emoji.id is not None:  # one of a server's own, which may be renamed
            return 0 if self._emoji[0].rpartition(":")[2] == str(emoji.id) else None
        known = {_bare(ours): number for number, ours in self._emoji.items()}
        return known.get(_bare(emoji.name))

    # --- our own, which never counts

    def invite(self, ref: Ref, *numbers: int) -> None:
        self._to_invite.extend((ref, number) for number in numbers)
        self._added.set()

    def invite_missing(self, ref: Ref, numbers: Sequence[int], shown: Json) -> None:
        """To a message as it was just shown."""
        names = (reaction["emoji"].get("name") for reaction in shown.get("reactions") or () if reaction["me"])
        ours = {_bare(name or "") for name in names}
        self.invite(ref, *(number for number in numbers if _bare(self._emoji[number]) not in ours))

    async def run(self) -> None:
        """Puts our own emoji under cards, so that one press is enough, whenever there is nothing else to do."""
        while True:
            await self._added.wait()
            self._added.clear()
            while self._to_invite:
                await self._put(*self._to_invite.popleft())

    async def _put(self, ref: Ref, number: int) -> None:
        if ref.channel in self._forbidden:
            return
        try:
            await self._rest.call_when_idle("PUT", REACTION + "/@me", **self._names(ref, number))
        except FAILURES as error:
            if code_of(error) in (NO_PERMISSION, NO_ACCESS, UNKNOWN_EMOJI):
                self._forbidden.add(ref.channel)
            log.info("no invitation to vote on %s: %s", ref, error)

    def _names(self, ref: Ref, number: int) -> Mapping[str, Any]:
        return {"channel_id": ref.channel, "message_id": ref.message, "emoji": self._emoji[number]}

    # --- those of members

    async def reconcile(self, core: Core, cards: Sequence[OpenCard]) -> Sequence[OpenCard]:
        """Looks at how many reacted, a hundred messages at a time, and reads who, where that is not as we know it.
        Returns the cards that look as we know them: who left may be hidden by who came."""
        alike, to_read = list[OpenCard](), list[OpenCard]()
        for channel, there in _by_channel(cards).items():
            try:
                shown = await self._shown(channel, [ref for ref, _ in there])
            except FAILURES as error:
                log.info("reactions in %d can't be counted: %s", channel, error)
                if not explain(error, there[0][1].place).hopeless:
                    to_read += [card for _, card in there]
                continue
            for ref, card in there:
                message = shown.get(ref.message)
                changed = self._changed(card, message) if message else card.numbers
                (to_read if changed else alike).append(replace(card, numbers=changed or card.numbers))
                if message and card.takes_emoji:
                    self.invite_missing(ref, card.numbers, message)
        await self.read(core, to_read)
        return alike

    async def _shown(self, channel: int, refs: Sequence[Ref]) -> Mapping[int, Json]:
        """As they stand there, by id, as far as they do; and others beside them."""
        wanted, found = sorted((ref.message for ref in refs), reverse=True), dict[int, Json]()
        while wanted:
            query = f"?limit={PAGE}&before={wanted[0] + 1}"
            page = await self._rest.call_when_idle("GET", MESSAGES + query, channel_id=channel)
            found |= {int(message["id"]): message for message in page}
            wanted = [message for message in wanted if page and message < int(page[-1]["id"])]
        return found

    def _changed(self, card: OpenCard, message: Json) -> tuple[int, ...]:
        """The numbers whose emoji another number of members has than we know. Those of other bots count here."""
        counts = dict.fromkeys((number for number in card.numbers if number in self._emoji), 0)
        for reaction in message.get("reactions") or ():
            number = self.number_of(discord.PartialEmoji.from_dict(reaction["emoji"]))
            if number in counts:
                counts[number] += reaction["count"] - bool(reaction["me"])
        known = dict(card.known)
        return tuple(number for number, count in counts.items() if count != known.get(number, 0))

    async def before_close(self, core: Core, cards: Sequence[OpenCard]) -> None:
        """Reads who reacted once more, shortly before the votes are counted."""
        began = asyncio.get_running_loop().time()
        for wait, card in sorted(
            ((card.closes_in, card) for card in cards if card.closes_in is not None), key=lambda one: one[0]
        ):
            passed = asyncio.get_running_loop().time() - began
            await asyncio.sleep(max(wait - LAST_LOOK - passed, 0))
            await self.read(core, [card])

    async def read(self, core: Core, cards: Sequence[OpenCard]) -> None:
        """Until all were read: those that can't be now are tried again, ever more rarely."""
        wait = READ_AGAIN
        while cards := [card for card in cards if not await self._is_reconciled(core, card)]:
            await asyncio.sleep(wait)
            wait = min(wait * 2, READ_RARELY)

    async def _is_reconciled(self, core: Core, card: OpenCard) -> bool:
        """Also when it can't ever be."""
        ref = read_ref(card.ref)
        numbers = [number for number in card.numbers if number in self._emoji] if ref else []
        return all([await self._is_read(core, card, ref, number) for number in numbers if ref])

    async def _is_read(self, core: Core, card: OpenCard, ref: Ref, number: int) -> bool:
        self._still.add(ref)
        try:
            users = [user for kind in KINDS async for user in self._read(ref, number, kind)]
        except FAILURES as error:
            log.info("reactions of %s can't be read: %s", card.ref, error)
            return explain(error, card.place).hopeless
        if ref in self._still:
            reacting = {account_of(user["id"]): _name(user) for user in users if not user.get("bot")}
            await core.reconcile(card, reacting, number)
        if card.takes_emoji and not any(user["id"] == str(self._rest.me) for user in users):
            self.invite(ref, number)
        is_unchanged = ref in self._still
        self._still.discard(ref)
        return is_unchanged

    def changed(self, ref: Ref) -> None:
        """Somebody reacts: what is being read there just now is out of date."""
        self._still.discard(ref)

    async def _read(self, ref: Ref, number: int, kind: int) -> AsyncIterator[Json]:
        """Users."""
        after = "0"
        while True:
            query = f"?type={kind}&limit={PAGE}&after={after}"
            page = await self._rest.call_when_idle("GET", REACTION + query, **self._names(ref, number))
            for user in page:
                yield user
            if len(page) < PAGE:
                return
            after = page[-1]["id"]

    async def take_away(self, ref: Ref, number: int, user: int) -> None:
        """Does nothing where we may not, or when it is gone already."""
        try:
            await self._rest.call("DELETE", REACTION + "/{user_id}", user_id=user, **self._names(ref, number))
        except discord.HTTPException as error:
            if error.code not in (NO_PERMISSION, NO_ACCESS, UNKNOWN_EMOJI, UNKNOWN_MESSAGE):
                raise
            log.info("the reaction on %s stays: %s", ref, error)


def _by_channel(cards: Sequence[OpenCard]) -> Mapping[int, list[tuple[Ref, OpenCard]]]:
    """Those that are messages."""
    found: dict[int, list[tuple[Ref, OpenCard]]] = {}
    for card in cards:
        if ref := read_ref(card.ref):
            found.setdefault(ref.channel, []).append((ref, card))
    return found


def _name(user: Json) -> str:
    return user.get("global_name") or str(user["username"])


def _bare(emoji: str) -> str:
    """Without the mark that asks for a coloured one, which people leave out and Discord does not."""
    return emoji.replace("\ufe0f", "")
