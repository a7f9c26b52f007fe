"""Who wants to come to an event on Discord, told to the core: heard once and in order, found again after a gap."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.chat.discord.inbound import attendance, gateway
from bot.cards import Card, Event, Message
from bot.errors import DeliveryError
from bot.model import OpenCard, Reaction
from bot.ports import Delivery
from tests.discord_club import Connection, connected, place_of
from tests.fakes.core import FakeCore
from tests.fakes.discord import Channel, FakeDiscord, ScheduledEvent

USERS = "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users"
MEMBER = "/guilds/{guild_id}/members/{user_id}"


class EventsCore(FakeCore):
    """Knows some events, and writes down what it is told of them."""

    def __init__(self) -> None:
        super().__init__()
        self.standing: list[OpenCard] = []
        self.told = asyncio.Event()
        self.reconciled: list[tuple[str, Mapping[str, str]]] = []

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        return self.standing

    async def reacted(self, surface: str, reaction: Reaction) -> bool:
        await super().reacted(surface, reaction)
        return any(card.ref == reaction.ref for card in self.standing)

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        self.reconciled.append((card.ref, reacting))
        self.told.set()


class Hall:
    def __init__(self, discord: FakeDiscord, papers: Channel, core: EventsCore, connection: Connection) -> None:
        self.discord = discord
        self.papers = papers
        self.core = core
        self.connection = connection
        assert papers.guild
        self.guild = papers.guild
        self.ann = papers.guild.add_member("Ann", nick="Annie")
        self.ben = papers.guild.add_member("Ben")

    @property
    def delivery(self) -> Delivery:
        return Delivery(1, place_of(self.papers), "1.1")

    @property
    def message(self) -> Message:
        starts = (self.discord.clock() + timedelta(days=1)).replace(microsecond=0)
        return Message("", Card("event", "Readers", event=Event(starts, starts + timedelta(hours=1), "Room")))

    async def event(self) -> ScheduledEvent:
        ref = await self.connection.surface.post(self.delivery, self.message)
        self.core.standing.append(OpenCard(1, place_of(self.papers), ref))
        (event,) = self.guild.events.values()
        return event

    async def heard(self, count: int) -> list[tuple[str, bool, str]]:
        await self.discord.until(lambda: len(self.core.reactions) >= count)
        await self.discord.until(lambda: self.discord.commands.named("paper", 0, 1))
        await self.ben.types(self.papers, "/paper help", paper="1")  # answered after what was sent before it
        assert len(self.core.reactions) == count
        return [(reaction.account, reaction.on, reaction.display_name) for reaction in self.core.reactions]


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    core = EventsCore()
    async with FakeDiscord() as discord:
        discord.limits.off()
        papers = discord.add_guild("Readers").add_channel("papers")
        async with connected(discord, core) as connection:
            yield Hall(discord, papers, core, connection)
        assert discord.violations == []


async def test_interested_is_told_with_the_name_as_the_server_shows_it(hall: Hall) -> None:
    event = await hall.event()
    hall.ann.subscribes(event)
    hall.ben.subscribes(event)
    hall.ann.unsubscribes(event)
    ann, ben = f"discord:{hall.ann.id}", f"discord:{hall.ben.id}"
    assert await hall.heard(3) == [(ann, True, "Annie"), (ben, True, "Ben"), (ann, False, "")]
    assert {reaction.ref for reaction in hall.core.reactions} == {f"event:{event.id}"}


async def test_the_last_word_is_told_last_however_long_a_name_takes(hall: Hall) -> None:
    event = await hall.event()
    hall.discord.next("GET", "/members/", "late", seconds=0.3)
    hall.ann.subscribes(event)
    hall.ann.unsubscribes(event)
    assert [on for _, on, _ in await hall.heard(2)] == [True, False]


async def test_events_of_others_are_not_looked_up(hall: Hall) -> None:
    event = await hall.event()
    other = ScheduledEvent(5, hall.guild, hall.ben.user, dict(event.data))
    hall.guild.events[5] = other
    hall.discord.world.event_changed("GUILD_SCHEDULED_EVENT_CREATE", other)
    hall.ann.subscribes(other)
    assert await hall.heard(0) == []
    assert hall.discord.asked("GET", MEMBER) == []


async def test_bots_and_who_has_left_do_not_come(hall: Hall) -> None:
    event = await hall.event()
    robot = hall.guild.add_member("Robot")
    robot.user.is_bot = True
    robot.subscribes(event)
    hall.ann.leaves()
    hall.ann.subscribes(event)
    await hall.discord.until(lambda: len(hall.discord.asked("GET", MEMBER)) == 2)
    hall.ben.subscribes(event)
    assert [name for _, _, name in await hall.heard(1)] == ["Ben"]


async def test_who_changed_their_mind_while_we_were_away_is_found(hall: Hall) -> None:
    event = await hall.event()
    await hall.connection.stop()
    hall.ann.subscribes(event)
    fans = [hall.guild.add_member(f"Fan {number}") for number in range(104)]
    for fan in fans:
        fan.subscribes(event)
    async with connected(hall.discord, hall.core):
        await asyncio.wait_for(hall.core.told.wait(), 5)
    ((ref, coming),) = hall.core.reconciled
    assert ref == f"event:{event.id}"
    assert len(coming) == 105
    assert coming[f"discord:{hall.ann.id}"] == "Annie"
    assert len(hall.discord.asked("GET", USERS)) == 2


async def test_a_resumed_session_tells_itself_and_nothing_is_read(hall: Hall) -> None:
    event = await hall.event()
    hall.discord.gateway.drop_sockets(4000)
    hall.ann.subscribes(event)
    assert len(await hall.heard(1)) == 1
    assert hall.discord.asked("GET", USERS) == []


async def test_what_was_pressed_before_the_receipt_came_is_found(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "LOOK_AGAIN", (0.01, 0.01, 0.01))
    hall.discord.next("POST", "/scheduled-events$", "lost")
    with pytest.raises(DeliveryError):
        await hall.connection.surface.post(hall.delivery, hall.message)
    (event,) = hall.guild.events.values()
    hall.ann.subscribes(event)
    await hall.heard(1)  # by nobody who knew the event
    hall.core.standing.append(OpenCard(1, place_of(hall.papers), f"event:{event.id}"))
    await hall.connection.surface.post(replace(hall.delivery, again=True), hall.message)
    await asyncio.wait_for(hall.core.told.wait(), 5)
    assert hall.core.reconciled[0] == (f"event:{event.id}", {f"discord:{hall.ann.id}": "Annie"})


@pytest.mark.parametrize("fault", ["unavailable", "reset"])
async def test_a_name_or_a_list_that_can_not_be_read_is_read_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(gateway, "LOOK_AGAIN", (0.01, 0.01, 0.01))
    monkeypatch.setattr(attendance, "READ_AGAIN", 0.01)
    event = await hall.event()
    hall.discord.next("GET", "/members/", fault, times=9)  # type: ignore[arg-type]
    hall.discord.next("GET", "/users", fault, times=6)  # type: ignore[arg-type]
    hall.ann.subscribes(event)
    await asyncio.wait_for(hall.core.told.wait(), 20)
    assert hall.core.reconciled[-1] == (f"event:{event.id}", {f"discord:{hall.ann.id}": "Annie"})


async def test_an_event_that_is_gone_is_not_asked_about_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "READ_AGAIN", 0.01)
    event = await hall.event()
    await hall.connection.stop()
    del hall.guild.events[event.id]
    async with connected(hall.discord, hall.core):
        await hall.discord.until(lambda: hall.discord.asked("GET", USERS))
        await asyncio.sleep(0.1)
    assert len(hall.discord.asked("GET", USERS)) == 1
    assert hall.core.reconciled == []


async def test_replays_are_told_as_they_come(hall: Hall) -> None:
    """The core knows what it has heard: telling it again changes nothing."""
    event = await hall.event()
    hall.discord.gateway.duplicate_next()
    hall.ann.subscribes(event)
    assert {on for _, on, _ in await hall.heard(2)} == {True}
