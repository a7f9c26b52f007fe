"""Two members become one with all that either did, and no table is forgotten."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.actions.attendance import ask, check_in, give_role_back, rsvp, take_role, write_recap
from bot.actions.ballots import cast_ballot
from bot.actions.claims import assign_claim, claim_paper, put_to_sleep, release_claim
from bot.actions.curations import curate_paper
from bot.actions.links import agree_to_link, ask_link, offer_link, refuse_link
from bot.actions.people import is_renamed, offer_code, redeem_code, set_leave, set_rota
from bot.actions.saved import save_papers
from bot.actions.settings import change_settings
from bot.actions.submissions import submit
from bot.actions.tidy import tidy
from bot.actions.undo import undo_step
from bot.actions.unlink import unlink
from bot.actions.votes import cast_vote, pass_on, retract_vote
from bot.errors import Refused
from bot.model import Act, ClaimMove, Done, LogEntry, Member, Pick, Saved, Session, Stance, Turn
from bot.ports import Reads, Rows
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from tests.groups import enrol, link_members
from tests.stores.scene import AT, A, B, Scene, later, listing

CODE = "the hash of a code"
AGAIN = later(days=3)
MINUTES = timedelta(minutes=10)
END = later(days=9)


async def link(scene: Scene, who: Member, to: Member, at: datetime = AGAIN) -> int:
    """`who` goes, `to` stays. The link's number."""
    return await link_members(scene.store, scene.by(who, at=at), scene.by(to, at=at))


async def ask_whether(scene: Scene, who: Member, to: Member, at: datetime = AGAIN) -> int:
    await scene.store.act(offer_link, scene.by(to, at=at), CODE)
    asked = await scene.store.act(ask_link, scene.by(who, at=at), CODE)
    assert asked
    return asked.id


async def line(scene: Scene, entry: int | None = None) -> list[tuple[str, str]]:
    return [
        (one.kind, one.member.name)
        for one in await scene.store.peek(lambda rows: rows.claims.claims("readers", entry or scene.first))
    ]


# --- the code, and that both say yes


async def is_asked(scene: Scene, who: Member, code: str, at: datetime = AT) -> bool:
    return await scene.store.act(ask_link, scene.by(who, at=at), code) is not None


async def test_a_code_makes_two_accounts_one_member_once(scene: Scene) -> None:
    await link(scene, scene.bob, scene.ann)
    assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.ann.id)) == ["slack:T/2", "web:1"]
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "slack:T/2")) == scene.ann
    assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.bob.id)) == []
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    assert not await is_asked(scene, cy, CODE, AGAIN)


async def test_nobody_is_one_with_another_on_the_word_of_one(scene: Scene) -> None:
    for who, other in ((scene.bob, scene.ann), (scene.ann, scene.bob)):
        asked = await ask_whether(scene, scene.bob, scene.ann)
        await scene.store.act(agree_to_link, scene.by(who, at=AGAIN), asked)
        await scene.store.act(agree_to_link, scene.by(who, at=AGAIN), asked)
        assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.bob.id)) == ["slack:T/2"]
        await scene.store.act(refuse_link, scene.by(other, at=AGAIN), asked)
        with pytest.raises(Refused, match="link gone"):
            await scene.store.act(agree_to_link, scene.by(other, at=AGAIN), asked)
    assert await scene.store.read(lambda rows: rows.audit.steps("readers", 9)) == []


async def test_a_question_is_for_those_two_and_ten_minutes(scene: Scene) -> None:
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    asked = await ask_whether(scene, scene.bob, scene.ann)
    for who, at in ((cy, AGAIN), (scene.ann, AGAIN + MINUTES)):
        with pytest.raises(Refused, match="link gone"):
            await scene.store.act(agree_to_link, scene.by(who, at=at), asked)
        with pytest.raises(Refused, match="link gone"):
            await scene.store.act(refuse_link, scene.by(who, at=at), asked)
    await ask_whether(scene, cy, scene.ann)
    with pytest.raises(Refused, match="link gone"):
        await scene.store.act(agree_to_link, scene.by(scene.bob, at=AGAIN), asked)


