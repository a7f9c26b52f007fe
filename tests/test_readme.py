"""The README says what the program does: its command table is the program's."""

import re
from pathlib import Path

import pytest

from bot.__main__ import cli
from bot.commands import TABLE
from tests.handbook import require_written

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"

BEGIN, END = "<!-- commands -->", "<!-- end of commands -->"


BEGIN, END = "<!-- commands -->\n", "\n<!-- end of commands -->"


def command_table() -> str:
    rows = [f"| `{row.usage}` | {row.about} | {row.policy.value} |" for row in TABLE]
    return "\n".join(("| command | what it does | for |", "|---|---|---|", *rows))


def readme() -> str:
    return README.read_text(encoding="utf-8")


def with_commands(text: str) -> str:
    above, rest = text.split(BEGIN)
    return f"{above}{BEGIN}\n{command_table()}\n{END}{rest.partition(END)[2]}"


def test_the_table_of_commands_is_the_programs(pytestconfig: pytest.Config) -> None:
    require_written(README, with_commands, pytestconfig)


def test_every_command_of_the_command_line_is_in_its_table() -> None:
    assert "recount" in cli.commands
    for name in cli.commands:
        assert re.search(rf"^\| `paperclub {name}\b", readme(), re.MULTILINE), name


def test_links_within_the_project_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", readme())
    assert targets
    assert all((ROOT / target).exists() for target in targets)


def test_the_first_commands_exist_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"(?:^    |`)make ([a-z]+)", readme(), re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets)
