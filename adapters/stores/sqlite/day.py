"""Digests: what a group was shown on a date, and which announcements that covers. Knows no rule of the choice."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from adapters.stores.sqlite.changes import touch_digest, touch_entry
from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.entries import Entries
from adapters.stores.sqlite.messages import want_card, want_digest
from adapters.stores.sqlite.papers import find_paper, insert_paper, put_summary
from adapters.stores.sqlite.people import is_new, require_member
from bot.errors import UserError
from bot.model import Act, Covered, Digest, Entry, Listing, Summary

DIGESTS = """
SELECT digest.group_id, digest.posted_on, digest.covers, digest.cards, digest.why, digest.next_due, digest.missing,
    digest.threaded,
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
NEWEST = "SELECT posted_on FROM digest WHERE group_id = ? ORDER BY posted_on DESC LIMIT 1"
NEWEST_DIGESTS = DIGESTS + "WHERE digest.group_id = ? ORDER BY digest.posted_on DESC LIMIT ?"


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

    def digests(self, group: str, limit: int) -> Sequence[Digest]:
        return [_read_digest(row) for row in self._connection.execute(NEWEST_DIGESTS, (group, limit))]


def list_day(
    connection: sqlite3.Connection,
    digest: Digest,
    done: Sequence[Covered],
    listings: Sequence[Listing],
    summaries: Mapping[str, Summary],
    at: datetime,
) -> bool:
    if not _insert_digest(connection, digest):
        return False
    _mark_had(connection, digest, done)
    want_digest(connection, digest.group, digest.posted_on.isoformat(), stamp(at))
    _add(connection, digest, listings, summaries, digest.cards, at)
    return True


def extend_day(
    connection: sqlite3.Connection,
    digest: Digest,
    done: Sequence[Covered],
    listings: Sequence[Listing],
    summaries: Mapping[str, Summary],
    at: datetime,
) -> bool:
    posted_on = digest.posted_on.isoformat()
    sql = "SELECT cards FROM digest WHERE group_id = ? AND posted_on = ?"
    row = connection.execute(sql, (digest.group, posted_on)).fetchone()
    if row is None:
        return False
    changes = (
        _update_digest(connection, digest),
        _mark_had(connection, digest, done),
        _add(connection, digest, listings, summaries, max(0, digest.cards - row["cards"]), at),
    )
    if any(changes):
        touch_digest(connection, digest.group, posted_on, stamp(at))
    return any(changes)


