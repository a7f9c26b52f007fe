"""Connecting to Discord: what is refused and said, what is lost and found again, and leaving."""

import asyncio
import logging
from pathlib import Path

import pytest
from discord import HTTPException

from adapters.chat.discord.inbound.gateway import Listener
from adapters.chat.discord.surface import Discord
from bot.errors import StartError
from bot.model import DiscordSettings, GroupSettings
from tests.discord_club import connected, make_surface, place_of
from tests.fakes.core import FakeCore
from tests.fakes.discord import Channel, FakeDiscord, NoAnswer
from tests.fakes.discord.sdk import discord_py_at

PUT_COMMANDS = "/applications/{application_id}/commands"


def group(*channels: str) -> GroupSettings:
    return GroupSettings(id="readers", channels=channels)


async def start_fails(surface: Discord) -> str:
    with pytest.raises(StartError) as caught:
        await surface.run(FakeCore())
    return str(caught.value)


# --- starting


async def test_without_a_token_it_says_where_to_find_one() -> None:
    text = await start_fails(Discord(DiscordSettings(), ""))
    assert "DISCORD_TOKEN" in text
    assert "discord.com/developers" in text


async def test_a_wrong_token_is_one_sentence() -> None:
    async with FakeDiscord() as discord:
        with discord_py_at(discord):
            surface = Discord(DiscordSettings(api_base=discord.url), "wrong")
            text = await start_fails(surface)
            assert text.startswith("Discord does not take DISCORD_TOKEN: copy a new one from")
            assert "wrong" not in text
            assert text in surface.trouble
            asked = len(discord.requests)
            await start_fails(surface)
            assert len(discord.requests) == asked  # not tried again at once


@pytest.mark.parametrize("code", [4004, 4013, 4014])
async def test_5_a_gateway_that_refuses_us_is_one_sentence(code: int) -> None:
    async with FakeDiscord() as discord:
        with discord_py_at(discord):
            surface = make_surface(discord)
            running = asyncio.create_task(surface.run(FakeCore()))
            await surface.ready()
            discord.gateway.drop_sockets(code)
            with pytest.raises(StartError):
                await running
            assert surface.trouble.startswith("Discord is not connected: Discord")


async def test_5_nothing_privileged_is_asked_for() -> None:
    async with FakeDiscord() as discord, connected(discord, FakeCore()):
        (asked,) = discord.gateway.identifies
        assert asked["intents"] == 1 << 0 | 1 << 10 | 1 << 16
        assert discord.violations == []


@pytest.mark.parametrize("fault", ["unavailable", "reset"])
async def test_a_discord_that_is_down_is_no_fault_of_the_settings(fault: str) -> None:
    async with FakeDiscord() as discord:
        with discord_py_at(discord):
            discord.next("GET", r"/users/@me$", fault, times=9)  # type: ignore[arg-type]
            surface = make_surface(discord)
            with pytest.raises((OSError, HTTPException)):
                await surface.run(FakeCore())
            assert surface.trouble.startswith("Discord is not connected: ")


async def test_it_is_ready_when_every_shard_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord() as discord:
        discord.gateway.shards = 2
        monkeypatch.setattr(Listener, "before_identify_hook", no_pause)
        async with connected(discord, FakeCore()) as connection:
            assert len(discord.gateway.listeners) == 2
            assert connection.surface.trouble == ""


async def no_pause(self: Listener, shard_id: int | None, *, initial: bool = False) -> None:
    pass


# --- later


async def answers(discord: FakeDiscord, papers: Channel, within: float = 5.0) -> bool:
    assert papers.guild
    member = papers.guild.add_member("Ann")
    return (await member.types(papers, "/paper help", within=within, paper="1")).is_private


async def room(discord: FakeDiscord) -> Channel:
    return discord.add_guild("Readers").add_channel("papers")


@pytest.mark.parametrize("how", ["cut", "closed", "reconnect", "invalid, resumable"])
async def test_a_lost_connection_is_taken_up_again(how: str) -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        async with connected(discord, FakeCore()) as connection:
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            match how:
                case "cut":
                    discord.gateway.drop_sockets()
                case "closed":
                    discord.gateway.drop_sockets(4000)
                case "reconnect":
                    discord.gateway.reconnects()
                case _:
                    discord.gateway.invalidate(resumable=True)
            await discord.until(lambda: discord.gateway.resumes)
            await discord.connected()
            assert await answers(discord, papers)
            assert connection.surface.trouble == ""


async def test_7_a_lost_session_is_begun_anew_and_buttons_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        monkeypatch.setattr(Listener, "before_identify_hook", no_pause)
        async with connected(discord, FakeCore()):
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            discord.gateway.invalidate(resumable=False)
            await discord.until(lambda: len(discord.gateway.identifies) == 2)
            await discord.connected()
            assert await answers(discord, papers)


