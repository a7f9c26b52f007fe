"""A server on the fake Discord, and what its owner does to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.fakes.discord.model import KINDS, Channel, Role, ScheduledEvent, Tag, User
from tests.fakes.discord.permissions import EVERYONE, bits

if TYPE_CHECKING:
    from tests.fakes.discord.people import Member
    from tests.fakes.discord.world import World


class Guild:
    def __init__(self, world: World, id: int, name: str, locale: str) -> None:
        self.world = world
        self.id = id
        self.name = name
        self.locale = locale
        self.everyone = Role(id, "@everyone", bits(EVERYONE), 0)
        self.roles: dict[int, Role] = {id: self.everyone}
        self.channels: dict[int, Channel] = {}
        self.threads: dict[int, Channel] = {}
        self.members: dict[int, Member] = {}
        self.events: dict[int, ScheduledEvent] = {}
        self.has_bot = True
        self.is_up = True

    @property
    def bot(self) -> Member:
        return self.members[self.world.bot.id]

    @property
    def owner(self) -> Member:
        return next(iter(self.members.values()))

    def add_role(self, name: str, permissions: Iterable[str] = (), *, mentionable: bool = False) -> Role:
        role = Role(self.world.ids(), name, bits(permissions), len(self.roles), mentionable)
        self.roles[role.id] = role
        self.world.role_appeared(self, role)
        return role

    def add_channel(
        self,
        name: str,
        kind: str = "text",
        *,
        topic: str | None = None,
        tags: Iterable[str] = (),
        requires_tag: bool = False,
        id: int | None = None,
    ) -> Channel:
        """`kind` is "text", "news", "voice", "stage" or "forum"; only a forum has tags."""
        channel = Channel(self.world, id or self.world.ids(), name, KINDS[kind], self)
        channel.topic = topic
        channel.position = len(self.channels)
        channel.tags = [Tag(self.world.ids(), tag) for tag in tags]
        channel.requires_tag = requires_tag
        self.channels[channel.id] = channel
        self.world.channel_appeared(channel)
        return channel

    def add_member(
        self,
        who: str | User,
        *,
        permissions: Iterable[str] = (),
        roles: Iterable[Role] = (),
        locale: str = "en-US",
        nick: str | None = None,
        id: int | None = None,
    ) -> Member:
        """`permissions` are those beyond @everyone's. A `User` is one who is already in another server."""
        return self.world.add_member(self, who, permissions=permissions, roles=roles, locale=locale, nick=nick, id=id)

    def delete_channel(self, channel: Channel) -> None:
        self.world.delete_channel(channel)

    def kicks_bot(self) -> None:
        self.world.bot_leaves(self)

    def invites_bot(self) -> None:
        self.world.bot_joins(self)

    def goes_down(self) -> None:
        """An outage: the server is there, but nobody reaches it."""
        self.world.outage(self, over=False)

    def comes_back(self) -> None:
        self.world.outage(self, over=True)

    def __repr__(self) -> str:
        return f"<Guild {self.id} {self.name!r}>"
