"""Two accounts of one person: their members become one, with all that either did. Knows no wording but two sentences.

Whatever table refers to members must be moved here; the foreign keys see to it that none is forgotten.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from adapters.stores.sqlite.changes import touch_entry, touch_session, touch_votes
from adapters.stores.sqlite.columns import WEEK, stamp
from adapters.stores.sqlite.people import is_new, require_member
from bot.errors import UserError
from bot.model import Act

# All take `old`, the member who goes, and `new`, who stays.

# The earlier joining counts; whoever may moderate still may; on leave is who said so last in the group that had both.
MEMBERSHIPS = """
INSERT INTO membership (group_id, member_id, role, name, joined_at, on_rota, away_from, away_until)
SELECT group_id, :new, role, name, joined_at, on_rota, away_from, away_until FROM membership WHERE member_id = :old
ON CONFLICT DO UPDATE SET
    role = iif('moderator' IN (role, excluded.role), 'moderator', 'member'),
    joined_at = min(joined_at, excluded.joined_at),
    on_rota = max(on_rota, excluded.on_rota),
    away_until = iif(away_from IS NULL, excluded.away_until, away_until),
    away_from = coalesce(away_from, excluded.away_from)
"""

# Columns that hold a member and are in no key with it: nothing can be in the way.
PLAIN = (
    ("account", "member_id"),
    ("audit", "member_id"),
    ("override", "member_id"),
    ("entry", "submitted_by"),
    ("session", "presenter"),
    ("pick", "member_id"),
    ("ballot", "member_id"),
    ("question", "member_id"),
    ("meeting_role", "member_id"),
    ("vote_span", "member_id"),
    ("claim", "member_id"),
)

# Tables with a row of each member: which one stays when both have one.
EARLIER = "DO UPDATE SET at = min(at, excluded.at)"
NEWER = "DO UPDATE SET {} WHERE excluded.at > at"
KEYED = (
    ("vote_source", "entry_id", "via, at", EARLIER),
    ("pass", "entry_id", "at", EARLIER),
    ("seconding", "session_id, entry_id", "at", EARLIER),
    ("rsvp", "session_id", "answer, at", NEWER.format("answer = excluded.answer, at = excluded.at")),
    ("reading", "session_id", "state, at", NEWER.format("state = excluded.state, at = excluded.at")),
    (
        "recap",
        "session_id",
        "takeaways, rating, at",
        NEWER.format("takeaways = excluded.takeaways, rating = excluded.rating, at = excluded.at"),
    ),
)

VOTED_AND_PASSED = """
DELETE FROM pass WHERE member_id = :new AND EXISTS (
    SELECT 1 FROM vote_source
    WHERE vote_source.group_id = pass.group_id AND vote_source.entry_id = pass.entry_id
        AND vote_source.member_id = :new)
"""

# The earlier vote stays, unless it was counted in an earlier window and the later one counts in this one.
TWO_VOTES = """
SELECT one.id AS earlier, other.id AS later, other.at AS again,
    one.at < window.start AND other.at >= window.start AS is_new
FROM vote_span AS one
JOIN vote_span AS other ON other.group_id = one.group_id AND other.entry_id = one.entry_id AND other.id <> one.id
    AND (other.at, other.id) > (one.at, one.id)
JOIN (SELECT groups.id AS group_id, coalesce(max(session.closed_at), 0) AS start
    FROM groups LEFT JOIN session ON session.group_id = groups.id GROUP BY groups.id) AS window USING (group_id)
WHERE one.retracted_at IS NULL AND other.retracted_at IS NULL
    AND one.member_id IN (:old, :new) AND other.member_id IN (:old, :new)
"""
END_SPAN = "UPDATE vote_span SET retracted_at = ? WHERE id = ?"

STRONGER = "instr('holder co backup fallback', {}.kind)"
TWO_CLAIMS = f"""
SELECT one.id AS stronger, other.id AS weaker, other.slept_at IS NULL AS is_awake
FROM claim AS one
JOIN claim AS other ON other.group_id = one.group_id AND other.entry_id = one.entry_id
    AND ({STRONGER.format("other")}, other.at, other.id) > ({STRONGER.format("one")}, one.at, one.id)
WHERE one.released_at IS NULL AND other.released_at IS NULL
    AND one.member_id IN (:old, :new) AND other.member_id IN (:old, :new)
"""  # noqa: S608 - constants
END_CLAIM = "UPDATE claim SET released_at = ? WHERE id = ?"
WAKE = "UPDATE claim SET slept_at = NULL WHERE id = ?"

TOUCHED = """
SELECT group_id, entry_id FROM vote_source WHERE member_id = :old
UNION SELECT group_id, entry_id FROM pass WHERE member_id = :old
UNION SELECT group_id, id FROM entry WHERE submitted_by = :old
"""
CLAIMED = "SELECT DISTINCT group_id, entry_id FROM claim WHERE member_id = :old AND released_at IS NULL"
SESSIONS = f"""
SELECT session.group_id, session.id, session.tried FROM session JOIN membership USING (group_id)
WHERE membership.member_id = :old AND (session.starts > :at - {WEEK} OR EXISTS (
    SELECT 1 FROM json_each(session.tried) WHERE value = :old))
