"""Everything on the fake Discord and the changes to servers; tells the gateway of each. Messages are in posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tests.fakes.discord import payloads
from tests.fakes.discord.clock import Clock, Snowflakes
from tests.fakes.discord.gateway import INTENTS, Event, Gateway
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.model import KINDS, Channel, Message, Role, ScheduledEvent, User
from tests.fakes.discord.people import Member
from tests.fakes.discord.permissions import USUAL_FOR_BOTS, bits
from tests.fakes.discord.posts import Posts
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.registry import CommandBook
from tests.fakes.discord.sockets import Session
from tests.fakes.discord.waiting import Pulse

if TYPE_CHECKING:
    from tests.fakes.discord.interactions import Interaction


class World:
    def __init__(self, clock: Clock, token: str, bot_name: str) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.token = token
        self.bot = User(self.ids.apart(), bot_name, is_bot=True)
        self.application_id = self.bot.id
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}  # threads and direct messages too
        self.interactions: dict[str, Interaction] = {}  # by token
        self.commands = CommandBook(self)
        self.posts = Posts(self)
        self.gateway = Gateway(clock, token, self._greet, self._send_members)
        self.gateway.changed = self.changed
        self.patience = 3.0
        self.token_lives = 900.0
        self.gateway_url = ""
        self._pulse = Pulse()

    # waiting

    def changed(self) -> None:
        self._pulse.beat()

    async def until(self, condition: Callable[[], object], timeout: float = 5.0, what: str = "") -> None:  # noqa: ASYNC109
        """Raises NeverHappened at the end of `timeout` real seconds."""
        await self._pulse.until(condition, timeout, what)

    # servers

    def add_guild(
        self,
        name: str,
        *,
        id: int | None = None,
        locale: str = "en-US",
        bot_permissions: Iterable[str] = USUAL_FOR_BOTS,
    ) -> Guild:
        guild = Guild(self, id or self.ids.apart(), name, locale)
        owner = Member(self, guild, self._new_user("Owner"), self.clock(), locale)
        guild.members[owner.user.id] = owner
        self.guilds[guild.id] = guild
        self._let_bot_in(guild, bits(bot_permissions))
        self._announce(guild)
        return guild

    def _let_bot_in(self, guild: Guild, permissions: int) -> None:
        role = Role(self.ids(), self.bot.name, permissions, len(guild.roles), of_bot=self.bot.id)
        guild.roles[role.id] = role
        guild.members[self.bot.id] = Member(self, guild, self.bot, self.clock(), guild.locale, [role])
        guild.has_bot = True

    def _announce(self, guild: Guild) -> None:
        for session in self.gateway.sessions.values():
            if session.serves(guild.id):
                self._push_guild(session, guild)
        self.changed()

    def bot_leaves(self, guild: Guild) -> None:
        self.emit("GUILD_DELETE", {"id": str(guild.id)}, guild, intent="guilds")
        guild.has_bot = False
        member = guild.members.pop(self.bot.id)
        for role in member.roles:
            guild.roles.pop(role.id, None)

    def bot_joins(self, guild: Guild, permissions: Iterable[str] = USUAL_FOR_BOTS) -> None:
        self._let_bot_in(guild, bits(permissions))
        self._announce(guild)

    def outage(self, guild: Guild, *, over: bool) -> None:
        if over:
            guild.is_up = True
            self._announce(guild)
        else:
            self.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild, intent="guilds")
            guild.is_up = False

    def role_appeared(self, guild: Guild, role: Role) -> None:
        data = {"guild_id": str(guild.id), "role": payloads.role(role)}
        self.emit("GUILD_ROLE_CREATE", data, guild, intent="guilds")

    def channel_appeared(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self.emit("CHANNEL_CREATE", payloads.channel(channel), channel.guild, intent="guilds")

    def channel_changed(self, channel: Channel) -> None:
        self.emit("CHANNEL_UPDATE", payloads.channel(channel), channel.guild, intent="guilds")

    def delete_channel(self, channel: Channel) -> None:
        guild = channel.guild
        for thread in channel.threads:
            self._forget_channel(thread)
        self._forget_channel(channel)
        thread_keys = ("id", "guild_id", "parent_id", "type")
        data = payloads.channel(channel)
        if channel.is_thread:
            data = {key: data[key] for key in thread_keys}
        self.emit("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", data, guild, intent="guilds")

    def _forget_channel(self, channel: Channel) -> None:
        channel.is_deleted = True
        self.channels.pop(channel.id, None)
        if channel.guild:
            channel.guild.channels.pop(channel.id, None)
            channel.guild.threads.pop(channel.id, None)

    # people

    def _new_user(self, name: str, id: int | None = None) -> User:
        user = User(id or self.ids(), name)
        self.users[user.id] = user
        return user

    def add_member(
        self,
        guild: Guild,
        who: str | User,
        *,
        permissions: Iterable[str],
        roles: Iterable[Role],
        locale: str,
        nick: str | None,
        id: int | None,
    ) -> Member:
        user = who if isinstance(who, User) else self._new_user(who, id)
        held = list(roles)
        if permissions:
            held.append(guild.add_role(f"as {user.name}", permissions))
        member = Member(self, guild, user, self.clock(), locale, held, nick)
        guild.members[user.id] = member
        data = {"guild_id": str(guild.id), **payloads.member(member)}
        self.emit("GUILD_MEMBER_ADD", data, guild, intent="members")
        return member

    def member_leaves(self, member: Member) -> None:
        member.guild.members.pop(member.user.id, None)
        data = {"guild_id": str(member.guild.id), "user": payloads.user(member.user)}
        self.emit("GUILD_MEMBER_REMOVE", data, member.guild, intent="members")

    def direct_channel(self, user: User) -> Channel:
        found = next((item for item in self.channels.values() if item.recipient is user), None)
        if found is None:
            found = Channel(self, self.ids(), user.name, KINDS["dm"])
            found.recipient = user
            self.channels[found.id] = found
            self.changed()
        return found

    def shares_a_guild(self, user: User) -> bool:
        return any(guild.has_bot and user.id in guild.members for guild in self.guilds.values())

    # meetings

    def event_changed(self, name: str, event: ScheduledEvent) -> None:
        self.emit(name, payloads.event(event), event.guild, intent="scheduled_events")

    def run_events(self) -> None:
        """Those outside of Discord begin and end by themselves."""
        now = self.clock()
        for event in [event for guild in self.guilds.values() for event in guild.events.values() if event.is_external]:
            for is_due, status in ((event.starts <= now, 2), (event.ends <= now, 3)):
                if is_due and event.status == status - 1:
                    event.status = status
                    self.event_changed("GUILD_SCHEDULED_EVENT_UPDATE", event)

    def subscribes(self, event: ScheduledEvent, user: User, *, added: bool) -> None:
        if added:
            event.interested[user.id] = user
        else:
            event.interested.pop(user.id, None)
        data = {
            "guild_scheduled_event_id": str(event.id),
            "user_id": str(user.id),
            "guild_id": str(event.guild.id),
            "response": 1,
        }
        name = "GUILD_SCHEDULED_EVENT_USER_ADD" if added else "GUILD_SCHEDULED_EVENT_USER_REMOVE"
        self.emit(name, data, event.guild, intent="scheduled_events")

    # telling

    def emit(
        self, name: str, data: Json, guild: Guild | None, *, intent: str = "", redacted: Json | None = None
    ) -> None:
        if guild is None or (guild.has_bot and guild.is_up):
            wanted = INTENTS[intent] if intent else 0
            self.gateway.dispatch(Event(name, data, guild.id if guild else None, wanted, redacted))
        self.changed()

    def _served(self, session: Session) -> list[Guild]:
        return [guild for guild in self.guilds.values() if guild.has_bot and session.serves(guild.id)]

    def _greet(self, session: Session) -> None:
        guilds = self._served(session)
        ready = {
            "v": 10,
            "user": {**payloads.user(self.bot), "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.gateway_url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(self.application_id), "flags": 0},
            "private_channels": [],
            "_trace": [],
        }
        session.push("READY", ready)
        for guild in guilds:
            if guild.is_up:
                self._push_guild(session, guild)

    def _push_guild(self, session: Session, guild: Guild) -> None:
        if session.intents & INTENTS["guilds"]:
            with_members = bool(session.intents & INTENTS["presences"])
            session.push("GUILD_CREATE", payloads.guild_create(guild, self.bot, with_members=with_members))

    def _send_members(self, session: Session, asked: Json) -> None:
        """One chunk for all, which holds up to a thousand members."""
        guild = self.guilds.get(int(asked.get("guild_id", 0)))
        if guild is None or not guild.has_bot:
            return
        wanted = {str(id) for id in asked.get("user_ids") or []}
        chosen = [member for member in guild.members.values() if not wanted or str(member.user.id) in wanted]
        data = {
            "guild_id": str(guild.id),
            "members": [payloads.member(member) for member in chosen],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted(wanted - {str(member.user.id) for member in chosen}),
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
        }
        session.push("GUILD_MEMBERS_CHUNK", data)

    # messages, for whoever only knows the world

    def named_in(self, message: Message) -> tuple[bool, list[User], list[Role]]:
        return self.posts.named_in(message)

    def change_thread(self, thread: Channel, *, archived: bool | None, locked: bool | None) -> None:
        self.posts.change_thread(thread, archived=archived, locked=locked)

    def moves(self, seconds: float) -> None:
        """Time passes; threads in which nothing happened for their time close, meetings begin and end."""
        self.clock.moves(seconds)
        self.run_events()
        for channel in list(self.channels.values()):
            if channel.is_thread and not channel.is_archived and self.posts.is_stale(channel):
                self.posts.change_thread(channel, archived=True)
        self.changed()
