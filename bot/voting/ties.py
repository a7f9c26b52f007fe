"""The tie-break: claimed before unclaimed, more attendees, older nomination, then a seeded draw. A total order.

The draw is `printf %s '<seed>/<paper key>' | sha256sum`, the lowest number first. It depends on nothing else: no
machine and no order of rows changes it.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import get_args

from bot.voting.receipt import Standing, Step, Tie, TieStep

STEPS: tuple[Step, ...] = get_args(Step)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def draw(seed: str, key: str) -> str:
    return sha256(f"{seed}/{key}".encode()).hexdigest()


def precedence(paper: Standing) -> tuple[int, int, int, int]:
    """One number for each of STEPS, the lower the better."""
    age = (paper.nominated_at - EPOCH) // timedelta(microseconds=1)
    return int(paper.claimed_at is None), -paper.attendees, age, int(paper.draw, 16)


def in_precedence(papers: Iterable[Standing]) -> list[Standing]:
    return sorted(papers, key=precedence)


def best_of(tied: Collection[Standing]) -> tuple[Standing, Tie | None]:
    """No Tie when there is only one."""
    return _narrow(tied, min)


def worst_of(tied: Collection[Standing]) -> tuple[Standing, Tie | None]:
    """The one that goes when equals are last: what the same order puts last."""
    return _narrow(tied, max)


def _narrow(tied: Collection[Standing], choose: Callable[[Iterable[int]], int]) -> tuple[Standing, Tie | None]:
    left, steps = in_precedence(tied), list[TieStep]()
    for place, step in enumerate(STEPS):
        wanted = choose(precedence(paper)[place] for paper in left)
        kept = [paper for paper in left if precedence(paper)[place] == wanted]
        if len(kept) < len(left):
            steps.append(TieStep(step, _entries(kept)))
        left = kept
    among = _entries(in_precedence(tied))
    return left[0], Tie(among, tuple(steps)) if len(among) > 1 else None


def _entries(papers: Iterable[Standing]) -> tuple[int, ...]:
    return tuple(paper.entry for paper in papers)
