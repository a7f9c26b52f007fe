"""Requests that were handled, so that one that is delivered again changes nothing."""

from datetime import datetime
from typing import Protocol

from bot.model import Act


class RequestReads(Protocol):
    def knows(self, act: Act) -> bool:
        """Whether it was handled already."""
        ...


class RequestRows(RequestReads, Protocol):
    def remember(self, act: Act) -> bool:
        """False when it was handled already. One without an id is always new."""
        ...

    def drop_old(self, before: datetime) -> None: ...
