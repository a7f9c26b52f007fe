"""Rows of what a pick is made from and what came of it."""

from collections.abc import Sequence
from typing import Protocol

from bot.model import Electorate, Pick


class PickReads(Protocol):
    def picks(self, group: str, session: int) -> Sequence[Pick]:
        """The newest last."""
        ...

    def electorate(self, group: str, session: int) -> Electorate:
        """What a pick is made from. Nominees: entries that no session reads or has read, with a vote in the window, a
        submission in it, an awake claim, or votes carried along; of a session with a short list only those, whatever
        became of them; and always what a moderator chose (`session.entry`). The window begins with the close of the
        newest ballot before; of one that was opened again, not with that of a later session that closed since."""
        ...

    def ballot(self, group: str, session: int, member: int) -> Sequence[Sequence[int]]:
        """The one that stands; () for none."""
        ...

    def second_chances(self, group: str) -> Sequence[int]:
        """Entries that come back and were not shown again yet, with the most votes first."""
        ...


class PickRows(PickReads, Protocol): ...
