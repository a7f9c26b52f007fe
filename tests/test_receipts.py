"""What counts in a pick, how ties are broken, what the receipt says, and that anybody can count it again."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.languages import Reader
from bot.model import Rule
from bot.views.receipt import VOTES, amount, essentials, sentences
from bot.voting.counting import count, standings
from bot.voting.decision import decide, second_chance, shortlist
from bot.voting.election import Ballot, CastVote, Election, attendance_weight, seed_for
from bot.voting.export import election_from_data, receipt_from_data, recompute, to_data
from bot.voting.receipt import Excluded, Receipt, Tie, TieStep
from bot.voting.ties import best_of, draw, precedence, worst_of
from tests.electing import BEFORE, CANDIDATES, CLOSE, ELECTIONS, HOUR, SEED, counted, election, paper, vote, votes
from tests.recount import recount

ENGLISH = Reader()
TITLES = dict(enumerate("ABCDE"))
TICK = timedelta(microseconds=1)


def told(receipt: Receipt) -> str:
    return " ".join(sentences(receipt, TITLES, ENGLISH))


def excluded(held: Election) -> dict[str, int]:
    return {one.reason: one.count for one in decide(held).excluded}


def lines(receipt: Receipt) -> list[tuple[int, str, int]]:
    return [(line.entry, str(line.score), line.backers) for line in receipt.standings]


def steps(receipt: Receipt) -> list[str]:
    assert receipt.tie
    return [step.step for step in receipt.tie.steps]


# --- what counts -----------------------------------------------------------------------------------------------


def test_the_most_votes_win() -> None:
    receipt = decide(election(3, votes(1, 3, 2)))
    assert (receipt.outcome, receipt.winner, receipt.runners_up) == ("picked", 1, (2, 0))
    assert lines(receipt) == [(1, "3", 3), (2, "2", 2), (0, "1", 1)]
    assert receipt.voters == 6
    assert receipt.tie is None


@pytest.mark.parametrize(
    ("at", "reason"),
    [(BEFORE - TICK, "early"), (BEFORE, None), (CLOSE - TICK, None), (CLOSE, "late"), (CLOSE + HOUR, "late")],
)
@pytest.mark.parametrize("rule", ["votes", "approval"])
def test_the_window_begins_with_one_close_and_ends_before_the_next(
    at: datetime, reason: str | None, rule: Rule
) -> None:
    if rule == "votes":
        held = election(1, [CastVote(1, 0, at)])
    else:
        held = election(1, rule=rule, ballots=[Ballot(1, ((0,),), at)])
    assert excluded(held) == ({reason: 1} if reason else {})
    assert decide(held).voters == (0 if reason else 1)


@given(st.lists(st.integers(0, 400), max_size=12), st.lists(st.integers(0, 400), min_size=2, max_size=5, unique=True))
def test_every_vote_counts_in_exactly_one_window(hours: list[int], closes: list[int]) -> None:
    ends = [BEFORE + hour * HOUR for hour in (-1, *sorted(closes), 401)]
    cast = tuple(vote(member, 0, hour) for member, hour in enumerate(hours))
    windows = [replace(election(1, cast), since=since, until=until) for since, until in pairwise(ends)]
    assert sum(decide(window).voters for window in windows) == len(cast)


def test_without_a_beginning_the_window_holds_everything_before_its_close() -> None:
    held = replace(election(1, [CastVote(1, 0, BEFORE - 1000 * HOUR)]), since=None)
    assert decide(held).voters == 1


def test_a_vote_taken_back_counts_only_where_the_close_came_first() -> None:
    taken = [replace(vote(1, 0), retracted_at=CLOSE - TICK), replace(vote(2, 0), retracted_at=CLOSE)]
    held = election(1, taken)
    assert excluded(held) == {"retracted": 1}
    assert decide(held).standings[0].score == 1


def test_two_votes_of_linked_accounts_are_one_and_the_earlier_stays() -> None:
    counted_votes = count(election(1, [vote(1, 0, hour=5), vote(1, 0, hour=2)]))
    assert [one.at for one in counted_votes.votes] == [BEFORE + 2 * HOUR]
    assert counted_votes.excluded == (Excluded("vote", "repeated", 1),)


def test_votes_for_papers_that_cannot_be_picked_are_counted_apart() -> None:
    papers = [paper(0), paper(1, withdrawn=True), paper(2, dropped=True)]
    held = election(papers, [vote(1, 0), vote(1, 1), vote(1, 2), vote(2, 2), vote(1, 4)])
    assert excluded(held) == {"withdrawn": 1, "dropped": 2, "unlisted": 1}
    assert decide(held).fallen == (1, 2)


def test_a_budget_is_spent_on_the_oldest_votes() -> None:
    held = election(4, [vote(1, 3, 9), vote(1, 0, 7), vote(1, 1, 5), vote(2, 3, 9)], budget=2)
    assert {(one.member, one.entry) for one in count(held).votes} == {(1, 0), (1, 1), (2, 3)}
    assert excluded(held) == {"over budget": 1}


def test_a_budget_is_spent_by_votes_that_count_only() -> None:
    papers = [paper(0), paper(1, withdrawn=True), paper(2), paper(3)]
    cast = [vote(1, 1, 1), replace(vote(1, 2, 2), retracted_at=BEFORE + 3 * HOUR), vote(1, 0, -1), vote(1, 3, 4)]
    held = election(papers, cast, budget=1)
    assert [one.entry for one in count(held).votes] == [3]
    assert "over budget" not in excluded(held)


def test_votes_of_one_moment_spend_a_budget_in_the_order_of_paper_keys() -> None:
    cast = [vote(1, 2), vote(1, 0), vote(1, 1)]
    assert {one.entry for one in count(election(3, cast, budget=2)).votes} == {0, 1}


def test_a_members_newest_ballot_counts() -> None:
    ballots = [Ballot(1, ((0,),), BEFORE), Ballot(1, ((1,),), BEFORE + HOUR), Ballot(1, ((0,),), CLOSE)]
    held = election(2, rule="irv", ballots=ballots)
    assert decide(held).winner == 1
    assert excluded(held) == {"replaced": 1, "late": 1}


def test_a_blank_ballot_takes_the_older_one_back() -> None:
    ballots = [Ballot(1, ((0,),), BEFORE), Ballot(1, ((4,), ()), BEFORE + HOUR), Ballot(2, ((1,),), BEFORE)]
    held = election(2, rule="irv", ballots=ballots)
    assert decide(held).winner == 1
    assert excluded(held) == {"blank": 1, "replaced": 1}


def test_a_paper_named_twice_on_a_ballot_counts_where_it_is_named_first() -> None:
    held = election(
        [paper(0), paper(1), paper(2, dropped=True)], rule="irv", ballots=[Ballot(1, ((2,), (1,), (0, 1)), BEFORE)]
    )
    assert count(held).slips[0].tiers == ((1,), (0,))


def test_weights_count_instead_of_heads() -> None:
    held = election(2, votes(2, 1), weights=[(100, Fraction(5, 2))])
    receipt = decide(held)
    assert lines(receipt) == [(1, "5/2", 1), (0, "2", 2)]
    assert receipt.is_weighted
    assert "weigh more" in told(receipt)


def test_a_weight_of_somebody_who_did_not_vote_is_no_news() -> None:
    assert not decide(election(1, votes(1), weights=[(77, Fraction(2))])).is_weighted


@pytest.mark.parametrize(
    ("came", "weight"),
    [
        ((), 1),
        ((False,), 1),
        ((True,), 2),
        ((True, False, False, True), Fraction(3, 2)),
        ((True, True, True, False, True, True), Fraction(7, 4)),
    ],
)
def test_attendance_weighs_up_to_double(came: tuple[bool, ...], weight: Fraction) -> None:
    assert attendance_weight(came) == weight


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"candidates": (paper(0), paper(0))}, "a candidate twice"),
        ({"weights": ((1, Fraction(1)), (1, Fraction(2)))}, "two weights"),
        ({"weights": ((1, Fraction(0)),)}, "more than 0"),
        ({"budget": 0}, "1 vote or more"),
        ({"candidates": (paper(0, carried=-1),)}, "less than no votes"),
        ({"chosen": 9}, "entry 9 was chosen"),
        ({"since": CLOSE + HOUR}, "ends before it begins"),
        ({"until": CLOSE.replace(tzinfo=None)}, "needs a zone"),
    ],
)
def test_an_election_that_contradicts_itself_says_so(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        replace(election(1), **changes)


# --- ties ------------------------------------------------------------------------------------------------------


def test_claimed_beats_unclaimed() -> None:
    receipt = decide(election([paper(0), paper(1, nominated=5, claimed=6)], votes(2, 2), attending=[0, 1]))
    assert receipt.tie == Tie((1, 0), (TieStep("claimed", (1,)),))
    assert told(receipt).startswith(
        "“B” is picked with 2 votes. “A” has 2. “B” and “A” are level: claimed comes before"
    )


def test_a_claim_of_somebody_who_does_not_come_breaks_no_tie() -> None:
    receipt = decide(election([paper(0), paper(1, nominated=5, claimed=6, away=True)], votes(2, 2)))
    assert (receipt.winner, steps(receipt)) == (0, ["older"])


def test_then_more_attendees() -> None:
    receipt = decide(election([paper(0), paper(1, nominated=5)], votes(2, 2), attending=[0, 100, 101, 55]))
    assert (receipt.winner, steps(receipt)) == (1, ["attendees"])


@pytest.mark.parametrize(("rule", "attendees"), [("approval", {0: 2, 1: 2, 2: 1}), ("irv", {0: 1, 1: 1, 2: 1})])
def test_who_backs_a_paper_on_a_ballot_approves_it_or_puts_it_first(rule: Rule, attendees: dict[int, int]) -> None:
    ballots = [Ballot(1, ((0,), (1,)), BEFORE), Ballot(2, ((1,), (0,)), BEFORE), Ballot(3, ((1,),), BEFORE)]
    receipt = decide(election(3, [vote(1, 2), vote(3, 2)], rule=rule, ballots=ballots, attending=[1, 2]))
    assert {line.entry: line.attendees for line in receipt.standings} == attendees


def test_then_the_older_nomination() -> None:
    receipt = decide(election([paper(0, nominated=5), paper(1, nominated=4)], votes(2, 2)))
    assert (receipt.winner, steps(receipt)) == (1, ["older"])


def test_then_a_draw_that_anybody_can_repeat() -> None:
    receipt = decide(election(4, votes(2, 2, 2, 1)))
    lots = {n: sha256(f"readers/2026-11-26/arxiv:2411.{n:05}".encode()).hexdigest() for n in range(3)}
    assert receipt.winner == min(lots, key=lambda entry: lots[entry])
    assert steps(receipt) == ["draw"]
    assert "sha256 of “readers/2026-11-26/<paper key>”" in told(receipt)


def test_the_line_that_the_documentation_gives_draws_as_we_do() -> None:
    page = (Path(__file__).parents[1] / "docs" / "voting.md").read_text(encoding="utf-8")
    line = next(line.strip() for line in page.splitlines() if line.strip().startswith("printf"))
    drawn = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout.split()[0]
    assert drawn == draw("reading-group/2026-11-26", "arxiv:2412.01234")


def test_the_draw_is_another_one_in_another_session_or_group() -> None:
    held = election(2, votes(1, 1))
    seeds = [seed_for(group, date(2026, 1, day)) for group in ("a", "b") for day in range(1, 20)]
    assert Counter(decide(replace(held, seed=seed)).winner for seed in seeds).keys() == {0, 1}


def test_a_receipt_tells_only_the_steps_that_told_papers_apart() -> None:
    papers = [paper(0, 3, 3), paper(1, 2, 9), paper(2, 1), paper(3, 2, 4)]
    receipt = decide(election(papers, votes(1, 1, 1, 1), attending=[0, 1, 2, 300, 100]))
    assert receipt.tie
    assert receipt.tie.steps[0] == TieStep("claimed", receipt.tie.steps[0].left)
    assert [step.step for step in receipt.tie.steps] == ["claimed", "older", "draw"]
    assert [set(step.left) for step in receipt.tie.steps[:2]] == [{0, 1, 3}, {1, 3}]


def test_schulze_leaves_level_papers_to_the_tie_break_at_every_place() -> None:
    papers = [paper(0, 4), paper(1, 3, claimed=4), paper(2, 2), paper(3, 1)]
    ballots = [Ballot(1, ((0, 1), (2, 3)), BEFORE), Ballot(2, ((1, 0), (3, 2)), BEFORE)]
    receipt = decide(election(papers, rule="schulze", ballots=ballots))
    assert [line.entry for line in receipt.standings] == [1, 0, 3, 2]
    assert receipt.tie == Tie((1, 0), (TieStep("claimed", (1,)),))


def test_a_run_off_puts_out_what_the_tie_break_puts_last() -> None:
    papers = [paper(0), paper(1, claimed=1), paper(2, nominated=3), paper(3, nominated=2)]
    rankings = [((0,),)] * 3 + [((1,),)] * 2 + [((2,), (1,)), ((3,), (1,))]
    receipt = decide(election(papers, rule="irv", ballots=[Ballot(n, r, BEFORE) for n, r in enumerate(rankings)]))
    assert [one.out for one in receipt.rounds] == [2, 3, None]
    assert receipt.rounds[0].tie == Tie((3, 2), (TieStep("older", (2,)),))
    assert (
        "“D” and “C” are level at the end of a round: the newer nomination goes first, which leaves “C” to go."
        in told(receipt)
    )
    assert receipt.winner == 1


@given(CANDIDATES, st.lists(st.integers(1, 5), unique=True))
def test_the_tie_break_is_total_and_its_first_is_the_reverse_of_its_last(papers: Any, attending: list[int]) -> None:
    held = election(papers, [vote(member, entry) for member in (1, 2) for entry in (0, 3)], attending=attending)
    tied = standings(held, count(held))
    assume(tied)
    assert len({precedence(line) for line in tied}) == len(tied)
    assert best_of(tied)[0] == min(tied, key=precedence) == tied[0]
    assert worst_of(tied)[0] == max(tied, key=precedence) == tied[-1]


@given(st.data(), CANDIDATES, st.sampled_from(["claim", "attend", "age"]))
def test_what_helps_the_winner_of_a_tie_keeps_it(data: st.DataObject, papers: Any, help_by: str) -> None:
    held = election(papers, [vote(10 * entry + member, entry) for entry in range(5) for member in range(2)])
    held = replace(held, candidates=tuple(replace(one, carried=0) for one in papers), attending=(0, 10, 20, 31))
    winner = decide(held).winner
    assume(winner is not None)
    if help_by == "attend":
        better = replace(held, attending=tuple({*held.attending, 10 * (winner or 0) + 1, 10 * (winner or 0)}))
    else:
        at = data.draw(st.sampled_from([BEFORE - HOUR, BEFORE]))
        gain: dict[str, Any] = {"claimed_at": at, "claimer_away": False} if help_by == "claim" else {"nominated_at": at}
        changed = (replace(one, **gain) if one.entry == winner else one for one in held.candidates)
        better = replace(held, candidates=tuple(changed))
    assert decide(better).winner == winner


# --- outcomes --------------------------------------------------------------------------------------------------


def test_where_nobody_voted_the_claim_that_waited_longest_is_picked() -> None:
    papers = [paper(0), paper(1, claimed=5), paper(2, claimed=3), paper(3, claimed=1, away=True)]
    receipt = decide(election(papers))
    assert (receipt.outcome, receipt.winner, receipt.runners_up[0]) == ("nobody voted", 2, 1)
    assert told(receipt).startswith("Nobody voted, so “C” is picked: its claim has waited the longest.")


def test_where_nobody_voted_and_nobody_claimed_a_moderator_chooses() -> None:
    receipt = decide(election(2))
    assert (receipt.outcome, receipt.winner, receipt.tie) == ("nobody voted", None, None)
    assert told(receipt).startswith("Nobody voted and nobody who comes has claimed a paper, so a moderator chooses.")
    assert "To choose from: “" in told(receipt)


def test_the_essentials_never_leave_out_how_a_tie_was_broken() -> None:
    titles = {entry: f"{letter} {'x' * 70}" for entry, letter in enumerate("ABCD")}
    receipt = decide(election([paper(0), paper(1, claimed=1), paper(2), paper(3)], votes(2, 2, 2, 1)))
    short = essentials(receipt, titles, 300, ENGLISH)
    assert short.startswith("It is picked with 2 votes. It, “")
    assert short.endswith("are level: claimed comes before unclaimed, which leaves it.")
    assert f"“{titles[3]}” has 1" not in short
    assert f"“{titles[3]}” has 1" in essentials(receipt, titles, 3000, ENGLISH)


def test_two_claims_of_one_moment_are_a_tie() -> None:
    receipt = decide(election([paper(0, 2, claimed=3), paper(1, 1, claimed=3), paper(2, 0, claimed=4)]))
    assert (receipt.winner, receipt.tie) == (1, Tie((1, 0), (TieStep("older", (1,)),)))


def test_votes_that_were_all_taken_back_are_told_from_none() -> None:
    receipt = decide(election([paper(0, claimed=1), paper(1)], [replace(vote(1, 1), retracted_at=CLOSE - HOUR)]))
    assert (receipt.outcome, receipt.winner) == ("votes withdrawn", 0)
    assert told(receipt).startswith("Every vote was taken back, so “A” is picked")


def test_votes_of_which_only_some_were_taken_back_are_not_said_to_be_all() -> None:
    papers = [paper(0), paper(1, dropped=True)]
    receipt = decide(election(papers, [replace(vote(1, 0), retracted_at=CLOSE - HOUR), vote(2, 1), vote(3, 0, -1)]))
    assert (receipt.outcome, receipt.winner) == ("nobody voted", None)
    assert "Not counted: 1 vote for papers that a moderator dropped; 1 vote taken back." in told(receipt)


def test_votes_that_all_went_to_fallen_papers_are_not_called_no_votes() -> None:
    receipt = decide(election([paper(0), paper(1, withdrawn=True)], votes(0, 2)))
    assert (receipt.outcome, receipt.winner) == ("nobody voted", None)
    assert "Nobody's vote can be counted" in told(receipt)
    assert "Not counted: 2 votes for papers that their authors withdrew." in told(receipt)


def test_where_every_paper_fell_nothing_is_picked() -> None:
    receipt = decide(election([paper(0, claimed=1, withdrawn=True), paper(1, dropped=True)], votes(2, 1)))
    assert (receipt.outcome, receipt.winner, receipt.standings) == ("papers withdrawn", None, ())
    assert told(receipt).startswith("Every paper to choose from was withdrawn or dropped")


def test_without_a_candidate_nothing_is_picked() -> None:
    receipt = decide(election(0))
    assert (receipt.outcome, receipt.winner) == ("no candidates", None)
    assert told(receipt).startswith("No paper was nominated")


@pytest.mark.parametrize("rule", ["votes", "approval", "irv", "schulze"])
def test_the_only_paper_is_picked_and_called_so(rule: Rule) -> None:
    receipt = decide(election(1, votes(2), rule=rule, ballots=[Ballot(1, ((0,),), BEFORE)]))
    assert (receipt.outcome, receipt.winner) == ("only one", 0)
    assert told(receipt).startswith("“A” is picked: it is the only paper to choose from.")


def test_a_single_paper_without_a_vote_is_left_to_the_moderator() -> None:
    assert decide(election(1)).winner is None
    assert decide(election([paper(0, claimed=2)])).winner == 0


@pytest.mark.parametrize("rule", ["approval", "irv", "schulze"])
def test_without_a_ballot_the_votes_decide_and_the_receipt_says_so(rule: Rule) -> None:
    receipt = decide(election(2, votes(1, 2), rule=rule))
    assert (receipt.winner, receipt.rule, receipt.counted_by) == (1, rule, "votes")
    assert "Nobody filled in a ballot, so the votes are counted." in told(receipt)


def test_what_a_moderator_chose_keeps_the_count_beside_it() -> None:
    receipt = decide(election(3, votes(1, 3, 2), chosen=2))
    assert (receipt.outcome, receipt.winner, receipt.leader, receipt.runners_up) == ("chosen", 2, 1, (1, 0))
    assert told(receipt).startswith("A moderator chose “C”. The count puts “B” first.")
    assert "puts it first as well" in told(decide(election(3, votes(1, 3, 2), chosen=1)))
    assert told(decide(election(3, chosen=1))).startswith("A moderator chose “B”. Next in line")


# --- short lists and second chances ----------------------------------------------------------------------------


def test_a_short_list_has_the_most_voted_papers_with_the_same_tie_break() -> None:
    papers = [paper(0, 3), paper(1, 2), paper(2, 1, dropped=True), paper(3, 4), paper(4, 1)]
    held = election(papers, votes(1, 1, 9, 2, 0), rule="schulze", ballots=[Ballot(1, ((0,),), BEFORE)])
    assert [line.entry for line in shortlist(held, 3)] == [3, 1, 0]
    assert [line.entry for line in shortlist(held, 9)] == [3, 1, 0, 4]
    assert shortlist(election(0), 3) == ()


@given(ELECTIONS, st.integers(1, 5))
def test_a_short_list_begins_with_what_plain_votes_would_pick(held: Election, size: int) -> None:
    held = replace(held, candidates=(*held.candidates, paper(9)), votes=(*held.votes, vote(9, 9)))
    assert shortlist(held, size) == decide(replace(held, rule="votes")).standings[:size]


def test_near_winners_bring_half_of_their_votes_along() -> None:
    receipt = decide(election(5, votes(10, 9, 5, 4, 5)))
    assert dict(second_chance(receipt)) == {1: 4, 2: 2, 4: 2}
    assert [entry for entry, _ in second_chance(receipt, places=1)] == [1]
    assert second_chance(decide(election(0))) == ()


def test_a_second_chance_counts_is_told_and_fades() -> None:
    held = election([paper(0, carried=3), paper(1)], votes(1, 2))
    receipt = decide(held)
    assert lines(receipt) == [(0, "4", 1), (1, "2", 2)]
    assert "3 votes of “A” came along from last time: half of those not given again." in told(receipt)
    carried, weeks = 9, 0
    while carried:
        papers = [paper(0), paper(1, carried=carried)]
        carried = dict(second_chance(decide(election(papers, votes(carried + 1))))).get(1, 0)
        weeks += 1
    assert weeks == 4


def test_votes_brought_along_are_no_voters() -> None:
    receipt = decide(election([paper(0, carried=3), paper(1, claimed=1)]))
    assert (receipt.outcome, receipt.winner) == ("nobody voted", 1)


# --- any election: order, export, recount ----------------------------------------------------------------------


@given(ELECTIONS, st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_receipt(held: Election, random: Random) -> None:
    rows = ("candidates", "votes", "ballots", "attending", "weights")
    mixed: dict[str, Any] = {name: tuple(random.sample(getattr(held, name), len(getattr(held, name)))) for name in rows}
    assert decide(replace(held, **mixed)) == decide(held)


@given(ELECTIONS, st.permutations(range(1, 6)))
def test_no_number_of_a_member_changes_a_receipt(held: Election, names: list[int]) -> None:
    renamed = replace(
        held,
        votes=tuple(replace(one, member=names[one.member - 1]) for one in held.votes),
        ballots=tuple(replace(one, member=names[one.member - 1]) for one in held.ballots),
        attending=tuple(names[member - 1] for member in held.attending),
        weights=tuple((names[member - 1], weight) for member, weight in held.weights),
    )
    assert decide(renamed) == decide(held)


@given(ELECTIONS)
def test_a_receipt_accounts_for_every_vote_and_every_paper(held: Election) -> None:
    receipt, kept = decide(held), count(held)
    unused = Counter[str]()
    for one in receipt.excluded:
        unused[one.what] += one.count
    assert len(kept.votes) + unused["vote"] == len(held.votes)
    assert len(kept.slips) + unused["ballot"] == (0 if held.rule == "votes" else len(held.ballots))
    assert {line.entry for line in receipt.standings} | set(receipt.fallen) == {one.entry for one in held.candidates}
    assert receipt.winner in (None, receipt.leader)


@given(ELECTIONS)
def test_an_election_and_its_receipt_survive_json(held: Election) -> None:
    receipt = decide(held)
    assert election_from_data(json.loads(json.dumps(to_data(held)))) == held
    assert receipt_from_data(json.loads(json.dumps(to_data(receipt)))) == receipt


@given(ELECTIONS)
def test_the_export_recomputes_to_the_same_receipt(held: Election) -> None:
    exported = json.loads(json.dumps(to_data(held)))
    assert recompute(exported) == decide(held)
    assert to_data(recompute(exported)) == to_data(decide(held))


@given(ELECTIONS)
def test_a_recount_that_shares_no_code_finds_the_same_order(held: Election) -> None:
    exported = json.loads(json.dumps(to_data(held)))
    assert recount(exported) == [line.entry for line in decide(held).standings]


@pytest.mark.parametrize("change", [{"version": 2}, {"rule": "dictator"}, {"surprise": 1}, {"until": "yesterday"}])
def test_data_that_is_no_election_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        recompute({**to_data(election(1, votes(1))), **change})


def test_another_process_with_another_hash_seed_finds_the_same() -> None:
    held = election(
        5, votes(3, 3, 3, 2, 3), rule="schulze", ballots=[Ballot(n, ((n,), (3,)), BEFORE) for n in range(5)]
    )
    program = (
        "import json, sys; from bot.voting.export import recompute, to_data;"
        "print(json.dumps(to_data(recompute(json.load(sys.stdin)))))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(to_data(held)),
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == to_data(decide(held))


# --- sentences -------------------------------------------------------------------------------------------------


@given(ELECTIONS, st.booleans())
def test_every_receipt_has_sentences_that_begin_with_what_was_picked(held: Election, named: bool) -> None:
    receipt = decide(held)
    said = sentences(receipt, TITLES if named else {}, ENGLISH)
    assert all(one[:1] == one[:1].upper() and one.endswith(".") for one in said)
    if receipt.winner is not None:
        assert (f"“{TITLES[receipt.winner]}”" if named else f"aper {receipt.winner}") in said[0]
    assert "None" not in " ".join(said)


def test_a_plain_receipt_in_full() -> None:
    held = election(5, [*votes(4, 3, 1), replace(vote(1, 4), at=CLOSE), vote(2, 0, -5)])
    assert sentences(decide(held), TITLES, ENGLISH)[:3] == (
        "“A” is picked with 4 votes.",
        "“B” has 3 and “C” has 1.",
        "Not counted: 1 vote after the close, for next time.",
    )
    assert told(decide(election(2, votes(1)))).startswith("“A” is picked with 1 vote. No other paper has a vote.")


def test_a_run_off_in_full() -> None:
    receipt = counted("irv", {"A>B": 3, "B": 2, "C>B": 2}, "ABC")
    receipt = replace(receipt, rounds=tuple(replace(one, tie=None) for one in receipt.rounds))
    first, *rest = sentences(receipt, TITLES, ENGLISH)
    assert first == f"“{TITLES[receipt.winner or 0]}” is picked by instant run-off after 2 rounds, with 4 of 7 votes."
    assert rest[1].startswith("Round 2: “")


def test_the_duels_in_full() -> None:
    assert sentences(counted("schulze", {"A>B>C": 3, "B>A>C": 2}, "ABC"), TITLES, ENGLISH) == (
        "“A” is picked by the Schulze method from 5 ballots.",
        "One against one, “A” has 3 to 2 against “B” and 5 to 0 against “C”.",
        "Next in line: “B” and “C”.",
    )
    circle = told(counted("schulze", {"A>B>C": 4, "B>C>A": 3, "C>A>B": 2}, "ABC"))
    assert "What beats it is beaten by others in turn" in circle


def test_an_approval_in_full() -> None:
    assert sentences(counted("approval", {"A=B": 2, "A": 1}, "ABC"), TITLES, ENGLISH)[:2] == (
        "“A” is picked with 3 approvals from 3 ballots.",
        "“B” has 2.",
    )


@pytest.mark.parametrize(
    ("value", "text"), [("1", "1 vote"), ("0", "0 votes"), ("3/2", "1 1/2 votes"), ("1/3", "1/3 votes")]
)
def test_amounts_are_said_exactly(value: str, text: str) -> None:
    assert amount(ENGLISH, Fraction(value), VOTES) == text


def test_a_seed_names_group_and_session() -> None:
    assert SEED == seed_for("readers", "2026-11-26") == "readers/2026-11-26"
