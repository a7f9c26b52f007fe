"""The day of a group: what is posted, when, once; what comes late; why nothing came."""

from datetime import date, time
from pathlib import Path

from bot.day.needs import for_digest
from bot.errors import SourceError
from bot.model import DaySettings, GroupSettings
from tests.club import BERLIN, Town, town
from tests.fakes.source import ListedSource, paper

POST_TIME = "2026-11-23 08:00"  # 09:00 in Berlin


def announce(readers: Town, day: str, *numbers: int) -> None:
    readers.source.announce(day, *(paper(n, upvotes=100 - n) for n in numbers))


async def test_the_day_is_posted_at_its_time_most_upvoted_first(readers: Town) -> None:
    announce(readers, "2026-11-23", 3, 1, 2)
    await readers.wait_until(POST_TIME)
    assert readers.surface.titles == [
        "Papers for Monday 23 November",
        "Invented Paper Number 1",
        "Invented Paper Number 2",
    ]


async def test_nothing_is_posted_before_its_time_once_the_group_has_begun(readers: Town) -> None:
    announce(readers, "2026-11-20", 1)
    await readers.tick()  # the first post of a new group does not wait
    announce(readers, "2026-11-23", 2)
    before = len(readers.surface.posts)
    await readers.wait_until("2026-11-23 07:59")
    assert len(readers.surface.posts) == before
    await readers.wait_until(POST_TIME)
    assert readers.surface.titles[before:] == ["Papers for Monday 23 November", "Invented Paper Number 2"]


async def test_a_new_group_gets_the_newest_day_that_has_papers(readers: Town) -> None:
    announce(readers, "2026-11-19", 1)
    announce(readers, "2026-11-20", 2)
    await readers.tick()
    assert readers.surface.titles == ["Papers for Friday 20 November", "Invented Paper Number 2"]


async def test_the_header_counts_what_has_no_card_and_show_all_lists_it(readers: Town) -> None:
    announce(readers, "2026-11-23", 1, 2, 3)
    await readers.wait_until(POST_TIME)
    header = await readers.card("Papers for Monday")
    assert header.body == "3 papers. The first 2 have cards here; Show all lists the rest."
    reply = await readers.visitor().presses("Show all 3", header)
    assert [card.number for card in reply.cards] == [1, 2, 3]


async def test_a_card_says_who_wrote_it_what_it_does_and_why_it_is_listed(readers: Town) -> None:
    announce(readers, "2026-11-23", 1)
    await readers.wait_until(POST_TIME)
    card = await readers.card("Number 1")
    assert card.url == "https://arxiv.org/abs/2611.00001"
    assert card.byline == "Ada Example, Bo Sample"
    assert (card.body, card.label) == ("We propose method 1, which learns faster.", "from the abstract")
    assert card.footer == "99 upvotes · no. 1 of 1 by upvotes on The Gazette"
    assert [button.label for button in card.buttons] == ["Vote", "Claim", "Summary", "Pass", "Discuss"]


async def test_a_second_look_posts_nothing_again(readers: Town) -> None:
    announce(readers, "2026-11-23", 1, 2)
    await readers.wait_until(POST_TIME)
    posts = list(readers.surface.posts)
    for _ in range(3):
        await readers.tick()
    assert readers.surface.posts == posts
    assert readers.surface.edits == []


