"""What every verb of the rows, and what members ask for, takes in a small and in a large group. Judges nothing.

A new verb needs a line in bench.calls. What grows more than twofold from a thousand entries to a hundred thousand is
marked, unless EXEMPT says why it may.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import get_type_hints

from adapters.stores.sqlite.files import open_for_writing
from adapters.stores.sqlite.rows import SqliteRows
from bench.calls import ACTIONS, CALLS, READS, SETTINGS, Call, Spot
from bench.grown import AT, GROUP, MODERATOR, Size, grow, sized
from bot.compose import Club, opened
from bot.model import Request, Settings
from bot.ports import Rows
from tests.fakes.clock import MovableClock

MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one: growth is read here, not the disk
SIZES = (
    sized("1k", 1_000),
    sized("10k", 10_000),
    sized("100k", 100_000),
    sized("77 of 150k", 77, library=150_000),
)
ROUNDS = 31
LONG = 0.5  # seconds; what takes longer altogether is not timed as often
MOST = 2.0  # times
NOTICED = 0.02  # milliseconds; less is noise

VOTES = "counts the votes on a paper: a row for each"
WEEK = "of a vote: what was nominated, and the meetings before"
MEMBERS = "a row for each member"
MERGE = "when two accounts become one"
EMOJI = "a line for each that stands"
LINEAR = "in proportion to what is found"
EXEMPT = {
    "/paper search {words}": LINEAR,
    "completing a paper: {words}": LINEAR,
    "completing a member": MEMBERS,
    "/paper next": "in proportion to the votes of the week",
    "/paper my rota": MEMBERS,
    "a meeting's room": WEEK,
    "attendance.count_held": "an index is counted",
    "attendance.texts": "where words are looked for in the archive",
    "audit.actors": "when a place is in trouble",
    "audit.rename": MERGE,
    "changes.drop_old": "in a tick, of ten thousand",
    "choose the paper": "counts the votes of the week",
    "claims.longest_awake": "in a look",
    "claims.sleepers": "in a look",
    "drop a paper": VOTES,
    "entries.dealt_with": WEEK,
    "entries.entry": VOTES,
    "entries.search": LINEAR,
    "entries.some": VOTES,
    "entries.submitted": MERGE,
    "entries.titles": LINEAR,
    "groups.export": "all that a group did",
    "links.belongings": MERGE,
    "links.memberships": MERGE,
    "links.move_all": MERGE,
    "messages.drop_reactions": EMOJI,
    "messages.free_leases": "once, at a start",
    "messages.reacting": EMOJI,
    "messages.retry": "once, at a start",
    "papers.reports": "a row for each day of a source",
    "pass": VOTES,
    "people.members": MEMBERS,
    "people.other_names": "when somebody joins",
    "people.turns": MEMBERS,
    "picks.closes": WEEK,
    "picks.drop_near": "of all papers that ever came near, a few a week",
    "picks.holders": WEEK,
    "picks.near": "of all papers that ever came near, a few a week",
    "picks.near_winners": WEEK,
    "picks.reading": WEEK,
    "picks.submitted": WEEK,
    "picks.voters": MEMBERS,
    "react": VOTES,
    "requests.drop_old": "in a tick, of a week",
    "sessions.naming": MERGE,
    "skip a meeting": MEMBERS,
    "take a vote back": VOTES,
    "votes.backed": WEEK,
    "votes.open_spans_of_both": MERGE,
    "votes.spans": WEEK,
    "votes.stance": "what a member did",
    "votes.standing": VOTES,
    "what a pick is made from": WEEK,
    "what comes back": WEEK,
    "what it took its moderators": "of the last ten meetings",
    "who moderates": "when a place is in trouble",
}

LINES = (  # what changes something is taken back by the next, or by itself the next time
    "/paper help",
    "/paper today",
    "/paper search {words}",
    "/paper show 1",
    "/paper unvote 1",
    "/paper vote 1",
    "/paper pass 2",
    "/paper claim 2",
    "/paper release 2",
    "/paper mine",
    "/paper next",
    "/paper my rota",
    "/paper meeting archive",
    "/paper status",
    "/paper-admin audit",
    "/paper-admin drop 3",
)
TYPED = ("", "{letter}", "{words}", "1")

Work = Callable[[], Awaitable[object]]
Times = Mapping[str, Sequence[Sequence[float]]]  # by name, then by size


def main() -> None:
    parent = MEMORY if MEMORY.is_dir() else Path.cwd()
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=parent) as folder:
        paths = [Path(folder) / f"{number}.db" for number, _ in enumerate(SIZES)]
        for path, size in zip(paths, SIZES, strict=True):
            grow(path, size)
        _say("verbs of the rows", time_calls(paths, {**CALLS, **READS}))
        _say("actions", time_calls(paths, ACTIONS))
        _say_statements(count_statements(paths))
        _say("members ask", asyncio.run(time_requests(paths)))


def verbs() -> Iterator[str]:
    """All that the protocols have, by topic."""
    for topic, about in vars(Rows).items():
        if isinstance(about, property):
            asked = get_type_hints(about.fget)["return"]
            yield from (f"{topic}.{name}" for name in dir(asked) if not name.startswith("_"))


# --- verbs


def time_calls(paths: Sequence[Path], calls: Mapping[str, Call]) -> Times:
    with _places(paths) as places:
        return {name: _interleaved([_calls(*place, call) for place in places]) for name, call in calls.items()}


@contextmanager
def _places(paths: Sequence[Path]) -> Iterator[Sequence[tuple[sqlite3.Connection, Spot]]]:
    connections = [open_for_writing(path) for path in paths]
    try:
        yield [(each, _spot(each, size)) for each, size in zip(connections, SIZES, strict=True)]
    finally:
        for connection in connections:
            connection.close()


def count_statements(paths: Sequence[Path]) -> Mapping[str, Sequence[int]]:
    """Of each action, in each size."""
    with _places(paths) as places:
        return {name: [_statements(*place, call) for place in places] for name, call in ACTIONS.items()}


def _statements(connection: sqlite3.Connection, spot: Spot, call: Call) -> int:
    heard: list[str] = []
    connection.execute("BEGIN IMMEDIATE")
    connection.set_trace_callback(heard.append)
    call(SqliteRows(connection), spot)
    connection.set_trace_callback(None)
    connection.execute("ROLLBACK")
    return len([sql for sql in heard if not sql.startswith("--")])  # so begins what the index of words does by itself


def _spot(connection: sqlite3.Connection, size: Size) -> Spot:
    (title,) = connection.execute("SELECT title FROM paper WHERE id = 1").fetchone()
    sql = "SELECT id FROM message WHERE kind = 'paper' AND key = ?"
    (card,) = connection.execute(sql, (str(size.popular),)).fetchone()
    found = SqliteRows(connection).messages.message(GROUP, card)
    assert found
    return Spot(size, found[0], " ".join(title.split()[:2]))


def _calls(connection: sqlite3.Connection, spot: Spot, call: Call) -> Callable[[], float]:
    """In a transaction that is rolled back."""
    rows = SqliteRows(connection)

    def once() -> float:
        connection.execute("BEGIN IMMEDIATE")
        begun = time.perf_counter()
        call(rows, spot)
        seconds = time.perf_counter() - begun
        connection.execute("ROLLBACK")
        return seconds

    return once


def _interleaved(works: Sequence[Callable[[], float]]) -> Sequence[Sequence[float]]:
    """Round by round, so that a noisy moment falls on all."""
    times: list[list[float]] = [[work()] for work in works]  # once to warm up
    spent = 0.0
    for _ in range(ROUNDS):
        for work, kept in zip(works, times, strict=True):
            kept.append(work())
        spent += sum(kept[-1] for kept in times)
        if spent > LONG:
            break
    return [kept[1:] for kept in times]


# --- requests


async def time_requests(paths: Sequence[Path]) -> Times:
    """One after the other in their order, round by round."""
    async with AsyncExitStack() as stack:
        clubs = [await stack.enter_async_context(_open(path)) for path in paths]
        works = {name: [ask(club, path) for club, path in zip(clubs, paths, strict=True)] for name, ask in asked()}
        times: Mapping[str, Sequence[list[float]]] = {name: [[] for _ in paths] for name in works}
        for _ in range(ROUNDS):
            for name, each in works.items():
                for work, kept in zip(each, times[name], strict=True):
                    kept.append(await _timed(work))
        return times


def _open(path: Path) -> AbstractAsyncContextManager[Club]:
    settings = Settings(database=str(path), groups=(SETTINGS,))
    return opened(settings, clock=MovableClock(f"{AT:%Y-%m-%d %H:%M}"), sources=[], adapters=[], finders=[])


def asked() -> Iterator[tuple[str, Callable[[Club, Path], Work]]]:
    yield from ((line, partial(_asks, line)) for line in LINES)
    yield from ((f"completing a paper: {typed or 'nothing'}", partial(_completes, "paper", typed)) for typed in TYPED)
    yield "completing a member", partial(_completes, "member", "member 1")


def _asks(line: str, club: Club, path: Path) -> Work:
    command, args = club.app.read_line(line.format(**_words(path)))
    numbers = count()

    async def once() -> None:
        reply = await club.app.handle(_request(command, args, f"{line} {next(numbers)}"))
        assert reply.ok, (line, reply.text)

    return once


def _completes(parameter: str, typed: str, club: Club, path: Path) -> Work:
    text = typed.format(**_words(path))
    return lambda: club.app.complete(_request("assign" if parameter == "member" else "vote", {}), parameter, text)


def _request(command: str, args: Mapping[str, str], id: str = "") -> Request:
    return Request(id, f"web:{MODERATOR}", command, args, group=GROUP)


def _words(path: Path) -> Mapping[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        (title,) = connection.execute("SELECT title FROM paper WHERE id = 1").fetchone()
    return {"words": " ".join(title.split()[:2]), "letter": title[0]}


async def _timed(work: Work) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


# --- what came of it


def _say(what: str, times: Times) -> None:
    print(f"{what:34}" + "".join(f"{size.name + ' ms':>14}" for size in SIZES) + f"{'100k / 1k':>11}")
    for name, kept in times.items():
        small, *_, large, _ = figures = [median(each) * 1000 for each in kept]
        grows = large > MOST * small and large - small > NOTICED
        why = EXEMPT.get(name, "GROWS") if grows else ""
        print(f"{name:34}" + "".join(f"{figure:>14.3f}" for figure in figures) + f"{large / small:>11.1f}  {why}")


def _say_statements(counts: Mapping[str, Sequence[int]]) -> None:
    print(f"{'statements of an action':34}" + "".join(f"{size.name:>14}" for size in SIZES))
    for name, each in counts.items():
        print(f"{name:34}" + "".join(f"{count:>14}" for count in each))


if __name__ == "__main__":
    main()
