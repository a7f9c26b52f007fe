"""Files of groups in which much has come together, written at once: all that a group has, in proportion. Invented."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from adapters.stores.sqlite.columns import DAY, stamp
from adapters.stores.sqlite.files import open_for_writing
from bench.search import Language

GROUP = "grown"
PLACE = f"web:{GROUP}"
TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
MEETS = datetime(2026, 11, 26, 17, tzinfo=UTC)  # the next meeting; the others were weekly before it
SOURCE = "bench"
A_DAY = 50  # entries
POSTED = 10  # of them with a card
SPANS = 3  # of each vote on the popular entry: given, taken back and given again
WAITING = 5  # messages
ME, MODERATOR = 2, 1  # members
MY_VOTES = 40
NOTHING_YET = (None, None, 0, None, None)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    entries: int
    members: int
    votes: int
    sessions: int
    steps: int  # in the audit log
    changes: int
    library: int = 0  # papers altogether, when there are more than entries

    @property
    def papers(self) -> int:
        return self.library or self.entries

    @property
    def days(self) -> int:
        return (self.entries + A_DAY - 1) // A_DAY

    @property
    def popular(self) -> int:
        """The first of the newest list, for which every member has voted."""
        return (self.days - 1) * A_DAY + 1

    @property
    def quiet(self) -> int:
        """The second, for which nobody has."""
        return self.popular + 1


def sized(name: str, entries: int, library: int = 0) -> Size:
    """In proportion to entries, and no less than what a thousand go with."""
    parts = max(1, entries // 1_000)
    return Size(name, entries, 50 * parts, 2_000 * parts, max(10, 3 * parts), 200 * parts, 100 * parts, library)


def grow(path: Path, size: Size) -> None:
    random = Random(size.entries)
    with closing(open_for_writing(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN IMMEDIATE")
        _add(connection, "groups", "id, name, language", [(GROUP, "Grown", "en")])
        _add(connection, "channel", "group_id, place, bound", [(GROUP, PLACE, 1)])
        _grow_people(connection, size)
        _grow_papers(connection, size, Language(random))
        _grow_days(connection, size)
        _grow_votes(connection, size, random)
        _grow_sessions(connection, size)
        _grow_messages(connection, size)
        _grow_logs(connection, size)
        connection.execute("COMMIT")


def _add(connection: sqlite3.Connection, table: str, columns: str, rows: Iterable[Row]) -> None:
    marks = ", ".join("?" * len(columns.split(",")))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - ours


def _grow_people(connection: sqlite3.Connection, size: Size) -> None:
    members = range(1, size.members + 1)
    _add(connection, "member", "id", ((n,) for n in members))
    _add(connection, "account", "id, member_id, name", ((f"web:{n}", n, f"Member {n}") for n in members))
    _add(
        connection,
        "membership",
        "group_id, member_id, role, name, joined_at, on_rota",
        ((GROUP, n, "moderator" if n == MODERATOR else "member", f"Member {n}", stamp(AT), n % 2) for n in members),
    )


def _grow_papers(connection: sqlite3.Connection, size: Size, language: Language) -> None:
    papers = range(1, size.papers + 1)
    _add(
        connection,
        "paper",
        "id, key, title, abstract, authors, url, links, origin, changed_at",
        ((n, f"bench:{n}", language.say(1), language.say(4), "[]", "", "[]", "", 0) for n in papers),
    )
    _add(
        connection,
        "summary",
        'paper_id, language, "by", text, label, at',
        ((n, "en", "bench", "It is short.", "from the abstract", 0) for n in papers),
    )
    _add(
        connection,
        "announced",
        "source, day, paper_id, position",
        ((SOURCE, _day(size, size.days - n // A_DAY), n, n % A_DAY) for n in papers),
    )
    _add(
        connection,
        "source_day",
        "source, day, at, papers, skipped, problem, note, read_at",
        ((SOURCE, _day(size, n), stamp(AT), A_DAY, 0, "", "", stamp(AT)) for n in range(size.days)),
    )


def _day(size: Size, number: int) -> str:
    return (TODAY - timedelta(days=size.days - 1 - number)).isoformat()


def _grow_days(connection: sqlite3.Connection, size: Size) -> None:
    days = [_day(size, number) for number in range(size.days)]
    columns = "group_id, posted_on, why, covers, cards, missing"
    _add(connection, "digest", columns, ((GROUP, day, "", json.dumps([[SOURCE, day]]), POSTED, "[]") for day in days))
    _add(connection, "had", "group_id, source, day, posted_on", ((GROUP, SOURCE, day, day) for day in days))
    apart = size.papers // size.entries
    _add(
        connection,
        "entry",
        "id, group_id, paper_id, posted_on, rank, day, source, reason, late, submitted_by, submitted_at",
        (
            (n + 1, GROUP, n * apart + 1, days[n // A_DAY], n % A_DAY + 1, days[n // A_DAY], SOURCE, "", 0, *by)
            for n in range(size.entries)
            for by in [(ME, stamp(AT)) if n % 500 == 499 else (None, None)]
        ),
    )


def _grow_votes(connection: sqlite3.Connection, size: Size, random: Random) -> None:
    """Each on the day of its paper; those on the popular one just now."""
    votes = [(*vote, _posted(_day(size, (vote[0] - 1) // A_DAY))) for vote in sorted(set(_votes(size, random)))]
    at = stamp(AT)
    columns = "group_id, entry_id, member_id"
    _add(connection, "vote_source", f"{columns}, at, via", ((GROUP, *vote, "web") for vote in votes))
    _add(connection, "vote_span", f"{columns}, at", ((GROUP, *vote) for vote in votes))
    before = [at - span * DAY for span in range(1, SPANS)]
    earlier = ((size.popular, n, then) for then in before for n in range(1, size.members + 1))
    _add(connection, "vote_span", f"{columns}, at, retracted_at", ((GROUP, *vote, vote[-1] + 1) for vote in earlier))
    _add(connection, "pass", f"{columns}, at", ((GROUP, n, ME, at) for n in range(1, min(size.entries, 400), 10)))
    _add(
        connection,
        "claim",
        f"{columns}, at, kind, released_at",
        (
            (GROUP, n, n % size.members + 1, at - 90 * DAY, "holder", None if n % 1_000 == 3 else at)
            for n in range(3, size.entries, 20)
            if n not in (size.popular, size.quiet)
        ),
    )


def _votes(size: Size, random: Random) -> Iterator[tuple[int, int]]:
    """(entry, member)"""
    yield from ((size.popular, n) for n in range(1, size.members + 1))
    others = [n for n in range(1, size.entries + 1) if n != size.quiet]
    yield from ((n, ME) for n in others[: MY_VOTES * 10 : 10])
    for _ in range(size.votes - size.members):
        yield random.choice(others), random.randrange(3, size.members + 1)


def _grow_sessions(connection: sqlite3.Connection, size: Size) -> None:
    """The last one has no paper yet."""
    ids = range(1, size.sessions + 1)
    held = ids[:-1]
    starts = {n: MEETS - timedelta(weeks=size.sessions - n) for n in ids}
    entries = {n: n * (size.entries - A_DAY) // (size.sessions + 1) for n in held}
    _add(
        connection,
        "session",
        'id, group_id, "on", starts, minutes, place, scheduled_at, closed_at, entry, settled, presenter, confirmed_at',
        (
            (n, GROUP, starts[n].date().isoformat(), stamp(starts[n]), 60, "Room 2", stamp(starts[n]), *rest)
            for n in ids
            for closed in [stamp(starts[n] - timedelta(days=2))]
            for rest in [(closed, entries.get(n), 1, n % size.members + 1, closed) if n in held else NOTHING_YET]
        ),
    )
    steps = [(GROUP, n, key, stamp(starts[n])) for n in held for key in ("nominations", "close", "remind", "recap")]
    _add(connection, "session_step", "group_id, session_id, key, at", steps)
    picks = [(GROUP, n, stamp(starts[n]), "{}", "{}") for n in held]
    _add(connection, "pick", "group_id, session_id, at, election, receipt", picks)
    some = [(n, member) for n in ids for member in range(1, min(size.members, 20) + 1)]
    columns = "group_id, session_id, member_id"
    _add(connection, "rsvp", f"{columns}, answer, at", ((GROUP, *one, "join", stamp(AT)) for one in some))
    _add(connection, "reading", f"{columns}, state, at", ((GROUP, *one, "read", stamp(AT)) for one in some))
    few = [one for one in some if one[1] <= 3]
    _add(connection, "question", f"{columns}, text, at", ((GROUP, *one, "Why?", stamp(AT)) for one in few))
    _add(connection, "recap", f"{columns}, takeaways, at", ((GROUP, *one, '["So."]', stamp(AT)) for one in few))
    _add(connection, "ballot", f"{columns}, ranking, at", ((GROUP, *one, "[]", stamp(AT)) for one in few))
    chances = ((GROUP, entries[n] + 1, n, 2, stamp(AT)) for n in held)
    _add(connection, "second_chance", "group_id, entry_id, session_id, carried, shown_at", chances)


def _grow_messages(connection: sqlite3.Connection, size: Size) -> None:
    days = [("digest", _day(size, n), _day(size, n)) for n in range(size.days)]
    listed = (n for n in range(1, size.entries + 1) if (n - 1) % A_DAY < POSTED)
    cards = [("paper", str(n), _day(size, (n - 1) // A_DAY)) for n in listed]
    kinds = ("nominations", "ballot", "pick", "room", "event")
    meetings = [(kind, str(n), TODAY.isoformat()) for n in range(1, size.sessions + 1) for kind in kinds]
    wishes = [(n, kind, key, _posted(day)) for n, (kind, key, day) in enumerate([*days, *cards, *meetings], 1)]
    waits = {number for number, *_ in wishes[len(days) : len(days) + WAITING]}
    _add(
        connection,
        "message",
        "id, group_id, place, kind, key, ref, wanted, wanted_at, shown, error, hash, shown_at, posted_at",
        (
            (n, GROUP, PLACE, kind, key, f"ref-{n}", 2, at, *((1, "503") if n in waits else (2, "")), "hash", at, at)
            for n, kind, key, at in wishes
        ),
    )
    card = next(n for n, kind, key, _ in wishes if kind == "paper" and key == str(size.popular))
    reacting = ((card, 0, f"web:{n}", stamp(AT)) for n in range(1, size.members + 1, 2))
    _add(connection, "reaction", "message_id, number, account_id, at", reacting)


def _posted(day: str) -> int:
    return stamp(datetime.combine(date.fromisoformat(day), time(8), UTC))


def _grow_logs(connection: sqlite3.Connection, size: Size) -> None:
    steps = range(1, size.steps + 1)
    at = {n: stamp(AT - timedelta(hours=2 * (size.steps - n))) for n in steps}
    _add(
        connection,
        "audit",
        "id, group_id, at, member_id, action, entry_id, before, after",
        ((n, GROUP, at[n], MODERATOR, "drop" if n % 2 else "put back", n % size.entries + 1, "", "") for n in steps),
    )
    _add(connection, "request", "group_id, id, at", ((GROUP, f"grown {n}", at[n]) for n in steps))
    _add(connection, "change", "group_id, what", ((GROUP, f"entry:{n}") for n in range(1, size.changes + 1)))
