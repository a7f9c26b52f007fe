"""Rows of meetings and of the steps of the timeline that are behind them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Session


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

    def done_steps(self, group: str, session: int) -> frozenset[str]:
        """Keys of the timeline's steps that are behind it."""
        ...


class SessionRows(SessionReads, Protocol): ...
