"""A receipt in short sentences for members, plain text. Changes no number and learns no member's name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.languages import Listener, count, msgid, msgids, say, shortened
from bot.voting.receipt import OTHER_WINDOWS, Excluded, Reason, Receipt, Round, Step, Tie
from bot.wording import capitalised

MENTIONED = 3  # papers named in a list; the others are counted

Counted = tuple[str, str]  # one of them, and several

VOTES: Counted = msgids("{n} vote", "{n} votes")
APPROVALS: Counted = msgids("{n} approval", "{n} approvals")

_WINS: dict[Step, str] = {
    "claimed": msgid("claimed comes before unclaimed"),
    "attendees": msgid("more of its voters say they come"),
    "older": msgid("the older nomination comes first"),
    "draw": msgid("the draw decides"),
}
_GOES: dict[Step, str] = {
    "claimed": msgid("unclaimed goes before claimed"),
    "attendees": msgid("fewer of its voters say they come"),
    "older": msgid("the newer nomination goes first"),
    "draw": msgid("the draw decides"),
}
_NOT_COUNTED: dict[Reason, str] = {
    "late": msgid("after the close, for next time"),
    "retracted": msgid("taken back"),
    "unlisted": msgid("for papers that are not on the list"),
    "dropped": msgid("for papers that a moderator dropped"),
    "withdrawn": msgid("for papers that their authors withdrew"),
    "repeated": msgid("given twice by linked accounts"),
    "over budget": msgid("over the budget"),
    "replaced": msgid("replaced by a newer one"),
    "blank": msgid("without a paper that can be picked"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What papers are called in a receipt, and who hears of it. `beside` is the paper that it stands beside, which is
    "it" therefore."""

    to: Listener
    titles: Mapping[int, str]  # by entry
    beside: int | None = None

    def of(self, entry: int) -> str:
        if entry == self.beside:
            return say(self.to, "it")
        if entry in self.titles:
            return say(self.to, "“{title}”", title=self.titles[entry])
        return say(self.to, "paper {number}", number=entry)

    def listed(self, entries: Iterable[int]) -> str:
        return shortened(self.to, [self.of(entry) for entry in entries], MENTIONED)


def sentences(receipt: Receipt, titles: Mapping[int, str], to: Listener) -> tuple[str, ...]:
    """What was picked comes first, what comes next is last. `titles` by entry."""
    names = Names(to, titles)
    told = (
        _tell_outcome(receipt, names),
        *_tell_numbers(receipt, names),
        *_tell_ties(receipt, names),
        *_tell_weights(receipt, names),
        *_tell_excluded(receipt.excluded, to),
        *_tell_rest(receipt, names),
    )
    return tuple(map(capitalised, told))


def essentials(receipt: Receipt, titles: Mapping[int, str], most: int, to: Listener) -> str:
    """What was picked, how a tie was broken and, as far as they fit into `most` characters, the numbers. It stands
    beside the paper that was picked."""
    names = Names(to, titles, receipt.winner)
    outcome, ties = _tell_outcome(receipt, names), list(_tell_ties(receipt, names))
    numbers = list(_tell_numbers(receipt, names))
    while numbers and len(" ".join((outcome, *numbers, *ties))) > most:
        numbers.pop()
    return " ".join(map(capitalised, (outcome, *numbers, *ties)))


def amount(to: Listener, value: Fraction, what: Counted) -> str:
    """`1 vote`, `2 1/2 votes`"""
    return count(to, *what, int(value) if value.denominator == 1 else 2, n=number(value))


def number(value: Fraction) -> str:
    whole, part = divmod(value, 1)
    return " ".join(str(figure) for figure in (whole, part) if figure) or "0"


# --- what happened ---------------------------------------------------------------------------------------------


