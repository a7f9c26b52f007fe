"""Who holds a paper, who presents with them, who follows, and what sleeps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.actions.claims import assign_claim, claim_paper, hand_over_claim, release_claim, revoke_claim, wake_claim
from bot.actions.claims import put_to_sleep as sleep
from bot.actions.entries import drop_entry
from bot.errors import Refused, StoreError
from bot.model import Act, ClaimKind, ClaimMove, ClaimResult, Member
from bot.ports import Action
from tests.actions.doing import do
from tests.groups import enrol
from tests.refusing import refused
from tests.stores.scene import AT, Scene, later

NOT_HERE = "That paper is not on this group's list."


@pytest.fixture
async def cy(scene: Scene) -> Member:
    return await enrol(scene.store, "readers", "web:cy", "Cy", AT)


async def line(scene: Scene, entry: int | None = None) -> list[tuple[str, str]]:
    """(kind, name) of all claims, in the order of the store."""
    return [
        (one.kind, one.member.name)
        for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", entry or scene.first))
    ]


async def claim_all(scene: Scene, members: Sequence[Member], kind: ClaimKind = "holder") -> None:
    for minute, member in enumerate(members):
        await scene.store.act(claim_paper, scene.by(member, at=later(minutes=minute)), scene.first, kind)


async def put_to_sleep(scene: Scene) -> int:
    claim, *_ = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    assert await scene.store.write(sleep, "readers", claim.id, later(weeks=8))
    return claim.id


# --- members


async def test_the_first_holds_the_paper_and_the_next_wait_in_their_order(scene: Scene, cy: Member) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(claim_paper, scene.by(scene.ann), entry) == ClaimResult(True, scene.ann, "holder")
    assert await store.act(claim_paper, scene.by(scene.bob), entry) == ClaimResult(True, scene.ann, "backup", 1)
    assert await store.act(claim_paper, scene.by(cy, at=later(hours=1)), entry) == ClaimResult(
        True, scene.ann, "backup", 2
    )
    assert await store.act(claim_paper, scene.by(scene.bob, at=later(hours=2)), entry) == ClaimResult(
        False, scene.ann, "backup", 1
    )
    found = await store.peek(lambda rows: rows.entries.entry("readers", entry))
    assert found
    assert (found.claimer, found.backups, found.states) == (scene.ann, (scene.bob, cy), ("listed", "claimed"))


async def test_claims_stand_in_the_order_holder_co_backup_fallback(scene: Scene, cy: Member) -> None:
    di = await enrol(scene.store, "readers", "web:di", "Di", AT)
    await scene.store.act(claim_paper, scene.by(di), scene.first, "fallback")
    await claim_all(scene, [scene.ann, scene.bob])
    await scene.store.act(claim_paper, scene.by(cy, at=later(hours=1)), scene.first, "co")
    assert await line(scene) == [("holder", "Ann"), ("co", "Cy"), ("backup", "Bob"), ("fallback", "Di")]
    assert await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.entries[1])) == []
    assert await scene.store.peek(lambda rows: rows.claims.claims("others", scene.first)) == []
    assert await scene.store.peek(lambda rows: rows.claims.claims("readers", 10**30)) == []


@pytest.mark.parametrize("kind", ["co", "backup"])
async def test_an_only_part_of_a_paper_that_nobody_holds_is_the_whole(scene: Scene, kind: ClaimKind) -> None:
    assert (await scene.store.act(claim_paper, scene.by(scene.ann), scene.first, kind)).kind == "holder"


async def test_who_takes_it_if_nobody_else_does_does_not_hold_it(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(claim_paper, scene.by(scene.ann), entry, "fallback") == ClaimResult(True, None, "fallback")
    assert (await store.act(claim_paper, scene.by(scene.bob), entry, "backup")).kind == "holder"
    assert await line(scene) == [("holder", "Bob"), ("fallback", "Ann")]
    await store.act(release_claim, scene.by(scene.bob), entry)
    assert await line(scene) == [("fallback", "Ann")]


async def test_a_claim_changes_its_kind(scene: Scene, cy: Member) -> None:
    await claim_all(scene, [scene.ann, scene.bob, cy])
    await scene.store.act(claim_paper, scene.by(scene.bob, at=later(hours=1)), scene.first, "co")
    assert await line(scene) == [("holder", "Ann"), ("co", "Bob"), ("backup", "Cy")]
    back = await scene.store.act(claim_paper, scene.by(scene.bob, at=later(hours=2)), scene.first, "holder")
    assert (back.kind, back.place) == ("backup", 2), "at the end of the line"


async def test_a_holder_who_steps_back_makes_room_for_the_first_backup(scene: Scene, cy: Member) -> None:
    await claim_all(scene, [scene.ann, scene.bob, cy])
    result = await scene.store.act(claim_paper, scene.by(scene.ann, at=later(hours=1)), scene.first, "backup")
    assert result == ClaimResult(True, scene.bob, "backup", 2)
    assert await line(scene) == [("holder", "Bob"), ("backup", "Cy"), ("backup", "Ann")]


async def test_a_holder_whom_nobody_follows_stays_the_holder(scene: Scene, cy: Member) -> None:
    await claim_all(scene, [scene.ann])
    await scene.store.act(claim_paper, scene.by(cy), scene.first, "co")
    assert (await scene.store.act(claim_paper, scene.by(scene.ann), scene.first, "co")).kind == "holder"
    assert (await scene.store.act(claim_paper, scene.by(scene.ann), scene.first, "fallback")).kind == "fallback"
    assert await line(scene) == [("co", "Cy"), ("fallback", "Ann")]


async def test_only_ones_own_claim_is_released_and_the_first_backup_follows(scene: Scene, cy: Member) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(release_claim, scene.by(scene.ann), entry) == ClaimResult(False, None)
    await claim_all(scene, [scene.ann, scene.bob])
    assert await store.act(release_claim, scene.by(cy), entry) == ClaimResult(False, scene.ann)
    assert await store.act(release_claim, scene.by(scene.ann), entry) == ClaimResult(True, scene.bob)
    assert await store.act(release_claim, scene.by(scene.bob), entry) == ClaimResult(True, None)
    assert await line(scene) == []
    assert (await store.read(lambda rows: rows.votes.stance("readers", scene.ann.id))).claimed == frozenset()


async def test_a_backup_leaves_without_a_word_to_the_holder(scene: Scene, cy: Member) -> None:
    await claim_all(scene, [scene.ann, scene.bob, cy])
    assert await scene.store.act(release_claim, scene.by(scene.bob), scene.first) == ClaimResult(True, scene.ann)
    assert await line(scene) == [("holder", "Ann"), ("backup", "Cy")]


async def test_a_stance_and_a_list_hold_claims_of_every_kind(scene: Scene) -> None:
    await claim_all(scene, [scene.ann, scene.bob])
    assert (await scene.store.read(lambda rows: rows.votes.stance("readers", scene.bob.id))).claimed == {scene.first}
    (held,) = await scene.store.read(lambda rows: rows.entries.held_by("readers", scene.bob.id, "claimed"))
    assert held.id == scene.first


async def test_a_request_that_arrives_again_answers_with_what_became_of_it(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    claims, releases = scene.by(scene.ann, request="claims"), scene.by(scene.ann, request="releases")
    await store.act(claim_paper, claims, entry)
    assert await store.act(claim_paper, claims, entry) == ClaimResult(False, scene.ann, "holder")
    await store.act(release_claim, releases, entry)
    await store.act(claim_paper, scene.by(scene.bob), entry)
    assert await store.act(claim_paper, claims, entry) == ClaimResult(False, scene.bob)
    assert await store.act(release_claim, releases, entry) == ClaimResult(False, scene.bob)
    assert await line(scene) == [("holder", "Bob")]


async def test_a_paper_is_handed_over_by_its_holder_alone(scene: Scene, cy: Member) -> None:
    store, entry = scene.store, scene.first
    await claim_all(scene, [scene.ann, scene.bob])
    with refused("Only who has claimed"):
        await store.act(hand_over_claim, scene.by(scene.bob), entry, cy.id)
    with refused("not a member"):
        await store.act(hand_over_claim, scene.by(scene.ann), entry, scene.eve.id)
    assert await store.act(hand_over_claim, scene.by(scene.ann), entry, cy.id) == ClaimResult(True, cy)
    assert await line(scene) == [("holder", "Cy"), ("backup", "Bob")]
    assert await store.act(hand_over_claim, scene.by(cy), entry, scene.bob.id) == ClaimResult(True, scene.bob)
    assert await line(scene) == [("holder", "Bob")]


async def test_a_hand_over_that_arrives_again_changes_nothing(scene: Scene) -> None:
    await claim_all(scene, [scene.ann])
    act = scene.by(scene.ann, request="hands")
    await scene.store.act(hand_over_claim, act, scene.first, scene.bob.id)
    assert await scene.store.act(hand_over_claim, act, scene.first, scene.bob.id) == ClaimResult(False, scene.bob)


# --- moderators


async def test_a_revoked_claim_is_free_and_nobody_follows_unasked(scene: Scene, cy: Member) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(revoke_claim, scene.by(cy), entry) == ClaimResult(False, None)
    await claim_all(scene, [scene.ann, scene.bob])
    revokes = scene.by(cy, request="revokes")
    assert await store.act(revoke_claim, revokes, entry) == ClaimResult(True, None)
    assert await line(scene) == [("backup", "Bob")]
    await store.act(claim_paper, scene.by(scene.ann, at=later(hours=1)), entry)
    assert await store.act(revoke_claim, revokes, entry) == ClaimResult(False, scene.ann), "the same request once more"


async def test_a_moderators_own_claim_is_released_like_every_members(scene: Scene) -> None:
    await claim_all(scene, [scene.ann, scene.bob])
    assert await scene.store.act(revoke_claim, scene.by(scene.ann), scene.first) == ClaimResult(True, scene.bob)
    assert await scene.store.read(lambda rows: rows.audit.steps("readers", 9)) == []


async def test_a_claim_is_assigned_whoever_held_it(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(assign_claim, scene.by(scene.bob), entry, scene.ann.id) == ClaimResult(True, scene.ann)
    assert await store.act(assign_claim, scene.by(scene.bob), entry, scene.ann.id) == ClaimResult(False, scene.ann)
    await scene.show_all()
    act = scene.by(scene.ann, request="assigns")
    assert (await store.act(assign_claim, act, entry, scene.bob.id)).holder == scene.bob
    assert await scene.due() == [("paper", str(entry))]
    await store.act(release_claim, scene.by(scene.bob), entry)
    assert await store.act(assign_claim, act, entry, scene.bob.id) == ClaimResult(False, None), (
        "the same request once more"
    )


async def test_an_assigned_backup_moves_up(scene: Scene, cy: Member) -> None:
    await claim_all(scene, [scene.ann, scene.bob, cy])
    await scene.store.act(assign_claim, scene.by(scene.ann), scene.first, cy.id)
    assert await line(scene) == [("holder", "Cy"), ("backup", "Bob")]


async def test_what_is_assigned_stands_in_the_audit_log(scene: Scene) -> None:
    await scene.store.act(assign_claim, scene.by(scene.bob), scene.first, scene.ann.id)
    await scene.store.act(assign_claim, scene.by(scene.ann), scene.first, scene.bob.id)
    newest, first = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert (first.action, first.by, first.after, first.entry) == ("assign", "Bob", "Ann", scene.first)
    assert (newest.by, newest.before, newest.after) == ("Ann", "Ann", "Bob")


async def test_nothing_is_assigned_to_or_from_another_group(scene: Scene) -> None:
    with pytest.raises(StoreError):
        await scene.store.act(assign_claim, scene.by(scene.bob), scene.first, scene.eve.id)
    with refused(NOT_HERE):
        await scene.store.act(assign_claim, scene.by(scene.bob), scene.foreign[0], scene.ann.id)
    assert await line(scene) == []


# --- sleep


async def test_claims_that_nobody_picked_are_found_the_oldest_first(scene: Scene) -> None:
    first, second, third = scene.entries
    for hours, entry in ((2, first), (1, second), (3, third)):
        await scene.store.act(claim_paper, scene.by(scene.ann, at=later(hours=hours)), entry)
    await scene.store.act(claim_paper, scene.by(scene.bob), third)

    async def found(hours: float) -> list[int]:
        return [
            claim.entry
            for claim in await scene.store.read(lambda rows: rows.claims.sleepers("readers", later(hours=hours)))
        ]

    assert await found(2) == [second]
    assert await found(5) == [second, first, third]
    await scene.move(await scene.meet(), sets={"entry": first})
    await scene.store.act(drop_entry, scene.by(scene.bob), third, True, "")
    assert await found(5) == [second]
    assert await scene.store.read(lambda rows: rows.claims.sleepers("others", later(hours=5))) == []


async def test_a_sleeping_claim_asks_its_holder_under_the_card_once(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.show_all()
    claim = await put_to_sleep(scene)
    assert await scene.due(at=later(weeks=8)) == [("sleep", str(claim)), ("paper", str(scene.first))]
    found = await scene.store.peek(lambda rows: rows.claims.claim_by_id("readers", claim))
    assert found
    assert found.slept_at == later(weeks=8)
    assert not await scene.store.write(sleep, "readers", claim, later(weeks=9))
    assert not await scene.store.write(sleep, "others", claim, later(weeks=9))
    assert await scene.store.read(lambda rows: rows.claims.sleepers("readers", later(weeks=9))) == []


async def test_who_was_asked_whether_they_keep_it_sees_that_it_went_to_another(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.show_all()
    claim = await put_to_sleep(scene)
    for days in (0, 1):  # the card first, then the question under it
        await scene.show_all(later(weeks=8, days=days))
    session = await scene.meet(90)
    given = (ClaimMove("release", claim), ClaimMove("give", entry=scene.first, member=scene.bob.id))
    await scene.move(session, "assign session", at=later(weeks=9), sets={"presenter": scene.bob.id}, claims=given)
    assert ("sleep", str(claim)) in await scene.due(at=later(weeks=9))


async def test_a_claim_that_falls_asleep_again_asks_again(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.show_all()
    claim = await put_to_sleep(scene)
    await scene.show_all(later(weeks=8))
    await scene.store.act(wake_claim, scene.by(scene.ann, at=later(weeks=9)), claim)
    await scene.show_all(later(weeks=9))
    assert await scene.store.write(sleep, "readers", claim, later(weeks=20))
    assert ("sleep", f"{claim} 2") in await scene.due(at=later(weeks=20))


async def test_the_question_stands_in_the_thread_of_the_papers_card(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.show_all()
    await put_to_sleep(scene)
    asked = next(one for one in await scene.lease(at=later(weeks=8)) if one.kind == "sleep")
    assert asked.parent_ref == await scene.store.peek(
        lambda rows: rows.messages.shown_ref("readers", "web:readers", "paper", str(scene.first))
    )


async def test_who_keeps_a_claim_wakes_it_and_it_stays_awake_as_long_as_a_new_one(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.show_all()
    claim = await put_to_sleep(scene)
    await scene.show_all(later(weeks=8))
    act = scene.by(scene.ann, request="keeps", at=later(weeks=9))
    assert await scene.store.act(wake_claim, act, claim)
    assert ("sleep", str(claim)) in await scene.due(at=later(weeks=9)), "its question says what became of it"
    assert not await scene.store.act(wake_claim, act, claim), "the same request once more"
    assert await scene.store.read(lambda rows: rows.claims.sleepers("readers", later(weeks=9))) == []
    assert [
        one.id for one in await scene.store.read(lambda rows: rows.claims.sleepers("readers", later(weeks=9, hours=1)))
    ] == [claim]


async def test_only_its_member_wakes_a_claim_and_not_after_its_end(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    claim = await put_to_sleep(scene)
    for act in (scene.by(scene.bob), scene.by(scene.eve)):
        with refused("has ended or is not yours"):
            await scene.store.act(wake_claim, act, claim)
    await scene.store.act(release_claim, scene.by(scene.ann), scene.first)
    with refused("has ended"):
        await scene.store.act(wake_claim, scene.by(scene.ann), claim)
    assert await scene.store.peek(lambda rows: rows.claims.claim_by_id("readers", claim)) is None


async def test_a_sleeping_claim_keeps_nobody_from_the_paper_and_does_not_end(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    claim = await put_to_sleep(scene)
    result = await scene.store.act(claim_paper, scene.by(scene.bob, at=later(weeks=9)), scene.first)
    assert result == ClaimResult(True, scene.bob, "holder")
    assert await line(scene) == [("holder", "Bob"), ("backup", "Ann")]
    await scene.store.act(release_claim, scene.by(scene.bob), scene.first)
    assert await line(scene) == [("backup", "Ann")], "nobody is given a paper in their sleep"
    await scene.store.act(wake_claim, scene.by(scene.ann), claim)
    await scene.store.act(claim_paper, scene.by(scene.ann, at=later(weeks=10)), scene.first)
    assert await line(scene) == [("holder", "Ann")]


async def test_a_claim_said_again_wakes_up(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    claim = await put_to_sleep(scene)
    assert (await scene.store.act(claim_paper, scene.by(scene.ann, at=later(weeks=9)), scene.first)).changed
    found = await scene.store.peek(lambda rows: rows.claims.claim_by_id("readers", claim))
    assert found
    assert found.slept_at is None


# --- what all verbs promise


@pytest.mark.parametrize("action", [assign_claim, hand_over_claim])
async def test_an_entry_of_another_group_is_given_to_nobody(scene: Scene, action: Action[..., ClaimResult]) -> None:
    with refused(NOT_HERE):
        await scene.store.act(action, scene.by(scene.ann), scene.foreign[0], scene.bob.id)


async def test_a_member_of_another_group_claims_nothing_here(scene: Scene) -> None:
    intruder: Act = replace(scene.by(scene.ann), member=scene.eve.id)
    with pytest.raises(Refused, match="stranger"):
        await scene.store.act(claim_paper, intruder, scene.first, "backup")
    assert await line(scene) == []


async def test_what_claims_change_is_shown_again(scene: Scene) -> None:
    await scene.show_all()
    for minute, (member, verb) in enumerate(
        ((scene.ann, "claim"), (scene.bob, "claim"), (scene.bob, "release_claim"), (scene.ann, "release_claim"))
    ):
        await do(scene.store, verb, scene.by(member), scene.first)
        assert await scene.due(at=later(hours=2 * minute)) == [("paper", str(scene.first))], verb
        await scene.show_all(later(hours=2 * minute + 1))
