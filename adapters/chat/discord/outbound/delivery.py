"""Posts and edits: in a channel, in the thread under a message, in a forum. Renders and paces nothing.

Members are called by name by a message's first post alone; an edit pings nobody on Discord, and ours ask for none.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import discord

from adapters.chat.discord.outbound import render
from adapters.chat.discord.outbound.pins import Pins
from adapters.chat.discord.places import Ref, Spot, read_ref
from adapters.chat.discord.refusals import (
    ARCHIVED,
    HAS_THREAD,
    NO_ACCESS,
    NO_PERMISSION,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    WRONG_CHANNEL_TYPE,
)
from adapters.chat.discord.rest import Rest
from bot.cards import Card, Message
from bot.errors import DeliveryError
from bot.ports import Delivery

log = logging.getLogger(__name__)

Json = dict[str, Any]

TEXT, VOICE, STAGE, FORUM = 0, 2, 13, 15
PUBLIC_THREAD = 11
CHATS = (VOICE, STAGE)  # take posts, and have no threads
REQUIRE_TAG = 1 << 4  # a flag of a forum
PAGE, MOST_PAGES = 100, 20  # of messages, among which an attempt may have left ours
SKEW = timedelta(minutes=5)  # by which our clock and Discord's may differ
WEEK = 10080  # minutes without a word after which a thread closes
MOST_TAGS = 5
PINNED = ("pick", "session", "ballot", "recap")  # kinds that we pin; what members pin of others is theirs
TAGS = ("papers", "paper", "discussion", "discussions", "this-week", "this week", "reading")
MESSAGES, ONE_MESSAGE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"


@dataclass(frozen=True, slots=True)
class Job:
    delivery: Delivery
    spot: Spot
    message: Message
    body: Json  # of an edit
    answers: Ref | None = None  # the message in the same channel that it is a reply to

    @property
    def card(self) -> Card:
        return self.message.card

    @property
    def new(self) -> Json:
        """The body of the first post."""
        return {**self.body, "allowed_mentions": render.allowed_mentions(self.message), **render.flags(self.message)}

    @property
    def oldest(self) -> int:
        return oldest(self.delivery)

    def is_in(self, found: Json) -> bool:
        """Whether a message of ours is this one, however it has changed between the attempts, as when papers join."""
        return _mark(found) == _mark(self.body)


def oldest(delivery: Delivery) -> int:
    """The id before those of all attempts."""
    return max(discord.utils.time_snowflake(delivery.since - SKEW), 0)


class Deliverer:
    """What it raises is in refusals.FAILURES, or a DeliveryError."""

    def __init__(self) -> None:
        self._pins = Pins()
        self._threads: set[int] = set()  # known to be open under their message
        self._kinds: dict[int, int] = {}  # of channels, as asked

    async def post(self, rest: Rest, delivery: Delivery, spot: Spot, message: Message) -> Ref:
        ref = await self._post(rest, Job(delivery, spot, message, render.marked_message(message, spot, delivery.id)))
        if message.pinned:
            await self._pins.pin(rest, ref)
        return ref

    async def post_directly(self, rest: Rest, delivery: Delivery, spot: Spot, message: Message, channel: int) -> Ref:
        return await self._send(
            rest, Job(delivery, spot, message, render.marked_message(message, spot, delivery.id)), channel
        )

    async def _post(self, rest: Rest, job: Job) -> Ref:
        spot, parent = job.spot, read_ref(job.delivery.parent_ref)
        if parent is None or (job.card.kind == "papers" and not parent.starts_post):  # beside what it goes on from
            return await self._post_at_home(rest, job)
        if parent.channel != spot.home and not parent.starts_post:  # it stands in a thread itself
            if job.card.kind == "discussion":
                return await self._post_at_home(rest, job)
            return await self._send(rest, job, parent.channel)
        if parent.starts_post:
            return await self._send(rest, job, parent.channel)
        if job.message.replies:
            return await self._send(rest, replace(job, answers=parent), parent.channel)
        return await self._post_under(rest, job, parent)

    async def _post_under(self, rest: Rest, job: Job, parent: Ref) -> Ref:
        """In the thread of a message; beside it when the message is gone, or its thread and no other can be had, or
        where there are none."""
        if await self._kind(rest, parent.channel) in CHATS:
            return await self._post_at_home(rest, job)
        for _ in range(2):
            if not await self._opened(rest, parent, job):
                break
            try:
                return await self._send(rest, job, parent.message)
            except discord.HTTPException as error:
                if error.code != UNKNOWN_CHANNEL:
                    raise
                self._threads.discard(parent.message)
        return await self._post_at_home(rest, job)

    async def _post_at_home(self, rest: Rest, job: Job) -> Ref:
        kind = await self._kind(rest, job.spot.home)
        if kind == FORUM:
            return await self._start_post(rest, job)
        if kind == TEXT and job.card.kind == "discussion" and (opened := await self._post_apart(rest, job)):
            return opened
        ref = await self._send(rest, job, job.spot.home)
        if job.card.kind == "discussion" and not job.spot.thread:
            await self._open_if_possible(rest, ref, render.thread_name(job.card.title))
        return ref

    async def _kind(self, rest: Rest, channel: int) -> int:
        known = rest.cache.get_channel(channel)
        if isinstance(known, discord.abc.GuildChannel | discord.Thread):
            return int(known.type.value)
        if channel not in self._kinds:
            self._kinds[channel] = (await rest.call("GET", "/channels/{channel_id}", channel_id=channel))["type"]
        return self._kinds[channel]

    # --- messages

    async def _send(self, rest: Rest, job: Job, channel: int) -> Ref:
        sent = await self._find(rest, job, channel) if job.delivery.again else None
        ref = Ref(channel, sent or await self._create(rest, job, channel))
        if job.delivery.again:  # it may be an earlier attempt, and older than the last votes; also by its nonce
            await self._change(rest, ref, job.body)
        return ref

    async def _create(self, rest: Rest, job: Job, channel: int) -> int:
        body = {**job.new, "nonce": job.delivery.nonce, "enforce_nonce": True}
        try:
            found = await rest.call("POST", MESSAGES, {**body, **_reference(job)}, channel_id=channel)
        except discord.HTTPException as error:
            if job.answers is None or error.status not in (400, 403):
                raise
            found = await rest.call("POST", MESSAGES, body, channel_id=channel)  # a reply needs Read Message History
        return int(found["id"])

    async def _find(self, rest: Rest, job: Job, channel: int) -> int | None:
        """An earlier attempt that arrived: Discord knows nonces for some minutes only."""
        after = job.oldest
        for _ in range(MOST_PAGES):
            page = await rest.call("GET", f"{MESSAGES}?limit={PAGE}&after={after}", channel_id=channel)
            for found in page:
                if found["author"]["id"] == str(rest.me) and job.is_in(found):
                    return int(found["id"])
            if len(page) < PAGE:
                return None
            after = max(int(found["id"]) for found in page)
        log.warning("message %d was not looked for among the newest of %s", job.delivery.id, job.spot.place)
        return None

    # --- threads

    async def _opened(self, rest: Rest, parent: Ref, job: Job) -> bool:
        """The thread under a message, opened when it is not. False when there is no such message any more."""
        if parent.message in self._threads:
            return True
        try:
            if job.card.kind == "discussion":
                name = render.thread_name(job.card.title)
            else:
                name = await self._title(rest, parent)
            await self._open(rest, parent, name)
        except discord.HTTPException as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            return False
        return True

    async def _title(self, rest: Rest, ref: Ref) -> str:
        found = await rest.call("GET", ONE_MESSAGE, channel_id=ref.channel, message_id=ref.message)
        titles = [embed.get("title") or "" for embed in found["embeds"]]
        return render.thread_name(render.heading(titles[0] if titles else ""))

    async def _open(self, rest: Rest, under: Ref, name: str) -> None:
        body = {"name": name, "auto_archive_duration": WEEK}
        try:
            await rest.call("POST", ONE_MESSAGE + "/threads", body, channel_id=under.channel, message_id=under.message)
        except discord.HTTPException as error:
            if error.code != HAS_THREAD:
                raise
        self._threads.add(under.message)

    async def _open_if_possible(self, rest: Rest, under: Ref, name: str) -> None:
        """Where we may not, or there are none, what belongs there stands in the channel."""
        try:
            await self._open(rest, under, name)
        except discord.HTTPException as error:
            if error.code not in (NO_ACCESS, NO_PERMISSION, WRONG_CHANNEL_TYPE):
                raise
            log.info("no thread under %s: %s", under, error)

    async def _post_apart(self, rest: Rest, job: Job) -> Ref | None:
        """In a thread under no message, so that the channel has none more. None where we may not."""
        try:
            return await self._send(rest, job, await self._thread_apart(rest, job))
        except discord.HTTPException as error:
            if error.code not in (NO_ACCESS, NO_PERMISSION, WRONG_CHANNEL_TYPE):
                raise
            log.info("no thread in %s: %s", job.spot.place, error)
            return None

    async def _thread_apart(self, rest: Rest, job: Job) -> int:
        """Opening one takes no nonce: an earlier attempt's has its name, and our message or none."""
        name = render.thread_name(job.card.title)
        for thread in await self._opened_since(rest, job) if job.delivery.again else ():
            opened = int(thread["id"])
            if thread["name"] == name and (not thread["total_message_sent"] or await self._find(rest, job, opened)):
                return opened
        body = {"name": name, "type": PUBLIC_THREAD, "auto_archive_duration": WEEK}
        return int((await rest.call("POST", "/channels/{channel_id}/threads", body, channel_id=job.spot.home))["id"])

    async def _opened_since(self, rest: Rest, job: Job) -> list[Json]:
        """Our threads in a channel that may be of an attempt."""
        active = await rest.call("GET", "/guilds/{guild_id}/threads/active", guild_id=job.spot.guild)
        ours = (str(rest.me), str(job.spot.home))
        threads = [thread for thread in active["threads"] if int(thread["id"]) > job.oldest]
        return [thread for thread in threads if (thread.get("owner_id"), thread.get("parent_id")) == ours]

    # --- forums

    async def _start_post(self, rest: Rest, job: Job) -> Ref:
        if job.delivery.again and (post := await self._find_post(rest, job)):
            await self._change(rest, Ref(post, post), job.body)
            return Ref(post, post)
        name = render.thread_name(job.card.title)
        body = {"name": name, "auto_archive_duration": WEEK, "message": job.new}
        if tags := await self._tags(rest, job.spot.home):
            body["applied_tags"] = tags
        found = await rest.call("POST", "/channels/{channel_id}/threads", body, channel_id=job.spot.home)
        return Ref(int(found["id"]), int(found["id"]))

    async def _find_post(self, rest: Rest, job: Job) -> int | None:
        """Starting a post takes no nonce."""
        for thread in await self._opened_since(rest, job):
            post = int(thread["id"])
            with suppress(discord.NotFound):  # its first message was deleted
                if job.is_in(await rest.call("GET", ONE_MESSAGE, channel_id=post, message_id=post)):
                    return post
        return None

    async def _tags(self, rest: Rest, forum: int) -> list[str]:
        """Those that speak of papers; some forums demand one, then the first will do, one for moderators if need be."""
        known = rest.cache.get_channel(forum)
        if isinstance(known, discord.ForumChannel):
            tags = [(str(tag.id), tag.name, tag.moderated) for tag in known.available_tags]
            needs_tag = known.flags.require_tag
        else:
            channel = await rest.call("GET", "/channels/{channel_id}", channel_id=forum)
            tags = [(tag["id"], tag["name"], tag["moderated"]) for tag in channel.get("available_tags", ())]
            needs_tag = bool(channel.get("flags", 0) & REQUIRE_TAG)
        free = [(id, name) for id, name, moderated in tags if not moderated]
        fitting = [id for id, name in free if name.strip().lower() in TAGS]
        any_tag = [id for id, _ in free] or [id for id, *_ in tags]
        return fitting[:MOST_TAGS] or (any_tag[:1] if needs_tag else [])

    # --- edits

    async def edit(self, rest: Rest, delivery: Delivery, spot: Spot, message: Message) -> Json:
        """The message as it stands now."""
        ref = read_ref(delivery.ref)
        if ref is None:
            raise DeliveryError(f"{delivery.ref!r} is no message of Discord's", gone=True)
        try:
            shown = await self._change(rest, ref, render.marked_message(message, spot, delivery.id))
        except discord.HTTPException as error:
            if error.code == UNKNOWN_CHANNEL and ref.channel != spot.home:
                self._threads.discard(ref.channel)
                raise DeliveryError("its thread was deleted", gone=True) from error
            raise
        if message.card.kind in PINNED:
            await self._pins.edited(rest, ref, wanted=message.pinned, stands=bool(shown.get("pinned")))
        if message.card.kind == "discussion" and ref.channel == spot.channel:
            await self._revive(rest, ref, message.card)
        return shown

    async def remove(self, rest: Rest, delivery: Delivery) -> None:
        """An event is no message: it is called off."""
        ref = read_ref(delivery.ref)
        if ref:
            with suppress(discord.NotFound):
                await rest.call("DELETE", ONE_MESSAGE, channel_id=ref.channel, message_id=ref.message)

    async def _revive(self, rest: Rest, opening: Ref, card: Card) -> None:
        """The thread of a discussion whose first message stands in the channel: closed after a week of silence, or
        deleted. Where we may not, it stays as it is."""
        if rest.cache.get_channel(opening.message) or not rest.cache.guilds:
            return
        try:
            await self._reopen(rest, opening.message)
        except discord.NotFound:
            await self._open_if_possible(rest, opening, render.thread_name(card.title))
        except discord.Forbidden as error:
            log.info("thread %d stays closed: %s", opening.message, error)

    async def _change(self, rest: Rest, ref: Ref, body: Json) -> Json:
        """The message as it stands now."""
        names = {"channel_id": ref.channel, "message_id": ref.message}
        shown: Json
        try:
            shown = await rest.call("PATCH", ONE_MESSAGE, body, **names)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._reopen(rest, ref.channel)
            shown = await rest.call("PATCH", ONE_MESSAGE, body, **names)
        return shown

    async def _reopen(self, rest: Rest, thread: int) -> None:
        await rest.call("PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=thread)


def _reference(job: Job) -> Json:
    """Also when that message is gone by now. It calls nobody: what it replies to is ours."""
    if job.answers is None:
        return {}
    return {"message_reference": {"message_id": str(job.answers.message), "fail_if_not_exists": False}}


def _mark(body: Json) -> int | None:
    return next((embed.get("color") for embed in body["embeds"]), None)
