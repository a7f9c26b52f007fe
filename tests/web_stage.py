"""The web page before the whole program as a stage for scripts: what its answers and pages say, by plain HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from adapters.chat.web import Web, guard
from bot.cards import Button, Card
from bot.compose import Club, opened
from bot.model import DaySettings, GroupSettings, Settings, WebSettings, WeekSettings
from bot.operate import export
from bot.outbox import settle_all
from bot.serve import offer_codes
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource, paper
from tests.playing import Target

FRIDAY = "2026-11-20 07:00"
READERS = GroupSettings(
    id="readers",
    name="Readers",
    timezone="Europe/Berlin",
    channels=("web:readers",),
    day=DaySettings(cards=2, layout="channel"),
    week=WeekSettings(session="thu 17:00", place="https://meet.example/r", rule="schulze", roles=("critic", "scribe")),
)
TITLES = ("Diffusion for Cats", "Attention for Dogs", "Sampling for Fish", "Ranking <b>for</b> Birds")
FETCH = {"X-Requested-With": "fetch"}
MANY = 1000  # requests at once
UNSEEN = {"script", "style", "title"}
NAMES = (
    (re.compile(r"https?://(127\.0\.0\.1|localhost):\d+"), "http://HOST"),
    (re.compile(r"calendar/[\w.-]+\.ics"), "calendar/TICKET.ics"),
    (re.compile(r"webcal://[^/\s]+"), "webcal://HOST"),
    (re.compile(r"static/([\w.-]+)\?\S*"), r"static/\1"),
    (re.compile(r"\b[0-9A-F]{4}(-[0-9A-F]{4}){3}\b"), "CODE"),
    (re.compile(r"Paperclub \d+\.\d+\.\d+"), "Paperclub VERSION"),
)


class Seen(HTMLParser):
    """What a page shows, a line for each text, with where its links and buttons lead."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in ("input", "meta", "link", "img", "br"):
            self._open.append(tag)
        if mark := _mark(tag, given):
            self.lines.append(mark)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not UNSEEN & {*self._open}:
            self.lines += (" ".join(line.split()) for line in data.splitlines() if line.strip())


def _mark(tag: str, given: Mapping[str, str]) -> str:
    match tag:
        case "a":
            return f"→ {given.get('href', '')}"
        case "button" if "value" in given:
            pressed = f" ({given['aria-pressed']})" if "aria-pressed" in given else ""
            return f"[{given['value']}]{pressed}"
        case "article":
            return f"# {given.get('id', '')} {given.get('class', '')}"
        case "input" if given.get("type") not in ("hidden", None):
            return f"<{given.get('name', '')}> {given.get('value', '')}"
    return ""


def seen_in(html: str) -> list[str]:
    page = Seen()
    page.feed(re.sub("</?time[^>]*>", "", html))  # within a sentence
    return page.lines


