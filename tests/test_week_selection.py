"""The pick: at the close, with a receipt that anyone can recompute, and what moderators and members do about it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.actions.ballots import cast_ballot
from bot.actions.claims import release_claim
from bot.actions.day import list_day
from bot.actions.entries import drop_entry
from bot.actions.picks import accept_paper, next_paper, pick_paper, reopen_vote, second_paper
from bot.actions.reschedule import skip_meeting
from bot.actions.undo import undo_step
from bot.actions.votes import retract_vote
from bot.model import Digest, Session
from bot.voting.export import recompute, to_data
from bot.week.selection import read_pick
from tests.fakes.clock import read_time
from tests.recount import recount
from tests.refusing import refused
from tests.weekly_club import Club, club

CLOSE = "2026-11-22 16:00"  # Sunday 17:00 in Berlin
MONDAY = "2026-11-23 12:00"


async def receipt_of(readers: Club, session: Session) -> Any:
    """The newest one, recomputed from what is kept."""
    picks = await readers.store.read(lambda rows: rows.picks.picks("readers", session.id))
    again = recompute(json.loads(picks[-1].election))
    assert to_data(again) == json.loads(picks[-1].receipt)
    return again


async def voting(readers: Club) -> list[int]:
    """Alpha has three votes, Beta two, Gamma none; Ann has claimed Beta."""
    await readers.join("Ann", "Bob", "Cleo", "Mod")
    papers = await readers.list_papers("Alpha", "Beta", "Gamma")
    await readers.tick()
    await readers.vote(papers[0], "Ann", "Bob", "Cleo")
    await readers.vote(papers[1], "Ann", "Bob")
    await readers.claim("Ann", papers[1])
    return papers


# --- at the close


async def test_the_paper_with_the_most_votes_is_picked_at_the_close_with_a_receipt(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, beta, _ = await voting(readers)
        await readers.until(read_time(CLOSE) - timedelta(minutes=1))
        assert (await readers.session()).entry is None
        await readers.until(CLOSE)
        session = await readers.session()
        assert (session.entry, session.settled, session.closed_at) == (alpha, True, read_time(CLOSE))
        receipt = await receipt_of(readers, session)
        assert (receipt.outcome, receipt.winner, receipt.until) == ("picked", alpha, read_time(CLOSE))
        assert receipt.seed == "readers/2026-11-26"
        election = json.loads(
            (await readers.store.read(lambda rows: rows.picks.picks("readers", session.id)))[-1].election
        )
        assert recount(election)[:2] == [alpha, beta]
        assert await readers.actions() == ["close", "pick"]
        assert readers.kinds() == ["pick"]
        assert [step.by for step in await readers.log()] == ["", ""]


async def test_a_late_vote_counts_for_the_next_session_and_an_early_one_no_more(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, beta, gamma = await voting(readers)
        await readers.until(CLOSE)
        await readers.vote(gamma, "Cleo", "Bob")
        await readers.store.act(retract_vote, readers.act("Ann"), alpha)
        await readers.until("2026-11-29 17:00")
        later = await readers.session("2026-12-03")
        receipt = await receipt_of(readers, later)
        assert receipt.since == read_time(CLOSE)
        assert later.entry == gamma
        first = await receipt_of(readers, await readers.session())
        assert first.winner == alpha
        assert [line.votes for line in first.standings][:2] == [3, 2]
        assert [line.entry for line in receipt.standings] == [gamma, beta]


async def test_after_an_outage_votes_up_to_the_close_are_counted(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, beta, _ = await voting(readers)
        readers.clock.move_to("2026-11-22 18:00")
        await readers.vote(beta, "Cleo", "Mod")
        readers.clock.move_to(MONDAY)
        await readers.tick()
        session = await readers.session()
        assert (session.entry, session.closed_at) == (alpha, read_time(CLOSE))
        assert (await receipt_of(readers, session)).excluded[0].reason == "late"


async def test_where_nobody_votes_the_claim_that_waited_longest_wins(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob")
        alpha, beta = await readers.list_papers("Alpha", "Beta")
        await readers.claim("Bob", beta)
        readers.clock.move(minutes=1)
        await readers.claim("Ann", alpha)
        await readers.until(MONDAY)
        session = await readers.session()
        assert (session.entry, session.presenter) == (beta, readers.members["Bob"])
        assert (await readers.log())[-1].reason == "nobody voted; its claim has waited the longest"


async def test_a_claim_of_somebody_who_does_not_come_does_not_help(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob", "Cleo", "Dan")
        alpha, beta, gamma, delta = await readers.list_papers("Alpha", "Beta", "Gamma", "Delta")
        await readers.tick()
        for name, paper in (("Ann", alpha), ("Bob", beta), ("Cleo", gamma)):
            await readers.claim(name, paper)
            readers.clock.move(minutes=1)
        await readers.claim("Dan", delta)
        await readers.rsvp("skip", "Ann")
        await readers.leave("Bob", "2026-11-25", "2026-11-27")
        await readers.until(MONDAY)
        assert (await readers.session()).entry == gamma


async def test_of_papers_that_nobody_claimed_or_voted_for_the_first_is_proposed_and_two_members_confirm(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob", "Cleo")
        alpha, _ = await readers.list_papers("Alpha", "Beta")
        await readers.tick()
        await readers.vote(alpha, "Ann")
        await readers.store.act(retract_vote, readers.act("Ann"), alpha)
        await readers.until(MONDAY)
        session = await readers.session()
        assert (session.entry, session.settled) == (alpha, False)
        assert (await readers.actions())[-1] == "propose"
        first = readers.act("Bob", "once")
        assert (await readers.store.act(second_paper, first, session.id))[1] == 1
        assert (await readers.store.act(second_paper, first, session.id))[1] == 1
        assert not (await readers.session()).settled
        settled, count = await readers.store.act(second_paper, readers.act("Cleo"), session.id)
        assert (settled.settled, count) == (True, 2)
        assert (await receipt_of(readers, settled)).winner == alpha
        with refused("settled already"):
            await readers.store.act(second_paper, readers.act("Ann"), session.id)


async def test_two_confirmations_settle_it_even_if_we_died_in_between(tmp_path: Path) -> None:
    async with club(tmp_path, pick="organiser") as readers:
        await voting(readers)
        await readers.until(CLOSE)
        session = await readers.session()
        await readers.store.act(second_paper, readers.act("Ann"), session.id)
        await readers.store.act(second_paper, readers.act("Bob"), session.id)
        await readers.tick()
        assert (await readers.session()).settled
        assert (await readers.actions())[-1] == "accept"


async def test_dropped_papers_cannot_win_and_all_dropped_is_said(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, beta, _ = await voting(readers)
        await readers.store.act(drop_entry, readers.act("Mod"), alpha, True, "not our field")
        await readers.store.act(drop_entry, readers.act("Mod"), beta, True, "not our field")
        await readers.until(MONDAY)
        assert (await readers.session()).entry is None
        assert await readers.told() == ["pick: every paper was withdrawn or dropped"]
        assert (await receipt_of(readers, await readers.session())).outcome == "papers withdrawn"


async def test_weights_and_budgets_of_the_settings_reach_the_election(tmp_path: Path) -> None:
    async with club(tmp_path, weighted=True, budget=2) as readers:
        alpha, *_ = await voting(readers)
        await readers.until(CLOSE)
        await readers.rsvp("join", "Ann")
        await readers.until("2026-11-27 12:00")
        delta, eps = await readers.list_papers("Delta", "Epsilon")
        await readers.vote(eps, "Ann")
        await readers.vote(delta, "Bob")
        await readers.until("2026-11-29 17:00")
        third = await readers.session("2026-12-03")
        picks = await readers.store.read(lambda rows: rows.picks.picks("readers", third.id))
        election = read_pick(picks[-1]).election
        assert election.budget == 2
        assert dict(election.weights)[readers.members["Ann"].id] == 2
        assert (await readers.session("2026-12-03")).entry == eps
        assert alpha not in {candidate.entry for candidate in election.candidates}


# --- ballots


async def test_a_short_list_is_voted_on_by_ballots(tmp_path: Path) -> None:
    async with club(tmp_path, rule="schulze", shortlist=2) as readers:
        alpha, beta, gamma = await voting(readers)
        await readers.until("2026-11-21 16:00")
        session = await readers.session()
        assert session.shortlist == (alpha, beta)
        assert readers.kinds() == ["pick"]
        await readers.vote(gamma, "Ann", "Bob", "Cleo", "Mod")
        for name in ("Ann", "Bob", "Mod"):
            await readers.store.act(cast_ballot, readers.act(name), session.id, [[beta], [alpha]])
        await readers.store.act(cast_ballot, readers.act("Cleo"), session.id, [[alpha]])
        await readers.until(CLOSE)
        receipt = await receipt_of(readers, await readers.session())
        assert (receipt.winner, receipt.counted_by, receipt.voters) == (beta, "schulze", 4)
        assert {line.entry for line in receipt.standings} == {alpha, beta}


async def test_one_nominee_makes_no_short_list(tmp_path: Path) -> None:
    async with club(tmp_path, rule="approval") as readers:
        await readers.join("Ann")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.vote(alpha, "Ann")
        await readers.until(MONDAY)
        assert (await readers.session()).shortlist == ()
        assert (await receipt_of(readers, await readers.session())).outcome == "only one"


# --- moderators


async def test_the_organiser_accepts_what_the_count_proposes(tmp_path: Path) -> None:
    async with club(tmp_path, pick="organiser") as readers:
        alpha, *_ = await voting(readers)
        await readers.until(CLOSE)
        session = await readers.session()
        assert (session.entry, session.settled, session.presenter) == (alpha, False, None)
        accepted = await readers.store.act(accept_paper, readers.act("Mod"), session.id)
        assert accepted.settled
        assert [step.by for step in await readers.log()] == ["", "", "Mod"]
        assert (await readers.store.act(accept_paper, readers.act("Mod"), session.id)) == accepted


async def test_a_proposal_that_is_accepted_late_names_a_presenter_at_once(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", pick="organiser") as readers:
        await readers.join("Ann", "Mod")
        await readers.rota("Ann")
        readers.clock.move_to("2026-11-20 12:00")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.tick()
        await readers.vote(alpha, "Mod")
        await readers.until("2026-11-24 12:00")
        assert (await readers.session()).presenter is None
        assert await readers.actions() == ["close", "propose"]
        accepted = await readers.store.act(accept_paper, readers.act("Mod"), (await readers.session()).id)
        assert accepted.presenter == readers.members["Ann"]


async def test_next_goes_through_the_receipt_until_nothing_is_left(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, beta, _ = await voting(readers)
        await readers.until(CLOSE)
        session = await readers.session()
        request = readers.act("Mod", "next-1")
        after = await readers.store.act(next_paper, request, session.id, "read it before")
        assert (after.entry, after.presenter) == (beta, readers.members["Ann"])
        assert (await readers.store.act(next_paper, request, session.id)).entry == beta
        receipt = await receipt_of(readers, after)
        assert (receipt.outcome, receipt.winner, receipt.leader) == ("chosen", beta, alpha)
        with refused(r"/paper-admin pick.*/paper-admin reopen"):
            await readers.store.act(next_paper, readers.act("Mod"), session.id)
        await readers.tick()
        assert await readers.told() == ["next: read it before"]


async def test_who_got_a_paper_only_to_present_it_is_rid_of_it_after_a_veto(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00") as readers:
        await readers.join("Ann", "Bob", "Mod")
        await readers.rota("Ann")
        readers.clock.move_to("2026-11-20 12:00")
        alpha, beta, gamma = await readers.list_papers("Alpha", "Beta", "Gamma")
        await readers.tick()
        await readers.vote(alpha, "Bob", "Mod")
        await readers.vote(beta, "Bob")
        await readers.vote(gamma, "Mod")
        await readers.claim("Bob", beta)
        await readers.until("2026-11-23 17:00")
        assert (await readers.session()).presenter == readers.members["Ann"]
        session = await readers.session()
        vetoed = await readers.store.act(next_paper, readers.act("Mod"), session.id)
        assert (vetoed.entry, vetoed.presenter) == (beta, readers.members["Bob"])
        assert not await readers.store.peek(lambda rows: rows.claims.claims("readers", alpha))
        vetoed = await readers.store.act(next_paper, readers.act("Mod"), session.id)
        assert vetoed.entry == gamma
        assert [
            claim.member.name for claim in await readers.store.peek(lambda rows: rows.claims.claims("readers", beta))
        ] == ["Bob"]


async def test_the_newest_receipt_moves_on_with_the_paper(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        _, beta, _ = await voting(readers)
        await readers.until(CLOSE)
        session = await readers.session()
        await readers.store.act(next_paper, readers.act("Mod"), session.id)
        following = await readers.store.act(skip_meeting, readers.act("Mod"), session.id, "holidays")
        assert following
        assert (await receipt_of(readers, following)).winner == following.entry == beta


async def test_an_organiser_may_pick_what_nobody_nominated_before_or_after_the_close(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, _, gamma = await voting(readers)
        session = await readers.session()
        chosen = await readers.store.act(pick_paper, readers.act("Mod"), session.id, (await readers.entry(gamma)).id)
        assert (chosen.entry, chosen.settled, chosen.closed_at) == (gamma, True, readers.now)
        assert (await receipt_of(readers, chosen)).outcome == "chosen"
        await readers.until(MONDAY)
        assert (await readers.session()).entry == gamma
        again = await readers.store.act(
            pick_paper, readers.act("Mod"), session.id, (await readers.entry(alpha)).id, "ask"
        )
        assert (again.entry, again.closed_at) == (alpha, chosen.closed_at)
        assert (await receipt_of(readers, again)).winner == alpha
        assert await readers.actions() == ["pick", "pick"]


async def test_a_paper_is_not_picked_for_two_sessions(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, *_ = await voting(readers)
        await readers.until(CLOSE)
        later = await readers.session("2026-12-03")
        with refused("on Thursday 26 November already"):
            await readers.store.act(pick_paper, readers.act("Mod"), later.id, (await readers.entry(alpha)).id)


async def test_an_opened_vote_goes_on_for_half_of_the_time_and_picks_anew(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, beta, _ = await voting(readers)
        await readers.until(MONDAY)
        session = await readers.session()
        opened = await readers.store.act(reopen_vote, readers.act("Mod"), session.id, reason="too few voted")
        assert (opened.entry, opened.closed_at) == (None, None)
        assert opened.closes_at == read_time("2026-11-25 02:00")
        await readers.tick()
        assert (await readers.session()).entry is None
        await readers.vote(beta, "Cleo", "Mod")
        await readers.until("2026-11-25 02:00")
        session = await readers.session()
        assert (session.entry, session.closed_at) == (beta, read_time("2026-11-25 02:00"))
        receipt = await receipt_of(readers, session)
        assert [(line.entry, line.votes) for line in receipt.standings][:2] == [(beta, 4), (alpha, 3)]
        told = await readers.told()
        assert told == ["reopen: too few voted", "pick: it has the most votes"]


async def test_a_vote_is_opened_until_a_time_that_makes_sense(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await voting(readers)
        await readers.until(MONDAY)
        session = await readers.session()
        for until in ("2026-11-23 11:00", "2026-11-26 16:00"):
            with refused("between now and the start"):
                await readers.store.act(reopen_vote, readers.act("Mod"), session.id, read_time(until))
        opened = await readers.store.act(reopen_vote, readers.act("Mod"), session.id, read_time("2026-11-24 08:00"))
        assert opened.closes_at == read_time("2026-11-24 08:00")
        await readers.until("2026-11-26 16:01")
        with refused("has begun"):
            await readers.store.act(reopen_vote, readers.act("Mod"), session.id)


async def test_an_undone_pick_waits_for_a_moderator(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, *_ = await voting(readers)
        await readers.until(CLOSE)
        await readers.store.act(undo_step, readers.act("Mod"))
        await readers.until(MONDAY)
        session = await readers.session()
        assert (session.entry, session.closed_at) == (None, read_time(CLOSE))
        chosen = await readers.store.act(pick_paper, readers.act("Mod"), session.id, (await readers.entry(alpha)).id)
        assert chosen.entry == alpha


async def test_an_undone_close_lets_the_vote_go_on(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha, *_ = await voting(readers)
        await readers.until(CLOSE)
        await readers.store.act(undo_step, readers.act("Mod"))
        await readers.store.act(undo_step, readers.act("Mod"))
        await readers.tick()
        session = await readers.session()
        assert (session.entry, session.closed_at, session.closes_at) == (None, None, read_time("2026-11-24 16:00"))
        assert await readers.told() == ["reopen: its close was undone"]
        await readers.until("2026-11-24 16:00")
        assert (await readers.session()).entry == alpha


# --- near-winners


async def test_a_near_winner_brings_half_of_its_votes_and_comes_back_on_a_quiet_day(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        _, beta, gamma = await voting(readers)
        await readers.store.act(release_claim, readers.act("Ann"), beta)
        await readers.until(MONDAY)
        assert "second-chance" not in readers.kinds()
        quiet = read_time(MONDAY).date()
        await readers.store.write(list_day, Digest("readers", quiet, (), why="Nothing."), [], [], {}, readers.now)
        await readers.tick()
        await readers.tick()
        assert [post.key for post in readers.posts if post.kind == "second-chance"] == [str(beta)]
        await readers.until("2026-11-28 12:00")
        await readers.vote(gamma, "Ann")
        await readers.vote(beta, "Cleo")
        await readers.until("2026-11-29 17:00")
        receipt = await receipt_of(readers, await readers.session("2026-12-03"))
        assert [(line.entry, line.votes, line.carried) for line in receipt.standings] == [(beta, 2, 1), (gamma, 1, 0)]
