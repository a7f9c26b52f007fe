"""Which posts stand, which are owed, which comes next. Decides on rows, writes nothing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from bot.actions.day import standing_for
from bot.groups.post_times import coming_dates, due_at
from bot.model import GroupSettings
from bot.ports import Reads

AHEAD = timedelta(minutes=5)  # before a post is due, its lists are read

DueOf = Callable[[GroupSettings, datetime], date | None]  # the newest posting date whose time has come


def next_post(rows: Reads, group: GroupSettings, due: date | None, now: datetime) -> date:
    """The posting date of the next post: of the one that is due, unless it has come, or of the next."""
    if due and not standing_for(rows, group, due, now):
        return due
    return next(on for on in coming_dates(group, now) if not rows.days.newest(group.id, on, on))


def posts_near(groups: Iterable[GroupSettings], due: DueOf, now: datetime) -> Iterator[tuple[GroupSettings, date]]:
    """Of each group the post that is due, whether or not it has come, and the next when that is soon."""
    coming: dict[tuple[str, str, time], date] = {}  # most groups post at the same few times
    for group in groups:
        if on := due(group, now):
            yield group, on
        key = group.timezone, group.day.on, group.day.post_at
        if key not in coming:
            coming[key] = next(coming_dates(group, now))
        if due_at(group, coming[key]) - now <= AHEAD:
            yield group, coming[key]
