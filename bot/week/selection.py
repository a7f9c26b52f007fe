"""Which paper a session reads: the vote as an election, and the Move that its receipt leads to. Pure."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.languages import Listener, msgid, say
from bot.model import Electorate, Entry, GroupSettings, Member, Move, NearWinner, Nominee, Pick, Session, SessionChanges
from bot.voting.decision import decide, second_chance
from bot.voting.election import Ballot, Candidate, CastVote, Election, attendance_weight, seed_for
from bot.voting.export import election_from_data, receipt_from_data, to_data
from bot.voting.receipt import Outcome, Receipt
from bot.week.timeline import StepKind, moment

SECONDS = 2  # members who can settle a proposal when no moderator does
SECONDED = msgid("two members confirmed it")
WHY: dict[Outcome, str] = {
    "picked": msgid("it has the most votes"),
    "only one": msgid("no other paper was nominated"),
    "nobody voted": msgid("nobody voted"),
    "votes withdrawn": msgid("every vote was taken back"),
    "papers withdrawn": msgid("every paper was withdrawn or dropped"),
    "no candidates": msgid("no paper was nominated"),
    "chosen": msgid("a moderator chose it"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """An election with what came of it."""

    election: Election
    receipt: Receipt

    @property
    def leader(self) -> int | None:
        """What a proposal would be: the winner, or the first in line where a moderator has to choose."""
        return self.receipt.winner if self.receipt.winner is not None else self.receipt.leader

    def why(self, to: Listener) -> str:
        won = self.receipt.winner is not None
        if won and self.receipt.outcome in ("nobody voted", "votes withdrawn"):
            return f"{say(to, WHY[self.receipt.outcome])}; {say(to, 'its claim has waited the longest')}"
        return say(to, WHY[self.receipt.outcome])

    def pick(self, at: datetime, by: Member | None = None) -> Pick:
        return Pick(_json(self.election), _json(self.receipt), at, by)


def _json(thing: Election | Receipt) -> str:
    return json.dumps(to_data(thing), ensure_ascii=False)


def count(election: Election) -> Counted:
    return Counted(election, decide(election))


def read_pick(pick: Pick) -> Counted:
    return Counted(election_from_data(json.loads(pick.election)), receipt_from_data(json.loads(pick.receipt)))


def election_of(
    group: GroupSettings, session: Session, electorate: Electorate, absent: Collection[int], until: datetime
) -> Election:
    """`absent`: members whose claim does not help this session."""
    week = group.week
    entries = {nominee.entry for nominee in electorate.nominees}
    weights = [(member, attendance_weight(came)) for member, came in sorted(electorate.came.items())]
    return Election(
        seed=seed_for(group.id, session.on),
        rule=week.rule if week.mode == "vote" else "votes",
        since=electorate.since if electorate.since is None else min(electorate.since, until),
        until=until,
        candidates=tuple(_candidate(nominee, absent) for nominee in electorate.nominees),
        votes=tuple(
            CastVote(vote.member, vote.entry, vote.at, vote.retracted_at)
            for vote in electorate.votes
            if vote.entry in entries
        ),
        ballots=tuple(Ballot(slip.member, slip.ranking, slip.at) for slip in electorate.slips),
        attending=electorate.coming,
        weights=tuple((member, weight) for member, weight in weights if weight != 1) if week.weighted else (),
        budget=week.budget or None,
    )


def _candidate(nominee: Nominee, absent: Collection[int]) -> Candidate:
    return Candidate(
        entry=nominee.entry,
        key=nominee.key,
        nominated_at=nominee.nominated_at,
        claimed_at=nominee.claimed_at,
        claimer_away=nominee.claimer in absent,
        dropped=nominee.dropped,
        carried=nominee.carried,
    )


def chosen(election: Election, entry: Entry, at: datetime) -> Election:
    """The same with what an organiser chose, which may be no candidate yet."""
    candidates = election.candidates
    if entry.id not in {candidate.entry for candidate in candidates}:
        candidates = (*candidates, Candidate(entry.id, entry.paper.key, at))
    return replace(election, candidates=candidates, chosen=entry.id)


def next_in_line(picks: Sequence[Pick], current: int) -> Iterator[int]:
    """What a moderator's "next" may come to: the others of the newest count, the best first, without those that this
    vote came to before."""
    if not picks:
        return
    counts = [read_pick(pick) for pick in picks]
    newest = counts[-1]
    before = {one.receipt.winner for one in counts if one.receipt.until == newest.receipt.until}
    for line in newest.receipt.standings:
        if line.entry != current and line.entry not in before:
            yield line.entry


# --- moves


def automatic(session: Session, counted: Counted, at: datetime, to: Listener) -> Move:
    """Without a paper when nobody can say which."""
    receipt = counted.receipt
    move = Move(session.id, "pick", counted.why(to), pick=counted.pick(at), carried=near(session.id, counted))
    return replace(move, sets={"entry": receipt.winner, "settled": True}) if receipt.winner is not None else move


def proposed(session: Session, counted: Counted, at: datetime, to: Listener) -> Move:
    """The first in line, for a moderator or two members to confirm; without one as above."""
    if counted.leader is None:
        return automatic(session, counted, at, to)
    sets: SessionChanges = {"entry": counted.leader, "settled": False}
    pick = counted.pick(at)
    return Move(session.id, "propose", counted.why(to), sets, pick=pick, carried=near(session.id, counted))


def near(session: int, counted: Counted, vetoed: int | None = None) -> tuple[NearWinner, ...]:
    """With the votes that they may bring along."""
    chances, since = second_chance(counted.receipt), counted.receipt.since
    without = (counted.leader, vetoed)
    return tuple(NearWinner(entry, session, votes, since=since) for entry, votes in chances if entry not in without)


def reopened(session: Session, until: datetime, reason: str) -> Move:
    """The vote goes on. What was picked is not any more; who can't present this session still can't."""
    sets: SessionChanges = {
        "closes_at": until,
        "closed_at": None,
        "entry": None,
        "settled": False,
        "presenter": None,
        "asked_at": None,
        "confirmed_at": None,
        "open_discussion": False,
    }
    again = tuple(f"{kind} {moment(until)}" for kind in (StepKind.CLOSE, StepKind.PICK, StepKind.VOLUNTEER))
    return Move(session.id, "reopen", reason, sets, undone=again, tells=True)
