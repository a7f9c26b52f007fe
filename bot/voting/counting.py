"""Which votes and ballots count, what they weigh, and why the others don't. Ranks nothing.

Every vote is in exactly one window, since a window begins with the close before it and ends before its own. The checks
stand in one order and the first that fails gives the reason; a budget is spent only by votes that would count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bot.voting.election import Ballot, Candidate, CastVote, Election
from bot.voting.receipt import Excluded, Reason, Standing
from bot.voting.ties import draw, in_precedence


@dataclass(frozen=True, slots=True)
class Slip:
    """A ballot that counts, cut down to the papers that stand. Never empty."""

    member: int
    weight: Fraction
    tiers: tuple[tuple[int, ...], ...]

    @property
    def named(self) -> frozenset[int]:
        return frozenset(entry for tier in self.tiers for entry in tier)


@dataclass(frozen=True, slots=True)
class Count:
    votes: tuple[CastVote, ...]  # the oldest first
    slips: tuple[Slip, ...]
    weights: Mapping[int, Fraction]  # of everybody whose vote or ballot counts
    excluded: tuple[Excluded, ...]

    @property
    def is_empty(self) -> bool:
        return not self.votes and not self.slips

    @property
    def voters(self) -> int:
        """Where there are ballots, those who filled one in."""
        return len({counted.member for counted in (self.slips or self.votes)})

    @property
    def is_weighted(self) -> bool:
        return any(weight != 1 for weight in self.weights.values())


def count(election: Election) -> Count:
    votes, unused = _sift_votes(election)
    slips, spoilt = _sift_ballots(election)
    excluded = [Excluded("vote", reason, number) for reason, number in sorted(unused.items())]
    excluded += [Excluded("ballot", reason, number) for reason, number in sorted(spoilt.items())]
    weights = dict(election.weights)
    members = [vote.member for vote in votes] + [slip.member for slip in slips]
    held = {member: weights.get(member, Fraction(1)) for member in members}
    return Count(tuple(votes), tuple(slips), held, tuple(excluded))


def _sift_votes(election: Election) -> tuple[list[CastVote], Counter[Reason]]:
    """The oldest first, so that a budget is spent on what a member voted for first. Two votes of one member at the very
    same moment go by paper key."""
    papers = {candidate.entry: candidate for candidate in election.candidates}
    by_age = sorted(election.votes, key=lambda vote: (vote.at, _key(papers, vote.entry), vote.member))
    kept, unused = list[CastVote](), Counter[Reason]()
    seen, spent = set[tuple[int, int]](), Counter[int]()
    for vote in by_age:
        if reason := _flaw(election, papers, vote):
            unused[reason] += 1
        elif (vote.member, vote.entry) in seen:
            unused["repeated"] += 1
        elif election.budget is not None and spent[vote.member] >= election.budget:
            unused["over budget"] += 1
        else:
            kept.append(vote)
            seen.add((vote.member, vote.entry))
            spent[vote.member] += 1
    return kept, unused


def _key(papers: Mapping[int, Candidate], entry: int) -> str:
    return papers[entry].key if entry in papers else ""


def _flaw(election: Election, papers: Mapping[int, Candidate], vote: CastVote) -> Reason | None:
    """What is wrong with a vote by itself."""
    if reason := _outside(election, vote.at):
        return reason
    if _is_taken_back(election, vote.retracted_at):
        return "retracted"
    if vote.entry not in papers:
        return "unlisted"
    paper = papers[vote.entry]
    return "dropped" if paper.dropped else "withdrawn" if paper.withdrawn else None


def counts_in(election: Election, at: datetime, retracted_at: datetime | None = None) -> bool:
    """Whether a vote or ballot of that time is in the window, and was not taken back in it."""
    return _outside(election, at) is None and not _is_taken_back(election, retracted_at)


def _is_taken_back(election: Election, retracted_at: datetime | None) -> bool:
    return retracted_at is not None and retracted_at < election.until


def _outside(election: Election, at: datetime) -> Reason | None:
    if at >= election.until:
        return "late"
    return "early" if election.since is not None and at < election.since else None


def _sift_ballots(election: Election) -> tuple[list[Slip], Counter[Reason]]:
    """The newest ballot of each member; where that one is blank, it takes the older ones back. Under plain votes there
    are none to count."""
    slips, spoilt, seen = list[Slip](), Counter[Reason](), set[int]()
    weights = dict(election.weights)
    ballots = () if election.rule == "votes" else election.ballots
    for ballot in sorted(ballots, key=lambda ballot: (ballot.at, ballot.ranking), reverse=True):
        tiers = _standing_tiers(election, ballot)
        if reason := _outside(election, ballot.at):
            spoilt[reason] += 1
        elif ballot.member in seen:
            spoilt["replaced"] += 1
        elif not tiers:
            spoilt["blank"] += 1
        else:
            slips.append(Slip(ballot.member, weights.get(ballot.member, Fraction(1)), tiers))
        if not reason:
            seen.add(ballot.member)
    return slips, spoilt


def _standing_tiers(election: Election, ballot: Ballot) -> tuple[tuple[int, ...], ...]:
    """A paper that is named twice counts where it is named first."""
    left = {candidate.entry for candidate in election.candidates if candidate.is_standing}
    tiers = []
    for tier in ballot.ranking:
        tiers.append(tuple(sorted(left.intersection(tier))))
        left.difference_update(tier)
    return tuple(filter(None, tiers))


def standings(election: Election, counted: Count) -> list[Standing]:
    """The papers that can be picked, scored by votes, in the order of the tie-break."""
    weights, backers = defaultdict[int, Fraction](Fraction), defaultdict[int, set[int]](set)
    for vote in counted.votes:
        weights[vote.entry] += counted.weights[vote.member]
        backers[vote.entry].add(vote.member)
    for slip in counted.slips:
        for entry in slip.named if election.rule == "approval" else slip.tiers[0]:
            backers[entry].add(slip.member)
    attending = set(election.attending)
    return in_precedence(
        _standing(election.seed, paper, weights[paper.entry], backers[paper.entry], attending)
        for paper in _standing_candidates(election.candidates)
    )


def _standing_candidates(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    return (candidate for candidate in candidates if candidate.is_standing)


def _standing(seed: str, paper: Candidate, weight: Fraction, backers: set[int], attending: set[int]) -> Standing:
    votes = weight + paper.carried
    return Standing(
        entry=paper.entry,
        key=paper.key,
        score=votes,
        votes=votes,
        carried=paper.carried,
        backers=len(backers),
        attendees=len(backers & attending),
        claimed_at=paper.ready_since,
        nominated_at=paper.nominated_at,
        draw=draw(seed, paper.key),
    )
