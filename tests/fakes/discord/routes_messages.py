"""Posting, reading, editing and deleting messages, with their pins and reactions."""

from datetime import datetime, timedelta

from tests.fakes.discord import payloads
from tests.fakes.discord.calls import NOTHING, Call, Reply, Route, Upload, not_modelled
from tests.fakes.discord.message_rules import MAY_BE_SENT, check_message, is_v2, refuse_empty, stored_fields
from tests.fakes.discord.model import COMPONENTS_V2, EPHEMERAL, ORDINARY, Channel, Message
from tests.fakes.discord.refusals import (
    Json,
    Refused,
    empty_message,
    invalid,
    missing_access,
    missing_permissions,
    thread_is_archived,
    unknown,
)

NONCE_WINDOW = timedelta(minutes=5)
MOST_PINS = 250
MOST_REACTIONS = 20


def check_new(call: Call) -> None:
    check_message(call.fields, v2=is_v2(call.fields))


def create(call: Call) -> Reply:
    channel = call.channel()
    _must_be_writable(call, channel)
    body = call.fields
    if body.get("poll") or body.get("sticker_ids"):
        raise not_modelled("polls and stickers")
    refuse_empty(body, files=bool(call.uploads))
    earlier = _same_nonce(call, body)
    if earlier:
        return Reply(200, payloads.message(earlier, call.world.bot, is_new=True))
    message = draft(call, channel, body)
    _refer(call, message, body)
    call.world.posts.post(message)
    return Reply(200, payloads.message(message, call.world.bot, is_new=True))


def _must_be_writable(call: Call, channel: Channel) -> None:
    world, body = call.world, call.fields
    if channel.is_forum:
        raise Refused(400, 40058, "Cannot send messages in a forum channel", broke_a_rule=True)
    _must_be_connectable(call, channel)
    recipient = channel.recipient
    if recipient and (recipient.blocks_bot or not world.shares_a_guild(recipient)):
        raise Refused(403, 50007, "Cannot send messages to this user")
    wanted = ["send_messages_in_threads" if channel.is_thread else "send_messages"]
    wanted += ["embed_links"] if body.get("embeds") else []
    wanted += ["attach_files"] if call.uploads else []
    wanted += ["read_message_history"] if body.get("message_reference") else []
    if not channel.may(world.bot, *wanted):
        raise missing_permissions()
    if channel.is_locked and not channel.may(world.bot, "manage_threads"):
        raise Refused(403, 160005, "Thread is locked")


def _must_be_connectable(call: Call, channel: Channel) -> None:
    """Whoever may not come into a voice channel does not read its chat either."""
    if channel.is_voice and not channel.may(call.world.bot, "connect"):
        raise missing_access()


def _same_nonce(call: Call, body: Json) -> Message | None:
    """The first message of this nonce by this author, wherever; a deleted one is unknown, on purpose."""
    nonce = body.get("nonce")
    if nonce in (None, "") or not body.get("enforce_nonce"):
        return None
    earlier = call.world.posts.by_nonce.get(str(nonce))
    if earlier is None or call.world.clock() - earlier.created > NONCE_WINDOW:
        return None
    if earlier.is_deleted:
        raise unknown("Message")
    return earlier


def draft(call: Call, channel: Channel, body: Json) -> Message:
    """A message of the bot with this body, not posted yet."""
    world = call.world
    message = Message(world.ids(), channel, world.bot, world.clock(), **stored_fields(body))
    message.flags = (body.get("flags") or 0) & MAY_BE_SENT & ~EPHEMERAL
    message.nonce = body.get("nonce")
    message.allowed_mentions = body.get("allowed_mentions")
    message.attachments = [_attachment(call, channel, upload) for upload in call.uploads]
    return message


def _attachment(call: Call, channel: Channel, upload: Upload) -> Json:
    id = call.world.ids()
    url = f"https://cdn.discordapp.com/attachments/{channel.id}/{id}/{upload.name}"
    found = {"id": str(id), "filename": upload.name, "size": len(upload.content), "url": url, "proxy_url": url}
    return {**found, "content_type": upload.content_type}


