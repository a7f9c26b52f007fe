"""Starts the composed program, keeps its surfaces alive, stops it in order. Makes nothing."""

import asyncio
import logging
import secrets
from collections.abc import Sequence

from bot.commands.house import hash_code
from bot.compose import Club
from bot.errors import StartError
from bot.outbox import settle_all
from bot.ports import Adapter

log = logging.getLogger(__name__)

DRAIN = 5.0  # seconds for messages that are under way when we are told to stop
LEAVE = 4.0  # seconds for surfaces to close; with DRAIN below the 10 s that a platform waits after SIGTERM
RESTART_WAIT = 5.0  # seconds, doubled up to five minutes


async def serve(club: Club, stop: asyncio.Event) -> None:
    """Until `stop` is set; then what is under way is finished and everything is closed within ten seconds. Raises
    StartError when a surface can't start."""
    await club.store.free_leases()
    await post_backlog(club)
    await settle_all(club.outboxes)
    surfaces = [asyncio.create_task(_supervise(adapter, club), name=adapter.name) for adapter in club.adapters]
    outboxes = [asyncio.create_task(outbox.run()) for outbox in club.outboxes]
    try:
        async with club.schedule.running():
            await _until(stop, surfaces)
        async with asyncio.timeout(DRAIN):
            await settle_all(club.outboxes)
    except TimeoutError:
        log.warning("some messages were not delivered in time; they go out at the next start")
    finally:
        await _end([*outboxes, *surfaces])


async def _until(stop: asyncio.Event, surfaces: Sequence[asyncio.Task[None]]) -> None:
    waiting = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait((waiting, *surfaces), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    for task in done - {waiting}:
        task.result()  # a surface ends only by a StartError


async def _supervise(adapter: Adapter, club: Club) -> None:
    """A surface that fails is started again, ever more slowly; the others don't notice."""
    wait = RESTART_WAIT
    while True:
        try:
            await adapter.run(club.app)
        except StartError:
            raise
        except Exception:
            log.exception("surface %s failed; it starts again in %.0f s", adapter.name, wait)
        await club.clock.sleep(wait)
        wait = min(wait * 2, 300.0)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=LEAVE)
        for task in late:
            log.warning("%s did not close in time", task.get_name())


async def offer_codes(club: Club) -> dict[str, str]:
    """A one-time moderator code for each group that has a web page, by group name."""
    codes = {}
    for group in club.groups.on("web"):
        code = "-".join(secrets.token_hex(2).upper() for _ in range(4))
        await club.store.offer_code(group.id, hash_code(code))
        codes[group.name] = code
    return codes


async def post_backlog(club: Club) -> None:
    """The sample's past days, so that there is something to see. Only on the web: other channels are not flooded."""
    days = sorted({day for source in club.sources for day in source.backlog})
    for group in club.all_groups:
        if all(channel.startswith("web:") for channel in group.channels):
            for day in days:
                await club.daily.post_day(group, day)
