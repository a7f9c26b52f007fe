"""Contract of a store: what is wanted, leased, shown, put off, given up and posted anew; and the feed of changes."""

import asyncio
from datetime import datetime

import pytest

from bot.actions.claims import claim_paper
from bot.actions.deliveries import give_up, mark_shown, pace, put_off, raise_alert, recover, repost, take_due, troubles
from bot.actions.discussions import open_discussion
from bot.actions.messages import want
from bot.actions.tidy import tidy
from bot.actions.votes import cast_vote, toggle_vote
from bot.errors import Refused, StoreError
from bot.model import Change, Trouble, Wanted, Wish
from bot.ports import Store
from bot.reactions import open_cards
from tests.actions.doing import do
from tests.groups import set_groups
from tests.stores.scene import AT, AT_ONCE, OTHERS, READERS, Scene, later, list_papers

CARD = "paper"


async def lease_card(scene: Scene, at_minute: float = 0) -> Wanted:
    """The first card on the web, alone due."""
    await scene.show_all()
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    (message,) = await scene.store.write(take_due, "web", later(minutes=at_minute), AT_ONCE, 10)
    return message


async def stored(scene: Scene, message: Wanted) -> Wanted:
    found = await scene.store.read(lambda rows: rows.messages.message(message.group, message.id))
    assert found
    return found[0]


async def test_a_lease_is_held_for_a_minute(scene: Scene) -> None:
    first = await scene.due("slack")
    assert len(first) == 3
    assert await scene.due("slack", at=later(seconds=59)) == []
    assert await scene.due("slack", at=later(seconds=60)) == first


async def test_leases_end_when_a_dead_process_is_followed_by_another(scene: Scene) -> None:
    first = await scene.due("slack")
    await scene.store.write(recover, AT)
    again = await scene.lease("slack")
    assert [(message.kind, message.key) for message in again] == first
    assert {message.attempts for message in again} == {1}, "the dead one may have sent them"


async def test_a_start_tries_again_what_was_given_up_within_a_day(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(put_off, message, later(days=3), "503")
    await scene.store.write(give_up, message, "no such channel", AT)
    await scene.store.write(recover, later(days=1, seconds=-1))
    assert await scene.store.read(troubles, "readers", AT) == [
        Trouble("web:readers", "no such channel", 1, AT, given_up=False)
    ]
    (again,) = await scene.store.write(take_due, "web", later(days=1), AT_ONCE, 10)
    assert (again.id, again.attempts) == (message.id, 1)


async def test_a_start_leaves_alone_what_was_given_up_before(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(give_up, message, "no such channel", AT)
    await scene.store.write(recover, later(days=1, seconds=1))
    assert await scene.due(at=later(days=2)) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", later(days=2), AT_ONCE)) is None
    assert await scene.store.read(troubles, "readers", AT) == [
        Trouble("web:readers", "no such channel", 1, AT, given_up=True)
    ]


async def test_a_start_does_not_shorten_the_wait_of_what_was_put_off(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(put_off, message, later(minutes=5), "503")
    await scene.store.write(recover, AT)
    assert await scene.due(at=later(minutes=4)) == []
    assert await scene.due(at=later(minutes=5)) == [(CARD, str(scene.first))]


async def test_a_resting_place_is_passed_over(scene: Scene) -> None:
    ours: list[tuple[str, str]] = []
    theirs: list[tuple[str, str]] = []
    for wished, entries in ((ours, scene.entries), (theirs, scene.foreign)):
        wished += [("digest", "2026-11-20"), *((CARD, str(entry)) for entry in entries[:2])]
    (one,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 1, {"web:readers"})
    assert (one.group, one.kind) == ("others", "digest"), "what rests takes nobody's turn"
    assert await scene.due(resting=["web:readers", "web:others"]) == []
    assert await scene.due(resting=["web:readers", "slack:T/C", "web:nowhere"]) == theirs[1:]
    assert await scene.due(resting=["web", "web:", "web:other"]) == ours


async def test_when_something_is_due_passes_over_resting_places(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(seconds=1)), scene.first)
    await scene.store.act(cast_vote, scene.by(scene.eve, at=later(seconds=2)), scene.foreign[0])

    async def due(*resting: str) -> datetime | None:
        return await scene.store.read(lambda rows: rows.messages.next_due("web", later(seconds=9), AT_ONCE, resting))

    assert await due() == await due("web:others") == await due("slack:T/C") == later(seconds=1)
    assert await due("web:readers") == later(seconds=2)
    assert await due("web:readers", "web:others") is None


async def test_what_was_not_posted_for_two_days_never_is(scene: Scene) -> None:
    assert await scene.due("slack", at=later(days=2)) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("slack", later(days=2), AT_ONCE)) is None
    almost = later(days=2, microseconds=-1)
    assert await scene.store.read(lambda rows: rows.messages.next_due("slack", almost, AT_ONCE)) == AT
    assert len(await scene.due("slack", at=almost)) == 3


@pytest.mark.parametrize("fails", [True, False])
async def test_no_new_wish_and_no_start_makes_an_unposted_message_younger(scene: Scene, fails: bool) -> None:
    for message in await scene.lease("slack") if fails else ():
        await scene.store.write(give_up, message, "no such channel", later(days=1, hours=12))
    await scene.store.write(recover, later(days=1, hours=13))
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(days=1, hours=14)), scene.first)
    assert await scene.due("slack", at=later(days=2)) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("slack", later(days=2), AT_ONCE)) is None


