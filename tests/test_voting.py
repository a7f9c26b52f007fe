"""The rules of voting, against published examples and against definitions that share no code with ours."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Rule
from bot.voting.counting import Slip, count, standings
from bot.voting.receipt import Receipt, Standing
from bot.voting.rules import Ranked, rank_by_duels, rank_by_run_off
from tests.electing import SLIPS, counted, election, order, paper, weighed

Hold = Callable[[Rule, dict[str, int], str], Receipt]
both = pytest.mark.parametrize("hold", [counted, weighed])

# --- published examples ----------------------------------------------------------------------------------------

TENNESSEE = {"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17}  # Memphis, Nashville, Chattanooga, Knoxville

# Burlington 2009 without the weakest candidates: Kiss, Montroll, Wright
# https://electowiki.org/wiki/2009_Burlington_mayoral_election
BURLINGTON = {"MKW": 1332, "MWK": 767, "M": 455, "KMW": 2043, "KWM": 371, "K": 568, "WMK": 1513, "WKM": 495, "W": 1289}

# https://en.wikipedia.org/wiki/Schulze_method, and the further examples of its author
SCHULZE_45 = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
FOUR_OF_30 = {"ACBD": 5, "ACDB": 2, "ADCB": 3, "BACD": 4, "CBDA": 3, "CDBA": 3, "DACB": 1, "DBAC": 5, "DCBA": 4}
FIVE_OF_30 = {
    "ABDEC": 3,
    "ADEBC": 5,
    "ADECB": 1,
    "BADEC": 2,
    "BDECA": 2,
    "CABDE": 4,
    "CBADE": 6,
    "DBECA": 2,
    "DECAB": 5,
}
TWO_POSSIBLE = {"ABCD": 3, "DABC": 2, "DBCA": 2, "CBDA": 2}


def rounds(receipt: Receipt, names: str) -> list[dict[str, Fraction]]:
    return [{names[entry]: number for entry, number in one.counts} for one in receipt.rounds]


def table(cells: Sequence[Sequence[Fraction]], receipt: Receipt, names: str) -> dict[str, list[Fraction]]:
    """A row for each name, in alphabetical order, without the diagonal."""
    assert receipt.duels
    at = {names[entry]: place for place, entry in enumerate(receipt.duels.entries)}
    return {row: [cells[at[row]][at[name]] for name in sorted(names) if name != row] for row in sorted(names)}


def figures(*rows: str) -> dict[str, list[Fraction]]:
    return {name: [Fraction(figure) for figure in row.split()] for name, row in zip("ABCDE", rows, strict=True)}


@both
def test_the_run_off_for_the_capital_of_tennessee_goes_to_knoxville(hold: Hold) -> None:
    receipt = hold("irv", TENNESSEE, "MNCK")
    assert rounds(receipt, "MNCK") == [
        {"M": 42, "N": 26, "K": 17, "C": 15},
        {"M": 42, "K": 32, "N": 26},
        {"K": 58, "M": 42},
    ]
    assert order(receipt, "MNCK") == "KMNC"


def test_the_run_off_in_burlington_passes_over_the_one_that_beats_all_others() -> None:
    run_off, duels = weighed("irv", BURLINGTON, "KMW"), weighed("schulze", BURLINGTON, "KMW")
    assert rounds(run_off, "KMW") == [{"W": 3297, "K": 2982, "M": 2554}, {"K": 4314, "W": 4064}]
    assert run_off.rounds[1].exhausted == 455
    assert order(run_off, "KMW") == "KWM"
    assert duels.duels
    assert table(duels.duels.prefer, duels, "KMW") == {"K": [3477, 4314], "M": [4067, 4597], "W": [4064, 3668]}
    assert order(duels, "KMW") == "MKW"


@both
def test_the_run_off_of_five_voters_is_won_from_behind(hold: Hold) -> None:
    """Bob, Sue and Bill, long the first example of Wikipedia's article."""
    receipt = hold("irv", {"B>L>S": 2, "S>B>L": 2, "L>S>B": 1}, "BSL")
    assert rounds(receipt, "BSL") == [{"B": 2, "S": 2, "L": 1}, {"S": 3, "B": 2}]


