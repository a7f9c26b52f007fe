"""Rows of accounts and members, and of what a member is in a group. See `bot.ports.rows.people`."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.ends import ENDS
from bot.model import Member, Role, Turn
from bot.ports.rows.people import Invitation

MEMBER = """
SELECT membership.member_id, membership.name, membership.role
FROM account JOIN membership USING (member_id)
WHERE account.id = ? AND membership.group_id = ?
"""

IS_MEMBER = "SELECT 1 FROM membership WHERE group_id = ? AND member_id = ?"
ROLE = "SELECT role FROM membership WHERE group_id = ? AND member_id = ?"

# Each side is counted for itself: joined, every member would meet every session.
TURNS = f"""
SELECT membership.*, coalesce(gave.presented, 0) AS presented, gave.last_presented, gave.next_on,
    coalesce(gave.presented, 0) + coalesce(heard.came, 0) AS came
FROM membership
LEFT JOIN (
    SELECT presenter AS member_id, count(iif({ENDS} <= :now, 1, NULL)) AS presented,
        max(iif({ENDS} <= :now, "on", NULL)) AS last_presented, min(iif({ENDS} > :now, "on", NULL)) AS next_on
    FROM session WHERE group_id = :group AND status = 'planned' AND presenter IS NOT NULL
    GROUP BY presenter) AS gave USING (member_id)
LEFT JOIN (
    SELECT rsvp.member_id, count(*) AS came
    FROM session JOIN rsvp ON rsvp.group_id = session.group_id AND rsvp.session_id = session.id
    WHERE session.group_id = :group AND session.status = 'planned' AND {ENDS} <= :now
        AND rsvp.answer = 'join' AND rsvp.member_id IS NOT session.presenter
    GROUP BY rsvp.member_id) AS heard USING (member_id)