async def test_what_was_posted_is_brought_up_to_date_however_late(scene: Scene) -> None:
    await lease_card(scene)
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", later(days=30), AT_ONCE)) == later(
        minutes=1
    ), "after the lease"
    assert await scene.due(at=later(days=30)) == [(CARD, str(scene.first))]


async def test_what_was_deleted_is_posted_anew_however_late(scene: Scene) -> None:
    await scene.store.write(repost, await lease_card(scene))
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", later(days=30), AT_ONCE)) == AT
    assert await scene.due(at=later(days=30)) == [(CARD, str(scene.first))]


async def test_a_lease_takes_the_oldest_wishes_first(scene: Scene) -> None:
    await scene.show_all()
    second, first = scene.entries[1], scene.entries[0]
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(seconds=1)), second)
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(seconds=2)), first)
    await scene.store.act(cast_vote, scene.by(scene.bob, at=later(seconds=3)), second)
    (one,) = await scene.store.write(take_due, "slack", later(minutes=1), AT_ONCE, 1)
    assert (one.key, one.wanted) == (str(second), 3)
    assert await scene.due("slack", at=later(minutes=1)) == [(CARD, str(first))]


@pytest.mark.parametrize("surface", ["we", "web2", "", "mail", "w%"])
async def test_a_surface_gets_only_its_own_places(scene: Scene, surface: str) -> None:
    assert await scene.due(surface) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due(surface, AT, AT_ONCE)) is None


async def test_what_is_shown_is_no_longer_due(scene: Scene) -> None:
    await scene.show_all()
    assert await scene.due("web") == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", AT, AT_ONCE)) is None


async def test_a_wish_during_the_sending_stays_due(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    await scene.store.write(mark_shown, message, message.ref, "hash", AT)
    (again,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 10)
    assert (again.id, again.shown, again.wanted) == (message.id, message.wanted, message.wanted + 1)


async def test_an_edit_waits_for_the_pause_since_the_last(scene: Scene) -> None:
    await scene.show_all(AT)
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    assert await scene.due(at=later(seconds=2), pause=3) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", later(seconds=2), pace(3, 3))) == later(
        seconds=3
    )
    assert await scene.due(at=later(seconds=3), pause=3) == [(CARD, str(scene.first))]


async def test_what_is_due_now_says_so(scene: Scene) -> None:
    due = await scene.store.read(lambda rows: rows.messages.next_due("web", AT, pace(3, 3)))
    assert due
    assert due <= AT