async def test_an_old_code_and_a_wrong_one_ask_nobody(scene: Scene) -> None:
    await scene.store.act(offer_link, scene.by(scene.ann), "first")
    assert not await is_asked(scene, scene.bob, "wrong")
    assert not await is_asked(scene, scene.bob, "first", later(minutes=10))
    await scene.store.act(offer_link, scene.by(scene.ann), "second")
    assert not await is_asked(scene, scene.bob, "first"), "the newer code replaces it"


async def test_ones_own_code_is_for_the_other_account(scene: Scene) -> None:
    await scene.store.act(offer_link, scene.by(scene.ann), CODE)
    with pytest.raises(Refused, match="own code"):
        await is_asked(scene, scene.ann, CODE)
    assert await is_asked(scene, scene.bob, CODE), "and it still works"


async def test_a_request_that_arrives_again_changes_nothing_more(scene: Scene) -> None:
    asked = await ask_whether(scene, scene.bob, scene.ann)
    act = scene.by(scene.bob, request="yes", at=AGAIN)
    first = await scene.store.act(agree_to_link, act, asked)
    assert await scene.store.act(agree_to_link, act, asked) == first
    made = await scene.store.act(agree_to_link, scene.by(scene.ann, request="yes too", at=AGAIN), asked)
    assert await scene.store.act(agree_to_link, scene.by(scene.ann, request="yes too", at=AGAIN), asked) == made
    apart = scene.by(scene.ann, request="apart", at=AGAIN)
    for _ in range(2):
        await scene.store.act(unlink, apart, asked)


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
    await scene.store.act(pass_on, scene.by(scene.bob), scene.first)
    await scene.store.act(pass_on, scene.by(scene.bob), scene.entries[1])
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
    _, silent, named = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
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
    _, *steps = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
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
        await scene.store.act(write_recap, replace(act, request=""), session.id, {0: member.name}, hours)
    await link(scene, scene.bob, scene.ann)
    room = await scene.store.read(lambda rows: participation_of(rows, "readers", session.id))
    assert room
    assert (room.coming, room.skipping, room.readings) == ((), (scene.ann,), {"read": 1})
    assert [(one.member, one.takeaways) for one in room.recaps] == [(scene.ann, ("Ann",))]


def member_of(rows: Reads, account: str) -> Member | None:
    return rows.people.member("readers", account)


async def make_moderator(scene: Scene, who: Member) -> None:
    await scene.store.write(offer_code, "readers", who.name)
    await scene.store.act(redeem_code, scene.by(who), who.name)


async def test_who_stays_has_the_earlier_joining_the_rota_and_the_leave_of_both(scene: Scene) -> None:
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
        Member(early.id, "Early"),
        AT - timedelta(days=9),
        on_rota=True,
        leave=(date(2026, 12, 1), date(2026, 12, 9)),
    )


@pytest.mark.parametrize(("moderator", "role"), [("Ann", "moderator"), ("Bob", "member")])
async def test_a_role_is_only_that_of_who_stays(scene: Scene, moderator: str, role: str) -> None:
    """A stranger whose code a moderator was talked into saying became a moderator, and the moderator was renamed."""
    await make_moderator(scene, scene.ann if moderator == "Ann" else scene.bob)
    await link(scene, scene.bob, scene.ann)
    for account in ("web:1", "slack:T/2"):
        found = await scene.store.read(member_of, account)
        assert found == Member(scene.ann.id, "Ann", role)  # type: ignore[arg-type]


async def test_a_role_in_a_group_that_knows_only_who_goes_ends_there(scene: Scene) -> None:
    await enrol(scene.store, "others", "slack:T/2", "Robert", AT)
    await scene.store.write(lambda rows: rows.people.set_role("others", scene.bob.id, "moderator"))
    asked = await link(scene, scene.bob, scene.ann)
    assert await scene.store.peek(lambda rows: rows.people.role("others", scene.ann.id)) == "member"
    await scene.store.act(unlink, scene.by(scene.ann, at=END), asked)
    assert await scene.store.peek(lambda rows: rows.people.role("others", scene.bob.id)) == "moderator"
    assert await scene.store.peek(lambda rows: rows.people.role("others", scene.ann.id)) is None


