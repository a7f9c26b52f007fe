"""Where the window of a vote begins, and what of the log was a moderator's work: plain functions on rows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.model import Session
from bot.ports.rows.audit import Deed
from bot.ports.rows.picks import Close
from bot.week.efforts import is_work
from bot.week.electorate import window_begins
from tests.stores.scene import AT

SESSION = Session(5, "readers", date(2026, 11, 26), AT, 60)


def days(number: float) -> datetime:
    return AT + timedelta(days=number)


@pytest.mark.parametrize(
    ("closes", "closed_at", "counted_at", "since"),
    [
        ([], None, None, None),
        ([(5, 0, -3)], None, None, None),
        ([(1, -14, -17), (2, -7, -10)], None, None, -10),
        ([(1, -14, -17), (2, -7, -10)], -12, None, -17),
        ([(1, -7, -3)], -3, None, None),
        ([(1, 7, -4)], None, None, -4),
        ([(1, -7, -10), (2, 7, -1)], None, -3, -10),
        ([(1, -7, -10), (2, 7, -4)], None, -3, -4),
        ([(1, -7, -1)], None, -3, -1),
    ],
    ids=[
        "nothing closed before",
        "its own close is none",
        "the newest before",
        "before its own close",
        "at once is not before",
        "that of a meeting behind it which closed already",
        "not one behind it that closed since it was counted",
        "but one that closed before",
        "and one ahead of it whenever it closed",
    ],
)
def test_a_window_begins_with_the_newest_close_that_is_before_it(
    closes: list[tuple[int, float, float]], closed_at: float | None, counted_at: float | None, since: float | None
) -> None:
    about = replace(SESSION, closed_at=None if closed_at is None else days(closed_at))
    found = [Close(session, days(starts), days(at)) for session, starts, at in closes]
    begins = window_begins(about, found, None if counted_at is None else days(counted_at))
    assert begins == (None if since is None else days(since))


@pytest.mark.parametrize(
    ("action", "role", "before", "seconded", "counts"),
    [
        ("pick", "member", None, False, True),
        ("pick", "", None, False, True),
        ("set day.cards", "member", None, False, True),
        ("undo pick", "member", None, False, True),
        ("something new", "moderator", None, False, True),
        ("something new", "member", None, False, False),
        ("slides", "moderator", None, False, False),
        ("role", "moderator", None, False, False),
        ("accept", "member", None, False, True),
        ("accept", "moderator", None, True, False),
        ("hand over", "moderator", 2, False, True),
        ("hand over", "moderator", 1, False, False),
        ("hand over", "member", 2, False, False),
    ],
)
def test_what_members_do_for_themselves_is_no_work_of_moderators(
    action: str, role: str, before: int | None, seconded: bool, counts: bool
) -> None:
    assert is_work(Deed(AT, 1, role, action, before, seconded)) is counts
