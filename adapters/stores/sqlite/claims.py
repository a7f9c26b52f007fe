"""Rows of claims. See `bot.ports.rows.claims`."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from bot.model import Claim, ClaimChanges, ClaimKind, Member

EVERY = """
SELECT claim.id, claim.entry_id, claim.member_id, membership.name, membership.role, claim.kind, claim.at,
    claim.slept_at, claim.released_at
FROM claim JOIN membership USING (group_id, member_id)
WHERE claim.group_id = :group
"""
HISTORY = f"{EVERY} AND claim.entry_id = :entry ORDER BY claim.id"
ANY = f"{EVERY} AND claim.id = :claim"
STANDING = f"{EVERY} AND claim.released_at IS NULL"
IN_ORDER = "ORDER BY instr('holder co backup fallback', claim.kind), claim.at, claim.id"
OF_ENTRY = f"{STANDING} AND claim.entry_id = :entry {IN_ORDER}"
OF_ENTRIES = f"{STANDING} AND claim.entry_id IN (SELECT value FROM json_each(:entries)) {IN_ORDER}"  # noqa: S608
BY_ID = f"{STANDING} AND claim.id = :claim"
# Holders' that nothing happened to since.
AWAKE = """
claim.released_at IS NULL AND claim.kind = 'holder' AND claim.slept_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM entry
        WHERE entry.group_id = claim.group_id AND entry.id = claim.entry_id AND entry.dropped)
    AND NOT EXISTS (SELECT 1 FROM session
        WHERE session.group_id = claim.group_id AND session.entry = claim.entry_id AND session.status = 'planned')
"""
SLEEPERS = f"""{EVERY}
    AND {AWAKE} AND coalesce(claim.kept_at, claim.at) < :before
ORDER BY coalesce(claim.kept_at, claim.at), claim.id
"""
LONGEST_AWAKE = f"SELECT min(coalesce(kept_at, at)) FROM claim WHERE group_id = ? AND {AWAKE}"  # noqa: S608
# Their key is the claim's id, or the id, a space and more; "!" is the character after the space.
ASKED = """
SELECT DISTINCT message.key
FROM claim CROSS JOIN message ON message.group_id = claim.group_id AND message.kind = :kind
    AND message.key >= CAST(claim.id AS TEXT) AND message.key < CAST(claim.id AS TEXT) || '!'
WHERE claim.group_id = :group AND claim.entry_id = :entry
"""
BEGIN = "INSERT INTO claim (group_id, entry_id, member_id, at, kind) VALUES (?, ?, ?, ?, ?)"
TIMES = frozenset({"at", "kept_at", "slept_at", "released_at"})
CHANGEABLE = TIMES | {"kind"}


class Claims:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def claims(self, group: str, entry: int) -> Sequence[Claim]:
        key = {"group": group, "entry": entry}
        return [_read(row) for row in self._connection.execute(OF_ENTRY, key)] if is_row_id(entry) else []

    def of_entries(self, group: str, entries: Sequence[int]) -> Sequence[Claim]:
        key = {"group": group, "entries": json.dumps(list(entries))}
        return [_read(row) for row in self._connection.execute(OF_ENTRIES, key)]

    def history(self, group: str, entry: int) -> Sequence[Claim]:
        return [_read(row) for row in self._connection.execute(HISTORY, {"group": group, "entry": entry})]

    def claim_by_id(self, group: str, claim: int) -> Claim | None:
        return self._one(BY_ID, group, claim)

    def find(self, group: str, claim: int) -> Claim | None:
        return self._one(ANY, group, claim)

    def sleepers(self, group: str, before: datetime) -> Sequence[Claim]:
        return [_read(row) for row in self._connection.execute(SLEEPERS, {"group": group, "before": stamp(before)})]

    def longest_awake(self, group: str) -> datetime | None:
        (since,) = self._connection.execute(LONGEST_AWAKE, (group,)).fetchone()
        return None if since is None else moment(since)

    def asked(self, group: str, entry: int, kind: str) -> Sequence[str]:
        key = {"group": group, "entry": entry, "kind": kind}
        return [found for (found,) in self._connection.execute(ASKED, key)]

    def begin(self, group: str, entry: int, member: int, kind: ClaimKind, at: datetime) -> None:
        self._connection.execute(BEGIN, (group, entry, member, stamp(at), kind))

    def change(self, claim: int, changes: ClaimChanges) -> None:
        columns = {name: _to_column(name, value) for name, value in changes.items()}
        assignments = ", ".join(f"{name} = :{name}" for name in columns)  # names are checked by `_to_column`
        self._connection.execute(f"UPDATE claim SET {assignments} WHERE id = :id", {**columns, "id": claim})  # noqa: S608

    def _one(self, sql: str, group: str, claim: int) -> Claim | None:
        row = self._connection.execute(sql, {"group": group, "claim": claim}).fetchone() if is_row_id(claim) else None
        return _read(row) if row else None


def _to_column(name: str, value: object) -> object:
    """Raises ValueError for what is no field to change."""
    if name not in CHANGEABLE:
        raise ValueError(f'a claim has no "{name}" to change')
    return stamp(value) if isinstance(value, datetime) else value


def _read(row: sqlite3.Row) -> Claim:
    return Claim(
        id=row["id"],
        entry=row["entry_id"],
        member=Member(row["member_id"], row["name"], row["role"]),
        kind=row["kind"],
        at=moment(row["at"]),
        slept_at=moment(row["slept_at"]) if row["slept_at"] is not None else None,
        released_at=moment(row["released_at"]) if row["released_at"] is not None else None,
    )
