"""Titles and abstracts as plain text."""

import gzip
import json
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import RawPaper
from bot.papers.normalise import MAX_ABSTRACT, MAX_TITLE, to_paper
from bot.papers.text import clean, cut
from tests.effort import calls, growth

DATA = Path(__file__).resolve().parents[2] / "shared/data"


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        (r"It\^o, \"{o}, Erd\H{o}s, na\"ive, na\"{\i}ve", "Itô, ö, Erdős, naïve, naïve"),
        (r"S\o ren, \O ystein, Stra\ss{}e, fa\c{c}ade, Ho\v rava", "Søren, Øystein, Straße, façade, Hořava"),
        (r"360{\deg} and {\'E}lan", "360° and Élan"),
        (r"$\ell_2$ and $x^2$ in $\mathbb{R}^{n}$", "ℓ₂ and x² in ℝⁿ"),
        (r"\(\alpha\) \[\beta\]", "α β"),
        (r"$\sim$30 of 256$\times$256, $k$-NN", "∼30 of 256×256, k-NN"),
        (r"$O(n\log n)$, $\tilde{O}(\sqrt{T})$, $\log\log n$", "O(n log n), Õ(√T), log log n"),
        (r"$\frac{1}{2}$, $2\frac{a+b}{c}$, $10^{-3}$, $90^\circ$", "1/2, 2((a+b)/c), 10⁻³, 90°"),
        (r"$x \le y$, $\mathcal{O}(1)$, $x_{i,j}$, $x_{max}$", "x ≤ y, O(1), x_(i,j), x_max"),
        (r"$\left(\sum_{i=1}^n x_i\right)^2$", "(∑ᵢ₌₁ⁿ xᵢ)²"),
        (r"\textbf{Bold \emph{and \texttt{code}}}, {\em old style}", "Bold and code, old style"),
        (r"see Fig.~3 and Knuth~et~al.", "see Fig. 3 and Knuth et al."),
        ("a --- b---c, 1--10, Bose--Einstein", "a — b—c, 1–10, Bose–Einstein"),
        ("``quoted'' and ``don't''", "“quoted” and “don't”"),
        (r"5\% \& a\_b \#1 \$3", "5% & a_b #1 $3"),
        (r"2.7\times faster, 0.7 \pm 0.1", "2.7× faster, 0.7 ± 0.1"),
        (r"\href{https://a.example/b}{here}, \href{https://a.example}{https://a.example}", None),
        ("two\n  lines\tand  more ", "two lines and more"),
    ],
)
def test_tex_becomes_what_it_shows(source: str, plain: str | None) -> None:
    assert clean(source) == (plain or "here (https://a.example/b), https://a.example")


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10",
        "between $5-$10, or US$5M/US$6M; $30",
        "$HOME/bin:$PATH, ${a}/${b} and df$x$y",
        "about ~10, 10~20, ~/bin, X~N(0,1), https://example.org/~ann/a--b",
        "run it with --verbose --> done <!-- not -->",
        "5% over, under_scores, C:\\times\\alpha",
        r"an unknown \macro{a--b} and \cite{x_y}",
        r"a broken \frac{ and $\frac{1}$ and $\unknown x$ and \textbf{open",
        "```code``` and `code`",
        "a set {1, 2} and {name}",
    ],
)
def test_what_is_in_doubt_stays_as_it_was(text: str) -> None:
    assert clean(text) == text


def test_an_unknown_macro_does_not_stop_the_rest() -> None:
    assert clean(r"$\unknown$ but $x$ and \textbf{bold \ours}") == r"$\unknown$ but x and bold \ours"


@pytest.mark.parametrize(
    ("source", "plain"), [(r"don\'t, it\'s", "don't, it's"), (r"the \"key\" idea", 'the "key" idea')]
)
def test_escaped_quotes_are_no_accents(source: str, plain: str) -> None:
    assert clean(source) == plain


def test_text_that_would_be_read_differently_each_time_stays_as_it_was() -> None:
    nested = r"\textbf{" * 60 + "deep" + "}" * 60
    assert clean(nested) == nested


def test_nothing_invisible_is_left() -> None:
    assert clean("a\u202eb\u2066c\u200bd\ufeffe\x00f\u00adg\ud800h\u2028i") == "abcdefgh i"


def test_no_format_or_control_character_survives() -> None:
    everything = "".join(map(chr, range(0x110000)))
    kept = {unicodedata.category(c) for c in clean(everything.replace("\u200d", ""))}
    assert not kept & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_joined_emoji_stay_joined_and_letters_do_not_join() -> None:
    assert clean("👩‍💻 👩🏽‍🚀 ❤️‍🔥 a\u200db") == "👩‍💻 👩🏽‍🚀 ❤️‍🔥 ab"


