"""What changed, in order, for live pages; and the cards that must be shown again. Knows no cause."""

import sqlite3
from collections.abc import Sequence

from adapters.stores.sqlite.columns import DAY
from bot.model import Change

NEWEST = 2**63 - 1  # after it there is none; more than that SQLite can't compare

# A wish that was given up gets another attempt; one that waits after a failure goes on waiting.
WANT_AGAIN = """
UPDATE message SET
    wanted = wanted + 1,
    wanted_at = iif(shown = wanted, :at, wanted_at),
    due_at = iif(given_up_at IS NULL, due_at, NULL),
    error = iif(given_up_at IS NULL, error, ''),
    given_up_at = NULL
WHERE group_id = :group AND kind = :kind AND key = :key
"""

WANT = WANT_AGAIN[: WANT_AGAIN.index("WHERE")]

# The session's messages have its id as their key, or the id, a space and more; "!" is the character after the space,
# so that 12 is not taken for 120.
WANT_LIVING = f"""{WANT}
WHERE group_id = :group AND kind IN ('nominations', 'ballot', 'pick', 'ask', 'nudge', 'room', 'recap', 'event')
    AND key >= :session AND key < :session || '!'
"""

WANT_COUNTS = f"""{WANT}
WHERE group_id = :group AND kind IN ('nominations', 'ballot', 'pick') AND key IN (
    SELECT CAST(id AS TEXT) FROM session
    WHERE group_id = :group AND status = 'planned' AND starts > :at - {DAY} AND (
        closed_at IS NULL OR entry = :entry
        OR EXISTS (SELECT 1 FROM json_each(session.shortlist) WHERE value = :entry)))
"""  # noqa: S608 - constants


def touch_entry(connection: sqlite3.Connection, group: str, entry: int, at: int) -> None:
    """Its cards are to be shown again, wherever they stand."""
    connection.execute(WANT_AGAIN, {"group": group, "kind": "paper", "key": str(entry), "at": at})
    Changes(connection).note(group, f"entry:{entry}")


def touch_session(connection: sqlite3.Connection, group: str, session: int, at: int) -> None:
    """All that goes on telling how it stands."""
    connection.execute(WANT_LIVING, {"group": group, "session": str(session), "at": at})
    Changes(connection).note(group, f"session:{session}")


def touch_votes(connection: sqlite3.Connection, group: str, entry: int, at: int) -> None:
    """What shows how votes on an entry, or claims of it, stand for the sessions to come."""
    key = {"group": group, "entry": entry, "key": str(entry), "at": at}
    connection.execute(WANT_COUNTS, key)
    connection.execute(WANT_AGAIN, {**key, "kind": "second-chance"})


class Changes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, group: str, what: str) -> None:
        self._connection.execute("INSERT INTO change (group_id, what) VALUES (?, ?)", (group, what))

    def changes(self, group: str, after: int, limit: int) -> Sequence[Change]:
        sql = "SELECT seq, group_id, what FROM change WHERE group_id = ? AND seq > ? ORDER BY seq LIMIT ?"
        found = [Change(*row) for row in self._connection.execute(sql, (group, min(after, NEWEST), limit))]
        # Some were tidied away; or the page has seen what this database, restored from a backup, has not. Nothing seen
        # and nothing left is a group without changes, not a gap.
        oldest, newest = _ends(self._connection)
        if ((found or after) and after < oldest - 1) or after > newest:
            return [Change(self.last_change(group), group, "reset")]
        return found

    def last_change(self, group: str) -> int:
        sql = "SELECT seq FROM change WHERE group_id = ? ORDER BY seq DESC LIMIT 1"
        row = self._connection.execute(sql, (group,)).fetchone()
        return int(row["seq"]) if row else 0

    def count(self) -> int:
        oldest, newest = _ends(self._connection)
        return newest - oldest + 1 if newest else 0

    def drop_old(self, kept: int) -> None:
        _, newest = _ends(self._connection)
        self._connection.execute("DELETE FROM change WHERE seq <= ?", (newest - kept,))


def _ends(connection: sqlite3.Connection) -> tuple[int, int]:
    oldest, newest = connection.execute(
        "SELECT (SELECT coalesce(min(seq), 0) FROM change), (SELECT coalesce(max(seq), 0) FROM change)"
    ).fetchone()
    return oldest, newest
