"""Messages that are wanted, leased, shown or in trouble. Knows nothing of what they say."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from adapters.stores.sqlite.changes import note
from adapters.stores.sqlite.columns import DAY, SECOND, is_row_id, moment, stamp
from bot.model import Trouble, Wanted

LEASE = 60 * SECOND
STALE = 2 * DAY  # what was never posted by then never is
SECOND_CHANCE = DAY

COLUMNS = """
message.id, message.group_id, message.place, message.kind, message.key, message.round, message.wanted, message.shown,
message.ref, message.hash, message.attempts, coalesce(parent.ref, '') AS parent_ref, message.posted_at
"""

# `shown < wanted` stands here word for word, so that the partial index serves: it holds the few messages that wait.
# ';' is the character after ':', so the range holds all places of one surface.
WAITING = """
FROM message
JOIN channel ON channel.group_id = message.group_id AND channel.place = message.place AND channel.bound
LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE message.shown < message.wanted AND message.place >= :surface || ':' AND message.place < :surface || ';'
    AND message.given_up_at IS NULL AND (message.parent_id IS NULL OR parent.ref <> '')
    AND (message.posted_at IS NOT NULL OR message.wanted_at > :now - :stale)
    AND message.place NOT IN (SELECT value FROM json_each(:resting))
"""

DUE = f"""
SELECT {COLUMNS} {WAITING}
    AND coalesce(message.lease_until, 0) <= :now AND coalesce(message.due_at, 0) <= :now
    AND coalesce(message.shown_at + :pause, 0) <= :now
ORDER BY message.wanted_at, message.id LIMIT :limit
"""

NEXT_DUE = f"""
SELECT min(max(message.wanted_at, coalesce(message.lease_until, 0), coalesce(message.due_at, 0),
    coalesce(message.shown_at + :pause, 0))) {WAITING}
