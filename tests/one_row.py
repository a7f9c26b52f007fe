"""What follows from one row, for which nobody wrote anything else. Run by test_one_row in a copy that has this row."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.chat.discord.commands import payload
from bot.config import load, validate
from bot.errors import StartError
from bot.groups import SETTINGS
from tests.club import Person, Town
from tests.handbook import EXAMPLE, PAGE
from tests.test_admin_schedule import meeting, moderator, server
from tests.test_readme import README

NAPS = SETTINGS["week.naps"]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        yield here


@pytest.fixture
def mo(here: Town) -> Person:
    return moderator(here)


def naps(here: Town) -> object:
    return NAPS.of(here.club.groups.by_id["readers"])


def test_the_configuration_has_it_with_its_default_and_its_range() -> None:
    found = validate({"groups": [{"id": "a", "week": {"naps": 7}}, {"id": "b"}]}, "config.toml")
    assert [NAPS.of(group) for group in found.groups] == [7, 3]
    with pytest.raises(StartError, match=r"groups\[0\]\.week\.naps must be 1 to 9"):
        validate({"groups": [{"id": "a", "week": {"naps": 99}}]}, "config.toml")
    with pytest.raises(StartError, match=r"groups\[0\]\.week\.naps: write a whole number"):
        validate({"groups": [{"id": "a", "week": {"naps": "many"}}]}, "config.toml")
    with pytest.raises(StartError, match="did you mean naps"):
        validate({"groups": [{"id": "a", "week": {"nasp": 4}}]}, "config.toml")


async def test_chat_changes_it_says_it_and_takes_it_back(here: Town, mo: Person) -> None:
    assert (await mo.says("/paper-admin week naps:5 naps")).text == "Naps: 3 naps → 5 naps."
    assert naps(here) == 5
    assert (await mo.says("/paper-admin week naps:12")).text == "Naps must be 1 to 9."
    assert (await mo.says("/paper-admin week naps:many")).text == 'Naps: "many" is not a number; write 1 to 9.'
    settings = (await mo.says("/paper-admin settings")).text
    assert "Naps: 5 naps, changed by Mo on Monday 23 November; /paper-admin reset naps" in settings
    assert (await mo.says("/paper-admin audit")).text.endswith("Mo: Naps as configured → 5 naps")
    assert await mo.completes("reset", "setting", "nap") == [("Naps", "naps")]
    assert (await mo.says("/paper-admin reset naps")).text == "Naps: 5 naps → 3 naps."
    assert (await mo.says("/paper-admin undo")).ok
    assert naps(here) == 5


async def test_the_panel_and_its_form_have_it(here: Town, mo: Person) -> None:
    panel = (await mo.says("/paper-admin week")).cards[0]
    assert ("Naps", "3 naps") in [(field.name, field.value) for field in panel.fields]
    which = await mo.presses("Numbers…", panel)
    asked = await mo.presses_button(next(choice for choice in which.choices if "Naps" in choice.label))
    assert asked.form
    assert ("naps", "Naps, 1 to 9", "3") in [(one.name, one.label, one.value) for one in asked.form.inputs]
    assert (await mo.sends(asked.form, naps="9")).text == "Naps: 3 naps → 9 naps."


async def test_help_and_platforms_have_it_in_every_language(here: Town, mo: Person) -> None:
    assert "NAPS: naps that a meeting has, may be left out" in (await mo.says("/paper help week")).text
    offered = str(payload(here.club.app.commands))
    assert "'description': 'naps that a meeting has'" in offered
    assert "'de': 'nickerchen'" in offered


def test_the_example_the_page_and_the_readme_have_it() -> None:
    assert "\nnaps = 3                  # naps that a meeting has\n" in EXAMPLE.read_text()
    assert "| `naps` | `3` | 1 to 9 | `/paper-admin week naps:` | naps that a meeting has |" in PAGE.read_text()
    assert "[naps:NAPS]" in README.read_text()
    assert NAPS.of(load(EXAMPLE, {}).groups[0]) == 3
