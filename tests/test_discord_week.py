"""The week on Discord, message by message: who is called by name, what is pinned, what stands on the calendar, and
what a member typed. The messages are made by hand; the week through the whole program is in test_discord_meeting."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord.outbound import events
from adapters.chat.discord.places import Spot, event_ref, read_event, read_ref
from adapters.chat.discord.surface import Discord
from bot.cards import Button, Card, Event, Field, Message
from bot.errors import DeliveryError
from bot.ports import Delivery
from tests.discord_club import connected, make_surface, place_of
from tests.fakes import papers
from tests.fakes.core import FakeCore
from tests.fakes.discord import Channel, FakeDiscord, Guild, ScheduledEvent
from tests.fakes.discord.sdk import discord_py_at
from tests.fakes.discord.spec import load_spec

EVENTS = "/guilds/{guild_id}/scheduled-events"
PIN = "/channels/{channel_id}/messages/pins/{message_id}"
JOIN = Button("Join", "rsvp", argument=("answer", "join"), session=4)
PICK = Message("", Card("pick", "Sparse Attention", body="Thursday 26 November, 17:00.", buttons=(JOIN,)), pinned=True)


def ask(*accounts: str) -> Message:
    yes = Button("I'll present", "present", argument=("answer", "yes"), session=4)
    no = Button("Can't make it", "present", argument=("answer", "no"), session=4)
    return Message("", Card("ask", "Can you present it?", buttons=(yes, no)), mentions=accounts)


class Desk:
    """Delivers by hand, as the outbox would."""

    def __init__(self, discord: FakeDiscord, guild: Guild, surface: Discord) -> None:
        self.discord = discord
        self.guild = guild
        self.surface = surface
        self.papers = guild.add_channel("papers")
        self.ann, self.ben = guild.add_member("Ann"), guild.add_member("Ben")
        self.began = discord.clock()
        self.numbers = 0

    async def post(
        self, message: Message, channel: Channel | None = None, *, under: str = "", again: bool = False
    ) -> str:
        """`again` is another attempt at the last one."""
        self.numbers += not again
        place, nonce = place_of(channel or self.papers), f"{self.numbers}.1"
        delivery = Delivery(self.numbers, place, nonce, parent_ref=under, again=again, since=self.began)
        return await self.surface.post(delivery, message)

    async def edit(self, ref: str, message: Message) -> None:
        await self.surface.edit(Delivery(1, place_of(self.papers), "1.1", ref=ref), message)

    async def fails(self, message: Message, *, ref: str = "", again: bool = False) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await (self.edit(ref, message) if ref else self.post(message, again=again))
        return caught.value

    # the calendar

    def session(self, title: str = "Readers: Sparse Attention", **event: object) -> Message:
        """In two days, for an hour."""
        starts = (self.discord.clock() + timedelta(days=2)).replace(microsecond=0)
        meeting = replace(Event(starts, starts + timedelta(hours=1), "Room 2.01"), **event)  # type: ignore[arg-type]
        return Message("", Card("event", title, body="Presents: Ann.", event=meeting))

    @property
    def events(self) -> list[ScheduledEvent]:
        return list(self.guild.events.values())


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeDiscord() as discord:
        discord.limits.off()
        guild = discord.add_guild("Readers")
        async with connected(discord, FakeCore()) as connection:
            yield Desk(discord, guild, connection.surface)
        assert discord.violations == []


# --- who is called by name


async def test_who_is_asked_is_pinged_once_and_nobody_else(desk: Desk) -> None:
    ref = await desk.post(ask(f"discord:{desk.ann.id}", "slack:T1/U1", "web:9", f"discord:{desk.ann.id}"))
    (message,) = desk.papers.messages
    assert message.content == f"<@{desk.ann.id}>"
    assert message.pinged == {desk.ann.id}
    await desk.edit(ref, ask(f"discord:{desk.ben.id}"))
    assert message.content == f"<@{desk.ben.id}>"
    assert message.allowed_mentions == {"parse": []}
    assert message.pinged == {desk.ann.id}


async def test_what_a_title_or_a_body_names_is_pinged_with_nobody(desk: Desk) -> None:
    hostile = f"@everyone <@{desk.ben.id}> <@&{desk.guild.id}>"
    message = replace(ask(f"discord:{desk.ann.id}"), text=hostile, card=Card("ask", hostile, body=hostile))
    await desk.post(message)
    assert desk.papers.messages[0].pinged == {desk.ann.id}


async def test_messages_without_a_name_ping_nobody(desk: Desk) -> None:
    await desk.post(PICK)
    (posted,) = desk.discord.asked("POST", "/channels/{channel_id}/messages")
    assert posted.body["allowed_mentions"] == {"parse": []}


async def test_who_is_asked_under_the_pick_is_pinged_in_its_thread_also_in_a_forum(desk: Desk) -> None:
    pick = await desk.post(PICK)
    await desk.post(ask(f"discord:{desk.ann.id}"), under=pick)
    thread = desk.papers.messages[0].thread
    assert thread
    assert [message.pinged for message in thread.messages] == [{desk.ann.id}]

    forum = desk.guild.add_channel("forum", "forum")
    await desk.post(ask(f"discord:{desk.ann.id}"), forum)
    assert [message.pinged for post in forum.threads for message in post.messages] == [{desk.ann.id}]


async def test_a_lost_answer_pings_nobody_a_second_time(desk: Desk) -> None:
    desk.discord.next("POST", r"/messages$", "lost")
    await desk.fails(ask(f"discord:{desk.ann.id}"))
    await desk.post(ask(f"discord:{desk.ann.id}"), again=True)
    (message,) = desk.papers.messages
    assert message.pinged == {desk.ann.id}


# --- what stands beside, is silent, or goes

REMINDER = Message("", Card("session", "Thursday 26 November: Sparse Attention"), replies=True)


async def test_a_reminder_replies_to_the_card_in_the_channel_and_pings_nobody(desk: Desk) -> None:
    pick = await desk.post(PICK)
    await desk.post(REMINDER, under=pick)
    card, reminder = desk.papers.messages
    assert (reminder.replies_to, reminder.pinged, card.thread) == (card, set(), None)


async def test_without_read_message_history_it_stands_there_as_no_reply(desk: Desk) -> None:
    pick = await desk.post(PICK)
    desk.papers.denies("read_message_history")
    await desk.post(REMINDER, under=pick)
    assert desk.papers.messages[-1].replies_to is None
    assert desk.papers.messages[-1].text.startswith("Thursday 26 November")


async def test_in_a_forum_it_stands_in_the_meetings_post(desk: Desk) -> None:
    forum = desk.guild.add_channel("forum", "forum")
    pick = await desk.post(PICK, forum)
    await desk.post(REMINDER, forum, under=pick)
    (post,) = forum.threads
    assert len(post.messages) == 2


async def test_what_is_silent_notifies_nobody(desk: Desk) -> None:
    await desk.post(replace(PICK, silent=True))
    ref = await desk.post(PICK)
    await desk.edit(ref, replace(PICK, silent=True))
    assert [bool(message.flags & 1 << 12) for message in desk.papers.messages] == [True, False]


async def test_what_is_to_go_goes_also_a_second_time(desk: Desk) -> None:
    ref = await desk.post(PICK)
    for _ in range(2):
        await desk.surface.remove(Delivery(1, place_of(desk.papers), "1.1", ref=ref))
    assert desk.papers.messages == []
    await desk.surface.remove(Delivery(1, place_of(desk.papers), "1.1", ref="event:7"))


# --- what is pinned


async def test_the_pick_is_pinned_while_it_is_wanted_so(desk: Desk) -> None:
    ref = await desk.post(PICK)
    assert [message.ref for message in desk.papers.pinned] == [ref]
    assert "(pinned a message)" in desk.papers.transcript()
    await desk.edit(ref, replace(PICK, card=replace(PICK.card, body="Ann presents.")))
    assert len(desk.discord.asked("PUT", PIN)) == 1
    await desk.edit(ref, replace(PICK, pinned=False))
    assert desk.papers.pinned == []


async def test_the_pick_of_a_later_session_is_pinned_when_its_turn_comes(desk: Desk) -> None:
    ref = await desk.post(replace(PICK, pinned=False))
    assert desk.papers.pinned == []
    await desk.edit(ref, PICK)
    await desk.edit(ref, PICK)
    assert [message.ref for message in desk.papers.pinned] == [ref]
    assert len(desk.discord.asked("PUT", PIN)) == 1


async def test_what_an_admin_unpins_stays_unpinned_and_what_they_pin_of_others_pinned(desk: Desk) -> None:
    ref = await desk.post(PICK)
    paper = Message("", Card("paper", "Sparse Attention", entry=7))
    card = await desk.post(paper)
    desk.discord.world.posts.unpin(desk.papers.messages[0])
    desk.discord.world.posts.pin(desk.papers.messages[1], desk.guild.owner.user)
    await desk.edit(ref, PICK)
    await desk.edit(card, replace(paper, card=replace(paper.card, body="Claimed by Ann.")))
    assert [message.ref for message in desk.papers.pinned] == [card]


async def test_a_pin_whose_way_was_cut_is_made_with_the_next_attempt(desk: Desk) -> None:
    desk.discord.next("PUT", "/pins/", "reset", times=9)
    await desk.fails(PICK)
    desk.discord.faults.forgive()
    await desk.post(PICK, again=True)
    assert [message.ref for message in desk.papers.messages] == [message.ref for message in desk.papers.pinned]


@pytest.mark.parametrize("why", ["no permission", "too many"])
async def test_a_channel_that_takes_no_pin_keeps_the_message_and_it_is_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    caplog.set_level(logging.WARNING, logger="adapters.chat.discord")
    if why == "no permission":
        desk.papers.denies("pin_messages")
    else:
        for number in range(250):
            desk.discord.world.posts.pin(await desk.ben.says(desk.papers, str(number)), desk.ben.user)
    first = await desk.post(PICK)
    await desk.post(PICK)
    await desk.edit(first, replace(PICK, pinned=False))
    assert first in [message.ref for message in desk.papers.messages]
    (line,) = [record.message for record in caplog.records if "pins of channel" in record.message]
    assert ("Pin Messages" if why == "no permission" else "250") in line


async def test_a_post_of_a_forum_is_not_pinned_in_itself(desk: Desk) -> None:
    await desk.post(PICK, desk.guild.add_channel("forum", "forum"))
    assert desk.discord.asked("PUT", PIN) == []


# --- what stands on the calendar


async def test_a_session_is_an_event_of_the_server(desk: Desk) -> None:
    message = desk.session()
    ref = await desk.post(message)
    (event,) = desk.events
    assert ref == f"event:{event.id}"
    assert (event.name, event.location) == ("Readers: Sparse Attention", "Room 2.01")
    assert message.card.event
    assert (event.starts, event.ends) == (message.card.event.starts, message.card.event.ends)
    assert event.description == f"Presents: Ann.\nhttps://discord.com/channels/{desk.guild.id}/{desk.papers.id}"
    assert desk.papers.messages == []


async def test_without_a_place_it_is_in_the_channel(desk: Desk) -> None:
    await desk.discord.until(lambda: desk.surface._client and desk.surface._client.get_channel(desk.papers.id))
    await desk.post(desk.session(place=""))
    assert desk.events[0].location == "#papers"


async def test_an_event_changes_with_its_session(desk: Desk) -> None:
    ref = await desk.post(desk.session())
    moved = desk.session(place="Room 3", starts=desk.discord.clock() + timedelta(days=3))
    assert moved.card.event
    later = replace(moved.card.event, ends=moved.card.event.starts + timedelta(hours=2))
    await desk.edit(ref, replace(moved, card=replace(moved.card, title="Readers: Dense Attention", event=later)))
    (event,) = desk.events
    assert (event.name, event.location, event.ends - event.starts) == (
        "Readers: Dense Attention",
        "Room 3",
        timedelta(hours=2),
    )


async def test_an_event_that_says_all_that_is_left_alone(desk: Desk) -> None:
    message = desk.session()
    ref = await desk.post(message)
    await desk.edit(ref, message)
    assert desk.discord.asked("PATCH", EVENTS + "/{guild_scheduled_event_id}") == []


async def test_what_is_called_off_is_canceled_and_made_anew_when_it_takes_place_after_all(desk: Desk) -> None:
    message = desk.session()
    ref = await desk.post(message)
    off = desk.session(is_cancelled=True)
    await desk.edit(ref, off)
    await desk.edit(ref, off)
    assert [event.status for event in desk.events] == [4]
    assert (await desk.fails(message, ref=ref)).gone
    await desk.post(message)
    assert [event.status for event in desk.events] == [4, 1]


async def test_what_is_called_off_once_it_has_begun_is_brought_to_its_end(desk: Desk) -> None:
    message = desk.session()
    ref = await desk.post(message)
    desk.discord.moves(2 * 86_400 + 60)
    assert message.card.event
    off = replace(message, card=replace(message.card, event=replace(message.card.event, is_cancelled=True)))
    await desk.edit(ref, off)
    assert [event.status for event in desk.events] == [3]


async def test_an_event_that_has_begun_keeps_its_time_and_changes_all_else(desk: Desk) -> None:
    message = desk.session()
    ref = await desk.post(message)
    desk.discord.moves(2 * 86_400 + 60)
    await desk.edit(ref, replace(message, card=replace(message.card, title="Readers: with slides")))
    assert [(event.name, event.status) for event in desk.events] == [("Readers: with slides", 2)]
    desk.discord.moves(7200)
    await desk.edit(ref, replace(message, card=replace(message.card, title="Readers: too late")))
    assert [(event.name, event.status) for event in desk.events] == [("Readers: with slides", 3)]


async def test_a_session_that_moves_on_after_its_event_began_gets_a_new_one(desk: Desk) -> None:
    ref = await desk.post(desk.session())
    desk.discord.moves(2 * 86_400 + 60)
    next_week = desk.session()
    assert (await desk.fails(next_week, ref=ref)).gone
    await desk.post(next_week)
    assert [event.status for event in desk.events] == [3, 1]


async def test_an_event_that_an_admin_deleted_is_made_again(desk: Desk) -> None:
    message = desk.session()
    ref = await desk.post(message)
    desk.guild.events.clear()
    assert (await desk.fails(message, ref=ref)).gone
    await desk.post(message)
    assert len(desk.events) == 1
    await desk.edit("event:1", desk.session(is_cancelled=True))


async def test_what_has_begun_or_is_called_off_gets_no_event(desk: Desk) -> None:
    past = desk.session(starts=desk.discord.clock() - timedelta(minutes=1))
    assert await desk.post(past) == "event:0"
    assert await desk.post(desk.session(is_cancelled=True)) == "event:0"
    await desk.edit("event:0", desk.session(is_cancelled=True))
    assert (await desk.fails(desk.session(), ref="event:0")).gone
    assert desk.events == []


async def test_a_lost_answer_makes_one_event(desk: Desk) -> None:
    message = desk.session()
    desk.discord.next("POST", "/scheduled-events$", "lost")
    await desk.fails(message)
    changed = replace(message, card=replace(message.card, title="Readers: another paper by now"))
    ref = await desk.post(changed, again=True)
    assert [(event_ref(event.id), event.name) for event in desk.events] == [(ref, "Readers: another paper by now")]


async def test_another_attempt_takes_no_event_of_others(desk: Desk) -> None:
    """Another group's of the same server and hour, one by a member, one of before."""
    message = desk.session()
    other = replace(message, card=replace(message.card, title="Theory: Sparse Attention"))
    await desk.post(other, desk.guild.add_channel("theory"))
    await desk.post(message)
    desk.events[1].creator = desk.ben.user
    desk.discord.next("POST", "/scheduled-events$", "reset", times=9)
    await desk.fails(message)
    desk.discord.faults.forgive()
    ref = await desk.post(message, again=True)
    assert len(desk.events) == 3
    assert ref == event_ref(desk.events[2].id)


