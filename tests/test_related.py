"""Papers near another in title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.week.related import nearest, roots

SINGING = "Diffusion Models That Sing"


def test_a_paper_is_near_by_the_words_that_say_what_it_is_about() -> None:
    titles = {1: "Singing with Diffusion", 2: "Graphs That Sing", 3: "A model of the model", 4: "Robots in the Rain"}
    assert nearest(SINGING, titles) == [3, 1], "short words say nothing"


def test_a_word_that_few_have_counts_more_and_the_newest_comes_first() -> None:
    titles = {1: "Diffusion", 2: "Models", 3: "Models", 4: "Models at large"}
    assert nearest(SINGING, titles) == [1, 4, 3, 2]


def test_who_shares_more_is_nearer() -> None:
    assert nearest(SINGING, {1: "Modelling Diffusion", 2: "Diffusion Models", 3: "Diffusion"}) == [2, 3, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Learning", "learned"),
        ("learners", "LEARNS"),
        ("Generations", "generation"),
        ("Diffusions", "diffusion"),
        ("Policies", "policy"),
        ("Ünïcode", "ÜNÏCODES"),
    ],
)
def test_a_word_is_the_same_in_its_other_forms(one: str, other: str) -> None:
    assert roots(one) == roots(other) != frozenset()


@given(st.text(max_size=60), st.dictionaries(st.integers(1, 50), st.text(max_size=60), max_size=20))
def test_any_title_is_safe_and_only_what_shares_a_word_is_near(title: str, others: dict[int, str]) -> None:
    near = nearest(title, others)
    assert len(set(near)) == len(near)
    assert set(near) == {id for id, other in others.items() if roots(other) & roots(title)}
