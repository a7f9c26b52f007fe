"""Rows of groups, their channels and what moderators changed of their settings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.model import Act, GroupSettings, Override


@dataclass(frozen=True, slots=True)
class Stored:
    """What a group's settings are made from."""

    id: str
    name: str
    language: str
    settings: str  # as the configuration has them, JSON; "" for a group that was made from chat
    overrides: tuple[tuple[str, str], ...]  # (name, value) that moderators changed since, by name


class GroupReads(Protocol):
    def stored(self, group: str) -> Stored | None: ...

    def founded(self) -> Sequence[GroupSettings]:
        """The groups that were made from chat, without their overrides."""
        ...

    def overrides(self) -> Sequence[Override]: ...

    def export(self, group: str) -> Mapping[str, Any]:
        """All that a group did, as JSON data; members by name and number, without accounts and secrets."""
        ...


class GroupRows(GroupReads, Protocol):
    def configure(self, group: GroupSettings, settings: str) -> None:
        """What the configuration says of a group, which is made when it is new."""
        ...

    def put(self, group: GroupSettings) -> None:
        """What its entries and cards are shown by."""
        ...

    def take_back(self, act: Act, before: str, after: str) -> bool: ...

    def unbind_all(self) -> None:
        """No group meets anywhere, until it is bound again."""
        ...

    def bind(self, group: str, places: Collection[str]) -> None: ...
