"""A week of a reading group in processes that kill themselves at a write. Run by test_week_kill.

    python -m tests.week_child FOLDER [SEED]

Plays the week of Thursday 26 November from wherever the database stands: what happened in the script up to the clock of
the last run is not repeated, since each request has its own id. Posts are appended to `posts.txt`, once for each nonce,
as a platform with idempotency does.
"""

import asyncio
import os
import random
import signal
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.stores.sqlite.writer import Writer
from bot.cards import Message
from bot.model import WeekSettings
from bot.ports import Delivery
from tests.club import BERLIN, Town, town
from tests.fakes.clock import read_time
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

MOST = 300  # deaths
GROUP = replace(BERLIN, week=WeekSettings(session="thu 17:00", place="Room 2"))
BEGINS, ENDS = "2026-11-20 07:00", "2026-11-26 19:00"
SCRIPT = {  # UTC → who says what; each line is a request with an id of its own
    "2026-11-20 10:00": ("ann /paper vote 1", "bob /paper vote 2", "cem /paper vote 2", "cem /paper my rota in"),
    "2026-11-20 12:00": ("bob /paper claim 2", "ann /paper claim 2", "cem /paper meeting rsvp answer:join"),
    "2026-11-22 17:00": ("ann /paper vote 2",),  # late: counts for the next session
    "2026-11-23 09:00": ("bob /paper meeting present no",),
    "2026-11-23 12:00": ("ann /paper meeting present yes", "bob /paper meeting rsvp answer:join"),
    "2026-11-26 18:00": ("cem /paper meeting archive",),
}


class Ledger(RecordingSurface):
    """Remembers what was posted beyond the end of the process."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    async def post(self, delivery: Delivery, message: Message) -> str:
        await super().post(delivery, message)
        known = self._path.read_text().splitlines() if self._path.exists() else []
        if delivery.nonce not in {line.partition("\t")[0] for line in known}:
            with self._path.open("a") as file:
                file.write(f"{delivery.nonce}\t{message.card.kind}\t{message.text}\n")
                file.flush()
                os.fsync(file.fileno())
        return f"ref-{delivery.nonce}"


def die_at(write: int, when: str) -> None:
    """At the n-th write of this process: before it is queued, or when it was acknowledged."""
    original, count = Writer.run, 0

    def run(self: Writer, fn: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if count == write and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        future = original(self, fn, *args, **kwargs)
        if count == write:
            future.add_done_callback(lambda _: os.kill(os.getpid(), signal.SIGKILL))
        return future

    Writer.run = run  # type: ignore[method-assign]


async def play(folder: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-20", *(paper(number, upvotes=50 - number) for number in range(1, 4)))
    source.announce("2026-11-23", paper(4))
    began = folder / "clock.txt"
    now = began.read_text() if began.exists() else BEGINS
    surface = Ledger(folder / "posts.txt")
    async with town(folder, GROUP, now=now, source=source, surfaces=[surface]) as readers:
        for name in ("Ann", "Bob", "Cem"):
            await readers.club.app.handle(
                replace(_person(readers, name).request("join", {"name": name}), id=f"join {name}")
            )
        while readers.clock.now() < read_time(ENDS):
            await _say(readers, readers.clock.now())
            await readers.tick()
            began.write_text(f"{readers.clock.now():%Y-%m-%d %H:%M}")
            readers.clock.move(minutes=30)


async def _say(readers: Town, now: datetime) -> None:
    for at, lines in SCRIPT.items():
        if read_time(at) <= now < read_time(at) + timedelta(minutes=30):
            for line in lines:
                name, _, words = line.partition(" ")
                command, args = readers.club.app.read_line(words)
                request = _person(readers, name.title()).request(command, args, f"{at} {line}")
                await readers.club.app.handle(request)


def _person(readers: Town, name: str) -> Any:
    from tests.club import Person

    return Person(readers, f"web:{name.lower()}", "readers")


def die_until_it_ends(folder: Path, seed: int) -> int:
    """Each run is a process of its own and dies at its n-th write, until one comes to the end. Answers with the number
    of deaths. They are forked, since most of a start is imports."""
    chance = random.Random(seed)
    for deaths in range(MOST):
        write, when = chance.randrange(4, 80), chance.choice(["before", "after"])
        if not (child := os.fork()):
            die_at(write, when)
            asyncio.run(play(folder))
            sys.exit()
        _, status = os.waitpid(child, 0)
        if status == 0:
            return deaths
        if status != signal.SIGKILL:
            sys.exit(f"it ended by itself: {status}")
    sys.exit("it never ends")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(die_until_it_ends(Path(sys.argv[1]), int(sys.argv[2])))
    else:
        asyncio.run(play(Path(sys.argv[1])))
