"""Which groups there are and what holds for each: from the configuration, made from chat, changed by moderators. Knows
no member and no paper."""

import asyncio
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from bot.groups.places import group_of, home_of, meeting_at, on_server
from bot.groups.post_times import last_due, local_date
from bot.groups.values import fault_of, left_to, with_overrides
from bot.model import GroupSettings, Override, Request, listed
from bot.ports import Store

log = logging.getLogger(__name__)


class Groups:
    """`by_id` is live: whoever holds it sees what is loaded or changed at once. A group that meets nowhere is a draft
    (or was stopped): nothing is posted for it."""

    def __init__(self, configured: Sequence[GroupSettings], sources: Collection[str] = ()) -> None:
        self._configured = {group.id: group for group in configured}
        self._sources = sources
        self._given = dict(self._configured)  # without what moderators changed
        self._groups = dict(self._configured)
        self._overrides: dict[str, dict[str, Override]] = {}
        self._loading = asyncio.Lock()
        self._loaded = asyncio.Event()
        self.by_id: Mapping[str, GroupSettings] = MappingProxyType(self._groups)
        self.ignored: tuple[str, ...] = ()  # overrides that are no longer valid, as sentences for the operator

    # --- from the store

    async def load(self, store: Store) -> None:
        """What was made and changed from chat: at the start, and after whatever may have made or changed something. An
        override that is not valid any more is logged and left out."""
        async with self._loading:
            await self._load(store)
        self._loaded.set()
        self._loaded = asyncio.Event()

    async def wait_for_load(self) -> None:
        """Until the next one."""
        await self._loaded.wait()

    async def _load(self, store: Store) -> None:
        founded, held_now = await store.read(lambda rows: (rows.groups.founded(), rows.groups.overrides()))
        overrides = [*self._without_taken(held_now)]
        self._given = {**self._configured, **{g.id: g for g in founded if g.id not in self._configured}}
        faults: list[str] = []
        self._overrides = {id: {o.name: o for o in overrides if o.group == id} for id in self._given}
        groups = dict(self._given)
        for id, held in self._overrides.items():
            values = {name: override.value for name, override in held.items()}
            groups[id], wrong = with_overrides(groups[id], values, self._sources)
            for name, fault in wrong.items():
                faults.append(f'{id}: "{held.pop(name).value}" for {name} is left out: {fault}')
        for fault in sorted({*faults} - {*self.ignored}):
            log.warning("a setting changed from chat, group %s", fault)
        self.ignored = tuple(faults)
        self._groups.clear()
        self._groups.update(groups)

    def _without_taken(self, overrides: Sequence[Override]) -> Iterator[Override]:
        """A channel that was bound from chat is left to the group that the configuration gives it to since."""
        configured = [*self._configured.values()]
        for override in overrides:
            if override.name != "channels":
                yield override
            elif left := left_to(override.group, listed(override.value), configured):
                yield replace(override, value=", ".join(left))

    # --- what holds

    @property
    def faults(self) -> Sequence[str]:
        """Of the configuration, beyond what each group's settings tell by themselves."""
        found = ((group, fault_of(group, self._sources)) for group in self._configured.values())
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
        started = local_date(min(bound.at, now) if bound else now, group)  # never in time to come: clocks are set
        return on if on >= started else None

    def on(self, surface: str) -> list[GroupSettings]:
        return [g for g in self.by_id.values() if any(c.partition(":")[0] == surface for c in g.channels)]

    def surfaces(self) -> set[str]:
        return {channel.partition(":")[0] for group in self.by_id.values() for channel in group.channels}

    # --- whose request it is

    def of(self, request: Request) -> GroupSettings:
        """The group that meets where the request came from. Raises UserError when there is none, or several."""
        return group_of(self.by_id, request)

    def home(self, request: Request) -> GroupSettings:
        """The same for a moderator: where no group meets, one that was or could be made for the place."""
        return home_of(self.by_id, request)

    def near(self, place: str) -> list[GroupSettings]:
        """On the same server."""
        return on_server(self.by_id, place)

    def at(self, place: str) -> list[GroupSettings]:
        return meeting_at(self.by_id, place)
