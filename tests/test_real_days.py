"""The real Hugging Face answers of two years, replayed day by day through the real source, core and database.

They are other people's text and stay outside the project: skipped where they are not there.
"""

import asyncio
import gzip
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adapters.net import Net
from adapters.sources.huggingface import HuggingFace
from adapters.stores.sqlite import open_store
from bot.compose import Club, opened
from bot.groups.post_times import due_at
from bot.model import DaySettings, GroupSettings, HuggingFaceSettings, Settings
from bot.outbox import settle_all
from tests.fakes.clock import MovableClock
from tests.fakes.huggingface import FakeHuggingFace
from tests.fakes.surface import RecordingSurface
from tests.forks import ROOT, ended

DATA = ROOT.parent / "shared" / "data" / "hf_daily"
GROUP = GroupSettings(id="readers", channels=("web:readers",), day=DaySettings(on="daily", post_at=time(9), cards=3))

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the recorded answers are not part of this project")


@cache
def answers(name: str) -> Mapping[date, bytes]:
    return dict(_unpacked(name))


def _unpacked(name: str) -> Iterator[tuple[date, bytes]]:
    with tarfile.open(DATA / name) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            if member.isfile() and (stream := archive.extractfile(member)):
                yield date.fromisoformat(Path(member.name).stem), stream.read()


class Replay:
    """The program, living through recorded days."""

    def __init__(self, club: Club, fake: FakeHuggingFace, clock: MovableClock, surface: RecordingSurface) -> None:
        self.club, self.fake, self.clock, self.surface = club, fake, clock, surface

    async def live(self, day: date, hour: int = 9, minute: int = 0) -> None:
        self.clock.move_to(f"{day} {hour:02}:{minute:02}")
        await self.club.collector.catch_up()
        await self.club.schedule.tick()
        await settle_all(self.club.outboxes)

    async def status(self) -> str:
        from bot.model import Request

        return (await self.club.app.handle(Request("s", "web:x", "status", group="readers"))).text


@pytest.fixture
async def replay(tmp_path: Path) -> Any:
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeHuggingFace())
        clock, surface = MovableClock("2024-05-28 09:00"), RecordingSurface()
        net = await stack.enter_async_context(Net(clock, timeout=2.0))
        source = HuggingFace(HuggingFaceSettings(base_url=fake.url), net)
        settings = Settings(database=str(tmp_path / "real.db"), groups=(GROUP,))
        club = await stack.enter_async_context(opened(settings, clock=clock, sources=[source], adapters=[surface]))
        yield Replay(club, fake, clock, surface)


async def test_every_recorded_day_is_listed_whole_and_once(replay: Replay, rounds: int) -> None:
    """The newest month of them; with --soak all."""
    expected: dict[str, dict[str, Any]] = {}
    listed: dict[date, set[str]] = {}
    recorded = [*answers("daily_papers_raw.tar.xz").items()]
    assert len({item["paper"]["id"] for _, body in recorded for item in json.loads(body)}) == 6183
    chosen = recorded if rounds > 10 else recorded[-31:]
    replay.clock.move_to(f"{chosen[0][0]} 00:00")
    for day, body in chosen:
        replay.fake.days[day.isoformat()] = body
        items = json.loads(body)
        fresh = {item["paper"]["id"] for item in items} - expected.keys()
        expected |= {item["paper"]["id"]: item["paper"] for item in items}
        listed[day] = fresh
        await replay.live(day)
        assert due_at(GROUP, day) == replay.clock.now()

    store = replay.club.store
    entries = [entry for day in listed for entry in await store.read(lambda rows: rows.entries.entries("readers", day))]
    assert len(listed) == len(chosen)
    assert len(entries) == len(expected)
    assert {
        day: {e.paper.key for e in await store.read(lambda rows: rows.entries.entries("readers", day))}
        for day in listed
    } == {day: {f"arxiv:{name}" for name in names} for day, names in listed.items()}
    for entry in entries:
        real = expected[entry.paper.key.removeprefix("arxiv:")]
        assert entry.paper.upvotes == real["upvotes"]
        assert entry.paper.url == f"https://arxiv.org/abs/{real['id']}"
        assert len(entry.paper.authors) <= len(real["authors"])
        assert entry.paper.abstract
        assert "\n" not in entry.paper.title + entry.paper.abstract
    assert all(entry.paper.authors for entry in entries if expected[entry.paper.key[6:]]["authors"])

    cards = [part for _, post in replay.surface.posts for part in post.parts]
    assert len(cards) == sum(min(3, len(names)) for names in listed.values())
    assert all(0 < len(card.body) <= 280 for card in cards)

    posts, edits, papers = (
        len(replay.surface.posts),
        len(replay.surface.edits),
        await store.read(lambda rows: rows.papers.reports()),
    )
    last = max(listed)
    await replay.live(last, 9, 20)
    await replay.live(last, 9, 40)
    assert (len(replay.surface.posts), len(replay.surface.edits)) == (posts, edits)
    assert await store.read(lambda rows: rows.papers.reports()) == papers


