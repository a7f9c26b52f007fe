"""Settings change while the clock does its part, or while the store fails: a vote is never closed by a change, and a
change is made or it is not."""

import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.actions.settings import change_settings
from bot.errors import StoreError
from bot.groups import settings_of
from bot.meetings import Meetings
from bot.model import GroupSettings, Session
from bot.ports import perform
from bot.week.plan import timeline_of
from bot.week.timeline import StepKind
from tests.meeting_club import MeetingClub, meetings
from tests.weekly_club import Club, club

VOTED = "2026-11-22 09:00"  # the vote closes at 16:00
CALLS = ("act", "peek", "read", "write")
SHORT = {"ballot": "1 day", "volunteers": "12 hours", "confirm": "6 hours"}
CHANGED = "Vote closes: 4 days before → 5 days before."


@dataclass(frozen=True)
class Case:
    values: Mapping[str, str | None]
    now: str = VOTED  # the clock was still since the meeting was planned: it has much to do
    planned: str = "2026-11-20 12:05"
    week: Mapping[str, Any] = field(default_factory=dict)


CASES = {
    "the vote is to close earlier": Case({"week.timeline.ballot": "5 days"}),
    "in another zone": Case({"timezone": "Asia/Tokyo"}, now="2026-11-22 15:00"),
    "presenters brought the papers": Case({"week.mode": "vote"}, "2026-11-23 09:00", week={"mode": "presenter"}),
    "there is a short list": Case(
        {"week.timeline.ballot": "4 days 12 hours"}, "2026-11-22 09:00", week={"rule": "approval"}
    ),
    "its time had passed at the planning": Case(
        {f"week.timeline.{name}": length for name, length in SHORT.items()}, "2026-11-24 12:05", "2026-11-24 12:00"
    ),
    "the meeting is moved": Case({"week.session": "wed 17:00", "week.timeline.ballot": "5 days"}),
}


class Watched:
    """A store in which something happens just before its n-th call, or after all when there are not so many."""

    def __init__(self, store: Any, n: int, happens: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._left = n
        self._happens = happens

    @property
    def is_done(self) -> bool:
        return self._left < 0

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self._store, name)
        if name not in CALLS:
            return verb

        async def call(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == -1:
                await self._happens()
            return await verb(*args, **kwargs)

        return call


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def ready(folder: Path, case: Case) -> list[int]:
    """A group that votes on two papers; one has a vote."""
    async with club(made(folder), now=case.planned, **case.week) as readers:
        await readers.join("Ann", "Bob", "Cleo")
        papers = await readers.list_papers("Alpha", "Beta")
        await readers.until(case.planned)
        await readers.vote(papers[0], "Ann")
        return papers


async def change(readers: Club, case: Case) -> None:
    commits = readers.store.commits
    assert await readers.store.act(change_settings, readers.act("Ann"), case.values)
    assert readers.store.commits == commits + 1


async def changed_in_between(folder: Path, case: Case, n: int, papers: list[int]) -> bool:
    """Before the tick's n-th call. False when it has not so many."""
    async with club(folder, now=case.now, **case.week) as readers:
        await readers.join("Ann", "Bob", "Cleo")
        watched = Watched(readers.store, n, lambda: change(readers, case))
        store: Any = watched
        await Meetings(store, readers.clock).tick(readers.group)
        if not watched.is_done:
            return False
        readers.group = await readers.store.read(settings_of, "readers")
        await require_open(readers)
        await readers.tick()
        closes = await require_open(readers)
        await readers.vote(papers[1], "Bob", "Cleo")
        await readers.until(closes)
        assert (await readers.next_session()).entry == papers[1], "those who voted meanwhile count"
        return True


async def require_open(readers: Club) -> datetime:
    session = await readers.next_session()
    closes = close_of(readers.group, session)
    assert (session.closed_at, session.entry) == (None, None)
    assert readers.now < closes < session.starts
    return closes


def close_of(group: GroupSettings, session: Session) -> datetime:
    return next(step.at for step in timeline_of(group, session).steps if step.kind is StepKind.CLOSE)


@pytest.mark.parametrize("name", CASES)
async def test_a_change_closes_no_vote_wherever_the_clock_was(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    papers = await ready(tmp_path / "first", case)
    for n in range(100):
        shutil.copytree(tmp_path / "first", tmp_path / str(n))
        if not await changed_in_between(tmp_path / str(n), case, n, papers):
            break
    assert 0 < n < 99


# --- the store fails


class Failing:
    """Rows of which the n-th question or change fails."""

    def __init__(self, rows: Any, n: int, topic: Any = None) -> None:
        self._rows = rows
        self._left = [n]

    def __getattr__(self, name: str) -> Any:
        topic, left = getattr(self._rows, name), self._left

        class Topic:
            def __getattr__(self, verb: str) -> Any:
                left[0] -= 1
                if left[0] < 0:
                    raise StoreError("The disk is full.")
                return getattr(topic, verb)

        return Topic()


async def everything(readers: Club) -> Mapping[str, list[tuple[Any, ...]]]:
    tables = ("audit", "change", "channel", "groups", "message", "override", "request", "session")

    def look(rows: Any) -> Mapping[str, list[tuple[Any, ...]]]:
        return {table: [*map(tuple, rows.connection.execute(f"SELECT * FROM {table}"))] for table in tables}  # noqa: S608

    return await readers.store.read(look)


async def test_a_change_is_made_or_it_is_not_and_then_the_retry_makes_it(tmp_path: Path) -> None:
    case = CASES["the vote is to close earlier"]
    await ready(tmp_path / "club", case)
    values = {**case.values, "week.hidden": "yes", "channels": "web:readers"}
    async with club(tmp_path / "club", now=VOTED) as readers:
        await readers.join("Ann")
        act, before = readers.act("Ann", "asked once"), await everything(readers)

        def attempt(rows: Any, n: int) -> bool:
            failing: Any = Failing(rows, n)
            return perform(failing, change_settings, act, values)

        for n in range(100):
            try:
                assert await readers.store.write(attempt, n)
            except StoreError:
                assert await everything(readers) == before
            else:
                break
        assert n > 10
        after = await readers.store.read(settings_of, "readers")
        assert (after.week.timeline.ballot, after.week.hidden) == ("5 days", True)
        readers.group = after
        await require_open(readers)


async def answers(club: MeetingClub, monkeypatch: pytest.MonkeyPatch, n: int) -> str:
    """Of a moderator's change, when the n-th call of the store fails."""
    store: Any = club.town.club.store
    left = [n]

    def fails(name: str) -> Any:
        verb = getattr(store, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == -1:
                raise StoreError("The disk is full.")
            return await verb(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("peek", "read", "write"):
            patch.setattr(store, name, fails(name))
        request = club.mod.request("week", {"ballot": "5 days"})
        return (await club.town.club.app.handle(request)).text


async def test_who_is_told_that_it_failed_makes_the_change_by_saying_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with meetings(tmp_path) as club:
        await club.to(VOTED)
        await club.vote(3, 2)
        for n in range(20):
            commits = club.town.club.store.commits
            text = await answers(club, monkeypatch, n)
            if not text.startswith("That did not work just now."):
                break
            assert (await club.mod.says("/paper-admin week ballot:5 days")).text.startswith(CHANGED)
            await club.town.tick()
            assert not await club.cards("pick")
            assert (await club.mod.says("/paper-admin reset ballot")).ok
        assert n >= 3
        assert text.startswith(CHANGED)
        assert club.town.club.store.commits == commits + 1
