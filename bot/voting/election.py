"""What a pick is made from: candidates, votes, ballots, who comes, the rule. Says what it holds; counts nothing.

Times are UTC-aware. Numbers of members need only be distinct: renumbering them changes no result, so that an export can
hide who they are. Paper keys matter, since the seeded draw goes by them; entries are only names for papers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, ClassVar, Literal

from bot.model import Rule

ATTENDANCE_SESSIONS = 4

STRICT: dict[str, Any] = {"extra": "forbid"}  # an unknown key in exported data might change the count


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper as it stood at the close."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    entry: int
    key: str
    nominated_at: datetime  # first vote or submission
    claimed_at: datetime | None = None  # None: nobody has claimed it
    claimer_away: bool = False  # the claimer has said that they don't come: the claim does not help this session
    withdrawn: bool = False  # by its authors
    dropped: bool = False  # by a moderator
    carried: int = 0  # votes that it brings along as a near-winner, see `second_chance`

    @property
    def is_standing(self) -> bool:
        return not (self.withdrawn or self.dropped)

    @property
    def ready_since(self) -> datetime | None:
        """Since when somebody who comes has claimed it."""
        return None if self.claimer_away else self.claimed_at


@dataclass(frozen=True, slots=True)
class CastVote:
    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    member: int
    entry: int
    at: datetime
    retracted_at: datetime | None = None  # a vote taken back after the close has counted, and still does


@dataclass(frozen=True, slots=True)
class Ballot:
    """`((3,), (1, 5))`: 3 first, then 1 and 5 as equals, then all others as equals. An approval ballot is any ballot;
    what it names is approved."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    member: int
    ranking: tuple[tuple[int, ...], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Election:
    """Everything that the pick of one session depends on, fixed at the close. Raises ValueError when it contradicts
    itself."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    seed: str  # of the draw, see `seed_for`
    rule: Rule
    until: datetime  # the close; what comes at that very moment is late
    candidates: tuple[Candidate, ...]
    since: datetime | None = None  # the close before this one, included; None: from the beginning
    votes: tuple[CastVote, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    attending: tuple[int, ...] = ()  # members who say that they come
    weights: tuple[tuple[int, Fraction], ...] = ()  # (member, weight); everybody else's vote weighs 1
    budget: int | None = None  # votes that a member has in a window; None: any number
    chosen: int | None = None  # the entry that an organiser chose instead of what the rule picks
    version: Literal[1] = 1  # of the rules, so that a pick made today can be recounted after they change

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))

    def _faults(self) -> Iterator[str]:
        entries = [candidate.entry for candidate in self.candidates]
        if len(set(entries)) < len(entries) or len({c.key for c in self.candidates}) < len(entries):
            yield "a paper is a candidate twice"
        if len({member for member, _ in self.weights}) < len(self.weights):
            yield "a member has two weights"
        if any(weight <= 0 for _, weight in self.weights):
            yield "a weight must be more than 0"
        if self.budget is not None and self.budget < 1:
            yield "a budget must be 1 vote or more"
        if any(candidate.carried < 0 for candidate in self.candidates):
            yield "a paper can't bring along less than no votes"
        if self.chosen is not None and self.chosen not in entries:
            yield f"entry {self.chosen} was chosen but is no candidate"
        if any(at.tzinfo is None for at in self._times()):
            yield "every time needs a zone"
        elif self.since is not None and self.until < self.since:
            yield "the window ends before it begins"

    def _times(self) -> Iterator[datetime]:
        yield self.until
        for candidate in self.candidates:
            yield candidate.nominated_at
        times = [self.since, *(candidate.claimed_at for candidate in self.candidates)]
        times += [at for vote in self.votes for at in (vote.at, vote.retracted_at)]
        yield from (at for at in (*times, *(ballot.at for ballot in self.ballots)) if at is not None)


def seed_for(group: str, session: str | date) -> str:
    """`reading-group/2026-11-26`: the date that the recurrence names, when the pick is made."""
    return f"{group}/{session}"


def attendance_weight(came: Sequence[bool]) -> Fraction:
    """One, and up to one more for the share of the group's last four sessions that the member came to; `came` has the
    newest first. Somebody new weighs 1, somebody who never misses weighs 2."""
    recent = came[:ATTENDANCE_SESSIONS]
    return 1 + Fraction(sum(recent), len(recent)) if recent else Fraction(1)
