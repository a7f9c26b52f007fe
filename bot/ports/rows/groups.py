"""Rows of groups, their channels and what moderators changed of their settings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.model import GroupSettings, Override


@dataclass(frozen=True, slots=True)
class Stored:
    """What a group's settings are made from."""

    id: str
    name: str
    language: str
    settings: str  # as the configuration has them, JSON; "" for a group that was made from chat
    overrides: tuple[tuple[str, str], ...]  # (name, value) that moderators changed since, by name
    sources: tuple[str, ...]  # all that are configured


class GroupReads(Protocol):
    def stored(self, group: str) -> Stored | None: ...

    def founded(self) -> Sequence[GroupSettings]:
        """The groups that were made from chat, without their overrides."""
        ...

    def overrides(self) -> Sequence[Override]: ...

    def neighbours(self, group: str, places: Collection[str]) -> Mapping[str, str]:
        """Of these places those in which another group meets, with its name."""
        ...

    def export(self, group: str) -> Mapping[str, Any]:
        """All that a group did, as JSON data; members by name and number, without accounts and secrets."""
        ...


class GroupRows(GroupReads, Protocol):
    def found(self, group: GroupSettings, at: datetime) -> bool:
        """Makes one from chat. False when there is one of that id."""
        ...

    def configure(self, group: GroupSettings, settings: str) -> None:
        """What the configuration says of a group, which is made when it is new; "" when it says nothing any more."""
        ...

    def put_sources(self, sources: Collection[str]) -> None:
        """All that are configured, for all groups."""
        ...

    def override(self, group: str, values: Mapping[str, str | None], member: int, at: datetime) -> None:
        """What a moderator changed, by name; None: as configured."""
        ...

    def put(self, group: GroupSettings) -> None:
        """What its entries and cards are shown by."""
        ...

    def unbind_all(self) -> None:
        """No group meets anywhere, until it is bound again."""
        ...

    def bind(self, group: str, places: Collection[str]) -> None: ...

    def unbind(self, group: str, places: Collection[str]) -> None: ...
