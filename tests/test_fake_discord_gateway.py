"""The fake gateway: starting, resuming, sharding, compression, and sockets that go wrong, with the real discord.py."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord import utils
from discord.gateway import KeepAliveHandler

from tests.fakes.discord import FakeDiscord, Guild
from tests.fakes.discord.sdk import discord_py_at, running
from tests.fakes.discord.wire import ZlibStream, ZstdStream


class Listener(discord.AutoShardedClient):
    def __init__(self, **intents: bool) -> None:
        chosen = discord.Intents(**(intents or {"guilds": True, "guild_messages": True}))
        super().__init__(intents=chosen, guild_ready_timeout=0.02, heartbeat_timeout=5.0)
        self.heard: list[str] = []
        self.resumed = 0

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the 5 s that the library waits."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.author.display_name)

    async def on_resumed(self) -> None:
        self.resumed += 1


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    guild = fake.add_guild("Readers")
    guild.add_channel("papers")
    return guild


async def visit(fake: FakeDiscord, client: Listener) -> None:
    async with running(fake, client):
        await asyncio.wait_for(client.wait_until_ready(), 3)


async def says(guild: Guild, name: str) -> None:
    member = guild.add_member(name)
    await member.says(next(iter(guild.channels.values())), "hello")


async def test_a_client_is_ready_and_knows_the_servers(fake: FakeDiscord, guild: Guild) -> None:
    async with running(fake, Listener()) as client:
        await asyncio.wait_for(client.wait_until_ready(), 3)
        found = client.get_guild(guild.id)
        assert found is not None
        assert (found.name, found.me.display_name) == ("Readers", "Paperclub")
        assert [channel.name for channel in found.text_channels] == ["papers"]
        assert found.me.guild_permissions.manage_messages
        later = guild.add_channel("later")
        await fake.until(lambda: found.get_channel(later.id))
        guild.delete_channel(later)
        await fake.until(lambda: found.get_channel(later.id) is None)
        guild.goes_down()
        await fake.until(lambda: found.unavailable)
        guild.comes_back()
        await fake.until(lambda: not found.unavailable)
    assert fake.violations == []


async def test_a_plain_client_comes_by_the_other_way(fake: FakeDiscord, guild: Guild) -> None:
    async with running(fake, discord.Client(intents=discord.Intents(guilds=True))) as client:
        await fake.until(lambda: client.get_guild(guild.id))
    assert not fake.asked("GET", "/gateway/bot")


async def test_a_wrong_token_is_refused_twice(fake: FakeDiscord) -> None:
    with discord_py_at(fake):
        client = Listener()
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
        await client.close()
    async with raw(fake) as socket:
        assert await identify(socket, token="wrong") == 4004


@pytest.mark.parametrize("intent", ["members", "presences", "message_content"])
async def test_a_privileged_intent_must_be_enabled(fake: FakeDiscord, guild: Guild, intent: str) -> None:
    wanted = {"guilds": True, "guild_messages": True, intent: True}
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await visit(fake, Listener(**wanted))
    assert "4014" in fake.violations[0]
    fake.gateway.privileged.add(intent)
    await visit(fake, Listener(**wanted))


async def test_with_the_intent_words_and_members_are_there(fake: FakeDiscord, guild: Guild) -> None:
    fake.gateway.privileged |= {"members", "message_content"}
    guild.add_member("Ann")
    heard: list[str] = []
    client = Listener(guilds=True, guild_messages=True, members=True, message_content=True)

    async def on_message(message: discord.Message) -> None:
        heard.append(message.content)

    client.on_message = on_message  # type: ignore[method-assign]
    async with running(fake, client):
        await asyncio.wait_for(client.wait_until_ready(), 3)
        found = client.get_guild(guild.id)
        assert found is not None
        await fake.until(lambda: len(found.members) == 3)
        await says(guild, "Bob")
        await fake.until(lambda: heard == ["hello"])


@pytest.mark.parametrize("code", [None, 4000, 1000, 1001])
async def test_a_dropped_socket_is_resumed_and_what_was_missed_comes(
    fake: FakeDiscord, guild: Guild, code: int | None
) -> None:
    async with running(fake, Listener()) as client:
        await says(guild, "Ann")
        await fake.until(lambda: client.heard == ["Ann"])
        fake.gateway.drop_sockets(code)
        await fake.until(lambda: not fake.gateway.listeners)
        await says(guild, "Bob")
        await fake.until(lambda: client.heard == ["Ann", "Bob"])
        assert (len(fake.gateway.identifies), len(fake.gateway.resumes)) == (1, 1)
        await fake.until(lambda: client.resumed == 1)


async def test_a_request_to_reconnect_is_followed_and_resumed(fake: FakeDiscord, guild: Guild) -> None:
    async with running(fake, Listener()) as client:
        fake.gateway.reconnects()
        await fake.until(lambda: client.resumed)
        await says(guild, "Ann")
        await fake.until(lambda: client.heard == ["Ann"])


async def test_a_lost_session_starts_anew(fake: FakeDiscord, guild: Guild) -> None:
    async with running(fake, Listener()) as client:
        fake.gateway.invalidate()
        await fake.until(lambda: len(fake.gateway.identifies) == 2)
        await fake.connected()
        await says(guild, "Ann")
        await fake.until(lambda: client.heard == ["Ann"])
        fake.gateway.invalidate(resumable=True)
        await fake.until(lambda: client.resumed)
        fake.gateway.forget_sessions()
        fake.gateway.drop_sockets()
        await fake.until(lambda: len(fake.gateway.identifies) == 3)


async def test_a_silent_socket_is_given_up(fake: FakeDiscord, guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own keep-alive thread notices; it gets a short patience here."""
    fake.gateway.heartbeat_interval = 0.1
    start = KeepAliveHandler.__init__

    def impatient(self: KeepAliveHandler, **options: Any) -> None:
        start(self, **options)
        self.heartbeat_timeout = 0.3

    monkeypatch.setattr(KeepAliveHandler, "__init__", impatient)
    async with running(fake, Listener()) as client:
        await fake.until(lambda: fake.gateway.heartbeats > 2)
        fake.gateway.go_silent()
        await says(guild, "Ann")
        await fake.until(lambda: client.resumed)
        assert client.heard == ["Ann"]


async def test_events_come_twice_or_again(fake: FakeDiscord, guild: Guild) -> None:
    async with running(fake, Listener()) as client:
        fake.gateway.duplicate_next()
        await says(guild, "Ann")
        await fake.until(lambda: client.heard == ["Ann", "Ann"])
        await says(guild, "Bob")
        fake.gateway.replays(2)
        await fake.until(lambda: client.heard == ["Ann", "Ann", "Bob", "Ann", "Bob"])


async def test_shards_share_the_servers(fake: FakeDiscord) -> None:
    guilds = [fake.add_guild(f"Group {n}") for n in range(6)]
    for guild in guilds:
        guild.add_channel("papers")
    fake.gateway.shards = 2
    async with running(fake, Listener()) as client:
        await fake.connected(2)
        await fake.until(lambda: len(client.guilds) == 6)
        assert {guild.shard_id for guild in client.guilds} == {0, 1}
        for guild in guilds:
            await says(guild, guild.name)
        await fake.until(lambda: len(client.heard) == 6)
        assert sorted(client.heard) == [guild.name for guild in guilds]


@pytest.mark.parametrize("kind", ["zlib-stream", "zstd-stream"])
async def test_both_compressions_are_understood(
    fake: FakeDiscord, guild: Guild, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(utils, "_ActiveDecompressionContext", context_for(kind))
    guild.add_channel("long", topic="x" * 1024)
    for n in range(150):
        guild.add_channel(f"channel-{n}", topic="é" * 1000)
    async with running(fake, Listener()) as client:
        await fake.until(lambda: client.get_guild(guild.id))
        found = client.get_guild(guild.id)
        assert found is not None
        assert len(found.text_channels) == 152


def context_for(kind: str) -> Any:
    """The library compiles in only one of the two, by what is installed."""
    if kind == "zstd-stream":
        zstandard = pytest.importorskip("zstandard", reason="discord.py speaks zstd only with this package")

        class Zstd:
            COMPRESSION_TYPE = "zstd-stream"

            def __init__(self) -> None:
                self.stream = zstandard.ZstdDecompressor().decompressobj()

            def decompress(self, data: bytes) -> str:
                return str(self.stream.decompress(data).decode())

        return Zstd

    import zlib

    class Zlib:
        COMPRESSION_TYPE = "zlib-stream"

        def __init__(self) -> None:
            self.stream = zlib.decompressobj()

        def decompress(self, data: bytes) -> str:
            assert data.endswith(b"\x00\x00\xff\xff")
            return self.stream.decompress(data).decode()

    return Zlib


def test_the_streams_are_one_frame() -> None:
    import zlib

    packer, stream = ZlibStream(), zlib.decompressobj()
    assert [json.loads(stream.decompress(packer.pack({"n": n}))) for n in range(3)] == [{"n": n} for n in range(3)]
    zstd = ZstdStream()
    first, second = zstd.pack({"n": "x" * 200_000}), zstd.pack({})
    assert first.startswith(bytes.fromhex("28b52ffd"))
    assert first[6:9] == (131_072 << 3).to_bytes(3, "little")
    assert second == bytes([2 << 3, 0, 0]) + b"{}"


# what only a careless client does


class Raw:
    """A gateway client without manners."""

    def __init__(self, fake: FakeDiscord, query: str) -> None:
        self.url = f"{fake.gateway_url}?{query}"
        self.session = aiohttp.ClientSession()

    async def __aenter__(self) -> aiohttp.ClientWebSocketResponse:
        self.socket = await self.session.ws_connect(self.url)
        return self.socket

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
        await self.session.close()


def raw(fake: FakeDiscord, query: str = "v=10&encoding=json") -> Raw:
    return Raw(fake, query)


async def identify(socket: aiohttp.ClientWebSocketResponse, **fields: Any) -> int | None:
    """The close code, or None if the session began."""
    hello = await socket.receive_json()
    assert hello["op"] == 10
    properties = {"os": "linux", "browser": "raw", "device": "raw"}
    await socket.send_json({"op": 2, "d": {"intents": 1, "properties": properties, **fields}})
    answer = await socket.receive()
    return None if answer.type is aiohttp.WSMsgType.TEXT else socket.close_code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"token": ""}, 4004),
        ({"shard": [2, 2]}, 4010),
        ({"intents": 1 << 40}, 4013),
        ({"intents": 1 << 15}, 4014),
        ({}, None),
    ],
)
async def test_how_a_session_may_begin(fake: FakeDiscord, fields: dict[str, Any], code: int | None) -> None:
    async with raw(fake) as socket:
        assert await identify(socket, **{"token": fake.token, **fields}) == code


