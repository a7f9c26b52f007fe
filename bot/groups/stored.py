"""A group's settings as the rows have them: the configuration's half, and what moderators changed on top of it."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import TypeAdapter

from bot.errors import Refused
from bot.groups.values import with_overrides
from bot.model import GroupSettings
from bot.ports import Reads, Rows
from bot.ports.rows.groups import Stored

MOST_PARSED = 4096  # groups whose settings are kept as they were parsed


def settings_of(rows: Reads, group: str) -> GroupSettings:
    """As they hold in this transaction. Raises Refused for a group that is not there."""
    stored = rows.groups.stored(group)
    if stored is None:
        raise Refused("no group", group=group)
    return parse(stored)


@lru_cache(MOST_PARSED)
def parse(stored: Stored) -> GroupSettings:
    """An override that is not valid any more is left out."""
    given = GroupSettings(id=stored.id, name=stored.name, language=stored.language)
    if stored.settings:
        given = _adapter().validate_json(stored.settings)
    return with_overrides(given, dict(stored.overrides))[0]


def configure(rows: Rows, groups: Sequence[GroupSettings]) -> None:
    """Brings the configured groups into rows."""
    for group in groups:
        rows.groups.configure(group, _adapter().dump_json(group).decode())


def sync(rows: Rows, groups: Sequence[GroupSettings]) -> None:
    """These groups meet, as they stand, in their channels; what is not among them stays, unbound."""
    rows.groups.unbind_all()
    for group in groups:
        rows.groups.put(group)
        rows.groups.bind(group.id, group.channels)


@cache
def _adapter() -> "TypeAdapter[GroupSettings]":
    from pydantic import TypeAdapter  # imported here: it costs a tenth of a second

    return TypeAdapter(GroupSettings)