WHERE membership.group_id = :group
ORDER BY membership.name COLLATE NOCASE, membership.member_id
"""  # noqa: S608 - constants

MEMBERS = """
SELECT member_id, name, role FROM membership WHERE group_id = ? ORDER BY name COLLATE NOCASE, member_id
"""
OTHER_NAMES = """
SELECT membership.name FROM membership JOIN account USING (member_id)
WHERE membership.group_id = ? AND account.id LIKE ? AND account.id <> ?
"""
ACCOUNTS = """
SELECT account.id FROM account JOIN membership USING (member_id)
WHERE membership.group_id = ? AND member_id = ? ORDER BY account.id
"""

ACCOUNT_NAME = "SELECT name FROM account WHERE id = ?"
NAME_ACCOUNT = "UPDATE account SET name = ? WHERE id = ? RETURNING member_id"
ADD_MEMBER = "INSERT INTO member DEFAULT VALUES RETURNING id"
ADD_ACCOUNT = "INSERT INTO account (id, member_id, name) VALUES (?, ?, ?)"
PUT_MEMBER = """
INSERT INTO membership (group_id, member_id, role, name, joined_at) VALUES (?, ?, 'member', ?, ?)
ON CONFLICT (group_id, member_id) DO UPDATE SET name = excluded.name
"""
SET_ROLE = "UPDATE membership SET role = ? WHERE group_id = ? AND member_id = ?"
SET_ROTA = "UPDATE membership SET on_rota = :on WHERE group_id = :group AND member_id = :member AND on_rota <> :on"
SET_LEAVE = """
UPDATE membership SET away_from = :first, away_until = :last
WHERE group_id = :group AND member_id = :member AND (away_from, away_until) IS NOT (:first, :last)
"""
PUT_CODE = "INSERT INTO code (group_id, hash) VALUES (?, ?) ON CONFLICT (group_id) DO UPDATE SET hash = excluded.hash"
IS_CODE = "SELECT 1 FROM code WHERE group_id = ? AND hash = ?"
INVITATION = "SELECT seats, until FROM invitation WHERE group_id = ? AND seats > 0 AND until > ?"
PUT_INVITATION = """
INSERT INTO invitation (group_id, hash, seats, until) VALUES (?, ?, ?, ?)
ON CONFLICT (group_id) DO UPDATE SET hash = excluded.hash, seats = excluded.seats, until = excluded.until
"""
TAKE_SEAT = "UPDATE invitation SET seats = seats - 1 WHERE group_id = ? AND hash = ? AND seats > 0 AND until > ?"
DROP_INVITATION = "DELETE FROM invitation WHERE group_id = ?"
TAKE_CODE = "DELETE FROM code WHERE group_id = ? AND hash = ?"


class People:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def member(self, group: str, account: str) -> Member | None:
        row = self._connection.execute(MEMBER, (account, group)).fetchone()
        return Member(*row) if row else None

    def is_member(self, group: str, member: int) -> bool:
        return self._connection.execute(IS_MEMBER, (group, member)).fetchone() is not None

    def role(self, group: str, member: int) -> Role | None:
        row = self._connection.execute(ROLE, (group, member)).fetchone()
        return row["role"] if row else None

    def members(self, group: str) -> Sequence[Member]:
        return [Member(*row) for row in self._connection.execute(MEMBERS, (group,))]

    def other_names(self, group: str, account: str) -> Sequence[str]:
        surface = account.partition(":")[0]
        return [name for (name,) in self._connection.execute(OTHER_NAMES, (group, f"{surface}:%", account))]

    def accounts(self, group: str, member: int) -> Sequence[str]:
        return [account for (account,) in self._connection.execute(ACCOUNTS, (group, member))]

    def account_name(self, account: str) -> str:
        row = self._connection.execute(ACCOUNT_NAME, (account,)).fetchone()
        return str(row["name"]) if row else ""

    def invitation(self, group: str, now: datetime) -> Invitation | None:
        row = self._connection.execute(INVITATION, (group, stamp(now))).fetchone()
        return Invitation(row["seats"], moment(row["until"])) if row else None

    def is_code(self, group: str, code_hash: str) -> bool:
        return self._connection.execute(IS_CODE, (group, code_hash)).fetchone() is not None

    def turns(self, group: str, now: datetime) -> Sequence[Turn]:
        return [_read_turn(row) for row in self._connection.execute(TURNS, {"group": group, "now": stamp(now)})]

    def put_account(self, account: str, name: str) -> int:
        row = self._connection.execute(NAME_ACCOUNT, (name, account)).fetchone()
        if row is None:
            row = self._connection.execute(ADD_MEMBER).fetchone()
            self._connection.execute(ADD_ACCOUNT, (account, row[0], name))
        return int(row[0])

    def put_member(self, group: str, member: int, name: str, at: datetime) -> None:
        self._connection.execute(PUT_MEMBER, (group, member, name, stamp(at)))

    def set_role(self, group: str, member: int, role: Role) -> None:
        self._connection.execute(SET_ROLE, (role, group, member))

    def set_rota(self, group: str, member: int, on: bool) -> bool:
        key = {"group": group, "member": member, "on": on}
        return self._connection.execute(SET_ROTA, key).rowcount == 1

    def set_leave(self, group: str, member: int, leave: tuple[date, date | None] | None) -> bool:
        first, last = (day.isoformat() if day else None for day in leave or (None, None))
        key = {"group": group, "member": member, "first": first, "last": last}
        return self._connection.execute(SET_LEAVE, key).rowcount == 1

    def put_code(self, group: str, code_hash: str) -> None:
        self._connection.execute(PUT_CODE, (group, code_hash))

    def take_code(self, group: str, code_hash: str) -> bool:
        return self._connection.execute(TAKE_CODE, (group, code_hash)).rowcount == 1

    def put_invitation(self, group: str, code_hash: str, invitation: Invitation) -> None:
        row = (group, code_hash, invitation.seats, stamp(invitation.until))
        self._connection.execute(PUT_INVITATION, row)

    def take_seat(self, group: str, code_hash: str, now: datetime) -> bool:
        return self._connection.execute(TAKE_SEAT, (group, code_hash, stamp(now))).rowcount == 1

    def drop_invitation(self, group: str) -> None:
        self._connection.execute(DROP_INVITATION, (group,))


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
