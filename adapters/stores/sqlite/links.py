"""Rows of two members who become one. See `bot.ports.rows.links`.

What refers to a member is read from the schema, so that a new table is moved like the others. One whose key holds the
member needs a column `at`; of others, `CHANGED` has what a link changes beside the member.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from bot.ports.rows.links import Belonging, Link, LinkCode, Membership, OneOfEach

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
ACCOUNTS = "SELECT id FROM account WHERE member_id = ? ORDER BY id"
MOVE_ACCOUNTS = """
UPDATE account SET member_id = :new
WHERE member_id = :old AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)))
"""

LINK = "SELECT id, stays, goes, stays_agreed, goes_agreed, made_at, until FROM link"
ONE = f"{LINK} WHERE id = ?"
ASKED = f"""{LINK} WHERE (stays = :member OR goes = :member) AND made_at IS NULL AND until > :now
ORDER BY id DESC LIMIT 1
"""
MADE = f"{LINK} WHERE stays = :member AND made_at IS NOT NULL AND until > :now ORDER BY id DESC LIMIT 1"
BROUGHT = "SELECT brought FROM link WHERE id = ?"
ASK = "INSERT INTO link (stays, goes, until) VALUES (?, ?, ?)"
AGREE = """
UPDATE link SET stays_agreed = max(stays_agreed, stays = :member), goes_agreed = max(goes_agreed, goes = :member)
WHERE id = :link
"""
DROP_ASKED = "DELETE FROM link WHERE (stays = :member OR goes = :member) AND made_at IS NULL"
MAKE = "UPDATE link SET made_at = ?, until = ?, brought = ? WHERE id = ?"
DROP = "DELETE FROM link WHERE id = ?"
DROP_OLD = "DELETE FROM link WHERE until <= ? RETURNING goes"
# Who has no account is in no group either.
DROP_MEMBER = """
DELETE FROM member WHERE id = :member
    AND NOT EXISTS (SELECT 1 FROM account WHERE member_id = :member)
    AND NOT EXISTS (SELECT 1 FROM link WHERE stays = :member OR goes = :member)
"""

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
CHANGED: Mapping[str, Sequence[str]] = {
    "vote_span": ("retracted_at",),
    "claim": ("released_at", "slept_at", "kind"),
}
COLUMNS = "SELECT name, pk > 0 AS keyed FROM pragma_table_info(?)"
TABLES: Mapping[OneOfEach, str] = {"vote": "vote_source", "pass": "pass", "seconding": "seconding"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds a member of a group."""

    table: str
    name: str
    keyed: bool
    columns: Mapping[str, bool]  # the table's others, and whether they are in its key

    @property
    def key(self) -> Sequence[str]:
        """Besides the group and the member."""
        return [name for name, in_key in self.columns.items() if in_key and name != "group_id"]

    @property
    def changing(self) -> Sequence[str]:
        """What a link may change in a row beside the member."""
        if self.keyed:
            return [name for name, in_key in self.columns.items() if not in_key]
        return CHANGED.get(self.table, ())


