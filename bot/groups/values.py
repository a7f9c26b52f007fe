"""Settings that moderators change from chat: which there are, and what holds of those that were changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.errors import Refused
from bot.model import GroupSettings, Setting, rows_of
from bot.wording import join_words

Values = Mapping[str, str | None]  # settings by name; None: as configured


class SettingError(Refused):
    """A value that a setting can't have. `fault` names settings as the configuration does."""

    def __init__(self, setting: str, fault: str) -> None:
        super().__init__("setting", setting=setting, fault=fault)
        self.setting = setting
        self.fault = fault


ORDER = ("setup", "start", "schedule", "week")  # of the commands by which they are typed
SETTINGS: Mapping[str, Setting] = {
    row.name: row
    for row in sorted(
        (row for row in rows_of(GroupSettings) if row.command), key=lambda row: ORDER.index(row.command or "")
    )
}


def with_setting(group: GroupSettings, name: str, value: str) -> GroupSettings:
    """`value` as it is stored. Raises ValueError with the fault that the configuration would have."""
    if name not in SETTINGS:
        raise ValueError(f"{name} is no setting that can be changed from chat")
    return SETTINGS[name].put(group, value)


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
    if not places:  # as in most groups: this is asked for each at a start
        return []
    owner = {channel: one.id for one in configured for channel in one.channels}
    return [place for place in places if owner.get(place, group) == group]


def with_default_group(groups: Sequence[GroupSettings]) -> tuple[GroupSettings, ...]:
    """A configuration without groups has one, on the web."""
    chosen = groups or (GroupSettings(),)
    return tuple(g if g.channels else replace(g, channels=(f"web:{g.id}",)) for g in chosen)
