"""Reading groups: which there are, what holds for each, and whose a request is."""

from bot.groups.holding import Groups, SettingError, Values
from bot.groups.places import NOBODY, channel_of, target
from bot.groups.values import listed, with_default_group, with_setting

__all__ = [
    "NOBODY",
    "Groups",
    "SettingError",
    "Values",
    "channel_of",
    "listed",
    "target",
    "with_default_group",
    "with_setting",
]
