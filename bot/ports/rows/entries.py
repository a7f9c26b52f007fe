"""Rows of entries: papers as one group sees them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.model import Entry, Found, Listing, Part, Titled


class EntryReads(Protocol):
    def entry(self, group: str, entry: int) -> Entry | None: ...

    def entry_by_key(self, group: str, key: str) -> Entry | None: ...

    def entries(self, group: str, posted_on: date) -> Sequence[Entry]:
        """Of one digest, by number."""
        ...

    def on_sheet(self, group: str, posted_on: date, sheet: int) -> Sequence[Entry]:
        """Those of a digest that are parts of one of its messages, by number."""
        ...

    def parts(self, group: str, entries: Sequence[int]) -> Mapping[int, Part]:
        """Of these entries those that are parts of a message, and of which."""
        ...

    def numbered(self, group: str, posted_on: date, sheet: int, number: int) -> int | None:
        """The part of that message of a digest that has the number."""
        ...

    def count_parts(self, group: str, posted_on: date) -> int:
        """How many of a digest are parts of its messages."""
        ...

    def some(self, group: str, ids: Sequence[int]) -> Sequence[Entry]:
        """In this order; those of the group."""
        ...

    def known(self, group: str, keys: Sequence[str]) -> frozenset[str]:
        """Those paper keys that already are entries of this group."""
        ...

    def ids(self, group: str, keys: Sequence[str]) -> Mapping[str, int]:
        """Entries of this group by the keys of their papers; those that it has."""
        ...

    def of_papers(self, keys: Sequence[str]) -> Sequence[tuple[str, int]]:
        """(group, entry) in every group that has them, in the order of the keys."""
        ...

    def last_rank(self, group: str, posted_on: date) -> int:
        """The highest number on the list of a date; 0 when nothing is on it."""
        ...

    def search(self, group: str, query: str, *, limit: int, titles_only: bool = False) -> Found:
        """Entries that hold every word of `query`, best first. Any string is safe; one without a word finds none."""
        ...

    def dealt_with(self, group: str) -> Mapping[int, str]:
        """Titles of entries that a planned session reads, or has read, or that a member has claimed."""
        ...

    def titles(self, group: str, typed: str, limit: int) -> Sequence[Titled]:
        """Entries that go on from what was typed: a number of the newest list, words of a title whose last may have
        just begun, an arXiv id. The newest list first; with nothing typed, the newest entries."""
        ...

    def held_by(self, group: str, member: int, what: str) -> Sequence[Entry]:
        """Entries that the member "voted", "passed", "claimed", "handed in" or said to have "read", newest first."""
        ...

    def submitted(self, group: str, member: int) -> Sequence[int]:
        """Ids of those that the member handed in."""
        ...

    def is_taken_up(self, group: str, entry: int, besides: int, talk: str) -> bool:
        """Whether another member has a vote or a claim on it, or it has a message of the kind `talk`."""
        ...


class EntryRows(EntryReads, Protocol):
    def put_dropped(self, group: str, entry: int, *, dropped: bool) -> bool:
        """False when it was so, or there is no such entry."""

    def add(
        self,
        group: str,
        posted_on: date,
        ranked: Sequence[tuple[int, Listing]],
        submitted: tuple[int, datetime] | None = None,
    ) -> None:
        """Papers that are known, each under its number; `submitted` when a member handed them in."""
        ...

    def add_again(
        self, group: str, posted_on: date, rank: int, listing: Listing, submitted: tuple[int, datetime]
    ) -> None:
        """One that was withdrawn, of the same paper. On another list than before it is a part of no message yet."""
        ...

    def put_withdrawn(self, group: str, entry: int, at: datetime) -> None: ...

    def put_sheet(self, group: str, entry: int, sheet: int) -> None:
        """It is a part of that message of its digest."""
        ...

    def set_paper(self, group: str, entry: int, key: str) -> None:
        """It is of a known paper from now on."""
        ...
