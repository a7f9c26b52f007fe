"""Starts the composed program, keeps its surfaces alive, stops it in order. Makes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.actions.codes import hash_code, new_code
from bot.actions.deliveries import recover
from bot.actions.people import offer_code
from bot.compose import Club
from bot.day.collect import Collector
from bot.day.needs import for_day
from bot.errors import StartError, StoreLost
from bot.groups.post_times import due_at
from bot.ports import Adapter

log = logging.getLogger(__name__)

CONNECT = 10.0  # seconds before the schedule starts without a surface that is not ready yet
FIRST_LOOK = 5.0  # seconds before the schedule starts without a source that did not answer yet
DRAIN = 5.0  # seconds for messages that are under way when we are told to stop
LEAVE = 4.0  # seconds for surfaces to close; with DRAIN below the 10 s that a platform waits after SIGTERM
LOOK = 2.0  # seconds between two looks whether the open database is still the configured one
RESTART_WAIT = 5.0  # seconds, doubled up to the longest
LONGEST_RESTART_WAIT = 300.0


async def serve(club: Club, stop: asyncio.Event, greet: Callable[[], Awaitable[None]]) -> None:
    """Until `stop` is set; then what is under way is finished and everything is closed within ten seconds. `greet` is
    called when the surfaces are ready. Raises StartError when there is no surface, or one can't start."""
    club.require_sound()
    if not club.adapters:
        raise StartError('no group has a channel on a surface that this version has; give one "web:<its id>"')
    await club.store.write(recover, club.clock.now())
    await post_backlog(club)
    surfaces = [asyncio.create_task(_supervise(adapter, club), name=adapter.name) for adapter in club.adapters]
    watch = asyncio.create_task(_watch(club), name="watch")
    outboxes = [asyncio.create_task(outbox.run(stop), name="outbox") for outbox in club.outboxes]
    collecting = asyncio.create_task(club.collector.run(), name="collector")
    try:
        await _ready(club.adapters, surfaces, stop)
        if not stop.is_set():
            await greet()
            await _look_first(club.collector, stop)
            async with club.schedule.running():
                await _until(stop, (*surfaces, watch))
        await _drain(outboxes)
    finally:
        await _end([collecting, *outboxes, *surfaces, watch])


async def _ready(adapters: Sequence[Adapter], surfaces: Sequence[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """A surface that takes its time does not hold up the others; one that can't start ends everything."""

    async def all_ready() -> None:
        await asyncio.gather(*(adapter.ready() for adapter in adapters))

    waiting = [asyncio.create_task(all_ready()), asyncio.create_task(stop.wait())]
    try:
        await asyncio.wait((*waiting, *surfaces), timeout=CONNECT, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    for surface in surfaces:
        if surface.done():
            surface.result()


async def _look_first(collector: Collector, stop: asyncio.Event) -> None:
    """So that the first look of the schedule finds what can be read quickly. Votes and messages go on meanwhile."""
    looking = [asyncio.create_task(collector.catch_up()), asyncio.create_task(stop.wait())]
    try:
        await asyncio.wait(looking, timeout=FIRST_LOOK, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in looking:
            task.cancel()
    await asyncio.gather(*looking, return_exceptions=True)  # the collector's loop tells of what went wrong


async def _drain(outboxes: Sequence[asyncio.Task[None]]) -> None:
    _, busy = await asyncio.wait(outboxes, timeout=DRAIN)
    if busy:
        log.warning("some messages were not delivered in time; they go out at the next start")


async def _until(stop: asyncio.Event, others: Sequence[asyncio.Task[None]]) -> None:
    waiting = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait((waiting, *others), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    for task in done - {waiting}:
        task.result()  # each ends only by a StartError


async def _watch(club: Club) -> None:
    """Where another database stands in the place of the open one, the program ends by a StartError, and a supervisor
    starts it on that one. Where there is none it stays: nothing is stored until the file is moved back, and another
    start would make an empty one."""
    while True:
        await club.clock.sleep(LOOK)
        try:
            await club.store.look()
        except StoreLost as lost:
            if lost.replaced:
                raise StartError(str(lost)) from lost


async def _supervise(adapter: Adapter, club: Club) -> None:
    """A surface that fails is started again, ever more slowly unless it had run well; the others don't notice. Only
    one that was never ready ends the program, by a StartError."""
    wait = RESTART_WAIT
    ready = asyncio.create_task(adapter.ready())
    try:
        while True:
            began = club.clock.elapsed()
            try:
                await adapter.run(club.app)
                log.error("surface %s ended; it starts again", adapter.name)
            except StartError as error:
                if not ready.done():
                    raise
                log.error("surface %s can't start again: %s", adapter.name, error)
            except Exception:
                log.exception("surface %s failed; it starts again", adapter.name)
            ran = club.clock.elapsed() - began
            wait = RESTART_WAIT if ran > LONGEST_RESTART_WAIT else wait
            await club.clock.sleep(wait)
            wait = min(wait * 2, LONGEST_RESTART_WAIT)
    finally:
        ready.cancel()


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=LEAVE)
        for task in late:
            log.warning("%s did not close in time", task.get_name())


async def offer_codes(club: Club) -> dict[str, str]:
    """A one-time moderator code for each group that has a web page, by the group's id."""
    codes = {}
    for group in club.groups.on("web"):
        code = new_code()
        await club.store.write(offer_code, group.id, hash_code(code))
        codes[group.id] = code
    return codes


async def post_backlog(club: Club) -> None:
    """The sample's past days, so that there is something to see. Only on the web: other channels are not flooded."""
    days = sorted({day for source in club.sources for day in source.backlog})
    for group in club.groups.meeting():
        if all(channel.startswith("web:") for channel in group.channels):
            for day in (day for day in days if due_at(group, day) <= club.clock.now()):
                await club.collector.bring(for_day(club.collector.sources, group, day))
                await club.daily.post_day(group, day)
