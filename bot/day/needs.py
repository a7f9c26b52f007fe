"""Which lists of which sources are needed, and how fresh: for posts that are due or near, for second looks, by hand.
Decides on rows, writes nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.actions.day import LOOK_BACK, REFRESH_EVERY, REFRESH_FOR, RETRY_EVERY
from bot.day.due import Scope, foresight, scope_of, scope_of_day, settled_at
from bot.model import Covered, GroupSettings, SourceInfo, SourceReport
from bot.ports import Reads

Needs = Mapping[Covered, datetime]  # lists, and since when each must have been read
Wish = Callable[[Reads, datetime], Needs]


def for_post(sources: Sequence[SourceInfo], group: GroupSettings, posted_on: date) -> Wish:
    return lambda rows, now: _fresh(sources, scope_of(rows, sources, group, posted_on, now).asks, now, RETRY_EVERY)


def for_preview(sources: Sequence[SourceInfo], group: GroupSettings, posted_on: date) -> Wish:
    """Also what settles only by the time at which it is posted."""

    def wish(rows: Reads, now: datetime) -> Needs:
        at = foresight(group, posted_on, now)
        return _fresh(sources, scope_of(rows, sources, group, posted_on, at).asks, now, RETRY_EVERY)

    return wish


def for_posts(sources: Sequence[SourceInfo], posts: Iterable[tuple[GroupSettings, date]]) -> Wish:
    def wish(rows: Reads, now: datetime) -> Needs:
        needs: Needs = {}
        for group, on in posts:
            needs = _both(needs, for_post(sources, group, on)(rows, now))
        return needs

    return wish


def for_day(sources: Sequence[SourceInfo], group: GroupSettings, day: date) -> Wish:
    def wish(rows: Reads, now: datetime) -> Needs:
        scope = scope_of_day(rows, sources, group, day, now) or Scope()
        return _fresh(sources, scope.asks, now, RETRY_EVERY)

    return wish


def for_digest(group: str, posted_on: date, at: datetime) -> Wish:
    """All that it is about, read at that time or later."""

    def wish(rows: Reads, now: datetime) -> Needs:
        digest = rows.days.digest(group, posted_on)
        return dict.fromkeys(digest.covers, at) if digest else {}

    return wish


def for_second_looks(sources: Sequence[SourceInfo], groups: Collection[str]) -> Wish:
    """Late papers, upvotes, and what a post has missed so far."""

    def wish(rows: Reads, now: datetime) -> Needs:
        today = now.date()
        recent, missing = today - timedelta(days=REFRESH_FOR), today - timedelta(days=LOOK_BACK)
        return _fresh(sources, rows.days.covered(groups, recent, missing), now, REFRESH_EVERY)

    return wish


def _both(one: Needs, other: Needs) -> Needs:
    return {pair: max(found[pair] for found in (one, other) if pair in found) for pair in {**one, **other}}


def is_stale(last: SourceReport | None, since: datetime, now: datetime) -> bool:
    """A reading from the future is of a clock that was wrong, and counts as old."""
    if last is None or last.at > now:
        return True
    return last.at < (max(since, now - RETRY_EVERY) if last.problem else since)


def _fresh(sources: Iterable[SourceInfo], pairs: Iterable[Covered], now: datetime, every: timedelta) -> Needs:
    """Read within `every`, and again once the list has settled."""
    by_name = {source.name: source for source in sources}
    known = (pair for pair in pairs if pair[0] in by_name)
    return {pair: max(now - every, _settled_by(by_name[pair[0]], pair[1], now)) for pair in known}


def _settled_by(source: SourceInfo, day: date, now: datetime) -> datetime:
    settled = settled_at(source, day)
    return settled if settled <= now else now - REFRESH_EVERY
