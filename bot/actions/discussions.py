"""Opening the discussion of a paper, in a channel of the group. Knows no thread: surfaces open those."""

from bot.actions.messages import DISCUSSION, STALE
from bot.errors import Refused
from bot.model import Act
from bot.ports import Rows, answered_with
from bot.views.sheets import CARD


@answered_with(False)
def open_discussion(rows: Rows, act: Act, entry: int, place: str) -> bool:
    """Under the card, where it has a message to itself. False when it was wanted already: then it is shown again, which
    brings it back if it was deleted. Raises Refused: no entry, no channel."""
    if rows.entries.entry(act.group, entry) is None:
        raise Refused("no entry")
    key = str(entry)
    # As old as it was while that gives it a chance: an earlier attempt is only looked for from then on.
    if rows.messages.want_anew(act.group, DISCUSSION, key, place, act.at, act.at - STALE):
        return False
    under = CARD if rows.messages.shown_ref(act.group, place, CARD, key) else ""
    if not place or not rows.messages.want(
        act.group, DISCUSSION, key, act.at, parent_kind=under, parent_key=key, place=place
    ):
        raise Refused("no channel")
    return True
