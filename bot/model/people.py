"""Members, and what they carry of the group's load. Plain frozen data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Role = Literal["member", "moderator"]


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    name: str
    role: Role = "member"


# --- fairness ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """What a member carries of the group's load, and whether it may be their turn."""

    member: Member
    joined_at: datetime
    on_rota: bool = False
    leave: tuple[date, date | None] | None = None  # first and last day away, both included; None as last: until further
    presented: int = 0  # sessions that are over
    last_presented: date | None = None
    next_on: date | None = None  # they present a session that is still to come
    came: int = 0  # sessions that are over

    def is_away(self, on: date) -> bool:
        if self.leave is None:
            return False
        first, last = self.leave
        return first <= on and (last is None or on <= last)
