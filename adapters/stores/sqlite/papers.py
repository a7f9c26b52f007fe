"""Papers, who announced them when, and their summaries. Knows groups only as those who must see a change."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from adapters.stores.sqlite.changes import Changes, touch_entry
from adapters.stores.sqlite.columns import HOUR, moment, stamp
from bot.errors import StoreError
from bot.model import Paper, SourceReport, Summary

COLUMNS = """
paper.key, paper.title, paper.abstract, paper.authors, paper.published, paper.version, paper.url, paper.upvotes,
paper.links, paper.origin
"""

REPORT = """
SELECT source, day, at, papers, skipped, problem, note, read_at FROM source_day WHERE source = ? AND day = ?
"""
# SQLite takes the other columns from the row that holds the max.
NEWEST_REPORTS = """
SELECT source, max(day) AS day, at, papers, skipped, problem, note, read_at FROM source_day GROUP BY source
"""

# Upvotes alone edit a card in its first hour only.
WANT_FRESH = """
UPDATE message SET wanted = wanted + 1, wanted_at = iif(shown = wanted, :at, wanted_at)
WHERE group_id = :group AND kind = 'paper' AND key = :key AND given_up_at IS NULL AND posted_at > :at - :hour
"""


def read_paper(row: sqlite3.Row) -> Paper:
    return Paper(
        key=row["key"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(json.loads(row["authors"])),
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        version=row["version"],
        url=row["url"],
        upvotes=row["upvotes"],
        links=tuple((what, address) for what, address in json.loads(row["links"])),
        origin=row["origin"],
    )


def merge(old: Paper, new: Paper) -> Paper:
    """The later word where it says something; an outdated version of the paper only fills gaps."""
    upvotes = old.upvotes if new.upvotes is None else new.upvotes
    if new.version and old.version and new.version < old.version:
        old, new = new, old
    return Paper(
        key=new.key,
        title=new.title or old.title,
        abstract=new.abstract or old.abstract,
        authors=new.authors or old.authors,
        published=new.published or old.published,
        version=new.version or old.version,
        url=new.url or old.url,
        upvotes=upvotes,
        links=new.links or old.links,
        origin=new.origin if new.abstract else old.origin,
    )


def record_day(connection: sqlite3.Connection, report: SourceReport, papers: Sequence[Paper]) -> None:
    for position, paper in enumerate(papers):
        _merge_paper(connection, paper, stamp(report.at))
        connection.execute(
            """INSERT INTO announced (source, day, paper_id, position) SELECT ?, ?, id, ? FROM paper WHERE key = ?
            ON CONFLICT DO UPDATE SET position = excluded.position
            WHERE position <> excluded.position""",
            (report.source, report.day.isoformat(), position, paper.key),
        )
    _put_report(connection, report)


def record_failure(connection: sqlite3.Connection, source: str, day: date, problem: str, at: datetime) -> None:
    connection.execute(
        """INSERT INTO source_day (source, day, at, papers, skipped, problem, note) VALUES (?, ?, ?, 0, 0, ?, '')
        ON CONFLICT (source, day) DO UPDATE SET at = excluded.at, problem = excluded.problem""",
        (source, day.isoformat(), stamp(at), problem),
    )


class Papers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def announced(self, source: str, day: date) -> Sequence[Paper]:
        sql = f"""SELECT {COLUMNS} FROM announced JOIN paper ON paper.id = announced.paper_id
            WHERE announced.source = ? AND announced.day = ? ORDER BY announced.position, paper.id"""  # noqa: S608 - a constant
        return [read_paper(row) for row in self._connection.execute(sql, (source, day.isoformat()))]

    def paper(self, key: str) -> Paper | None:
        row = self._connection.execute(f"SELECT {COLUMNS} FROM paper WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return read_paper(row) if row else None

    def reports(self) -> Sequence[SourceReport]:
        return [_read_report(row) for row in self._connection.execute(NEWEST_REPORTS)]

    def report(self, source: str, day: date) -> SourceReport | None:
        row = self._connection.execute(REPORT, (source, day.isoformat())).fetchone()
        return _read_report(row) if row else None


def put_summary(connection: sqlite3.Connection, key: str, summary: Summary, at: datetime) -> None:
    """Raises StoreError when there is no such paper."""
    paper = find_paper(connection, key)
    if paper is None:
        raise StoreError(f"there is no paper {key} to summarise")
    if write_summary(connection, paper, summary, stamp(at)):
        _touch_entries(connection, paper, stamp(at))


def find_paper(connection: sqlite3.Connection, key: str) -> int | None:
    row = connection.execute("SELECT id FROM paper WHERE key = ?", (key,)).fetchone()
    return int(row["id"]) if row else None


def insert_paper(connection: sqlite3.Connection, paper: Paper, at: int) -> int:
    cursor = connection.execute(
        """INSERT INTO paper
            (key, title, abstract, authors, published, version, url, upvotes, links, origin, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (paper.key, *_values(paper), at),
    )
    return int(cursor.lastrowid or 0)


