"""Meetings of a group and what leads to them: sessions, picks, claims, who comes. Plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypedDict

from bot.model.life import Entry, Member

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
    sequence: int = 0  # of calendars: grows when time, place, title or status change
    closes_at: datetime | None = None  # a moderator opened the ballot again: until then, whatever the timeline says
    closed_at: datetime | None = None  # the ballot closed then; votes from that moment on count for the next session
    shortlist: tuple[int, ...] = ()  # entries that ballots are about
    entry: int | None = None  # what is read
    settled: bool = False  # False with an entry: it is proposed, and waits for a moderator or two members
    presenter: Member | None = None
    asked_at: datetime | None = None  # when the presenter was, or was told that the session moved
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
    closes_at: datetime | None
    closed_at: datetime | None
    shortlist: tuple[int, ...]
    entry: int | None
    settled: bool
    presenter: int | None
    asked_at: datetime | None
    confirmed_at: datetime | None
    tried: tuple[int, ...]
    open_discussion: bool
    slides: str


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
    carried: tuple[tuple[int, int], ...] = ()  # near-winners: (entry, votes that it brings along to the next window)
    follows: int | None = None  # the session whose vote moves on to this one, with its near-winners and its ballots


@dataclass(frozen=True, slots=True)
class NearWinner:
    """It comes back once, and brings votes along to the next window."""

    entry: int
    session: int  # in whose vote it came near
    carried: int
    shown_at: datetime | None = None  # when it came back


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


# --- who comes and what they do ------------------------------------------------------------------------------------

RsvpAnswer = Literal["join", "skip"]
Reading = Literal["read", "skimmed", "not yet"]
MeetingRole = Literal["reviewer", "critic", "archaeologist", "scribe"]


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    member: Member
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recap:
    """What one member took home. `rating` is 1 to 5, "worth our time"; None: not said."""

    member: Member
    takeaways: tuple[str, ...]
    rating: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Room:
    """A session with all that members did for it, read at once."""

    session: Session
    entry: Entry | None
    pick: Pick | None  # the newest
    coming: tuple[Member, ...] = ()  # in the order in which they said so
    skipping: tuple[Member, ...] = ()
    readings: Mapping[str, int] = field(default_factory=dict)  # how many, by Reading
    roles: tuple[tuple[str, Member], ...] = ()  # (role, who has it)
    suggested: tuple[tuple[str, Member], ...] = ()  # (role, who comes and had it least), for roles that nobody has
    questions: tuple[Question, ...] = ()
    recaps: tuple[Recap, ...] = ()
    claims: tuple[Claim, ...] = ()  # of the entry: holder, co-presenters, backups in their order, fallbacks
    related: tuple[Entry, ...] = ()  # entries that the group discussed or claimed, near this one in title
    ballots: int = 0
    seconded: tuple[Member, ...] = ()  # members who confirmed the proposed paper

    @property
    def rating(self) -> float | None:
        """The mean of all."""
        given = [recap.rating for recap in self.recaps if recap.rating]
        return sum(given) / len(given) if given else None


# --- what a vote is made of ----------------------------------------------------------------------------------------


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


# --- fairness ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """What a member carries of the group's load, and whether it may be their turn."""

    member: Member
    joined_at: datetime
    on_rota: bool = False
    leave: tuple[date, date | None] | None = None  # first and last day away, both included; None as last: until further
    presented: int = 0  # sessions that are over
    last_presented: date | None = None
    next_on: date | None = None  # they present a session that is still to come
    came: int = 0  # sessions that are over

    def is_away(self, on: date) -> bool:
        if self.leave is None:
            return False
        first, last = self.leave
        return first <= on and (last is None or on <= last)


@dataclass(frozen=True, slots=True)
class Effort:
    """What moderators had to do for a session, counted in the audit log from the one before on."""

    session: Session
    actions: int


@dataclass(frozen=True, slots=True)
class Archived:
    """A session that is over, as the archive lists it."""

    room: Room
    thread_place: str = ""  # where its thread stands, with the surface's name of the message that opened it
    thread_ref: str = ""
