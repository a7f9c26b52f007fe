"""Claims: who holds a paper, who presents with them, who follows and in which order. Knows no session.

There is never more than one holder. Who waits as a backup stays in line until they leave it or hold the paper.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.stores.sqlite.changes import WANT_AGAIN, touch_entry, touch_votes
from adapters.stores.sqlite.columns import is_row_id, moment, stamp
from adapters.stores.sqlite.entries import require
from adapters.stores.sqlite.messages import want
from adapters.stores.sqlite.people import is_new
from bot.errors import UserError
from bot.model import Act, Claim, ClaimKind, ClaimMove, ClaimResult, Member, Wish

CLAIMS = """
SELECT claim.id, claim.entry_id, claim.member_id, membership.name, membership.role, claim.kind, claim.at,
    claim.slept_at
FROM claim JOIN membership USING (group_id, member_id)
WHERE claim.group_id = :group AND claim.released_at IS NULL
"""
IN_ORDER = "ORDER BY instr('holder co backup fallback', claim.kind), claim.at, claim.id"
OF_ENTRY = f"{CLAIMS} AND claim.entry_id = :entry {IN_ORDER}"
BY_ID = f"{CLAIMS} AND claim.id = :claim"
SLEEPERS = f"""{CLAIMS}
    AND claim.kind = 'holder' AND claim.slept_at IS NULL AND coalesce(claim.kept_at, claim.at) < :before
    AND NOT EXISTS (SELECT 1 FROM entry
        WHERE entry.group_id = claim.group_id AND entry.id = claim.entry_id AND entry.dropped)
    AND NOT EXISTS (SELECT 1 FROM session
        WHERE session.group_id = claim.group_id AND session.entry = claim.entry_id AND session.status = 'planned')
ORDER BY coalesce(claim.kept_at, claim.at), claim.id
"""  # noqa: S608 - a constant

BEGIN = """
INSERT INTO claim (group_id, entry_id, member_id, at, kind) VALUES (:group, :entry, :member, :at, :kind)
"""
BECOME = "UPDATE claim SET kind = :kind, at = :at, kept_at = NULL, slept_at = NULL WHERE id = :claim"
# It keeps its age; its holder has it from now on, so that it does not fall asleep at once.
PROMOTE = "UPDATE claim SET kind = 'holder', kept_at = :at, slept_at = NULL WHERE id = :claim"
STEP_BACK = "UPDATE claim SET kind = 'backup' WHERE id = :claim"  # still asleep: it follows once it is woken
END = "UPDATE claim SET released_at = :at WHERE id = :claim AND released_at IS NULL"
WAKE = "UPDATE claim SET slept_at = NULL, kept_at = :at WHERE id = :claim"
REOPEN = """
UPDATE claim SET released_at = NULL WHERE id = (
    SELECT max(id) FROM claim
    WHERE group_id = :group AND entry_id = :entry AND member_id = :member AND kind = 'holder')
"""
SLEEP = """
UPDATE claim SET slept_at = :at
WHERE group_id = :group AND id = :claim AND released_at IS NULL AND kind = 'holder' AND slept_at IS NULL
RETURNING entry_id
"""

STATES = "SELECT id, kind, released_at FROM claim WHERE group_id = ? AND entry_id = ?"
# Their key is the claim's id, or the id, a space and a number; "!" is the character after the space.
QUESTIONS = """
SELECT DISTINCT message.key
FROM claim CROSS JOIN message ON message.group_id = claim.group_id AND message.kind = 'sleep'
    AND message.key >= CAST(claim.id AS TEXT) AND message.key < CAST(claim.id AS TEXT) || '!'
