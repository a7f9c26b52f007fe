"""What each step of a session's timeline comes to: one Move, or several that belong together. Writes nothing."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import GroupSettings, Move, Session, SessionStatus, Wish
from bot.timeline import Due, Kind, Step, due, moment
from bot.voting.deciding import shortlist
from bot.week import picking, planning, presenting, wishes
from bot.week.facts import Facts, timeline_of
from bot.week.planning import half_way, is_decided, is_open
from bot.week.presenting import Successor
from bot.week.shifting import PREPARED, call_off, volunteering
from bot.wording import plural

PREPARING = (*PREPARED, Kind.NAME)
REOPENED = "its close was undone"
NOT_BROUGHT = "nobody brought a paper"


class Steps:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._store = facts.store
        self._kinds: dict[Kind, Callable[[GroupSettings, Session, Step], Awaitable[Sequence[Move]]]] = {
            Kind.NOMINATE: self._nominate,
            Kind.NAME: self._name,
            Kind.SHORTLIST: self._shortlist,
            Kind.CLOSE: self._close,
            Kind.PICK: self._pick,
            Kind.VOLUNTEER: self._volunteer,
            Kind.NUDGE: self._nudge,
            Kind.PAPER: self._paper,
            Kind.CONFIRM: self._confirm,
            Kind.HEADCOUNT: self._headcount,
            Kind.THREAD: self._thread,
            Kind.REMIND: self._remind,
            Kind.RECAP: self._recap,
        }

    async def next(self, group: GroupSettings, session: Session) -> Sequence[Move]:
        """What is to be done for a session now, one step of it; () when nothing is."""
        now = self._facts.now()
        if session.status != "planned":
            return ()
        if planning.is_missed(session, now) and (move := await self._missed(group, session)):
            return (move,)
        if session.shortlist and not group.week.has_ballots and is_open(session):
            return (Move(session.id, session.revision, "", sets={"shortlist": ()}, undone=(str(Kind.SHORTLIST),)),)
        if session.entry is not None and not session.settled and session.ends > now:
            room = await self._store.read(lambda rows: rows.attendance.room(group.id, session.id))
            if room and len(room.seconded) >= picking.SECONDS:
                return (await self.settled(group, session, "accept", picking.SECONDED),)
        line = timeline_of(group, session)
        if not line.steps or line.steps[0].at > now:
            return ()
        done = await self._store.peek(lambda rows: rows.sessions.done_steps(group.id, session.id))
        if move := self._taken_back(session, line.steps, done, now):
            return (move,)
        return await self._do(group, session, due(line, now, done, session.scheduled_at or session.starts))

    async def _do(self, group: GroupSettings, session: Session, found: Due) -> Sequence[Move]:
        """The first step that is due, with all that it is too late for."""
        passed = tuple(step.key for step in found.pass_over)
        if not found.do:
            return (Move(session.id, session.revision, "", done=passed),) if passed else ()
        step = found.do[0]
        moves = await self._kinds[step.kind](group, session, step)
        first = moves[0] if moves else Move(session.id, session.revision, "")
        return (replace(first, done=(*first.done, step.key, *passed)), *moves[1:])

    async def _missed(self, group: GroupSettings, session: Session) -> Move | None:
        """None where members said that they come: they met without a paper."""
        ran = session.closed_at is not None or await self._was_looked_for(group, session)
        if ran and session.entry is None:
            room = await self._store.read(lambda rows: rows.attendance.room(group.id, session.id))
            if room and room.coming:
                return None
        return planning.missed(session, ran=ran)

    async def _was_looked_for(self, group: GroupSettings, session: Session) -> bool:
        """Whether the time to bring a paper was up while we ran; the rota's, where a group leaves that out."""
        done = await self._store.peek(lambda rows: rows.sessions.done_steps(group.id, session.id))
        needs_paper = group.week.timeline.length("paper") is not None
        return _no_paper(session) in done or (
            group.week.mode == "presenter" and not needs_paper and str(Kind.NAME) in done
        )

    # --- the vote

    async def _nominate(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        if session.closed_at or session.entry is not None:
            return ()
        return (Move(session.id, session.revision, "", wishes=(wishes.nominations(session),)),)

    async def _shortlist(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        """Votes up to now; with nothing to choose between there is no ballot."""
        if session.closed_at or session.entry is not None:
            return ()
        counted = await self._facts.count(group, session, self._facts.now())
        papers = tuple(line.entry for line in shortlist(counted.election, group.week.shortlist))
        if group.week.hidden:  # the order would tell who leads
            nominated = {candidate.entry: candidate.nominated_at for candidate in counted.election.candidates}
            papers = tuple(sorted(papers, key=lambda entry: (nominated[entry], entry)))
        if len(papers) < 2:
            return ()
        reason = f"the {plural(len(papers), 'paper')} with the most votes"
        wanted = (wishes.ballot(session),)
        return (Move(session.id, session.revision, "shortlist", reason, {"shortlist": papers}, wishes=wanted),)

    async def _close(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        if session.closed_at or session.entry is not None:
            return ()
        reason = "the ballot closed"
        return (Move(session.id, session.revision, "close", reason, {"closed_at": step.at}),)

    async def _pick(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        if session.entry is not None:
            return ()
        now = self._facts.now()
        was_picked = bool(await self._store.read(lambda rows: rows.picks.picks(group.id, session.id)))
        counted = await self._facts.count(group, session, session.closed_at or now)
        is_automatic = group.week.pick == "automatic" and counted.receipt.winner is not None
        make = picking.automatic if is_automatic else picking.proposed
        move = make(session, counted, now)
        if "entry" not in move.sets:
            return (replace(move, tells=True),)
        living = wishes.living(session, self._facts.calendars)
        move = replace(move, wishes=living, tells=was_picked)  # a card that stands there already is edited in silence
        return (await self.seated(group, session, counted.receipt.winner, move) if is_automatic else move,)

    async def seated(self, group: GroupSettings, session: Session, entry: int | None, move: Move) -> Move:
        """With the first in line as presenter, where nobody presents yet. Who was there before the paper stays, and
        whoever holds it then follows them."""
        if session.presenter is not None and (group.week.mode == "presenter" or session.entry in (None, entry)):
            claims = (
                await self._store.peek(lambda rows: rows.claims.claims(group.id, entry)) if entry is not None else ()
            )
            handed = presenting.hand_to(claims, entry, session.presenter.id, others="step back")
            return replace(move, claims=(*move.claims, *handed))
        circle = await self._facts.circle(group, session, entry)
        found = presenting.first_in_line(session, circle)
        return presenting.seat(session, entry, found, circle.claims, circle.now).onto(move)

    async def settled(self, group: GroupSettings, session: Session, action: str, reason: str) -> Move:
        """The proposed paper is what the session reads. Its receipt must lead to it, for anyone who counts again."""
        now = self._facts.now()
        move = Move(session.id, session.revision, action, reason, {"settled": True})
        picks = await self._store.read(lambda rows: rows.picks.picks(group.id, session.id))
        entry = await self._store.peek(lambda rows: rows.entries.entry(group.id, session.entry or 0))
        if entry and picks and (last := picking.read_pick(picks[-1])).receipt.winner != entry.id:
            again = picking.count(picking.chosen(last.election, entry, now))
            move = replace(move, pick=again.pick(now), carried=picking.near(again))
        return await self.seated(group, session, session.entry, move)

    # --- who presents

    async def _name(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        """The rota names who presents, before there is a paper."""
        living = wishes.living(session, self._facts.calendars)
        if session.presenter is not None:
            return (Move(session.id, session.revision, "", wishes=living),)
        circle = await self._facts.circle(group, session, session.entry, names=True)
        found = presenting.successor(session, circle)
        return (self._asked(session, found, circle, "name", wanted=living),)

    async def _volunteer(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        """Nobody has offered: who said "if nobody else does" is asked, or the rota names one, or they just talk."""
        if session.presenter is not None or session.entry is None or not session.settled or session.open_discussion:
            return ()
        circle = await self._facts.circle(group, session, session.entry, names=True)
        found = presenting.successor(session, circle)
        return (self._asked(session, found, circle, "open" if found.how == "nobody" else "name"),)

    def _asked(
        self,
        session: Session,
        found: Successor,
        circle: presenting.Circle,
        action: str,
        wanted: tuple[Wish, ...] = (),
    ) -> Move:
        move = Move(session.id, session.revision, action, presenting.WHY[found.how], wishes=wanted)
        seating = presenting.seat(session, session.entry, found, circle.claims, circle.now)
        return replace(seating.onto(move), tells=found.member is None)

    async def _nudge(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        if session.presenter is None or session.confirmed_at or session.asked_at is None:
            return ()
        return (Move(session.id, session.revision, "", wishes=(wishes.nudge(session, session.asked_at),)),)

    async def _confirm(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        """Who has not answered does not present; the next in line is asked."""
        if session.presenter is None or session.confirmed_at:
            return ()
        return (await self.lost(group, session, "silent", ""),)

    async def lost(self, group: GroupSettings, session: Session, action: str, reason: str) -> Move:
        """The presenter can't, or does not say."""
        circle = await self._facts.circle(group, session, session.entry)
        found = presenting.successor(session, circle)
        move = Move(session.id, session.revision, action, reason, tells=found.member is None)
        return presenting.unseat(session, found, circle.claims, circle.now).onto(move)

    async def _paper(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        """The presenter has not brought one: the vote says which, where there is one. It is told once that there is
        none, though everybody who is asked has a time of their own to bring one."""
        if session.entry is not None:
            return ()
        now = self._facts.now()
        counted = await self._facts.count(group, session, step.at)
        if counted.receipt.winner is None:
            return await self._without_paper(group, session)
        move = picking.automatic(session, counted, now)
        move = replace(
            move,
            reason=f"{NOT_BROUGHT}, {counted.why}",
            sets={**move.sets, "closed_at": step.at},
            wishes=wishes.living(session, self._facts.calendars),
            tells=True,
        )
        return (await self.seated(group, session, counted.receipt.winner, move),)

    async def _without_paper(self, group: GroupSettings, session: Session) -> Sequence[Move]:
        told = _no_paper(session)
        if told in await self._store.peek(lambda rows: rows.sessions.done_steps(group.id, session.id)):
            return ()
        return (Move(session.id, session.revision, "pick", NOT_BROUGHT, done=(told,), tells=True),)

    # --- whether and when

    async def _headcount(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        room = await self._store.read(lambda rows: rows.attendance.room(group.id, session.id))
        coming, needed = len(room.coming) if room else 0, group.week.headcount
        if coming >= needed:
            return ()
        who, have = f"only {coming}" if coming else "none", "have" if coming > 1 else "has"
        reason = f"{who} of the {needed} needed {have} said that they come"
        return await self.called_off(group, session, "headcount", reason)

    async def called_off(
        self, group: GroupSettings, session: Session, action: str, reason: str, status: SessionStatus = "skipped"
    ) -> Sequence[Move]:
        """What was decided moves on to the sessions behind it."""
        now = self._facts.now()
        followers = await self._facts.followers(group, session, by_now=status == "cancelled")
        picks = await self._facts.newest_picks(group, [session, *followers])
        away = await self._facts.away(group)
        move = Move(session.id, session.revision, action, reason, {"status": status, "why": reason}, tells=True)
        return call_off(session, followers, picks, away, move, now, self._facts.calendars)

    async def handed_on(self, group: GroupSettings, session: Session, taker: Session) -> Sequence[Move]:
        """What waits with a session that was called off is for one that was planned since."""
        picks = await self._facts.newest_picks(group, [session])
        away = await self._facts.away(group)
        move = Move(session.id, session.revision, "")
        return call_off(session, [taker], picks, away, move, self._facts.now(), self._facts.calendars)

    async def restarted(self, group: GroupSettings, session: Session, move: Move) -> Move:
        """Where it moves to a day on which its presenter is on leave, the next in line is asked instead."""
        there = replace(session, starts=move.sets.get("starts", session.starts))
        away = await self._facts.away(group)
        if session.presenter is None or there.starts == session.starts or not away(session.presenter.id, there):
            return move
        circle = await self._facts.circle(group, there, session.entry)
        found = presenting.successor(there, circle)
        asks_others = tuple(wish for wish in move.wishes if wish.kind != "ask")
        again = volunteering(session) if found.member is None else ()
        seating = presenting.unseat(there, found, circle.claims, circle.now)
        return seating.onto(replace(move, wishes=asks_others, undone=(*move.undone, *again), tells=True))

    # --- messages

    async def _thread(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        return (Move(session.id, session.revision, "", wishes=(wishes.room(session),)),)

    async def _remind(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        return (Move(session.id, session.revision, "", wishes=(wishes.reminder(session, step),)),)

    async def _recap(self, group: GroupSettings, session: Session, step: Step) -> Sequence[Move]:
        """The card of the session is shown again: it is over and no longer the one to keep in sight."""
        return (Move(session.id, session.revision, "", wishes=(wishes.recap(session), wishes.pick(session))),)

    # --- what a moderator took back

    def _taken_back(self, session: Session, steps: Sequence[Step], done: Collection[str], now: datetime) -> Move | None:
        """Undone steps stay behind us, so that nothing is picked again by itself. But what had come before its time,
        with a paper that moved here, comes at its time after all; and a ballot that is open again has to close."""
        if is_decided(session) or session.closed_at or session.starts <= now:
            return None
        behind = [step for step in steps if step.kind in PREPARING and step.key in done]
        early = tuple(step.key for step in behind if step.at > now)
        if session.shortlist:  # a ballot that began before that of a session that was called off
            early = tuple(key for key in early if key != Kind.SHORTLIST)
        if early:
            return Move(session.id, session.revision, "", undone=early)
        if any(step.kind is Kind.CLOSE for step in behind):
            return picking.reopened(session, half_way(session, now), REOPENED)
        return None


def _no_paper(session: Session) -> str:
    """Marks as done, beside the steps, that there was none for this start when its time was up."""
    return f"no paper {moment(session.starts)}"
