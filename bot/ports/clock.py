"""The seam of time, which tests move."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC, aware. Whoever sets the machine's clock moves it, in either direction."""
        ...

    def elapsed(self) -> float:
        """Seconds since a moment that nobody names: for how long something took or is to rest in this process. Only
        grows, also while the machine is suspended, and whatever is done to `now`."""
        ...

    async def sleep(self, seconds: float) -> None: ...