def test_towers_of_marks_are_cut_and_written_languages_are_not() -> None:
    assert len(clean("e" + "\u0301" * 50)) == 5
    assert clean("Việt, हिन्दी, עִבְרִית, ภาษาไทย") == unicodedata.normalize("NFC", "Việt, हिन्दी, עִבְרִית, ภาษาไทย")


def test_composed_and_decomposed_letters_are_one_text() -> None:
    assert clean("e\u0301") == clean("\u00e9") == "é"


_PIECES = st.sampled_from(
    [
        *"\\${}~^_-`'\" ",
        "\\textbf{",
        "\\'",
        "\\frac",
        "$x$",
        "\\alpha",
        "--",
        "``",
        "''",
        "\u0301",
        "\u200d",
        "👩",
        "e",
        "\\(",
        "\\)",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=40).map("".join)))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()
    assert "\n" not in once


@given(st.text())
def test_letters_are_kept_where_there_is_no_tex(text: str) -> None:
    plain = text.replace("\\", "").replace("$", "")
    assert _letters(clean(plain)) == _letters(plain)


HOSTILE = (
    *("\\", "$", "$a", "$a$", "$ x y$", "{", "\\textbf{", "\\(", "\\(a\\)", "``a", '\\"a', "$$a", "a~", "a--"),
    *("https://", "`", "\u0301", "\u0315\u0300\u0316", "e\u0315\u0300\u0316", "\u0344", "\u200d", "a word "),
    *("$x_{i,j}$", "$\\hat{a}$", "\\$", "$\\$", "\\href{a}{b}", "$" + "\\frac12" * 60 + "$", "$" + "a" * 490 + "$"),
    "$" + "{" * 11 + "a" + "}" * 11 + "$",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert growth(lambda size: clean((piece * size)[:size]), 10_000) < 9


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_paper_is_more_work_than_a_few_milliseconds(piece: str) -> None:
    """About 100 ns a call. Whatever is longer is not looked at."""
    raw = RawPaper("A title", piece * 20_000, authors=("Ada Example", "Bo Sample"))
    assert calls(lambda: to_paper(raw)) < 60_000
    assert len(to_paper(raw).abstract) <= MAX_ABSTRACT


@given(st.lists(_PIECES, min_size=1, max_size=12).map("".join))
def test_whatever_is_repeated_is_read_and_stays_in_its_bounds(piece: str) -> None:
    paper = to_paper(RawPaper("T" + piece * 400, piece * 4_000, authors=(piece * 200,) * 3))
    assert len(paper.title) <= MAX_TITLE
    assert len(paper.abstract) <= MAX_ABSTRACT


@given(st.text(), st.integers(-1, 60))
def test_a_cut_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= max(limit, 0)
    assert cut(text, len(text)) == text


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(11, "hello world"), (10, "hello…"), (6, "hello…"), (5, "hell…"), (1, "…"), (0, "")],
)
def test_a_cut_falls_between_words_and_shows(limit: int, expected: str) -> None:
    assert cut("hello world", limit) == expected


def test_a_cut_leaves_no_comma_before_the_ellipsis_and_no_half_letter() -> None:
    assert cut("one, two, three", 10) == "one, two…"
    assert cut("abcdefgx\u0323yz", 9) == "abcdefg…"


def _letters(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if unicodedata.category(c)[0] == "L")


def _real_texts() -> Iterator[str]:
    with (DATA / "odd/odd_papers.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    with gzip.open(DATA / "hf_daily/papers.jsonl.gz", "rt", encoding="utf-8") as packed:
        rows += [json.loads(line) for line in packed]
    for row in rows:
        yield row["title"] or ""
        yield row["abstract"] or ""


@pytest.mark.skipif(
    not (DATA / "odd").exists() or not (DATA / "hf_daily").exists(),
    reason="the recorded papers are not part of this project",
)
def test_real_papers_lose_nothing(request: pytest.FixtureRequest) -> None:
    """Every fifth, titles and abstracts in turn; with --soak all."""
    for text in islice(_real_texts(), 0, None, 1 if request.config.getoption("--soak") else 5):
        plain = clean(text)
        assert "\n" not in plain
        assert bool(plain) == bool(text.strip())
        assert clean(plain) == plain
        if "\\" not in text and "$" not in text:
            assert _letters(plain) == _letters(text)
