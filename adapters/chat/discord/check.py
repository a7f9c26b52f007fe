"""Looks whether each channel of the configuration is there and takes what we post. Changes nothing.

What may be refused is no fault: it is told in the log, with what Paperclub does not do there.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import discord

from adapters.chat.discord.manifest import CONNECT, MANAGE_THREADS, PERMISSIONS, Permission
from adapters.chat.discord.places import Spot, read_place
from adapters.chat.discord.refusals import TAGS_ADVICE, UNKNOWN_CHANNEL, UNKNOWN_GUILD
from bot.model import GroupSettings

log = logging.getLogger(__name__)

SEND, EMBED = "Send Messages", "Embed Links"
CHATS = (discord.VoiceChannel, discord.StageChannel)  # have a chat, and no threads
TAKING = (discord.TextChannel, discord.ForumChannel, *CHATS)


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


async def fault_where_seen(client: discord.Client, spot: Spot) -> str:
    """The same, "" for a channel that we can't see."""
    found = await _look(client, spot)
    return found.missing if isinstance(found, Seen) else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A channel that we see. `lacking`: what we may not do there."""

    name: str
    lacking: Sequence[Permission]

    @property
    def missing(self) -> str:
        """What to give, "" when nothing has to be."""
        names = [permission.name for permission in self.lacking if permission.needed]
        if SEND in names and EMBED in names:
            names.remove(EMBED)  # nobody has it there who may not send; whether it was refused shows then
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
    home = await guild.fetch_channel(channel.parent_id) if isinstance(channel, discord.Thread) else channel
    if not isinstance(home, TAKING):
        return f"#{home.name} takes no messages; name a text channel or a forum"
    held = home.permissions_for(me).value
    asked = (*PERMISSIONS, CONNECT) if isinstance(home, CHATS) else PERMISSIONS
    lacking = [one for one in asked if not held >> one.bit & 1 and not (isinstance(home, CHATS) and one.threads)]
    seen = Seen(f"#{channel.name} on {guild.name}", lacking)
    return seen if seen.missing else _tagless(home, held) or seen


def _tagless(channel: discord.abc.GuildChannel, held: int) -> str:
    """Of a forum that wants a tag on each post, and has none for us."""
    if not isinstance(channel, discord.ForumChannel) or not channel.flags.require_tag or held >> MANAGE_THREADS & 1:
        return ""
    if any(not tag.moderated for tag in channel.available_tags):
        return ""
    return f"#{channel.name} wants a tag on each post, and has none that Paperclub may use: {TAGS_ADVICE}"


def _unseen(error: discord.HTTPException, spot: Spot) -> str:
    if error.code == UNKNOWN_GUILD:
        return f"Paperclub is not on the server {spot.guild}; invite it (paperclub manifest discord prints the link)"
    if error.code == UNKNOWN_CHANNEL:
        return f"there is no channel {spot.home} on the server {spot.guild}"
    return f"Paperclub can't see the channel {spot.home} (server {spot.guild}): give it View Channel there"
