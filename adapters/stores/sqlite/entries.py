"""Entries as a group sees them, each with its paper, counts, claimer and summary in one query. Writes nothing."""

import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import date

from adapters.stores.sqlite.columns import is_row_id
from adapters.stores.sqlite.papers import COLUMNS, read_paper
from bot.model import Entry, Found, Member, Summary

ENTRIES = f"""
SELECT entry.id, entry.group_id, entry.posted_on, entry.rank, entry.day, entry.source, entry.reason, entry.late,
    entry.dropped, {COLUMNS},
    (SELECT count(DISTINCT member_id) FROM vote_source
        WHERE vote_source.group_id = entry.group_id AND vote_source.entry_id = entry.id) AS votes,
    (SELECT count(*) FROM pass WHERE pass.group_id = entry.group_id AND pass.entry_id = entry.id) AS passes,
    claimer.member_id AS claimer_id, claimer.name AS claimer_name, claimer.role AS claimer_role,
    summary.text AS summary_text, summary.label AS summary_label, summary."by" AS summary_by,
    summary.language AS summary_language
FROM entry
JOIN paper ON paper.id = entry.paper_id
JOIN groups ON groups.id = entry.group_id
LEFT JOIN claim ON claim.group_id = entry.group_id AND claim.entry_id = entry.id AND claim.released_at IS NULL
LEFT JOIN membership AS claimer ON claimer.group_id = claim.group_id AND claimer.member_id = claim.member_id
LEFT JOIN summary ON summary.id = coalesce(
    (SELECT id FROM summary AS ours WHERE ours.paper_id = entry.paper_id AND ours.language = groups.language
        ORDER BY at DESC, id DESC LIMIT 1),
    (SELECT id FROM summary AS other WHERE other.paper_id = entry.paper_id ORDER BY at DESC, id DESC LIMIT 1))
"""  # noqa: S608 - a constant
BY_ID = ENTRIES + "WHERE entry.group_id = ? AND entry.id = ?"
BY_KEY = ENTRIES + "WHERE entry.group_id = ? AND paper.key = ?"
BY_DATE = ENTRIES + "WHERE entry.group_id = ? AND entry.posted_on = ? ORDER BY entry.rank"
IN_ORDER = ENTRIES + "JOIN json_each(?) AS wish ON wish.value = entry.id ORDER BY wish.key"

MATCHES = """
FROM paper_fts JOIN entry ON entry.paper_id = paper_fts.rowid AND entry.group_id = ?
WHERE paper_fts MATCH ?
"""
COUNT_MATCHES = "SELECT count(*)" + MATCHES
BEST_MATCHES = "SELECT entry.id" + MATCHES + "ORDER BY bm25(paper_fts, 10, 4, 1), entry.id DESC LIMIT ?"
MOST_WORDS = 16

HELD = {
    "voted": "SELECT entry_id FROM vote WHERE group_id = ? AND member_id = ? ORDER BY at DESC, entry_id DESC",
    "passed": "SELECT entry_id FROM pass WHERE group_id = ? AND member_id = ? ORDER BY at DESC, entry_id DESC",
    "claimed": """SELECT entry_id FROM claim WHERE group_id = ? AND member_id = ? AND released_at IS NULL
        ORDER BY at DESC, entry_id DESC""",
}


def entry(connection: sqlite3.Connection, group: str, entry: int) -> Entry | None:
    row = connection.execute(BY_ID, (group, entry)).fetchone() if is_row_id(entry) else None
    return _read_entry(row) if row else None


def entry_by_key(connection: sqlite3.Connection, group: str, key: str) -> Entry | None:
    row = connection.execute(BY_KEY, (group, key)).fetchone()
    return _read_entry(row) if row else None


def entries(connection: sqlite3.Connection, group: str, posted_on: date) -> Sequence[Entry]:
    return [_read_entry(row) for row in connection.execute(BY_DATE, (group, posted_on.isoformat()))]


def search(connection: sqlite3.Connection, group: str, query: str, *, limit: int, titles_only: bool = False) -> Found:
    match = read_query(query)
    if not match:
        return Found((), 0)
    if titles_only:
        match = f"{{title}} : ({match})"
    (total,) = connection.execute(COUNT_MATCHES, (group, match)).fetchone()
    best = connection.execute(BEST_MATCHES, (group, match, limit)).fetchall()
    return Found(tuple(_in_order(connection, best)), total)


def read_query(text: str) -> str:
    """Its words in FTS5's language, each quoted so that none is an operator; "" when there are none. The last one may
    be the beginning of a word."""
    words = [f'"{word}"' for word in re.findall(r"[^\W_]+", text)[:MOST_WORDS]]
    return " ".join(words) + "*" if words else ""


def held_by(connection: sqlite3.Connection, group: str, member: int, what: str) -> Sequence[Entry]:
    """Raises KeyError when `what` is none of the three."""
    return _in_order(connection, connection.execute(HELD[what], (group, member)).fetchall())


def _in_order(connection: sqlite3.Connection, ids: Sequence[sqlite3.Row]) -> Sequence[Entry]:
    wish = json.dumps([id for (id,) in ids])
    return [_read_entry(row) for row in connection.execute(IN_ORDER, (wish,))]


def _read_entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=row["id"],
        group=row["group_id"],
        paper=read_paper(row),
        posted_on=date.fromisoformat(row["posted_on"]),
        rank=row["rank"],
        day=date.fromisoformat(row["day"]),
        source=row["source"],
        reason=row["reason"],
        late=bool(row["late"]),
        dropped=bool(row["dropped"]),
        votes=row["votes"],
        passes=row["passes"],
        claimer=_read_claimer(row),
        summary=_read_summary(row),
    )


def _read_claimer(row: sqlite3.Row) -> Member | None:
    if row["claimer_id"] is None:
        return None
    return Member(row["claimer_id"], row["claimer_name"], row["claimer_role"])


def _read_summary(row: sqlite3.Row) -> Summary | None:
    if row["summary_text"] is None:
        return None
    return Summary(row["summary_text"], row["summary_label"], row["summary_by"], row["summary_language"])
