"""The built-in sample: every paper once, on weekdays, some before the first start and twenty after it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.sources.sample import Sample
from bot.compose import opened
from bot.model import Settings
from bot.papers.normalise import to_paper
from bot.serve import post_backlog
from tests.club import BERLIN
from tests.fakes.clock import MovableClock
from tests.fakes.surface import RecordingSurface

WEEK = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]


async def all_days(sample: Sample, start: date) -> dict[date, int]:
    days = [start + timedelta(days=n) for n in range(-30, 15)]
    return {day: count for day in days if (count := len((await sample.fetch(day)).papers))}


@pytest.mark.parametrize("start", WEEK)
async def test_77_papers_stand_on_weekdays_20_of_them_after_the_first_start(start: date) -> None:
    days = await all_days(Sample(start), start)
    assert sum(days.values()) == 77
    assert sum(count for day, count in days.items() if day > start) == 20
    assert all(day.weekday() < 5 for day in days)


async def test_after_the_last_day_it_says_that_it_is_finished() -> None:
    batch = await Sample(WEEK[0]).fetch(WEEK[0] + timedelta(days=60))
    assert batch.papers == ()
    assert "no more papers" in batch.note


async def test_every_paper_has_our_own_description_and_nothing_invented() -> None:
    sample = Sample(WEEK[0])
    raw = [paper for day in sample.backlog for paper in (await sample.fetch(day)).papers]
    assert all(paper.origin == "our description" for paper in raw)
    assert not any(paper.authors or paper.published or paper.upvotes for paper in raw)
    papers = [to_paper(paper) for paper in raw]
    assert len({paper.key for paper in papers}) == len(papers) == 57
    assert all(100 < len(paper.abstract) < 600 for paper in papers)


async def test_when_the_sample_is_finished_the_post_says_what_to_do(tmp_path: Path) -> None:
    clock, surface = MovableClock("2026-11-23 09:30"), RecordingSurface()
    settings = Settings(database=str(tmp_path / "sample.db"), groups=(BERLIN,))
    async with opened(settings, clock=clock, adapters=[surface]) as club:
        await club.collector.catch_up()
        await club.schedule.tick()
        for day in range(24, 31):
            clock.move_to(f"2026-11-{day} 09:30")
            await club.collector.catch_up()
            await club.schedule.tick()
        digest = await club.store.read(lambda rows: rows.days.digest("readers", date(2026, 11, 30)))
        held_back = [
            len(await club.store.read(lambda rows: rows.entries.entries("readers", date(2026, 11, day))))
            for day in (24, 25, 26)
        ]
    assert held_back == [7, 7, 6]
    assert digest is not None
    assert digest.why == "The sample has no more papers; set a real source in config.toml."


@pytest.mark.parametrize(
    ("now", "newest"), [("2026-11-23 00:30", 20), ("2026-11-23 09:30", 23), ("2026-11-22 12:00", 20)]
)
async def test_the_first_start_posts_the_past_days_and_leaves_today_to_its_hour(
    tmp_path: Path, now: str, newest: int
) -> None:
    settings = Settings(database=str(tmp_path / "sample.db"), groups=(BERLIN,))
    async with opened(settings, clock=MovableClock(now), adapters=[RecordingSurface()]) as club:
        await post_backlog(club)
        await club.collector.catch_up()
        await club.schedule.tick()
        digests = await club.store.read(lambda rows: rows.days.digests("readers", 20))
    assert digests[0].posted_on == date(2026, 11, newest)
    assert sum(digest.papers for digest in digests) in (50, 57)
