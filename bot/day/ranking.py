"""Which paper of a day comes first, and why it is listed. Pure; learns nothing from the group yet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.languages import Listener, say
from bot.model import Listing, Paper


@dataclass(frozen=True, slots=True)
class Announced:
    """A paper in a source's list of a day. `label` is the source as members read it."""

    paper: Paper
    day: date
    source: str
    label: str


def rank(announced: Iterable[Announced], to: Listener) -> list[Listing]:
    """One listing per paper, most upvoted first; among equals the order of the sources stays. The first source that
    announced a paper is the one it is listed from."""
    first: dict[str, Announced] = {}
    for item in announced:
        first.setdefault(item.paper.key, item)
    ordered = sorted(first.values(), key=lambda item: -(item.paper.upvotes or 0))
    totals, places = Counter(item.label for item in ordered), Counter[str]()
    listings = []
    for item in ordered:
        places[item.label] += 1
        reason = _reason(item, places[item.label], totals[item.label], to)
        listings.append(Listing(item.paper, item.day, item.source, reason))
    return listings


def rank_late(announced: Sequence[Announced], to: Listener) -> list[Listing]:
    """Without a place among the others, which were ranked before."""
    labels = {item.paper.key: item.label for item in announced}
    return [
        replace(listing, late=True, reason=say(to, "came later, from {source}", source=labels[listing.paper.key]))
        for listing in rank(announced, to)
    ]


def _reason(item: Announced, place: int, total: int, to: Listener) -> str:
    if item.paper.upvotes is None:
        return say(to, "from {source}", source=item.label)
    return say(to, "no. {place} of {total} by upvotes on {source}", place=place, total=total, source=item.label)
