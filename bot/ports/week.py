"""The seam of the memory, continued: meetings, picks, claims, who comes. A part of Store, as is what holds there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.model import (
    Act,
    ClaimKind,
    ClaimResult,
    MeetingRole,
    Move,
    Planned,
    Reading,
    RsvpAnswer,
)


class WeekStore(Protocol):
    """A session's messages have its id as their key, or the id, a space and more. Whatever changes what they show
    touches them: "nominations", "ballot", "pick", "ask", "room", "recap", "event"; the cards of the papers too."""

    # sessions

    async def plan(self, group: str, planned: Sequence[Planned], at: datetime) -> None:
        """Makes sessions; one that was cancelled on that date is planned anew, with a new start and without what was
        decided for it. Leaves any other that is there alone."""
        ...

    async def touch_settings(self, group: str, at: datetime) -> None:
        """They changed: the messages of sessions to come and the newer cards of papers are shown again."""
        ...

    async def move(self, act: Act, moves: Sequence[Move]) -> bool:
        """All of them or, when a session is no longer at its revision, none: then False, and the caller reads and
        decides anew. `act.member` is 0 for the program itself. Steps that have an action stand in the audit log as one
        row for all moves (`Logged`), of the first one's action and reason; undo restores what they set, the claims that
        they moved, and the steps that they marked as done stay done. With `follows` go that session's near-winners and
        copies of the ballots that stand there."""
        ...

    async def has_moved(self, act: Act) -> bool:
        """Whether Moves of this very request were made: it came again."""
        ...

    async def was_handled(self, act: Act) -> bool:
        """Whether this very request was done already, by Moves or by another verb."""
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

    async def second(self, act: Act, session: int, entry: int) -> int:
        """The member confirms the proposed paper. How many members have."""
        ...

    async def write_recap(self, act: Act, session: int, takeaways: Sequence[str], rating: int | None) -> None:
        """Replaces the member's own."""
        ...

    # claims

    async def claim(self, act: Act, entry: int, kind: ClaimKind = "holder") -> ClaimResult:
        """Who would be holder where there is one becomes a backup. A claim that the member has changes its kind; an
        only `co` or `backup` where nobody holds it becomes the holder."""
        ...

    async def release_claim(self, act: Act, entry: int) -> ClaimResult:
        """Ends the member's own claim of any kind; with the holder's the first backup becomes the holder."""
        ...

    async def revoke_claim(self, act: Act, entry: int) -> ClaimResult:
        """Anybody's who holds it: for a moderator. Stands in the audit log. Nobody follows by themselves."""
        ...

    async def assign_claim(self, act: Act, entry: int, to: int) -> ClaimResult:
        """To a member, by a moderator, whoever held it. Stands in the audit log."""
        ...

    async def hand_over(self, act: Act, entry: int, to: int) -> ClaimResult:
        """From the holder to another member. Raises UserError when the member who acts does not hold it."""
        ...

    async def put_to_sleep(self, group: str, claim: int, at: datetime) -> bool:
        """Wants the message "sleep", under the paper's card, in the same step. Its key is the claim's id; when a claim
        falls asleep again, the id, a space and how often it did."""
        ...

    async def wake_claim(self, act: Act, claim: int) -> bool:
        """Its holder keeps it: it counts again from now on. Raises UserError when it is not theirs or has ended."""
        ...

    # near-winners

    async def show_again(self, group: str, entry: int, at: datetime) -> bool:
        """Wants the message "second-chance" with the entry as its key. False when that was done."""
        ...

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