def _tell_outcome(receipt: Receipt, names: Names) -> str:
    to, winner = names.to, None if receipt.winner is None else names.of(receipt.winner)
    match receipt.outcome:
        case "picked":
            return _by_rule(receipt, to, names.of(receipt.standings[0].entry))
        case "only one":
            return say(to, "{winner} is picked: it is the only paper to choose from.", winner=winner)
        case "nobody voted" | "votes withdrawn":
            return _without_votes(receipt, to, winner)
        case "papers withdrawn":
            return say(
                to,
                "Every paper to choose from was withdrawn or dropped, so a moderator chooses or re-opens the vote.",
            )
        case "no candidates":
            return say(to, "No paper was nominated, so a moderator chooses or re-opens the vote.")
        case "chosen":
            chosen = say(to, "A moderator chose {winner}.", winner=winner)
            return " ".join((chosen, *_instead_of(receipt, names)))


def _by_rule(receipt: Receipt, to: Listener, winner: str) -> str:
    score, ballots = receipt.standings[0].score, _ballots(receipt, to)
    match receipt.counted_by:
        case "votes":
            return say(to, "{winner} is picked with {votes}.", winner=winner, votes=amount(to, score, VOTES))
        case "approval":
            sentence = msgid("{winner} is picked with {approvals} {from_ballots}.")
            return say(to, sentence, winner=winner, approvals=amount(to, score, APPROVALS), from_ballots=ballots)
        case "irv":
            return _by_run_off(receipt, to, winner)
        case "schulze":
            return say(
                to, "{winner} is picked by the Schulze method {from_ballots}.", winner=winner, from_ballots=ballots
            )


def _ballots(receipt: Receipt, to: Listener) -> str:
    return count(to, "from {n} ballot", "from {n} ballots", receipt.voters)


def _by_run_off(receipt: Receipt, to: Listener, winner: str) -> str:
    counted = sum((votes for _, votes in receipt.rounds[-1].counts), Fraction())
    return count(
        to,
        "{winner} is picked by instant run-off after {n} round, with {score} of {votes}.",
        "{winner} is picked by instant run-off after {n} rounds, with {score} of {votes}.",
        len(receipt.rounds),
        winner=winner,
        score=number(receipt.standings[0].score),
        votes=amount(to, counted, VOTES),
    )


def _without_votes(receipt: Receipt, to: Listener, winner: str | None) -> str:
    why = say(to, _why_no_votes(receipt))
    if winner is None:
        return say(to, "{why} and nobody who comes has claimed a paper, so a moderator chooses.", why=why)
    return say(to, "{why}, so {winner} is picked: its claim has waited the longest.", why=why, winner=winner)


def _why_no_votes(receipt: Receipt) -> str:
    if receipt.outcome == "votes withdrawn":
        return msgid("Every vote was taken back")
    is_unused = any(excluded.reason not in OTHER_WINDOWS for excluded in receipt.excluded)
    return msgid("Nobody's vote can be counted") if is_unused else msgid("Nobody voted")


def _instead_of(receipt: Receipt, names: Names) -> Iterator[str]:
    if receipt.voters and receipt.leader is not None:
        if receipt.leader == receipt.winner:
            yield say(names.to, "The count puts it first as well.")
        else:
            yield say(names.to, "The count puts {paper} first.", paper=names.of(receipt.leader))


# --- the numbers -----------------------------------------------------------------------------------------------


def _tell_numbers(receipt: Receipt, names: Names) -> Iterator[str]:
    if not receipt.voters:
        return
    if receipt.counted_by != receipt.rule:
        yield say(names.to, "Nobody filled in a ballot, so the votes are counted.")
    match receipt.counted_by:
        case "votes":
            yield from _tell_scores(receipt, names, VOTES, msgid("No other paper has a vote."))
        case "approval":
            yield from _tell_scores(receipt, names, APPROVALS, msgid("No other paper has an approval."))
        case "irv":
            yield from _tell_rounds(receipt.rounds, names)
        case "schulze":
            yield from _tell_duels(receipt, names)


def _tell_scores(receipt: Receipt, names: Names, what: Counted, none: str) -> Iterator[str]:
    to, (first, *others) = names.to, receipt.standings
    behind = [_has(names, line.entry, number(line.score)) for line in others if line.score]
    if receipt.outcome != "picked":
        yield f"{_has(names, first.entry, amount(to, first.score, what))}."
    if behind:
        yield f"{shortened(to, behind, MENTIONED)}."
    elif others:
        yield say(to, none)


def _has(names: Names, entry: int, score: str) -> str:
    return say(names.to, "{paper} has {score}", paper=names.of(entry), score=score)


