"""Two members become one with all that either did, and no table is forgotten."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.actions.attendance import ask, check_in, rsvp, take_role, write_recap
from bot.actions.ballots import cast_ballot
from bot.actions.claims import assign_claim, claim_paper, put_to_sleep
from bot.actions.links import link_accounts, offer_link
from bot.actions.people import offer_code, redeem_code, set_leave, set_rota
from bot.actions.settings import change_settings
from bot.actions.submissions import submit
from bot.actions.undo import undo_step
from bot.actions.votes import cast_vote, retract_vote, toggle_pass
from bot.errors import Refused
from bot.model import Act, ClaimMove, Done, Member, Pick, Session, Stance, Turn
from bot.ports import Rows
from bot.week.electorate import electorate_of
from bot.week.rooms import room_of
from tests.groups import enrol
from tests.stores.scene import AT, B, Scene, later, listing

CODE = "the hash of a code"
AGAIN = later(days=3)


async def link(scene: Scene, who: Member, to: Member, at: datetime = AGAIN) -> None:
    """`who` goes, `to` stays."""
    await scene.store.act(offer_link, scene.by(to, at=at), CODE)
    assert await scene.store.act(link_accounts, scene.by(who, at=at), CODE)


async def line(scene: Scene, entry: int | None = None) -> list[tuple[str, str]]:
    return [
        (one.kind, one.member.name)
        for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", entry or scene.first))
    ]


# --- the code


async def test_a_code_makes_two_accounts_one_member_once(scene: Scene) -> None:
    await link(scene, scene.bob, scene.ann)
    assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.ann.id)) == ["slack:T/2", "web:1"]
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "slack:T/2")) == scene.ann
    assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.bob.id)) == []
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    assert not await scene.store.act(link_accounts, scene.by(cy, at=AGAIN), CODE)


async def test_an_old_code_and_a_wrong_one_link_nobody(scene: Scene) -> None:
    await scene.store.act(offer_link, scene.by(scene.ann), "first")
    assert not await scene.store.act(link_accounts, scene.by(scene.bob), "wrong")
    assert not await scene.store.act(link_accounts, scene.by(scene.bob, at=later(minutes=10)), "first")
    await scene.store.act(offer_link, scene.by(scene.ann), "second")
    assert not await scene.store.act(link_accounts, scene.by(scene.bob), "first"), "the newer code replaces it"
    assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.bob.id)) == ["slack:T/2"]


async def test_ones_own_code_is_for_the_other_account(scene: Scene) -> None:
    await scene.store.act(offer_link, scene.by(scene.ann), CODE)
    with pytest.raises(Refused, match="own code"):
        await scene.store.act(link_accounts, scene.by(scene.ann), CODE)
    assert await scene.store.act(link_accounts, scene.by(scene.bob), CODE), "and it still works"


async def test_a_request_that_arrives_again_links_nobody_else(scene: Scene) -> None:
    await scene.store.act(offer_link, scene.by(scene.ann), CODE)
    act = scene.by(scene.bob, request="links")
    assert await scene.store.act(link_accounts, act, CODE)
    offers = scene.by(scene.ann, request="offers")
    await scene.store.act(offer_link, offers, "new")
    await scene.store.act(offer_link, offers, "newer")
    assert await scene.store.act(link_accounts, replace(act, member=scene.ann.id), CODE)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    assert not await scene.store.act(link_accounts, scene.by(cy), "newer")
    assert await scene.store.act(link_accounts, scene.by(cy), "new")


# --- what becomes of what both did


async def test_of_two_votes_in_a_window_the_earlier_stays(scene: Scene) -> None:
    for hours, member in ((2, scene.ann), (1, scene.bob)):
        await scene.store.act(cast_vote, scene.by(member, via=member.name, at=later(hours=hours)), scene.first)
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.entries[1])
    session = await scene.meet()
    await link(scene, scene.bob, scene.ann)
    assert [await scene.votes(entry) for entry in scene.entries] == [1, 1, 0]
    found = await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))
    assert [(one.entry, one.votes, one.nominated_at) for one in found.nominees] == [
        (scene.entries[1], 1, AT),
        (scene.first, 1, later(hours=1)),
    ]
    standing = [vote.at for vote in found.votes if vote.entry == scene.first and vote.retracted_at is None]
    assert standing == [later(hours=1)]
    assert (await scene.store.act(retract_vote, scene.by(scene.ann), scene.first)).votes == 0


async def test_a_vote_that_counts_now_is_not_lost_to_one_that_counted_then(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.move(await scene.meet(6), sets={"closed_at": later(days=1)})
    await scene.store.act(cast_vote, scene.by(scene.bob, at=later(days=2)), scene.first)
    await link(scene, scene.bob, scene.ann)
    now = await scene.meet(13)
    (nominee,) = (await scene.store.read(lambda rows: electorate_of(rows, "readers", now.id))).nominees
    assert (nominee.votes, nominee.nominated_at) == (1, later(days=2))


async def test_a_vote_stays_where_the_other_passed(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.store.act(toggle_pass, scene.by(scene.bob), scene.first)
    await scene.store.act(toggle_pass, scene.by(scene.bob), scene.entries[1])
    await link(scene, scene.bob, scene.ann)
    stance = await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id))
    assert stance == Stance(frozenset({scene.first}), frozenset({scene.entries[1]}))


@pytest.mark.parametrize("goes_first", [True, False])
async def test_the_stronger_of_two_claims_stays(scene: Scene, goes_first: bool) -> None:
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    order = (scene.bob, cy, scene.ann) if goes_first else (scene.ann, cy, scene.bob)
    for minute, member in enumerate(order):
        await scene.store.act(claim_paper, scene.by(member, at=later(minutes=minute)), scene.first)
    await link(scene, scene.bob, scene.ann)
    assert await line(scene) == [("holder", "Ann"), ("backup", "Cy")]
    assert (await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first)))[0].at == AT


async def test_of_two_places_in_a_line_the_one_ahead_stays(scene: Scene) -> None:
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    di = await enrol(scene.store, "readers", "web:di", "Di", AT)
    for minute, member in enumerate((cy, scene.bob, di, scene.ann)):
        await scene.store.act(claim_paper, scene.by(member, at=later(minutes=minute)), scene.first)
    await link(scene, scene.bob, scene.ann)
    assert await line(scene) == [("holder", "Cy"), ("backup", "Ann"), ("backup", "Di")]


async def test_a_claim_is_awake_when_one_of_the_two_is(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.bob), scene.first, "backup")
    (holder, _) = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    await scene.store.write(put_to_sleep, "readers", holder.id, later(days=1))
    await link(scene, scene.bob, scene.ann)
    (claim,) = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    assert (claim.kind, claim.slept_at) == ("holder", None)


async def test_sessions_are_the_one_members_and_they_are_named_once(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, "name", sets={"presenter": scene.bob.id})
    await scene.move(session, "silent", sets={"tried": (scene.bob.id, scene.ann.id)})
    await link(scene, scene.bob, scene.ann)
    found = await scene.session(session)
    assert (found.presenter, found.tried) == (scene.ann, (scene.ann.id,))
    silent, named = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    logged = await scene.store.read(lambda rows: rows.audit.logged("readers", named.id))
    assert logged
    assert (logged.after, logged.members) == ({"presenter": scene.ann.id}, {scene.ann.id: "Ann"})
    assert (await scene.store.act(undo_step, scene.by(scene.ann))) is not None, "and can be undone as before"
    assert silent.action == "silent"


async def test_the_log_of_claims_tells_of_the_one_member(scene: Scene) -> None:
    for member in (scene.bob, scene.ann):
        await scene.store.act(claim_paper, scene.by(member), scene.first)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    await scene.store.act(assign_claim, scene.by(cy), scene.first, cy.id)
    await scene.store.act(assign_claim, scene.by(cy), scene.entries[1], scene.bob.id)
    await scene.store.act(change_settings, scene.by(cy), {"day.cards": str(scene.bob.id)})
    await link(scene, scene.bob, scene.ann)
    steps = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert [(step.before, step.after) for step in steps] == [
        ('{"day.cards": null}', f'{{"day.cards": "{scene.bob.id}"}}'),
        ("", "Ann"),
        ("Ann", "Cy"),
    ]


@pytest.mark.parametrize(
    ("entry", "session", "text", "renamed"),
    [
        (5, None, "1", "2"),
        (5, None, "1 co", "2 co"),
        (5, None, "12 co", "12 co"),
        (5, None, "3 1", "3 1"),
        (None, None, "1", "1"),
        (None, 7, '{"sessions": {"1": {"presenter": 1}}}', '{"sessions": {"1": {"presenter": 2}}}'),
        (None, 7, '{"sessions": {"1": {"tried": "[1, 3, 2]"}}}', '{"sessions": {"1": {"tried": "[2, 3]"}}}'),
        (
            None,
            7,
            '{"sessions": {"1": {"entry": 1, "tried": "[]"}}}',
            '{"sessions": {"1": {"entry": 1, "tried": "[]"}}}',
        ),
    ],
)
async def test_only_who_is_meant_is_renamed_in_the_log(
    scene: Scene, entry: int | None, session: int | None, text: str, renamed: str
) -> None:
    meeting = (await scene.meet()).id if session else None
    paper = scene.first if entry else None

    def rename(rows: Rows) -> Done:
        rows.audit.add("readers", AT, None, "assign", entry=paper, session=meeting, before=text, after=text)
        rows.audit.rename("readers", 1, 2)
        return rows.audit.standing("readers", None, 1)[0]

    step = await scene.store.write(rename)
    assert (step.before, step.after) == (renamed, renamed)


async def test_the_newer_answer_reading_and_recap_stay(scene: Scene) -> None:
    session = await scene.meet()
    for hours, member, answer, reading in ((2, scene.ann, "skip", "read"), (1, scene.bob, "join", "not yet")):
        act = scene.by(member, at=later(hours=hours))
        await scene.store.act(rsvp, act, session.id, answer)  # type: ignore[arg-type]
        await scene.store.act(check_in, replace(act, request=""), session.id, reading)  # type: ignore[arg-type]
        await scene.store.act(write_recap, replace(act, request=""), session.id, [member.name], hours)
    await link(scene, scene.bob, scene.ann)
    room = await scene.store.read(lambda rows: room_of(rows, "readers", session.id))
    assert room
    assert (room.coming, room.skipping, room.readings) == ((), (scene.ann,), {"read": 1})
    assert [(one.member, one.takeaways) for one in room.recaps] == [(scene.ann, ("Ann",))]


async def test_what_they_are_in_a_group_is_the_better_of_both(scene: Scene) -> None:
    await scene.store.write(offer_code, "readers", "moderates")
    await scene.store.act(redeem_code, scene.by(scene.bob), "moderates")
    await scene.store.act(set_rota, scene.by(scene.bob), True)
    await scene.store.act(set_leave, scene.by(scene.bob), (date(2026, 12, 1), date(2026, 12, 9)))
    early = await enrol(scene.store, "readers", "web:early", "Early", AT - timedelta(days=9))
    await link(scene, scene.bob, early)
    (turn,) = [
        one
        for one in await scene.store.read(lambda rows: rows.people.turns("readers", AT))
        if one.member.id == early.id
    ]
    assert turn == Turn(
        Member(early.id, "Early", "moderator"),
        AT - timedelta(days=9),
        on_rota=True,
        leave=(date(2026, 12, 1), date(2026, 12, 9)),
    )


async def test_leave_that_is_set_is_not_mixed_with_the_others(scene: Scene) -> None:
    await scene.store.act(set_leave, scene.by(scene.ann), (date(2026, 12, 1), None))
    await scene.store.act(set_leave, scene.by(scene.bob), (date(2026, 11, 1), date(2026, 11, 9)))
    await link(scene, scene.bob, scene.ann)
    (turn,) = await scene.store.read(lambda rows: rows.people.turns("readers", AT))
    assert turn.leave == (date(2026, 12, 1), None)


async def test_both_groups_of_a_member_follow_and_keep_the_name_that_they_know(scene: Scene) -> None:
    there = await enrol(scene.store, "others", "slack:T/2", "Robert", AT)
    assert there.id == scene.bob.id
    act = Act("", "others", there.id, "slack", AT)
    await scene.store.act(cast_vote, act, scene.foreign[0])
    await scene.store.act(claim_paper, act, scene.foreign[0])
    await link(scene, scene.bob, scene.ann)
    assert await scene.store.peek(lambda rows: rows.people.member("others", "slack:T/2")) == Member(
        scene.ann.id, "Robert"
    )
    assert await scene.store.peek(lambda rows: rows.people.member("others", "web:1")) == Member(scene.ann.id, "Robert")
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "slack:T/2")) == scene.ann
    found = await scene.store.peek(lambda rows: rows.entries.entry("others", scene.foreign[0]))
    assert found
    assert found.claimer
    assert (found.votes, found.claimer.name) == (1, "Robert")


async def test_cards_and_sessions_of_both_are_shown_again(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.bob), scene.entries[1])
    await scene.show_all()
    await link(scene, scene.bob, scene.ann)
    assert sorted(await scene.due(at=AGAIN)) == [("paper", str(entry)) for entry in scene.entries[:2]]


# --- no table is forgotten


async def do_everything(scene: Scene, session: Session, past: Session) -> None:
    """Bob leaves a row wherever a table refers to a member."""
    store, bob = scene.store, scene.bob

    def act() -> Act:
        return scene.by(bob, via="slack")

    await store.act(cast_vote, act(), scene.first)
    await store.act(toggle_pass, act(), scene.entries[1])
    await store.act(claim_paper, act(), scene.entries[2])
    await store.act(submit, act(), listing(replace(B, key="arxiv:2411.00077", title="Handed in")), None)
    await store.act(change_settings, act(), {"day.cards": "7"})
    await store.act(assign_claim, act(), scene.first, bob.id)
    await store.act(rsvp, act(), session.id, "join")
    await store.act(check_in, act(), session.id, "read")
    await store.act(take_role, act(), session.id, "scribe")
    await store.act(ask, act(), session.id, "Why?")
    await store.act(write_recap, act(), past.id, ["so"], 4)
    pick = Pick("{}", "{}", AT, bob)
    sets = {"entry": scene.first, "presenter": bob.id, "shortlist": (scene.first,), "tried": (bob.id,)}
    give = ClaimMove("give", entry=scene.entries[1], member=bob.id)
    await scene.move(session, "pick", act=act(), sets=sets, pick=pick, claims=(give,))
    await store.write(lambda rows: rows.picks.second(session.group, session.id, scene.first, bob.id, AT))
    await store.act(cast_ballot, act(), session.id, [[scene.first]])
    await store.act(offer_link, act(), f"{bob.name}'s own")


def references(path: Path) -> list[tuple[str, str]]:
    """Every (table, column) whose foreign key leads to a member, or to what a member is in a group."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = set()
        for table in tables:
            for _, _, target, column, *_ in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
                if target in ("member", "membership") and column != "group_id":
                    found.add((table, column))
    return sorted(found)


