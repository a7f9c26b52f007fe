"""Counts the picks of an exported file again and says what is not as it was published. Reads and writes no file.

Three things must fit for each pick: the receipt to its election, the votes and ballots in the election to the group's
own log, the seed of the draw to group and date. Members count by what they did and when, not by number: whoever links
two accounts later is one member in the log and two in the election.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.voting.counting import counts_in
from bot.voting.decision import decide
from bot.voting.election import Ballot, CastVote, Election, seed_for
from bot.voting.export import election_from_data, receipt_from_data
from bot.voting.receipt import Receipt
from bot.wording import join_words, plural

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION = 1

Name = Callable[[int | None], str]

_PARTS = {
    "counted_by": "rule",
    "since": "window",
    "until": "window",
    "standings": "numbers of the papers",
    "fallen": "papers that could not be picked",
    "is_weighted": "weights",
    "excluded": "votes that do not count",
    "tie": "tie-break",
    "seed": "seed of the draw",
}


# --- what is read of the file; whatever else is there does not matter ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Exported:
    version: int
    groups: tuple["ExportedGroup", ...]


@dataclass(frozen=True, slots=True)
class ExportedGroup:
    id: str
    entries: tuple["ExportedEntry", ...]
    sessions: tuple["ExportedSession", ...]
    votes: tuple["LoggedVote", ...]
    audit: tuple["LoggedStep", ...]


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    id: int
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class ExportedSession:
    id: int
    on: date
    picks: tuple["ExportedPick", ...]
    picks_taken_back: tuple["ExportedPick", ...]
    ballots: tuple["LoggedBallot", ...]

    @property
    def every_pick(self) -> tuple["ExportedPick", ...]:
        """Those that were taken back come first, so that they are the last only where there is no other."""
        return (*self.picks_taken_back, *self.picks)


@dataclass(frozen=True, slots=True)
class ExportedPick:
    election: Any
    receipt: Any


@dataclass(frozen=True, slots=True)
class LoggedVote:
    member: int
    entry: int
    at: datetime
    retracted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedBallot:
    member: int
    ranking: tuple[tuple[int, ...], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """Of one that moved sessions, `before` and `after` are what it set, by session."""

    before: Any = None
    after: Any = None

    def dates(self, session: int) -> Iterator[str]:
        for side in (self.before, self.after):
            columns = side.get(str(session)) if isinstance(side, Mapping) else None
            if isinstance(columns, Mapping) and "on" in columns:
                yield str(columns["on"])


# --- the recount ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recounted:
    """The newest pick of a session. `differences` are those of its older picks too, each a part of a sentence."""

    group: str
    on: date
    paper: str
    rule: str
    votes: int = 0
    ballots: int = 0
    differences: tuple[str, ...] = ()
    was_taken_back: bool = False  # and nothing is picked instead

    @property
    def is_same(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        counted = [plural(self.votes, "vote"), *([plural(self.ballots, "ballot")] if self.ballots else [])]
        told = f"same, {join_words(counted)} as in the log"
        told = told if self.is_same else f"DIFFERS: {'; '.join(self.differences)}"
        taken_back = ", taken back since" if self.was_taken_back else ""
        return f"{self.on}  {self.paper}  {self.rule}{taken_back}: {told}"


def recount(data: object) -> tuple[Recounted, ...]:
    """One for each session that has a pick. Raises ValueError with a sentence when `data` is no export."""
    exported = _read(data)
    return tuple(
        _recount_session(group, session)
        for group in exported.groups
        for session in group.sessions
        if session.every_pick
    )


def _read(data: object) -> Exported:
    from pydantic import ValidationError

    if not isinstance(data, Mapping) or not isinstance(data.get("version"), int) or "groups" not in data:
        raise ValueError("it is no export of Paperclub")
    if data["version"] != VERSION:
        raise ValueError(f"it is an export of version {data['version']}, and this Paperclub reads version {VERSION}")
    try:
        return _exports().validate_python(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise ValueError(f"it is no export of Paperclub: {where}: {fault['msg']}") from None


def _recount_session(group: ExportedGroup, session: ExportedSession) -> Recounted:
    *older, newest = (_recount_pick(group, session, pick) for pick in session.every_pick)
    differences = dict.fromkeys(difference for one in (*older, newest) for difference in one.differences)
    return replace(newest, differences=tuple(differences), was_taken_back=not session.picks)


def _recount_pick(group: ExportedGroup, session: ExportedSession, pick: ExportedPick) -> Recounted:
    try:
        election, published = election_from_data(pick.election), receipt_from_data(pick.receipt)
    except ValueError as error:
        fault = f"its election or receipt can't be read ({str(error).splitlines()[0]})"
        return Recounted(group.id, session.on, "?", "?", differences=(fault,))
    entries = {entry.id: entry for entry in group.entries}

    def name(entry: int | None) -> str:
        return "no paper" if entry is None else f"“{entries[entry].title}”" if entry in entries else f"paper {entry}"

    voted = _voted_in(group, session, election)
    votes, ballots = _votes(election, election.votes), _ballots(election, election.ballots)
    differences = (
        *_compare_receipts(decide(election), published, name),
        *_compare_logs("vote", votes, _votes(election, group.votes), name),
        *_compare_logs("ballot", ballots, _ballots(election, voted.ballots), name),
        *_compare_draw(election, _seeds(group, voted), entries, name),
    )
    paper = name(published.winner)
    return Recounted(group.id, session.on, paper, published.rule, votes.total(), ballots.total(), differences)


def _voted_in(group: ExportedGroup, session: ExportedSession, election: Election) -> ExportedSession:
    """The session that a pick was voted for. It is another one where the pick moved on, since that one was skipped; the
    very same votes then stand there too."""
    origins = (one for one in group.sessions if election.seed in _seeds(group, one))
    return next((one for one in origins if any(_is_of(election, pick) for pick in one.every_pick)), session)


def _seeds(group: ExportedGroup, session: ExportedSession) -> tuple[str, ...]:
    """Of the date that it has, and of those that it had before the group chose other days."""
    before = (on for step in group.audit for on in step.dates(session.id))
    return tuple(seed_for(group.id, on) for on in dict.fromkeys((str(session.on), *before)))


def _is_of(election: Election, pick: ExportedPick) -> bool:
    try:
        other = election_from_data(pick.election)
    except ValueError:
        return False
    return (election.until, election.votes, election.ballots) == (other.until, other.votes, other.ballots)


def _compare_receipts(counted: Receipt, published: Receipt, name: Name) -> Iterator[str]:
    if counted.winner != published.winner:
        yield f"the votes give {name(counted.winner)}, published is {name(published.winner)}"
    names = [field.name for field in fields(Receipt) if field.name != "winner"]
    wrong = [part for part in names if getattr(counted, part) != getattr(published, part)]
    if wrong:
        parts = dict.fromkeys(_PARTS.get(part, part) for part in wrong)
        yield f"published otherwise than counted: {join_words(list(parts))}"


def _compare_draw(
    election: Election, seeds: Sequence[str], entries: Mapping[int, ExportedEntry], name: Name
) -> Iterator[str]:
    if election.seed not in seeds:
        yield f"the draw's seed is “{election.seed}”, not “{seeds[0]}”"
    for candidate in election.candidates:
        entry = entries.get(candidate.entry)
        if entry and entry.key != candidate.key:
            yield f"the draw calls {name(candidate.entry)} {candidate.key}, its key is {entry.key}"


# --- the log -------------------------------------------------------------------------------------------------------

Acts = Counter[tuple[int | None, Hashable]]  # (the paper, what was done and when)


def _votes(election: Election, votes: Iterable[CastVote | LoggedVote]) -> Acts:
    """Those in the window for papers of this election that were not taken back before the close. A paper that was put
    on the list at the end, since an organiser chose it, had no part in the count."""
    papers = {candidate.entry for candidate in election.candidates if candidate.nominated_at < election.until}
    return Counter(
        (vote.entry, vote.at)
        for vote in votes
        if vote.entry in papers and counts_in(election, vote.at, vote.retracted_at)
    )


def _ballots(election: Election, ballots: Iterable[Ballot | LoggedBallot]) -> Acts:
    return Counter((None, (ballot.ranking, ballot.at)) for ballot in ballots if counts_in(election, ballot.at))


def _compare_logs(what: str, counted: Acts, logged: Acts, name: Name) -> Iterator[str]:
    for more, less, where in ((counted, logged, "not in the log"), (logged, counted, "only in the log")):
        found = Counter[int | None]()
        for (paper, _), number in (more - less).items():
            found[paper] += number
        for paper, number in found.items():
            yield f"{plural(number, what)}{f' for {name(paper)}' if paper is not None else ''} {where}"


@cache
def _exports() -> "TypeAdapter[Exported]":
    from pydantic import TypeAdapter

    return TypeAdapter(Exported)
