"""One REST request as the routes see it, with the look-ups and permission checks that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.model import Channel, Message
from tests.fakes.discord.refusals import Json, Refused, invalid, missing_access, missing_permissions, unknown

if TYPE_CHECKING:
    from tests.fakes.discord.guilds import Guild
    from tests.fakes.discord.ratelimits import RateLimits
    from tests.fakes.discord.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes
    content_type: str


@dataclass(slots=True)
class Call:
    world: World
    limits: RateLimits
    method: str
    template: str
    ids: dict[str, int]
    texts: dict[str, str]
    query: Mapping[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list)

    @property
    def fields(self) -> Json:
        """The body of those requests whose body is an object."""
        return self.body if isinstance(self.body, dict) else {}

    def guild(self) -> Guild:
        guild = self.world.guilds.get(self.ids["guild_id"])
        if guild is None:
            raise unknown("Guild")
        if not guild.has_bot:
            raise missing_access()
        return guild

    def channel(self, *permissions: str) -> Channel:
        """The one in the path; the bot sees it and has these permissions there."""
        channel = self.world.channels.get(self.ids["channel_id"])
        if channel is None:
            raise unknown("Channel")
        if channel.guild and not channel.may(self.world.bot, "view_channel"):
            raise missing_access()
        if permissions and not channel.may(self.world.bot, *permissions):
            raise missing_permissions()
        return channel

    def message(self, channel: Channel) -> Message:
        message = channel.history.get(self.ids["message_id"])
        if message is None or message.is_private:
            raise unknown("Message")
        return message

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.query.get(name, str(default))
        if not text.isdigit() or not least <= int(text) <= most:
            raise invalid((name,), "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
        return int(text)

    def snowflake(self, name: str) -> int | None:
        text = self.query.get(name)
        if text is not None and not text.isdigit():
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return int(text) if text else None

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: Any = None


NOTHING = Reply(204)


@dataclass(frozen=True, slots=True)
class Route:
    """`check` holds the body to Discord's limits before anything is looked up or done."""

    method: str
    template: str
    handle: Callable[[Call], Reply]
    check: Callable[[Call], None] | None = None
    needs_token: bool = True


def not_modelled(what: str) -> Refused:
    return Refused(501, 0, f"this fake does not model {what}", broke_a_rule=True)