def _tell_rounds(rounds: Sequence[Round], names: Names) -> Iterator[str]:
    for place, one in enumerate(rounds, 1):
        counts = ", ".join(f"{names.of(entry)} {number(votes)}" for entry, votes in one.counts)
        if one.out is None:
            yield say(names.to, "Round {number}: {counts}.", number=place, counts=counts)
        else:
            out = names.of(one.out)
            yield say(names.to, "Round {number}: {counts}; {out} goes out.", number=place, counts=counts, out=out)


def _tell_duels(receipt: Receipt, names: Names) -> Iterator[str]:
    to, duels = names.to, receipt.duels
    if duels is None or len(duels.entries) < 2:
        return
    first, *others = (line.entry for line in receipt.standings)
    place = {entry: index for index, entry in enumerate(duels.entries)}
    duel = {
        other: (duels.prefer[place[first]][place[other]], duels.prefer[place[other]][place[first]]) for other in others
    }
    told = [
        say(to, "{ours} to {theirs} against {paper}", ours=number(ours), theirs=number(theirs), paper=names.of(other))
        for other, (ours, theirs) in duel.items()
    ]
    duels_told = shortened(to, told, MENTIONED)
    yield say(to, "One against one, {paper} has {duels}.", paper=names.of(first), duels=duels_told)
    if any(ours < theirs for ours, theirs in duel.values()):
        yield say(to, "What beats it is beaten by others in turn: its own chain of won duels is at least as strong.")


# --- ties ------------------------------------------------------------------------------------------------------


def _tell_ties(receipt: Receipt, names: Names) -> Iterator[str]:
    if receipt.tie:
        yield _tell_tie(receipt.tie, names, _WINS, msgid("{papers} are level: {steps}."))
    for one in receipt.rounds:
        if one.tie:
            yield _tell_tie(one.tie, names, _GOES, msgid("{papers} are level at the end of a round: {steps} to go."))
    ties = [receipt.tie, *(one.tie for one in receipt.rounds)]
    if any(step.step == "draw" for tie in ties if tie for step in tie.steps):
        yield say(
            names.to, "The draw goes by sha256 of “{seed}/<paper key>”, the lowest comes first.", seed=receipt.seed
        )


def _tell_tie(tie: Tie, names: Names, words: Mapping[Step, str], sentence: str) -> str:
    to = names.to
    steps = [
        say(to, "{step}, which leaves {papers}", step=say(to, words[step.step]), papers=names.listed(step.left))
        for step in tie.steps
    ]
    return say(to, sentence, papers=names.listed(tie.among), steps="; ".join(steps))


# --- what else -------------------------------------------------------------------------------------------------


def _tell_weights(receipt: Receipt, names: Names) -> Iterator[str]:
    if receipt.is_weighted:
        yield say(names.to, "Votes weigh more for members who came to the last meetings.")
    if receipt.counted_by == "votes":
        for line in receipt.standings:
            if line.carried:
                yield count(
                    names.to,
                    "{n} vote of {paper} came along from last time: half of those not given again.",
                    "{n} votes of {paper} came along from last time: half of those not given again.",
                    line.carried,
                    paper=names.of(line.entry),
                )


def _tell_excluded(excluded: Iterable[Excluded], to: Listener) -> Iterator[str]:
    """Those of earlier windows were counted there, and are nobody's news."""
    parts = [_not_counted(one, to) for one in excluded if one.reason in _NOT_COUNTED]
    if parts:
        yield say(to, "Not counted: {votes}.", votes="; ".join(parts))


def _not_counted(one: Excluded, to: Listener) -> str:
    why = say(to, _NOT_COUNTED[one.reason])
    if one.what == "ballot":
        return count(to, "{n} ballot {why}", "{n} ballots {why}", one.count, why=why)
    return count(to, "{n} vote {why}", "{n} votes {why}", one.count, why=why)


def _tell_rest(receipt: Receipt, names: Names) -> Iterator[str]:
    if receipt.runners_up:
        sentence = msgid("To choose from: {papers}.") if receipt.winner is None else msgid("Next in line: {papers}.")
        yield say(names.to, sentence, papers=names.listed(receipt.runners_up))
