"""Rows of a group's digests, and which announcements each covers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from bot.model import Covered, Digest


class DayReads(Protocol):
    def had(self, group: str, since: date) -> frozenset[Covered]:
        """What this group has had, or was spared when it began."""
        ...

    def digest(self, group: str, posted_on: date) -> Digest | None: ...

    def digests(self, group: str, limit: int, until: date = date.max) -> Sequence[Digest]:
        """Newest first, dated `until` then."""
        ...

    def newest(self, group: str, since: date, until: date) -> date | None:
        """The date of the last digest between the two, which are meant too."""
        ...

    def covered(self, groups: Collection[str], since: date, missing_since: date) -> frozenset[Covered]:
        """What digests of these groups since a date are about, and those since another date that miss something."""
        ...


class DayRows(DayReads, Protocol):
    def put(self, digest: Digest) -> None:
        """A new one, or what it tells from now on. Its counts are not stored."""
        ...

    def mark_had(self, group: str, posted_on: date, pairs: Sequence[Covered]) -> None:
        """With the digest of that date; those that were had before stay with theirs."""
        ...
