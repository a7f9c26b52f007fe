"""The README says what the program does: its command table is the program's, its settings are all there."""

import json
import re
from dataclasses import asdict
from pathlib import Path

from bot.__main__ import cli
from bot.commands import TABLE
from bot.config import setting_names
from bot.model import Settings, WeekSettings
from bot.timeline import TimelineSettings
from tests.golden import Goldens

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


BEGIN, END = "<!-- commands -->\n", "\n<!-- end of commands -->"


def command_table() -> str:
    rows = [f"| `{row.usage}` | {row.about} | {row.policy.value} |" for row in TABLE]
    return "\n".join(("| command | what it does | for |", "|---|---|---|", *rows))


def test_the_table_of_commands_is_the_programs(goldens: Goldens) -> None:
    before, _, rest = README.partition(BEGIN)
    goldens.hold("../../README.md", "".join((before, BEGIN, command_table(), END, rest.partition(END)[2])))


def test_every_setting_is_in_the_table() -> None:
    tables = {"web", "discord", "sources", "huggingface", "summarizer", "groups", "day", "week", "timeline"}
    for name in setting_names(Settings) - tables:
        assert re.search(rf"\| `[a-z.\[\]]*\b{name}` \|", README), name


def settings_of_the_week() -> dict[str, str]:
    week = {f"week.{name}": value for name, value in asdict(WeekSettings()).items() if name != "timeline"}
    steps = {f"week.timeline.{name}": value for name, value in asdict(TimelineSettings()).items()}
    return {f"groups[].{name}": json.dumps(value, ensure_ascii=False) for name, value in (week | steps).items()}


def test_the_table_of_the_week_has_every_setting_and_its_default() -> None:
    rows = re.findall(r"^\| `(groups\[\]\.week\.[a-z_.]+)` \| `([^`]*)` \| \S", README, re.MULTILINE)
    assert dict(rows) == settings_of_the_week()
    assert [name for name, _ in rows] == list(settings_of_the_week())


def test_every_command_of_the_command_line_is_in_its_table() -> None:
    assert "recount" in cli.commands
    for name in cli.commands:
        assert re.search(rf"^\| `paperclub {name}\b", README, re.MULTILINE), name


def test_links_within_the_project_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert all((ROOT / target).exists() for target in targets)


def test_the_first_commands_exist_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"(?:^    |`)make ([a-z]+)", README, re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets)
