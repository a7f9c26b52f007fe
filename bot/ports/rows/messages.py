"""Rows of messages that are wanted, leased, shown or in trouble, and of the emoji that stand on them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import OpenCard, Trouble, Wanted


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between two edits of one message, in its first hour and later."""

    early: float
    late: float


class MessageReads(Protocol):
    def next_due(self, surface: str, now: datetime, pauses: Pauses, resting: Collection[str] = ()) -> datetime | None:
        """When a lease will next have something outside the `resting` places."""
        ...

    def troubles(self, group: str, now: datetime) -> Sequence[Trouble]:
        """Messages that were given up or wait for another attempt."""
        ...

    def messages(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[tuple[Wanted, datetime]]:
        """Shown ones with the time of their first post, newest last."""
        ...

    def message(self, group: str, message: int) -> tuple[Wanted, datetime] | None: ...

    def find_shown(self, surface: str, ref: str) -> Wanted | None:
        """The message that stands on a surface under that name."""
        ...

    def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        """The surface's name of a message that stands in a place; "" when it does not."""
        ...

    def open_cards(self, surface: str, since: datetime) -> Sequence[OpenCard]:
        """Papers' cards posted since then, and events of sessions that began since then or will; newest first."""
        ...

    def reacting(self, message: int) -> Mapping[str, str]:
        """Accounts that have the voting emoji on a message, as we last knew, with their names."""
        ...

    def reactions_of(self, group: str, member: int, entry: int) -> Sequence[tuple[str, str, str]]:
        """(place, ref, account) of the member's emoji on the cards of an entry, as we last knew."""
        ...


class MessageRows(MessageReads, Protocol):
    def add_reaction(self, message: int, account: str, at: datetime) -> bool:
        """The emoji stands on the platform. False when we knew."""
        ...

    def drop_reaction(self, message: int, account: str) -> bool:
        """It does not any more. False when we knew."""
        ...

    def show_again(self, group: str, kinds: Sequence[str], keys: Sequence[str], at: datetime) -> None:
        """The messages of these kinds, under each of these keys or one that goes on after a space, are to be shown
        again. One that was given up gets another attempt; one that waits after a failure goes on waiting."""
        ...
