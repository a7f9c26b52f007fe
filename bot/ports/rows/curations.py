"""Rows of what moderators chose for the lists to come: one for a paper of a group."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Curation


class CurationReads(Protocol):
    def of(self, group: str) -> Sequence[Curation]:
        """The newest first."""
        ...


class CurationRows(CurationReads, Protocol):
    def put(self, group: str, key: str, member: int, at: datetime, *, hidden: bool) -> None:
        """Of a known paper; in place of what was chosen for it."""
        ...

    def drop(self, group: str, keys: Sequence[str]) -> None: ...

    def drop_old(self, before: datetime) -> None:
        """Of all groups."""
        ...
