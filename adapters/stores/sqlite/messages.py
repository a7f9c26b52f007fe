"""Messages that are wanted, leased, shown or in trouble. Knows nothing of what they say, and no kind of them."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from adapters.stores.sqlite.columns import MICROSECOND, SECOND, is_row_id, moment, stamp
from bot.model import OpenCard, Trouble, Wanted
from bot.ports import Pace

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

# A wish that was given up gets another attempt; one that waits after a failure goes on waiting.
SHOW = """
UPDATE message SET
    wanted = wanted + 1,
    wanted_at = iif(shown = wanted, ?, wanted_at),
    due_at = iif(given_up_at IS NULL, due_at, NULL),
    error = iif(given_up_at IS NULL, error, ''),
    given_up_at = NULL
"""
# "!" is the character after the space, so that 12 is not taken for 120.
SHOW_AGAIN = f"{SHOW}WHERE group_id = ? AND key >= ? AND key < ? AND kind IN "
SHOW_EACH = f"{SHOW}WHERE group_id = ? AND key IN (SELECT value FROM json_each(?)) AND kind IN "  # noqa: S608
SHOW_NEWER = f"{SHOW}WHERE group_id = ? AND posted_at > ? AND kind IN "

SHOWN_REFS = """
SELECT kind, key, ref FROM message
WHERE group_id = ? AND place = ? AND kind IN (SELECT value FROM json_each(?))
    AND key IN (SELECT value FROM json_each(?)) AND shown > 0 AND ref <> ''
"""

# The index says which messages are young: few, however many groups have the papers.
SHOW_YOUNG = """
UPDATE message SET wanted = wanted + 1, wanted_at = iif(shown = wanted, :at, wanted_at)
WHERE kind = :kind AND posted_at > :since AND given_up_at IS NULL AND EXISTS (
    SELECT 1 FROM entry JOIN paper ON paper.id = entry.paper_id
    WHERE entry.group_id = message.group_id AND entry.id = CAST(message.key AS INTEGER)
        AND paper.key IN (SELECT value FROM json_each(:papers)))
RETURNING group_id, key
"""

# The same for messages of several papers, whose key is the date of their list and which of its messages they are.
SHOW_YOUNG_SHEETS = """
UPDATE message SET wanted = wanted + 1, wanted_at = iif(shown = wanted, :at, wanted_at)
WHERE kind = :kind AND posted_at > :since AND given_up_at IS NULL AND EXISTS (
    SELECT 1 FROM entry JOIN paper ON paper.id = entry.paper_id
    WHERE entry.group_id = message.group_id AND entry.posted_on = substr(message.key, 1, 10)
        AND entry.sheet = max(CAST(substr(message.key, 12) AS INTEGER), 1)
        AND paper.key IN (SELECT value FROM json_each(:papers)))
"""

WANT_AGAIN = f"{SHOW}WHERE group_id = ? AND kind = ? AND key = ? AND ? IN ('', place)"
# Without its hash it is sent though it looks as it did.
WANT_ANEW = """
UPDATE message SET wanted = wanted + 1, hash = '', given_up_at = NULL,
    wanted_at = iif(shown < wanted AND wanted_at > :stale, wanted_at, :at),
    due_at = iif(given_up_at IS NULL, due_at, NULL)
WHERE group_id = :group AND kind = :kind AND key = :key AND place = :place
"""
# Presses that follow each other do not put it off further.
PUT_PREVIEWED = """
UPDATE message SET
    wanted = wanted + 1, wanted_at = iif(shown = wanted, :at, wanted_at), given_up_at = NULL, hash = '',
    due_at = iif(hash = '', due_at, max(coalesce(due_at, 0), :until))
