"""Contract of a store: the rows of papers, days and entries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.day import list_day
from bot.actions.papers import put_summaries, record_day
from bot.model import Paper, Summary
from bot.ports import Rows, Store
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
    listing,
    report,
)

D = replace(A, key="arxiv:2411.00004", title="A late one")
ORDERS = st.permutations([replace(A, key=f"arxiv:{number}") for number in range(6)])
days = count(1)


async def test_what_was_announced_is_read_back_whole(store: Store) -> None:
    await store.write(record_day, report(), PAPERS)
    assert tuple(await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))) == PAPERS
    assert await store.read(lambda rows: rows.papers.announced("hf", SATURDAY)) == []
    assert await store.read(lambda rows: rows.papers.announced("arxiv", FRIDAY)) == []


async def test_announcements_only_grow(store: Store) -> None:
    await store.write(record_day, report(), [A, B])
    await store.write(record_day, report(), [B, C])
    assert [paper.key for paper in await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))] == [
        A.key,
        B.key,
        C.key,
    ]


@given(known=ORDERS, lists=st.lists(st.tuples(ORDERS, st.integers(0, 6)), min_size=1, max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_was_announced_last_stands_in_the_order_of_the_source(
    store: Store, known: list[Paper], lists: list[tuple[list[Paper], int]]
) -> None:
    day = FRIDAY + timedelta(days=next(days))
    await store.write(record_day, report(day, source="arxiv"), known)
    for papers, length in lists:
        await store.write(record_day, report(day), papers[:length])
    newest = papers[:length]
    assert [
        paper for paper in await store.read(lambda rows: rows.papers.announced("hf", day)) if paper in newest
    ] == newest
    assert await store.read(lambda rows: rows.papers.announced("arxiv", day)) == known, (
        "each source has an order of its own"
    )


@pytest.mark.parametrize("grown", [(B, A, C), (B, C, A), (C, B, A)], ids=["at its end", "between", "at its head"])
async def test_a_list_that_grew_stands_in_the_order_of_the_source(store: Store, grown: tuple[Paper, ...]) -> None:
    await store.write(record_day, report(source="arxiv"), PAPERS)
    await store.write(record_day, report(), [B, A])
    assert await store.read(lambda rows: rows.papers.announced("hf", FRIDAY)) == [B, A]
    await store.write(record_day, report(at=later(hours=1)), grown)
    assert tuple(await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))) == grown


async def test_known_papers_are_those_of_the_group(scene: Scene) -> None:
    await scene.store.write(list_day, digest("others", SATURDAY), [], [listing(D)], {}, AT)
    assert await scene.store.read(lambda rows: rows.entries.known("readers", [A.key, D.key, "arxiv:none"])) == {A.key}
    assert await scene.store.read(lambda rows: rows.entries.known("others", [A.key, D.key])) == {A.key, D.key}


async def test_a_group_reads_the_summary_in_its_language_even_if_another_is_newer(scene: Scene) -> None:
    german = Summary("Es singt.", "aus dem Abstract", "extractive", "de")
    await scene.store.write(put_summaries, {A.key: german}, later(minutes=1))
    ours, theirs = (
        await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first)),
        await scene.store.peek(lambda rows: rows.entries.entry("others", scene.foreign[0])),
    )
    assert ours
    assert theirs
    assert (ours.summary, theirs.summary) == (SENTENCE, german)


def put_papers(rows: Rows, papers: Sequence[Paper]) -> None:
    rows.papers.put(papers, AT)


async def test_a_paper_is_put_whole_and_put_again(store: Store) -> None:
    known = replace(A, title="Better", abstract="", authors=(), published=None, version=None, upvotes=None, links=())
    for paper in (A, known):
        await store.write(put_papers, [paper, B])
        assert await store.read(lambda rows: rows.papers.papers([B.key, "arxiv:none", A.key])) == {
            B.key: B,
            A.key: paper,
        }


async def test_summaries_are_those_of_all_languages(scene: Scene) -> None:
    german = Summary("Es singt.", "aus dem Abstract", "extractive", "de")
    await scene.store.write(lambda rows: rows.papers.put_summaries({A.key: german, B.key: german}, AT))
    assert await scene.store.read(lambda rows: rows.papers.summaries([A.key, C.key])) == {
        (A.key, SENTENCE),
        (A.key, german),
    }


async def test_entries_are_found_by_papers_here_and_in_every_group(scene: Scene) -> None:
    await scene.store.write(list_day, digest("others", SATURDAY), [], [listing(D)], {}, AT)
    keys = [D.key, "arxiv:none", A.key]
    theirs = await scene.store.read(lambda rows: rows.entries.ids("others", [D.key]))
    assert await scene.store.read(lambda rows: rows.entries.ids("readers", keys)) == {A.key: scene.first}
    assert await scene.store.read(lambda rows: rows.entries.of_papers(keys)) == [
        ("others", theirs[D.key]),
        ("readers", scene.first),
        ("others", scene.foreign[0]),
    ]


async def test_the_last_rank_is_that_of_the_date(scene: Scene) -> None:
    assert await scene.store.read(lambda rows: rows.entries.last_rank("readers", FRIDAY)) == 3
    assert await scene.store.read(lambda rows: rows.entries.last_rank("readers", SATURDAY)) == 0


async def test_what_stands_already_is_not_wanted_anew(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.write(lambda rows: rows.messages.want("readers", "paper", str(scene.first), AT))
    assert await scene.due() == []
    await scene.store.write(lambda rows: rows.messages.want("readers", "paper", str(scene.entries[2]), AT))
    assert await scene.due() == await scene.due("slack") == [("paper", str(scene.entries[2]))]


async def test_the_newest_digest_between_two_dates(scene: Scene) -> None:
    sunday = SATURDAY + timedelta(days=1)
    await scene.store.write(list_day, digest(posted_on=sunday), [], [], {}, AT)
    found = {
        (since, until): await scene.store.read(lambda rows: rows.days.newest("readers", since, until))
        for since, until in ((FRIDAY, sunday), (FRIDAY, SATURDAY), (SATURDAY, SATURDAY), (FRIDAY, FRIDAY))
    }
    assert [*found.values()] == [sunday, FRIDAY, None, FRIDAY]
    assert await scene.store.read(lambda rows: rows.days.newest("others", SATURDAY, sunday)) is None


async def test_what_digests_cover_is_found_for_many_groups_at_once(scene: Scene) -> None:
    old, older = FRIDAY - timedelta(days=5), FRIDAY - timedelta(days=9)
    missed = replace(digest("others", old), covers=(("hf", old), ("arxiv", old)), missing=("arXiv",))
    for each in (missed, replace(missed, posted_on=older, covers=(("hf", older),)), digest(posted_on=old)):
        await scene.store.write(list_day, each, [], [], {}, AT)
    both = ["readers", "others", "nobody"]
    covered = await scene.store.read(lambda rows: rows.days.covered(both, FRIDAY, old))
    assert covered == {("hf", FRIDAY), ("hf", old), ("arxiv", old)}
    assert await scene.store.read(lambda rows: rows.days.covered(["readers"], FRIDAY, old)) == {("hf", FRIDAY)}
    assert await scene.store.read(lambda rows: rows.days.covered([], FRIDAY, old)) == frozenset()
