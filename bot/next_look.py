"""When a group is to be looked at next: the earliest time at which time alone brings something to do for it.

A hint that may be too early and never is too late. What somebody does brings it forward in the same transaction
(`rows.looks.hasten`), so that here only time goes on. Whoever looks decides anew what is due.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bot.actions.day import latest_digests, standing_for
from bot.actions.facts import LOOK_BACK as SESSIONS_BACK
from bot.groups import settings_of
from bot.groups.post_times import next_due
from bot.model import GroupSettings
from bot.ports import Reads
from bot.week.moments import next_of_week

SOON = timedelta(minutes=1)
LONGEST = timedelta(days=1)  # whatever the hint is
AFTER = timedelta(microseconds=1)


def next_look(rows: Reads, group: GroupSettings, due: date | None, now: datetime) -> datetime:
    """After a look at `now` that did whatever was due. `group` as the look found it; `due`: its newest posting date
    whose time has come."""
    if not _is_current(rows, group):
        return now + SOON
    if not group.channels:
        return now + LONGEST
    return min([now + LONGEST, *_of_day(rows, group, due, now), *_of_week(rows, group, now)])


def _is_current(rows: Reads, group: GroupSettings) -> bool:
    """Settings that were changed a moment ago are not everywhere yet."""
    stored = settings_of(rows, group.id)
    if (stored.timezone, stored.day, stored.week) != (group.timezone, group.day, group.week):
        return False
    return bool(stored.channels) == bool(group.channels) or _meets(rows, stored) == bool(group.channels)


def _meets(rows: Reads, stored: GroupSettings) -> bool:
    """Anywhere that the configuration gives to no other group since."""
    return bool({*stored.channels} - rows.groups.neighbours(stored.id, stored.channels).keys())


# --- the day


def _of_day(rows: Reads, group: GroupSettings, due: date | None, now: datetime) -> Iterator[datetime]:
    digests = latest_digests(rows, group.id, now)
    today = now.astimezone(group.zone).date()
    if due and not standing_for(rows, group, due, now):
        yield now + SOON  # it waits for its lists; one that comes brings the group forward
    yield next_due(group, now)
    if digests and not digests[0].announced and digests[0].posted_on > today:
        yield datetime.combine(digests[0].posted_on, time(), group.zone).astimezone(UTC)  # a near-winner comes back


# --- the week


def _of_week(rows: Reads, group: GroupSettings, now: datetime) -> Iterator[datetime]:
    sessions = rows.sessions.sessions(group.id, now - SESSIONS_BACK)
    if at := next_of_week(group, sessions, now):
        yield at
    awake = rows.claims.longest_awake(group.id) if group.week.recurrence and group.week.sleep_weeks else None
    if awake:
        yield max(awake + timedelta(weeks=group.week.sleep_weeks) + AFTER, now + SOON)
