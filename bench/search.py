"""Search and completion where much has come together, beside a bare count of the same matches. Judges nothing.

All text is invented: syllables make words, a few of which are in nearly every paper, as in any language.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median

from adapters.stores.sqlite import SqliteStore, open_store
from adapters.stores.sqlite.files import open_for_writing

ROUNDS = 7
SIZES = (1_000, 10_000, 100_000)  # entries of one group
LIBRARY, FEW = 150_000, 77  # papers altogether, and entries of a small group among them
A_DAY = 50  # entries
LETTERS = ("bdfgklmnprstvz", "aeiou")
FLOOR = "SELECT count(*) FROM paper_fts WHERE paper_fts MATCH ?"

PAPER = """
INSERT INTO paper (id, key, title, abstract, authors, url, links, origin, changed_at)
VALUES (?, 'bench:' || ?, ?, ?, '[]', '', '[]', '', 0)
"""
DIGEST = """
INSERT INTO digest (group_id, posted_on, why, covers, cards, missing)
SELECT DISTINCT group_id, posted_on, '', '[]', 0, '[]' FROM temp.listed WHERE true ON CONFLICT DO NOTHING
"""
ENTRY = """
INSERT INTO entry (group_id, paper_id, posted_on, rank, day, source, reason, late)
SELECT group_id, paper_id, posted_on, rank, posted_on, 'bench', '', 0 FROM temp.listed
"""


class Language:
    def __init__(self, random: Random) -> None:
        self._random = random
        syllables = [first + last for first in LETTERS[0] for last in LETTERS[1]]
        self.words = ["".join(random.choices(syllables, k=random.randrange(2, 5))) for _ in range(20_000)]
        weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self._phrases = [" ".join(random.choices(self.words, cum_weights=weights, k=8)) for _ in range(50_000)]

    def say(self, phrases: int) -> str:
        return " ".join(self._random.choices(self._phrases, k=phrases))


def main() -> None:
    print(f"{'search':54}{'found':>10}{'ms':>10}{'floor ms':>10}{'ratio':>8}")
    language = Language(Random(1))
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        path, begun = Path(folder) / "search.db", 0
        for size in SIZES:
            _grow(path, language, range(begun + 1, size + 1), {"many": range(begun + 1, size + 1)})
            asyncio.run(_measure(path, language, "many", f"{size:,} entries"))
            begun = size
        few = range(1, LIBRARY + 1, LIBRARY // FEW)[:FEW]
        _grow(path, language, range(begun + 1, LIBRARY + 1), {"few": few})
        asyncio.run(_measure(path, language, "few", f"{FEW} entries, {LIBRARY:,} papers"))


def _grow(path: Path, language: Language, papers: range, listed: Mapping[str, range]) -> None:
    """Directly and in one transaction, since the store would take minutes."""
    with closing(open_for_writing(path)) as connection:
        connection.execute("CREATE TEMP TABLE listed (group_id, paper_id, posted_on, rank)")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(PAPER, ((n, n, language.say(1), language.say(15)) for n in papers))
        for group, numbers in listed.items():
            connection.execute(
                "INSERT INTO groups (id, name, language) VALUES (?, ?, 'en') ON CONFLICT DO NOTHING", (group,) * 2
            )
            connection.executemany(
                "INSERT INTO listed VALUES (?, ?, date('2000-01-01', ? || ' days'), ?)", _list(group, numbers)
            )
        connection.execute(DIGEST)
        connection.execute(ENTRY)
        connection.execute("COMMIT")


def _list(group: str, papers: range) -> Iterator[tuple[str, int, int, int]]:
    return ((group, paper, paper // A_DAY, paper % A_DAY + 1) for paper in papers)


async def _measure(path: Path, language: Language, group: str, where: str) -> None:
    one, two, *_ = words = language.words
    queries = {"one common word": one, "two words": f"{one} {two}", "a sentence": " ".join(words[:12])}
    store = await open_store(path, read_only=True)
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as bare:
            for name, typed in queries.items():
                found = await _compare(bare, f"{name}, {where}", _match(typed), _searches(store, group, typed))
                assert found
            for name, typed in {"a first letter": one[0], "two words": f"{one} {two}"}.items():
                match = f"{{title}} : ({_match(typed)})"
                await _compare(bare, f"completion of {name}, {where}", match, _completes(store, group, typed))
    finally:
        await store.close()


def _match(typed: str) -> str:
    return " ".join(f'"{word}"' for word in typed.split()) + "*"


def _searches(store: SqliteStore, group: str, typed: str) -> Callable[[], Awaitable[int]]:
    async def search() -> int:
        return (await store.read(lambda rows: rows.entries.search(group, typed, limit=5))).total

    return search


def _completes(store: SqliteStore, group: str, typed: str) -> Callable[[], Awaitable[int]]:
    async def complete() -> int:
        return len(await store.read(lambda rows: rows.entries.titles(group, typed, 25)))

    return complete


async def _compare(bare: sqlite3.Connection, name: str, match: str, work: Callable[[], Awaitable[int]]) -> int:
    """Interleaved, so that a noisy moment falls on both."""
    seconds, floor = list[float](), list[float]()
    found = await work()  # once to warm up
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await work()
        middle = time.perf_counter()
        bare.execute(FLOOR, (match,)).fetchone()
        seconds.append(middle - start)
        floor.append(time.perf_counter() - middle)
    _say(name, found, seconds, floor)
    return found


def _say(name: str, found: int, seconds: Sequence[float], floor: Sequence[float]) -> None:
    ours, least = median(seconds) * 1000, median(floor) * 1000
    print(f"{name:54}{found:>10,}{ours:>10.1f}{least:>10.2f}{ours / least:>8.1f}")


if __name__ == "__main__":
    main()
