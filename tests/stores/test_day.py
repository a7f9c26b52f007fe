"""Contract of a store: what sources announce, and the digests that a group gets of it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import StoreError
from bot.model import Digest, GroupSettings, Summary
from bot.ports import Store
from tests.stores.scene import (
    AT,
    FRIDAY,
    PAPERS,
    SATURDAY,
    SENTENCE,
    A,
    B,
    C,
    Scene,
    digest,
    later,
    list_papers,
    listing,
    report,
)

D = replace(A, key="arxiv:2411.00004", title="A late one")


async def test_what_was_announced_is_read_back_whole(store: Store) -> None:
    await store.record_day("hf", FRIDAY, PAPERS, report())
    assert tuple(await store.announced("hf", FRIDAY)) == PAPERS
    assert await store.announced("hf", SATURDAY) == []
    assert await store.announced("arxiv", FRIDAY) == []


async def test_announcements_only_grow(store: Store) -> None:
    await store.record_day("hf", FRIDAY, [A, B], report())
    await store.record_day("hf", FRIDAY, [B, C], report())
    assert [paper.key for paper in await store.announced("hf", FRIDAY)] == [A.key, B.key, C.key]


async def test_the_later_word_wins_where_it_says_something(store: Store) -> None:
    await store.record_day("hf", FRIDAY, [A], report())
    silent = replace(A, title="Models that sing", abstract="", authors=(), published=None, version=None, url="")
    await store.record_day("arxiv", FRIDAY, [replace(silent, upvotes=None, links=(), origin="our words")], report())
    assert await store.announced("hf", FRIDAY) == [replace(A, title="Models that sing")]


async def test_an_outdated_version_only_fills_gaps(store: Store) -> None:
    await store.record_day("hf", FRIDAY, [replace(A, version=2, url="", upvotes=3)], report())
    await store.record_day("hf", FRIDAY, [replace(A, title="Draft", version=1, upvotes=5)], report())
    assert await store.announced("hf", FRIDAY) == [replace(A, version=2, upvotes=5)]


async def test_the_same_day_again_touches_nothing(scene: Scene) -> None:
    await scene.store.record_day("hf", FRIDAY, PAPERS, report())
    await scene.show_all()
    last = await scene.store.last_change("readers")
    await scene.store.record_day("hf", FRIDAY, PAPERS, report(at=later(minutes=5)))
    assert await scene.due() == []
    assert await scene.noted(last) == []


async def test_upvotes_alone_show_a_card_anew_in_its_first_hour_only(scene: Scene) -> None:
    await scene.show_all(AT)
    last = await scene.store.last_change("readers")
    await scene.store.record_day("hf", FRIDAY, [replace(A, upvotes=42)], report(at=later(minutes=59)))
    assert await scene.noted(last) == [f"entry:{scene.first}"]
    assert await scene.due(at=later(minutes=59)) == [("paper", str(scene.first)), ("paper", str(scene.foreign[0]))]
    await scene.store.record_day("hf", FRIDAY, [replace(B, upvotes=8)], report(at=later(minutes=60)))
    assert await scene.due(at=later(minutes=60, seconds=1)) == [
        ("paper", str(scene.first)),
        ("paper", str(scene.foreign[0])),
    ]


async def test_a_better_title_is_shown_whenever_it_comes(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.record_day("hf", FRIDAY, [replace(A, title="Better")], report(at=later(days=2)))
    assert ("paper", str(scene.first)) in await scene.due(at=later(days=2))


async def test_a_report_tells_how_the_last_fetch_of_a_day_went(store: Store) -> None:
    assert await store.report("hf", FRIDAY) is None
    await store.record_failure(report(problem="Hugging Face answers 503"))
    assert await store.report("hf", FRIDAY) == report(problem="Hugging Face answers 503")
    await store.record_day("hf", FRIDAY, PAPERS, report(at=later(minutes=1)))
    assert await store.report("hf", FRIDAY) == report(at=later(minutes=1))


async def test_reports_hold_the_newest_day_of_each_source(store: Store) -> None:
    arxiv = replace(report(), source="arxiv")
    for each in (report(SATURDAY, later(hours=1)), report(FRIDAY, later(hours=2)), arxiv):
        await store.record_failure(each)
    assert await store.reports() == [arxiv, report(SATURDAY, later(hours=1))]


async def test_a_digest_is_read_back(store: Store, scene: Scene) -> None:
    empty = Digest("readers", SATURDAY, (date(2026, 11, 19),), 0, 0, "It is Saturday.", later(days=2), ("hf", "arxiv"))
    assert await store.list_day(empty, [("arxiv", date(2026, 11, 19))], [], {}, 2, AT)
    assert await store.digest("readers", SATURDAY) == empty
    assert await store.digest("others", SATURDAY) is None
    assert await store.digests("readers", 5) == [empty, replace(digest(), papers=3)]
    assert await store.digests("readers", 1) == [empty]


async def test_entries_are_numbered_in_the_order_given(scene: Scene) -> None:
    first, second, third = await scene.store.entries("readers", FRIDAY)
    assert [(e.rank, e.paper) for e in (first, second, third)] == [(1, A), (2, B), (3, C)]
    assert (first.group, first.posted_on, first.day, first.source) == ("readers", FRIDAY, FRIDAY, "hf")
    assert (first.reason, first.late, first.summary) == ("41 upvotes on Hugging Face", False, SENTENCE)
    assert second.summary is None
    assert first.states == ("listed",)


async def test_a_group_has_one_digest_a_date(scene: Scene) -> None:
    last = await scene.store.last_change("readers")
    assert not await scene.store.list_day(digest(why="other"), [("x", FRIDAY)], [listing(D)], {}, 2, AT)
    assert await scene.store.digest("readers", FRIDAY) == replace(digest(), papers=3)
    assert await scene.store.entry_by_key("readers", D.key) is None
    assert await scene.store.last_change("readers") == last


async def test_a_paper_is_listed_once_in_a_group(scene: Scene) -> None:
    await scene.store.list_day(digest(posted_on=SATURDAY), [], [listing(A), listing(D)], {}, 2, AT)
    assert [(e.rank, e.paper.key) for e in await scene.store.entries("readers", SATURDAY)] == [(1, D.key)]


async def test_every_bound_channel_gets_the_header_and_the_first_cards(scene: Scene) -> None:
    wished = [("digest", "2026-11-20"), ("paper", str(scene.entries[0])), ("paper", str(scene.entries[1]))]
    assert await scene.due("slack") == wished
    foreign = [("digest", "2026-11-20"), ("paper", str(scene.foreign[0])), ("paper", str(scene.foreign[1]))]
    assert await scene.due("web") == wished + foreign


async def test_what_a_digest_covers_is_had(scene: Scene) -> None:
    assert await scene.store.had("readers", FRIDAY) == {("hf", FRIDAY)}
    assert await scene.store.had("readers", SATURDAY) == frozenset()
    assert await scene.store.had("nowhere", FRIDAY) == frozenset()


async def test_known_papers_are_those_of_the_group(scene: Scene) -> None:
    await scene.store.list_day(digest("others", SATURDAY), [], [listing(D)], {}, 2, AT)
    assert await scene.store.known("readers", [A.key, D.key, "arxiv:none"]) == {A.key}
    assert await scene.store.known("others", [A.key, D.key]) == {A.key, D.key}


async def test_late_papers_join_the_digest_after_the_others(scene: Scene) -> None:
    await scene.show_all()
    grown = digest(why="")
    late = [listing(A, late=True), listing(D, late=True)]
    assert await scene.store.extend_day(grown, [("hf", FRIDAY), ("arxiv", FRIDAY)], late, {D.key: SENTENCE}, 1, AT)
    entry = (await scene.store.entries("readers", FRIDAY))[-1]
    assert (entry.rank, entry.paper, entry.late, entry.summary) == (4, D, True, SENTENCE)
    assert await scene.store.digest("readers", FRIDAY) == replace(digest(), papers=4, late=1)
    assert await scene.store.had("readers", FRIDAY) == {("hf", FRIDAY), ("arxiv", FRIDAY)}
    assert await scene.due("slack") == [("digest", "2026-11-20"), ("paper", str(entry.id))]


async def test_a_digest_that_stays_the_same_is_not_shown_again(scene: Scene) -> None:
    await scene.show_all()
    assert not await scene.store.extend_day(digest(), [("hf", FRIDAY)], [listing(A)], {}, 2, AT)
    assert await scene.due() == []


async def test_new_facts_show_a_digest_again(scene: Scene) -> None:
    await scene.show_all()
    assert await scene.store.extend_day(replace(digest(), missing=("arxiv",)), [], [], {}, 0, AT)
    assert await scene.due() == [("digest", "2026-11-20")]
    found = await scene.store.digest("readers", FRIDAY)
    assert found
    assert found.missing == ("arxiv",)


async def test_a_digest_that_is_not_there_is_not_extended(scene: Scene) -> None:
    assert not await scene.store.extend_day(digest(posted_on=SATURDAY), [], [listing(D)], {}, 2, AT)
    assert await scene.store.entries("readers", SATURDAY) == []


async def test_a_summary_shows_the_cards_of_its_paper_in_every_group(scene: Scene) -> None:
    await scene.show_all()
    better = Summary("It sings well.", "by a model", "openai")
    await scene.store.put_summary(A.key, better, later(minutes=1))
    assert await scene.due(at=later(minutes=1)) == [("paper", str(scene.first)), ("paper", str(scene.foreign[0]))]
    entry = await scene.store.entry("readers", scene.first)
    assert entry
    assert entry.summary == better


async def test_the_same_summary_again_shows_nothing(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.put_summary(A.key, SENTENCE, later(minutes=1))
    assert await scene.due(at=later(minutes=1)) == []


async def test_a_group_reads_the_summary_in_its_language_even_if_another_is_newer(scene: Scene) -> None:
    german = Summary("Es singt.", "aus dem Abstract", "extractive", "de")
    await scene.store.put_summary(A.key, german, later(minutes=1))
    ours, theirs = await scene.store.entry("readers", scene.first), await scene.store.entry("others", scene.foreign[0])
    assert ours
    assert theirs
    assert (ours.summary, theirs.summary) == (SENTENCE, german)


async def test_a_summary_of_no_paper_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no paper arxiv:none"):
        await store.put_summary("arxiv:none", SENTENCE, AT)


async def test_a_listed_paper_that_no_source_announced_is_stored(store: Store, scene: Scene) -> None:
    await scene.store.list_day(digest(posted_on=SATURDAY), [], [listing(D)], {}, 2, AT)
    entry = await store.entry_by_key("readers", D.key)
    assert entry
    assert entry.paper == D


async def test_a_listing_does_not_overwrite_what_was_announced_meanwhile(scene: Scene) -> None:
    await scene.store.record_day("hf", FRIDAY, [replace(D, title="Newer")], report())
    await scene.store.list_day(digest(posted_on=SATURDAY), [], [listing(D)], {}, 2, AT)
    assert [entry.paper.title for entry in await scene.store.entries("readers", SATURDAY)] == ["Newer"]


async def test_listing_cards_beyond_the_list_wants_one_each(store: Store, scene: Scene) -> None:
    await store.sync_groups([GroupSettings(id="third", channels=("irc:#x",))])
    entries = await list_papers(store, "third", cards=9)
    assert await scene.due("irc") == [("digest", "2026-11-20"), *(("paper", str(entry)) for entry in entries)]
