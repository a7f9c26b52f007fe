"""The real clock, and how far what it says is to be believed. Tests bring a clock that they move."""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from bot.ports import Clock

log = logging.getLogger(__name__)

EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)  # a clock that says less was never set
JUMP = timedelta(hours=2)  # by which the time of day may part from the time that passed; what is less is no harm
SEEN_AGAIN = timedelta(
    minutes=1
)  # so long a new time stands before anything is done by it: one wrong tick does nothing
STANDS = timedelta(hours=1)  # and so long before that is done which nothing takes back
BEHIND = timedelta(minutes=5)  # at a start, behind the last time known: a sure fault
DOWNTIME = timedelta(days=30)  # at a start, ahead of it: longer than a program rests


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Linux's CLOCK_MONOTONIC stands still while a laptop sleeps."""
        return time.clock_gettime(_BOOTTIME) if _BOOTTIME is not None else time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


_BOOTTIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class SetClock:
    """A clock that says nothing impossible. A board without a clock of its own starts in 1970: until somebody sets it,
    time goes on from the last that was known, so that nothing is written that lies before all else."""

    def __init__(self, clock: Clock, last: datetime | None = None) -> None:
        self._clock = clock
        self._floor = max(last or EARLIEST, EARLIEST)
        self._began = clock.elapsed()

    def now(self) -> datetime:
        said = self._clock.now()
        return said if said >= EARLIEST else self._floor + timedelta(seconds=self.elapsed() - self._began)

    def elapsed(self) -> float:
        return self._clock.elapsed()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


class Trust(IntEnum):
    """What may be done by a clock."""

    NOTHING = 0
    POSTS = 1  # and reminders; nothing is closed, called off, put to sleep, or taken for silence
    ALL = 2


@dataclass(frozen=True, slots=True)
class ClockReading:
    now: datetime
    elapsed: float

    def agrees(self, later: "ClockReading") -> bool:
        passed = timedelta(seconds=later.elapsed - self.elapsed)
        return abs((later.now - self.now) - passed) <= JUMP

    def age(self, later: "ClockReading") -> timedelta:
        return timedelta(seconds=later.elapsed - self.elapsed)


class Watch:
    """Compares the time of day with the time that passed: a clock that jumps by hours is believed step by step. All is
    UTC, so that summer time is no jump; a suspend is none where the elapsed time counts it."""

    def __init__(self, clock: Clock, last: datetime | None = None) -> None:
        """`last`: the newest time that was known when the program ran before."""
        self._clock = clock
        self._last = last
        self._good: ClockReading | None = None  # the newest that is believed
        self._odd: ClockReading | None = None  # the first of those that disagree with it
        self._newest: ClockReading | None = None  # of those

    def trust(self) -> Trust:
        read = ClockReading(self._clock.now(), self._clock.elapsed())
        if read.now < EARLIEST:
            return self._lost(read)
        if self._good is None and self._may_follow(read):
            return self._believe(read)
        if self._good and self._good.agrees(read):
            return self._believe(read)
        return self._doubt(read)

    @property
    def doubt(self) -> str:
        """A sentence for the operator; "" when there is none."""
        if self._newest and self._newest.now < EARLIEST:
            return (
                f"The clock of this machine was never set: it says {self._newest.now:%Y}. Nothing is done until it is."
            )
        if self._odd and self._newest:
            left = max(STANDS - self._odd.age(self._newest), timedelta(0))
            minutes = -(-left // timedelta(minutes=1))
            return (
                f"The clock of this machine jumped to {self._odd.now:%Y-%m-%d %H:%M} UTC. If that stands, votes close, "
                f"meetings are called off and claims fall asleep again in {minutes} min."
            )
        return ""

    def _may_follow(self, read: ClockReading) -> bool:
        return self._last is None or -BEHIND <= read.now - self._last <= DOWNTIME

    def _believe(self, read: ClockReading) -> Trust:
        if self._odd:
            log.warning("the clock is believed again: it says %s", f"{read.now:%Y-%m-%d %H:%M} UTC")
        self._good, self._odd, self._newest = read, None, None
        return Trust.ALL

    def _lost(self, read: ClockReading) -> Trust:
        if not (self._newest and self._newest.now < EARLIEST):
            log.error("the clock was never set: it says %s; nothing is done until it is", f"{read.now:%Y-%m-%d}")
        self._odd, self._newest = None, read
        return Trust.NOTHING

    def _doubt(self, read: ClockReading) -> Trust:
        if self._odd is None or self._newest is None or not self._newest.agrees(read):
            known = self._good.now if self._good else self._last
            log.error(
                "the clock jumped from %s to %s; until it has stood for an hour nothing is closed or called off",
                f"{known:%Y-%m-%d %H:%M}" if known else "nowhere",
                f"{read.now:%Y-%m-%d %H:%M}",
            )
            self._odd = read
        self._newest = read
        stood = self._odd.age(read)
        if stood >= STANDS:
            return self._believe(read)
        return Trust.POSTS if stood >= SEEN_AGAIN else Trust.NOTHING
