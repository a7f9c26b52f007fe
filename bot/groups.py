"""Which group a request belongs to: places and groups, from the configuration. Knows no member and no paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.model import GroupSettings, Request


class Groups:
    def __init__(self, groups: Sequence[GroupSettings]) -> None:
        self.by_id: Mapping[str, GroupSettings] = {group.id: group for group in groups}

    def of(self, request: Request) -> GroupSettings:
        """The group that meets where the request came from. Raises UserError when there is none, or several."""
        if request.group is not None:
            return self._named(request.group)
        here = [group for group in self.by_id.values() if any(_is_in(request.place, c) for c in group.channels)]
        if not here:
            raise UserError("No reading group meets in this channel. A moderator can bind one in the configuration.")
        if len(here) > 1:
            raise UserError(f"Several groups meet here: {', '.join(g.name for g in here)}. Ask in a channel of one.")
        return here[0]

    def on(self, surface: str) -> list[GroupSettings]:
        return [g for g in self.by_id.values() if any(c.partition(":")[0] == surface for c in g.channels)]

    def surfaces(self) -> set[str]:
        return {channel.partition(":")[0] for group in self.by_id.values() for channel in group.channels}

    def _named(self, group: str) -> GroupSettings:
        found = self.by_id.get(group)
        if found is None:
            raise UserError(f'There is no group "{group[:40]}" here.')
        return found


def _is_in(place: str, channel: str) -> bool:
    """A thread belongs to its channel."""
    return place == channel or place.startswith(f"{channel}/")


def with_default_group(groups: Sequence[GroupSettings]) -> tuple[GroupSettings, ...]:
    """A configuration without groups has one, on the web."""
    chosen = groups or (GroupSettings(),)
    return tuple(g if g.channels else replace(g, channels=(f"web:{g.id}",)) for g in chosen)
