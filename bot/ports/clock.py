"""The seam of time, which tests move."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC, aware."""
        ...

    async def sleep(self, seconds: float) -> None: ...
