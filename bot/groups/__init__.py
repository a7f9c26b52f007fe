"""Reading groups: which there are, what holds for each, and whose a request is."""

from bot.groups.places import MARK, NOBODY, channel_of, server_of, target
from bot.groups.registry import Groups
from bot.groups.stored import settings_of
from bot.groups.values import SETTINGS, SettingError, Values, with_default_group, with_setting

__all__ = [
    "MARK",
    "NOBODY",
    "SETTINGS",
    "Groups",
    "SettingError",
    "Values",
    "channel_of",
    "server_of",
    "settings_of",
    "target",
    "with_default_group",
    "with_setting",
]
