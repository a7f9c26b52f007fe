"""The real web surface on a free port, before a core in memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.chat.web import Web
from bot.model import GroupSettings, WebSettings
from tests.fakes.core import FakeCore
from tests.fakes.papers import two_days


@dataclass
class RunningSite:
    web: Web
    core: FakeCore
    running: asyncio.Task[None]

    @property
    def address(self) -> str:
        return self.web.address

    @property
    def group(self) -> str:
        return f"{self.address}/g/{self.core.settings.id}"

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


@asynccontextmanager
async def running_site(
    folder: Path,
    core: FakeCore | None = None,
    settings: WebSettings | None = None,
    more_groups: Sequence[GroupSettings] = (),
) -> AsyncIterator[RunningSite]:
    core = core or FakeCore(cards=two_days())
    web = Web(settings or WebSettings(port=0), [core.settings, *more_groups], folder / "web.key")
    running = asyncio.create_task(web.run(core))
    bound = asyncio.create_task(web.bound.wait())
    await asyncio.wait({running, bound}, return_when=asyncio.FIRST_COMPLETED)
    bound.cancel()
    if running.done():
        running.result()  # why it could not start
    site = RunningSite(web, core, running)
    try:
        yield site
    finally:
        await site.stop()
