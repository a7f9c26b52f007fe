"""Rows of what members do for a meeting. See `bot.ports.rows.attendance`."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.archive import archive
from adapters.stores.sqlite.fairness import efforts
from adapters.stores.sqlite.rooms import room
from bot.model import Archived, Effort, Room


class Attendance:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def room(self, group: str, session: int) -> Room | None:
        return room(self._connection, group, session)

    def archive(self, group: str, query: str, now: datetime, limit: int) -> tuple[Sequence[Archived], int]:
        return archive(self._connection, group, query, now, limit)

    def efforts(self, group: str, now: datetime, limit: int) -> Sequence[Effort]:
        return efforts(self._connection, group, now, limit)
