"""What a new setting costs: its row. Everything else follows, and what is written down is written anew by a flag."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("bot", "adapters", "tests", "docs", "config.example.toml", "README.md", "pyproject.toml")
WEEK = Path("bot", "model", "settings", "week.py")
BEFORE = "    roles: tuple[str, ...] = setting("
ROW = """\
    naps: int = setting(
        3,
        Number(1, 9, "nap"),
        label="Naps",
        about="naps that a meeting has",
        de=("nickerchen", "wie viele Nickerchen ein Treffen hat"),
    )
"""
WRITTEN = ("tests/test_handbook.py", "tests/test_readme.py::test_the_table_of_commands_is_the_programs")


def copy(folder: Path) -> Path:
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "goldens", "pictures")
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target)
    return folder


def run(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-5000:]


def test_a_new_number_is_one_row_and_nothing_else(tmp_path: Path) -> None:
    program = copy(tmp_path / "program")
    week = (program / WEEK).read_text()
    (program / WEEK).write_text(week.replace(BEFORE, ROW + BEFORE))
    run(program, "--renew-docs", *WRITTEN)
    run(program, "tests/one_row.py", "tests/test_translations.py", *WRITTEN)
