"""The nouns of the product: papers, entries, members, settings. Plain frozen data; no behaviour beyond reading itself.

Times are UTC-aware datetimes. A `day` is an announcement date of a source, in that source's zone; a `date` of a
digest is the posting date in the group's zone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo, available_timezones

from bot.recurrence import WEEKDAYS

# --- papers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RawPaper:
    """A paper as a source gave it: nothing cleaned, anything but the title may be empty."""

    title: str
    abstract: str = ""
    arxiv_id: str = ""
    doi: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    upvotes: int | None = None  # None: this source counts none
    links: tuple[tuple[str, str], ...] = ()  # (what, http(s) address): ("code", "https://…")
    origin: str = "the abstract"  # what `abstract` is: "the abstract" or "our description"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, cleaned; one row in the database whichever sources and groups have it.

    `key` is `arxiv:…` (base id), `doi:…`, `url:<sha256>` or `title:<sha256>`.
    """

    key: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    version: int | None = None
    url: str = ""  # the best link to open; "" when none is known
    upvotes: int | None = None
    links: tuple[tuple[str, str], ...] = ()
    origin: str = "the abstract"


@dataclass(frozen=True, slots=True)
class Summary:
    text: str
    label: str  # where it comes from, as shown: "from the abstract"
    by: str  # name of the summarizer
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source answered for one day. `skipped` items could not be read; `partial` says why papers are missing."""

    papers: tuple[RawPaper, ...]
    skipped: int = 0
    partial: str = ""
    note: str = ""  # why the list is empty, where the source knows


Covered = tuple[str, date]  # (name of a source, announcement day)

# --- a group's life --------------------------------------------------------------------------------------------

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
    summary: Summary | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """Derived, several may hold at once."""
        flags = (("dropped", self.dropped), ("nominated", self.votes > 0), ("claimed", self.claimer is not None))
        return ("listed", *(name for name, holds in flags if holds))


@dataclass(frozen=True, slots=True)
class Digest:
    """One post of a group. `why` says why it is empty (facts fixed at the time), "" when it is not."""

    group: str
    posted_on: date  # in the group's zone; one digest per group and date
    covers: tuple[Covered, ...]  # what it is about, read or not
    papers: int = 0  # counted from its entries, as are `late` and `days`
    late: int = 0
    days: tuple[date, ...] = ()  # on which its papers were announced
    cards: int = 0  # papers that have a card in the channels
    why: str = ""
    next_due: datetime | None = None
    missing: tuple[str, ...] = ()  # labels of sources that could not be read yet


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


@dataclass(frozen=True, slots=True)
class ClaimResult:
    changed: bool
    holder: Member | None


@dataclass(frozen=True, slots=True)
class Stance:
    """What one member has done in a group, as entry ids."""

    voted: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    claimed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search; `total` counts every match."""

    entries: tuple[Entry, ...]
    total: int


# --- messages --------------------------------------------------------------------------------------------------


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


# --- settings --------------------------------------------------------------------------------------------------

_STRICT: dict[str, Any] = {"extra": "forbid"}


def read_weekdays(text: str) -> frozenset[int]:
    """`"mon-fri"`, `"tue, thu"`, `"daily"` as numbers, Monday 0. Raises ValueError."""
    if text.strip().lower() == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f'"{text}" is not a list of weekdays; write "mon-fri", "tue, thu" or "daily"')
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


@dataclass(frozen=True, slots=True)
class DaySettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    on: str = "mon-fri"
    post_at: time = time(9)
    cards: int = 5
    layout: Literal["channel", "thread"] = "channel"

    def __post_init__(self) -> None:
        read_weekdays(self.on)
        if not 1 <= self.cards <= 20:
            raise ValueError("cards must be 1 to 20 a day")
        if self.post_at.tzinfo is not None or self.post_at.second:
            raise ValueError('post_at is a wall time without a zone, such as "09:00"; the zone is the group\'s')

    @property
    def weekdays(self) -> frozenset[int]:
        return read_weekdays(self.on)


@dataclass(frozen=True, slots=True)
class WeekSettings:
    """Read, so that a configuration stays valid; this version does not run the week yet."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    session: str = ""
    minutes: int = 60
    place: str = ""
    mode: Literal["vote", "presenter"] = "vote"


@dataclass(frozen=True, slots=True)
class GroupSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    id: str = "reading-group"
    name: str = "Reading group"
    timezone: str = "UTC"
    language: str = "en"
    channels: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    day: DaySettings = field(default_factory=DaySettings)
    week: WeekSettings | None = None

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))

    def _faults(self) -> Iterator[str]:
        if not self.id or not all(c.isascii() and (c.isalnum() or c in "-_") for c in self.id):
            yield f'id "{self.id}" may hold only letters, digits, - and _'
        if self.timezone not in available_timezones():
            places = [zone for zone in available_timezones() if "/" in zone]  # "CEST" must not become "EST"
            near = get_close_matches(self.timezone, places, 1, 0.75)
            hint = f'did you mean "{near[0]}"?' if near else 'write one like "Europe/Berlin"'
            yield f'timezone "{self.timezone}" is not known, {hint}'
        for channel in self.channels:
            if ":" not in channel or (channel.startswith("web:") and channel != f"web:{self.id}"):
                yield f'channel "{channel}" leads nowhere; write "web:{self.id}", or leave channels out'
        for account in self.moderators:
            if ":" not in account:
                yield f'moderator "{account}" is no account; write one like "discord:<user>"'

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class WebSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    host: str = "127.0.0.1"
    port: int = 8321
    allowed_hosts: tuple[str, ...] = ()  # besides localhost: names by which members reach the page

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError("port must be 0 to 65535")
        if wrong := [host for host in self.allowed_hosts if "/" in host]:
            raise ValueError(f'allowed_hosts has "{wrong[0]}"; write the name alone, as "papers.example.org"')
        if self.host not in ("127.0.0.1", "::1", "localhost") and not self.allowed_hosts:
            raise ValueError(
                f'host "{self.host}" opens the page to others: set allowed_hosts to the names they will use'
            )


@dataclass(frozen=True, slots=True)
class HuggingFaceSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    base_url: str = "https://huggingface.co"
    settles: time = time(8)  # UTC; almost all papers of a day appear by 07:00

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("https://", "http://")):
            raise ValueError(f'base_url "{self.base_url}" must begin with https:// or http://')
        if self.settles.second:
            raise ValueError('settles is a time such as "08:00"')


@dataclass(frozen=True, slots=True)
class SourcesSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    huggingface: HuggingFaceSettings | None = None


@dataclass(frozen=True, slots=True)
class SummarizerSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    name: Literal["extractive"] = "extractive"


@dataclass(frozen=True, slots=True)
class Settings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    database: str = "paperclub.db"
    web: WebSettings = field(default_factory=WebSettings)
    sources: SourcesSettings = field(default_factory=SourcesSettings)
    summarizer: SummarizerSettings = field(default_factory=SummarizerSettings)
    groups: tuple[GroupSettings, ...] = ()


# --- requests --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """What someone asked, on whatever surface. `id` is the platform's own and makes a redelivery harmless."""

    id: str
    account: str  # `web:<id>`, `discord:<user>`, `terminal:operator`
    command: str
    args: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    group: str | None = None
    display_name: str = ""
    roles: frozenset[str] = frozenset()  # as the platform says: {"moderator"}
    locale: str = "en"
    pressed: bool = False  # came from a button: pressed again takes it back
