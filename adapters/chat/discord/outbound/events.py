"""Sessions as scheduled events of a server: made, changed, called off. Who comes is heard in inbound/attendance.py.

An event belongs to the server and not to a channel: what several channels of a server want alike stands there once.
It is in the voice channel that is its place, or "somewhere else" in Discord's words (a room, a link, a stage, the
channel), where it begins and ends by itself and nobody has to start it. What is called off, or would begin in the past,
has no event: then its name (ref) is "event:0".
"""

import logging
from datetime import datetime, timedelta
from typing import Any

import discord

from adapters.chat.discord.outbound import render
from adapters.chat.discord.outbound.delivery import oldest
from adapters.chat.discord.outbound.escape import one_line, paragraphs, plain, units
from adapters.chat.discord.places import CHANNEL, Spot, address, event_ref, read_event
from adapters.chat.discord.refusals import (
    FINISHED_EVENT,
    INVALID_FORM,
    NO_PERMISSION,
    TOO_MANY_EVENTS,
    UNKNOWN_EVENT,
)
from adapters.chat.discord.rest import Rest
from bot.cards import Card, Event, Message
from bot.errors import DeliveryError
from bot.moments import plain as spoken
from bot.ports import Delivery

log = logging.getLogger(__name__)

Json = dict[str, Any]

EVENTS = "/guilds/{guild_id}/scheduled-events"
EVENT = EVENTS + "/{event_id}"
MOST_NAME, MOST_DESCRIPTION, MOST_LOCATION = 100, 1000, 100
VOICE, SOMEWHERE_ELSE, MEMBERS_ONLY = 2, 3, 2
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
NO_EVENT = event_ref(0)
HERE = "In this channel"  # where we don't know its name
SHORTEST = timedelta(minutes=1)
TIMES = ("scheduled_start_time", "scheduled_end_time")
REFUSED = {
    NO_PERMISSION: "Paperclub may not make events on this server: give its role Create Events",
    TOO_MANY_EVENTS: "this server has a hundred events already, which is as many as Discord takes",
}


class Events:
    """What it raises is in refusals.FAILURES, or a DeliveryError."""

    def __init__(self) -> None:
        self._told: set[int] = set()  # servers that take no events; their moderators heard of it

    async def post(self, rest: Rest, delivery: Delivery, spot: Spot, message: Message) -> str:
        event = _event_of(message)
        if event.is_cancelled:
            return NO_EVENT
        wanted = body(message.card, event, spot, _name_of(rest, spot), voice_channel(rest, spot, event.place))
        if (standing := await self._standing(rest, delivery, spot, wanted)) is None:
            return await self._make(rest, spot, wanted)
        await self._change(rest, spot, standing, wanted)
        return event_ref(int(standing["id"]))

    async def edit(self, rest: Rest, delivery: Delivery, spot: Spot, message: Message) -> None:
        """One that is over or called off can't be changed: where the session takes place after all, a new one is made,
        as for one that an admin deleted."""
        event = _event_of(message)
        standing = await self._find(rest, spot, read_event(delivery.ref) or 0)
        if event.is_cancelled:
            await self._end(rest, spot, standing)
            return
        wanted = body(message.card, event, spot, _name_of(rest, spot), voice_channel(rest, spot, event.place))
        if standing is None or (standing["status"] != SCHEDULED and _starts(standing) != _starts(wanted)):
            await self._end(rest, spot, standing)
            raise DeliveryError("its event is not there any more", gone=True)
        if standing["status"] == CANCELED:
            raise DeliveryError("its event was called off", gone=True)
        await self._change(rest, spot, standing, wanted)

    async def _make(self, rest: Rest, spot: Spot, wanted: Json) -> str:
        try:
            made = await rest.call("POST", EVENTS, wanted, guild_id=spot.guild)
        except discord.HTTPException as error:
            if _is_past(error):
                log.info("no event is made for what has begun: %s", wanted["name"])
                return NO_EVENT
            return self._go_without(spot, error)
        self._told.discard(spot.guild)
        return event_ref(int(made["id"]))

    def _go_without(self, spot: Spot, error: discord.HTTPException) -> str:
        """A server's moderators are told once that it takes no events; all else goes on as if there were none."""
        if error.code not in REFUSED:
            raise error
        if spot.guild in self._told:
            log.info("server %d takes no event: %s", spot.guild, error)
            return NO_EVENT
        self._told.add(spot.guild)
        raise DeliveryError(REFUSED[error.code], hopeless=True) from error

    async def _standing(self, rest: Rest, delivery: Delivery, spot: Spot, wanted: Json) -> Json | None:
        """An earlier attempt of ours that arrived, or what another channel of this server wants alike."""
        every: list[Json] = await rest.call("GET", EVENTS, guild_id=spot.guild)
        ours = [found for found in every if found.get("creator_id") == str(rest.me)]
        alike = [found for found in ours if _says(found) == _says(wanted)]
        if delivery.again:
            recent = (found for found in ours if int(found["id"]) > oldest(delivery))
            alike += [found for found in recent if _is_attempt(found, wanted)]
        return alike[0] if alike else None

    async def _find(self, rest: Rest, spot: Spot, event: int) -> Json | None:
        """None for one that was deleted, and for "event:0"."""
        if not event:
            return None
        found: Json
        try:
            found = await rest.call("GET", EVENT, guild_id=spot.guild, event_id=event)
        except discord.HTTPException as error:
            if error.code != UNKNOWN_EVENT:
                raise
            return None
        return found

    async def _change(self, rest: Rest, spot: Spot, standing: Json, wanted: Json) -> None:
        """Only what differs: the beginning of what has begun can't be given again."""
        changes = {key: value for key, value in wanted.items() if _differs(key, standing.get(key), value)}
        if standing.get("channel_id") and wanted["entity_type"] == SOMEWHERE_ELSE:
            changes["channel_id"] = None
        if changes and standing["status"] in (SCHEDULED, ACTIVE):
            await self._patch(rest, spot, standing, changes)

    async def _end(self, rest: Rest, spot: Spot, standing: Json | None) -> None:
        """Called off, or brought to its end where it has begun."""
        if standing and standing["status"] in (SCHEDULED, ACTIVE):
            status = CANCELED if standing["status"] == SCHEDULED else COMPLETED
            await self._patch(rest, spot, standing, {"status": status})

    async def _patch(self, rest: Rest, spot: Spot, standing: Json, changes: Json) -> None:
        try:
            await rest.call("PATCH", EVENT, changes, guild_id=spot.guild, event_id=standing["id"])
        except discord.HTTPException as error:
            if error.code in REFUSED:
                raise DeliveryError(REFUSED[error.code], hopeless=True) from error
            if error.code not in (UNKNOWN_EVENT, FINISHED_EVENT) and not _is_past(error):
                raise
            log.info("event %s stays as it is: %s", standing["id"], error)


