"""What stands in channels and how it got there, and how sources fare. Plain frozen data."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that should stand in a channel, with what we know of its delivery. `attempts` counts since it was
    last shown; a crash while sending counts too."""

    id: int
    group: str
    place: str
    kind: str
    key: str
    round: int
    wanted: int  # revision that should be shown
    shown: int  # revision that is shown; 0: never posted
    ref: str  # the platform's name for it; "" before the first post
    hash: str
    wanted_at: datetime  # the oldest wish that is not shown yet: no attempt to show it is older
    attempts: int = 0
    parent_ref: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    seq: int
    group: str
    what: str  # "message:12", "entry:5"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How the last fetch of a source's day went."""

    source: str
    day: date
    at: datetime
    papers: int
    skipped: int
    problem: str = ""  # "" when it went well
    note: str = ""  # what the source says of its list
    read_at: datetime | None = None  # when it last went well; None: never


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that was given up or is being retried."""

    place: str
    error: str
    attempts: int
    since: datetime
    given_up: bool