@both
def test_schulze_on_its_45_voters(hold: Hold) -> None:
    receipt = hold("schulze", SCHULZE_45, "ABCDE")
    assert order(receipt, "ABCDE") == "EACBD"
    assert receipt.tie is None
    assert receipt.duels
    prefer = figures("20 26 30 22", "25 16 33 18", "19 29 17 24", "15 12 28 14", "23 27 21 31")
    paths = figures("28 28 30 24", "25 28 33 24", "25 29 29 24", "25 28 28 24", "25 28 28 31")
    assert table(receipt.duels.prefer, receipt, "ABCDE") == prefer
    assert table(receipt.duels.paths, receipt, "ABCDE") == paths


@pytest.mark.parametrize(("profile", "ranking"), [(FOUR_OF_30, "DACB"), (FIVE_OF_30, "BADEC"), (TENNESSEE, "NCKM")])
def test_schulze_on_other_elections(profile: dict[str, int], ranking: str) -> None:
    assert order(counted("schulze", profile, "".join(sorted(ranking))), "".join(sorted(ranking))) == ranking


def test_schulze_leaves_two_possible_winners_to_the_tie_break() -> None:
    receipt = counted("schulze", TWO_POSSIBLE, "ABCD")
    assert receipt.tie
    assert {"ABCD"[entry] for entry in receipt.tie.among} == {"B", "D"}
    places = order(receipt, "ABCD")
    assert places.index("B") < places.index("C")
    assert places.index("D") < places.index("A")


def test_approval_counts_every_paper_that_a_ballot_names_whatever_its_place() -> None:
    receipt = counted("approval", {"N=C>K": 57, "N": 1, "M": 42}, "MNCK")
    assert {"MNCK"[line.entry]: line.score for line in receipt.standings} == {"N": 58, "C": 57, "K": 57, "M": 42}
    assert receipt.winner == 1


def test_equal_first_places_share_a_ballot_in_the_run_off() -> None:
    receipt = counted("irv", {"A=B=C": 1, "A>B": 1, "C": 1, "B=C": 1}, "ABC")
    assert dict(receipt.rounds[0].counts) == {0: Fraction(4, 3), 1: Fraction(5, 6), 2: Fraction(11, 6)}


def test_unranked_papers_are_equal_below_all_ranked_ones() -> None:
    duels = counted("schulze", {"A": 2, "B>A": 1}, "ABCD").duels
    assert duels
    prefer = {
        (row, column): weight
        for row, line in zip(duels.entries, duels.prefer, strict=True)
        for column, weight in zip(duels.entries, line, strict=True)
    }
    assert [prefer[pair] for pair in ((0, 1), (0, 2), (1, 2), (2, 3), (3, 2))] == [*map(Fraction, (2, 3, 1, 0, 0))]


# --- independent definitions -----------------------------------------------------------------------------------

ALL = range(5)


def five() -> list[Standing]:
    held = election([paper(entry, nominated=entry % 2) for entry in ALL])
    return standings(held, count(held))


def support(slips: Iterable[Slip], one: int, other: int) -> Fraction:
    """How much weight ranks `one` strictly above `other`."""
    total = Fraction()
    for slip in slips:
        above = next((tier for tier in slip.tiers if one in tier or other in tier), ())
        total += slip.weight if one in above and other not in above else 0
    return total


def beats(slips: Sequence[Slip], one: int, other: int) -> bool:
    return support(slips, one, other) > support(slips, other, one)


def firsts(ranked: Ranked) -> set[int]:
    return set(ranked.tie.among) if ranked.tie else {ranked.order[0].entry}