WHERE id = :id
"""
PUT_ELSEWHERE = """
UPDATE OR IGNORE message SET place = :new WHERE group_id = :group AND place = :old AND kind = :kind
"""
RENEW = """
UPDATE message SET wanted_at = :at
WHERE group_id = :group AND kind = :kind AND key = :key AND posted_at IS NULL AND wanted_at <= :stale
"""
# The parent's kind is "" when there is none.
WANT = """
INSERT INTO message (group_id, place, kind, key, wanted_at, parent_id)
SELECT channel.group_id, channel.place, :kind, :key, :at, (
    SELECT id FROM message AS parent
    WHERE parent.group_id = channel.group_id AND parent.place = channel.place AND parent.kind = :parent_kind
        AND parent.key = :parent_key)
FROM channel
WHERE channel.group_id = :group AND channel.bound AND (:place = '' OR channel.place = :place)
    AND (:surfaces = '[]' OR substr(channel.place, 1, instr(channel.place, ':') - 1) IN (
        SELECT value FROM json_each(:surfaces)))
    AND NOT EXISTS (
        SELECT 1 FROM message AS same
        WHERE same.group_id = channel.group_id AND same.place = channel.place AND same.kind = :kind
            AND same.key = :key)
"""

# Until when a message rests. What a clock wrote that was ahead is not believed: 0.
SHOWN_LATELY = """
iif(message.shown_at <= :now, message.shown_at + iif(message.posted_at > :now - :first, :early, :late), 0)
"""
RESTS = f"""
max(iif(message.lease_until <= :now + :rest, message.lease_until, 0),
    iif(message.due_at <= :now + :rest, message.due_at, 0), {SHOWN_LATELY})
"""

DUE = f"""
SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY place ORDER BY can_wait, wanted_at, id) AS turn
    FROM (
        SELECT {COLUMNS}, message.posted_at IS NOT NULL
            AND message.kind IN (SELECT value FROM json_each(:patient)) AS can_wait
        {WAITING}
        AND {RESTS} <= :now
    )
)
WHERE turn = 1 ORDER BY can_wait, wanted_at, id LIMIT :limit
"""  # noqa: S608 - constants

NEXT_DUE = f"""
SELECT min(max(min(message.wanted_at, :now), {RESTS})) {WAITING}
"""
TROUBLES = """
SELECT place, error, attempts, wanted_at,
    given_up_at IS NOT NULL OR (posted_at IS NULL AND wanted_at <= :stale) AS given_up
FROM channel CROSS JOIN message INDEXED BY message_due USING (group_id, place)
WHERE group_id = :group AND bound AND shown < wanted AND error <> '' ORDER BY wanted_at, id
"""

SHOWN = f"""
SELECT {COLUMNS} FROM message LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE message.shown > 0 AND message.group_id = ?
"""  # noqa: S608 - constants
STREAM = SHOWN + "AND message.place = ? AND message.id < ? ORDER BY message.id DESC LIMIT ?"
ONE_SHOWN = SHOWN + "AND message.id = ?"

NEWEST_OF = "SELECT max(id) FROM message WHERE group_id = ? AND kind = ? AND key >= ? AND key < ? AND place = ?"

STANDING = f"""
SELECT {COLUMNS}
FROM message
JOIN channel ON channel.group_id = message.group_id AND channel.place = message.place AND channel.bound
LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE message.shown > 0 AND message.place >= :surface || ':' AND message.place < :surface || ';'
"""  # noqa: S608 - constants
BY_REF = STANDING + "AND message.ref = :ref AND message.ref <> ''"
# The numbers of the entries that are parts of a message.
NUMBERS = """
(SELECT json_group_array(rank) FROM (
    SELECT entry.rank FROM entry
    WHERE entry.group_id = card.group_id AND entry.posted_on = substr(card.key, 1, 10)
        AND entry.sheet = max(CAST(substr(card.key, 12) AS INTEGER), 1)
    ORDER BY entry.rank))
