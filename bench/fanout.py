"""The day's post in 1,000 Discord channels, beside the time that the platform's limit of 50 requests a second allows.

The real outbox, database and discord.py post to a loopback Discord that counts requests and answers 429 beyond the
limit. Judges nothing.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from adapters.chat.discord.surface import Discord
from bot.compose import Club, opened
from bot.model import DiscordSettings, GroupSettings, Settings
from tests.discord_club import NINE, connected, place_of
from tests.fakes.clock import MovableClock
from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes.source import ListedSource

CHANNELS = 1_000
A_SECOND = 50  # requests that Discord allows


def main() -> None:
    asyncio.run(_measure())


async def _measure() -> None:
    async with FakeDiscord() as discord:
        guild = discord.add_guild("Readers")
        channels = [guild.add_channel(f"papers-{number}") for number in range(CHANNELS)]
        took = await _post(discord, channels)
        refused = sum(request.status == 429 for request in discord.requests)
        doubled = sum(len(channel.messages) > 1 for channel in channels)
    floor = CHANNELS / A_SECOND
    print(f"{'fan-out':32}{'seconds':>10}{'floor':>10}{'ratio':>8}{'429s':>8}{'doubled':>9}")
    print(
        f"{f'{CHANNELS:,} Discord channels':32}{took:>10.1f}{floor:>10.1f}{took / floor:>8.2f}{refused:>8}{doubled:>9}"
    )


async def _post(discord: FakeDiscord, channels: list[Channel]) -> float:
    group = GroupSettings(id="readers", timezone="Europe/Berlin", channels=tuple(map(place_of, channels)))
    clock, surface = MovableClock("2026-11-23 07:00"), Discord(DiscordSettings(api_base=discord.url), discord.token)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database=str(Path(folder) / "fan.db"), groups=(group,))
        async with (
            opened(settings, clock=clock, sources=[ListedSource()], adapters=[surface]) as club,
            connected(discord, club.app, surface),
        ):
            await discord.until(lambda: bool(discord.commands.named("paper", 0, 1)))
            clock.move_to(NINE)
            await club.collector.catch_up()
            await club.schedule.tick()
            return await _drain(discord, club, channels)


async def _drain(discord: FakeDiscord, club: Club, channels: list[Channel]) -> float:
    stop = asyncio.Event()
    running = asyncio.create_task(club.outboxes[0].run(stop))
    start = time.monotonic()
    await discord.until(lambda: all(channel.messages for channel in channels), timeout=300)
    took = time.monotonic() - start
    stop.set()
    await running
    return took
