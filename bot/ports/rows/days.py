"""Rows of a group's digests, and which announcements each covers."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.model import Covered, Digest


class DayReads(Protocol):
    def had(self, group: str, since: date) -> frozenset[Covered]:
        """What this group has had, or was spared when it began."""
        ...

    def digest(self, group: str, posted_on: date) -> Digest | None: ...

    def digests(self, group: str, limit: int) -> Sequence[Digest]:
        """Newest first."""
        ...


class DayRows(DayReads, Protocol): ...
