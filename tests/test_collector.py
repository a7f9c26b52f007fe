"""Collecting is a loop of its own: whatever a source does, posts, votes, reminders and other sources go on."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from adapters.summarizers.extractive import Extractive
from bot import serve as serving
from bot.actions.papers import record_day
from bot.commands.admin import preview
from bot.day import collect
from bot.day.collect import Collector
from bot.day.needs import for_day, for_post
from bot.errors import SourceError
from bot.model import GroupSettings, Paper, RawPaper, WeekSettings
from bot.outbox import settle_all
from bot.ports import Core
from tests.club import BERLIN, Town, berlin, town
from tests.fakes.source import HangingSource, ListedSource, paper
from tests.fakes.surface import RecordingSurface

POST_TIME = "2026-11-23 08:00"  # 09:00 in Berlin, when Monday's lists settle
EARLY = time(6)  # a list that settles long before
OTHERS = replace(BERLIN, id="others", channels=("web:others",), day=replace(BERLIN.day, sources=("gazette",)))


@asynccontextmanager
async def collecting(readers: Town) -> AsyncIterator[None]:
    """As in the running program."""
    running = asyncio.create_task(readers.club.collector.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def look(readers: Town) -> None:
    """The schedule looks, and messages arrive. No source is asked by it."""
    async with asyncio.timeout(10):
        await readers.club.schedule.tick()
        await settle_all(readers.club.outboxes)


async def until_read(readers: Town, source: str, day: date = date(2026, 11, 23)) -> None:
    store = readers.club.store
    async with asyncio.timeout(10):
        while True:
            seen = store.commits
            last = await store.read(lambda rows: rows.papers.report(source, day))
            if last and last.read_at:
                return
            await store.wait_for_commit(seen)


def gazette(*numbers: int, settles: time = time(8)) -> ListedSource:
    source = ListedSource(settles=settles)
    source.announce("2026-11-23", *(paper(number) for number in numbers))
    return source


# --- a source that hangs


async def test_a_source_that_hangs_delays_no_other_source_no_other_group_and_no_vote(tmp_path: Path) -> None:
    herald = HangingSource()
    groups = (BERLIN, OTHERS)
    async with town(tmp_path, *groups, now=POST_TIME, source=gazette(1), sources=[herald]) as both, collecting(both):
        await asyncio.wait_for(herald.waits.wait(), 10)
        await until_read(both, "gazette")
        await look(both)
        ann = await both.member("Ann", "others")
        assert (await ann.presses("Vote", await both.card("Number 1", "others"))).ok
        await look(both)
        assert (await both.card("Number 1", "others")).buttons[0].label == "Vote 1"
        assert await both.channel("readers") == [], "it waits a little for the Herald"


async def test_a_source_that_hangs_delays_no_reminder(tmp_path: Path) -> None:
    meets = replace(BERLIN, week=WeekSettings(session="thu 17:00"))
    posts = {}
    for name, source in {"hangs": HangingSource(), "answers": ListedSource("herald", "The Herald")}.items():
        (tmp_path / name).mkdir()
        async with town(tmp_path / name, meets, source=gazette(1), sources=[source]) as readers, collecting(readers):
            for day in (23, 24, 25, 26):
                for hour in (9, 15, 16):
                    readers.clock.move_to(f"2026-11-{day} {hour:02}:00")
                    await look(readers)
            about_papers = ("Papers for", "No new papers", "Invented")
            posts[name] = [title for title in readers.surface.titles if not title.startswith(about_papers)]
    assert posts["hangs"] == posts["answers"] != []


async def test_the_post_goes_out_at_its_time_with_the_sentence_and_the_papers_join_it(tmp_path: Path) -> None:
    herald = HangingSource()
    herald.announce("2026-11-23", paper(7))
    async with town(tmp_path, now=POST_TIME, source=herald) as readers, collecting(readers):
        await asyncio.wait_for(herald.waits.wait(), 10)
        await look(readers)
        readers.clock.move(seconds=60)
        await look(readers)
        assert await readers.channel() == []
        readers.clock.move(seconds=60)
        await look(readers)
        (header,) = await readers.channel()
        assert header.body.startswith(
            "The Herald can't be read right now; we try every ten minutes, and the papers will appear here."
        )
        herald.let_go.set()
        await until_read(readers, "herald")
        await look(readers)
        assert [card.title for card in await readers.channel()] == [
            "Papers for Monday 23 November",
            "Invented Paper Number 7",
        ]


async def test_a_start_long_after_the_hour_waits_for_the_lists_too(tmp_path: Path) -> None:
    async with town(tmp_path, now="2026-11-23 15:00", source=gazette(1)) as readers:
        await look(readers)
        assert await readers.channel() == []
        await readers.tick()
        assert (await readers.card("Papers for Monday")).body == "1 paper."


async def test_a_list_is_read_shortly_before_its_post_which_then_waits_for_nothing(tmp_path: Path) -> None:
    source = gazette(1, settles=EARLY)
    async with town(tmp_path, now="2026-11-20 08:00", source=source) as readers:
        await readers.tick()
        readers.clock.move_to("2026-11-23 07:54")
        await readers.club.collector.catch_up()
        before = len(source.asked)
        readers.clock.move_to("2026-11-23 07:55")
        await readers.club.collector.catch_up()
        assert date(2026, 11, 23) in source.asked[before:]
        readers.clock.move_to(POST_TIME)
        await look(readers)
        assert (await readers.card("Papers for Monday")).body == "1 paper."


async def test_what_was_read_before_it_settled_is_read_again(tmp_path: Path) -> None:
    source = gazette(1)
    async with town(tmp_path, now="2026-11-23 07:55", source=source) as readers:
        await readers.club.collector.bring(for_day(readers.club.collector.sources, BERLIN, date(2026, 11, 23)))
        source.announce("2026-11-23", paper(2))
        await readers.wait_until(POST_TIME)
        assert (await readers.card("Papers for Monday")).body == "2 papers."


@pytest.mark.parametrize("down", [None, SourceError("no answer")])
async def test_a_list_that_settles_at_the_hour_is_waited_for_until_it_was_asked_for_and_no_longer(
    tmp_path: Path, down: SourceError | None
) -> None:
    source = gazette(1)
    async with town(tmp_path, now="2026-11-20 08:00", source=source) as readers:
        await readers.tick()
        readers.clock.move_to("2026-11-23 07:56")
        source.down = down
        await readers.club.collector.bring(for_day(readers.club.collector.sources, BERLIN, date(2026, 11, 23)))
        readers.clock.move_to(POST_TIME)
        await look(readers)
        before = await readers.channel()
        await readers.club.collector.catch_up()
        await look(readers)
        assert len(before) < len(await readers.channel())


async def test_who_looks_ahead_does_not_wait_for_a_source_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "PREVIEW_PATIENCE", 0.05)
    herald = HangingSource()
    groups = replace(BERLIN, moderators=("web:ann",))
    async with town(tmp_path, groups, now=POST_TIME, source=gazette(1), sources=[herald]) as readers:
        ann = await readers.member("Ann")
        reply = await ann.says("/paper-admin preview")
        assert reply.text.endswith("as things stand now. The Herald did not answer yet. Only you see it.")
        assert [card.title for card in reply.cards] == [
            "Papers for Monday 23 November",
            "Invented Paper Number 1",
            "The list of Monday 23 November",
        ]
        herald.let_go.set()
        await until_read(readers, "herald")
        assert "did not answer" not in (await ann.says("/paper-admin preview")).text


# --- rows only


async def test_posting_refreshing_and_looking_touch_no_source(tmp_path: Path) -> None:
    source = gazette(1, 2)
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        await readers.club.collector.catch_up()
        asked = len(source.asked)
        source.down = SourceError("nobody may ask me now")
        await look(readers)
        await readers.club.daily.preview(BERLIN, date(2026, 11, 24))
        await readers.club.daily.refresh(BERLIN)
        await readers.club.daily.post_day(BERLIN, date(2026, 11, 19))
        assert len(source.asked) == asked
        assert (await readers.card("Papers for Monday")).body == "2 papers."


# --- a process that dies


async def test_a_process_that_is_killed_in_a_fetch_repeats_nothing_wrongly(tmp_path: Path) -> None:
    herald = HangingSource()
    herald.announce("2026-11-23", paper(7))
    async with town(tmp_path, now=POST_TIME, source=gazette(1), sources=[herald]) as readers:
        async with collecting(readers):
            await asyncio.wait_for(herald.waits.wait(), 10)
            await until_read(readers, "gazette")
        assert await readers.club.store.read(lambda rows: rows.papers.report("herald", date(2026, 11, 23))) is None
    herald.let_go.set()
    source = gazette(1)
    async with town(tmp_path, now="2026-11-23 08:01", source=source, sources=[herald]) as readers:
        await readers.tick()
        assert readers.surface.titles == [
            "Papers for Monday 23 November",
            "Invented Paper Number 1",
            "Invented Paper Number 7",
        ]
        assert date(2026, 11, 23) not in source.asked, "it was read a minute ago"


class DiedError(Exception):
    """The process is gone."""


class Dying:
    """A store in which the program dies just before or just after it has recorded a list."""

    def __init__(self, store: Any, when: str) -> None:
        self._store = store
        self._when = when

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, *args: Any) -> Any:
        if args[0] is record_day and self._when == "before":
            raise DiedError
        result = await self._store.write(*args)
        if args[0] is record_day:
            raise DiedError
        return result


@pytest.mark.parametrize(("when", "again"), [("before", 1), ("after", 0)])
async def test_a_process_that_dies_around_its_record_repeats_nothing_wrongly(
    tmp_path: Path, when: str, again: int
) -> None:
    source = gazette(1, 2)
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        await readers.club.daily.post_now(BERLIN, date(2026, 11, 20))  # no longer new
        dying: Any = Dying(readers.club.store, when)
        with pytest.raises(DiedError):
            await Collector(dying, readers.clock, [source], readers.club.groups).catch_up()
        asked = source.asked.count(date(2026, 11, 23))
        await readers.tick()
        assert source.asked.count(date(2026, 11, 23)) == asked + again
        assert (await readers.card("Papers for Monday")).body == "2 papers."


# --- when it looks


async def test_a_group_that_begins_is_looked_at_at_once(tmp_path: Path) -> None:
    source, evenings = gazette(1), berlin(post_at=time(18))
    groups = replace(evenings, moderators=("web:ann",))
    async with town(tmp_path, groups, now="2026-11-23 09:00", source=source) as readers:
        ann = await readers.member("Ann")
        await readers.tick()
        assert date(2026, 11, 23) not in source.asked
        async with collecting(readers):
            await ann.says("/paper-admin settings")
            await readers.club.store.ping()
            assert date(2026, 11, 23) not in source.asked
            await ann.says("/paper-admin setup time:10:00")  # it was due
            await until_read(readers, "gazette")


async def test_a_clock_that_moves_on_is_seen(tmp_path: Path) -> None:
    source = gazette(1)
    async with town(tmp_path, now="2026-11-23 07:00", source=source) as readers:
        await readers.tick()
        async with collecting(readers):
            readers.clock.move_to(POST_TIME)
            await until_read(readers, "gazette")


class Silent(RecordingSurface):
    async def run(self, core: Core) -> None:
        await asyncio.Event().wait()


async def test_the_program_starts_posts_and_stops_beside_a_source_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "FIRST_LOOK", 0.2)
    herald, surface, stop, greeted = HangingSource(), Silent(), asyncio.Event(), asyncio.Event()

    async def greet() -> None:
        greeted.set()

    groups = (BERLIN, OTHERS)
    async with (
        town(tmp_path, *groups, now=POST_TIME, source=gazette(1), sources=[herald], surfaces=[surface]) as both,
        asyncio.timeout(15),
    ):
        running = asyncio.create_task(serving.serve(both.club, stop, greet))
        await greeted.wait()
        await herald.waits.wait()
        await surface.called.wait()
        stop.set()
        await running
    assert surface.posts[0][0] == "web:others"


# --- rests and clocks


async def test_a_source_is_not_asked_all_the_time_when_nothing_can_be_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    source = gazette(1)
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        monkeypatch.setattr(collect, "record_day", full)
        async with collecting(readers):
            for _ in range(60):  # ten minutes
                await let_work()
                readers.clock.move(seconds=10)
            assert 0 < len(source.asked) <= 15
            monkeypatch.setattr(collect, "record_day", record_day)
            readers.clock.move(seconds=60)
            await until_read(readers, "gazette")


async def let_work() -> None:
    """For as long as the writer's and the reader's threads take."""
    for _ in range(5):
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("asked_for", [86_400.0, 1e30])
async def test_no_source_is_left_alone_for_longer_than_an_hour(tmp_path: Path, asked_for: float) -> None:
    source = gazette(1)
    source.down = SourceError("gazette.example asks us to wait", asked_for)
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        await readers.tick()
        source.down = None
        await readers.wait_until("2026-11-23 08:59")
        assert "can't be read right now" in (await readers.channel())[0].body
        await readers.wait_until("2026-11-23 09:01")
        assert (await readers.card("Papers for Monday")).body == "1 paper."


async def test_a_clock_that_was_a_year_ahead_silences_no_source(tmp_path: Path) -> None:
    source = gazette(1)
    async with town(tmp_path, now="2026-11-20 08:00", source=source) as readers:
        await readers.tick()
        readers.clock.move_to("2027-11-23 08:00")
        source.down = SourceError("no route", is_down=True)
        sources = readers.club.collector.sources
        await readers.club.collector.bring(for_day(sources, BERLIN, date(2026, 11, 23)))
        source.down = None
        readers.clock.move_to(POST_TIME)
        await readers.club.collector.bring(for_post(sources, BERLIN, date(2026, 11, 23)))
        last = await readers.club.store.read(lambda rows: rows.papers.report("gazette", date(2026, 11, 23)))
        assert last is not None
        assert (last.papers, last.problem, last.at) == (1, "", readers.clock.now())


async def test_a_clock_that_goes_back_while_a_post_waits_makes_it_wait_no_longer(tmp_path: Path) -> None:
    async with town(tmp_path, now="2026-11-23 08:30", source=HangingSource()) as readers:
        await look(readers)
        assert await readers.channel() == []
        readers.clock.move(minutes=-10)
        await look(readers)
        assert len(await readers.channel()) == 1


# --- the work of it


class Noting(str):
    """Text that notes in which threads it was read."""

    threads: set[int]

    def __getitem__(self, key: Any) -> str:
        self.threads.add(threading.get_ident())
        return str(self)[key]

    def split(self, *args: Any) -> list[str]:
        self.threads.add(threading.get_ident())
        return str(self).split(*args)


def noting(text: str) -> Noting:
    noted = Noting(text)
    noted.threads = set()
    return noted


async def test_papers_are_cleaned_beside_the_loop(tmp_path: Path) -> None:
    abstract, source = noting("We propose it."), ListedSource()
    source.announce(
        "2026-11-23", *(RawPaper(f"Number {n}", abstract, url=f"https://a.example/{n}") for n in range(245))
    )
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        await readers.tick()
        assert (await readers.card("Papers for Monday")).body.startswith("245 papers")
    assert abstract.threads
    assert threading.get_ident() not in abstract.threads


async def test_papers_are_summed_up_beside_the_loop() -> None:
    abstract = noting("Much is unknown. We propose it.")
    summary = await Extractive().summarise(Paper("title:1", "A title", abstract), "en")
    assert summary is not None
    assert summary.text == "We propose it."
    assert threading.get_ident() not in abstract.threads


async def test_many_groups_with_one_hour_ask_once(tmp_path: Path) -> None:
    source = gazette(1)
    groups: list[GroupSettings] = [replace(BERLIN, id=f"g{n}", channels=(f"web:g{n}",)) for n in range(120)]
    async with town(tmp_path, *groups, now=POST_TIME, source=source) as many:
        await many.club.collector.catch_up()
        await look(many)
        assert source.asked == [date(2026, 11, 23)]
        many.clock.move(minutes=61)
        await many.club.collector.catch_up()
        assert source.asked == [date(2026, 11, 23)] * 2