async def test_sessions_are_counted(fake: FakeDiscord) -> None:
    fake.gateway.session_starts = 1
    for code in (None, 4004):
        async with raw(fake) as socket:
            assert await identify(socket, token=fake.token) == code


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["nonsense"], 4002),
        (['{"op": 99}'], 4001),
        (['{"op": 3, "d": {}}'], 4003),
        (["{" + " " * 5000 + '"op": 1}'], 4002),
        (['{"op": 1, "d": null}'] * 121, 4008),
    ],
    ids=["no JSON", "unknown op", "too early", "too long", "too many"],
)
async def test_what_ends_a_socket(fake: FakeDiscord, frames: list[str], code: int) -> None:
    async with raw(fake) as socket:
        await socket.receive_json()
        for frame in frames:
            await socket.send_str(frame)
        while not socket.closed:
            await socket.receive()
        assert socket.close_code == code
    assert len(fake.violations) == 1


@pytest.mark.parametrize("query", ["v=9&encoding=json", "v=10&encoding=etf", "v=10&encoding=json&compress=lzma"])
async def test_an_unusable_address_is_closed(fake: FakeDiscord, query: str) -> None:
    async with raw(fake, query) as socket:
        while not socket.closed:
            await socket.receive()
        assert socket.close_code == 4012


async def test_a_gateway_that_is_down(fake: FakeDiscord) -> None:
    fake.gateway.is_down = True
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await session.ws_connect(f"{fake.gateway_url}?v=10&encoding=json")
    assert refusal.value.status == 503


async def test_only_what_was_asked_for_is_heard(fake: FakeDiscord, guild: Guild) -> None:
    papers = next(iter(guild.channels.values()))
    ann = guild.add_member("Ann")
    async with raw(fake) as socket:
        assert await identify(socket, token=fake.token, intents=1 << 10) is None
        message = await ann.says(papers, "hello")
        await ann.reacts(message, "👍")
        event = await socket.receive_json()
    assert event["t"] == "MESSAGE_REACTION_ADD"
    assert event["d"]["member"]["user"]["bot"] is False
    assert (event["d"]["burst"], event["d"]["type"]) == (False, 0)


async def test_a_hidden_channel_is_not_heard(fake: FakeDiscord, guild: Guild) -> None:
    papers, open_to_all = next(iter(guild.channels.values())), guild.add_channel("open")
    ann = guild.add_member("Ann")
    papers.denies("view_channel")
    async with raw(fake) as socket:
        assert await identify(socket, token=fake.token, intents=1 << 9) is None
        await ann.says(papers, "hidden")
        await ann.says(open_to_all, "open")
        event = await socket.receive_json()
    assert event["d"]["channel_id"] == str(open_to_all.id)
