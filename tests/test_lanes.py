"""A surface serves several places at the same time, and each of them in order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.stores.sqlite.messages import Messages
from bot.errors import DeliveryError
from bot.model import Wanted
from bot.outbox import settle_all
from tests.club import BERLIN, Town, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

POST_TIME = "2026-11-23 08:00"
PLACES = tuple(f"discord:1/{number}" for number in range(2, 7))


@pytest.fixture
async def many(tmp_path: Path) -> AsyncIterator[Town]:
    """A group with five channels, each of which is to get three messages now."""
    source, group = ListedSource(), replace(BERLIN, channels=PLACES)
    source.announce("2026-11-23", paper(1), paper(2))
    async with town(tmp_path, group, now=POST_TIME, source=source, surfaces=[RecordingSurface("discord")]) as readers:
        await readers.club.collector.catch_up()
        await readers.club.schedule.tick()
        yield readers


def posted(readers: Town, place: str) -> list[str]:
    return [message.card.title for where, message in readers.surface.posts if where == place]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_every_place_gets_its_messages_in_order_and_the_lanes_hold(many: Town) -> None:
    many.surface.lanes = 3
    many.surface.hung.update({place: asyncio.Event() for place in PLACES})
    settling = asyncio.create_task(settle_all(many.club.outboxes))
    await until(lambda: len(many.surface.busy) == 3)
    for place in PLACES:
        many.surface.hung[place].set()
    await settling
    for place in PLACES:
        assert posted(many, place) == [
            "Papers for Monday 23 November",
            "Invented Paper Number 1",
            "Invented Paper Number 2",
        ]
    assert many.surface.busiest == 3


async def test_one_lane_serves_one_place_at_a_time(many: Town) -> None:
    await settle_all(many.club.outboxes)
    assert (many.surface.busiest, len(many.surface.posts)) == (1, 15)


async def test_a_place_that_hangs_holds_up_no_other_and_is_finished_before_we_leave(many: Town) -> None:
    many.surface.lanes = 2
    many.surface.hung[PLACES[0]] = asyncio.Event()
    stop = asyncio.Event()
    running = asyncio.create_task(many.club.outboxes[0].run(stop))
    await until(lambda: len(many.surface.posts) == 12)
    assert posted(many, PLACES[0]) == []
    stop.set()
    await asyncio.sleep(0.05)
    assert not running.done(), "a message is under way"
    many.surface.hung[PLACES[0]].set()
    async with asyncio.timeout(5):
        await running
    assert len(posted(many, PLACES[0])) == 3


async def test_a_place_that_is_rate_limited_rests_alone(many: Town) -> None:
    many.surface.fail_with = [DeliveryError("too many requests", retry_after=90)]
    await settle_all(many.club.outboxes)
    assert [len(posted(many, place)) for place in PLACES] == [0, 3, 3, 3, 3]


async def test_cancelled_it_lets_go_of_what_is_under_way(many: Town) -> None:
    many.surface.lanes = 5
    many.surface.hung = {place: asyncio.Event() for place in PLACES}
    running = asyncio.create_task(many.club.outboxes[0].run(asyncio.Event()))
    await until(lambda: len(many.surface.busy) == 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert many.surface.busy == []


@pytest.mark.parametrize("lanes", [1, 5])
async def test_with_nothing_to_do_it_sleeps(many: Town, monkeypatch: pytest.MonkeyPatch, lanes: int) -> None:
    asked = 0
    due = Messages.due

    def counted(*args: Any) -> Sequence[Wanted]:
        nonlocal asked
        asked += 1
        return due(*args)

    monkeypatch.setattr(Messages, "due", counted)
    many.surface.lanes = lanes
    many.surface.hung[PLACES[0]] = asyncio.Event()
    running = asyncio.create_task(many.club.outboxes[0].run(asyncio.Event()))
    await until(lambda: len(many.surface.posts) == (0 if lanes == 1 else 12))
    await asyncio.sleep(0.05)
    before = asked
    await asyncio.sleep(0.1)
    assert asked == before
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_discussion_that_is_asked_for_again_is_looked_for_from_the_first_time_on(many: Town) -> None:
    await settle_all(many.club.outboxes)
    ann = many.user("discord:7", "Ann", PLACES[0])
    many.surface.fail_with = [DeliveryError("may open no threads", hopeless=True)] * 3  # there, and wherever else
    await ann.says("/paper discuss 1")
    first = many.surface.deliveries[-1]
    many.clock.move(hours=1)
    await ann.says("/paper discuss 1")
    again = next(delivery for delivery in reversed(many.surface.deliveries) if delivery.id == first.id)
    assert (again.again, again.since) == (True, first.since)
