"""The fake's time, which tests can move, and the ids that are made of it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH_MS = 1_420_070_400_000


def real_time() -> Callable[[], datetime]:
    """UTC now that never runs backwards while the process lives."""
    start = datetime.now(UTC) - timedelta(seconds=time.monotonic())
    return lambda: start + timedelta(seconds=time.monotonic())


class Clock:
    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or real_time()
        self._shift = timedelta()

    def __call__(self) -> datetime:
        return self._source() + self._shift

    @property
    def seconds(self) -> float:
        return self().timestamp()

    def moves(self, seconds: float) -> None:
        self._shift += timedelta(seconds=seconds)


class Snowflakes:
    """Ids that grow. `apart` gives one of a later millisecond, so that guilds fall on different shards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def __call__(self) -> int:
        now = snowflake_at(self._clock())
        self._last = max(now, self._last + 1)
        return self._last

    def apart(self) -> int:
        self._last = max(snowflake_at(self._clock()), ((self._last >> 22) + 1) << 22)
        return self._last


def snowflake_at(moment: datetime) -> int:
    return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
