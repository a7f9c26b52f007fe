"""What Discord tells of an interaction → a Request. Pure; answers nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from adapters.chat.discord.outbound.render import MORE
from adapters.chat.discord.places import Ref, Spot, account_of, address
from bot.cards import read_button, read_select
from bot.model import Request

Json = Mapping[str, Any]

SUBCOMMAND, GROUP, USER, CHANNEL = 1, 2, 6, 7  # kinds of options
BUTTON, ROW, LABEL = 2, 1, 18
ADMIN = "paper-admin"
ADMIN_WORD = "admin "  # before what was typed behind it
MENUS: Mapping[str, tuple[str, Mapping[str, str]]] = {  # of a message: which command, and how it is called elsewhere
    "Save to reading list": ("save", {"de": "Auf die Leseliste"}),
    "Submit paper": ("submit", {"de": "Paper einreichen"}),
}
TAKING_TEXT = {"save": "paper", "submit": "link"}  # the parameter that gets what the message says
NOWHERE = Spot(0, 0)
PICKED = re.compile(r"<#(\d{1,20})>", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typing:
    """A parameter that is being typed."""

    name: str
    text: str


def read_command(interaction: discord.Interaction[Any]) -> Request:
    data: Json = interaction.data or {}
    if data.get("type") == discord.AppCommandType.message.value:
        command, _ = MENUS[str(data["name"])]
        return _request(interaction, command, {TAKING_TEXT[command]: " ".join(_texts(data))})
    command, options = _command(data)
    return _request(interaction, command, _arguments(options, data.get("resolved", {}), interaction.guild_id))


def read_component(interaction: discord.Interaction[Any]) -> Request:
    data: Json = interaction.data or {}
    if button := pressed(data):
        command, args = read_button(button)
    else:
        command, args = read_select(data["custom_id"], data.get("values", ()))
    return _request(interaction, command, args, pressed=True)


def pressed(data: Json) -> str:
    """The id of the button, also of one that was chosen in a menu of buttons; "" where it was none."""
    if data["component_type"] == BUTTON:
        return str(data["custom_id"])
    chosen = data.get("values") or ("",)
    return str(chosen[0]) if data["custom_id"].startswith(MORE) else ""


def read_modal(interaction: discord.Interaction[Any]) -> Request:
    data: Json = interaction.data or {}
    command, about = read_button(data["custom_id"])
    return _request(interaction, command, {**about, **typed(data)}, pressed=interaction.message is not None)


def typed(data: Json) -> dict[str, str]:
    """What stands in a form that was sent, by the names of its inputs."""
    return {field["custom_id"]: str(field.get("value") or "") for field in _fields(data["components"])}


def read_typing(interaction: discord.Interaction[Any]) -> tuple[Request, Typing]:
    data: Json = interaction.data or {}
    command, options = _command(data)
    focused = next((option for option in options if option.get("focused")), {})
    others = [option for option in options if not option.get("focused")]
    args = _arguments(others, data.get("resolved", {}), interaction.guild_id)
    typing = Typing(str(focused.get("name", "")), str(focused.get("value", "")))
    return _request(interaction, command, args), typing


def _request(
    interaction: discord.Interaction[Any], command: str, args: Mapping[str, str], *, pressed: bool = False
) -> Request:
    return Request(
        id=str(interaction.id),
        account=account_of(interaction.user.id),
        command=command,
        args={name: _spelled_out(value, interaction.guild) for name, value in args.items()},
        place=spot_of(interaction).place if interaction.channel else "",
        place_name=_name_of(interaction.channel),
        display_name=interaction.user.display_name if interaction.guild_id else "",  # directly it is not their group's
        roles=frozenset(_roles(interaction)),
        locale=str(interaction.locale),
        message=_message(interaction),
        pressed=pressed,
    )


def _message(interaction: discord.Interaction[Any]) -> str:
    found = interaction.message
    return str(Ref(found.channel.id, found.id)) if found else ""


def _spelled_out(typed: str, guild: discord.Guild | None) -> str:
    """A channel that was picked while typing (`<#1>`), as its name and its address: so it is read everywhere."""
    found = PICKED.fullmatch(typed.strip())
    channel = guild.get_channel(int(found[1])) if found and guild else None
    return f"#{channel.name} {address(channel.guild.id, channel.id)}" if channel else typed


def _roles(interaction: discord.Interaction[Any]) -> Iterator[str]:
    if not all(map(_moderates, _permissions(interaction))):
        return
    yield "moderator"
    if isinstance(interaction.user, discord.Member) and _moderates_all(interaction.user):
        yield "server_moderator"


def _moderates_all(member: discord.Member) -> bool:
    """The server, and each channel of it that says otherwise of somebody."""
    if not _moderates(member.guild_permissions):
        return False
    special = (one for one in member.guild.channels if any(over.pair()[1].value for over in one.overwrites.values()))
    return all(_moderates(channel.permissions_for(member)) for channel in special)


def _permissions(interaction: discord.Interaction[Any]) -> Iterator[discord.Permissions]:
    """The member's, here and in each channel that they name: who moderates one need not moderate another."""
    yield interaction.permissions
    data: Json = interaction.data or {}
    for channel in (data.get("resolved") or {}).get("channels", {}).values():
        yield discord.Permissions(int(channel.get("permissions") or 0))