"""
GROUP_OF = """
SELECT group_id FROM message
WHERE ref = :ref AND ref <> '' AND place >= :surface || ':' AND place < :surface || ';' ORDER BY id DESC LIMIT 1
"""
# In two halves, so that each kind is found by its index.
OPEN_CARDS = f"""
SELECT *, {NUMBERS} AS numbers FROM (
    {STANDING} AND message.kind IN (SELECT value FROM json_each(:posted)) AND message.posted_at >= :since
    UNION ALL
    {STANDING} AND message.kind IN (SELECT value FROM json_each(:meeting)) AND EXISTS (
        SELECT 1 FROM session
        WHERE session.group_id = message.group_id AND session.id = message.key AND session.starts >= :since)
) AS card ORDER BY posted_at DESC, id DESC
"""  # noqa: S608 - constants

LEASE = "UPDATE message SET lease_until = ?, attempts = attempts + 1 WHERE id = ?"
PUT_SHOWN = """
UPDATE message SET
    shown = max(shown, :shown), shown_at = :at, posted_at = coalesce(posted_at, :at), ref = :ref,
    hash = iif(wanted > :shown AND hash = '', '', :hash),
    wanted_at = iif(wanted > :shown, :at, wanted_at), lease_until = NULL, due_at = NULL, attempts = 0, error = ''
WHERE id = :id AND round = :round
"""
PUT_OFF = "UPDATE message SET lease_until = NULL, due_at = ?, error = ? WHERE id = ? AND round = ?"
GIVE_UP = """
UPDATE message SET lease_until = NULL, error = ?, given_up_at = iif(wanted > ?, NULL, ?) WHERE id = ? AND round = ?
"""
BEGIN_ROUND = """
UPDATE message SET
    round = round + 1, ref = '', shown = 0, shown_at = NULL, hash = '', lease_until = NULL, due_at = NULL,
    attempts = 0, error = '', given_up_at = NULL
