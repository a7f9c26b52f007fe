"""Rows of accounts and members, and what a member is in a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.model import Member, Role, Turn


@dataclass(frozen=True, slots=True)
class Invitation:
    seats: int  # people who may still join by it
    until: datetime


class PeopleReads(Protocol):
    def member(self, group: str, account: str) -> Member | None: ...

    def is_member(self, group: str, member: int) -> bool: ...

    def role(self, group: str, member: int) -> Role | None:
        """None for one who is no member."""
        ...

    def members(self, group: str) -> Sequence[Member]:
        """By name."""
        ...

    def other_names(self, group: str, account: str) -> Sequence[str]:
        """Of members with another account on the same surface."""
        ...

    def accounts(self, group: str, member: int) -> Sequence[str]:
        """Of a member of the group."""
        ...

    def account_name(self, account: str) -> str:
        """As its surface last said; "" for one that is not known."""
        ...

    def invitation(self, group: str, now: datetime) -> Invitation | None:
        """The one that stands."""
        ...

    def is_code(self, group: str, code_hash: str) -> bool:
        """Whether it is the one that makes a moderator."""
        ...

    def turns(self, group: str, now: datetime) -> Sequence[Turn]:
        """Every member, with what they carried. By name."""
        ...


class PeopleRows(PeopleReads, Protocol):
    def put_account(self, account: str, name: str) -> int:
        """Made with a member of its own when it is new, else renamed; the id of its member."""
        ...

    def put_member(self, group: str, member: int, name: str, at: datetime) -> None:
        """Is one of the group from then on; who was one already is renamed."""
        ...

    def set_role(self, group: str, member: int, role: Role) -> None: ...

    def set_rota(self, group: str, member: int, on: bool) -> bool:
        """False when it was so."""
        ...

    def set_leave(self, group: str, member: int, leave: tuple[date, date | None] | None) -> bool:
        """First and last day away; None: here. False when it was so."""
        ...

    def put_code(self, group: str, code_hash: str) -> None:
        """The one code of a group."""
        ...

    def take_code(self, group: str, code_hash: str) -> bool:
        """It is spent. False when the group has no such code."""
        ...

    def put_invitation(self, group: str, code_hash: str, invitation: Invitation) -> None:
        """The one of a group."""
        ...

    def take_seat(self, group: str, code_hash: str, now: datetime) -> bool:
        """False when no invitation by that code has one."""
        ...

    def drop_invitation(self, group: str) -> None: ...
