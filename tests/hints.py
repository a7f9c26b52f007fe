"""A hint may be too early and must never be too late: whenever it says that there is time, nothing is due, however one
looks. Asked before every tick of a test, so that a change that forgets to bring its group forward fails the test that
makes it."""

from datetime import date, datetime, timedelta

from bot.actions.day import standing_for
from bot.actions.looks import put_back
from bot.actions.meetings import is_second_chance_due, is_something_due
from bot.groups import settings_of
from bot.meetings import Meetings
from bot.model import GroupSettings
from bot.next_look import SOON, next_look
from bot.ports import Reads, Rows, Store

HELD = timedelta(minutes=10)


async def require_in_time(store: Store, group: GroupSettings, due: date | None, now: datetime) -> None:
    hint = await store.peek(lambda rows: rows.looks.next(group.id))
    if hint > now:
        due = due if hint > now + SOON else None  # a post may wait for its lists
        found = await store.read(_owed, group, due, now)
        assert not found, f"{found} of {group.id} at {now}, and nobody looks"


def _owed(rows: Reads, group: GroupSettings, due: date | None, now: datetime) -> list[str]:
    week = settings_of(rows, group.id).week
    before = now - timedelta(weeks=week.sleep_weeks)
    owed = {
        "a step": is_something_due(rows, group.id, now),
        "a sleeper": bool(week.recurrence and week.sleep_weeks and rows.claims.sleepers(group.id, before)),
        "a near-winner": bool(week.recurrence) and is_second_chance_due(rows, group.id, now),
        "a post": _owes_post(rows, group, due, now),
    }
    return [what for what, is_owed in owed.items() if is_owed]


def _owes_post(rows: Reads, group: GroupSettings, due: date | None, now: datetime) -> bool:
    return due is not None and not standing_for(rows, group, due, now)


async def look(store: Store, meetings: Meetings, group: GroupSettings, now: datetime) -> None:
    """As the schedule does, at the week alone."""
    await require_in_time(store, group, None, now)
    await store.write(lambda rows: rows.looks.hold([group.id], now + HELD))
    await meetings.tick(group)
    await store.write(_put_back, group, now)


def _put_back(rows: Rows, group: GroupSettings, now: datetime) -> None:
    put_back(rows, {group.id: next_look(rows, group, None, now)}, now + HELD, None)
