"""The stores that the contract is held against. Another store joins here."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.stores.sqlite import open_store
from bot.ports import Store
from tests.stores.scene import Scene, set_up


@pytest.fixture(params=["sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Empty and open."""
    assert request.param == "sqlite"
    store = await open_store(tmp_path / "paperclub.db")
    yield store
    await store.close()


@pytest.fixture
async def scene(store: Store) -> Scene:
    return await set_up(store)
