"""The groups that the schedule looks at now, and when it looks at them again. Knows no reason for a look."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.ports import Reads, Rows

CLOCK = "clock"  # kept: the newest time that was believed


def take_due(rows: Rows, now: datetime, held: datetime, most: int) -> Sequence[str]:
    """Those whose time has come. They are held meanwhile: what brings one of them forward while it is looked at is seen
    when it is put back, and a look that dies is made again."""
    groups = rows.looks.due(now, most)
    rows.looks.hold(groups, held)
    return groups


def put_back(rows: Rows, looks: Mapping[str, datetime], held: datetime, known: datetime | None) -> None:
    """By group, when it is looked at next. `known`: the time, where it is believed."""
    rows.looks.put(looks, held)
    if known:
        keep_time(rows, known)


def look_at_all(rows: Rows, at: datetime) -> None:
    rows.looks.hasten_all(at)


def keep_time(rows: Rows, now: datetime) -> None:
    rows.kept.remember(CLOCK, now.isoformat())


def last_time(rows: Reads) -> datetime | None:
    """None before the first."""
    kept = rows.kept.recall(CLOCK)
    return datetime.fromisoformat(kept).astimezone(UTC) if kept else None