"""  # noqa: S608 - a constant

# What is in the log is in words of its own: members' ids of claims as text, maybe with a word after them, those of
# sessions in JSON.
RENAMED = "iif({0} = :old OR {0} LIKE :old || ' %', :new || substr({0}, length(:old) + 1), {0})"
LOGGED_CLAIMS = f"""
UPDATE audit SET before = {RENAMED.format("before")}, after = {RENAMED.format("after")}
WHERE entry_id IS NOT NULL AND session_id IS NULL
"""  # noqa: S608 - constants
LOGGED_MOVES = """
SELECT audit.id, audit.before, audit.after FROM audit JOIN membership USING (group_id)
WHERE membership.member_id = :old AND audit.session_id IS NOT NULL
"""


def touch_claims(connection: sqlite3.Connection, group: str, entry: int, at: int) -> None:
    touch_entry(connection, group, entry, at)
    touch_votes(connection, group, entry, at)


def offer_link(connection: sqlite3.Connection, act: Act, code_hash: str, until: datetime) -> None:
    require_member(connection, act)
    if is_new(connection, act):
        connection.execute(
            """INSERT INTO link_code (member_id, hash, until) VALUES (?, ?, ?)
            ON CONFLICT (member_id) DO UPDATE SET hash = excluded.hash, until = excluded.until""",
            (act.member, code_hash, stamp(until)),
        )


def link(connection: sqlite3.Connection, act: Act, code_hash: str) -> bool:
    require_member(connection, act)
    if not is_new(connection, act):
        (accounts,) = connection.execute("SELECT count(*) FROM account WHERE member_id = ?", (act.member,)).fetchone()
        return bool(accounts > 1)
    sql = "SELECT member_id FROM link_code WHERE hash = ? AND until > ?"
    row = connection.execute(sql, (code_hash, stamp(act.at))).fetchone()
    if row is None:
        return False
    if row["member_id"] == act.member:
        raise UserError("That code is your own. Say it where you have your other account.")
    _merge(connection, act.member, row["member_id"], stamp(act.at))
    return True


def _merge(connection: sqlite3.Connection, old: int, new: int, at: int) -> None:
    key = {"old": old, "new": new, "at": at}
    touched = connection.execute(TOUCHED, key).fetchall()
    claimed = connection.execute(CLAIMED, key).fetchall()
    sessions = connection.execute(SESSIONS, key).fetchall()
    connection.execute(MEMBERSHIPS, key)
    _settle_votes(connection, key)
    _settle_claims(connection, key)
    for table, column in PLAIN:
        connection.execute(f"UPDATE {table} SET {column} = :new WHERE {column} = :old", key)  # noqa: S608 - constants
    for table, names, values, conflict in KEYED:
        _move_rows(connection, key, table, f"group_id, {names}, {values}", conflict)
    connection.execute(VOTED_AND_PASSED, key)
    _rewrite_tried(connection, key, sessions)
    _rewrite_log(connection, key)
    connection.execute("DELETE FROM link_code WHERE member_id IN (:old, :new)", key)
    connection.execute("DELETE FROM membership WHERE member_id = :old", key)
    connection.execute("DELETE FROM member WHERE id = :old", key)
    for group, entry in touched:
        touch_entry(connection, group, entry, at)
    for group, entry in claimed:
        touch_claims(connection, group, entry, at)
    for group, session, _ in sessions:
        touch_session(connection, group, session, at)


def _settle_votes(connection: sqlite3.Connection, key: dict[str, int]) -> None:
    for row in connection.execute(TWO_VOTES, key).fetchall():
        ending = (row["again"], row["earlier"]) if row["is_new"] else (key["at"], row["later"])
        connection.execute(END_SPAN, ending)


def _settle_claims(connection: sqlite3.Connection, key: dict[str, int]) -> None:
    for row in connection.execute(TWO_CLAIMS, key).fetchall():
        connection.execute(END_CLAIM, (key["at"], row["weaker"]))
        if row["is_awake"]:
            connection.execute(WAKE, (row["stronger"],))


def _move_rows(connection: sqlite3.Connection, key: dict[str, int], table: str, columns: str, conflict: str) -> None:
    connection.execute(
        f"""INSERT INTO {table} ({columns}, member_id) SELECT {columns}, :new FROM {table} WHERE member_id = :old
        ON CONFLICT {conflict}""",  # noqa: S608 - constants
        key,
    )
    connection.execute(f"DELETE FROM {table} WHERE member_id = :old", key)  # noqa: S608 - constants


def _rewrite_tried(connection: sqlite3.Connection, key: dict[str, int], sessions: Sequence[sqlite3.Row]) -> None:
    for group, session, tried in sessions:
        members = json.loads(tried)
        if key["old"] in members:
            sql = "UPDATE session SET tried = ? WHERE group_id = ? AND id = ?"
            connection.execute(sql, (json.dumps(_renamed(members, key)), group, session))


def _rewrite_log(connection: sqlite3.Connection, key: dict[str, int]) -> None:
    connection.execute(LOGGED_CLAIMS, {"old": str(key["old"]), "new": str(key["new"])})
    for id, before, after in connection.execute(LOGGED_MOVES, key).fetchall():
        old, new = (_rewrite(text, key) for text in (before, after))
        if (old, new) != (before, after):
            connection.execute("UPDATE audit SET before = ?, after = ? WHERE id = ?", (old, new, id))


def _rewrite(text: str, key: dict[str, int]) -> str:
    data = json.loads(text)
    for columns in data["sessions"].values():
        if columns.get("presenter") == key["old"]:
            columns["presenter"] = key["new"]
        if columns.get("tried"):
            columns["tried"] = json.dumps(_renamed(json.loads(columns["tried"]), key))
    return json.dumps(data, ensure_ascii=False)


def _renamed(members: list[int], key: dict[str, int]) -> list[int]:
    """In their order, each once."""
    return list(dict.fromkeys(key["new"] if member == key["old"] else member for member in members))
