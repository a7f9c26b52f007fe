"""Rows of claims: who presents a paper, with whom, who follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Claim


class ClaimReads(Protocol):
    def claims(self, group: str, entry: int) -> Sequence[Claim]:
        """Holder, co-presenters, backups in their order, fallbacks."""
        ...

    def claim_by_id(self, group: str, claim: int) -> Claim | None:
        """None when it has ended."""
        ...

    def sleepers(self, group: str, before: datetime) -> Sequence[Claim]:
        """Holders' claims begun (or last kept) before then, awake, of papers that no session has picked."""
        ...


class ClaimRows(ClaimReads, Protocol): ...
