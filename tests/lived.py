"""The year of tests/year.py, lived once for all tests of a process, and what is kept of each group's."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.compose import opened
from bot.model import LogEntry, Pick, Session, Settings, Turn
from bot.operate import export
from bot.outbox import settle_all
from bot.voting.recount import VERSION, recount
from bot.week import presenter, rota
from tests.fakes.clock import MovableClock
from tests.town_stage import Board, BoardSurface
from tests.year import BEGINS, ENDS, GROUPS, Life, year

Data = dict[str, Any]


@dataclass
class Naming:
    """The rota named somebody: what it was asked, and what it answered."""

    on: date
    starts: datetime
    turns: Sequence[Turn]
    absent: frozenset[int]
    named: int | None


@dataclass
class Past:
    """One group's year, as it stands at its end."""

    life: Life
    sessions: list[Session]  # that are over
    log: list[LogEntry]
    picks: Mapping[int, Sequence[Pick]]
    namings: list[Naming]
    data: Data  # its export
    shown: list[str] = field(default_factory=list)  # in its channel, when all is delivered at once

    @property
    def differences(self) -> list[str]:
        """Between the export and a recount of it."""
        return [str(one) for one in recount(self.export) if not one.is_same]

    @property
    def export(self) -> Data:
        return {"version": VERSION, "groups": [self.data]}

    def actions(self, session: Session) -> list[str]:
        return [step.action for step in self.log if step.session == session.id]


Years = Mapping[str, Past]


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    namings: list[Naming] = []

    def name(turns: Sequence[Turn], on: date, starts: datetime, absent: Any, named: Any) -> Turn | None:
        found = rota.next_turn(turns, on, starts, absent, named)
        namings.append(Naming(on, starts, turns, frozenset(absent), found.member.id if found else None))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(presenter, "next_turn", name)
        yield asyncio.run(_live(tmp_path_factory.mktemp("year"), namings))


async def _live(folder: Path, namings: list[Naming]) -> Years:
    settings = Settings(database=str(folder / "year.db"), groups=GROUPS)
    async with year(folder) as one:
        await one.live()
        data = {group["id"]: group for group in (await export(settings, None))["groups"]}
        pasts = {id: await _past(life, namings, data[id]) for id, life in one.lives.items()}
    shown = await _delivered(settings)
    return {id: replace(past, shown=shown[id]) for id, past in pasts.items()}


async def _past(life: Life, namings: list[Naming], data: Data) -> Past:
    sessions = [
        one
        for one in await life.club.store.read(lambda rows: rows.sessions.sessions(life.id, BEGINS))
        if one.ends < ENDS
    ]
    picks = {
        session.id: await life.club.store.read(lambda rows: rows.picks.picks(life.id, session.id))
        for session in sessions
    }
    members = {member.id for member in life.club.members.values()}
    own = [naming for naming in namings if {turn.member.id for turn in naming.turns} <= members]
    return Past(life, sessions, await life.club.log(), picks, own, data)


async def _delivered(settings: Settings) -> Mapping[str, list[str]]:
    """What every message of the year says at its end, in each group's channel."""
    board = Board()
    surface, clock = BoardSurface("web", board, 0), MovableClock(f"{ENDS:%Y-%m-%d %H:%M}")
    async with opened(settings, clock=clock, sources=[], adapters=[surface], finders=[]) as club:
        await settle_all(club.outboxes)
    return {group.id: board.told_in(f"web:{group.id}") for group in GROUPS}
