"""Meetings of a group. Plain frozen data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypedDict

from bot.model.people import Member

# --- sessions ----------------------------------------------------------------------------------------------------

SessionStatus = Literal["planned", "skipped", "cancelled"]


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a group. It is over once it has ended and was neither skipped nor cancelled."""

    id: int
    group: str
    on: date  # the local date that the recurrence names; one session of a group on a date
    starts: datetime
    minutes: int
    place: str = ""  # a room or a link
    scheduled_at: datetime | None = None  # when it got this start
    moved: bool = False  # by a moderator: the recurrence leaves its start alone
    status: SessionStatus = "planned"
    why: str = ""  # it was skipped or cancelled, in a moderator's or our own words
    sequence: int = 0  # of calendars: grows with all that they show, and with each answer whether somebody comes
    revised_at: datetime | None = None  # when it last grew
    closes_at: datetime | None = None  # a moderator opened the ballot again: until then, whatever the timeline says
    closed_at: datetime | None = None  # the ballot closed then; votes from that moment on count for the next session
    shortlist: tuple[int, ...] = ()  # entries that ballots are about
    entry: int | None = None  # what is read
    settled: bool = False  # False with an entry: it is proposed, and waits for a moderator or two members
    presenter: Member | None = None
    asked_at: datetime | None = None  # when the presenter was to be, or told that the session moved
    heard_at: datetime | None = None  # when that stood where they read it; None: it was not delivered yet
    confirmed_at: datetime | None = None
    tried: tuple[int, ...] = ()  # members who were asked to present this one and will not
    open_discussion: bool = False  # nobody was found to present; they just talk
    slides: str = ""  # an http(s) address

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Planned:
    """A session that is about to be."""

    on: date
    starts: datetime
    minutes: int
    place: str
    closes_at: datetime | None = None  # of a session that is planned after its ballot should have closed


class SessionChanges(TypedDict, total=False):
    """Fields of Session that a Move may set, with a member's id for the presenter."""

    on: date
    starts: datetime
    minutes: int
    place: str
    scheduled_at: datetime | None
    moved: bool
    status: SessionStatus
    why: str
    sequence: int
    revised_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    shortlist: tuple[int, ...]
    entry: int | None
    settled: bool
    presenter: int | None
    asked_at: datetime | None
    heard_at: datetime | None
    confirmed_at: datetime | None
    tried: tuple[int, ...]
    open_discussion: bool
    slides: str


@dataclass(frozen=True, slots=True)
class Effort:
    """What moderators had to do for a session, counted in the audit log from the one before on."""

    session: Session
    actions: int
