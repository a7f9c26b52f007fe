"""What members do for a session: who comes, who has read, roles, questions, recaps. Decides nothing about it."""

import json
import sqlite3
from collections.abc import Sequence

from adapters.stores.sqlite.changes import touch_entry, touch_session
from adapters.stores.sqlite.columns import is_row_id, stamp
from adapters.stores.sqlite.people import is_new, require_member
from adapters.stores.sqlite.sessions import require_session
from bot.errors import UserError
from bot.model import Act, MeetingRole, Reading, RsvpAnswer, Session

ANSWER = """
INSERT INTO rsvp (group_id, session_id, member_id, answer, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET answer = excluded.answer, at = excluded.at WHERE answer <> excluded.answer
"""
TAKE_BACK = "DELETE FROM rsvp WHERE group_id = ? AND session_id = ? AND member_id = ?"
CHECK_IN = """
INSERT INTO reading (group_id, session_id, member_id, state, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at WHERE state <> excluded.state
"""
HAS_ROLE = """
SELECT meeting_role.member_id, membership.name FROM meeting_role JOIN membership USING (group_id, member_id)
WHERE meeting_role.group_id = ? AND meeting_role.session_id = ? AND meeting_role.role = ?
"""
TAKE_ROLE = "INSERT INTO meeting_role (group_id, session_id, role, member_id, at) VALUES (?, ?, ?, ?, ?)"
# Who takes a role comes, unless they said otherwise.
COME_TOO = """
INSERT INTO rsvp (group_id, session_id, member_id, answer, at) VALUES (?, ?, ?, 'join', ?) ON CONFLICT DO NOTHING
"""
GIVE_ROLE_BACK = "DELETE FROM meeting_role WHERE group_id = ? AND session_id = ? AND role = ?"
ASK = "INSERT INTO question (group_id, session_id, member_id, text, at) VALUES (?, ?, ?, ?, ?)"
WITHDRAW = """
UPDATE question SET withdrawn_at = ?
WHERE group_id = ? AND id = ? AND member_id = ? AND withdrawn_at IS NULL RETURNING session_id
"""
WRITE_RECAP = """
INSERT INTO recap (group_id, session_id, member_id, takeaways, rating, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET takeaways = excluded.takeaways, rating = excluded.rating, at = excluded.at
"""


def rsvp(connection: sqlite3.Connection, act: Act, session: int, answer: RsvpAnswer | None) -> bool:
    _require_open(act, _about(connection, act, session))
    if not is_new(connection, act):
        return False
    key = (act.group, session, act.member)
    if answer is None:
        changed = connection.execute(TAKE_BACK, key).rowcount
    else:
        changed = connection.execute(ANSWER, (*key, answer, stamp(act.at))).rowcount
    if changed:
        touch_session(connection, act.group, session, stamp(act.at))
    return bool(changed)


def check_in(connection: sqlite3.Connection, act: Act, session: int, reading: Reading) -> bool:
    _about(connection, act, session)
    key = (act.group, session, act.member, reading, stamp(act.at))
    if not is_new(connection, act) or not connection.execute(CHECK_IN, key).rowcount:
        return False
    touch_session(connection, act.group, session, stamp(act.at))
    return True


def take_role(connection: sqlite3.Connection, act: Act, session: int, role: MeetingRole) -> bool:
    about = _about(connection, act, session)
    row = connection.execute(HAS_ROLE, (act.group, session, role)).fetchone()
    has_it = row is not None and row["member_id"] == act.member
    if not is_new(connection, act):
        return has_it
    _require_open(act, about)
    if row and not has_it:
        raise UserError(f"{row['name']} is the {role} of that meeting already. Take another role, or ask them for it.")
    if has_it:
        connection.execute(GIVE_ROLE_BACK, (act.group, session, role))
    else:
        connection.execute(TAKE_ROLE, (act.group, session, role, act.member, stamp(act.at)))
        connection.execute(COME_TOO, (act.group, session, act.member, stamp(act.at)))
    touch_session(connection, act.group, session, stamp(act.at))
    return not has_it


def ask(connection: sqlite3.Connection, act: Act, session: int, text: str) -> None:
    _about(connection, act, session)
    if is_new(connection, act):
        connection.execute(ASK, (act.group, session, act.member, text, stamp(act.at)))
        touch_session(connection, act.group, session, stamp(act.at))


def withdraw_question(connection: sqlite3.Connection, act: Act, question: int) -> bool:
    if not is_row_id(question) or not is_new(connection, act):
        return False
    row = connection.execute(WITHDRAW, (stamp(act.at), act.group, question, act.member)).fetchone()
    if row is None:
        return False
    touch_session(connection, act.group, row["session_id"], stamp(act.at))
    return True


def write_recap(
    connection: sqlite3.Connection, act: Act, session: int, takeaways: Sequence[str], rating: int | None
) -> None:
    about = _about(connection, act, session)
    if not is_new(connection, act):
        return
    told = json.dumps(list(takeaways), ensure_ascii=False)
    connection.execute(WRITE_RECAP, (act.group, session, act.member, told, rating, stamp(act.at)))
    touch_session(connection, act.group, session, stamp(act.at))
    if about.entry:
        touch_entry(connection, act.group, about.entry, stamp(act.at))


def _about(connection: sqlite3.Connection, act: Act, session: int) -> Session:
    require_member(connection, act)
    return require_session(connection, act.group, session)


def _require_open(act: Act, about: Session) -> None:
    if about.ends <= act.at:
        raise UserError("That meeting is over.")
    if about.status != "planned":
        raise UserError("That meeting does not take place.")
