"""The README says what the program does: its command table is the program's, its settings are all there."""

import re
from pathlib import Path

from bot.commands import TABLE
from bot.config import setting_names
from bot.model import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command_table() -> str:
    rows = [f"| `{row.usage}` | {row.about} | {row.policy.value} |" for row in TABLE]
    return "\n".join(("| command | what it does | for |", "|---|---|---|", *rows))


def test_the_table_of_commands_is_the_programs() -> None:
    shown = README.partition("<!-- commands -->")[2].partition("<!-- end of commands -->")[0].strip()
    assert shown == command_table(), f"put this into README.md:\n\n{command_table()}"


def test_every_setting_is_in_the_table() -> None:
    tables = {"web", "discord", "sources", "huggingface", "summarizer", "groups", "day", "week"}
    for name in setting_names(Settings) - tables - {"session", "minutes", "place", "mode"}:
        assert re.search(rf"\| `[a-z.\[\]]*\b{name}` \|", README), name


def test_links_within_the_project_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert all((ROOT / target).exists() for target in targets)


def test_the_first_commands_exist_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"(?:^    |`)make ([a-z]+)", README, re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets)