async def test_the_first_showing_is_told_to_pages_and_the_same_look_again_is_not(scene: Scene) -> None:
    message = await lease_card(scene)
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await scene.store.write(mark_shown, message, message.ref, "new look", later(seconds=1))
    assert await scene.noted(last) == [f"message:{message.id}"]
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    (again,) = await scene.store.write(take_due, "web", later(minutes=1), AT_ONCE, 10)
    await scene.store.write(mark_shown, again, again.ref, "new look", later(minutes=1))
    assert await scene.noted(last) == [f"message:{message.id}", f"entry:{scene.first}"]


async def test_a_message_put_off_waits_and_remembers_why(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(put_off, message, later(minutes=5), "503")
    assert await scene.due(at=later(minutes=4)) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", AT, AT_ONCE)) == later(minutes=5)
    assert await scene.store.read(troubles, "readers", AT) == [Trouble("web:readers", "503", 1, AT, given_up=False)]
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    assert await scene.due(at=later(minutes=4)) == [], "another wish does not shorten the wait"
    (again,) = await scene.store.write(take_due, "web", later(minutes=5), AT_ONCE, 10)
    assert (again.id, again.attempts) == (message.id, 1)


async def test_success_ends_the_trouble(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(put_off, message, later(minutes=5), "503")
    (again,) = await scene.store.write(take_due, "web", later(minutes=5), AT_ONCE, 10)
    await scene.store.write(mark_shown, again, again.ref, "hash", later(minutes=5))
    assert await scene.store.read(troubles, "readers", AT) == []
    assert (await stored(scene, message)).attempts == 0


async def test_a_message_given_up_rests_until_it_is_wanted_anew(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(put_off, message, later(days=3), "503")
    await scene.store.write(give_up, message, "no such channel", AT)
    assert await scene.due(at=later(days=1)) == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("web", AT, AT_ONCE)) is None
    assert await scene.store.read(troubles, "readers", AT) == [
        Trouble("web:readers", "no such channel", 1, AT, given_up=True)
    ]
    assert await scene.store.read(troubles, "others", AT) == []
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    (again,) = await scene.store.write(take_due, "web", later(days=1), AT_ONCE, 10)
    assert (again.id, again.attempts) == (message.id, 1), "the one given up may have arrived"
    assert await scene.store.read(troubles, "readers", AT) == []


async def test_attempts_are_counted_until_the_message_is_shown(scene: Scene) -> None:
    async def want_and_lease() -> Wanted:
        await scene.store.act(toggle_vote, scene.by(scene.bob), scene.first)
        (message,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 10)
        return message

    message = await lease_card(scene)
    for attempts in (1, 2, 3):
        await scene.store.write(give_up, message, "no such channel", AT)
        message = await want_and_lease()
        assert message.attempts == attempts
    await scene.store.write(mark_shown, message, message.ref, "hash", AT)
    assert (await want_and_lease()).attempts == 0


async def test_the_first_post_after_a_give_up_may_be_the_second(scene: Scene) -> None:
    for message in await scene.lease("slack"):
        await scene.store.write(give_up, message, "no answer", AT)
    await scene.store.write(recover, later(hours=1))
    again = await scene.lease("slack", later(hours=1))
    assert [(message.ref, message.attempts) for message in again] == [("", 1)] * 3


async def test_what_was_wanted_anew_meanwhile_is_not_given_up(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    await scene.store.write(give_up, message, "nothing to show", AT)
    assert await scene.due() == [(CARD, str(scene.first))]


async def test_a_deleted_message_is_posted_anew_in_its_next_round(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(repost, message)
    await scene.store.write(repost, message)
    (anew,) = await scene.store.write(take_due, "web", AT, pace(60, 60), 10)
    assert (anew.id, anew.round, anew.ref, anew.shown, anew.hash) == (message.id, 2, "", 0, "")
    assert anew.attempts == 0, "nothing of this round can have arrived"
    await scene.store.write(mark_shown, message, "late answer of round 1", "hash", later(hours=1))
    assert await scene.store.read(lambda rows: rows.messages.message("readers", message.id)) is None
    await scene.store.write(mark_shown, anew, "new", "hash", later(hours=1))
    assert await scene.store.read(lambda rows: rows.messages.message("readers", message.id)) is not None
    assert (await stored(scene, message)).ref == "new"


async def test_a_new_round_keeps_the_time_of_the_first_post(scene: Scene) -> None:
    message = await lease_card(scene)
    await scene.store.write(repost, message)
    (anew,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 10)
    await scene.store.write(mark_shown, anew, "new", "hash", later(hours=1))
    found = await scene.store.read(lambda rows: rows.messages.message("readers", message.id))
    assert found
    assert found[1] == AT


async def test_a_stream_holds_what_is_shown_newest_last_page_by_page(scene: Scene) -> None:
    assert (
        await scene.store.read(lambda rows: rows.messages.messages("readers", "web:readers", before=None, limit=10))
        == []
    )
    await scene.show_all()
    rows = await scene.store.read(lambda rows: rows.messages.messages("readers", "web:readers", before=None, limit=10))
    kinds = [(message.kind, message.key) for message, _ in rows]
    assert kinds == [("digest", "2026-11-20"), *((CARD, str(entry)) for entry in scene.entries[:2])]
    assert {posted for _, posted in rows} == {AT}
    newest = await scene.store.read(lambda rows: rows.messages.messages("readers", "web:readers", before=None, limit=1))
    older = await scene.store.read(
        lambda rows: rows.messages.messages("readers", "web:readers", before=newest[0][0].id, limit=10)
    )
    assert [*older, *newest] == rows


async def test_a_stream_is_one_groups(scene: Scene) -> None:
    await scene.show_all()
    assert (
        await scene.store.read(lambda rows: rows.messages.messages("readers", "web:others", before=None, limit=10))
        == []
    )
    assert (
        await scene.store.read(lambda rows: rows.messages.messages("others", "web:readers", before=None, limit=10))
        == []
    )
    ((theirs, _), *_) = await scene.store.read(
        lambda rows: rows.messages.messages("others", "web:others", before=None, limit=10)
    )
    assert await scene.store.read(lambda rows: rows.messages.message("readers", theirs.id)) is None
    assert await scene.store.read(lambda rows: rows.messages.message("others", theirs.id)) is not None
    assert await scene.store.read(lambda rows: rows.messages.message("others", 10**30)) is None


async def test_changes_are_replayed_in_order_from_any_of_them(scene: Scene) -> None:
    assert await scene.store.read(lambda rows: rows.changes.last_change("readers")) == 0
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.entries[0])
    await scene.store.act(cast_vote, scene.by(scene.eve), scene.foreign[0])
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.entries[1])
    first, second = await scene.store.read(lambda rows: rows.changes.changes("readers", 0, 10))
    assert [first.what, second.what] == [f"entry:{entry}" for entry in scene.entries[:2]]
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", first.seq, 10)) == [second]
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", 0, 1)) == [first]
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", second.seq, 10)) == []
    assert await scene.store.read(lambda rows: rows.changes.last_change("readers")) == second.seq
    assert await scene.noted(0, "others") == [f"entry:{scene.foreign[0]}"]
    assert await scene.store.read(lambda rows: rows.changes.changes("others", second.seq, 10)) == [], (
        "another group's change is no gap"
    )


@pytest.mark.parametrize("ahead", [1, 10**6, 2**63, 10**30])
async def test_who_has_seen_more_than_a_restored_database_is_told_to_start_anew(scene: Scene, ahead: int) -> None:
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", ahead, 10)) == [
        Change(0, "readers", "reset")
    ]
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", 0, 10)) == []
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.store.act(cast_vote, scene.by(scene.eve), scene.foreign[0])
    ours, newest = (
        await scene.store.read(lambda rows: rows.changes.last_change("readers")),
        await scene.store.read(lambda rows: rows.changes.last_change("others")),
    )
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", newest + ahead, 10)) == [
        Change(ours, "readers", "reset")
    ]
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", ours, 10)) == [], (
        "once, and then it waits in peace"
    )


