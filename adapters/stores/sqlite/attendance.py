"""Rows of what members do for a meeting. See `bot.ports.rows.attendance`."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.ends import ENDS
from adapters.stores.sqlite.sessions import SESSIONS, read_session
from bot.model import MeetingRole, Member, Question, Reading, Recap, RsvpAnswer, Session
from bot.ports.rows.attendance import Attended

# `what` was `said`; `place` tells apart what was done at the same time.
OF_SESSIONS = """
SELECT '{what}' AS what, session_id, member_id, at, {said} AS said, {number} AS number, {place} AS place
FROM {table} WHERE group_id = :group AND session_id IN (SELECT value FROM json_each(:sessions))
"""
DONE = "\nUNION ALL".join(
    (
        OF_SESSIONS.format(what="answer", table="rsvp", said="answer", number="NULL", place="member_id"),
        OF_SESSIONS.format(what="role", table="meeting_role", said="role", number="NULL", place="role"),
        OF_SESSIONS.format(what="reading", table="reading", said="state", number="NULL", place="member_id"),
        OF_SESSIONS.format(what="question", table="question", said="text", number="id", place="id")
        + "AND withdrawn_at IS NULL",
        OF_SESSIONS.format(what="recap", table="recap", said="takeaways", number="rating", place="member_id"),
        OF_SESSIONS.format(what="second", table="seconding", said="''", number="entry_id", place="member_id"),
    )
)
ATTENDED = f"""
SELECT done.*, membership.name, membership.role AS position
FROM ({DONE}) AS done
CROSS JOIN membership ON membership.group_id = :group AND membership.member_id = done.member_id
ORDER BY done.at, done.place
"""  # noqa: S608 - constants

OWN_ANSWER = "SELECT answer FROM rsvp WHERE group_id = ? AND session_id = ? AND member_id = ?"
WHO_HAS = """
SELECT membership.member_id, membership.name, membership.role
FROM meeting_role JOIN membership USING (group_id, member_id)
WHERE meeting_role.group_id = ? AND meeting_role.session_id = ? AND meeting_role.role = ?
"""
HAD_ROLES = """
SELECT member_id, role, count(*) FROM meeting_role
WHERE group_id = ? AND member_id IN (SELECT value FROM json_each(?)) GROUP BY member_id, role
"""

HELD = SESSIONS + f"AND session.status = 'planned' AND {ENDS} <= :now ORDER BY session.starts DESC, session.id DESC"
COUNT_HELD = f"""
SELECT count(*) FROM session WHERE group_id = :group AND session.status = 'planned' AND {ENDS} <= :now
"""  # noqa: S608 - a constant
NEWEST_HELD = HELD + " LIMIT :limit"
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

PUT_ANSWER = """
INSERT INTO rsvp (group_id, session_id, member_id, answer, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET answer = excluded.answer, at = excluded.at WHERE answer <> excluded.answer
"""
DROP_ANSWER = "DELETE FROM rsvp WHERE group_id = ? AND session_id = ? AND member_id = ?"
PUT_READING = """
INSERT INTO reading (group_id, session_id, member_id, state, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at WHERE state <> excluded.state
"""
PUT_ROLE = "INSERT INTO meeting_role (group_id, session_id, member_id, role, at) VALUES (?, ?, ?, ?, ?)"
DROP_ROLE = "DELETE FROM meeting_role WHERE group_id = ? AND session_id = ? AND role = ?"
ADD_QUESTION = "INSERT INTO question (group_id, session_id, member_id, text, at) VALUES (?, ?, ?, ?, ?)"
WITHDRAW = """
UPDATE question SET withdrawn_at = ?
WHERE group_id = ? AND id = ? AND member_id = ? AND withdrawn_at IS NULL RETURNING session_id
"""
PUT_RECAP = """
INSERT INTO recap (group_id, session_id, member_id, takeaways, rating, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET takeaways = excluded.takeaways, rating = excluded.rating, at = excluded.at
"""


class Attendance:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def attended(self, group: str, sessions: Collection[int]) -> Mapping[int, Attended]:
        done = defaultdict[int, list[sqlite3.Row]](list)
        for row in self._connection.execute(ATTENDED, {"group": group, "sessions": json.dumps(list(sessions))}):
            done[row["session_id"]].append(row)
        return {session: _read_attended(done[session]) for session in sessions}

    def answer(self, group: str, session: int, member: int) -> RsvpAnswer | None:
        row = self._connection.execute(OWN_ANSWER, (group, session, member)).fetchone()
        answer: RsvpAnswer | None = row["answer"] if row else None
        return answer

    def who_has(self, group: str, session: int, role: MeetingRole) -> Member | None:
        row = self._connection.execute(WHO_HAS, (group, session, role)).fetchone()
        return Member(*row) if row else None

    def had_roles(self, group: str, members: Collection[int]) -> Mapping[tuple[int, str], int]:
        rows = self._connection.execute(HAD_ROLES, (group, json.dumps(list(members))))
        return {(member, role): count for member, role, count in rows}

    def held(self, group: str, now: datetime, limit: int | None = None) -> Sequence[Session]:
        key = {"group": group, "now": stamp(now), "limit": limit}
        return [read_session(row) for row in self._connection.execute(HELD if limit is None else NEWEST_HELD, key)]

    def count_held(self, group: str, now: datetime) -> int:
        (count,) = self._connection.execute(COUNT_HELD, {"group": group, "now": stamp(now)}).fetchone()
        return int(count)

    def texts(self, group: str, now: datetime) -> Mapping[int, str]:
        rows = self._connection.execute(TEXTS, {"group": group, "now": stamp(now)})
        return {session: "\n".join(filter(None, parts)) for session, *parts in rows}

    def put_answer(self, group: str, session: int, member: int, answer: RsvpAnswer, at: datetime) -> bool:
        return self._connection.execute(PUT_ANSWER, (group, session, member, answer, stamp(at))).rowcount == 1

    def drop_answer(self, group: str, session: int, member: int) -> bool:
        return self._connection.execute(DROP_ANSWER, (group, session, member)).rowcount == 1

    def put_reading(self, group: str, session: int, member: int, reading: Reading, at: datetime) -> bool:
        return self._connection.execute(PUT_READING, (group, session, member, reading, stamp(at))).rowcount == 1

    def put_role(self, group: str, session: int, member: int, role: MeetingRole, at: datetime) -> None:
        self._connection.execute(PUT_ROLE, (group, session, member, role, stamp(at)))

    def drop_role(self, group: str, session: int, role: MeetingRole) -> None:
        self._connection.execute(DROP_ROLE, (group, session, role))

    def add_question(self, group: str, session: int, member: int, text: str, at: datetime) -> None:
        self._connection.execute(ADD_QUESTION, (group, session, member, text, stamp(at)))

    def withdraw_question(self, group: str, member: int, question: int, at: datetime) -> int | None:
        if not is_row_id(question):
            return None
        row = self._connection.execute(WITHDRAW, (stamp(at), group, question, member)).fetchone()
        return int(row["session_id"]) if row else None

    def put_recap(
        self, group: str, session: int, member: int, takeaways: Sequence[str], rating: int | None, at: datetime
    ) -> None:
        told = json.dumps(list(takeaways), ensure_ascii=False)
        self._connection.execute(PUT_RECAP, (group, session, member, told, rating, stamp(at)))


def _read_attended(rows: Sequence[sqlite3.Row]) -> Attended:
    done = defaultdict[str, list[sqlite3.Row]](list)
    for row in rows:
        done[row["what"]].append(row)
    return Attended(
        answers=tuple((row["said"], _member(row)) for row in done["answer"]),
        roles=tuple((row["said"], _member(row)) for row in done["role"]),
        readings=dict(Counter(row["said"] for row in done["reading"])),
        questions=tuple(_read_question(row) for row in done["question"]),
        recaps=tuple(_read_recap(row) for row in done["recap"]),
        seconded=tuple((row["number"], _member(row)) for row in done["second"]),
    )


def _member(row: sqlite3.Row) -> Member:
    return Member(row["member_id"], row["name"], row["position"])


def _read_question(row: sqlite3.Row) -> Question:
    return Question(row["number"], _member(row), row["said"], moment(row["at"]))


def _read_recap(row: sqlite3.Row) -> Recap:
    return Recap(_member(row), tuple(json.loads(row["said"])), row["number"], moment(row["at"]))
