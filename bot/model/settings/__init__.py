"""Settings, as the configuration and moderators give them: a table is a dataclass, a setting is one row of it (see
`setting`). Each refuses values that it could not work with."""

from bot.model.settings.day import DaySettings
from bot.model.settings.group import GroupSettings, addressed
from bot.model.settings.kinds import listed, read_weekdays, time_zones
from bot.model.settings.program import (
    DiscordSettings,
    HuggingFaceSettings,
    Settings,
    SourcesSettings,
    SummarizerSettings,
    WebSettings,
)
from bot.model.settings.setting import InvalidSettings, Setting, rows_of
from bot.model.settings.timeline import Mode, Shape, TimelineSettings
from bot.model.settings.week import MEETING_ROLES, PickBy, Rule, WeekSettings

__all__ = [
    "MEETING_ROLES",
    "DaySettings",
    "DiscordSettings",
    "GroupSettings",
    "HuggingFaceSettings",
    "InvalidSettings",
    "Mode",
    "PickBy",
    "Rule",
    "Setting",
    "Settings",
    "Shape",
    "SourcesSettings",
    "SummarizerSettings",
    "TimelineSettings",
    "WebSettings",
    "WeekSettings",
    "addressed",
    "listed",
    "read_weekdays",
    "rows_of",
    "time_zones",
]
