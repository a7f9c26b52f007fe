"""Reading groups: which there are, what holds for each, and whose a request is."""

from bot.groups.holding import Groups, SettingError, Values
from bot.groups.places import NOBODY, channel_of, target
from bot.groups.stored import configure, settings_of, sync
from bot.groups.values import listed, with_default_group, with_setting

__all__ = [
    "NOBODY",
    "Groups",
    "SettingError",
    "Values",
    "channel_of",
    "configure",
    "listed",
    "settings_of",
    "sync",
    "target",
    "with_default_group",
    "with_setting",
]
