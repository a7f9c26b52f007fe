"""What platforms offer while someone types: translated completely, and within their limits."""

import re

import pytest

from bot.commands import TABLE
from bot.commands.table import Command, Policy
from bot.commands.translations import PARAMETERS

LONGEST_NAME, LONGEST_ABOUT = 32, 100  # Discord's limits
NAME = re.compile(r"[\w-]{1,32}")


def texts(row: Command) -> list[tuple[str, str]]:
    """(name, what it does) of a command and its parameters, in every language."""
    info = row.info
    return [
        (row.word, info.about),
        *info.translations.values(),
        *((parameter.name, parameter.about) for parameter in info.parameters),
        *(text for parameter in info.parameters for text in parameter.translations.values()),
    ]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_text_is_within_the_limits_of_the_platforms(row: Command) -> None:
    for name, about in texts(row):
        assert NAME.fullmatch(name), name
        assert name == name.lower()
        assert 0 < len(about) <= LONGEST_ABOUT, about
    choices = [choice for parameter in row.info.parameters for choice in parameter.choices]
    assert all(0 < len(choice.label) <= LONGEST_ABOUT for choice in choices)
    assert all(len(parameter.choices) <= 25 for parameter in row.info.parameters)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_command_and_parameter_is_translated(row: Command) -> None:
    assert set(row.info.translations) == {"de"}
    assert all(set(parameter.translations) == {"de"} for parameter in row.info.parameters)


def test_nothing_is_translated_that_is_not_there() -> None:
    assert set(PARAMETERS) <= {parameter.name for row in TABLE for parameter in row.parameters if not parameter.de}


@pytest.mark.parametrize("is_moderating", [True, False])
def test_names_are_unique_where_they_are_offered_together(is_moderating: bool) -> None:
    level = [row for row in TABLE if (row.policy is Policy.MODERATOR) is is_moderating]
    names = [row.info.translations["de"][0] for row in level]
    assert len(set(names)) == len(names)
    for row in level:
        parameters = [parameter.translations["de"][0] for parameter in row.info.parameters]
        assert len(set(parameters)) == len(parameters)


def test_the_required_parameters_come_first() -> None:
    for row in TABLE:
        required = [parameter.required for parameter in row.parameters]
        assert required == sorted(required, reverse=True), row.name