def _refer(call: Call, message: Message, body: Json) -> None:
    reference = body.get("message_reference")
    if not reference:
        return
    earlier = message.channel.history.get(int(reference["message_id"]))
    if earlier is None and reference.get("fail_if_not_exists", True) is not False:
        raise invalid(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    if earlier is not None:
        guild = {"guild_id": str(message.channel.guild.id)} if message.channel.guild else {}
        ids = {"channel_id": str(message.channel.id), "message_id": str(earlier.id)}
        message.kind, message.replies_to, message.reference = 19, earlier, {"type": 0, **ids, **guild}


def read(call: Call) -> Reply:
    channel = call.channel("read_message_history")
    return Reply(200, _shown(call, call.message(channel)))


def _shown(call: Call, message: Message) -> Json:
    readable = "message_content" in call.world.gateway.privileged or call.world.posts.is_readable(message)
    return payloads.message(message, call.world.bot, with_content=readable)


def read_many(call: Call) -> Reply:
    """Newest first. Without the permission to read history there is none, and no error."""
    channel = call.channel()
    _must_be_connectable(call, channel)
    most = call.whole_number("limit", 50, 1, 100)
    limits = {name: call.snowflake(name) for name in ("before", "after", "around")}
    if not channel.may(call.world.bot, "read_message_history"):
        return Reply(200, [])
    messages = sorted((m for m in channel.history.values() if not m.is_private), key=lambda m: m.id, reverse=True)
    return Reply(200, [_shown(call, message) for message in _window(messages, most, **limits)])


def _window(
    messages: list[Message], most: int, *, before: int | None, after: int | None, around: int | None
) -> list[Message]:
    if around is not None:
        older = [message for message in messages if message.id <= around][: most // 2 + 1]
        newer = [message for message in messages if message.id > around]
        return (newer[-(most // 2) :] + older)[:most] if most > 1 else older[:1]
    if before is not None:
        return [message for message in messages if message.id < before][:most]
    if after is not None:
        return [message for message in messages if message.id > after][-most:]
    return messages[:most]


def check_edit(call: Call) -> None:
    channel = call.world.channels.get(call.ids["channel_id"])
    message = channel.history.get(call.ids["message_id"]) if channel else None
    check_message(call.fields, v2=is_v2(call.fields) or bool(message and message.flags & COMPONENTS_V2))


def edit(call: Call) -> Reply:
    channel = call.channel()
    message = call.message(channel)
    body = call.fields
    if message.author is not call.world.bot:
        only_flags = set(body) == {"flags"}
        if not (only_flags and channel.may(call.world.bot, "manage_messages")):
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
    if channel.is_archived:
        raise thread_is_archived()
    if body.get("embeds") and not channel.may(call.world.bot, "embed_links"):
        raise missing_permissions()
    changes = edited_fields(message, body)
    if call.world.clock() - message.created > timedelta(hours=1):
        call.limits.take_old_edit(channel.id)
    call.world.posts.edit(message, **changes)
    return Reply(200, payloads.message(message, call.world.bot))


def edited_fields(message: Message, body: Json) -> Json:
    """What changes; refuses to leave nothing, and to take the layout flag back."""
    changes = stored_fields(body)
    if "allowed_mentions" in body:
        changes["allowed_mentions"] = body["allowed_mentions"]
    if body.get("flags") is not None:
        if message.flags & COMPONENTS_V2 and not body["flags"] & COMPONENTS_V2 and changes.get("content"):
            raise invalid(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "Cannot be removed")
        kept = message.flags & ~MAY_BE_SENT | message.flags & COMPONENTS_V2
        changes["flags"] = kept | body["flags"] & MAY_BE_SENT & ~EPHEMERAL | message.flags & EPHEMERAL
    if "attachments" in body:
        kept_ids = {str(item.get("id")) for item in body["attachments"] or []}
        changes["attachments"] = [item for item in message.attachments if item["id"] in kept_ids]
    parts = ("content", "embeds", "components", "attachments", "poll")
    if not any(changes.get(part, getattr(message, part)) for part in parts):
        raise empty_message()
    return changes


def delete(call: Call) -> Reply:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.world.bot and not channel.may(call.world.bot, "manage_messages"):
        raise missing_permissions()
    call.world.posts.delete(message)
    return NOTHING


def typing(call: Call) -> Reply:
    channel = call.channel()
    if not channel.may(call.world.bot, "send_messages_in_threads" if channel.is_thread else "send_messages"):
        raise missing_permissions()
    return NOTHING


# pins


def pin(call: Call) -> Reply:
    channel = call.channel("pin_messages")
    message = call.message(channel)
    if message.kind not in ORDINARY:
        raise Refused(403, 50021, "Cannot execute action on a system message")
    if channel.is_archived:
        raise thread_is_archived()
    if message.pinned_at is None:
        if len(channel.pinned) >= MOST_PINS:
            raise Refused(400, 30003, f"Maximum number of pins reached ({MOST_PINS})")
        call.world.posts.pin(message, call.world.bot)
    return NOTHING


def unpin(call: Call) -> Reply:
    message = call.message(call.channel("pin_messages"))
    if message.pinned_at:
        call.world.posts.unpin(message)
    return NOTHING


def pins(call: Call) -> Reply:
    channel = call.channel("read_message_history")
    most = call.whole_number("limit", 50, 1, 50)
    before = call.query.get("before")
    until = datetime.fromisoformat(before) if before else None
    held = [message for message in channel.pinned if message.pinned_at and (not until or message.pinned_at < until)]
    items = [
        {"pinned_at": message.pinned_at.isoformat(), "message": _shown(call, message)}
        for message in held[:most]
        if message.pinned_at
    ]
    return Reply(200, {"items": items, "has_more": len(held) > most})


def pins_as_before(call: Call) -> Reply:
    channel = call.channel("read_message_history")
    return Reply(200, [_shown(call, message) for message in channel.pinned[:50]])


# reactions


def react(call: Call) -> Reply:
    channel = call.channel("read_message_history")
    message = call.message(channel)
    emoji = _emoji(call)
    if channel.is_archived:
        raise thread_is_archived()
    if emoji not in message.reacted:
        if not channel.may(call.world.bot, "add_reactions"):
            raise missing_permissions()
        if len(message.reacted) >= MOST_REACTIONS:
            raise Refused(403, 30010, f"Maximum number of reactions reached ({MOST_REACTIONS})")
    call.world.posts.react(message, call.world.bot, emoji)
    return NOTHING


def _emoji(call: Call) -> str:
    """A custom one is name:id. A word is none, and neither is anything in plain ASCII but a key cap."""
    text = call.texts["emoji_name"]
    name, _, id = text.partition(":")
    if id.isdigit() and name:
        raise unknown("Emoji")  # the servers here have none of their own
    if text.isascii() or len(text) > 20 or any(sign.isalpha() and ord(sign) < 0x2000 for sign in text):
        raise Refused(400, 10014, "Unknown Emoji", broke_a_rule=True)
    return text


def unreact_me(call: Call) -> Reply:
    message = call.message(call.channel())
    if message.channel.is_archived:
        raise thread_is_archived()
    call.world.posts.unreact(message, call.world.bot, _emoji(call))
    return NOTHING


def unreact_other(call: Call) -> Reply:
    channel = call.channel("manage_messages")
    message = call.message(channel)
    if channel.is_archived:
        raise thread_is_archived()
    user = call.world.users.get(call.ids["user_id"])
    if user is None:
        raise unknown("User")
    call.world.posts.unreact(message, user, _emoji(call))
    return NOTHING


def clear_reactions(call: Call) -> Reply:
    message = call.message(call.channel("manage_messages"))
    call.world.posts.clear_reactions(message, _emoji(call) if "emoji_name" in call.texts else None)
    return NOTHING


def who_reacted(call: Call) -> Reply:
    message = call.message(call.channel("read_message_history"))
    most, after = call.whole_number("limit", 25, 1, 100), call.snowflake("after") or 0
    reacted = message.super_reacted if call.query.get("type") == "1" else message.reacted
    users = sorted(reacted.get(_emoji(call), {}).values(), key=lambda user: user.id)
    return Reply(200, [payloads.user(user) for user in users if user.id > after][:most])


ONE = "/channels/{channel_id}/messages/{message_id}"
REACTION = ONE + "/reactions/{emoji_name}"
ROUTES = (
    Route("POST", "/channels/{channel_id}/messages", create, check_new),
    Route("GET", "/channels/{channel_id}/messages", read_many),
    Route("GET", ONE, read),
    Route("PATCH", ONE, edit, check_edit),
    Route("DELETE", ONE, delete),
    Route("POST", "/channels/{channel_id}/typing", typing),
    Route("GET", "/channels/{channel_id}/messages/pins", pins),
    Route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", pin),
    Route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", unpin),
    Route("GET", "/channels/{channel_id}/pins", pins_as_before),
    Route("PUT", "/channels/{channel_id}/pins/{message_id}", pin),
    Route("DELETE", "/channels/{channel_id}/pins/{message_id}", unpin),
    Route("GET", REACTION, who_reacted),
    Route("PUT", REACTION + "/@me", react),
    Route("DELETE", REACTION + "/@me", unreact_me),
    Route("DELETE", REACTION + "/{user_id}", unreact_other),
    Route("DELETE", REACTION, clear_reactions),
    Route("DELETE", ONE + "/reactions", clear_reactions),
)
