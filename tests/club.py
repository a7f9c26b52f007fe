"""A whole reading group for a test: real core, real database file, a clock and a source that the test moves."""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bot.actions.deliveries import recover
from bot.cards import Button, Card, Form, Reply, Select, read_button, read_select
from bot.clock import Trust
from bot.compose import Club, opened
from bot.day.needs import for_day
from bot.model import DaySettings, GroupSettings, Request, Settings
from bot.outbox import settle_all
from bot.ports import Finder
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource
from tests.fakes.surface import RecordingSurface
from tests.hints import require_in_time
from tests.spoken import as_spoken

BERLIN = GroupSettings(
    id="readers",
    name="Readers",
    timezone="Europe/Berlin",
    channels=("web:readers",),
    day=DaySettings(cards=2, layout="channel"),
)
MONDAY = "2026-11-23 07:00"  # 08:00 in Berlin: an hour before the post is due
NUMBERS = itertools.count()  # of requests; goes on after a restart, or the town would take the first for redelivered


@dataclass
class Town:
    """Where the group meets. Members talk to it; the test moves its clock."""

    club: Club
    clock: MovableClock
    source: ListedSource
    surface: RecordingSurface

    async def member(self, name: str, group: str = "readers") -> "Person":
        person = Person(self, f"web:{name.lower()}", group)
        await person.says(f"/paper join {name}")
        return person

    def user(self, account: str, name: str, place: str, *roles: str) -> "Person":
        """Somebody of a platform that knows their name, who speaks in a channel."""
        return Person(self, account, None, place, name, frozenset(roles))

    def visitor(self, group: str = "readers") -> "Person":
        return Person(self, "web:nobody", group)

    async def wait_until(self, now: str) -> None:
        """Moves the clock, lets the schedule look once and the messages arrive."""
        self.clock.move_to(now)
        await self.tick()

    async def tick(self) -> None:
        await self.club.collector.catch_up()
        now, is_sure = self.clock.now(), self.club.watch.trust() is Trust.ALL
        for group in self.club.groups.meeting() if is_sure else ():
            await require_in_time(self.club.store, group, self.club.groups.due(group, now), now)
        await self.club.schedule.tick()
        await settle_all(self.club.outboxes)

    async def channel(self, group: str = "readers") -> list[Card]:
        """The cards that stand in the group's channel, oldest first."""
        posted = await self.club.app.stream(group, f"web:{group}", before=None, limit=200)
        return [as_spoken(card) for item in posted for card in (item.message.card, *item.message.parts)]

    async def card(self, title: str, group: str = "readers") -> Card:
        return next(card for card in await self.channel(group) if title in card.title)


@dataclass
class Person:
    town: Town
    account: str
    group: str | None
    place: str = ""
    name: str = ""
    roles: frozenset[str] = frozenset()
    locale: str = field(default="", kw_only=True)

    async def says(self, line: str, request: str = "", **args: str) -> Reply:
        command, typed = self.town.club.app.read_line(line)
        return await self._ask(self.request(command, {**typed, **args}, request))

    async def presses(self, label: str, card: Card, request: str = "") -> Reply:
        button = next(b for b in card.buttons if b.label.startswith(label))
        return await self.presses_button(button, request)

    async def presses_button(self, button: Button, request: str = "") -> Reply:
        command, args = read_button(button.id)
        return await self._ask(self.request(command, args, request, pressed=True))

    async def chooses(self, label: str, *values: str, card: Card) -> Reply:
        """From one of a card's lists."""
        command, args = read_select(list_of(card, label).id, values)
        return await self._ask(self.request(command, args, pressed=True))

    async def sends(self, form: Form, **values: str) -> Reply:
        """A form; what is not given stays as it was filled in."""
        command, about = read_button(form.id)
        filled = {asked.name: values.get(asked.name, asked.value) for asked in form.inputs}
        return await self._ask(self.request(command, {**about, **filled}, pressed=True))

    async def completes(self, command: str, parameter: str, typed: str = "") -> list[tuple[str, str]]:
        """What is offered while they type."""
        found = await self.town.club.app.complete(self.request(command, {}), parameter, typed)
        return [(as_spoken(choice.label), choice.value) for choice in found]

    def request(self, command: str, args: Mapping[str, str], id: str = "", *, pressed: bool = False) -> Request:
        return Request(
            id=id or self._new(),
            account=self.account,
            command=command,
            args=args,
            place=self.place,
            place_name="papers" if self.place else "",
            group=self.group,
            display_name=self.name,
            roles=self.roles,
            locale=self.locale,
            pressed=pressed,
        )

    async def _ask(self, request: Request) -> Reply:
        reply = await self.town.club.app.handle(request)
        self.town.clock.move(seconds=5)
        await settle_all(self.town.club.outboxes)
        return as_spoken(reply)

    def _new(self) -> str:
        return f"request-{next(NUMBERS)}"


@asynccontextmanager
async def town(
    folder: Path,
    *groups: GroupSettings,
    now: str = MONDAY,
    source: ListedSource | None = None,
    surfaces: Sequence[RecordingSurface] = (),
    finders: Sequence[Finder] = (),
    sources: Sequence[ListedSource] = (),
) -> AsyncIterator[Town]:
    """Opened again on the same folder, it is the same town after a restart."""
    clock, source, surfaces = MovableClock(now), source or ListedSource(), surfaces or [RecordingSurface()]
    settings = Settings(database=str(folder / "town.db"), groups=groups or (BERLIN,))
    async with opened(settings, clock=clock, sources=[source, *sources], adapters=surfaces, finders=finders) as club:
        await club.store.write(recover, clock.now())
        yield Town(club, clock, source, surfaces[0])


async def post_day(readers: Town, day: date) -> bool:
    """As an operator does by hand."""
    await readers.club.collector.bring(for_day(readers.club.collector.sources, BERLIN, day))
    return await readers.club.daily.post_day(BERLIN, day)


def list_of(card: Card, label: str) -> Select:
    return next(select for select in card.selects if select.label == label)


def berlin(**day: object) -> GroupSettings:
    """The usual group with another day."""
    return replace(BERLIN, day=replace(BERLIN.day, **day))  # type: ignore[arg-type]
