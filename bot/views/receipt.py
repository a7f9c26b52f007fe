"""A receipt in short sentences for members, plain text. Changes no number and learns no member's name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from bot.voting.receipt import OTHER_WINDOWS, Excluded, Reason, Receipt, Round, Step, Tie
from bot.wording import capitalised, join_words, plural

MENTIONED = 3  # papers named in a list; the others are counted

Name = Callable[[int], str]

_WINS: dict[Step, str] = {
    "claimed": "claimed comes before unclaimed",
    "attendees": "more of its voters say they come",
    "older": "the older nomination comes first",
    "draw": "the draw decides",
}
_GOES: dict[Step, str] = {
    "claimed": "unclaimed goes before claimed",
    "attendees": "fewer of its voters say they come",
    "older": "the newer nomination goes first",
    "draw": "the draw decides",
}
_NOT_COUNTED: dict[Reason, str] = {
    "late": "after the close, for next time",
    "retracted": "taken back",
    "unlisted": "for papers that are not on the list",
    "dropped": "for papers that a moderator dropped",
    "withdrawn": "for papers that their authors withdrew",
    "repeated": "given twice by linked accounts",
    "over budget": "over the budget",
    "replaced": "replaced by a newer one",
    "blank": "without a paper that can be picked",
}


def sentences(receipt: Receipt, titles: Mapping[int, str]) -> tuple[str, ...]:
    """What was picked comes first, what comes next is last. `titles` by entry."""
    name = _namer(titles)
    told = (
        _tell_outcome(receipt, name),
        *_tell_numbers(receipt, name),
        *_tell_ties(receipt, name),
        *_tell_weights(receipt, name),
        *_tell_excluded(receipt.excluded),
        *_tell_rest(receipt, name),
    )
    return tuple(map(capitalised, told))


def essentials(receipt: Receipt, titles: Mapping[int, str], most: int) -> str:
    """What was picked, how a tie was broken and, as far as they fit into `most` characters, the numbers. It stands
    beside the paper that was picked, which is "it" therefore."""
    named = _namer(titles)

    def name(entry: int) -> str:
        return "it" if entry == receipt.winner else named(entry)

    outcome, ties = _tell_outcome(receipt, name), list(_tell_ties(receipt, name))
    numbers = list(_tell_numbers(receipt, name))
    while numbers and len(" ".join((outcome, *numbers, *ties))) > most:
        numbers.pop()
    return " ".join(map(capitalised, (outcome, *numbers, *ties)))


def _namer(titles: Mapping[int, str]) -> Name:
    def name(entry: int) -> str:
        return f"“{titles[entry]}”" if entry in titles else f"paper {entry}"

    return name


def amount(value: Fraction, word: str) -> str:
    """`1 vote`, `2 1/2 votes`"""
    return plural(int(value), word) if value.denominator == 1 else f"{number(value)} {word}s"


def number(value: Fraction) -> str:
    whole, part = divmod(value, 1)
    return " ".join(str(figure) for figure in (whole, part) if figure) or "0"


# --- what happened ---------------------------------------------------------------------------------------------


def _tell_outcome(receipt: Receipt, name: Name) -> str:
    winner = None if receipt.winner is None else name(receipt.winner)
    match receipt.outcome:
        case "picked":
            return f"{winner} is picked {_by_rule(receipt)}."
        case "only one":
            return f"{winner} is picked: it is the only paper to choose from."
        case "nobody voted" | "votes withdrawn":
            why = "Nobody's vote can be counted" if _has_unused_votes(receipt) else "Nobody voted"
            why = "Every vote was taken back" if receipt.outcome == "votes withdrawn" else why
            return f"{why}{_fallback(winner)}"
        case "papers withdrawn":
            return "Every paper to choose from was withdrawn or dropped, so a moderator chooses or re-opens the vote."
        case "no candidates":
            return "No paper was nominated, so a moderator chooses or re-opens the vote."
        case "chosen":
            return f"A moderator chose {winner}.{_instead_of(receipt, name)}"


def _by_rule(receipt: Receipt) -> str:
    score = receipt.standings[0].score
    match receipt.counted_by:
        case "votes":
            return f"with {amount(score, 'vote')}"
        case "approval":
            return f"with {amount(score, 'approval')} from {plural(receipt.voters, 'ballot')}"
        case "irv":
            counted = sum((count for _, count in receipt.rounds[-1].counts), Fraction())
            rounds = plural(len(receipt.rounds), "round")
            return f"by instant run-off after {rounds}, with {number(score)} of {amount(counted, 'vote')}"
        case "schulze":
            return f"by the Schulze method from {plural(receipt.voters, 'ballot')}"


def _has_unused_votes(receipt: Receipt) -> bool:
    return any(excluded.reason not in OTHER_WINDOWS for excluded in receipt.excluded)


def _fallback(winner: str | None) -> str:
    if winner is None:
        return " and nobody who comes has claimed a paper, so a moderator chooses."
    return f", so {winner} is picked: its claim has waited the longest."


def _instead_of(receipt: Receipt, name: Name) -> str:
    if not receipt.voters or receipt.leader is None:
        return ""
    if receipt.leader == receipt.winner:
        return " The count puts it first as well."
    return f" The count puts {name(receipt.leader)} first."


# --- the numbers -----------------------------------------------------------------------------------------------


def _tell_numbers(receipt: Receipt, name: Name) -> Iterator[str]:
    if not receipt.voters:
        return
    if receipt.counted_by != receipt.rule:
        yield "Nobody filled in a ballot, so the votes are counted."
    match receipt.counted_by:
        case "votes":
            yield from _tell_scores(receipt, name, "vote")
        case "approval":
            yield from _tell_scores(receipt, name, "approval")
        case "irv":
            yield from _tell_rounds(receipt.rounds, name)
        case "schulze":
            yield from _tell_duels(receipt, name)


def _tell_scores(receipt: Receipt, name: Name, word: str) -> Iterator[str]:
    first, *others = receipt.standings
    behind = [f"{name(line.entry)} has {number(line.score)}" for line in others if line.score]
    if receipt.outcome != "picked":
        yield f"{name(first.entry)} has {amount(first.score, word)}."
    if behind:
        yield f"{_shorten(behind)}."
    elif others:
        yield f"No other paper has {'an' if word == 'approval' else 'a'} {word}."


def _tell_rounds(rounds: Sequence[Round], name: Name) -> Iterator[str]:
    for place, one in enumerate(rounds, 1):
        counts = ", ".join(f"{name(entry)} {number(count)}" for entry, count in one.counts)
        goes = "" if one.out is None else f"; {name(one.out)} goes out"
        yield f"Round {place}: {counts}{goes}."


def _tell_duels(receipt: Receipt, name: Name) -> Iterator[str]:
    duels = receipt.duels
    if duels is None or len(duels.entries) < 2:
        return
    first, *others = (line.entry for line in receipt.standings)
    place = {entry: index for index, entry in enumerate(duels.entries)}
    duel = {
        other: (duels.prefer[place[first]][place[other]], duels.prefer[place[other]][place[first]]) for other in others
    }
    told = [f"{number(ours)} to {number(theirs)} against {name(other)}" for other, (ours, theirs) in duel.items()]
    yield f"One against one, {name(first)} has {_shorten(told)}."
    if any(ours < theirs for ours, theirs in duel.values()):
        yield "What beats it is beaten by others in turn: its own chain of won duels is at least as strong."


# --- ties ------------------------------------------------------------------------------------------------------


def _tell_ties(receipt: Receipt, name: Name) -> Iterator[str]:
    if receipt.tie:
        yield f"{_names(receipt.tie.among, name)} are level: {_tell_steps(receipt.tie, name, _WINS)}."
    for one in receipt.rounds:
        if one.tie:
            steps = _tell_steps(one.tie, name, _GOES)
            yield f"{_names(one.tie.among, name)} are level at the end of a round: {steps} to go."
    ties = [receipt.tie, *(one.tie for one in receipt.rounds)]
    if any(step.step == "draw" for tie in ties if tie for step in tie.steps):
        yield f"The draw goes by sha256 of “{receipt.seed}/<paper key>”, the lowest comes first."


def _tell_steps(tie: Tie, name: Name, words: Mapping[Step, str]) -> str:
    return "; ".join(f"{words[step.step]}, which leaves {_names(step.left, name)}" for step in tie.steps)


# --- what else -------------------------------------------------------------------------------------------------


def _tell_weights(receipt: Receipt, name: Name) -> Iterator[str]:
    if receipt.is_weighted:
        yield "Votes weigh more for members who came to the last meetings."
    if receipt.counted_by == "votes":
        for line in receipt.standings:
            if line.carried:
                yield f"{plural(line.carried, 'vote')} of {name(line.entry)} came along from last time."


def _tell_excluded(excluded: Iterable[Excluded]) -> Iterator[str]:
    """Those of earlier windows were counted there, and are nobody's news."""
    parts = [
        f"{plural(one.count, one.what)} {_NOT_COUNTED[one.reason]}" for one in excluded if one.reason in _NOT_COUNTED
    ]
    if parts:
        yield f"Not counted: {'; '.join(parts)}."


def _tell_rest(receipt: Receipt, name: Name) -> Iterator[str]:
    if receipt.runners_up:
        yield f"{'To choose from' if receipt.winner is None else 'Next in line'}: {_names(receipt.runners_up, name)}."


def _names(entries: Iterable[int], name: Name) -> str:
    return _shorten([name(entry) for entry in entries])


def _shorten(parts: Sequence[str]) -> str:
    more = len(parts) - MENTIONED
    return join_words([*parts[:MENTIONED], f"{more} more"] if more > 0 else parts)