@dataclass
class WebStage:
    club: Club
    clock: MovableClock
    address: str
    code: str
    visitors: AsyncExitStack
    _sessions: dict[str, ClientSession] = field(default_factory=dict)
    _cards: dict[str, str] = field(default_factory=dict)  # what each showed, by the message's id
    _asked: int = 0

    # what people do

    async def moves_to(self, now: str) -> Sequence[str]:
        self.clock.move_to(now)
        for _ in range(2):
            await self.club.collector.catch_up()
            await self.club.schedule.tick()
            await settle_all(self.club.outboxes)
        return ()

    async def goes_in(self, place: str) -> Sequence[str]:
        raise AssertionError("there is one group")

    async def says(self, who: str, line: str) -> Sequence[str]:
        """CODE is what the program printed at its start."""
        return await self._post(who, "say", line=line.replace("CODE", self.code))

    async def presses(self, who: str, label: str, on: Target) -> Sequence[str]:
        button = await self._button(label, on)
        return await self._post(who, "press", button=button.id) if button else [f"(no button {label!r})"]

    async def chooses(self, who: str, label: str, values: Sequence[str], on: Target) -> Sequence[str]:
        raise AssertionError("lists are forms on the page: sends")

    async def sends(self, who: str, values: dict[str, str]) -> Sequence[str]:
        """`button` is the form's."""
        filled = {f"arg.{name}": value for name, value in values.items() if name != "button"}
        return await self._post(who, "fill", button=values["button"], **filled)

    async def does(self, who: str, what: str, with_: str) -> Sequence[str]:
        match what:
            case "joins":
                return await self._post(who, "join", name=with_)
            case "reads":
                return await self._get(who, with_)
            case "uses":
                return await self._post(who, "press", button=with_)
        raise AssertionError(f"{who} {what}?")

    async def arrived(self) -> Sequence[str]:
        """The messages of the page that are other ones than before, by their titles."""
        cards = {f"message {one.id}": str(one.message) for one in await self._stream()}
        fresh = [f"~ {name}" for name, shown in cards.items() if self._cards.get(name) != shown]
        self._cards = cards
        return fresh

    # by HTTP

    async def _post(self, who: str, path: str, **form: str) -> Sequence[str]:
        self._asked += 1
        data = {"nonce": f"played{self._asked:06}", **form}
        session = await self._session(who)
        async with session.post(f"{self.address}/g/readers/{path}", data=data, headers=FETCH) as answer:
            lines = _told(answer.status, await answer.text())
        self.clock.move(seconds=5)
        await settle_all(self.club.outboxes)
        return lines

    async def _get(self, who: str, path: str) -> Sequence[str]:
        async with (await self._session(who)).get(f"{self.address}/g/readers{path}") as answer:
            return _told(answer.status, await answer.text())

    async def _session(self, who: str) -> ClientSession:
        if who not in self._sessions:
            made = ClientSession(cookie_jar=CookieJar(unsafe=True))
            self._sessions[who] = await self.visitors.enter_async_context(made)
        return self._sessions[who]

    async def _stream(self) -> Sequence[Any]:
        return await self.club.app.stream("readers", "web:readers", before=None, limit=200)

    async def _button(self, label: str, on: Target) -> Button | None:
        cards: list[Card] = [one.message.card for one in reversed(await self._stream())]
        fitting = [card for card in cards if card.kind == on.kind and on.title in card.title]
        buttons = (button for card in fitting for button in card.buttons)
        return next((one for one in buttons if one.label.startswith(label)), None)

    async def exported(self) -> dict[str, Any]:
        data = await export(self.club.settings, None)
        del data["written_at"]
        return data


def _told(status: int, body: str) -> list[str]:
    lines = body.splitlines() if body.startswith("BEGIN:VCALENDAR") else seen_in(body)
    return [*([] if status == 200 else [f"status {status}"]), *map(_named, lines)]


def _named(line: str) -> str:
    for pattern, name in NAMES:
        line = pattern.sub(name, line)
    return line


@asynccontextmanager
async def web_stage(folder: Path) -> AsyncIterator[WebStage]:
    """Mod moderates by a code, as whoever starts the program does."""
    clock, source = MovableClock(FRIDAY), ListedSource()
    source.announce("2026-11-20", *(paper(n, title, upvotes=9 - n) for n, title in enumerate(TITLES, 1)))
    web = Web(WebSettings(port=0), [READERS], folder / "web.key")
    settings = Settings(database=str(folder / "town.db"), groups=(READERS,))
    async with (
        opened(settings, clock=clock, sources=[source], adapters=[web], finders=[]) as club,
        serving(web, club),
        AsyncExitStack() as visitors,
    ):
        codes = await offer_codes(club)
        yield WebStage(club, clock, web.address, codes["readers"], visitors)


@asynccontextmanager
async def serving(web: Web, club: Club) -> AsyncIterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "Buckets", partial(guard.Buckets, burst=MANY))  # it looks at a real clock
        running = asyncio.create_task(web.run(club.app))
        await web.bound.wait()
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
