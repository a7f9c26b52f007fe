"""What members do for a meeting, on a real file: who comes, who has read, roles, questions, recaps; and what is read of
it: the room, and the archive of what is over."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.actions.attendance import (
    ask,
    check_in,
    give_role_back,
    rsvp,
    take_mark,
    take_role,
    withdraw_question,
    write_recap,
)
from bot.actions.claims import claim_paper
from bot.actions.submissions import submit
from bot.errors import Refused
from bot.model import Act, ClaimKind, MeetingRole, Member, Participation, Pick, Recap, RsvpAnswer, Session, Wish
from bot.week.archive import archive_of
from bot.week.participation import participation_of
from tests.groups import enrol
from tests.stores.scene import AT, Scene, later, listing


@pytest.fixture
async def session(scene: Scene) -> Session:
    return await scene.meet()


async def room(scene: Scene, session: Session) -> Participation:
    found = await scene.store.read(lambda rows: participation_of(rows, "readers", session.id))
    assert found
    return found


async def join(scene: Scene, session: Session, *members: Member) -> None:
    for minute, member in enumerate(members):
        await scene.store.act(rsvp, scene.by(member, at=later(minutes=minute)), session.id, "join")


# --- who comes, who has read


async def test_an_answer_is_changed_and_taken_back(scene: Scene, session: Session) -> None:
    assert await scene.store.act(rsvp, scene.by(scene.ann), session.id, "join")
    assert not await scene.store.act(rsvp, scene.by(scene.ann), session.id, "join")
    await scene.store.act(rsvp, scene.by(scene.bob), session.id, "join")
    assert (await room(scene, session)).coming == (scene.ann, scene.bob)
    assert await scene.store.act(rsvp, scene.by(scene.ann, at=later(hours=1)), session.id, "skip")
    found = await room(scene, session)
    assert (found.coming, found.skipping) == ((scene.bob,), (scene.ann,))
    assert await scene.store.act(rsvp, scene.by(scene.ann), session.id, None)
    assert not await scene.store.act(rsvp, scene.by(scene.ann), session.id, None)
    assert (await room(scene, session)).skipping == ()


async def test_who_said_that_they_present_comes_unless_they_say_otherwise(scene: Scene, session: Session) -> None:
    await join(scene, session, scene.bob)
    found = await scene.move(session, sets={"presenter": scene.ann.id, "asked_at": AT})
    assert (await room(scene, session)).coming == (scene.bob,)
    await scene.move(found, sets={"confirmed_at": later(hours=1)})
    assert (await room(scene, session)).coming == (scene.bob, scene.ann)
    await join(scene, session, scene.ann)
    assert len((await room(scene, session)).coming) == 2
    await scene.store.act(rsvp, scene.by(scene.ann, at=later(hours=2)), session.id, "skip")
    assert (await room(scene, session)).coming == (scene.bob,)


async def test_nobody_answers_for_what_is_over_or_does_not_take_place(scene: Scene, session: Session) -> None:
    assert await scene.store.act(rsvp, scene.by(scene.ann, at=session.ends - timedelta(seconds=1)), session.id, "join")
    with pytest.raises(Refused, match="over"):
        await scene.store.act(rsvp, scene.by(scene.bob, at=session.ends), session.id, "join")
    await scene.move(session, sets={"status": "skipped"})
    with pytest.raises(Refused, match="not taking place"):
        await scene.store.act(rsvp, scene.by(scene.bob), session.id, "join")


async def test_readings_are_counted_each_members_newest(scene: Scene, session: Session) -> None:
    assert await scene.store.act(check_in, scene.by(scene.ann), session.id, "not yet")
    assert await scene.store.act(check_in, scene.by(scene.ann), session.id, "read")
    assert not await scene.store.act(check_in, scene.by(scene.ann), session.id, "read")
    await scene.store.act(check_in, scene.by(scene.bob), session.id, "skimmed")
    assert (await room(scene, session)).readings == {"read": 1, "skimmed": 1}


# --- roles


async def test_a_role_is_one_members_until_they_give_it_back(scene: Scene, session: Session) -> None:
    async def take(act: Act, session: int, role: MeetingRole) -> bool:
        return await scene.store.act(take_role, act, session, role)

    assert await take(scene.by(scene.ann), session.id, "critic")
    with pytest.raises(Refused) as refused:
        await take(scene.by(scene.bob), session.id, "critic")
    assert (refused.value.reason, refused.value.facts) == ("role taken", {"name": "Ann", "role": "critic"})
    assert await take(scene.by(scene.bob, at=later(hours=1)), session.id, "scribe")
    assert (await room(scene, session)).roles == (("critic", scene.ann), ("scribe", scene.bob))
    assert (await room(scene, session)).coming == (scene.ann, scene.bob), "who takes a role comes"
    assert not await take(scene.by(scene.ann), session.id, "critic"), "said again, it stays theirs"
    assert not await scene.store.act(give_role_back, scene.by(scene.bob), session.id, "critic")
    assert await scene.store.act(give_role_back, scene.by(scene.ann), session.id, "critic")
    assert await take(scene.by(scene.bob), session.id, "critic")


async def test_a_role_that_is_asked_for_twice_by_one_request_is_kept(scene: Scene, session: Session) -> None:
    act = scene.by(scene.ann, request="takes")
    assert await scene.store.act(take_role, act, session.id, "critic")
    assert not await scene.store.act(take_role, act, session.id, "critic")
    assert (await room(scene, session)).roles == (("critic", scene.ann),)


async def test_a_role_is_suggested_to_who_comes_and_had_it_least(scene: Scene, session: Session) -> None:
    past = await scene.meet(-7)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    di = await enrol(scene.store, "readers", "web:di", "Di", AT)
    early = AT - timedelta(days=8)
    for member, role in ((scene.ann, "critic"), (scene.bob, "scribe"), (cy, "reviewer")):
        await scene.store.act(take_role, scene.by(member, at=early), past.id, as_role(role))
    await join(scene, session, scene.ann, scene.bob, cy)
    await scene.move(session, sets={"presenter": cy.id})
    await scene.store.act(rsvp, scene.by(di), session.id, "skip")  # helps from afar
    await scene.store.act(take_role, scene.by(di), session.id, "reviewer")
    suggested = dict((await room(scene, session)).suggested)
    assert suggested["critic"] == scene.bob
    assert suggested["scribe"] == scene.ann
    assert set(suggested) == {"critic", "archaeologist", "scribe"}, "not what somebody has"
    assert cy not in suggested.values(), "nor to who presents"


def as_role(role: str) -> MeetingRole:
    return role  # type: ignore[return-value]


async def test_roles_that_nobody_had_yet_do_not_all_fall_on_one(scene: Scene, session: Session) -> None:
    await join(scene, session, scene.ann, scene.bob)
    assert {member for _, member in (await room(scene, session)).suggested} == {scene.ann, scene.bob}


async def test_nothing_is_suggested_where_nobody_comes(scene: Scene, session: Session) -> None:
    assert (await room(scene, session)).suggested == ()


# --- questions and recaps


async def test_questions_are_collected_and_withdrawn_by_who_asked(scene: Scene, session: Session) -> None:
    await scene.store.act(ask, scene.by(scene.bob), session.id, "Why so few runs?")
    await scene.store.act(ask, scene.by(scene.ann, at=later(hours=1)), session.id, "Does *it* scale? <script>")
    first, second = (await room(scene, session)).questions
    assert (first.member, first.text, first.at) == (scene.bob, "Why so few runs?", AT)
    assert second.text == "Does *it* scale? <script>"
    for act in (scene.by(scene.ann), scene.by(scene.eve)):
        assert not await scene.store.act(withdraw_question, act, first.id)
    assert await scene.store.act(withdraw_question, scene.by(scene.bob), first.id)
    assert not await scene.store.act(withdraw_question, scene.by(scene.bob), first.id)
    assert not await scene.store.act(withdraw_question, scene.by(scene.bob), 10**30)
    assert (await room(scene, session)).questions == (second,)
    await scene.store.act(ask, scene.by(scene.ann), session.id, second.text)
    assert (await room(scene, session)).questions == (second,), "asked again it is one question"


async def test_a_recap_changes_what_it_names_of_the_members_own(scene: Scene, session: Session) -> None:
    async def write(act: Act, session: int, takeaways: list[str], rating: int | None) -> None:
        await scene.store.act(write_recap, act, session, dict(enumerate(takeaways)), rating)

    assert (await room(scene, session)).rating is None
    await write(scene.by(scene.ann), session.id, ["first"], 2)
    await write(scene.by(scene.bob, at=later(hours=1)), session.id, [], None)
    await write(scene.by(scene.ann, at=later(hours=2)), session.id, ["one", "Größe"], 5)
    found = await room(scene, session)
    assert found.recaps == (
        Recap(scene.bob, (), None, later(hours=1)),
        Recap(scene.ann, ("one", "Größe"), 5, later(hours=2)),
    )
    assert found.rating == 5
    assert found.session == session, "nobody who decides on the session is put off by it"
    for named, rated, stands in (
        ({1: "two"}, None, (("one", "two"), 5)),
        ({2: "three"}, 4, (("one", "two", "three"), 4)),
        ({0: ""}, None, (("two", "three"), 4)),
        ({}, 0, (("two", "three"), None)),
    ):
        await scene.store.act(write_recap, scene.by(scene.ann, at=later(hours=3)), session.id, named, rated)
        own = (await room(scene, session)).recaps[-1]
        assert (own.takeaways, own.rating) == stands


async def test_a_mark_on_the_event_is_an_answer_once_and_takes_back_only_that_they_come(
    scene: Scene, session: Session
) -> None:
    message = await _event(scene, session)

    async def mark(*, on: bool, at: datetime = AT) -> None:
        await scene.store.write(take_mark, scene.by(scene.ann, at=at), message, session.id, "web:1", on=on)

    await mark(on=True)
    assert (await room(scene, session)).coming == (scene.ann,)
    await scene.store.act(rsvp, scene.by(scene.ann), session.id, "skip")
    await mark(on=True)
    assert (await room(scene, session)).skipping == (scene.ann,), "a replay asks nobody again"
    await mark(on=False)
    assert (await room(scene, session)).skipping == (scene.ann,)
    await mark(on=True)
    assert (await room(scene, session)).coming == (scene.ann,)
    with pytest.raises(Refused, match="over"):
        await mark(on=False, at=session.ends)
    await mark(on=False)
    assert (await room(scene, session)).coming == (), "what was refused left nothing behind"


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("mark join", "join"),
        ("join mark", "join"),
        ("mark join join", "join"),
        ("join unmark", "join"),  # there was no mark that could be taken away
        ("join mark unmark", None),  # the last word
        ("mark join unmark", None),
        ("mark skip unmark", "skip"),
        ("mark open mark", None),  # a replay of what stood
        ("skip mark", "join"),
        ("mark unmark join unmark", "join"),
    ],
)
async def test_by_mark_and_by_word_the_last_word_holds_and_a_repetition_is_none(
    scene: Scene, session: Session, said: str, stands: RsvpAnswer | None
) -> None:
    answers: dict[str, RsvpAnswer | None] = {"join": "join", "skip": "skip", "open": None}
    message = await _event(scene, session)
    for minute, word in enumerate(said.split()):
        act = scene.by(scene.ann, at=later(minutes=minute))
        if word in answers:
            await scene.store.act(rsvp, act, session.id, answers[word])
        else:
            await scene.store.write(take_mark, act, message, session.id, "web:1", on=word == "mark")
    now = await scene.store.read(lambda rows: rows.attendance.answer("readers", session.id, scene.ann.id))
    assert now == stands


async def _event(scene: Scene, session: Session) -> int:
    await scene.move(session, wishes=(Wish("event", str(session.id)),))
    await scene.show_all()
    shown = await scene.store.read(lambda rows: rows.messages.messages("readers", "web:readers", before=None, limit=99))
    return next(wanted.id for wanted, _ in shown if wanted.kind == "event")


# --- what all of these promise

Verb = Callable[[Scene, Act, int], Awaitable[Any]]
VERBS: dict[str, Verb] = {
    "rsvp": lambda scene, act, session: scene.store.act(rsvp, act, session, "join"),
    "check_in": lambda scene, act, session: scene.store.act(check_in, act, session, "read"),
    "take_role": lambda scene, act, session: scene.store.act(take_role, act, session, "scribe"),
    "ask": lambda scene, act, session: scene.store.act(ask, act, session, "Why?"),
    "write_recap": lambda scene, act, session: scene.store.act(write_recap, act, session, {0: "a"}, 3),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_a_request_that_arrives_again_changes_nothing(scene: Scene, session: Session, verb: str) -> None:
    act = scene.by(scene.ann, request="once")
    await VERBS[verb](scene, act, session.id)
    before, last = await room(scene, session), await scene.store.read(lambda rows: rows.changes.last_change("readers"))
    await VERBS[verb](scene, act, session.id)
    assert await room(scene, session) == before
    assert await scene.store.read(lambda rows: rows.changes.last_change("readers")) == last


@pytest.mark.parametrize("verb", VERBS)
async def test_a_session_or_a_member_of_another_group_is_not_found(scene: Scene, session: Session, verb: str) -> None:
    before = await room(scene, session)
    for id in (session.id, 0, 999, 10**30):
        with pytest.raises(Refused, match="no meeting"):
            await VERBS[verb](scene, scene.by(scene.eve), id)
    with pytest.raises(Refused, match="stranger"):
        await VERBS[verb](scene, replace(scene.by(scene.ann), member=scene.eve.id), session.id)
    assert await room(scene, session) == before


@pytest.mark.parametrize("verb", VERBS)
async def test_what_members_do_is_shown_again(scene: Scene, session: Session, verb: str) -> None:
    key = str(session.id)
    await scene.move(session, wishes=(Wish("pick", key), Wish("reminder", f"{key} remind")))
    await scene.show_all()
    await VERBS[verb](scene, scene.by(scene.ann), session.id)
    assert await scene.due(at=later(hours=1)) == [("pick", key), ("reminder", f"{key} remind")]


# --- the room


async def test_a_room_has_the_paper_its_claims_and_the_newest_pick(scene: Scene, session: Session) -> None:
    assert await room(scene, session) == Participation(session, None, None)
    kinds: tuple[ClaimKind, ...] = ("holder", "backup")
    for member, kind in zip((scene.ann, scene.bob), kinds, strict=True):
        await scene.store.act(claim_paper, scene.by(member), scene.first, kind)
    await scene.move(session, sets={"entry": scene.first}, pick=Pick("{}", "[1]", AT))
    await scene.move(session, pick=Pick("{}", "[2]", AT, scene.bob))
    found = await room(scene, session)
    assert found.entry
    assert found.pick
    assert (found.entry.id, found.pick.receipt, found.pick.by) == (scene.first, "[2]", scene.bob)
    assert [(claim.kind, claim.member) for claim in found.claims] == list(
        zip(kinds, (scene.ann, scene.bob), strict=True)
    )
    assert await scene.store.read(lambda rows: participation_of(rows, "others", session.id)) is None


async def test_papers_near_this_one_are_those_that_the_group_dealt_with(scene: Scene, session: Session) -> None:
    titles = {name: f"{name} diffusion models" for name in ("Read", "Claimed", "Listed", "Singing")}
    entries = {}
    for number, (name, title) in enumerate(titles.items()):
        paper = replace(listing_paper(), key=f"arxiv:2411.1000{number}", title=title)
        entries[name] = (await scene.store.act(submit, scene.by(scene.ann), listing(paper), None)).id
    past = await scene.meet(-7)
    await scene.move(past, sets={"entry": entries["Read"]})
    await scene.store.act(claim_paper, scene.by(scene.bob), entries["Claimed"])
    await scene.move(session, sets={"entry": entries["Singing"]})
    related = [one.id for one in (await room(scene, session)).related]
    assert sorted(related) == sorted([entries["Read"], entries["Claimed"]])


def listing_paper() -> Any:
    from tests.stores.scene import A

    return A


# --- the archive

NOW = later(days=40)


async def found(scene: Scene, query: str, limit: int = 9) -> list[int]:
    sessions, _ = await scene.store.read(lambda rows: archive_of(rows, "readers", query, NOW, limit))
    return [one.session.id for one in sessions]


async def test_the_archive_has_what_is_over_the_newest_first(scene: Scene) -> None:
    first, second, third, skipped, coming = [await scene.meet(days) for days in (6, 13, 20, 27, 41)]
    await scene.move(skipped, sets={"status": "skipped"})
    assert await found(scene, "") == [third.id, second.id, first.id]
    page, total = await scene.store.read(lambda rows: archive_of(rows, "readers", "  ", NOW, 2))
    assert ([one.session.id for one in page], total) == ([third.id, second.id], 3)
    assert coming.id not in await found(scene, "")
    assert await scene.store.read(lambda rows: archive_of(rows, "others", "", NOW, 9)) == ([], 0)


async def test_every_word_is_found_in_title_authors_presenter_takeaways_and_questions(scene: Scene) -> None:
    session, other = await scene.meet(6), await scene.meet(13)
    zoe = await enrol(scene.store, "readers", "web:zoe", "Zoë", AT)
    await scene.move(session, sets={"entry": scene.first, "presenter": zoe.id})
    await scene.store.act(write_recap, scene.by(scene.ann), session.id, {0: "Größe ist nicht alles"}, 4)
    await scene.store.act(ask, scene.by(scene.bob), session.id, "Is it _sublinear_?")
    await scene.store.act(ask, scene.by(scene.bob), session.id, "withdrawn words")
    asked = (await room(scene, session)).questions[-1]
    await scene.store.act(withdraw_question, scene.by(scene.bob), asked.id)
    await scene.move(other, sets={"entry": scene.entries[1]})
    for words in ("DIFFUSION sing", "muller", "zoe", "grösse", "GROSSE nicht", "sublinear", "zoë diffusion Li"):
        assert await found(scene, words) == [session.id], words
    assert await found(scene, "robots") == [other.id]
    for nothing in ("withdrawn", "diffusion robots", '"', "%"):
        assert await found(scene, nothing) == [], nothing
