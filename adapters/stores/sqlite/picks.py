"""What a pick is made from and what came of it: electorate, ballots, confirmations, second chances. Counts no rule."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from adapters.stores.sqlite.changes import touch_session
from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.ends import IS_OVER
from adapters.stores.sqlite.people import is_new, require_member
from adapters.stores.sqlite.sessions import require_session
from bot.errors import UserError
from bot.model import Act, BallotSlip, Electorate, Member, NearWinner, Nominee, Pick, Session, VoteSpan

ATTENDED = 4  # sessions before this one

PICKS = """
SELECT pick.*, membership.name, membership.role
FROM pick LEFT JOIN membership USING (group_id, member_id)
WHERE pick.group_id = ? AND pick.session_id = ? AND pick.taken_back_at IS NULL ORDER BY pick.id
"""
# Of all other sessions, whatever became of them: their votes were counted. A ballot that was opened again goes on in
# its own window, also where that of a later meeting closed since.
BEFORE = """
SELECT coalesce(max(closed_at), 0) FROM session
WHERE group_id = :group AND id <> :session AND (:until IS NULL OR closed_at < :until)
    AND (starts <= :starts OR closed_at <= coalesce(
        (SELECT min(at) FROM pick WHERE group_id = :group AND session_id = :session), closed_at))
"""
SPANS = """
SELECT member_id, entry_id, at, retracted_at FROM vote_span WHERE group_id = ? AND at >= ? ORDER BY at, id
"""
SUBMITTED = """
SELECT id, submitted_at FROM entry
WHERE group_id = ? AND submitted_by IS NOT NULL AND submitted_at >= ? AND (? IS NULL OR submitted_at < ?)
"""
HELD = """
SELECT entry_id, member_id, at FROM claim
WHERE group_id = ? AND released_at IS NULL AND kind = 'holder' AND slept_at IS NULL
    AND (? IS NULL OR at < ?)
"""
# A pick that moved on to another session took the time of its close along.
CARRIED = """
SELECT second_chance.entry_id, second_chance.carried
FROM second_chance JOIN session ON session.group_id = second_chance.group_id AND session.id = second_chance.session_id
WHERE second_chance.group_id = ? AND session.closed_at = ?
"""
READ = """
SELECT entry FROM session WHERE group_id = ? AND id <> ? AND status = 'planned' AND entry IS NOT NULL
"""
PAPERS = """
SELECT entry.id, entry.posted_on, entry.dropped, paper.key, paper.title
FROM entry JOIN paper ON paper.id = entry.paper_id
WHERE entry.group_id = ? AND entry.id IN (SELECT value FROM json_each(?))
"""
SLIPS = "SELECT member_id, ranking, at FROM ballot WHERE group_id = ? AND session_id = ? ORDER BY id"
ANSWERS = "SELECT answer, member_id FROM rsvp WHERE group_id = ? AND session_id = ? ORDER BY at, member_id"

# The last sessions that are over, and who was there: those who said so, and who presented.
CAME = f"""
WITH last AS (
    SELECT group_id, id, presenter, row_number() OVER (ORDER BY starts DESC) AS turn FROM session
    WHERE group_id = :group AND status = 'planned' AND starts < :starts AND {IS_OVER}
    ORDER BY starts DESC LIMIT {ATTENDED})
SELECT membership.member_id, last.turn, membership.member_id = last.presenter OR EXISTS (
    SELECT 1 FROM rsvp
    WHERE rsvp.group_id = last.group_id AND rsvp.session_id = last.id AND rsvp.member_id = membership.member_id
        AND rsvp.answer = 'join') AS came
FROM last JOIN membership ON membership.group_id = last.group_id
ORDER BY membership.member_id, last.turn
"""  # noqa: S608 - constants

NEWEST_BALLOT = """
SELECT ranking FROM ballot WHERE group_id = ? AND session_id = ? AND member_id = ? ORDER BY id DESC LIMIT 1
"""

# Only those whose votes still count: of the newest vote.
CHANCES = """
SELECT second_chance.entry_id FROM second_chance
JOIN entry ON entry.group_id = second_chance.group_id AND entry.id = second_chance.entry_id
WHERE second_chance.group_id = :group AND second_chance.shown_at IS NULL AND NOT entry.dropped
    AND EXISTS (SELECT 1 FROM session
        WHERE session.group_id = :group AND session.id = second_chance.session_id
            AND session.closed_at = (SELECT max(closed_at) FROM session WHERE group_id = :group))
    AND NOT EXISTS (SELECT 1 FROM session
        WHERE session.group_id = :group AND session.entry = entry.id AND session.status = 'planned')
