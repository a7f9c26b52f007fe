"""What exists on the fake Discord: people, roles, channels, messages. Changing it is the world's work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import permissions, texts
from tests.fakes.discord.refusals import Json

if TYPE_CHECKING:
    from tests.fakes.discord.guilds import Guild
    from tests.fakes.discord.people import Member
    from tests.fakes.discord.world import World

KINDS = {
    "text": 0,
    "dm": 1,
    "voice": 2,
    "stage": 13,
    "news": 5,
    "news_thread": 10,
    "thread": 11,
    "private_thread": 12,
    "forum": 15,
}
THREADS = frozenset({10, 11, 12})
VOICES = frozenset({2, 13})  # their chat takes messages, and has no threads
EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15
ORDINARY = frozenset({0, 19, 20, 23})  # default, reply, answer to a slash command, answer to a context menu


@dataclass(slots=True, eq=False)
class User:
    id: int
    name: str
    is_bot: bool = False
    blocks_bot: bool = False


@dataclass(slots=True, eq=False)
class Role:
    id: int
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    of_bot: int = 0  # the bot whose own role this is


@dataclass(slots=True)
class Overwrite:
    kind: int  # 0: of a role, 1: of a member
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class Tag:
    id: int
    name: str
    moderated: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """`pinged` holds "everyone", user ids and role ids: who got a notification when it appeared."""

    id: int
    channel: Channel
    author: User
    created: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    nonce: str | int | None = None
    poll: Json | None = None
    allowed_mentions: Json | None = None
    reference: Json | None = None
    replies_to: Message | None = None
    interaction: Json | None = None
    only_for: User | None = None
    from_bot: bool = False
    edited: datetime | None = None
    pinned_at: datetime | None = None
    thread: Channel | None = None
    is_deleted: bool = False
    pinged: set[str | int] = field(default_factory=set)
    reacted: dict[str, dict[int, User]] = field(default_factory=dict)
    super_reacted: dict[str, dict[int, User]] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        return self.only_for is not None

    @property
    def is_thinking(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def ref(self) -> str:
        return f"{self.channel.id}/{self.id}"

    @property
    def text(self) -> str:
        """Content, embeds and text components as one text, line by line."""
        return texts.flat_text(self.content, self.embeds, self.components)

    @property
    def buttons(self) -> list[str]:
        return [texts.label_of(button) for button in texts.buttons_of(self.components)]

    @property
    def selects(self) -> list[str]:
        return [str(select.get("placeholder") or select["custom_id"]) for select in texts.selects_of(self.components)]

    @property
    def reactions(self) -> dict[str, set[str]]:
        """Who reacted with what, by name."""
        return {emoji: {user.name for user in users.values()} for emoji, users in self.reacted.items()}

    def is_deleted_by(self, member: Member) -> None:
        member.deletes(self)

    def __repr__(self) -> str:
        return f"<Message {self.ref} of {self.author.name}: {self.text[:60]!r}>"


class Channel:
    """A text, news or forum channel, a thread (it has a parent) or a direct message (it has no guild)."""

    def __init__(self, world: World, id: int, name: str, kind: int, guild: Guild | None = None) -> None:
        self.world = world
        self.id = id
        self.name = name
        self.kind = kind
        self.guild = guild
        self.topic: str | None = None
        self.position = 0
        self.overwrites: dict[int, Overwrite] = {}
        self.tags: list[Tag] = []
        self.requires_tag = False
        self.history: dict[int, Message] = {}
        self.last_pin: datetime | None = None
        self.is_deleted = False
        self.recipient: User | None = None
        # of threads
        self.parent: Channel | None = None
        self.owner: User | None = None
        self.is_archived = False
        self.is_locked = False
        self.archived_at: datetime | None = None
        self.created = world.clock()
        self.auto_archive_minutes = 4320
        self.applied: list[int] = []
        self.joined: set[int] = set()
        self.sent = 0

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    @property
    def is_forum(self) -> bool:
        return self.kind == KINDS["forum"]

    @property
    def is_voice(self) -> bool:
        return self.kind in VOICES

    @property
    def messages(self) -> list[Message]:
        """What everybody there sees, oldest first; not the notes that Discord itself leaves."""
        return [message for message in self.history.values() if message.kind in ORDINARY and not message.is_private]

    @property
    def threads(self) -> list[Channel]:
        everywhere = self.guild.threads.values() if self.guild else ()
        return [thread for thread in everywhere if thread.parent is self]

    @property
    def applied_tags(self) -> list[str]:
        known = self.parent.tags if self.parent else []
        return [tag.name for tag in known if tag.id in self.applied]

    @property
    def pinned(self) -> list[Message]:
        held = [message for message in self.history.values() if message.pinned_at]
        return sorted(held, key=lambda message: str(message.pinned_at), reverse=True)

    @property
    def bot_permissions(self) -> set[str]:
        return permissions.names(self.permissions_of(self.world.bot))

    @bot_permissions.setter
    def bot_permissions(self, names: Iterable[str]) -> None:
        wanted = permissions.bits(names)
        (self.parent or self).overwrites[self.world.bot.id] = Overwrite(1, wanted, permissions.ALL & ~wanted)
        self.world.channel_changed(self.parent or self)

    def allows(self, *names: str, to: Member | Role | None = None) -> None:
        """To the bot, unless told otherwise."""
        overwrite = self._overwrite(to)
        overwrite.allow |= permissions.bits(names)
        overwrite.deny &= ~permissions.bits(names)
        self.world.channel_changed(self.parent or self)

    def denies(self, *names: str, to: Member | Role | None = None) -> None:
        """To the bot, unless told otherwise."""
        overwrite = self._overwrite(to)
        overwrite.deny |= permissions.bits(names)
        overwrite.allow &= ~permissions.bits(names)
        self.world.channel_changed(self.parent or self)

    def _overwrite(self, to: Member | Role | None) -> Overwrite:
        home = self.parent or self
        if isinstance(to, Role):
            return home.overwrites.setdefault(to.id, Overwrite(0))
        return home.overwrites.setdefault(to.user.id if to else self.world.bot.id, Overwrite(1))

    def permissions_of(self, user: User) -> int:
        """By the documented order: roles, @everyone here, roles here, the member here."""
        if self.guild is None:
            return permissions.ALL
        member = self.guild.members.get(user.id)
        if member is None:
            return 0
        held = member.base_permissions
        if held & permissions.bits(["administrator"]):
            return permissions.ALL
        held = self._overwritten(held, member)
        if not held & permissions.bits(["view_channel"]):
            return 0
        speaks = "send_messages_in_threads" if self.is_thread else "send_messages"
        if not held & permissions.bits([speaks]):
            held &= ~permissions.bits(["embed_links", "attach_files", "mention_everyone", "send_tts_messages"])
        return held

    def _overwritten(self, held: int, member: Member) -> int:
        overwrites = (self.parent or self).overwrites
        everyone = overwrites.get(member.guild.id, Overwrite(0))
        held = held & ~everyone.deny | everyone.allow
        of_roles = [overwrites[role.id] for role in member.roles if role.id in overwrites]
        for overwrite in of_roles:
            held &= ~overwrite.deny
        for overwrite in of_roles:
            held |= overwrite.allow
        own = overwrites.get(member.user.id, Overwrite(1))
        return held & ~own.deny | own.allow

    def may(self, user: User, *names: str) -> bool:
        wanted = permissions.bits(names)
        return self.permissions_of(user) & wanted == wanted

    def archives(self, thread: Channel | None = None, *, locked: bool = False) -> None:
        """As a moderator does it: to one of the channel's threads, or a thread to itself."""
        self.world.change_thread(thread or self, archived=True, locked=locked or None)

    def reopens(self) -> None:
        self.world.change_thread(self, archived=False, locked=False)

    def transcript(self) -> str:
        """What a member reads here, with the buttons, the reactions and the threads."""
        lines = [f"#{self.name}" + (" (archived)" if self.is_archived else "")]
        for message in self.history.values():
            if not message.is_private:
                lines += _shown(message)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Channel {self.id} #{self.name}>"


