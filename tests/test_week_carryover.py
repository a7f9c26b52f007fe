"""What moves on when a meeting does not take place, and back: votes, ballots, the paper, and who presents it then."""

from pathlib import Path

import pytest

from bot.actions.picks import reopen_vote
from bot.actions.reschedule import reschedule_meeting, skip_meeting, unskip_meeting
from bot.model import Claim, Session
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from bot.week.second_chances import second_chances
from tests.fakes.clock import read_time
from tests.meeting_club import CLOSED, SHORTLISTED, meetings
from tests.weekly_club import Club, club

FOUR = ("Sparse Readers", "Tiny Verifiers", "Slow Diffusion", "Quiet Watermarks")


async def line(town: Club, entry: int) -> list[tuple[str, str]]:
    return [(claim.kind, claim.member.name) for claim in await _claims(town, entry)]


async def _claims(town: Club, entry: int) -> list[Claim]:
    return list(await town.store.peek(lambda rows: rows.claims.claims("readers", entry)))


def presenter(session: Session) -> str:
    return session.presenter.name if session.presenter else ""


async def asked(town: Club) -> list[str]:
    """The meetings whose presenter was asked, by date."""
    on = {str(session.id): f"{session.on:%d}" for session in await town.sessions()}
    return [on[post.key.partition(" ")[0]] for post in town.posts if post.kind == "ask"]


# --- votes


async def test_a_vote_that_goes_on_keeps_its_votes_though_a_later_meeting_closed_since(tmp_path: Path) -> None:
    async with club(tmp_path, session="tue,thu 17:00") as town:
        await town.join("ann", "bob", "cid", "mod")
        first, second, third, _ = await town.list_papers(*FOUR)
        await town.vote(first, "ann", "bob", "cid")
        await town.vote(second, "ann", "bob")
        await town.vote(third, "ann")
        await town.until("2026-11-23 10:00")
        tuesday = await town.session("2026-11-24")
        assert tuesday.entry == first
        assert (await town.session("2026-11-26")).entry == second
        tuesday = await town.store.act(reopen_vote, town.act("mod"), tuesday.id, None, "once more")
        found = await town.store.read(lambda rows: electorate_of(rows, "readers", tuesday.id))
        assert [(one.entry, one.votes) for one in found.nominees] == [(first, 3), (third, 1)]
        await town.until("2026-11-24 12:00")
        assert (await town.session("2026-11-24")).entry == first, "and when it closes again"
        found = await town.store.read(lambda rows: electorate_of(rows, "readers", tuesday.id))
        assert [(one.entry, one.votes) for one in found.nominees] == [(first, 3), (third, 1)]


async def test_a_vote_that_goes_on_after_a_skip_keeps_its_votes(tmp_path: Path) -> None:
    async with meetings(tmp_path) as meet:
        await meet.pick(1, 2, 3)
        await meet.mod.says("/paper-admin skip-week holiday")
        await meet.to("2026-11-27 09:00")
        assert (await meet.mod.says("/paper-admin reopen")).ok
        await meet.to("2026-12-03 12:00")
        assert "3 votes" in (await meet.mod.says("/paper next why")).text


async def test_near_winners_move_on_with_the_vote(tmp_path: Path) -> None:
    async with club(tmp_path) as town:
        await town.join("ann", "bob", "cid", "mod")
        first, second, *_ = await town.list_papers(*FOUR)
        await town.vote(first, "ann", "bob", "cid")
        await town.vote(second, "ann", "bob")
        await town.until("2026-11-23 10:00")
        assert await town.store.read(lambda rows: second_chances(rows, "readers")) == [second]
        await town.store.act(skip_meeting, town.act("mod"), (await town.session()).id, "flooded")
        assert await town.store.read(lambda rows: second_chances(rows, "readers")) == [second]
        last = await town.session("2026-12-10")
        behind = await town.store.read(lambda rows: electorate_of(rows, "readers", last.id))
        assert [(one.entry, one.carried) for one in behind.nominees] == [(second, 1)]
        await town.store.act(unskip_meeting, town.act("mod"), (await town.session()).id)
        assert await town.store.read(lambda rows: second_chances(rows, "readers")) == [second]


