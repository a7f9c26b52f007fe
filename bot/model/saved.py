"""What a member keeps to read. Plain frozen data."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

LONGEST_NAME = 60  # characters; a button's id has no room for more


@dataclass(frozen=True, slots=True)
class Saved:
    """A paper on a member's private reading list, which need be on none of the group's."""

    key: str
    title: str
    url: str
    at: datetime

    @property
    def name(self) -> str:
        """What its buttons carry: the key, or what stands for one that is too long."""
        return self.key if len(self.key) <= LONGEST_NAME else sha256(self.key.encode()).hexdigest()[:LONGEST_NAME]