async def test_both_accounts_go_by_the_name_of_who_stays_until_one_is_renamed(scene: Scene) -> None:
    await link(scene, scene.bob, scene.ann)
    renamed = [
        await scene.store.read(is_renamed, "readers", scene.ann, account, name)
        for account, name in (("slack:T/2", "Bob"), ("slack:T/2", "Ann"), ("slack:T/2", "Robert"))
    ]
    assert renamed == [False, False, True]


def logged_in(rows: Reads, group: str) -> Sequence[LogEntry]:
    return rows.audit.steps(group, 9)


async def test_every_group_of_either_has_it_in_its_log(scene: Scene) -> None:
    await enrol(scene.store, "others", "slack:T/2", "Robert", AT)
    asked = await link(scene, scene.bob, scene.ann)
    await scene.store.act(unlink, scene.by(scene.ann, at=END), asked)
    for group, who in (("readers", ("Bob", "Ann")), ("others", ("Robert", "Ann"))):
        apart, joined = await scene.store.read(logged_in, group)
        assert (joined.action, joined.before, joined.after, joined.at) == ("link", *who, AGAIN)
        assert (apart.action, apart.after, apart.at) == ("unlink", who[0], END)
    assert await scene.store.act(undo_step, scene.by(scene.ann)) is None, "it is not for a moderator to take back"


async def test_leave_that_is_over_hides_none_that_is_not(scene: Scene) -> None:
    away = (AT.date(), AT.date() + timedelta(days=9))
    await scene.store.act(set_leave, scene.by(scene.ann), (date(2025, 1, 1), date(2025, 1, 9)))
    await scene.store.act(set_leave, scene.by(scene.bob), away)
    await link(scene, scene.bob, scene.ann)
    (turn,) = await scene.store.read(lambda rows: rows.people.turns("readers", AT))
    assert turn.leave == away


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
    await store.act(pass_on, act(), scene.entries[1])
    await store.act(claim_paper, act(), scene.entries[2])
    await store.act(submit, act(), listing(replace(B, key="arxiv:2411.00077", title="Handed in")), None)
    await store.act(change_settings, act(), {"day.cards": "7"})
    await store.act(assign_claim, act(), scene.first, bob.id)
    await store.act(rsvp, act(), session.id, "join")
    await store.act(check_in, act(), session.id, "read")
    await store.act(take_role, act(), session.id, "scribe")
    await store.act(ask, act(), session.id, "Why?")
    await store.act(write_recap, act(), past.id, {0: "so"}, 4)
    pick = Pick("{}", "{}", AT, bob)
    sets = {"entry": scene.first, "presenter": bob.id, "shortlist": (scene.first,), "tried": (bob.id,)}
    give = ClaimMove("give", entry=scene.entries[1], member=bob.id)
    await scene.move(session, "pick", act=act(), sets=sets, pick=pick, claims=(give,))
    await store.write(lambda rows: rows.picks.second(session.group, session.id, scene.first, bob.id, AT))
    await store.act(cast_ballot, act(), session.id, [[scene.first]])
    await store.act(save_papers, act(), [Saved("arxiv:2411.00088", "Kept", "https://example.org", AT)])
    await store.act(curate_paper, act(), replace(A, key="arxiv:2411.00099", title="To come"), hidden=False)
    chosen = replace(listing(replace(A, key="arxiv:2411.00066", title="Chosen")), chosen_by=bob)
    await store.act(submit, act(), chosen, None)
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
    missing = [where for where, rows in before.items() if not rows and where[0] != "link"]
    assert missing == [], "the test leaves no row there yet: add one to do_everything, and the table to the link"
    assert len(before) >= 19
    await link(scene, scene.bob, scene.ann)
    left = {where: rows for where, rows in rows_of(path, scene.bob.id).items() if rows}
    assert left == {("link", "goes"): 1}, "so that they can be taken apart"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        texts = connection.execute("SELECT before || after FROM audit WHERE session_id IS NOT NULL").fetchall()
    assert all(f'"presenter": {scene.bob.id}' not in text and f'"[{scene.bob.id}]"' not in text for (text,) in texts)


