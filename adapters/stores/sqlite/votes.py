"""Rows of votes and passes. See `bot.ports.rows.votes`."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.stores.sqlite.backing import BACKING, NEAR, read_backing
from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from bot.model import Stance, VoteSpan
from bot.ports.rows.votes import Backed, Span, VoteStanding

NEVER = 2**63 - 1

STANDING = f"""
SELECT paper.title, {BACKING},
    EXISTS (SELECT 1 FROM vote_source
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member) AS has_voted,
    EXISTS (SELECT 1 FROM pass
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member) AS has_passed,
    (SELECT at FROM vote_span
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member
            AND retracted_at IS NULL) AS counts_from,
    entry.dropped, entry.withdrawn_at,
    EXISTS (SELECT 1 FROM session
        WHERE session.group_id = entry.group_id AND session.entry = entry.id
            AND session.status = 'planned') AS is_picked
FROM entry JOIN paper ON paper.id = entry.paper_id JOIN groups ON groups.id = entry.group_id {NEAR}
WHERE entry.group_id = :group AND entry.id = :entry
"""  # noqa: S608 - constants
WINDOW = "SELECT counts_from FROM groups WHERE id = ?"
BEGIN_WINDOW = "UPDATE groups SET counts_from = ? WHERE id = ?"
# By what the member votes for: the group's votes since then are many more. CROSS, so that it is asked this way round.
GIVEN = """
SELECT count(*)
FROM (SELECT DISTINCT group_id, member_id, entry_id FROM vote_source WHERE group_id = ? AND member_id = ?) AS mine
CROSS JOIN vote_span USING (group_id, entry_id, member_id)
WHERE retracted_at IS NULL AND at >= ?
"""
SPANS = """
SELECT member_id, entry_id, at, retracted_at FROM vote_span WHERE group_id = ? AND at >= ? ORDER BY at, id
"""
BACKED = """
SELECT entry_id, sum(given) AS given, sum(waiting) AS waiting, sum(most) AS most, min(first_at) AS first_at
FROM (
    SELECT entry_id, 0 AS waiting, 0 AS most, min(at) AS first_at,
        count(DISTINCT iif(retracted_at IS NULL OR retracted_at >= :until, member_id, NULL)) AS given
    FROM vote_span WHERE group_id = :group AND at >= :since AND at < :until GROUP BY entry_id
    UNION ALL
    SELECT near.entry_id, count(vote_span.id), near.carried, NULL, 0
    FROM session JOIN second_chance AS near ON near.group_id = session.group_id AND near.session_id = session.id
    LEFT JOIN vote_span ON vote_span.group_id = near.group_id AND vote_span.entry_id = near.entry_id
        AND vote_span.at >= near.since AND vote_span.at < :since
        AND (vote_span.retracted_at IS NULL OR vote_span.retracted_at >= :until)
    WHERE session.group_id = :group AND session.closed_at = :since
    GROUP BY near.entry_id)
GROUP BY entry_id
"""
STANCE = """
SELECT 'voted', entry_id FROM vote_source WHERE group_id = :group AND member_id = :member
UNION SELECT 'passed', entry_id FROM pass WHERE group_id = :group AND member_id = :member
UNION SELECT 'claimed', entry_id FROM claim
    WHERE group_id = :group AND member_id = :member AND released_at IS NULL
UNION SELECT answer, session_id FROM rsvp WHERE group_id = :group AND member_id = :member
"""

SPANS_OF_BOTH = """
SELECT one.id, one.at, other.id, other.at
FROM vote_span AS one
JOIN vote_span AS other ON other.group_id = one.group_id AND other.entry_id = one.entry_id
    AND other.member_id = :other AND other.retracted_at IS NULL