@given(SLIPS)
def test_schulze_elects_the_paper_that_beats_every_other(slips: list[Slip]) -> None:
    champions = {a for a in ALL if all(beats(slips, a, b) for b in ALL if b != a)}
    assert not champions or firsts(rank_by_duels(five(), slips)) == champions


@given(SLIPS)
def test_schulze_never_elects_a_paper_that_every_other_beats(slips: list[Slip]) -> None:
    losers = {a for a in ALL if all(beats(slips, b, a) for b in ALL if b != a)}
    assert not losers & firsts(rank_by_duels(five(), slips))


@given(SLIPS)
def test_schulze_ranks_by_the_best_of_all_paths_tried_one_by_one(slips: list[Slip]) -> None:
    duel = {(a, b): support(slips, a, b) if beats(slips, a, b) else Fraction() for a, b in permutations(ALL, 2)}

    def strongest(start: int, end: int) -> Fraction:
        others = [entry for entry in ALL if entry not in (start, end)]
        ways = ((start, *via, end) for size in range(4) for via in permutations(others, size))
        return max(min(duel[step] for step in pairwise(way)) for way in ways)

    paths = {pair: strongest(*pair) for pair in duel}
    ranked = rank_by_duels(five(), slips)
    assert all(paths[a.entry, b.entry] >= paths[b.entry, a.entry] for a, b in combinations(ranked.order, 2))
    assert firsts(ranked) == {a for a in ALL if all(paths[a, b] >= paths[b, a] for b in ALL if b != a)}


@given(SLIPS, st.integers(0, 8))
def test_a_ballot_that_moves_the_schulze_winner_to_the_front_does_not_hurt_it(slips: list[Slip], which: int) -> None:
    winner, place = rank_by_duels(five(), slips).order[0].entry, which % len(slips)
    rest = (tuple(entry for entry in tier if entry != winner) for tier in slips[place].tiers)
    slips[place] = replace(slips[place], tiers=((winner,), *filter(None, rest)))
    assert winner in firsts(rank_by_duels(five(), slips))


@given(SLIPS, st.sampled_from([rank_by_run_off, rank_by_duels]))
def test_what_more_than_half_put_alone_in_front_is_picked(
    slips: list[Slip], rank: Callable[[list[Standing], list[Slip]], Ranked]
) -> None:
    alone = {entry: sum(slip.weight for slip in slips if slip.tiers[0] == (entry,)) for entry in ALL}
    favourite = max(alone, key=lambda entry: alone[entry])
    others = sum(slip.weight for slip in slips) - alone[favourite]
    slips.append(Slip(99, others + Fraction(1, 100), ((favourite,),)))
    assert rank(five(), slips).order[0].entry == favourite


@given(SLIPS)
def test_a_run_off_elects_what_some_way_of_breaking_its_ties_elects(slips: list[Slip]) -> None:
    def possible(left: frozenset[int]) -> set[int]:
        tops = [(slip.weight, next(filter(None, map(left.intersection, slip.tiers)), frozenset())) for slip in slips]
        counts = {entry: sum(weight / len(top) for weight, top in tops if entry in top) for entry in left}
        last = [entry for entry in left if counts[entry] == min(counts.values())]
        return set(left) if len(left) == 1 else {won for entry in last for won in possible(left - {entry})}

    ranked, winners = rank_by_run_off(five(), slips), possible(frozenset(ALL))
    assert ranked.order[0].entry in winners
    assert len(winners) == 1 or any(one.tie for one in ranked.rounds)


@given(SLIPS)
def test_no_weight_is_lost_in_a_run_off(slips: list[Slip]) -> None:
    cast = sum(slip.weight for slip in slips)
    ranked = rank_by_run_off(five(), slips)
    assert all(sum(number for _, number in one.counts) + one.exhausted == cast for one in ranked.rounds)
    assert {line.entry for line in ranked.order} == set(ALL)
    assert len(ranked.order) == 5
