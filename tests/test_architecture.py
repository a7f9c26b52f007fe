"""The map in docs/architecture.md is held against the house: its rooms are there, its walks are walked."""

import importlib
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from bot.commands.table import Command
from bot.model import Wanted
from bot.ports.store import Action
from bot.views import build
from bot.views.kinds import MessageKind
from tests.discord_club import NINE, discord_club
from tests.fakes.source import paper
from tests.weekly_club import club as weekly_club

ROOT = Path(__file__).parent.parent
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAPERS = (paper(1, "Diffusion for Cats"), paper(2, "Attention for Dogs"))


def walk(title: str) -> list[str]:
    """The functions of one walk of the map, in their order: those that open a numbered line."""
    found = re.search(rf"^### {re.escape(title)}.*?\n(.*?)(?=^##|\Z)", MAP, re.MULTILINE | re.DOTALL)
    assert found, f"no walk {title!r}"
    return re.findall(r"^\d+\. `([\w.]+)`", found[1], re.MULTILINE)


def find(dotted: str) -> Any:
    """`bot.app.App.handle`: the longest module that can be imported, and the rest of it."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name)
        return found
    raise AssertionError(dotted)


def code_of(dotted: str) -> CodeType:
    """Of a function; of an action or a command, what it runs; of a kind of message, what builds it."""
    found = find(dotted)
    if isinstance(found, Action | Command):
        found = found.run
    elif isinstance(found, MessageKind):
        found = found.build
    code = getattr(found, "__code__", None)
    assert isinstance(code, CodeType), f"{dotted} is no function"
    return code


@contextmanager
def watching(*titles: str) -> Iterator[list[str]]:
    """The functions of these walks that are entered, in order, in whichever thread."""
    names = {code_of(name): name for title in titles for name in walk(title)}
    seen: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in names:
            seen.append(names[frame.f_code])

    threading.setprofile(note)  # of threads that start from now on: the store's
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def missing(title: str, seen: list[str]) -> list[str]:
    """What of a walk was not entered behind what stands before it."""
    rest = iter(seen)
    return [step for step in walk(title) if step not in rest]


VOTE = "A vote, from a press to the edited card"
DAY = "A paper, from a source to its card"
PICK = "A pick, at the close"


async def test_a_paper_goes_the_way_of_the_map(tmp_path: Path) -> None:
    with watching(DAY) as seen:
        async with discord_club(tmp_path) as club:
            club.source.announce("2026-11-23", *PAPERS)
            await club.wait_until(NINE)
            assert "Diffusion for Cats" in club.papers.messages[1].text
    assert missing(DAY, seen) == []


async def test_a_vote_goes_the_way_of_the_map(tmp_path: Path) -> None:
    with watching(VOTE) as seen:
        async with discord_club(tmp_path) as club:
            club.source.announce("2026-11-23", *PAPERS)
            await club.wait_until(NINE)
            seen.clear()
            _, card, _ = club.papers.messages
            await club.ann.presses(card, "Vote")
            club.clock.move(seconds=60)
            await club.settle()
            assert card.buttons[0] == "Vote 1"
    assert missing(VOTE, seen) == []


async def test_a_pick_goes_the_way_of_the_map(tmp_path: Path) -> None:
    with watching(PICK) as seen:
        async with weekly_club(tmp_path) as club:
            await club.join("ann", "ben", "cy")
            first, _ = await club.list_papers("Cats", "Dogs")
            await club.tick()
            await club.vote(first, "ann", "ben")
            seen.clear()
            await club.until("2026-11-24 00:00")
            session = await club.session()
            assert session.entry == first
            message = Wanted(1, club.group.id, "web:readers", "pick", str(session.id), 1, 1, 0, "", "", club.now)
            assert await club.store.read(build, message, club.group)
    assert missing(PICK, seen) == []


def test_every_room_is_on_the_map() -> None:
    table = re.search(r"^## The rooms$(.*?)^## ", MAP, re.MULTILINE | re.DOTALL)
    assert table
    on_map = set(re.findall(r"[a-z_]+", table[1]))
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if path.name not in ("__init__.py", "__pycache__")}
    assert rooms <= on_map, rooms - on_map


def test_every_file_that_the_map_names_is_there() -> None:
    for name in re.findall(r"`((?:bot|adapters|tests)/[\w/]+\.py)`", MAP):
        assert (ROOT / name).is_file(), name
