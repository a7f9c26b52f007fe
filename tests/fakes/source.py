"""A source that announces what the test says, and fails when it says so."""

import asyncio
from datetime import date, time

from bot.errors import SourceError
from bot.model import Batch, RawPaper


class ListedSource:
    zone = "UTC"
    backlog: tuple[date, ...] = ()

    def __init__(self, name: str = "gazette", label: str = "The Gazette", settles: time = time(8)) -> None:
        self.name = name
        self.label = label
        self.settles = settles
        self.days: dict[date, list[RawPaper]] = {}
        self.down: SourceError | None = None
        self.asked: list[date] = []

    def announce(self, day: str, *papers: RawPaper) -> None:
        self.days.setdefault(date.fromisoformat(day), []).extend(papers)

    async def fetch(self, day: date) -> Batch:
        self.asked.append(day)
        if self.down:
            raise self.down
        return Batch(tuple(self.days.get(day, ())))


class HangingSource(ListedSource):
    """Does not answer before it is let go."""

    def __init__(self, name: str = "herald", label: str = "The Herald") -> None:
        super().__init__(name, label)
        self.waits = asyncio.Event()  # it was asked
        self.let_go = asyncio.Event()

    async def fetch(self, day: date) -> Batch:
        batch = await super().fetch(day)
        self.waits.set()
        await self.let_go.wait()
        return batch


def paper(number: int, title: str = "", *, upvotes: int | None = None, abstract: str = "") -> RawPaper:
    """An invented paper; the number makes its arXiv id."""
    title = title or f"Invented Paper Number {number}"
    text = abstract or f"Much is unknown. We propose method {number}, which learns faster. It works on three tasks."
    return RawPaper(title, text, arxiv_id=f"2611.{number:05}", authors=("Ada Example", "Bo Sample"), upvotes=upvotes)
