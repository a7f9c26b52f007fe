"""Who presents a paper, with whom, and who follows. Plain frozen data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

from bot.model.people import Member

# --- claims ------------------------------------------------------------------------------------------------------

ClaimKind = Literal["holder", "co", "backup", "fallback"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A member's part in presenting a paper. There is one `holder` at most; `co` presents with them; the first `backup`
    follows when the holder goes; `fallback` takes it if nobody else does."""

    id: int
    entry: int
    member: Member
    kind: ClaimKind
    at: datetime  # when the member said so; backups follow in this order
    slept_at: datetime | None = None  # it was never picked for weeks: it does not count until it is woken
    released_at: datetime | None = None  # it has ended

    @property
    def state(self) -> "ClaimState":
        return ClaimState(self.kind, self.released_at)


@dataclass(frozen=True, slots=True)
class ClaimState:
    """As much of a claim as an undo brings back."""

    kind: ClaimKind
    released_at: datetime | None


class ClaimChanges(TypedDict, total=False):
    kind: ClaimKind
    at: datetime
    kept_at: datetime | None  # when its holder last said that they keep it
    slept_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """ "release": the claim ends. "promote": it becomes the holder's. "step back": a holder's becomes a backup's.
    "give": `member` becomes the holder of `entry`, which nobody holds."""

    what: Literal["release", "promote", "step back", "give"]
    claim: int = 0
    entry: int = 0
    member: int = 0