async def test_two_who_did_all_the_same_become_one_without_a_conflict(scene: Scene, tmp_path: Path) -> None:
    session, past = await scene.meet(6), await scene.meet(-7)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    await do_everything(scene, session, past)
    await scene.store.act(give_role_back, scene.by(scene.bob), session.id, "scribe")
    await scene.store.act(undo_step, scene.by(scene.bob))
    await do_everything(replace(scene, bob=cy), session, past)
    await link(scene, scene.bob, cy)
    room = await scene.store.read(lambda rows: participation_of(rows, "readers", session.id))
    assert room
    assert (room.coming, room.session.presenter, len(room.questions), room.ballots) == ((cy,), cy, 2, 1)
    assert room.seconded == (cy,)
    assert await scene.votes(scene.first) == 1
    with closing(sqlite3.connect(tmp_path / "paperclub.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


# --- taken apart again

PASSING = frozenset({"request", "change", "message", "link", "link_code", "audit", "_sqlite_migrations"})


def all_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Of all tables that tell what members have; of the log what it told before."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        told = {
            table: sorted(connection.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)  # noqa: S608 - of the schema
            for table in tables
            if table not in PASSING and not table.startswith(("paper_fts", "sqlite_"))
        }
        log = "SELECT * FROM audit WHERE action NOT IN ('link', 'unlink') ORDER BY id"
        return {**told, "audit": connection.execute(log).fetchall()}


async def test_taken_apart_each_has_every_row_that_they_brought(scene: Scene, tmp_path: Path) -> None:
    path, session, past = tmp_path / "paperclub.db", await scene.meet(6), await scene.meet(-7)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    await enrol(scene.store, "others", "slack:T/2", "Robert", AT)
    await make_moderator(scene, scene.bob)
    await do_everything(scene, session, past)
    await scene.store.act(give_role_back, scene.by(scene.bob), session.id, "scribe")
    await scene.store.act(undo_step, scene.by(scene.bob))
    await do_everything(replace(scene, bob=cy), session, past)
    await scene.store.act(cast_vote, scene.by(cy, via="discord"), scene.entries[1])  # where the other passed
    before = all_rows(path)
    asked = await link(scene, scene.bob, cy)
    assert all_rows(path) != before
    await scene.store.act(unlink, scene.by(cy, at=END), asked)
    assert all_rows(path) == before


async def test_they_can_be_taken_apart_for_a_week_and_by_nobody_else(scene: Scene) -> None:
    asked = await link(scene, scene.bob, scene.ann)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    for who, at in ((cy, END), (scene.ann, AGAIN + timedelta(days=7))):
        with pytest.raises(Refused, match="link gone"):
            await scene.store.act(unlink, scene.by(who, at=at), asked)
    await scene.store.write(tidy, AGAIN + timedelta(days=8))
    with pytest.raises(Refused, match="link gone"):
        await scene.store.act(unlink, scene.by(scene.ann, at=END), asked)


async def test_of_three_the_last_link_comes_apart_first(scene: Scene, tmp_path: Path) -> None:
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    for member in (scene.ann, scene.bob, cy):
        await scene.store.act(cast_vote, scene.by(member), scene.first)
    before = all_rows(tmp_path / "paperclub.db")
    first = await link(scene, scene.bob, scene.ann)
    second = await link(scene, scene.ann, cy)
    assert await scene.votes(scene.first) == 1
    with pytest.raises(Refused, match="link gone"):
        await scene.store.act(unlink, scene.by(cy, at=END), first)
    await scene.store.act(unlink, scene.by(cy, at=END), second)
    await scene.store.act(unlink, scene.by(scene.ann, at=END), first)
    assert all_rows(tmp_path / "paperclub.db") == before


async def stands(scene: Scene, who: Member) -> Stance:
    return await scene.store.read(lambda rows: rows.votes.stance("readers", who.id))


async def test_what_happened_since_stays_with_who_stayed(scene: Scene) -> None:
    first, second, third = scene.entries
    session = await scene.meet()
    for entry in (first, second):
        await scene.store.act(cast_vote, scene.by(scene.bob, via="slack"), entry)
    await scene.store.act(claim_paper, scene.by(scene.bob), second)
    await scene.store.act(rsvp, scene.by(scene.bob), session.id, "join")
    asked = await link(scene, scene.bob, scene.ann)
    await scene.store.act(retract_vote, scene.by(scene.ann, at=AGAIN), first)
    await scene.store.act(cast_vote, scene.by(scene.ann, at=AGAIN, via="web"), second)
    await scene.store.act(cast_vote, scene.by(scene.ann, at=AGAIN, via="web"), third)
    await scene.store.act(rsvp, scene.by(scene.ann, at=AGAIN), session.id, "skip")
    await scene.store.act(unlink, scene.by(scene.ann, at=END), asked)
    assert await stands(scene, scene.bob) == Stance(
        voted=frozenset({second}), claimed=frozenset({second}), joined=frozenset({session.id})
    )
    assert await stands(scene, scene.ann) == Stance(voted=frozenset({second, third}), skipped=frozenset({session.id}))
    for who, counting in ((scene.bob, [second]), (scene.ann, [second, third])):
        found = [await counts(scene, who, entry) for entry in scene.entries]
        assert found == [entry in counting for entry in scene.entries]


async def counts(scene: Scene, who: Member, entry: int) -> bool:
    standing = await scene.store.read(lambda rows: rows.votes.standing("readers", who.id, entry))
    return standing is not None and standing.counts_from is not None


async def test_a_claim_that_was_given_back_since_stays_given_back(scene: Scene) -> None:
    for member in (scene.bob, scene.ann):
        await scene.store.act(claim_paper, scene.by(member), scene.first)
    asked = await link(scene, scene.bob, scene.ann)
    await scene.store.act(release_claim, scene.by(scene.ann, at=AGAIN), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.ann, at=AGAIN), scene.first)
    await scene.store.act(unlink, scene.by(scene.ann, at=END), asked)
    assert await line(scene) == [("holder", "Ann")]