def rows_of(path: Path, member: int) -> dict[tuple[str, str], int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            (table, column): connection.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}" = ?',  # noqa: S608 - names of the schema
                (member,),
            ).fetchone()[0]
            for table, column in references(path)
        }


async def test_every_row_that_refers_to_a_member_moves_along(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "paperclub.db"
    await do_everything(scene, await scene.meet(6), await scene.meet(-7))
    before = rows_of(path, scene.bob.id)
    missing = [where for where, rows in before.items() if not rows]
    assert missing == [], "the test leaves no row there yet: add one to do_everything, and the table to the link"
    assert len(before) >= 19
    await link(scene, scene.bob, scene.ann)
    assert {where: rows for where, rows in rows_of(path, scene.bob.id).items() if rows} == {}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM member WHERE id = ?", (scene.bob.id,)).fetchone() == (0,)
        texts = connection.execute("SELECT before || after FROM audit WHERE session_id IS NOT NULL").fetchall()
    assert all(f'"presenter": {scene.bob.id}' not in text and f'"[{scene.bob.id}]"' not in text for (text,) in texts)


async def test_two_who_did_all_the_same_become_one_without_a_conflict(scene: Scene, tmp_path: Path) -> None:
    session, past = await scene.meet(6), await scene.meet(-7)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    await do_everything(scene, session, past)
    await scene.store.act(take_role, scene.by(scene.bob), session.id, "scribe")
    await scene.store.act(undo_step, scene.by(scene.bob))
    await do_everything(replace(scene, bob=cy), session, past)
    await link(scene, scene.bob, cy)
    room = await scene.store.read(lambda rows: room_of(rows, "readers", session.id))
    assert room
    assert (room.coming, room.session.presenter, len(room.questions), room.ballots) == ((cy,), cy, 2, 1)
    assert room.seconded == (cy,)
    assert await scene.votes(scene.first) == 1
    with closing(sqlite3.connect(tmp_path / "paperclub.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
