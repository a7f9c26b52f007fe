"""What a decision about a group's meetings is made from: one state of its rows, its settings and the time.

Decides nothing but which meeting may still be changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import Refused
from bot.groups import settings_of
from bot.model import Act, Claim, Entry, GroupSettings, Member, Participation, Pick, Session, Turn
from bot.ports import Reads
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from bot.week.plan import date_of, timeline_of
from bot.week.presenter import Circle
from bot.week.rota import last_named
from bot.week.selection import Counted, count, election_of
from bot.week.sessions import require_planned, require_session, require_taking_place, require_to_come
from bot.week.timeline import StepKind, Timeline

LOOK_BACK = timedelta(days=90)  # in which a session that nobody ran still gets its explanation
REMEMBERED = timedelta(days=400)  # how long ago somebody was asked to present in vain
CALENDARS = "calendars"  # kept: surfaces that have a calendar of their own, with commas between


@dataclass(frozen=True, slots=True)
class Facts:
    rows: Reads
    group: GroupSettings
    now: datetime
    calendars: tuple[str, ...] = ()
    is_sure: bool = True  # that it is that time: otherwise nothing is decided by it that nothing takes back

    def sessions(self) -> Sequence[Session]:
        return self.rows.sessions.sessions(self.group.id, self.now - LOOK_BACK)

    def followers(self, session: Session, *, by_now: bool = False) -> Sequence[Session]:
        """Planned ones behind a session, by start; with `by_now` all others that are still to come."""
        after = self.now if by_now else max(self.now, session.starts)
        found = self.rows.sessions.sessions(self.group.id, self.now)
        return [one for one in found if one.status == "planned" and one.starts > after and one.id != session.id]

    def session(self, session: int) -> Session:
        """Raises Refused: no meeting."""
        return require_session(self.rows, self.group.id, session)

    def reading(self, entry: int) -> Session | None:
        """The newest planned session that reads an entry, over or to come."""
        return self.rows.sessions.session_of(self.group.id, entry)

    def entry(self, entry: int) -> Entry:
        """Raises Refused: no entry."""
        found = self.rows.entries.entry(self.group.id, entry)
        if found is None:
            raise Refused("no entry")
        return found

    def room(self, session: Session) -> Participation | None:
        return participation_of(self.rows, self.group.id, session.id)

    def done(self, session: Session) -> frozenset[str]:
        return self.rows.sessions.done_steps(self.group.id, session.id)

    def picks(self, session: Session) -> Sequence[Pick]:
        return self.rows.picks.picks(self.group.id, session.id)

    def newest_picks(self, sessions: Sequence[Session]) -> Mapping[int, Pick]:
        return self.rows.picks.newest_picks(self.group.id, [session.id for session in sessions])

    def claims(self, entry: int | None) -> Sequence[Claim]:
        return () if entry is None else self.rows.claims.claims(self.group.id, entry)

    def turns(self) -> Sequence[Turn]:
        return self.rows.people.turns(self.group.id, self.now)

    def turn(self, member: int) -> Turn:
        """Raises Refused: not joined."""
        found = next((turn for turn in self.turns() if turn.member.id == member), None)
        if found is None:
            raise Refused("not joined")
        return found

    def surfaces(self, members: Sequence[Member]) -> Sequence[str]:
        """On which some of them can be called by name."""
        accounts = [account for one in members for account in self.rows.people.accounts(self.group.id, one.id)]
        return sorted({account.partition(":")[0] for account in accounts})

    def circle(self, session: Session, entry: int | None, *, names: bool = False) -> Circle:
        """Who may present, where the session reads this entry. With `names` as if the time for volunteers were over."""
        room = self.room(session)
        past = self.rows.sessions.sessions(self.group.id, self.now - REMEMBERED)
        return Circle(
            on=date_of(session, self.group),
            now=self.now,
            claims=self.claims(entry),
            turns=self.turns(),
            skipping=frozenset(member.id for member in room.skipping) if room else (),
            named=last_named([one for one in past if one.id != session.id]),
            names=names or self.names_somebody(session),
        )

    def away(self) -> Callable[[int, Session], bool]:
        """Whether a member is on leave when a session takes place."""
        turns = {turn.member.id: turn for turn in self.turns()}

        def is_away(member: int, session: Session) -> bool:
            return member in turns and turns[member].is_away(date_of(session, self.group))

        return is_away

    def count(self, session: Session, until: datetime) -> Counted:
        """The vote as it stands."""
        electorate = electorate_of(self.rows, self.group.id, session.id)
        on = date_of(session, self.group)
        away = {turn.member.id for turn in self.turns() if turn.is_away(on)}
        absent = away.union(electorate.skipping, session.tried)
        return count(election_of(self.group, session, electorate, absent, until))

    def timeline(self, session: Session) -> Timeline:
        return timeline_of(self.group, session)

    def names_somebody(self, session: Session) -> bool:
        """Whether the time for volunteers is over. Where the rota names who presents, there is none."""
        if self.group.week.mode == "presenter":
            return True
        return any(step.kind is StepKind.VOLUNTEER and step.at <= self.now for step in self.timeline(session).steps)

    # --- what may still be changed

    def require_handed_in(self, entry: Entry) -> None:
        """Raises Refused: withdrawn."""
        if entry.withdrawn:
            raise Refused("withdrawn", title=entry.paper.title, entry=entry.id)

    def require_unread(self, entry: int) -> None:
        """Raises Refused: was read."""
        session = self.reading(entry)
        if session and session.ends <= self.now:
            title = self.entry(entry).paper.title
            raise Refused("was read", title=title, entry=entry, session=session, group=self.group)

    def require_taking_place(self, session: Session) -> None:
        """Raises Refused, as these do: see bot.week.sessions."""
        require_taking_place(session, self.group)

    def require_planned(self, session: Session) -> None:
        require_planned(session, self.group, self.now)

    def require_to_come(self, session: Session) -> None:
        require_to_come(session, self.group, self.now)


def facts_of(rows: Reads, group: str, now: datetime, *, is_sure: bool = True) -> Facts:
    calendars = tuple(filter(None, rows.kept.recall(CALENDARS).split(",")))
    return Facts(rows, settings_of(rows, group), now, calendars, is_sure)


def facts_for(rows: Reads, act: Act) -> Facts:
    return facts_of(rows, act.group, act.at)


def as_it_stands(rows: Reads, act: Act, session: int, *_: object, **__: object) -> Session:
    """The answer to a request about a session that comes again."""
    return facts_for(rows, act).session(session)
