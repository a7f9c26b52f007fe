"""The messages around a session: of which kind, under which key, in whose thread. Words none of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.model import Session, Wish
from bot.week.timeline import Step, moment

PICK = (
    "pick"  # the one card of a session, from the nominations to the recap; stored under the name of what it tells most
)


def living(session: Session, calendars: Sequence[str]) -> tuple[Wish, ...]:
    """The card of the session, and its event on surfaces that have a calendar."""
    event = [Wish("event", str(session.id), surfaces=tuple(calendars))] if calendars else []
    return (card(session), *event)


def card(session: Session) -> Wish:
    return Wish(PICK, str(session.id))


def ask(session: Session, asked: datetime) -> Wish:
    return Wish("ask", f"{session.id} {moment(asked)}", PICK)


def nudge(session: Session, asked: datetime) -> Wish:
    return Wish("nudge", f"{session.id} {moment(asked)}", PICK)


def reminder(session: Session, step: Step) -> Wish:
    """Beside the card, as a reply to it."""
    return Wish("reminder", f"{session.id} {step.key}", PICK)


def call(session: Session, step: Step, surfaces: Sequence[str]) -> Wish:
    """Of those who said that they come, where they can be called."""
    return Wish("call", f"{session.id} {step.key}", PICK, tuple(surfaces))


def room(session: Session) -> Wish:
    return Wish("room", str(session.id), PICK)


def notice(step: int) -> Wish:
    """Of a step that channels are told of, by its row in the log; beside the session's card, too."""
    return Wish("step", str(step), PICK)


def recap(session: Session) -> Wish:
    return Wish("recap", str(session.id), PICK)
