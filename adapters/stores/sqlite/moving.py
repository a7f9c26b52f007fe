"""A Move: one step of a session with all that belongs to it, or nothing. Knows no rule of the week."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.stores.sqlite.changes import WANT_AGAIN, touch_entry, touch_session, touch_votes
from adapters.stores.sqlite.claims import OutdatedError, State, apply_move, entry_of, restore, states
from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.ends import ENDS
from adapters.stores.sqlite.messages import want
from adapters.stores.sqlite.people import is_new, was_handled
from adapters.stores.sqlite.sessions import IN_CALENDARS, Sessions, fields, to_column
from bot.model import Act, Logged, Move, Pick, Wish

ROW = "SELECT * FROM session WHERE group_id = ? AND id = ?"
STILL_TO_COME = f"SELECT * FROM session WHERE group_id = ? AND id = ? AND {ENDS} > ?"  # noqa: S608 - constants

MARK = """
INSERT INTO session_step (group_id, session_id, key, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
UNMARK = "DELETE FROM session_step WHERE group_id = ? AND session_id = ? AND key = ?"

PICK = """
INSERT INTO pick (group_id, session_id, at, member_id, election, receipt) VALUES (?, ?, ?, ?, ?, ?) RETURNING id
"""
TAKE_BACK_PICK = "UPDATE pick SET taken_back_at = ? WHERE group_id = ? AND id = ?"

# A near-winner comes back once; a newer pick of the same session says anew which ones do, until they are shown.
CARRY = """
INSERT INTO second_chance (group_id, entry_id, session_id, carried) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
DROP_CARRIED = "DELETE FROM second_chance WHERE group_id = ? AND session_id = ? AND shown_at IS NULL"
NEAR = "SELECT entry_id, session_id, carried, shown_at FROM second_chance WHERE group_id = ? AND session_id = ?"
TAKE_ALONG = "UPDATE second_chance SET session_id = ? WHERE group_id = ? AND entry_id = ?"
PUT_BACK = """
INSERT INTO second_chance (group_id, entry_id, session_id, carried, shown_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET session_id = excluded.session_id, carried = excluded.carried
"""

STANDING_BALLOTS = """
SELECT member_id, ranking, at FROM ballot
WHERE group_id = :group AND session_id = :session AND ranking <> '[]' AND id IN (
    SELECT max(id) FROM ballot WHERE group_id = :group AND session_id = :session GROUP BY member_id)
ORDER BY id
"""
COPY_BALLOT = """
INSERT INTO ballot (group_id, session_id, member_id, ranking, at) VALUES (?, ?, ?, ?, ?) RETURNING id
"""
DROP_BALLOT = "DELETE FROM ballot WHERE group_id = ? AND id = ?"

LOG = """
INSERT INTO audit (group_id, at, member_id, action, before, after, reason, session_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
LOGGED = """
SELECT audit.*, coalesce(membership.name, '') AS by
FROM audit LEFT JOIN membership USING (group_id, member_id)
WHERE audit.group_id = ? AND audit.id = ? AND audit.session_id IS NOT NULL
"""
NAMES = "SELECT member_id, name FROM membership WHERE group_id = ? AND member_id IN (SELECT value FROM json_each(?))"
TITLES = """
SELECT entry.id, paper.title
FROM json_each(:entries) AS wish
CROSS JOIN entry ON entry.group_id = :group AND entry.id = wish.value
CROSS JOIN paper ON paper.id = entry.paper_id
"""

Columns = dict[str, Any]
Near = list[Any]  # entry, session, votes that it carries, when it was shown again


@dataclass
class Trace:
    """What a batch of moves changed, so that it can be taken back. Stands in the audit log as JSON: sessions' columns
    and claims' states by id, picks and ballots that it brought, near-winners as they were before and after."""

    before: dict[str, Columns] = field(default_factory=dict)
    after: dict[str, Columns] = field(default_factory=dict)
    claims_before: dict[str, State | None] = field(default_factory=dict)
    claims_after: dict[str, State] = field(default_factory=dict)
    picks: list[int] = field(default_factory=list)
    ballots: list[int] = field(default_factory=list)
    near_before: list[Near] = field(default_factory=list)
    near_after: list[Near] = field(default_factory=list)

    @property
    def old(self) -> str:
        data = {"sessions": self.before, "claims": self.claims_before, "near": self.near_before}
        return json.dumps(data, ensure_ascii=False)

    @property
    def new(self) -> str:
        data = {"sessions": self.after, "claims": self.claims_after, "picks": self.picks}
        data |= {"ballots": self.ballots, "near": self.near_after}
        return json.dumps(data, ensure_ascii=False)


def _as_moving(act: Act) -> Act:
    """A member's request may have done something else before, as `second` does, and then move the session."""
    return replace(act, request=act.request and f"{act.request} moves")


def has_moved(connection: sqlite3.Connection, act: Act) -> bool:
    return was_handled(connection, _as_moving(act))


def move(connection: sqlite3.Connection, act: Act, moves: Sequence[Move]) -> bool:
    act = _as_moving(act)
    if was_handled(connection, act):
        return True
    if not all(_is_current(connection, act.group, step) for step in moves):
        return False
    connection.execute("SAVEPOINT moves")
    try:
        is_new(connection, act)
        _move_all(connection, act, moves)
    except OutdatedError:
        connection.execute("ROLLBACK TO moves")
        return False
    finally:
        if connection.in_transaction:
            connection.execute("RELEASE moves")
    return True


def logged(connection: sqlite3.Connection, group: str, step: int) -> Logged | None:
    row = connection.execute(LOGGED, (group, step)).fetchone() if is_row_id(step) else None
    if row is None:
        return None
    session = str(row["session_id"])
    before, after = (fields(_sessions(row[name]).get(session, {})) for name in ("before", "after"))
    members = {*_values(before, "presenter", "tried"), *_values(after, "presenter", "tried")}
    entries = {*_values(before, "entry", "shortlist"), *_values(after, "entry", "shortlist")}
    return Logged(
        id=row["id"],
        at=moment(row["at"]),
        by=row["by"],
        action=row["action"],
        reason=row["reason"],
        before=before,
        after=after,
        session=row["session_id"],
        undone=row["undone_at"] is not None,
        members=dict(connection.execute(NAMES, (group, json.dumps(sorted(members)))).fetchall()),
        titles=dict(connection.execute(TITLES, {"group": group, "entries": json.dumps(sorted(entries))}).fetchall()),
    )


def undo_move(connection: sqlite3.Connection, act: Act, row: sqlite3.Row) -> bool:
    """False, and nothing changed, when a session is not as the Move left it, or is over; slides may still come and go
    until the next one begins. Claims that members have changed since stay as they are."""
    before, after = json.loads(row["before"]), json.loads(row["after"])
    for id, columns in after["sessions"].items():
        standing = _still_to_change(connection, act, int(id), columns)
        if standing is None or any(standing[name] != value for name, value in columns.items()):
            return False
    for id, columns in before["sessions"].items():
        _write(connection, act, int(id), columns)
    restore(connection, act, before["claims"], after["claims"])
    for pick in after["picks"]:
        connection.execute(TAKE_BACK_PICK, (stamp(act.at), act.group, pick))
    for ballot in after.get("ballots", ()):
        connection.execute(DROP_BALLOT, (act.group, ballot))
    if before.get("near") != after.get("near"):
        for session in after["sessions"]:
            connection.execute(DROP_CARRIED, (act.group, int(session)))
        for entry, *rest in before["near"]:
            connection.execute(PUT_BACK, (act.group, entry, *rest))
    for id in after["sessions"]:
        _touch(connection, act, int(id), before["sessions"][id], after["sessions"][id])
    connection.execute(WANT_AGAIN, {"group": act.group, "kind": "step", "key": str(row["id"]), "at": stamp(act.at)})
    return True


def _still_to_change(connection: sqlite3.Connection, act: Act, id: int, columns: Columns) -> sqlite3.Row | None:
    last = Sessions(connection).last_session(act.group, act.at) if columns.keys() == {"slides"} else None
    key = (act.group, id, 0 if last and last.id == id else stamp(act.at))
    row: sqlite3.Row | None = connection.execute(STILL_TO_COME, key).fetchone()
    return row


def _is_current(connection: sqlite3.Connection, group: str, step: Move) -> bool:
    row = connection.execute(ROW, (group, step.session)).fetchone() if is_row_id(step.session) else None
    return row is not None and row["revision"] == step.revision


def _move_all(connection: sqlite3.Connection, act: Act, moves: Sequence[Move]) -> None:
    trace = Trace(near_before=_near(connection, act.group, moves))
    _take_along(connection, act, moves, trace)
    for step in moves:
        _set_fields(connection, act, step, trace)
        _move_claims(connection, act, step, trace)
        _put_pick(connection, act, step, trace)
        _mark_steps(connection, act, step)
        id = str(step.session)
        if step.sets or step.claims or step.pick:
            _touch(connection, act, step.session, trace.before[id], trace.after[id])
        if any(key.startswith("recap") for key in step.done):
            _touch_read(connection, act, step.session)  # its card says from now on that it was discussed
            touch_session(connection, act.group, step.session, stamp(act.at))  # nothing is to be pressed any more
    trace.near_after = _near(connection, act.group, moves)
    logged = _log(connection, act, moves, trace)
    for wish in (wish for step in moves for wish in step.wishes):
        want(connection, act.group, wish, stamp(act.at))
    if logged and any(step.tells for step in moves):
        want(connection, act.group, Wish("step", str(logged)), stamp(act.at))


def _set_fields(connection: sqlite3.Connection, act: Act, step: Move, trace: Trace) -> None:
    row = connection.execute(ROW, (act.group, step.session)).fetchone()
    values = {name: to_column(name, value) for name, value in step.sets.items()}
    trace.before[str(step.session)] = {name: row[name] for name in values}
    trace.after[str(step.session)] = values
    _write(connection, act, step.session, values)


def _write(connection: sqlite3.Connection, act: Act, session: int, columns: Columns) -> None:
    """Sets columns. The revision grows, and with what calendars show the sequence."""
    row = connection.execute(ROW, (act.group, session)).fetchone()
    shows = any(name in IN_CALENDARS and row[name] != value for name, value in columns.items())
    sets = {**columns, "revision": row["revision"] + 1}
    sets["sequence"] = max(columns.get("sequence", 0), row["sequence"] + shows)
    assignments = ", ".join(f'"{name}" = :{name}' for name in sets)  # names are checked by `to_column`
    sql = f"UPDATE session SET {assignments} WHERE group_id = :its_group AND id = :its_id"  # noqa: S608
    connection.execute(sql, {**sets, "its_group": act.group, "its_id": session})


def _move_claims(connection: sqlite3.Connection, act: Act, step: Move, trace: Trace) -> None:
    entries = {entry for claim in step.claims if (entry := entry_of(connection, act.group, claim))}
    before = {entry: states(connection, act.group, entry) for entry in entries}
    for claim in step.claims:
        apply_move(connection, act, claim)
    for entry in entries:
        for id, state in states(connection, act.group, entry).items():
            if state != before[entry].get(id):
                trace.claims_before.setdefault(id, before[entry].get(id))
                trace.claims_after[id] = state
        touch_entry(connection, act.group, entry, stamp(act.at))
        touch_votes(connection, act.group, entry, stamp(act.at))


def _put_pick(connection: sqlite3.Connection, act: Act, step: Move, trace: Trace) -> None:
    if step.pick:
        trace.picks.append(_insert_pick(connection, act, step.session, step.pick))
    if (step.pick and not step.follows) or step.carried:
        connection.execute(DROP_CARRIED, (act.group, step.session))
    for entry, votes in step.carried:
        connection.execute(CARRY, (act.group, entry, step.session, votes))


def _near(connection: sqlite3.Connection, group: str, moves: Sequence[Move]) -> list[Near]:
    ids = sorted({step.session for step in moves})
    return [list(row) for id in ids for row in connection.execute(NEAR, (group, id))]


def _take_along(connection: sqlite3.Connection, act: Act, moves: Sequence[Move], trace: Trace) -> None:
    """All is read before any is written: of a row of sessions each gives to the next one."""
    takers = {step.follows: step.session for step in moves if step.follows}
    ballots = [
        (taker, row)
        for giver, taker in takers.items()
        for row in connection.execute(STANDING_BALLOTS, {"group": act.group, "session": giver}).fetchall()
    ]
    for entry, session, *_ in trace.near_before:
        if session in takers:
            connection.execute(TAKE_ALONG, (takers[session], act.group, entry))
    for taker, row in ballots:
        made = connection.execute(COPY_BALLOT, (act.group, taker, *row)).fetchone()
        trace.ballots.append(int(made["id"]))


def _insert_pick(connection: sqlite3.Connection, act: Act, session: int, pick: Pick) -> int:
    by = pick.by.id if pick.by else None
    values = (act.group, session, stamp(pick.at), by, pick.election, pick.receipt)
    return int(connection.execute(PICK, values).fetchone()["id"])


def _mark_steps(connection: sqlite3.Connection, act: Act, step: Move) -> None:
    for key in step.undone:
        connection.execute(UNMARK, (act.group, step.session, key))
    for key in step.done:
        connection.execute(MARK, (act.group, step.session, key, stamp(act.at)))


def _log(connection: sqlite3.Connection, act: Act, moves: Sequence[Move], trace: Trace) -> int | None:
    first = next((step for step in moves if step.action), None)
    if first is None:
        return None
    by = act.member or None
    values = (act.group, stamp(act.at), by, first.action, trace.old, trace.new, first.reason, first.session)
    return int(connection.execute(LOG, values).fetchone()["id"])


def _touch(connection: sqlite3.Connection, act: Act, session: int, before: Columns, after: Columns) -> None:
    at = stamp(act.at)
    touch_session(connection, act.group, session, at)
    for entry in {before.get("entry"), after.get("entry")}:
        if entry is not None:
            touch_entry(connection, act.group, entry, at)
    if "status" in after and "entry" not in after:
        _touch_read(connection, act, session)
    if not after.keys().isdisjoint({"entry", "closed_at", "status"}):  # other sessions' windows and nominees
        touch_votes(connection, act.group, 0, at)


def _touch_read(connection: sqlite3.Connection, act: Act, session: int) -> None:
    entry = connection.execute(ROW, (act.group, session)).fetchone()["entry"]
    if entry is not None:
        touch_entry(connection, act.group, entry, stamp(act.at))


def _sessions(text: str) -> Mapping[str, Columns]:
    found: Mapping[str, Columns] = json.loads(text)["sessions"]
    return found


def _values(of: Mapping[str, Any], one: str, several: str) -> Iterator[int]:
    if of.get(one) is not None:
        yield of[one]
    more: Iterable[int] = of.get(several) or ()
    yield from more
