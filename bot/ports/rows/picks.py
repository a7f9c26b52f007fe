"""Rows of what a pick is made from and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import BallotSlip, Electorate, NearWinner, Pick


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

    def seconded(self, group: str, session: int, entry: int) -> int:
        """How many members have confirmed the proposed paper."""
        ...

    def standing_ballots(self, group: str, session: int) -> Sequence[BallotSlip]:
        """The newest of each member, unless it was taken back."""
        ...

    def near(self, group: str, session: int) -> Sequence[NearWinner]:
        """Of its vote."""
        ...

    def second_chances(self, group: str) -> Sequence[int]:
        """Entries that come back and were not shown again yet, with the most votes first."""
        ...


class PickRows(PickReads, Protocol):
    def add(self, group: str, session: int, pick: Pick) -> int:
        """Returns its id."""
        ...

    def take_back(self, group: str, pick: int, at: datetime) -> None: ...

    def second(self, group: str, session: int, entry: int, member: int, at: datetime) -> None:
        """Said again, it stays."""
        ...

    def drop_seconded(self, group: str, session: int) -> None: ...

    def add_ballot(self, group: str, session: int, slip: BallotSlip) -> int:
        """Returns its id."""
        ...

    def drop_ballots(self, group: str, ballots: Sequence[int]) -> None: ...

    def carry(self, group: str, session: int, entry: int, votes: int) -> None:
        """A near-winner, unless it is one already."""
        ...

    def put_near(self, group: str, near: NearWinner) -> None:
        """As it is given; one that is there keeps when it was shown."""
        ...

    def drop_near(self, group: str, session: int) -> None:
        """Those of its vote that were not shown yet."""
        ...

    def mark_shown(self, group: str, entry: int, at: datetime) -> bool:
        """A near-winner came back. False when it had, or is none."""
        ...
