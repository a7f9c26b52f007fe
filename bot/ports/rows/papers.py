"""Rows of papers, who announced them when, how sources fared, and summaries."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.model import Paper, SourceReport, Summary


class PaperReads(Protocol):
    def paper(self, key: str) -> Paper | None:
        """Whichever source or group it came from."""
        ...

    def papers(self, keys: Sequence[str]) -> Mapping[str, Paper]:
        """Those that are known, by key, in that order."""
        ...

    def summaries(self, keys: Sequence[str]) -> frozenset[tuple[str, Summary]]:
        """Whatever stands of these papers, by their keys."""
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


class PaperRows(PaperReads, Protocol):
    def put(self, papers: Sequence[Paper], at: datetime) -> None:
        """New ones, or what is known of them from now on."""
        ...

    def announce(self, source: str, day: date, keys: Sequence[str]) -> bool:
        """Papers in the order of the source; those that it announced before and are not among them stay. False when it
        had announced all of them."""
        ...

    def put_report(self, report: SourceReport) -> None: ...

    def put_summaries(self, summaries: Mapping[str, Summary], at: datetime) -> None:
        """By the papers' keys, in place of those by the same summarizer in the same language. Raises StoreError when
        one is of no paper."""
        ...
