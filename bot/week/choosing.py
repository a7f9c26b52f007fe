"""What moderators and members do about the pick: choose, accept, veto, open the vote again, confirm a proposal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import UserError
from bot.model import Act, ClaimMove, Entry, GroupSettings, Member, Move, Session, SessionChanges
from bot.week import picking, presenting, wishes
from bot.week.acting import carry_out, day_of, require_planned, require_to_come
from bot.week.facts import Facts
from bot.week.planning import half_way
from bot.week.steps import Steps

NOTHING_PROPOSED = (
    "No paper is proposed for that meeting yet. Vote for one; a moderator can choose with /paper-admin pick."
)


class Choosing:
    def __init__(self, facts: Facts, steps: Steps) -> None:
        self._facts = facts
        self._store = facts.store
        self._steps = steps

    async def pick(self, act: Act, group: GroupSettings, session: Session, entry: Entry, reason: str) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            require_planned(found, group, self._facts.now())
            await self._require_free(group, found, entry)
            if found.entry == entry.id and found.settled:
                return ()
            now = self._facts.now()
            counted = await self._facts.count(group, found, found.closed_at or now)
            again = picking.count(picking.chosen(counted.election, entry, now))
            return (await self._choose(act, group, found, entry.id, again, "pick", reason),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _require_free(self, group: GroupSettings, session: Session, entry: Entry) -> None:
        if entry.dropped:
            raise UserError(f"“{entry.paper.title}” was dropped. /paper-admin drop brings it back.")
        other = await self._store.peek(lambda rows: rows.sessions.session_of(group.id, entry.id))
        if other and other.id != session.id and other.ends > self._facts.now():
            raise UserError(f"The group reads “{entry.paper.title}” on {day_of(other, group)} already.")

    async def _choose(
        self,
        act: Act,
        group: GroupSettings,
        session: Session,
        entry: int,
        counted: picking.Count,
        action: str,
        reason: str,
    ) -> Move:
        """Another paper than before: its own people are asked to present it, where the presenter is not given."""
        now = self._facts.now()
        sets: SessionChanges = {"entry": entry, "settled": True, "closed_at": session.closed_at or now}
        move = Move(
            session.id,
            session.revision,
            action,
            reason or counted.why,
            sets,
            pick=counted.pick(now, Member(act.member, "")),
            claims=await self._given_up(group, session, entry),
            wishes=wishes.living(session, self._facts.calendars),
            tells=session.closed_at is not None or bool(reason),
            carried=picking.near(counted, session.entry if action == "next" else None),
        )
        return await self._steps.seated(group, session, entry, move)

    async def _given_up(self, group: GroupSettings, session: Session, entry: int) -> tuple[ClaimMove, ...]:
        if session.entry is None or session.entry == entry or group.week.mode == "presenter":
            return ()
        read = session.entry
        claims = await self._store.peek(lambda rows: rows.claims.claims(group.id, read))
        return presenting.given_up(session, claims)

    async def accept(self, act: Act, group: GroupSettings, session: Session, reason: str = "") -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            require_planned(found, group, self._facts.now())
            if found.entry is None:
                raise UserError(NOTHING_PROPOSED)
            if found.settled:
                return ()
            move = await self._steps.settled(group, found, "accept", reason)
            pick = move.pick and replace(move.pick, by=Member(act.member, ""))
            return (replace(move, pick=pick),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def next_paper(self, act: Act, group: GroupSettings, session: Session, reason: str) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            now = self._facts.now()
            require_planned(found, group, now)
            if found.entry is None:
                raise UserError(NOTHING_PROPOSED)
            picks = await self._store.read(lambda rows: rows.picks.picks(group.id, found.id))
            entry = await self._runner_up(group, found, list(picking.next_in_line(picks, found.entry)))
            if entry is None:
                raise UserError(
                    "No other paper is in line. Choose one with /paper-admin pick, or let the vote go on with "
                    "/paper-admin reopen."
                )
            again = picking.count(picking.chosen(picking.read_pick(picks[-1]).election, entry, now))
            return (await self._choose(act, group, found, entry.id, again, "next", reason),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _runner_up(self, group: GroupSettings, session: Session, line: Sequence[int]) -> Entry | None:
        for candidate in line:
            entry, reading = await self._look(group, candidate)
            if entry and not entry.dropped and (reading is None or reading.id == session.id):
                return entry
        return None

    async def _look(self, group: GroupSettings, entry: int) -> tuple[Entry | None, Session | None]:
        return await self._store.read(
            lambda rows: (rows.entries.entry(group.id, entry), rows.sessions.session_of(group.id, entry))
        )

    async def reopen(
        self, act: Act, group: GroupSettings, session: Session, until: datetime | None, reason: str
    ) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            now = self._facts.now()
            require_to_come(found, group, now)
            if group.week.mode != "vote":
                raise UserError(
                    "This group does not vote: its presenters bring a paper. /paper-admin pick chooses one."
                )
            closes = until or half_way(found, now)
            if not now < closes < found.starts:
                raise UserError("The vote can go on until a time between now and the start of the meeting.")
            move = picking.reopened(found, closes, reason)
            read = found.entry or 0
            claims = await self._store.peek(lambda rows: rows.claims.claims(group.id, read))
            sets: SessionChanges = {**move.sets, "shortlist": await self._shortlist(group, found)}
            wanted = (wishes.nominations(found),)
            given = presenting.given_up(found, claims)
            return (replace(move, sets=sets, claims=given, wishes=wanted),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _shortlist(self, group: GroupSettings, session: Session) -> tuple[int, ...]:
        """As it is, unless nothing on it can be picked any more."""
        entries = await self._store.read(lambda rows: [rows.entries.entry(group.id, one) for one in session.shortlist])
        return session.shortlist if any(entry and not entry.dropped for entry in entries) else ()

    async def second(self, act: Act, group: GroupSettings, session: Session) -> tuple[Session, int]:
        found = await self._facts.session(group, session.id)
        if await self._store.has_moved(act):
            room = await self._store.read(lambda rows: rows.attendance.room(group.id, session.id))
            return found, len(room.seconded) if room else 0
        require_planned(found, group, self._facts.now())
        if found.entry is None:
            raise UserError(NOTHING_PROPOSED)
        if found.settled:
            raise UserError("That paper is settled already; there is nothing left to confirm.")
        count = await self._store.second(act, found.id, found.entry)
        if count >= picking.SECONDS:
            found = await self.accept(act, group, found, picking.SECONDED)
        return await self._facts.session(group, session.id), count