async def test_two_channels_of_one_server_share_an_event(desk: Desk) -> None:
    message = desk.session()
    first = await desk.post(message)
    second = await desk.post(message, desk.guild.add_channel("theory"))
    assert first == second
    assert len(desk.events) == 1


async def test_a_server_that_takes_no_events_is_told_once_and_its_channel_stays_open(desk: Desk) -> None:
    (role,) = desk.guild.bot.roles
    role.permissions = 0
    refused = await desk.fails(desk.session())
    assert (refused.hopeless, refused.closed) == (True, False)
    assert str(refused) == "Paperclub may not make events on this server: give its role Create Events"
    assert await desk.post(desk.session()) == "event:0"
    await desk.post(PICK)
    assert len(desk.papers.messages) == 1


async def test_a_server_with_a_hundred_events_takes_no_more(desk: Desk) -> None:
    data = {"name": "Quiz", "entity_type": 3, "location": "x", "scheduled_start_time": "2100-01-01T10:00:00+00:00"}
    data["scheduled_end_time"] = "2100-01-01T11:00:00+00:00"
    desk.guild.events.update(
        (number, ScheduledEvent(number, desk.guild, desk.ben.user, dict(data))) for number in range(1, 101)
    )
    refused = await desk.fails(desk.session())
    assert refused.hopeless
    assert "a hundred events" in str(refused)