@pytest.mark.parametrize("act", ["cast_vote", "toggle_vote", "pass_on", "claim"])
async def test_whatever_changes_an_entry_shows_all_its_cards(scene: Scene, act: str) -> None:
    await scene.show_all()
    await do(scene.store, act, scene.by(scene.ann), scene.first)
    assert await scene.due("web") == [(CARD, str(scene.first))]
    assert await scene.due("slack") == [(CARD, str(scene.first))]


async def test_a_reader_then_waiter_misses_no_commit(scene: Scene) -> None:
    async def wait_for_vote() -> int:
        while True:
            seen = scene.store.commits
            if votes := await scene.votes(scene.first):
                return votes
            await scene.store.wait_for_commit(seen)

    waiters = [asyncio.create_task(wait_for_vote()) for _ in range(8)]
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    assert await asyncio.gather(*waiters) == [1] * 8


async def test_a_commit_before_the_wait_counts(scene: Scene) -> None:
    seen = scene.store.commits
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.store.wait_for_commit(seen)
    assert scene.store.commits == seen + 1


async def test_what_changes_nothing_is_no_commit(scene: Scene) -> None:
    commits = scene.store.commits
    await scene.store.ping()
    await scene.store.write(take_due, "mail", AT, AT_ONCE, 10)
    assert scene.store.commits == commits


