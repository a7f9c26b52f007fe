"""How near the extractive sentence comes to a written summary (ROUGE F on the Daily Papers). Needs ../shared/data."""

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.summarizers.extractive import best_sentence
from adapters.summarizers.sentences import split_sentences
from bot.papers.text import clean

DATA = Path(__file__).resolve().parents[2] / "shared/data/hf_daily/papers.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Sample:
    title: str
    abstract: str
    summary: str


@dataclass(frozen=True, slots=True)
class Rouge:
    """F measures of single words, of pairs, and of the longest common subsequence."""

    one: float
    two: float
    longest: float


Chooser = Callable[[Sample], str]


def tokens(text: str) -> list[str]:
    """Lower-case runs of letters and digits, as rouge-score does; no stemming."""
    return re.findall(r"[a-z0-9]+", text.lower())


def f_measure(common: int, found: int, wanted: int) -> float:
    return 2 * common / (found + wanted) if common else 0.0


def overlap(found: list[str], wanted: list[str], size: int) -> float:
    left, right = (Counter(zip(*(words[i:] for i in range(size)), strict=False)) for words in (found, wanted))
    return f_measure((left & right).total(), left.total(), right.total())


def longest_common(found: list[str], wanted: list[str]) -> int:
    row = [0] * (len(wanted) + 1)
    for word in found:
        diagonal = 0
        for column, other in enumerate(wanted, 1):
            above = row[column]
            row[column] = diagonal + 1 if word == other else max(above, row[column - 1])
            diagonal = above
    return row[-1]


def rouge(found: str, wanted: str) -> Rouge:
    left, right = tokens(found), tokens(wanted)
    longest = f_measure(longest_common(left, right), len(left), len(right))
    return Rouge(overlap(left, right, 1), overlap(left, right, 2), longest)


def read_samples(path: Path = DATA) -> list[Sample]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Sample(clean(r["title"]), clean(r["abstract"]), r["ai_summary"]) for r in rows if r.get("ai_summary")]


def first(sample: Sample) -> str:
    return split_sentences(sample.abstract)[0]


def longest(sample: Sample) -> str:
    return max(split_sentences(sample.abstract), key=len)


def nearest_title(sample: Sample) -> str:
    title = tokens(sample.title)
    return max(split_sentences(sample.abstract), key=lambda sentence: overlap(tokens(sentence), title, 1))


def ours(sample: Sample) -> str:
    return best_sentence(sample.title, sample.abstract)


def oracle(sample: Sample) -> str:
    wanted = tokens(sample.summary)
    return max(split_sentences(sample.abstract), key=lambda sentence: overlap(tokens(sentence), wanted, 1))


CHOOSERS: dict[str, Chooser] = {
    "first sentence": first,
    "longest sentence": longest,
    "nearest to the title": nearest_title,
    "ours": ours,
    "oracle (best R-1)": oracle,
}


@dataclass(frozen=True, slots=True)
class Row:
    score: Rouge
    milliseconds: float
    characters: float


def measure(choose: Chooser, samples: list[Sample]) -> Row:
    began = time.perf_counter()
    chosen = [choose(sample) for sample in samples]
    spent = 1000 * (time.perf_counter() - began) / len(samples)
    scores = [rouge(found, sample.summary) for found, sample in zip(chosen, samples, strict=True)]
    one, two, whole = (
        100 * sum(column) / len(scores) for column in zip(*((s.one, s.two, s.longest) for s in scores), strict=True)
    )
    return Row(Rouge(one, two, whole), spent, sum(map(len, chosen)) / len(chosen))


def main() -> None:
    if not DATA.exists():
        print(f"summary: no data at {DATA}, nothing measured")
        return
    samples = [sample for sample in read_samples() if sample.abstract]
    print(f"One sentence for a paper, against its written summary: {len(samples)} papers, ROUGE F x 100")
    print(f"{'':22}{'R-1':>7}{'R-2':>7}{'R-L':>7}{'ms':>9}{'chars':>7}")
    rows = {name: measure(choose, samples) for name, choose in CHOOSERS.items()}
    for name, row in rows.items():
        score = row.score
        print(
            f"{name:22}{score.one:7.1f}{score.two:7.1f}{score.longest:7.1f}{row.milliseconds:9.3f}{row.characters:7.0f}"
        )
    mine = rows["ours"].score.one
    print(
        f"R-1, ours / first: {mine / rows['first sentence'].score.one:.2f}; "
        f"ours / oracle: {mine / rows['oracle (best R-1)'].score.one:.2f}"
    )


if __name__ == "__main__":
    main()
