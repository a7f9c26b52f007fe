"""Papers that members hand in."""

from dataclasses import replace

import pytest

from bot.actions.submissions import submit
from bot.errors import Refused
from bot.model import Act, GroupSettings
from bot.ports import Store
from tests.groups import enrol, set_groups
from tests.stores.scene import (
    AT,
    FRIDAY,
    SENTENCE,
    A,
    B,
    Scene,
    digest,
    listing,
)

D, E = (replace(A, key=f"arxiv:2411.0000{n}", title=f"A late one, number {n}") for n in (4, 5))
LISTED = replace(digest(), papers=3, days=(FRIDAY,))  # what the scene's groups have


async def test_a_paper_handed_in_is_last_on_the_newest_list_with_a_card(scene: Scene) -> None:
    await scene.show_all()
    entry = await scene.store.act(submit, scene.by(scene.ann), listing(D), SENTENCE)
    assert (entry.rank, entry.posted_on, entry.paper, entry.submitter) == (4, FRIDAY, D, scene.ann)
    assert (entry.summary, entry.late, entry.states) == (SENTENCE, False, ("listed", "nominated"))
    wished = [("digest", "2026-11-20"), ("paper", str(entry.id))]
    assert await scene.due("slack") == await scene.due("web") == wished
    found = await scene.store.read(lambda rows: rows.days.digest("readers", FRIDAY))
    assert found == replace(LISTED, papers=4, submitted=1)
    assert found.announced == 3


async def test_a_paper_that_is_there_stays_as_it_is(scene: Scene) -> None:
    await scene.show_all()
    entry = await scene.store.act(submit, scene.by(scene.ann), listing(A), None)
    assert (entry.id, entry.submitter) == (scene.first, None)
    assert await scene.due() == []


async def test_a_request_to_hand_in_that_arrives_again_changes_nothing(scene: Scene) -> None:
    act = scene.by(scene.ann, request="once")
    entry = await scene.store.act(submit, act, listing(D), None)
    commits = scene.store.commits
    assert await scene.store.act(submit, act, listing(D), None) == entry
    assert scene.store.commits == commits


async def test_without_a_list_nothing_is_handed_in(store: Store) -> None:
    await set_groups(store, [GroupSettings(id="readers")])
    ann = await enrol(store, "readers", "web:1", "Ann", AT)
    with pytest.raises(Refused, match="no list"):
        await store.act(submit, Act("r", "readers", ann.id, "web", AT), listing(D), None)
    assert await store.read(lambda rows: rows.papers.paper(D.key)) is None


async def test_who_is_no_member_hands_nothing_in(scene: Scene) -> None:
    with pytest.raises(Refused, match="stranger"):
        await scene.store.act(submit, replace(scene.by(scene.ann), member=scene.eve.id), listing(D), None)
    assert await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", D.key)) is None


async def test_what_was_handed_in_and_is_not_there_any_more_is_not_handed_in_again(scene: Scene) -> None:
    act = scene.by(scene.ann, request="once")
    await scene.store.write(lambda rows: rows.requests.remember(act))
    with pytest.raises(Refused, match="submission gone"):
        await scene.store.act(submit, act, listing(D), None)
    assert await scene.store.read(lambda rows: rows.papers.paper(D.key)) is None


async def test_a_summary_of_a_paper_that_is_there_is_kept(scene: Scene) -> None:
    await scene.show_all()
    entry = await scene.store.act(submit, scene.by(scene.ann), listing(B), SENTENCE)
    assert entry.summary == SENTENCE
    assert await scene.due() == [("paper", str(scene.entries[1])), ("paper", str(scene.foreign[1]))]
