"""Rows of votes and passes. A vote is the set of ways in which it was given; its log says since when it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Backing, Stance, VoteSpan


@dataclass(frozen=True, slots=True)
class VoteStanding:
    """An entry's votes, and how one member stands to it."""

    title: str
    votes: int  # that are counted at the coming close
    has_voted: bool
    has_passed: bool
    counts_from: datetime | None  # of the member's vote in the log of votes; None: none counts
    dropped: bool
    withdrawn: bool
    is_picked: bool  # a planned session reads it


@dataclass(frozen=True, slots=True)
class Span:
    """Of the log of votes: from `at` on a vote counts."""

    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Backed:
    """An entry in a window of votes."""

    entry: int
    backing: Backing  # as it is, or was at the end of the window
    first_at: (
        datetime | None
    )  # of all votes that were given in it, also of those that were taken back; None: no vote was


class VoteReads(Protocol):
    def standing(self, group: str, member: int, entry: int) -> VoteStanding | None:
        """None when the group has no such entry."""
        ...

    def window(self, group: str) -> datetime | None:
        """From when on votes are for the coming close. None: from the beginning."""
        ...

    def given(self, group: str, member: int, since: datetime | None) -> int:
        """Votes of the member that were given since then (None: ever) and stand."""
        ...

    def spans(self, group: str, since: datetime | None) -> Sequence[VoteSpan]:
        """The log of votes that were given since then (None: ever), the oldest first."""
        ...

    def backed(self, group: str, since: datetime | None, until: datetime | None) -> Sequence[Backed]:
        """Entries for which votes were given from then on (None: ever) and before then (None: the window is open), and
        the near-winners of the vote that closed when it begins."""
        ...

    def stance(self, group: str, member: int) -> Stance: ...

    def open_spans_of_both(self, group: str, one: int, other: int) -> Sequence[tuple[Span, Span]]:
        """Of each entry on which two members' votes count."""
        ...


class VoteRows(VoteReads, Protocol):
    def begin_window(self, group: str, since: datetime | None) -> None: ...

    def add_source(self, group: str, member: int, entry: int, via: str, at: datetime) -> None:
        """A way in which the member votes; said again, it stays."""
        ...

    def drop_source(self, group: str, member: int, entry: int, via: str) -> None: ...

    def drop_sources(self, group: str, member: int, entry: int) -> None:
        """All of them."""
        ...

    def open_span(self, group: str, member: int, entry: int, at: datetime) -> None:
        """From here on the vote counts. None may be open."""
        ...

    def close_span(self, group: str, member: int, entry: int, at: datetime) -> None:
        """Up to here it did. Does nothing when none is open."""
        ...

    def end_spans(self, ends: Mapping[int, datetime]) -> None:
        """When each of them ends, by id."""
        ...

    def put_pass(self, group: str, member: int, entry: int, at: datetime) -> None: ...

    def drop_pass(self, group: str, member: int, entry: int) -> None: ...
