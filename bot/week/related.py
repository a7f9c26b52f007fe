"""Papers that the group dealt with, near one in title."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

from bot.model import Entry
from bot.ports import Reads

RELATED = 3
SHORTEST = 5  # letters of a word that says what a paper is about
ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ies", "es", "ed", "s", "y", "e")
ROOT = 4  # letters that are left at least


def related_to(rows: Reads, entry: Entry) -> Sequence[Entry]:
    """The nearest first."""
    titles = {id: title for id, title in rows.entries.dealt_with(entry.group).items() if id != entry.id}
    return rows.entries.some(entry.group, nearest(entry.paper.title, titles)[:RELATED])


def nearest(title: str, others: Mapping[int, str]) -> Sequence[int]:
    """Those that share a telling word with it. A word counts the more, the fewer of them have it; of equals the newest
    comes first."""
    telling = roots(title)
    shared = {id: roots(other) & telling for id, other in others.items() if _may_share(other, telling)}
    has = Counter(root for common in shared.values() for root in common)
    weights = {root: log(1 + len(others) / count) for root, count in has.items()}
    near = {id: sum(sorted(weights[root] for root in common)) for id, common in shared.items() if common}
    return sorted(near, key=lambda id: (-near[id], -id))


def _may_share(title: str, telling: frozenset[str]) -> bool:
    """Most titles don't, and to look for the roots takes less than to take the words apart."""
    folded = title.casefold()
    return any(root in folded for root in telling)


def roots(title: str) -> frozenset[str]:
    """Of the words that say what it is about, so that "learning" meets "learned"."""
    return frozenset(_root(word) for word in re.findall(r"[^\W_]+", title.casefold()) if len(word) >= SHORTEST)


def _root(word: str) -> str:
    ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= ROOT), "")
    return word.removesuffix(ending)