@dataclass(slots=True, eq=False)
class ScheduledEvent:
    id: int
    guild: Guild
    creator: User
    data: dict[str, Any]  # name, description, times, entity_type, channel_id, location, recurrence_rule
    status: int = 1
    interested: dict[int, User] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def is_open(self) -> bool:
        return self.status in (1, 2)

    @property
    def is_external(self) -> bool:
        return bool(self.data["entity_type"] == 3)

    @property
    def starts(self) -> datetime:
        return datetime.fromisoformat(self.data["scheduled_start_time"])

    @property
    def ends(self) -> datetime:
        """Of those outside of Discord, which have one."""
        return datetime.fromisoformat(self.data["scheduled_end_time"])

    @property
    def location(self) -> str:
        return str(self.data.get("location") or "")

    @property
    def description(self) -> str:
        return str(self.data.get("description") or "")


def _shown(message: Message) -> list[str]:
    edited = " (edited)" if message.edited else ""
    first, *rest = (message.text or _note(message)).split("\n")
    lines = [f"{message.author.name}: {first}{edited}", *(f"  {line}" for line in rest)]
    pressable = [f"[{label}]" for label in message.buttons] + [f"<{name}>" for name in message.selects]
    if pressable:
        lines.append("  " + " ".join(pressable))
    if message.reacted:
        lines.append("  " + " ".join(f"{emoji} {len(users)}" for emoji, users in message.reacted.items()))
    if message.thread:
        lines += [f"  {line}" for line in message.thread.transcript().split("\n")]
    return lines


def _note(message: Message) -> str:
    return {6: "(pinned a message)", 18: "(started a thread)", 21: "(the message this is about)"}.get(message.kind, "")
