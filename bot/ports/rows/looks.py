"""When each group is to be looked at next, for what the clock brings: a hint. What is due, all other rows say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol


class LookReads(Protocol):
    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Groups whose time has come, those that wait longest first. A new group's has."""
        ...

    def next(self, group: str) -> datetime: ...


class LookRows(LookReads, Protocol):
    def hold(self, groups: Collection[str], until: datetime) -> None: ...

    def put(self, looks: Mapping[str, datetime], held: datetime) -> None:
        """By group, unless its time is another than `held` by now."""
        ...

    def hasten(self, group: str, at: datetime) -> None:
        """Not later than then."""
        ...

    def hasten_all(self, at: datetime) -> None: ...
