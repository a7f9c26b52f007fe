"""Sentences, and the one that tells what a paper does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.summarizers.extractive import best_sentence
from adapters.summarizers.sentences import split_sentences
from tests.effort import growth


@pytest.mark.parametrize(
    "sentences",
    [
        ["Some tools, e.g. Hammers, are heavy.", "Others, i.e. feathers, are not."],
        ["This follows Moss et al. (2019) and Reed et al. [4].", "We extend it."],
        ["As Fig. 3 and Eq. (2) show, it works.", "See Sec. 4 vs. Tab. 2."],
        ["It gains 3.5 points, approx. 2.1 per step.", "The rest is noise."],
        ["The method of J. R. Moss is old.", "We use it."],
        ["It was tried in the U.S. market.", "We tried it in the U.S.", "The result held."],
        ["It is called “Moss.”", "It grows (slowly.)", "Then it stops."],
        ["Why does it fail?", "Nobody knows!", "We ask."],
        ["We waited ... and waited.", "It came…", "In time we left."],
        ["The data are i.i.d. samples.", "vLLM serves them.", "3D views help."],
        ["We rank no. 5 of 9.", "The answer is no.", "We stop."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


@given(st.text(alphabet="aB.!?… \n\"')(0é$"))
def test_splitting_loses_nothing(text: str) -> None:
    sentences = split_sentences(text)
    assert " ".join(" ".join(sentences).split()) == " ".join(text.split())
    assert all(sentences)


BACKGROUND = "Mosses have been used to forecast rain for many years in the valleys of the north."
RESULT = "Experiments on four valleys show a gain of 3.5 points over the strongest rival in every season of the year."
CODE = "Code and data are available at https://example.org/moss under a free licence for every reader."


@pytest.mark.parametrize(
    "contribution",
    [
        "In this paper, we propose MossNet, a network that forecasts rain from photographs of moss taken at dawn.",
        "This paper introduces a way to forecast rain from photographs of moss that were taken by walkers at dawn.",
        "We present the first open collection of photographs of moss, with the rain of the day that followed each.",
        "The authors introduce a benchmark for moss as an instrument, with the rain that followed each photograph.",
        "The survey covers forty years of work on moss as an instrument, from cellars to satellites and back again.",
        "We show that moss forecasts rain better than a barometer does whenever the night before had been a cold one.",
    ],
)
def test_the_sentence_that_tells_what_the_paper_does_is_chosen(contribution: str) -> None:
    abstract = " ".join([BACKGROUND, "However, existing methods are slow and costly.", contribution, RESULT, CODE])
    assert best_sentence("Forecasting rain from moss", abstract) == contribution


def test_between_two_cues_the_title_decides() -> None:
    near = "We propose a forecast of rain from photographs of moss, which needs neither a barometer nor a satellite."
    far = "We propose a set of instruments for people in valleys, who have neither the means nor the time for more."
    assert best_sentence("Rain forecast from photographs of moss", f"{far} {near}") == near


def test_no_abstract_gives_no_sentence() -> None:
    assert best_sentence("A title", "") == best_sentence("A title", " \n ") == ""


def test_a_whole_sentence_that_fits_is_better_than_a_cut_one() -> None:
    too_long = "We propose " + "a very long list of things, " * 15 + "and moss."
    assert best_sentence("A list of things", f"{too_long} {BACKGROUND}") == BACKGROUND


def test_a_sentence_that_must_be_cut_is_cut_at_a_clause() -> None:
    clauses = "We propose moss that forecasts rain in valleys, which nobody has tried before in this part of the world"
    assert best_sentence("Moss", f"{clauses}.", limit=60) == "We propose moss that forecasts rain in valleys…"


def test_a_sentence_without_clauses_is_cut_at_a_word() -> None:
    assert best_sentence("Moss", "word " * 30 + "end.", limit=22) == "word word word word…"


@given(st.text(max_size=60), st.text(alphabet="abcW .,;!?-—\n", max_size=400), st.integers(0, 300))
def test_the_choice_is_a_sentence_of_the_abstract_within_the_limit(title: str, abstract: str, limit: int) -> None:
    chosen = best_sentence(title, abstract, limit)
    assert len(chosen) <= limit
    assert chosen in split_sentences(abstract) or not chosen or chosen.endswith("…")


@pytest.mark.parametrize("piece", [".", "?", ".)", "? ", "A b. ", "the ", "we a ", "x", "A.", "…»"])
def test_any_abstract_takes_linear_time(piece: str) -> None:
    assert growth(lambda size: best_sentence("A title of words", (piece * size)[:size]), 2_500) < 9


def test_many_different_words_take_linear_time() -> None:
    words = [f"Word{number} stands here. " for number in range(4_000)]
    assert growth(lambda size: best_sentence("A title", "".join(words[:size])), 200) < 9
