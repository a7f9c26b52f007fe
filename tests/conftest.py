"""Fixtures that most tests share: a reading group, opened fresh. And how all of them run."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.club import Town, town
from tests.golden import Goldens
from tests.lived import lived as lived
from tests.once import made_once

if TYPE_CHECKING:
    from tests.fakes.browsing import Scheme

MEMORY = Path("/dev/shm")  # noqa: S108 - as root of pytest's own folders
SHARED = {"browser", "lived"}  # fixtures that take long to make


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncIterator[Town]:
    """A group in Berlin that gets two cards at 09:00 from Monday to Friday; it is Monday, 08:00 there."""
    async with town(tmp_path) as readers:
        yield readers


# How many examples a property is tried with. No deadline: a busy machine is no failure.
settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("soak", deadline=None, max_examples=1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the long counts: hundreds of kills, a thousand examples")
    parser.addoption("--renew-docs", action="store_true", help="write tables of commands and settings as they are")
    parser.addoption("--renew-languages", action="store_true", help="make room in the catalogues for new sentences")
    parser.addoption("--renew-goldens", action="store_true", help="write tests/goldens as things look now")


def pytest_configure(config: pytest.Config) -> None:
    """Where there is room, folders are kept in memory: no test waits for a disk, as none takes its power away."""
    settings.load_profile("soak" if config.getoption("--soak") else "quick")
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what takes long to make come first: a worker that has nothing left takes from the end, and
    would make it again."""
    items.sort(key=lambda item: not SHARED & {*getattr(item, "fixturenames", ())})


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    with made_once():
        yield


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a seeded test with kills repeats itself."""
    return 100 if request.config.getoption("--soak") else 5


@pytest.fixture
def schemes(scheme: "Scheme", rounds: int) -> Sequence["Scheme"]:
    """The one that goes with a width; finding the contrast of every text is most of what a look at a page takes."""
    return [scheme] if rounds < 10 else ["light", "dark"]


@pytest.fixture
def goldens(request: pytest.FixtureRequest) -> Goldens:
    return Goldens(renews=bool(request.config.getoption("--renew-goldens")))
