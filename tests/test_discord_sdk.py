"""What we touch of discord.py's inside: there in the installed version, as we rely on it; and what is said if not."""

import ast
import asyncio
import inspect
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeGuard

import discord
import pytest
from discord.http import HTTPClient, Route
from discord.state import AutoShardedConnectionState

from adapters.chat.discord import sdk
from adapters.chat.discord.inbound.drafts import Drafts
from adapters.chat.discord.inbound.gateway import Listener
from adapters.chat.discord.rest import Pacer
from adapters.chat.discord.surface import Discord
from bot.errors import StartError
from bot.model import DiscordSettings, Settings
from bot.operate import check as parts
from tests.discord_club import connected
from tests.fakes.core import FakeCore
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.sdk import discord_py_at

ROOT = Path(__file__).parents[1]


@asynccontextmanager
async def listening(discord: FakeDiscord) -> AsyncIterator[Listener]:
    """Logged in, and not on the gateway."""
    client = Listener(DiscordSettings(api_base=discord.url), Pacer(), Drafts())
    try:
        await client.login(discord.token)
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def logged_in() -> AsyncIterator[tuple[FakeDiscord, Listener]]:
    async with FakeDiscord() as discord:
        with discord_py_at(discord):
            async with listening(discord) as client:
                yield discord, client


def test_the_installed_version_has_every_name() -> None:
    sdk.require_known()


def test_the_version_is_pinned_to_the_minor_and_locked_within_it() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (asked,) = (
        found for item in dependencies if (found := re.fullmatch(r"discord\.py>=(\d+)\.(\d+),<(\d+)\.(\d+)", item))
    )
    major, minor, below_major, below_minor = map(int, asked.groups())
    assert (below_major, below_minor) == (major, minor + 1)
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert f"\ndiscord-py=={major}.{minor}." in (ROOT / name).read_text()
    assert discord.__version__.startswith(f"{major}.{minor}.")


def test_nothing_of_ours_takes_the_place_of_a_name_of_its_own() -> None:
    """A later version may call something as we do."""
    tree = ast.parse(inspect.getsource(Listener))
    ours = {*vars(Listener)} | {node.attr for node in ast.walk(tree) if is_set(node)}
    theirs = {*dir(discord.AutoShardedClient(intents=discord.Intents(guilds=True)))} - {*dir(type)}
    assert {name for name in ours & theirs if not name.startswith("__")} == {"close", "launch_shard"}


def is_set(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


# --- without one


async def said(surface: Discord) -> str:
    with pytest.raises(StartError) as caught:
        await surface.check()
    return str(caught.value)


@pytest.mark.parametrize("name", ["_ready_tasks", "parsers"])
async def test_a_check_names_what_an_instance_lacks(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    make = AutoShardedConnectionState.__init__

    def make_without(self: Any, *args: Any, **options: Any) -> None:
        make(self, *args, **options)
        delattr(self, name)

    monkeypatch.setattr(AutoShardedConnectionState, "__init__", make_without)
    text = await said(Discord(DiscordSettings(), "token"))
    assert text.startswith(
        f"discord.py {discord.__version__} has no Client._connection.{name} as we know it (without it "
    )
    assert text.endswith("); install the version of requirements.lock")


async def test_a_run_ends_with_the_same_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("discord.http.Route")
    surface = Discord(DiscordSettings(), "token")
    with pytest.raises(StartError, match=r"^discord\.py .* has no http\.Route\.BASE as we know it .*, http\.Route as"):
        await surface.run(FakeCore())
    assert "requirements.lock" in surface.trouble


async def test_paperclub_check_has_a_line_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "token")
    monkeypatch.delattr("discord.http.Route")
    lines = [line async for ok, line in parts(Settings(database=str(tmp_path / "club.db"))) if not ok]
    lines = [line for line in lines if "discord" in line]  # the page's port may be taken
    assert [line.partition(" has no")[0] for line in lines] == [f"surface discord: discord.py {discord.__version__}"]


async def test_a_check_names_what_takes_other_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    async def launch_shard(self: Any, shard_id: int) -> None: ...

    async def request(self: Any, route: Route) -> None: ...

    monkeypatch.setattr(discord.AutoShardedClient, "launch_shard", launch_shard)
    monkeypatch.setattr(HTTPClient, "request", request)
    text = await said(Discord(DiscordSettings(), ""))
    assert "AutoShardedClient.launch_shard as we know it" in text
    assert "Client.http.request as we know it" in text
    assert "_global_over" not in text


# --- with all of them


async def test_the_gate_holds_back_every_request_until_it_opens() -> None:
    async with logged_in() as (discord, client):
        sdk.gate(client).clear()
        waiting = asyncio.create_task(sdk.request(client, "GET", "/gateway/bot"))
        async with listening(discord):  # a whole login comes through meanwhile
            assert "/gateway/bot" not in [seen.path for seen in discord.requests]
        sdk.gate(client).set()
        assert (await waiting)["shards"]


async def test_a_request_that_is_cancelled_at_the_gate_opens_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.chat.discord.rest.LONGEST_RATE_LIMIT", 0.0)
    async with logged_in() as (_, client):
        sdk.gate(client).clear()
        waiting = asyncio.create_task(client.rest.call("GET", "/users/@me"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        async with asyncio.timeout(5):
            await sdk.gate(client).wait()


async def test_what_waits_for_servers_is_ended_when_we_leave() -> None:
    async with FakeDiscord() as discord, connected(discord, FakeCore()) as connection:
        client = connection.surface._client
        assert client
        waiting = [*client._connection._ready_tasks.values(), client._connection._ready_task]
        assert [type(task) for task in waiting] == [asyncio.Task, asyncio.Task]
        await connection.stop()
        assert all(task and task.done() for task in waiting)


async def test_nobody_is_warned_of_voice(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", True)
    async with FakeDiscord() as fake, connected(fake, FakeCore()):
        assert "voice" not in caplog.text
