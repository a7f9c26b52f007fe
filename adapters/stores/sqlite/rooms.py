"""A session with all that members did for it, read at once. Writes nothing."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from typing import get_args

from adapters.stores.sqlite.claims import Claims
from adapters.stores.sqlite.columns import moment
from adapters.stores.sqlite.entries import Entries
from adapters.stores.sqlite.picks import Picks
from adapters.stores.sqlite.sessions import Sessions
from bot.model import Entry, MeetingRole, Member, Question, Recap, Room, Session

RELATED = 3
SHORTEST = 5  # letters of a word that says what a paper is about

OF_SESSION = """
SELECT {columns}, membership.member_id, membership.name, membership.role AS position
FROM {table} JOIN membership USING (group_id, member_id)
WHERE {table}.group_id = ? AND {table}.session_id = ? {which} ORDER BY {table}.at, {last}
"""
ANSWERS = OF_SESSION.format(columns="rsvp.answer", table="rsvp", which="", last="membership.member_id")
ROLES = OF_SESSION.format(columns="meeting_role.role", table="meeting_role", which="", last="meeting_role.role")
QUESTIONS = OF_SESSION.format(
    columns="question.id, question.text, question.at",
    table="question",
    which="AND question.withdrawn_at IS NULL",
    last="question.id",
)
RECAPS = OF_SESSION.format(
    columns="recap.takeaways, recap.rating, recap.at", table="recap", which="", last="membership.member_id"
)
SECONDED = OF_SESSION.format(
    columns="seconding.entry_id",
    table="seconding",
    which="AND seconding.entry_id = ?",
    last="membership.member_id",
)
READINGS = "SELECT state, count(*) FROM reading WHERE group_id = ? AND session_id = ? GROUP BY state"
BALLOTS = """
SELECT count(*) FROM ballot
WHERE group_id = ? AND session_id = ? AND ranking <> '[]' AND id IN (
    SELECT max(id) FROM ballot AS newest
    WHERE newest.group_id = ballot.group_id AND newest.session_id = ballot.session_id GROUP BY newest.member_id)
"""
HAD_ROLES = "SELECT member_id, role, count(*) FROM meeting_role WHERE group_id = ? GROUP BY member_id, role"

NEAR = """
SELECT entry.id FROM paper_fts CROSS JOIN entry ON entry.paper_id = paper_fts.rowid AND entry.group_id = :group
WHERE paper_fts MATCH :words AND entry.id <> :entry AND (
    EXISTS (SELECT 1 FROM session
        WHERE session.group_id = :group AND session.entry = entry.id AND session.status = 'planned')
    OR EXISTS (SELECT 1 FROM claim
        WHERE claim.group_id = :group AND claim.entry_id = entry.id AND claim.released_at IS NULL))
ORDER BY bm25(paper_fts, 10, 4, 1), entry.id DESC LIMIT :limit
"""


def room(connection: sqlite3.Connection, group: str, session: int) -> Room | None:
    about = Sessions(connection).session(group, session)
    return read_room(connection, about) if about else None


def read_room(connection: sqlite3.Connection, about: Session) -> Room:
    key = (about.group, about.id)
    reads = Entries(connection).entry(about.group, about.entry) if about.entry else None
    answers = [(row["answer"], _member(row)) for row in connection.execute(ANSWERS, key)]
    coming = _coming(about, answers)
    roles = tuple((row["role"], _member(row)) for row in connection.execute(ROLES, key))
    (ballots,) = connection.execute(BALLOTS, key).fetchone()
    return Room(
        session=about,
        entry=reads,
        pick=next(reversed(Picks(connection).picks(*key)), None),
        coming=coming,
        skipping=tuple(member for answer, member in answers if answer == "skip"),
        readings=dict(connection.execute(READINGS, key).fetchall()),
        roles=roles,
        suggested=_suggest(connection, about, coming, {role for role, _ in roles}),
        questions=tuple(_read_question(row) for row in connection.execute(QUESTIONS, key)),
        recaps=tuple(_read_recap(row) for row in connection.execute(RECAPS, key)),
        claims=tuple(Claims(connection).claims(about.group, reads.id)) if reads else (),
        related=tuple(_related(connection, reads)) if reads else (),
        ballots=ballots,
        seconded=tuple(_member(row) for row in connection.execute(SECONDED, (*key, about.entry))),
    )


def _coming(about: Session, answers: Sequence[tuple[str, Member]]) -> tuple[Member, ...]:
    """Who said that they present comes, unless they say otherwise."""
    coming = tuple(member for answer, member in answers if answer == "join")
    if about.presenter and about.confirmed_at and about.presenter.id not in {member.id for _, member in answers}:
        return (*coming, about.presenter)
    return coming


def _suggest(
    connection: sqlite3.Connection, about: Session, coming: Sequence[Member], taken: set[str]
) -> tuple[tuple[str, Member], ...]:
    """Who had this role least, of them who had fewest roles at all; a role further on begins its search further on
    among equals, so that not everything falls on one member."""
    had = {(row[0], row[1]): row[2] for row in connection.execute(HAD_ROLES, (about.group,))}
    roles: tuple[str, ...] = get_args(MeetingRole)
    free = [member for member in coming if member != about.presenter]
    suggested = []
    for turn, role in enumerate(roles):
        if free and role not in taken:
            first = turn % len(free)
            suggested.append((role, min(free[first:] + free[:first], key=partial(_load, had, role))))
    return tuple(suggested)


def _load(had: Mapping[tuple[int, str], int], role: str, member: Member) -> tuple[int, int]:
    mine = {other: count for (who, other), count in had.items() if who == member.id}
    return mine.get(role, 0), sum(mine.values())


def _related(connection: sqlite3.Connection, reads: Entry) -> Sequence[Entry]:
    words = {word.lower() for word in re.findall(r"[^\W_]+", reads.paper.title) if len(word) >= SHORTEST}
    if not words:
        return ()
    match = "{title} : (" + " OR ".join(f'"{word}"' for word in sorted(words)) + ")"
    key = {"group": reads.group, "entry": reads.id, "words": match, "limit": RELATED}
    return Entries(connection).in_order(connection.execute(NEAR, key).fetchall())


def _member(row: sqlite3.Row) -> Member:
    return Member(row["member_id"], row["name"], row["position"])


def _read_question(row: sqlite3.Row) -> Question:
    return Question(row["id"], _member(row), row["text"], moment(row["at"]))


def _read_recap(row: sqlite3.Row) -> Recap:
    return Recap(_member(row), tuple(json.loads(row["takeaways"])), row["rating"], moment(row["at"]))
