"""What a kind of message is: under which name it is wanted, what builds it, and which facts make it show again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.cards import Message
from bot.model import GroupSettings, Wanted
from bot.ports import Reads

Build = Callable[[Reads, Wanted, GroupSettings], Message | None]  # None when there is nothing to show any more
Fact = Literal[
    "votes",  # on an entry, which is the message's key
    "counts",  # how a session's vote stands; the key begins with the session's id, as for the next
    "session",  # whatever members and moderators do for a session
]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """`tells` the facts that it goes on telling after it was posted; none: it stays as it was."""

    name: str
    build: Build
    tells: tuple[Fact, ...]


def message(name: str, *tells: Fact) -> Callable[[Build], MessageKind]:
    """Makes a kind of message from the function that builds it. `name` is stored; its view may change, it may not."""
    return lambda build: MessageKind(name, build, tells)
