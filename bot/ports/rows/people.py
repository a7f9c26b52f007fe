"""Rows of accounts and members, and what a member is in a group."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.model import Member, Turn


class PeopleReads(Protocol):
    def member(self, group: str, account: str) -> Member | None: ...

    def is_member(self, group: str, member: int) -> bool: ...

    def find_members(self, group: str, words: str, limit: int) -> Sequence[Member]:
        """Members whose name holds these words, one that has just this name first."""
        ...

    def accounts(self, group: str, member: int) -> Sequence[str]:
        """Of a member of the group."""
        ...

    def turns(self, group: str, now: datetime) -> Sequence[Turn]:
        """Every member, with what they carried. By name."""
        ...


class PeopleRows(PeopleReads, Protocol):
    def set_leave(self, group: str, member: int, leave: tuple[date, date | None] | None) -> bool:
        """First and last day away, both included; None: back. False when it was so."""
        ...