async def test_a_restart_posts_nothing_again(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-23", paper(1))
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        await readers.tick()
        assert len(readers.surface.posts) == 2
    async with town(tmp_path, now="2026-11-23 08:05", source=source) as readers:
        await readers.tick()
        assert readers.surface.posts == []
        assert [card.title for card in await readers.channel()] == [
            "Papers for Monday 23 November",
            "Invented Paper Number 1",
        ]


async def test_a_paper_is_listed_once_even_when_it_is_announced_again(readers: Town) -> None:
    announce(readers, "2026-11-23", 1)
    await readers.wait_until(POST_TIME)
    announce(readers, "2026-11-24", 1)
    await readers.wait_until("2026-11-24 08:00")
    assert readers.surface.titles.count("Invented Paper Number 1") == 1
    empty = await readers.card("No new papers on Tuesday")
    assert empty.body.startswith("The 1 paper that was announced is on another list of this group.")


async def test_a_day_that_has_not_settled_waits_and_the_one_before_goes_out(tmp_path: Path) -> None:
    source = ListedSource(settles=time(10))
    source.announce("2026-11-20", paper(1))
    source.announce("2026-11-23", paper(2))
    async with town(tmp_path, source=source) as readers:
        await readers.wait_until(POST_TIME)
        assert readers.surface.titles == ["Papers for Monday 23 November", "Invented Paper Number 1"]
        await readers.wait_until("2026-11-24 08:00")
        assert readers.surface.titles[2:] == ["Papers for Tuesday 24 November", "Invented Paper Number 2"]


async def test_monday_brings_what_was_announced_since_friday(tmp_path: Path) -> None:
    source = ListedSource(settles=time(10))
    source.announce("2026-11-19", paper(1))
    async with town(tmp_path, now="2026-11-20 08:00", source=source) as readers:
        await readers.tick()
        source.announce("2026-11-20", paper(2))
        source.announce("2026-11-22", paper(3))
        await readers.wait_until(POST_TIME)
        header = await readers.card("Papers for Monday")
        assert header.body.startswith("2 papers, announced Friday 20 to Sunday 22 November.")


async def test_an_empty_weekend_is_explained_with_the_next_due_time(tmp_path: Path) -> None:
    daily = GroupSettings(
        id="readers", timezone="Europe/Berlin", channels=("web:readers",), day=DaySettings(on="daily")
    )
    source = ListedSource()
    source.announce("2026-11-20", paper(1))
    async with town(tmp_path, daily, now="2026-11-20 08:00", source=source) as readers:
        await readers.tick()
        await readers.wait_until("2026-11-21 08:00")
        card = await readers.card("No new papers on Saturday 21 November")
        assert card.body == (
            "The Gazette announces nothing at the weekend. The next post is due Sunday 22 November, 09:00 CET."
        )


async def test_an_empty_weekday_is_explained(readers: Town) -> None:
    announce(readers, "2026-11-20", 1)
    await readers.tick()
    await readers.wait_until(POST_TIME)
    card = await readers.card("No new papers on Monday")
    assert card.body == (
        "The Gazette lists no papers for Saturday 21 to Monday 23 November. "
        "The next post is due Tuesday 24 November, 09:00 CET."
    )


async def test_a_source_that_is_down_is_named_and_its_papers_fill_the_same_post_later(readers: Town) -> None:
    announce(readers, "2026-11-20", 1)
    await readers.tick()
    announce(readers, "2026-11-23", 2, 3, 4)
    readers.source.down = SourceError("gazette.example answered HTTP 500")
    await readers.wait_until(POST_TIME)
    empty = await readers.card("No new papers on Monday")
    assert empty.body.startswith("The Gazette can't be read right now; we try every ten minutes")
    assert "gazette.example answered HTTP 500" in (await readers.visitor().says("/paper status")).text

    readers.source.down = None
    await readers.wait_until("2026-11-23 08:11")
    assert [card.title for card in await readers.channel()][2:] == [
        "Papers for Monday 23 November",
        "Invented Paper Number 2",
        "Invented Paper Number 3",
    ]
    header = await readers.card("Papers for Monday")
    assert "came later" not in header.body


async def test_a_source_that_stays_down_loses_nothing_its_papers_join_the_next_post(readers: Town) -> None:
    announce(readers, "2026-11-20", 1)
    await readers.tick()
    announce(readers, "2026-11-23", 2)
    readers.source.down = SourceError("gazette.example answered HTTP 500")
    await readers.wait_until(POST_TIME)
    readers.source.down = None
    announce(readers, "2026-11-24", 3)
    await readers.wait_until("2026-11-24 08:00")
    listed = [card.title for card in await readers.channel()]
    assert "Invented Paper Number 2" in listed
    assert "Invented Paper Number 3" in listed


async def test_one_source_that_fails_does_not_hold_up_the_other(tmp_path: Path) -> None:
    from bot.compose import opened
    from bot.model import Settings
    from tests.fakes.clock import MovableClock
    from tests.fakes.surface import RecordingSurface

    good, bad = ListedSource("gazette", "The Gazette"), ListedSource("herald", "The Herald")
    good.announce("2026-11-23", paper(1))
    bad.down = SourceError("herald.example did not answer within 20 s")
    clock, surface = MovableClock(POST_TIME), RecordingSurface()
    settings = Settings(database=str(tmp_path / "two.db"), groups=(BERLIN,))
    async with opened(settings, clock=clock, sources=[bad, good], adapters=[surface]) as club:
        await Town(club, clock, good, surface).tick()
    assert surface.titles == ["Papers for Monday 23 November", "Invented Paper Number 1"]
    assert surface.posts[0][1].card.body == "1 paper. The Herald could not be read yet."


async def test_the_same_paper_from_two_sources_is_one_entry(tmp_path: Path) -> None:
    from bot.compose import opened
    from bot.model import Settings
    from tests.fakes.clock import MovableClock
    from tests.fakes.surface import RecordingSurface

    first, second = ListedSource("gazette", "The Gazette"), ListedSource("herald", "The Herald")
    first.announce("2026-11-23", paper(1))
    second.announce("2026-11-23", paper(1, upvotes=7))
    clock, surface = MovableClock(POST_TIME), RecordingSurface()
    settings = Settings(database=str(tmp_path / "two.db"), groups=(BERLIN,))
    async with opened(settings, clock=clock, sources=[first, second], adapters=[surface]) as club:
        await Town(club, clock, first, surface).tick()
    assert surface.titles == ["Papers for Monday 23 November", "Invented Paper Number 1"]
    assert surface.posts[1][1].card.footer.startswith("7 upvotes")


async def test_late_papers_join_the_living_header_and_never_make_a_second_digest(readers: Town) -> None:
    announce(readers, "2026-11-23", 1, 2)
    await readers.wait_until(POST_TIME)
    announce(readers, "2026-11-23", 8, 9)
    await readers.wait_until("2026-11-23 09:30")
    assert len(readers.surface.posts) == 3
    header = await readers.card("Papers for Monday")
    assert header.body == "4 papers. The first 2 have cards here; Show all lists the rest. 2 came later."
    reply = await readers.visitor().says("/paper today")
    assert [card.footer for card in reply.cards][2].endswith("came later, from The Gazette")
    await readers.wait_until("2026-11-24 08:00")
    assert readers.surface.titles.count("Invented Paper Number 9") == 0


async def test_upvotes_edit_a_card_in_its_first_hour_and_not_after(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-23", paper(1, upvotes=5))
    async with town(tmp_path, now=POST_TIME, source=source) as readers:
        await readers.tick()
        source.days[date(2026, 11, 23)] = [paper(1, upvotes=50)]
        readers.clock.move(minutes=1)
        await readers.club.collector.bring(for_digest("readers", date(2026, 11, 23), readers.clock.now()))
        await readers.tick()
        assert [edit.card.footer[:10] for edit in readers.surface.edits] == ["50 upvotes"]

        source.days[date(2026, 11, 23)] = [paper(1, upvotes=90)]
        readers.clock.move(hours=2)
        await readers.tick()
        assert len(readers.surface.edits) == 1


async def test_a_missed_week_is_made_up_by_one_post(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-13", paper(1))
    async with town(tmp_path, now="2026-11-13 08:00", source=source) as readers:
        await readers.tick()
    for day in range(16, 21):
        source.announce(f"2026-11-{day}", paper(day))
    async with town(tmp_path, now="2026-11-20 15:00", source=source) as readers:
        await readers.tick()
        assert readers.surface.titles[0] == "Papers for Friday 20 November"
        assert len([title for title in readers.surface.titles if title.startswith("Papers for")]) == 1
        reply = await readers.visitor().says("/paper today")
        assert len(reply.cards) == 5


async def test_two_groups_get_their_own_day_and_nothing_is_fetched_twice(tmp_path: Path) -> None:
    tokyo = GroupSettings(id="tokyo", timezone="Asia/Tokyo", channels=("web:tokyo",))
    lisbon = GroupSettings(id="lisbon", timezone="Europe/Lisbon", channels=("web:lisbon",))
    source = ListedSource()
    source.announce("2026-11-19", paper(1))
    source.announce("2026-11-20", paper(2))
    async with town(tmp_path, BERLIN, tokyo, lisbon, now="2026-11-20 09:30", source=source) as all_of_them:
        await all_of_them.tick()
        # At 09:00 in Tokyo, Friday's list had not settled yet.
        for group, number in (("readers", "2"), ("tokyo", "1"), ("lisbon", "2")):
            listed = [card.title[-1] for card in await all_of_them.channel(group) if card.kind == "paper"]
            assert listed == [number]
        assert len(source.asked) == len(set(source.asked))
