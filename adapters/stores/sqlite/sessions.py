"""Rows of meetings, and of the steps that are behind them. See `bot.ports.rows.sessions`."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.ends import ENDS
from bot.model import Member, Planned, Session, SessionChanges

TIMES = frozenset(
    {"starts", "scheduled_at", "closes_at", "closed_at", "asked_at", "heard_at", "confirmed_at", "revised_at"}
)
LISTS = frozenset({"shortlist", "tried"})
FLAGS = frozenset({"moved", "settled", "open_discussion"})
PLAIN = frozenset({"minutes", "place", "status", "why", "entry", "presenter", "slides", "sequence"})
DATES = frozenset({"on"})
SETTABLE = TIMES | LISTS | FLAGS | PLAIN | DATES

SESSIONS = """
SELECT session.*, member.name AS presenter_name, member.role AS presenter_role
FROM session
LEFT JOIN membership AS member ON member.group_id = session.group_id AND member.member_id = session.presenter
WHERE session.group_id = :group
"""
COMING = SESSIONS + f"AND {ENDS} > :since ORDER BY session.starts, session.id"
ONE = SESSIONS + "AND session.id = :session"
OF_ENTRY = SESSIONS + "AND session.entry = :entry AND session.status = 'planned' ORDER BY +session.starts DESC LIMIT 1"
LAST = SESSIONS + "AND session.status = 'planned' AND session.starts <= :before ORDER BY session.starts DESC LIMIT 1"

DONE = "SELECT key FROM session_step WHERE group_id = ? AND session_id = ?"
COUNTING = """
SELECT id FROM session
WHERE group_id = :group AND status = 'planned' AND starts > :since AND (
    closed_at IS NULL OR entry = :entry OR EXISTS (SELECT 1 FROM json_each(session.shortlist) WHERE value = :entry))
"""

ON = SESSIONS + 'AND session."on" = :on'
ADD = """
INSERT INTO session (group_id, "on", starts, minutes, place, scheduled_at, closes_at)
VALUES (:group, :on, :starts, :minutes, :place, :at, :closes_at) RETURNING id
"""
NAMING = """
SELECT id, tried FROM session
WHERE group_id = :group AND (starts > :since OR EXISTS (SELECT 1 FROM json_each(session.tried) WHERE value = :member))
ORDER BY id
"""
MARK = "INSERT INTO session_step (group_id, session_id, key, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
UNMARK = "DELETE FROM session_step WHERE group_id = ? AND session_id = ? AND key = ?"
UNMARK_ALL = "DELETE FROM session_step WHERE group_id = ? AND session_id = ?"


class Sessions:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sessions(self, group: str, since: datetime) -> Sequence[Session]:
        return [read_session(row) for row in self._connection.execute(COMING, {"group": group, "since": stamp(since)})]

    def session(self, group: str, session: int) -> Session | None:
        return _one(self._connection, ONE, {"group": group, "session": session}) if is_row_id(session) else None

    def session_of(self, group: str, entry: int) -> Session | None:
        return _one(self._connection, OF_ENTRY, {"group": group, "entry": entry}) if is_row_id(entry) else None

    def last_session(self, group: str, before: datetime) -> Session | None:
        return _one(self._connection, LAST, {"group": group, "before": stamp(before)})

    def done_steps(self, group: str, session: int) -> frozenset[str]:
        if not is_row_id(session):
            return frozenset()
        return frozenset(key for (key,) in self._connection.execute(DONE, (group, session)))

    def session_on(self, group: str, on: date) -> Session | None:
        return _one(self._connection, ON, {"group": group, "on": on.isoformat()})

    def add(self, group: str, planned: Planned, at: datetime) -> int:
        values = {
            "group": group,
            "on": planned.on.isoformat(),
            "starts": stamp(planned.starts),
            "minutes": planned.minutes,
            "place": planned.place,
            "at": stamp(at),
            "closes_at": stamp(planned.closes_at) if planned.closes_at else None,
        }
        return int(self._connection.execute(ADD, values).fetchone()["id"])

    def change(self, group: str, session: int, changes: SessionChanges) -> None:
        columns = {name: to_column(name, value) for name, value in changes.items()}
        assignments = ", ".join(f'"{name}" = :{name}' for name in columns)  # names are checked by `to_column`
        sql = f"UPDATE session SET {assignments} WHERE group_id = :its_group AND id = :its_id"  # noqa: S608
        self._connection.execute(sql, {**columns, "its_group": group, "its_id": session})

    def mark(self, group: str, session: int, keys: Sequence[str], at: datetime) -> None:
        self._connection.executemany(MARK, [(group, session, key, stamp(at)) for key in keys])

    def unmark(self, group: str, session: int, keys: Sequence[str]) -> None:
        self._connection.executemany(UNMARK, [(group, session, key) for key in keys])

    def unmark_all(self, group: str, session: int) -> None:
        self._connection.execute(UNMARK_ALL, (group, session))

    def naming(self, group: str, member: int, since: datetime) -> Mapping[int, Sequence[int]]:
        rows = self._connection.execute(NAMING, {"group": group, "member": member, "since": stamp(since)})
        return {session: json.loads(tried) for session, tried in rows}

    def counting(self, group: str, entry: int, since: datetime) -> Sequence[int]:
        key = {"group": group, "entry": entry, "since": stamp(since)}
        return [session for (session,) in self._connection.execute(COUNTING, key)]


def to_column(name: str, value: Any) -> Any:
    """A field of Session as its column holds it. Raises ValueError for one that no Move may set."""
    if name not in SETTABLE:
        raise ValueError(f'a session has no "{name}" to set')
    if value is None:
        return None
    if name in TIMES:
        return stamp(value)
    if name in DATES:
        return value.isoformat()
    if name in LISTS:
        return json.dumps(list(value))
    return int(value) if name in FLAGS else value


def from_column(name: str, value: Any) -> Any:
    """The other way, with a presenter's id for the presenter."""
    if value is None:
        return None
    if name in TIMES:
        return moment(value)
    if name in DATES:
        return date.fromisoformat(value)
    if name in LISTS:
        return tuple(json.loads(value))
    return bool(value) if name in FLAGS else value


def fields(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_column(name, value) for name, value in columns.items()}


def read_session(row: sqlite3.Row) -> Session:
    values = {name: from_column(name, row[name]) for name in SETTABLE - {"presenter", *DATES}}
    presenter = row["presenter"]
    return Session(
        id=row["id"],
        group=row["group_id"],
        on=date.fromisoformat(row["on"]),
        presenter=None if presenter is None else Member(presenter, row["presenter_name"], row["presenter_role"]),
        **values,
    )


def _one(connection: sqlite3.Connection, sql: str, key: Mapping[str, object]) -> Session | None:
    row = connection.execute(sql, key).fetchone()
    return read_session(row) if row else None
