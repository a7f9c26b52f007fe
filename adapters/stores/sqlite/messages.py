"""Messages that are wanted, leased, shown or in trouble. Knows nothing of what they say."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from adapters.stores.sqlite.changes import WANT_AGAIN, Changes
from adapters.stores.sqlite.columns import DAY, HOUR, SECOND, is_row_id, moment, stamp
from adapters.stores.sqlite.entries import require
from adapters.stores.sqlite.people import is_new
from bot.errors import UserError
from bot.model import Act, OpenCard, Trouble, Wanted, Wish
from bot.ports import Pauses

LEASE = 60 * SECOND
STALE = 2 * DAY  # what was never posted by then never is
SECOND_CHANCE = DAY

COLUMNS = """
message.id, message.group_id, message.place, message.kind, message.key, message.round, message.wanted, message.shown,
message.ref, message.hash, message.wanted_at, message.attempts, coalesce(parent.ref, '') AS parent_ref,
message.posted_at
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

WANT = """
INSERT INTO message (group_id, place, kind, key, wanted_at, parent_id)
SELECT channel.group_id, channel.place, :kind, :key, :at, header.id
FROM channel
LEFT JOIN message AS header ON header.group_id = channel.group_id AND header.place = channel.place
    AND header.kind = 'digest' AND header.key = :header
WHERE channel.group_id = :group AND channel.bound
"""

# "!" is the character after the space, so that 12 is not taken for 120.
SHOW_AGAIN = """
UPDATE message SET
    wanted = wanted + 1,
    wanted_at = iif(shown = wanted, ?, wanted_at),
    due_at = iif(given_up_at IS NULL, due_at, NULL),
    error = iif(given_up_at IS NULL, error, ''),
    given_up_at = NULL
WHERE group_id = ? AND key >= ? AND key < ? AND kind IN """

# `under`, when it is not "", is the kind of the message whose thread it belongs into, and `parent` that one's key.
WISH = """
INSERT INTO message (group_id, place, kind, key, wanted_at, parent_id)
SELECT channel.group_id, channel.place, :kind, :key, :at, (
    SELECT id FROM message AS parent
    WHERE parent.group_id = channel.group_id AND parent.place = channel.place AND parent.kind = :under
        AND parent.key = :parent)
FROM channel
WHERE channel.group_id = :group AND channel.bound
    AND (:surfaces = '[]' OR substr(channel.place, 1, instr(channel.place, ':') - 1) IN (
        SELECT value FROM json_each(:surfaces)))
    AND NOT EXISTS (
        SELECT 1 FROM message AS same
        WHERE same.group_id = channel.group_id AND same.place = channel.place AND same.kind = :kind
            AND same.key = :key)
"""
# What was never posted and is stale by now gets another two days, since somebody asks for it again.
REVIVE = """
UPDATE message SET wanted_at = :at
WHERE group_id = :group AND kind = :kind AND key = :key AND posted_at IS NULL AND wanted_at <= :at - :stale
"""

OPEN_DISCUSSION = """
INSERT INTO message (group_id, place, kind, key, wanted_at, parent_id)
SELECT channel.group_id, channel.place, 'discussion', :key, :at, card.id
FROM channel
LEFT JOIN message AS card ON card.group_id = channel.group_id AND card.place = channel.place
    AND card.kind = 'paper' AND card.key = :key AND card.shown > 0
WHERE channel.group_id = :group AND channel.place = :place AND channel.bound
"""
# Without its hash it is sent again though it looks the same. It stays as old as it is while that gives it a chance,
# since an earlier attempt is only looked for from then on.
SHOW_DISCUSSION = """
UPDATE message SET wanted = wanted + 1, hash = '', given_up_at = NULL,
    wanted_at = iif(shown < wanted AND wanted_at > :at - :stale, wanted_at, :at),
    due_at = iif(given_up_at IS NULL, due_at, NULL)
WHERE group_id = :group AND kind = 'discussion' AND key = :key AND place = :place
"""

RESTED = "coalesce(message.shown_at + iif(message.posted_at > :now - :hour, :early, :late), 0)"

# Edits of cards come after all that is new: platforms hold up edits of old messages for minutes.
DUE = f"""
SELECT * FROM (
    SELECT {COLUMNS}, message.posted_at IS NOT NULL AND message.kind = 'paper' AS can_wait,
        row_number() OVER (
            PARTITION BY message.place
            ORDER BY message.posted_at IS NOT NULL AND message.kind = 'paper', message.wanted_at, message.id
        ) AS turn
    {WAITING}
    AND coalesce(message.lease_until, 0) <= :now AND coalesce(message.due_at, 0) <= :now AND {RESTED} <= :now
)
WHERE turn = 1 ORDER BY can_wait, wanted_at, id LIMIT :limit
"""  # noqa: S608 - constants