def voice_channel(rest: Rest, spot: Spot, place: str) -> int:
    """The voice channel of this server that the place names, where we may make an event of its kind; 0: none, as for a
    stage, which takes rights that we do not ask for."""
    named = CHANNEL.fullmatch(place)
    channel = rest.cache.get_channel(int(named[2])) if named and int(named[1]) == spot.guild else None
    if not isinstance(channel, discord.VoiceChannel):
        return 0
    held = channel.permissions_for(channel.guild.me)
    return channel.id if held.view_channel and held.connect else 0


def body(card: Card, event: Event, spot: Spot, channel: str, voice: int = 0) -> Json:
    """What makes an event. The last line of its description leads to the channel where the session is talked of."""
    home = address(spot.guild, spot.home)
    place = plain(_leading_there(event.place), MOST_LOCATION) or plain(
        f"#{channel}" if channel else HERE, MOST_LOCATION
    )
    return {
        "name": plain(card.title, MOST_NAME) or "Session",
        "description": f"{_description(card, MOST_DESCRIPTION - len(home) - 1)}\n{home}".strip(),
        "scheduled_start_time": event.starts.isoformat(),
        "scheduled_end_time": max(event.ends, event.starts + SHORTEST).isoformat(),
        "privacy_level": MEMBERS_ONLY,
        **({"entity_type": VOICE, "channel_id": str(voice)} if voice else _elsewhere(place)),
    }


def _elsewhere(place: str) -> Json:
    return {"entity_type": SOMEWHERE_ELSE, "entity_metadata": {"location": place}}


def _leading_there(place: str) -> str:
    """Of a channel the address alone, where its name leaves no room for it."""
    return place.rpartition(" ")[2] if CHANNEL.fullmatch(place) and units(place) > MOST_LOCATION else place


def _description(card: Card, most: int) -> str:
    links = " · ".join(render.links((("paper", card.url), *card.links), most // 4))
    fields = (f"{one_line(field.name)}: {one_line(field.value)}" for field in card.fields)
    text = "\n".join(part for part in (card.byline, card.body, *fields, card.footer) if part)
    return "\n".join(part for part in (paragraphs(spoken(text), most - units(links) - 1), links) if part)


def _event_of(message: Message) -> Event:
    if message.card.event is None:
        raise DeliveryError("an event without a time can't be shown", hopeless=True)
    return message.card.event


def _name_of(rest: Rest, spot: Spot) -> str:
    """ "" while nobody told us."""
    channel = rest.cache.get_channel(spot.channel)
    return channel.name if isinstance(channel, discord.abc.GuildChannel) else ""


# --- two events compared


def _starts(event: Json) -> datetime:
    return datetime.fromisoformat(event["scheduled_start_time"])


def _differs(key: str, one: Any, other: Any) -> bool:
    if key in TIMES:
        return not one or datetime.fromisoformat(one) != datetime.fromisoformat(other)
    return bool(one != other)


def _says(event: Json) -> tuple[Any, ...]:
    """All but the channel, which is the last line."""
    text = (event.get("description") or "").rpartition("\n")[0]
    place = event.get("channel_id") or (event.get("entity_metadata") or {}).get("location")
    return event["name"], text, _starts(event), place


def _is_attempt(found: Json, wanted: Json) -> bool:
    """What it says may have changed between the attempts; its channel has not, and either its name or its time."""
    channel = (found.get("description") or "").rpartition("\n")[2]
    is_here = channel == wanted["description"].rpartition("\n")[2]
    return is_here and (found["name"] == wanted["name"] or _starts(found) == _starts(wanted))


def _is_past(error: discord.HTTPException) -> bool:
    """Discord's clock decides, not ours."""
    return error.code == INVALID_FORM and TIMES[0] in error.text
