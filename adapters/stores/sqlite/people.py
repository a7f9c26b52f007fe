"""Groups and their channels, members and what they are in a group. Knows no paper."""

import sqlite3
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from operator import itemgetter

from adapters.stores.sqlite.changes import touch_entry
from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.ends import ENDS
from bot.errors import UserError
from bot.model import Act, Member, Turn

LONGEST_NAME = 40

MEMBER = """
SELECT membership.member_id, membership.name, membership.role
FROM account JOIN membership USING (member_id)
WHERE account.id = ? AND membership.group_id = ?
"""

SET_LEAVE = """
UPDATE membership SET away_from = :first, away_until = :last
WHERE group_id = :group AND member_id = :member AND (away_from, away_until) IS NOT (:first, :last)
"""
IS_MEMBER = "SELECT 1 FROM membership WHERE group_id = ? AND member_id = ?"

TURNS = f"""
SELECT membership.*,
    count(iif({ENDS} <= :now AND session.presenter = membership.member_id, 1, NULL)) AS presented,
    max(iif({ENDS} <= :now AND session.presenter = membership.member_id, session."on", NULL)) AS last_presented,
    min(iif({ENDS} > :now AND session.presenter = membership.member_id, session."on", NULL)) AS next_on,
    count(iif({ENDS} <= :now AND (session.presenter = membership.member_id OR rsvp.answer = 'join'), 1, NULL)) AS came
FROM membership
LEFT JOIN session ON session.group_id = membership.group_id AND session.status = 'planned'
LEFT JOIN rsvp ON rsvp.group_id = session.group_id AND rsvp.session_id = session.id
    AND rsvp.member_id = membership.member_id
WHERE membership.group_id = :group
GROUP BY membership.member_id ORDER BY membership.name COLLATE NOCASE, membership.member_id
"""  # noqa: S608 - constants

NAMES_ON_THE_WEB = """
SELECT membership.name
FROM membership JOIN account USING (member_id)
WHERE membership.group_id = ? AND account.id LIKE 'web:%' AND account.id <> ?
"""


class People:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def member(self, group: str, account: str) -> Member | None:
        row = self._connection.execute(MEMBER, (account, group)).fetchone()
        return Member(*row) if row else None

    def is_member(self, group: str, member: int) -> bool:
        return self._connection.execute(IS_MEMBER, (group, member)).fetchone() is not None

    def find_members(self, group: str, words: str, limit: int) -> Sequence[Member]:
        sql = "SELECT member_id, name, role FROM membership WHERE group_id = ? ORDER BY name COLLATE NOCASE, member_id"
        typed = _as_read(words)
        found = (Member(*row) for row in self._connection.execute(sql, (group,)))
        fitting = [(typed != _as_read(member.name), member) for member in found if typed in _as_read(member.name)]
        return [member for _, member in sorted(fitting, key=itemgetter(0))][:limit]

    def accounts(self, group: str, member: int) -> Sequence[str]:
        sql = """SELECT account.id FROM account JOIN membership USING (member_id)
            WHERE membership.group_id = ? AND member_id = ? ORDER BY account.id"""
        return [account for (account,) in self._connection.execute(sql, (group, member))]

    def set_leave(self, group: str, member: int, leave: tuple[date, date | None] | None) -> bool:
        first, last = leave or (None, None)
        dates = {"first": first.isoformat() if first else None, "last": last.isoformat() if last else None}
        return self._connection.execute(SET_LEAVE, {**dates, "group": group, "member": member}).rowcount == 1

    def turns(self, group: str, now: datetime) -> Sequence[Turn]:
        return [_read_turn(row) for row in self._connection.execute(TURNS, {"group": group, "now": stamp(now)})]


def enrol(
    connection: sqlite3.Connection, group: str, account: str, name: str, at: datetime, request: str = ""
) -> Member:
    name = _fit(name, account)
    known = People(connection).member(group, account)
    is_repeated = bool(request) and not is_new(connection, Act(request, group, 0, "", at))
    if known and (known.name == name or is_repeated):
        return known
    if account.startswith("web:"):
        _require_free(connection, group, account, name)
    id = _put_account(connection, account, name)
    connection.execute(
        """INSERT INTO membership (group_id, member_id, role, name, joined_at) VALUES (?, ?, 'member', ?, ?)
        ON CONFLICT (group_id, member_id) DO UPDATE SET name = excluded.name""",
        (group, id, name, stamp(at)),
    )
    _touch_claimed(connection, group, id, stamp(at))
    return Member(id, name, known.role if known else "member")


