"""The seam of the memory, continued: meetings, picks, claims, who comes. A part of Store, as is what holds there."""

from collections.abc import Sequence
from datetime import date, datetime
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

    async def touch_settings(self, group: str, at: datetime) -> None:
        """They changed: the messages of sessions to come and the newer cards of papers are shown again."""
        ...

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

    async def set_rota(self, act: Act, on: bool) -> bool: ...

    async def set_leave(self, act: Act, leave: tuple[date, date | None] | None) -> bool:
        """First and last day away; None: back. False when nothing changed."""
        ...

    async def offer_link(self, act: Act, code_hash: str, until: datetime) -> None:
        """A code by which the member of another account becomes one with this one; replaces the last one."""
        ...

    async def link(self, act: Act, code_hash: str) -> bool:
        """The member who acts becomes one with the member who was offered the code: all accounts, votes, claims and
        sessions are then one member's. Of two votes on a paper the earlier one stays, of two claims the stronger.
        Once per code; False when there is no such code."""
        ...

    # looking back
