"""Starting and stopping: surfaces that are slow, fail or end; being told to stop in the middle of the start."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.compose import Club, opened
from bot.errors import StartError
from bot.model import Settings
from bot.ports import Core
from bot.serve import serve
from tests.club import BERLIN
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

EIGHT = "2026-11-23 08:00"


class Scripted(RecordingSurface):
    """Each run does what the next step says: raises it, or stays up when it is None."""

    def __init__(self, *steps: Exception | None) -> None:
        super().__init__()
        self.steps = list(steps)
        self.runs = 0

    async def run(self, core: Core) -> None:
        self.runs += 1
        step = self.steps.pop(0) if self.steps else None
        if step:
            raise step
        await asyncio.Event().wait()


class NeverReady(Scripted):
    async def ready(self) -> None:
        await asyncio.Event().wait()


@asynccontextmanager
async def program(folder: Path, *surfaces: RecordingSurface, clock: MovableClock | None = None) -> AsyncIterator[Club]:
    source = ListedSource()
    source.announce("2026-11-23", paper(1))
    settings = Settings(database=str(folder / "serve.db"), groups=(BERLIN,))
    async with opened(settings, clock=clock or MovableClock(EIGHT), sources=[source], adapters=surfaces) as club:
        yield club


def greeting(done: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def greet() -> None:
        done.set()

    return greet


async def test_it_greets_posts_and_stops_when_told(tmp_path: Path) -> None:
    surface, stop, greeted = Scripted(), asyncio.Event(), asyncio.Event()
    async with program(tmp_path, surface) as club, asyncio.timeout(10):
        serving = asyncio.create_task(serve(club, stop, greeting(greeted)))
        await greeted.wait()
        await surface.called.wait()
        stop.set()
        await serving
    assert "Papers for Monday 23 November" in surface.titles


async def test_a_surface_that_cannot_start_ends_everything_with_its_sentence(tmp_path: Path) -> None:
    greeted = asyncio.Event()
    async with program(tmp_path, Scripted(StartError("the token is wrong"))) as club, asyncio.timeout(10):
        with pytest.raises(StartError, match="the token is wrong"):
            await serve(club, asyncio.Event(), greeting(greeted))
    assert not greeted.is_set()


async def test_without_any_surface_it_does_not_stay_up_deaf(tmp_path: Path) -> None:
    async with program(tmp_path) as club:
        with pytest.raises(StartError, match="no group has a channel on a surface"):
            await serve(club, asyncio.Event(), greeting(asyncio.Event()))


async def test_told_to_stop_while_a_surface_still_connects_it_leaves_at_once(tmp_path: Path) -> None:
    stop, greeted = asyncio.Event(), asyncio.Event()
    stop.set()
    async with program(tmp_path, NeverReady()) as club, asyncio.timeout(5):
        await serve(club, stop, greeting(greeted))
    assert not greeted.is_set()


async def test_a_surface_that_fails_later_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    surface, stop, clock = Scripted(ConnectionError("gone")), asyncio.Event(), MovableClock(EIGHT)
    async with program(tmp_path, surface, clock=clock) as club, asyncio.timeout(10):
        serving = asyncio.create_task(serve(club, stop, greeting(asyncio.Event())))
        while surface.runs < 2:
            clock.move(seconds=6)
            await asyncio.sleep(0)
        stop.set()
        await serving
    assert "surface web failed; it starts again" in caplog.text


async def test_a_surface_that_was_up_and_loses_its_token_leaves_the_others_running(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lost, stop = Scripted(ConnectionError("gone"), StartError("the token was reset")), asyncio.Event()
    clock = MovableClock(EIGHT)
    async with program(tmp_path, lost, Scripted(), clock=clock) as club, asyncio.timeout(10):
        serving = asyncio.create_task(serve(club, stop, greeting(asyncio.Event())))
        while lost.runs < 3:
            clock.move(seconds=6)
            await asyncio.sleep(0)
        assert not serving.done()
        stop.set()
        await serving
    assert "surface web can't start again: the token was reset" in caplog.text