ORDER BY second_chance.carried DESC, second_chance.entry_id
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
NEAR = "SELECT entry_id, session_id, carried, shown_at FROM second_chance WHERE group_id = ? AND session_id = ?"
CARRY = """
INSERT INTO second_chance (group_id, entry_id, session_id, carried) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
PUT_NEAR = """
INSERT INTO second_chance (group_id, entry_id, session_id, carried, shown_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET session_id = excluded.session_id, carried = excluded.carried
"""
DROP_NEAR = "DELETE FROM second_chance WHERE group_id = ? AND session_id = ? AND shown_at IS NULL"
MARK_SHOWN = "UPDATE second_chance SET shown_at = ? WHERE group_id = ? AND entry_id = ? AND shown_at IS NULL"


class Picks:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def picks(self, group: str, session: int) -> Sequence[Pick]:
        return (
            [_read_pick(row) for row in self._connection.execute(PICKS, (group, session))] if is_row_id(session) else []
        )

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

    def carry(self, group: str, session: int, entry: int, votes: int) -> None:
        self._connection.execute(CARRY, (group, entry, session, votes))

    def put_near(self, group: str, near: NearWinner) -> None:
        shown = stamp(near.shown_at) if near.shown_at else None
        self._connection.execute(PUT_NEAR, (group, near.entry, near.session, near.carried, shown))

    def drop_near(self, group: str, session: int) -> None:
        self._connection.execute(DROP_NEAR, (group, session))

    def mark_shown(self, group: str, entry: int, at: datetime) -> bool:
        return self._connection.execute(MARK_SHOWN, (stamp(at), group, entry)).rowcount == 1

    def electorate(self, group: str, session: int) -> Electorate:
        """Raises UserError when the group has no such session."""
        about = require_session(self._connection, group, session)
        window = _window(self._connection, about)
        spans = [
            VoteSpan(*row[:2], *map(_moment, row[2:])) for row in self._connection.execute(SPANS, (group, window.since))
        ]
        nominees = _nominees(self._connection, about, window, spans)
        entries = {nominee.entry for nominee in nominees}
        answers = self._connection.execute(ANSWERS, (group, session)).fetchall()
        return Electorate(
            since=moment(window.since) if window.since else None,
            nominees=nominees,
            votes=tuple(span for span in spans if span.entry in entries),
            slips=tuple(_read_slip(row) for row in self._connection.execute(SLIPS, (group, session))),
            coming=tuple(member for answer, member in answers if answer == "join"),
            skipping=tuple(member for answer, member in answers if answer == "skip"),
            came=_came(self._connection, about),
        )

    def ballot(self, group: str, session: int, member: int) -> Sequence[Sequence[int]]:
        return tuple(tuple(tier) for tier in _newest_ballot(self._connection, group, session, member))

    def second_chances(self, group: str) -> Sequence[int]:
        return [entry for (entry,) in self._connection.execute(CHANCES, {"group": group})]


# --- the electorate


@dataclass(frozen=True)
class Window:
    """Votes count from `since` on and before `until`; 0: from the beginning, None: it is still open."""

    since: int
    until: int | None

    def holds(self, at: int) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def _window(connection: sqlite3.Connection, about: Session) -> Window:
    until = stamp(about.closed_at) if about.closed_at else None
    key = {"group": about.group, "session": about.id, "starts": stamp(about.starts), "until": until}
    (since,) = connection.execute(BEFORE, key).fetchone()
    return Window(since, until)


def _nominees(
    connection: sqlite3.Connection, about: Session, window: Window, spans: Sequence[VoteSpan]
) -> tuple[Nominee, ...]:
    nominated = defaultdict[int, list[int]](list)
    backers = defaultdict[int, set[int]](set)
    for span in spans:
        if window.holds(stamp(span.at)):
            nominated[span.entry].append(stamp(span.at))
            if span.retracted_at is None or (about.closed_at and span.retracted_at >= about.closed_at):
                backers[span.entry].add(span.member)
    for entry, at in connection.execute(SUBMITTED, (about.group, window.since, window.until, window.until)):
        nominated[entry].append(at)
    held = {row[0]: row for row in connection.execute(HELD, (about.group, window.until, window.until))}
    for entry in held:
        nominated[entry].append(held[entry]["at"])
    carried = dict(connection.execute(CARRIED, (about.group, window.since)).fetchall())
    for entry in carried:
        nominated[entry].append(window.since)
    wanted = _on_the_list(connection, about, nominated)
    rows = connection.execute(PAPERS, (about.group, json.dumps(sorted(wanted))))
    found = [
        Nominee(
            entry=row["id"],
            key=row["key"],
            title=row["title"],
            nominated_at=moment(min(nominated[row["id"]], default=_listed(row["posted_on"]))),
            claimed_at=moment(held[row["id"]]["at"]) if row["id"] in held else None,
            claimer=held[row["id"]]["member_id"] if row["id"] in held else None,
            dropped=bool(row["dropped"]),
            carried=carried.get(row["id"], 0),
            votes=len(backers[row["id"]]),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.votes, one.nominated_at, one.entry)))


def _on_the_list(connection: sqlite3.Connection, about: Session, nominated: Mapping[int, object]) -> set[int]:
    chosen = set() if about.entry is None else {about.entry}
    if about.shortlist:
        return {*about.shortlist} | chosen
    return nominated.keys() - {entry for (entry,) in connection.execute(READ, (about.group, about.id))} | chosen


def _listed(posted_on: str) -> int:
    """Of a paper that nobody nominated: a moderator chose it."""
    return stamp(datetime.combine(date.fromisoformat(posted_on), time(), UTC))


def _came(connection: sqlite3.Connection, about: Session) -> Mapping[int, tuple[bool, ...]]:
    came = defaultdict[int, list[bool]](list)
    for member, _, there in connection.execute(CAME, {"group": about.group, "starts": stamp(about.starts)}):
        came[member].append(bool(there))
    return {member: tuple(there) for member, there in came.items()}


# --- ballots and confirmations


def cast_ballot(connection: sqlite3.Connection, act: Act, session: int, ranking: Sequence[Sequence[int]]) -> None:
    require_member(connection, act)
    about = require_session(connection, act.group, session)
    if not is_new(connection, act):
        return
    if about.closed_at or about.status != "planned":
        raise UserError("The ballot of that meeting has closed.")
    tiers = [list(tier) for tier in ranking if tier]
    if any(entry not in about.shortlist for tier in tiers for entry in tier):
        raise UserError("Only papers of the short list can stand on a ballot.")
    if tiers == _newest_ballot(connection, act.group, session, act.member):
        return
    connection.execute(
        "INSERT INTO ballot (group_id, session_id, member_id, ranking, at) VALUES (?, ?, ?, ?, ?)",
        (act.group, session, act.member, json.dumps(tiers), stamp(act.at)),
    )
    touch_session(connection, act.group, session, stamp(act.at))


def _newest_ballot(connection: sqlite3.Connection, group: str, session: int, member: int) -> list[list[int]]:
    if not is_row_id(session):
        return []
    row = connection.execute(NEWEST_BALLOT, (group, session, member)).fetchone()
    found: list[list[int]] = json.loads(row["ranking"]) if row else []
    return found


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


def _read_slip(row: sqlite3.Row) -> BallotSlip:
    ranking = tuple(tuple(tier) for tier in json.loads(row["ranking"]))
    return BallotSlip(row["member_id"], ranking, moment(row["at"]))


def _read_pick(row: sqlite3.Row) -> Pick:
    return Pick(
        election=row["election"],
        receipt=row["receipt"],
        at=moment(row["at"]),
        by=None if row["member_id"] is None else Member(row["member_id"], row["name"], row["role"]),
        id=row["id"],
        session=row["session_id"],
    )


def _read_near(row: sqlite3.Row) -> NearWinner:
    return NearWinner(row["entry_id"], row["session_id"], row["carried"], _moment(row["shown_at"]))
