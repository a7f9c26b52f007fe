"""Which groups there are and what holds for each: from the configuration, made from chat, changed by moderators. Knows
no member and no paper."""

import asyncio
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from bot.dates import last_due, local_date
from bot.errors import UserError
from bot.groups.places import group_of, meeting_at, seat_of
from bot.groups.stored import sync
from bot.groups.values import listed, with_overrides
from bot.model import Act, GroupSettings, Override, Request
from bot.ports import Store
from bot.wording import join_words, sentence

log = logging.getLogger(__name__)

Values = Mapping[str, str | None]  # settings by name; None: as configured


class SettingError(UserError):
    """A value that a setting can't have. `fault` names settings as the configuration does."""

    def __init__(self, setting: str, fault: str) -> None:
        super().__init__(sentence(fault))
        self.setting = setting
        self.fault = fault


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
        """All of them or none. Raises SettingError when a value is none that the configuration could have, beside the
        others that hold."""
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
        await store.touch_settings(act.group, act.at)

    def _bound(self, group: str) -> Sequence[str]:
        override = self.overrides(group).get("channels")
        return listed(override.value) if override else ()

    async def refresh(self, store: Store, group: str, at: datetime) -> None:
        async with self._changing:
            await self._reload(store)
            await store.touch_settings(group, at)

    async def _reload(self, store: Store) -> None:
        """A channel of the configuration stays bound, whatever was done to an override that has it too."""
        await self._load(store)
        await store.write(sync, self.meeting())

    async def _load(self, store: Store) -> None:
        founded, overrides = (
            await store.read(lambda rows: rows.groups.founded()),
            [*self._without_taken(await store.read(lambda rows: rows.groups.overrides()))],
        )
        self._given = {**self._configured, **{g.id: g for g in founded if g.id not in self._configured}}
        faults: list[str] = []
        self._overrides = {id: {o.name: o for o in overrides if o.group == id} for id in self._given}
        groups = dict(self._given)
        for id, held in self._overrides.items():
            groups[id], wrong = self._with_all(groups[id], {name: o.value for name, o in held.items()})
            for name, fault in wrong.items():
                faults.append(f'{id}: "{held.pop(name).value}" for {name} is left out: {fault}')
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
        held = {name: override.value for name, override in self.overrides(group).items()}
        wanted = {name: value for name, value in {**held, **values}.items() if value is not None}
        _, faults = self._with_all(self._given[group], wanted)
        if faults:
            raise SettingError(*next(iter(faults.items())))

    def _with_all(self, group: GroupSettings, values: Mapping[str, str]) -> tuple[GroupSettings, Mapping[str, str]]:
        return with_overrides(group, values, self._fault)

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
        started = local_date(bound.at if bound else now, group)
        return on if on >= started else None

    def on(self, surface: str) -> list[GroupSettings]:
        return [g for g in self.by_id.values() if any(c.partition(":")[0] == surface for c in g.channels)]

    def surfaces(self) -> set[str]:
        return {channel.partition(":")[0] for group in self.by_id.values() for channel in group.channels}

    # --- whose request it is

    def of(self, request: Request) -> GroupSettings:
        """The group that meets where the request came from. Raises UserError when there is none, or several."""
        return group_of(self.by_id, request)

    def seat(self, request: Request) -> GroupSettings:
        """The same for a moderator: where no group meets, one that was or could be made for the place."""
        return seat_of(self.by_id, request)

    def at(self, place: str) -> list[GroupSettings]:
        return meeting_at(self.by_id, place)


def _channels(places: Sequence[str]) -> Values:
    return {"channels": ", ".join(dict.fromkeys(places)) or None}
