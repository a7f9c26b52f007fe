"""Rows of the audit log: who did what, what was there before and after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Logged, Step


class AuditReads(Protocol):
    def steps(self, group: str, limit: int) -> Sequence[Step]:
        """Newest first."""
        ...

    def moderating(self, group: str) -> Sequence[str]:
        """Accounts of those who took a step, the latest first; at most five."""
        ...

    def logged(self, group: str, step: int) -> Logged | None:
        """One row that a Move left."""
        ...


class AuditRows(AuditReads, Protocol):
    def add(
        self,
        group: str,
        at: datetime,
        member: int | None,
        action: str,
        *,
        entry: int | None = None,
        session: int | None = None,
        before: str = "",
        after: str = "",
        reason: str = "",
    ) -> int:
        """Returns the id of the row."""
        ...
