"""Who presents a session, who follows when they can't, and what that changes. Pure: facts in, parts of a Move out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.languages import msgid
from bot.model import Claim, ClaimMove, Move, Session, SessionChanges, Turn, Wish
from bot.week import wishes
from bot.week.rota import next_turn

How = Literal["claim", "fallback", "rota", "channel", "nobody"]
IN_LINE = ("holder", "co", "backup")
WHY: dict[How, str] = {
    "claim": msgid("next in line"),
    "fallback": msgid("would take it if nobody else does"),
    "rota": msgid("it is their turn"),
    "channel": msgid("nobody has offered yet"),
    "nobody": msgid("nobody on the rota is free"),
}


@dataclass(frozen=True, slots=True)
class Circle:
    """What is known of those who may present. `on` is the session's date in the group's zone."""

    on: date
    now: datetime
    claims: Sequence[Claim] = ()  # of the paper
    turns: Sequence[Turn] = ()
    skipping: Collection[int] = ()  # members who said that they don't come
    named: Mapping[int, date] = field(default_factory=dict)
    names: bool = False  # the time for volunteers is over: somebody is named

    def absent(self, session: Session) -> frozenset[int]:
        away = {turn.member.id for turn in self.turns if turn.is_away(self.on)}
        return frozenset({*session.tried, *self.skipping, *away})


@dataclass(frozen=True, slots=True)
class Successor:
    """Who is asked; None: the channel is, or nobody is left."""

    how: How
    member: int | None = None


def first_in_line(session: Session, circle: Circle) -> Successor:
    """Of a paper that was just picked."""
    return _claimed(session, circle, IN_LINE) or (_named(session, circle) if circle.names else Successor("channel"))


def successor(session: Session, circle: Circle) -> Successor:
    """When the presenter can't, or nobody had offered in time. The presenter is none of them."""
    after = replace(session, tried=(*session.tried, session.presenter.id)) if session.presenter else session
    return _claimed(after, circle, (*IN_LINE, "fallback")) or (
        _named(after, circle) if circle.names else Successor("channel")
    )


def _claimed(session: Session, circle: Circle, kinds: Sequence[str]) -> Successor | None:
    absent = circle.absent(session)
    for kind in kinds:
        for claim in circle.claims:
            if claim.kind == kind and claim.slept_at is None and claim.member.id not in absent:
                return Successor("fallback" if kind == "fallback" else "claim", claim.member.id)
    return None


def _named(session: Session, circle: Circle) -> Successor:
    fallback = _claimed(session, circle, ("fallback",))
    if fallback:
        return fallback
    turn = next_turn(circle.turns, circle.on, session.starts, circle.absent(session), circle.named)
    return Successor("rota", turn.member.id) if turn else Successor("nobody")


# --- what it changes


@dataclass(frozen=True, slots=True)
class Appointment:
    """The parts of a Move that make somebody the presenter, or nobody."""

    sets: SessionChanges
    claims: tuple[ClaimMove, ...] = ()
    wishes: tuple[Wish, ...] = ()

    def onto(self, move: Move) -> Move:
        return replace(
            move,
            sets={**move.sets, **self.sets},
            claims=(*move.claims, *self.claims),
            wishes=(*move.wishes, *self.wishes),
        )


def appoint(
    session: Session, entry: int | None, found: Successor, claims: Sequence[Claim], now: datetime
) -> Appointment:
    """Who was found is asked; whoever holds the paper instead does not any more."""
    if found.member is None:
        return Appointment({**_nobody(), "open_discussion": found.how == "nobody"})
    asked = asked_after(session, now)
    sets: SessionChanges = {
        "presenter": found.member,
        "asked_at": asked,
        "confirmed_at": None,
        "open_discussion": False,
    }
    return Appointment(sets, hand_to(claims, entry, found.member), (wishes.ask(session, asked),))


def appoint_willing(
    session: Session, entry: int | None, member: int, claims: Sequence[Claim], now: datetime
) -> Appointment:
    """Somebody offered: there is nothing to ask."""
    sets: SessionChanges = {
        "presenter": member,
        "asked_at": asked_after(session, now),
        "confirmed_at": now,
        "open_discussion": False,
        "tried": tuple(other for other in session.tried if other != member),
    }
    return Appointment(sets, hand_to(claims, entry, member))


def dismiss(session: Session, found: Successor, claims: Sequence[Claim], now: datetime) -> Appointment:
    """The presenter goes, with their claim, and is not asked again for this session."""
    if session.presenter is None:
        return appoint(session, session.entry, found, claims, now)
    gone = session.presenter.id
    released = tuple(ClaimMove("release", claim.id) for claim in claims if claim.member.id == gone)
    seating = appoint(session, session.entry, found, [claim for claim in claims if claim.member.id != gone], now)
    tried = (*session.tried, gone) if gone not in session.tried else session.tried
    return replace(seating, sets={**seating.sets, "tried": tried}, claims=(*released, *seating.claims))


def ask_anew(session: Session, now: datetime) -> Appointment:
    """The presenter stays, but has to say yes to something else: another date."""
    if session.presenter is None:
        return Appointment({})
    asked = asked_after(session, now)
    return Appointment({"asked_at": asked, "confirmed_at": None}, (), (wishes.ask(session, asked),))


def _nobody() -> SessionChanges:
    return {"presenter": None, "asked_at": None, "confirmed_at": None}


def hand_to(
    claims: Sequence[Claim], entry: int | None, member: int, others: Literal["release", "step back"] = "release"
) -> tuple[ClaimMove, ...]:
    """`others`: what becomes of the claim of who holds it."""
    if entry is None:
        return ()
    held = [claim for claim in claims if claim.kind == "holder" and claim.member.id != member]
    own = next((claim for claim in claims if claim.member.id == member), None)
    gets = ClaimMove("promote", own.id) if own else ClaimMove("give", entry=entry, member=member)
    return (*(ClaimMove(others, claim.id) for claim in held), gets)


def given_up(session: Session, claims: Sequence[Claim]) -> tuple[ClaimMove, ...]:
    """When the session reads another paper than this one of these claims: who has it only because they were to present
    it here does not have to keep it."""
    closed, presenter = session.closed_at, session.presenter
    if closed is None or presenter is None:
        return ()
    return tuple(
        ClaimMove("release", claim.id) for claim in claims if claim.member.id == presenter.id and claim.at >= closed
    )


def asked_after(session: Session, now: datetime) -> datetime:
    """Askings are told apart by their minute: the messages and deadlines of two must not have one key."""
    last = session.asked_at
    if last is None or _minute(now) > _minute(last):
        return now
    return _minute(last) + timedelta(minutes=1)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
