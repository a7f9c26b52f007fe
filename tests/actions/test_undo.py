"""Every step of a session, of claims and of the vote can be taken back, the newest first."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.actions.claims import assign_claim, claim_paper, release_claim, revoke_claim
from bot.actions.entries import drop_entry
from bot.actions.moves import make_moves
from bot.actions.settings import change_settings
from bot.actions.undo import undo_step
from bot.model import Act, ClaimMove, LogEntry, Move, Pick, Session, Wish
from bot.week.efforts import moderating
from bot.week.participation import participation_of
from bot.week.second_chances import second_chances
from tests.groups import enrol
from tests.stores.scene import AT, Scene, later

PICK = Pick('{"an": "election"}', '{"a": "receipt"}', AT)


async def undo(scene: Scene, act: Act | None = None) -> str:
    """The action of the step that was taken back."""
    step = await scene.store.act(undo_step, act or scene.by(scene.bob, at=later(hours=5)))
    return step.action if step else ""


async def line(scene: Scene) -> list[tuple[str, str]]:
    return [
        (one.kind, one.member.name)
        for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    ]


def same(one: Session, other: Session) -> bool:
    """But for what grows with every change."""
    grown = ("sequence", "revised_at")
    fields = (field for field in Session.__dataclass_fields__ if field not in grown)
    return all(getattr(one, field) == getattr(other, field) for field in fields)


async def claim_all(scene: Scene) -> Sequence[int]:
    for minute, member in enumerate((scene.ann, scene.bob)):
        await scene.store.act(claim_paper, scene.by(member, at=later(minutes=minute)), scene.first)
    return [claim.id for claim in await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))]


# --- a step of a session


@pytest.mark.parametrize("by_program", [True, False])
async def test_undo_restores_what_a_step_set_and_leaves_what_it_marked_as_done(scene: Scene, by_program: bool) -> None:
    session = await scene.meet()
    act = scene.program() if by_program else scene.by(scene.ann)
    sets = {"entry": scene.first, "settled": True, "closed_at": later(hours=1), "presenter": scene.ann.id}
    moved = await scene.move(session, "pick", act=act, sets=sets, done=("close", "pick"))
    assert await undo(scene) == "pick"
    found = await scene.session(session)
    assert same(found, session)
    assert found.sequence == moved.sequence + 1
    assert await scene.store.peek(lambda rows: rows.sessions.done_steps("readers", session.id)) == {"close", "pick"}


async def test_the_sequence_grows_only_when_calendars_show_it(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, "ask", sets={"asked_at": AT})
    await undo(scene)
    assert (await scene.session(session)).sequence == 0


async def test_steps_are_taken_back_one_by_one_the_newest_first(scene: Scene) -> None:
    session = await scene.meet()
    for action, sets in (
        ("pick", {"entry": scene.first, "presenter": scene.ann.id}),
        ("confirm", {"confirmed_at": AT}),
        ("move", {"place": "Room 3"}),
    ):
        await scene.move(session, action, act=scene.by(scene.ann), sets=sets)
    assert [await undo(scene) for _ in range(4)] == ["move", "confirm", "pick", ""]
    assert same(await scene.session(session), session)


async def test_slides_are_taken_back_until_the_next_session_begins(scene: Scene) -> None:
    first, second = await scene.meet(6), await scene.meet(13)

    async def put(at: datetime) -> None:
        await scene.move(first, "slides", act=scene.by(scene.ann, at=at), sets={"slides": f"https://example.org/{at}"})

    await scene.move(first, "move", sets={"place": "Room 3"})
    await put(later(days=7))
    assert await undo(scene, scene.by(scene.bob, at=later(days=8))) == "slides"
    assert (await scene.session(first)).slides == ""
    await put(later(days=9))
    kept = await scene.session(first)
    assert await undo(scene, scene.by(scene.bob, at=second.starts)) == ""
    assert await scene.session(first) == kept


async def test_what_was_changed_since_is_not_taken_back(scene: Scene) -> None:
    session, other = await scene.meet(6), await scene.meet(13)
    await scene.move(other, "move", act=scene.by(scene.ann), sets={"place": "Room 3"})
    await scene.move(session, "pick", sets={"entry": scene.first, "settled": False})
    changed = await scene.move(session, sets={"settled": True})
    assert await undo(scene) == "move"
    assert await scene.session(session) == changed
    assert same(await scene.session(other), other)


@pytest.mark.parametrize("action", ["move", "cancel"])
async def test_what_the_program_did_because_of_a_setting_is_undone_with_the_setting(scene: Scene, action: str) -> None:
    session = await scene.move(await scene.meet(), action, sets={"place": "Room 3"})
    assert await undo(scene) == ""
    assert (await scene.session(session)).place == "Room 3"


async def test_a_session_that_is_over_stays_as_it_was(scene: Scene) -> None:
    session = await scene.meet()
    moved = await scene.move(session, "pick", sets={"entry": scene.first})
    assert await undo(scene, scene.by(scene.bob, at=session.ends)) == ""
    assert await scene.session(session) == moved


async def test_a_batch_is_taken_back_whole_or_not_at_all(scene: Scene) -> None:
    first, second = await scene.meet(6), await scene.meet(13)
    await scene.move(first, sets={"entry": scene.first})
    before = await scene.session(first)
    skipped = Move(first.id, "skip", "holidays", {"status": "skipped", "entry": None})
    moves = [skipped, Move(second.id, "", sets={"entry": scene.first})]
    await scene.store.write(make_moves, scene.by(scene.ann), moves)
    await scene.move(second, sets={"entry": scene.entries[1]})
    assert await undo(scene) == ""
    assert (await scene.session(first)).status == "skipped"
    await scene.move(second, sets={"entry": scene.first})
    assert await undo(scene) == "skip"
    assert same(await scene.session(first), before)
    assert same(await scene.session(second), second)


async def test_claims_go_back_with_the_step_that_moved_them(scene: Scene) -> None:
    holder, backup = await claim_all(scene)
    session = await scene.meet()
    claims = (ClaimMove("release", holder), ClaimMove("promote", backup))
    await scene.move(session, "silent", claims=claims, sets={"presenter": scene.bob.id})
    given = ClaimMove("give", entry=scene.entries[1], member=scene.ann.id)
    await scene.move(session, "name", claims=(given,))
    assert await undo(scene) == "name"
    assert await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.entries[1])) == []
    assert await undo(scene) == "silent"
    assert await line(scene) == [("holder", "Ann"), ("backup", "Bob")]
    assert [one.id for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))] == [
        holder,
        backup,
    ]


async def test_claims_that_members_changed_since_stay_as_they_are(scene: Scene) -> None:
    holder, backup = await claim_all(scene)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    session = await scene.meet()
    await scene.move(session, "silent", claims=(ClaimMove("release", holder), ClaimMove("promote", backup)))
    await scene.store.act(release_claim, scene.by(scene.bob), scene.first)
    await scene.store.act(claim_paper, scene.by(cy), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    assert await undo(scene) == "silent"
    assert await line(scene) == [("holder", "Cy"), ("backup", "Ann")]


async def test_who_stepped_back_holds_it_again(scene: Scene) -> None:
    holder, _ = await claim_all(scene)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    given = (ClaimMove("step back", holder), ClaimMove("give", entry=scene.first, member=cy.id))
    await scene.move(await scene.meet(), "pick", claims=given)
    assert await line(scene) == [("holder", "Cy"), ("backup", "Ann"), ("backup", "Bob")]
    assert await undo(scene) == "pick"
    assert await line(scene) == [("holder", "Ann"), ("backup", "Bob")]


async def test_near_winners_of_an_earlier_pick_come_back(scene: Scene) -> None:
    session = await scene.meet()
    sets = {"entry": scene.first, "closed_at": AT}
    near = scene.near(session, (scene.entries[1], 2), (scene.entries[2], 1))
    await scene.move(session, "pick", sets=sets, pick=PICK, carried=near)
    sets = {"entry": scene.entries[1]}
    await scene.move(session, "next", sets=sets, pick=PICK, carried=scene.near(session, (scene.entries[2], 1)))
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == [scene.entries[2]]
    assert await undo(scene) == "next"
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == list(scene.entries[1:])


async def test_a_pick_is_taken_back_with_its_near_winners(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, "pick", sets={"entry": scene.first, "closed_at": AT}, pick=PICK)
    sets = {"entry": scene.entries[1], "closed_at": later(hours=1)}
    await scene.move(session, "next", sets=sets, pick=PICK, carried=scene.near(session, (scene.first, 2)))
    first, _ = await scene.store.read(lambda rows: rows.picks.picks("readers", session.id))
    assert await undo(scene) == "next"
    assert await scene.store.read(lambda rows: rows.picks.picks("readers", session.id)) == [first]
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == []
    room = await scene.store.read(lambda rows: participation_of(rows, "readers", session.id))
    assert room
    assert room.pick == first


async def test_undo_shows_again_what_the_step_had_changed(scene: Scene) -> None:
    session = await scene.meet()
    key = str(session.id)
    await scene.move(session, "pick", sets={"entry": scene.first}, wishes=(Wish("pick", key),), tells=True)
    (step,) = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    await scene.show_all()
    await undo(scene)
    due = await scene.due(at=later(hours=5))
    assert sorted(due) == [("paper", str(scene.first)), ("pick", key), ("step", str(step.id))]
    logged = await scene.store.read(lambda rows: rows.audit.logged("readers", step.id))
    assert logged
    assert logged.undone


async def test_an_undo_stands_in_the_log_and_can_not_be_undone(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, "pick", sets={"entry": scene.first})
    act = scene.by(scene.bob, request="undoes", at=later(hours=5))
    assert await undo(scene, act) == "pick"
    newest, pick = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert (newest.action, newest.by, newest.session, newest.undone) == ("undo pick", "Bob", session.id, False)
    assert (pick.undone, pick.session) == (True, session.id)
    logged = await scene.store.read(lambda rows: rows.audit.logged("readers", newest.id))
    assert logged
    assert (logged.before, logged.after) == ({"entry": scene.first}, {"entry": None})
    assert await undo(scene, act) == "pick", "the same request once more tells the same"
    assert await undo(scene) == ""
    assert len(await scene.store.read(lambda rows: rows.audit.steps("readers", 9))) == 2


async def test_another_groups_steps_are_not_taken_back(scene: Scene) -> None:
    await scene.move(await scene.meet(), "pick", sets={"entry": scene.first})
    assert await undo(scene, scene.by(scene.eve, at=later(hours=5))) == ""


async def test_who_only_speaks_for_themselves_is_no_moderator(scene: Scene) -> None:
    session = await scene.meet()
    for action in ("confirm", "decline", "volunteer", "bring", "slides", "hand over"):
        await scene.move(session, action, act=scene.by(scene.ann), sets={})
    assert await scene.store.read(lambda rows: moderating(rows, "readers")) == []
    await scene.move(session, "skip", act=scene.by(scene.bob), sets={"status": "skipped"})
    assert await scene.store.read(lambda rows: moderating(rows, "readers")) == ["slack:T/2"]


# --- claims and the vote


async def actions(scene: Scene) -> list[LogEntry]:
    return list(await scene.store.read(lambda rows: rows.audit.steps("readers", 9)))


async def test_who_was_given_a_paper_gets_their_place_in_the_line_back(scene: Scene) -> None:
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    before = await claim_all(scene)
    await scene.store.act(claim_paper, scene.by(cy, at=later(hours=1)), scene.first)
    await scene.store.act(assign_claim, scene.by(scene.ann), scene.first, scene.bob.id)
    assert await line(scene) == [("holder", "Bob"), ("backup", "Cy")]
    assert (await actions(scene))[0].after == "Bob"
    assert await undo(scene) == "assign"
    assert await line(scene) == [("holder", "Ann"), ("backup", "Bob"), ("backup", "Cy")]
    assert [one.id for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))][
        :2
    ] == before, "as old as they were"


async def test_a_released_claim_comes_back_unless_somebody_holds_the_paper(scene: Scene) -> None:
    holder, _ = await claim_all(scene)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    await scene.store.act(revoke_claim, scene.by(cy), scene.first)
    assert await undo(scene) == "release"
    assert (await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first)))[0].id == holder
    await scene.store.act(revoke_claim, scene.by(cy), scene.first)
    await scene.store.act(claim_paper, scene.by(cy), scene.first)
    assert await undo(scene) == ""
    assert (await line(scene))[0] == ("holder", "Cy")


async def test_who_holds_another_part_by_now_gets_the_paper_back_once(scene: Scene) -> None:
    await claim_all(scene)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    await scene.store.act(assign_claim, scene.by(cy), scene.first, cy.id)
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first, "co")
    assert await undo(scene) == "assign"
    assert await line(scene) == [("holder", "Ann"), ("backup", "Bob")]


async def test_a_paper_is_dropped_and_put_back_and_both_undone(scene: Scene) -> None:
    store, entry = scene.store, scene.first

    async def dropped() -> bool:
        found = await store.peek(lambda rows: rows.entries.entry("readers", entry))
        assert found
        return found.dropped

    await scene.show_all()
    assert await store.act(drop_entry, scene.by(scene.ann, request="drops"), entry, True, "no code")
    assert not await store.act(drop_entry, scene.by(scene.ann, request="drops"), entry, False, ""), "the same request"
    assert not await store.act(drop_entry, scene.by(scene.ann), entry, True, "again")
    assert await dropped()
    assert await scene.due(at=later(hours=1)) == [("paper", str(entry))]
    assert await store.act(drop_entry, scene.by(scene.ann), entry, False, "it has code")
    back, away = await actions(scene)
    assert (away.action, away.reason, away.entry, away.by) == ("drop", "no code", entry, "Ann")
    assert (back.action, back.before, back.after) == ("put back", "dropped", "")
    assert await undo(scene) == "put back"
    assert await dropped()
    assert await undo(scene) == "drop"
    assert not await dropped()
    assert await undo(scene) == ""


async def test_steps_of_all_kinds_are_taken_back_in_one_order(scene: Scene) -> None:
    session = await scene.meet()
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7"})
    await scene.move(session, "skip", sets={"status": "skipped"})
    await scene.store.act(drop_entry, scene.by(scene.ann), scene.first, True, "")
    await scene.store.act(assign_claim, scene.by(scene.ann), scene.first, scene.bob.id)
    taken = [await undo(scene) for _ in range(5)]
    assert taken == ["assign", "drop", "skip", "set day.cards", ""]
