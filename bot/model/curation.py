"""What moderators chose for the lists to come. Plain frozen data."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.people import Member


@dataclass(frozen=True, slots=True)
class Curation:
    """A paper comes first on the next list that it can be on, or on none."""

    key: str
    title: str
    by: Member
    at: datetime
    hidden: bool = False
