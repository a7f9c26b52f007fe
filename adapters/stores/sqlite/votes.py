"""Votes, passes and claims: what members do to an entry. Knows no wording but that of a wrong entry."""

import sqlite3
from dataclasses import replace
from typing import NamedTuple

from adapters.stores.sqlite.changes import touch_entry
from adapters.stores.sqlite.columns import is_row_id, stamp
from adapters.stores.sqlite.people import is_new
from bot.errors import UserError
from bot.model import Act, ClaimResult, Member, Stance, Tally

# Counted from vote_source: the view `vote` says the same, five times slower.
STANDING = """
SELECT
    EXISTS (SELECT 1 FROM vote_source
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member) AS has_voted,
    EXISTS (SELECT 1 FROM pass
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member) AS has_passed,
    (SELECT count(DISTINCT member_id) FROM vote_source
        WHERE group_id = entry.group_id AND entry_id = entry.id) AS votes,
    paper.title
FROM entry JOIN paper ON paper.id = entry.paper_id WHERE entry.group_id = :group AND entry.id = :entry
"""

HOLDER = """
SELECT membership.member_id, membership.name, membership.role
FROM claim JOIN membership USING (group_id, member_id)
WHERE claim.group_id = ? AND claim.entry_id = ? AND claim.released_at IS NULL
"""

STANCE = """
SELECT 'voted', entry_id FROM vote_source WHERE group_id = :group AND member_id = :member
UNION SELECT 'passed', entry_id FROM pass WHERE group_id = :group AND member_id = :member
UNION SELECT 'claimed', entry_id FROM claim
    WHERE group_id = :group AND member_id = :member AND released_at IS NULL
"""


class Standing(NamedTuple):
    """Where an entry stands, and one member to it."""

    has_voted: bool
    has_passed: bool
    votes: int
    title: str

    @property
    def tally(self) -> Tally:
        return Tally(changed=False, voted=self.has_voted, votes=self.votes, title=self.title)


