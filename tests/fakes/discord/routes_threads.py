"""Threads and forum posts: starting, changing, listing. The rest of a channel's settings is not modelled."""

from datetime import datetime

from tests.fakes.discord import payloads
from tests.fakes.discord.calls import NOTHING, Call, Reply, Route, not_modelled
from tests.fakes.discord.message_rules import check_message, is_v2, refuse_empty
from tests.fakes.discord.model import KINDS, Channel
from tests.fakes.discord.refusals import (
    Form,
    Json,
    Refused,
    invalid,
    missing_permissions,
    thread_is_archived,
    unknown,
)
from tests.fakes.discord.routes_messages import draft

DURATIONS = (60, 1440, 4320, 10080)
MOST_TAGS = 5


def _check_thread(form: Form, body: Json) -> None:
    form.length(("name",), body.get("name"), 100, 1)
    if body.get("auto_archive_duration") not in (None, *DURATIONS):
        form.complain(("auto_archive_duration",), "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")
    form.length(("applied_tags",), body.get("applied_tags"), MOST_TAGS)


def check_new(call: Call) -> None:
    form = Form()
    form.need(("name",), call.fields.get("name"))
    _check_thread(form, call.fields)
    form.refuse()
    inner = call.fields.get("message")
    if inner is not None:
        check_message(inner, v2=is_v2(inner), at=("message",))


def start_from_message(call: Call) -> Reply:
    channel = call.channel()
    if channel.kind not in (KINDS["text"], KINDS["news"]):
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    message = call.message(channel)
    if not channel.may(call.world.bot, "create_public_threads", "read_message_history"):
        raise missing_permissions()
    if message.thread is not None:
        raise Refused(400, 160004, "A thread has already been created for this message")
    kind = KINDS["news_thread"] if channel.kind == KINDS["news"] else KINDS["thread"]
    thread = call.world.posts.start_thread(channel, call.fields["name"], call.world.bot, kind, message)
    _set_duration(thread, call.fields)
    return _started(call, thread)


def _set_duration(thread: Channel, body: Json) -> None:
    thread.auto_archive_minutes = body.get("auto_archive_duration") or thread.auto_archive_minutes


def _started(call: Call, thread: Channel, extra: Json | None = None) -> Reply:
    member = {"member": payloads.thread_member(thread, call.world.bot)}
    return Reply(201, {**payloads.thread(thread), **member, **(extra or {})})


def start(call: Call) -> Reply:
    """A thread without a message, or in a forum a post, which is a thread with one."""
    channel = call.channel()
    if channel.is_forum:
        return _start_post(call, channel)
    if channel.kind not in (KINDS["text"], KINDS["news"]):
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    if "message" in call.fields:
        raise invalid(("message",), "BASE_TYPE_UNKNOWN", "Only forum channels take a message here")
    kind = call.fields.get("type") or KINDS["private_thread"]
    wanted = "create_private_threads" if kind == KINDS["private_thread"] else "create_public_threads"
    if not channel.may(call.world.bot, wanted):
        raise missing_permissions()
    thread = call.world.posts.start_thread(channel, call.fields["name"], call.world.bot, kind, None)
    _set_duration(thread, call.fields)
    return _started(call, thread)


def _start_post(call: Call, forum: Channel) -> Reply:
    body, bot = call.fields, call.world.bot
    inner = body.get("message")
    if inner is None:
        raise invalid(("message",), "BASE_TYPE_REQUIRED", "This field is required")
    if not forum.may(bot, "send_messages", *(["embed_links"] if inner.get("embeds") else [])):
        raise missing_permissions()
    refuse_empty(inner, files=bool(call.uploads))
    tags = _tags(call, forum, body.get("applied_tags") or [])
    if forum.requires_tag and not tags:
        raise Refused(400, 40067, "A tag is required to create a forum post in this channel", broke_a_rule=True)
    thread = call.world.posts.start_thread(forum, body["name"], bot, KINDS["thread"], None)
    thread.applied = tags
    _set_duration(thread, body)
    message = draft(call, thread, inner)
    message.id = thread.id
    call.world.posts.post(message)
    return _started(call, thread, {"message": payloads.message(message, bot, is_new=True)})


def _tags(call: Call, forum: Channel, wanted: list[object]) -> list[int]:
    known = {str(tag.id): tag for tag in forum.tags}
    for number, id in enumerate(wanted):
        tag = known.get(str(id))
        if tag is None:
            raise invalid(("applied_tags", number), "INVALID_TAG", "Unknown tag")
        if tag.moderated and not forum.may(call.world.bot, "manage_threads"):
            raise missing_permissions()
    return [int(str(id)) for id in wanted]


