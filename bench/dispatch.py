"""A slash command and a button through discord.py into the core and back to its HTTP layer, beside the bare SDK whose
handler is empty, in one run. Judges nothing.

What the gateway sends is given to discord.py as text; what it would send to Discord ends where a socket would begin.
"""

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from types import TracebackType
from typing import Any

import discord
from discord import app_commands

from adapters.chat.discord.inbound.drafts import Drafts
from adapters.chat.discord.inbound.gateway import Listener
from adapters.chat.discord.rest import Pacer
from bench.votes import ballots, bare_connection, nothing, with_store, write_rows
from bot.compose import opened
from bot.day.needs import for_day
from bot.model import DiscordSettings, GroupSettings, Settings

COUNT = 1_000
ROUNDS = 3
GUILD, CHANNEL, USER, APPLICATION = 81, 82, 83, 84
GROUP = "reading-group"
ANSWER = json.dumps({"interaction": {"id": "1", "type": 2}, "id": "1"})

COMMIT, COMMIT_BESIDE = "the vote's rows, committed by bare SQLite", "the same in a thread"

Hear = Callable[[str], Awaitable[None]]


class Silence:
    """Stands where aiohttp's session would: whatever is sent is taken, at once."""

    closed = False

    def __init__(self) -> None:
        self.sent = asyncio.Event()
        self.last: Any = None

    def request(self, method: str, url: str, **sent: Any) -> "Taken":
        self.last = sent.get("data") or sent.get("json")
        self.sent.set()
        return Taken()

    async def close(self) -> None: ...


class Taken:
    status = 200
    headers = {"content-type": "application/json"}  # noqa: RUF012 - read only

    async def text(self, encoding: str = "utf-8") -> str:
        return ANSWER

    async def __aenter__(self) -> "Taken":
        return self

    async def __aexit__(self, *_: BaseException | type[BaseException] | TracebackType | None) -> None: ...


def main() -> None:
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> None:
    async with _ours(folder / "club.db") as ours, _bare() as bare:
        commit, _ = await _bare_votes(folder / "bare.db")
        _, commit_beside = await _bare_votes(folder / "beside.db")
        cases: dict[str, tuple[Hear, Callable[[int], str]]] = {
            "bare SDK, /help": (bare, lambda id: _slash("help", id)),
            "ours, /paper help": (ours, lambda id: _slash("paper", id, "help")),
            "bare SDK, button": (bare, _press),
            "ours, Vote button": (ours, _press),
            COMMIT: (commit, str),
            COMMIT_BESIDE: (commit_beside, str),
        }
        waits: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(ROUNDS):  # interleaved, so that a noisy minute falls on all
            for name, (hear, make) in cases.items():
                waits[name] += [await _timed(hear, make(_next())) for _ in range(COUNT)]
    _print({name: [wait * 1e6 for wait in found] for name, found in waits.items()})


def _print(waits: dict[str, list[float]]) -> None:
    print(f"{'Discord: event in, answer at the HTTP layer':44}{'events/s':>10}{'p50 µs':>10}{'p99 µs':>10}")
    for name, found in waits.items():
        print(f"{name:44}{1e6 / median(found):>10,.0f}{median(found):>10.0f}{quantiles(found, n=100)[98]:>10.0f}")
    help_, floor = median(waits["ours, /paper help"]), median(waits["bare SDK, /help"])
    vote = median(waits["ours, Vote button"])
    sdk = median(waits["bare SDK, button"])
    print(f"{'help, beside the SDK alone':44}{help_ / floor:>10.2f}")
    print(f"{'vote, beside the SDK and one durable commit':44}{vote / (sdk + median(waits[COMMIT])):>10.2f}")
    print(f"{'  and one in a thread':44}{vote / (sdk + median(waits[COMMIT_BESIDE])):>10.2f}")


async def _timed(hear: Hear, text: str) -> float:
    start = time.perf_counter()
    await hear(text)
    return time.perf_counter() - start


# --- the two clients


@asynccontextmanager
async def _ours(path: Path) -> AsyncIterator[Hear]:
    place = f"discord:{GUILD}/{CHANNEL}"
    group = GroupSettings(id=GROUP, channels=(f"web:{GROUP}", place))
    async with opened(Settings(database=str(path), groups=(group,)), adapters=()) as club:
        for source in club.sources:
            for day in source.backlog:
                await club.collector.bring(for_day(club.collector.sources, group, day))
                await club.daily.post_day(group, day)
        client, wire = Listener(DiscordSettings(), Pacer(), Drafts()), Silence()
        client.core = club.app
        client._carrier._session = wire  # type: ignore[assignment]
        yield await _through(client, wire)
        await client.close()


