"""Rows of entries: papers as one group sees them."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.model import Entry, Found, Titled


class EntryReads(Protocol):
    def entry(self, group: str, entry: int) -> Entry | None: ...

    def entry_by_key(self, group: str, key: str) -> Entry | None: ...

    def entries(self, group: str, posted_on: date) -> Sequence[Entry]:
        """Of one digest, by number."""
        ...

    def known(self, group: str, keys: Sequence[str]) -> frozenset[str]:
        """Those paper keys that already are entries of this group."""
        ...

    def search(self, group: str, query: str, *, limit: int, titles_only: bool = False) -> Found:
        """Entries that hold every word of `query`, best first. Any string is safe; one without a word finds none."""
        ...

    def titles(self, group: str, typed: str, limit: int) -> Sequence[Titled]:
        """Entries that go on from what was typed: a number of the newest list, words of a title whose last may have
        just begun, an arXiv id. The newest list first; with nothing typed, the newest entries."""
        ...

    def held_by(self, group: str, member: int, what: str) -> Sequence[Entry]:
        """Entries that the member "voted", "passed" or "claimed", newest first."""
        ...


class EntryRows(EntryReads, Protocol):
    def put_dropped(self, group: str, entry: int, *, dropped: bool) -> bool:
        """False when it was so, or there is no such entry."""
        ...
