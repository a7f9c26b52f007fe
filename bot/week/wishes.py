"""The messages around a session: of which kind, under which key, in whose thread. Words none of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.model import Session, Wish
from bot.week.timeline import Step, moment

PICK = "pick"


def nominations(session: Session) -> Wish:
    return Wish("nominations", str(session.id))


def ballot(session: Session) -> Wish:
    return Wish("ballot", str(session.id))


def living(session: Session, calendars: Sequence[str]) -> tuple[Wish, ...]:
    """The card of the session, and its event on surfaces that have a calendar."""
    event = [Wish("event", str(session.id), surfaces=tuple(calendars))] if calendars else []
    return (pick(session), *event)


def pick(session: Session) -> Wish:
    return Wish(PICK, str(session.id))


def ask(session: Session, asked: datetime) -> Wish:
    return Wish("ask", f"{session.id} {moment(asked)}", PICK)


def nudge(session: Session, asked: datetime) -> Wish:
    return Wish("nudge", f"{session.id} {moment(asked)}", PICK)


def reminder(session: Session, step: Step) -> Wish:
    return Wish("reminder", f"{session.id} {step.key}")


def room(session: Session) -> Wish:
    return Wish("room", str(session.id), PICK)


def recap(session: Session) -> Wish:
    return Wish("recap", str(session.id), PICK)
