"""A reading group, as the configuration has it or as it was made from chat."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from bot.model.settings.day import DaySettings
from bot.model.settings.kinds import Channels, Kind, Line, Names, Zone
from bot.model.settings.setting import Fault, require_valid, setting
from bot.model.settings.week import WeekSettings


@dataclass(frozen=True, slots=True)
class GroupSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: str = setting(
        "reading-group", Kind(), note="a-z, 0-9, - and _; it stands in the page's address and must not change later"
    )
    name: str = setting(
        "Reading group",
        Line(80, like="Reading group"),
        label="Name",
        about="what the group is called",
        note="what the group is called",
        de=("name", "wie die Gruppe heißt"),
        command="setup",
    )
    timezone: str = setting(
        "UTC",
        Zone(),
        label="Zone",
        about="time zone, as Europe/Berlin, or a city",
        note='as "Europe/Berlin"; the names are those of the IANA time zone database',
        de=("zeitzone", "wie Europe/Berlin, oder eine Stadt"),
        asked="Time zone, as Europe/Berlin, or a city",
        command="setup",
        words=("zone",),
    )
    language: str = setting("en", Kind(), note='of what the group is told: "en" or "de"; see docs/languages.md')
    channels: tuple[str, ...] = setting(
        (),
        Channels(),
        label="Channels",
        note="where the papers are posted; left out, the group's own page. A channel of Discord is "
        '"discord:<server id>/<channel id>": User Settings → Advanced → Developer Mode, then right-click the server → '
        "Copy Server ID, the channel → Copy Channel ID.",
        command="start",
        shown='["web:reading-group"]',
    )
    moderators: tuple[str, ...] = setting(
        (),
        Names(),
        note='accounts, as "discord:<user>"; on the web a one-time code is printed at each start',
    )
    day: DaySettings = field(default_factory=DaySettings)
    week: WeekSettings = field(default_factory=WeekSettings)

    def __post_init__(self) -> None:
        require_valid(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.id or not all(c.isascii() and (c.isalnum() or c in "-_") for c in self.id):
            yield "id", f'"{self.id}" may hold only letters, digits, - and _'
        for channel in self.channels:
            if ":" not in channel or (channel.startswith("web:") and channel != f"web:{self.id}"):
                yield "channels", f'"{channel}" leads nowhere; write "web:{self.id}", or leave channels out'
            elif channel.startswith("discord:") and not re.fullmatch(r"discord:[1-9]\d*/\d+", channel, re.ASCII):
                yield (
                    "channels",
                    f'"{channel}" must be "discord:<server id>/<channel id>", both numbers: in Discord turn on '
                    "User Settings → Advanced → Developer Mode, then right-click the server → Copy Server ID and the "
                    "channel → Copy Channel ID",
                )
        for account in self.moderators:
            if ":" not in account:
                yield "moderators", f'"{account}" is no account; write one like "discord:<user>"'

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def tongue(self) -> str:
        """The language in which it is spoken to here."""
        return self.language


@dataclass(frozen=True, slots=True)
class AddressedGroup(GroupSettings):
    """As one reader of it is answered, in a language of their own. What holds for the group is the same."""

    readers: str = "en"

    @property
    def tongue(self) -> str:
        return self.readers


def addressed(group: GroupSettings, tongue: str) -> GroupSettings:
    if tongue == group.tongue:
        return group
    held = {one.name: getattr(group, one.name) for one in fields(GroupSettings)}
    return AddressedGroup(**held, readers=tongue)
