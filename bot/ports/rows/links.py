"""Rows of two members who become one: `old`, who goes, and `new`, who stays. By group, as all that members leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bot.model import Role

OneOfEach = Literal["vote", "pass", "seconding"]  # of a member, for a paper


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

    def move_all(self, group: str, old: int, new: int, earlier: Collection[OneOfEach]) -> None:
        """Whatever refers to the one member refers to the other. Where both have what there is one of for each thing,
        the newer stays; of `earlier` the earlier. Of votes in the log, and of claims, that stand, only one of them may
        have one on a paper."""
        ...

    def drop_membership(self, group: str, member: int) -> None:
        """Of one who has nothing left in the group."""
        ...

    def move_accounts(self, old: int, new: int) -> None: ...

    def drop_member(self, member: int) -> None:
        """Of whom nothing is left anywhere."""
        ...