def _moderates(permissions: discord.Permissions) -> bool:
    return permissions.manage_events or permissions.manage_guild or permissions.administrator


def spot_of(interaction: discord.Interaction[Any]) -> Spot:
    channel = interaction.channel
    if channel is None:
        return NOWHERE
    if isinstance(channel, discord.Thread):
        return Spot(interaction.guild_id or 0, channel.parent_id, channel.id)
    return Spot(interaction.guild_id or 0, channel.id)


def _name_of(channel: Any) -> str:
    home = channel.parent if isinstance(channel, discord.Thread) else channel
    return str(getattr(home, "name", None) or "")


# --- options


def _command(data: Json) -> tuple[str, Sequence[Json]]:
    """`/paper vote` is "vote"; `/paper meeting rsvp` is "rsvp", which it also was before there were groups, as some
    client may still have it; `/paper-admin next` is "admin next"."""
    name, options = str(data["name"]), _inner(data)
    before = ADMIN_WORD if name == ADMIN else ""
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        name, options = f"{before}{options[0]['name']}", _inner(options[0])
    return name, options


def _inner(data: Json) -> Sequence[Json]:
    return data.get("options") or ()


def _arguments(options: Sequence[Json], resolved: Json, guild: int | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in options:
        name, value = option["name"], str(option["value"])
        if option["type"] == USER:
            found[name], found[f"{name}_name"] = account_of(value), _display_name(value, resolved)
        elif option["type"] == CHANNEL:
            channel = resolved.get("channels", {}).get(value)  # none of this server's, if Discord does not resolve it
            found[name] = (_channel(int(value), channel, guild or 0) if channel else NOWHERE).place
        else:
            found[name] = value
    return found


def _display_name(user: str, resolved: Json) -> str:
    member: Json = resolved.get("members", {}).get(user, {})
    known: Json = resolved.get("users", {}).get(user, {})
    return str(member.get("nick") or known.get("global_name") or known.get("username") or "")


def _channel(id: int, data: Json, guild: int) -> Spot:
    is_thread = bool(data.get("thread_metadata"))
    return Spot(guild, int(data["parent_id"]), id) if is_thread else Spot(guild, id)


def _texts(data: Json) -> Iterator[str]:
    """All that the chosen message says and links to."""
    message = data.get("resolved", {}).get("messages", {}).get(str(data.get("target_id")), {})
    yield str(message.get("content") or "")
    for embed in message.get("embeds") or ():
        for key in ("url", "title", "description"):
            yield str(embed.get(key) or "")


def _fields(components: Sequence[Json]) -> Iterator[Json]:
    for component in components:
        if component["type"] == LABEL:
            yield component["component"]
        elif component["type"] == ROW:
            yield from component["components"]
