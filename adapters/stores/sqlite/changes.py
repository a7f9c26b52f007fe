"""What changed, in order, for live pages. Knows no cause."""

import sqlite3
from collections.abc import Sequence

from bot.model import Change

NEWEST = 2**63 - 1  # after it there is none; more than that SQLite can't compare


class Changes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, group: str, what: str) -> None:
        self._connection.execute("INSERT INTO change (group_id, what) VALUES (?, ?)", (group, what))

    def changes(self, group: str, after: int, limit: int) -> Sequence[Change]:
        sql = "SELECT seq, group_id, what FROM change WHERE group_id = ? AND seq > ? ORDER BY seq LIMIT ?"
        found = [Change(*row) for row in self._connection.execute(sql, (group, min(after, NEWEST), limit))]
        # Some were tidied away; or the page has seen what this database, restored from a backup, has not. Nothing seen
        # and nothing left is a group without changes, not a gap.
        oldest, newest = _ends(self._connection)
        if ((found or after) and after < oldest - 1) or after > newest:
            return [Change(self.last_change(group), group, "reset")]
        return found

    def last_change(self, group: str) -> int:
        sql = "SELECT seq FROM change WHERE group_id = ? ORDER BY seq DESC LIMIT 1"
        row = self._connection.execute(sql, (group,)).fetchone()
        return int(row["seq"]) if row else 0

    def count(self) -> int:
        oldest, newest = _ends(self._connection)
        return newest - oldest + 1 if newest else 0

    def drop_old(self, kept: int) -> None:
        _, newest = _ends(self._connection)
        self._connection.execute("DELETE FROM change WHERE seq <= ?", (newest - kept,))


def _ends(connection: sqlite3.Connection) -> tuple[int, int]:
    oldest, newest = connection.execute(
        "SELECT (SELECT coalesce(min(seq), 0) FROM change), (SELECT coalesce(max(seq), 0) FROM change)"
    ).fetchone()
    return oldest, newest
