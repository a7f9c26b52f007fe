"""Which announcement days a post is about, and whether their lists were asked for. Decides on rows, writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.actions.day import LOOK_BACK
from bot.groups.post_times import due_at, local_date
from bot.model import Covered, GroupSettings, SourceInfo
from bot.papers.announcements import days_up_to, is_weekend, newest_settled
from bot.ports import Reads

FIRST_LOOK_BACK = 5  # days; a group that is new to a source gets its newest day that has papers


@dataclass(frozen=True, slots=True)
class Scope:
    about: Sequence[Covered] = ()
    spared: Sequence[Covered] = ()  # what a group that is new to a source does not get
    asks: Sequence[Covered] = ()  # the lists that have to be read for it
    untried: Sequence[Covered] = ()  # those of them that nobody has asked for since they settled

    def __add__(self, other: "Scope") -> "Scope":
        return Scope(
            sorted(dict.fromkeys([*self.about, *other.about]), key=_by_day),
            [*self.spared, *other.spared],
            [*self.asks, *other.asks],
            [*self.untried, *other.untried],
        )


def sources_of(group: GroupSettings, sources: Iterable[SourceInfo]) -> list[SourceInfo]:
    chosen = group.day.sources
    return [source for source in sources if not chosen or source.name in chosen]


def scope_of(rows: Reads, sources: Iterable[SourceInfo], group: GroupSettings, posted_on: date, now: datetime) -> Scope:
    """Of the post of a date: every announcement day that had settled when it was due and that the group has not had."""
    had = rows.days.had(group.id, date.min)
    at = min(now, due_at(group, posted_on))
    return sum((_scope(rows, source, at, had) for source in sources_of(group, sources)), Scope())


def foresight(group: GroupSettings, posted_on: date, now: datetime) -> datetime:
    """The time whose post a preview shows: that at which it is due, but nothing of a day that has not begun."""
    today_ends = datetime.combine(now.astimezone(UTC).date(), time.max, UTC)
    return max(now, min(due_at(group, posted_on), today_ends))


def scope_of_day(
    rows: Reads, sources: Sequence[SourceInfo], group: GroupSettings, day: date, now: datetime
) -> Scope | None:
    """Of one announcement day, settled or not, as the post of that date. None when the group has had it already."""
    had = rows.days.had(group.id, date.min)
    about = [(source.name, day) for source in sources_of(group, sources) if (source.name, day) not in had]
    if rows.days.digest(group.id, day) or not about:
        return None
    spared = [(name, old) for name, _ in about if _is_new(name, had) for old in days_up_to(day, LOOK_BACK)[:-1]]
    alone = Scope(about, spared, about)
    if day < local_date(now, group):
        return alone
    return alone + scope_of(rows, sources, group, day, now)  # it stands for the post that is still to come


def settled_at(source: SourceInfo, day: date) -> datetime:
    """UTC."""
    return datetime.combine(day, source.settles, ZoneInfo(source.zone)).astimezone(UTC)


def is_tried(rows: Reads, source: SourceInfo, day: date) -> bool:
    """It was asked for since its list settled, whatever the answer."""
    last = rows.papers.report(source.name, day)
    return last is not None and last.at >= settled_at(source, day)


def _scope(rows: Reads, source: SourceInfo, at: datetime, had: frozenset[Covered]) -> Scope:
    window = days_up_to(newest_settled(source.settles, source.zone, at), LOOK_BACK)
    pairs = [(source.name, day) for day in window if (source.name, day) not in had]
    if _is_new(source.name, had):
        return _first_scope(rows, source, pairs)
    return Scope(pairs, (), pairs, [pair for pair in pairs if not is_tried(rows, source, pair[1])])


def _first_scope(rows: Reads, source: SourceInfo, pairs: Sequence[Covered]) -> Scope:
    """Of a group that is new to a source, and should not be flooded: from the newest of the last few days that has
    papers, else from the newest that may yet have some. They are asked for one after the other, the newest first."""
    newest_first = [day for _, day in pairs[: -FIRST_LOOK_BACK - 1 : -1]]
    full = next((day for day in newest_first if rows.papers.announced(source.name, day)), None)
    first = full or next(day for day in newest_first if not is_weekend(day))
    about, spared = [pair for pair in pairs if pair[1] >= first], [pair for pair in pairs if pair[1] < first]
    newer = (day for day in newest_first if full is None or day > full)
    if unknown := next((day for day in newer if not is_tried(rows, source, day)), None):
        return Scope(about, spared, [(source.name, unknown)], [(source.name, unknown)])
    return Scope(about, spared, about)


def _is_new(source: str, had: Iterable[Covered]) -> bool:
    return not any(name == source for name, _ in had)


def _by_day(pair: Covered) -> date:
    return pair[1]
