"""The rules of counting: papers in the order of the tie-break, and ballots → papers in the order of the rule.

Votes and approval: the most weight.
Instant run-off (https://en.wikipedia.org/wiki/Instant-runoff_voting): until a paper has more than half of what those
ballots weigh that still name a paper, the last one goes, one at a time; of several last, the one that the tie-break
puts last. Equal first places share a ballot.
Schulze (https://en.wikipedia.org/wiki/Schulze_method, winning votes): unranked papers are equal, below all ranked ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from bot.voting.counting import Slip
from bot.voting.receipt import Duels, Round, Standing, Tie
from bot.voting.ties import best_of, in_precedence, worst_of


@dataclass(frozen=True, slots=True)
class Ranked:
    order: tuple[Standing, ...]
    tie: Tie | None = None
    rounds: tuple[Round, ...] = ()
    duels: Duels | None = None


def rank_by_score(papers: Iterable[Standing]) -> Ranked:
    order = sorted(in_precedence(papers), key=lambda paper: -paper.score)
    _, tie = best_of([paper for paper in order if paper.score == order[0].score])
    return Ranked(tuple(order), tie)


def rank_by_approval(papers: Iterable[Standing], slips: Sequence[Slip]) -> Ranked:
    return rank_by_score(
        replace(paper, score=sum((slip.weight for slip in slips if paper.entry in slip.named), Fraction()))
        for paper in papers
    )


# --- instant run-off -------------------------------------------------------------------------------------------


def rank_by_run_off(papers: Iterable[Standing], slips: Sequence[Slip]) -> Ranked:
    """Behind the winner come the papers of the last round by their count, then those that went out, the last first."""
    left, gone, rounds = in_precedence(papers), list[Standing](), list[Round]()
    while True:
        counts = _first_places(left, slips)
        left = [replace(paper, score=counts[paper.entry]) for paper in left]
        exhausted = sum((slip.weight for slip in slips), Fraction()) - sum(counts.values())
        if len(left) == 1 or 2 * max(counts.values()) > sum(counts.values()):
            break
        out, tie = worst_of([paper for paper in left if paper.score == min(counts.values())])
        rounds.append(Round(_highest_first(left), exhausted, out.entry, tie))
        left.remove(out)
        gone.append(out)
    rounds.append(Round(_highest_first(left), exhausted))
    return Ranked((*rank_by_score(left).order, *reversed(gone)), rounds=tuple(rounds))


def _first_places(papers: Iterable[Standing], slips: Iterable[Slip]) -> dict[int, Fraction]:
    counts = {paper.entry: Fraction() for paper in papers}
    for slip in slips:
        first = next(filter(None, ([entry for entry in tier if entry in counts] for tier in slip.tiers)), [])
        for entry in first:
            counts[entry] += slip.weight / len(first)
    return counts


def _highest_first(papers: Iterable[Standing]) -> tuple[tuple[int, Fraction], ...]:
    return tuple((paper.entry, paper.score) for paper in rank_by_score(papers).order)


# --- Schulze ---------------------------------------------------------------------------------------------------

Matrix = dict[tuple[int, int], Fraction]


def rank_by_duels(papers: Iterable[Standing], slips: Sequence[Slip]) -> Ranked:
    """A paper beats another when its strongest path to it is the stronger one; that relation has no cycles. First comes
    what nothing beats, by the tie-break where there are several; then the same among the rest."""
    left = in_precedence(papers)
    entries = tuple(paper.entry for paper in left)
    prefer = _preferences(entries, slips)
    paths = _strongest_paths(entries, prefer)
    left = [replace(paper, score=_won(paper.entry, entries, paths)) for paper in left]
    _, tie = best_of(_unbeaten(left, paths))
    order = list[Standing]()
    while left:
        first = _unbeaten(left, paths)[0]
        left.remove(first)
        order.append(first)
    return Ranked(tuple(order), tie, duels=Duels(entries, _rows(entries, prefer), _rows(entries, paths)))


def _preferences(entries: Sequence[int], slips: Iterable[Slip]) -> Matrix:
    prefer = {(one, other): Fraction() for one in entries for other in entries}
    for slip in slips:
        place = {entry: number for number, tier in enumerate(slip.tiers) for entry in tier}
        for one, other in product(place, entries):
            if place[one] < place.get(other, len(slip.tiers)):
                prefer[one, other] += slip.weight
    return prefer


def _strongest_paths(entries: Sequence[int], prefer: Matrix) -> Matrix:
    """A path is as strong as its weakest duel; only duels that were won make one."""
    paths = {(a, b): won if won > prefer[b, a] else Fraction() for (a, b), won in prefer.items()}
    for via, a, b in product(entries, repeat=3):
        if a != b:
            paths[a, b] = max(paths[a, b], min(paths[a, via], paths[via, b]))
    return paths


def _won(entry: int, entries: Iterable[int], paths: Matrix) -> Fraction:
    return Fraction(sum(paths[entry, other] > paths[other, entry] for other in entries))


def _unbeaten(papers: Sequence[Standing], paths: Matrix) -> list[Standing]:
    return [
        paper
        for paper in papers
        if all(paths[paper.entry, other.entry] >= paths[other.entry, paper.entry] for other in papers)
    ]


def _rows(entries: Iterable[int], cells: Mapping[tuple[int, int], Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(cells[row, column] for column in entries) for row in entries)
