"""Election → receipt; nominations → short list; receipt → second chances. Decides; words and stores nothing."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.model import Rule
from bot.voting.counting import Count, count, standings
from bot.voting.election import Election
from bot.voting.receipt import OTHER_WINDOWS, Outcome, Receipt, Standing
from bot.voting.rules import Ranked, rank_by_approval, rank_by_duels, rank_by_run_off, rank_by_score
from bot.voting.ties import best_of, in_precedence

SECOND_CHANCES = 3
NEVER = datetime.max.replace(tzinfo=UTC)


def decide(election: Election) -> Receipt:
    """Depends on nothing but the election, and on no order in it."""
    counted = count(election)
    papers = standings(election, counted)
    outcome = _outcome(election, counted, papers)
    rule: Rule = election.rule if counted.slips else "votes"
    ranked = _rank(rule, counted, papers)
    chosen = election.chosen
    return Receipt(
        seed=election.seed,
        rule=election.rule,
        counted_by=rule,
        since=election.since,
        until=election.until,
        outcome=outcome if chosen is None else "chosen",
        winner=_winner(outcome, ranked) if chosen is None else chosen,
        standings=ranked.order,
        fallen=tuple(sorted(candidate.entry for candidate in election.candidates if not candidate.is_standing)),
        voters=counted.voters,
        is_weighted=counted.is_weighted,
        excluded=counted.excluded,
        tie=ranked.tie,
        rounds=ranked.rounds,
        duels=ranked.duels,
    )


def _outcome(election: Election, counted: Count, papers: list[Standing]) -> Outcome:
    if not papers:
        return "papers withdrawn" if election.candidates else "no candidates"
    if counted.is_empty:
        unused = {excluded.reason for excluded in counted.excluded if excluded.reason not in OTHER_WINDOWS}
        return "votes withdrawn" if unused == {"retracted"} else "nobody voted"
    return "only one" if len(papers) == 1 else "picked"


def _rank(rule: Rule, counted: Count, papers: list[Standing]) -> Ranked:
    if not papers:
        return Ranked(())
    if counted.is_empty:
        return _rank_by_waiting(papers)
    match rule:
        case "votes":
            return rank_by_score(papers)
        case "approval":
            return rank_by_approval(papers, counted.slips)
        case "irv":
            return rank_by_run_off(papers, counted.slips)
        case "schulze":
            return rank_by_duels(papers, counted.slips)


def _rank_by_waiting(papers: list[Standing]) -> Ranked:
    """The longest-waiting claim first, unclaimed papers behind. A tie is one only where there is something to win."""
    order = sorted(in_precedence(papers), key=_waiting_since)
    first = [paper for paper in order if _waiting_since(paper) == _waiting_since(order[0])]
    return Ranked(tuple(order), best_of(first)[1] if order[0].claimed_at else None)


def _waiting_since(paper: Standing) -> datetime:
    return paper.claimed_at or NEVER


def _winner(outcome: Outcome, ranked: Ranked) -> int | None:
    if not ranked.order or (outcome in ("nobody voted", "votes withdrawn") and not ranked.order[0].claimed_at):
        return None
    return ranked.order[0].entry


def shortlist(election: Election, size: int) -> tuple[Standing, ...]:
    """What a ballot is about: the papers with the most votes, whatever the rule will be; ties as everywhere."""
    nominations = replace(election, rule="votes")
    counted = count(nominations)
    return _rank("votes", counted, standings(nominations, counted)).order[:size]


def second_chance(receipt: Receipt, places: int = SECOND_CHANCES) -> tuple[tuple[int, int], ...]:
    """Near-winners and the votes that they bring along to the next window, `Candidate.carried` there: papers with at
    least half of the most votes keep half of their own, rounded down, so that a second chance fades by itself."""
    most = max((line.votes for line in receipt.standings), default=0)
    near = [line for line in receipt.standings if line.entry != receipt.winner and 2 * line.votes >= most]
    return tuple((line.entry, int(line.votes / 2)) for line in near if line.votes >= 2)[:places]
