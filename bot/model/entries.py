"""Papers as a group sees them: entries, the digests that list them, what a search finds. Plain frozen data."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from bot.model.papers import Covered, Paper, Summary
from bot.model.people import Member

Layout = Literal[
    "digest", "channel", "thread"
]  # the whole day in one message, a card for each paper, those in a thread


@dataclass(frozen=True, slots=True)
class Listing:
    """A paper about to become an entry of a digest."""

    paper: Paper
    day: date
    source: str
    reason: str  # why it is listed, as shown: "41 upvotes on Hugging Face"
    late: bool = False
    chosen_by: Member | None = None  # a moderator, who put it first


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
    withdrawn: bool = False  # by who handed it in, before anybody else took it up
    votes: int = 0  # that are counted at the coming close
    passes: int = 0
    claimer: Member | None = None
    backups: tuple[Member, ...] = ()  # who follows when the claimer can't, in their order
    chooser: Member | None = None  # the moderator who put it first on its list
    submitter: Member | None = None  # who handed it in; None: a source announced it
    summary: Summary | None = None
    sheet: int | None = None  # which message of its day it is a part of, from 1; None: it has one to itself, or none
    hides_votes: bool = False  # until the ballot closes: then nobody is shown `votes`
    reads_on: date | None = None  # of the newest session that has picked it
    discussed: bool = False  # that session is over
    picked_with: Fraction | None = None  # votes, where they decided that it reads it

    @property
    def is_open(self) -> bool:
        """Votes and claims can lead to a meeting."""
        return not (self.is_off or self.discussed)

    @property
    def is_off(self) -> bool:
        """It can't be picked."""
        return self.dropped or self.withdrawn

    @property
    def states(self) -> tuple[str, ...]:
        """Derived, several may hold at once."""
        is_nominated = self.votes > 0 or (self.submitter is not None and not self.withdrawn)
        flags = (
            ("dropped", self.dropped),
            ("withdrawn", self.withdrawn),
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
    layout: Layout = "channel"  # fixed when it is made

    @property
    def announced(self) -> int:
        return self.papers - self.submitted


@dataclass(frozen=True, slots=True)
class Part:
    """Where an entry stands that is a part of its day's message: of the first, the second …"""

    posted_on: date
    sheet: int
    number: int  # under which it stands there


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