WHERE claim.group_id = :group
"""
QUESTIONS_ABOUT_ENTRY = QUESTIONS + "AND claim.entry_id = :entry"
QUESTIONS_ABOUT_CLAIM = QUESTIONS + "AND claim.id = :claim"


class OutdatedError(Exception):
    """Claims are not as the one who decided saw them."""


class Claims:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def claims(self, group: str, entry: int) -> Sequence[Claim]:
        key = {"group": group, "entry": entry}
        return [_read(row) for row in self._connection.execute(OF_ENTRY, key)] if is_row_id(entry) else []

    def claim_by_id(self, group: str, claim: int) -> Claim | None:
        row = self._connection.execute(BY_ID, {"group": group, "claim": claim}).fetchone() if is_row_id(claim) else None
        return _read(row) if row else None

    def sleepers(self, group: str, before: datetime) -> Sequence[Claim]:
        return [_read(row) for row in self._connection.execute(SLEEPERS, {"group": group, "before": stamp(before)})]


# --- members


def claim(connection: sqlite3.Connection, act: Act, entry: int, kind: ClaimKind = "holder") -> ClaimResult:
    require(connection, act.group, entry)
    if not is_new(connection, act):
        return _result(connection, act, entry, changed=False)
    return _claim(connection, act, entry, kind)


def release_claim(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    require(connection, act.group, entry)
    own = _of_member(Claims(connection).claims(act.group, entry), act.member)
    if not is_new(connection, act) or own is None:
        return _result(connection, act, entry, changed=False)
    return _leave(connection, act, own)


def hand_over(connection: sqlite3.Connection, act: Act, entry: int, to: int) -> ClaimResult:
    require(connection, act.group, entry)
    holder = _holder(Claims(connection).claims(act.group, entry))
    if not is_new(connection, act):
        return _result(connection, act, entry, changed=False)
    if holder is None or holder.member.id != act.member:
        raise UserError("Only who has claimed a paper can hand it over.")
    _require_member(connection, act.group, to)
    if to == act.member:
        return _result(connection, act, entry, changed=False)
    _end(connection, act, holder)
    return _give(connection, act, entry, to)


def wake_claim(connection: sqlite3.Connection, act: Act, claim: int) -> bool:
    found = Claims(connection).claim_by_id(act.group, claim)
    if not is_new(connection, act):
        return False
    if found is None or found.member.id != act.member:
        raise UserError("That claim has ended or is not yours. The button Claim on the paper's card begins a new one.")
    connection.execute(WAKE, {"claim": claim, "at": stamp(act.at)})
    touch_claims(connection, act.group, found.entry, stamp(act.at))
    return True


# --- moderators and the program


def revoke_claim(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    """The moderator's own goes the way of all members'."""
    require(connection, act.group, entry)
    holder = _holder(Claims(connection).claims(act.group, entry))
    if holder is None or holder.member.id == act.member:
        return release_claim(connection, act, entry)
    if not is_new(connection, act):
        return _result(connection, act, entry, changed=False)
    _log(connection, act, entry, "release", str(holder.member.id), "", "a moderator released it")
    _end(connection, act, holder)
    return _changed(connection, act, entry)


def assign_claim(connection: sqlite3.Connection, act: Act, entry: int, to: int) -> ClaimResult:
    require(connection, act.group, entry)
    holder = _holder(Claims(connection).claims(act.group, entry))
    if not is_new(connection, act) or (holder and holder.member.id == to):
        return _result(connection, act, entry, changed=False)
    before = str(holder.member.id) if holder else ""
    own = _of_member(Claims(connection).claims(act.group, entry), to)
    after = f"{to} {own.kind}" if own else str(to)  # so that an undo gives the place in line back
    _log(connection, act, entry, "assign", before, after, "a moderator assigned it")
    if holder:
        _end(connection, act, holder)
    return _give(connection, act, entry, to)


def put_to_sleep(connection: sqlite3.Connection, group: str, claim: int, at: datetime) -> bool:
    key = {"group": group, "claim": claim, "at": stamp(at)}
    row = connection.execute(SLEEP, key).fetchone() if is_row_id(claim) else None
    if row is None:
        return False
    earlier = len(connection.execute(QUESTIONS_ABOUT_CLAIM, key).fetchall())
    name = f"{claim} {earlier + 1}" if earlier else str(claim)
    want(connection, group, Wish("sleep", name, "paper"), stamp(at), str(row["entry_id"]))
    touch_claims(connection, group, row["entry_id"], stamp(at))
    return True


def apply_move(connection: sqlite3.Connection, act: Act, step: ClaimMove) -> None:
    """One step of a Move. Raises OutdatedError when it can't be taken any more."""
    if step.what == "give":
        _give_freely(connection, act, step)
        return
    found = Claims(connection).claim_by_id(act.group, step.claim)
    if step.what == "release":
        if found:
            _end(connection, act, found)
        return
    if found is None:
        raise OutdatedError
    if step.what == "step back":
        connection.execute(STEP_BACK, {"claim": found.id})
        return
    holder = _holder(Claims(connection).claims(act.group, found.entry))
    if holder and holder.id != found.id:
        raise OutdatedError
    if found.kind != "holder":
        connection.execute(PROMOTE, {"claim": found.id, "at": stamp(act.at)})


def entry_of(connection: sqlite3.Connection, group: str, step: ClaimMove) -> int | None:
    """Which entry a step is about; None when the group has no such claim."""
    if step.what == "give":
        return step.entry
    sql = "SELECT entry_id FROM claim WHERE group_id = ? AND id = ?"
    row = connection.execute(sql, (group, step.claim)).fetchone() if is_row_id(step.claim) else None
    return int(row["entry_id"]) if row else None


State = list[Any]  # kind, when it ended


def states(connection: sqlite3.Connection, group: str, entry: int) -> dict[str, State]:
    """Of all claims that there ever were, by id: to be kept in the audit log."""
    return {str(id): [kind, ended] for id, kind, ended in connection.execute(STATES, (group, entry))}


