"""Looks whether each channel of the configuration is there and takes what we post. Changes nothing."""

from collections.abc import AsyncIterator, Sequence

import discord

from adapters.chat.discord.manifest import PERMISSIONS
from adapters.chat.discord.places import Spot, read_place
from adapters.chat.discord.refusals import UNKNOWN_CHANNEL, UNKNOWN_GUILD
from bot.model import GroupSettings

NEEDED = {permission.bit: permission.name for permission in PERMISSIONS if permission.needed}


async def faults(client: discord.Client, groups: Sequence[GroupSettings]) -> AsyncIterator[str]:
    """A sentence for each channel that is not as it should be. Raises what a request raises."""
    places = [place for group in groups for place in group.channels if place.startswith("discord:")]
    for place in dict.fromkeys(places):
        spot = read_place(place)
        found = await fault(client, spot) if spot else f'"{place}" must be "discord:<server>/<channel>"'
        if found:
            yield found


async def fault(client: discord.Client, spot: Spot) -> str:
    """What keeps our posts out of a channel, "" when nothing does. Raises what a request raises."""
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
    missing = [name for bit, name in NEEDED.items() if not held >> bit & 1]
    return f"#{channel.name} on {guild.name}: give Paperclub {', '.join(missing)} there" if missing else ""


def _unseen(error: discord.HTTPException, spot: Spot) -> str:
    if error.code == UNKNOWN_GUILD:
        return f"Paperclub is not on the server {spot.guild}; invite it (paperclub manifest discord prints the link)"
    if error.code == UNKNOWN_CHANNEL:
        return f"there is no channel {spot.home} on the server {spot.guild}"
    return f"Paperclub can't see the channel {spot.home} (server {spot.guild}): give it View Channel there"