async def test_a_closed_store_says_so(store: Store) -> None:
    await set_groups(store, [READERS, OTHERS])
    await list_papers(store, "readers")
    waiter = asyncio.create_task(store.wait_for_commit(store.commits))
    await store.close()
    await store.close()
    reading = store.read(lambda rows: rows.changes.last_change("readers"))
    for call in (store.ping(), reading, store.write(recover, AT), waiter):
        with pytest.raises(StoreError, match="closed"):
            await call


async def test_who_is_too_far_behind_to_be_replayed_is_told_to_start_anew(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.eve), scene.foreign[0])
    for _ in range(12):
        await asyncio.gather(*(scene.store.act(toggle_vote, scene.by(scene.ann), scene.first) for _ in range(1_000)))
    await scene.store.write(tidy, AT)
    last = await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    assert await scene.store.read(lambda rows: rows.changes.changes("readers", 1, 10)) == [
        Change(last, "readers", "reset")
    ]
    assert len(await scene.store.read(lambda rows: rows.changes.changes("readers", last - 5, 10))) == 5
    # The others' only change was tidied away: who had seen none starts anew once, and then waits in peace.
    assert await scene.store.read(lambda rows: rows.changes.changes("others", 1, 10)) == [Change(0, "others", "reset")]
    assert await scene.store.read(lambda rows: rows.changes.changes("others", 0, 10)) == []


async def test_what_is_too_old_to_be_posted_counts_as_given_up(scene: Scene) -> None:
    (wanted,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 1)
    await scene.store.write(put_off, wanted, later(days=3), "503")
    (trouble,) = await scene.store.read(troubles, "readers", later(days=2))
    assert trouble.given_up


async def test_each_lease_takes_one_message_of_a_place_the_oldest(scene: Scene) -> None:
    places = [(m.place, m.kind) for m in await scene.store.write(take_due, "web", AT, AT_ONCE, 10)]
    assert places == [("web:readers", "digest"), ("web:others", "digest")]
    again = [(m.place, m.key) for m in await scene.store.write(take_due, "web", AT, AT_ONCE, 1)]
    assert again == [("web:readers", str(scene.first))]