def cast_vote(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    standing = _standing(connection, act, entry)
    return _cast(connection, act, entry, standing) if is_new(connection, act) else standing.tally


def retract_vote(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    standing = _standing(connection, act, entry)
    return _retract(connection, act, entry, standing) if is_new(connection, act) else standing.tally


def toggle_vote(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    standing = _standing(connection, act, entry)
    if not is_new(connection, act):
        return standing.tally
    turn = _retract if standing.has_voted else _cast
    return turn(connection, act, entry, standing)


def add_source(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    """A vote by other means than a request of its own."""
    return _cast(connection, act, entry, _standing(connection, act, entry))


def drop_source(connection: sqlite3.Connection, act: Act, entry: int, *, stands: bool) -> Tally:
    """One way in which the member voted is gone, unless it `stands` elsewhere; the vote goes with the last of them."""
    before = _standing(connection, act, entry)
    if not stands:
        sql = "DELETE FROM vote_source WHERE group_id = ? AND entry_id = ? AND member_id = ? AND via = ?"
        connection.execute(sql, (act.group, entry, act.member, act.via))
    after = _standing(connection, act, entry)
    if after.has_voted == before.has_voted:
        return after.tally
    touch_entry(connection, act.group, entry, stamp(act.at))
    return replace(after.tally, changed=True)


def toggle_pass(connection: sqlite3.Connection, act: Act, entry: int) -> bool:
    standing = _standing(connection, act, entry)
    if not is_new(connection, act):
        return standing.has_passed
    if standing.has_passed:
        _drop_pass(connection, act, entry)
    else:
        _drop_vote(connection, act, entry)
        connection.execute(
            "INSERT INTO pass (group_id, entry_id, member_id, at) VALUES (?, ?, ?, ?)",
            (act.group, entry, act.member, stamp(act.at)),
        )
    touch_entry(connection, act.group, entry, stamp(act.at))
    return not standing.has_passed


def claim(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    _standing(connection, act, entry)
    holder = _holder(connection, act, entry)
    if not is_new(connection, act) or holder:
        return ClaimResult(changed=False, holder=holder)
    return _hand_to(connection, act, entry, act.member)


def release_claim(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    _standing(connection, act, entry)
    holder = _holder(connection, act, entry)
    if not is_new(connection, act) or holder is None or holder.id != act.member:
        return ClaimResult(changed=False, holder=holder)
    return _release(connection, act, entry)


def revoke_claim(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    _standing(connection, act, entry)
    holder = _holder(connection, act, entry)
    if holder and holder.id == act.member:
        return release_claim(connection, act, entry)
    if not is_new(connection, act) or holder is None:
        return ClaimResult(changed=False, holder=holder)
    connection.execute(
        """INSERT INTO audit (group_id, at, member_id, action, entry_id, before, after, reason)
        VALUES (?, ?, ?, 'release', ?, ?, '', 'a moderator released it')""",
        (act.group, stamp(act.at), act.member, entry, str(holder.id)),
    )
    return _release(connection, act, entry)


def assign_claim(connection: sqlite3.Connection, act: Act, entry: int, to: int) -> ClaimResult:
    _standing(connection, act, entry)
    holder = _holder(connection, act, entry)
    if not is_new(connection, act) or (holder and holder.id == to):
        return ClaimResult(changed=False, holder=holder)
    if holder:
        _release(connection, act, entry)
    connection.execute(
        """INSERT INTO audit (group_id, at, member_id, action, entry_id, before, after, reason)
        VALUES (?, ?, ?, 'assign', ?, ?, ?, 'a moderator assigned it')""",
        (act.group, stamp(act.at), act.member, entry, str(holder.id) if holder else "", str(to)),
    )
    return _hand_to(connection, act, entry, to)


def _hand_to(connection: sqlite3.Connection, act: Act, entry: int, member: int) -> ClaimResult:
    connection.execute(
        "INSERT INTO claim (group_id, entry_id, member_id, at) VALUES (?, ?, ?, ?)",
        (act.group, entry, member, stamp(act.at)),
    )
    touch_entry(connection, act.group, entry, stamp(act.at))
    return ClaimResult(changed=True, holder=_holder(connection, act, entry))


def _release(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    connection.execute(
        "UPDATE claim SET released_at = ? WHERE group_id = ? AND entry_id = ? AND released_at IS NULL",
        (stamp(act.at), act.group, entry),
    )
    touch_entry(connection, act.group, entry, stamp(act.at))
    return ClaimResult(changed=True, holder=None)


def toggle_claim(connection: sqlite3.Connection, act: Act, entry: int) -> ClaimResult:
    _standing(connection, act, entry)
    holder = _holder(connection, act, entry)
    turn = release_claim if holder and holder.id == act.member else claim
    return turn(connection, act, entry)


def stance(connection: sqlite3.Connection, group: str, member: int) -> Stance:
    rows = connection.execute(STANCE, {"group": group, "member": member}).fetchall()
    return Stance(
        voted=frozenset(entry for what, entry in rows if what == "voted"),
        passed=frozenset(entry for what, entry in rows if what == "passed"),
        claimed=frozenset(entry for what, entry in rows if what == "claimed"),
    )


def _standing(connection: sqlite3.Connection, act: Act, entry: int) -> Standing:
    key = {"group": act.group, "entry": entry, "member": act.member}
    row = connection.execute(STANDING, key).fetchone() if is_row_id(entry) else None
    if row is None:
        raise UserError("That paper is not on this group's list.")
    has_voted, has_passed, votes, title = row
    return Standing(bool(has_voted), bool(has_passed), votes, title)


def _cast(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> Tally:
    """A vote that stands already gets another source, which nobody sees."""
    connection.execute(
        """INSERT INTO vote_source (group_id, entry_id, member_id, via, at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING""",
        (act.group, entry, act.member, act.via, stamp(act.at)),
    )
    if standing.has_voted:
        return standing.tally
    if standing.has_passed:
        _drop_pass(connection, act, entry)
    touch_entry(connection, act.group, entry, stamp(act.at))
    return Tally(changed=True, voted=True, votes=standing.votes + 1, title=standing.title)


def _retract(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> Tally:
    if not standing.has_voted:
        return standing.tally
    _drop_vote(connection, act, entry)
    touch_entry(connection, act.group, entry, stamp(act.at))
    return Tally(changed=True, voted=False, votes=standing.votes - 1, title=standing.title)


def _drop_vote(connection: sqlite3.Connection, act: Act, entry: int) -> None:
    sql = "DELETE FROM vote_source WHERE group_id = ? AND entry_id = ? AND member_id = ?"
    connection.execute(sql, (act.group, entry, act.member))


def _drop_pass(connection: sqlite3.Connection, act: Act, entry: int) -> None:
    sql = "DELETE FROM pass WHERE group_id = ? AND entry_id = ? AND member_id = ?"
    connection.execute(sql, (act.group, entry, act.member))


def _holder(connection: sqlite3.Connection, act: Act, entry: int) -> Member | None:
    row = connection.execute(HOLDER, (act.group, entry)).fetchone()
    return Member(*row) if row else None
