"""A recount of an exported election by somebody who has never seen our code: written rules, JSON data, nothing else.

Slow and plain on purpose: reachability for every strength instead of Floyd and Warshall, recursion instead of rounds.
"""

from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

Data = dict[str, Any]
Preference = list[set[int]]


def recount(data: Data) -> list[int]:
    """The papers that can be picked, the best first."""
    standing = {c["entry"] for c in data["candidates"] if not c["withdrawn"] and not c["dropped"]}
    votes = valid_votes(data, standing)
    ballots = valid_ballots(data, standing) if data["rule"] != "votes" else {}
    weight = {member: Fraction(text) for member, text in data["weights"]}
    heard = [(weight.get(member, Fraction(1)), ranking) for member, ranking in ballots.items()]
    order = tie_order(data, standing, votes, ballots)
    if not votes and not ballots:
        ready = (c for c in data["candidates"] if c["claimed_at"] and not c["claimer_away"])
        waiting = {c["entry"]: moment(c["claimed_at"]) for c in ready}
        return [
            *sorted((e for e in order if e in waiting), key=waiting.__getitem__),
            *(e for e in order if e not in waiting),
        ]
    if not ballots:
        totals = {c["entry"]: Fraction(c["carried"]) for c in data["candidates"]}
        for member, entry in votes:
            totals[entry] += weight.get(member, Fraction(1))
        return sorted(order, key=lambda entry: -totals[entry])
    if data["rule"] == "approval":
        approved = {entry: sum(w for w, ranking in heard if entry in set().union(*ranking)) for entry in order}
        return sorted(order, key=lambda entry: -approved[entry])
    return run_off(order, heard) if data["rule"] == "irv" else schulze(order, heard)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def in_window(data: Data, text: str) -> bool:
    return moment(text) < moment(data["until"]) and (data["since"] is None or moment(data["since"]) <= moment(text))


def valid_votes(data: Data, standing: set[int]) -> set[tuple[int, int]]:
    keys = {c["entry"]: c["key"] for c in data["candidates"]}
    by_member: dict[int, dict[int, datetime]] = {}
    for vote in data["votes"]:
        retracted = vote["retracted_at"] and moment(vote["retracted_at"]) < moment(data["until"])
        if vote["entry"] in standing and in_window(data, vote["at"]) and not retracted:
            mine = by_member.setdefault(vote["member"], {})
            at = moment(vote["at"])
            mine[vote["entry"]] = min(at, mine.get(vote["entry"], at))
    valid = set()
    for member, mine in by_member.items():
        oldest = sorted(mine, key=lambda entry: (mine[entry], keys[entry]))
        valid |= {(member, entry) for entry in oldest[: data["budget"]]}
    return valid


def valid_ballots(data: Data, standing: set[int]) -> dict[int, Preference]:
    newest: dict[int, Data] = {}
    for ballot in data["ballots"]:
        held = newest.get(ballot["member"])
        newer = held is None or (moment(ballot["at"]), ballot["ranking"]) > (moment(held["at"]), held["ranking"])
        if in_window(data, ballot["at"]) and newer:
            newest[ballot["member"]] = ballot
    cleaned = {member: clean(ballot["ranking"], standing) for member, ballot in newest.items()}
    return {member: ranking for member, ranking in cleaned.items() if ranking}


def clean(ranking: list[list[int]], standing: set[int]) -> Preference:
    before: set[int] = set()
    cleaned = []
    for tier in ranking:
        if fresh := (set(tier) & standing) - before:
            cleaned.append(fresh)
        before |= set(tier)
    return cleaned


def tie_order(data: Data, standing: set[int], votes: set[tuple[int, int]], ballots: dict[int, Preference]) -> list[int]:
    def facts(candidate: Data) -> tuple[bool, int, datetime, str]:
        entry = candidate["entry"]
        backers = {member for member, voted in votes if voted == entry}
        for member, ranking in ballots.items():
            if entry in (set().union(*ranking) if data["rule"] == "approval" else ranking[0]):
                backers.add(member)
        claimed = candidate["claimed_at"] is not None and not candidate["claimer_away"]
        coming = len(backers & set(data["attending"]))
        lot = sha256(f"{data['seed']}/{candidate['key']}".encode()).hexdigest()
        return not claimed, -coming, moment(candidate["nominated_at"]), lot

    return [c["entry"] for c in sorted(data["candidates"], key=facts) if c["entry"] in standing]


def run_off(order: list[int], heard: list[tuple[Fraction, Preference]]) -> list[int]:
    counts = dict.fromkeys(order, Fraction(0))
    for weight, ranking in heard:
        tops = [tier & set(order) for tier in ranking if tier & set(order)]
        for entry in tops[0] if tops else ():
            counts[entry] += weight / len(tops[0])
    if any(count > sum(counts.values()) / 2 for count in counts.values()) or len(order) == 1:
        return sorted(order, key=lambda entry: -counts[entry])
    loser = [entry for entry in order if counts[entry] == min(counts.values())][-1]
    return [*run_off([entry for entry in order if entry != loser], heard), loser]


def schulze(order: list[int], heard: list[tuple[Fraction, Preference]]) -> list[int]:
    def place(ranking: Preference, entry: int) -> int:
        return next((number for number, tier in enumerate(ranking) if entry in tier), 1000)

    def prefer(a: int, b: int) -> Fraction:
        return sum((w for w, ranking in heard if place(ranking, a) < place(ranking, b)), Fraction(0))

    wins = {(a, b): prefer(a, b) for a in order for b in order if prefer(a, b) > prefer(b, a)}

    def strongest(a: int, b: int) -> Fraction:
        return max((w for w in set(wins.values()) if b in reachable(a, w)), default=Fraction(0))

    def reachable(start: int, strength: Fraction) -> set[int]:
        found, fresh = {start}, {start}
        while fresh:
            fresh = {b for (a, b), won in wins.items() if a in fresh and won >= strength} - found
            found |= fresh
        return found

    better = {(a, b) for a in order for b in order if a != b and strongest(a, b) > strongest(b, a)}
    left, result = list(order), list[int]()
    while left:
        first = next(a for a in left if not any((b, a) in better for b in left))
        result.append(first)
        left.remove(first)
    return result
