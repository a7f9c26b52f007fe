"""What is written down of the settings, from their rows: config.example.toml and docs/settings.md. Compared by a test,
or written anew with `pytest --renew-docs`."""

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import time
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pytest

from bot.model import Setting, Settings, rows_of

ROOT = Path(__file__).parents[1]
EXAMPLE, PAGE = ROOT / "config.example.toml", ROOT / "docs" / "settings.md"
WIDTH, NOTES_AT = 120, 26  # columns of the example
MARK = "<!-- settings: written by `pytest --renew-docs` from the rows in bot/model/settings -->"
HEADER = re.compile(r"^(?:# )?\[+([a-z.]+)\]+$", re.MULTILINE)


def by_table(table: type = Settings) -> dict[str, list[Setting]]:
    """ "groups[].week" → the rows of [groups.week], in their order."""
    rows = groupby(rows_of(table), key=lambda row: row.name.rpartition(".")[0].replace("[]", ""))
    found: dict[str, list[Setting]] = {}
    for name, some in rows:
        found.setdefault(name, []).extend(some)
    return found


def as_toml(value: Any) -> str:
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    return json.dumps(value, ensure_ascii=False)


def require_written(path: Path, write: Callable[[str], str], config: pytest.Config) -> str:
    """What stands there, which must be what would be written."""
    kept = path.read_text(encoding="utf-8")
    if config.getoption("--renew-docs"):
        path.write_text(kept := write(kept), encoding="utf-8")
    assert kept == write(kept), f"{path.name}: pytest --renew-docs writes it"
    return kept


# --- the example


def example(text: str) -> str:
    """The file with the lines of the rows; what is said above a table is the file's own."""
    paragraphs = text.rstrip("\n").split("\n\n")
    return "\n\n".join(map(_with_rows, paragraphs)) + "\n"


def _with_rows(paragraph: str) -> str:
    if header := HEADER.search(paragraph):
        above = paragraph[: header.end()].splitlines()
        rows, is_commented = by_table().get(header[1], []), header[0].startswith("#")
        return "\n".join((*above, *_lines(rows, is_commented)))
    if paragraph.startswith("#") and " = " not in paragraph:
        return paragraph
    return "\n".join(_lines(by_table()[""], is_commented=False))


def _lines(rows: Sequence[Setting], is_commented: bool) -> Iterator[str]:
    for row in rows:
        code = f"{row.word} = {row.shown or as_toml(row.default)}"
        yield from _line(f"# {code}" if is_commented or row.shown else code, row.note)


def _line(code: str, note: str) -> Iterator[str]:
    """The note stands beside a short line, and otherwise above."""
    wide = sum(east_asian_width(character) == "W" for character in code)  # an emoji takes two columns
    column = NOTES_AT if len(code) < NOTES_AT else len(code) + 3
    if column + len(note) + 2 <= WIDTH:
        yield f"{code.ljust(column - wide)}# {note}"
    elif len(code) < NOTES_AT:
        first, *rest = _wrapped(note, WIDTH - NOTES_AT - 2)
        yield f"{code.ljust(NOTES_AT)}# {first}"
        yield from (f"{'':{NOTES_AT}}# {line}" for line in rest)
    else:
        yield from (f"# {line}" for line in _wrapped(note, WIDTH - 2))
        yield code


def _wrapped(text: str, width: int) -> list[str]:
    """Never within quotes."""
    kept = re.sub(r'"[^"]*"', lambda quoted: quoted[0].replace(" ", "\xa0"), text)
    lines = textwrap.wrap(kept, width, break_on_hyphens=False, break_long_words=False)
    return [line.replace("\xa0", " ") for line in lines]


# --- the page


def page(text: str) -> str:
    """With its tables; what stands above the mark is the page's own."""
    tables = "\n\n".join(_table(name, rows) for name, rows in by_table().items())
    return f"{text.partition(MARK)[0]}{MARK}\n\n{tables}\n"


def _table(name: str, rows: Sequence[Setting]) -> str:
    opening, closing = ("[[", "]]") if name == "groups" else ("[", "]")
    heading = f"## `{opening}{name}{closing}`" if name else "## Above all tables"
    head = ("| setting | default | may be | in chat | what it is |", "|---|---|---|---|---|")
    return "\n".join((heading, "", *head, *map(_row, rows)))


def _row(row: Setting) -> str:
    default = f"`{row.shown or as_toml(row.default)}`"
    chat = {None: "", "": "", "start": "`/paper-admin start`, `stop`"}
    typed = chat.get(row.command, f"`/paper-admin {row.command} {row.word}:`")
    note = row.note.replace("<", "&lt;")
    return f"| `{row.word}` | {default} | {row.kind.hint} | {typed} | {note} |"
