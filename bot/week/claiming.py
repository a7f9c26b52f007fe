"""Claims of a paper that a session reads are about who presents it; all others are the store's alone."""

from collections.abc import Sequence

from bot.model import Act, Claim, ClaimKind, ClaimResult, Entry, GroupSettings, Move, Session
from bot.week.acting import carry_out
from bot.week.facts import Facts, names_somebody
from bot.week.seating import Seats


class Claiming:
    def __init__(self, facts: Facts, seats: Seats) -> None:
        self._facts = facts
        self._store = facts.store
        self._seats = seats

    async def claim(
        self, act: Act, group: GroupSettings, entry: Entry, kind: ClaimKind, *, toggles: bool
    ) -> ClaimResult:
        own = _of(await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id)), act.member)
        if again := await self._again(act, group, entry):
            return again
        if toggles and own and own.slept_at is None:
            return await self.release(act, group, entry)
        session = await self._reading(group, entry)
        if session and session.presenter is None and self._presents_now(group, session, kind):

            async def decide(found: Session) -> Sequence[Move]:
                return () if found.presenter else (await self._seats.volunteered(act, group, found),)

            await carry_out(self._facts, act, group, session.id, decide)
            found = await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id))
            if (now_own := _of(found, act.member)) and now_own.kind == "holder":
                return _result(found, act.member, changed=own is None or own.kind != "holder")
        return await self._store.claim(act, entry.id, kind)

    def _presents_now(self, group: GroupSettings, session: Session, kind: ClaimKind) -> bool:
        """Whoever would take it if nobody else does, does once the time for others is over."""
        return kind != "fallback" or names_somebody(group, session, self._facts.now())

    async def release(self, act: Act, group: GroupSettings, entry: Entry) -> ClaimResult:
        session = await self._reading(group, entry)
        if again := await self._again(act, group, entry):
            return again
        if session and session.presenter and session.presenter.id == act.member:
            await self._seats.decline(act, group, session, act.member, "")
            return _result(await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id)), act.member)
        return await self._store.release_claim(act, entry.id)

    async def revoke(self, act: Act, group: GroupSettings, entry: Entry) -> ClaimResult:
        session = await self._reading(group, entry)
        if again := await self._again(act, group, entry):
            return again
        if session and session.presenter:
            presenter = session.presenter.id
            await self._seats.decline(act, group, session, presenter, "", "release session")
            return _result(await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id)), act.member)
        return await self._store.revoke_claim(act, entry.id)

    async def assign(self, act: Act, group: GroupSettings, entry: Entry, to: int) -> ClaimResult:
        session = await self._reading(group, entry)
        if again := await self._again(act, group, entry):
            return again
        if session:
            await self._seats.seat(act, group, session, to, "assign session")
            return _result(await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id)), act.member)
        return await self._store.assign_claim(act, entry.id, to)

    async def _again(self, act: Act, group: GroupSettings, entry: Entry) -> ClaimResult | None:
        """How things stand, for a request that comes again. Asked once all is read that the verb decides from: what the
        first one changed must not be taken for what was there before."""
        if not await self._store.was_handled(act):
            return None
        return _result(
            await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id)), act.member, changed=False
        )

    async def _reading(self, group: GroupSettings, entry: Entry) -> Session | None:
        """The session that reads it and is not over."""
        session = await self._store.peek(lambda rows: rows.sessions.session_of(group.id, entry.id))
        return session if session and session.settled and session.ends > self._facts.now() else None


def _of(claims: Sequence[Claim], member: int) -> Claim | None:
    return next((claim for claim in claims if claim.member.id == member), None)


def _result(claims: Sequence[Claim], member: int, *, changed: bool = True) -> ClaimResult:
    holder = next((claim.member for claim in claims if claim.kind == "holder"), None)
    own = _of(claims, member)
    backups = [claim.member.id for claim in claims if claim.kind == "backup"]
    place = backups.index(member) + 1 if own and own.kind == "backup" else 0
    return ClaimResult(changed, holder, own.kind if own else "", place)
