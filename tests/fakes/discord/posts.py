"""What happens to messages, reactions, pins and threads, and who is told and pinged. Refuses nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import payloads, texts
from tests.fakes.discord.model import ORDINARY, Channel, Message, Role, User
from tests.fakes.discord.refusals import Json

if TYPE_CHECKING:
    from tests.fakes.discord.world import World


class Posts:
    def __init__(self, world: World) -> None:
        self._world = world
        self.by_nonce: dict[str, Message] = {}  # of the bot

    def post(self, message: Message) -> Message:
        channel = message.channel
        if channel.is_archived and message.kind in ORDINARY:
            self.change_thread(channel, archived=False)
        channel.history[message.id] = message
        channel.sent += message.kind in ORDINARY
        if message.nonce not in (None, "") and message.author is self._world.bot:
            self.by_nonce[str(message.nonce)] = message
        message.pinged = self._ping(message)
        self._tell("MESSAGE_CREATE", message, is_new=True)
        return message

    def edit(self, message: Message, *, silently: bool = False, **changes: Any) -> None:
        """`silently` is for the first words of a deferred answer, which are no edit to anybody."""
        for name, value in changes.items():
            setattr(message, name, value)
        if silently:
            message.pinged = self._ping(message)
        else:
            message.edited = self._world.clock()
        self._tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        message.is_deleted = True
        message.channel.history.pop(message.id, None)
        if message.is_private:
            return self._world.changed()
        data = {"id": str(message.id), "channel_id": str(message.channel.id), **_guild_of(message.channel)}
        return self._emit("MESSAGE_DELETE", data, message.channel, "messages")

    def _tell(self, name: str, message: Message, *, is_new: bool = False) -> None:
        if message.is_private:
            return self._world.changed()
        me = self._world.bot
        guild = message.channel.guild
        author = guild.members.get(message.author.id) if guild else None
        extra = {**_guild_of(message.channel), **({"member": payloads.member_without_user(author)} if author else {})}
        full = {**payloads.message(message, me, is_new=is_new), **extra}
        bare = None if self.is_readable(message) else {**payloads.message(message, me, with_content=False), **extra}
        return self._emit(name, full, message.channel, "messages", bare)

    def is_readable(self, message: Message) -> bool:
        """For an app without the message content intent: its own, direct ones, and those that name it."""
        me = self._world.bot
        return message.author is me or message.channel.guild is None or me in self.named_in(message)[1]

    def _emit(self, name: str, data: Json, channel: Channel, about: str, redacted: Json | None = None) -> None:
        where = "guild" if channel.guild else "dm"
        if channel.guild is None or channel.may(self._world.bot, "view_channel"):
            self._world.emit(name, data, channel.guild, intent=f"{where}_{about}", redacted=redacted)
        else:
            self._world.changed()

    # pings

    def named_in(self, message: Message) -> tuple[bool, list[User], list[Role]]:
        """What the text names and allowed_mentions let through. Embeds never count."""
        text = "\n".join([message.content, *texts.shown_texts(message.components)])
        everyone, user_ids, role_ids = texts.mentioned(text)
        guild = message.channel.guild
        rights = message.channel.may(message.author, "mention_everyone")
        everyone |= bool(guild and guild.id in role_ids)
        roles = [guild.roles[id] for id in dict.fromkeys(role_ids) if id in guild.roles] if guild else []
        users = [self._world.users[id] for id in dict.fromkeys(user_ids) if self._is_there(id, message.channel)]
        users = [user for user in users if _lets(message, "users", user.id)]
        answered = message.replies_to.author if message.replies_to else None
        if answered and answered not in users and _lets_reply(message):
            users.append(answered)
        return (
            everyone and rights and guild is not None and _lets(message, "everyone"),
            users,
            [
                r
                for r in roles
                if r is not (guild and guild.everyone) and (r.mentionable or rights) and _lets(message, "roles", r.id)
            ],
        )

    def _is_there(self, id: int, channel: Channel) -> bool:
        if channel.guild is None:
            return id in self._world.users
        return id in channel.guild.members

    def _ping(self, message: Message) -> set[str | int]:
        if message.is_private or message.kind not in ORDINARY:
            return set()
        everyone, users, roles = self.named_in(message)
        found: set[str | int] = {"everyone"} if everyone else set()
        return found | {user.id for user in users if user is not message.author} | {role.id for role in roles}

    # reactions and pins

    def react(self, message: Message, user: User, emoji: str) -> None:
        users = message.reacted.setdefault(emoji, {})
        if user.id not in users:
            users[user.id] = user
            self._tell_reaction(message, user, emoji)

    def super_react(self, message: Message, user: User, emoji: str) -> None:
        message.super_reacted.setdefault(emoji, {})[user.id] = user
        self._tell_reaction(message, user, emoji, burst=True, type=1, burst_colors=["#ff0000"])

    def _tell_reaction(self, message: Message, user: User, emoji: str, **more: Any) -> None:
        guild = message.channel.guild
        member = {"member": payloads.member(guild.members[user.id])} if guild else {}
        author = {"message_author_id": str(message.author.id)}
        data = {**self._reaction(message, user, emoji), **member, **author, **more}
        self._emit("MESSAGE_REACTION_ADD", data, message.channel, "reactions")

    def unreact(self, message: Message, user: User, emoji: str) -> None:
        users = message.reacted.get(emoji, {})
        if users.pop(user.id, None) is None:
            return
        if not users:
            del message.reacted[emoji]
        self._emit("MESSAGE_REACTION_REMOVE", self._reaction(message, user, emoji), message.channel, "reactions")

    def clear_reactions(self, message: Message, emoji: str | None) -> None:
        where = {"channel_id": str(message.channel.id), "message_id": str(message.id), **_guild_of(message.channel)}
        if emoji is None:
            message.reacted.clear()
            self._emit("MESSAGE_REACTION_REMOVE_ALL", where, message.channel, "reactions")
        elif message.reacted.pop(emoji, None):
            data = {**where, "emoji": payloads.emoji(emoji)}
            self._emit("MESSAGE_REACTION_REMOVE_EMOJI", data, message.channel, "reactions")

    def _reaction(self, message: Message, user: User, emoji: str) -> Json:
        return {
            "user_id": str(user.id),
            "channel_id": str(message.channel.id),
            "message_id": str(message.id),
            **_guild_of(message.channel),
            "emoji": payloads.emoji(emoji),
            "burst": False,
            "type": 0,
        }

    def pin(self, message: Message, by: User) -> None:
        message.pinned_at = message.channel.last_pin = self._world.clock()
        self._pins_changed(message.channel)
        reference = {**_reference(message), "type": 0}
        self.post(Message(self._world.ids(), message.channel, by, self._world.clock(), kind=6, reference=reference))

    def unpin(self, message: Message) -> None:
        message.pinned_at = None
        self._pins_changed(message.channel)

    def _pins_changed(self, channel: Channel) -> None:
        when = channel.last_pin.isoformat() if channel.last_pin else None
        data = {"channel_id": str(channel.id), "last_pin_timestamp": when, **_guild_of(channel)}
        self._world.emit("CHANNEL_PINS_UPDATE", data, channel.guild, intent="guilds" if channel.guild else "")

    # threads

    def start_thread(self, parent: Channel, name: str, owner: User, kind: int, about: Message | None) -> Channel:
        """About a message, it takes that one's id."""
        guild = parent.guild
        assert guild is not None
        thread = Channel(self._world, about.id if about else self._world.ids(), name, kind, guild)
        thread.parent, thread.owner = parent, owner
        thread.joined.add(owner.id)
        guild.threads[thread.id] = self._world.channels[thread.id] = thread
        if about:
            about.thread = thread
        data = {**payloads.thread(thread), "newly_created": True}
        self._world.emit("THREAD_CREATE", data, guild, intent="guilds")
        if about:
            self._tell("MESSAGE_UPDATE", about)
        if not parent.is_forum:
            self._leave_note(thread, about)
        return thread

    def _leave_note(self, thread: Channel, about: Message | None) -> None:
        """What Discord itself writes: the first message of a thread, or a line in the channel."""
        clock, owner = self._world.clock(), thread.owner or self._world.bot
        if about:
            reference = {**_reference(about), "type": 0}
            note = Message(self._world.ids(), thread, about.author, clock, kind=21, reference=reference)
            note.replies_to = about
        else:
            assert thread.parent is not None
            reference = {"type": 0, "channel_id": str(thread.id), **_guild_of(thread)}
            note = Message(self._world.ids(), thread.parent, owner, clock, kind=18, content=thread.name)
            note.reference = reference
        self.post(note)

    def change_thread(
        self, thread: Channel, *, archived: bool | None = None, locked: bool | None = None, **changes: Any
    ) -> None:
        for name, value in changes.items():
            setattr(thread, name, value)
        if archived is not None and archived != thread.is_archived:
            thread.is_archived = archived
            thread.archived_at = self._world.clock()
        if locked is not None:
            thread.is_locked = locked
        self._world.emit("THREAD_UPDATE", payloads.thread(thread), thread.guild, intent="guilds")

    def is_stale(self, thread: Channel) -> bool:
        last = max((message.created for message in thread.history.values()), default=thread.created)
        since = max(last, thread.archived_at or last)
        return self._world.clock() - since >= timedelta(minutes=thread.auto_archive_minutes)


def _guild_of(channel: Channel) -> Json:
    return {"guild_id": str(channel.guild.id)} if channel.guild else {}


def _reference(message: Message) -> Json:
    return {"channel_id": str(message.channel.id), "message_id": str(message.id), **_guild_of(message.channel)}


def _lets(message: Message, kind: str, id: int | None = None) -> bool:
    allowed = message.allowed_mentions
    if allowed is None:
        return True
    listed = {str(item) for item in allowed.get(kind) or []} if id else set()
    return kind in (allowed.get("parse") or []) or str(id) in listed


def _lets_reply(message: Message) -> bool:
    return message.allowed_mentions is None or bool(message.allowed_mentions.get("replied_user"))
