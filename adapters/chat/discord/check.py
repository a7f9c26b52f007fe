"""Looks whether each channel of the configuration is there and takes what we post. Changes nothing.

What may be refused is no fault: it is told in the log, with what Paperclub does not do there.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import discord

from adapters.chat.discord.manifest import PERMISSIONS, Permission
from adapters.chat.discord.places import Spot, read_place
from adapters.chat.discord.refusals import UNKNOWN_CHANNEL, UNKNOWN_GUILD
from bot.model import GroupSettings

log = logging.getLogger(__name__)


async def faults(client: discord.Client, groups: Sequence[GroupSettings]) -> AsyncIterator[str]:
    """A sentence for each channel that is not as it should be. Raises what a request raises."""
    places = [place for group in groups for place in group.channels if place.startswith("discord:")]
    for place in dict.fromkeys(places):
        spot = read_place(place)
        found = await _look(client, spot) if spot else f'"{place}" must be "discord:<server>/<channel>"'
        if isinstance(found, str):
            yield found
            continue
        for lacking in found.lacking:
            if not lacking.needed:
                log.warning("%s: without %s Paperclub has no way %s", found.name, lacking.name, lacking.reason)
        if missing := found.missing:
            yield missing


async def fault(client: discord.Client, spot: Spot) -> str:
    """What keeps our posts out of a channel, "" when nothing does. Raises what a request raises."""
    found = await _look(client, spot)
    return found if isinstance(found, str) else found.missing


@dataclass(frozen=True, slots=True)
class Seen:
    """A channel that we see. `lacking`: what we may not do there."""

    name: str
    lacking: Sequence[Permission]

    @property
    def missing(self) -> str:
        """What to give, "" when nothing has to be."""
        names = [permission.name for permission in self.lacking if permission.needed]
        return f"{self.name}: give Paperclub {', '.join(names)} there" if names else ""


async def _look(client: discord.Client, spot: Spot) -> Seen | str:
    """What is wrong, for a channel that we can't see or that takes no messages."""
    try:
        guild = await client.fetch_guild(spot.guild)
        channel = await guild.fetch_channel(spot.home)
        me = await guild.fetch_member(client.user.id if client.user else 0)
    except discord.HTTPException as error:
        if error.status >= 500 or error.status in (401, 429):
            raise
        return _unseen(error, spot)
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel | discord.Thread):
        return f"#{channel.name} takes no messages; name a text channel or a forum"
    held = channel.permissions_for(me).value
    lacking = [permission for permission in PERMISSIONS if not held >> permission.bit & 1]
    return Seen(f"#{channel.name} on {guild.name}", lacking)


def _unseen(error: discord.HTTPException, spot: Spot) -> str:
    if error.code == UNKNOWN_GUILD:
        return f"Paperclub is not on the server {spot.guild}; invite it (paperclub manifest discord prints the link)"
    if error.code == UNKNOWN_CHANNEL:
        return f"there is no channel {spot.home} on the server {spot.guild}"
    return f"Paperclub can't see the channel {spot.home} (server {spot.guild}): give it View Channel there"