async def test_a_silent_connection_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Discord, "heartbeat_patience", 0.3)
    async with FakeDiscord() as discord:
        papers = await room(discord)
        discord.gateway.heartbeat_interval = 0.1
        async with connected(discord, FakeCore()):
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            discord.gateway.go_silent()
            await discord.until(lambda: discord.gateway.resumes)
            await discord.connected()
            assert await answers(discord, papers)


async def test_what_happened_while_the_connection_was_lost_is_heard_once() -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        core = FakeCore()
        async with connected(discord, core):
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            discord.gateway.duplicate_next()
            assert await answers(discord, papers)
            discord.gateway.replays(1)
            assert await answers(discord, papers)
        assert len({request.id for request in core.requests}) == 2


async def test_after_a_later_failure_it_runs_again_with_the_same_surface() -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        async with connected(discord, FakeCore()) as connection:
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            discord.gateway.drop_sockets(4004)
            with pytest.raises(StartError):
                await connection.running
            async with connected(discord, FakeCore(), connection.surface):
                await discord.until(lambda: len(discord.gateway.identifies) == 2)
                assert await answers(discord, papers)
                assert connection.surface.trouble == ""


async def test_leaving_ends_the_session() -> None:
    async with FakeDiscord() as discord:
        for _ in range(3):
            async with connected(discord, FakeCore()):
                assert len(discord.gateway.listeners) == 1
            await discord.until(lambda: not discord.gateway.sessions)
            assert discord.gateway.listeners == []


async def test_leaving_says_goodbye_and_leaves_nothing_behind(caplog: pytest.LogCaptureFixture) -> None:
    before = asyncio.all_tasks()
    async with FakeDiscord() as discord, connected(discord, FakeCore()):
        pass
    assert asyncio.all_tasks() == before
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeDiscord() as discord:
        papers = await room(discord)
        discord.next("POST", r"/callback$", "status", status=500, times=2)
        async with connected(discord, FakeCore()):
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            await answers(discord, papers)
        tokens = [discord.token, *discord.world.interactions]
        assert len(tokens) == 2
        assert [token for token in tokens if token in caplog.text] == []


async def test_an_answer_that_is_lost_tells_no_token(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        discord.next("POST", r"/callback$", "reset", times=9)
        async with connected(discord, FakeCore()):
            await discord.until(lambda: discord.asked("PUT", PUT_COMMANDS))
            with pytest.raises(NoAnswer):
                await answers(discord, papers, within=0.1)
            await discord.until(lambda: "the answer to help by discord:" in caplog.text)
        assert not [token for token in discord.world.interactions if token in caplog.text]


# --- checking


async def check(discord: FakeDiscord, *channels: str) -> str:
    with discord_py_at(discord):
        try:
            await make_surface(discord, group(*channels)).check()
        except StartError as error:
            return str(error)
    return ""


async def test_a_check_looks_at_every_channel_and_shows_nothing() -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        assert await check(discord, place_of(papers), "web:readers") == ""
        assert papers.messages == []
        assert discord.gateway.identifies == []


async def test_a_check_names_what_is_missing() -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        assert papers.guild
        papers.denies("embed_links", "send_messages_in_threads")
        found = await check(discord, place_of(papers), f"discord:{papers.guild.id}/999", "discord:1/2")
        first, second, third = found.split("; ", 2)
        assert first == "#papers on Readers: give Paperclub Send Messages in Threads, Embed Links there"
        assert second == f"there is no channel 999 on the server {papers.guild.id}"
        assert third.startswith("Paperclub is not on the server 1; invite it")


async def test_a_check_tells_of_what_may_be_refused_and_passes(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        assert papers.guild
        (role,) = papers.guild.bot.roles
        role.permissions = 0
        assert await check(discord, place_of(papers)) == ""
    told = [record.message for record in caplog.records if "has no way" in record.message]
    assert told == [
        "#papers on Readers: without Manage Messages Paperclub has no way to take a member's reaction away when they "
        "unvote by other means",
        "#papers on Readers: without Pin Messages Paperclub has no way to keep the next meeting's paper pinned",
        "#papers on Readers: without Create Events Paperclub has no way to put each meeting on the server's calendar",
    ]


async def test_a_check_of_a_channel_to_speak_in() -> None:
    async with FakeDiscord() as discord:
        voice = discord.add_guild("Readers").add_channel("lounge", "voice")
        voice.denies("send_messages_in_threads", "create_public_threads")  # which it has none of
        assert await check(discord, place_of(voice)) == ""
        voice.denies("connect")
        assert await check(discord, place_of(voice)) == "#lounge on Readers: give Paperclub Connect there"


async def test_a_check_of_a_channel_that_is_hidden() -> None:
    async with FakeDiscord() as discord:
        papers = await room(discord)
        papers.denies("view_channel")
        assert "give it View Channel there" in await check(discord, place_of(papers))


def test_a_program_without_discord_does_not_import_it(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, bot.__main__, bot.compose, bot.serve, adapters; sys.exit('discord' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
