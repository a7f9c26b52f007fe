"""Rows of the audit log. See `bot.ports.rows.audit`."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.traces import read_changes, read_trace, renamed, write_trace
from bot.model import Act, Done, LogEntry, Logged, Trace
from bot.ports.rows.audit import Deed

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
ACTORS = """
SELECT account.id FROM audit JOIN account USING (member_id)
WHERE audit.group_id = ? AND audit.action NOT IN (SELECT value FROM json_each(?))
GROUP BY account.id ORDER BY max(audit.id) DESC LIMIT ?
"""
# Of a Move, `before` has what it set of each session, by the session's id.
DEEDS = """
SELECT audit.at, audit.member_id, coalesce(membership.role, '') AS role, audit.action,
    iif(audit.session_id IS NULL, NULL, json_extract(audit.before, '$.sessions."' || audit.session_id || '".presenter'))
        AS presenter_before,
    EXISTS (SELECT 1 FROM seconding
        WHERE seconding.group_id = audit.group_id AND seconding.session_id = audit.session_id
            AND seconding.member_id = audit.member_id) AS has_seconded
FROM audit LEFT JOIN membership USING (group_id, member_id)
WHERE audit.group_id = ? AND audit.at >= ? AND audit.at < ? AND audit.member_id IS NOT NULL
"""
NEWEST = STEPS + "ORDER BY audit.id DESC LIMIT ?"
ONE = STEPS + "AND audit.id = ?"

DONE = """
SELECT id, member_id, action, entry_id, session_id, before, after, reason FROM audit WHERE group_id = :group
"""
STANDING = f"{DONE} AND undone_at IS NULL AND id < :before ORDER BY id DESC LIMIT :limit"
NEWEST_OF = f"""{DONE} AND member_id = :member AND action >= :begins AND action < :begins || '~'
ORDER BY id DESC LIMIT 1
"""
ADD = """
INSERT INTO audit (group_id, at, member_id, action, entry_id, session_id, before, after, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
NAMING = """
SELECT id, session_id, before, after FROM audit
WHERE group_id = :group AND (entry_id IS NOT NULL OR session_id IS NOT NULL)
    AND (instr(before, :member) OR instr(after, :member))
"""
REWRITE = "UPDATE audit SET before = ?, after = ? WHERE id = ?"
MARK_UNDONE = "UPDATE audit SET undone_at = ? WHERE group_id = ? AND id = ?"

MOVED = """
SELECT audit.*, coalesce(membership.name, '') AS by
FROM audit LEFT JOIN membership USING (group_id, member_id)
WHERE audit.group_id = ? AND audit.id = ? AND audit.session_id IS NOT NULL
"""
NAMES = "SELECT member_id, name FROM membership WHERE group_id = ? AND member_id IN (SELECT value FROM json_each(?))"
TITLES = """
SELECT entry.id, paper.title
FROM json_each(:entries) AS wish
CROSS JOIN entry ON entry.group_id = :group AND entry.id = wish.value
CROSS JOIN paper ON paper.id = entry.paper_id
"""
NEWEST_ID = 2**63 - 1
OF_SESSION = "SELECT id FROM audit WHERE group_id = ? AND session_id = ? ORDER BY id"


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

    def actors(self, group: str, besides: Collection[str], limit: int) -> Sequence[str]:
        rows = self._connection.execute(ACTORS, (group, json.dumps(sorted(besides)), limit))
        return [account for (account,) in rows]

    def deeds(self, group: str, since: datetime | None, until: datetime) -> Sequence[Deed]:
        rows = self._connection.execute(DEEDS, (group, stamp(since) if since else 0, stamp(until)))
        return [
            Deed(moment(at), member, role, action, before, bool(seconded))
            for at, member, role, action, before, seconded in rows
        ]

    def add_move(self, act: Act, session: int, action: str, reason: str, trace: Trace) -> int:
        before, after = write_trace(trace)
        member = act.member or None
        return self.add(act.group, act.at, member, action, session=session, before=before, after=after, reason=reason)

    def mark_undone(self, group: str, step: int, at: datetime) -> None:
        self._connection.execute(MARK_UNDONE, (stamp(at), group, step))

    def trace(self, group: str, step: int) -> Trace | None:
        row = self._moved(group, step)
        return read_trace(row["before"], row["after"]) if row else None

    def of_session(self, group: str, session: int) -> Sequence[int]:
        return [step for (step,) in self._connection.execute(OF_SESSION, (group, session))]

    def logged(self, group: str, step: int) -> Logged | None:
        row = self._moved(group, step)
        return self._read_logged(group, row) if row else None

    def _moved(self, group: str, step: int) -> sqlite3.Row | None:
        found: sqlite3.Row | None = None
        if is_row_id(step):
            found = self._connection.execute(MOVED, (group, step)).fetchone()
        return found

    def _read_logged(self, group: str, row: sqlite3.Row) -> Logged:
        before, after = (read_changes(row[side], row["session_id"]) for side in ("before", "after"))
        members = {*_values(before, "presenter", "tried"), *_values(after, "presenter", "tried")}
        entries = {*_values(before, "entry", "shortlist"), *_values(after, "entry", "shortlist")}
        wish = {"group": group, "entries": json.dumps(sorted(entries))}
        return Logged(
            id=row["id"],
            at=moment(row["at"]),
            by=row["by"],
            action=row["action"],
            reason=row["reason"],
            before=before,
            after=after,
            session=row["session_id"],
            undone=row["undone_at"] is not None,
            members=dict(self._connection.execute(NAMES, (group, json.dumps(sorted(members)))).fetchall()),
            titles=dict(self._connection.execute(TITLES, wish).fetchall()),
        )

    def standing(self, group: str, before: int | None, limit: int) -> Sequence[Done]:
        key = {"group": group, "before": NEWEST_ID if before is None else before, "limit": limit}
        return [Done(*row) for row in self._connection.execute(STANDING, key)]

    def newest_of(self, group: str, member: int, begins: str) -> Done | None:
        row = self._connection.execute(NEWEST_OF, {"group": group, "member": member, "begins": begins}).fetchone()
        return Done(*row) if row else None

    def rename(self, group: str, old: int, new: int) -> Mapping[int, tuple[str, str]]:
        told = {}
        for id, session, *texts in self._connection.execute(NAMING, {"group": group, "member": str(old)}).fetchall():
            before, after = (renamed(text, old, new, of_moves=session is not None) for text in texts)
            if [before, after] != texts:
                told[id] = (texts[0], texts[1])
                self._connection.execute(REWRITE, (before, after, id))
        return told

    def reword(self, group: str, told: Mapping[int, tuple[str, str]]) -> None:
        self._connection.executemany(REWRITE, [(before, after, id) for id, (before, after) in told.items()])

    def step(self, group: str, step: int) -> LogEntry | None:
        row = self._connection.execute(ONE, (group, step)).fetchone()
        return _read_step(row) if row else None

    def steps(self, group: str, limit: int) -> Sequence[LogEntry]:
        return [_read_step(row) for row in self._connection.execute(NEWEST, (group, limit))]


def _read_step(row: sqlite3.Row) -> LogEntry:
    return LogEntry(
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


def _values(of: Mapping[str, Any], one: str, several: str) -> Iterator[int]:
    if of.get(one) is not None:
        yield of[one]
    more: Iterable[int] = of.get(several) or ()
    yield from more
