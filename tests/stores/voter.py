"""A process that votes as fast as it can and says each vote that was confirmed, to be killed by a test."""

import asyncio
import os
import sys

from adapters.stores.sqlite import open_store
from bot.actions.votes import cast_vote
from bot.model import Act
from bot.ports import Store
from tests.groups import enrol
from tests.stores.scene import AT, FRIDAY

MEMBERS = 24


async def vote_everywhere(store: Store, member: int, entries: list[int]) -> None:
    for entry in entries:
        await store.act(cast_vote, Act(f"{member}-{entry}", "readers", member, "web", AT), entry)
        os.write(1, f"{member} {entry}\n".encode())  # unbuffered: what was confirmed must be known after a kill


async def main(path: str) -> None:
    store = await open_store(path)
    members = [(await enrol(store, "readers", f"web:v{n}", f"Voter {n}", AT)).id for n in range(MEMBERS)]
    entries = [entry.id for entry in await store.read(lambda rows: rows.entries.entries("readers", FRIDAY))]
    os.write(1, b"ready\n")
    await asyncio.gather(*(vote_everywhere(store, member, entries) for member in members))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
