"""Pins a message while it is wanted so. A channel that takes no pin keeps the message; nobody waits for it.

Discord leaves its own line "pinned a message" in the channel, and takes 250 pins there. What an admin unpins by hand
stays unpinned, until the program is started again.
"""

import logging

import discord

from adapters.chat.discord.places import Ref
from adapters.chat.discord.refusals import (
    ARCHIVED,
    NO_ACCESS,
    NO_PERMISSION,
    SYSTEM_MESSAGE,
    TOO_MANY_PINS,
    UNKNOWN_MESSAGE,
)
from adapters.chat.discord.rest import Rest

log = logging.getLogger(__name__)

PIN = "/channels/{channel_id}/messages/pins/{message_id}"
REASONS = {
    NO_PERMISSION: "Paperclub has no permission Pin Messages there",
    NO_ACCESS: "Paperclub does not see it",
    TOO_MANY_PINS: "250 messages are pinned there; unpin some",
    ARCHIVED: "it is closed",
    SYSTEM_MESSAGE: "Discord pins no such message",
    UNKNOWN_MESSAGE: "the message is gone",
}


class Pins:
    """What a request raises for another reason than these, it raises: the message is then delivered again."""

    def __init__(self) -> None:
        self._told: set[tuple[int, int]] = set()  # channel and reason
        self._seen: set[Ref] = set()  # pinned, or as good as

    async def pin(self, rest: Rest, ref: Ref) -> None:
        """Does nothing when it is pinned already. A forum's post is a thread of its own, where this means nothing."""
        if not ref.starts_post:
            await self._ask(rest, "PUT", ref)
        self._seen.add(ref)

    async def edited(self, rest: Rest, ref: Ref, *, wanted: bool, stands: bool) -> None:
        """A message of ours whose kind may be pinned. `stands`: it is pinned now."""
        if wanted and not stands and ref not in self._seen:
            await self.pin(rest, ref)
        elif stands and not wanted:
            self._seen.discard(ref)
            await self._ask(rest, "DELETE", ref)
        elif stands:
            self._seen.add(ref)

    async def _ask(self, rest: Rest, method: str, ref: Ref) -> None:
        try:
            await rest.call(method, PIN, channel_id=ref.channel, message_id=ref.message)
        except discord.HTTPException as error:
            if error.code not in REASONS:
                raise
            self._tell(ref, error.code)

    def _tell(self, ref: Ref, code: int) -> None:
        if (ref.channel, code) not in self._told:
            self._told.add((ref.channel, code))
            log.warning("pins of channel %d stay as they are: %s", ref.channel, REASONS[code])
