"""The verbs of the week in the Store over one SQLite file: which reads and which writes. See `bot.ports.week`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.stores.sqlite import (
    archive,
    attending,
    changes,
    claims,
    dropping,
    export,
    fairness,
    linking,
    moving,
    people,
    picks,
    rooms,
    sessions,
)
from adapters.stores.sqlite.columns import stamp
from adapters.stores.sqlite.reader import Reader
from adapters.stores.sqlite.writer import NoWriter, Writer
from bot.model import (
    Act,
    Archived,
    Claim,
    ClaimKind,
    ClaimResult,
    Effort,
    Electorate,
    Logged,
    MeetingRole,
    Move,
    Pick,
    Planned,
    Reading,
    Room,
    RsvpAnswer,
    Session,
    Turn,
)


class WeekVerbs:
    def __init__(self, reader: Reader, writer: Writer | NoWriter) -> None:
        self._read = reader.run
        self._read_here = reader.run_here
        self._write = writer.run

    # sessions

    async def sessions(self, group: str, since: datetime) -> Sequence[Session]:
        return await self._read(sessions.sessions, group, since)

    async def session(self, group: str, session: int) -> Session | None:
        return self._read_here(sessions.session, group, session)

    async def session_of(self, group: str, entry: int) -> Session | None:
        return self._read_here(sessions.session_of, group, entry)

    async def last_session(self, group: str, before: datetime) -> Session | None:
        return await self._read(sessions.last_session, group, before)

    async def plan(self, group: str, planned: Sequence[Planned], at: datetime) -> None:
        await self._write(sessions.plan, group, planned, at)

    async def touch_settings(self, group: str, at: datetime) -> None:
        await self._write(changes.touch_settings, group, stamp(at))

    async def done_steps(self, group: str, session: int) -> frozenset[str]:
        return self._read_here(sessions.done_steps, group, session)

    async def move(self, act: Act, moves: Sequence[Move]) -> bool:
        return await self._write(moving.move, act, moves)

    async def has_moved(self, act: Act) -> bool:
        return self._read_here(moving.has_moved, act)

    async def was_handled(self, act: Act) -> bool:
        return self._read_here(people.was_handled, act) or self._read_here(moving.has_moved, act)

    async def logged(self, group: str, step: int) -> Logged | None:
        return await self._read(moving.logged, group, step)

    async def room(self, group: str, session: int) -> Room | None:
        return await self._read(rooms.room, group, session)

    async def picks(self, group: str, session: int) -> Sequence[Pick]:
        return await self._read(picks.picks, group, session)

    async def electorate(self, group: str, session: int) -> Electorate:
        return await self._read(picks.electorate, group, session)

    # what members do for a session

    async def rsvp(self, act: Act, session: int, answer: RsvpAnswer | None) -> bool:
        return await self._write(attending.rsvp, act, session, answer)

    async def check_in(self, act: Act, session: int, reading: Reading) -> bool:
        return await self._write(attending.check_in, act, session, reading)

    async def take_role(self, act: Act, session: int, role: MeetingRole) -> bool:
        return await self._write(attending.take_role, act, session, role)

    async def ask(self, act: Act, session: int, text: str) -> None:
        await self._write(attending.ask, act, session, text)

    async def withdraw_question(self, act: Act, question: int) -> bool:
        return await self._write(attending.withdraw_question, act, question)

    async def cast_ballot(self, act: Act, session: int, ranking: Sequence[Sequence[int]]) -> None:
        await self._write(picks.cast_ballot, act, session, ranking)

    async def ballot(self, group: str, session: int, member: int) -> Sequence[Sequence[int]]:
        return self._read_here(picks.ballot, group, session, member)

    async def second(self, act: Act, session: int, entry: int) -> int:
        return await self._write(picks.second, act, session, entry)

    async def write_recap(self, act: Act, session: int, takeaways: Sequence[str], rating: int | None) -> None:
        await self._write(attending.write_recap, act, session, takeaways, rating)

    # claims

    async def claims(self, group: str, entry: int) -> Sequence[Claim]:
        return self._read_here(claims.claims, group, entry)

    async def claim(self, act: Act, entry: int, kind: ClaimKind = "holder") -> ClaimResult:
        return await self._write(claims.claim, act, entry, kind)

    async def release_claim(self, act: Act, entry: int) -> ClaimResult:
        return await self._write(claims.release_claim, act, entry)

    async def revoke_claim(self, act: Act, entry: int) -> ClaimResult:
        return await self._write(claims.revoke_claim, act, entry)

    async def assign_claim(self, act: Act, entry: int, to: int) -> ClaimResult:
        return await self._write(claims.assign_claim, act, entry, to)

    async def hand_over(self, act: Act, entry: int, to: int) -> ClaimResult:
        return await self._write(claims.hand_over, act, entry, to)

    async def sleepers(self, group: str, before: datetime) -> Sequence[Claim]:
        return await self._read(claims.sleepers, group, before)

    async def put_to_sleep(self, group: str, claim: int, at: datetime) -> bool:
        return await self._write(claims.put_to_sleep, group, claim, at)

    async def wake_claim(self, act: Act, claim: int) -> bool:
        return await self._write(claims.wake_claim, act, claim)

    async def claim_by_id(self, group: str, claim: int) -> Claim | None:
        return self._read_here(claims.claim_by_id, group, claim)

    # near-winners

    async def second_chances(self, group: str) -> Sequence[int]:
        return await self._read(picks.second_chances, group)

    async def show_again(self, group: str, entry: int, at: datetime) -> bool:
        return await self._write(picks.show_again, group, entry, at)

    # entries and members

    async def drop(self, act: Act, entry: int, dropped: bool, reason: str) -> bool:
        return await self._write(dropping.drop, act, entry, dropped, reason)

    async def set_rota(self, act: Act, on: bool) -> bool:
        return await self._write(fairness.set_rota, act, on)

    async def set_leave(self, act: Act, leave: tuple[date, date | None] | None) -> bool:
        return await self._write(fairness.set_leave, act, leave)

    async def turns(self, group: str, now: datetime) -> Sequence[Turn]:
        return await self._read(fairness.turns, group, now)

    async def offer_link(self, act: Act, code_hash: str, until: datetime) -> None:
        await self._write(linking.offer_link, act, code_hash, until)

    async def link(self, act: Act, code_hash: str) -> bool:
        return await self._write(linking.link, act, code_hash)

    # looking back

    async def archive(self, group: str, query: str, now: datetime, limit: int) -> tuple[Sequence[Archived], int]:
        return await self._read(archive.archive, group, query, now, limit)

    async def efforts(self, group: str, now: datetime, limit: int) -> Sequence[Effort]:
        return await self._read(fairness.efforts, group, now, limit)

    async def export(self, group: str) -> Mapping[str, Any]:
        return await self._read(export.export, group)
