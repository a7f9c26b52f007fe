"""Rows of two members who become one. See `bot.ports.rows.links`.

Whatever table refers to members must be moved here; the foreign keys see to it that none is forgotten.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from adapters.stores.sqlite.columns import moment, stamp
from bot.ports.rows.links import LinkCode, Membership, OneOfEach, Stays

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

# Columns that hold a member of the group and are in no key with it: nothing can be in the way.
PLAIN = (
    ("audit", "member_id"),
    ("override", "member_id"),
    ("entry", "submitted_by"),
    ("session", "presenter"),
    ("pick", "member_id"),
    ("ballot", "member_id"),
    ("question", "member_id"),
    ("meeting_role", "member_id"),
    ("vote_span", "member_id"),
    ("claim", "member_id"),
)
MOVE_ALL = tuple(
    f"UPDATE {table} SET {column} = :new WHERE group_id = :group AND {column} = :old"  # noqa: S608 - constants
    for table, column in PLAIN
)

# Tables with one row of each member: the rest of the key, and what else stands in it.
KEYED: dict[OneOfEach, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "vote": ("vote_source", ("entry_id", "via"), ()),
    "pass": ("pass", ("entry_id",), ()),
    "seconding": ("seconding", ("session_id", "entry_id"), ()),
    "answer": ("rsvp", ("session_id",), ("answer",)),
    "reading": ("reading", ("session_id",), ("state",)),
    "recap": ("recap", ("session_id",), ("takeaways", "rating")),
}
WINS: dict[Stays, str] = {"earlier": "<", "newer": ">"}


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

    def move_all(self, group: str, old: int, new: int) -> None:
        for sql in MOVE_ALL:
            self._connection.execute(sql, {"group": group, "old": old, "new": new})

    def move_each(self, group: str, old: int, new: int, what: OneOfEach, stays: Stays) -> None:
        table, names, values = KEYED[what]
        columns = ", ".join(("group_id", *names, *values, "at"))
        taken = ", ".join(f"{name} = excluded.{name}" for name in (*values, "at"))
        key = {"group": group, "old": old, "new": new}
        self._connection.execute(
            f"""INSERT INTO {table} ({columns}, member_id)
            SELECT {columns}, :new FROM {table} WHERE group_id = :group AND member_id = :old
            ON CONFLICT DO UPDATE SET {taken} WHERE excluded.at {WINS[stays]} at""",  # noqa: S608 - constants
            key,
        )
        self._connection.execute(
            f"DELETE FROM {table} WHERE group_id = :group AND member_id = :old",  # noqa: S608 - a constant
            key,
        )

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
