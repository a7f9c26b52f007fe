"""A quiet week on Discord as its members see it, kept in docs/week.md, and what it costs the channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model import WeekSettings
from tests.discord_club import DiscordClub, on_discord, one_time
from tests.fakes.discord import Channel, FakeDiscord, Member, Message
from tests.fakes.discord.texts import selects_of
from tests.fakes.source import paper
from tests.handbook import ROOT, require_written
from tests.transcript import Transcript

PAGE = ROOT / "docs" / "week.md"
MARK = "<!-- what follows is written by that test -->"
FRIDAY = "2026-11-20 07:00"
WEEK = WeekSettings(session="thu 17:00", place="Room 2.01", sleep_weeks=0)
TITLES = ("Diffusion for Cats", "Attention for Dogs", "Sampling for Fish", "Ranking for Birds", "Memory for Bees")
WORDS = ("", "More ", "Sparse ", "Faster ", "Deeper ")  # before a title, one for each day
DAYS = ("2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")
MOST = 14  # messages of a week


@dataclass
class Quiet:
    discord: FakeDiscord
    papers: Channel
    club: DiscordClub
    cleo: Member
    transcript: Transcript

    async def comes_to(self, *times: str) -> None:
        for now in times:
            await self.club.wait_until(now)
            await self.settle()
            self.discord.moves(0)  # it looks at its clock

    async def settle(self) -> None:
        """Until what is due after its pause is shown, too."""
        for _ in range(2):
            self.club.clock.move(seconds=65)
            await self.club.settle()
        self.transcript.look()

    async def presses(self, who: Member, label: str, on: Message) -> None:
        shown = next(one for one in on.buttons if one.startswith(label))
        title = on.embeds[0]["title"]
        answer = await who.presses(on, label)
        self.transcript.did(who, f"presses [{shown}] on “{title}”", answer)
        await self.settle()

    async def opens(self, who: Member, paper: str, on: Message, label: str) -> None:
        """A paper from the day's list, and presses a button of its private card."""
        (menu,) = on.selects
        (choice,) = [c for c in _choices(on) if c.startswith(paper)]
        opened = await who.chooses(on, menu, choice)
        self.transcript.did(who, f"chooses “{choice}”", opened)
        self.transcript.did(who, f"presses [{label}] there", await who.presses(opened, label))
        await self.settle()

    async def fills_in(self, who: Member, label: str, on: Message, **values: str) -> None:
        form = await who.presses(on, label)
        self.transcript.did(who, f"presses [{label}] on “{on.embeds[0]['title']}”", form)
        assert form.modal
        labels = {name: value for key, value in values.items() for name in form.modal.labels if key in name.lower()}
        self.transcript.did(who, f"sends “{' / '.join(values.values())}”", await who.submits(form, labels))
        await self.settle()

    async def reacts(self, who: Member, on: Message) -> None:
        store, seen = self.club.club.store, self.club.club.store.commits
        await who.reacts(on, "1️⃣")
        while store.commits == seen:
            await store.wait_for_commit(seen)
        self.transcript.did(who, f"reacts with 1️⃣ to “{on.embeds[0]['title']}”")
        await self.settle()

    @property
    def day(self) -> Message:
        """The day's one message."""
        return next(m for m in reversed(self.papers.messages) if m.embeds[0]["title"].startswith("Papers for"))

    @property
    def meeting(self) -> Message:
        return next(m for m in self.papers.messages if m.thread)

    def in_thread(self, button: str) -> Message:
        thread = self.meeting.thread
        assert thread
        return next(m for m in thread.messages if button in m.buttons)


def _choices(on: Message) -> list[str]:
    return [option["label"] for menu in selects_of(on.components) for option in menu["options"]]


@asynccontextmanager
async def quiet_week(folder: Path) -> AsyncIterator[Quiet]:
    async with one_time(FRIDAY) as (discord, clock):
        guild = discord.add_guild("Readers")
        papers = guild.add_channel("papers")
        async with on_discord(folder, discord, papers, clock=clock, week=WEEK, cards=5, layout="digest") as club:
            for at, (day, word) in enumerate(zip(DAYS, WORDS, strict=True)):
                club.source.announce(day, *(paper(at * 10 + n, f"{word}{t}") for n, t in enumerate(TITLES, 1)))
            transcript = Transcript(discord, guild, ZoneInfo("Europe/Berlin"))
            yield Quiet(discord, papers, club, guild.add_member("Cleo"), transcript)
        assert discord.violations == []


async def they_vote(week: Quiet) -> None:
    await week.comes_to("2026-11-20 08:00", "2026-11-20 16:00")
    ann, ben = week.club.ann, week.club.ben
    await week.presses(ann, "Vote 1", week.day)
    await week.presses(ann, "Vote 2", week.day)
    await week.opens(ben, "1. ", week.day, "Claim")
    await week.reacts(week.cleo, week.day)


async def it_is_picked(week: Quiet) -> None:
    await week.comes_to("2026-11-22 16:00")
    await week.presses(week.club.ben, "I'll present", week.in_thread("I'll present"))
    await week.comes_to("2026-11-23 08:00", "2026-11-23 16:00")
    await week.presses(week.club.ann, "Join", week.meeting)


async def they_get_ready(week: Quiet) -> None:
    await week.comes_to("2026-11-24 08:00", "2026-11-24 16:00", "2026-11-25 08:00", "2026-11-25 16:00")
    await week.presses(week.cleo, "Join", week.in_thread("Skimmed"))
    await week.presses(week.cleo, "Skimmed", week.in_thread("Skimmed"))
    await week.fills_in(week.club.ann, "Ask", week.in_thread("Skimmed"), answered="Does it hold for kittens?")


async def they_meet(week: Quiet) -> None:
    await week.comes_to("2026-11-26 08:00", "2026-11-26 15:00", "2026-11-26 15:50", "2026-11-26 16:00")
    await week.comes_to("2026-11-26 17:10")
    recap = week.in_thread("Add a recap")
    await week.fills_in(week.club.ann, "Add a recap", recap, home="Cats diffuse.", worth="5")


@pytest.mark.timeout(120)
async def test_a_quiet_week_as_members_see_it(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    async with quiet_week(tmp_path) as week:
        await they_vote(week)
        await it_is_picked(week)
        await they_get_ready(week)
        await they_meet(week)
        written = week.transcript.text()
        require_written(PAGE, lambda kept: f"{kept.partition(MARK)[0]}{MARK}\n\n{written}\n", pytestconfig)
        assert week.transcript.counts.moderators == 0
        assert week.transcript.counts.messages <= MOST, week.transcript.kinds
        assert week.transcript.counts.pings == 1 + 3, "who is asked, and once those who come"
