"""The seam of the memory, continued: meetings, picks, claims, who comes. A part of Store, as is what holds there."""

from collections.abc import Sequence
from typing import Protocol

from bot.model import (
    Act,
    MeetingRole,
    Reading,
    RsvpAnswer,
)


class WeekStore(Protocol):
    """A session's messages have its id as their key, or the id, a space and more. Whatever changes what they show
    touches them: "nominations", "ballot", "pick", "ask", "room", "recap", "event"; the cards of the papers too."""

    # sessions

    # what members do for a session

    async def rsvp(self, act: Act, session: int, answer: RsvpAnswer | None) -> bool:
        """None takes the answer back. False when nothing changed. Raises UserError for a session that is over."""
        ...

    async def check_in(self, act: Act, session: int, reading: Reading) -> bool: ...

    async def take_role(self, act: Act, session: int, role: MeetingRole) -> bool:
        """Said again by who has it, gives it back: False. Who takes one and had not answered, comes. Raises UserError
        when another has it."""
        ...

    async def ask(self, act: Act, session: int, text: str) -> None:
        """A question for the presenter."""
        ...

    async def withdraw_question(self, act: Act, question: int) -> bool:
        """Only the member's own."""
        ...

    async def cast_ballot(self, act: Act, session: int, ranking: Sequence[Sequence[int]]) -> None:
        """Replaces the member's ballot; an empty one takes it back. Raises UserError once the ballot has closed, or for
        an entry that is not on the short list."""
        ...

    async def write_recap(self, act: Act, session: int, takeaways: Sequence[str], rating: int | None) -> None:
        """Replaces the member's own."""
        ...

    # claims

    # near-winners

    # entries and members

    # looking back
