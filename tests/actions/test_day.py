"""The digests that a group gets of what was announced."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.actions.day import extend_day, list_day, recognise
from bot.actions.deliveries import recover
from bot.actions.papers import record_day
from bot.actions.submissions import submit
from bot.actions.votes import cast_vote
from bot.model import Digest, GroupSettings
from bot.ports import Store
from tests.groups import set_groups
from tests.stores.scene import (
    AT,
    FRIDAY,
    SATURDAY,
    SENTENCE,
    A,
    B,
    C,
    Scene,
    digest,
    later,
    lease_all,
    list_papers,
    listing,
    report,
)

THURSDAY = date(2026, 11, 19)
D, E, F = (replace(A, key=f"arxiv:2411.0000{n}", title=f"A late one, number {n}") for n in (4, 5, 6))
LISTED = replace(digest(), papers=3, days=(FRIDAY,))  # what the scene's groups have


async def test_a_digest_is_read_back(store: Store, scene: Scene) -> None:
    covers = (("hf", SATURDAY), ("arxiv", FRIDAY), ("hf", FRIDAY))
    empty = Digest("readers", SATURDAY, covers, why="It is Saturday.", next_due=later(days=2), missing=("hf", "arxiv"))
    assert await store.write(list_day, empty, [("arxiv", FRIDAY)], [], {}, AT)
    assert await store.read(lambda rows: rows.days.digest("readers", SATURDAY)) == empty
    assert await store.read(lambda rows: rows.days.digest("others", SATURDAY)) is None
    assert await store.read(lambda rows: rows.days.digests("readers", 5)) == [empty, LISTED]
    assert await store.read(lambda rows: rows.days.digests("readers", 1)) == [empty]
    assert await store.read(lambda rows: rows.days.had("readers", SATURDAY)) == frozenset(), (
        "what it covers is had once it is done"
    )


async def test_a_digest_counts_its_entries_whatever_it_is_told(scene: Scene) -> None:
    told = replace(digest(posted_on=SATURDAY), papers=99, late=98, days=(THURSDAY,), cards=1)
    listings = [replace(listing(D), day=SATURDAY), listing(E), listing(A)]
    assert await scene.store.write(list_day, told, [], listings, {}, AT)
    counted = replace(told, papers=2, late=0, days=(FRIDAY, SATURDAY))
    assert await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY)) == counted
    late = [replace(listing(F, late=True), day=THURSDAY)]
    assert await scene.store.write(extend_day, told, [], late, {}, AT)
    grown = replace(counted, papers=3, late=1, days=(THURSDAY, FRIDAY, SATURDAY))
    assert await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY)) == grown
    assert await scene.store.read(lambda rows: rows.days.digests("readers", 5)) == [grown, LISTED], "each its own"


async def test_counts_that_differ_are_no_new_facts(scene: Scene) -> None:
    await scene.show_all()
    assert not await scene.store.write(extend_day, replace(digest(), papers=99, late=9, days=()), [], [], {}, AT)
    assert await scene.due() == []
    assert await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY)) == LISTED


async def test_entries_are_numbered_in_the_order_given(scene: Scene) -> None:
    first, second, third = await scene.store.read(lambda rows: rows.entries.entries("readers", FRIDAY))
    assert [(e.rank, e.paper) for e in (first, second, third)] == [(1, A), (2, B), (3, C)]
    assert (first.group, first.posted_on, first.day, first.source) == ("readers", FRIDAY, FRIDAY, "hf")
    assert (first.reason, first.late, first.summary) == ("41 upvotes on Hugging Face", False, SENTENCE)
    assert second.summary is None
    assert first.states == ("listed",)


async def test_a_group_has_one_digest_a_date(scene: Scene) -> None:
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    assert not await scene.store.write(list_day, digest(why="other"), [("x", FRIDAY)], [listing(D)], {}, AT)
    assert await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY)) == LISTED
    assert await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", D.key)) is None
    assert await scene.store.read(lambda rows: rows.changes.last_change("readers")) == last


async def test_a_paper_is_listed_once_in_a_group(scene: Scene) -> None:
    await scene.store.write(list_day, digest(posted_on=SATURDAY), [], [listing(A), listing(D)], {}, AT)
    assert [
        (e.rank, e.paper.key) for e in await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY))
    ] == [(1, D.key)]


async def test_every_bound_channel_gets_the_header_and_the_first_cards(scene: Scene) -> None:
    wished = [("digest", "2026-11-20"), ("paper", str(scene.entries[0])), ("paper", str(scene.entries[1]))]
    assert await scene.due("slack") == wished
    foreign = [("digest", "2026-11-20"), ("paper", str(scene.foreign[0])), ("paper", str(scene.foreign[1]))]
    assert await scene.due("web") == wished + foreign


async def test_what_is_done_is_had(scene: Scene) -> None:
    assert await scene.store.read(lambda rows: rows.days.had("readers", FRIDAY)) == {("hf", FRIDAY)}
    assert await scene.store.read(lambda rows: rows.days.had("readers", SATURDAY)) == frozenset()
    assert await scene.store.read(lambda rows: rows.days.had("nowhere", FRIDAY)) == frozenset()
    done = [("hf", THURSDAY), ("arxiv", SATURDAY)]
    assert await scene.store.write(list_day, digest(posted_on=SATURDAY), done, [], {}, AT)
    assert await scene.store.read(lambda rows: rows.days.had("readers", THURSDAY)) == {("hf", FRIDAY), *done}
    assert await scene.store.read(lambda rows: rows.days.had("readers", SATURDAY)) == {("arxiv", SATURDAY)}


async def test_late_papers_join_the_digest_after_the_others(scene: Scene) -> None:
    await scene.show_all()
    grown = digest(cards=3)
    late = [listing(A, late=True), listing(D, late=True)]
    assert await scene.store.write(extend_day, grown, [("hf", FRIDAY), ("arxiv", FRIDAY)], late, {D.key: SENTENCE}, AT)
    entry = (await scene.store.read(lambda rows: rows.entries.entries("readers", FRIDAY)))[-1]
    assert (entry.rank, entry.paper, entry.late, entry.summary) == (4, D, True, SENTENCE)
    assert await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY)) == replace(
        LISTED, papers=4, late=1, cards=3
    )
    assert await scene.store.read(lambda rows: rows.days.had("readers", FRIDAY)) == {("hf", FRIDAY), ("arxiv", FRIDAY)}
    assert await scene.due("slack") == [("digest", "2026-11-20"), ("paper", str(entry.id))]


@pytest.mark.parametrize(("cards", "new"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (9, 3)])
async def test_late_papers_get_as_many_cards_as_the_digest_has_more(scene: Scene, cards: int, new: int) -> None:
    await scene.show_all()
    late = [listing(paper, late=True) for paper in (D, A, E, F)]
    assert await scene.store.write(extend_day, digest(cards=cards), [], late, {}, AT)
    added = [entry.id for entry in (await scene.store.read(lambda rows: rows.entries.entries("readers", FRIDAY)))[3:]]
    assert len(added) == 3, "one of them was listed before"
    assert await scene.due("slack") == [("digest", "2026-11-20"), *(("paper", str(entry)) for entry in added[:new])]


async def test_the_same_late_papers_again_get_no_more_cards(scene: Scene) -> None:
    late = [listing(D, late=True), listing(E, late=True)]
    assert await scene.store.write(extend_day, digest(cards=3), [], late, {}, AT)
    await scene.show_all()
    assert not await scene.store.write(extend_day, digest(cards=3), [], late, {}, later(hours=1))
    assert await scene.due("slack", at=later(hours=1)) == []


async def test_a_late_feed_fills_an_empty_digest(scene: Scene) -> None:
    empty = digest(posted_on=SATURDAY, why="Nobody answered.", cards=0)
    assert await scene.store.write(list_day, replace(empty, missing=("Hugging Face",)), [], [], {}, AT)
    await scene.show_all()
    filled = replace(empty, why="", cards=2)
    assert await scene.store.write(extend_day, filled, [], [listing(D), listing(E), listing(F)], {}, AT)
    assert await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY)) == replace(
        filled, papers=3, days=(FRIDAY,)
    )
    cards = [
        ("paper", str(entry.id))
        for entry in (await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY)))[:2]
    ]
    assert await scene.due("slack") == [("digest", "2026-11-21"), *cards]


async def test_a_digest_that_stays_the_same_is_not_shown_again(scene: Scene) -> None:
    await scene.show_all()
    assert not await scene.store.write(extend_day, digest(), [("hf", FRIDAY)], [listing(A)], {}, AT)
    assert await scene.due() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"missing": ("arxiv",)},
        {"why": "Quiet."},
        {"next_due": later(days=3)},
        {"covers": (("hf", FRIDAY), ("arxiv", FRIDAY))},
    ],
    ids=lambda facts: "".join(facts),
)
async def test_new_facts_show_a_digest_again(scene: Scene, facts: dict[str, Any]) -> None:
    await scene.show_all()
    assert await scene.store.write(extend_day, replace(digest(), **facts), [], [], {}, AT)
    assert await scene.due() == [("digest", "2026-11-20")]
    assert await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY)) == replace(LISTED, **facts)


async def test_a_digest_that_is_not_there_is_not_extended(scene: Scene) -> None:
    assert not await scene.store.write(extend_day, digest(posted_on=SATURDAY), [], [listing(D)], {}, AT)
    assert await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY)) == []


async def test_a_listed_paper_that_no_source_announced_is_stored(store: Store, scene: Scene) -> None:
    await scene.store.write(list_day, digest(posted_on=SATURDAY), [], [listing(D)], {}, AT)
    entry = await store.read(lambda rows: rows.entries.entry_by_key("readers", D.key))
    assert entry
    assert entry.paper == D


async def test_a_listing_does_not_overwrite_what_was_announced_meanwhile(scene: Scene) -> None:
    await scene.store.write(record_day, report(), [replace(D, title="Newer")])
    await scene.store.write(list_day, digest(posted_on=SATURDAY), [], [listing(D)], {}, AT)
    assert [
        entry.paper.title for entry in await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY))
    ] == ["Newer"]


async def test_listing_cards_beyond_the_list_wants_one_each(store: Store, scene: Scene) -> None:
    await set_groups(store, [GroupSettings(id="third", channels=("irc:#x",))])
    entries = await list_papers(store, "third", cards=9)
    assert await scene.due("irc") == [("digest", "2026-11-20"), *(("paper", str(entry)) for entry in entries)]


async def test_cards_of_a_threaded_day_wait_for_their_header(scene: Scene) -> None:
    day = replace(digest(posted_on=SATURDAY), layout="thread")
    await scene.show_all()
    assert await scene.store.write(list_day, day, [], [listing(D)], {}, AT)
    assert await scene.due("slack") == [("digest", "2026-11-21")]
    found = await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY))
    assert found
    assert found.layout == "thread"
    await scene.store.write(recover, AT)
    for _ in ("the header", "its card"):
        await scene.show_all()
    header = await scene.store.peek(
        lambda rows: rows.messages.shown_ref("readers", "slack:T/C", "digest", "2026-11-21")
    )
    handed_in = await scene.store.act(submit, scene.by(scene.ann), listing(E), None)
    (card,) = [m for m in await scene.lease("slack", later(minutes=1)) if m.kind == "paper"]
    assert (card.key, card.parent_ref) == (str(handed_in.id), header)


async def test_a_paper_that_is_recognised_keeps_its_entry_and_its_votes(scene: Scene) -> None:
    told = replace(D, key="title:told", title="As told")
    handed_in = await scene.store.act(submit, scene.by(scene.ann), listing(told), None)
    await scene.store.act(cast_vote, scene.by(scene.bob), handed_in.id)
    await scene.show_all()
    assert not await scene.store.write(recognise, "readers", told.key, D.key, None, AT), "nobody announced it yet"
    await scene.store.write(record_day, report(), [D])
    assert not await scene.store.write(recognise, "others", told.key, D.key, None, AT)
    assert await scene.store.write(recognise, "readers", told.key, D.key, None, AT)
    entry = await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", D.key))
    assert entry
    assert (entry.id, entry.paper, entry.votes, entry.submitter) == (handed_in.id, D, 1, scene.ann)
    assert {wanted.key for wanted in await lease_all(scene.store, "web")} == {str(entry.id)}, "its card shows it"
    assert not await scene.store.write(recognise, "readers", told.key, D.key, None, AT)


async def test_a_paper_that_the_group_has_already_is_not_recognised_in_another(scene: Scene) -> None:
    told = replace(D, key="title:told")
    handed_in = await scene.store.act(submit, scene.by(scene.ann), listing(told), None)
    assert not await scene.store.write(recognise, "readers", told.key, A.key, None, AT)
    assert await scene.store.peek(lambda rows: rows.entries.entry("readers", handed_in.id)) == handed_in


async def test_what_is_recognised_gets_its_sentence_in_the_same_commit(scene: Scene) -> None:
    told = replace(D, key="title:told")
    handed_in = await scene.store.act(submit, scene.by(scene.ann), listing(told), None)
    await scene.store.write(record_day, report(), [D])
    commits = scene.store.commits
    assert await scene.store.write(recognise, "readers", told.key, D.key, SENTENCE, AT)
    assert scene.store.commits == commits + 1
    entry = await scene.store.peek(lambda rows: rows.entries.entry("readers", handed_in.id))
    assert entry
    assert (entry.paper, entry.summary) == (D, SENTENCE)


async def test_a_paper_that_is_listed_twice_at_once_has_one_number(scene: Scene) -> None:
    twice = [listing(D), listing(E), replace(listing(D), reason="again")]
    await scene.store.write(list_day, digest(posted_on=SATURDAY), [], twice, {}, AT)
    listed = await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY))
    assert [(entry.rank, entry.paper, entry.reason) for entry in listed] == [
        (1, D, listing(D).reason),
        (2, E, listing(E).reason),
    ]


async def test_a_thread_stays_one_when_its_digest_is_told_otherwise(scene: Scene) -> None:
    day = replace(digest(posted_on=SATURDAY), layout="thread")
    assert await scene.store.write(list_day, day, [], [], {}, AT)
    assert not await scene.store.write(extend_day, replace(day, layout="channel"), [], [], {}, AT)
    assert await scene.store.write(extend_day, replace(day, layout="channel", why="Quiet."), [], [], {}, AT)
    found = await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY))
    assert found == replace(day, why="Quiet.")
