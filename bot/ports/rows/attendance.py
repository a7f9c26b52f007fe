"""Rows of what members do for a meeting: who comes, roles, readings, questions, recaps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.model import MeetingRole, Member, Question, Reading, Recap, RsvpAnswer, Session


@dataclass(frozen=True, slots=True)
class Attended:
    """What members did for one meeting, in the order in which they did it."""

    answers: tuple[tuple[RsvpAnswer, Member], ...] = ()
    roles: tuple[tuple[str, Member], ...] = ()
    readings: Mapping[str, int] = field(default_factory=dict)  # how many, by Reading
    questions: tuple[Question, ...] = ()  # that were not withdrawn
    recaps: tuple[Recap, ...] = ()
    seconded: tuple[tuple[int, Member], ...] = ()  # (entry, who confirmed it)


class AttendanceReads(Protocol):
    def attended(self, group: str, sessions: Collection[int]) -> Mapping[int, Attended]:
        """By session, of each of them."""
        ...

    def answer(self, group: str, session: int, member: int) -> RsvpAnswer | None: ...

    def who_has(self, group: str, session: int, role: MeetingRole) -> Member | None: ...

    def had_roles(self, group: str, members: Collection[int]) -> Mapping[tuple[int, str], int]:
        """How often, by member and role."""
        ...

    def held(self, group: str, now: datetime, limit: int | None = None) -> Sequence[Session]:
        """Planned sessions that have ended by then, the newest first."""
        ...

    def count_held(self, group: str, now: datetime) -> int:
        """How many they are."""
        ...

    def texts(self, group: str, now: datetime) -> Mapping[int, str]:
        """Of the same sessions: title, authors, presenter, takeaways and questions, in lines."""
        ...


class AttendanceRows(AttendanceReads, Protocol):
    def put_answer(self, group: str, session: int, member: int, answer: RsvpAnswer, at: datetime) -> bool:
        """False when it stood so already."""
        ...

    def drop_answer(self, group: str, session: int, member: int) -> bool:
        """False when there was none."""
        ...

    def put_reading(self, group: str, session: int, member: int, reading: Reading, at: datetime) -> bool:
        """False when it stood so already."""
        ...

    def put_role(self, group: str, session: int, member: int, role: MeetingRole, at: datetime) -> None:
        """Nobody may have it."""
        ...

    def drop_role(self, group: str, session: int, role: MeetingRole) -> None: ...

    def add_question(self, group: str, session: int, member: int, text: str, at: datetime) -> None: ...

    def withdraw_question(self, group: str, member: int, question: int, at: datetime) -> int | None:
        """Its session; None when the member has no such question that stands."""
        ...

    def put_recap(
        self, group: str, session: int, member: int, takeaways: Sequence[str], rating: int | None, at: datetime
    ) -> None:
        """Replaces the member's own."""
        ...