def check_change(call: Call) -> None:
    form = Form()
    _check_thread(form, call.fields)
    form.refuse()


def change(call: Call) -> Reply:
    """Its own thread the bot may name, close and open; a lock, or another's thread, needs manage_threads."""
    thread = call.channel()
    if not thread.is_thread:
        raise not_modelled("changes of a channel that is no thread")
    body = call.fields
    moderates = thread.may(call.world.bot, "manage_threads")
    reopens = body.get("archived") is False
    if not moderates and not _may_change(call, thread, body):
        raise missing_permissions()
    if thread.is_archived and not reopens and set(body) - {"archived", "locked"}:
        raise thread_is_archived()
    changes: Json = {}
    if body.get("name") is not None:
        changes["name"] = body["name"]
    if body.get("auto_archive_duration") is not None:
        changes["auto_archive_minutes"] = body["auto_archive_duration"]
    if body.get("applied_tags") is not None and thread.parent:
        changes["applied"] = _tags(call, thread.parent, body["applied_tags"])
    call.world.posts.change_thread(thread, archived=body.get("archived"), locked=body.get("locked"), **changes)
    return Reply(200, payloads.thread(thread))


def _may_change(call: Call, thread: Channel, body: Json) -> bool:
    if body.get("locked") is not None and body["locked"] != thread.is_locked:
        return False
    if thread.owner is call.world.bot and not thread.is_locked:
        return True
    only_reopens = set(body) == {"archived"} and body["archived"] is False
    return only_reopens and not thread.is_locked and thread.may(call.world.bot, "send_messages_in_threads")


def delete(call: Call) -> Reply:
    channel = call.channel()
    if channel.guild is None:
        raise not_modelled("closing a direct message")
    if not channel.may(call.world.bot, "manage_threads" if channel.is_thread else "manage_channels"):
        raise missing_permissions()
    found = payloads.channel(channel)
    call.world.delete_channel(channel)
    return Reply(200, found)


def active(call: Call) -> Reply:
    guild, bot = call.guild(), call.world.bot
    threads = [found for found in guild.threads.values() if not found.is_archived and found.may(bot, "view_channel")]
    members = [payloads.thread_member(found, bot) for found in threads if bot.id in found.joined]
    threads.sort(key=lambda found: found.id, reverse=True)
    return Reply(200, {"threads": [payloads.thread(found) for found in threads], "members": members, "has_more": False})


def archived(call: Call) -> Reply:
    """Most recently archived first."""
    channel = call.channel("read_message_history")
    most = call.whole_number("limit", 50, 2, 100)
    before = call.query.get("before")
    until = datetime.fromisoformat(before) if before else None
    closed = [found for found in channel.threads if found.is_archived and found.kind != KINDS["private_thread"]]
    closed = [found for found in closed if found.archived_at and (until is None or found.archived_at < until)]
    closed.sort(key=lambda found: str(found.archived_at), reverse=True)
    bot = call.world.bot
    members = [payloads.thread_member(found, bot) for found in closed[:most] if bot.id in found.joined]
    shown = [payloads.thread(found) for found in closed[:most]]
    return Reply(200, {"threads": shown, "members": members, "has_more": len(closed) > most})


def join(call: Call) -> Reply:
    thread = _thread(call)
    if thread.is_archived:
        raise thread_is_archived()
    thread.joined.add(call.ids.get("user_id", call.world.bot.id))
    return NOTHING


def leave(call: Call) -> Reply:
    thread = _thread(call)
    if thread.is_archived:
        raise thread_is_archived()
    thread.joined.discard(call.ids.get("user_id", call.world.bot.id))
    return NOTHING


def _thread(call: Call) -> Channel:
    channel = call.channel()
    if not channel.is_thread:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    if "user_id" in call.ids and call.ids["user_id"] not in call.world.users:
        raise unknown("User")
    return channel


ROUTES = (
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", start_from_message, check_new),
    Route("POST", "/channels/{channel_id}/threads", start, check_new),
    Route("PATCH", "/channels/{channel_id}", change, check_change),
    Route("DELETE", "/channels/{channel_id}", delete),
    Route("GET", "/guilds/{guild_id}/threads/active", active),
    Route("GET", "/channels/{channel_id}/threads/archived/public", archived),
    Route("PUT", "/channels/{channel_id}/thread-members/@me", join),
    Route("DELETE", "/channels/{channel_id}/thread-members/@me", leave),
    Route("PUT", "/channels/{channel_id}/thread-members/{user_id}", join),
    Route("DELETE", "/channels/{channel_id}/thread-members/{user_id}", leave),
)