async def test_a_grown_answer_raises_upvotes_and_adds_late_papers_without_a_second_digest(replay: Replay) -> None:
    full = answers("daily_papers_raw.tar.xz")
    by_day: dict[date, list[dict[str, int]]] = {}
    for line in gzip.decompress((DATA / "revisions.jsonl.gz").read_bytes()).decode().splitlines():
        snapshot = json.loads(line)
        by_day.setdefault(date.fromisoformat(snapshot["date"]), []).append(
            {name: upvotes for name, upvotes, _ in snapshot["papers"]}
        )
    grown = {day: snapshots for day, snapshots in by_day.items() if len(snapshots) > 1 and day in full}
    assert grown
    for day, snapshots in sorted(grown.items()):
        items = json.loads(full[day])
        for number, snapshot in enumerate(snapshots):
            seen = [item for item in items if item["paper"]["id"] in snapshot]
            for item in seen:
                item["paper"]["upvotes"] = snapshot[item["paper"]["id"]]
            replay.fake.days[day.isoformat()] = json.dumps(seen).encode()
            await replay.live(day, 9 + 2 * number)
        entries = await replay.club.store.read(lambda rows: rows.entries.entries("readers", day))
        final = snapshots[-1]
        assert {e.paper.key.removeprefix("arxiv:"): e.paper.upvotes for e in entries} == {
            e.paper.key.removeprefix("arxiv:"): final.get(e.paper.key.removeprefix("arxiv:"), e.paper.upvotes)
            for e in entries
        }
        first = {item["paper"]["id"] for item in items if item["paper"]["id"] in snapshots[0]}
        assert {e.paper.key.removeprefix("arxiv:") for e in entries if not e.late} == first
        title = f"Papers for {day:%A} {day.day} {day:%B}"
        assert replay.surface.titles.count(title) == 1


async def test_the_damaged_files_are_told_in_status_and_the_next_day_goes_out(replay: Replay) -> None:
    good = answers("daily_papers_raw.tar.xz")
    start = date(2024, 12, 10)
    replay.fake.days[start.isoformat()] = good[max(day for day in good if day <= start)]
    await replay.live(start)
    damaged = answers("daily_papers_pyrepr_wrapped.tar.xz")
    assert len(damaged) == 18
    for day, body in sorted(damaged.items()):
        replay.fake.days[day.isoformat()] = body
        await replay.live(day)
        assert f"Hugging Face, {day:%A} {day.day} {day:%B}: " in await replay.status()
    after = max(damaged) + timedelta(days=1)
    replay.fake.days[after.isoformat()] = good[min(day for day in good if day > after)]
    await replay.live(after)
    assert len(await replay.club.store.read(lambda rows: rows.entries.entries("readers", after))) > 0


async def test_three_real_days_through_the_command_line_each_twice(tmp_path: Path) -> None:
    recorded = answers("daily_papers_raw.tar.xz")
    days = [date(2024, 6, 12), date(2025, 6, 12), date(2026, 6, 12)]
    days = [max(day for day in recorded if day <= wanted) for wanted in days]
    async with FakeHuggingFace() as fake:
        (tmp_path / "config.toml").write_text(f'[sources.huggingface]\nbase_url = "{fake.url}"\n')
        for day in days:
            fake.days[day.isoformat()] = recorded[day]
            items = json.loads(recorded[day])
            first = await paperclub(tmp_path, "today", "--date", day.isoformat())
            assert f"{len(items)} papers." in first
            best = max(item["paper"]["upvotes"] for item in items)
            assert f"{best} upvotes · no. 1 of {len(items)} by upvotes on Hugging Face" in first
            assert await paperclub(tmp_path, "today", "--date", day.isoformat()) == first
    store = await open_store(tmp_path / "paperclub.db", read_only=True)
    listed = [len(await store.read(lambda rows: rows.entries.entries("reading-group", day))) for day in days]
    shown = await store.read(
        lambda rows: rows.messages.messages("reading-group", "web:reading-group", before=None, limit=100)
    )
    await store.close()
    assert listed == [len(json.loads(recorded[day])) for day in days]
    assert len(shown) == 3, "a message a day"


async def paperclub(folder: Path, *arguments: str) -> str:
    done = await asyncio.to_thread(ended, "bot", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout
