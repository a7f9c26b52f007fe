"""Who carried what of a group's load, the rota, leave, and what moderators had to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.actions.attendance import rsvp
from bot.actions.claims import assign_claim
from bot.actions.entries import drop_entry
from bot.actions.people import offer_code, redeem_code, set_leave, set_rota
from bot.actions.picks import second_paper
from bot.actions.settings import change_settings
from bot.actions.undo import undo_step
from bot.errors import Refused
from bot.model import Act, Member, Turn
from bot.week.efforts import efforts_of
from tests.groups import enrol
from tests.stores.scene import AT, Scene, later


async def turn(scene: Scene, member: Member, days: float = 30) -> Turn:
    found = await scene.store.read(lambda rows: rows.people.turns("readers", later(days=days)))
    return next(one for one in found if one.member.id == member.id)


# --- turns


async def test_every_member_has_a_turn_by_name(scene: Scene) -> None:
    await enrol(scene.store, "readers", "web:abe", "abe", later(days=1))
    found = await scene.store.read(lambda rows: rows.people.turns("readers", AT))
    assert [(one.member.name, one.joined_at) for one in found] == [
        ("abe", later(days=1)),
        ("Ann", AT),
        ("Bob", AT),
    ]
    assert found[1] == Turn(scene.ann, AT)


async def test_a_turn_counts_sessions_that_are_over_and_names_the_next(scene: Scene) -> None:
    first, second, skipped, third, fourth = [await scene.meet(days) for days in (6, 13, 20, 27, 34)]
    for session in (first, second, skipped, third, fourth):
        await scene.move(session, sets={"presenter": scene.ann.id})
    await scene.move(skipped, sets={"status": "skipped"})
    found = await turn(scene, scene.ann, 26)
    assert (found.presented, found.last_presented, found.next_on) == (2, second.on, third.on)
    just_over = (second.ends - AT) / timedelta(days=1)
    assert (await turn(scene, scene.ann, just_over)).presented == 2
    assert (await turn(scene, scene.ann, just_over - 1 / 86400)).presented == 1
    assert await turn(scene, scene.bob) == Turn(scene.bob, AT)


async def test_who_said_so_or_presented_came(scene: Scene) -> None:
    sessions = [await scene.meet(days) for days in (6, 13, 20)]
    for session in sessions:
        await scene.store.act(rsvp, scene.by(scene.ann), session.id, "join")
    await scene.store.act(rsvp, scene.by(scene.bob), sessions[0].id, "skip")
    await scene.move(sessions[1], sets={"presenter": scene.bob.id})
    await scene.move(sessions[0], sets={"presenter": scene.ann.id})
    assert ((await turn(scene, scene.ann, 15)).came, (await turn(scene, scene.bob, 15)).came) == (2, 1)


async def test_members_go_on_and_off_the_rota(scene: Scene) -> None:
    assert await scene.store.act(set_rota, scene.by(scene.ann, request="on"), True)
    assert not await scene.store.act(set_rota, scene.by(scene.ann), True)
    assert (await turn(scene, scene.ann)).on_rota
    assert not (await turn(scene, scene.bob)).on_rota
    assert await scene.store.act(set_rota, scene.by(scene.ann), False)
    assert not await scene.store.act(set_rota, scene.by(scene.ann, request="on"), True), "the same request once more"
    assert not (await turn(scene, scene.ann)).on_rota


@pytest.mark.parametrize("last", [date(2026, 12, 31), None])
async def test_members_go_on_leave_and_come_back(scene: Scene, last: date | None) -> None:
    leave = (date(2026, 12, 1), last)
    assert await scene.store.act(set_leave, scene.by(scene.ann), leave)
    assert not await scene.store.act(set_leave, scene.by(scene.ann), leave)
    assert (await turn(scene, scene.ann)).leave == leave
    assert await scene.store.act(set_leave, scene.by(scene.ann), None)
    assert not await scene.store.act(set_leave, scene.by(scene.ann), None)
    assert (await turn(scene, scene.ann)).leave is None


async def test_nobody_is_set_on_the_rota_of_another_group(scene: Scene) -> None:
    act = replace(scene.by(scene.ann), member=scene.eve.id)
    with pytest.raises(Refused, match="stranger"):
        await scene.store.act(set_rota, act, True)
    with pytest.raises(Refused, match="stranger"):
        await scene.store.act(set_leave, act, (date(2026, 12, 1), None))


# --- efforts


async def efforts(scene: Scene, days: float, limit: int = 9) -> Mapping[date, int]:
    return {
        one.session.on: one.actions
        for one in await scene.store.read(lambda rows: efforts_of(rows, "readers", later(days=days), limit))
    }


async def test_what_moderators_did_counts_for_the_session_that_came_next(scene: Scene) -> None:
    first, second, third = [await scene.meet(days) for days in (6, 13, 20)]

    def bob(days: float) -> Act:
        return scene.by(scene.bob, at=later(days=days))

    await scene.store.act(change_settings, bob(1), {"day.cards": "7"})
    await scene.store.act(assign_claim, bob(2), scene.first, scene.ann.id)
    await scene.move(first, "pick", act=bob(6 - 1 / 86400), sets={"entry": scene.first})
    await scene.move(second, "reopen", act=bob(6))
    await scene.store.act(drop_entry, bob(12), scene.entries[1], True, "")
    assert await efforts(scene, 8) == {second.on: 2, first.on: 3}
    assert list(await efforts(scene, 8)) == [second.on, first.on], "the newest first"
    assert await efforts(scene, 30) == {third.on: 0, second.on: 2, first.on: 3}
    assert await efforts(scene, 30, limit=1) == {third.on: 0}
    assert await scene.store.read(lambda rows: efforts_of(rows, "others", later(days=8), 9)) == []


async def test_the_program_and_members_for_themselves_make_no_work(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"entry": scene.first, "presenter": scene.ann.id})
    await scene.move(session, "close")
    for action in ("confirm", "decline", "volunteer", "bring", "slides"):
        await scene.move(session, action, act=scene.by(scene.ann))
    await scene.store.act(second_paper, scene.by(scene.ann), session.id)
    await scene.move(session, "accept", act=scene.by(scene.ann), sets={"settled": True})
    await scene.move(session, "hand over", act=scene.by(scene.ann), sets={"presenter": scene.bob.id})
    assert list((await efforts(scene, 1)).values()) == [0]


async def test_a_moderators_own_presenting_makes_no_work_and_handing_over_anothers_does(scene: Scene) -> None:
    await scene.store.write(offer_code, "readers", "hash")
    assert await scene.store.act(redeem_code, scene.by(scene.bob, at=AT - timedelta(days=1)), "hash")
    session = await scene.move(await scene.meet(), sets={"presenter": scene.bob.id})
    await scene.move(session, "hand over", act=scene.by(scene.bob), sets={"presenter": scene.ann.id})
    for action in ("confirm", "slides"):
        await scene.move(session, action, act=scene.by(scene.bob))
    assert list((await efforts(scene, 1)).values()) == [0]
    await scene.move(session, "hand over", act=scene.by(scene.bob), sets={"presenter": scene.bob.id})
    assert list((await efforts(scene, 1)).values()) == [1]


async def test_a_moderators_undo_is_work_too(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, "pick", sets={"entry": scene.first})
    await scene.store.act(undo_step, scene.by(scene.bob))
    assert await efforts(scene, 1) == {session.on: 1}


async def test_only_sessions_that_take_place_are_counted(scene: Scene) -> None:
    first, second = await scene.meet(6), await scene.meet(13)
    await scene.move(first, "skip", act=scene.by(scene.bob, at=later(days=5)), sets={"status": "skipped"})
    assert await efforts(scene, 7) == {second.on: 1}