async def test_the_calendar_needs_no_gateway() -> None:
    async with FakeDiscord() as discord:
        with discord_py_at(discord):
            desk = Desk(discord, discord.add_guild("Readers"), make_surface(discord))
            ref = await desk.post(desk.session(place=""))
            await desk.edit(ref, desk.session("Readers: renamed", place=""))
            await desk.surface.close()
        assert [(event.name, event.location) for event in desk.events] == [("Readers: renamed", "In this channel")]
        assert discord.gateway.identifies == []
        assert discord.violations == []


def test_an_event_has_a_name_of_its_own_kind() -> None:
    assert read_event(event_ref(5)) == 5
    assert read_event("5/6") is None
    assert read_ref(event_ref(5)) is None


HOSTILE = (papers.HOSTILE, "", "😀" * 2000, "word " * 900, "[x](https://evil.example) @everyone")
TEXT = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=200)
DAYS = st.timedeltas(timedelta(days=-1), timedelta(days=1))
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@given(TEXT, TEXT, TEXT, TEXT, DAYS, DAYS)
def test_any_session_is_an_event_that_discord_takes(
    title: str, text: str, place: str, channel: str, shift: timedelta, lasts: timedelta
) -> None:
    card = Card("event", title, url="https://arxiv.org/abs/1", body=text, fields=(Field(text, title),), footer=text)
    event = Event(NOON + shift, NOON + shift + lasts, place)
    body = events.body(card, event, Spot(10**19, 10**19, 10**19), channel)
    for key, most in (("name", 100), ("description", 1000)):
        assert 1 <= len(body[key].encode("utf-16-le")) // 2 <= most
    assert 1 <= len(body["entity_metadata"]["location"].encode("utf-16-le")) // 2 <= 100
    assert body["scheduled_start_time"] < body["scheduled_end_time"]
    assert "](https://evil" not in body["description"]
    if spec := load_spec():
        assert not spec.request("POST", EVENTS, body)
