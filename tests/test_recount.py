"""Anyone counts an exported file again: what was published is confirmed, whatever was changed is found."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.voting.decision import decide
from bot.voting.election import Ballot, CastVote, Election
from bot.voting.export import recompute, to_data
from bot.voting.recount import Recounted, recount
from tests.electing import BEFORE, CLOSE, HOUR, election, paper, vote, votes

Data = dict[str, Any]
LOG = (*votes(2, 2, 1), replace(vote(7, 1), retracted_at=CLOSE - HOUR), replace(vote(8, 0), retracted_at=CLOSE + HOUR))
HELD = election([paper(0), paper(1, claimed=3), paper(2)], LOG)
RANKED = election(
    3, LOG, rule="schulze", ballots=[Ballot(1, ((0,), (1,)), BEFORE), Ballot(2, ((1,), (2, 0)), BEFORE + HOUR)]
)


def exported(*held: Election, log: Sequence[CastVote] = LOG, on: str = "2026-11-26") -> Data:
    """A group with one session, as it stands in a file."""
    picks = [
        {"election": to_data(one), "receipt": to_data(decide(one)), "at": CLOSE.isoformat(), "by": None} for one in held
    ]
    last = held[-1] if held else HELD
    group = {
        "id": "readers",
        "name": "Readers",
        "entries": [{"id": one.entry, "title": "ABCDE"[one.entry], "key": one.key} for one in map(paper, range(5))],
        "sessions": [{"id": 1, "on": on, "picks": picks, "picks_taken_back": [], "ballots": to_data(last)["ballots"]}],
        "votes": to_data(replace(last, votes=tuple(log)))["votes"],
        "audit": [],
    }
    data: Data = json.loads(json.dumps({"version": 1, "written_at": CLOSE.isoformat(), "groups": [group]}))
    return data


def only(data: Data) -> Recounted:
    (one,) = recount(data)
    return one


def pick_of(data: Data) -> Data:
    pick: Data = data["groups"][0]["sessions"][0]["picks"][-1]
    return pick


def test_what_was_published_is_confirmed_and_its_votes_with_it() -> None:
    assert str(only(exported(HELD))) == "2026-11-26  “A”  votes: same, 6 votes as in the log"


def test_ballots_are_looked_up_in_the_log_too() -> None:
    assert str(only(exported(RANKED))).endswith("schulze: same, 6 votes and 2 ballots as in the log")
    data = exported(RANKED)
    data["groups"][0]["sessions"][0]["ballots"].pop()
    assert only(data).differences == ("1 ballot not in the log",)


def test_a_session_without_a_pick_has_nothing_to_count() -> None:
    assert recount(exported()) == ()


def test_every_pick_of_a_session_is_counted_and_the_newest_is_named() -> None:
    again = replace(HELD, chosen=2)
    assert str(only(exported(HELD, again))).startswith("2026-11-26  “C”  votes: same")
    data = exported(HELD, again)
    data["groups"][0]["sessions"][0]["picks"][0]["receipt"]["winner"] = 1
    assert only(data).differences == ("the votes give “A”, published is “B”",)


def test_votes_after_the_close_and_for_other_papers_are_nothing_to_this_pick() -> None:
    log = (*LOG, vote(9, 5), CastVote(9, 1, CLOSE), CastVote(9, 1, BEFORE - HOUR))
    assert only(exported(HELD, log=log)).is_same


def test_members_who_are_one_since_do_not_look_like_a_change() -> None:
    log = [replace(one, member=100) if one.member == 201 else one for one in LOG]
    assert only(exported(HELD, log=log)).is_same


def test_a_pick_that_moved_on_belongs_to_the_session_that_voted() -> None:
    data = exported(RANKED)
    sessions = data["groups"][0]["sessions"]
    sessions.append({"id": 2, "on": "2026-12-03", "picks": sessions[0]["picks"], "picks_taken_back": [], "ballots": []})
    assert [one.is_same for one in recount(data)] == [True, True]
    sessions[1]["picks"] = exported(replace(RANKED, chosen=2))["groups"][0]["sessions"][0]["picks"]
    assert [one.is_same for one in recount(data)] == [True, True]
    del sessions[0]
    assert only(data).differences == (
        "2 ballots not in the log",
        "the draw's seed is “readers/2026-11-26”, not “readers/2026-12-03”",
    )


def test_the_date_of_a_session_may_have_changed_since() -> None:
    data = exported(HELD, on="2026-12-01")
    assert only(data).differences == ("the draw's seed is “readers/2026-11-26”, not “readers/2026-12-01”",)
    step = {"before": {"1": {"on": "2026-11-26"}}, "after": {"1": {"on": "2026-12-01"}}}
    data["groups"][0]["audit"] = [{"before": "12", "after": None}, step]
    assert only(data).is_same


def test_a_pick_that_was_taken_back_is_counted_but_not_named() -> None:
    data = exported(HELD, replace(HELD, chosen=2))
    session = data["groups"][0]["sessions"][0]
    taken_back = session["picks"].pop()
    session["picks_taken_back"].append(taken_back)
    assert str(only(data)).startswith("2026-11-26  “A”  votes: same")
    taken_back["receipt"]["winner"] = 1
    assert not only(data).is_same


def test_where_every_pick_was_taken_back_it_says_so() -> None:
    data = exported(HELD)
    session = data["groups"][0]["sessions"][0]
    session["picks_taken_back"], session["picks"] = session["picks"], []
    assert str(only(data)).startswith("2026-11-26  “A”  votes, taken back since: same")


def test_an_organiser_may_choose_a_paper_that_was_not_on_the_list() -> None:
    candidates = (*HELD.candidates, replace(paper(4), nominated_at=CLOSE))
    held = replace(HELD, candidates=candidates, chosen=4)
    assert str(only(exported(held, log=(*LOG, vote(1, 4))))).startswith("2026-11-26  “E”  votes: same, 6 votes")


# --- what somebody might change ------------------------------------------------------------------------------------


def drop_a_vote(pick: Data) -> None:
    del pick["election"]["votes"][0]


def move_a_vote(pick: Data) -> None:
    pick["election"]["votes"][0]["entry"] = 2


def invent_a_vote(pick: Data) -> None:
    pick["election"]["votes"].append({**pick["election"]["votes"][0], "member": 55})


def take_a_vote_back(pick: Data) -> None:
    pick["election"]["votes"][0]["retracted_at"] = (CLOSE - HOUR).isoformat()


def forget_that_a_vote_was_taken_back(pick: Data) -> None:
    for one in pick["election"]["votes"]:
        one["retracted_at"] = None


def date_a_vote_later(pick: Data) -> None:
    pick["election"]["votes"][0]["at"] = (CLOSE + HOUR).isoformat()


def close_earlier(pick: Data) -> None:
    pick["election"]["until"] = (CLOSE - timedelta(days=8)).isoformat()
    pick["election"]["since"] = None


def name_another_winner(pick: Data) -> None:
    pick["receipt"]["winner"] = 2


def drop_a_paper(pick: Data) -> None:
    pick["election"]["candidates"][0]["dropped"] = True


def forget_a_claim(pick: Data) -> None:
    pick["election"]["candidates"][1]["claimed_at"] = None


def bring_votes_along(pick: Data) -> None:
    pick["election"]["candidates"][2]["carried"] = 9


def weigh_a_member(pick: Data) -> None:
    pick["election"]["weights"] = [[100, "3"]]


def change_the_seed(pick: Data) -> None:
    pick["election"]["seed"] = "readers/2026-11-27"


def change_a_key(pick: Data) -> None:
    pick["election"]["candidates"][0]["key"] = "arxiv:2411.99999"


def change_the_tie_break(pick: Data) -> None:
    pick["receipt"]["tie"] = {"among": [0, 1], "steps": [{"step": "draw", "left": [0]}]}


def change_a_number(pick: Data) -> None:
    pick["receipt"]["standings"][0]["votes"] = "12"


def damage(pick: Data) -> None:
    del pick["election"]["candidates"]


CHANGES = (
    drop_a_vote,
    move_a_vote,
    invent_a_vote,
    take_a_vote_back,
    forget_that_a_vote_was_taken_back,
    date_a_vote_later,
    close_earlier,
    name_another_winner,
    drop_a_paper,
    forget_a_claim,
    bring_votes_along,
    weigh_a_member,
    change_the_seed,
    change_a_key,
    change_the_tie_break,
    change_a_number,
    damage,
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_pick_is_found(change: Callable[[Data], None]) -> None:
    data = exported(HELD)
    before = json.dumps(data)
    change(pick_of(data))
    assert json.dumps(data) != before
    assert not only(data).is_same
    assert "DIFFERS: " in str(only(data))


FORGED = (
    drop_a_vote,
    move_a_vote,
    invent_a_vote,
    take_a_vote_back,
    forget_that_a_vote_was_taken_back,
    date_a_vote_later,
    change_the_seed,
    change_a_key,
)


@pytest.mark.parametrize("change", FORGED)
def test_a_receipt_that_was_made_to_fit_is_found_by_the_log(change: Callable[[Data], None]) -> None:
    data = exported(HELD)
    pick = pick_of(data)
    change(pick)
    pick["receipt"] = json.loads(json.dumps(to_data(recompute(pick["election"]))))
    assert not only(data).is_same


def test_the_differences_are_said_in_words() -> None:
    data = exported(HELD)
    drop_a_vote(pick_of(data))
    name_another_winner(pick_of(data))
    change_the_seed(pick_of(data))
    assert only(data).differences == (
        "the votes give “B”, published is “C”",
        "published otherwise than counted: seed of the draw, numbers of the papers, voters and tie-break",
        "1 vote for “A” only in the log",
        "the draw's seed is “readers/2026-11-27”, not “readers/2026-11-26”",
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([], "it is no export of Paperclub"),
        ({"version": 1}, "it is no export of Paperclub"),
        ({"version": 9, "groups": []}, "it is an export of version 9, and this Paperclub reads version 1"),
        ({"version": 1, "groups": [{"id": "a"}]}, r"Paperclub: groups\.0\.\w+: Field required"),
    ],
)
def test_what_is_no_export_is_refused_with_a_sentence(data: object, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        recount(data)
