"""What members and moderators do about who presents a session: yes, no, another, this paper, these slides."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.model import Act, Claim, Entry, GroupSettings, Member, Move, Pick, Session, SessionChanges, Turn
from bot.week import picking, presenting, wishes
from bot.week.acting import carry_out, day_of, require_planned, require_taking_place, require_to_come
from bot.week.facts import Facts
from bot.week.planning import local_date
from bot.week.steps import Steps
from bot.wording import join_words


class Seats:
    def __init__(self, facts: Facts, steps: Steps) -> None:
        self._facts = facts
        self._store = facts.store
        self._steps = steps

    async def confirm(self, act: Act, group: GroupSettings, session: Session) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            require_planned(found, group, self._facts.now())
            presenter = found.presenter
            if presenter is None:
                return (await self.volunteered(act, group, found),)
            if presenter.id != act.member:
                raise UserError(
                    f"{presenter.name} presents on {day_of(found, group)}. Claim the paper as a backup to follow them."
                )
            if found.confirmed_at:
                return ()
            return (Move(found.id, found.revision, "confirm", "", {"confirmed_at": self._facts.now()}),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def volunteered(self, act: Act, group: GroupSettings, session: Session) -> Move:
        if group.week.mode == "vote" and (session.entry is None or not session.settled):
            raise UserError(
                "No paper is picked for that meeting yet. Vote for the one that you want, and claim it to present it."
            )
        claims = await self._claims(group, session)
        seating = presenting.seat_willing(session, session.entry, act.member, claims, self._facts.now())
        living = wishes.living(session, self._facts.calendars)
        return seating.onto(Move(session.id, session.revision, "volunteer", "", wishes=living))

    async def _claims(self, group: GroupSettings, session: Session) -> Sequence[Claim]:
        return await self._store.peek(lambda rows: rows.claims.claims(group.id, session.entry or 0))

    async def decline(
        self, act: Act, group: GroupSettings, session: Session, member: int, reason: str, action: str = "decline"
    ) -> Session:
        """Whoever says so, `member` does not present any more."""

        async def decide(found: Session) -> Sequence[Move]:
            require_planned(found, group, self._facts.now())
            if found.presenter is None or found.presenter.id != member:
                raise UserError(_not_presenting(found, day_of(found, group), themselves=act.member == member))
            return (await self._steps.lost(group, found, action, reason),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def seat(self, act: Act, group: GroupSettings, session: Session, to: int, action: str) -> Session:
        """Another member presents from now on, if they say yes."""

        async def decide(found: Session) -> Sequence[Move]:
            now = self._facts.now()
            require_planned(found, group, now)
            if group.week.mode == "vote" and (found.entry is None or not found.settled):
                raise UserError("No paper is picked for that meeting yet, so nobody presents.")
            if found.presenter and found.presenter.id == to:
                return ()
            turn = await self._turn(group, to)
            if turn.is_away(local_date(found, group)):
                raise UserError(f"{turn.member.name} is on leave on {day_of(found, group)}. Ask somebody else.")
            gone = found.presenter.id if found.presenter else None
            claims = await self._claims(group, found)
            seating = presenting.seat(found, found.entry, presenting.Successor("claim", to), claims, now)
            tried = tuple(member for member in found.tried if member != to)
            move = Move(found.id, found.revision, action, _names(found.presenter, turn.member), {"tried": tried})
            if gone == act.member:
                move = replace(move, sets={"tried": (*tried, gone)})
            return (seating.onto(move),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _turn(self, group: GroupSettings, member: int) -> Turn:
        turns = await self._store.read(lambda rows: rows.people.turns(group.id, self._facts.now()))
        found = next((turn for turn in turns if turn.member.id == member), None)
        if found is None:
            raise UserError("They are not a member of this group yet. They join with their first vote or command.")
        return found

    async def bring(self, act: Act, group: GroupSettings, session: Session, entry: Entry) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            now = self._facts.now()
            require_to_come(found, group, now)
            if group.week.mode != "presenter":
                raise UserError("This group votes for what it reads. Vote for the paper, and claim it to present it.")
            if found.presenter and found.presenter.id != act.member:
                raise UserError(f"{found.presenter.name} presents on {day_of(found, group)} and brings the paper.")
            if found.entry == entry.id and found.confirmed_at:
                return ()
            await self._require_free(act, group, found, entry)
            claims = await self._store.peek(lambda rows: rows.claims.claims(group.id, entry.id))
            if found.presenter is None:
                seating = presenting.seat_willing(found, entry.id, act.member, claims, now)
            else:
                seating = presenting.Seating({}, presenting.hand_to(claims, entry.id, act.member))
            sets: SessionChanges = {"entry": entry.id, "settled": True, "confirmed_at": found.confirmed_at or now}
            living = wishes.living(found, self._facts.calendars)
            pick = await self._instead(act, group, found, entry)
            return (seating.onto(Move(found.id, found.revision, "bring", "", sets, pick=pick, wishes=living)),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _instead(self, act: Act, group: GroupSettings, session: Session, entry: Entry) -> Pick | None:
        """Where the vote had picked one for the presenter, the receipt says that they chose another."""
        picks = await self._store.read(lambda rows: rows.picks.picks(group.id, session.id))
        if not picks:
            return None
        now = self._facts.now()
        again = picking.count(picking.chosen(picking.read_pick(picks[-1]).election, entry, now))
        return again.pick(now, Member(act.member, ""))

    async def _require_free(self, act: Act, group: GroupSettings, session: Session, entry: Entry) -> None:
        title = f"“{entry.paper.title}”"
        if entry.dropped:
            raise UserError(f"{title} was dropped by a moderator. Choose another paper.")
        reading = await self._store.peek(lambda rows: rows.sessions.session_of(group.id, entry.id))
        if reading and reading.id != session.id:
            reads = "reads" if reading.ends > self._facts.now() else "read"
            raise UserError(f"The group {reads} {title} on {day_of(reading, group)} already. Choose another paper.")
        if entry.claimer and entry.claimer.id != act.member:
            raise UserError(
                f"{entry.claimer.name} has claimed {title}. Choose another paper, or ask {entry.claimer.name} to hand "
                "it over with /paper handover."
            )

    async def put_slides(
        self, act: Act, group: GroupSettings, session: Session, link: str, *, moderates: bool
    ) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            require_taking_place(found, group)
            if found.slides == link:
                return ()
            if found.slides and not moderates:
                await self._require_presenting(act, group, found)
            return (Move(found.id, found.revision, "slides", "", {"slides": link}),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _require_presenting(self, act: Act, group: GroupSettings, session: Session) -> None:
        """As the first or beside them."""
        first = (session.presenter,) if session.presenter else ()
        beside = (claim.member for claim in await self._claims(group, session) if claim.kind == "co")
        names = {member.id: member.name for member in (*first, *beside)}
        if act.member not in names:
            who = join_words([*names.values(), "moderators"])
            raise UserError(f"The meeting of {day_of(session, group)} has slides already; only {who} can change them.")

    async def went_on_leave(self, act: Act, group: GroupSettings, member: int) -> Sequence[Session]:
        turn = await self._turn(group, member)
        changed = []
        for session in await self._facts.sessions(group):
            is_theirs = session.status == "planned" and session.presenter and session.presenter.id == member
            if is_theirs and session.starts > self._facts.now() and turn.is_away(local_date(session, group)):
                own = replace(act, request=act.request and f"{act.request} leave {session.id}")
                changed.append(await self.decline(own, group, session, member, "on leave then"))
        return changed


def _not_presenting(session: Session, day: str, *, themselves: bool) -> str:
    if themselves:
        return f"You don't present on {day}; there is nothing to call off."
    if session.presenter is None:
        return f"Nobody presents on {day} by now."
    return f"Somebody else presents on {day} by now. /paper next tells who."


def _names(before: Member | None, after: Member) -> str:
    return f"{after.name} instead of {before.name}" if before else f"{after.name} presents"
