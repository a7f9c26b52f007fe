"""Papers that members hand in: each joins the newest list, with a card."""

from bot.actions.day import add_entries, latest_digests
from bot.actions.messages import show_digest, want_cards
from bot.errors import Refused
from bot.model import Act, Entry, Listing, Summary
from bot.ports import Reads, Rows, answered_by


def handed_in(rows: Reads, act: Act, listing: Listing, summary: Summary | None) -> Entry:
    """Raises Refused: submission gone."""
    entry = rows.entries.entry_by_key(act.group, listing.paper.key)
    if entry is None:
        raise Refused("submission gone")
    return entry


@answered_by(handed_in)
def submit(rows: Rows, act: Act, listing: Listing, summary: Summary | None) -> Entry:
    """The entry that is there when the group has the paper already. Raises Refused: no list."""
    newest = next(iter(latest_digests(rows, act.group, act.at)), None)
    if newest is None:
        raise Refused("no list")
    summaries = {listing.paper.key: summary} if summary else {}
    if fresh := add_entries(rows, newest, [listing], summaries, act.at, act.member):
        want_cards(rows, newest, fresh, act.at)
        show_digest(rows, newest, act.at)
    return handed_in(rows, act, listing, summary)
