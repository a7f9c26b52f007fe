"""Rows of papers, who announced them when, how sources fared, and summaries."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.model import Paper, SourceReport


class PaperReads(Protocol):
    def paper(self, key: str) -> Paper | None:
        """Whichever source or group it came from."""
        ...

    def announced(self, source: str, day: date) -> Sequence[Paper]:
        """In the order of the source."""
        ...

    def reports(self) -> Sequence[SourceReport]:
        """Of each source, on its newest day."""
        ...

    def report(self, source: str, day: date) -> SourceReport | None:
        """How the last fetch of that day went."""
        ...


class PaperRows(PaperReads, Protocol): ...
