"""One meeting on Discord where not all is as usual, kept in docs/evenings.md: of each case what differs."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.compose import opened
from bot.model import Settings
from tests.discord_club import DiscordClub, connected, make_surface, on_discord, one_time
from tests.fakes.discord import Channel, FakeDiscord, Guild, Member, Message
from tests.fakes.discord.permissions import bits
from tests.fakes.source import ListedSource
from tests.handbook import ROOT, require_written
from tests.test_discord_meeting import FRIDAY, PAPERS, WEEK
from tests.transcript import Transcript

PAGE = ROOT / "docs" / "evenings.md"
MARK = "<!-- what follows is written by that test -->"
ZONE = ZoneInfo("Europe/Berlin")
MAY = {"Mo": ("manage_events", "manage_guild", "administrator")}
LONGEST = 75  # lines of a case: a page

Entries = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Case:
    title: str
    kind: str = "text"
    denied: str = ""


CASES = (
    Case("Without Add Reactions", denied="add_reactions"),
    Case("Without Manage Messages", denied="manage_messages"),
    Case("Without Pin Messages", denied="pin_messages"),
    Case("Without Create Events", denied="create_events"),
    Case("Without Send Messages in Threads", denied="send_messages_in_threads"),
    Case("Without Create Public Threads", denied="create_public_threads"),
    Case("Without Read Message History", denied="read_message_history"),
    Case("In a forum", kind="forum"),
    Case("In a voice channel's chat", kind="voice"),
)


@dataclass
class Evening:
    discord: FakeDiscord
    guild: Guild
    club: DiscordClub
    cleo: Member
    transcript: Transcript

    def newest(self, *, title: str = "", button: str = "") -> Message:
        """Wherever it stands on the server."""
        channels: list[Channel] = [*self.guild.channels.values(), *self.guild.threads.values()]
        messages = sorted((m for one in channels for m in one.messages if m.embeds), key=lambda m: m.id, reverse=True)
        return next(
            m
            for m in messages
            if str(m.embeds[0].get("title", "")).startswith(title) and any(b.startswith(button) for b in m.buttons)
        )

    async def comes_to(self, *times: str) -> None:
        for now in times:
            await self.club.wait_until(now)
            await self.settle()
            self.discord.moves(0)  # it looks at its clock

    async def settle(self) -> None:
        for _ in range(3):
            self.club.clock.move(seconds=65)
            await self.club.settle()
        self.transcript.look()

    async def presses(self, who: Member, label: str, on: Message) -> None:
        answer = await who.presses(on, next(one for one in on.buttons if one.startswith(label)))
        self.transcript.did(who, f"presses [{label}]", answer)
        await self.settle()

    async def reacts(self, who: Member, on: Message) -> None:
        store, seen = self.club.club.store, self.club.club.store.commits
        await who.reacts(on, "1️⃣")
        while store.commits == seen:
            await store.wait_for_commit(seen)
        self.transcript.did(who, "reacts with 1️⃣")
        await self.settle()

    def tells_reactions(self, on: Message) -> None:
        shown = ", ".join(f"{emoji} {len(who)}" for emoji, who in on.reactions.items()) or "none"
        self.transcript.says(f"reactions under the day's papers: {shown}")


async def play(evening: Evening) -> None:
    ann, ben = evening.club.ann, evening.club.ben
    await evening.comes_to("2026-11-20 08:00", "2026-11-20 16:00")
    day = evening.newest(title="Papers for")
    await evening.presses(ann, "Vote 1", day)
    evening.transcript.did(
        ben, "types /paper claim", await ben.types(day.channel, "/paper claim", paper="Diffusion for Cats")
    )
    await evening.reacts(evening.cleo, day)
    await evening.presses(evening.cleo, "Vote 1", day)
    evening.tells_reactions(day)
    await evening.comes_to("2026-11-22 16:00")
    await evening.presses(ben, "I'll present", evening.newest(button="I'll present"))
    await evening.comes_to("2026-11-23 16:00", "2026-11-25 16:00", "2026-11-26 15:50", "2026-11-26 16:00")
    await evening.comes_to("2026-11-26 17:10")


@asynccontextmanager
async def played(folder: Path, case: Case) -> AsyncIterator[Evening]:
    _make(folder)
    async with one_time(FRIDAY) as (discord, clock):
        guild = discord.add_guild("Readers")
        papers = guild.add_channel("papers", case.kind)
        async with on_discord(folder, discord, papers, clock=clock, week=WEEK, cards=3, layout="digest") as club:
            if case.denied:
                _deny(guild, papers, case.denied)
            club.source.announce("2026-11-20", *PAPERS)
            transcript = Transcript(discord, guild, ZONE)
            evening = Evening(discord, guild, club, guild.add_member("Cleo"), transcript)
            await play(evening)
            yield evening


def _make(folder: Path) -> None:
    folder.mkdir()


async def lived(folder: Path, case: Case) -> Entries:
    async with played(folder, case) as evening:
        return evening.transcript.entries()


def _deny(guild: Guild, papers: Channel, name: str) -> None:
    """Of the server and of its channel."""
    (role,) = guild.bot.roles
    role.permissions &= ~bits([name])
    papers.denies(name)


async def moved(folder: Path) -> Entries:
    """A group that was set up from chat loses its channel between the pick and the meeting; from the deletion on."""
    _make(folder)
    async with one_time(FRIDAY) as (discord, clock):
        guild = discord.add_guild("Readers")
        papers, lobby = guild.add_channel("papers"), guild.add_channel("lobby")
        source, surface = ListedSource(), make_surface(discord)
        settings = Settings(database=str(folder / "club.db"))
        async with (
            opened(settings, clock=clock, sources=[source], adapters=[surface]) as club,
            connected(discord, club.app, surface),
        ):
            await discord.until(lambda: discord.commands.named("paper", 0, 1))
            ann, ben, mo = (guild.add_member(name, permissions=MAY.get(name, ())) for name in ("Ann", "Ben", "Mo"))
            here = DiscordClub(discord, guild, papers, ann, ben, mo, surface, club, clock, source)
            source.announce("2026-11-20", *PAPERS)
            transcript = Transcript(discord, guild, ZONE)
            evening = Evening(discord, guild, here, guild.add_member("Cleo"), transcript)
            await mo.types(papers, "/paper-admin setup", timezone="Europe/Berlin", cards=3, name="Readers")
            await mo.types(papers, "/paper-admin start")
            await mo.presses(await mo.types(papers, "/paper-admin schedule", session="thu 17:00"), "Save")
            await evening.comes_to("2026-11-20 08:00", "2026-11-20 16:00")
            await ben.types(papers, "/paper claim", paper="Diffusion for Cats")
            await evening.presses(ann, "Vote 1", evening.newest(title="Papers for"))
            await evening.comes_to("2026-11-22 16:00")
            before = len(transcript.entries())
            guild.delete_channel(papers)
            transcript.says("#papers is deleted")
            await evening.comes_to("2026-11-23 16:00")
            asked = await mo.types(lobby, "/paper-admin move")
            transcript.did(mo, "types /paper-admin move in #lobby", asked, moderates=True)
            transcript.did(mo, "presses [Move it]", await mo.presses(asked, "Move it"), moderates=True)
            await evening.settle()
            await evening.presses(ben, "I'll present", evening.newest(button="I'll present"))
            await evening.comes_to("2026-11-25 16:00", "2026-11-26 15:50", "2026-11-26 17:10")
            after = transcript.entries()[before:]
            return [one for one in after if not one[1][0].startswith("a channel:")]  # went with it


# --- what differs


def differing(usual: Entries, found: Entries) -> Iterator[str]:
    """What is there only in the case, whole where its text is another; of what is missing there the first line."""
    left, texts, moved = [lines for _, lines in usual], {_text(lines) for _, lines in usual}, set()
    for at, lines in found:
        if lines in left:
            left.remove(lines)
            continue
        moved.add(_text(lines))
        yield f"+ {at}  {lines[0]}"
        if _text(lines) not in texts:
            yield from (f"    {line}" for line in lines[1:])
    yield from (f"- {lines[0]}" for lines in left if _text(lines) not in moved)


def _text(lines: Sequence[str]) -> tuple[str, ...]:
    """Without where it stands, nor what it replies to."""
    first, *rest = lines
    quoted = first.partition("“")[2]
    return (first if not quoted and not rest else "" if rest else quoted, *rest)


def _whole(entries: Entries) -> list[str]:
    return [line for at, lines in entries for line in (f"{at}  {lines[0]}", *(f"    {line}" for line in lines[1:]))]


def page(cases: Sequence[tuple[str, Sequence[str]]]) -> str:
    return "\n".join(line for title, lines in cases for line in (f"## {title}", "", "```text", *lines, "```", ""))


@pytest.mark.timeout(300)
async def test_an_evening_where_something_is_missing(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    usual = await lived(tmp_path / "usual", Case("As usual"))
    cases = []
    for number, case in enumerate(CASES):
        lines = list(differing(usual, await lived(tmp_path / str(number), case)))
        assert len(lines) <= LONGEST, case.title
        cases.append((case.title, lines))
    after = _whole(await moved(tmp_path / "moved"))
    written = page([("As usual", _whole(usual)), *cases, ("After its channel is deleted, from then on", after)])
    require_written(PAGE, lambda kept: f"{kept.partition(MARK)[0]}{MARK}\n\n{written}", pytestconfig)


async def test_in_a_forum_each_day_is_a_post_and_a_meeting_is_one(tmp_path: Path) -> None:
    async with played(tmp_path / "forum", Case("In a forum", kind="forum")) as evening:
        names = [post.name for post in evening.guild.threads.values()]
        meeting = [name for name in names if "Thursday 26 November" in name and not name.startswith("No new")]
        assert len(meeting) == 1, names
        assert all(name.startswith(("Papers for", "No new papers")) for name in names if name not in meeting), names