def restore(
    connection: sqlite3.Connection, act: Act, before: Mapping[str, State | None], after: Mapping[str, State]
) -> None:
    """Takes claims back to `before` as far as they still are as in `after` and nobody else's is in the way. A claim
    that was not there before ends."""
    touched = set[int]()
    undone = [id for id in after if _row_state(connection, act.group, id) == after[id]]
    for id in sorted(undone, key=lambda id: _holds(before.get(id))):  # who steps back first: they make room
        if _stands(before.get(id)) and _is_in_the_way(connection, id, before[id] or []):
            continue
        kind, ended = before.get(id) or [after[id][0], stamp(act.at)]
        row = connection.execute(
            "UPDATE claim SET kind = ?, released_at = ? WHERE id = ? RETURNING entry_id", (kind, ended, int(id))
        ).fetchone()
        touched.add(row["entry_id"])
    for entry in touched:
        touch_claims(connection, act.group, entry, stamp(act.at))


def give_back(connection: sqlite3.Connection, act: Act, entry: int, before: str, after: str) -> bool:
    """Undoes what a moderator did to who holds an entry. Both are members' ids, "" for nobody, with what they had in it
    before they held it; False, and nothing changed, when it is not `after` who holds it."""
    member, _, kind = after.partition(" ")
    holder = _holder(Claims(connection).claims(act.group, entry))
    if (str(holder.member.id) if holder else "") != member:
        return False
    if holder and kind:
        connection.execute("UPDATE claim SET kind = ? WHERE id = ?", (kind, holder.id))
    elif holder:
        _end(connection, act, holder)
    if former := before.partition(" ")[0]:
        _begin_again(connection, act, entry, int(former))
    touch_claims(connection, act.group, entry, stamp(act.at))
    return True


def _begin_again(connection: sqlite3.Connection, act: Act, entry: int, member: int) -> None:
    """As old as it was, unless they have another part in it by now."""
    key = {"group": act.group, "entry": entry, "member": member}
    if _of_member(Claims(connection).claims(act.group, entry), member) or not connection.execute(REOPEN, key).rowcount:
        _give(connection, act, entry, member)


def touch_claims(connection: sqlite3.Connection, group: str, entry: int, at: int) -> None:
    touch_entry(connection, group, entry, at)
    touch_votes(connection, group, entry, at)
    key = {"group": group, "entry": entry, "kind": "sleep", "at": at}
    for (question,) in connection.execute(QUESTIONS_ABOUT_ENTRY, key).fetchall():
        connection.execute(WANT_AGAIN, {**key, "key": question})


# --- rows


def _claim(connection: sqlite3.Connection, act: Act, entry: int, kind: ClaimKind) -> ClaimResult:
    found = Claims(connection).claims(act.group, entry)
    own, holder = _of_member(found, act.member), _holder(found)
    others = [claim for claim in found if claim.member.id != act.member]
    kind = _kind_for(kind, others)
    if own and (own.kind == kind or (own.kind == "holder" and _must_stay(kind, others))):
        return _say_again(connection, act, own)
    if own and own.kind == "holder":
        return _step_down(connection, act, own, kind, others)
    if kind == "holder" and holder:  # it sleeps
        connection.execute(STEP_BACK, {"claim": holder.id})
    key = {"group": act.group, "entry": entry, "member": act.member, "at": stamp(act.at), "kind": kind}
    if own is None:
        connection.execute(BEGIN, key)
    elif kind == "holder":
        connection.execute(PROMOTE, {"claim": own.id, "at": stamp(act.at)})
    else:
        connection.execute(BECOME, {**key, "claim": own.id})
    return _changed(connection, act, entry)


def _kind_for(kind: ClaimKind, others: Sequence[Claim]) -> ClaimKind:
    """What a member gets who asks for `kind`. A claim that sleeps keeps nobody from holding the paper."""
    holder = _holder(others)
    if kind == "holder":
        return "backup" if holder and not holder.slept_at else "holder"
    if kind in ("co", "backup") and not any(claim.kind != "fallback" for claim in others):
        return "holder"
    return kind


def _must_stay(kind: ClaimKind, others: Sequence[Claim]) -> bool:
    """Whether the paper would have co-presenters or backups and nobody who holds it."""
    return kind != "fallback" and _first_backup(others) is None


def _say_again(connection: sqlite3.Connection, act: Act, own: Claim) -> ClaimResult:
    """A claim that sleeps wakes up when its member claims once more."""
    if not own.slept_at:
        return _result(connection, act, own.entry, changed=False)
    connection.execute(WAKE, {"claim": own.id, "at": stamp(act.at)})
    return _changed(connection, act, own.entry)


