"""What moderators do about when and whether a session takes place: skip it, take that back, move it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import UserError
from bot.model import Act, GroupSettings, Move, Pick, Session, SessionChanges
from bot.timeline import Kind
from bot.week import picking
from bot.week.acting import TRIES, carry_out, day_of, require_to_come
from bot.week.facts import Facts, timeline_of
from bot.week.planning import half_way, is_open, late_close, restart, to_come
from bot.week.shifting import CLEARED, take_back, undone
from bot.week.steps import Steps


class Calling:
    def __init__(self, facts: Facts, steps: Steps) -> None:
        self._facts = facts
        self._store = facts.store
        self._steps = steps

    async def skip(self, act: Act, group: GroupSettings, session: Session, reason: str) -> Session | None:
        async def decide(found: Session) -> Sequence[Move]:
            require_to_come(found, group, self._facts.now())
            return await self._steps.called_off(group, found, "skip", reason)

        await carry_out(self._facts, act, group, session.id, decide)
        return next(iter(await self._facts.followers(group, session)), None)

    async def unskip(self, act: Act, group: GroupSettings, session: Session) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            if found.status == "planned":
                return ()
            return await self._restored(group, found)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _restored(self, group: GroupSettings, session: Session) -> Sequence[Move]:
        now = self._facts.now()
        if session.status != "skipped" or session.starts <= now:
            raise UserError(f"The meeting of {day_of(session, group)} can't be brought back any more.")
        sets: SessionChanges = {"status": "planned", "why": "", "scheduled_at": now}
        if session.closed_at is None:
            sets["closes_at"] = late_close(group, session.starts, now)
        move = Move(session.id, session.revision, "unskip", "", sets, tells=True)
        followers = await self._facts.followers(group, session)
        ids = [one.id for one in followers]
        picks = await self._store.read(lambda rows: {id: rows.picks.picks(group.id, id) for id in ids})
        away = await self._facts.away(group)
        moves = take_back(session, followers, picks, _winner, away, move, now, self._facts.calendars)
        return moves if len(moves) > 1 else (await self._on_its_own(group, session, move),)

    async def _on_its_own(self, group: GroupSettings, session: Session, move: Move) -> Move:
        """Nothing moved on from it, or that was read or taken off since: then it is voted for anew."""
        if session.entry is None:
            return move
        is_gone = group.week.mode == "vote" and session.closed_at is None
        entry = session.entry
        if not is_gone and not await self._store.peek(lambda rows: rows.sessions.session_of(group.id, entry)):
            return move
        closes = late_close(group, session.starts, self._facts.now())
        return replace(move, sets={**CLEARED, **move.sets, "closes_at": closes}, undone=undone(session))

    async def settings_changed(self, act: Act, before: GroupSettings, after: GroupSettings) -> None:
        now = self._facts.now()
        for _ in range(TRIES):
            sessions = filter(is_open, to_come(await self._facts.sessions(after), now))
            moves = [move for session in sessions if (move := await self._closing(session, before, after, now))]
            if not moves or await self._store.move(act, moves):
                return

    async def _closing(
        self, session: Session, before: GroupSettings, after: GroupSettings, now: datetime
    ) -> Move | None:
        """A vote that was to go on does not close in the past: it goes on until half-way to the start. One for which
        the settings name a time to come again, which had passed, closes then."""
        was, will = _close_of(before, session), _close_of(after, session)
        if will and will <= now and will != was:
            until = half_way(session, now) if was is None or was > now else was
            return Move(session.id, session.revision, "", sets={"closes_at": until})
        on_time = replace(session, closes_at=None)
        had_passed, is_to_come = _close_of(before, on_time), _close_of(after, on_time)
        if not (session.closes_at and had_passed and is_to_come and had_passed <= now < is_to_come):
            return None
        if str(Kind.CLOSE) in await self._store.peek(lambda rows: rows.sessions.done_steps(session.group, session.id)):
            return None  # a moderator opened it again, until then
        return Move(session.id, session.revision, "", sets={"closes_at": None})

    async def reschedule(
        self,
        act: Act,
        group: GroupSettings,
        session: Session,
        starts: datetime | None,
        minutes: int | None,
        place: str | None,
    ) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            now = self._facts.now()
            require_to_come(found, group, now)
            changes = _changes(found, starts, minutes, place)
            if not changes:
                return ()
            await self._require_possible(group, found, changes, now)
            move = Move(found.id, found.revision, "move")
            if starts is not None and "starts" in changes:
                move = restart(group, found, starts, now, "move", "")
                move = await self._steps.restarted(group, found, move)
            return (replace(move, sets={**move.sets, **changes, "moved": True}, tells=True),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _require_possible(
        self, group: GroupSettings, session: Session, changes: SessionChanges, now: datetime
    ) -> None:
        starts = changes.get("starts", session.starts)
        if starts <= now:
            raise UserError("That time has passed. Name one that is still to come.")
        others = to_come(await self._facts.sessions(group), now)
        if any(other.starts == starts for other in others if other.id != session.id):
            raise UserError("Another meeting of this group begins at that very time. Move or skip that one first.")
        if not 5 <= changes.get("minutes", session.minutes) <= 600:
            raise UserError("A meeting takes 5 to 600 minutes.")


def _changes(session: Session, starts: datetime | None, minutes: int | None, place: str | None) -> SessionChanges:
    """What is given and is not so already."""
    changes: SessionChanges = {}
    if starts not in (None, session.starts):
        changes["starts"] = starts
    if minutes not in (None, session.minutes):
        changes["minutes"] = minutes
    if place not in (None, session.place):
        changes["place"] = place
    return changes


def _close_of(group: GroupSettings, session: Session) -> datetime | None:
    """None where nobody votes."""
    return next((step.at for step in timeline_of(group, session).steps if step.kind is Kind.CLOSE), None)


def _winner(pick: Pick) -> int | None:
    return picking.read_pick(pick).receipt.winner
