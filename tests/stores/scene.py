"""Two groups with members and a list of papers, to try a store on. Asserts nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from bot.actions.day import list_day
from bot.actions.deliveries import mark_shown, pace, take_due
from bot.actions.meetings import plan_meetings
from bot.actions.moves import make_moves
from bot.model import (
    Act,
    Digest,
    GroupSettings,
    Listing,
    Member,
    Move,
    NearWinner,
    Paper,
    Planned,
    Session,
    SourceReport,
    Summary,
    Wanted,
)
from bot.ports import Pace, Store
from tests.groups import enrol, set_groups

AT_ONCE = pace(0, 0)
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)
READERS = GroupSettings(id="readers", name="Readers", channels=("web:readers", "slack:T/C"))
OTHERS = GroupSettings(id="others", name="Others", channels=("web:others",), language="de")

A = Paper(
    key="arxiv:2411.00001",
    title="Diffusion models that sing",
    abstract="We teach a network to sing.",
    authors=("Ada Müller", "Li Wei"),
    published=date(2026, 11, 19),
    version=1,
    url="https://arxiv.org/abs/2411.00001",
    upvotes=41,
    links=(("code", "https://example.org/a"),),
)
B = replace(A, key="arxiv:2411.00002", title="Running robots", abstract="They ran far.", authors=("Bo Ek",), upvotes=7)
C = replace(A, key="arxiv:2411.00003", title="Graphs at rest", abstract="No diffusion here.", authors=(), upvotes=None)
PAPERS = (A, B, C)
SENTENCE = Summary("It sings.", "from the abstract", "extractive")


def later(**span: float) -> datetime:
    return AT + timedelta(**span)


def listing(paper: Paper, *, late: bool = False) -> Listing:
    return Listing(paper, FRIDAY, "hf", f"{paper.upvotes} upvotes on Hugging Face", late)


def digest(group: str = "readers", posted_on: date = FRIDAY, why: str = "", cards: int = 2) -> Digest:
    return Digest(group, posted_on, (("hf", FRIDAY),), cards=cards, why=why)


def report(day: date = FRIDAY, at: datetime = AT, source: str = "hf") -> SourceReport:
    """Of a fetch that went well."""
    return SourceReport(source, day, at, papers=3, skipped=1, note="a note", read_at=at)


async def list_papers(store: Store, group: str, papers: Sequence[Paper] = PAPERS, cards: int = 2) -> list[int]:
    """The ids of the new entries."""
    listings = [listing(paper) for paper in papers]
    assert await store.write(list_day, digest(group, cards=cards), [("hf", FRIDAY)], listings, {A.key: SENTENCE}, AT)
    return [entry.id for entry in await store.read(lambda rows: rows.entries.entries(group, FRIDAY))]


async def lease_all(
    store: Store, surface: str, at: datetime = AT, rate: Pace = AT_ONCE, resting: Collection[str] = ()
) -> list[Wanted]:
    """Whatever is due: the messages of one place in their order, then those of the next."""
    lanes: dict[str, list[Wanted]] = {}
    while leased := await store.write(take_due, surface, at, rate, 100, resting):
        for message in leased:
            lanes.setdefault(message.place, []).append(message)
    return [message for lane in lanes.values() for message in lane]


@dataclass
class Scene:
    """Readers have Ann and Bob, two channels and the entries 1 to 3; Others have Eve, a channel and the same papers.
    Nothing is shown yet."""

    store: Store
    ann: Member
    bob: Member
    eve: Member
    entries: list[int]
    foreign: list[int]
    numbers: "count[int]" = field(default_factory=count)

    @property
    def first(self) -> int:
        return self.entries[0]

    def by(self, member: Member, *, request: str = "", via: str = "web", at: datetime = AT) -> Act:
        group = "others" if member is self.eve else "readers"
        return Act(request or f"request-{next(self.numbers)}", group, member.id, via, at)

    async def votes(self, entry: int, group: str = "readers") -> int:
        found = await self.store.peek(lambda rows: rows.entries.entry(group, entry))
        assert found
        return found.votes

    async def show_all(self, at: datetime = AT) -> None:
        for surface in ("web", "slack"):
            for message in await self.lease(surface, at):
                await self.store.write(mark_shown, message, f"ref-{message.id}", f"hash-{message.wanted}", at)

    async def lease(self, surface: str = "web", at: datetime = AT) -> list[Wanted]:
        return await lease_all(self.store, surface, at)

    async def due(
        self, surface: str = "web", at: datetime = AT, pause: float = 0, resting: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        found = await lease_all(self.store, surface, at, pace(pause, pause), resting)
        return [(message.kind, message.key) for message in found]

    # sessions of the readers

    def program(self, at: datetime = AT) -> Act:
        """Nobody's act."""
        return Act("", "readers", 0, "", at)

    async def meet(self, days: float = 6, group: str = "readers") -> Session:
        """A new session that many days after AT."""
        starts = later(days=days)
        await self.store.write(plan_meetings, group, [Planned(starts.date(), starts, 60, "Room 2")], AT)
        found = await self.store.read(lambda rows: rows.sessions.sessions(group, AT - timedelta(days=400)))
        return next(session for session in found if session.starts == starts)

    async def session(self, session: Session) -> Session:
        """As it stands."""
        found = await self.store.peek(lambda rows: rows.sessions.session(session.group, session.id))
        assert found
        return found

    def near(self, session: Session, *votes: tuple[int, int]) -> tuple[NearWinner, ...]:
        """Entries that came close in its vote, with the votes that they may bring along."""
        return tuple(NearWinner(entry, session.id, most) for entry, most in votes)

    async def move(
        self, session: Session, action: str = "", *, act: Act | None = None, at: datetime = AT, **parts: Any
    ) -> Session:
        """A Move of the session as it stands, by the program unless said otherwise."""
        step = Move(session.id, action, **parts)
        await self.store.write(make_moves, act or self.program(at), [step])
        return await self.session(session)

    async def noted(self, after: int, group: str = "readers") -> list[str]:
        return [change.what for change in await self.store.read(lambda rows: rows.changes.changes(group, after, 1000))]


async def set_up(store: Store) -> Scene:
    await set_groups(store, [READERS, OTHERS])
    return Scene(
        store=store,
        ann=await enrol(store, "readers", "web:1", "Ann", AT),
        bob=await enrol(store, "readers", "slack:T/2", "Bob", AT),
        eve=await enrol(store, "others", "web:3", "Eve", AT),
        entries=await list_papers(store, "readers"),
        foreign=await list_papers(store, "others"),
    )