def write_summary(connection: sqlite3.Connection, paper: int, summary: Summary, at: int) -> bool:
    """False when it stands there already."""
    cursor = connection.execute(
        """INSERT INTO summary (paper_id, language, "by", text, label, at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (paper_id, language, "by") DO UPDATE
        SET text = excluded.text, label = excluded.label, at = excluded.at
        WHERE (text, label) IS NOT (excluded.text, excluded.label)""",
        (paper, summary.language, summary.by, summary.text, summary.label, at),
    )
    return cursor.rowcount == 1


def _merge_paper(connection: sqlite3.Connection, paper: Paper, at: int) -> None:
    row = connection.execute(f"SELECT id, {COLUMNS} FROM paper WHERE key = ?", (paper.key,)).fetchone()  # noqa: S608
    if row is None:
        insert_paper(connection, paper, at)
        return
    old = read_paper(row)
    merged = merge(old, paper)
    if merged == old:
        return
    connection.execute(
        """UPDATE paper SET title = ?, abstract = ?, authors = ?, published = ?, version = ?, url = ?, upvotes = ?,
            links = ?, origin = ?, changed_at = ?
        WHERE id = ?""",
        (*_values(merged), at, row["id"]),
    )
    if replace(merged, upvotes=old.upvotes) == old:
        _freshen_entries(connection, row["id"], at)
    else:
        _touch_entries(connection, row["id"], at)


def _values(paper: Paper) -> tuple[object, ...]:
    return (
        paper.title,
        paper.abstract,
        json.dumps(paper.authors, ensure_ascii=False),
        paper.published.isoformat() if paper.published else None,
        paper.version,
        paper.url,
        paper.upvotes,
        json.dumps(paper.links, ensure_ascii=False),
        paper.origin,
    )


def _touch_entries(connection: sqlite3.Connection, paper: int, at: int) -> None:
    for group, entry in _entries_of(connection, paper):
        touch_entry(connection, group, entry, at)


def _freshen_entries(connection: sqlite3.Connection, paper: int, at: int) -> None:
    for group, entry in _entries_of(connection, paper):
        key = {"group": group, "key": str(entry), "at": at, "hour": HOUR}
        if connection.execute(WANT_FRESH, key).rowcount:
            Changes(connection).note(group, f"entry:{entry}")


def _entries_of(connection: sqlite3.Connection, paper: int) -> Sequence[tuple[str, int]]:
    rows = connection.execute("SELECT group_id, id FROM entry WHERE paper_id = ?", (paper,))
    return [(row["group_id"], row["id"]) for row in rows]


def _put_report(connection: sqlite3.Connection, report: SourceReport) -> None:
    connection.execute(
        """INSERT INTO source_day (source, day, at, papers, skipped, problem, note, read_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (source, day) DO UPDATE SET
            at = excluded.at, papers = excluded.papers, skipped = excluded.skipped, problem = excluded.problem,
            note = excluded.note, read_at = excluded.read_at""",
        (
            report.source,
            report.day.isoformat(),
            stamp(report.at),
            report.papers,
            report.skipped,
            report.problem,
            report.note,
            stamp(report.read_at) if report.read_at else None,
        ),
    )


def _read_report(row: sqlite3.Row) -> SourceReport:
    return SourceReport(
        source=row["source"],
        day=date.fromisoformat(row["day"]),
        at=moment(row["at"]),
        papers=row["papers"],
        skipped=row["skipped"],
        problem=row["problem"],
        note=row["note"],
        read_at=None if row["read_at"] is None else moment(row["read_at"]),
    )
