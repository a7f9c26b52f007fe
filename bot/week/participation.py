"""A meeting with all that members did for it, read at once. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import get_args

from bot.model import Claim, MeetingRole, Member, Participation, Session
from bot.ports import Reads
from bot.ports.rows.attendance import Attended
from bot.week.related import related_to

HadRoles = Mapping[tuple[int, str], int]  # how often, by member and role


def participation_of(rows: Reads, group: str, session: int) -> Participation | None:
    """Also who might take which role, and what the group dealt with near this."""
    about = rows.sessions.session(group, session)
    if about is None:
        return None
    (room,) = participations_of(rows, group, [about])
    had = rows.attendance.had_roles(group, [member.id for member in room.coming]) if room.coming else {}
    related = related_to(rows, room.entry) if room.entry else ()
    return replace(room, suggested=suggest(room, had), related=tuple(related))


def participations_of(rows: Reads, group: str, sessions: Sequence[Session]) -> Sequence[Participation]:
    """In their order, by a handful of statements however many they are; with nothing suggested and nothing related."""
    ids = [session.id for session in sessions]
    read = {session.entry for session in sessions if session.entry is not None}
    entries = {entry.id: entry for entry in rows.entries.some(group, sorted(read))} if read else {}
    claims = rows.claims.of_entries(group, sorted(entries)) if entries else ()
    picks, ballots = rows.picks.newest_picks(group, ids), rows.picks.ballots(group, ids)
    attended = rows.attendance.attended(group, ids)
    return [
        replace(
            _room(one, attended[one.id], claims),
            entry=None if one.entry is None else entries.get(one.entry),
            pick=picks.get(one.id),
            ballots=ballots.get(one.id, 0),
        )
        for one in sessions
    ]


def _room(session: Session, attended: Attended, claims: Sequence[Claim]) -> Participation:
    """What members did for it."""
    return Participation(
        session=session,
        entry=None,
        pick=None,
        coming=who_comes(session, attended),
        skipping=tuple(member for answer, member in attended.answers if answer == "skip"),
        readings=attended.readings,
        roles=attended.roles,
        questions=attended.questions,
        recaps=attended.recaps,
        claims=tuple(claim for claim in claims if claim.entry == session.entry),
        seconded=tuple(member for confirmed, member in attended.seconded if confirmed == session.entry),
    )


def who_comes(session: Session, attended: Attended) -> tuple[Member, ...]:
    """In the order in which they said so. Who said that they present comes, unless they say otherwise."""
    coming = tuple(member for answer, member in attended.answers if answer == "join")
    if session.presenter and session.confirmed_at and session.presenter.id not in _answered(attended):
        return (*coming, session.presenter)
    return coming


def _answered(attended: Attended) -> set[int]:
    return {member.id for _, member in attended.answers}


# --- roles


def suggest(room: Participation, had: HadRoles) -> tuple[tuple[str, Member], ...]:
    """Who comes and had this role least, of them who had fewest roles at all; a role further on begins its search
    further on among equals, so that not everything falls on one member."""
    roles: tuple[str, ...] = get_args(MeetingRole)
    taken = {role for role, _ in room.roles}
    free = [member for member in room.coming if member != room.session.presenter]
    suggested = []
    for turn, role in enumerate(roles):
        if free and role not in taken:
            first = turn % len(free)
            suggested.append((role, min(free[first:] + free[:first], key=partial(_load, had, role))))
    return tuple(suggested)


def _load(had: HadRoles, role: str, member: Member) -> tuple[int, int]:
    mine = {other: count for (who, other), count in had.items() if who == member.id}
    return mine.get(role, 0), sum(mine.values())
