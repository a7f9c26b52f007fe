"""A group's settings as the rows have them: the configuration's half, and what moderators changed on top of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import TypeAdapter

from bot.errors import Refused
from bot.groups.values import SettingError, Values, with_overrides
from bot.model import GroupSettings
from bot.model.settings.setting import with_names_of_today
from bot.ports import Reads
from bot.ports.rows.groups import Stored

MOST_PARSED = 16_384  # groups whose settings are kept as they were parsed


@dataclass(frozen=True, slots=True)
class Parsed:
    given: GroupSettings  # without what moderators changed
    settings: GroupSettings
    faults: Mapping[str, str]  # of what they changed and is not valid any more, by name: it is left out


def settings_of(rows: Reads, group: str) -> GroupSettings:
    """As they hold in this transaction. Raises Refused for a group that is not there."""
    return parse(stored_of(rows, group)).settings


def stored_of(rows: Reads, group: str) -> Stored:
    """Raises Refused for a group that is not there."""
    stored = rows.groups.stored(group)
    if stored is None:
        raise Refused("no group", group=group)
    return stored


@lru_cache(MOST_PARSED)
def parse(stored: Stored) -> Parsed:
    """Raises ValueError for a configuration that another version of the program stored."""
    given = GroupSettings(id=stored.id, name=stored.name, language=stored.language)
    if stored.settings:
        said, _ = with_names_of_today(GroupSettings, json.loads(stored.settings))
        given = _adapter().validate_python(said)
    return Parsed(given, *with_overrides(given, dict(stored.overrides), stored.sources))


def require_valid(stored: Stored, values: Values) -> None:
    """Beside the others that hold. Raises SettingError for the first that is none."""
    parsed = parse(stored)
    held = {name: value for name, value in stored.overrides if name not in parsed.faults}
    wanted = {name: value for name, value in {**held, **values}.items() if value is not None}
    _, faults = with_overrides(parsed.given, wanted, stored.sources)
    if faults:
        raise SettingError(*next(iter(faults.items())))


def as_stored(group: GroupSettings) -> str:
    return _adapter().dump_json(group).decode()


@cache
def _adapter() -> "TypeAdapter[GroupSettings]":
    from pydantic import TypeAdapter  # imported here: it costs a tenth of a second

    return TypeAdapter(GroupSettings)