@asynccontextmanager
async def _bare() -> AsyncIterator[Hear]:
    """As a tutorial has it: a command tree, and one persistent button."""
    client, wire = discord.AutoShardedClient(intents=discord.Intents(guilds=True)), Silence()
    tree = app_commands.CommandTree(client)

    @tree.command(name="help", description="help")
    async def help_(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Help.", ephemeral=True)

    client.add_dynamic_items(Vote)
    yield await _through(client, wire)
    await client.close()


class Vote(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"vote:(?P<entry>[0-9]+)"):
    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: Any, /
    ) -> "Vote":
        return cls(discord.ui.Button(custom_id=match.string))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Voted.", ephemeral=True)


async def _through(client: discord.AutoShardedClient, wire: Silence) -> Hear:
    """Gives discord.py a gateway's text and returns when an answer reaches the socket."""
    await client._async_setup_hook()
    state: Any = client._connection
    client.http._HTTPClient__session = wire  # type: ignore[attr-defined]
    state.application_id = APPLICATION
    state.user = discord.ClientUser(state=state, data=BOT)
    state._add_guild_from_data(GUILD_DATA)

    async def hear(text: str) -> None:
        wire.sent.clear()
        state.parse_interaction_create(json.loads(text)["d"])
        await wire.sent.wait()

    return hear


async def _bare_votes(path: Path) -> tuple[Hear, Hear]:
    """What a vote leaves behind, in one durable commit and without any of its questions: while the event loop waits,
    and in a thread beside it, as a program must that answers others meanwhile."""
    await with_store(path, nothing)
    connection, numbers = bare_connection(path), ballots()

    async def commit(_: str) -> None:
        write_rows(connection, *next(numbers))

    async def commit_beside(_: str) -> None:
        await asyncio.to_thread(write_rows, connection, *next(numbers))

    return commit, commit_beside


# --- what the gateway would send

_numbers: Iterator[int] = itertools.count(10**17)
BOT: Any = {"id": str(APPLICATION), "username": "paperclub", "discriminator": "0", "avatar": None, "bot": True}
GUILD_DATA = {
    "id": str(GUILD),
    "name": "Readers",
    "owner_id": str(USER),
    "roles": [{"id": str(GUILD), "name": "@everyone", "permissions": "0", "position": 0, "color": 0}],
    "channels": [{"id": str(CHANNEL), "type": 0, "name": "papers", "position": 0, "permission_overwrites": []}],
    "emojis": [],
    "members": [],
    "member_count": 3,
}


def _next() -> int:
    return next(_numbers)


def _slash(name: str, id: int, *path: str) -> str:
    options = [{"type": 1, "name": step, "options": []} for step in path]
    return _event(2, id, {"id": "7", "name": name, "type": 1, "options": options})


def _press(id: int) -> str:
    message = {
        "id": "99",
        "channel_id": str(CHANNEL),
        "author": BOT,
        "content": "",
        "timestamp": "2026-11-23T08:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        "components": [
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "Vote", "custom_id": "vote:2", "id": 2}]}
        ],
    }
    return _event(3, id, {"component_type": 2, "custom_id": "vote:2", "id": 2}, message=message)


def _event(type: int, id: int, data: dict[str, Any], **more: Any) -> str:
    user = {"id": str(USER), "username": "ann", "global_name": "Ann", "discriminator": "0", "avatar": None}
    member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "permissions": "0", "flags": 0}
    channel = {"id": str(CHANNEL), "type": 0, "name": "papers", "permissions": "0", "position": 0}
    event = {
        "id": str(id),
        "application_id": str(APPLICATION),
        "type": type,
        "token": f"token-{id}",
        "version": 1,
        "guild_id": str(GUILD),
        "channel_id": str(CHANNEL),
        "channel": {**channel, "permission_overwrites": []},
        "member": {**member, "deaf": False, "mute": False},
        "data": data,
        "locale": "en-GB",
        "guild_locale": "en-GB",
        "app_permissions": "0",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(GUILD)},
        "context": 0,
        "attachment_size_limit": 10485760,
        **more,
    }
    return json.dumps({"op": 0, "t": "INTERACTION_CREATE", "s": 1, "d": event})
