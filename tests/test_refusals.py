"""Every reason for which the core says no has a sentence, which is made from the facts that come with it."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.errors import Refused
from bot.groups import SettingError
from bot.languages import Reader
from bot.views.refusals import REFUSALS, word_refusal
from tests.sentences import places

CORE = Path(bot.__file__).parent


def raised() -> Iterator[tuple[str, frozenset[str]]]:
    """Each reason with the names of its facts, from the source; a fault of a setting is an exception of its own."""
    fault = SettingError("post_at", "there is no such time")
    yield fault.reason, frozenset(fault.facts)
    for path in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                facts = frozenset(keyword.arg or "" for keyword in node.keywords)
                yield from ((reason, facts) for reason in reasons(node.args[0]))


def reasons(given: ast.expr) -> Iterator[str]:
    """Also where one of two is raised."""
    for node in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
        assert isinstance(node, ast.Constant), "a reason is written where it is raised"
        yield str(node.value)


def test_every_reason_has_its_sentence_and_every_sentence_its_reason() -> None:
    assert REFUSALS.keys() == {reason for reason, _ in raised()}


@pytest.mark.parametrize(("reason", "facts"), sorted(set(raised()), key=str))
def test_a_sentence_is_made_from_the_facts_that_come_with_its_reason(reason: str, facts: frozenset[str]) -> None:
    wording = REFUSALS[reason]
    given = facts - {"group"} | {"day"} if {"session", "group"} <= facts else facts  # of a meeting its day is said
    if isinstance(wording, str):
        assert places(wording) <= given
    else:
        assert inspect.signature(wording).parameters.keys() == given | {"to"}


def test_a_sentence_says_what_to_do() -> None:
    taken = Refused("role taken", name="Ann", role="critic")
    assert word_refusal(taken, Reader()) == (
        "Ann is the critic of that meeting already. Take another role, or ask them for it."
    )
