"""What members read: entries, days and meetings as cards. All wording of the product's messages is here; no markup is.

One module for each topic. A new kind of message is a function here and its line in `BUILD`.
"""

from collections.abc import Callable, Mapping

from bot.cards import Message
from bot.model import GroupSettings, Wanted
from bot.ports import Reads
from bot.views.day import build_digest, digest_card, next_words
from bot.views.events import build_event
from bot.views.moves import build_step, say_move
from bot.views.papers import (
    abstract_card,
    authors,
    build_discussion,
    build_paper,
    build_second_chance,
    discussion_card,
    found_card,
    full_card,
    headline,
    listed_card,
    paper_card,
)
from bot.views.pick import build_pick
from bot.views.recap import build_recap
from bot.views.session import build_ask, build_nudge, build_reminder, build_room, build_sleep
from bot.views.vote import build_ballot, build_nominations

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
]

Build = Callable[[Reads, Wanted, GroupSettings], Message | None]

BUILD: Mapping[str, Build] = {
    "digest": build_digest,
    "paper": build_paper,
    "discussion": build_discussion,
    "second-chance": build_second_chance,
    "nominations": build_nominations,
    "ballot": build_ballot,
    "pick": build_pick,
    "ask": build_ask,
    "nudge": build_nudge,
    "reminder": build_reminder,
    "room": build_room,
    "recap": build_recap,
    "event": build_event,
    "sleep": build_sleep,
    "step": build_step,
}


def build(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """The message of (kind, key) as it should be shown now; None when there is nothing to show any more."""
    make = BUILD.get(wanted.kind)
    return make(rows, wanted, group) if make else None
