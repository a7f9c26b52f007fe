"""The program dies at any write of a week, before it or after: what was begun is finished once and said once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.actions.attendance import rsvp
from bot.actions.claims import claim_paper
from bot.actions.looks import look_at_all
from bot.actions.meetings import do_what_is_due
from bot.actions.presenter import confirm_presenting, decline_presenting
from bot.meetings import Meetings
from tests.fakes.clock import read_time
from tests.weekly_club import Club, club

DEADLY = {do_what_is_due, decline_presenting, confirm_presenting}  # what is done again after a death


class DiedError(Exception):
    """The process is gone."""


class Dying:
    """A store in which the program dies at its n-th write, just before it or just after."""

    def __init__(self, store: Any, at: Callable[[int], str]) -> None:
        self._store = store
        self._at = at
        self.writes = 0

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self._store, name)
        return self._deadly(verb) if name in ("act", "write") else verb

    def _deadly(self, verb: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def run(*args: Any, **kwargs: Any) -> Any:
            if args[0] not in DEADLY:
                return await verb(*args, **kwargs)
            self.writes += 1
            when = self._at(self.writes)
            if when == "before":
                raise DiedError
            before = self._store.commits
            result = await verb(*args, **kwargs)
            if when == "after" and self._store.commits > before:
                raise DiedError
            return result

        return run


@asynccontextmanager
async def dying_club(folder: Path, at: Callable[[int], str]) -> AsyncIterator[tuple[Club, Dying]]:
    async with club(folder, rule="approval", headcount=1, now="2026-11-10 12:00") as readers:
        dying = Dying(readers.store, at)
        store: Any = dying
        yield replace(readers, store=store, meetings=Meetings(store, readers.clock)), dying


async def restarted(readers: Club, work: Callable[[], Awaitable[Any]]) -> None:
    """Does it, and after each death again, as a new process that remembers nothing."""
    for _ in range(60):
        try:
            await work()
            return
        except DiedError:
            await readers.store.write(look_at_all, readers.now)  # as every start does
            readers.meetings = Meetings(readers.store, readers.clock)
    raise AssertionError("it never comes to an end")


async def live(readers: Club) -> None:
    """A week with everything: a ballot, a silent holder, a refusal, the rota, a skipped week behind it."""
    await readers.join("Ann", "Bob", "Cleo", "Dan")
    await readers.rota("Cleo", "Dan")
    readers.clock.move_to("2026-11-20 12:00")
    alpha, beta = await readers.list_papers("Alpha", "Beta")
    await restarted(readers, readers.tick)
    await readers.vote(alpha, "Ann", "Bob")
    await readers.vote(beta, "Cleo", "Dan")
    await readers.store.act(claim_paper, readers.act("Ann"), alpha)
    await through(readers, "2026-11-24 16:00")
    await answers(readers)
    session = await readers.session()
    await readers.store.act(rsvp, readers.act("Dan"), session.id, "join")
    await through(readers, "2026-11-26 17:30")


async def through(readers: Club, until: str) -> None:
    end = read_time(until)
    while (due := await readers.next_due()) and due <= end:
        readers.clock.move(seconds=(due - readers.now).total_seconds())
        await restarted(readers, readers.tick)


async def answers(readers: Club) -> None:
    """Whoever is asked says no, then the next yes; each request is sent again when we died over it."""
    for name in ("Cleo", "Dan"):
        request = readers.act(name, f"{name} answers")
        session = await readers.session()
        if session.presenter and session.presenter.name == name:
            answer = decline_presenting if name == "Cleo" else confirm_presenting
            await restarted(readers, partial(readers.store.act, answer, request, session.id))


async def outcome(readers: Club) -> dict[str, Any]:
    sessions = await readers.sessions()
    return {
        "sessions": list(sessions),
        "log": [(step.action, step.reason, step.by) for step in await readers.log()],
        "posts": sorted((post.kind, post.key) for post in readers.posts),
        "steps": [
            sorted(await readers.store.peek(lambda rows: rows.sessions.done_steps("readers", session.id)))
            for session in sessions
        ],
        "picks": [
            [pick.receipt for pick in await readers.store.read(lambda rows: rows.picks.picks("readers", session.id))]
            for session in sessions
        ],
        "claims": await readers.store.peek(lambda rows: rows.claims.claims("readers", 1)),
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        async with dying_club(tmp_path_factory.mktemp("calm"), lambda _: "") as (readers, dying):
            await live(readers)
            return {**await outcome(readers), "writes": dying.writes}

    return asyncio.run(run())


def test_the_week_that_is_disturbed_below_has_much_to_lose(undisturbed: dict[str, Any]) -> None:
    actions = [action for action, _, _ in undisturbed["log"]]
    assert actions[:6] == ["shortlist", "close", "pick", "silent", "decline", "confirm"]
    assert undisturbed["sessions"][0].presenter.name == "Dan"
    assert undisturbed["writes"] >= 20


@pytest.mark.parametrize("when", ["before", "after"])
async def test_dying_at_every_single_write(when: str, undisturbed: dict[str, Any], tmp_path: Path) -> None:
    """Each write is tried once in vain where it dies before it; where it dies after it, it never hears of success."""
    async with dying_club(tmp_path, lambda n: when if when == "after" or n % 2 else "") as (readers, dying):
        await live(readers)
        found = await outcome(readers)
    assert dying.writes >= undisturbed["writes"]
    for what, value in found.items():
        assert value == undisturbed[what], what


@pytest.mark.parametrize("when", ["before", "after"])
async def test_dying_once(when: str, undisturbed: dict[str, Any], tmp_path: Path, rounds: int) -> None:
    for death in range(1, undisturbed["writes"] + 1, max(20 // rounds, 1)):
        folder = tmp_path / str(death)
        await asyncio.to_thread(folder.mkdir)
        async with dying_club(folder, lambda n, death=death: when if n == death else "") as (readers, _):  # type: ignore[misc]
            await live(readers)
            found = await outcome(readers)
        assert found == {what: undisturbed[what] for what in found}, death
