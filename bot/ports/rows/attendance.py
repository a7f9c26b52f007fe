"""Rows of what members do for a meeting: who comes, roles, readings, questions, recaps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Archived, Effort, Room


class AttendanceReads(Protocol):
    def room(self, group: str, session: int) -> Room | None: ...

    def archive(self, group: str, query: str, now: datetime, limit: int) -> tuple[Sequence[Archived], int]:
        """Sessions that are over, the newest first: those that hold every word in title, authors, presenter, takeaways
        or questions, and how many there are in all. An empty query finds all."""
        ...

    def efforts(self, group: str, now: datetime, limit: int) -> Sequence[Effort]:
        """Of sessions that are over or next, the newest first."""
        ...


class AttendanceRows(AttendanceReads, Protocol): ...
