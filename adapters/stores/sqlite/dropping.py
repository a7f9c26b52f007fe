"""Taking a drop back, until undo is an action: see `bot.actions.entries`."""

import sqlite3

from adapters.stores.sqlite.changes import touch_entry, touch_votes
from adapters.stores.sqlite.columns import stamp
from bot.model import Act


def put_drop(connection: sqlite3.Connection, act: Act, entry: int, *, dropped: bool) -> bool:
    """False when it was so already."""
    sql = "UPDATE entry SET dropped = :dropped WHERE group_id = :group AND id = :entry AND dropped <> :dropped"
    if not connection.execute(sql, {"dropped": dropped, "group": act.group, "entry": entry}).rowcount:
        return False
    touch_entry(connection, act.group, entry, stamp(act.at))
    touch_votes(connection, act.group, entry, stamp(act.at))
    return True