def _step_down(
    connection: sqlite3.Connection, act: Act, own: Claim, kind: ClaimKind, others: Sequence[Claim]
) -> ClaimResult:
    """The holder becomes something else, behind whoever waited."""
    connection.execute(BECOME, {"kind": kind, "claim": own.id, "at": stamp(act.at)})
    _promote_first(connection, act, others)
    return _changed(connection, act, own.entry)


def _leave(connection: sqlite3.Connection, act: Act, own: Claim) -> ClaimResult:
    _end(connection, act, own)
    if own.kind == "holder":
        _promote_first(connection, act, Claims(connection).claims(act.group, own.entry))
    return _changed(connection, act, own.entry)


def _promote_first(connection: sqlite3.Connection, act: Act, others: Sequence[Claim]) -> None:
    if first := _first_backup(others):
        connection.execute(PROMOTE, {"claim": first.id, "at": stamp(act.at)})


def _first_backup(found: Sequence[Claim]) -> Claim | None:
    """Who is awake."""
    return next((claim for claim in found if claim.kind == "backup" and not claim.slept_at), None)


def _end(connection: sqlite3.Connection, act: Act, claim: Claim) -> None:
    connection.execute(END, {"claim": claim.id, "at": stamp(act.at)})


def _give_freely(connection: sqlite3.Connection, act: Act, step: ClaimMove) -> None:
    require(connection, act.group, step.entry)
    holder = _holder(Claims(connection).claims(act.group, step.entry))
    if holder and holder.member.id != step.member:
        raise OutdatedError
    if holder is None:
        _give(connection, act, step.entry, step.member)


def _give(connection: sqlite3.Connection, act: Act, entry: int, to: int) -> ClaimResult:
    """To somebody who may have another part in it; nobody holds it now."""
    own = _of_member(Claims(connection).claims(act.group, entry), to)
    if own:
        connection.execute(PROMOTE, {"claim": own.id, "at": stamp(act.at)})
    else:
        key = {"group": act.group, "entry": entry, "member": to, "at": stamp(act.at), "kind": "holder"}
        connection.execute(BEGIN, key)
    return _changed(connection, act, entry)


def _changed(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    touch_claims(connection, act.group, entry, stamp(act.at))
    return _result(connection, act, entry, changed=True)


def _result(connection: sqlite3.Connection, act: Act, entry: int, *, changed: bool) -> ClaimResult:
    found = Claims(connection).claims(act.group, entry)
    own, holder = _of_member(found, act.member), _holder(found)
    backups = [claim.member.id for claim in found if claim.kind == "backup"]
    place = backups.index(act.member) + 1 if own and own.kind == "backup" else 0
    return ClaimResult(changed, holder.member if holder else None, own.kind if own else "", place)


def _holder(found: Sequence[Claim]) -> Claim | None:
    return next((claim for claim in found if claim.kind == "holder"), None)


def _of_member(found: Sequence[Claim], member: int) -> Claim | None:
    return next((claim for claim in found if claim.member.id == member), None)


def _require_member(connection: sqlite3.Connection, group: str, member: int) -> None:
    sql = "SELECT 1 FROM membership WHERE group_id = ? AND member_id = ?"
    if not is_row_id(member) or connection.execute(sql, (group, member)).fetchone() is None:
        raise UserError("They are not a member of this group yet.")


def _log(
    connection: sqlite3.Connection, act: Act, entry: int, action: str, before: str, after: str, reason: str
) -> None:
    connection.execute(
        """INSERT INTO audit (group_id, at, member_id, action, entry_id, before, after, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (act.group, stamp(act.at), act.member, action, entry, before, after, reason),
    )


def _row_state(connection: sqlite3.Connection, group: str, claim: str) -> State | None:
    sql = "SELECT kind, released_at FROM claim WHERE group_id = ? AND id = ?"
    row = connection.execute(sql, (group, int(claim))).fetchone()
    return list(row) if row else None


def _stands(state: State | None) -> bool:
    return state is not None and state[1] is None


def _holds(state: State | None) -> bool:
    return state is not None and state == ["holder", None]


def _is_in_the_way(connection: sqlite3.Connection, claim: str, state: State) -> bool:
    """Whether somebody else holds the paper now, or the member has another claim of it."""
    sql = """SELECT 1 FROM claim AS mine JOIN claim AS other USING (group_id, entry_id)
        WHERE mine.id = :claim AND other.id <> :claim AND other.released_at IS NULL
        AND (other.member_id = mine.member_id OR (:kind = 'holder' AND other.kind = 'holder'))"""
    return connection.execute(sql, {"claim": int(claim), "kind": state[0]}).fetchone() is not None


def _read(row: sqlite3.Row) -> Claim:
    return Claim(
        id=row["id"],
        entry=row["entry_id"],
        member=Member(row["member_id"], row["name"], row["role"]),
        kind=row["kind"],
        at=moment(row["at"]),
        slept_at=moment(row["slept_at"]) if row["slept_at"] is not None else None,
    )
