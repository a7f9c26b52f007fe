"""A clock that stands still until it is moved."""

import asyncio
from datetime import UTC, datetime, timedelta


class MovableClock:
    def __init__(self, now: str) -> None:
        self._now = read_time(now)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def move_to(self, now: str) -> None:
        self._now = read_time(now)
        self._wake()

    def move(self, **step: float) -> None:
        """`move(minutes=10)`"""
        self._now += timedelta(**step)
        self._wake()

    async def sleep(self, seconds: float) -> None:
        until = self._now + timedelta(seconds=seconds)
        while self._now < until:
            await self._moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


def read_time(text: str) -> datetime:
    """`2026-11-23 09:00`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