WHERE one.group_id = :group AND one.member_id = :one AND one.retracted_at IS NULL
"""

ADD_SOURCE = """
INSERT INTO vote_source (group_id, entry_id, member_id, via, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
DROP_SOURCES = "DELETE FROM vote_source WHERE group_id = ? AND entry_id = ? AND member_id = ?"
DROP_SOURCE = f"{DROP_SOURCES} AND via = ?"
OPEN_SPAN = "INSERT INTO vote_span (group_id, entry_id, member_id, at) VALUES (?, ?, ?, ?)"
CLOSE_SPAN = """
UPDATE vote_span SET retracted_at = ? WHERE group_id = ? AND entry_id = ? AND member_id = ? AND retracted_at IS NULL
"""
END_SPAN = "UPDATE vote_span SET retracted_at = ? WHERE id = ?"
ADD_PASSED = "INSERT INTO pass (group_id, entry_id, member_id, at) VALUES (?, ?, ?, ?)"
DROP_PASSED = "DELETE FROM pass WHERE group_id = ? AND entry_id = ? AND member_id = ?"


class Votes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def standing(self, group: str, member: int, entry: int) -> VoteStanding | None:
        key = {"group": group, "entry": entry, "member": member}
        row = self._connection.execute(STANDING, key).fetchone() if is_row_id(entry) else None
        if row is None:
            return None
        since = None if row["counts_from"] is None else moment(row["counts_from"])
        return VoteStanding(
            title=row["title"],
            votes=read_backing(row).votes,
            has_voted=bool(row["has_voted"]),
            has_passed=bool(row["has_passed"]),
            counts_from=since,
            dropped=bool(row["dropped"]),
            withdrawn=row["withdrawn_at"] is not None,
            is_picked=bool(row["is_picked"]),
        )

    def window(self, group: str) -> datetime | None:
        row = self._connection.execute(WINDOW, (group,)).fetchone()
        return moment(row["counts_from"]) if row and row["counts_from"] else None

    def given(self, group: str, member: int, since: datetime | None) -> int:
        key = (group, member, stamp(since) if since else 0)
        (count,) = self._connection.execute(GIVEN, key).fetchone()
        return int(count)

    def spans(self, group: str, since: datetime | None) -> Sequence[VoteSpan]:
        rows = self._connection.execute(SPANS, (group, stamp(since) if since else 0))
        return [
            VoteSpan(member, entry, moment(at), None if retracted_at is None else moment(retracted_at))
            for member, entry, at, retracted_at in rows
        ]

    def backed(self, group: str, since: datetime | None, until: datetime | None) -> Sequence[Backed]:
        key = {"group": group, "since": stamp(since) if since else 0, "until": stamp(until) if until else NEVER}
        return [
            Backed(row["entry_id"], read_backing(row), moment(row["first_at"]) if row["first_at"] else None)
            for row in self._connection.execute(BACKED, key)
        ]

    def stance(self, group: str, member: int) -> Stance:
        rows = self._connection.execute(STANCE, {"group": group, "member": member}).fetchall()
        return Stance(
            voted=frozenset(entry for what, entry in rows if what == "voted"),
            passed=frozenset(entry for what, entry in rows if what == "passed"),
            claimed=frozenset(entry for what, entry in rows if what == "claimed"),
            joined=frozenset(session for what, session in rows if what == "join"),
            skipped=frozenset(session for what, session in rows if what == "skip"),
        )

    def open_spans_of_both(self, group: str, one: int, other: int) -> Sequence[tuple[Span, Span]]:
        rows = self._connection.execute(SPANS_OF_BOTH, {"group": group, "one": one, "other": other})
        return [(Span(a, moment(since)), Span(b, moment(again))) for a, since, b, again in rows]

    def begin_window(self, group: str, since: datetime | None) -> None:
        self._connection.execute(BEGIN_WINDOW, (stamp(since) if since else 0, group))

    def add_source(self, group: str, member: int, entry: int, via: str, at: datetime) -> None:
        self._connection.execute(ADD_SOURCE, (group, entry, member, via, stamp(at)))

    def drop_source(self, group: str, member: int, entry: int, via: str) -> None:
        self._connection.execute(DROP_SOURCE, (group, entry, member, via))

    def drop_sources(self, group: str, member: int, entry: int) -> None:
        self._connection.execute(DROP_SOURCES, (group, entry, member))

    def open_span(self, group: str, member: int, entry: int, at: datetime) -> None:
        self._connection.execute(OPEN_SPAN, (group, entry, member, stamp(at)))

    def close_span(self, group: str, member: int, entry: int, at: datetime) -> None:
        self._connection.execute(CLOSE_SPAN, (stamp(at), group, entry, member))

    def end_spans(self, ends: Mapping[int, datetime]) -> None:
        self._connection.executemany(END_SPAN, [(stamp(at), span) for span, at in ends.items()])

    def put_pass(self, group: str, member: int, entry: int, at: datetime) -> None:
        self._connection.execute(ADD_PASSED, (group, entry, member, stamp(at)))

    def drop_pass(self, group: str, member: int, entry: int) -> None:
        self._connection.execute(DROP_PASSED, (group, entry, member))
