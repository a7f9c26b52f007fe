"""Votes and passes: what members do to an entry. Knows no wording but that of a wrong entry."""

import sqlite3
from typing import NamedTuple

from adapters.stores.sqlite.changes import touch_entry, touch_votes
from adapters.stores.sqlite.columns import is_row_id, stamp
from adapters.stores.sqlite.people import is_new
from bot.errors import UserError
from bot.model import Act, Stance, Tally

# Counted from vote_source: the view `vote` says the same, five times slower.
STANDING = """
SELECT
    EXISTS (SELECT 1 FROM vote_source
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member) AS has_voted,
    EXISTS (SELECT 1 FROM pass
        WHERE group_id = entry.group_id AND entry_id = entry.id AND member_id = :member) AS has_passed,
    (SELECT count(DISTINCT member_id) FROM vote_source
        WHERE group_id = entry.group_id AND entry_id = entry.id) AS votes,
    paper.title,
    groups.hides_votes AND NOT EXISTS (SELECT 1 FROM session
        WHERE session.group_id = entry.group_id AND session.entry = entry.id AND session.status = 'planned') AS hidden,
    groups.vote_budget AS budget, entry.dropped
FROM entry JOIN paper ON paper.id = entry.paper_id JOIN groups ON groups.id = entry.group_id
WHERE entry.group_id = :group AND entry.id = :entry
"""

# A window of votes begins with the newest close; before the first one, with the group.
WINDOW = "SELECT coalesce(max(closed_at), 0) FROM session WHERE group_id = ?"
SPENT = f"""
SELECT count(*) FROM vote_span
WHERE group_id = ? AND member_id = ? AND retracted_at IS NULL AND at >= ({WINDOW})
"""  # noqa: S608 - a constant
OUTDATED = f"""
SELECT 1 FROM vote_span
WHERE group_id = ? AND entry_id = ? AND member_id = ? AND retracted_at IS NULL AND at < ({WINDOW})
"""  # noqa: S608 - a constant
ADD_SOURCE = """
INSERT INTO vote_source (group_id, entry_id, member_id, via, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
OPEN_SPAN = "INSERT INTO vote_span (group_id, entry_id, member_id, at) VALUES (?, ?, ?, ?)"
CLOSE_SPAN = """
UPDATE vote_span SET retracted_at = ? WHERE group_id = ? AND entry_id = ? AND member_id = ? AND retracted_at IS NULL
"""

STANCE = """
SELECT 'voted', entry_id FROM vote_source WHERE group_id = :group AND member_id = :member
UNION SELECT 'passed', entry_id FROM pass WHERE group_id = :group AND member_id = :member
UNION SELECT 'claimed', entry_id FROM claim
    WHERE group_id = :group AND member_id = :member AND released_at IS NULL
