"""Who carried what of a group's load: turns, the rota, leave, and what moderators had to do. Names nobody."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from adapters.stores.sqlite.changes import Changes
from adapters.stores.sqlite.columns import stamp
from adapters.stores.sqlite.ends import ENDS
from adapters.stores.sqlite.people import is_new, require_member
from adapters.stores.sqlite.sessions import SESSIONS, read_session
from bot.model import Act, Effort

SET_ROTA = "UPDATE membership SET on_rota = :on WHERE group_id = :group AND member_id = :member AND on_rota <> :on"
SET_LEAVE = """
UPDATE membership SET away_from = :first, away_until = :last
WHERE group_id = :group AND member_id = :member AND (away_from, away_until) IS NOT (:first, :last)
"""

HELD = SESSIONS + f"AND session.status = 'planned' AND {ENDS} <= :now ORDER BY session.starts DESC LIMIT :limit"
NEXT = SESSIONS + f"AND session.status = 'planned' AND {ENDS} > :now ORDER BY session.starts LIMIT 1"
BEFORE = "SELECT max(starts) FROM session WHERE group_id = ? AND status = 'planned' AND starts < ?"

# What members do for themselves is no work of a moderator's, though it stands in the log and though they may be one.
ACTIONS = """
SELECT count(*) FROM audit
LEFT JOIN membership USING (group_id, member_id)
WHERE audit.group_id = :group AND audit.member_id IS NOT NULL AND audit.at >= :since AND audit.at < :until
    AND audit.action NOT IN ('confirm', 'decline', 'volunteer', 'bring', 'slides', 'role', 'found')
    AND (audit.action <> 'hand over' OR (membership.role = 'moderator' AND NOT iif(
        audit.session_id IS NULL, 0, json_extract(
            audit.before, '$.sessions."' || audit.session_id || '".presenter') IS audit.member_id)))
    AND (audit.action <> 'accept' OR NOT EXISTS (SELECT 1 FROM seconding
        WHERE seconding.group_id = audit.group_id AND seconding.session_id = audit.session_id
            AND seconding.member_id = audit.member_id))
    AND (membership.role = 'moderator' OR audit.action LIKE 'set %' OR audit.action LIKE 'undo %' OR audit.action IN (
        'assign', 'release', 'pick', 'accept', 'next', 'reopen', 'skip', 'unskip', 'move', 'cancel', 'drop', 'put back',
        'assign session', 'release session'))
"""


def set_rota(connection: sqlite3.Connection, act: Act, on: bool) -> bool:
    return _set(connection, act, SET_ROTA, {"on": on})


def set_leave(connection: sqlite3.Connection, act: Act, leave: tuple[date, date | None] | None) -> bool:
    first, last = leave or (None, None)
    dates = {"first": first.isoformat() if first else None, "last": last.isoformat() if last else None}
    return _set(connection, act, SET_LEAVE, dates)


def efforts(connection: sqlite3.Connection, group: str, now: datetime, limit: int) -> Sequence[Effort]:
    key = {"group": group, "now": stamp(now), "limit": limit}
    rows = [*connection.execute(NEXT, key), *connection.execute(HELD, key)][:limit]
    return [Effort(read_session(row), _actions(connection, group, row["starts"])) for row in rows]


def _set(connection: sqlite3.Connection, act: Act, sql: str, values: Mapping[str, object]) -> bool:
    require_member(connection, act)
    if not is_new(connection, act):
        return False
    if not connection.execute(sql, {**values, "group": act.group, "member": act.member}).rowcount:
        return False
    Changes(connection).note(act.group, f"member:{act.member}")
    return True


def _actions(connection: sqlite3.Connection, group: str, starts: int) -> int:
    (since,) = connection.execute(BEFORE, (group, starts)).fetchone()
    (count,) = connection.execute(ACTIONS, {"group": group, "since": since or 0, "until": starts}).fetchone()
    return int(count)
