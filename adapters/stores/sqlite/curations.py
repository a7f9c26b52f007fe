"""What moderators chose for the lists to come. See `bot.ports.rows.curations`."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.columns import moment, stamp
from bot.model import Curation, Member

OF = """
SELECT paper.key, paper.title, curation.at, curation.hidden, curation.member_id, membership.name, membership.role
FROM curation CROSS JOIN paper ON paper.id = curation.paper_id
CROSS JOIN membership ON membership.group_id = curation.group_id AND membership.member_id = curation.member_id
WHERE curation.group_id = ? ORDER BY curation.at DESC, curation.paper_id DESC
"""
PUT = """
INSERT INTO curation (group_id, paper_id, member_id, at, hidden)
VALUES (?, (SELECT id FROM paper WHERE key = ?), ?, ?, ?)
ON CONFLICT (group_id, paper_id) DO UPDATE SET
    member_id = excluded.member_id, at = excluded.at, hidden = excluded.hidden
"""
DROP = """
DELETE FROM curation WHERE group_id = ? AND paper_id IN (
    SELECT paper.id FROM json_each(?) AS wish CROSS JOIN paper ON paper.key = wish.value)
"""
DROP_OLD = "DELETE FROM curation WHERE at < ?"


class Curations:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, group: str) -> Sequence[Curation]:
        return [
            Curation(
                row["key"],
                row["title"],
                Member(row["member_id"], row["name"], row["role"]),
                moment(row["at"]),
                bool(row["hidden"]),
            )
            for row in self._connection.execute(OF, (group,))
        ]

    def put(self, group: str, key: str, member: int, at: datetime, *, hidden: bool) -> None:
        self._connection.execute(PUT, (group, key, member, stamp(at), hidden))

    def drop(self, group: str, keys: Sequence[str]) -> None:
        self._connection.execute(DROP, (group, json.dumps(list(keys))))

    def drop_old(self, before: datetime) -> None:
        self._connection.execute(DROP_OLD, (stamp(before),))
