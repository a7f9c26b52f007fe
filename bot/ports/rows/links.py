"""Rows of two members who become one: `old`, who goes, and `new`, who stays. By group, as all that members leave."""

from collections.abc import Collection, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Link:
    """Two members who are asked whether they are one; who were made one, once it is `made_at`."""

    id: int
    stays: int
    goes: int
    agreed: frozenset[int]
    made_at: datetime | None
    until: datetime  # can be agreed to until then; once it is made, taken apart


Value = str | int | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """A row of a group that refers to a member, and what a link may change in it. `keyed`: there is one for each
    member, who is in its key."""

    table: str
    column: str
    keyed: bool
    key: tuple[Value, ...]  # besides the group, and the member where it is keyed
    entry: int | None  # what it is about
    values: Mapping[str, Value]

    @property
    def identity(self) -> tuple[Value, ...]:
        return (self.table, self.column, *self.key)


class LinkReads(Protocol):
    def code(self, code_hash: str) -> LinkCode | None: ...

    def link(self, link: int) -> Link | None: ...

    def asked(self, member: int, now: datetime) -> Link | None:
        """That is not made yet, and concerns the member."""
        ...

    def made(self, member: int, now: datetime) -> Link | None:
        """The newest that made the member, who stayed, one with another, and can be taken apart."""
        ...

    def brought(self, link: int) -> str: ...

    def accounts(self, member: int) -> Sequence[str]: ...

    def belongings(self, group: str, member: int) -> Sequence[Belonging]: ...

    def memberships(self, member: int) -> Sequence[Membership]: ...


class LinkRows(LinkReads, Protocol):
    def put_code(self, member: int, code_hash: str, until: datetime) -> None:
        """The one code of a member."""
        ...

    def drop_code(self, member: int) -> None: ...

    def ask(self, stays: int, goes: int, until: datetime) -> Link: ...

    def agree(self, link: int, member: int) -> None: ...

    def drop_asked(self, member: int) -> None:
        """All that are not made yet and concern the member."""
        ...

    def make(self, link: int, at: datetime, until: datetime, brought: str) -> None: ...

    def drop(self, link: int) -> None: ...

    def drop_old(self, now: datetime) -> None:
        """What can neither be agreed to nor taken apart, and members who then have nothing left anywhere."""
        ...

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

    def move_accounts(self, old: int, new: int, only: Collection[str] | None = None) -> None: ...

    def give(self, group: str, belonging: Belonging, member: int) -> None:
        """The row refers to the member, and is as it is told here."""
        ...

    def take(self, group: str, belonging: Belonging, member: int) -> None:
        """A keyed one: the member has none any more."""
        ...
