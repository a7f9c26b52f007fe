"""What decisions about a session are made from, read from the store. Decides nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.model import GroupSettings, Pick, Session
from bot.ports import Clock, Store
from bot.timeline import Kind, Timeline, lay_out
from bot.week.picking import Count, count, election_of
from bot.week.planning import local_date
from bot.week.presenting import Circle
from bot.week.rota import last_named

LOOK_BACK = timedelta(days=90)  # in which a session that nobody ran still gets its explanation
REMEMBERED = timedelta(days=400)  # how long ago somebody was asked to present in vain


class Facts:
    """Reads anew each time: what is decided from it is refused when it is not so any more."""

    def __init__(self, store: Store, clock: Clock, calendars: Collection[str] = ()) -> None:
        self.store = store
        self.clock = clock
        self.calendars = tuple(calendars)

    def now(self) -> datetime:
        return self.clock.now()

    async def sessions(self, group: GroupSettings) -> Sequence[Session]:
        return await self.store.read(lambda rows: rows.sessions.sessions(group.id, self.now() - LOOK_BACK))

    async def followers(self, group: GroupSettings, session: Session, *, by_now: bool = False) -> Sequence[Session]:
        """Planned ones behind a session, by start; with `by_now` all others that are still to come."""
        now = self.now()
        after = now if by_now else max(now, session.starts)
        found = await self.store.read(lambda rows: rows.sessions.sessions(group.id, now))
        return [one for one in found if one.status == "planned" and one.starts > after and one.id != session.id]

    async def session(self, group: GroupSettings, session: int) -> Session:
        found = await self.store.peek(lambda rows: rows.sessions.session(group.id, session))
        if found is None:
            raise UserError("This group has no such meeting. /paper next tells of the one that comes.")
        return found

    async def circle(self, group: GroupSettings, session: Session, entry: int | None, *, names: bool = False) -> Circle:
        """Who may present, where the session reads this entry. With `names` as if the time for volunteers were over."""
        now = self.now()
        claims = await self.store.peek(lambda rows: rows.claims.claims(group.id, entry)) if entry is not None else ()
        room = await self.store.read(lambda rows: rows.attendance.room(group.id, session.id))
        past = await self.store.read(lambda rows: rows.sessions.sessions(group.id, now - REMEMBERED))
        return Circle(
            on=local_date(session, group),
            now=now,
            claims=claims,
            turns=await self.store.read(lambda rows: rows.people.turns(group.id, now)),
            skipping=frozenset(member.id for member in room.skipping) if room else (),
            named=last_named([one for one in past if one.id != session.id]),
            names=names or names_somebody(group, session, now),
        )

    async def away(self, group: GroupSettings) -> Callable[[int, Session], bool]:
        """Whether a member is on leave when a session takes place."""
        turns = {
            turn.member.id: turn for turn in await self.store.read(lambda rows: rows.people.turns(group.id, self.now()))
        }

        def is_away(member: int, session: Session) -> bool:
            return member in turns and turns[member].is_away(local_date(session, group))

        return is_away

    async def count(self, group: GroupSettings, session: Session, until: datetime) -> Count:
        """The vote as it stands."""
        now = self.now()
        electorate = await self.store.read(lambda rows: rows.picks.electorate(group.id, session.id))
        turns = await self.store.read(lambda rows: rows.people.turns(group.id, now))
        on = local_date(session, group)
        away = {turn.member.id for turn in turns if turn.is_away(on)}
        absent = away.union(electorate.skipping, session.tried)
        return count(election_of(group, session, electorate, absent, until))

    async def newest_picks(self, group: GroupSettings, sessions: Sequence[Session]) -> Mapping[int, Pick]:
        ids = [session.id for session in sessions]
        picks = await self.store.read(lambda rows: {id: rows.picks.picks(group.id, id) for id in ids})
        return {session: found[-1] for session, found in picks.items() if found}


def timeline_of(group: GroupSettings, session: Session) -> Timeline:
    week = group.week
    return lay_out(
        session.starts, session.minutes, group.zone, week.timeline, week.shape, session.asked_at, session.closes_at
    )


def names_somebody(group: GroupSettings, session: Session, now: datetime) -> bool:
    """Whether the time for volunteers is over. Where the rota names who presents, there is none."""
    if group.week.mode == "presenter":
        return True
    return any(step.kind is Kind.VOLUNTEER and step.at <= now for step in timeline_of(group, session).steps)
