"""What somebody does, and what came of it. Plain frozen data."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.model.people import Member


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and the request that asked for it. The same `request` again changes nothing."""

    request: str
    group: str
    member: int
    via: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """An entry's counts after an act, and whether the act changed anything."""

    changed: bool
    voted: bool
    votes: int
    title: str = field(default="", compare=False)  # of its paper, to be said
    hidden: bool = field(default=False, compare=False)  # nobody is told `votes` before the ballot closes
    first: bool = field(default=False, compare=False)  # the only vote that the member has, just given
    left: int | None = field(default=None, compare=False)  # votes that the member has left in this window; None: any


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """An entry's claims after an act. `kind` is what the member who acted has now, "" for nothing; `place` counts the
    backups up to theirs, 1 for the first."""

    changed: bool
    holder: Member | None
    kind: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Reaction:
    """An account put a voting emoji on a message, or took it away: the one that means what the message is about, or
    that of a `number` on it. `ref` is the surface's name of the message. Without a display name (surfaces tell none
    when it is taken away) nobody is enrolled."""

    account: str
    ref: str
    on: bool
    display_name: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Emoji:
    """A member's own that stands on a message, as we last knew; `number` as in a Reaction."""

    place: str
    ref: str
    account: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A paper's card that stands in a channel and may still be voted on, or several papers under the `numbers` whose
    emoji are votes, or an event on a surface's calendar."""

    message: int
    place: str
    ref: str
    parent_ref: str = ""
    takes_emoji: bool = True  # a voting emoji on it is a vote
    numbers: tuple[int, ...] = (0,)  # 0: the emoji that means what the message is about
    known: tuple[tuple[int, int], ...] = ()  # (number, how many have its emoji), as we last knew; those with any
    closes_in: float | None = None  # seconds until its vote closes, 0: never at a known time; None: none is open


@dataclass(frozen=True, slots=True)
class Stance:
    """What one member has done in a group, as entry ids; which sessions they said they join and skip."""

    voted: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    claimed: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
