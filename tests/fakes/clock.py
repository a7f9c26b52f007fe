"""A clock that stands still until it is moved."""

import asyncio
from datetime import UTC, datetime, timedelta


class MovableClock:
    def __init__(self, now: str) -> None:
        self._now = read_time(now)
        self._elapsed = 0.0
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def elapsed(self) -> float:
        return self._elapsed

    def move_to(self, now: str) -> None:
        """Time passes until then. It can't go back: a clock that says less was set."""
        self.move(seconds=(read_time(now) - self._now).total_seconds())

    def move(self, **step: float) -> None:
        """`move(minutes=10)`"""
        span = timedelta(**step)
        self._elapsed += max(span.total_seconds(), 0.0)
        self.set(self._now + span)

    def set(self, now: datetime) -> None:
        """As somebody sets a clock: no time passes."""
        self._now = now
        self._wake()

    async def sleep(self, seconds: float) -> None:
        until = self._elapsed + seconds
        while self._elapsed < until:
            await self._moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


def read_time(text: str) -> datetime:
    """`2026-11-23 09:00`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
