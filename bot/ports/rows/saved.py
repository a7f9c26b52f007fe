"""Rows of papers that members keep to read."""

from collections.abc import Sequence
from typing import Protocol

from bot.model import Saved


class SavedReads(Protocol):
    def of(self, group: str, member: int) -> Sequence[Saved]:
        """The newest first."""
        ...


class SavedRows(SavedReads, Protocol):
    def put(self, group: str, member: int, saved: Saved) -> bool:
        """False when it was there."""
        ...

    def drop(self, group: str, member: int, key: str) -> None: ...
