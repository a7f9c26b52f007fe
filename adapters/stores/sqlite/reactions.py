"""The voting emoji on cards: a mirror of what stands on the platform, whose changes are votes. Knows no platform.

Who marked an event is mirrored too; what that comes to is the core's business.
"""

import sqlite3
from collections.abc import Mapping, Sequence

from adapters.stores.sqlite.columns import stamp
from adapters.stores.sqlite.people import is_new
from adapters.stores.sqlite.votes import add_source, drop_source
from bot.model import Act, Tally

ABOUT = "SELECT kind, key FROM message WHERE id = ? AND group_id = ? AND kind IN ('paper', 'event')"

# Of one member, on all cards of an entry.
STANDING = """
SELECT message.place, message.ref, reaction.account_id
FROM message
JOIN reaction ON reaction.message_id = message.id
JOIN account ON account.id = reaction.account_id
WHERE message.group_id = ? AND message.kind = 'paper' AND message.key = ? AND account.member_id = ?
"""


def set_reaction(connection: sqlite3.Connection, act: Act, message: int, account: str, *, on: bool) -> Tally | None:
    row = connection.execute(ABOUT, (message, act.group)).fetchone()
    if row is None or not is_new(connection, act):
        return None
    if not _mirror(connection, act, message, account, on=on) or row["kind"] == "event":
        return None
    entry = int(row["key"])
    if on:
        return add_source(connection, act, entry)
    return drop_source(connection, act, entry, stands=_stands(connection, act, entry, account))


def _mirror(connection: sqlite3.Connection, act: Act, message: int, account: str, *, on: bool) -> bool:
    """False when it showed that already."""
    if on:
        sql = "INSERT INTO reaction (message_id, account_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        return connection.execute(sql, (message, account, stamp(act.at))).rowcount == 1
    sql = "DELETE FROM reaction WHERE message_id = ? AND account_id = ?"
    return connection.execute(sql, (message, account)).rowcount == 1


def _stands(connection: sqlite3.Connection, act: Act, entry: int, account: str) -> bool:
    """Whether the member has the emoji on another card of the entry, on the same surface."""
    surface = account.partition(":")[0]
    rows = reactions_of(connection, act.group, act.member, entry)
    return any(place.partition(":")[0] == surface for place, _, _ in rows)


def reacting(connection: sqlite3.Connection, message: int) -> Mapping[str, str]:
    sql = """SELECT account.id, account.name FROM reaction JOIN account ON account.id = reaction.account_id
        WHERE reaction.message_id = ?"""
    return dict(connection.execute(sql, (message,)).fetchall())


def reactions_of(connection: sqlite3.Connection, group: str, member: int, entry: int) -> Sequence[tuple[str, str, str]]:
    return [(place, ref, account) for place, ref, account in connection.execute(STANDING, (group, str(entry), member))]
