"""The verbs of the week in the Store over one SQLite file: which reads and which writes. See `bot.ports.week`."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from adapters.stores.sqlite import (
    attending,
    picks,
)
from adapters.stores.sqlite.reader import Reader
from adapters.stores.sqlite.writer import NoWriter, Writer
from bot.model import (
    Act,
    MeetingRole,
    Reading,
    RsvpAnswer,
)

P = ParamSpec("P")
T = TypeVar("T")


class WeekVerbs:
    def __init__(self, reader: Reader, writer: Writer | NoWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def _write(
        self, verb: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """For verbs that still hold a rule."""
        return await self._writer.run(lambda rows: verb(rows.connection, *args, **kwargs))

    def _read_here(self, verb: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._reader.run_here(lambda rows: verb(rows.connection, *args, **kwargs))

    # sessions

    # what members do for a session

    async def rsvp(self, act: Act, session: int, answer: RsvpAnswer | None) -> bool:
        return await self._write(attending.rsvp, act, session, answer)

    async def check_in(self, act: Act, session: int, reading: Reading) -> bool:
        return await self._write(attending.check_in, act, session, reading)

    async def take_role(self, act: Act, session: int, role: MeetingRole) -> bool:
        return await self._write(attending.take_role, act, session, role)

    async def ask(self, act: Act, session: int, text: str) -> None:
        await self._write(attending.ask, act, session, text)

    async def withdraw_question(self, act: Act, question: int) -> bool:
        return await self._write(attending.withdraw_question, act, question)

    async def cast_ballot(self, act: Act, session: int, ranking: Sequence[Sequence[int]]) -> None:
        await self._write(picks.cast_ballot, act, session, ranking)

    async def write_recap(self, act: Act, session: int, takeaways: Sequence[str], rating: int | None) -> None:
        await self._write(attending.write_recap, act, session, takeaways, rating)

    # claims

    # near-winners

    # entries and members

    # looking back
