"""Who carried what of a group's load: what moderators had to do. Names nobody."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.columns import stamp
from adapters.stores.sqlite.ends import ENDS
from adapters.stores.sqlite.sessions import SESSIONS, read_session
from bot.model import Effort

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


def efforts(connection: sqlite3.Connection, group: str, now: datetime, limit: int) -> Sequence[Effort]:
    key = {"group": group, "now": stamp(now), "limit": limit}
    rows = [*connection.execute(NEXT, key), *connection.execute(HELD, key)][:limit]
    return [Effort(read_session(row), _actions(connection, group, row["starts"])) for row in rows]


def _actions(connection: sqlite3.Connection, group: str, starts: int) -> int:
    (since,) = connection.execute(BEFORE, (group, starts)).fetchone()
    (count,) = connection.execute(ACTIONS, {"group": group, "since": since or 0, "until": starts}).fetchone()
    return int(count)
