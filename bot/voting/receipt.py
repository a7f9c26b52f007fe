"""What is published under a pick: numbers, never members, and no words (those are in `bot.views.receipt`)."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar, Literal

from bot.model import Rule
from bot.voting.election import STRICT

Outcome = Literal[
    "picked",
    "only one",  # one paper stands, and it has votes
    "nobody voted",
    "votes withdrawn",  # there were votes, and every one was taken back
    "papers withdrawn",  # every candidate was withdrawn or dropped
    "no candidates",
    "chosen",  # by an organiser
]
Step = Literal["claimed", "attendees", "older", "draw"]
Reason = Literal[
    "late",  # at the close or after it: counts next time
    "early",  # counted last time, or before
    "retracted",
    "unlisted",  # for a paper that is no candidate
    "dropped",
    "withdrawn",
    "repeated",  # the same member's second vote for a paper, after linking accounts: the first counts
    "over budget",
    "replaced",  # by a newer ballot of the same member
    "blank",  # names no paper that stands
]
OTHER_WINDOWS: tuple[Reason, ...] = ("late", "early")


@dataclass(frozen=True, slots=True)
class Excluded:
    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    what: Literal["vote", "ballot"]
    reason: Reason
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper's line. `score` is what the rule goes by: weight of votes or approvals, the last count of the run-off,
    duels won."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    entry: int
    key: str
    score: Fraction
    votes: Fraction  # weight of the votes in the window, with those carried along
    carried: int
    backers: int  # members who voted for it, put it first or approve it
    attendees: int  # those of them who say that they come
    claimed_at: datetime | None  # None also when the claimer is away
    nominated_at: datetime
    draw: str  # sha256 of "<seed>/<key>"; the lowest wins a draw


@dataclass(frozen=True, slots=True)
class TieStep:
    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    step: Step
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """`steps` has only those steps of the tie-break that told papers apart; the last leaves one."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    among: tuple[int, ...]
    steps: tuple[TieStep, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the run-off. `out` is None in the last."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    counts: tuple[tuple[int, Fraction], ...]  # the highest first
    exhausted: Fraction  # weight of the ballots that name none of these papers
    out: int | None = None
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class Duels:
    """Every paper against every other, in the order of `entries`: `prefer[i][j]` is the weight of the ballots with i
    above j, `paths[i][j]` the strength of the strongest path from i to j."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    entries: tuple[int, ...]
    prefer: tuple[tuple[Fraction, ...], ...]
    paths: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    seed: str
    rule: Rule  # the group's
    counted_by: Rule  # "votes" when a ballot was asked for and nobody filled one in
    since: datetime | None
    until: datetime
    outcome: Outcome
    winner: int | None  # None: a moderator has to choose
    standings: tuple[Standing, ...]  # the papers that can be picked, the best first
    fallen: tuple[int, ...]  # candidates that were withdrawn or dropped
    voters: int  # members with a vote or ballot that counts
    is_weighted: bool  # somebody's vote weighs other than 1
    excluded: tuple[Excluded, ...]
    tie: Tie | None = None  # for the first place; ties of a run-off stand in their rounds
    rounds: tuple[Round, ...] = ()
    duels: Duels | None = None

    @property
    def leader(self) -> int | None:
        """What the rule puts first, whoever was chosen or asked."""
        return self.standings[0].entry if self.standings else None

    @property
    def runners_up(self) -> tuple[int, ...]:
        """What a moderator's "next" goes through."""
        return tuple(line.entry for line in self.standings if line.entry != self.winner)
