"""A week of a reading group on Discord with the whole program, from the vote to the recap; it reads like the chat that
it is. Discord's time is the program's, so that meetings begin there when they begin here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model import WeekSettings
from tests.discord_club import DiscordClub, on_discord, one_time
from tests.fakes.clock import MovableClock
from tests.fakes.discord import Channel, FakeDiscord, Member, Message, ScheduledEvent
from tests.fakes.source import paper

FRIDAY = "2026-11-20 07:00"
WEEK = WeekSettings(session="thu 17:00", place="Room 2.01", sleep_weeks=0)
PAPERS = (paper(1, "Diffusion for Cats"), paper(2, "Attention for Dogs"), paper(3, "Sampling for Fish"))


@dataclass
class Meeting:
    """The club with what stands on Discord of its sessions."""

    discord: FakeDiscord
    papers: Channel
    clock: MovableClock
    club: DiscordClub

    @property
    def ann(self) -> Member:
        return self.club.ann

    @property
    def ben(self) -> Member:
        return self.club.ben

    @property
    def events(self) -> list[ScheduledEvent]:
        assert self.papers.guild
        return list(self.papers.guild.events.values())

    async def comes_to(self, now: str) -> None:
        await self.club.wait_until(now)
        await self.settle()
        self.discord.moves(0)  # it looks at its clock

    async def settle(self) -> None:
        """Until nothing is due any more, and what is due after its pause too."""
        for _ in range(3):
            self.clock.move(seconds=65)
            await self.club.settle()

    async def shows(self, message: Message, text: str) -> None:
        """Waits also for what the bot does by itself, such as asking Discord for a name."""
        store, seen = self.club.club.store, -1
        async with asyncio.timeout(5):
            while text not in message.text:
                if store.commits == seen:
                    await store.wait_for_commit(seen)
                seen = store.commits
                await self.settle()

    def card(self, title: str) -> Message:
        return next(m for m in self.papers.messages if title in m.text and "Summary" in m.buttons)

    def titled(self, title: str, channel: Channel | None = None) -> Message:
        """The newest one that begins so, whoever it calls by name."""
        messages = reversed((channel or self.papers).messages)
        return next(m for m in messages if (m.embeds[0].get("title") or "").startswith(title))

    @property
    def pick(self) -> Message:
        return self.titled("Thursday 26 November")


@asynccontextmanager
async def running(folder: Path, discord: FakeDiscord, papers: Channel, clock: MovableClock) -> AsyncIterator[Meeting]:
    async with on_discord(folder, discord, papers, clock=clock, week=WEEK) as club:
        club.source.announce("2026-11-20", *PAPERS)
        yield Meeting(discord, papers, clock, club)


@asynccontextmanager
async def readers(folder: Path, now: str = FRIDAY) -> AsyncIterator[Meeting]:
    async with one_time(now) as (discord, clock):
        papers = discord.add_guild("Readers").add_channel("papers")
        async with running(folder, discord, papers, clock) as meeting:
            yield meeting
        assert discord.violations == []


# --- one week


async def the_vote_opens(meeting: Meeting) -> None:
    await meeting.comes_to("2026-11-20 08:00")
    await meeting.comes_to("2026-11-20 16:00")
    nominations = meeting.titled("Vote for Thursday 26 November")
    await meeting.ann.presses(meeting.card("Cats"), "Vote")
    await meeting.ben.presses(meeting.card("Cats"), "Claim")
    await meeting.ben.presses(meeting.card("Dogs"), "Vote")
    await meeting.club.moderator.reacts(meeting.card("Cats"), "👍")
    await meeting.shows(nominations, "2 votes, claimed by Ben")


async def the_paper_is_picked(meeting: Meeting) -> None:
    await meeting.comes_to("2026-11-22 16:00")
    assert meeting.pick.embeds[0]["title"] == "Thursday 26 November: Diffusion for Cats"
    assert meeting.papers.pinned == [meeting.pick]
    (event,) = meeting.events
    assert (event.name, event.location) == ("Readers: Diffusion for Cats", "Room 2.01")
    assert event.starts.isoformat() == "2026-11-26T16:00:00+00:00"
    assert meeting.pick.pinged == set()


async def ann_marks_the_event(meeting: Meeting) -> None:
    (event,) = meeting.events
    meeting.ann.subscribes(event)
    await meeting.shows(meeting.pick, "Ann")
    answer = await meeting.ann.presses(meeting.pick, "Skip")
    assert answer.kind == "update", "the card says it"
    await meeting.shows(meeting.pick, "Nobody has said so yet")


async def the_presenter_is_asked_and_answers(meeting: Meeting) -> None:
    thread = meeting.pick.thread
    assert thread
    (ask,) = thread.messages
    assert ask.pinged == {meeting.ben.id}
    answer = await meeting.ann.presses(ask, "Can't make it")
    assert answer.is_private
    await meeting.ben.presses(ask, "I'll present")
    await meeting.settle()
    assert ask.buttons == []
    assert ask.content == "Ben presents."
    assert "Ben" in meeting.pick.text
    assert "not confirmed" not in meeting.pick.text


async def they_come_and_ask(meeting: Meeting) -> None:
    await meeting.comes_to("2026-11-25 16:00")
    thread = meeting.pick.thread
    assert thread
    room = meeting.titled("Room", thread) if len(thread.messages) < 2 else thread.messages[-1]
    form = await meeting.ann.presses(room, "Ask")
    assert form.modal
    (label,) = form.modal.labels
    answer = await meeting.ann.submits(form, {label: "Does it hold for kittens?"})
    assert answer.is_private
    await meeting.shows(room, "Does it hold for kittens?")


async def they_meet_and_write_down_what_they_take_home(meeting: Meeting) -> None:
    await meeting.comes_to("2026-11-26 15:00")
    await meeting.comes_to("2026-11-26 16:00")
    await meeting.comes_to("2026-11-26 17:10")
    assert [event.status for event in meeting.events if event.starts.day == 26] == [3]
    thread = meeting.pick.thread
    assert thread
    recap = next(message for message in thread.messages if "Add a recap" in message.buttons)
    form = await meeting.ann.presses(recap, "Add a recap")
    assert form.modal
    *takeaways, rating = [label for label in form.modal.labels if "lides" not in label]
    refused = await meeting.ann.submits(form, {takeaways[0]: "Cats diffuse.\nSlowly.", rating: "seven"})
    assert refused.buttons == ["Fill it in again"]
    again = await meeting.ann.presses(refused, "Fill it in again")
    answer = await meeting.ann.submits(again, {rating: "5"})
    assert answer.buttons == []
    await meeting.shows(recap, "Cats diffuse.")


@pytest.mark.timeout(60)
async def test_a_week_on_discord(tmp_path: Path) -> None:
    async with one_time(FRIDAY) as (discord, clock):
        papers = discord.add_guild("Readers").add_channel("papers")
        async with running(tmp_path, discord, papers, clock) as meeting:
            await the_vote_opens(meeting)
            await the_paper_is_picked(meeting)
            await ann_marks_the_event(meeting)
            await the_presenter_is_asked_and_answers(meeting)
        meeting.club.moderator.subscribes(meeting.events[0])  # while nobody listens
        async with running(tmp_path, discord, papers, clock) as meeting:
            await meeting.shows(meeting.pick, "Mo and Ben")  # Ann, who said later that she skips it, is not asked again
            await they_come_and_ask(meeting)
            await they_meet_and_write_down_what_they_take_home(meeting)
        assert {who for message in papers.messages for who in message.pinged} == set()
        assert discord.violations == []


# --- what goes wrong


async def test_only_the_next_sessions_paper_stays_pinned(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        await the_vote_opens(meeting)
        await the_paper_is_picked(meeting)
        await meeting.comes_to("2026-11-26 17:10")
        await meeting.ann.presses(meeting.card("Dogs"), "Vote")
        await meeting.comes_to("2026-11-29 16:00")
        picked = meeting.titled("Thursday 3 December")
        assert "Attention for Dogs" in picked.embeds[0]["title"]
        assert meeting.papers.pinned == [picked]
        assert [(event.name, event.status) for event in meeting.events] == [
            ("Readers: Diffusion for Cats", 3),
            ("Readers: Attention for Dogs", 1),
        ]


async def test_the_event_of_a_skipped_session_is_called_off_and_comes_back_with_it(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        await the_vote_opens(meeting)
        await the_paper_is_picked(meeting)
        moderator = meeting.club.moderator
        answer = await moderator.types(meeting.papers, "/paper-admin skip-week", reason="Thanksgiving")
        assert answer.is_private
        await meeting.settle()
        assert meeting.events[0].status == 4
        assert [(event.name, event.starts.day) for event in meeting.events[1:]] == [("Readers: Diffusion for Cats", 3)]
        undone = await moderator.types(meeting.papers, "/paper-admin undo")
        assert "Took back" in undone.text
        await meeting.settle()
        open_ones = [event for event in meeting.events if event.is_open]
        assert [(event.name, event.starts.day) for event in open_ones] == [
            ("Readers: our meeting", 3),
            ("Readers: Diffusion for Cats", 26),
        ]


@pytest.mark.parametrize("path", ["/scheduled-events$", "/messages$"])
async def test_what_was_made_as_the_program_died_is_found_and_not_made_again(tmp_path: Path, path: str) -> None:
    async with one_time(FRIDAY) as (discord, clock):
        papers = discord.add_guild("Readers").add_channel("papers")
        async with running(tmp_path, discord, papers, clock) as meeting:
            await the_vote_opens(meeting)
            discord.next("POST", path, "lost", times=9)
            clock.move_to("2026-11-22 16:00")
            await meeting.club.club.collector.catch_up()
            await meeting.club.club.schedule.tick()
            while not discord.faults.met:
                assert await meeting.club.club.outboxes[0].settle()
        discord.faults.forgive()
        clock.move(hours=1)
        async with running(tmp_path, discord, papers, clock) as meeting:
            await meeting.settle()
            await meeting.settle()
            await the_paper_is_picked(meeting)
            thread = meeting.pick.thread
            assert thread
            assert [message.pinged for message in thread.messages] == [{meeting.ben.id}]
        assert [m.embeds[0]["title"] for m in papers.messages].count("Thursday 26 November: Diffusion for Cats") == 1
        assert discord.violations == []


async def test_a_server_without_events_has_the_week_all_the_same(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        assert meeting.papers.guild
        (role,) = meeting.papers.guild.bot.roles
        role.permissions = 0
        await the_vote_opens(meeting)
        await meeting.comes_to("2026-11-22 16:00")
        await meeting.comes_to("2026-11-25 16:00")
        await meeting.ben.presses(meeting.pick, "Join")
        await meeting.shows(meeting.pick, "Ben")
        assert meeting.events == []
        assert meeting.papers.pinned == []
        told = [message.content for message in meeting.papers.guild.owner.dms.messages]
        assert len(told) == 1
        assert "give its role Create Events" in told[0]
