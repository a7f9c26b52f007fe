"""Every seam of the program on one page. The core calls these; adapters implement them and know nothing else of it.

    Core        what a surface may ask of the program
    Adapter     one surface: shows messages, turns what it hears into Requests
    Source      where papers come from
    Summarizer  what says in a sentence what a paper is about
    Store       the group's memory, as verbs of the domain
    Clock       the time, which tests move

What holds for all of them: an implementation raises only the PortError of its kind (and CancelledError), with a text
that an operator can act on; times are UTC-aware.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.cards import Message, Reply
from bot.model import (
    Act,
    Batch,
    Change,
    ClaimResult,
    Covered,
    Digest,
    Entry,
    Found,
    GroupSettings,
    Listing,
    Member,
    Paper,
    Request,
    SourceReport,
    Stance,
    Summary,
    Tally,
    Trouble,
    Wanted,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC, aware."""
        ...

    async def sleep(self, seconds: float) -> None: ...


# --- surfaces --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """One row of the command table, as a surface needs it: to offer, to complete, to explain."""

    name: str
    about: str
    parameters: tuple[tuple[str, str], ...]  # (name, what to type), in order
    required: bool
    slow: bool  # may take longer than a platform waits: defer the answer
    only_on: tuple[str, ...]  # surfaces that offer it; () means all
    named: bool  # only for someone with a name: a surface that gives none itself asks for it first


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands in a channel."""

    id: int
    posted_at: datetime
    message: Message


class Core(Protocol):
    """What a surface may ask. No method raises for what a member does."""

    @property
    def commands(self) -> Sequence[CommandInfo]: ...

    async def handle(self, request: Request) -> Reply: ...

    def read_line(self, line: str) -> tuple[str, Mapping[str, str]]:
        """`/paper vote 3`, `vote 3` → a command's name and arguments, unchecked."""
        ...

    def group(self, group: str) -> GroupSettings | None: ...

    async def whoami(self, group: str, account: str) -> Member | None: ...

    async def stance(self, group: str, account: str) -> Stance: ...

    async def stream(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[Posted]:
        """Messages that stand in `place`, newest last; those older than message `before` when it is given."""
        ...

    async def posted(self, group: str, place: str, message: int) -> Posted | None:
        """None when there is no such message in that place."""
        ...

    async def changes(self, group: str, after: int | None) -> Sequence[Change]:
        """Waits until the group has changed since sequence `after`; None starts from now and answers at once with
        the newest change (or none, when nothing ever happened). A gap too long to replay answers with a Change
        whose `what` is "reset"."""
        ...

    async def trouble(self) -> str:
        """Why the program is not ready, "" when it is."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which message goes where. `nonce` (≤ 25 characters) stays the same over every attempt of a round; `again` says
    that an earlier attempt may have arrived."""

    id: int
    place: str
    nonce: str
    ref: str = ""
    parent_ref: str = ""
    again: bool = False


class Adapter(Protocol):
    """One surface. It starts with `run` and lives until it is cancelled."""

    @property
    def name(self) -> str:
        """The part of a place before the colon: "web"."""
        ...

    @property
    def edit_pause(self) -> float:
        """Seconds between two edits of one message."""
        ...

    @property
    def trouble(self) -> str:
        """Why it is not ready, "" when it is."""
        ...

    async def run(self, core: Core) -> None:
        """Raises StartError for what waiting can't mend."""
        ...

    async def ready(self) -> None:
        """Returns once it runs and hears: listening, connected."""
        ...

    async def check(self) -> None:
        """Raises StartError when it could not run as it is set. Shows nothing."""
        ...

    async def post(self, delivery: Delivery, message: Message) -> str:
        """Returns the platform's name of the message. Raises DeliveryError."""
        ...

    async def edit(self, delivery: Delivery, message: Message) -> None:
        """Raises DeliveryError, with `gone` when the message was deleted."""
        ...


# --- papers ----------------------------------------------------------------------------------------------------


class Source(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str:
        """As members read it: "Hugging Face"."""
        ...

    @property
    def zone(self) -> str:
        """IANA zone of its announcement dates."""
        ...

    @property
    def settles(self) -> time:
        """Time in its zone, on the announcement date, after which its list hardly grows."""
        ...

    @property
    def backlog(self) -> Sequence[date]:
        """Days to post at the very first start, oldest first; none for a real source."""
        ...

    async def fetch(self, day: date) -> Batch:
        """The papers announced on `day`, as complete as they are now. Raises SourceError."""
        ...


class Summarizer(Protocol):
    @property
    def name(self) -> str: ...

    async def summarise(self, paper: Paper, language: str) -> Summary | None:
        """One sentence, at most 280 characters; None when there is nothing to summarise. Raises SummaryError."""
        ...


# --- memory ----------------------------------------------------------------------------------------------------


class Store(Protocol):
    """The group's memory. One method is one transaction: it happened when it returns, and did not when it raises.

    Raises StoreError when the database fails. Whatever takes an Act does nothing if that Act's request is known, and
    answers with things as they are. Ids of another group are not found, never shown.
    """

    async def close(self) -> None: ...

    async def ping(self) -> None:
        """Raises StoreError unless the database reads and writes."""
        ...

    # groups and people

    async def sync_groups(self, groups: Sequence[GroupSettings]) -> None:
        """The configured groups and their channels; what is no longer configured stays, unbound."""
        ...

    async def keep(self, key: str, value: str) -> str:
        """Stores `value` under `key` unless there is one already; returns the one that holds."""
        ...

    async def member(self, group: str, account: str) -> Member | None: ...

    async def enrol(self, group: str, account: str, name: str, at: datetime, request: str = "") -> Member:
        """The account's member in this group, made or renamed, unless that request is known. Raises UserError when
        another web account has the name (names are how members know each other there)."""
        ...

    async def offer_code(self, group: str, code_hash: str) -> None:
        """The one code that makes its finder a moderator; replaces the last one."""
        ...

    async def redeem_code(self, act: Act, code_hash: str) -> bool:
        """Makes the member a moderator, once per code. False: no such code."""
        ...

    # the day

    async def record_day(self, report: SourceReport, papers: Sequence[Paper]) -> None:
        """What a source announced on a day: papers are merged by key, announcements only grow."""
        ...

    async def record_failure(self, source: str, day: date, problem: str, at: datetime) -> None:
        """What was read before stays."""
        ...

    async def announced(self, source: str, day: date) -> Sequence[Paper]:
        """In the order of the source."""
        ...

    async def reports(self) -> Sequence[SourceReport]:
        """Of each source, on its newest day."""
        ...

    async def report(self, source: str, day: date) -> SourceReport | None:
        """How the last fetch of that day went."""
        ...

    async def had(self, group: str, since: date) -> frozenset[Covered]:
        """What this group has had, or was spared when it began."""
        ...

    async def known(self, group: str, keys: Sequence[str]) -> frozenset[str]:
        """Those paper keys that already are entries of this group."""
        ...

    async def list_day(
        self,
        digest: Digest,
        done: Sequence[Covered],
        listings: Sequence[Listing],
        summaries: Mapping[str, Summary],
        at: datetime,
    ) -> bool:
        """Writes the digest and its entries, marks what is `done` as had, and wants its messages in every channel of
        the group: the header, and a card for each of the first `digest.cards` papers. False, and nothing changed, when
        the group has a digest of that date already."""
        ...

    async def extend_day(
        self,
        digest: Digest,
        done: Sequence[Covered],
        listings: Sequence[Listing],
        summaries: Mapping[str, Summary],
        at: datetime,
    ) -> bool:
        """Adds late papers to a digest, and shows it again when that changed anything. They get cards as far as the
        digest now has more of them than before."""
        ...

    async def digest(self, group: str, posted_on: date) -> Digest | None: ...

    async def digests(self, group: str, limit: int) -> Sequence[Digest]:
        """Newest first."""
        ...

    # entries

    async def entry(self, group: str, entry: int) -> Entry | None: ...

    async def entry_by_key(self, group: str, key: str) -> Entry | None: ...

    async def entries(self, group: str, posted_on: date) -> Sequence[Entry]:
        """Of one digest, by number."""
        ...

    async def search(self, group: str, query: str, *, limit: int, titles_only: bool = False) -> Found:
        """Entries that hold every word of `query`, best first. Any string is safe; one without a word finds none."""
        ...

    async def held_by(self, group: str, member: int, what: str) -> Sequence[Entry]:
        """Entries that the member "voted", "passed" or "claimed", newest first."""
        ...

    async def put_summary(self, key: str, summary: Summary, at: datetime) -> None: ...

    # votes and claims

    async def cast_vote(self, act: Act, entry: int) -> Tally: ...

    async def retract_vote(self, act: Act, entry: int) -> Tally:
        """Clears every source of the member's vote."""
        ...

    async def toggle_vote(self, act: Act, entry: int) -> Tally: ...

    async def toggle_pass(self, act: Act, entry: int) -> bool:
        """ "Not for us". Withdraws the member's vote; True when the pass stands afterwards."""
        ...

    async def claim(self, act: Act, entry: int) -> ClaimResult: ...

    async def toggle_claim(self, act: Act, entry: int) -> ClaimResult:
        """Releases the member's own claim, else claims."""
        ...

    async def release_claim(self, act: Act, entry: int) -> ClaimResult:
        """Only the holder's own."""
        ...

    async def revoke_claim(self, act: Act, entry: int) -> ClaimResult:
        """Anybody's: for a moderator. Stands in the audit log."""
        ...

    async def stance(self, group: str, member: int) -> Stance: ...

    # messages

    async def lease(
        self, surface: str, now: datetime, pause: float, limit: int, resting: Collection[str] = ()
    ) -> Sequence[Wanted]:
        """Messages on `surface` that are not shown as wanted and due, oldest first, leased for a minute. One that was
        shown less than `pause` seconds ago waits, one in a `resting` place too, and a reply to a message that is not
        posted yet. One that could not be posted for two days never is: nobody wants last week's cards in one heap."""
        ...

    async def next_due(
        self, surface: str, now: datetime, pause: float, resting: Collection[str] = ()
    ) -> datetime | None:
        """When `lease` will next have something outside the `resting` places."""
        ...

    async def mark_shown(self, message: Wanted, ref: str, hash: str, now: datetime) -> None:
        """Revision `message.wanted` is shown; a newer wish stays due."""
        ...

    async def postpone(self, message: Wanted, until: datetime, error: str) -> None: ...

    async def give_up(self, message: Wanted, error: str, now: datetime) -> None:
        """No more attempts until it is wanted anew."""
        ...

    async def repost(self, message: Wanted) -> None:
        """The message was deleted on the platform: the same message in a new round, due at once. It keeps its id and
        the time of its first post, and is not listed as shown until it is shown again."""
        ...

    async def recover(self, now: datetime) -> None:
        """At start: frees what a dead process had leased, and tries again what was given up within a day."""
        ...

    async def troubles(self, group: str, now: datetime) -> Sequence[Trouble]:
        """Messages that were given up or wait for another attempt."""
        ...

    async def messages(
        self, group: str, place: str, *, before: int | None, limit: int
    ) -> Sequence[tuple[Wanted, datetime]]:
        """Shown ones with the time of their first post, newest last."""
        ...

    async def message(self, group: str, message: int) -> tuple[Wanted, datetime] | None: ...

    async def changes(self, group: str, after: int, limit: int) -> Sequence[Change]:
        """At most `limit`, oldest first; a lone "reset" when some since `after` are not kept any more."""
        ...

    async def last_change(self, group: str) -> int:
        """0 before the first."""
        ...

    @property
    def commits(self) -> int:
        """How many commits there were in this process."""
        ...

    async def wait_for_commit(self, after: int) -> None:
        """Returns once `commits` is greater than `after`; read `commits` first, then the data, then wait."""
        ...
