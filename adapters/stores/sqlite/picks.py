"""Rows of what a pick is made from and what came of it. See `bot.ports.rows.picks`."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.ends import IS_OVER
from adapters.stores.sqlite.sessions import SESSIONS, read_session
from bot.model import BallotSlip, Member, NearWinner, Pick, Session
from bot.ports.rows.picks import Close, Held, Nominable

PICKS = """
SELECT pick.*, membership.name, membership.role
FROM pick LEFT JOIN membership USING (group_id, member_id)
WHERE pick.group_id = :group AND pick.taken_back_at IS NULL
"""
OF_SESSION = PICKS + "AND pick.session_id = :session ORDER BY pick.id"
OF_SESSIONS = PICKS + "AND pick.session_id IN (SELECT value FROM json_each(:sessions)) ORDER BY pick.id"  # noqa: S608

CLOSES = "SELECT id, starts, closed_at FROM session WHERE group_id = ? AND closed_at IS NOT NULL"
FIRST_COUNTED = "SELECT min(at) FROM pick WHERE group_id = ? AND session_id = ?"
OVER = SESSIONS + (
    f"AND session.status = 'planned' AND session.starts < :before AND {IS_OVER} "
    "ORDER BY session.starts DESC LIMIT :limit"
)

SUBMITTED = """
SELECT id, submitted_at FROM entry
WHERE group_id = :group AND submitted_by IS NOT NULL AND withdrawn_at IS NULL AND submitted_at >= :since
    AND (:until IS NULL OR submitted_at < :until)
"""
HOLDERS = """
SELECT entry_id, member_id, at FROM claim
WHERE group_id = :group AND released_at IS NULL AND kind = 'holder' AND slept_at IS NULL
    AND (:until IS NULL OR at < :until)
"""
NEAR_WINNERS = """
SELECT second_chance.entry_id, second_chance.session_id, second_chance.carried, second_chance.shown_at,
    second_chance.since
FROM second_chance JOIN session ON session.group_id = second_chance.group_id AND session.id = second_chance.session_id
WHERE second_chance.group_id = ? AND session.closed_at = ? ORDER BY second_chance.entry_id
"""
READING = "SELECT entry FROM session WHERE group_id = ? AND id <> ? AND status = 'planned' AND entry IS NOT NULL"
PAPERS = """
SELECT entry.id, paper.key, paper.title, entry.posted_on, entry.dropped, entry.withdrawn_at
FROM entry JOIN paper ON paper.id = entry.paper_id
WHERE entry.group_id = ? AND entry.id IN (SELECT value FROM json_each(?)) ORDER BY entry.id
"""

VOTERS = "SELECT member_id FROM membership WHERE group_id = ? ORDER BY member_id"
SLIPS = "SELECT member_id, ranking, at FROM ballot WHERE group_id = ? AND session_id = ? ORDER BY id"
NEWEST_BALLOT = """
SELECT ranking FROM ballot WHERE group_id = ? AND session_id = ? AND member_id = ? ORDER BY id DESC LIMIT 1
"""
BALLOTS = """
SELECT session_id, count(*) FROM ballot
WHERE id IN (
    SELECT max(id) FROM ballot AS newest
    WHERE newest.group_id = ? AND newest.session_id IN (SELECT value FROM json_each(?))
    GROUP BY newest.session_id, newest.member_id) AND ranking <> '[]'
