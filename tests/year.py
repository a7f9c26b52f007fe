"""Three reading groups that live for a year: people with habits who answer what is posted, and a clock that jumps.

Everything that members do is written down here, so that a test can count again without asking the program.
"""

import heapq
import itertools
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.stores.sqlite import open_store
from bot.actions.attendance import rsvp
from bot.actions.ballots import cast_ballot
from bot.actions.claims import claim_paper, release_claim
from bot.actions.deliveries import mark_shown
from bot.actions.picks import next_paper, pick_paper, reopen_vote, second_paper
from bot.actions.presenter import bring_paper, confirm_presenting, decline_presenting
from bot.actions.reschedule import skip_meeting
from bot.actions.votes import cast_vote, retract_vote
from bot.errors import Refused
from bot.languages import Reader
from bot.meetings import Meetings
from bot.model import DaySettings, GroupSettings, Session, WeekSettings
from bot.next_look import next_look
from bot.ports import Store
from bot.views.refusals import word_refusal
from tests.fakes.clock import MovableClock, read_time
from tests.groups import set_groups
from tests.hints import look
from tests.stores.scene import lease_all
from tests.weekly_club import Club, Post

BEGINS, ENDS = read_time("2026-08-31 06:00"), read_time("2027-09-06 06:00")
DOWN = read_time("2027-02-08 09:00"), read_time("2027-02-22 09:00")
MODERATOR_AWAY = read_time("2027-01-04 00:00"), read_time("2027-02-04 00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

BERLIN = GroupSettings(
    id="berlin",
    timezone="Europe/Berlin",
    channels=("web:berlin",),
    day=DaySettings(layout="channel"),
    week=WeekSettings(session="thu 17:00", place="Room 2.01"),
)
NEW_YORK = GroupSettings(
    id="new-york",
    timezone="America/New_York",
    channels=("web:new-york",),
    day=DaySettings(layout="channel"),
    week=WeekSettings(session="every 2 weeks tue 12:30 from 2026-09-08", rule="schulze", budget=3, minutes=45),
)
TOKYO = GroupSettings(
    id="tokyo",
    timezone="Asia/Tokyo",
    channels=("web:tokyo",),
    week=WeekSettings(session="monthly last fri 19:00", mode="presenter", minutes=90),
)

GROUPS = (BERLIN, NEW_YORK, TOKYO)

# How people are. Those on the rota are willing to present; not all of them mean it.
HABITS = {
    "Ada": "prompt",
    "Ben": "prompt",
    "Cem": "slow",  # answers when asked again
    "Dee": "silent",  # claims, and never answers
    "Eli": "unreliable",  # says yes, and drops out the day before
    "Fay": "late",  # votes when the ballot has closed
    "Gus": "busy",  # says no
    "Hana": "traveller",  # on leave twice a year
    "Ivo": "racer",  # claims what Jun claims, at the same moment
    "Jun": "racer",
    "Kim": "fickle",  # takes votes back
    "Mod": "moderator",
}
POSTS_LOOKED_AT = 60  # for the cards of meetings to come
ON_ROTA = ("Ada", "Ben", "Cem", "Dee", "Eli", "Gus", "Hana")
NEWCOMER = "Zoe"  # joins in spring, two days before somebody is named

# By group: what the moderator objects to, by the date of the session.
OBJECTIONS: Mapping[str, Mapping[str, str]] = {
    "berlin": {"2026-11-12": "next", "2027-04-01": "skip", "2027-06-17": "reopen"},
    "new-york": {"2026-12-01": "skip", "2027-05-04": "pick"},
    "tokyo": {},
}
# Nobody's vote and no claim stands when this closes: two members confirm what is proposed. The moderator is away.
QUIET = {"berlin": ("2027-01-14",)}
FORGOTTEN = {"berlin": ("2026-12-31",)}  # nobody looks at any paper


@dataclass
class Vote:
    member: int
    entry: int
    at: datetime
    retracted_at: datetime | None = None


@dataclass
class Life:
    """One group, with what its members did."""

    club: Club
    chance: random.Random
    votes: list[Vote] = field(default_factory=list)
    papers: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    races: list[tuple[str, str]] = field(default_factory=list)
    seen: int = 0  # the newest message that people have read
    turns: set[tuple[int, str]] = field(default_factory=set)  # what the cards of which meetings have been
    due: datetime | None = None  # when the program has something to do next

    @property
    def id(self) -> str:
        return self.club.group.id


Event = tuple[datetime, int, Life, Callable[[], Awaitable[None]]]


class Year:
    def __init__(self, store: Store, clock: MovableClock, file: Path, groups: Sequence[GroupSettings] = GROUPS) -> None:
        self.store = store
        self.clock = clock
        weekly = Meetings(store, clock)
        self.lives = {g.id: Life(Club(store, clock, weekly, g), random.Random(g.id)) for g in groups}
        self._events: list[Event] = []
        self._numbers = itertools.count()
        self._box = sqlite3.connect(f"file:{file}?mode=ro", uri=True)  # where messages arrive
        self.ticks = 0

    def close(self) -> None:
        self._box.close()

    async def live(self) -> None:
        await self._begin()
        while (at := self._next()) < ENDS:
            if DOWN[0] <= at < DOWN[1]:
                at = self._restart()
            self.clock.move(seconds=(at - self.clock.now()).total_seconds())
            for life in [life for life in self.lives.values() if life.due and life.due <= at]:
                await self._tick(life)
            while self._events and self._events[0][0] <= at:
                _, _, life, act = heapq.heappop(self._events)
                await act()
                await self._look(life)

    def _restart(self) -> datetime:
        """What people wanted to do meanwhile is lost, as is what the program remembered."""
        self._events = [event for event in self._events if not DOWN[0] <= event[0] < DOWN[1]]
        heapq.heapify(self._events)
        for life in self.lives.values():
            life.club.meetings = Meetings(self.store, self.clock)
            life.due = DOWN[1]
        return DOWN[1]

    def _next(self) -> datetime:
        times = [life.due for life in self.lives.values() if life.due] + [event[0] for event in self._events[:1]]
        return min(times, default=ENDS)

    async def _tick(self, life: Life) -> None:
        self.ticks += 1
        if self._is_watched:
            await look(self.store, life.club.meetings, life.club.group, self.clock.now())
        else:
            await life.club.meetings.tick(life.club.group)
        await self._look(life)

    @property
    def _is_watched(self) -> bool:
        """Whether hints are made and held against what is due: at two ticks in a row, then not at two."""
        return self.ticks % 4 < 2

    async def _look(self, life: Life) -> None:
        """People read what is new, and the program knows when to look again."""
        sql = "SELECT id, kind, key FROM message WHERE group_id = ? AND id > ? ORDER BY id"
        new = self._box.execute(sql, (life.id, life.seen)).fetchall()
        if any(kind == "ask" for _, kind, _ in new):  # nobody has to answer what was not delivered
            await self._deliver()
        for id, kind, key in new:
            life.seen = id
            life.club.posts.append(post := Post(kind, key, self.clock.now()))
            await self._read(life, post)
        await self._look_at_cards(life)
        life.due = await life.club.next_due()
        if self._is_watched:
            hint = await self.store.read(next_look, life.club.group, None, self.clock.now())
            assert life.due is None or hint <= life.due

    async def _deliver(self) -> None:
        now = self.clock.now()
        while leased := await lease_all(self.store, "web", now):  # what stands under another comes after it
            for message in leased:
                await self.store.write(mark_shown, message, f"ref-{message.id}", f"hash-{message.wanted}", now)

    def at(self, life: Life, when: datetime, what: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._events, (max(when, self.clock.now()), next(self._numbers), life, what))

    # --- who is there

    async def _begin(self) -> None:
        for life in self.lives.values():
            await life.club.join(*HABITS)
            await life.club.rota(*ON_ROTA)
            self._plan_leave(life)
            self._plan_newcomer(life)
            await self._tick(life)

    def _plan_leave(self, life: Life) -> None:
        for first, last in ((date(2026, 10, 5), date(2026, 10, 30)), (date(2027, 4, 12), date(2027, 5, 2))):
            announced = datetime.combine(first - 3 * DAY, datetime.min.time(), BEGINS.tzinfo)

            async def go(first: date = first, last: date = last) -> None:
                await life.club.leave("Hana", first.isoformat(), last.isoformat())

            self.at(life, announced, go)

    def _plan_newcomer(self, life: Life) -> None:
        async def come() -> None:
            await life.club.join(NEWCOMER)
            await life.club.rota(NEWCOMER)

        self.at(life, read_time("2027-03-13 12:00"), come)

    # --- what they read, and do then

    async def _read(self, life: Life, post: Post) -> None:
        reactions: dict[str, Callable[[Life, Session], Awaitable[None]]] = {
            "ask": self._answer,
            "nudge": self._answer_again,
        }
        if post.kind == "step":
            await self._offer(life, await life.club.next_session())
        elif post.kind in reactions:
            session = await self.store.peek(
                lambda rows: rows.sessions.session(life.id, int(post.key.partition(" ")[0]))
            )
            assert session
            await reactions[post.kind](life, session)

    async def _look_at_cards(self, life: Life) -> None:
        """Each is one message, which turns from nominations to a ballot to a pick."""
        turns = {"nominations": self._nominate, "ballot": self._fill_in, "pick": self._look_at_pick}
        cards = {int(post.key) for post in life.club.posts[-POSTS_LOOKED_AT:] if post.kind == "pick"}
        for session in await self.store.peek(lambda rows: rows.sessions.sessions(life.id, self.clock.now())):
            is_open = life.club.group.week.mode == "vote" and session.closed_at is None and session.entry is None
            turn = ("ballot" if session.shortlist else "nominations") if is_open else "pick"
            if session.id in cards and session.status == "planned" and (session.id, turn) not in life.turns:
                life.turns.add((session.id, turn))
                await turns[turn](life, session)

    async def _nominate(self, life: Life, session: Session) -> None:
        """Five new papers, and who votes for what until the close."""
        number = len(life.papers)
        if session.on.isoformat() in FORGOTTEN.get(life.id, ()):
            return
        life.papers += await life.club.list_papers(*(f"{life.id} {number + n}" for n in range(5)))
        closes = session.starts - 4 * DAY
        for name, habit in HABITS.items():
            self._plan_votes(life, session, name, habit, closes)
        if session.on.isoformat() in QUIET.get(life.id, ()):
            self._plan(life, closes - timedelta(minutes=30), "Ada", lambda club, _: self._let_go(life))
        else:
            self._plan_claims(life, closes)
        for name in life.chance.sample(list(HABITS), 5):
            self._plan(life, closes - HOUR, name, lambda club, n: self._rsvp(club, session, n, "join"))
        shy = life.chance.choice(list(HABITS))
        self._plan(life, closes - HOUR, shy, lambda club, n: self._rsvp(club, session, n, "skip"))

    def _plan_votes(self, life: Life, session: Session, name: str, habit: str, closes: datetime) -> None:
        now = self.clock.now()
        is_quiet = session.on.isoformat() in QUIET.get(life.id, ())
        for entry in life.chance.sample(life.papers[-8:], life.chance.randint(1, 3)):
            at = now + (closes - now) * life.chance.random()
            if habit == "late":
                at = closes + HOUR * life.chance.randint(0, 20)
            if not is_quiet or habit == "fickle":
                self._plan(life, at, name, lambda club, n, entry=entry: self._vote(life, n, entry))  # type: ignore[misc]
            if habit == "fickle" and (is_quiet or life.chance.random() < 0.5):
                back = at + (closes - at) * life.chance.random()
                self._plan(life, back, name, lambda club, n, entry=entry: self._retract(life, n, entry))  # type: ignore[misc]

    def _plan_claims(self, life: Life, closes: datetime) -> None:
        now = self.clock.now()
        for name in ("Ada", "Dee", "Eli", "Gus"):
            if life.chance.random() < 0.3:
                at, entry = now + (closes - now) * life.chance.random(), life.chance.choice(life.papers[-6:])
                self._plan(life, at, name, lambda club, n, entry=entry: club.claim(n, entry))  # type: ignore[misc]
        if life.chance.random() < 0.5:
            at, entry = now + (closes - now) * life.chance.random(), life.chance.choice(life.papers[-5:])
            for name in life.chance.sample(["Ivo", "Jun"], 2):
                self._plan(life, at, name, lambda club, n, entry=entry: self._race(life, n, entry))  # type: ignore[misc]

    def _plan(self, life: Life, at: datetime, name: str, what: Callable[[Club, str], Awaitable[None]]) -> None:
        async def do() -> None:
            if name == "Mod" and MODERATOR_AWAY[0] <= self.clock.now() < MODERATOR_AWAY[1]:
                return
            try:
                await what(life.club, name)
            except Refused as error:
                life.refused.append(word_refusal(error, Reader()))

        self.at(life, at, do)

    # --- votes, claims, answers

    async def _vote(self, life: Life, name: str, entry: int) -> None:
        tally = await self.store.act(cast_vote, life.club.act(name), entry)
        if tally.changed:
            life.votes.append(Vote(life.club.members[name].id, entry, self.clock.now()))

    async def _retract(self, life: Life, name: str, entry: int) -> None:
        tally = await self.store.act(retract_vote, life.club.act(name), entry)
        if tally.changed:
            member = life.club.members[name].id
            standing = [vote for vote in life.votes if (vote.member, vote.entry) == (member, entry)]
            standing[-1].retracted_at = self.clock.now()

    async def _let_go(self, life: Life) -> None:
        """Every vote of these days and every claim is taken back."""
        names = {member.id: name for name, member in life.club.members.items()}
        for vote in [vote for vote in life.votes if not vote.retracted_at and vote.at > self.clock.now() - 10 * DAY]:
            await self._retract(life, names[vote.member], vote.entry)
        for entry in life.papers:
            for claim in await self.store.peek(lambda rows: rows.claims.claims(life.id, entry)):
                await life.club.store.act(
                    release_claim, life.club.act(claim.member.name), (await life.club.entry(entry)).id
                )

    async def _race(self, life: Life, name: str, entry: int) -> None:
        found = await life.club.store.act(claim_paper, life.club.act(name), (await life.club.entry(entry)).id)
        life.races.append((name, found.kind))

    async def _rsvp(self, club: Club, session: Session, name: str, answer: Any) -> None:
        await club.store.act(rsvp, club.act(name), session.id, answer)

    async def _fill_in(self, life: Life, session: Session) -> None:
        now, closes = self.clock.now(), session.starts - 4 * DAY
        for name in life.chance.sample(list(HABITS), 8):
            order = life.chance.sample(list(session.shortlist), len(session.shortlist))
            ranking = [[entry] for entry in order[: life.chance.randint(1, len(order))]]
            at = now + (closes - now) * life.chance.random()
            self._plan(
                life,
                at,
                name,
                lambda club, n, ranking=ranking: club.store.act(cast_ballot, club.act(n), session.id, ranking),  # type: ignore[misc]
            )

    async def _look_at_pick(self, life: Life, session: Session) -> None:
        what = OBJECTIONS[life.id].get(session.on.isoformat())
        if what:
            self._plan(life, self.clock.now() + HOUR, "Mod", lambda club, n: self._object(life, n, session, what))
        if session.entry is not None and not session.settled:
            for hours, name in ((2, "Ada"), (5, "Cem")):
                self._plan(life, self.clock.now() + hours * HOUR, name, lambda club, n: self._second(club, session, n))

    async def _second(self, club: Club, session: Session, name: str) -> None:
        await club.store.act(second_paper, club.act(name), session.id)

    async def _object(self, life: Life, name: str, session: Session, what: str) -> None:
        club = life.club
        act = club.act(name)
        match what:
            case "next":
                await club.store.act(next_paper, act, session.id, "most of us know it")
            case "skip":
                await club.store.act(skip_meeting, act, session.id, "holidays")
            case "reopen":
                await club.store.act(reopen_vote, act, session.id, reason="too few votes")
            case "pick":
                await club.store.act(
                    pick_paper, act, session.id, (await club.entry(life.papers[-1])).id, "our guest's paper"
                )

    async def _answer(self, life: Life, session: Session) -> None:
        if session.presenter is None:
            return
        name, now = session.presenter.name, self.clock.now()
        habit = HABITS.get(name, "prompt")
        if habit in ("silent", "slow"):
            return
        at = now + min(6 * HOUR * life.chance.random() + timedelta(minutes=5), (session.starts - now) / 4)
        if habit == "busy":
            self._plan(life, at, name, lambda club, n: self._decline(club, session, n))
            return
        self._plan(life, at, name, lambda club, n: self._confirm(life, session, n))
        if habit == "unreliable":
            late = max(session.starts - DAY, at + timedelta(minutes=1))
            self._plan(life, late, name, lambda club, n: self._decline(club, session, n))

    async def _answer_again(self, life: Life, session: Session) -> None:
        if session.presenter and HABITS.get(session.presenter.name) == "slow":
            at = self.clock.now() + timedelta(minutes=30)
            self._plan(life, at, session.presenter.name, lambda club, n: self._confirm(life, session, n))

    async def _bring(self, life: Life, session: Session, name: str) -> None:
        """Cem thinks of it when the vote has chosen for him."""
        club = life.club
        await club.store.act(bring_paper, club.act(name), session.id, (await club.entry(life.papers.pop())).id)

    async def _confirm(self, life: Life, session: Session, name: str) -> None:
        club = life.club
        found = await club.store.act(confirm_presenting, club.act(name), session.id)
        if club.group.week.mode != "presenter" or found.entry is not None:
            return
        if not life.papers:
            life.papers += await club.list_papers(*(f"{life.id} {n}" for n in range(40)))
        if name == "Cem":
            self._plan(life, session.starts - 2 * HOUR, name, lambda club, n: self._bring(life, session, n))
            self._plan(life, self.clock.now() + HOUR, "Kim", lambda club, n: self._vote(life, n, life.papers[0]))
        else:
            await self._bring(life, session, name)

    async def _decline(self, club: Club, session: Session, name: str) -> None:
        await club.store.act(decline_presenting, club.act(name), session.id, "something came up")

    async def _offer(self, life: Life, session: Session) -> None:
        """When the channel hears that nobody presents, somebody may."""
        if session.presenter is None and session.settled and life.chance.random() < 0.5:
            name = life.chance.choice(["Fay", "Kim", "Ivo"])
            self._plan(life, self.clock.now() + HOUR, name, lambda club, n: self._confirm(life, session, n))


@asynccontextmanager
async def year(folder: Path) -> AsyncIterator[Year]:
    clock = MovableClock(f"{BEGINS:%Y-%m-%d %H:%M}")
    store = await open_store(str(folder / "year.db"))
    await set_groups(store, GROUPS)
    lived = Year(store, clock, folder / "year.db")
    try:
        yield lived
    finally:
        lived.close()
        await store.close()


def dates(group: GroupSettings) -> list[date]:
    """When each group meets, from the calendar alone."""
    days = [BEGINS.date() + n * DAY for n in range((ENDS - BEGINS).days)]
    match group.id:
        case "berlin":
            return [day for day in days if day.weekday() == 3]
        case "new-york":
            return [day for day in days if (day - date(2026, 9, 8)).days % 14 == 0 and day >= date(2026, 9, 8)]
        case _:
            return [day for day in days if day.weekday() == 4 and (day + 7 * DAY).month != day.month]
