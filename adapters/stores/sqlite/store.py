"""The Store over one SQLite file: which verb reads and which writes. The verbs themselves stand by topic."""

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from adapters.stores.sqlite import audit, changes, entries, files, messages, people, reactions, settings, votes
from adapters.stores.sqlite import day as days
from adapters.stores.sqlite import papers as library
from adapters.stores.sqlite.reader import Reader
from adapters.stores.sqlite.week import WeekVerbs
from adapters.stores.sqlite.writer import NoWriter, Writer
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
from bot.ports import Pauses


async def open_store(path: str | Path, *, read_only: bool = False) -> "SqliteStore":
    """Raises StartError. With `read_only`, another process may have it open; whatever writes raises StoreError."""
    place = Path(path)
    if read_only:
        return SqliteStore(await asyncio.to_thread(Reader, place), NoWriter(), None)
    lock = files.lock(place)
    try:
        connection = await asyncio.to_thread(files.open_for_writing, place)
        reader = await asyncio.to_thread(Reader, place)
    except BaseException:
        os.close(lock)
        raise
    return SqliteStore(reader, Writer(connection, place), lock)


class SqliteStore(WeekVerbs):
    """See `bot.ports.Store`. Made by `open_store`."""

    def __init__(self, reader: Reader, writer: Writer | NoWriter, lock: int | None) -> None:
        super().__init__(reader, writer)
        self._reader = reader
        self._writer = writer
        self._lock = lock

    async def close(self) -> None:
        await self._reader.close()  # first, since a reader keeps the last checkpoint from being complete
        await self._writer.close()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    async def ping(self) -> None:
        await self._write(files.touch)
        await self._read(files.look)

    # groups and people

    async def sync_groups(self, groups: Sequence[GroupSettings]) -> None:
        await self._write(people.sync_groups, groups)

    async def keep(self, key: str, value: str) -> str:
        return await self._write(people.keep, key, value)

    async def recall(self, key: str) -> str:
        return await self._read(people.recall, key)

    async def remember(self, key: str, value: str) -> None:
        await self._write(people.remember, key, value)

    # settings that moderators change from chat

    async def found_group(self, group: GroupSettings, account: str, name: str, at: datetime) -> None:
        await self._write(settings.found_group, group, account, name, at)

    async def founded(self) -> Sequence[GroupSettings]:
        return await self._read(settings.founded)

    async def overrides(self) -> Sequence[Override]:
        return await self._read(settings.overrides)

    async def override(self, act: Act, values: Mapping[str, str | None]) -> bool:
        return await self._write(settings.override, act, values)

    async def moderating(self, group: str) -> Sequence[str]:
        return await self._read(audit.moderating, group)

    async def steps(self, group: str, limit: int) -> Sequence[Step]:
        return await self._read(audit.steps, group, limit)

    async def undo(self, act: Act) -> Step | None:
        return await self._write(audit.undo, act)

    async def member(self, group: str, account: str) -> Member | None:
        return self._read_here(people.member, group, account)

    async def find_members(self, group: str, words: str, limit: int) -> Sequence[Member]:
        return await self._read(people.find_members, group, words, limit)

    async def accounts(self, group: str, member: int) -> Sequence[str]:
        return await self._read(people.accounts, group, member)

    async def enrol(self, group: str, account: str, name: str, at: datetime, request: str = "") -> Member:
        return await self._write(people.enrol, group, account, name, at, request)

    async def offer_code(self, group: str, code_hash: str) -> None:
        await self._write(people.offer_code, group, code_hash)

    async def redeem_code(self, act: Act, code_hash: str) -> bool:
        return await self._write(people.redeem_code, act, code_hash)

    # the day

    async def record_day(self, report: SourceReport, papers: Sequence[Paper]) -> None:
        await self._write(library.record_day, report, papers)

    async def record_failure(self, source: str, day: date, problem: str, at: datetime) -> None:
        await self._write(library.record_failure, source, day, problem, at)

    async def announced(self, source: str, day: date) -> Sequence[Paper]:
        return await self._read(library.announced, source, day)

    async def reports(self) -> Sequence[SourceReport]:
        return await self._read(library.reports)

    async def report(self, source: str, day: date) -> SourceReport | None:
        return await self._read(library.report, source, day)

    async def had(self, group: str, since: date) -> frozenset[Covered]:
        return await self._read(days.had, group, since)

    async def known(self, group: str, keys: Sequence[str]) -> frozenset[str]:
        return await self._read(days.known, group, keys)

    async def list_day(
        self,
        digest: Digest,
        done: Sequence[Covered],
        listings: Sequence[Listing],
        summaries: Mapping[str, Summary],
        at: datetime,
    ) -> bool:
        return await self._write(days.list_day, digest, done, listings, summaries, at)

    async def extend_day(
        self,
        digest: Digest,
        done: Sequence[Covered],
        listings: Sequence[Listing],
        summaries: Mapping[str, Summary],
        at: datetime,
    ) -> bool:
        return await self._write(days.extend_day, digest, done, listings, summaries, at)

    async def digest(self, group: str, posted_on: date) -> Digest | None:
        return await self._read(days.digest, group, posted_on)

    async def digests(self, group: str, limit: int) -> Sequence[Digest]:
        return await self._read(days.digests, group, limit)

    # entries

    async def entry(self, group: str, entry: int) -> Entry | None:
        return self._read_here(entries.entry, group, entry)

    async def entry_by_key(self, group: str, key: str) -> Entry | None:
        return await self._read(entries.entry_by_key, group, key)

    async def entries(self, group: str, posted_on: date) -> Sequence[Entry]:
        return await self._read(entries.entries, group, posted_on)

    async def search(self, group: str, query: str, *, limit: int, titles_only: bool = False) -> Found:
        return await self._read(entries.search, group, query, limit=limit, titles_only=titles_only)

    async def titles(self, group: str, typed: str, limit: int) -> Sequence[Titled]:
        return await self._read(entries.titles, group, typed, limit)

    async def held_by(self, group: str, member: int, what: str) -> Sequence[Entry]:
        return await self._read(entries.held_by, group, member, what)

    async def paper(self, key: str) -> Paper | None:
        return await self._read(library.paper, key)

    async def put_summary(self, key: str, summary: Summary, at: datetime) -> None:
        await self._write(library.put_summary, key, summary, at)

    # votes

    async def cast_vote(self, act: Act, entry: int) -> Tally:
        return await self._write(votes.cast_vote, act, entry)

    async def retract_vote(self, act: Act, entry: int) -> Tally:
        return await self._write(votes.retract_vote, act, entry)

    async def toggle_vote(self, act: Act, entry: int) -> Tally:
        return await self._write(votes.toggle_vote, act, entry)

    async def toggle_pass(self, act: Act, entry: int) -> bool:
        return await self._write(votes.toggle_pass, act, entry)

    async def set_reaction(self, act: Act, message: int, account: str, *, on: bool) -> Tally | None:
        return await self._write(reactions.set_reaction, act, message, account, on=on)

    async def reacting(self, message: int) -> Mapping[str, str]:
        return await self._read(reactions.reacting, message)

    async def reactions_of(self, group: str, member: int, entry: int) -> Sequence[tuple[str, str, str]]:
        return self._read_here(reactions.reactions_of, group, member, entry)

    async def submit(self, act: Act, listing: Listing, summary: Summary | None) -> Entry:
        return await self._write(days.submit, act, listing, summary)

    async def recognise(self, group: str, told: str, key: str, at: datetime) -> bool:
        return await self._write(days.recognise, group, told, key, at)

    async def discuss(self, act: Act, entry: int, place: str) -> bool:
        return await self._write(messages.discuss, act, entry, place)

    async def stance(self, group: str, member: int) -> Stance:
        return await self._read(votes.stance, group, member)

    # messages

    async def lease(
        self, surface: str, now: datetime, pauses: Pauses, limit: int, resting: Collection[str] = ()
    ) -> Sequence[Wanted]:
        return await self._write(messages.lease, surface, now, pauses, limit, resting)

    async def next_due(
        self, surface: str, now: datetime, pauses: Pauses, resting: Collection[str] = ()
    ) -> datetime | None:
        return await self._read(messages.next_due, surface, now, pauses, resting)

    async def mark_shown(self, message: Wanted, ref: str, hash: str, now: datetime) -> None:
        await self._write(messages.mark_shown, message, ref, hash, now)

    async def postpone(self, message: Wanted, until: datetime, error: str) -> None:
        await self._write(messages.postpone, message, until, error)

    async def give_up(self, message: Wanted, error: str, now: datetime) -> None:
        await self._write(messages.give_up, message, error, now)

    async def repost(self, message: Wanted) -> None:
        await self._write(messages.repost, message)

    async def recover(self, now: datetime) -> None:
        await self._write(messages.recover, now)

    async def troubles(self, group: str, now: datetime) -> Sequence[Trouble]:
        return await self._read(messages.troubles, group, now)

    async def messages(
        self, group: str, place: str, *, before: int | None, limit: int
    ) -> Sequence[tuple[Wanted, datetime]]:
        return await self._read(messages.messages, group, place, before=before, limit=limit)

    async def message(self, group: str, message: int) -> tuple[Wanted, datetime] | None:
        return await self._read(messages.message, group, message)

    async def find_shown(self, surface: str, ref: str) -> Wanted | None:
        return self._read_here(messages.find_shown, surface, ref)

    async def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        return self._read_here(messages.shown_ref, group, place, kind, key)

    async def open_cards(self, surface: str, since: datetime) -> Sequence[OpenCard]:
        return await self._read(messages.open_cards, surface, since)

    async def raise_alert(self, place: str, error: str, at: datetime) -> bool:
        return await self._write(messages.raise_alert, place, error, at)

    async def changes(self, group: str, after: int, limit: int) -> Sequence[Change]:
        return await self._read(changes.changes, group, after, limit)

    async def last_change(self, group: str) -> int:
        return await self._read(changes.last_change, group)

    @property
    def commits(self) -> int:
        return self._writer.commits

    async def wait_for_commit(self, after: int) -> None:
        await self._writer.wait_for_commit(after)
