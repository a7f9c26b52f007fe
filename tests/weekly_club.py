"""A group that meets, without its surfaces: the week over a real database, a clock that jumps from step to step, and
a reader who gets every message that is wanted once."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from adapters.stores.sqlite import open_store
from bot.actions.attendance import rsvp
from bot.actions.claims import claim_paper
from bot.actions.day import list_day
from bot.actions.deliveries import mark_shown
from bot.actions.people import set_rota
from bot.actions.presenter import confirm_presenting, decline_presenting, take_leave
from bot.actions.votes import cast_vote
from bot.meetings import Meetings
from bot.model import (
    Act,
    DaySettings,
    Digest,
    Entry,
    GroupSettings,
    Listing,
    LogEntry,
    Member,
    Paper,
    RsvpAnswer,
    Session,
    WeekSettings,
)
from bot.ports import Store
from bot.week.timeline import lay_out
from tests.fakes.clock import MovableClock, read_time
from tests.groups import enrol, set_groups
from tests.hints import look
from tests.stores.scene import lease_all

THURSDAYS = WeekSettings(session="thu 17:00", place="Room 2.01")
READERS = GroupSettings(
    id="readers", timezone="Europe/Berlin", channels=("web:readers",), day=DaySettings(layout="channel"), week=THURSDAYS
)
FRIDAY = "2026-11-20 12:00"  # before nominations open for the meeting of Thursday 26 November, 17:00 CET in Berlin
NUMBERS = itertools.count()

laid_out = lru_cache(64)(lay_out)  # whoever waits for the next step asks for those of the same few meetings


@dataclass(frozen=True)
class Post:
    kind: str
    key: str
    at: datetime

    @property
    def step(self) -> str:
        return self.key.partition(" ")[2]


@dataclass
class Club:
    """One of its groups. Others may meet over the same store."""

    store: Store
    clock: MovableClock
    meetings: Meetings
    group: GroupSettings
    members: dict[str, Member] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    is_down: bool = False  # the surface: nothing that is wanted arrives

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # --- members and papers

    async def join(self, *names: str) -> None:
        for name in names:
            account = f"web:{self.group.id}-{name}"
            self.members[name] = await enrol(self.store, self.group.id, account, name, self.now)

    def act(self, name: str, request: str = "") -> Act:
        request = request or f"request-{next(NUMBERS)}"
        return Act(request, self.group.id, self.members[name].id, "web/command", self.now)

    async def list_papers(self, *titles: str) -> list[int]:
        """On the list of the first day that has none; with the titles as keys. Their ids."""
        day = self.now.astimezone(self.group.zone).date()
        while await self.store.read(lambda rows: rows.days.digest(self.group.id, day)):
            day += timedelta(days=1)
        listings = [Listing(_paper(title), day, "gazette", "1 upvote") for title in titles]
        digest = Digest(self.group.id, day, (("gazette", day),), cards=len(titles))
        assert await self.store.write(list_day, digest, digest.covers, listings, {}, self.now)
        return [entry.id for entry in await self.store.read(lambda rows: rows.entries.entries(self.group.id, day))]

    async def entry(self, id: int | None) -> Entry:
        found = await self.store.peek(lambda rows: rows.entries.entry(self.group.id, id or 0))
        assert found
        return found

    # --- what they do

    async def vote(self, entry: int, *names: str) -> None:
        for name in names:
            await self.store.act(cast_vote, self.act(name), entry)

    async def claim(self, name: str, entry: int, kind: Any = "holder") -> None:
        await self.store.act(claim_paper, self.act(name), (await self.entry(entry)).id, kind)

    async def confirm(self, name: str, on: str = "2026-11-26") -> None:
        await self.store.act(confirm_presenting, self.act(name), (await self.session(on)).id)

    async def decline(self, name: str, on: str = "2026-11-26") -> None:
        await self.store.act(decline_presenting, self.act(name), (await self.session(on)).id)

    async def rota(self, *names: str) -> None:
        for name in names:
            await self.store.act(set_rota, self.act(name), True)

    async def leave(self, name: str, first: str, last: str) -> None:
        await self.store.act(take_leave, self.act(name), (date.fromisoformat(first), date.fromisoformat(last)))

    async def rsvp(self, answer: RsvpAnswer, *names: str) -> None:
        session = await self.session()
        for name in names:
            await self.store.act(rsvp, self.act(name), session.id, answer)

    # --- time

    async def tick(self) -> None:
        await look(self.store, self.meetings, self.group, self.now)
        await self.deliver()

    async def deliver(self) -> None:
        while not self.is_down and (leased := await lease_all(self.store, "web", self.now)):
            for message in leased:
                if not message.shown and message.group == self.group.id:
                    self.posts.append(Post(message.kind, message.key, self.now))
                await self.store.write(mark_shown, message, f"ref-{message.id}", f"hash-{message.wanted}", self.now)

    async def until(self, when: str | datetime) -> None:
        """Ticks now, at every time at which something is due, and then."""
        end = read_time(when) if isinstance(when, str) else when
        await self.tick()
        while (due := await self.next_due()) and due < end:
            self.clock.move(seconds=(due - self.now).total_seconds())
            await self.tick()
        self.clock.move(seconds=(end - self.now).total_seconds())
        await self.tick()

    async def next_due(self) -> datetime | None:
        times = [at for session in await self.sessions() for at in self._times(session)]
        return min((at for at in times if at > self.now), default=None)

    def _times(self, session: Session) -> list[datetime]:
        week = self.group.week
        if session.status != "planned":
            return []
        line = laid_out(
            session.starts,
            session.minutes,
            self.group.zone,
            week.timeline,
            week.shape,
            session.asked_at,
            session.closes_at,
        )
        return [session.starts, session.ends, *(step.at for step in line.steps)]

    # --- what came of it

    async def sessions(self) -> Sequence[Session]:
        return await self.store.read(lambda rows: rows.sessions.sessions(self.group.id, self.now - timedelta(days=40)))

    async def session(self, on: str = "2026-11-26") -> Session:
        found = [session for session in await self.sessions() if session.on == date.fromisoformat(on)]
        return found[0]

    async def next_session(self) -> Session:
        return await self.meetings.current(self.group)

    async def log(self) -> list[LogEntry]:
        """The audit log, the oldest first."""
        return list(reversed(await self.store.read(lambda rows: rows.audit.steps(self.group.id, 2000))))

    async def actions(self) -> list[str]:
        return [step.action for step in await self.log()]

    async def told(self) -> list[str]:
        """What channels were told of, as "action: reason"."""
        rows = {str(step.id): step for step in await self.log()}
        return [f"{rows[post.key].action}: {rows[post.key].reason}" for post in self.posts if post.kind == "step"]

    def kinds(self, *without: str) -> list[str]:
        return [post.kind for post in self.posts if post.kind not in ("digest", "paper", *without)]

    async def with_week(self, **week: Any) -> None:
        """Other settings from now on."""
        await self.set_group(replace(self.group, week=replace(self.group.week, **week)))

    async def set_group(self, group: GroupSettings) -> None:
        self.group = group
        await set_groups(self.store, [group])


def _paper(title: str) -> Paper:
    return Paper(key=f"title:{title.lower()}", title=title, abstract="", authors=("Ada Example",), url="")


@asynccontextmanager
async def club(folder: Path, group: GroupSettings = READERS, now: str = FRIDAY, **week: Any) -> AsyncIterator[Club]:
    """Opened again on the same folder, it is the same club after a restart."""
    group = replace(group, week=replace(group.week, **week))
    clock = MovableClock(now)
    store = await open_store(str(folder / "club.db"))
    try:
        await set_groups(store, [group])
        yield Club(store, clock, Meetings(store, clock), group)
    finally:
        await store.close()
