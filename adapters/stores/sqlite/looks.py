"""When each group is to be looked at next. See `bot.ports.rows.looks`."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from adapters.stores.sqlite.columns import moment, stamp

DUE = "SELECT id FROM groups WHERE look_at <= ? ORDER BY look_at, id LIMIT ?"
PUT = "UPDATE groups SET look_at = ? WHERE id = ? AND look_at = ?"
HASTEN = "UPDATE groups SET look_at = ? WHERE id = ? AND look_at > ?"
HASTEN_ALL = "UPDATE groups SET look_at = ? WHERE look_at > ?"


class Looks:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        return [group for (group,) in self._connection.execute(DUE, (stamp(now), limit))]

    def next(self, group: str) -> datetime:
        (at,) = self._connection.execute("SELECT look_at FROM groups WHERE id = ?", (group,)).fetchone()
        return moment(at)

    def hold(self, groups: Collection[str], until: datetime) -> None:
        sql = "UPDATE groups SET look_at = ? WHERE id = ?"
        self._connection.executemany(sql, [(stamp(until), group) for group in groups])

    def put(self, looks: Mapping[str, datetime], held: datetime) -> None:
        self._connection.executemany(PUT, [(stamp(at), group, stamp(held)) for group, at in looks.items()])

    def hasten(self, group: str, at: datetime) -> None:
        self._connection.execute(HASTEN, (stamp(at), group, stamp(at)))

    def hasten_all(self, at: datetime) -> None:
        self._connection.execute(HASTEN_ALL, (stamp(at), stamp(at)))
