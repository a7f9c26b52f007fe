"""Values that the program keeps for itself, by name."""

from typing import Protocol


class KeptReads(Protocol):
    def recall(self, key: str) -> str:
        """ "" when there is nothing under `key`."""
        ...


class KeptRows(KeptReads, Protocol):
    def keep(self, key: str, value: str) -> str:
        """Stores `value` under `key` unless there is one already; returns the one that holds."""
        ...

    def remember(self, key: str, value: str) -> None:
        """Replaces what was there."""
        ...
