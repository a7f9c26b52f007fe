"""Rows of meetings and of the steps of the timeline that are behind them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.model import Planned, Session, SessionChanges


class SessionReads(Protocol):
    def sessions(self, group: str, since: datetime) -> Sequence[Session]:
        """Of any status, that end later than `since`, by start."""
        ...

    def session(self, group: str, session: int) -> Session | None: ...

    def session_of(self, group: str, entry: int) -> Session | None:
        """The newest planned session that reads an entry, over or to come."""
        ...

    def last_session(self, group: str, before: datetime) -> Session | None:
        """The newest planned one that has started by then."""
        ...

    def counting(self, group: str, entry: int, since: datetime) -> Sequence[int]:
        """Planned sessions that start later than `since` and whose vote is open, or is about the entry."""
        ...

    def session_on(self, group: str, on: date) -> Session | None:
        """Of the date that the recurrence names, whatever became of it."""
        ...

    def naming(self, group: str, member: int, since: datetime) -> Mapping[int, Sequence[int]]:
        """Sessions that start later than `since`, and those where the member was asked in vain; with who was so."""
        ...

    def done_steps(self, group: str, session: int) -> frozenset[str]:
        """Keys of the timeline's steps that are behind it."""
        ...


class SessionRows(SessionReads, Protocol):
    def add(self, group: str, planned: Planned, at: datetime) -> int:
        """A planned one, on a date that has none. Returns its id."""
        ...

    def change(self, group: str, session: int, changes: SessionChanges) -> None: ...

    def mark(self, group: str, session: int, keys: Sequence[str], at: datetime) -> None:
        """Steps that are behind it from now on."""
        ...

    def unmark(self, group: str, session: int, keys: Sequence[str]) -> None: ...

    def unmark_all(self, group: str, session: int) -> None: ...
