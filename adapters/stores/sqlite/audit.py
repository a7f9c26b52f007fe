"""The log of what moderators did, and taking its newest step back. Knows no words for it."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.claims import give_back
from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.dropping import put_drop
from adapters.stores.sqlite.moving import logged, undo_move
from adapters.stores.sqlite.people import is_new
from adapters.stores.sqlite.settings import put, standing
from bot.errors import UserError
from bot.model import Act, Logged, Step

# Of claims, `before` and `after` are members' ids, maybe with a word after them; here with the names they have now.
STEPS = """
SELECT audit.id, audit.at, coalesce(actor.name, '') AS by, audit.action, audit.reason, audit.entry_id, audit.undone_at,
    audit.session_id,
    coalesce(former.name, audit.before) AS before, coalesce(latter.name, audit.after) AS after
FROM audit
LEFT JOIN membership AS actor ON actor.group_id = audit.group_id AND actor.member_id = audit.member_id
LEFT JOIN membership AS former ON audit.entry_id IS NOT NULL AND audit.before <> ''
    AND former.group_id = audit.group_id AND former.member_id = CAST(audit.before AS INTEGER)
LEFT JOIN membership AS latter ON audit.entry_id IS NOT NULL AND audit.after <> ''
    AND latter.group_id = audit.group_id AND latter.member_id = CAST(audit.after AS INTEGER)
WHERE audit.group_id = ?
"""
OWN = "('confirm', 'decline', 'volunteer', 'bring', 'slides', 'hand over')"  # what members do for their own presenting
MODERATING = f"""
SELECT account.id FROM audit JOIN account USING (member_id)
WHERE audit.group_id = ? AND audit.action NOT IN {OWN} GROUP BY account.id ORDER BY max(audit.id) DESC LIMIT 5
"""  # noqa: S608 - a constant
NEWEST = STEPS + "ORDER BY audit.id DESC LIMIT ?"
ONE = STEPS + "AND audit.id = ?"

UNDOABLE = """
SELECT id, action, entry_id, session_id, before, after FROM audit
WHERE group_id = ? AND undone_at IS NULL AND action NOT LIKE 'undo %' AND (
    session_id IS NOT NULL OR action LIKE 'set %' OR action IN ('assign', 'release', 'drop', 'put back'))
    AND NOT (member_id IS NULL AND action IN ('move', 'cancel'))  -- what followed from settings would follow again
ORDER BY id DESC
"""

# The step that this member took back last: where a redelivered request finds its answer.
LAST_UNDONE = """
SELECT CAST(substr(reason, 6) AS INTEGER) AS step FROM audit
WHERE group_id = ? AND member_id = ? AND action LIKE 'undo %' ORDER BY id DESC LIMIT 1
"""


ADD = """
INSERT INTO audit (group_id, at, member_id, action, entry_id, session_id, before, after, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Audit:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(
        self,
        group: str,
        at: datetime,
        member: int | None,
        action: str,
        *,
        entry: int | None = None,
        session: int | None = None,
        before: str = "",
        after: str = "",
        reason: str = "",
    ) -> int:
        row = (group, stamp(at), member, action, entry, session, before, after, reason)
        return int(self._connection.execute(ADD, row).lastrowid or 0)

    def moderating(self, group: str) -> Sequence[str]:
        return [account for (account,) in self._connection.execute(MODERATING, (group,))]

    def logged(self, group: str, step: int) -> Logged | None:
        return logged(self._connection, group, step)

    def steps(self, group: str, limit: int) -> Sequence[Step]:
        return [_read_step(row) for row in self._connection.execute(NEWEST, (group, limit))]


def undo(connection: sqlite3.Connection, act: Act) -> Step | None:
    if not is_new(connection, act):
        row = connection.execute(LAST_UNDONE, (act.group, act.member)).fetchone()
        return _step(connection, act, row["step"]) if row else None
    for row in connection.execute(UNDOABLE, (act.group,)).fetchall():
        if _take_back(connection, act, row):
            _note_undo(connection, act, row)
            return _step(connection, act, row["id"])
    return None


def _step(connection: sqlite3.Connection, act: Act, step: int) -> Step:
    return _read_step(connection.execute(ONE, (act.group, step)).fetchone())


def _take_back(connection: sqlite3.Connection, act: Act, row: sqlite3.Row) -> bool:
    """False, and nothing changed, when things are not any more as the step left them."""
    if row["session_id"] is not None:
        return undo_move(connection, act, row)
    if row["entry_id"] is None:
        return _unset(connection, act, row)
    if row["action"] in ("drop", "put back"):
        return put_drop(connection, act, row["entry_id"], dropped=row["action"] == "put back")
    return give_back(connection, act, row["entry_id"], row["before"], row["after"])


def _unset(connection: sqlite3.Connection, act: Act, row: sqlite3.Row) -> bool:
    before, after = json.loads(row["before"]), json.loads(row["after"])
    if standing(connection, act.group, after) != after:
        return False
    try:
        put(connection, act, before)
    except UserError:  # another group meets in that channel now; refused before anything is written
        return False
    return True


def _note_undo(connection: sqlite3.Connection, act: Act, row: sqlite3.Row) -> None:
    connection.execute("UPDATE audit SET undone_at = ? WHERE id = ?", (stamp(act.at), row["id"]))
    connection.execute(
        """INSERT INTO audit (group_id, at, member_id, action, entry_id, session_id, before, after, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            act.group,
            stamp(act.at),
            act.member,
            f"undo {row['action']}",
            row["entry_id"],
            row["session_id"],
            row["after"],
            row["before"],
            f"step {row['id']}",
        ),
    )


def _read_step(row: sqlite3.Row) -> Step:
    return Step(
        id=row["id"],
        at=moment(row["at"]),
        by=row["by"],
        action=row["action"],
        before=row["before"],
        after=row["after"],
        reason=row["reason"],
        entry=row["entry_id"],
        undone=row["undone_at"] is not None,
        session=row["session_id"],
    )
