"""The voting emoji on cards: a mirror of what stands on the platform, whose changes are votes. Knows no platform."""

from collections.abc import Sequence

from bot.actions.votes import add_source, drop_source, tally
from bot.model import Act, Emoji, Tally
from bot.ports import Reads, Rows
from bot.views.sheets import standing_of


def mirror_reaction(rows: Rows, act: Act, message: int, account: str, *, on: bool, number: int = 0) -> bool:
    """What stands there as we last knew. False when we knew that it stands so: a repetition is harmless."""
    if on:
        return rows.messages.add_reaction(message, number, account, act.at)
    return rows.messages.drop_reaction(message, number, account)


def take_reaction(
    rows: Rows, act: Act, message: int, entry: int, account: str, *, on: bool, number: int = 0
) -> Tally | None:
    """On the card of an entry: only a change of what stands votes (`act.via`) or takes that way away. None when
    nothing changed. Raises Refused like a vote."""
    if not mirror_reaction(rows, act, message, account, on=on, number=number):
        return None
    if on:
        return add_source(rows, act, entry)
    take = tally if _stands_elsewhere(rows, act, entry, account) else drop_source
    return take(rows, act, entry)


def emoji_of(rows: Reads, act: Act, entry: int) -> Sequence[Emoji]:
    """The member's emoji on the cards of an entry, as we last knew."""
    card = standing_of(rows, act.group, entry)
    found = rows.messages.reactions_of(act.group, act.member, card.kind, card.key, card.number)
    return [Emoji(place, ref, account, card.number) for place, ref, account in found]


def _stands_elsewhere(rows: Reads, act: Act, entry: int, account: str) -> bool:
    """Whether the member has the emoji on another card of the entry, on the same surface."""
    surface = account.partition(":")[0]
    return any(emoji.place.partition(":")[0] == surface for emoji in emoji_of(rows, act, entry))