async def test_ballots_go_on_at_the_next_meeting_and_come_back(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv") as meet:
        await meet.vote(1, 2)
        await meet.to(SHORTLISTED)
        for voter in (meet.ann, meet.bob, meet.cid):
            assert (await voter.says("/paper meeting ballot 2, 1")).ok
        assert (await meet.mod.says("/paper-admin skip-week flu")).ok
        store, now = meet.town.club.store, meet.town.clock.now()
        skipped, following, *_ = await store.read(lambda rows: rows.sessions.sessions("readers", now))
        assert following.shortlist == skipped.shortlist
        assert len((await store.read(lambda rows: electorate_of(rows, "readers", following.id))).slips) == 3
        await meet.town.tick()
        assert (await meet.card("ballot")).title == "Ballot for Thursday 3 December", "it can be filled in there"
        assert (await meet.mod.says("/paper-admin skip-week off")).ok
        skipped, following, *_ = await store.read(lambda rows: rows.sessions.sessions("readers", now))
        assert (skipped.status, following.shortlist) == ("planned", ())
        assert (await meet.mod.says("/paper-admin skip-week flu")).ok
        await meet.to("2026-12-01 09:00")
        room = await store.read(lambda rows: participation_of(rows, "readers", following.id))
        assert room
        assert room.entry
        assert room.entry.paper.title == "Tiny Verifiers"
        assert room.ballots == 3


async def test_undo_takes_ballots_back(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv") as meet:
        await meet.vote(1, 2)
        await meet.to(SHORTLISTED)
        assert (await meet.ann.says("/paper meeting ballot 2, 1")).ok
        assert (await meet.mod.says("/paper-admin skip-week flu")).ok
        assert (await meet.mod.says("/paper-admin undo")).ok
        first, following, *_ = await meet.town.club.store.read(
            lambda rows: rows.sessions.sessions("readers", meet.town.clock.now())
        )
        slips = [
            len((await meet.town.club.store.read(lambda rows: electorate_of(rows, "readers", one.id))).slips)
            for one in (first, following)
        ]
        assert (first.status, following.shortlist, slips) == ("planned", (), [1, 0])


# --- a paper that waits


async def test_what_nobody_can_take_waits_for_a_date(tmp_path: Path) -> None:
    async with club(tmp_path, session="2026-11-26 17:00") as town:
        await town.join("ann", "bob", "mod")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.claim("ann", first)
        await town.vote(first, "ann", "bob")
        await town.until("2026-11-23 10:00")
        await town.store.act(skip_meeting, town.act("mod"), (await town.session()).id, "holiday")
        await town.with_week(session="2026-11-26 17:00, 2026-12-10 17:00")
        await town.until("2026-11-30 09:00")
        session = await town.session("2026-12-10")
        assert (session.entry, session.settled, presenter(session)) == (first, True, "ann")
        assert (await asked(town))[-1] == "10"
        actions = await town.actions()
        await town.store.act(reopen_vote, town.act("mod"), session.id, None, "")
        await town.tick()
        assert (await town.session("2026-12-10")).entry is None, "it is given once"
        assert await town.actions() == [*actions, "reopen"]


async def test_what_was_missed_waits_for_nothing(tmp_path: Path) -> None:
    async with club(tmp_path, pick="organiser") as town:
        await town.join("ann", "bob")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.vote(first, "ann", "bob")
        await town.until("2026-11-27 10:00")
        assert (await town.session()).status == "skipped"
        assert (await town.session("2026-12-03")).entry is None


# --- who presents


async def test_the_next_in_line_is_asked_where_the_presenter_is_away(tmp_path: Path) -> None:
    async with club(tmp_path, session="tue,thu 17:00") as town:
        await town.join("ann", "bob", "cid", "mod")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.claim("ann", first)
        await town.claim("bob", first)
        await town.vote(first, "ann", "bob", "cid")
        await town.until("2026-11-21 10:00")
        await town.confirm("ann", "2026-11-24")
        await town.leave("ann", "2026-11-25", "2026-11-30")
        await town.until("2026-11-24 10:00")
        await town.store.act(skip_meeting, town.act("mod"), (await town.session("2026-11-24")).id, "flooded")
        await town.tick()
        thursday = await town.session("2026-11-26")
        assert (thursday.entry, presenter(thursday)) == (first, "bob")
        assert (await asked(town))[-1] == "26"


async def test_who_was_to_present_is_asked_when_it_takes_place_after_all(tmp_path: Path) -> None:
    async with club(tmp_path) as town:
        await town.join("ann", "bob", "cid", "mod")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.claim("ann", first)
        await town.vote(first, "ann", "bob", "cid")
        await town.until("2026-11-22 20:00")
        await town.confirm("ann")
        await town.leave("ann", "2026-12-01", "2026-12-07")
        await town.until("2026-11-25 10:00")
        await town.store.act(skip_meeting, town.act("mod"), (await town.session()).id, "oops")
        assert presenter(await town.session("2026-12-03")) == ""
        await town.store.act(unskip_meeting, town.act("mod"), (await town.session()).id)
        await town.tick()
        session = await town.session()
        assert (session.entry, presenter(session)) == (first, "ann")
        assert (await asked(town))[-1] == "26"


async def test_each_presenter_has_their_date_again(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-08 12:00", session="tue, thu 17:00", mode="presenter") as town:
        await town.join("ann", "bob", "cid")
        await town.until("2026-11-18 12:00")
        await town.rota("ann", "bob", "cid")
        await town.until("2026-11-23 12:00")
        dates = ("2026-11-24", "2026-11-26", "2026-12-01")

        async def presenters() -> list[str]:
            return [presenter(await town.session(on)) for on in dates]

        before = await presenters()
        assert all(before[:2])
        await town.store.act(skip_meeting, town.act("cid"), (await town.session(dates[0])).id, "flooded")
        await town.tick()
        assert (await presenters())[1:] == before[:2]
        await town.store.act(unskip_meeting, town.act("cid"), (await town.session(dates[0])).id)
        await town.tick()
        assert await presenters() == before


@pytest.mark.parametrize("how", ["moderator", "settings"])
async def test_a_meeting_that_moves_asks_nobody_who_is_away_then(tmp_path: Path, how: str) -> None:
    async with club(tmp_path) as town:
        await town.join("ann", "bob", "cid", "mod")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.claim("ann", first)
        await town.claim("bob", first)
        await town.vote(first, "ann", "bob", "cid")
        await town.until("2026-11-22 20:00")
        await town.confirm("ann")
        await town.leave("ann", "2026-11-27", "2026-12-10")
        before = len(await asked(town))
        if how == "moderator":
            starts = read_time("2026-11-27 16:00")
            await town.store.act(reschedule_meeting, town.act("mod"), (await town.session()).id, starts=starts)
        else:
            await town.with_week(session="fri 17:00")
        await town.tick()
        session = next(one for one in await town.sessions() if one.entry == first)
        assert session.starts.date().isoformat() == "2026-11-27"
        assert (presenter(session), session.confirmed_at) == ("bob", None)
        assert len(await asked(town)) == before + 1, "and Ann is not asked in vain"


# --- whose claim it is


async def test_who_holds_a_paper_follows_the_presenter_who_was_there_first(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-01 12:00", mode="presenter") as town:
        await town.join("ann", "bob", "cid")
        await town.rota("ann")
        await town.until("2026-11-13 20:00")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.claim("bob", first)
        await town.vote(first, "bob", "cid")
        await town.confirm("ann", "2026-11-19")
        await town.until("2026-11-18 12:00")
        assert (await town.session("2026-11-19")).entry == first
        assert await line(town, first) == [("holder", "ann"), ("backup", "bob")]
        await town.decline("ann", "2026-11-19")
        assert presenter(await town.session("2026-11-19")) == "bob"
        assert await line(town, first) == [("holder", "bob")]


async def test_who_was_to_present_before_the_group_voted_stays(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-12 12:00", mode="presenter") as town:
        await town.join("ann", "bob", "cid")
        await town.rota("ann")
        await town.until("2026-11-20 20:00")
        first, _ = await town.list_papers(*FOUR[:2])
        await town.vote(first, "bob", "cid")
        await town.confirm("ann")
        await town.with_week(mode="vote")
        await town.until("2026-11-25 20:00")
        session = await town.session()
        assert (session.entry, presenter(session)) == (first, "ann")
        assert session.confirmed_at


# --- near-winners


async def test_near_winners_outlive_a_veto_and_its_undo(tmp_path: Path) -> None:
    async with meetings(tmp_path) as meet:
        store = meet.town.club.store
        for voter in (meet.ann, meet.bob, meet.cid, meet.mod):
            await voter.says("/paper vote 1")
        for voter in (meet.ann, meet.bob, meet.cid):
            await voter.says("/paper vote 2")
        for voter in (meet.bob, meet.cid, meet.mod):
            await voter.says("/paper vote 3")
        await meet.to(CLOSED)
        near = list(await store.read(lambda rows: second_chances(rows, "readers")))
        assert len(near) == 2
        assert (await meet.mod.says("/paper-admin next")).ok
        left = list(await store.read(lambda rows: second_chances(rows, "readers")))
        assert len(left) == 1, "the other one is read now"
        assert set(left) < set(near)
        assert (await meet.mod.says("/paper-admin undo")).ok
        assert list(await store.read(lambda rows: second_chances(rows, "readers"))) == near
