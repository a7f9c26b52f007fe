"""Meetings of a group as rows: reading them, planning them, which steps are behind them. `moving` changes them."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.stores.sqlite.changes import Changes, touch_session
from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.ends import ENDS
from bot.errors import UserError
from bot.model import Member, Planned, Session

TIMES = frozenset({"starts", "scheduled_at", "closes_at", "closed_at", "asked_at", "confirmed_at"})
LISTS = frozenset({"shortlist", "tried"})
FLAGS = frozenset({"moved", "settled", "open_discussion"})
PLAIN = frozenset({"minutes", "place", "status", "why", "entry", "presenter", "slides", "sequence"})
DATES = frozenset({"on"})
SETTABLE = TIMES | LISTS | FLAGS | PLAIN | DATES
IN_CALENDARS = frozenset({"starts", "minutes", "place", "status", "entry", "settled"})  # what they show of a session

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

PLAN = """
INSERT INTO session (group_id, "on", starts, minutes, place, scheduled_at, closes_at)
VALUES (:group, :on, :starts, :minutes, :place, :at, :closes_at) ON CONFLICT DO NOTHING RETURNING id
"""
PLAN_ANEW = """
UPDATE session SET
    starts = :starts, minutes = :minutes, place = :place, scheduled_at = :at, closes_at = :closes_at, moved = 0,
    status = 'planned', why = '', sequence = sequence + 1, revision = revision + 1, closed_at = NULL, shortlist = '[]',
    entry = NULL, settled = 0, presenter = NULL, asked_at = NULL, confirmed_at = NULL, tried = '[]',
    open_discussion = 0, slides = ''
WHERE group_id = :group AND "on" = :on AND status = 'cancelled' RETURNING id
"""
FORGET = (
    "DELETE FROM session_step WHERE group_id = :group AND session_id = :session",
    "DELETE FROM seconding WHERE group_id = :group AND session_id = :session",
    """UPDATE pick SET taken_back_at = :at
    WHERE group_id = :group AND session_id = :session AND taken_back_at IS NULL""",
)


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

    def counting(self, group: str, entry: int, since: datetime) -> Sequence[int]:
        key = {"group": group, "entry": entry, "since": stamp(since)}
        return [session for (session,) in self._connection.execute(COUNTING, key)]


def require_session(connection: sqlite3.Connection, group: str, id: int) -> Session:
    """Raises UserError when the group has no such session."""
    found = Sessions(connection).session(group, id)
    if found is None:
        raise UserError("This group has no such session.")
    return found


def plan(connection: sqlite3.Connection, group: str, planned: Sequence[Planned], at: datetime) -> None:
    for one in planned:
        values = {
            "group": group,
            "on": one.on.isoformat(),
            "starts": stamp(one.starts),
            "minutes": one.minutes,
            "place": one.place,
            "at": stamp(at),
            "closes_at": stamp(one.closes_at) if one.closes_at else None,
        }
        made = connection.execute(PLAN, values).fetchone()
        anew = None if made else connection.execute(PLAN_ANEW, values).fetchone()
        if anew:
            for sql in FORGET:
                connection.execute(sql, {"group": group, "session": anew["id"], "at": stamp(at)})
            touch_session(connection, group, anew["id"], stamp(at))
        elif made:
            Changes(connection).note(group, f"session:{made['id']}")


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
        revision=row["revision"],
        presenter=None if presenter is None else Member(presenter, row["presenter_name"], row["presenter_role"]),
        **values,
    )


def _one(connection: sqlite3.Connection, sql: str, key: Mapping[str, object]) -> Session | None:
    row = connection.execute(sql, key).fetchone()
    return read_session(row) if row else None
