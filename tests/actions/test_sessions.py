"""Sessions are planned, moved in one step or not at all, and leave their trace."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.actions.claims import assign_claim, claim_paper, release_claim
from bot.actions.meetings import plan_meetings
from bot.actions.moves import make_moves
from bot.errors import PortError, Refused
from bot.model import ClaimMove, Move, Pick, Planned, Session, SessionChanges, Wish
from bot.week.participation import participation_of
from tests.stores.scene import AT, Scene, later

PICK = Pick('{"an": "election"}', '{"a": "receipt"}', AT)


def planned(days: float, place: str = "Room 2", closes_at: datetime | None = None) -> Planned:
    starts = later(days=days)
    return Planned(starts.date(), starts, 90, place, closes_at)


async def starts(scene: Scene, since: datetime = AT) -> list[date]:
    return [session.on for session in await scene.store.read(lambda rows: rows.sessions.sessions("readers", since))]


# --- planning and finding


async def test_a_planned_session_is_as_it_was_planned(scene: Scene) -> None:
    await scene.store.write(plan_meetings, "readers", [planned(6, closes_at=later(days=2))], AT)
    (session,) = await scene.store.read(lambda rows: rows.sessions.sessions("readers", AT))
    assert session == Session(
        id=session.id,
        group="readers",
        on=date(2026, 11, 26),
        starts=datetime(2026, 11, 26, 8, tzinfo=UTC),
        minutes=90,
        place="Room 2",
        scheduled_at=AT,
        closes_at=later(days=2),
    )
    assert await scene.store.peek(lambda rows: rows.sessions.session("readers", session.id)) == session
    assert await scene.store.read(lambda rows: rows.sessions.sessions("others", AT)) == []


async def test_a_date_that_has_a_session_is_left_alone(scene: Scene) -> None:
    session = await scene.meet(6)
    await scene.store.write(plan_meetings, "readers", [planned(6, "elsewhere"), planned(13)], later(days=1))
    assert await scene.session(session) == session
    assert await starts(scene) == [date(2026, 11, 26), date(2026, 12, 3)]


async def test_a_cancelled_session_is_planned_anew_without_what_was_decided(scene: Scene) -> None:
    session = await scene.meet(6)
    decided = {
        "entry": scene.first,
        "settled": True,
        "presenter": scene.ann.id,
        "closed_at": AT,
        "shortlist": (scene.first,),
        "tried": (scene.bob.id,),
        "slides": "https://example.org",
        "moved": True,
    }
    await scene.move(session, sets=decided, done=("close", "pick"), pick=PICK)
    await scene.move(session, "cancel", sets={"status": "cancelled", "why": "no Thursdays any more"})
    before = await scene.session(session)
    await scene.store.write(
        plan_meetings, "readers", [replace(planned(6, "Room 9"), starts=later(days=6, hours=2))], later(hours=1)
    )
    found = await scene.session(session)
    assert found == Session(
        id=session.id,
        group="readers",
        on=session.on,
        starts=later(days=6, hours=2),
        minutes=90,
        place="Room 9",
        scheduled_at=later(hours=1),
        sequence=before.sequence + 1,
        revised_at=found.revised_at,
    )
    assert await scene.store.peek(lambda rows: rows.sessions.done_steps("readers", session.id)) == frozenset()
    assert await scene.store.read(lambda rows: rows.picks.picks("readers", session.id)) == []


@pytest.mark.parametrize("status", ["planned", "skipped"])
async def test_only_a_cancelled_session_is_planned_anew(scene: Scene, status: str) -> None:
    session = await scene.move(await scene.meet(6), sets={"status": status})
    await scene.store.write(plan_meetings, "readers", [planned(6, "elsewhere")], AT)
    assert await scene.session(session) == session


async def test_sessions_are_listed_until_they_have_ended(scene: Scene) -> None:
    second, first = await scene.meet(13), await scene.meet(6)
    assert await starts(scene) == [first.on, second.on]
    assert await starts(scene, first.ends - timedelta(seconds=1)) == [first.on, second.on]
    assert await starts(scene, first.ends) == [second.on]
    await scene.move(second, sets={"status": "skipped"})
    assert await starts(scene) == [first.on, second.on], "of any status"


async def test_the_session_of_an_entry_is_the_newest_that_takes_place(scene: Scene) -> None:
    first, second, third = [await scene.meet(days) for days in (6, 13, 20)]
    assert await scene.store.peek(lambda rows: rows.sessions.session_of("readers", scene.first)) is None
    for session in (first, second, third):
        await scene.move(session, sets={"entry": scene.first})
    third = await scene.move(third, sets={"status": "skipped"})
    found = await scene.store.peek(lambda rows: rows.sessions.session_of("readers", scene.first))
    assert found
    assert found.id == second.id
    assert await scene.store.peek(lambda rows: rows.sessions.session_of("others", scene.first)) is None


async def test_the_last_session_is_the_newest_that_has_begun(scene: Scene) -> None:
    first, second = await scene.meet(6), await scene.meet(13)
    assert (
        await scene.store.read(lambda rows: rows.sessions.last_session("readers", first.starts - timedelta(seconds=1)))
        is None
    )
    assert (
        await scene.store.read(lambda rows: rows.sessions.last_session("readers", second.starts - timedelta(seconds=1)))
        == first
    )
    assert await scene.store.read(lambda rows: rows.sessions.last_session("readers", second.starts)) == second
    await scene.move(second, sets={"status": "skipped"})
    assert await scene.store.read(lambda rows: rows.sessions.last_session("readers", second.starts)) == first


@pytest.mark.parametrize("id", [0, -1, 999, 10**30])
async def test_a_session_that_is_not_there_is_not_found(scene: Scene, id: int) -> None:
    assert await scene.store.peek(lambda rows: rows.sessions.session("readers", id)) is None
    assert await scene.store.peek(lambda rows: rows.sessions.done_steps("readers", id)) == frozenset()
    assert await scene.store.read(lambda rows: rows.picks.picks("readers", id)) == []
    assert await scene.store.read(lambda rows: participation_of(rows, "readers", id)) is None
    with pytest.raises(Refused, match="no meeting"):
        await scene.store.write(make_moves, scene.program(), [Move(id, "skip")])


async def test_a_session_of_another_group_is_not_found(scene: Scene) -> None:
    session = await scene.meet()
    assert await scene.store.peek(lambda rows: rows.sessions.session("others", session.id)) is None
    act = replace(scene.program(), group="others")
    with pytest.raises(Refused, match="no meeting"):
        await scene.store.write(make_moves, act, [Move(session.id, "skip", sets={"status": "skipped"})])
    assert await scene.session(session) == session


# --- moving

EVERYTHING: Mapping[str, Any] = {
    "on": date(2026, 11, 27),
    "starts": later(days=7),
    "minutes": 45,
    "place": "https://meet.example.org",
    "scheduled_at": later(hours=1),
    "moved": True,
    "status": "skipped",
    "why": "holidays",
    "closes_at": later(days=3),
    "closed_at": later(days=2),
    "settled": True,
    "asked_at": later(days=2),
    "confirmed_at": later(days=4),
    "open_discussion": True,
    "slides": "https://example.org/slides",
}


async def test_a_move_sets_every_field_and_back(scene: Scene) -> None:
    session = await scene.meet()
    sets = {**EVERYTHING, "entry": scene.first, "shortlist": tuple(scene.entries), "tried": (scene.bob.id,)}
    assert {*sets, "presenter", "sequence", "revised_at", "heard_at"} == SessionChanges.__annotations__.keys()
    found = await scene.move(session, sets={**sets, "presenter": scene.ann.id})
    assert found == replace(session, **sets, presenter=scene.ann, sequence=1, revised_at=AT)
    back = {name: getattr(session, name) for name in (*sets, "presenter")}
    assert await scene.move(session, sets=back) == replace(session, sequence=2, revised_at=AT)


async def test_the_sequence_grows_only_with_what_calendars_show(scene: Scene) -> None:
    session = await scene.meet()
    for sets, sequence in (
        ({"place": "Room 3"}, 1),
        ({"place": "Room 3", "asked_at": AT}, 1),
        ({"presenter": scene.ann.id}, 2),
        ({"starts": later(days=8), "minutes": 30}, 3),
        ({"entry": scene.first}, 4),
        ({"status": "cancelled"}, 5),
        ({}, 5),
    ):
        found = await scene.move(session, sets=sets)
        assert found.sequence == sequence, sets


@pytest.mark.parametrize("sets", [{"id": 9}, {"group": "others"}, {"ends": AT}])
async def test_what_is_no_field_to_set_is_refused(scene: Scene, sets: dict[str, Any]) -> None:
    session = await scene.meet()
    with pytest.raises(ValueError, match="to set"):
        await scene.move(session, sets=sets)
    assert await scene.session(session) == session


@pytest.mark.parametrize("sets", [{"presenter": 3}, {"entry": 4}])
async def test_nobody_and_nothing_of_another_group_gets_into_a_session(scene: Scene, sets: dict[str, Any]) -> None:
    session = await scene.meet()
    assert (scene.eve.id, scene.foreign[0]) == (3, 4)
    with pytest.raises(PortError):
        await scene.move(session, sets=sets, done=("pick",))
    assert await scene.session(session) == session
    assert await scene.store.peek(lambda rows: rows.sessions.done_steps("readers", session.id)) == frozenset()


async def test_steps_are_done_once_and_may_come_again(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, done=("close", "pick"))
    await scene.move(session, done=("pick", "thread"), undone=("close",))
    assert await scene.store.peek(lambda rows: rows.sessions.done_steps("readers", session.id)) == {"pick", "thread"}
    assert await scene.store.peek(lambda rows: rows.sessions.done_steps("others", session.id)) == frozenset()


async def test_no_moves_are_no_trouble(scene: Scene) -> None:
    await scene.store.write(make_moves, scene.program(), [])


# --- claims, picks and messages of a Move


async def test_claims_move_with_the_session(scene: Scene) -> None:
    for member in (scene.ann, scene.bob):
        await scene.store.act(claim_paper, scene.by(member), scene.first)
    holder, backup = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    session = await scene.meet()
    await scene.move(session, claims=(ClaimMove("release", holder.id), ClaimMove("promote", backup.id)))
    assert [
        (one.id, one.kind) for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    ] == [(backup.id, "holder")]
    await scene.move(session, claims=(ClaimMove("give", entry=scene.entries[1], member=scene.ann.id),))
    assert [
        one.member for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.entries[1]))
    ] == [scene.ann]


async def test_a_claim_that_can_not_move_stays_where_it_is(scene: Scene) -> None:
    for member in (scene.ann, scene.bob):
        await scene.store.act(claim_paper, scene.by(member), scene.first)
    before = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    session = await scene.meet()
    for claims in (
        (ClaimMove("promote", before[1].id),),
        (ClaimMove("give", entry=scene.first, member=scene.bob.id),),
        (ClaimMove("release", 999), ClaimMove("promote", 999)),
    ):
        await scene.move(session, claims=claims)
        assert await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first)) == before


async def test_what_a_claim_move_finds_done_is_no_trouble(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    (holder,) = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    session = await scene.meet()
    give = ClaimMove("give", entry=scene.first, member=scene.ann.id)
    await scene.move(session, claims=(ClaimMove("promote", holder.id), give))
    assert await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first)) == [holder]
    await scene.store.act(release_claim, scene.by(scene.ann), scene.first)
    await scene.move(session, claims=(ClaimMove("release", holder.id),))


async def test_every_pick_stays_and_the_newest_is_last(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, pick=PICK)
    await scene.move(session, pick=replace(PICK, receipt="{}", at=later(hours=1), by=scene.ann))
    first, second = await scene.store.read(lambda rows: rows.picks.picks("readers", session.id))
    assert first == replace(PICK, id=first.id, session=session.id)
    assert (second.by, second.at, second.receipt) == (scene.ann, later(hours=1), "{}")
    assert await scene.store.read(lambda rows: rows.picks.picks("others", session.id)) == []


async def wanted(scene: Scene, at: datetime = AT) -> list[tuple[str, str]]:
    return [found for found in await scene.due(at=at) if found[0] not in ("digest", "paper")]


async def test_wishes_become_messages_in_the_channels(scene: Scene) -> None:
    session = await scene.meet()
    key = str(session.id)
    ask = f"{key} 2026-11-22T10:00Z"
    await scene.move(session, wishes=(Wish("pick", key), Wish("ask", ask, "pick"), Wish("event", key, "", ("slack",))))
    assert await wanted(scene) == [("pick", key)], "what stands under it waits for it"
    await scene.show_all(later(minutes=2))
    assert await wanted(scene, later(minutes=5)) == [("ask", ask)]
    slack = [("pick", key), ("ask", ask), ("event", key)]
    await scene.show_all(later(minutes=8))
    stream = await scene.store.read(lambda rows: rows.messages.messages("readers", "slack:T/C", before=None, limit=99))
    assert [(one.kind, one.key) for one, _ in stream if one.kind not in ("digest", "paper")] == slack


async def test_a_reply_goes_out_under_its_message_once_that_stands(scene: Scene) -> None:
    session = await scene.meet()
    key = str(session.id)
    await scene.move(session, wishes=(Wish("pick", key), Wish("room", key, "pick")))
    await scene.show_all()
    room = next(one for one in await scene.lease(at=later(minutes=2)) if one.kind == "room")
    assert room.parent_ref == await scene.store.peek(
        lambda rows: rows.messages.shown_ref("readers", "web:readers", "pick", key)
    )
    assert room.parent_ref


async def test_a_wish_for_some_surfaces_is_none_for_the_others(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, wishes=(Wish("event", str(session.id), surfaces=("slack", "discord")),))
    assert await wanted(scene) == []
    assert ("event", str(session.id)) in await scene.due("slack")


async def test_a_wish_for_what_stands_shows_it_anew(scene: Scene) -> None:
    session = await scene.meet()
    wish = Wish("recap", str(session.id))
    await scene.move(session, wishes=(wish,))
    await scene.show_all()
    assert await wanted(scene) == []
    await scene.move(session, wishes=(wish,))
    assert await wanted(scene, later(hours=1)) == [("recap", str(session.id))]


async def test_a_message_that_nobody_could_post_in_time_is_young_again_when_it_is_wanted_again(scene: Scene) -> None:
    session = await scene.meet()
    wish = Wish("pick", str(session.id))
    await scene.move(session, wishes=(wish,))
    assert await wanted(scene, later(days=3)) == []
    await scene.move(session, at=later(days=3), wishes=(wish,))
    assert await wanted(scene, later(days=3)) == [("pick", str(session.id))]


LIVING = ("nominations", "ballot", "pick", "room", "recap", "event")


async def test_what_changes_a_session_shows_its_living_messages_again(scene: Scene) -> None:
    session, other = await scene.meet(6), await scene.meet(13)
    key = str(session.id)
    keys = [(kind, key) for kind in LIVING] + [("ask", f"{key} 2026"), ("nudge", f"{key} 2026")]
    keys.append(("reminder", f"{key} remind"))
    still = [("pick", f"{key}{key}"), ("pick", str(other.id))]
    await scene.move(session, wishes=tuple(Wish(*one) for one in [*keys, *still]))
    await scene.show_all()
    await scene.move(session, sets={"place": "Room 3"})
    assert sorted(await wanted(scene, later(hours=1))) == sorted(keys)


async def test_a_step_that_only_sends_a_message_shows_nothing_else_again(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, wishes=(Wish("pick", str(session.id)),))
    await scene.show_all()
    await scene.move(session, done=("thread",), wishes=(Wish("room", str(session.id)),))
    assert await wanted(scene, later(hours=1)) == [("room", str(session.id))]


async def test_the_cards_of_a_sessions_papers_are_shown_again(scene: Scene) -> None:
    session = await scene.meet()
    await scene.show_all()
    await scene.move(session, sets={"entry": scene.first})
    assert await scene.due(at=later(hours=1)) == [("paper", str(scene.first))]
    await scene.show_all(later(hours=2))
    await scene.move(session, sets={"entry": scene.entries[1]})
    assert sorted(await scene.due(at=later(hours=3))) == [("paper", str(entry)) for entry in scene.entries[:2]]
    await scene.show_all(later(hours=4))
    await scene.move(session, done=("recap",))
    assert await scene.due(at=later(hours=5)) == [("paper", str(scene.entries[1]))]


# --- the log


async def test_a_step_with_a_name_stands_in_the_log_with_what_it_changed(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, done=("nominate",))
    assert await scene.store.read(lambda rows: rows.audit.steps("readers", 9)) == []
    sets = {"entry": scene.first, "presenter": scene.bob.id, "asked_at": AT, "shortlist": tuple(scene.entries)}
    await scene.move(session, "pick", act=scene.by(scene.ann, at=later(hours=1)), reason="we liked it", sets=sets)
    (step,) = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert (step.by, step.action, step.reason, step.session) == ("Ann", "pick", "we liked it", session.id)
    logged = await scene.store.read(lambda rows: rows.audit.logged("readers", step.id))
    assert logged
    assert (logged.at, logged.by, logged.session, logged.undone) == (later(hours=1), "Ann", session.id, False)
    assert logged.before == {"entry": None, "presenter": None, "asked_at": None, "shortlist": ()}
    assert logged.after == sets
    assert logged.members == {scene.bob.id: "Bob"}
    assert logged.titles[scene.first] == "Diffusion models that sing"
    assert len(logged.titles) == 3


async def test_the_program_has_no_name_in_the_log(scene: Scene) -> None:
    await scene.move(await scene.meet(), "close", sets={"closed_at": AT})
    (step,) = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    logged = await scene.store.read(lambda rows: rows.audit.logged("readers", step.id))
    assert logged
    assert (step.by, logged.by) == ("", "")


async def test_several_moves_are_one_step_of_the_first_one(scene: Scene) -> None:
    first, second = await scene.meet(6), await scene.meet(13)
    moves = [
        Move(second.id, "", sets={"entry": scene.first}),
        Move(first.id, "skip", "holidays", {"status": "skipped"}),
    ]
    await scene.store.write(make_moves, scene.program(), moves)
    (step,) = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    logged = await scene.store.read(lambda rows: rows.audit.logged("readers", step.id))
    assert logged
    assert (logged.session, logged.reason, logged.after) == (first.id, "holidays", {"status": "skipped"})


async def test_what_is_no_move_or_anothers_is_not_logged(scene: Scene) -> None:
    await scene.store.act(assign_claim, scene.by(scene.ann), scene.first, scene.bob.id)
    await scene.move(await scene.meet(), "skip", sets={"status": "skipped"})
    skip, assign = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert await scene.store.read(lambda rows: rows.audit.logged("readers", assign.id)) is None
    assert await scene.store.read(lambda rows: rows.audit.logged("others", skip.id)) is None
    assert await scene.store.read(lambda rows: rows.audit.logged("readers", 10**30)) is None


async def test_what_all_are_to_hear_is_wanted_with_the_step_as_its_key(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, "skip", sets={"status": "skipped"}, tells=True)
    (step,) = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert await wanted(scene) == [("step", str(step.id))]


# --- what entries tell of it


async def test_an_entry_tells_when_it_is_read_and_that_it_was(scene: Scene) -> None:
    session, later_one = await scene.meet(6), await scene.meet(13)
    await scene.move(session, sets={"entry": scene.first})
    found = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert (found.reads_on, found.discussed, found.states) == (session.on, False, ("listed", "scheduled"))
    await scene.move(later_one, at=session.ends - timedelta(minutes=1), done=("nominate",))
    found = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert not found.discussed, "not yet"
    await scene.move(session, at=session.ends + timedelta(minutes=10), done=("recap",))
    found = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert (found.reads_on, found.states) == (session.on, ("listed", "discussed"))


async def test_a_skipped_session_reads_nothing(scene: Scene) -> None:
    session = await scene.meet(6)
    await scene.move(session, sets={"entry": scene.first, "status": "skipped"})
    found = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert (found.reads_on, found.discussed) == (None, False)
