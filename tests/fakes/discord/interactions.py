"""A press, a choice, a typed command: what the bot is told of it, and what came back. Checks no rules."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord import payloads
from tests.fakes.discord.model import Channel, Message
from tests.fakes.discord.refusals import Json

if TYPE_CHECKING:
    from tests.fakes.discord.people import Member
    from tests.fakes.discord.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5


@dataclass(slots=True, eq=False)
class Interaction:
    """`first` is what the first answer was. `source` is the message whose button was pressed."""

    world: World
    id: int
    kind: int
    member: Member
    channel: Channel
    data: Json
    source: Message | None = None
    parent: Interaction | None = None  # of a modal: what opened it
    token: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    opened: float = 0.0
    took: float = 0.0
    first: str = ""
    is_private: bool = False
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    refusals: list[str] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return bool(self.first)

    @property
    def is_settled(self) -> bool:
        """Nothing more is promised: there is an answer, and it is no "thinking …"."""
        return self.is_answered and not (self.original is not None and self.original.is_thinking)

    @property
    def metadata(self) -> Json:
        """What a message that answers tells about this."""
        found: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": payloads.user(self.member.user),
            "authorizing_integration_owners": self._owners,
        }
        if self.kind == COMPONENT and self.source:
            found["interacted_message_id"] = str(self.source.id)
        if self.kind == COMMAND and self.data["type"] == 3:
            found["target_message_id"] = self.data["target_id"]
        if self.kind == MODAL and self.parent:
            found["triggering_interaction_metadata"] = self.parent.metadata
        return found

    @property
    def _owners(self) -> dict[str, str]:
        return {"0": str(self.channel.guild.id) if self.channel.guild else "0"}

    def start(self) -> None:
        """Tells the bot. From now on its time runs."""
        self.world.interactions[self.token] = self
        self.opened = self.world.clock.seconds
        self.world.emit("INTERACTION_CREATE", self.payload(), self.channel.guild)

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "application_id": str(self.world.application_id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": self._channel(),
            "app_permissions": str(self.channel.permissions_of(self.world.bot)),
            "locale": self.member.locale,
            "entitlements": [],
            "authorizing_integration_owners": self._owners,
            "attachment_size_limit": 10 * 1024 * 1024,
            **self._who(),
            **({"message": payloads.message(self.source, self.world.bot)} if self.source else {}),
        }

    def _who(self) -> Json:
        guild = self.channel.guild
        if guild is None:
            return {"user": payloads.user(self.member.user), "context": 1}
        permissions = str(self.channel.permissions_of(self.member.user))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": {**payloads.member(self.member), "permissions": permissions},
            "context": 0,
        }

    def _channel(self) -> Json:
        found = payloads.channel(self.channel)
        if self.channel.guild:
            found["permissions"] = str(self.channel.permissions_of(self.member.user))
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class Modal:
    """A form that opened on the member's screen."""

    interaction: Interaction
    title: str
    custom_id: str
    components: list[Json]

    @property
    def labels(self) -> list[str]:
        return [str(item.get("label")) for item in _fields(self.components)]


def _fields(components: list[Json]) -> list[Json]:
    flat = [inner for item in components if item["type"] == 1 for inner in item["components"]]
    return flat + [item for item in components if item["type"] == 18]


class Answer:
    """What the member got. It stays true: a later edit of the answer shows here."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    @property
    def kind(self) -> str:
        """The first answer: "message", "deferred", "update", "modal" or "choices"."""
        return self.interaction.first

    @property
    def took(self) -> float:
        return self.interaction.took

    @property
    def message(self) -> Message | None:
        """The message that answers or, after an update, the one that the button is on."""
        return self.interaction.original

    @property
    def is_private(self) -> bool:
        return self.message.is_private if self.message else self.interaction.is_private

    @property
    def is_thinking(self) -> bool:
        return bool(self.message and self.message.is_thinking)

    @property
    def is_deleted(self) -> bool:
        return bool(self.message and self.message.is_deleted)

    @property
    def content(self) -> str:
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        return self.message.embeds if self.message else []

    @property
    def components(self) -> list[Json]:
        return self.message.components if self.message else []

    @property
    def text(self) -> str:
        return self.message.text if self.message else ""

    @property
    def buttons(self) -> list[str]:
        return self.message.buttons if self.message else []

    @property
    def selects(self) -> list[str]:
        return self.message.selects if self.message else []

    @property
    def followups(self) -> list[Message]:
        return self.interaction.followups

    @property
    def modal(self) -> Modal | None:
        form = self.interaction.modal
        return Modal(self.interaction, form["title"], form["custom_id"], form["components"]) if form else None

    @property
    def choices(self) -> list[Choice]:
        return [Choice(choice["name"], choice["value"]) for choice in self.interaction.choices or []]

    def __repr__(self) -> str:
        return f"<Answer {self.kind} private={self.is_private}: {self.text[:60]!r}>"
