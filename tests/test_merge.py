"""Whose word stands, where sources speak of one paper."""

from dataclasses import replace

import pytest

from bot.model import Paper
from bot.papers.merge import merge, says_more
from tests.stores.scene import A

SILENT = Paper(key=A.key, title="Models that sing", origin="our words")


def test_the_later_word_stands_where_it_says_something() -> None:
    assert merge(A, SILENT) == replace(A, title="Models that sing")
    new = Paper(A.key, "T", "Words.", ("Bo",), None, 2, "https://example.org", 0, (("code", "c"),), "our words")
    assert merge(A, new) == replace(new, published=A.published)


def test_an_outdated_version_only_fills_gaps() -> None:
    known = replace(A, version=2, url="", upvotes=3)
    assert merge(known, replace(A, title="Draft", version=1, upvotes=5)) == replace(A, version=2, upvotes=5)


def test_without_a_version_nothing_is_outdated() -> None:
    assert merge(replace(A, version=2), replace(A, title="Newer", version=None)) == replace(A, title="Newer", version=2)


def test_where_an_abstract_comes_from_goes_with_it() -> None:
    assert merge(A, replace(SILENT, abstract="Our own.")).origin == "our words"
    assert merge(replace(A, abstract=""), SILENT).origin == A.origin


@pytest.mark.parametrize(
    ("new", "more"),
    [
        (A, False),
        (replace(A, upvotes=42), False),
        (replace(A, upvotes=None), False),
        (replace(A, upvotes=42, url="https://example.org"), True),
        (replace(A, title="Better"), True),
    ],
)
def test_other_upvotes_alone_say_no_more(new: Paper, more: bool) -> None:
    assert says_more(A, new) == more
