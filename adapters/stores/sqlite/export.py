"""All that a group did, as JSON data: to keep, to move, to count again. Holds neither accounts nor secrets.

Members are numbers, named once; papers are entries' numbers, listed with key and title. Times are ISO 8601 in UTC.
"""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from adapters.stores.sqlite.columns import moment
from adapters.stores.sqlite.people import People

Data = dict[str, Any]

GROUP = "SELECT id, name, language FROM groups WHERE id = ?"
MEMBERS = "SELECT member_id AS id, name FROM membership WHERE group_id = ? ORDER BY member_id"
ENTRIES = """
SELECT entry.id, paper.key, paper.title, entry.posted_on, entry.source, entry.chosen_by, entry.submitted_by,
    entry.submitted_at, entry.dropped, entry.withdrawn_at
FROM entry JOIN paper ON paper.id = entry.paper_id WHERE entry.group_id = ? ORDER BY entry.id
"""
SESSIONS = """
SELECT id, "on", starts, minutes, place, status, why, moved, sequence, scheduled_at, closes_at, closed_at, shortlist,
    entry, settled, presenter, asked_at, confirmed_at, tried, open_discussion, slides
FROM session WHERE group_id = ? ORDER BY starts, id
"""

# By the name that they have in a session; the session's id comes first.
OF_SESSIONS = {
    "steps": "SELECT session_id, key, at FROM session_step WHERE group_id = ? ORDER BY at, key",
    "picks": """SELECT session_id, at, member_id AS by, election, receipt FROM pick
        WHERE group_id = ? AND taken_back_at IS NULL ORDER BY id""",
    "picks_taken_back": """SELECT session_id, at, member_id AS by, election, receipt, taken_back_at FROM pick
        WHERE group_id = ? AND taken_back_at IS NOT NULL ORDER BY id""",
    "ballots": "SELECT session_id, member_id AS member, ranking, at FROM ballot WHERE group_id = ? ORDER BY id",
    "seconded": """SELECT session_id, member_id AS member, entry_id AS entry, at FROM seconding WHERE group_id = ?
        ORDER BY at, member_id""",
    "rsvps": "SELECT session_id, member_id AS member, answer, at FROM rsvp WHERE group_id = ? ORDER BY at, member_id",
    "readings": """SELECT session_id, member_id AS member, state, at FROM reading WHERE group_id = ?
        ORDER BY at, member_id""",
    "roles": "SELECT session_id, role, member_id AS member, at FROM meeting_role WHERE group_id = ? ORDER BY at, role",
    "questions": """SELECT session_id, member_id AS member, text, at FROM question
        WHERE group_id = ? AND withdrawn_at IS NULL ORDER BY id""",
    "recaps": """SELECT session_id, member_id AS member, takeaways, rating, at FROM recap WHERE group_id = ?
        ORDER BY at, member_id""",
}

LISTS = {
    "votes": """SELECT member_id AS member, entry_id AS entry, at, retracted_at FROM vote_span WHERE group_id = ?
        ORDER BY at, id""",
    "passes": """SELECT member_id AS member, entry_id AS entry, at FROM pass WHERE group_id = ?
        ORDER BY at, entry_id, member_id""",
    "claims": """SELECT id, member_id AS member, entry_id AS entry, kind, at, kept_at, slept_at, released_at
        FROM claim WHERE group_id = ? ORDER BY at, id""",
    "curations": """SELECT member_id AS member, paper.key AS paper, at, hidden
        FROM curation JOIN paper ON paper.id = curation.paper_id WHERE group_id = ? ORDER BY at, paper.key""",
    "second_chances": """SELECT entry_id AS entry, session_id AS session, carried, shown_at FROM second_chance
        WHERE group_id = ? ORDER BY entry_id""",
}

AUDIT = """
SELECT id, at, member_id AS by, action, reason, entry_id AS entry, session_id AS session, before, after, undone_at
FROM audit WHERE group_id = ? ORDER BY id
"""
NEWEST_STEP = "SELECT coalesce(max(at), 0) FROM session_step WHERE group_id = ?"

LISTS_IN_JSON = frozenset({"shortlist", "tried", "election", "receipt", "ranking", "takeaways"})
FLAGS = frozenset({"moved", "settled", "open_discussion", "dropped", "hidden"})
PLACES = ("channels", "moderators")  # settings that name places and accounts of the platforms


def export(connection: sqlite3.Connection, group: str) -> Mapping[str, Any]:
    """Nothing at all of a group that is not there."""
    return {
        **next(iter(_rows(connection, GROUP, group)), {"id": group}),
        "members": _rows(connection, MEMBERS, group),
        "entries": _rows(connection, ENTRIES, group),
        "sessions": _sessions(connection, group),
        **{name: _rows(connection, sql, group) for name, sql in LISTS.items()},
        "turns": _turns(connection, group),
        "audit": [_read_step(row) for row in _rows(connection, AUDIT, group)],
    }


def _sessions(connection: sqlite3.Connection, group: str) -> list[Data]:
    found = [{**row, **{name: [] for name in OF_SESSIONS}} for row in _rows(connection, SESSIONS, group)]
    by_id = {session["id"]: session for session in found}
    for name, sql in OF_SESSIONS.items():
        for row in _rows(connection, sql, group):
            by_id[row.pop("session_id")][name].append(row)
    return found


def _turns(connection: sqlite3.Connection, group: str) -> list[Data]:
    """As of the newest step of the timeline, since what is exported twice must be the same."""
    (newest,) = connection.execute(NEWEST_STEP, (group,)).fetchone()
    return [
        {
            "member": turn.member.id,
            "joined_at": turn.joined_at.isoformat(),
            "on_rota": turn.on_rota,
            "leave": [day and day.isoformat() for day in turn.leave] if turn.leave else None,
            "presented": turn.presented,
            "last_presented": turn.last_presented and turn.last_presented.isoformat(),
            "next_on": turn.next_on and turn.next_on.isoformat(),
            "came": turn.came,
        }
        for turn in People(connection).turns(group, moment(newest))
    ]


def _read_step(row: Data) -> Data:
    """What a Move set, by session; of claims the members; of settings what they were and became."""
    return {**row, "before": _read_log(row, "before"), "after": _read_log(row, "after")}


def _read_log(row: Data, side: str) -> Any:
    text = row[side]
    if row["session"] is not None:
        return {id: _read(columns) for id, columns in json.loads(text)["sessions"].items()}
    if row["action"].removeprefix("undo ").startswith("set "):
        return {name: value for name, value in json.loads(text).items() if name not in PLACES}
    member = text.partition(" ")[0]
    return int(member) if member.isdigit() else text


def _rows(connection: sqlite3.Connection, sql: str, group: str) -> list[Data]:
    return [_read(dict(row)) for row in connection.execute(sql, (group,))]


def _read(columns: Data) -> Data:
    return {name: _value(name, value) for name, value in columns.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in ("starts", "at") or name.endswith("_at"):
        return moment(value).isoformat()
    if name in LISTS_IN_JSON:
        return json.loads(value)
    return bool(value) if name in FLAGS else value
