"""Ballots on a short list."""

from collections.abc import Sequence

from bot.actions.messages import show_session
from bot.errors import Refused
from bot.model import Act, BallotSlip
from bot.ports import Rows, answered_with
from bot.week.sessions import require_session


@answered_with(None)
def cast_ballot(rows: Rows, act: Act, session: int, ranking: Sequence[Sequence[int]]) -> None:
    """Replaces the member's ballot; an empty one takes it back. Raises Refused: no meeting, ballot closed, not on
    the short list."""
    about = require_session(rows, act.group, session)
    if about.closed_at or about.status != "planned":
        raise Refused("ballot closed")
    tiers = tuple(tuple(tier) for tier in ranking if tier)
    if any(entry not in about.shortlist for tier in tiers for entry in tier):
        raise Refused("not on the short list")
    if tiers == rows.picks.ballot(act.group, session, act.member):
        return
    rows.picks.add_ballot(act.group, session, BallotSlip(act.member, tiers, act.at))
    show_session(rows, act.group, session, act.at)