class Links:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: Sequence[Reference] = ()

    def code(self, code_hash: str) -> LinkCode | None:
        row = self._connection.execute(CODE, (code_hash,)).fetchone()
        return LinkCode(row["member_id"], moment(row["until"])) if row else None

    def link(self, link: int) -> Link | None:
        row = self._connection.execute(ONE, (link,)).fetchone() if is_row_id(link) else None
        return _read_link(row) if row else None

    def asked(self, member: int, now: datetime) -> Link | None:
        row = self._connection.execute(ASKED, {"member": member, "now": stamp(now)}).fetchone()
        return _read_link(row) if row else None

    def made(self, member: int, now: datetime) -> Link | None:
        row = self._connection.execute(MADE, {"member": member, "now": stamp(now)}).fetchone()
        return _read_link(row) if row else None

    def brought(self, link: int) -> str:
        row = self._connection.execute(BROUGHT, (link,)).fetchone()
        return str(row["brought"]) if row else ""

    def accounts(self, member: int) -> Sequence[str]:
        return [account for (account,) in self._connection.execute(ACCOUNTS, (member,))]

    def ask(self, stays: int, goes: int, until: datetime) -> Link:
        id = self._connection.execute(ASK, (stays, goes, stamp(until))).lastrowid or 0
        return Link(id, stays, goes, frozenset(), None, until)

    def agree(self, link: int, member: int) -> None:
        self._connection.execute(AGREE, {"link": link, "member": member})

    def drop_asked(self, member: int) -> None:
        self._connection.execute(DROP_ASKED, {"member": member})

    def make(self, link: int, at: datetime, until: datetime, brought: str) -> None:
        self._connection.execute(MAKE, (stamp(at), stamp(until), brought, link))

    def drop(self, link: int) -> None:
        self._connection.execute(DROP, (link,))

    def drop_old(self, now: datetime) -> None:
        gone = self._connection.execute(DROP_OLD, (stamp(now),)).fetchall()
        self._connection.executemany(DROP_MEMBER, [{"member": member} for (member,) in gone])

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
        for one in self._references():
            of, name = one.table, one.name
            if one.keyed:
                self._connection.execute(_copy(one, "<" if of in stays else ">"), key)
                self._connection.execute(f"DELETE FROM {of} WHERE group_id = :group AND {name} = :old", key)  # noqa: S608 - of the schema
            else:
                self._connection.execute(
                    f"UPDATE {of} SET {name} = :new WHERE group_id = :group AND {name} = :old",  # noqa: S608 - of the schema
                    key,
                )

    def _references(self) -> Sequence[Reference]:
        """Read once: the schema stays while the file is open."""
        self._known = self._known or [
            Reference(of, name, bool(keyed), self._columns(of, name))
            for of, name, keyed in self._connection.execute(REFERENCES).fetchall()
        ]
        return self._known

    def _columns(self, of: str, member: str) -> Mapping[str, bool]:
        rows = self._connection.execute(COLUMNS, (of,))
        return {name: bool(in_key) for name, in_key in rows if name != member}

    def belongings(self, group: str, member: int) -> Sequence[Belonging]:
        return [found for one in self._references() for found in self._of(one, group, member)]

    def _of(self, one: Reference, group: str, member: int) -> Iterator[Belonging]:
        about = ["entry_id"] if one.table in CHANGED else []
        names = ", ".join((*one.key, *one.changing, *about))
        sql = f"SELECT {names} FROM {one.table} WHERE group_id = ? AND {one.name} = ?"  # noqa: S608 - of the schema
        for row in self._connection.execute(sql, (group, member)):
            found = dict(row)
            yield Belonging(
                one.table,
                one.name,
                one.keyed,
                tuple(found[name] for name in one.key),
                found.get("entry_id"),
                {name: found[name] for name in one.changing},
            )

    def give(self, group: str, belonging: Belonging, member: int) -> None:
        one = self._reference(belonging)
        at = {"group_id": group, **dict(zip(one.key, belonging.key, strict=True))}
        row = {**at, **belonging.values, one.name: member}
        if one.keyed:
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            sql = f"INSERT OR REPLACE INTO {one.table} ({names}) VALUES ({marks})"  # noqa: S608 - of the schema
        else:
            sets = ", ".join(f"{name} = :{name}" for name in row.keys() - at.keys())
            sql = f"UPDATE {one.table} SET {sets} WHERE {_where(at)}"  # noqa: S608 - of the schema
        self._connection.execute(sql, row)

    def take(self, group: str, belonging: Belonging, member: int) -> None:
        one = self._reference(belonging)
        at = {"group_id": group, one.name: member, **dict(zip(one.key, belonging.key, strict=True))}
        self._connection.execute(f"DELETE FROM {one.table} WHERE {_where(at)}", at)  # noqa: S608 - of the schema

    def _reference(self, belonging: Belonging) -> Reference:
        found = (belonging.table, belonging.column)
        return next(one for one in self._references() if (one.table, one.name) == found)

    def drop_membership(self, group: str, member: int) -> None:
        self._connection.execute(DROP_MEMBERSHIP, (group, member))

    def move_accounts(self, old: int, new: int, only: Collection[str] | None = None) -> None:
        wish = None if only is None else json.dumps(list(only))
        self._connection.execute(MOVE_ACCOUNTS, {"old": old, "new": new, "only": wish})


def _copy(one: Reference, wins: str) -> str:
    """Rows of the old member as the new one's; of two with the same key the one whose time wins."""
    names = ", ".join(one.columns)
    taken = ", ".join(f"{name} = excluded.{name}" for name, in_key in one.columns.items() if not in_key)
    return f"""INSERT INTO {one.table} ({names}, {one.name})
        SELECT {names}, :new FROM {one.table} WHERE group_id = :group AND {one.name} = :old
        ON CONFLICT DO UPDATE SET {taken} WHERE excluded.at {wins} at"""  # noqa: S608 - of the schema


def _where(columns: Mapping[str, object]) -> str:
    return " AND ".join(f"{name} = :{name}" for name in columns)


def _read_link(row: sqlite3.Row) -> Link:
    sides = ((row["stays"], row["stays_agreed"]), (row["goes"], row["goes_agreed"]))
    return Link(
        id=row["id"],
        stays=row["stays"],
        goes=row["goes"],
        agreed=frozenset(member for member, agreed in sides if agreed),
        made_at=None if row["made_at"] is None else moment(row["made_at"]),
        until=moment(row["until"]),
    )


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
