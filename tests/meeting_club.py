"""A group that meets on Thursdays at 17:00 in Berlin, for tests of its week: papers on the list, members by name."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.cards import Button, Card, Message, Reply
from bot.model import WeekSettings
from tests.club import BERLIN, Person, Town, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface
from tests.spoken import as_spoken

LISTED = "2026-11-20 08:00"  # a Friday: six papers are posted, the next meeting is on Thursday 26 November
OPENED = "2026-11-20 16:00"  # nominations
SHORTLISTED = "2026-11-21 16:00"
CLOSED = "2026-11-22 16:00"  # the vote; a paper is picked
NAMED = "2026-11-23 16:00"  # by the rota, where nobody has offered
ANSWERED = "2026-11-24 16:00"  # by the presenter
GATHERED = "2026-11-25 16:00"  # the thread is open, a day before
STARTED, OVER = "2026-11-26 16:00", "2026-11-26 17:00"
RECAPPED = "2026-11-26 17:10"
TITLES = (
    "Sparse Attention Is Enough",
    "Tiny Verifiers",
    "What Diffusion Forgets",
    "Watermarks for Short Texts",
    "Learning to Rank Readers",
    "A Second Look at Dropout",
)


@dataclass
class MeetingClub:
    """`ann`, `bob` and `cid` are members; `mod` is one too, and a moderator."""

    town: Town
    ann: Person
    bob: Person
    cid: Person
    mod: Person

    async def to(self, now: str) -> None:
        """Looks twice, since a step may make the next one due."""
        await self.town.wait_until(now)
        await self.town.tick()

    async def cards(self, kind: str) -> list[Card]:
        return [card for card in await self.town.channel() if card.kind == kind]

    async def card(self, kind: str) -> Card:
        """The newest of its kind."""
        return (await self.cards(kind))[-1]

    async def messages(self, kind: str) -> list[Message]:
        posted = await self.town.club.app.stream("readers", "web:readers", before=None, limit=200)
        return [as_spoken(item.message) for item in posted if item.message.card.kind == kind]

    async def vote(self, *papers: int) -> None:
        """As many vote for the first paper as there are papers, one less for the next …"""
        voters = (self.ann, self.bob, self.cid, self.mod)
        for place, number in enumerate(papers):
            for voter in voters[: len(papers) - place]:
                assert (await voter.says(f"/paper vote {number}")).ok

    async def pick(self, *papers: int) -> Card:
        """Votes, and waits for the close."""
        await self.vote(*papers)
        await self.to(CLOSED)
        return await self.card("pick")


@asynccontextmanager
async def meetings(
    folder: Path, now: str = LISTED, session: str = "thu 17:00", surfaces: Sequence[RecordingSurface] = (), **week: Any
) -> AsyncIterator[MeetingClub]:
    settings = WeekSettings(session=session, **{"place": "Room 2.01", **week})
    group = replace(BERLIN, moderators=("web:mod",), week=settings)
    source = ListedSource()
    source.announce("2026-11-20", *(paper(n, title, upvotes=90 - n) for n, title in enumerate(TITLES, 1)))
    async with town(folder, group, now=now, source=source, surfaces=surfaces) as club:
        await club.tick()
        yield MeetingClub(club, *[await club.member(name) for name in ("Ann", "Bob", "Cid", "Mod")])


def fields(card: Card) -> dict[str, str]:
    return {field.name: field.value for field in card.fields}


def labels(shown: Card | Reply) -> list[str]:
    buttons: Sequence[Button] = shown.buttons if isinstance(shown, Card) else shown.choices
    return [button.label for button in buttons]
