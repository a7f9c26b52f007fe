"""Meetings that are over, found again by what was read and said. Writes nothing."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.model import Participation, Session
from bot.ports import Reads
from bot.week.participation import participations_of


def archive_of(rows: Reads, group: str, query: str, now: datetime, limit: int) -> tuple[Sequence[Participation], int]:
    """Sessions that are over, the newest first: those that hold every word in title, authors, presenter, takeaways or
    questions, and how many there are in all. An empty query finds all."""
    words = folded(query).split()
    if words:
        found = _search(rows, group, words, now)
        shown, total = found[:limit], len(found)
    else:
        shown, total = rows.attendance.held(group, now, limit), rows.attendance.count_held(group, now)
    return participations_of(rows, group, shown), total


def _search(rows: Reads, group: str, words: Sequence[str], now: datetime) -> Sequence[Session]:
    held = rows.attendance.held(group, now)
    texts = {session: folded(text) for session, text in rows.attendance.texts(group, now).items()}
    return [session for session in held if all(word in texts[session.id] for word in words)]


def folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
