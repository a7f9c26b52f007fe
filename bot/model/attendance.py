"""Who comes to a meeting and what members do for it. Plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.model.claims import Claim
from bot.model.entries import Entry
from bot.model.moves import Pick
from bot.model.people import Member
from bot.model.sessions import Session

# --- who comes and what they do ------------------------------------------------------------------------------------

RsvpAnswer = Literal["join", "skip"]


Reading = Literal["read", "skimmed", "not yet"]


MeetingRole = Literal["reviewer", "critic", "archaeologist", "scribe"]


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    member: Member
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recap:
    """What one member took home. `rating` is 1 to 5, "worth our time"; None: not said."""

    member: Member
    takeaways: tuple[str, ...]
    rating: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Participation:
    """A session with all that members did for it, read at once."""

    session: Session
    entry: Entry | None
    pick: Pick | None  # the newest
    coming: tuple[Member, ...] = ()  # in the order in which they said so
    skipping: tuple[Member, ...] = ()
    readings: Mapping[str, int] = field(default_factory=dict)  # how many, by Reading
    roles: tuple[tuple[str, Member], ...] = ()  # (role, who has it)
    suggested: tuple[tuple[str, Member], ...] = ()  # (role, who comes and had it least), for roles that nobody has
    questions: tuple[Question, ...] = ()
    recaps: tuple[Recap, ...] = ()
    claims: tuple[Claim, ...] = ()  # of the entry: holder, co-presenters, backups in their order, fallbacks
    related: tuple[Entry, ...] = ()  # entries that the group discussed or claimed, near this one in title
    ballots: int = 0
    seconded: tuple[Member, ...] = ()  # members who confirmed the proposed paper

    @property
    def rating(self) -> float | None:
        """The mean of all."""
        given = [recap.rating for recap in self.recaps if recap.rating]
        return sum(given) / len(given) if given else None