@pytest.mark.parametrize("seed", range(40))
async def test_whatever_happens_since_every_vote_counts_that_stands(scene: Scene, tmp_path: Path, seed: int) -> None:
    """Two of the same mind, or not, in any order: no half votes, no second claim, and one row less for nobody."""
    chance = random.Random(seed)
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    for minute in range(12):
        await do_something(scene, chance.choice([scene.ann, scene.bob, cy]), chance, later(minutes=minute))
    before = all_rows(tmp_path / "paperclub.db")
    asked = await link(scene, scene.bob, scene.ann)
    since = chance.randrange(6)
    for minute in range(since):
        await do_something(scene, chance.choice([scene.ann, cy]), chance, AGAIN + timedelta(minutes=minute))
    await scene.store.act(unlink, scene.by(scene.ann, at=END), asked)
    if not since:
        assert all_rows(tmp_path / "paperclub.db") == before
    for who in (scene.ann, scene.bob, cy):
        stance = await stands(scene, who)
        assert {entry for entry in scene.entries if await counts(scene, who, entry)} == stance.voted
        assert not stance.voted & stance.passed
    with closing(sqlite3.connect(tmp_path / "paperclub.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def do_something(scene: Scene, who: Member, chance: random.Random, at: datetime) -> None:
    entry = chance.choice(scene.entries)
    act = scene.by(who, via=chance.choice(["web", "slack"]), at=at)
    with suppress(Refused):
        match chance.randrange(5):
            case 0 | 1:
                await scene.store.act(cast_vote, act, entry)
            case 2:
                await scene.store.act(retract_vote, act, entry)
            case 3:
                await scene.store.act(pass_on, act, entry)
            case 4:
                await scene.store.act(chance.choice([claim_paper, release_claim]), act, entry)  # type: ignore[arg-type]
