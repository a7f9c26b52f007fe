"""Votes and passes, by whatever means: a vote is the union of the ways in which it was given.

Votes count from close to close: one that was counted for an earlier meeting stands, but counts again only when it is
given again.
"""

from dataclasses import replace

from bot.actions.facts import facts_for
from bot.actions.messages import show_votes
from bot.errors import Refused
from bot.groups import settings_of
from bot.model import Act, Tally, WeekSettings
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.ports.rows.votes import VoteStanding


def tally(rows: Reads, act: Act, entry: int) -> Tally:
    """How votes on an entry stand, for the member who acts. Raises Refused: no entry."""
    standing, week = _standing(rows, act, entry), settings_of(rows, act.group).week
    return _tally(rows, act, standing, week, voted=standing.has_voted)


@answered_by(tally)
def cast_vote(rows: Rows, act: Act, entry: int) -> Tally:
    """One vote per member and paper. Raises Refused: no entry, dropped, withdrawn, was read, spent."""
    standing = _standing(rows, act, entry)
    return _cast(rows, act, entry, standing, counts=_counts_now(rows, act, standing))


@answered_by(tally)
def retract_vote(rows: Rows, act: Act, entry: int) -> Tally:
    """All ways in which it was given are taken back. Raises Refused: no entry."""
    return _retract(rows, act, entry, _standing(rows, act, entry))


@answered_by(tally)
def toggle_vote(rows: Rows, act: Act, entry: int) -> Tally:
    """Casts it, or takes back one that counts now. Raises Refused: no entry, dropped, spent."""
    standing = _standing(rows, act, entry)
    if _counts_now(rows, act, standing):
        return _retract(rows, act, entry, standing)
    return _cast(rows, act, entry, standing, counts=False)


@answered_with(False)
def pass_on(rows: Rows, act: Act, entry: int) -> bool:
    """ "Not for us". Withdraws the member's vote. False when the pass stood already. Raises Refused: no entry."""
    if _standing(rows, act, entry).has_passed:
        return False
    _withdraw(rows, act, entry)
    rows.votes.put_pass(act.group, act.member, entry, act.at)
    show_votes(rows, act.group, entry, act.at)
    return True


@answered_with(False)
def retract_pass(rows: Rows, act: Act, entry: int) -> bool:
    """False when there was none. Raises Refused: no entry."""
    if not _standing(rows, act, entry).has_passed:
        return False
    rows.votes.drop_pass(act.group, act.member, entry)
    show_votes(rows, act.group, entry, act.at)
    return True


def add_source(rows: Rows, act: Act, entry: int) -> Tally:
    """Another way in which the member votes (`act.via`), for which no request asked: a vote that stands counts as it
    did. Raises Refused: no entry, dropped, spent."""
    standing = _standing(rows, act, entry)
    return _cast(rows, act, entry, standing, counts=standing.has_voted)


def drop_source(rows: Rows, act: Act, entry: int) -> Tally:
    """One way in which the member voted (`act.via`) is gone; the vote goes with the last of them."""
    had_voted = _standing(rows, act, entry).has_voted
    rows.votes.drop_source(act.group, act.member, entry, act.via)
    now = tally(rows, act, entry)
    if now.voted == had_voted:
        return now
    rows.votes.close_span(act.group, act.member, entry, act.at)
    show_votes(rows, act.group, entry, act.at)
    return replace(tally(rows, act, entry), changed=True)


def _cast(rows: Rows, act: Act, entry: int, standing: VoteStanding, *, counts: bool) -> Tally:
    """A vote that counts already gets another source, which nobody sees."""
    week = settings_of(rows, act.group).week
    if not counts:
        _require_room(rows, act, entry, standing, week)
        _begin(rows, act, entry, standing)
    rows.votes.add_source(act.group, act.member, entry, act.via, act.at)
    now = standing if counts else _standing(rows, act, entry)
    told = _tally(rows, act, now, week, changed=not counts, voted=True)
    return replace(told, first=not counts and rows.votes.given(act.group, act.member, None) == 1)


def _begin(rows: Rows, act: Act, entry: int, standing: VoteStanding) -> None:
    """From here on the vote counts."""
    if standing.has_passed:
        rows.votes.drop_pass(act.group, act.member, entry)
    if standing.has_voted:
        rows.votes.close_span(act.group, act.member, entry, act.at)
    rows.votes.open_span(act.group, act.member, entry, act.at)
    show_votes(rows, act.group, entry, act.at)


def _retract(rows: Rows, act: Act, entry: int, standing: VoteStanding) -> Tally:
    week = settings_of(rows, act.group).week
    if not standing.has_voted:
        return _tally(rows, act, standing, week, voted=False)
    _withdraw(rows, act, entry)
    show_votes(rows, act.group, entry, act.at)
    return _tally(rows, act, _standing(rows, act, entry), week, changed=True, voted=False)


def _withdraw(rows: Rows, act: Act, entry: int) -> None:
    rows.votes.drop_sources(act.group, act.member, entry)
    rows.votes.close_span(act.group, act.member, entry, act.at)


def _require_room(rows: Reads, act: Act, entry: int, standing: VoteStanding, week: WeekSettings) -> None:
    if standing.dropped:
        raise Refused("dropped", entry=entry)
    if standing.withdrawn:
        raise Refused("withdrawn", title=standing.title, entry=entry)
    if standing.is_picked:
        facts_for(rows, act).require_unread(entry)
    if week.budget and _given(rows, act) >= week.budget:
        raise Refused("spent", budget=week.budget)


def _counts_now(rows: Reads, act: Act, standing: VoteStanding) -> bool:
    """False for one that was counted for an earlier meeting; who votes again wants it to."""
    if not standing.has_voted or standing.counts_from is None:
        return standing.has_voted
    closed = rows.votes.window(act.group)
    return closed is None or standing.counts_from >= closed


def _given(rows: Reads, act: Act) -> int:
    return rows.votes.given(act.group, act.member, rows.votes.window(act.group))


def _tally(
    rows: Reads, act: Act, standing: VoteStanding, week: WeekSettings, *, changed: bool = False, voted: bool
) -> Tally:
    left = max(0, week.budget - _given(rows, act)) if week.budget else None
    return Tally(changed, voted, standing.votes, standing.title, week.hidden and not standing.is_picked, left=left)


def _standing(rows: Reads, act: Act, entry: int) -> VoteStanding:
    found = rows.votes.standing(act.group, act.member, entry)
    if found is None:
        raise Refused("no entry")
    return found
