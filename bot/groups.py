"""Which groups there are and which one a request belongs to: from the configuration, made from chat, changed by
moderators. Knows no member and no paper."""

import asyncio
import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from types import MappingProxyType
from typing import cast

from bot.dates import last_due
from bot.errors import UserError
from bot.model import Act, GroupSettings, Layout, Override, Request, Step
from bot.ports import Store
from bot.wording import capitalised, join_words

log = logging.getLogger(__name__)

Values = Mapping[str, str | None]  # settings by name; None: as configured

NOBODY = "No reading group meets in this channel. A moderator makes one with /paper-admin setup."


class Groups:
    """`by_id` is live: whoever holds it sees what is loaded or changed at once. A group that meets nowhere is a draft
    (or was stopped): nothing is posted for it."""

    def __init__(self, configured: Sequence[GroupSettings], sources: Collection[str] = ()) -> None:
        self._configured = {group.id: group for group in configured}
        self._sources = sources
        self._given = dict(self._configured)  # without what moderators changed
        self._groups = dict(self._configured)
        self._overrides: dict[str, dict[str, Override]] = {}
        self._changing = asyncio.Lock()
        self.by_id: Mapping[str, GroupSettings] = MappingProxyType(self._groups)
        self.ignored: tuple[str, ...] = ()  # overrides that are no longer valid, as sentences for the operator

    # --- from the store, and back

    async def load(self, store: Store) -> None:
        """What was made and changed from chat. An override that is not valid any more is logged and left out."""
        async with self._changing:
            await self._load(store)

    async def found(self, store: Store, group: GroupSettings, request: Request, at: datetime) -> None:
        """For a group that `seat` proposed."""
        async with self._changing:
            await store.found_group(group, request.account, request.display_name, at)
            await self._load(store)

    async def change(self, store: Store, act: Act, values: Values) -> None:
        """Raises UserError when a value is none that the configuration could have."""
        async with self._changing:
            await self._change(store, act, values)

    async def bind(self, store: Store, act: Act, place: str) -> None:
        async with self._changing:
            await self._change(store, act, _channels([*self._bound(act.group), place]))

    async def unbind(self, store: Store, act: Act, place: str) -> None:
        """A channel that was bound from chat."""
        async with self._changing:
            await self._change(store, act, _channels([bound for bound in self._bound(act.group) if bound != place]))

    async def _change(self, store: Store, act: Act, values: Values) -> None:
        self._require_valid(act.group, values)
        await store.override(act, values)
        await self._reload(store)

    def _bound(self, group: str) -> Sequence[str]:
        override = self.overrides(group).get("channels")
        return listed(override.value) if override else ()

    async def undo(self, store: Store, act: Act) -> Step | None:
        async with self._changing:
            step = await store.undo(act)
            await self._reload(store)
        return step

    async def _reload(self, store: Store) -> None:
        """A channel of the configuration stays bound, whatever was done to an override that has it too."""
        await self._load(store)
        await store.sync_groups(self.meeting())

    async def _load(self, store: Store) -> None:
        founded, overrides = await store.founded(), self._without_taken(await store.overrides())
        self._given = {**self._configured, **{g.id: g for g in founded if g.id not in self._configured}}
        faults: list[str] = []
        self._overrides = {id: {} for id in self._given}
        groups = dict(self._given)
        for override in (item for item in overrides if item.group in groups):
            try:
                groups[override.group] = self._with(groups[override.group], override.name, override.value)
            except ValueError as error:
                faults.append(f'{override.group}: "{override.value}" for {override.name} is left out: {error}')
            else:
                self._overrides[override.group][override.name] = override
        for fault in sorted({*faults} - {*self.ignored}):
            log.warning("a setting changed from chat, group %s", fault)
        self.ignored = tuple(faults)
        self._groups.clear()
        self._groups.update(groups)

    def _without_taken(self, overrides: Sequence[Override]) -> Iterator[Override]:
        """A channel that was bound from chat is left to the group that the configuration gives it to since."""
        owner = {channel: group.id for group in self._configured.values() for channel in group.channels}
        for override in overrides:
            if override.name != "channels":
                yield override
            elif left := [c for c in listed(override.value) if owner.get(c, override.group) == override.group]:
                yield replace(override, value=", ".join(left))

    def _require_valid(self, group: str, values: Values) -> None:
        for name, value in values.items():
            try:
                self._with(self._given[group], name, value) if value is not None else None
            except ValueError as error:
                raise UserError(_sentence(str(error))) from None

    def _with(self, group: GroupSettings, name: str, value: str) -> GroupSettings:
        changed = with_setting(group, name, value)
        if fault := self._fault(changed):
            raise ValueError(fault)
        return changed

    def _fault(self, group: GroupSettings) -> str:
        """What only the whole configuration can tell."""
        unknown = sorted({*group.day.sources} - {*self._sources})
        return f'there is no source "{unknown[0]}", only {join_words(sorted(self._sources))}' if unknown else ""

    # --- what holds

    @property
    def faults(self) -> Sequence[str]:
        """Of the configuration, beyond what each group's settings tell by themselves."""
        found = ((group, self._fault(group)) for group in self._configured.values())
        return [f"group {group.id}: day.sources: {fault}" for group, fault in found if fault]

    def given(self, group: str) -> GroupSettings:
        """Without what moderators changed."""
        return self._given[group]

    def overrides(self, group: str) -> Mapping[str, Override]:
        return self._overrides.get(group, {})

    def meeting(self) -> Sequence[GroupSettings]:
        return [group for group in self.by_id.values() if group.channels]

    def due(self, group: GroupSettings, now: datetime) -> date | None:
        """The newest posting date whose time has come; None when that was before the group was started from chat. A
        group that is not started yet is looked at as if it were now."""
        on = last_due(group, now)
        if group.id in self._configured:
            return on
        bound = self.overrides(group.id).get("channels")
        started = (bound.at if bound else now).astimezone(group.zone).date()
        return on if on >= started else None

    def on(self, surface: str) -> list[GroupSettings]:
        return [g for g in self.by_id.values() if any(c.partition(":")[0] == surface for c in g.channels)]

    def surfaces(self) -> set[str]:
        return {channel.partition(":")[0] for group in self.by_id.values() for channel in group.channels}

    # --- whose request it is

    def of(self, request: Request) -> GroupSettings:
        """The group that meets where the request came from. Raises UserError when there is none, or several."""
        if request.group is not None:
            return self._named(request.group)
        return _only(self.at(request.place))

    def seat(self, request: Request) -> GroupSettings:
        """The same for a moderator: where no group meets, the one that was made for this place (or for the channel
        that they named), or else one that could be made. Raises UserError where none can meet."""
        if request.group is not None or self.at(request.place):
            return self.of(request)
        place = target(request)
        return _only(meeting) if (meeting := self.at(place)) else self._made_for(place, request)

    def at(self, place: str) -> list[GroupSettings]:
        return [group for group in self.by_id.values() if any(_is_in(place, c) for c in group.channels)]

    def _made_for(self, place: str, request: Request) -> GroupSettings:
        id = _id_of(place)
        if found := self.by_id.get(id):
            return found
        name = " ".join(request.place_name.split())[:80] if place == channel_of(request.place) else ""
        language = re.match(r"[a-z]{2}\b", request.locale.lower())
        return GroupSettings(id=id, name=name or "Reading group", language=language[0] if language else "en")

    def _named(self, group: str) -> GroupSettings:
        found = self.by_id.get(group)
        if found is None:
            raise UserError(f'There is no group "{group[:40]}" here.')
        return found