def offer_code(connection: sqlite3.Connection, group: str, code_hash: str) -> None:
    connection.execute(
        "INSERT INTO code (group_id, hash) VALUES (?, ?) ON CONFLICT (group_id) DO UPDATE SET hash = excluded.hash",
        (group, code_hash),
    )


def redeem_code(connection: sqlite3.Connection, act: Act, code_hash: str) -> bool:
    key = {"group": act.group, "member": act.member, "hash": code_hash, "at": stamp(act.at)}
    if not is_new(connection, act):
        sql = "SELECT role = 'moderator' FROM membership WHERE group_id = :group AND member_id = :member"
        row = connection.execute(sql, key).fetchone()
        return bool(row and row[0])
    if not connection.execute("DELETE FROM code WHERE group_id = :group AND hash = :hash", key).rowcount:
        return False
    connection.execute(
        """INSERT INTO audit (group_id, at, member_id, action, before, after, reason)
        SELECT group_id, :at, member_id, 'role', role, 'moderator', 'the one-time code'
        FROM membership WHERE group_id = :group AND member_id = :member""",
        key,
    )
    sql = "UPDATE membership SET role = 'moderator' WHERE group_id = :group AND member_id = :member"
    if not connection.execute(sql, key).rowcount:
        raise UserError("You are not a member of this group yet.")
    return True


def require_member(connection: sqlite3.Connection, act: Act) -> None:
    sql = "SELECT 1 FROM membership WHERE group_id = ? AND member_id = ?"
    if connection.execute(sql, (act.group, act.member)).fetchone() is None:
        raise UserError("You are not a member of this group yet.")


def is_new(connection: sqlite3.Connection, act: Act) -> bool:
    """Remembers the request; False when it was handled already. One without an id is always new."""
    if not act.request:
        return True
    sql = "INSERT INTO request (group_id, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    return connection.execute(sql, (act.group, act.request, stamp(act.at))).rowcount == 1


def was_handled(connection: sqlite3.Connection, act: Act) -> bool:
    """Whether `is_new` would say no; remembers nothing."""
    sql = "SELECT 1 FROM request WHERE group_id = ? AND id = ?"
    return bool(act.request) and connection.execute(sql, (act.group, act.request)).fetchone() is not None


def _fit(name: str, account: str) -> str:
    """On the web members choose their name; elsewhere the platform does, and a long one must not shut them out."""
    name = " ".join(name.encode(errors="ignore").decode().split())  # a lone surrogate can't be stored
    if not account.startswith("web:"):
        name = name[:LONGEST_NAME].rstrip()
    if not 1 <= len(name) <= LONGEST_NAME or not _as_read(name):
        raise UserError(f"Choose a name of 1 to {LONGEST_NAME} characters.")
    return name


def _require_free(connection: sqlite3.Connection, group: str, account: str, name: str) -> None:
    taken = connection.execute(NAMES_ON_THE_WEB, (group, account))
    if any(_as_read(other) == _as_read(name) for (other,) in taken):
        raise UserError(f'The name "{name}" is taken here; choose another.')


def _as_read(name: str) -> str:
    """What a reader can tell apart: neither case nor width, nor characters that show nothing."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in folded if unicodedata.category(c)[0] != "C").split())


def _put_account(connection: sqlite3.Connection, account: str, name: str) -> int:
    """The id of its member, made when the account is new."""
    row = connection.execute("UPDATE account SET name = ? WHERE id = ? RETURNING member_id", (name, account)).fetchone()
    if row is None:
        row = connection.execute("INSERT INTO member DEFAULT VALUES RETURNING id").fetchone()
        sql = "INSERT INTO account (id, member_id, name) VALUES (?, ?, ?)"
        connection.execute(sql, (account, row[0], name))
    return int(row[0])


def _touch_claimed(connection: sqlite3.Connection, group: str, member_id: int, at: int) -> None:
    """Their name stands on the cards of what they claimed."""
    sql = "SELECT entry_id FROM claim WHERE group_id = ? AND member_id = ? AND released_at IS NULL"
    for (entry,) in connection.execute(sql, (group, member_id)).fetchall():
        touch_entry(connection, group, entry, at)


def _read_turn(row: sqlite3.Row) -> Turn:
    first, last = _date(row["away_from"]), _date(row["away_until"])
    return Turn(
        member=Member(row["member_id"], row["name"], row["role"]),
        joined_at=moment(row["joined_at"]),
        on_rota=bool(row["on_rota"]),
        leave=(first, last) if first else None,
        presented=row["presented"],
        last_presented=_date(row["last_presented"]),
        next_on=_date(row["next_on"]),
        came=row["came"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
