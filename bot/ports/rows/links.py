"""Rows of two members who become one: `old`, who goes, and `new`, who stays. By group, as all that members leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bot.model import Role

OneOfEach = Literal["vote", "pass", "seconding", "answer", "reading", "recap"]  # one for a paper, one for a meeting
Stays = Literal["earlier", "newer"]


@dataclass(frozen=True, slots=True)
class LinkCode:
    member: int  # who was offered it
    until: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """What a member is in a group."""

    group: str
    role: Role
    name: str
    joined_at: datetime
    on_rota: bool
    leave: tuple[date, date | None] | None  # first and last day away


class LinkReads(Protocol):
    def code(self, code_hash: str) -> LinkCode | None: ...

    def memberships(self, member: int) -> Sequence[Membership]: ...


class LinkRows(LinkReads, Protocol):
    def put_code(self, member: int, code_hash: str, until: datetime) -> None:
        """The one code of a member."""
        ...

    def drop_code(self, member: int) -> None: ...

    def put_membership(self, member: int, held: Membership) -> None:
        """Replaces what the member was there."""
        ...

    def move_all(self, group: str, old: int, new: int) -> None:
        """All of which a member may have any number. Of votes in the log, and of claims, that stand, only one of them
        may have one on a paper."""
        ...

    def move_each(self, group: str, old: int, new: int, what: OneOfEach, stays: Stays) -> None:
        """All that they have one of for each thing; where both have one, it says which stays."""
        ...

    def drop_membership(self, group: str, member: int) -> None:
        """Of one who has nothing left in the group."""
        ...

    def move_accounts(self, old: int, new: int) -> None: ...

    def drop_member(self, member: int) -> None:
        """Of whom nothing is left anywhere."""
        ...
