"""What platforms offer while someone types: translated completely, and within their limits."""

import re

import pytest

from bot.commands import TABLE
from bot.commands.sections import SECTIONS
from bot.commands.table import Command, Policy
from bot.ports import Section

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


@pytest.mark.parametrize("section", [row for row in SECTIONS if row.word], ids=lambda row: row.word)
def test_words_before_those_of_commands_are_as_translated_and_short(section: Section) -> None:
    assert set(section.translations) == {"de"}
    for name, about in ((section.word, section.about), *section.translations.values()):
        assert NAME.fullmatch(name), name
        assert name == name.lower()
        assert 0 < len(about) <= LONGEST_ABOUT, about


@pytest.mark.parametrize("is_moderating", [True, False])
def test_names_are_unique_also_where_the_word_of_their_section_is_left_out(is_moderating: bool) -> None:
    level = [row for row in TABLE if (row.policy is Policy.MODERATOR) is is_moderating]
    sections = {row.info.subgroup.word: row.info.subgroup for row in level if row.info.subgroup}
    for names in (
        [*sections, *(row.word for row in level)],
        [*(s.translations["de"][0] for s in sections.values()), *(row.de[0] for row in level)],
    ):
        assert len(set(names)) == len(names)
    for row in level:
        parameters = [parameter.translations["de"][0] for parameter in row.info.parameters]
        assert len(set(parameters)) == len(parameters)


def test_the_required_parameters_come_first() -> None:
    for row in TABLE:
        required = [parameter.required for parameter in row.parameters]
        assert required == sorted(required, reverse=True), row.name
