"""Elections for tests: short ways to write one, and hypothesis strategies for any."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations, product, starmap
from typing import get_args

from hypothesis import strategies as st

from bot.model import Rule
from bot.voting.counting import Slip
from bot.voting.decision import decide
from bot.voting.election import Ballot, Candidate, CastVote, Election, seed_for
from bot.voting.receipt import Receipt

Ranking = tuple[tuple[int, ...], ...]

CLOSE = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEFORE = CLOSE - timedelta(days=7)
HOUR = timedelta(hours=1)
SEED = seed_for("readers", date(2026, 11, 26))


def paper(
    entry: int,
    nominated: int = 0,
    claimed: int | None = None,
    *,
    away: bool = False,
    withdrawn: bool = False,
    dropped: bool = False,
    carried: int = 0,
) -> Candidate:
    """Nominated and claimed at an hour of the window."""
    at = BEFORE + nominated * HOUR
    claimed_at = None if claimed is None else BEFORE + claimed * HOUR
    return Candidate(entry, f"arxiv:2411.{entry:05}", at, claimed_at, away, withdrawn, dropped, carried)


def vote(member: int, entry: int, hour: int = 1) -> CastVote:
    return CastVote(member, entry, BEFORE + hour * HOUR)


def votes(*counts: int) -> tuple[CastVote, ...]:
    """`votes(2, 1)`: two members for paper 0, one for paper 1, everybody another one."""
    return tuple(vote(100 * entry + member, entry) for entry, count in enumerate(counts) for member in range(count))


def election(
    candidates: Iterable[Candidate] | int,
    cast: Iterable[CastVote] = (),
    *,
    rule: Rule = "votes",
    ballots: Iterable[Ballot] = (),
    attending: Iterable[int] = (),
    weights: Iterable[tuple[int, Fraction]] = (),
    budget: int | None = None,
    chosen: int | None = None,
) -> Election:
    return Election(
        seed=SEED,
        rule=rule,
        since=BEFORE,
        until=CLOSE,
        candidates=tuple(map(paper, range(candidates))) if isinstance(candidates, int) else tuple(candidates),
        votes=tuple(cast),
        ballots=tuple(ballots),
        attending=tuple(attending),
        weights=tuple(weights),
        budget=budget,
        chosen=chosen,
    )


def counted(rule: Rule, profile: dict[str, int], names: str) -> Receipt:
    """`{"A>B=C": 3}`: three members rank A first, B and C as equals behind it."""
    rankings = [ranking for ranking, number in profile.items() for _ in range(number)]
    ballots = [Ballot(member, read_ranking(text, names), BEFORE) for member, text in enumerate(rankings)]
    return decide(election(len(names), rule=rule, ballots=ballots))


def weighed(rule: Rule, profile: dict[str, int], names: str) -> Receipt:
    """The same with one member for each line, whose ballot weighs as much as all of them."""
    ballots = [Ballot(member, read_ranking(text, names), BEFORE) for member, text in enumerate(profile)]
    weights = [(member, Fraction(number)) for member, number in enumerate(profile.values())]
    return decide(election(len(names), rule=rule, ballots=ballots, weights=weights))


def read_ranking(text: str, names: str) -> Ranking:
    tiers = text.split(">") if set(text) & set(">=") else list(text)
    return tuple(tuple(names.index(name) for name in tier.split("=")) for tier in tiers)


def order(receipt: Receipt, names: str) -> str:
    return "".join(names[line.entry] for line in receipt.standings)


# --- any -------------------------------------------------------------------------------------------------------
# Whole rows are sampled, not their fields one by one: ten times as fast, and they still shrink.

MEMBERS = range(1, 6)
ENTRIES = range(5)
HOURS = (1, 2, 1, 2, 3, 4, 5, 0, 167, -1, 168, 169)  # a close is at hour 168
MOMENTS = tuple(BEFORE + hour * HOUR for hour in HOURS)
RULES: st.SearchStrategy[Rule] = st.sampled_from(get_args(Rule))
WEIGHTS = tuple(map(Fraction, ("1", "2", "1/2", "3/2", "5/4", "7/3")))


def _weak_orders(entries: tuple[int, ...]) -> Iterator[Ranking]:
    for size in range(1, len(entries) + 1):
        for first in combinations(entries, size):
            yield (first,)
            rest = tuple(entry for entry in entries if entry not in first)
            yield from ((first, *others) for others in _weak_orders(rest))


RANKINGS = st.sampled_from(tuple(_weak_orders(tuple(ENTRIES))))


def _slips(heard: list[tuple[Fraction, Ranking]]) -> list[Slip]:
    return [Slip(member, weight, ranking) for member, (weight, ranking) in enumerate(heard)]


SLIPS = st.lists(st.tuples(st.sampled_from(WEIGHTS), RANKINGS), min_size=1, max_size=9).map(_slips)

_STATES = tuple(
    dict(nominated=nominated, claimed=claimed, **fate, carried=carried)
    for nominated, claimed, fate, carried in product(
        (0, 1, 2), (None, 1, 2), ({}, {}, {}, {}, {"away": True}, {"withdrawn": True}, {"dropped": True}), (0, 0, 1, 2)
    )
)
CANDIDATES = st.lists(st.sampled_from((*_STATES, *40 * (None,))), min_size=5, max_size=5).map(
    lambda states: tuple(paper(entry, **state) for entry, state in enumerate(states) if state)  # type: ignore[arg-type]
)
_VOTES = st.sampled_from(list(starmap(CastVote, product(MEMBERS, ENTRIES, MOMENTS, (*20 * (None,), *MOMENTS)))))
_BALLOTS = st.builds(Ballot, st.sampled_from(MEMBERS), st.just(()) | RANKINGS, st.sampled_from(MOMENTS))
_WEIGHTED = st.lists(st.sampled_from(list(product(MEMBERS, WEIGHTS))), unique_by=lambda pair: pair[0])

ELECTIONS = st.builds(
    election,
    CANDIDATES,
    st.lists(_VOTES, max_size=2) | st.lists(_VOTES, min_size=5, max_size=12),
    rule=RULES,
    ballots=st.lists(_BALLOTS, max_size=2) | st.lists(_BALLOTS, min_size=4, max_size=6),
    attending=st.sets(st.sampled_from(MEMBERS)),
    weights=_WEIGHTED,
    budget=st.sampled_from((None, None, 1, 2)),
)
