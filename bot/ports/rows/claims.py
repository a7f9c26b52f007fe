"""Rows of claims: who presents a paper, with whom, who follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Claim, ClaimChanges, ClaimKind


class ClaimReads(Protocol):
    def claims(self, group: str, entry: int) -> Sequence[Claim]:
        """Holder, co-presenters, backups in their order, fallbacks."""
        ...

    def of_entries(self, group: str, entries: Sequence[int]) -> Sequence[Claim]:
        """The same of several."""
        ...

    def claim_by_id(self, group: str, claim: int) -> Claim | None:
        """None when it has ended."""
        ...

    def find(self, group: str, claim: int) -> Claim | None:
        """Whether it has ended or not."""
        ...

    def history(self, group: str, entry: int) -> Sequence[Claim]:
        """All that there ever were, the oldest first."""
        ...

    def asked(self, group: str, entry: int, kind: str) -> Sequence[str]:
        """Keys of the messages of a kind that are about a claim of the entry: its id, or the id, a space and more."""
        ...

    def sleepers(self, group: str, before: datetime) -> Sequence[Claim]:
        """Holders' claims begun (or last kept) before then, awake, of papers that no session has picked."""
        ...

    def longest_awake(self, group: str) -> datetime | None:
        """When that of these was begun (or last kept) which was so first."""
        ...


class ClaimRows(ClaimReads, Protocol):
    def begin(self, group: str, entry: int, member: int, kind: ClaimKind, at: datetime) -> None:
        """The member has none of the entry; where the kind is holder, nobody holds it."""
        ...

    def change(self, claim: int, changes: ClaimChanges) -> None: ...
