"""Papers that members hand in: each joins the newest list, with a card; and is withdrawn again, until others took it
up."""

from bot.actions.day import add_entries, latest_digests
from bot.actions.facts import Facts, facts_for
from bot.actions.messages import DISCUSSION, show_claims, show_digest, show_votes, want_cards
from bot.actions.moves import end_claim
from bot.actions.votes import retract_vote
from bot.errors import Refused
from bot.model import Act, Digest, Entry, Listing, Summary
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.week.succession import own_of


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
    known = rows.entries.entry_by_key(act.group, listing.paper.key)
    summaries = {listing.paper.key: summary} if summary else {}
    if known and known.withdrawn:
        _hand_in_again(rows, act, newest, known, listing)
    elif fresh := add_entries(rows, newest, [listing], summaries, act.at, act.member):
        want_cards(rows, newest, fresh, act.at)
        show_digest(rows, newest, act.at)
    return handed_in(rows, act, listing, summary)


def _hand_in_again(rows: Rows, act: Act, newest: Digest, known: Entry, listing: Listing) -> None:
    """On the newest list; a message that it has to itself stays where it is."""
    moves = known.posted_on != newest.posted_on
    rank = rows.entries.last_rank(act.group, newest.posted_on) + 1 if moves else known.rank
    before = rows.days.digest(act.group, known.posted_on)
    rows.entries.add_again(act.group, newest.posted_on, rank, listing, (act.member, act.at))
    if moves:
        want_cards(rows, newest, [known.id], act.at)
    for digest in filter(None, (before, newest)):
        show_digest(rows, digest, act.at)
    show_votes(rows, act.group, known.id, act.at)


@answered_with(False)
def withdraw(rows: Rows, act: Act, entry: int) -> bool:
    """By who handed it in, whose own votes and claim go with it. False: it was withdrawn already. Raises Refused: no
    entry, not yours, taken up."""
    facts = facts_for(rows, act)
    found = facts.entry(entry)
    if found.submitter is None or found.submitter.id != act.member:
        raise Refused("not yours", title=found.paper.title, entry=entry)
    if found.withdrawn:
        return False
    _require_untouched(rows, act, facts, found)
    retract_vote(rows, act, entry)
    if own := own_of(rows.claims.claims(act.group, entry), act.member):
        end_claim(rows, act, own)
    rows.entries.put_withdrawn(act.group, entry, act.at)
    show_claims(rows, act.group, entry, act.at)
    return True


def _require_untouched(rows: Reads, act: Act, facts: Facts, entry: Entry) -> None:
    """Raises Refused: taken up."""
    ahead = (session for session in facts.sessions() if session.ends > facts.now)
    is_listed = any(entry.id in session.shortlist for session in ahead)
    is_read = facts.reading(entry.id) is not None
    if is_listed or is_read or rows.entries.is_taken_up(act.group, entry.id, act.member, DISCUSSION):
        raise Refused("taken up", title=entry.paper.title, entry=entry.id)