NEXT_DUE = f"""
SELECT min(max(message.wanted_at, coalesce(message.lease_until, 0), coalesce(message.due_at, 0), {RESTED})) {WAITING}
"""

SHOWN = f"""
SELECT {COLUMNS} FROM message LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE message.shown > 0 AND message.group_id = ?
"""  # noqa: S608 - constants
STREAM = SHOWN + "AND message.place = ? AND message.id < ? ORDER BY message.id DESC LIMIT ?"
ONE_SHOWN = SHOWN + "AND message.id = ?"

STANDING = f"""
SELECT {COLUMNS}
FROM message
JOIN channel ON channel.group_id = message.group_id AND channel.place = message.place AND channel.bound
LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE message.shown > 0 AND message.place >= :surface || ':' AND message.place < :surface || ';'
"""  # noqa: S608 - constants
BY_REF = STANDING + "AND message.ref = :ref AND message.ref <> ''"
IS_OPEN = """
AND (message.kind = 'paper' AND message.posted_at >= :since
    OR message.kind = 'event' AND EXISTS (
        SELECT 1 FROM session
        WHERE session.group_id = message.group_id AND session.id = message.key AND session.starts >= :since))
ORDER BY message.posted_at DESC, message.id DESC
"""
OPEN_CARDS = STANDING + IS_OPEN

# Of one member, on all cards of an entry.
REACTIONS_OF = """
SELECT message.place, message.ref, reaction.account_id
FROM message
JOIN reaction ON reaction.message_id = message.id
JOIN account ON account.id = reaction.account_id
WHERE message.group_id = ? AND message.kind = 'paper' AND message.key = ? AND account.member_id = ?
"""
ADD_REACTION = "INSERT INTO reaction (message_id, account_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
DROP_REACTION = "DELETE FROM reaction WHERE message_id = ? AND account_id = ?"

NEWEST = 2**63 - 1


def lease(
    connection: sqlite3.Connection,
    surface: str,
    now: datetime,
    pauses: Pauses,
    limit: int,
    resting: Collection[str] = (),
) -> Sequence[Wanted]:
    at = stamp(now)
    key = {**_bounds(surface, now, pauses, resting), "limit": limit}
    due = [_read_wanted(row) for row in connection.execute(DUE, key)]
    connection.executemany(
        "UPDATE message SET lease_until = ?, attempts = attempts + 1 WHERE id = ?",
        [(at + LEASE, wanted.id) for wanted in due],
    )
    return due


