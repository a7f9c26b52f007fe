"""A town as a stage for scripts: whole groups on two surfaces that write down what they are given."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from difflib import ndiff
from itertools import count
from pathlib import Path
from typing import Any

from bot.cards import Button, Card, Message, Reply, read_button
from bot.errors import DeliveryError
from bot.model import Emoji, GroupSettings, RawPaper, Reaction, Request
from bot.operate import export
from bot.ports import Delivery
from tests.club import Person, Town, town
from tests.fakes.source import ListedSource
from tests.fakes.surface import RecordingSurface
from tests.playing import Target
from tests.showing import show_message, show_reply

CODE = re.compile(r"\b[0-9A-F]{4}(-[0-9A-F]{4}){3}\b")
VERSION = re.compile(r"Paperclub \d+\.\d+\.\d+")


class Board:
    """Where several surfaces write down what arrives, in order; of an edit, the lines that are other ones."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._shown: dict[str, list[str]] = {}
        self._places: dict[str, list[str]] = {}
        self._just: list[list[str]] = []  # what was written since it was taken: told once, whatever the place

    def find(self, surface: str, title: str) -> str:
        """The newest message with that in its title."""
        refs = (ref for ref, lines in reversed(self._shown.items()) if any(title in line for line in lines[:3]))
        return next(ref for ref in refs if ref.startswith(surface))

    def told_in(self, place: str) -> list[str]:
        """Each message as one text, in order."""
        return ["\n".join(self._shown[ref]) for ref in self._places.get(place, ())]

    def post(self, place: str, ref: str, message: Message, under: str) -> None:
        lines = self._shown[ref] = list(show_message(message))
        self._places.setdefault(place, []).append(ref)
        self._write(f"posted in {place} as {ref}{under}", lines)

    def edit(self, place: str, ref: str, message: Message) -> None:
        before, after = self._shown.get(ref, []), list(show_message(message))
        self._shown[ref] = after
        self._write(
            f"edited {ref} in {place}: {message.card.title}", [one for one in ndiff(before, after) if one[0] in "+-"]
        )

    def _write(self, heading: str, lines: list[str]) -> None:
        again = lines in self._just
        self._just.append(lines)
        self._lines += [f"{heading} (likewise)"] if again else [heading, *(f"  {line}" for line in lines)]

    def note(self, line: str) -> None:
        self._lines.append(line)

    def take(self) -> list[str]:
        taken, self._lines, self._just = self._lines, [], []
        return taken


class BoardSurface(RecordingSurface):
    def __init__(self, name: str, board: Board, posted: int) -> None:
        super().__init__(name)
        self.board = board
        self.posted = posted
        self.closed: set[str] = set()  # places where nothing may be posted
        self.calendar = name == "discord"
        self.is_silent = False  # about who is there

    async def post(self, delivery: Delivery, message: Message) -> str:
        if delivery.place in self.closed:
            raise DeliveryError("The bot may not post there", closed=True)
        await super().post(delivery, message)
        self.posted += 1
        under = f" under {delivery.parent_ref}" if delivery.parent_ref else ""
        ref = f"{self.name}-ref-{self.posted}"
        self.board.post(delivery.place, ref, message, under)
        return ref

    async def edit(self, delivery: Delivery, message: Message) -> None:
        await super().edit(delivery, message)
        self.board.edit(delivery.place, delivery.ref, message)

    async def remove(self, delivery: Delivery) -> None:
        await super().remove(delivery)
        self.board.note(f"{delivery.ref} in {delivery.place} is taken away")

    async def unreact(self, emoji: Emoji) -> None:
        which = f" {emoji.number}" if emoji.number else ""
        self.board.note(f"took {emoji.account}'s reaction{which} from {emoji.ref} in {emoji.place}")

    async def is_here(self, place: str, account: str) -> bool:
        if self.is_silent:
            raise DeliveryError("no answer")
        return await super().is_here(place, account)

    async def tell(self, place: str, accounts: Sequence[str], text: str) -> None:
        self.board.note(f"told {', '.join(accounts)} of {place}: {text}")


@dataclass
class Actor(Person):
    """Whose requests are numbered by the play: the same whatever ran before it."""

    numbers: Iterator[int] = field(default_factory=count)
    asked: dict[str, Request] = field(default_factory=dict)  # the newest, by account

    async def _ask(self, request: Request) -> Reply:
        self.asked[self.account] = request
        return await super()._ask(request)

    async def asks_again(self) -> Reply:
        """As when a platform delivers it twice."""
        return await self._ask(self.asked[self.account])

    def _new(self) -> str:
        return f"played-{next(self.numbers)}"


