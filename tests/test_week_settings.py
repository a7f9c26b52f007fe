"""Settings that change while a meeting is prepared: no vote is lost, no ballot leads nowhere, no count leaks."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.reschedule import reschedule_meeting
from bot.model import TimelineSettings
from bot.week.plan import half_way
from bot.week.timeline import answer_by, midway
from tests.fakes.clock import read_time
from tests.meeting_club import CLOSED, OVER, RECAPPED, SHORTLISTED, STARTED, MeetingClub, fields, labels, meetings
from tests.weekly_club import Club, club

VOTED = "2026-11-22 09:00"  # the vote closes at 16:00
SOON = "2026-11-22 09:05"
HALF_WAY = "2026-11-24 12:30"  # from 09:00 on the 22nd to the start
NO_PAPER = "pick: nobody brought a paper"


async def why(club: MeetingClub) -> str:
    return (await club.ann.says("/paper next why")).text


# --- a vote never closes in the past


async def test_a_vote_that_is_to_close_earlier_stays_open_for_those_who_vote(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.to(VOTED)
        await club.vote(3, 2)
        await club.mod.says("/paper-admin week ballot:5 days")
        await club.to(SOON)
        assert "nominated" not in await why(club)
        assert "Vote until Tuesday 24 November, 13:30 CET" in (await club.card("ballot")).body
        await club.to(CLOSED)
        assert not await club.cards("pick")
        assert (await club.cid.says("/paper vote 3")).ok
        await club.to(HALF_WAY)
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


async def test_a_vote_begins_in_time_where_presenters_brought_the_papers(tmp_path: Path) -> None:
    async with meetings(tmp_path, mode="presenter") as club:
        await club.to("2026-11-23 09:00")
        await club.vote(3, 2)
        await club.mod.says("/paper-admin week mode:vote")
        await club.to("2026-11-23 09:05")
        assert "Vote until Wednesday 25 November, 01:30 CET" in (await club.card("ballot")).body
        await club.to("2026-11-25 00:30")
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


@pytest.mark.parametrize("back", ["undo", "reset ballot", "week ballot:4 days"])
async def test_a_change_that_is_taken_back_leaves_the_close_where_it_was(tmp_path: Path, back: str) -> None:
    async with meetings(tmp_path) as club:
        await club.to(VOTED)
        await club.vote(3, 2)
        await club.mod.says("/paper-admin week ballot:5 days")
        assert (await club.mod.says(f"/paper-admin {back}")).ok
        await club.to("2026-11-22 15:59")
        assert not await club.cards("pick")
        await club.to(CLOSED)
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


@pytest.mark.parametrize("back", ["undo", "reset ballot"])
async def test_an_undo_or_a_reset_closes_no_vote_in_the_past_either(tmp_path: Path, back: str) -> None:
    async with meetings(tmp_path) as club:
        await club.mod.says("/paper-admin week ballot:1 day volunteers:12 hours confirm:6 hours")
        await club.to("2026-11-23 09:00")
        await club.vote(3, 2)
        reply = await club.mod.says(f"/paper-admin {back}")
        if asked := [button for button in reply.choices if button.label in ("Undo it", "Save")]:
            reply = await club.mod.presses_button(asked[0])
        assert reply.ok
        await club.to("2026-11-23 09:05")
        assert not await club.cards("pick")
        assert "Vote until Wednesday 25 November, 01:30 CET" in (await club.card("ballot")).body
        await club.to("2026-11-25 00:30")
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


async def test_a_vote_that_a_moderator_opened_again_keeps_its_end(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.pick(3, 2)
        assert (await club.mod.says("/paper-admin reopen")).ok
        until = (await club.card("ballot")).body
        await club.mod.says("/paper-admin week ballot:1 day volunteers:12 hours confirm:6 hours")
        await club.town.tick()
        assert (await club.card("ballot")).body == until
        await club.to("2026-11-24 16:00")
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


async def test_a_start_with_another_configuration_closes_no_vote_in_the_past(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.to(VOTED)
        await club.vote(3, 2)
    async with meetings(tmp_path, now=VOTED, timeline=TimelineSettings(ballot="5 days")) as club:
        await club.to(SOON)
        assert not await club.cards("pick")
        assert "Vote until Tuesday 24 November, 13:30 CET" in (await club.card("ballot")).body
        assert (await club.cid.says("/paper vote 3")).ok
        await club.to(HALF_WAY)
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


async def test_a_start_with_the_same_configuration_leaves_the_close_where_it_was(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.vote(3, 2)
    async with meetings(tmp_path, now="2026-11-23 09:00") as club:
        await club.to("2026-11-23 09:05")
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


async def test_a_vote_that_was_over_before_a_start_with_another_configuration_is(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.vote(3, 2)
    async with meetings(tmp_path, now="2026-11-23 09:00", timeline=TimelineSettings(ballot="5 days")) as club:
        await club.to("2026-11-23 09:05")
        assert (await club.card("pick")).title.endswith("What Diffusion Forgets")


# --- who presents, without a paper


async def presenters(readers: Club) -> None:
    await readers.join("Ann", "Bob", "Cleo")
    await readers.rota("Ann", "Bob", "Cleo")


async def test_that_nobody_brought_a_paper_is_told_once(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenters(readers)
        readers.clock.move_to("2026-11-19 18:00")
        await readers.until("2026-11-26 15:59")
        told = await readers.told()
        assert len((await readers.session()).tried) == 3, "each was asked"
        assert [line for line in told if line.startswith("pick")] == [NO_PAPER]
        await readers.until("2026-11-26 18:00")
        session = await readers.session()
        assert (session.status, session.why) == ("skipped", "no paper was chosen for it")


async def test_another_start_gives_another_time_to_bring_one(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenters(readers)
        readers.clock.move_to("2026-11-19 18:00")
        await readers.until("2026-11-25 12:00")
        starts = read_time("2026-11-30 16:00")
        await readers.store.act(reschedule_meeting, readers.act("Ann"), (await readers.session()).id, starts=starts)
        await readers.until("2026-11-30 15:59")
        assert [line for line in await readers.told() if line.startswith("pick")] == [NO_PAPER] * 2


async def test_a_paper_that_was_voted_for_later_is_taken_all_the_same(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenters(readers)
        readers.clock.move_to("2026-11-19 18:00")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.until("2026-11-23 18:00")
        assert NO_PAPER in await readers.told()
        await readers.vote(alpha, "Ann")
        await readers.until("2026-11-26 15:59")
        assert (await readers.session()).entry == alpha
        assert "pick: nobody brought a paper, no other paper was nominated" in await readers.told()


async def test_where_nobody_must_bring_a_paper_the_rota_shows_that_we_ran(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenters(readers)
        await readers.with_week(timeline=readers.group.week.timeline.__class__(bring=""))
        readers.clock.move_to("2026-11-19 18:00")
        await readers.until("2026-11-26 18:00")
        assert (await readers.session()).why == "no paper was chosen for it"


async def test_who_looks_only_during_the_meeting_was_not_running(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenters(readers)
        await readers.tick()
        for time in ("2026-11-26 16:30", "2026-11-26 18:00"):
            readers.clock.move_to(time)
            await readers.tick()
        assert (await readers.session()).why == "Paperclub was not running when its paper was to be picked"


async def test_who_is_told_of_no_paper_is_not_sent_to_a_vote(tmp_path: Path) -> None:
    async with meetings(tmp_path, mode="presenter") as club:
        await club.to("2026-11-23 16:00")
        told = (await club.card("notice")).body
        assert "obody brought a paper" in told
        assert "/paper meeting present" in told
        assert "reopen" not in told


# --- ballots come and go


async def test_a_group_that_leaves_ballots_in_the_middle_votes_on_everything(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv") as club:
        await club.vote(3, 2)
        await club.to(SHORTLISTED)
        assert labels(await club.card("ballot")) == ["Fill in my ballot", "Join"]
        await club.mod.says("/paper-admin week rule:votes")
        await club.town.tick()
        (nominations,) = await club.cards("ballot")
        assert labels(nominations)[0] == "Vote 2 · What Diffusion Forgets"
        for voter in (club.ann, club.bob, club.cid, club.mod):
            await voter.says("/paper vote 5")
        await club.to(CLOSED)
        assert (await club.card("pick")).title.endswith("Learning to Rank Readers")


async def test_back_to_ballots_there_is_a_short_list_again(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv") as club:
        await club.vote(3, 2)
        await club.to(SHORTLISTED)
        await club.mod.says("/paper-admin week rule:votes")
        await club.town.tick()
        await club.mod.says("/paper-admin week rule:irv")
        await club.to("2026-11-21 17:00")
        assert labels(await club.card("ballot")) == ["Fill in my ballot", "Join"]


async def test_a_group_that_leaves_votes_with_its_ballots_is_told_who_chooses(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv") as club:
        await club.vote(3, 2)
        await club.to(SHORTLISTED)
        await club.mod.says("/paper-admin week mode:presenter")
        await club.town.tick()
        assert (await club.card("pick")).body == "Who presents a paper? Press I'll present, then say which one."


async def test_hidden_counts_do_not_show_in_the_order_of_the_ballot(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv", hidden=True) as club:
        for minute, (number, voters) in enumerate({1: 1, 3: 2, 2: 3}.items(), 1):
            await club.to(f"2026-11-20 17:0{minute}")
            for voter in (club.ann, club.bob, club.cid)[:voters]:
                assert (await voter.says(f"/paper vote {number}")).ok
        await club.to(SHORTLISTED)
        assert list(fields(await club.card("ballot"))) == [
            "1. Sparse Attention Is Enough",
            "2. What Diffusion Forgets",
            "3. Tiny Verifiers",
            "When",
            "Where",
        ]


# --- they met without a paper


async def test_who_came_without_a_paper_has_met(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.to("2026-11-25 09:00")
        for who in (club.ann, club.bob):
            assert (await who.says("/paper meeting rsvp join")).ok
        await club.to(OVER)
        await club.to(RECAPPED)
        assert (await club.card("recap")).title == "How was it?"
        assert "No meeting" not in " ".join(card.title for card in await club.town.channel())
        assert "Meeting without a paper" in [
            card.title for card in (await club.ann.says("/paper meeting archive")).cards
        ]


async def test_a_meeting_that_nobody_joined_did_not_take_place(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.to("2026-11-25 09:00")
        assert (await club.ann.says("/paper meeting rsvp join")).ok
        assert (await club.ann.says("/paper meeting rsvp skip")).ok
        await club.to(STARTED)
        await club.to(RECAPPED)
        assert not await club.cards("recap")


async def test_who_joined_while_nobody_ran_is_told_that_nobody_did(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann")
        await readers.tick()
        await readers.rsvp("join", "Ann")
        readers.clock.move_to("2026-11-26 18:00")
        await readers.tick()
        assert (await readers.session()).why == "Paperclub was not running when its paper was to be picked"


# --- times that can be said


def test_half_way_is_a_full_quarter_of_an_hour_where_an_hour_is_left() -> None:
    now = read_time("2026-11-26 08:07")
    assert midway(now, now + timedelta(hours=7, minutes=7)) == read_time("2026-11-26 11:30")
    assert midway(now, now + timedelta(hours=2, minutes=16)) == read_time("2026-11-26 09:15")
    assert midway(now, now + timedelta(hours=2)) == read_time("2026-11-26 09:07")
    assert midway(now, now + timedelta(minutes=31)) == read_time("2026-11-26 08:22") + timedelta(seconds=30)


def test_who_is_asked_late_answers_by_a_full_quarter() -> None:
    asked, starts = read_time("2026-11-25 20:14"), read_time("2026-11-26 16:00")
    assert answer_by(starts - timedelta(days=2), asked, starts) == read_time("2026-11-26 06:00")
    assert answer_by(starts - timedelta(hours=9, minutes=50), asked, starts) == read_time("2026-11-26 06:10")


async def test_a_vote_that_goes_on_ends_at_a_full_quarter(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        session = await readers.next_session()
        assert half_way(session, read_time("2026-11-25 17:46")) == read_time("2026-11-26 04:45")
        assert half_way(session, read_time("2026-11-26 15:59")) == read_time("2026-11-26 16:00")