"""

SHOWN = f"""
SELECT {COLUMNS} FROM message LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE message.shown > 0 AND message.group_id = ?
"""  # noqa: S608 - constants
STREAM = SHOWN + "AND message.place = ? AND message.id < ? ORDER BY message.id DESC LIMIT ?"
ONE_SHOWN = SHOWN + "AND message.id = ?"

NEWEST = 2**63 - 1


def lease(
    connection: sqlite3.Connection,
    surface: str,
    now: datetime,
    pause: float,
    limit: int,
    resting: Collection[str] = (),
) -> Sequence[Wanted]:
    at = stamp(now)
    key = {**_bounds(surface, now, pause, resting), "limit": limit}
    due = [_read_wanted(row) for row in connection.execute(DUE, key)]
    connection.executemany(
        "UPDATE message SET lease_until = ?, attempts = attempts + 1 WHERE id = ?",
        [(at + LEASE, wanted.id) for wanted in due],
    )
    return due


def next_due(
    connection: sqlite3.Connection, surface: str, now: datetime, pause: float, resting: Collection[str] = ()
) -> datetime | None:
    (due,) = connection.execute(NEXT_DUE, _bounds(surface, now, pause, resting)).fetchone()
    return None if due is None else moment(due)


def _bounds(surface: str, now: datetime, pause: float, resting: Collection[str]) -> dict[str, object]:
    return {
        "surface": surface,
        "now": stamp(now),
        "pause": int(pause * SECOND),
        "stale": STALE,
        "resting": json.dumps(sorted(resting)),
    }


def mark_shown(connection: sqlite3.Connection, message: Wanted, ref: str, hash: str, now: datetime) -> None:
    sql = "SELECT 1 FROM message WHERE id = ? AND shown > 0 AND hash = ?"
    looks_the_same = connection.execute(sql, (message.id, hash)).fetchone() is not None
    marked = connection.execute(
        """UPDATE message SET
            shown = max(shown, :shown), shown_at = :now, posted_at = coalesce(posted_at, :now), ref = :ref,
            hash = :hash, wanted_at = iif(wanted > :shown, :now, wanted_at), lease_until = NULL, due_at = NULL,
            attempts = 0, error = ''
        WHERE id = :id AND round = :round""",
        {
            "id": message.id,
            "round": message.round,
            "shown": message.wanted,
            "now": stamp(now),
            "ref": ref,
            "hash": hash,
        },
    )
    if marked.rowcount and not looks_the_same:
        note(connection, message.group, f"message:{message.id}")


def postpone(connection: sqlite3.Connection, message: Wanted, until: datetime, error: str) -> None:
    connection.execute(
        "UPDATE message SET lease_until = NULL, due_at = ?, error = ? WHERE id = ? AND round = ?",
        (stamp(until), error, message.id, message.round),
    )


def give_up(connection: sqlite3.Connection, message: Wanted, error: str, now: datetime) -> None:
    """Unless it was wanted anew since it was leased: then it is tried again."""
    connection.execute(
        """UPDATE message SET lease_until = NULL, error = ?, given_up_at = iif(wanted > ?, NULL, ?)
        WHERE id = ? AND round = ?""",
        (error, message.wanted, stamp(now), message.id, message.round),
    )


def repost(connection: sqlite3.Connection, message: Wanted) -> None:
    """The same row, so that replies and pages still find it; it keeps the time of its first post."""
    connection.execute(
        """UPDATE message SET
            round = round + 1, ref = '', shown = 0, shown_at = NULL, hash = '', lease_until = NULL, due_at = NULL,
            attempts = 0, error = '', given_up_at = NULL
        WHERE id = ? AND round = ?""",
        (message.id, message.round),
    )


def recover(connection: sqlite3.Connection, now: datetime) -> None:
    connection.execute("UPDATE message SET lease_until = NULL WHERE lease_until IS NOT NULL")
    connection.execute(
        "UPDATE message SET given_up_at = NULL, due_at = NULL WHERE given_up_at > ?", (stamp(now) - SECOND_CHANCE,)
    )


def troubles(connection: sqlite3.Connection, group: str, now: datetime) -> Sequence[Trouble]:
    rows = connection.execute(
        """SELECT place, error, attempts, wanted_at,
            given_up_at IS NOT NULL OR (posted_at IS NULL AND wanted_at <= :now - :stale) AS given_up
        FROM message JOIN channel USING (group_id, place)
        WHERE group_id = :group AND bound AND shown < wanted AND error <> '' ORDER BY wanted_at, id""",
        {"group": group, "now": stamp(now), "stale": STALE},
    )
    return [
        Trouble(
            place=row["place"],
            error=row["error"],
            attempts=row["attempts"],
            since=moment(row["wanted_at"]),
            given_up=bool(row["given_up"]),
        )
        for row in rows
    ]


def messages(
    connection: sqlite3.Connection, group: str, place: str, *, before: int | None, limit: int
) -> Sequence[tuple[Wanted, datetime]]:
    key = (group, place, NEWEST if before is None else min(before, NEWEST), limit)
    newest_first = connection.execute(STREAM, key).fetchall()
    return [(_read_wanted(row), moment(row["posted_at"])) for row in reversed(newest_first)]


def message(connection: sqlite3.Connection, group: str, message: int) -> tuple[Wanted, datetime] | None:
    row = connection.execute(ONE_SHOWN, (group, message)).fetchone() if is_row_id(message) else None
    return (_read_wanted(row), moment(row["posted_at"])) if row else None


def _read_wanted(row: sqlite3.Row) -> Wanted:
    return Wanted(
        id=row["id"],
        group=row["group_id"],
        place=row["place"],
        kind=row["kind"],
        key=row["key"],
        round=row["round"],
        wanted=row["wanted"],
        shown=row["shown"],
        ref=row["ref"],
        hash=row["hash"],
        attempts=row["attempts"],
        parent_ref=row["parent_ref"],
    )
