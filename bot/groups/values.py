"""Settings that moderators change from chat: what each is stored as. What they may be, the settings themselves say."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import time
from typing import Any

from bot.errors import Refused
from bot.model import GroupSettings
from bot.timeline import TimelineSettings
from bot.wording import join_words

Values = Mapping[str, str | None]  # settings by name; None: as configured

FLAGS = {"yes": True, "no": False}


class SettingError(Refused):
    """A value that a setting can't have. `fault` names settings as the configuration does."""

    def __init__(self, setting: str, fault: str) -> None:
        super().__init__("setting", setting=setting, fault=fault)
        self.setting = setting
        self.fault = fault


def listed(value: str) -> list[str]:
    """`a, b` as it is stored and typed."""
    return re.findall(r"[^,\s]+", value)


def _roles(value: str) -> tuple[str, ...]:
    return tuple(listed(value))


def _sources(value: str) -> tuple[str, ...]:
    return () if value == "all" else tuple(listed(value))


def _flag(value: str) -> bool:
    if value not in FLAGS:
        raise ValueError(f'"{value}" is neither yes nor no')
    return FLAGS[value]


Readers = Mapping[str, Callable[[str], Any]]

DAY: Readers = {"post_at": time.fromisoformat, "on": str, "cards": int, "sources": _sources, "layout": str}
WEEK: Readers = {
    "session": str,
    "place": str,
    "minutes": int,
    "mode": str,
    "rule": str,
    "pick": str,
    "hidden": _flag,
    "budget": int,
    "shortlist": int,
    "weighted": _flag,
    "headcount": int,
    "sleep_weeks": int,
    "roles": _roles,
}
TIMELINE = tuple(field.name for field in fields(TimelineSettings))


def with_setting(group: GroupSettings, name: str, value: str) -> GroupSettings:
    """Raises ValueError with the fault that the configuration would have."""
    match name.split("."):
        case ["timezone"]:
            return replace(group, timezone=value)
        case ["channels"]:
            return replace(group, channels=tuple(dict.fromkeys((*group.channels, *listed(value)))))
        case ["day", field] if field in DAY:
            return replace(group, day=replace(group.day, **{field: DAY[field](value)}))
        case ["week", field] if field in WEEK:
            return replace(group, week=replace(group.week, **{field: WEEK[field](value)}))
        case ["week", "timeline", field] if field in TIMELINE:
            timeline: Any = replace(group.week.timeline, **{field: value})
            return replace(group, week=replace(group.week, timeline=timeline))
        case _:
            raise ValueError(f"{name} is no setting that can be changed from chat")


def with_overrides(
    group: GroupSettings, values: Mapping[str, str], sources: Collection[str]
) -> tuple[GroupSettings, Mapping[str, str]]:
    """As many as can hold together, and the faults of the others by name. Some are valid only once another holds: a
    vote that closes earlier, once nominations open earlier. `sources` that there are, by name."""
    left, faults = dict(values), dict[str, str]()
    while left:
        faults = {}
        for name, value in left.items():
            try:
                group = _with_sound(group, name, value, sources)
            except ValueError as fault:
                faults[name] = str(fault)
        if len(faults) == len(left):
            break
        left = {name: left[name] for name in faults}
    return group, faults


def _with_sound(group: GroupSettings, name: str, value: str, sources: Collection[str]) -> GroupSettings:
    changed = with_setting(group, name, value)
    if fault := fault_of(changed, sources):
        raise ValueError(fault)
    return changed


def fault_of(group: GroupSettings, sources: Collection[str]) -> str:
    """What only the whole configuration can tell; "" when there is none."""
    unknown = sorted({*group.day.sources} - {*sources})
    return f'there is no source "{unknown[0]}", only {join_words(sorted(sources))}' if unknown else ""


def left_to(group: str, places: Sequence[str], configured: Sequence[GroupSettings]) -> list[str]:
    """Of places that were bound from chat those that the configuration gives to no other group since."""
    owner = {channel: one.id for one in configured for channel in one.channels}
    return [place for place in places if owner.get(place, group) == group]


def with_default_group(groups: Sequence[GroupSettings]) -> tuple[GroupSettings, ...]:
    """A configuration without groups has one, on the web."""
    chosen = groups or (GroupSettings(),)
    return tuple(g if g.channels else replace(g, channels=(f"web:{g.id}",)) for g in chosen)