async def test_an_old_message_is_edited_less_often(scene: Scene) -> None:
    await scene.show_all(AT)
    pauses = pace(2, 60)

    async def shows_at(now: datetime) -> datetime | None:
        (message,) = await scene.store.write(take_due, "web", now, AT_ONCE, 1)
        await scene.store.write(mark_shown, message, message.ref, str(now), now)
        await scene.store.act(toggle_vote, scene.by(scene.ann, at=now), scene.first)
        return await scene.store.read(lambda rows: rows.messages.next_due("web", now, pauses))

    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    young, old = later(minutes=58), later(minutes=61)
    assert await shows_at(young) == later(minutes=58, seconds=2)
    assert await scene.store.write(take_due, "web", later(minutes=58, seconds=1), pauses, 1) == []
    assert await shows_at(old) == later(minutes=62)
    assert await scene.store.write(take_due, "web", later(minutes=61, seconds=59), pauses, 1) == []
    assert len(await scene.store.write(take_due, "web", later(minutes=62), pauses, 1)) == 1


async def test_a_message_is_found_by_the_name_that_its_surface_gave_it(scene: Scene) -> None:
    assert await scene.store.peek(lambda rows: rows.messages.find_shown("slack", "")) is None
    await scene.show_all()
    ((message, _), *_) = await scene.store.read(
        lambda rows: rows.messages.messages("readers", "slack:T/C", before=None, limit=1)
    )
    assert await scene.store.peek(lambda rows: rows.messages.find_shown("slack", message.ref)) == message
    assert await scene.store.peek(lambda rows: rows.messages.find_shown("web", message.ref)) is None
    await scene.store.write(repost, message)
    assert await scene.store.peek(lambda rows: rows.messages.find_shown("slack", message.ref)) is None
    await set_groups(scene.store, [OTHERS])
    assert await scene.store.read(open_cards, "slack", AT) == [], "that group does not meet there any more"


async def test_where_a_message_stands_is_one_groups_and_one_places(scene: Scene) -> None:
    key = str(scene.first)
    assert await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", "web:readers", CARD, key)) == ""
    await scene.show_all()
    assert await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", "web:readers", CARD, key)) != ""
    assert await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", "web:others", CARD, key)) == ""
    assert await scene.store.peek(lambda rows: rows.messages.shown_ref("others", "web:readers", CARD, key)) == ""


async def test_open_cards_are_those_posted_lately_newest_first(scene: Scene) -> None:
    assert await scene.store.read(open_cards, "web", AT) == []
    await scene.show_all()
    cards = await scene.store.read(open_cards, "slack", AT)
    refs = [
        await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", "slack:T/C", CARD, str(entry)))
        for entry in scene.entries[:2]
    ]
    assert [(card.place, card.ref) for card in cards] == [("slack:T/C", ref) for ref in reversed(refs)]
    assert await scene.store.read(open_cards, "slack", later(seconds=1)) == []


async def test_a_trouble_is_told_once_until_a_post_gets_through(scene: Scene) -> None:
    store = scene.store
    assert await store.write(raise_alert, "slack:T/C", "no such channel", AT)
    assert await store.write(raise_alert, "slack:T/C", "no permission", AT)
    assert await store.write(raise_alert, "web:readers", "no such channel", AT)
    assert not await store.write(raise_alert, "slack:T/C", "no such channel", later(days=3))
    await scene.show_all()
    assert await store.write(raise_alert, "slack:T/C", "no such channel", later(days=4))
    await store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.show_all(later(days=5))
    assert not await store.write(raise_alert, "slack:T/C", "no such channel", later(days=5)), "an edit is no post"


# --- wishes


async def test_a_wish_stands_in_every_channel_once_and_is_shown_again_when_it_is_made_again(scene: Scene) -> None:
    await scene.show_all()
    wish = Wish("room", "12")
    for _ in "12":
        await scene.store.write(want, "readers", wish, AT)
    assert await scene.due("web") == await scene.due("slack") == [("room", "12")]
    await scene.show_all(later(minutes=2))
    await scene.store.write(want, "readers", Wish("room", "12 3"), later(minutes=3))
    assert await scene.due("slack", later(minutes=3)) == [("room", "12 3")], "another key"
    await scene.store.write(want, "readers", wish, later(minutes=3))
    assert await scene.due("slack", later(minutes=3)) == [("room", "12")]


