"""Taking a paper off the vote, and putting it back: a moderator's step. Knows no session."""

from bot.actions.messages import show_votes
from bot.errors import Refused
from bot.model import Act
from bot.ports import Rows, answered_with


@answered_with(False)
def drop_entry(rows: Rows, act: Act, entry: int, dropped: bool, reason: str) -> bool:
    """Or puts it back. Stands in the audit log. False: nothing changed. Raises Refused: no entry."""
    if rows.entries.entry(act.group, entry) is None:
        raise Refused("no entry")
    if not put_drop(rows, act, entry, dropped=dropped):
        return False
    action = "drop" if dropped else "put back"
    before, after = ("", "dropped") if dropped else ("dropped", "")
    rows.audit.add(act.group, act.at, act.member, action, entry=entry, before=before, after=after, reason=reason)
    return True


def put_drop(rows: Rows, act: Act, entry: int, *, dropped: bool) -> bool:
    """False when it was so already."""
    if not rows.entries.put_dropped(act.group, entry, dropped=dropped):
        return False
    show_votes(rows, act.group, entry, act.at)
    return True
