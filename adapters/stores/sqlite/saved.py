"""Papers that members keep to read. See `bot.ports.rows.saved`."""

import sqlite3
from collections.abc import Sequence

from adapters.stores.sqlite.columns import moment, stamp
from bot.model import Saved

OF = "SELECT key, title, url, at FROM saved WHERE group_id = ? AND member_id = ? ORDER BY at DESC, key"
PUT = "INSERT INTO saved (group_id, member_id, key, title, url, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
DROP = "DELETE FROM saved WHERE group_id = ? AND member_id = ? AND key = ?"


class SavedPapers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, group: str, member: int) -> Sequence[Saved]:
        rows = self._connection.execute(OF, (group, member))
        return [Saved(row["key"], row["title"], row["url"], moment(row["at"])) for row in rows]

    def put(self, group: str, member: int, saved: Saved) -> bool:
        row = (group, member, saved.key, saved.title, saved.url, stamp(saved.at))
        return self._connection.execute(PUT, row).rowcount > 0

    def drop(self, group: str, member: int, key: str) -> None:
        self._connection.execute(DROP, (group, member, key))
