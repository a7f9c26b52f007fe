"""Sessions that are over, found again by what was read and said. Writes nothing."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.columns import stamp
from adapters.stores.sqlite.ends import ENDS
from adapters.stores.sqlite.entries import folded
from adapters.stores.sqlite.rooms import read_room
from adapters.stores.sqlite.sessions import SESSIONS, read_session
from bot.model import Archived, Session

OVER = SESSIONS + f"AND session.status = 'planned' AND {ENDS} <= :now ORDER BY session.starts DESC, session.id DESC"

# All that can be found of a session.
TEXTS = f"""
SELECT session.id, paper.title, presenter.name,
    (SELECT group_concat(value, char(10)) FROM json_each(paper.authors)),
    (SELECT group_concat(value, char(10)) FROM recap, json_each(recap.takeaways)
        WHERE recap.group_id = session.group_id AND recap.session_id = session.id),
    (SELECT group_concat(text, char(10)) FROM question
        WHERE question.group_id = session.group_id AND question.session_id = session.id
            AND question.withdrawn_at IS NULL)
FROM session
LEFT JOIN entry ON entry.group_id = session.group_id AND entry.id = session.entry
LEFT JOIN paper ON paper.id = entry.paper_id
LEFT JOIN membership AS presenter
    ON presenter.group_id = session.group_id AND presenter.member_id = session.presenter
WHERE session.group_id = :group AND session.status = 'planned' AND {ENDS} <= :now
"""  # noqa: S608 - constants

# The thread hangs on the message under which the room stands; the web has no threads of its own.
THREAD = """
SELECT room.place, parent.ref
FROM message AS room JOIN message AS parent ON parent.id = room.parent_id
WHERE room.group_id = ? AND room.kind = 'room' AND room.key = ? AND room.shown > 0 AND parent.ref <> ''
ORDER BY room.place LIKE 'web:%', room.id LIMIT 1
"""


def archive(
    connection: sqlite3.Connection, group: str, query: str, now: datetime, limit: int
) -> tuple[Sequence[Archived], int]:
    key = {"group": group, "now": stamp(now)}
    found = [read_session(row) for row in connection.execute(OVER, key)]
    if words := folded(query).split():
        rows = connection.execute(TEXTS, key)
        texts = {id: folded("\n".join(filter(None, parts))) for id, *parts in rows}
        found = [session for session in found if all(word in texts[session.id] for word in words)]
    return [_archived(connection, session) for session in found[:limit]], len(found)


def _archived(connection: sqlite3.Connection, session: Session) -> Archived:
    row = connection.execute(THREAD, (session.group, str(session.id))).fetchone()
    place, ref = row or ("", "")
    return Archived(read_room(connection, session), place, ref)
