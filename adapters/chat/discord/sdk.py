"""What we touch of discord.py's inside: names that it neither documents nor promises. No other module touches any.

They hold for one minor version of it, and pyproject.toml asks for no other. `require_known` looks whether they are
there, and as they were; each stands in `NAMES` with what is lost without it.
"""

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
import yarl
from discord import gateway, http  # and nothing out of them: what is not there is told in a sentence

from bot.errors import StartError

Json = dict[str, Any]
Client = discord.AutoShardedClient

USER_ADDED, USER_REMOVED = "GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE"


# --- requests


def ask_at(base: str) -> None:
    """For every client of this process: discord.py keeps the address in a class."""
    http.Route.BASE = base


async def request(client: discord.Client, method: str, path: str, json: Any = None, **names: Any) -> Any:
    """With discord.py's rate limits and repetitions, for endpoints and fields that it does not know."""
    return await client.http.request(http.Route(method, path, **names), **({} if json is None else {"json": json}))


def gate(client: discord.Client) -> asyncio.Event:
    """Is closed while the limit for all requests holds."""
    return client.http._global_over


def user_agent(client: discord.Client) -> str:
    return client.http.user_agent


async def hang_up(client: discord.Client) -> None:
    """Closes what `close` leaves open when it is cut short."""
    await client.http.close()


# --- the gateway


def begin_anew_at(url: yarl.URL) -> None:
    """Where a session goes that can't be resumed."""
    gateway.DiscordWebSocket.DEFAULT_GATEWAY = url


def hear(client: discord.Client, event: str, heard: Callable[[Json], None]) -> None:
    """As the gateway says it, instead of what discord.py makes of it."""
    client._connection.parsers[event] = heard


def forget_ready(client: Client) -> None:
    """discord.py leaves these tasks behind; they wait for two seconds more."""
    state = client._connection
    for task in (*state._ready_tasks.values(), state._ready_task):
        if task:
            task.cancel()


def never_speak() -> None:
    """No client warns that what voice needs is not installed."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


# --- whether they are there


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    loss: str  # without it
    is_known: Callable[[Client], bool]  # or raises AttributeError


NAMES = (
    Inner("http.Route.BASE", "Discord's own address is asked, whatever is set", lambda _: _is_text(http.Route.BASE)),
    Inner("http.Route", "nothing can be asked", lambda _: _takes(http.Route, "method", "path", "parameters")),
    Inner("Client.http.request", "nothing can be asked", lambda client: _takes(client.http.request, "route", "kwargs")),
    Inner("Client.http.user_agent", "Discord refuses answers", lambda client: _is_text(client.http.user_agent)),
    Inner("Client.http.close", "connections stay open", lambda client: _takes(client.http.close)),
    Inner(
        "Client.http._global_over",
        "requests wait for ever after one that was cancelled within a rate limit",
        lambda client: hasattr(client.http, "_global_over"),  # it gets its value at the login
    ),
    Inner(
        "gateway.DiscordWebSocket.DEFAULT_GATEWAY",
        "a lost session begins anew at Discord's own address, whatever is set",
        lambda _: isinstance(gateway.DiscordWebSocket.DEFAULT_GATEWAY, yarl.URL),
    ),
    Inner(
        "AutoShardedClient.launch_shard",
        "a lost session begins anew at Discord's own address, whatever is set",
        lambda _: _takes(Client.launch_shard, "gateway", "shard_id", "initial"),
    ),
    Inner(
        "Client._connection.parsers",
        "nobody hears who wants to come to a session",
        lambda client: {USER_ADDED, USER_REMOVED} <= client._connection.parsers.keys(),
    ),
    Inner(
        "Client._connection._ready_tasks",
        "leaving takes two seconds more",
        lambda client: isinstance(client._connection._ready_tasks, dict),
    ),
    Inner(
        "Client._connection._ready_task",
        "leaving takes two seconds more",
        lambda client: client._connection._ready_task is None,  # before a connection
    ),
    Inner(
        "VoiceClient.warn_nacl",
        "the log warns that nobody can speak",
        lambda _: "warn_nacl" in discord.VoiceClient.__annotations__,  # we have set it
    ),
    Inner(
        "VoiceClient.warn_dave",
        "the log warns that nobody can speak",
        lambda _: "warn_dave" in discord.VoiceClient.__annotations__,  # we have set it
    ),
)


def require_known() -> None:
    """Raises StartError with a sentence for a discord.py that is not the one this was written for."""
    client = Client(intents=discord.Intents(guilds=True))
    if strangers := [inner for inner in NAMES if not _is_known(inner, client)]:
        named = ", ".join(f"{inner.name} as we know it (without it {inner.loss})" for inner in strangers)
        raise StartError(f"discord.py {discord.__version__} has no {named}; install the version of requirements.lock")


def _is_known(inner: Inner, client: Client) -> bool:
    try:
        return inner.is_known(client)
    except AttributeError:
        return False


def _takes(function: Callable[..., object], *names: str) -> bool:
    return {*names} <= inspect.signature(function).parameters.keys()


def _is_text(found: object) -> bool:
    return isinstance(found, str)
