"""What every verb of the rows, and what members ask for, takes in a small and in a large group. Judges nothing.

A new verb needs a line in CALLS. What grows more than twofold from a thousand entries to a hundred thousand is marked,
unless EXEMPT says why it may.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import get_type_hints

from adapters.stores.sqlite.files import open_for_writing
from adapters.stores.sqlite.rows import SqliteRows
from bench.grown import AT, GROUP, ME, MODERATOR, PLACE, SOURCE, TODAY, Size, grow, sized
from bot.actions.deliveries import pace
from bot.compose import Club, opened
from bot.model import Act, GroupSettings, Request, Settings, Wanted, WeekSettings
from bot.ports import Rows
from bot.week.archive import archive_of
from bot.week.chances import second_chances
from bot.week.electorate import electorate_of
from bot.week.moderating import efforts_of, moderating
from bot.week.rooms import room_of
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
SETTINGS = GroupSettings(id=GROUP, name="Grown", channels=(PLACE,), week=WeekSettings(session="thu 17:00"))
PACE = pace(0, 0)

EMOJI = "a line for each that stands"
LINEAR = "in proportion to what is found"
EXEMPT = {
    "entries.search": LINEAR,
    "entries.titles": LINEAR,
    "/paper search {words}": LINEAR,
    "completing a paper: {words}": LINEAR,
    "groups.export": "all that a group did",
    "messages.free_leases": "once, at a start",
    "messages.retry": "once, at a start",
    "changes.drop_old": "in a tick, of ten thousand",
    "requests.drop_old": "in a tick, of a week",
    "messages.reacting": EMOJI,
    "messages.drop_reactions": EMOJI,
    "votes.stance": "what a member did",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """What is asked about, in a group of that size."""

    size: Size
    wanted: Wanted  # the popular paper's card
    words: str

    @property
    def popular(self) -> int:
        return self.size.popular

    @property
    def quiet(self) -> int:
        return self.size.quiet

    @property
    def next(self) -> int:
        """The meeting to come."""
        return self.size.sessions

    @property
    def held(self) -> int:
        """The one before, or the only one."""
        return max(1, self.size.sessions - 1)

    @property
    def act(self) -> Act:
        return Act("growth", GROUP, ME, "web", AT)


SINCE = AT.replace(month=10)
LATER = AT.replace(month=12)

CALLS: Mapping[str, Callable[[Rows, Spot], object]] = {
    "attendance.archive": lambda rows, spot: archive_of(rows, GROUP, "", AT, 5),
    "attendance.efforts": lambda rows, spot: efforts_of(rows, GROUP, AT, 10),
    "attendance.room": lambda rows, spot: room_of(rows, GROUP, spot.held),
    "audit.add": lambda rows, spot: rows.audit.add(GROUP, AT, ME, "drop", entry=spot.popular),
    "audit.logged": lambda rows, spot: rows.audit.logged(GROUP, 1),
    "audit.moderating": lambda rows, spot: moderating(rows, GROUP),
    "audit.steps": lambda rows, spot: rows.audit.steps(GROUP, 10),
    "changes.changes": lambda rows, spot: rows.changes.changes(GROUP, spot.size.changes - 10, 500),
    "changes.count": lambda rows, spot: rows.changes.count(),
    "changes.drop_old": lambda rows, spot: rows.changes.drop_old(spot.size.changes // 2),
    "changes.last_change": lambda rows, spot: rows.changes.last_change(GROUP),
    "changes.note": lambda rows, spot: rows.changes.note(GROUP, "entry:1"),
    "claims.claim_by_id": lambda rows, spot: rows.claims.claim_by_id(GROUP, 1),
    "claims.claims": lambda rows, spot: rows.claims.claims(GROUP, 3),
    "claims.sleepers": lambda rows, spot: rows.claims.sleepers(GROUP, SINCE),
    "days.digest": lambda rows, spot: rows.days.digest(GROUP, TODAY),
    "days.digests": lambda rows, spot: rows.days.digests(GROUP, 10),
    "days.had": lambda rows, spot: rows.days.had(GROUP, SINCE.date()),
    "entries.entries": lambda rows, spot: rows.entries.entries(GROUP, TODAY),
    "entries.entry": lambda rows, spot: rows.entries.entry(GROUP, spot.popular),
    "entries.entry_by_key": lambda rows, spot: rows.entries.entry_by_key(GROUP, "bench:1"),
    "entries.held_by": lambda rows, spot: rows.entries.held_by(GROUP, ME, "voted"),
    "entries.known": lambda rows, spot: rows.entries.known(GROUP, [f"bench:{n}" for n in range(50)]),
    "entries.put_dropped": lambda rows, spot: rows.entries.put_dropped(GROUP, spot.popular, dropped=True),
    "entries.search": lambda rows, spot: rows.entries.search(GROUP, spot.words, limit=5),
    "entries.titles": lambda rows, spot: rows.entries.titles(GROUP, spot.words, 25),
    "groups.bind": lambda rows, spot: rows.groups.bind(GROUP, [PLACE]),
    "groups.configure": lambda rows, spot: rows.groups.configure(SETTINGS, "{}"),
    "groups.export": lambda rows, spot: rows.groups.export(GROUP),
    "groups.founded": lambda rows, spot: rows.groups.founded(),
    "groups.overrides": lambda rows, spot: rows.groups.overrides(),
    "groups.put": lambda rows, spot: rows.groups.put(SETTINGS),
    "groups.stored": lambda rows, spot: rows.groups.stored(GROUP),
    "groups.unbind_all": lambda rows, spot: rows.groups.unbind_all(),
    "kept.keep": lambda rows, spot: rows.kept.keep("growth", "1"),
    "kept.recall": lambda rows, spot: rows.kept.recall("growth"),
    "kept.remember": lambda rows, spot: rows.kept.remember("growth", "1"),
    "messages.add_reaction": lambda rows, spot: rows.messages.add_reaction(spot.wanted.id, "web:2", AT),
    "messages.begin_round": lambda rows, spot: rows.messages.begin_round(spot.wanted),
    "messages.drop_reaction": lambda rows, spot: rows.messages.drop_reaction(spot.wanted.id, "web:1"),
    "messages.drop_reactions": lambda rows, spot: rows.messages.drop_reactions(spot.wanted.id),
    "messages.due": lambda rows, spot: rows.messages.due("web", LATER, PACE, 5),
    "messages.end_alert": lambda rows, spot: rows.messages.end_alert(PLACE),
    "messages.find_shown": lambda rows, spot: rows.messages.find_shown("web", spot.wanted.ref),
    "messages.free_leases": lambda rows, spot: rows.messages.free_leases(),
    "messages.give_up": lambda rows, spot: rows.messages.give_up(spot.wanted, "503", AT),
    "messages.lease": lambda rows, spot: rows.messages.lease([spot.wanted], AT),
    "messages.message": lambda rows, spot: rows.messages.message(GROUP, spot.wanted.id),
    "messages.messages": lambda rows, spot: rows.messages.messages(GROUP, PLACE, before=None, limit=30),
    "messages.next_due": lambda rows, spot: rows.messages.next_due("web", LATER, PACE),
    "messages.open_cards": lambda rows, spot: rows.messages.open_cards(
        "web", SINCE, posted=["paper"], meeting=["event"]
    ),
    "messages.put_off": lambda rows, spot: rows.messages.put_off(spot.wanted, AT, "503"),
    "messages.put_shown": lambda rows, spot: rows.messages.put_shown(spot.wanted, "ref", "hash", AT),
    "messages.raise_alert": lambda rows, spot: rows.messages.raise_alert(PLACE, "503", AT),
    "messages.reacting": lambda rows, spot: rows.messages.reacting(spot.wanted.id),
    "messages.reactions_of": lambda rows, spot: rows.messages.reactions_of(GROUP, 1, "paper", spot.wanted.key),
    "messages.renew": lambda rows, spot: rows.messages.renew(GROUP, "paper", spot.wanted.key, AT, AT),
    "messages.retry": lambda rows, spot: rows.messages.retry(SINCE),
    "messages.show_again": lambda rows, spot: rows.messages.show_again(GROUP, ["paper"], [spot.wanted.key], AT),
    "messages.shown_ref": lambda rows, spot: rows.messages.shown_ref(GROUP, PLACE, "paper", spot.wanted.key),
    "messages.troubles": lambda rows, spot: rows.messages.troubles(GROUP, AT),
    "messages.want": lambda rows, spot: rows.messages.want(GROUP, "paper", "0", AT),
    "messages.want_again": lambda rows, spot: rows.messages.want_again(GROUP, "paper", spot.wanted.key, AT),
    "messages.want_anew": lambda rows, spot: rows.messages.want_anew(GROUP, "paper", spot.wanted.key, PLACE, AT, AT),
    "papers.announced": lambda rows, spot: rows.papers.announced(SOURCE, TODAY),
    "papers.paper": lambda rows, spot: rows.papers.paper("bench:1"),
    "papers.report": lambda rows, spot: rows.papers.report(SOURCE, TODAY),
    "papers.reports": lambda rows, spot: rows.papers.reports(),
    "people.accounts": lambda rows, spot: rows.people.accounts(GROUP, ME),
    "people.is_member": lambda rows, spot: rows.people.is_member(GROUP, ME),
    "people.member": lambda rows, spot: rows.people.member(GROUP, f"web:{ME}"),
    "people.turns": lambda rows, spot: rows.people.turns(GROUP, AT),
    "picks.ballot": lambda rows, spot: rows.picks.ballot(GROUP, spot.next, ME),
    "picks.electorate": lambda rows, spot: electorate_of(rows, GROUP, spot.next),
    "picks.picks": lambda rows, spot: rows.picks.picks(GROUP, spot.held),
    "picks.second_chances": lambda rows, spot: second_chances(rows, GROUP),
    "requests.drop_old": lambda rows, spot: rows.requests.drop_old(SINCE),
    "requests.remember": lambda rows, spot: rows.requests.remember(spot.act),
    "sessions.counting": lambda rows, spot: rows.sessions.counting(GROUP, spot.popular, AT),
    "sessions.done_steps": lambda rows, spot: rows.sessions.done_steps(GROUP, spot.held),
    "sessions.last_session": lambda rows, spot: rows.sessions.last_session(GROUP, AT),
    "sessions.session": lambda rows, spot: rows.sessions.session(GROUP, spot.next),
    "sessions.session_of": lambda rows, spot: rows.sessions.session_of(GROUP, spot.popular),
    "sessions.sessions": lambda rows, spot: rows.sessions.sessions(GROUP, SINCE),
    "votes.add_source": lambda rows, spot: rows.votes.add_source(GROUP, ME, spot.quiet, "web", AT),
    "votes.close_span": lambda rows, spot: rows.votes.close_span(GROUP, ME, spot.popular, AT),
    "votes.drop_pass": lambda rows, spot: rows.votes.drop_pass(GROUP, ME, 1),
    "votes.drop_source": lambda rows, spot: rows.votes.drop_source(GROUP, ME, spot.popular, "web"),
    "votes.drop_sources": lambda rows, spot: rows.votes.drop_sources(GROUP, ME, spot.popular),
    "votes.given": lambda rows, spot: rows.votes.given(GROUP, ME, None),
    "votes.open_span": lambda rows, spot: rows.votes.open_span(GROUP, ME, spot.quiet, AT),
    "votes.put_pass": lambda rows, spot: rows.votes.put_pass(GROUP, ME, spot.quiet, AT),
    "votes.stance": lambda rows, spot: rows.votes.stance(GROUP, ME),
    "votes.standing": lambda rows, spot: rows.votes.standing(GROUP, ME, spot.popular),
    "votes.window": lambda rows, spot: rows.votes.window(GROUP),
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
    "/paper rota",
    "/paper archive",
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
        _say("verbs of the rows", time_verbs(paths))
        _say("members ask", asyncio.run(time_requests(paths)))


def verbs() -> Iterator[str]:
    """All that the protocols have, by topic."""
    for topic, about in vars(Rows).items():
        if isinstance(about, property):
            asked = get_type_hints(about.fget)["return"]
            yield from (f"{topic}.{name}" for name in dir(asked) if not name.startswith("_"))


# --- verbs


def time_verbs(paths: Sequence[Path]) -> Times:
    connections = [open_for_writing(path) for path in paths]
    try:
        spots = [_spot(connection, size) for connection, size in zip(connections, SIZES, strict=True)]
        places = list(zip(connections, spots, strict=True))
        return {name: _interleaved([_calls(*place, name) for place in places]) for name in CALLS}
    finally:
        for connection in connections:
            connection.close()


def _spot(connection: sqlite3.Connection, size: Size) -> Spot:
    (title,) = connection.execute("SELECT title FROM paper WHERE id = 1").fetchone()
    sql = "SELECT id FROM message WHERE kind = 'paper' AND key = ?"
    (card,) = connection.execute(sql, (str(size.popular),)).fetchone()
    found = SqliteRows(connection).messages.message(GROUP, card)
    assert found
    return Spot(size, found[0], " ".join(title.split()[:2]))


def _calls(connection: sqlite3.Connection, spot: Spot, name: str) -> Callable[[], float]:
    """In a transaction that is rolled back."""
    rows, call = SqliteRows(connection), CALLS[name]

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
    yield from ((f"completing a paper: {typed or 'nothing'}", partial(_completes, typed)) for typed in TYPED)


def _asks(line: str, club: Club, path: Path) -> Work:
    command, args = club.app.read_line(line.format(**_words(path)))
    numbers = count()

    async def once() -> None:
        reply = await club.app.handle(_request(command, args, f"{line} {next(numbers)}"))
        assert reply.ok, (line, reply.text)

    return once


def _completes(typed: str, club: Club, path: Path) -> Work:
    text = typed.format(**_words(path))
    return lambda: club.app.complete(_request("vote", {}), "paper", text)


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


if __name__ == "__main__":
    main()
