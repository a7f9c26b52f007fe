"""Wherever a member or a reader is told to type a command, it is spelled as it is called now."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import TABLE
from bot.commands.sections import SECTIONS

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "adapters", "bench", "docs")
TEXTS = [
    *(ROOT / name for name in ("README.md", "config.example.toml")),
    *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".md", ".html")),
]
MENTION = re.compile(r"(?<![\w/.])/paper(?:-admin)?(?![\w/-])(?: [a-z]+(?:-[a-z]+)*)*")
GROUP_WORDS = {f"/paper {section.word}" for section in SECTIONS if section.word}


def mentions(text: str) -> Iterator[str]:
    """`/paper next says when …`: as far as it is words."""
    return (found[0] for found in MENTION.finditer(re.sub(r"\s+", " ", text)))


def is_called_so(mention: str) -> bool:
    """A command first; or none at all, as in "`/paper …`"; or a section's word alone, which asks for its help."""
    named = any(f"{mention} ".startswith(f"{row.typed} ") for row in TABLE)
    return named or mention in ("/paper", "/paper-admin", *GROUP_WORDS)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_command_is_spelled_as_it_is_called(path: Path) -> None:
    assert [mention for mention in mentions(path.read_text(encoding="utf-8")) if not is_called_so(mention)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("type /paper vote 3", ["/paper vote"]),
        ("`/paper\n  meeting rsvp` says", ["/paper meeting rsvp"]),
        ("with /paper-admin skip-week REASON", ["/paper-admin skip-week"]),
        ("GET /g/readers/paper/3 and /papers and huggingface.co/paper vote", []),
    ],
)
def test_mentions_are_found(text: str, found: list[str]) -> None:
    assert list(mentions(text)) == found


@pytest.mark.parametrize("wrong", ["paper rsvp", "paper meeting vote", "paper-admin vote", "paper reopen", "paper vot"])
def test_what_is_not_called_so_is_seen(wrong: str) -> None:
    assert not is_called_so(f"/{wrong} and so on")


def test_enough_is_read() -> None:
    found = {mention for path in TEXTS for mention in mentions(path.read_text(encoding="utf-8"))}
    assert all(any(f"{mention} ".startswith(f"{row.typed} ") for mention in found) for row in TABLE)
