"""What a step does to a meeting, and how the log has it. Plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.model.claims import ClaimMove, ClaimState
from bot.model.people import Member
from bot.model.sessions import SessionChanges


@dataclass(frozen=True, slots=True)
class Pick:
    """What a vote came to. `election` and `receipt` are JSON (see `bot.voting.export`), fixed at that time."""

    election: str
    receipt: str
    at: datetime
    by: Member | None = None  # None: the program, at the close
    id: int = 0
    session: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that should stand in the group's channels. Only on these `surfaces`, when any are named. It belongs
    into the thread of the message (`under`, same key up to its first space), where there is one and threads are."""

    kind: str
    key: str
    under: str = ""
    surfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a session, all of it or nothing."""

    session: int
    action: str  # in the audit log: "pick", "skip week"; "" leaves no trace there
    reason: str = ""
    sets: SessionChanges = field(default_factory=SessionChanges)
    done: tuple[str, ...] = ()  # keys of the timeline's steps that are behind us now
    undone: tuple[str, ...] = ()  # keys that may come again
    pick: Pick | None = None
    claims: tuple[ClaimMove, ...] = ()
    wishes: tuple[Wish, ...] = ()
    tells: bool = False  # channels are told of it: wants the message "step" of its row in the audit log
    carried: tuple["NearWinner", ...] = ()  # what its vote brings along to the next window
    follows: int | None = None  # the session whose vote moves on to this one, with its near-winners and its ballots


@dataclass(frozen=True, slots=True)
class NearWinner:
    """It comes back once, and brings votes along to the next window."""

    entry: int
    session: int  # in whose vote it came near
    carried: int  # at most
    shown_at: datetime | None = None  # when it came back
    since: datetime | None = None  # when that vote began; None: from the beginning


@dataclass(frozen=True, slots=True)
class Trace:
    """What a batch of Moves changed, so that it can be taken back: sessions' fields and claims' states by id, picks and
    ballots that it brought, near-winners as they were before and after."""

    before: dict[int, SessionChanges] = field(default_factory=dict)
    after: dict[int, SessionChanges] = field(default_factory=dict)
    claims_before: dict[int, ClaimState | None] = field(default_factory=dict)  # None: there was none
    claims_after: dict[int, ClaimState] = field(default_factory=dict)
    picks: tuple[int, ...] = ()
    ballots: tuple[int, ...] = ()
    near_before: tuple[NearWinner, ...] = ()
    near_after: tuple[NearWinner, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """A Move as the audit log has it, for those who are told. `before` and `after` are the fields that it set."""

    id: int
    at: datetime
    by: str  # display name; "" for the program itself
    action: str
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    session: int | None = None
    undone: bool = False
    members: Mapping[int, str] = field(default_factory=dict)  # names of those whose ids stand in `before` and `after`
    titles: Mapping[int, str] = field(default_factory=dict)  # the same for entries
