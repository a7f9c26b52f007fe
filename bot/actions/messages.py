"""Which fact stands in which messages: what changed is shown again wherever it stands. Words nothing."""

from datetime import datetime, timedelta

from bot.ports import Rows

CARDS = ("paper", "second-chance")  # their key is the entry's id
COUNTS = ("nominations", "ballot", "pick")  # they show how votes stand; their key is the session's id
COUNTED_FOR = timedelta(days=1)  # after its start a session's counts are history


def show_entry(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """How the entry itself stands changed."""
    rows.messages.show_again(group, ("paper",), (str(entry),), at)
    rows.changes.note(group, f"entry:{entry}")


def show_votes(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """Votes on an entry changed, or what becomes of them."""
    rows.messages.show_again(group, CARDS, (str(entry),), at)
    rows.changes.note(group, f"entry:{entry}")
    show_counts(rows, group, entry, at)


def show_counts(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """The meetings whose vote the entry is in."""
    sessions = rows.sessions.counting(group, entry, at - COUNTED_FOR)
    rows.messages.show_again(group, COUNTS, [str(session) for session in sessions], at)
