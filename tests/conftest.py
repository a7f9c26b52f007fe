"""Fixtures that most tests share: a reading group, opened fresh."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.club import Town, town


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncIterator[Town]:
    """A group in Berlin that gets two cards at 09:00 from Monday to Friday; it is Monday, 08:00 there."""
    async with town(tmp_path) as readers:
        yield readers


settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the long counts: hundreds of kills instead of ten")


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a seeded test with kills repeats itself."""
    return 100 if request.config.getoption("--soak") else 10