@dataclass
class TownStage:
    town: Town
    board: Board
    numbers: Iterator[int]
    place: str = "web:readers"
    hears_channels: bool = True
    _replies: dict[str, Reply] = field(default_factory=dict)
    _asked: dict[str, Request] = field(default_factory=dict)
    _code: str = "0000-0000-0000-0000"  # the newest that was given out

    # what people do

    async def moves_to(self, now: str) -> Sequence[str]:
        """Looks twice, since a step may make the next one due."""
        await self.town.wait_until(now)
        await self.town.tick()
        return ()

    async def goes_in(self, place: str) -> Sequence[str]:
        self.place = place
        return ()

    async def says(self, who: str, line: str) -> Sequence[str]:
        return self._shown(who, await self._person(who).says(_typed(line, self._code)))

    async def presses(self, who: str, label: str, on: Target) -> Sequence[str]:
        buttons = await self._buttons(who, on)
        button = next((one for one in buttons if one.label.startswith(label)), None)
        if button is None:
            return [f"(no button {label!r}; there are: {', '.join(one.label for one in buttons)})"]
        return self._shown(who, await self._person(who).presses_button(button))

    async def chooses(self, who: str, label: str, values: Sequence[str], on: Target) -> Sequence[str]:
        cards = await self._cards(who, on)
        card = next((card for card in cards if any(one.label == label for one in card.selects)), None)
        if card is None:
            return [f"(no list {label!r}; there are: {', '.join(one.label for card in cards for one in card.selects)})"]
        return self._shown(who, await self._person(who).chooses(label, *values, card=card))

    async def sends(self, who: str, values: dict[str, str]) -> Sequence[str]:
        form = self._replies[who].form
        if form is None:
            return ["(no form)"]
        return self._shown(who, await self._person(who).sends(form, **values))

    async def does(self, who: str, what: str, with_: str) -> Sequence[str]:
        match what:
            case "completes":
                return await self._completed(who, with_)
            case "repeats":
                return self._shown(who, await self._person(who).asks_again())
            case "uses":
                return self._shown(who, await self._use(who, with_))
            case "reacts" | "unreacts":
                await self._react(who, with_, on=what == "reacts")
            case "leaves":
                self._surface().left.add(self._person(who).account)
            case "faulty":
                self._surface().faults[self.place] = with_
            case "silent":
                self._surface().is_silent = bool(with_)
            case "closed":
                self._surface().closed.add(self.place)
            case "unreachable":
                self._surface().refuse = with_
            case _:
                raise AssertionError(f"{who} {what}?")
        return ()

    async def _use(self, who: str, button: str) -> Reply:
        """A button that stands on a page which somebody opened long ago."""
        person = self._person(who)
        return await self.town.club.app.handle(person.request(*read_button(button), pressed=True))

    async def _react(self, who: str, title: str, *, on: bool) -> None:
        """To the newest message there with this in its title."""
        surface = self._surface().name
        ref = self.board.find(surface, title)
        assert await self.town.club.app.reacted(surface, Reaction(self._person(who).account, ref, on, who))
        await self.town.tick()

    async def arrived(self) -> Sequence[str]:
        arrived = self.board.take()
        return arrived if self.hears_channels else ()

    # what the operator takes out

    async def exported(self) -> dict[str, Any]:
        """But for the time at which it was written, which is the real one."""
        data = await export(self.town.club.settings, None)
        del data["written_at"]
        return data

    # who they are, and what they see

    def _person(self, who: str) -> Actor:
        surface, _, rest = self.place.partition(":")
        account = f"{surface}:{who.lower()}"
        if surface != "discord":
            return Actor(self.town, account, rest, numbers=self.numbers, asked=self._asked)
        roles = frozenset({"moderator"} if who == "Mod" else ())
        return Actor(self.town, account, None, self.place, who, roles, self.numbers, self._asked)

    def _surface(self) -> BoardSurface:
        adapters = self.town.club.adapters
        return next(one for one in adapters if isinstance(one, BoardSurface) and self.place.startswith(one.name))

    def _shown(self, who: str, reply: Reply) -> Sequence[str]:
        self._replies[who] = reply
        if found := CODE.search(reply.text):
            self._code = found[0]
        return [VERSION.sub("Paperclub VERSION", CODE.sub("CODE", line)) for line in show_reply(reply)]

    async def _completed(self, who: str, asked: str) -> Sequence[str]:
        command, parameter, typed = [*asked.split(" ", 2), ""][:3]
        offered = await self._person(who).completes(command, parameter, typed)
        return [f"{label} = {value}" for label, value in offered] or ["nothing"]

    async def _cards(self, who: str, on: Target) -> Sequence[Card]:
        """The newest first."""
        if not on.kind:
            return self._replies[who].cards
        group = next(one for one in self.town.club.all_groups if self.place in one.channels)
        posted = await self.town.club.app.stream(group.id, self.place, before=None, limit=200)
        cards = [one.message.card for one in reversed(posted)]
        return [card for card in cards if card.kind == on.kind and on.title in card.title]

    async def _buttons(self, who: str, on: Target) -> Sequence[Button]:
        offered = () if on.kind else self._replies[who].choices
        return [*offered, *(button for card in await self._cards(who, on) for button in card.buttons)]


def _typed(line: str, code: str) -> str:
    """`LONG(3)` is a text of three characters."""
    return re.sub(r"LONG\((\d+)\)", lambda found: "x" * int(found[1]), line.replace("CODE", code))


@asynccontextmanager
async def town_stage(
    folder: Path, *groups: GroupSettings, now: str, papers: Sequence[tuple[str, RawPaper]] = (), posted: int = 0
) -> AsyncIterator[TownStage]:
    """`papers` by the day on which the gazette announces them; `posted`: at least so many messages were, and requests,
    before a restart."""
    board, source = Board(), ListedSource()
    for day, paper in papers:
        source.announce(day, paper)
    surfaces = [BoardSurface(name, board, posted) for name in ("web", "discord")]
    async with town(folder, *groups, now=now, source=source, surfaces=surfaces) as running:
        yield TownStage(running, board, count(posted), groups[0].channels[0])