class Messages:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def show_again(self, group: str, kinds: Sequence[str], keys: Sequence[str], at: datetime) -> None:
        sql = SHOW_AGAIN + f"({', '.join('?' * len(kinds))})"
        for key in keys:
            self._connection.execute(sql, (stamp(at), group, key, f"{key}!", *kinds))

    def next_due(self, surface: str, now: datetime, pauses: Pauses, resting: Collection[str] = ()) -> datetime | None:
        (due,) = self._connection.execute(NEXT_DUE, _bounds(surface, now, pauses, resting)).fetchone()
        return None if due is None else moment(due)

    def troubles(self, group: str, now: datetime) -> Sequence[Trouble]:
        rows = self._connection.execute(
            """SELECT place, error, attempts, wanted_at,
                given_up_at IS NOT NULL OR (posted_at IS NULL AND wanted_at <= :now - :stale) AS given_up
            FROM channel CROSS JOIN message INDEXED BY message_due USING (group_id, place)
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

    def messages(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[tuple[Wanted, datetime]]:
        key = (group, place, NEWEST if before is None else min(before, NEWEST), limit)
        newest_first = self._connection.execute(STREAM, key).fetchall()
        return [(_read_wanted(row), moment(row["posted_at"])) for row in reversed(newest_first)]

    def message(self, group: str, message: int) -> tuple[Wanted, datetime] | None:
        row = self._connection.execute(ONE_SHOWN, (group, message)).fetchone() if is_row_id(message) else None
        return (_read_wanted(row), moment(row["posted_at"])) if row else None

    def find_shown(self, surface: str, ref: str) -> Wanted | None:
        row = self._connection.execute(BY_REF, {"surface": surface, "ref": ref}).fetchone()
        return _read_wanted(row) if row else None

    def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        sql = "SELECT ref FROM message WHERE group_id = ? AND kind = ? AND key = ? AND place = ? AND shown > 0"
        row = self._connection.execute(sql, (group, kind, key, place)).fetchone()
        return str(row["ref"]) if row else ""

    def reacting(self, message: int) -> Mapping[str, str]:
        sql = """SELECT account.id, account.name FROM reaction JOIN account ON account.id = reaction.account_id
            WHERE reaction.message_id = ?"""
        return dict(self._connection.execute(sql, (message,)).fetchall())

    def reactions_of(self, group: str, member: int, entry: int) -> Sequence[tuple[str, str, str]]:
        return [
            (place, ref, account)
            for place, ref, account in self._connection.execute(REACTIONS_OF, (group, str(entry), member))
        ]

    def add_reaction(self, message: int, account: str, at: datetime) -> bool:
        return self._connection.execute(ADD_REACTION, (message, account, stamp(at))).rowcount == 1

    def drop_reaction(self, message: int, account: str) -> bool:
        return self._connection.execute(DROP_REACTION, (message, account)).rowcount == 1

    def open_cards(self, surface: str, since: datetime) -> Sequence[OpenCard]:
        rows = self._connection.execute(OPEN_CARDS, {"surface": surface, "since": stamp(since)})
        return [OpenCard(row["id"], row["place"], row["ref"], row["parent_ref"]) for row in rows]


def _bounds(surface: str, now: datetime, pauses: Pauses, resting: Collection[str]) -> dict[str, object]:
    return {
        "surface": surface,
        "now": stamp(now),
        "hour": HOUR,
        "early": int(pauses.early * SECOND),
        "late": int(pauses.late * SECOND),
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
    if not marked.rowcount:
        return
    if not looks_the_same:
        Changes(connection).note(message.group, f"message:{message.id}")
    if ref != message.ref:
        _has_appeared(connection, message, now)


def _has_appeared(connection: sqlite3.Connection, message: Wanted, now: datetime) -> None:
    """A post that got through ends the trouble of its place; a discussion that has opened is shown on its card."""
    connection.execute("DELETE FROM alert WHERE place = ?", (message.place,))
    if message.kind == "discussion":
        card = {"group": message.group, "kind": "paper", "key": message.key, "at": stamp(now), "place": message.place}
        connection.execute(WANT_AGAIN + "AND place = :place", card)


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
    """The same row, so that replies and pages still find it; it keeps the time of its first post. The reactions went
    with the old one, and the votes that they were stay."""
    reposted = connection.execute(
        """UPDATE message SET
            round = round + 1, ref = '', shown = 0, shown_at = NULL, hash = '', lease_until = NULL, due_at = NULL,
            attempts = 0, error = '', given_up_at = NULL
        WHERE id = ? AND round = ?""",
        (message.id, message.round),
    )
    if reposted.rowcount:
        connection.execute("DELETE FROM reaction WHERE message_id = ?", (message.id,))


def recover(connection: sqlite3.Connection, now: datetime) -> None:
    connection.execute("UPDATE message SET lease_until = NULL WHERE lease_until IS NOT NULL")
    connection.execute(
        "UPDATE message SET given_up_at = NULL, due_at = NULL WHERE given_up_at > ?", (stamp(now) - SECOND_CHANCE,)
    )


def raise_alert(connection: sqlite3.Connection, place: str, error: str, at: datetime) -> bool:
    sql = "INSERT INTO alert (place, error, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    return connection.execute(sql, (place, error, stamp(at))).rowcount == 1


def want_digest(connection: sqlite3.Connection, group: str, posted_on: str, at: int) -> None:
    connection.execute(WANT, {"group": group, "kind": "digest", "key": posted_on, "at": at, "header": ""})


def want_card(connection: sqlite3.Connection, group: str, entry: int, at: int) -> None:
    """Under the header of its digest, where that is threaded."""
    sql = """SELECT posted_on FROM entry JOIN digest USING (group_id, posted_on)
        WHERE entry.group_id = ? AND entry.id = ? AND threaded"""
    threaded = connection.execute(sql, (group, entry)).fetchone()
    header = threaded["posted_on"] if threaded else ""
    connection.execute(WANT, {"group": group, "kind": "paper", "key": str(entry), "at": at, "header": header})


def want(connection: sqlite3.Connection, group: str, wish: Wish, at: int, parent: str = "") -> None:
    """Whether it stands or not; `parent` is the key of the message it belongs under, else its own up to the space."""
    key = {
        "group": group,
        "kind": wish.kind,
        "key": wish.key,
        "at": at,
        "under": wish.under,
        "parent": parent or wish.key.partition(" ")[0],
        "surfaces": json.dumps(wish.surfaces),
        "stale": STALE,
    }
    connection.execute(REVIVE, key)
    connection.execute(WANT_AGAIN, key)
    connection.execute(WISH, key)


def discuss(connection: sqlite3.Connection, act: Act, entry: int, place: str) -> bool:
    """One that is open is shown again: if it was deleted, that brings it back."""
    require(connection, act.group, entry)
    key = {"group": act.group, "key": str(entry), "place": place, "at": stamp(act.at), "stale": STALE}
    if not is_new(connection, act) or connection.execute(SHOW_DISCUSSION, key).rowcount:
        return False
    if not connection.execute(OPEN_DISCUSSION, key).rowcount:
        raise UserError("A discussion opens in a channel of the group; ask there.")
    return True


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
        wanted_at=moment(row["wanted_at"]),
        attempts=row["attempts"],
        parent_ref=row["parent_ref"],
    )
