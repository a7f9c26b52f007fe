"""The whole day in one message: which papers are parts of which, and which message tells of what."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.actions.claims import claim_paper, put_to_sleep
from bot.actions.day import extend_day, list_day
from bot.actions.deliveries import mark_shown
from bot.actions.discussions import open_discussion
from bot.actions.messages import show_upvotes
from bot.actions.reactions import emoji_of, take_reaction
from bot.actions.submissions import submit
from bot.actions.votes import cast_vote, retract_vote
from bot.cards import Message
from bot.model import Emoji, Paper
from bot.ports import Rows
from bot.reactions import entry_of, open_cards
from bot.views import build
from tests.stores.scene import AT, READERS, SATURDAY, A, Scene, digest, later, listing

HERE = "slack:T/C"


def papers(count: int, first: int = 101) -> list[Paper]:
    numbers = range(first, first + count)
    return [replace(A, key=f"arxiv:2412.{number:05}", title=f"Paper {number}") for number in numbers]


async def post(scene: Scene, count: int, *, cards: int = 20, listed: int | None = None) -> Sequence[int]:
    """Ids of the entries of a day in one message, or in as many as it takes; nothing else is due."""
    await scene.show_all()
    told = replace(digest(posted_on=SATURDAY, cards=min(count, cards)), layout="digest")
    listings = [listing(paper) for paper in papers(listed or count)]
    assert await scene.store.write(list_day, told, [], listings, {}, AT)
    return [entry.id for entry in await scene.store.read(lambda rows: rows.entries.entries("readers", SATURDAY))]


async def message(scene: Scene, key: str = "2026-11-21") -> Message:
    wanted = next(one for one in await scene.lease("slack") if one.key == key)
    found = await scene.store.read(build, wanted, READERS)
    assert found
    return found


def show_again(rows: Rows, key: str) -> None:
    rows.messages.want_again("readers", "digest", key, AT)


async def ref_of(scene: Scene, key: str) -> str:
    return await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", HERE, "digest", key))


@pytest.mark.parametrize(
    ("count", "messages"),
    [(1, [1]), (7, [7]), (8, [8]), (9, [8, 1]), (16, [8, 8]), (17, [8, 8, 1]), (20, [8, 8, 4])],
)
async def test_eight_papers_share_a_message_and_more_begin_another(
    scene: Scene, count: int, messages: list[int]
) -> None:
    await post(scene, count)
    keys = ["2026-11-21", "2026-11-21 2", "2026-11-21 3"][: len(messages)]
    first = await message(scene)
    assert [part.number for part in first.parts] == list(range(1, messages[0] + 1))
    await scene.show_all(later(minutes=2))
    for key, parts in zip(keys[1:], messages[1:], strict=True):
        await scene.store.write(show_again, key)
        found = await message(scene, key)
        assert (len(found.parts), found.silent, found.card.kind) == (parts, True, "papers")
        await scene.show_all(later(minutes=4))
    assert not first.silent


async def test_the_second_message_waits_for_the_first(scene: Scene) -> None:
    await post(scene, 9)
    (first,) = await scene.lease("slack")
    assert first.key == "2026-11-21"
    await scene.store.write(mark_shown, first, "ref", "hash", AT)
    (second,) = await scene.lease("slack", later(minutes=2))
    assert (second.key, second.parent_ref) == ("2026-11-21 2", "ref")


async def test_those_beyond_the_cards_of_a_day_are_no_parts(scene: Scene) -> None:
    await post(scene, 2, listed=5)
    found = await message(scene)
    assert [part.title for part in found.parts] == ["Paper 101", "Paper 102"]
    assert "5 papers, announced Friday 20 November. The first 2 are here; Show all lists the rest." in found.card.body
    assert [button.label for button in found.card.buttons] == ["Show all 5"]


async def test_the_message_says_its_papers_as_plain_text(scene: Scene) -> None:
    await post(scene, 2)
    assert (await message(scene)).text.endswith("1. Paper 101. 2. Paper 102.")


async def test_numbers_go_on_over_late_papers_and_those_that_members_hand_in(scene: Scene) -> None:
    await post(scene, 2, cards=3, listed=2)
    await scene.show_all(later(minutes=2))
    stands = await scene.store.read(lambda rows: rows.days.digest("readers", SATURDAY))
    assert stands
    late = [listing(paper, late=True) for paper in papers(2, 201)]
    assert await scene.store.write(extend_day, replace(stands, cards=3), [], late, {}, later(minutes=3))
    added = replace(A, key="arxiv:2412.00301", title="Handed in")
    await scene.store.act(submit, scene.by(scene.ann, at=later(minutes=4)), listing(added), None)
    found = await message(scene)
    assert [(part.number, part.title) for part in found.parts] == [
        (1, "Paper 101"),
        (2, "Paper 102"),
        (3, "Paper 201"),
        (5, "Handed in"),
    ]
    assert [button.label for button in found.shortcuts] == ["Vote 1", "Vote 2", "Vote 3", "Vote 5"]


async def test_a_full_message_keeps_what_it_has_and_late_papers_begin_another(scene: Scene) -> None:
    await post(scene, 8)
    await scene.show_all(later(minutes=2))
    added = replace(A, key="arxiv:2412.00301", title="Handed in")
    await scene.store.act(submit, scene.by(scene.ann, at=later(minutes=4)), listing(added), None)
    second = await message(scene, "2026-11-21 2")
    assert [(part.number, part.title) for part in second.parts] == [(9, "Handed in")]


async def test_a_vote_shows_again_the_message_that_its_paper_is_a_part_of(scene: Scene) -> None:
    entries = await post(scene, 9)
    await scene.show_all(later(minutes=2))
    await scene.show_all(later(minutes=4))
    assert await scene.due(at=later(minutes=5)) == []
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(minutes=6)), entries[8])
    assert await scene.due(at=later(minutes=6)) == [("digest", "2026-11-21 2")]
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(minutes=7)), entries[0])
    shown = await message(scene)
    assert [button.label for button in shown.shortcuts[:2]] == ["Vote 1 · 1", "Vote 2"]


async def test_a_claim_shows_it_too_and_its_question_stands_under_it(scene: Scene) -> None:
    entries = await post(scene, 2)
    await scene.show_all(later(minutes=2))
    await scene.store.act(claim_paper, scene.by(scene.ann, at=later(minutes=3)), entries[1])
    assert (await message(scene)).parts[1].fields[0].value == "Ann"
    (claim,) = await scene.store.read(lambda rows: rows.claims.claims("readers", entries[1]))
    assert await scene.store.write(put_to_sleep, "readers", claim.id, later(days=1))
    asked = [one for one in await scene.lease("slack", later(days=1)) if one.kind == "sleep"]
    assert [one.parent_ref for one in asked] == [await ref_of(scene, "2026-11-21")]


async def test_upvotes_show_it_again_in_its_first_hour_alone(scene: Scene) -> None:
    await post(scene, 9)
    await scene.show_all(later(minutes=2))
    await scene.show_all(later(minutes=4))
    await scene.store.write(show_upvotes, ["arxiv:2412.00109"], later(minutes=30))
    assert await scene.due(at=later(minutes=30)) == [("digest", "2026-11-21 2")]
    await scene.show_all(later(minutes=31))
    await scene.store.write(show_upvotes, ["arxiv:2412.00101", "arxiv:2412.00109"], later(minutes=90))
    assert await scene.due(at=later(minutes=90)) == []


async def test_a_discussion_stands_beside_it_and_is_shown_on_it(scene: Scene) -> None:
    entries = await post(scene, 2)
    await scene.show_all(later(minutes=2))
    assert await scene.store.act(open_discussion, scene.by(scene.ann, at=later(minutes=3)), entries[1], HERE)
    (opening,) = await scene.lease("slack", later(minutes=3))
    assert (opening.kind, opening.parent_ref) == ("discussion", "")
    await scene.show_all(later(minutes=5))
    found = await message(scene)
    assert [bool(part.discussion) for part in found.parts] == [False, True]


# --- the emoji


async def test_an_emoji_is_that_of_the_paper_with_its_number(scene: Scene) -> None:
    entries = await post(scene, 9)
    await scene.show_all(later(minutes=2))
    await scene.show_all(later(minutes=4))
    cards = await scene.store.read(open_cards, "slack", AT)
    assert [card.numbers for card in cards if card.numbers != (0,)] == [(9,), (1, 2, 3, 4, 5, 6, 7, 8)]
    ref = await ref_of(scene, "2026-11-21 2")
    second = await scene.store.peek(lambda rows: rows.messages.find_shown("slack", ref))
    assert second
    assert await scene.store.peek(entry_of, second, 9) == entries[8]
    assert [await scene.store.peek(entry_of, second, number) for number in (0, 1, 10)] == [None] * 3


async def test_the_emoji_of_two_papers_on_one_message_are_two_votes(scene: Scene) -> None:
    entries = await post(scene, 2)
    await scene.show_all(later(minutes=2))
    ref = await ref_of(scene, "2026-11-21")
    stands = await scene.store.peek(lambda rows: rows.messages.find_shown("slack", ref))
    assert stands
    (account,) = await scene.store.read(lambda rows: rows.people.accounts("readers", scene.ann.id))
    act = scene.by(scene.ann, via="slack/reaction", at=later(minutes=3))
    for number, entry in enumerate(entries, 1):
        for is_first in (True, False):
            tally = await scene.store.write(take_reaction, act, stands.id, entry, account, on=True, number=number)
            assert (tally is not None) is is_first, "told twice it is one"
    assert [await scene.votes(entry) for entry in entries] == [1, 1]
    assert await scene.store.peek(emoji_of, act, entries[1]) == [Emoji(HERE, ref, account, 2)]
    await scene.store.act(retract_vote, scene.by(scene.ann, at=later(minutes=4)), entries[1])
    assert await scene.store.write(take_reaction, act, stands.id, entries[1], account, on=False, number=2)
    assert [await scene.votes(entry) for entry in entries] == [1, 0]
