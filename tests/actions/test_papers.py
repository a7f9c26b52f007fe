"""What sources announce: whose word stands, which cards show it, how a fetch went."""

from dataclasses import replace

import pytest

from bot.actions.deliveries import give_up, mark_shown
from bot.actions.papers import put_summaries, record_day, record_failure
from bot.errors import StoreError
from bot.model import SourceReport, Summary
from bot.ports import Store
from tests.stores.scene import (
    AT,
    FRIDAY,
    PAPERS,
    SATURDAY,
    SENTENCE,
    A,
    B,
    Scene,
    later,
    report,
)


async def test_the_later_word_wins_where_it_says_something(store: Store) -> None:
    await store.write(record_day, report(), [A])
    silent = replace(A, title="Models that sing", abstract="", authors=(), published=None, version=None, url="")
    await store.write(record_day, report(source="arxiv"), [replace(silent, upvotes=None, links=(), origin="our words")])
    assert await store.read(lambda rows: rows.papers.announced("hf", FRIDAY)) == [replace(A, title="Models that sing")]


async def test_the_same_day_again_touches_nothing(scene: Scene) -> None:
    await scene.store.write(record_day, report(), PAPERS)
    await scene.show_all()
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await scene.store.write(record_day, report(at=later(minutes=5)), PAPERS)
    assert await scene.due() == []
    assert await scene.noted(last) == []


async def test_upvotes_alone_show_a_card_anew_in_its_first_hour_only(scene: Scene) -> None:
    await scene.show_all(AT)
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await scene.store.write(record_day, report(at=later(minutes=59)), [replace(A, upvotes=42)])
    assert await scene.noted(last) == [f"entry:{scene.first}"]
    assert await scene.due(at=later(minutes=59)) == [("paper", str(scene.first)), ("paper", str(scene.foreign[0]))]
    await scene.store.write(record_day, report(at=later(minutes=60)), [replace(B, upvotes=8)])
    assert await scene.due(at=later(minutes=60, seconds=1)) == [
        ("paper", str(scene.first)),
        ("paper", str(scene.foreign[0])),
    ]


async def test_a_better_title_is_shown_whenever_it_comes(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.write(record_day, report(at=later(days=2)), [replace(A, title="Better")])
    assert ("paper", str(scene.first)) in await scene.due(at=later(days=2))


async def test_a_report_tells_how_the_last_fetch_of_a_day_went(store: Store) -> None:
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) is None
    await store.write(record_failure, "hf", FRIDAY, "Hugging Face answers 503", AT)
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == SourceReport(
        "hf", FRIDAY, AT, 0, 0, "Hugging Face answers 503"
    )
    await store.write(record_failure, "hf", FRIDAY, "no answer", later(seconds=1))
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == SourceReport(
        "hf", FRIDAY, later(seconds=1), 0, 0, "no answer"
    )
    await store.write(record_day, report(at=later(minutes=1)), PAPERS)
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == report(at=later(minutes=1))
    assert await store.read(lambda rows: rows.papers.report("hf", SATURDAY)) is None
    assert await store.read(lambda rows: rows.papers.report("arxiv", FRIDAY)) is None


async def test_a_failure_takes_nothing_from_what_was_read_before(store: Store) -> None:
    await store.write(record_day, report(), PAPERS)
    for hour in (1, 2):
        await store.write(record_failure, "hf", FRIDAY, f"failure {hour}", later(hours=hour))
        kept = replace(report(), at=later(hours=hour), problem=f"failure {hour}")
        assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == kept
    assert tuple(await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))) == PAPERS
    better = SourceReport("hf", FRIDAY, later(hours=3), 4, 0, read_at=later(hours=3))
    await store.write(record_day, better, [])
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == better


async def test_reports_hold_the_newest_day_of_each_source(store: Store) -> None:
    assert await store.read(lambda rows: rows.papers.reports()) == []
    for each in (report(SATURDAY, later(hours=1)), report(FRIDAY, later(hours=2)), report(source="arxiv")):
        await store.write(record_day, each, [])
    assert await store.read(lambda rows: rows.papers.reports()) == [
        report(source="arxiv"),
        report(SATURDAY, later(hours=1)),
    ]
    await store.write(record_failure, "hf", FRIDAY, "no answer", later(hours=3))
    await store.write(record_failure, "arxiv", SATURDAY, "no answer", later(hours=3))
    failed = SourceReport("arxiv", SATURDAY, later(hours=3), 0, 0, "no answer")
    assert await store.read(lambda rows: rows.papers.reports()) == [failed, report(SATURDAY, later(hours=1))]


async def test_a_summary_shows_the_cards_of_its_paper_in_every_group(scene: Scene) -> None:
    await scene.show_all()
    better = Summary("It sings well.", "by a model", "openai")
    await scene.store.write(put_summaries, {A.key: better}, later(minutes=1))
    assert await scene.due(at=later(minutes=1)) == [("paper", str(scene.first)), ("paper", str(scene.foreign[0]))]
    entry = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert entry
    assert entry.summary == better


async def test_the_same_summary_again_shows_nothing(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.write(put_summaries, {A.key: SENTENCE}, later(minutes=1))
    assert await scene.due(at=later(minutes=1)) == []


async def test_a_summary_of_no_paper_is_refused(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.write(put_summaries, {"arxiv:none": SENTENCE}, AT)


async def test_a_failure_keeps_what_the_source_said_of_its_list(store: Store) -> None:
    noted = replace(report(), note="A holiday.", skipped=2)
    await store.write(record_day, noted, [])
    await store.write(record_failure, "hf", FRIDAY, "no answer", later(hours=1))
    failed = replace(noted, at=later(hours=1), problem="no answer")
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == failed


async def test_a_paper_that_stands_twice_in_a_list_is_one(store: Store) -> None:
    await store.write(record_day, report(), [A, B, replace(A, title="Better", upvotes=None)])
    assert await store.read(lambda rows: rows.papers.announced("hf", FRIDAY)) == [replace(A, title="Better"), B]


async def test_a_card_that_was_given_up_is_not_tried_again_for_upvotes(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.write(record_day, report(at=later(minutes=1)), [replace(A, upvotes=42)])
    (ours, theirs) = await scene.lease("web", later(minutes=1))
    await scene.store.write(give_up, ours, "no permission", later(minutes=2))
    await scene.store.write(mark_shown, theirs, "ref", "hash", later(minutes=2))
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await scene.store.write(record_day, report(at=later(minutes=3)), [replace(A, upvotes=43)])
    assert await scene.due("web", later(minutes=3)) == [("paper", str(scene.foreign[0]))]
    assert await scene.noted(last) == [f"entry:{scene.first}"], "it stands on Slack too"
