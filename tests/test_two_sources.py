"""Sources that differ: one is down, one settles later, one is new, one has a bug. What a group then gets, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.compose import opened
from bot.day import collect
from bot.errors import SourceError
from bot.model import Batch, GroupSettings, Settings
from tests.club import BERLIN, Town, berlin, post_day, town
from tests.fakes.clock import MovableClock
from tests.fakes.source import HangingSource, ListedSource, paper
from tests.fakes.surface import RecordingSurface

DOWN = SourceError("gazette.example could not be reached", is_down=True)


@asynccontextmanager
async def meeting(folder: Path, now: str, *sources: ListedSource, group: GroupSettings = BERLIN) -> AsyncIterator[Town]:
    clock, surface = MovableClock(now), RecordingSurface()
    settings = Settings(database=str(folder / "two.db"), groups=(group,))
    async with opened(settings, clock=clock, sources=sources, adapters=[surface]) as club:
        yield Town(club, clock, sources[0], surface)


def gazette(**announced: int) -> ListedSource:
    return _filled(ListedSource("gazette", "The Gazette"), 100, announced)


def herald(settles: time = time(8), **announced: int) -> ListedSource:
    return _filled(ListedSource("herald", "The Herald", settles), 500, announced)


def _filled(source: ListedSource, first: int, announced: dict[str, int]) -> ListedSource:
    """`nov_23=2`: two papers on 23 November, with numbers of their own."""
    for name, count in announced.items():
        day = int(name.removeprefix("nov_"))
        source.announce(f"2026-11-{day:02}", *(paper(first + day * 10 + n) for n in range(count)))
    return source


async def test_a_source_that_is_down_at_the_very_first_start_costs_nothing(tmp_path: Path) -> None:
    source = gazette(nov_20=4)
    source.down = DOWN
    async with meeting(tmp_path, "2026-11-22 12:00", source) as readers:  # a Sunday
        await readers.tick()
        assert "can't be read right now" in readers.surface.posts[0][1].card.body
        assert len(source.asked) == 1  # and not once for every day
        source.down = None
        readers.clock.move(minutes=11)
        await readers.tick()
        assert len((await readers.visitor().says("/paper today")).cards) == 4
        assert readers.surface.titles[1:] == ["Invented Paper Number 300", "Invented Paper Number 301"]


async def test_a_broken_source_does_not_take_the_first_papers_of_a_healthy_one(tmp_path: Path) -> None:
    good, bad = gazette(nov_20=2), herald(nov_20=2)
    bad.down = DOWN
    async with meeting(tmp_path, "2026-11-22 12:00", good, bad) as readers:
        await readers.tick()
        assert readers.surface.titles[1:] == ["Invented Paper Number 300", "Invented Paper Number 301"]


async def test_a_bug_in_one_source_is_its_own(tmp_path: Path) -> None:
    class Buggy(ListedSource):
        async def fetch(self, day: date) -> Batch:
            raise KeyError("paper")

    async with meeting(tmp_path, "2026-11-23 08:00", Buggy("herald", "The Herald"), gazette(nov_23=1)) as readers:
        await readers.tick()
        assert readers.surface.titles[1:] == ["Invented Paper Number 330"]
        assert "The Herald, Monday 23 November: a fault of ours (KeyError)" in await status(readers)


async def test_a_source_that_hangs_holds_up_no_group_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "PATIENCE", 0.05)
    groups, silent = (BERLIN, replace(BERLIN, id="others", channels=("web:others",))), HangingSource()
    silent.announce("2026-11-23", paper(7))
    sound = gazette(nov_23=1)
    async with town(tmp_path, *groups, now="2026-11-23 08:00", source=sound, sources=[silent]) as both:
        await both.tick()
        for group in ("readers", "others"):
            assert "The Herald could not be read yet" in (await both.card("Papers for Monday", group)).body
            assert (await both.card("Invented Paper", group)).title == "Invented Paper Number 330"
        assert "The Herald, Monday 23 November: did not answer within 0.05 s" in await status(both)
        await both.tick()
        assert len(silent.asked) == 1, "it is left alone for a while, by every group"
        silent.let_go.set()
        both.clock.move(minutes=11)
        await both.tick()
        assert (await both.card("Papers for Monday", "others")).body == "2 papers. One came later."


async def test_who_stops_the_program_does_not_wait_for_a_source(tmp_path: Path) -> None:
    source = HangingSource()
    async with meeting(tmp_path, "2026-11-23 08:00", source) as readers:
        tick = asyncio.create_task(readers.tick())
        await asyncio.wait_for(source.waits.wait(), 5)
        tick.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(tick, 5)
        assert "did not answer" not in await status(readers), "the source is not to blame"


async def test_a_list_that_settles_later_waits_for_the_next_post_and_then_gets_its_cards(tmp_path: Path) -> None:
    early, late = gazette(nov_20=1, nov_23=1), herald(time(10), nov_19=1, nov_20=1, nov_23=2)
    async with meeting(tmp_path, "2026-11-20 08:00", early, late) as readers:
        await readers.tick()
        await readers.wait_until("2026-11-23 08:00")
        for minutes in range(0, 20, 5):
            readers.clock.move(minutes=minutes)
            await readers.tick()
        assert "Invented Paper Number 730" not in readers.surface.titles
        await readers.wait_until("2026-11-24 08:00")
        assert readers.surface.titles[-2:] == ["Invented Paper Number 730", "Invented Paper Number 731"]
        header = await readers.card("Papers for Tuesday")
        assert header.body == "2 papers, announced Monday 23 November."


async def test_a_source_that_joins_later_begins_with_its_newest_day(tmp_path: Path) -> None:
    async with meeting(tmp_path, "2026-11-20 08:00", gazette(nov_20=1)) as readers:
        await readers.tick()
    joined = herald(nov_17=5, nov_18=5, nov_19=5, nov_20=2)
    async with meeting(tmp_path, "2026-11-20 09:00", joined, gazette(nov_20=1, nov_23=1)) as readers:
        await readers.tick()
        assert (await readers.card("Papers for Friday")).body == "1 paper."
        await readers.wait_until("2026-11-23 08:00")
        header = await readers.card("Papers for Monday")
        assert header.body.startswith("3 papers, announced Friday 20 to Monday 23 November.")


async def test_a_failed_second_look_takes_nothing_back(tmp_path: Path) -> None:
    source = gazette(nov_23=2)
    async with meeting(tmp_path, "2026-11-23 08:00", source) as readers:
        await readers.tick()
        source.down = DOWN
        readers.clock.move(minutes=65)
        await readers.tick()
        assert (await readers.card("Papers for Monday")).body == "2 papers."
        assert readers.surface.edits == []
        assert "gazette.example could not be reached" in await status(readers)


async def test_an_apology_does_not_stay_when_there_was_nothing_to_miss(tmp_path: Path) -> None:
    source = gazette(nov_20=1)
    async with meeting(tmp_path, "2026-11-20 08:00", source) as readers:
        await readers.tick()
        source.down = DOWN
        await readers.wait_until("2026-11-23 08:00")
        assert "can't be read right now" in (await readers.card("No new papers on Monday")).body
        source.down = None
        await readers.wait_until("2026-11-23 08:11")
        body = (await readers.card("No new papers on Monday")).body
        assert body.startswith("The Gazette lists no papers for")


async def test_a_weekly_group_loses_no_day_at_a_clock_change(tmp_path: Path) -> None:
    source = ListedSource()
    for day in range(12, 31):
        source.announce(f"2026-10-{day}", paper(day))
    thursdays = berlin(on="thu")
    async with town(tmp_path, thursdays, now="2026-10-15 07:00", source=source) as readers:
        await readers.tick()
        await readers.wait_until("2026-10-22 07:00")
        await readers.wait_until("2026-10-29 08:00")
        digests = [date(2026, 10, day) for day in (15, 22, 29)]
        entries = [
            entry
            for day in digests
            for entry in await readers.club.store.read(lambda rows: rows.entries.entries("readers", day))
        ]
    assert {entry.day.day for entry in entries} == set(range(14, 30))


async def test_a_late_catch_up_leaves_the_newer_days_to_their_own_post(tmp_path: Path) -> None:
    evenings = berlin(post_at=time(18))
    source = ListedSource()
    for day in (19, 20, 23):
        source.announce(f"2026-11-{day}", paper(day))
    async with town(tmp_path, evenings, now="2026-11-19 17:00", source=source) as readers:
        await readers.tick()
    async with town(tmp_path, evenings, now="2026-11-23 11:00", source=source) as readers:
        await readers.tick()
        assert (await readers.card("Papers for Friday")).body == "1 paper."
        await readers.wait_until("2026-11-23 17:00")
        assert (await readers.card("Papers for Monday")).body == "1 paper."


async def test_a_partial_answer_is_told_in_status_only(tmp_path: Path) -> None:
    class Partial(ListedSource):
        async def fetch(self, day: date) -> Batch:
            return Batch((paper(1),), partial="It shows at most 100 papers of a day.")

    async with meeting(tmp_path, "2026-11-23 08:00", Partial("gazette", "The Gazette")) as readers:
        for _ in range(3):
            await readers.tick()
            readers.clock.move(minutes=11)
        assert (await readers.card("Papers for Monday")).body == "1 paper."
        assert readers.surface.edits == []
        assert "It shows at most 100 papers of a day." in await status(readers)


async def test_the_order_of_a_source_that_counts_no_upvotes_stays(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-23", paper(9), paper(3), paper(5))
    async with meeting(tmp_path, "2026-11-23 08:00", source) as readers:
        await readers.tick()
        cards = (await readers.visitor().says("/paper today")).cards
        assert [card.title[-1] for card in cards] == ["9", "3", "5"]


async def status(readers: Town) -> str:
    return (await readers.visitor().says("/paper status")).text


async def test_a_source_taken_out_of_the_configuration_loses_nothing(
    tmp_path: Path,
) -> None:
    source = gazette(nov_20=1, nov_23=2)
    async with meeting(tmp_path, "2026-11-20 08:00", source) as readers:
        await readers.tick()
        source.down = DOWN
        await readers.wait_until("2026-11-23 08:00")
    async with meeting(tmp_path, "2026-11-23 08:30", herald()) as readers:
        await readers.tick()
        assert "The Gazette can't be read" in (await readers.card("No new papers on Monday")).body
    source.down = None
    async with meeting(tmp_path, "2026-11-24 08:00", source) as readers:
        await readers.tick()
        assert "Invented Paper Number 331" in [card.title for card in await readers.channel()]


async def test_an_outage_of_days_ends_with_an_apology_that_is_taken_back(tmp_path: Path) -> None:
    source = gazette(nov_19=1, nov_20=2, nov_24=1)
    async with meeting(tmp_path, "2026-11-19 08:00", source) as readers:
        await readers.tick()
        source.down = DOWN
        await readers.wait_until("2026-11-20 08:00")
        await readers.wait_until("2026-11-23 08:00")
        source.down = None
        await readers.wait_until("2026-11-24 08:00")
        await readers.wait_until("2026-11-24 08:20")
        assert not any("can't be read" in card.body for card in await readers.channel())


async def test_what_fills_a_post_bit_by_bit_gets_cards_up_to_the_groups_number(tmp_path: Path) -> None:
    source = gazette(nov_20=1)
    async with meeting(tmp_path, "2026-11-20 08:00", source) as readers:
        await readers.tick()
        source.down = DOWN
        await readers.wait_until("2026-11-23 08:00")
        source.down = None
        source.announce("2026-11-23", paper(1))
        await readers.wait_until("2026-11-23 08:11")
        source.announce("2026-11-23", paper(2), paper(3))
        await readers.wait_until("2026-11-23 09:30")
        header = await readers.card("Papers for Monday")
        assert header.body == "3 papers. The first 2 have cards here; Show all lists the rest. 2 came later."
        assert readers.surface.titles.count("Invented Paper Number 2") == 1


async def test_a_day_posted_by_hand_does_not_bring_the_fortnight_before_it(tmp_path: Path) -> None:
    source = gazette(**{f"nov_{day}": 3 for day in range(9, 21)})
    async with meeting(tmp_path, "2026-11-20 07:00", source) as readers:
        await post_day(readers, date(2026, 11, 19))
        await readers.wait_until("2026-11-20 08:00")
        assert (await readers.card("Papers for Friday")).body.startswith("3 papers.")


async def test_todays_post_made_by_hand_is_the_post_of_the_day(tmp_path: Path) -> None:
    source = gazette(nov_20=1, nov_22=2, nov_23=1)
    async with meeting(tmp_path, "2026-11-20 08:00", source) as readers:
        await readers.tick()
        readers.clock.move_to("2026-11-23 07:00")
        assert await post_day(readers, date(2026, 11, 23))
        await readers.wait_until("2026-11-23 08:00")
        assert (await readers.card("Papers for Monday")).body.startswith("3 papers, announced Sunday 22 to Monday 23")
        assert not await post_day(readers, date(2026, 11, 22)), "it was had with Monday's"
        assert await readers.club.daily.find(BERLIN, date(2026, 11, 22)) == date(2026, 11, 23)


async def test_a_first_start_before_the_hour_leaves_the_day_to_its_hour(tmp_path: Path) -> None:
    source = gazette(nov_20=1, nov_23=2)
    evenings = berlin(post_at=time(18))
    async with meeting(tmp_path, "2026-11-23 09:00", source, group=evenings) as readers:
        await readers.tick()
        await readers.wait_until("2026-11-23 17:00")
    titles = [title for title in readers.surface.titles if title.startswith(("Papers", "No new"))]
    assert titles == ["Papers for Friday 20 November", "Papers for Monday 23 November"]
