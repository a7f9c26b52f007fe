"""A group's life: members, entries, digests, votes and claims, and what came of an act. Plain frozen data."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.model.papers import Covered, Paper, Summary

Role = Literal["member", "moderator"]


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    name: str
    role: Role = "member"


@dataclass(frozen=True, slots=True)
class Listing:
    """A paper about to become an entry of a digest."""

    paper: Paper
    day: date
    source: str
    reason: str  # why it is listed, as shown: "41 upvotes on Hugging Face"
    late: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as one group sees it."""

    id: int
    group: str
    paper: Paper
    posted_on: date  # of the digest that lists it
    rank: int  # 1-based number on that digest's list
    day: date
    source: str
    reason: str
    late: bool = False
    dropped: bool = False
    votes: int = 0
    passes: int = 0
    claimer: Member | None = None
    backups: tuple[Member, ...] = ()  # who follows when the claimer can't, in their order
    submitter: Member | None = None  # who handed it in; None: a source announced it
    summary: Summary | None = None
    hides_votes: bool = False  # until the ballot closes: then nobody is shown `votes`
    reads_on: date | None = None  # of the newest session that has picked it
    discussed: bool = False  # that session is over

    @property
    def states(self) -> tuple[str, ...]:
        """Derived, several may hold at once."""
        is_nominated = self.votes > 0 or self.submitter is not None
        flags = (
            ("dropped", self.dropped),
            ("nominated", is_nominated),
            ("claimed", self.claimer is not None),
            ("scheduled", self.reads_on is not None and not self.discussed),
            ("discussed", self.discussed),
        )
        return ("listed", *(name for name, holds in flags if holds))


@dataclass(frozen=True, slots=True)
class Digest:
    """One post of a group. `why` says why it is empty (facts fixed at the time), "" when it is not."""

    group: str
    posted_on: date  # in the group's zone; one digest per group and date
    covers: tuple[Covered, ...]  # what it is about, read or not
    papers: int = 0  # counted from its entries, as are `late`, `submitted` and `days`
    late: int = 0
    submitted: int = 0  # handed in by members; the others were announced
    days: tuple[date, ...] = ()  # on which its papers were announced
    cards: int = 0  # papers that have a card in the channels
    why: str = ""
    next_due: datetime | None = None
    missing: tuple[str, ...] = ()  # labels of sources that could not be read yet
    threaded: bool = False  # its cards stand in a thread under it; fixed when it is made

    @property
    def announced(self) -> int:
        return self.papers - self.submitted


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
    """An account put the voting emoji on a message, or took it away. `ref` is the surface's name of the message.
    Without a display name (surfaces tell none when it is taken away) nobody is enrolled."""

    account: str
    ref: str
    on: bool
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A paper's card that stands in a channel and may still be voted on, or an event on a surface's calendar."""

    message: int
    place: str
    ref: str
    parent_ref: str = ""
    takes_emoji: bool = True  # the voting emoji on it is a vote


@dataclass(frozen=True, slots=True)
class Override:
    """A setting that a moderator changed from chat; it wins over the configuration until it is reset."""

    group: str
    name: str  # "timezone", "day.cards"
    value: str  # as it is typed
    by: str  # display name
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the audit log. `before` and `after` are as stored: of settings JSON (name → value, null: as
    configured), of claims the holders' names. `undone`: it was taken back."""

    id: int
    at: datetime
    by: str  # display name; "" for the program itself
    action: str  # "set day.cards", "assign", "undo set day.cards"
    before: str
    after: str
    reason: str = ""
    entry: int | None = None
    undone: bool = False
    session: int | None = None  # left by a Move: `Store.logged` has it whole


@dataclass(frozen=True, slots=True)
class Done:
    """The same row as it was written, for who takes the step back."""

    id: int
    by: int | None  # member; None: the program itself
    action: str
    entry: int | None
    session: int | None
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stance:
    """What one member has done in a group, as entry ids; which sessions they said they join and skip."""

    voted: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    claimed: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Titled:
    """An entry in a word, for a member who is typing. `number` is its place on the newest list."""

    entry: int
    title: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search; `total` counts every match."""

    entries: tuple[Entry, ...]
    total: int
