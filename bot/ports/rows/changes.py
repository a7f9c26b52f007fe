"""What changed, in order, for live pages."""

from collections.abc import Sequence
from typing import Protocol

from bot.model import Change


class ChangeReads(Protocol):
    def changes(self, group: str, after: int, limit: int) -> Sequence[Change]:
        """At most `limit`, oldest first; a lone "reset" when some since `after` are not kept any more."""
        ...

    def last_change(self, group: str) -> int:
        """0 before the first."""
        ...

    def count(self) -> int:
        """Of all groups, as far as they are kept."""
        ...


class ChangeRows(ChangeReads, Protocol):
    def note(self, group: str, what: str) -> None:
        """Appends one: "entry:5", "session:2"."""
        ...

    def drop_old(self, kept: int) -> None:
        """Of all groups, but for the newest so many."""
        ...