def _insert_digest(connection: sqlite3.Connection, digest: Digest) -> bool:
    cursor = connection.execute(
        """INSERT INTO digest (group_id, posted_on, covers, cards, why, next_due, missing, threaded)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
        (digest.group, digest.posted_on.isoformat(), *_facts(digest), digest.threaded),
    )
    return cursor.rowcount == 1


def _update_digest(connection: sqlite3.Connection, digest: Digest) -> bool:
    facts = _facts(digest)
    cursor = connection.execute(
        """UPDATE digest SET covers = ?, cards = ?, why = ?, next_due = ?, missing = ?
        WHERE group_id = ? AND posted_on = ? AND (covers, cards, why, next_due, missing) IS NOT (?, ?, ?, ?, ?)""",
        (*facts, digest.group, digest.posted_on.isoformat(), *facts),
    )
    return cursor.rowcount == 1


def _facts(digest: Digest) -> tuple[str, int, str, int | None, str]:
    covers = json.dumps([(source, day.isoformat()) for source, day in digest.covers])
    due = stamp(digest.next_due) if digest.next_due else None
    return covers, digest.cards, digest.why, due, json.dumps(digest.missing)


def _mark_had(connection: sqlite3.Connection, digest: Digest, done: Sequence[Covered]) -> bool:
    cursor = connection.executemany(
        "INSERT INTO had (group_id, source, day, posted_on) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(digest.group, source, day.isoformat(), digest.posted_on.isoformat()) for source, day in done],
    )
    return cursor.rowcount > 0


def _add(
    connection: sqlite3.Connection,
    digest: Digest,
    listings: Sequence[Listing],
    summaries: Mapping[str, Summary],
    cards: int,
    at: datetime,
    submitter: int | None = None,
) -> bool:
    """Those papers that the group does not have yet; True when there were any."""
    fresh: list[int] = []
    for listing in listings:
        key = listing.paper.key
        paper = find_paper(connection, key) or insert_paper(connection, listing.paper, stamp(at))
        if key in summaries:
            put_summary(connection, key, summaries[key], at)
        if entry := _insert_entry(connection, digest, paper, listing, submitter, stamp(at)):
            fresh.append(entry)
    for entry in fresh[:cards]:
        want_card(connection, digest.group, entry, stamp(at))
    return bool(fresh)


def submit(connection: sqlite3.Connection, act: Act, listing: Listing, summary: Summary | None) -> Entry:
    """Raises UserError when the group has no list yet."""
    require_member(connection, act)
    row = connection.execute(NEWEST, (act.group,)).fetchone()
    if row is None:
        raise UserError("There is no list yet to put it on. Hand it in again after the first post.")
    if is_new(connection, act):
        summaries = {listing.paper.key: summary} if summary else {}
        _hand_in(connection, act, date.fromisoformat(row["posted_on"]), listing, summaries)
    found = Entries(connection).entry_by_key(act.group, listing.paper.key)
    if found is None:
        raise UserError("That request was handled before, and its paper is not on the list.")
    return found


def _hand_in(
    connection: sqlite3.Connection,
    act: Act,
    posted_on: date,
    listing: Listing,
    summaries: Mapping[str, Summary],
) -> None:
    on = Digest(act.group, posted_on, ())
    if _add(connection, on, [listing], summaries, 1, act.at, act.member):
        touch_digest(connection, act.group, posted_on.isoformat(), stamp(act.at))


def recognise(connection: sqlite3.Connection, group: str, told: str, key: str, at: datetime) -> bool:
    entry, paper = Entries(connection).entry_by_key(group, told), find_paper(connection, key)
    if entry is None or paper is None or Entries(connection).entry_by_key(group, key):
        return False
    connection.execute("UPDATE entry SET paper_id = ? WHERE group_id = ? AND id = ?", (paper, group, entry.id))
    touch_entry(connection, group, entry.id, stamp(at))
    return True


def _insert_entry(
    connection: sqlite3.Connection, digest: Digest, paper: int, listing: Listing, submitter: int | None, at: int
) -> int | None:
    """Ranked after those that are there; None when the group has the paper already."""
    row = connection.execute(
        """INSERT INTO entry (group_id, paper_id, posted_on, rank, day, source, reason, late, submitted_by,
            submitted_at)
        SELECT :group, :paper, :posted_on, coalesce(max(rank), 0) + 1, :day, :source, :reason, :late, :submitter,
            iif(:submitter IS NULL, NULL, :at)
        FROM entry WHERE group_id = :group AND posted_on = :posted_on
        ON CONFLICT (group_id, paper_id) DO NOTHING RETURNING id""",
        {
            "group": digest.group,
            "paper": paper,
            "posted_on": digest.posted_on.isoformat(),
            "day": listing.day.isoformat(),
            "source": listing.source,
            "reason": listing.reason,
            "late": listing.late,
            "submitter": submitter,
            "at": at,
        },
    ).fetchone()
    return int(row["id"]) if row else None


def _read_digest(row: sqlite3.Row) -> Digest:
    return Digest(
        group=row["group_id"],
        posted_on=date.fromisoformat(row["posted_on"]),
        covers=tuple((source, date.fromisoformat(day)) for source, day in json.loads(row["covers"])),
        papers=row["papers"],
        late=row["late"],
        submitted=row["submitted"],
        days=tuple(sorted(date.fromisoformat(day) for day in json.loads(row["days"]))),
        cards=row["cards"],
        why=row["why"],
        next_due=None if row["next_due"] is None else moment(row["next_due"]),
        missing=tuple(json.loads(row["missing"])),
        threaded=bool(row["threaded"]),
    )
