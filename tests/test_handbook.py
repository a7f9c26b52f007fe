"""The example and the page of the settings are those of the rows."""

from typing import get_args, get_type_hints

import pytest

from bot.model import DaySettings, GroupSettings, Setting, Settings, WeekSettings, rows_of
from bot.model.settings.kinds import OneOf
from tests.handbook import EXAMPLE, PAGE, as_toml, example, page, require_written

LONGEST_ASKED, LONGEST_ABOUT = 45, 100  # Discord's limits
TYPED = [row for row in rows_of(GroupSettings) if row.command]


def test_the_example_has_every_row(pytestconfig: pytest.Config) -> None:
    kept = require_written(EXAMPLE, example, pytestconfig)
    for row in rows_of(Settings):
        assert f"\n{row.word} = {row.shown or as_toml(row.default)}" in f"\n{kept}".replace("\n# ", "\n"), row.name
    assert max(map(len, kept.splitlines())) <= 120


def test_the_page_has_every_row(pytestconfig: pytest.Config) -> None:
    require_written(PAGE, page, pytestconfig)


@pytest.mark.parametrize("row", TYPED, ids=lambda row: row.name)
def test_a_row_says_all_that_is_shown_of_it(row: Setting) -> None:
    assert row.label
    assert row.note
    assert row.kind.fault(row.default) == ""
    assert row.kind.read(row.kind.store(row.default)) == row.default
    assert row.command == "start" or (row.de and 0 < len(row.about) <= LONGEST_ABOUT)
    assert len(row.asked) <= LONGEST_ASKED


def test_a_setting_has_one_word_and_no_two_have_the_same() -> None:
    words = [word for row in TYPED for word in (row.word, *row.words)]
    assert len(set(words)) == len(words)


def test_choices_are_those_that_the_program_knows() -> None:
    for table in (DaySettings, WeekSettings):
        hints = get_type_hints(table)
        for row in rows_of(table):
            if isinstance(row.kind, OneOf):
                assert tuple(option.value for option in row.kind.options) == get_args(hints[row.name])
