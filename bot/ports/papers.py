"""The seams of papers: where they come from, who knows more of one, who says in a sentence what it is about."""

from collections.abc import Sequence
from datetime import date, time
from typing import Protocol

from bot.model import (
    Batch,
    Paper,
    RawPaper,
    Summary,
)


class Source(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str:
        """As members read it: "Hugging Face"."""
        ...

    @property
    def zone(self) -> str:
        """IANA zone of its announcement dates."""
        ...

    @property
    def settles(self) -> time:
        """Time in its zone, on the announcement date, after which its list hardly grows."""
        ...

    @property
    def backlog(self) -> Sequence[date]:
        """Days to post at the very first start, oldest first; none for a real source."""
        ...

    async def fetch(self, day: date) -> Batch:
        """The papers announced on `day`, as complete as they are now. Raises SourceError."""
        ...


class Finder(Protocol):
    """Knows a paper by its key, whether or not anybody announced it."""

    async def find(self, key: str) -> RawPaper | None:
        """None when it does not know the paper. Raises SourceError."""
        ...


class Summarizer(Protocol):
    @property
    def name(self) -> str: ...

    async def summarise(self, paper: Paper, language: str) -> Summary | None:
        """One sentence, at most 280 characters; None when there is nothing to summarise. Raises SummaryError."""
        ...
