"""What a member's own client lets through: commands as they are registered, buttons that are there and enabled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import payloads, permissions, texts
from tests.fakes.discord.command_rules import GROUP, SLASH, SUBCOMMAND
from tests.fakes.discord.model import Channel, Message, Role, User
from tests.fakes.discord.refusals import Json, units

if TYPE_CHECKING:
    from tests.fakes.discord.people import Member

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
TYPE_NAMES = {3: "text", 4: "whole number", 5: "yes or no", 6: "member", 7: "channel", 8: "role", 9: "member or role"}


class ClientRefusal(AssertionError):
    """The client would not have sent this; nothing reached the bot."""


def command_data(
    member: Member, channel: Channel, line: str, given: Mapping[str, Any], *, focused: str | None = None
) -> Json:
    """The data of an interaction for "/name group sub" with options by name. `focused` is one being typed."""
    name, *words = line.removeprefix("/").split()
    command = find_command(member, channel, name, SLASH)
    resolved: Json = {}
    leaf, path = _descend(command, words)
    options = _fill(member, channel, leaf.get("options") or [], given, focused, resolved)
    for step in reversed(path):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return {
        "id": command["id"],
        "name": command["name"],
        "type": SLASH,
        "options": options,
        **({"resolved": resolved} if resolved else {}),
        **({"guild_id": command["guild_id"]} if "guild_id" in command else {}),
    }


def find_command(member: Member, channel: Channel, name: str, kind: int) -> Json:
    if channel.guild and not channel.guild.has_bot:
        raise ClientRefusal(f"the bot is not in {channel.guild.name}")
    book = member.world.commands
    guild_id = channel.guild.id if channel.guild else 0
    command = book.named(name, guild_id, kind)
    if command is None:
        known = [item["name"] for scope in {guild_id, 0} for item in book.of(scope) if item["type"] == kind]
        raise ClientRefusal(f"there is no command {name!r}; registered are: {', '.join(known) or 'none'}")
    if not _is_offered(member, channel, command):
        raise ClientRefusal(f"{member.name} does not see the command {name!r} in {channel.name}")
    return command


def _is_offered(member: Member, channel: Channel, command: Json) -> bool:
    if channel.guild is None:
        contexts = command["contexts"]
        return 1 in contexts if contexts is not None else bool(command["dm_permission"])
    if command["contexts"] is not None and 0 not in command["contexts"]:
        return False
    held = channel.permissions_of(member.user)
    wanted = command["default_member_permissions"]
    if not held & permissions.bits(["use_application_commands"]):
        return False
    if wanted is None or held == permissions.ALL:
        return True
    return bool(int(wanted)) and held & int(wanted) == int(wanted)


def _descend(command: Json, words: list[str]) -> tuple[Json, list[Json]]:
    at, path = command, []
    for word in words:
        inner = [item for item in at.get("options") or [] if item["type"] in (SUBCOMMAND, GROUP)]
        found = next((item for item in inner if item["name"] == word), None)
        if found is None:
            known = ", ".join(item["name"] for item in inner) or "none"
            raise ClientRefusal(f"/{command['name']} has no sub-command {word!r}; there are: {known}")
        path.append(found)
        at = found
    if any(item["type"] in (SUBCOMMAND, GROUP) for item in at.get("options") or []):
        raise ClientRefusal(f"/{command['name']} {' '.join(words)} needs one more word")
    return at, path


def _fill(
    member: Member, channel: Channel, options: list[Json], given: Mapping[str, Any], focused: str | None, resolved: Json
) -> list[Json]:
    known = {option["name"]: option for option in options}
    strange = [name for name in given if name not in known]
    if strange:
        raise ClientRefusal(f"no option {strange[0]!r}; there are: {', '.join(known) or 'none'}")
    missing = [name for name, option in known.items() if option.get("required") and name not in given]
    if missing and focused is None:
        raise ClientRefusal(f"the option {missing[0]!r} is required")
    filled = []
    for name, value in given.items():
        option = known[name]
        if name == focused:
            if not option.get("autocomplete"):
                raise ClientRefusal(f"the option {name!r} does not complete")
            filled.append({"name": name, "type": option["type"], "value": value, "focused": True})
        else:
            sent = _value(member, channel, option, value, resolved)
            filled.append({"name": name, "type": option["type"], "value": sent})
    return filled


def _value(member: Member, channel: Channel, option: Json, value: Any, resolved: Json) -> Any:
    kind, name = option["type"], option["name"]
    if option.get("choices"):
        return _choice(option, value)
    if kind == STRING and isinstance(value, str):
        return _within(option, value, units(value), "length")
    if kind == BOOLEAN and isinstance(value, bool):
        return value
    if kind == INTEGER and isinstance(value, int) and not isinstance(value, bool):
        return _within(option, value, value, "value")
    if kind == NUMBER and isinstance(value, (int, float)) and not isinstance(value, bool):
        return _within(option, value, value, "value")
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE) and _fits(kind, option, value):
        return resolve(value, channel, resolved, member.user)
    raise ClientRefusal(f"the option {name!r} takes a {TYPE_NAMES.get(kind, 'number')}, not {value!r}")


def _choice(option: Json, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"], *(choice.get("name_localizations") or {}).values()):
            return choice["value"]
    known = ", ".join(str(choice["name"]) for choice in option["choices"])
    raise ClientRefusal(f"{value!r} is no choice of {option['name']!r}; there are: {known}")


def _within(option: Json, value: Any, size: float, what: str) -> Any:
    least, most = option.get(f"min_{what}"), option.get(f"max_{what}")
    if (least is not None and size < least) or (most is not None and size > most) or (what == "length" and size > 6000):
        raise ClientRefusal(f"the {what} of {option['name']!r} is {size}, which must be from {least} to {most}")
    if what == "length" and not value.strip():
        raise ClientRefusal(f"the option {option['name']!r} is empty")
    return value


def _fits(kind: int, option: Json, value: Any) -> bool:
    if kind == CHANNEL:
        wanted = option.get("channel_types")
        return isinstance(value, Channel) and (not wanted or value.kind in wanted)
    is_member = hasattr(value, "user")
    return is_member if kind == USER else isinstance(value, Role) or (is_member and kind == MENTIONABLE)


def resolve(value: Any, where: Channel, resolved: Json, asker: User) -> str:
    """The id of a member, role or channel, and what the bot is told of it besides. A channel's permissions are those of
    the one who asks."""
    if isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = payloads.role(value)
        return str(value.id)
    if isinstance(value, Channel):
        data = {**payloads.channel(value), "permissions": str(value.permissions_of(asker))}
        resolved.setdefault("channels", {})[str(value.id)] = data
        return str(value.id)
    id = str(value.user.id)
    resolved.setdefault("users", {})[id] = payloads.user(value.user)
    if where.guild:
        data = payloads.member_without_user(value)
        del data["mute"], data["deaf"]
        data["permissions"] = str(where.permissions_of(value.user))
        resolved.setdefault("members", {})[id] = data
    return id


# components


def find_button(message: Message, text: str, nth: int | None) -> Json:
    """The one labelled so, else the one whose label begins so. `nth` chooses among several, from 0."""
    every = texts.buttons_of(message.components)
    found = [button for button in every if texts.label_of(button) == text]
    found = found or [button for button in every if texts.label_of(button).startswith(text)]
    if not found or (nth is None and len(found) > 1) or len(found) <= (nth or 0):
        many = f"{len(found)} buttons" if len(found) > 1 else "no button"
        raise ClientRefusal(f"{many} {text!r}; there are: {', '.join(message.buttons) or 'none'}")
    button = found[nth or 0]
    if button.get("disabled"):
        raise ClientRefusal(f"the button {text!r} is disabled")
    if "custom_id" not in button:
        raise ClientRefusal(f"the button {text!r} opens {button.get('url')} and tells the bot nothing")
    return button


def find_select(message: Message, text: str) -> Json:
    every = texts.selects_of(message.components)
    for select in every:
        if str(select.get("placeholder") or "").startswith(text) or str(select["custom_id"]).startswith(text):
            if select.get("disabled"):
                raise ClientRefusal(f"the menu {text!r} is disabled")
            return select
    raise ClientRefusal(f"no menu {text!r}; there are: {', '.join(message.selects) or 'none'}")


def chosen(select: Json, values: tuple[Any, ...], where: Channel, resolved: Json, asker: User) -> list[str]:
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(values) <= most:
        raise ClientRefusal(f"{len(values)} chosen, but from {least} to {most} must be")
    if select["type"] != texts.STRING_SELECT:
        return [resolve(value, where, resolved, asker) for value in values]
    return [option_value(select["options"], value) for value in values]


def option_value(options: list[Json], wanted: object) -> str:
    for option in options:
        if wanted in (option["value"], option["label"]):
            return str(option["value"])
    raise ClientRefusal(f"{wanted!r} is not among {', '.join(option['label'] for option in options)}")