UNION SELECT answer, session_id FROM rsvp WHERE group_id = :group AND member_id = :member
"""


class Standing(NamedTuple):
    """Where an entry stands, and one member to it."""

    has_voted: bool
    has_passed: bool
    votes: int
    title: str
    hidden: bool
    budget: int  # 0: any number of votes
    dropped: bool

    def with_vote(self) -> "Standing":
        return self._replace(has_voted=True, votes=self.votes + 1)

    def without_vote(self) -> "Standing":
        return self._replace(has_voted=False, votes=self.votes - 1)


def cast_vote(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    standing = _standing(connection, act, entry)
    if not is_new(connection, act):
        return _tally(connection, act, standing)
    turn = _cast_anew if _is_outdated(connection, act, entry, standing) else _cast
    return turn(connection, act, entry, standing)


def retract_vote(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    standing = _standing(connection, act, entry)
    turn = _retract if is_new(connection, act) else _leave
    return turn(connection, act, entry, standing)


def toggle_vote(connection: sqlite3.Connection, act: Act, entry: int) -> Tally:
    standing = _standing(connection, act, entry)
    if not is_new(connection, act):
        return _tally(connection, act, standing)
    if _is_outdated(connection, act, entry, standing):
        return _cast_anew(connection, act, entry, standing)
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
        connection.execute(sql, (*_key(act, entry), act.via))
    after = _standing(connection, act, entry)
    if after.has_voted == before.has_voted:
        return _tally(connection, act, after)
    connection.execute(CLOSE_SPAN, (stamp(act.at), *_key(act, entry)))
    _touch(connection, act, entry)
    return _tally(connection, act, after, changed=True)


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
    _touch(connection, act, entry)
    return not standing.has_passed


def stance(connection: sqlite3.Connection, group: str, member: int) -> Stance:
    rows = connection.execute(STANCE, {"group": group, "member": member}).fetchall()
    return Stance(
        voted=frozenset(entry for what, entry in rows if what == "voted"),
        passed=frozenset(entry for what, entry in rows if what == "passed"),
        claimed=frozenset(entry for what, entry in rows if what == "claimed"),
        joined=frozenset(session for what, session in rows if what == "join"),
        skipped=frozenset(session for what, session in rows if what == "skip"),
    )


def _standing(connection: sqlite3.Connection, act: Act, entry: int) -> Standing:
    key = {"group": act.group, "entry": entry, "member": act.member}
    row = connection.execute(STANDING, key).fetchone() if is_row_id(entry) else None
    if row is None:
        raise UserError("That paper is not on this group's list.")
    has_voted, has_passed, votes, title, hidden, budget, dropped = row
    return Standing(bool(has_voted), bool(has_passed), votes, title, bool(hidden), budget, bool(dropped))


def _tally(connection: sqlite3.Connection, act: Act, now: Standing, *, changed: bool = False) -> Tally:
    left = max(0, now.budget - _spent(connection, act)) if now.budget else None
    return Tally(changed, now.has_voted, now.votes, now.title, now.hidden, left)


def _leave(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> Tally:
    return _tally(connection, act, standing)


def _cast(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> Tally:
    """A vote that stands already gets another source, which nobody sees."""
    connection.execute(ADD_SOURCE, (*_key(act, entry), act.via, stamp(act.at)))
    if standing.has_voted:
        return _tally(connection, act, standing)
    if standing.has_passed:
        _drop_pass(connection, act, entry)
    _begin(connection, act, entry, standing)
    return _tally(connection, act, standing.with_vote(), changed=True)


def _is_outdated(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> bool:
    """A vote that was counted in an earlier window and does not count now; who votes again wants it to."""
    return standing.has_voted and bool(connection.execute(OUTDATED, (*_key(act, entry), act.group)).fetchone())


def _cast_anew(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> Tally:
    """It was counted in an earlier window; from now on it counts in this one."""
    connection.execute(ADD_SOURCE, (*_key(act, entry), act.via, stamp(act.at)))
    connection.execute(CLOSE_SPAN, (stamp(act.at), *_key(act, entry)))
    _begin(connection, act, entry, standing)
    return _tally(connection, act, standing, changed=True)


def _begin(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> None:
    """From here on the vote counts. Raises UserError when it can't, or the member has none left."""
    if standing.dropped:
        raise UserError("A moderator dropped that paper: votes for it don't count. /paper-admin drop puts it back.")
    if standing.budget and _spent(connection, act) >= standing.budget:
        votes = f"{standing.budget} votes" if standing.budget > 1 else "one vote"
        raise UserError(
            f"Everybody has {votes} until the ballot closes, and yours are given. Take one back first, with "
            "/paper unvote or the button Vote on its card."
        )
    connection.execute(OPEN_SPAN, (*_key(act, entry), stamp(act.at)))
    _touch(connection, act, entry)


def _spent(connection: sqlite3.Connection, act: Act) -> int:
    (count,) = connection.execute(SPENT, (act.group, act.member, act.group)).fetchone()
    return int(count)


def _retract(connection: sqlite3.Connection, act: Act, entry: int, standing: Standing) -> Tally:
    if not standing.has_voted:
        return _tally(connection, act, standing)
    _drop_vote(connection, act, entry)
    _touch(connection, act, entry)
    return _tally(connection, act, standing.without_vote(), changed=True)


def _drop_vote(connection: sqlite3.Connection, act: Act, entry: int) -> None:
    sql = "DELETE FROM vote_source WHERE group_id = ? AND entry_id = ? AND member_id = ?"
    connection.execute(sql, _key(act, entry))
    connection.execute(CLOSE_SPAN, (stamp(act.at), *_key(act, entry)))


def _touch(connection: sqlite3.Connection, act: Act, entry: int) -> None:
    touch_entry(connection, act.group, entry, stamp(act.at))
    touch_votes(connection, act.group, entry, stamp(act.at))


def _key(act: Act, entry: int) -> tuple[str, int, int]:
    return act.group, entry, act.member


def _drop_pass(connection: sqlite3.Connection, act: Act, entry: int) -> None:
    sql = "DELETE FROM pass WHERE group_id = ? AND entry_id = ? AND member_id = ?"
    connection.execute(sql, (act.group, entry, act.member))
