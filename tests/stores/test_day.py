"""Contract of a store: what sources announce, and the digests that a group gets of it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.deliveries import recover
from bot.actions.votes import cast_vote
from bot.errors import StoreError, UserError
from bot.model import Act, Digest, GroupSettings, Paper, SourceReport, Summary
from bot.ports import Store
from tests.groups import set_groups
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
    lease_all,
    list_papers,
    listing,
    report,
)

THURSDAY = date(2026, 11, 19)
D, E, F = (replace(A, key=f"arxiv:2411.0000{n}", title=f"A late one, number {n}") for n in (4, 5, 6))
LISTED = replace(digest(), papers=3, days=(FRIDAY,))  # what the scene's groups have
days = count(1)


async def test_what_was_announced_is_read_back_whole(store: Store) -> None:
    await store.record_day(report(), PAPERS)
    assert tuple(await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))) == PAPERS
    assert await store.read(lambda rows: rows.papers.announced("hf", SATURDAY)) == []
    assert await store.read(lambda rows: rows.papers.announced("arxiv", FRIDAY)) == []


async def test_announcements_only_grow(store: Store) -> None:
    await store.record_day(report(), [A, B])
    await store.record_day(report(), [B, C])
    assert [paper.key for paper in await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))] == [
        A.key,
        B.key,
        C.key,
    ]


ORDERS = st.permutations([replace(A, key=f"arxiv:{number}") for number in range(6)])


@given(known=ORDERS, lists=st.lists(st.tuples(ORDERS, st.integers(0, 6)), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_was_announced_last_stands_in_the_order_of_the_source(
    store: Store, known: list[Paper], lists: list[tuple[list[Paper], int]]
) -> None:
    day = FRIDAY + timedelta(days=next(days))
    await store.record_day(report(day, source="arxiv"), known)
    for papers, length in lists:
        await store.record_day(report(day), papers[:length])
    newest = papers[:length]
    assert [
        paper for paper in await store.read(lambda rows: rows.papers.announced("hf", day)) if paper in newest
    ] == newest
    assert await store.read(lambda rows: rows.papers.announced("arxiv", day)) == known, (
        "each source has an order of its own"
    )


@pytest.mark.parametrize("grown", [(B, A, C), (B, C, A), (C, B, A)], ids=["at its end", "between", "at its head"])
async def test_a_list_that_grew_stands_in_the_order_of_the_source(store: Store, grown: tuple[Paper, ...]) -> None:
    await store.record_day(report(source="arxiv"), PAPERS)
    await store.record_day(report(), [B, A])
    assert await store.read(lambda rows: rows.papers.announced("hf", FRIDAY)) == [B, A]
    await store.record_day(report(at=later(hours=1)), grown)
    assert tuple(await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))) == grown


async def test_the_later_word_wins_where_it_says_something(store: Store) -> None:
    await store.record_day(report(), [A])
    silent = replace(A, title="Models that sing", abstract="", authors=(), published=None, version=None, url="")
    await store.record_day(report(source="arxiv"), [replace(silent, upvotes=None, links=(), origin="our words")])
    assert await store.read(lambda rows: rows.papers.announced("hf", FRIDAY)) == [replace(A, title="Models that sing")]


async def test_an_outdated_version_only_fills_gaps(store: Store) -> None:
    await store.record_day(report(), [replace(A, version=2, url="", upvotes=3)])
    await store.record_day(report(), [replace(A, title="Draft", version=1, upvotes=5)])
    assert await store.read(lambda rows: rows.papers.announced("hf", FRIDAY)) == [replace(A, version=2, upvotes=5)]


async def test_the_same_day_again_touches_nothing(scene: Scene) -> None:
    await scene.store.record_day(report(), PAPERS)
    await scene.show_all()
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await scene.store.record_day(report(at=later(minutes=5)), PAPERS)
    assert await scene.due() == []
    assert await scene.noted(last) == []


async def test_upvotes_alone_show_a_card_anew_in_its_first_hour_only(scene: Scene) -> None:
    await scene.show_all(AT)
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await scene.store.record_day(report(at=later(minutes=59)), [replace(A, upvotes=42)])
    assert await scene.noted(last) == [f"entry:{scene.first}"]
    assert await scene.due(at=later(minutes=59)) == [("paper", str(scene.first)), ("paper", str(scene.foreign[0]))]
    await scene.store.record_day(report(at=later(minutes=60)), [replace(B, upvotes=8)])
    assert await scene.due(at=later(minutes=60, seconds=1)) == [
        ("paper", str(scene.first)),
        ("paper", str(scene.foreign[0])),
    ]


async def test_a_better_title_is_shown_whenever_it_comes(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.record_day(report(at=later(days=2)), [replace(A, title="Better")])
    assert ("paper", str(scene.first)) in await scene.due(at=later(days=2))


async def test_a_report_tells_how_the_last_fetch_of_a_day_went(store: Store) -> None:
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) is None
    await store.record_failure("hf", FRIDAY, "Hugging Face answers 503", AT)
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == SourceReport(
        "hf", FRIDAY, AT, 0, 0, "Hugging Face answers 503"
    )
    await store.record_failure("hf", FRIDAY, "no answer", later(seconds=1))
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == SourceReport(
        "hf", FRIDAY, later(seconds=1), 0, 0, "no answer"
    )
    await store.record_day(report(at=later(minutes=1)), PAPERS)
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == report(at=later(minutes=1))
    assert await store.read(lambda rows: rows.papers.report("hf", SATURDAY)) is None
    assert await store.read(lambda rows: rows.papers.report("arxiv", FRIDAY)) is None


async def test_a_failure_takes_nothing_from_what_was_read_before(store: Store) -> None:
    await store.record_day(report(), PAPERS)
    for hour in (1, 2):
        await store.record_failure("hf", FRIDAY, f"failure {hour}", later(hours=hour))
        kept = replace(report(), at=later(hours=hour), problem=f"failure {hour}")
        assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == kept
    assert tuple(await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))) == PAPERS
    better = SourceReport("hf", FRIDAY, later(hours=3), 4, 0, read_at=later(hours=3))
    await store.record_day(better, [])
    assert await store.read(lambda rows: rows.papers.report("hf", FRIDAY)) == better


async def test_reports_hold_the_newest_day_of_each_source(store: Store) -> None:
    assert await store.read(lambda rows: rows.papers.reports()) == []
    for each in (report(SATURDAY, later(hours=1)), report(FRIDAY, later(hours=2)), report(source="arxiv")):
        await store.record_day(each, [])
    assert await store.read(lambda rows: rows.papers.reports()) == [
        report(source="arxiv"),
        report(SATURDAY, later(hours=1)),
    ]
    await store.record_failure("hf", FRIDAY, "no answer", later(hours=3))
    await store.record_failure("arxiv", SATURDAY, "no answer", later(hours=3))
    failed = SourceReport("arxiv", SATURDAY, later(hours=3), 0, 0, "no answer")
    assert await store.read(lambda rows: rows.papers.reports()) == [failed, report(SATURDAY, later(hours=1))]


async def test_a_digest_is_read_back(store: Store, scene: Scene) -> None:
    covers = (("hf", SATURDAY), ("arxiv", FRIDAY), ("hf", FRIDAY))
    empty = Digest("readers", SATURDAY, covers, why="It is Saturday.", next_due=later(days=2), missing=("hf", "arxiv"))
    assert await store.list_day(empty, [("arxiv", FRIDAY)], [], {}, AT)
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
    assert await scene.store.list_day(told, [], listings, {}, AT)
    counted = replace(told, papers=2, late=0, days=(FRIDAY, SATURDAY))
    assert await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY)) == counted
    late = [replace(listing(F, late=True), day=THURSDAY)]
    assert await scene.store.extend_day(told, [], late, {}, AT)
    grown = replace(counted, papers=3, late=1, days=(THURSDAY, FRIDAY, SATURDAY))
    assert await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY)) == grown
    assert await scene.store.read(lambda rows: rows.days.digests("readers", 5)) == [grown, LISTED], "each its own"


async def test_counts_that_differ_are_no_new_facts(scene: Scene) -> None:
    await scene.show_all()
    assert not await scene.store.extend_day(replace(digest(), papers=99, late=9, days=()), [], [], {}, AT)
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
    assert not await scene.store.list_day(digest(why="other"), [("x", FRIDAY)], [listing(D)], {}, AT)
    assert await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY)) == LISTED
    assert await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", D.key)) is None
    assert await scene.store.read(lambda rows: rows.changes.last_change("readers")) == last


async def test_a_paper_is_listed_once_in_a_group(scene: Scene) -> None:
    await scene.store.list_day(digest(posted_on=SATURDAY), [], [listing(A), listing(D)], {}, AT)
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
    assert await scene.store.list_day(digest(posted_on=SATURDAY), done, [], {}, AT)
    assert await scene.store.read(lambda rows: rows.days.had("readers", THURSDAY)) == {("hf", FRIDAY), *done}
    assert await scene.store.read(lambda rows: rows.days.had("readers", SATURDAY)) == {("arxiv", SATURDAY)}


async def test_known_papers_are_those_of_the_group(scene: Scene) -> None:
    await scene.store.list_day(digest("others", SATURDAY), [], [listing(D)], {}, AT)
    assert await scene.store.read(lambda rows: rows.entries.known("readers", [A.key, D.key, "arxiv:none"])) == {A.key}
    assert await scene.store.read(lambda rows: rows.entries.known("others", [A.key, D.key])) == {A.key, D.key}


async def test_late_papers_join_the_digest_after_the_others(scene: Scene) -> None:
    await scene.show_all()
    grown = digest(cards=3)
    late = [listing(A, late=True), listing(D, late=True)]
    assert await scene.store.extend_day(grown, [("hf", FRIDAY), ("arxiv", FRIDAY)], late, {D.key: SENTENCE}, AT)
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
    assert await scene.store.extend_day(digest(cards=cards), [], late, {}, AT)
    added = [entry.id for entry in (await scene.store.read(lambda rows: rows.entries.entries("readers", FRIDAY)))[3:]]
    assert len(added) == 3, "one of them was listed before"
    assert await scene.due("slack") == [("digest", "2026-11-20"), *(("paper", str(entry)) for entry in added[:new])]


async def test_the_same_late_papers_again_get_no_more_cards(scene: Scene) -> None:
    late = [listing(D, late=True), listing(E, late=True)]
    assert await scene.store.extend_day(digest(cards=3), [], late, {}, AT)
    await scene.show_all()
    assert not await scene.store.extend_day(digest(cards=3), [], late, {}, later(hours=1))
    assert await scene.due("slack", at=later(hours=1)) == []


async def test_a_late_feed_fills_an_empty_digest(scene: Scene) -> None:
    empty = digest(posted_on=SATURDAY, why="Nobody answered.", cards=0)
    assert await scene.store.list_day(replace(empty, missing=("Hugging Face",)), [], [], {}, AT)
    await scene.show_all()
    filled = replace(empty, why="", cards=2)
    assert await scene.store.extend_day(filled, [], [listing(D), listing(E), listing(F)], {}, AT)
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
    assert not await scene.store.extend_day(digest(), [("hf", FRIDAY)], [listing(A)], {}, AT)
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
    assert await scene.store.extend_day(replace(digest(), **facts), [], [], {}, AT)
    assert await scene.due() == [("digest", "2026-11-20")]
    assert await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY)) == replace(LISTED, **facts)


async def test_a_digest_that_is_not_there_is_not_extended(scene: Scene) -> None:
    assert not await scene.store.extend_day(digest(posted_on=SATURDAY), [], [listing(D)], {}, AT)
    assert await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY)) == []


async def test_a_summary_shows_the_cards_of_its_paper_in_every_group(scene: Scene) -> None:
    await scene.show_all()
    better = Summary("It sings well.", "by a model", "openai")
    await scene.store.put_summary(A.key, better, later(minutes=1))
    assert await scene.due(at=later(minutes=1)) == [("paper", str(scene.first)), ("paper", str(scene.foreign[0]))]
    entry = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert entry
    assert entry.summary == better


async def test_the_same_summary_again_shows_nothing(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.put_summary(A.key, SENTENCE, later(minutes=1))
    assert await scene.due(at=later(minutes=1)) == []


async def test_a_group_reads_the_summary_in_its_language_even_if_another_is_newer(scene: Scene) -> None:
    german = Summary("Es singt.", "aus dem Abstract", "extractive", "de")
    await scene.store.put_summary(A.key, german, later(minutes=1))
    ours, theirs = (
        await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first)),
        await scene.store.peek(lambda rows: rows.entries.entry("others", scene.foreign[0])),
    )
    assert ours
    assert theirs
    assert (ours.summary, theirs.summary) == (SENTENCE, german)


async def test_a_summary_of_no_paper_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no paper arxiv:none"):
        await store.put_summary("arxiv:none", SENTENCE, AT)


async def test_a_listed_paper_that_no_source_announced_is_stored(store: Store, scene: Scene) -> None:
    await scene.store.list_day(digest(posted_on=SATURDAY), [], [listing(D)], {}, AT)
    entry = await store.read(lambda rows: rows.entries.entry_by_key("readers", D.key))
    assert entry
    assert entry.paper == D


async def test_a_listing_does_not_overwrite_what_was_announced_meanwhile(scene: Scene) -> None:
    await scene.store.record_day(report(), [replace(D, title="Newer")])
    await scene.store.list_day(digest(posted_on=SATURDAY), [], [listing(D)], {}, AT)
    assert [
        entry.paper.title for entry in await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY))
    ] == ["Newer"]


async def test_listing_cards_beyond_the_list_wants_one_each(store: Store, scene: Scene) -> None:
    await set_groups(store, [GroupSettings(id="third", channels=("irc:#x",))])
    entries = await list_papers(store, "third", cards=9)
    assert await scene.due("irc") == [("digest", "2026-11-20"), *(("paper", str(entry)) for entry in entries)]


# --- handed in by members --------------------------------------------------------------------------------------


async def test_a_paper_handed_in_is_last_on_the_newest_list_with_a_card(scene: Scene) -> None:
    await scene.show_all()
    entry = await scene.store.submit(scene.by(scene.ann), listing(D), SENTENCE)
    assert (entry.rank, entry.posted_on, entry.paper, entry.submitter) == (4, FRIDAY, D, scene.ann)
    assert (entry.summary, entry.late, entry.states) == (SENTENCE, False, ("listed", "nominated"))
    wished = [("digest", "2026-11-20"), ("paper", str(entry.id))]
    assert await scene.due("slack") == await scene.due("web") == wished
    found = await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY))
    assert found == replace(LISTED, papers=4, submitted=1)
    assert found.announced == 3


async def test_a_paper_that_is_there_stays_as_it_is(scene: Scene) -> None:
    await scene.show_all()
    entry = await scene.store.submit(scene.by(scene.ann), listing(A), None)
    assert (entry.id, entry.submitter) == (scene.first, None)
    assert await scene.due() == []


async def test_a_request_to_hand_in_that_arrives_again_changes_nothing(scene: Scene) -> None:
    act = scene.by(scene.ann, request="once")
    entry = await scene.store.submit(act, listing(D), None)
    commits = scene.store.commits
    assert await scene.store.submit(act, listing(D), None) == entry
    assert scene.store.commits == commits


async def test_without_a_list_nothing_is_handed_in(store: Store) -> None:
    await set_groups(store, [GroupSettings(id="readers")])
    ann = await store.enrol("readers", "web:1", "Ann", AT)
    with pytest.raises(UserError, match="no list yet"):
        await store.submit(Act("r", "readers", ann.id, "web", AT), listing(D), None)
    assert await store.read(lambda rows: rows.papers.paper(D.key)) is None


async def test_who_is_no_member_hands_nothing_in(scene: Scene) -> None:
    with pytest.raises(UserError, match="not a member"):
        await scene.store.submit(replace(scene.by(scene.ann), member=scene.eve.id), listing(D), None)
    assert await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", D.key)) is None


async def test_cards_of_a_threaded_day_wait_for_their_header(scene: Scene) -> None:
    day = replace(digest(posted_on=SATURDAY), threaded=True)
    await scene.show_all()
    assert await scene.store.list_day(day, [], [listing(D)], {}, AT)
    assert await scene.due("slack") == [("digest", "2026-11-21")]
    found = await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY))
    assert found
    assert found.threaded
    await scene.store.write(recover, AT)
    for _ in ("the header", "its card"):
        await scene.show_all()
    header = await scene.store.peek(
        lambda rows: rows.messages.shown_ref("readers", "slack:T/C", "digest", "2026-11-21")
    )
    handed_in = await scene.store.submit(scene.by(scene.ann), listing(E), None)
    (card,) = [m for m in await scene.lease("slack", later(minutes=1)) if m.kind == "paper"]
    assert (card.key, card.parent_ref) == (str(handed_in.id), header)


async def test_a_paper_that_is_recognised_keeps_its_entry_and_its_votes(scene: Scene) -> None:
    told = replace(D, key="title:told", title="As told")
    handed_in = await scene.store.submit(scene.by(scene.ann), listing(told), None)
    await scene.store.act(cast_vote, scene.by(scene.bob), handed_in.id)
    await scene.show_all()
    assert not await scene.store.recognise("readers", told.key, D.key, AT), "nobody announced it yet"
    await scene.store.record_day(report(), [D])
    assert not await scene.store.recognise("others", told.key, D.key, AT)
    assert await scene.store.recognise("readers", told.key, D.key, AT)
    entry = await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", D.key))
    assert entry
    assert (entry.id, entry.paper, entry.votes, entry.submitter) == (handed_in.id, D, 1, scene.ann)
    assert {wanted.key for wanted in await lease_all(scene.store, "web")} == {str(entry.id)}, "its card shows it"
    assert not await scene.store.recognise("readers", told.key, D.key, AT)


async def test_a_paper_that_the_group_has_already_is_not_recognised_in_another(scene: Scene) -> None:
    told = replace(D, key="title:told")
    handed_in = await scene.store.submit(scene.by(scene.ann), listing(told), None)
    assert not await scene.store.recognise("readers", told.key, A.key, AT)
    assert await scene.store.peek(lambda rows: rows.entries.entry("readers", handed_in.id)) == handed_in