GROUP BY session_id
"""

ADD_PICK = """
INSERT INTO pick (group_id, session_id, at, member_id, election, receipt) VALUES (?, ?, ?, ?, ?, ?) RETURNING id
"""
TAKE_BACK = "UPDATE pick SET taken_back_at = ? WHERE group_id = ? AND id = ?"
SECOND = """
INSERT INTO seconding (group_id, session_id, entry_id, member_id, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
SECONDED = "SELECT count(*) FROM seconding WHERE group_id = ? AND session_id = ? AND entry_id = ?"
DROP_SECONDED = "DELETE FROM seconding WHERE group_id = ? AND session_id = ?"
STANDING_BALLOTS = """
SELECT member_id, ranking, at FROM ballot
WHERE group_id = :group AND session_id = :session AND ranking <> '[]' AND id IN (
    SELECT max(id) FROM ballot WHERE group_id = :group AND session_id = :session GROUP BY member_id)
ORDER BY id
"""
ADD_BALLOT = """
INSERT INTO ballot (group_id, session_id, member_id, ranking, at) VALUES (?, ?, ?, ?, ?) RETURNING id
"""
DROP_BALLOT = "DELETE FROM ballot WHERE group_id = ? AND id = ?"
NEAR = """
SELECT entry_id, session_id, carried, shown_at, since FROM second_chance WHERE group_id = ? AND session_id = ?
"""
CARRY = """
INSERT INTO second_chance (group_id, entry_id, session_id, carried, shown_at, since) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
PUT_NEAR = """
INSERT INTO second_chance (group_id, entry_id, session_id, carried, shown_at, since) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET session_id = excluded.session_id, carried = excluded.carried, since = excluded.since
"""
DROP_NEAR = "DELETE FROM second_chance WHERE group_id = ? AND session_id = ? AND shown_at IS NULL"
MARK_SHOWN = "UPDATE second_chance SET shown_at = ? WHERE group_id = ? AND entry_id = ? AND shown_at IS NULL"


class Picks:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def picks(self, group: str, session: int) -> Sequence[Pick]:
        if not is_row_id(session):
            return []
        rows = self._connection.execute(OF_SESSION, {"group": group, "session": session})
        return [_read_pick(row) for row in rows]

    def add(self, group: str, session: int, pick: Pick) -> int:
        by = pick.by.id if pick.by else None
        values = (group, session, stamp(pick.at), by, pick.election, pick.receipt)
        return int(self._connection.execute(ADD_PICK, values).fetchone()["id"])

    def take_back(self, group: str, pick: int, at: datetime) -> None:
        self._connection.execute(TAKE_BACK, (stamp(at), group, pick))

    def second(self, group: str, session: int, entry: int, member: int, at: datetime) -> None:
        self._connection.execute(SECOND, (group, session, entry, member, stamp(at)))

    def seconded(self, group: str, session: int, entry: int) -> int:
        (count,) = self._connection.execute(SECONDED, (group, session, entry)).fetchone()
        return int(count)

    def drop_seconded(self, group: str, session: int) -> None:
        self._connection.execute(DROP_SECONDED, (group, session))

    def standing_ballots(self, group: str, session: int) -> Sequence[BallotSlip]:
        key = {"group": group, "session": session}
        return [_read_slip(row) for row in self._connection.execute(STANDING_BALLOTS, key)]

    def add_ballot(self, group: str, session: int, slip: BallotSlip) -> int:
        values = (group, session, slip.member, json.dumps(slip.ranking), stamp(slip.at))
        return int(self._connection.execute(ADD_BALLOT, values).fetchone()["id"])

    def drop_ballots(self, group: str, ballots: Sequence[int]) -> None:
        self._connection.executemany(DROP_BALLOT, [(group, ballot) for ballot in ballots])

    def near(self, group: str, session: int) -> Sequence[NearWinner]:
        return [_read_near(row) for row in self._connection.execute(NEAR, (group, session))]

    def carry(self, group: str, near: NearWinner) -> None:
        self._connection.execute(CARRY, _near(group, near))

    def put_near(self, group: str, near: NearWinner) -> None:
        self._connection.execute(PUT_NEAR, _near(group, near))

    def drop_near(self, group: str, session: int) -> None:
        self._connection.execute(DROP_NEAR, (group, session))

    def mark_shown(self, group: str, entry: int, at: datetime) -> bool:
        return self._connection.execute(MARK_SHOWN, (stamp(at), group, entry)).rowcount == 1

    def newest_picks(self, group: str, sessions: Collection[int]) -> Mapping[int, Pick]:
        rows = self._connection.execute(OF_SESSIONS, {"group": group, "sessions": json.dumps(list(sessions))})
        return {pick.session: pick for pick in map(_read_pick, rows)}

    def closes(self, group: str) -> Sequence[Close]:
        rows = self._connection.execute(CLOSES, (group,))
        return [Close(session, moment(starts), moment(at)) for session, starts, at in rows]

    def first_counted(self, group: str, session: int) -> datetime | None:
        (at,) = self._connection.execute(FIRST_COUNTED, (group, session)).fetchone()
        return None if at is None else moment(at)

    def over(self, group: str, before: datetime, limit: int) -> Sequence[Session]:
        key = {"group": group, "before": stamp(before), "limit": limit}
        return [read_session(row) for row in self._connection.execute(OVER, key)]

    def submitted(self, group: str, since: datetime | None, until: datetime | None) -> Mapping[int, datetime]:
        key = {"group": group, "since": stamp(since) if since else 0, "until": stamp(until) if until else None}
        return {entry: moment(at) for entry, at in self._connection.execute(SUBMITTED, key)}

    def holders(self, group: str, until: datetime | None) -> Sequence[Held]:
        rows = self._connection.execute(HOLDERS, {"group": group, "until": stamp(until) if until else None})
        return [Held(entry, member, moment(at)) for entry, member, at in rows]

    def near_winners(self, group: str, closed_at: datetime) -> Sequence[NearWinner]:
        rows = self._connection.execute(NEAR_WINNERS, (group, stamp(closed_at)))
        return [_read_near(row) for row in rows]

    def reading(self, group: str, besides: int = 0) -> frozenset[int]:
        return frozenset(entry for (entry,) in self._connection.execute(READING, (group, besides)))

    def papers(self, group: str, entries: Collection[int]) -> Sequence[Nominable]:
        rows = self._connection.execute(PAPERS, (group, json.dumps(list(entries))))
        return [
            Nominable(entry, key, title, date.fromisoformat(on), bool(dropped), withdrawn is not None)
            for entry, key, title, on, dropped, withdrawn in rows
        ]

    def voters(self, group: str) -> Sequence[int]:
        return [member for (member,) in self._connection.execute(VOTERS, (group,))]

    def slips(self, group: str, session: int) -> Sequence[BallotSlip]:
        rows = self._connection.execute(SLIPS, (group, session))
        return [_read_slip(row) for row in rows]

    def ballot(self, group: str, session: int, member: int) -> Sequence[Sequence[int]]:
        if not is_row_id(session):
            return ()
        row = self._connection.execute(NEWEST_BALLOT, (group, session, member)).fetchone()
        return _read_ranking(row["ranking"]) if row else ()

    def ballots(self, group: str, sessions: Collection[int]) -> Mapping[int, int]:
        return dict(self._connection.execute(BALLOTS, (group, json.dumps(list(sessions)))).fetchall())


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


def _read_slip(row: sqlite3.Row) -> BallotSlip:
    return BallotSlip(row["member_id"], _read_ranking(row["ranking"]), moment(row["at"]))


def _read_ranking(ranking: str) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(tier) for tier in json.loads(ranking))


def _read_pick(row: sqlite3.Row) -> Pick:
    return Pick(
        election=row["election"],
        receipt=row["receipt"],
        at=moment(row["at"]),
        by=None if row["member_id"] is None else Member(row["member_id"], row["name"], row["role"]),
        id=row["id"],
        session=row["session_id"],
    )


def _near(group: str, near: NearWinner) -> tuple[str | int | None, ...]:
    shown = stamp(near.shown_at) if near.shown_at else None
    return group, near.entry, near.session, near.carried, shown, stamp(near.since) if near.since else 0


def _read_near(row: sqlite3.Row) -> NearWinner:
    since = moment(row["since"]) if row["since"] else None
    return NearWinner(row["entry_id"], row["session_id"], row["carried"], _moment(row["shown_at"]), since)