WHERE id = ? AND round = ?
"""
FREE_LEASES = "UPDATE message SET lease_until = NULL WHERE lease_until IS NOT NULL"
RETRY = "UPDATE message SET given_up_at = NULL, due_at = NULL WHERE given_up_at > ?"

RAISE_ALERT = "INSERT INTO alert (place, error, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

# CROSS: the member's few accounts are looked up among those that react, who may be thousands.
REACTIONS_OF = """
SELECT message.place, message.ref, reaction.account_id
FROM message CROSS JOIN account
CROSS JOIN reaction ON reaction.message_id = message.id AND reaction.number = ? AND reaction.account_id = account.id
WHERE message.group_id = ? AND message.kind = ? AND message.key = ? AND account.member_id = ?
"""
REACTION_COUNTS = """
SELECT message_id, number, count(*) FROM reaction WHERE message_id IN (SELECT value FROM json_each(?))
GROUP BY message_id, number ORDER BY message_id, number
"""
ADD_REACTION = "INSERT INTO reaction (message_id, number, account_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
DROP_REACTION = "DELETE FROM reaction WHERE message_id = ? AND number = ? AND account_id = ?"

NEWEST = 2**63 - 1


class Messages:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # wishes

    def want(
        self,
        group: str,
        kind: str,
        key: str,
        at: datetime,
        *,
        parent_kind: str = "",
        parent_key: str = "",
        surfaces: Collection[str] = (),
        place: str = "",
    ) -> int:
        wish = {
            **_key(group, kind, key, at),
            "parent_kind": parent_kind,
            "parent_key": parent_key,
            "surfaces": json.dumps(list(surfaces)),
            "place": place,
        }
        return self._connection.execute(WANT, wish).rowcount

    def want_again(self, group: str, kind: str, key: str, at: datetime, *, place: str = "") -> None:
        self._connection.execute(WANT_AGAIN, (stamp(at), group, kind, key, place))

    def want_anew(self, group: str, kind: str, key: str, place: str, at: datetime, stale: datetime) -> bool:
        wish = {**_key(group, kind, key, at), "place": place, "stale": stamp(stale)}
        return self._connection.execute(WANT_ANEW, wish).rowcount > 0

    def put_previewed(self, message: Wanted, at: datetime, until: datetime) -> None:
        self._connection.execute(PUT_PREVIEWED, {"id": message.id, "at": stamp(at), "until": stamp(until)})

    def put_elsewhere(self, group: str, kind: str, old: str, new: str) -> None:
        self._connection.execute(PUT_ELSEWHERE, {"group": group, "kind": kind, "old": old, "new": new})

    def renew(self, group: str, kind: str, key: str, at: datetime, stale: datetime) -> None:
        self._connection.execute(RENEW, {**_key(group, kind, key, at), "stale": stamp(stale)})

    def show_again(self, group: str, kinds: Sequence[str], keys: Sequence[str], at: datetime) -> None:
        sql = _of_kinds(SHOW_AGAIN, len(kinds))
        for key in keys:
            self._connection.execute(sql, (stamp(at), group, key, f"{key}!", *kinds))

    def show_each(self, group: str, kinds: Sequence[str], keys: Sequence[str], at: datetime) -> None:
        sql = _of_kinds(SHOW_EACH, len(kinds))
        self._connection.execute(sql, (stamp(at), group, json.dumps(list(keys)), *kinds))

    def show_newer(self, group: str, kinds: Sequence[str], since: datetime, at: datetime) -> None:
        sql = _of_kinds(SHOW_NEWER, len(kinds))
        self._connection.execute(sql, (stamp(at), group, stamp(since), *kinds))

    def show_young(self, kind: str, papers: Sequence[str], since: datetime, at: datetime) -> Sequence[tuple[str, int]]:
        values = {"kind": kind, "papers": json.dumps(list(papers)), "since": stamp(since), "at": stamp(at)}
        return sorted({(group, int(key)) for group, key in self._connection.execute(SHOW_YOUNG, values)})

    def show_young_sheets(self, kind: str, papers: Sequence[str], since: datetime, at: datetime) -> None:
        values = {"kind": kind, "papers": json.dumps(list(papers)), "since": stamp(since), "at": stamp(at)}
        self._connection.execute(SHOW_YOUNG_SHEETS, values)

    # delivery

    def due(
        self, surface: str, now: datetime, pace: Pace, limit: int, resting: Collection[str] = ()
    ) -> Sequence[Wanted]:
        key = {**_bounds(surface, now, pace, resting), "patient": json.dumps(list(pace.patient)), "limit": limit}
        return [_read_wanted(row) for row in self._connection.execute(DUE, key)]

    def next_due(self, surface: str, now: datetime, pace: Pace, resting: Collection[str] = ()) -> datetime | None:
        (due,) = self._connection.execute(NEXT_DUE, _bounds(surface, now, pace, resting)).fetchone()
        return None if due is None else moment(due)

    def lease(self, messages: Sequence[Wanted], until: datetime) -> None:
        self._connection.executemany(LEASE, [(stamp(until), message.id) for message in messages])

    def put_shown(self, message: Wanted, ref: str, hash: str, at: datetime) -> bool:
        shown = {
            "id": message.id,
            "round": message.round,
            "shown": message.wanted,
            "at": stamp(at),
            "ref": ref,
            "hash": hash,
        }
        return self._connection.execute(PUT_SHOWN, shown).rowcount == 1

    def put_off(self, message: Wanted, until: datetime, error: str) -> None:
        self._connection.execute(PUT_OFF, (stamp(until), error, message.id, message.round))

    def give_up(self, message: Wanted, error: str, at: datetime) -> None:
        self._connection.execute(GIVE_UP, (error, message.wanted, stamp(at), message.id, message.round))

    def begin_round(self, message: Wanted) -> bool:
        return self._connection.execute(BEGIN_ROUND, (message.id, message.round)).rowcount == 1

    def free_leases(self) -> None:
        self._connection.execute(FREE_LEASES)

    def retry(self, since: datetime) -> None:
        self._connection.execute(RETRY, (stamp(since),))

    def troubles(self, group: str, stale: datetime) -> Sequence[Trouble]:
        rows = self._connection.execute(TROUBLES, {"group": group, "stale": stamp(stale)})
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

    def raise_alert(self, place: str, error: str, at: datetime) -> bool:
        return self._connection.execute(RAISE_ALERT, (place, error, stamp(at))).rowcount == 1

    def end_alert(self, place: str) -> None:
        self._connection.execute("DELETE FROM alert WHERE place = ?", (place,))

    # what stands

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

    def group_of(self, surface: str, ref: str) -> str:
        row = self._connection.execute(GROUP_OF, {"surface": surface, "ref": ref}).fetchone()
        return str(row["group_id"]) if row else ""

    def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        sql = "SELECT ref FROM message WHERE group_id = ? AND kind = ? AND key = ? AND place = ? AND shown > 0"
        row = self._connection.execute(sql, (group, kind, key, place)).fetchone()
        return str(row["ref"]) if row else ""

    def shown_refs(
        self, group: str, place: str, kinds: Sequence[str], keys: Sequence[str]
    ) -> Mapping[tuple[str, str], str]:
        asked = (group, place, json.dumps(list(kinds)), json.dumps(list(keys)))
        return {(kind, key): ref for kind, key, ref in self._connection.execute(SHOWN_REFS, asked)}

    def newest(self, group: str, place: str, kind: str, key: str) -> int:
        (id,) = self._connection.execute(NEWEST_OF, (group, kind, key, f"{key}!", place)).fetchone()
        return id or 0

    def reacting(self, message: int, number: int) -> Mapping[str, str]:
        sql = """SELECT account.id, account.name FROM reaction JOIN account ON account.id = reaction.account_id
            WHERE reaction.message_id = ? AND reaction.number = ?"""
        return dict(self._connection.execute(sql, (message, number)).fetchall())

    def reaction_counts(self, messages: Sequence[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
        counts: dict[int, list[tuple[int, int]]] = {}
        for message, number, count in self._connection.execute(REACTION_COUNTS, (json.dumps(list(messages)),)):
            counts.setdefault(message, []).append((number, count))
        return counts

    def open_cards(
        self, surface: str, since: datetime, *, posted: Sequence[str], meeting: Sequence[str]
    ) -> Sequence[tuple[Wanted, OpenCard]]:
        key = {
            "surface": surface,
            "since": stamp(since),
            "posted": json.dumps(list(posted)),
            "meeting": json.dumps(list(meeting)),
        }
        rows = self._connection.execute(OPEN_CARDS, key)
        return [(_read_wanted(row), _read_open_card(row)) for row in rows]

    # the emoji

    def reactions_of(self, group: str, member: int, kind: str, key: str, number: int) -> Sequence[tuple[str, str, str]]:
        return [
            (place, ref, account)
            for place, ref, account in self._connection.execute(REACTIONS_OF, (number, group, kind, key, member))
        ]

    def add_reaction(self, message: int, number: int, account: str, at: datetime) -> bool:
        return self._connection.execute(ADD_REACTION, (message, number, account, stamp(at))).rowcount == 1

    def drop_reaction(self, message: int, number: int, account: str) -> bool:
        return self._connection.execute(DROP_REACTION, (message, number, account)).rowcount == 1

    def drop_reactions(self, message: int) -> None:
        self._connection.execute("DELETE FROM reaction WHERE message_id = ?", (message,))


@cache
def _of_kinds(sql: str, count: int) -> str:
    return f"{sql}({', '.join('?' * count)})"


def _key(group: str, kind: str, key: str, at: datetime) -> dict[str, object]:
    return {"group": group, "kind": kind, "key": key, "at": stamp(at)}


def _bounds(surface: str, now: datetime, pace: Pace, resting: Collection[str]) -> dict[str, object]:
    return {
        "surface": surface,
        "now": stamp(now),
        "early": int(pace.early * SECOND),
        "late": int(pace.late * SECOND),
        "first": pace.first // MICROSECOND,
        "stale": pace.stale // MICROSECOND,
        "rest": pace.rest // MICROSECOND,
        "resting": json.dumps(sorted(resting)),
    }


def _read_open_card(row: sqlite3.Row) -> OpenCard:
    return OpenCard(row["id"], row["place"], row["ref"], row["parent_ref"], numbers=tuple(json.loads(row["numbers"])))


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
