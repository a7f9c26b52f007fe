"""The seam of the memory: one Protocol, as verbs of the domain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.model import (
    Act,
    Change,
    Covered,
    Digest,
    Entry,
    Found,
    GroupSettings,
    Listing,
    Member,
    OpenCard,
    Override,
    Paper,
    SourceReport,
    Stance,
    Step,
    Summary,
    Tally,
    Titled,
    Trouble,
    Wanted,
)
from bot.ports.week import WeekStore


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between two edits of one message, in its first hour and later."""

    early: float
    late: float


class Store(WeekStore, Protocol):
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

    async def recall(self, key: str) -> str:
        """ "" when there is nothing under `key`."""
        ...

    async def remember(self, key: str, value: str) -> None:
        """Replaces what was there."""
        ...

    # settings that moderators change from chat

    async def found_group(self, group: GroupSettings, account: str, name: str, at: datetime) -> None:
        """A group that is made from chat, without a channel yet; who made it becomes its first member. Does nothing
        when there is one of that id."""
        ...

    async def founded(self) -> Sequence[GroupSettings]:
        """The groups that were made from chat, without their overrides."""
        ...

    async def overrides(self) -> Sequence[Override]: ...

    async def override(self, act: Act, values: Mapping[str, str | None]) -> bool:
        """Sets overrides by name; None resets one to the configuration. One step in the audit log for all of them.
        `channels` are bound and unbound with it. False when nothing changed. Raises UserError when another group meets
        in one of the channels."""
        ...

    async def moderating(self, group: str) -> Sequence[str]:
        """Accounts of those who took a step in the audit log, the latest first; at most five."""
        ...

    async def steps(self, group: str, limit: int) -> Sequence[Step]:
        """The audit log, newest first."""
        ...

    async def undo(self, act: Act) -> Step | None:
        """Takes back the newest step that can be and was not yet; None when there is none."""
        ...

    async def member(self, group: str, account: str) -> Member | None: ...

    async def find_members(self, group: str, words: str, limit: int) -> Sequence[Member]:
        """Members whose name holds these words, one that has just this name first."""
        ...

    async def accounts(self, group: str, member: int) -> Sequence[str]:
        """Of a member of the group."""
        ...

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

    async def titles(self, group: str, typed: str, limit: int) -> Sequence[Titled]:
        """Entries that go on from what was typed: a number of the newest list, words of a title whose last may have
        just begun, an arXiv id. The newest list first; with nothing typed, the newest entries."""
        ...

    async def held_by(self, group: str, member: int, what: str) -> Sequence[Entry]:
        """Entries that the member "voted", "passed" or "claimed", newest first."""
        ...

    async def paper(self, key: str) -> Paper | None:
        """Whichever source or group it came from."""
        ...

    async def put_summary(self, key: str, summary: Summary, at: datetime) -> None: ...

    # votes

    async def cast_vote(self, act: Act, entry: int) -> Tally: ...

    async def retract_vote(self, act: Act, entry: int) -> Tally:
        """Clears every source of the member's vote."""
        ...

    async def toggle_vote(self, act: Act, entry: int) -> Tally: ...

    async def toggle_pass(self, act: Act, entry: int) -> bool:
        """ "Not for us". Withdraws the member's vote; True when the pass stands afterwards."""
        ...

    async def set_reaction(self, act: Act, message: int, account: str, *, on: bool) -> Tally | None:
        """Mirrors what stands on the platform: only a change of it votes (source `act.via`) or takes that source away.
        None when nothing changed. `act.request` may be "": the mirror itself makes repetition harmless. Of an event it
        is only kept, for `reacting`."""
        ...

    async def reacting(self, message: int) -> Mapping[str, str]:
        """Accounts that have the voting emoji on a message, as we last knew, with their names."""
        ...

    async def reactions_of(self, group: str, member: int, entry: int) -> Sequence[tuple[str, str, str]]:
        """(place, ref, account) of the member's emoji on the cards of an entry, as we last knew."""
        ...

    async def submit(self, act: Act, listing: Listing, summary: Summary | None) -> Entry:
        """Puts a paper on the newest list of the group with a card in its channels, as handed in by a member; the
        entry that is there when the group has the paper already. Raises UserError when there is no list yet."""
        ...

    async def recognise(self, group: str, told: str, key: str, at: datetime) -> bool:
        """The entry of one paper is of another from now on, with its votes, claims and cards. False, and nothing
        changed, when the group has that one already."""
        ...

    async def discuss(self, act: Act, entry: int, place: str) -> bool:
        """Wants the discussion of an entry to be opened in a channel of the group, under its card. False when it was
        wanted already; if it has been deleted since, that brings it back."""
        ...

    async def stance(self, group: str, member: int) -> Stance: ...

    # messages

    async def lease(
        self, surface: str, now: datetime, pauses: Pauses, limit: int, resting: Collection[str] = ()
    ) -> Sequence[Wanted]:
        """Messages on `surface` that are not shown as wanted and due, oldest first, each of another place, leased for a
        minute. One that was shown less than its pause ago waits, one in a `resting` place too, and a reply to a message
        that is not posted yet. One that could not be posted for two days never is: nobody wants last week's cards in
        one heap."""
        ...

    async def next_due(
        self, surface: str, now: datetime, pauses: Pauses, resting: Collection[str] = ()
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

    async def find_shown(self, surface: str, ref: str) -> Wanted | None:
        """The message that stands on a surface under that name."""
        ...

    async def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        """The surface's name of a message that stands in a place; "" when it does not."""
        ...

    async def open_cards(self, surface: str, since: datetime) -> Sequence[OpenCard]:
        """Papers' cards posted since then, and events of sessions that began since then or will; newest first."""
        ...

    async def raise_alert(self, place: str, error: str, at: datetime) -> bool:
        """True once for each trouble of a place, until something is posted there again."""
        ...

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
