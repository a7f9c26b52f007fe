"""Whatever Hugging Face answers at posting time: the rest of the day goes out, the fault is told, nothing is lost."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.net import Net
from adapters.sources.huggingface import HuggingFace
from bot.compose import opened
from bot.model import HuggingFaceSettings, Settings
from bot.ports import Source
from tests.club import BERLIN, Town
from tests.fakes.clock import MovableClock
from tests.fakes.huggingface import FakeHuggingFace, daily_item
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

FAULTS: dict[str, tuple[Callable[[FakeHuggingFace], None], str]] = {
    "an HTML page": (lambda fake: fake.next("html", times=9), "HTML"),
    "truncated JSON": (lambda fake: fake.next("truncated", times=9), "JSON"),
    "429": (lambda fake: fake.next(status=429, retry_after=60, times=9), "429"),
    "500": (lambda fake: fake.next(status=500, times=9), "HTTP 500"),
    "a drip": (lambda fake: fake.next("drip", times=9), "did not answer within"),
    "1 GB": (lambda fake: fake.next("huge", times=9), "more than"),
    "a gzip bomb": (lambda fake: fake.next("bomb", times=9), "more than"),
    "a cut connection": (lambda fake: fake.next("reset", times=9), "127.0.0.1"),
}


@pytest.fixture
async def fake() -> AsyncIterator[FakeHuggingFace]:
    async with FakeHuggingFace() as fake:
        yield fake


@pytest.fixture
async def readers(tmp_path: Path, fake: FakeHuggingFace) -> AsyncIterator[Town]:
    """A group that reads Hugging Face and the Gazette, on Monday at its posting time."""
    async with AsyncExitStack() as stack:
        clock, surface, gazette = MovableClock("2026-11-23 08:00"), RecordingSurface(), ListedSource()
        net = await stack.enter_async_context(Net(clock, timeout=1.5, pause=0.0))
        sources: list[Source] = [HuggingFace(HuggingFaceSettings(base_url=fake.url), net), gazette]
        settings = Settings(database=str(tmp_path / "faults.db"), groups=(BERLIN,))
        club = await stack.enter_async_context(opened(settings, clock=clock, sources=sources, adapters=[surface]))
        yield Town(club, clock, gazette, surface)


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_rest_goes_out_the_fault_is_told_and_the_papers_come_later(
    readers: Town, fake: FakeHuggingFace, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    script, told = FAULTS[fault]
    fake.days["2026-11-23"] = [daily_item("2611.00009", title="The Paper That Was Held Up")]
    readers.source.announce("2026-11-23", paper(1))
    script(fake)
    await readers.tick()
    assert readers.surface.titles == ["Papers for Monday 23 November", "Invented Paper Number 1"]
    assert "Hugging Face could not be read yet." in readers.surface.posts[0][1].card.body
    status = (await readers.visitor().says("/paper status")).text
    line = next(line for line in status.splitlines() if line.startswith("Hugging Face, Monday 23 November: "))
    assert told in line
    assert line.removeprefix("Hugging Face, Monday 23 November: ") in caplog.text

    fake.forgive()
    readers.clock.move(minutes=11)
    await readers.tick()
    header = await readers.card("Papers for Monday")
    assert header.body == "2 papers. One came later."
    listed = (await readers.visitor().says("/paper today")).cards
    assert [card.title for card in listed] == ["Invented Paper Number 1", "The Paper That Was Held Up"]


async def test_a_source_that_asks_us_to_wait_is_not_asked_before(readers: Town, fake: FakeHuggingFace) -> None:
    fake.next(status=429, retry_after=3600)
    readers.source.announce("2026-11-23", paper(1))
    await readers.tick()
    asked = len(fake.requests)
    for _ in range(5):
        readers.clock.move(minutes=11)
        await readers.tick()
    assert len(fake.requests) == asked
    readers.clock.move(minutes=11)
    await readers.tick()
    assert len(fake.requests) > asked


async def test_one_damaged_paper_is_skipped_and_counted(readers: Town, fake: FakeHuggingFace) -> None:
    fake.days["2026-11-23"] = [{"paper": "damaged"}, daily_item("2611.00009", title="The Sound One")]
    await readers.tick()
    assert "The Sound One" in readers.surface.titles
    status = (await readers.visitor().says("/paper status")).text
    assert "Hugging Face, Monday 23 November: 1 paper, 1 unreadable." in status
