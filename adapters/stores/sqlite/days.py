"""Digests: what a group was shown on a date, and which announcements that covers. See `bot.ports.rows.days`."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import date

from adapters.stores.sqlite.columns import moment, stamp
from bot.model import Covered, Digest

DIGESTS = """
SELECT digest.group_id, digest.posted_on, digest.covers, digest.cards, digest.why, digest.next_due, digest.missing,
    digest.layout,
    (SELECT json_group_array(DISTINCT day) FROM entry
        WHERE entry.group_id = digest.group_id AND entry.posted_on = digest.posted_on
        AND entry.submitted_by IS NULL) AS days,
    (SELECT count(*) FROM entry
        WHERE entry.group_id = digest.group_id AND entry.posted_on = digest.posted_on) AS papers,
    (SELECT count(*) FROM entry
        WHERE entry.group_id = digest.group_id AND entry.posted_on = digest.posted_on AND entry.late) AS late,
    (SELECT count(submitted_by) FROM entry
        WHERE entry.group_id = digest.group_id AND entry.posted_on = digest.posted_on) AS submitted
FROM digest
"""
DIGEST = DIGESTS + "WHERE digest.group_id = ? AND digest.posted_on = ?"
NEWEST_DIGESTS = DIGESTS + "WHERE digest.group_id = ? AND digest.posted_on <= ? ORDER BY digest.posted_on DESC LIMIT ?"
NEWEST = "SELECT max(posted_on) FROM digest WHERE group_id = ? AND posted_on BETWEEN ? AND ?"
# Digests are read by their key, a few of each group; most groups have the same ones.
COVERED = """
SELECT DISTINCT digest.covers FROM json_each(:groups) AS wish CROSS JOIN digest
ON digest.group_id = wish.value AND digest.posted_on >= min(:since, :missing)
WHERE digest.posted_on >= :since OR digest.missing <> '[]'
"""

PUT = """
INSERT INTO digest (group_id, posted_on, covers, cards, why, next_due, missing, layout)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (group_id, posted_on) DO UPDATE SET
    covers = excluded.covers, cards = excluded.cards, why = excluded.why, next_due = excluded.next_due,
    missing = excluded.missing, layout = excluded.layout
"""
MARK_HAD = "INSERT INTO had (group_id, source, day, posted_on) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Days:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def had(self, group: str, since: date) -> frozenset[Covered]:
        rows = self._connection.execute(
            "SELECT source, day FROM had WHERE group_id = ? AND day >= ?", (group, since.isoformat())
        )
        return frozenset((row["source"], date.fromisoformat(row["day"])) for row in rows)

    def digest(self, group: str, posted_on: date) -> Digest | None:
        row = self._connection.execute(DIGEST, (group, posted_on.isoformat())).fetchone()
        return _read_digest(row) if row else None

    def digests(self, group: str, limit: int, until: date = date.max) -> Sequence[Digest]:
        wish = (group, until.isoformat(), limit)
        return [_read_digest(row) for row in self._connection.execute(NEWEST_DIGESTS, wish)]

    def newest(self, group: str, since: date, until: date) -> date | None:
        bounds = (group, since.isoformat(), until.isoformat())
        (found,) = self._connection.execute(NEWEST, bounds).fetchone()
        return date.fromisoformat(found) if found else None

    def covered(self, groups: Collection[str], since: date, missing_since: date) -> frozenset[Covered]:
        wish = {"groups": json.dumps([*groups]), "since": since.isoformat(), "missing": missing_since.isoformat()}
        return frozenset(pair for (told,) in self._connection.execute(COVERED, wish) for pair in _read_covers(told))

    def put(self, digest: Digest) -> None:
        key = (digest.group, digest.posted_on.isoformat())
        self._connection.execute(PUT, (*key, *_facts(digest), digest.layout))

    def mark_had(self, group: str, posted_on: date, pairs: Sequence[Covered]) -> None:
        self._connection.executemany(
            MARK_HAD, [(group, source, day.isoformat(), posted_on.isoformat()) for source, day in pairs]
        )


def _facts(digest: Digest) -> tuple[str, int, str, int | None, str]:
    covers = json.dumps([(source, day.isoformat()) for source, day in digest.covers])
    due = stamp(digest.next_due) if digest.next_due else None
    return covers, digest.cards, digest.why, due, json.dumps(digest.missing)


def _read_digest(row: sqlite3.Row) -> Digest:
    return Digest(
        group=row["group_id"],
        posted_on=date.fromisoformat(row["posted_on"]),
        covers=_read_covers(row["covers"]),
        papers=row["papers"],
        late=row["late"],
        submitted=row["submitted"],
        days=tuple(sorted(date.fromisoformat(day) for day in json.loads(row["days"]))),
        cards=row["cards"],
        why=row["why"],
        next_due=None if row["next_due"] is None else moment(row["next_due"]),
        missing=tuple(json.loads(row["missing"])),
        layout=row["layout"],
    )


def _read_covers(told: str) -> tuple[Covered, ...]:
    return tuple((source, date.fromisoformat(day)) for source, day in json.loads(told))