async def test_a_wish_may_be_for_some_surfaces_and_under_another_message(scene: Scene) -> None:
    await scene.show_all()
    key = str(scene.first)
    await scene.store.write(want, "readers", Wish("second-chance", f"{key} 2", CARD, ("slack",)), AT)
    assert await scene.due("web") == []
    (wanted,) = await scene.lease("slack")
    card = await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", "slack:T/C", CARD, key))
    assert (wanted.kind, wanted.parent_ref) == ("second-chance", card)
    await scene.store.write(want, "readers", Wish("sleep", "7", CARD), AT, key)
    (wanted,) = await scene.lease("slack")
    assert (wanted.kind, wanted.parent_ref) == ("sleep", card)


async def test_a_wish_that_is_stale_gets_two_more_days_when_it_is_made_again(scene: Scene) -> None:
    await scene.show_all()
    wish = Wish("room", "12")
    await scene.store.write(want, "readers", wish, AT)
    assert await scene.due("slack", later(days=2)) == []
    await scene.store.write(want, "readers", wish, later(days=2))
    assert await scene.due("slack", later(days=4, microseconds=-1)) == [("room", "12")]


# --- discussions


async def test_a_discussion_opens_under_its_card_and_the_card_shows_it(scene: Scene) -> None:
    await scene.show_all()
    card = await scene.store.peek(lambda rows: rows.messages.shown_ref("readers", "slack:T/C", CARD, str(scene.first)))
    assert await scene.store.act(open_discussion, scene.by(scene.bob), scene.first, "slack:T/C")
    (wanted,) = await scene.lease("slack")
    assert (wanted.kind, wanted.key, wanted.parent_ref) == ("discussion", str(scene.first), card)
    await scene.store.write(mark_shown, wanted, "talk", "hash", AT)
    assert (
        await scene.store.peek(
            lambda rows: rows.messages.shown_ref("readers", "slack:T/C", "discussion", str(scene.first))
        )
        == "talk"
    )
    assert await scene.due("slack") == [(CARD, str(scene.first))]
    assert await scene.due("web") == [], "it does not stand there"


async def test_a_discussion_opens_once_and_comes_back_when_it_was_deleted(scene: Scene) -> None:
    await scene.show_all()
    assert await scene.store.act(open_discussion, scene.by(scene.bob, request="one"), scene.first, "slack:T/C")
    for act in (scene.by(scene.bob, request="one"), scene.by(scene.ann)):
        assert not await scene.store.act(open_discussion, act, scene.first, "slack:T/C")
    await scene.show_all()
    assert not await scene.store.act(open_discussion, scene.by(scene.ann), scene.first, "slack:T/C")
    wanted = next(message for message in await scene.lease("slack") if message.kind == "discussion")
    assert (wanted.hash, wanted.ref != "") == ("", True), "an edit will tell whether it still stands"


async def test_a_paper_without_a_card_is_discussed_in_the_channel(scene: Scene) -> None:
    await scene.show_all()
    assert await scene.store.act(open_discussion, scene.by(scene.bob), scene.entries[2], "slack:T/C")
    (wanted,) = await scene.lease("slack")
    assert (wanted.kind, wanted.parent_ref) == ("discussion", "")


@pytest.mark.parametrize("place", ["web:others", "slack:T/D", ""])
async def test_a_discussion_opens_only_in_a_channel_of_the_group(scene: Scene, place: str) -> None:
    with pytest.raises(Refused, match="no channel"):
        await scene.store.act(open_discussion, scene.by(scene.bob), scene.first, place)
    with pytest.raises(Refused, match="no entry"):
        await scene.store.act(open_discussion, scene.by(scene.bob), scene.foreign[0], "slack:T/C")
