"""Rows of what a pick is made from and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.model import BallotSlip, NearWinner, Pick, Session


@dataclass(frozen=True, slots=True)
class Close:
    """When the ballot of a session closed, whatever became of the session."""

    session: int
    starts: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that a member holds, awake, and since when."""

    entry: int
    member: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Nominable:
    """As much of an entry as a count needs."""

    entry: int
    key: str
    title: str
    posted_on: date
    dropped: bool
    withdrawn: bool = False


class PickReads(Protocol):
    def picks(self, group: str, session: int) -> Sequence[Pick]:
        """The newest last."""
        ...

    def newest_picks(self, group: str, sessions: Collection[int]) -> Mapping[int, Pick]:
        """By session, of those that have one."""
        ...

    # the window of a vote

    def closes(self, group: str) -> Sequence[Close]: ...

    def first_counted(self, group: str, session: int) -> datetime | None:
        """When the first pick of a session was made, whether it was taken back or not."""
        ...

    def over(self, group: str, before: datetime, limit: int) -> Sequence[Session]:
        """Planned sessions that began before then and are known to be over, the newest first. A read has no clock: what
        is known is when a step of the timeline was last taken."""
        ...

    # what is in it

    def submitted(self, group: str, since: datetime | None, until: datetime | None) -> Mapping[int, datetime]:
        """Entries that members handed in from then on (None: ever) and before then, with when."""
        ...

    def holders(self, group: str, until: datetime | None) -> Sequence[Held]:
        """Of claims that stand and were begun before then (None: ever)."""
        ...

    def near_winners(self, group: str, closed_at: datetime) -> Sequence[NearWinner]:
        """Of the vote that closed just then, by entry. One that moved on to another session took the time of its close
        along."""
        ...

    def reading(self, group: str, besides: int = 0) -> frozenset[int]:
        """Entries that planned sessions read or have read, but for one session."""
        ...

    def papers(self, group: str, entries: Collection[int]) -> Sequence[Nominable]:
        """By entry."""
        ...

    # who votes

    def voters(self, group: str) -> Sequence[int]:
        """All members, by id."""
        ...

    def slips(self, group: str, session: int) -> Sequence[BallotSlip]:
        """Every ballot that was cast, the newest last."""
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

    def ballots(self, group: str, sessions: Collection[int]) -> Mapping[int, int]:
        """By session, how many members have one that stands and is not empty; without those of which nobody has."""
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

    def carry(self, group: str, near: NearWinner) -> None:
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
