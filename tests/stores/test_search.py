"""Contract of a store: finding a group's papers by their words."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.day import list_day
from bot.actions.papers import record_day
from bot.model import Found, Titled
from bot.ports import Store
from tests.stores.scene import AT, PAPERS, SATURDAY, A, B, C, Scene, digest, listing, report


async def titles(store: Store, query: str, *, titles_only: bool = False) -> list[str]:
    found = await store.read(lambda rows: rows.entries.search("readers", query, limit=10, titles_only=titles_only))
    assert found.total == len(found.entries)
    return [entry.paper.title for entry in found.entries]


@pytest.mark.parametrize("query", ["diffusion sing", "DIFFUSION", "models that si", "  sing, network! ", "sings"])
async def test_every_word_must_be_there_in_any_form(scene: Scene, query: str) -> None:
    assert A.title in await titles(scene.store, query)
    assert B.title not in await titles(scene.store, query)


async def test_a_word_in_the_title_counts_for_more(scene: Scene) -> None:
    assert await titles(scene.store, "diffusion") == [A.title, C.title]
    assert await titles(scene.store, "diffusion", titles_only=True) == [A.title]


@pytest.mark.parametrize("query", ["muller", "Müller", "li wei"])
async def test_authors_are_found_with_or_without_accents(scene: Scene, query: str) -> None:
    assert await titles(scene.store, query) == [A.title]


async def test_only_the_last_word_may_be_a_beginning(scene: Scene) -> None:
    assert await titles(scene.store, "sing diff") == [A.title]
    assert await titles(scene.store, "diff sing") == []


@pytest.mark.parametrize("query", ["", " ", '"', "*", "_", "()", "-", "\x00", "\ud800", "…"])
async def test_a_query_without_a_word_finds_none(scene: Scene, query: str) -> None:
    assert await scene.store.read(lambda rows: rows.entries.search("readers", query, limit=10)) == Found((), 0)


@pytest.mark.parametrize("query", ["NOT sing", "title : sing", "sing OR robots", "NEAR(a b)", "C++", "x-ray", 'a"b'])
async def test_operators_are_words(scene: Scene, query: str) -> None:
    assert await titles(scene.store, query) == []


async def test_a_page_counts_every_match(scene: Scene) -> None:
    found = await scene.store.read(lambda rows: rows.entries.search("readers", "diffusion", limit=1))
    assert ([entry.paper for entry in found.entries], found.total) == ([A], 2)


async def test_another_groups_papers_are_never_found(scene: Scene) -> None:
    only_theirs = type(A)(key="arxiv:1", title="Secret sauce")
    await scene.store.write(list_day, digest("others", SATURDAY), [], [listing(only_theirs)], {}, AT)
    assert await titles(scene.store, "secret") == []
    assert (await scene.store.read(lambda rows: rows.entries.search("others", "secret", limit=5))).total == 1
    assert {
        entry.group
        for entry in (await scene.store.read(lambda rows: rows.entries.search("readers", "diffusion", limit=5))).entries
    } == {"readers"}


async def test_a_corrected_title_is_found_and_the_old_one_is_not(scene: Scene) -> None:
    await scene.store.write(record_day, report(), [replace(B, title="Walking robots")])
    assert await titles(scene.store, "walking") == ["Walking robots"]
    assert await titles(scene.store, "running") == []


async def test_a_very_long_query_is_cut_to_its_first_words(scene: Scene) -> None:
    assert await titles(scene.store, "diffusion " * 16 + "nowhere " * 1000) == [A.title, C.title]


@given(query=st.text(max_size=60) | st.text(alphabet='ab*"^:(){}+-_ ANDORNEAR\x00', max_size=30), only=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_string_is_safe(scene: Scene, query: str, only: bool) -> None:
    found = await scene.store.read(lambda rows: rows.entries.search("readers", query, limit=2, titles_only=only))
    assert len(found.entries) == min(found.total, 2)


async def test_titles_go_on_from_what_was_typed(scene: Scene) -> None:
    async def typed(text: str, group: str = "readers", limit: int = 9) -> list[Titled]:
        return list(await scene.store.read(lambda rows: rows.entries.titles(group, text, limit)))

    first, second, third = (
        Titled(entry, p.title, n) for n, (entry, p) in enumerate(zip(scene.entries, PAPERS, strict=True), 1)
    )
    assert await typed("") == [first, second, third]
    assert await typed("", limit=2) == [first, second]
    assert await typed("diffusion model") == [first]
    assert await typed("runni") == await typed("2") == await typed("2411.00002") == [second]
    assert await typed("nothing") == await typed("diffusion robots") == await typed('"') == []
    assert [item.entry for item in await typed("runni", "others")] == scene.foreign[1:2]
    assert await typed("", "nowhere") == await typed("runni", "nowhere") == []


async def test_of_many_titles_the_newest_come_first_and_the_old_are_found_too(scene: Scene) -> None:
    many = [replace(A, key=f"arxiv:2412.{n:05}", title=f"Endless forms {n}", upvotes=None) for n in range(600)]
    await scene.store.write(list_day, digest(posted_on=SATURDAY), [], [listing(paper) for paper in many], {}, AT)

    async def typed(text: str) -> list[str]:
        return [found.title for found in await scene.store.read(lambda rows: rows.entries.titles("readers", text, 3))]

    first = [paper.title for paper in many[:3]]
    assert await typed("e") == await typed("endless") == await typed("") == first
    assert await typed("s") == await typed("sin") == [A.title], "behind six hundred others"
    assert await typed("2") == [many[1].title, many[2].title, many[20].title], "its number goes before its words"
    assert await typed("2412.0059") == [many[590].title, many[591].title, many[592].title]


async def test_a_paper_is_read_by_its_key_whoever_has_it(scene: Scene) -> None:
    assert await scene.store.read(lambda rows: rows.papers.paper(PAPERS[1].key)) == PAPERS[1]
    assert await scene.store.read(lambda rows: rows.papers.paper("arxiv:1")) is None
