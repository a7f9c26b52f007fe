"""A whole running club on the fake Discord: real core, real database, the real discord.py; members type and press.

async with discord_club(tmp_path) as club:
    await club.wait_until("2026-11-23 08:00")
    answer = await club.ann.types(club.papers, "/paper search", query="diffusion")
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.chat.discord.places import Spot
from adapters.chat.discord.surface import Discord
from bot.actions.deliveries import recover
from bot.model import DaySettings, DiscordSettings, GroupSettings, Settings, WeekSettings
from bot.ports import Core
from tests.fakes.clock import MovableClock
from tests.fakes.discord import Channel, FakeDiscord, Guild, Member
from tests.fakes.discord.sdk import discord_py_at
from tests.fakes.source import ListedSource

if TYPE_CHECKING:
    from bot.compose import Club

MONDAY = "2026-11-23 07:00"  # 08:00 in Berlin: an hour before the post is due
NINE = "2026-11-23 08:00"
NO_WEEK = WeekSettings()


@dataclass
class DiscordClub:
    discord: FakeDiscord
    guild: Guild
    papers: Channel
    ann: Member
    ben: Member
    moderator: Member
    surface: Discord
    club: Club
    clock: MovableClock
    source: ListedSource

    @property
    def place(self) -> str:
        return place_of(self.papers)

    async def wait_until(self, now: str) -> None:
        """Moves the clock, lets the schedule look once and the messages arrive."""
        self.clock.move_to(now)
        await self.club.collector.catch_up()
        await self.club.schedule.tick()
        await self.settle()

    async def settle(self) -> None:
        from bot.outbox import settle_all

        self.clock.move(seconds=5)
        await settle_all(self.club.outboxes)


def person(guild: Guild, name: str, *permissions: str) -> Member:
    """The same one after a restart."""
    known = (member for member in guild.members.values() if member.name == name)
    return next(known, None) or guild.add_member(name, permissions=permissions)


def place_of(channel: Channel) -> str:
    assert channel.guild
    return Spot(channel.guild.id, channel.id).place


@dataclass
class Connection:
    """A surface that runs until the test is over."""

    surface: Discord
    running: asyncio.Task[None]

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.wait({self.running})


@asynccontextmanager
async def connected(discord: FakeDiscord, core: Core, surface: Discord | None = None) -> AsyncIterator[Connection]:
    """The real adapter on the fake, listening for a core."""
    with discord_py_at(discord):
        surface = surface or make_surface(discord)
        connection = Connection(surface, asyncio.create_task(surface.run(core)))
        ready = asyncio.create_task(surface.ready())
        try:
            await asyncio.wait({connection.running, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
            if connection.running.done():
                connection.running.result()
            yield connection
        finally:
            ready.cancel()
            await connection.stop()


class Hasty(Discord):
    """Asks as fast as it can: most of what a test asks would wait for its turn, and few ask enough to be refused."""

    rate = 5000.0


def make_surface(discord: FakeDiscord, *groups: GroupSettings) -> Discord:
    return Hasty(DiscordSettings(api_base=discord.url), discord.token, groups)


@asynccontextmanager
async def discord_club(
    folder: Path, *, kind: str = "text", now: str = MONDAY, **day: Any
) -> AsyncIterator[DiscordClub]:
    """A group in Berlin with one channel; Ann and Ben are members, Mo looks after it."""
    async with FakeDiscord() as discord:
        channel = discord.add_guild("Readers").add_channel("papers", kind)
        async with on_discord(folder, discord, channel, now=now, **day) as club:
            yield club


@asynccontextmanager
async def one_time(now: str) -> AsyncIterator[tuple[FakeDiscord, MovableClock]]:
    """A Discord whose time is the program's: it knows when a meeting begins. Nobody meets a limit there."""
    clock = MovableClock(now)
    async with FakeDiscord(clock=clock.now) as discord:
        discord.limits.off()
        yield discord, clock


@asynccontextmanager
async def on_discord(
    folder: Path,
    discord: FakeDiscord,
    *channels: Channel,
    now: str = MONDAY,
    clock: MovableClock | None = None,
    week: WeekSettings = NO_WEEK,
    **day: Any,
) -> AsyncIterator[DiscordClub]:
    """The program on a database in `folder`; opened again, it is the same after a restart."""
    from bot.compose import opened  # not by the tests of the surface alone, which import this module too

    clock, source = clock or MovableClock(now), ListedSource()
    group = GroupSettings(
        id="readers",
        name="Readers",
        timezone="Europe/Berlin",
        channels=tuple(map(place_of, channels)),
        day=replace(DaySettings(cards=2, layout="channel"), **day),
        week=week,
    )
    surface = make_surface(discord, group)
    settings = Settings(database=str(folder / "club.db"), groups=(group,))
    guild = channels[0].guild
    assert guild
    async with opened(settings, clock=clock, sources=[source], adapters=[surface]) as club:
        await club.store.write(recover, clock.now())
        async with connected(discord, club.app, surface):
            await discord.until(lambda: discord.commands.named("paper", 0, 1))
            ann, ben = person(guild, "Ann"), person(guild, "Ben")
            mo = person(guild, "Mo", "manage_events")
            yield DiscordClub(discord, guild, channels[0], ann, ben, mo, surface, club, clock, source)
