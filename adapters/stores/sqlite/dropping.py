"""Taking a paper off the vote, and putting it back. Knows no session."""

import sqlite3

from adapters.stores.sqlite.changes import touch_entry, touch_votes
from adapters.stores.sqlite.columns import stamp
from adapters.stores.sqlite.entries import require
from adapters.stores.sqlite.people import is_new
from bot.model import Act


def drop(connection: sqlite3.Connection, act: Act, entry: int, dropped: bool, reason: str) -> bool:
    require(connection, act.group, entry)
    if not is_new(connection, act) or not put_drop(connection, act, entry, dropped=dropped):
        return False
    before, after = ("", "dropped") if dropped else ("dropped", "")
    connection.execute(
        """INSERT INTO audit (group_id, at, member_id, action, entry_id, before, after, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (act.group, stamp(act.at), act.member or None, "drop" if dropped else "put back", entry, before, after, reason),
    )
    return True


def put_drop(connection: sqlite3.Connection, act: Act, entry: int, *, dropped: bool) -> bool:
    """False when it was so already."""
    sql = "UPDATE entry SET dropped = :dropped WHERE group_id = :group AND id = :entry AND dropped <> :dropped"
    if not connection.execute(sql, {"dropped": dropped, "group": act.group, "entry": entry}).rowcount:
        return False
    touch_entry(connection, act.group, entry, stamp(act.at))
    touch_votes(connection, act.group, entry, stamp(act.at))
    return True