def _only(groups: Sequence[GroupSettings]) -> GroupSettings:
    if not groups:
        raise UserError(NOBODY)
    if len(groups) > 1:
        raise UserError(f"Several groups meet here: {', '.join(g.name for g in groups)}. Ask in a channel of one.")
    return groups[0]


def _is_in(place: str, channel: str) -> bool:
    """A thread belongs to its channel."""
    return place == channel or place.startswith(f"{channel}/")


def channel_of(place: str) -> str:
    """`discord:<guild>/<channel>` of a thread in it, too."""
    return "/".join(place.split("/")[:2])


def target(request: Request) -> str:
    """The channel that is meant: the one that was named, else the one where it was typed."""
    named, here = request.args.get("channel", "").strip(), channel_of(request.place)
    if not named:
        return here
    server, _, channel = named.partition("/")
    if not channel or server != here.partition("/")[0]:
        raise UserError(f'"{named[:40]}" is no channel of this server. Name what you set, as in time:9:00 days:daily.')
    return channel_of(named)


def _id_of(place: str) -> str:
    """Of the group that is made for a channel: the same whenever it is asked for."""
    surface, _, rest = place.partition(":")
    server, _, channel = rest.partition("/")
    id = re.sub("[^a-z0-9]", "-", f"{surface}-{channel if surface == 'discord' else f'{server}-{channel}'}".lower())
    try:
        GroupSettings(id=id, channels=(place,))
    except ValueError:
        channel = ""
    if not channel:
        raise UserError("A group is made in a channel of a server, where it shall meet: type it there.")
    return id


def _sentence(fault: str) -> str:
    return capitalised(fault) if fault.endswith("?") else f"{capitalised(fault)}."


def with_setting(group: GroupSettings, name: str, value: str) -> GroupSettings:
    """Raises ValueError with the fault that the configuration would have."""
    match name:
        case "timezone":
            return replace(group, timezone=value)
        case "channels":
            return replace(group, channels=tuple(dict.fromkeys((*group.channels, *listed(value)))))
        case "day.post_at":
            return replace(group, day=replace(group.day, post_at=time.fromisoformat(value)))
        case "day.on":
            return replace(group, day=replace(group.day, on=value))
        case "day.cards":
            return replace(group, day=replace(group.day, cards=int(value)))
        case "day.sources":
            return replace(group, day=replace(group.day, sources=() if value == "all" else tuple(listed(value))))
        case "day.layout":
            return replace(group, day=replace(group.day, layout=cast(Layout, value)))  # a wrong one is refused there
        case _:
            raise ValueError(f"{name} is no setting that can be changed from chat")


def _channels(places: Sequence[str]) -> Values:
    return {"channels": ", ".join(dict.fromkeys(places)) or None}


def listed(value: str) -> list[str]:
    """`a, b` as it is stored and typed."""
    return re.findall(r"[^,\s]+", value)


def with_default_group(groups: Sequence[GroupSettings]) -> tuple[GroupSettings, ...]:
    """A configuration without groups has one, on the web."""
    chosen = groups or (GroupSettings(),)
    return tuple(g if g.channels else replace(g, channels=(f"web:{g.id}",)) for g in chosen)
