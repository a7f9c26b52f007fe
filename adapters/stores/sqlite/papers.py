"""Papers, who announced them when, how sources fared, and summaries. Knows no group."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from adapters.stores.sqlite.columns import moment, stamp
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

PAPERS = f"""
SELECT {COLUMNS} FROM json_each(?) AS wish CROSS JOIN paper ON paper.key = wish.value ORDER BY wish.key
"""  # noqa: S608 - a constant
SUMMARIES = """
SELECT paper.key, summary.text, summary.label, summary."by", summary.language
FROM json_each(?) AS wish CROSS JOIN paper ON paper.key = wish.value CROSS JOIN summary ON summary.paper_id = paper.id
"""

PUT = """
INSERT INTO paper (key, title, abstract, authors, published, version, url, upvotes, links, origin, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    title = excluded.title, abstract = excluded.abstract, authors = excluded.authors, published = excluded.published,
    version = excluded.version, url = excluded.url, upvotes = excluded.upvotes, links = excluded.links,
    origin = excluded.origin, changed_at = excluded.changed_at
"""
ANNOUNCE = """
INSERT INTO announced (source, day, paper_id, position)
SELECT ?, ?, paper.id, wish.key FROM json_each(?) AS wish CROSS JOIN paper ON paper.key = wish.value WHERE true
ON CONFLICT DO UPDATE SET position = excluded.position WHERE position <> excluded.position
"""
PUT_REPORT = """
INSERT INTO source_day (source, day, at, papers, skipped, problem, note, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, day) DO UPDATE SET
    at = excluded.at, papers = excluded.papers, skipped = excluded.skipped, problem = excluded.problem,
    note = excluded.note, read_at = excluded.read_at
"""
# No paper of that key: the column takes no NULL.
PUT_SUMMARY = """
INSERT INTO summary (paper_id, language, "by", text, label, at)
VALUES ((SELECT id FROM paper WHERE key = ?), ?, ?, ?, ?, ?)
ON CONFLICT (paper_id, language, "by") DO UPDATE
SET text = excluded.text, label = excluded.label, at = excluded.at
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

    def papers(self, keys: Sequence[str]) -> Mapping[str, Paper]:
        rows = self._connection.execute(PAPERS, (json.dumps(list(keys)),))
        return {row["key"]: read_paper(row) for row in rows}

    def summaries(self, keys: Sequence[str]) -> frozenset[tuple[str, Summary]]:
        rows = self._connection.execute(SUMMARIES, (json.dumps(list(keys)),))
        return frozenset((key, Summary(*summary)) for key, *summary in rows)

    def reports(self) -> Sequence[SourceReport]:
        return [_read_report(row) for row in self._connection.execute(NEWEST_REPORTS)]

    def report(self, source: str, day: date) -> SourceReport | None:
        row = self._connection.execute(REPORT, (source, day.isoformat())).fetchone()
        return _read_report(row) if row else None

    def put(self, papers: Sequence[Paper], at: datetime) -> None:
        self._connection.executemany(PUT, [(paper.key, *_values(paper), stamp(at)) for paper in papers])

    def announce(self, source: str, day: date, keys: Sequence[str]) -> bool:
        before = self._count(source, day)
        self._connection.execute(ANNOUNCE, (source, day.isoformat(), json.dumps(list(keys))))
        return self._count(source, day) > before

    def _count(self, source: str, day: date) -> int:
        sql = "SELECT count(*) FROM announced WHERE source = ? AND day = ?"
        (count,) = self._connection.execute(sql, (source, day.isoformat())).fetchone()
        return int(count)

    def put_report(self, report: SourceReport) -> None:
        read_at = stamp(report.read_at) if report.read_at else None
        facts = (report.papers, report.skipped, report.problem, report.note, read_at)
        self._connection.execute(PUT_REPORT, (report.source, report.day.isoformat(), stamp(report.at), *facts))

    def put_summaries(self, summaries: Mapping[str, Summary], at: datetime) -> None:
        self._connection.executemany(
            PUT_SUMMARY,
            [(key, each.language, each.by, each.text, each.label, stamp(at)) for key, each in summaries.items()],
        )


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
