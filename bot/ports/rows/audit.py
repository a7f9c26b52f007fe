"""Rows of the audit log: who did what, what was there before and after."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Act, Done, LogEntry, Logged, Trace


@dataclass(frozen=True, slots=True)
class Deed:
    """A member's step, and what tells whether it was for themselves."""

    at: datetime
    member: int
    role: str  # the member's today; "" when they have left
    action: str
    presenter_before: int | None  # of the session that it is about
    has_seconded: bool  # the member confirmed a paper of that session


class AuditReads(Protocol):
    def steps(self, group: str, limit: int) -> Sequence[LogEntry]:
        """Newest first."""
        ...

    def step(self, group: str, step: int) -> LogEntry | None: ...

    def standing(self, group: str, before: int | None, limit: int) -> Sequence[Done]:
        """Rows that were not taken back, the newest first; those before a row, when one is named."""
        ...

    def newest_of(self, group: str, member: int, begins: str) -> Done | None:
        """The member's newest one whose action begins so."""
        ...

    def trace(self, group: str, step: int) -> Trace | None:
        """Of a row that Moves left, what they changed."""
        ...

    def actors(self, group: str, besides: Collection[str], limit: int) -> Sequence[str]:
        """Accounts of those who took a step of another action than these, the latest first."""
        ...

    def deeds(self, group: str, since: datetime | None, until: datetime) -> Sequence[Deed]:
        """Members' steps from then on (None: ever) and before then."""
        ...

    def of_session(self, group: str, session: int) -> Sequence[int]:
        """The ids of its steps, the oldest first."""
        ...

    def logged(self, group: str, step: int) -> Logged | None:
        """One row that a Move left."""
        ...


class AuditRows(AuditReads, Protocol):
    def add_move(self, act: Act, session: int, action: str, reason: str, trace: Trace) -> int:
        """Returns the id of the row."""
        ...

    def rename(self, group: str, old: int, new: int) -> Mapping[int, tuple[str, str]]:
        """One member is another from now on, wherever rows tell of one before or after. Named twice, they stay once.
        What these rows told, by id."""
        ...

    def reword(self, group: str, told: Mapping[int, tuple[str, str]]) -> None:
        """What rows tell of before and after, by id."""
        ...

    def mark_undone(self, group: str, step: int, at: datetime) -> None: ...

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
