"""What a vote is made of. Plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# --- what a vote is made of ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Backing:
    """Who is behind a paper at a close. Whoever voted again is among the given, and waits no longer: nobody weighs more
    for voting twice."""

    given: int = 0  # members whose vote was given since the close before, and stands
    waiting: int = 0  # of a near-winner: members whose vote of the time before stands and was not given again
    most: int = 0  # votes that it may bring along

    @property
    def carried(self) -> int:
        """Half of the votes that wait, rounded down."""
        return min(self.waiting // 2, self.most)

    @property
    def votes(self) -> int:
        """What is counted, wherever a number of votes is shown."""
        return self.given + self.carried


@dataclass(frozen=True, slots=True)
class Nominee:
    entry: int
    key: str
    title: str
    nominated_at: datetime  # first vote in the window, submission, claim, or coming back as a near-winner
    claimed_at: datetime | None = None
    claimer: int | None = None  # member
    dropped: bool = False
    carried: int = 0
    votes: int = 0  # members whose vote in the window stands


@dataclass(frozen=True, slots=True)
class VoteSpan:
    """A vote from when it was given until it was taken back. Once in the log it stays there."""

    member: int
    entry: int
    at: datetime
    retracted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BallotSlip:
    member: int
    ranking: tuple[tuple[int, ...], ...]  # entries; the first group is the first choice
    at: datetime


@dataclass(frozen=True, slots=True)
class Electorate:
    """What a pick of a session is made from, as it stands."""

    since: datetime | None  # the close of the ballot before; None: from the beginning
    nominees: tuple[Nominee, ...]
    votes: tuple[VoteSpan, ...]  # on these nominees, in the window and later
    slips: tuple[BallotSlip, ...]  # every one that was cast, newer ones of a member too
    coming: tuple[int, ...]  # members
    skipping: tuple[int, ...]
    came: Mapping[int, tuple[bool, ...]]  # member → whether they came to the group's last sessions, the newest first
