"""The core's table of commands as Discord's, and keeping Discord's copy of it up to date. Runs none of them."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.chat.discord.inbound.requests import ADMIN, ADMIN_WORD, GROUP, MENUS, SUBCOMMAND
from adapters.chat.discord.outbound.escape import plain
from adapters.chat.discord.places import SURFACE
from adapters.chat.discord.rest import Rest
from bot.ports import CommandInfo, Core, ParameterInfo, Section, Words

log = logging.getLogger(__name__)

Json = dict[str, Any]

SLASH, MESSAGE_MENU = 1, 3
TEXT, WHOLE_NUMBER, USER, CHANNEL = 3, 4, 6, 7
KINDS = {"text": TEXT, "paper": TEXT, "date": TEXT, "number": WHOLE_NUMBER, "member": USER, "channel": CHANNEL}
TAKING_CHANNELS = [0, 2, 5, 13, 15]  # text, voice (its chat), announcements, stage, forum
MANAGE_EVENTS = 1 << 33
IN_SERVERS = {"contexts": [0], "integration_types": [0]}
MOST_NAME, MOST_ABOUT, MOST_OPTIONS, MOST_CHOICES = 32, 100, 25, 25
MEMORY, IDS = "discord.commands", "discord.command_ids"


def payload(commands: Sequence[CommandInfo]) -> list[Json]:
    """The whole registration: what is not in it, Discord forgets."""
    offered = [command for command in commands if not command.only_on or SURFACE in command.only_on]
    members = [command for command in offered if not command.moderators]
    moderators = [command for command in offered if command.moderators]
    found = [_command("paper", "The reading group's papers", members)]
    if moderators:
        admin = _command(ADMIN, "For those who look after the reading group", moderators)
        found.append({**admin, "default_member_permissions": str(MANAGE_EVENTS)})
    known = {command.name for command in offered}
    found += [_menu(name, words) for name, (command, words) in MENUS.items() if command in known]
    return found


def _menu(name: str, words: Mapping[str, str]) -> Json:
    return {"type": MESSAGE_MENU, "name": name, "name_localizations": dict(words), **IN_SERVERS}


def names(command: CommandInfo) -> tuple[str, ...]:
    """As requests have it: its buttons carry the name, `/paper-admin …` says "admin" and the word."""
    return (command.name, f"{ADMIN_WORD}{command.word}") if command.moderators else (command.name,)


def _command(name: str, about: str, commands: Iterable[CommandInfo]) -> Json:
    top: list[Json] = []
    for command in commands:
        _add(_level(top, command.subgroup), _subcommand(command), command.typed)
    return {"type": SLASH, "name": name, "description": about, "options": top, **IN_SERVERS}


def _level(top: list[Json], section: Section | None) -> list[Json]:
    """Where commands of a section stand: on top, or in a group of their own there."""
    if section is None:
        return top
    found = next((option for option in top if option["type"] == GROUP and option["name"] == section.word), None)
    if found is None:
        found = {"type": GROUP, **_words(section.word, section.about, section.translations), "options": []}
        _add(top, found, section.title)
    inner: list[Json] = found["options"]
    return inner


def _add(level: list[Json], option: Json, what: str) -> None:
    """Discord refuses all commands for one word that stands twice at its level, or one too many there."""
    if len(level) == MOST_OPTIONS or option["name"] in {other["name"] for other in level}:
        log.error("%s is not offered: the word is taken, or there are too many", what)
    else:
        level.append(option)


def _subcommand(command: CommandInfo) -> Json:
    parameters = sorted(command.parameters, key=lambda parameter: not parameter.required)
    return {
        "type": SUBCOMMAND,
        **_words(command.word, command.about, command.translations),
        "options": [_option(parameter) for parameter in parameters[:MOST_OPTIONS]],
    }


def _option(parameter: ParameterInfo) -> Json:
    found: Json = {
        "type": KINDS[parameter.kind],
        **_words(parameter.name, parameter.about, parameter.translations),
        "required": parameter.required,
    }
    if parameter.kind == "channel":
        return {**found, "channel_types": TAKING_CHANNELS}
    if parameter.kind == "member":
        return found  # every client completes members itself
    if parameter.choices:
        return {**found, "choices": list(_choices(parameter))}
    return {**found, "autocomplete": True} if parameter.completes else found


def _choices(parameter: ParameterInfo) -> Iterator[Json]:
    for choice in parameter.choices[:MOST_CHOICES]:
        value = int(choice.value) if parameter.kind == "number" else choice.value
        yield {"name": plain(choice.label, MOST_ABOUT), "value": value}


def _words(name: str, about: str, translations: Mapping[str, Words]) -> Json:
    """Discord takes names in lower case only. Languages are its own codes ("de", "pt-BR")."""
    found: Json = {"name": name, "description": plain(about, MOST_ABOUT)}
    if translations:
        found["name_localizations"] = {language: name for language, (name, _) in translations.items()}
        found["description_localizations"] = {
            language: plain(about, MOST_ABOUT) for language, (_, about) in translations.items()
        }
    return found


async def sync(rest: Rest, core: Core, application: int) -> Mapping[str, str]:
    """Discord's ids of the commands, by name. It is only asked when something changed: it takes 200 changes a day, and
    shows them late. Raises what `rest` does."""
    wanted = payload(core.commands)
    mark = hashlib.sha256(json.dumps([application, wanted], sort_keys=True).encode()).hexdigest()
    kept = await core.recall(IDS)
    if kept and await core.recall(MEMORY) == mark:
        return dict(json.loads(kept))
    known = await rest.call("PUT", "/applications/{application_id}/commands", wanted, application_id=application)
    ids = {str(one["name"]): str(one["id"]) for one in known if one["type"] == SLASH}
    await core.remember(IDS, json.dumps(ids))
    await core.remember(MEMORY, mark)
    log.info("Discord has the commands")
    return ids
