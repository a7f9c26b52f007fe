"""kill -9 of a running program, again and again: what was acknowledged is there, once, and nothing is posted twice."""

import asyncio
import random
import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from adapters.stores.sqlite import open_store
from tests.process import Running, Visitor, visitor

MEMBERS = 6
ENTRIES = 24
ACTS_A_ROUND = 25  # below the burst that the page allows one visitor


class Truth:
    """What the members were told, per (member, entry). None: the program died before it answered."""

    def __init__(self) -> None:
        self.voted: dict[tuple[str, int], bool | None] = {}
        self.claimed: dict[tuple[str, int], bool | None] = {}
        self.acknowledged = 0


async def act(who: Visitor, url: str, chance: random.Random, truth: Truth, last: int, enough: asyncio.Event) -> None:
    """Votes and claims by button until the program dies under it. Everyone claims entries of their own, so that nobody
    loses a race that we would have to know about."""
    own = [entry for entry in range(1, ENTRIES + 1) if entry % MEMBERS == int(who.name[-1])]
    for _ in range(ACTS_A_ROUND):
        votes = chance.random() < 0.6
        entry = chance.randrange(1, ENTRIES + 1) if votes else chance.choice(own)
        known = truth.voted if votes else truth.claimed
        before = known.get((who.name, entry), False)
        known[who.name, entry] = None
        try:
            await who.press(url, f"{'vote' if votes else 'claim'}:{entry}")
        except (aiohttp.ClientError, ConnectionError):
            break
        known[who.name, entry] = None if before is None else not before
        truth.acknowledged += 1
        if truth.acknowledged >= last:
            enough.set()
    else:
        enough.set()


async def compare(database: Path, truth: Truth) -> list[str]:
    """Every acknowledged vote and claim is there, and nothing else. Learns what the unanswered ones came to; answers
    with the messages that stand in the channel."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        accounts = [row[0] for row in connection.execute("SELECT id FROM account")]
    connection.close()
    store = await open_store(database, read_only=True)
    try:
        for member in [
            await store.peek(lambda rows: rows.people.member("reading-group", account)) for account in accounts
        ]:
            assert member is not None
            stance = await store.read(lambda rows: rows.votes.stance("reading-group", member.id))
            for known, there in ((truth.voted, stance.voted), (truth.claimed, stance.claimed)):
                for who, entry in [key for key in known if key[0] == member.name]:
                    state = known[who, entry]
                    assert state is None or state == (entry in there), (who, entry, state)
                    known[who, entry] = entry in there
                assert len(there) == sum(bool(state) for (who, _), state in known.items() if who == member.name)
        rows = await store.read(
            lambda rows: rows.messages.messages("reading-group", "web:reading-group", before=None, limit=500)
        )
        return [f"{wanted.kind} {wanted.key} {wanted.round}" for wanted, _ in rows]
    finally:
        await store.close()


async def test_killed_at_random_it_loses_and_doubles_nothing(tmp_path: Path, rounds: int) -> None:
    truth = Truth()
    standing: list[str] = []
    async with AsyncExitStack() as stack:
        members = [await stack.enter_async_context(visitor(f"member{n}")) for n in range(MEMBERS)]
        for seed in range(rounds):
            chance = random.Random(seed)
            running = await Running.start(tmp_path, "run")
            if seed == 0:
                for who in members:
                    await who.join(running.url)
            enough = asyncio.Event()
            last = truth.acknowledged + chance.randrange(5, 90)
            acting = [
                asyncio.create_task(act(who, running.url, random.Random(f"{seed} {who.name}"), truth, last, enough))
                for who in members
            ]
            await enough.wait()
            await running.kill()
            await asyncio.gather(*acting)
            posted = await compare(tmp_path / "paperclub.db", truth)
            assert len(posted) == len(set(posted))
            assert set(standing) <= set(posted)
            standing = posted
    assert truth.acknowledged > 5 * rounds
    assert any(truth.voted.values())
    assert any(truth.claimed.values())


async def test_sigterm_ends_it_well_within_ten_seconds_and_keeps_everything(tmp_path: Path) -> None:
    running = await Running.start(tmp_path, "demo")
    async with visitor("Ann") as ann, asyncio.timeout(10):
        await ann.join(running.url)
        await ann.press(running.url, "vote:1")
        async with ann.http.get(f"{running.url}/g/reading-group/events?after=0") as stream:
            assert stream.status == 200
            assert await running.terminate() == 0
    store = await open_store(tmp_path / "paperclub-demo.db", read_only=True)
    entry = await store.peek(lambda rows: rows.entries.entry("reading-group", 1))
    await store.close()
    assert entry is not None
    assert entry.votes == 1


async def test_a_second_one_on_the_same_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    running = await Running.start(tmp_path, "run")
    try:
        with pytest.raises(AssertionError, match=r"^paperclub: .*in use.*\n$"):
            await Running.start(tmp_path, "run")
    finally:
        await running.terminate()


async def test_a_run_without_discord_slack_or_a_model_imports_none_of_their_sdks(tmp_path: Path) -> None:
    running = await Running.start_anew(tmp_path, "demo", PYTHONPROFILEIMPORTTIME="1")
    assert await running.terminate() == 0
    imported = {line.rpartition("|")[2].strip() for line in running.log.read_text().splitlines()}
    assert {"aiohttp", "apscheduler", "sqlite_utils"} <= imported
    assert not imported & {"discord", "slack_bolt", "slack_sdk", "openai"}
