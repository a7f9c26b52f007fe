"""What moderators do about when and whether a session takes place: skip it, take that back, move it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.errors import UserError
from bot.model import Act, GroupSettings, Move, Pick, Session
from bot.week import picking
from bot.week.acting import carry_out, day_of, require_to_come
from bot.week.facts import Facts
from bot.week.planning import late_close, restart, to_come
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

    async def unskip(self, act: Act, group: GroupSettings, session: Session, reason: str = "") -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            if found.status == "planned":
                return ()
            return await self._restored(group, found, reason)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _restored(self, group: GroupSettings, session: Session, reason: str) -> Sequence[Move]:
        now = self._facts.now()
        if session.status != "skipped" or session.starts <= now:
            raise UserError(f"The meeting of {day_of(session, group)} can't be brought back any more.")
        sets: dict[str, Any] = {"status": "planned", "why": "", "scheduled_at": now}
        if session.closed_at is None:
            sets["closes_at"] = late_close(group, session.starts, now)
        move = Move(session.id, session.revision, "unskip", reason, sets, tells=True)
        followers = await self._facts.followers(group, session)
        picks = {one.id: await self._store.picks(group.id, one.id) for one in followers}
        moves = take_back(session, followers, picks, _winner, move, now, self._facts.calendars)
        return moves if len(moves) > 1 else (await self._on_its_own(group, session, move),)

    async def _on_its_own(self, group: GroupSettings, session: Session, move: Move) -> Move:
        """Nothing moved on from it, or that was read since: then it is voted for anew."""
        is_read = session.entry is not None and await self._store.session_of(group.id, session.entry)
        if not is_read:
            return move
        closes = late_close(group, session.starts, self._facts.now())
        return replace(move, sets={**CLEARED, **move.sets, "closes_at": closes}, undone=undone(session))

    async def reschedule(
        self,
        act: Act,
        group: GroupSettings,
        session: Session,
        starts: datetime | None,
        minutes: int | None,
        place: str | None,
        reason: str,
    ) -> Session:
        async def decide(found: Session) -> Sequence[Move]:
            now = self._facts.now()
            require_to_come(found, group, now)
            given = {"starts": starts, "minutes": minutes, "place": place}
            changes = {name: value for name, value in given.items() if value not in (None, getattr(found, name))}
            if not changes:
                return ()
            await self._require_possible(group, found, changes, now)
            move = Move(found.id, found.revision, "move", reason)
            if starts is not None and "starts" in changes:
                move = restart(group, found, starts, now, "move", reason)
            return (replace(move, sets={**move.sets, **changes, "moved": True}, tells=True),)

        return await carry_out(self._facts, act, group, session.id, decide)

    async def _require_possible(
        self, group: GroupSettings, session: Session, changes: Mapping[str, Any], now: datetime
    ) -> None:
        starts = changes.get("starts", session.starts)
        if starts <= now:
            raise UserError("That time has passed. Name one that is still to come.")
        others = to_come(await self._facts.sessions(group), now)
        if any(other.starts == starts for other in others if other.id != session.id):
            raise UserError("Another meeting of this group begins at that very time. Move or skip that one first.")
        if not 5 <= changes.get("minutes", session.minutes) <= 600:
            raise UserError("A meeting takes 5 to 600 minutes.")


def _winner(pick: Pick) -> int | None:
    return picking.read_pick(pick).receipt.winner
