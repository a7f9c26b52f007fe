"""Rows of two members who become one. See `bot.ports.rows.links`.

What refers to a member is read from the schema, so that a new table is moved like the others. One whose key holds the
member needs a column `at`.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from adapters.stores.sqlite.columns import moment, stamp
from bot.ports.rows.links import LinkCode, Membership, OneOfEach

CODE = "SELECT member_id, until FROM link_code WHERE hash = ?"
PUT_CODE = """
INSERT INTO link_code (member_id, hash, until) VALUES (?, ?, ?)
ON CONFLICT (member_id) DO UPDATE SET hash = excluded.hash, until = excluded.until
"""
DROP_CODE = "DELETE FROM link_code WHERE member_id = ?"

MEMBERSHIPS = "SELECT * FROM membership WHERE member_id = ? ORDER BY group_id"
PUT_MEMBERSHIP = """
INSERT INTO membership (group_id, member_id, role, name, joined_at, on_rota, away_from, away_until)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET role = excluded.role, name = excluded.name, joined_at = excluded.joined_at,
    on_rota = excluded.on_rota, away_from = excluded.away_from, away_until = excluded.away_until
"""
DROP_MEMBERSHIP = "DELETE FROM membership WHERE group_id = ? AND member_id = ?"
MOVE_ACCOUNTS = "UPDATE account SET member_id = :new WHERE member_id = :old"
DROP_MEMBER = "DELETE FROM member WHERE id = ?"

# Every column that holds a member of a group, as the schema tells by its foreign keys; `keyed` where it is in the key.
REFERENCES = """
SELECT tables.name AS of, reference."from" AS name, this.pk > 0 AS keyed
FROM sqlite_schema AS tables
JOIN pragma_foreign_key_list(tables.name) AS reference
JOIN pragma_table_info(tables.name) AS this ON this.name = reference."from"
WHERE tables.type = 'table' AND tables.name <> 'membership'
    AND reference."table" IN ('member', 'membership') AND reference."from" <> 'group_id'
    AND EXISTS (SELECT 1 FROM pragma_table_info(tables.name) WHERE name = 'group_id')
ORDER BY of, name
"""
COLUMNS = "SELECT name, pk > 0 AS keyed FROM pragma_table_info(?)"
TABLES: Mapping[OneOfEach, str] = {"vote": "vote_source", "pass": "pass", "seconding": "seconding"}


class Links:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def code(self, code_hash: str) -> LinkCode | None:
        row = self._connection.execute(CODE, (code_hash,)).fetchone()
        return LinkCode(row["member_id"], moment(row["until"])) if row else None

    def memberships(self, member: int) -> Sequence[Membership]:
        return [_read(row) for row in self._connection.execute(MEMBERSHIPS, (member,))]

    def put_code(self, member: int, code_hash: str, until: datetime) -> None:
        self._connection.execute(PUT_CODE, (member, code_hash, stamp(until)))

    def drop_code(self, member: int) -> None:
        self._connection.execute(DROP_CODE, (member,))

    def put_membership(self, member: int, held: Membership) -> None:
        first, last = (day.isoformat() if day else None for day in held.leave or (None, None))
        row = (held.group, member, held.role, held.name, stamp(held.joined_at), held.on_rota, first, last)
        self._connection.execute(PUT_MEMBERSHIP, row)

    def move_all(self, group: str, old: int, new: int, earlier: Collection[OneOfEach]) -> None:
        key = {"group": group, "old": old, "new": new}
        stays = {TABLES[what] for what in earlier}
        for of, name, keyed in self._connection.execute(REFERENCES).fetchall():
            if keyed:
                self._connection.execute(self._copy(of, name, "<" if of in stays else ">"), key)
                self._connection.execute(f"DELETE FROM {of} WHERE group_id = :group AND {name} = :old", key)  # noqa: S608 - of the schema
            else:
                self._connection.execute(
                    f"UPDATE {of} SET {name} = :new WHERE group_id = :group AND {name} = :old",  # noqa: S608 - of the schema
                    key,
                )

    def _copy(self, of: str, member: str, wins: str) -> str:
        """Rows of the old member as the new one's; of two with the same key the one whose time wins."""
        columns = {name: keyed for name, keyed in self._connection.execute(COLUMNS, (of,)) if name != member}
        names = ", ".join(columns)
        taken = ", ".join(f"{name} = excluded.{name}" for name, keyed in columns.items() if not keyed)
        return f"""INSERT INTO {of} ({names}, {member})
            SELECT {names}, :new FROM {of} WHERE group_id = :group AND {member} = :old
            ON CONFLICT DO UPDATE SET {taken} WHERE excluded.at {wins} at"""  # noqa: S608 - of the schema

    def drop_membership(self, group: str, member: int) -> None:
        self._connection.execute(DROP_MEMBERSHIP, (group, member))

    def move_accounts(self, old: int, new: int) -> None:
        self._connection.execute(MOVE_ACCOUNTS, {"old": old, "new": new})

    def drop_member(self, member: int) -> None:
        self._connection.execute(DROP_MEMBER, (member,))


def _read(row: sqlite3.Row) -> Membership:
    first, last = (date.fromisoformat(text) if text else None for text in (row["away_from"], row["away_until"]))
    return Membership(
        group=row["group_id"],
        role=row["role"],
        name=row["name"],
        joined_at=moment(row["joined_at"]),
        on_rota=bool(row["on_rota"]),
        leave=(first, last) if first else None,
    )
