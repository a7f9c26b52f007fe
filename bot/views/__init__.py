"""What members read: entries, days and meetings as cards. All wording of the product's messages is here; no markup is.

One module for each topic. A new kind of message is a function in one of them, marked with `@message`.
"""

from collections.abc import Mapping

from bot.cards import Message
from bot.model import GroupSettings, Wanted
from bot.ports import Reads
from bot.views import day, events, moves, papers, pick, recap, session, vote
from bot.views.day import digest_card, next_words
from bot.views.kinds import Fact, MessageKind
from bot.views.moves import say_move
from bot.views.papers import (
    abstract_card,
    authors,
    discussion_card,
    found_card,
    full_card,
    headline,
    listed_card,
    paper_card,
)

__all__ = [
    "abstract_card",
    "authors",
    "build",
    "digest_card",
    "discussion_card",
    "found_card",
    "full_card",
    "headline",
    "listed_card",
    "next_words",
    "paper_card",
    "say_move",
    "telling",
]

TOPICS = (day, events, moves, papers, pick, recap, session, vote)
KINDS: Mapping[str, MessageKind] = {
    kind.name: kind for topic in TOPICS for kind in vars(topic).values() if isinstance(kind, MessageKind)
}


def telling(fact: Fact) -> tuple[str, ...]:
    """The kinds of message that go on telling it."""
    return tuple(kind.name for kind in KINDS.values() if fact in kind.tells)


def build(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """The message of (kind, key) as it should be shown now; None when there is nothing to show any more."""
    kind = KINDS.get(wanted.kind)
    return kind.build(rows, wanted, group) if kind else None
