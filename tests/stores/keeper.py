"""A process that opens a database, writes into it and stays, to be killed by a test."""

import asyncio
import sys

from adapters.stores.sqlite import open_store


async def main(path: str) -> None:
    store = await open_store(path)
    await store.write(lambda rows: rows.kept.keep("from another process", "yes"))
    print("kept", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
