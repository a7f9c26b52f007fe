"""Meetings that are over, found again by what was read and said. Writes nothing."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model import Archived, Session
from bot.ports import Reads
from bot.week.participation import participations_of

Thread = tuple[str, str]  # the place, and the surface's name of the message that opened it


def archive_of(rows: Reads, group: str, query: str, now: datetime, limit: int) -> tuple[Sequence[Archived], int]:
    """Sessions that are over, the newest first: those that hold every word in title, authors, presenter, takeaways or
    questions, and how many there are in all. An empty query finds all."""
    words = folded(query).split()
    if words:
        found = _search(rows, group, words, now)
        shown, total = found[:limit], len(found)
    else:
        shown, total = rows.attendance.held(group, now, limit), rows.attendance.count_held(group, now)
    threads = _threads(rows, group, shown)
    archived = [
        Archived(room, *threads.get(room.session.id, ("", ""))) for room in participations_of(rows, group, shown)
    ]
    return archived, total


def _search(rows: Reads, group: str, words: Sequence[str], now: datetime) -> Sequence[Session]:
    held = rows.attendance.held(group, now)
    texts = {session: folded(text) for session, text in rows.attendance.texts(group, now).items()}
    return [session for session in held if all(word in texts[session.id] for word in words)]


def _threads(rows: Reads, group: str, sessions: Sequence[Session]) -> Mapping[int, Thread]:
    """It hangs on the message under which the room stands. The web has no threads of its own, so that it comes last."""
    parents = rows.messages.parents(group, "room", [str(session.id) for session in sessions])
    threads: dict[int, Thread] = {}
    for key, place, ref in sorted(parents, key=lambda one: one[1].startswith("web:")):
        threads.setdefault(int(key), (place, ref))
    return threads


def folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
