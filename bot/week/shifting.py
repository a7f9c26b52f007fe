"""What was decided for a session that does not take place, moving on to the next ones, and back. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.model import Move, Pick, Session
from bot.timeline import Kind, moment
from bot.week import wishes
from bot.week.planning import is_decided
from bot.week.presenting import asked_after

IsAway = Callable[[int, Session], bool]  # whether a member is on leave when a session takes place
PREPARED = (Kind.NOMINATE, Kind.SHORTLIST, Kind.CLOSE, Kind.PICK)


def call_off(
    session: Session,
    followers: Sequence[Session],
    picks: Mapping[int, Pick],
    away: IsAway,
    move: Move,
    now: datetime,
    calendars: Sequence[str] = (),
) -> list[Move]:
    """`move` is what becomes of the session itself. Its paper and presenter go to the first of `followers`, what that
    had to the one behind it, and so on to one for which nothing is decided; where there is no such one they stay where
    they are. Votes and claims stay. `picks`: the newest of each session."""
    chain = _chain(session, followers)
    moves = [move]
    for giver, taker in zip([session, *chain], chain, strict=False):
        moves.append(_take_over(giver, taker, picks.get(giver.id), away, now, calendars))
    return moves


def _chain(session: Session, followers: Sequence[Session]) -> list[Session]:
    if not is_decided(session):
        return []
    end = next((number for number, one in enumerate(followers) if not is_decided(one)), None)
    return [] if end is None else list(followers[: end + 1])


def _take_over(
    giver: Session, taker: Session, pick: Pick | None, away: IsAway, now: datetime, calendars: Sequence[str]
) -> Move:
    presenter = giver.presenter
    stays = presenter is not None and not away(presenter.id, taker)
    asked = asked_after(taker, now) if stays else None
    sets: dict[str, Any] = {
        "entry": giver.entry,
        "settled": giver.settled,
        "slides": giver.slides,
        "closed_at": giver.closed_at,
        "closes_at": None,
        "shortlist": giver.shortlist,
        "tried": (),
        "open_discussion": False,  # on another date somebody may be found
        "presenter": presenter.id if presenter and stays else None,
        "asked_at": asked,
        "confirmed_at": None,
    }
    done = [str(kind) for kind in PREPARED] if giver.entry is not None else []
    done += [str(Kind.NAME)] if stays else []
    done += [f"{kind} {moment(taker.closes_at)}" for kind in (Kind.CLOSE, Kind.PICK) if taker.closes_at and done]
    wanted = (*wishes.living(taker, calendars), *([wishes.ask(taker, asked)] if asked else []))
    return Move(taker.id, taker.revision, "", "", sets, tuple(done), pick=pick, wishes=wanted)


# --- back again


def take_back(
    session: Session,
    followers: Sequence[Session],
    picks: Mapping[int, Sequence[Pick]],
    winners: Callable[[Pick], int | None],
    move: Move,
    now: datetime,
    calendars: Sequence[str] = (),
) -> list[Move]:
    """The session takes place after all: it gets back what moved on from it, and so does each behind it. `picks`: all
    of each session, the newest last. A follower that has nothing of its own left is voted for anew."""
    holder = next((one for one in followers if _has_content_of(session, one)), None)
    if holder is None:
        return [move]
    moves = [
        replace(
            move, sets={**move.sets, **_content(holder, session, now)}, wishes=_wanted(session, holder, now, calendars)
        )
    ]
    return [*moves, *_empty(holder, followers[followers.index(holder) + 1 :], picks, winners, now, calendars)]


def _has_content_of(session: Session, other: Session) -> bool:
    if session.entry is not None:
        return other.entry == session.entry
    return session.presenter is not None and other.entry is None and other.presenter == session.presenter


def _empty(
    holder: Session,
    behind: Sequence[Session],
    picks: Mapping[int, Sequence[Pick]],
    winners: Callable[[Pick], int | None],
    now: datetime,
    calendars: Sequence[str],
) -> list[Move]:
    """What the holder had before is with the one behind it, or it had nothing."""
    own = {winners(pick) for pick in picks.get(holder.id, ())} - {holder.entry, None}
    if behind and behind[0].entry in own:
        giver = behind[0]
        newest = picks[giver.id][-1] if picks.get(giver.id) else None
        sets = _content(giver, holder, now)
        wanted = _wanted(holder, giver, now, calendars)
        back = Move(holder.id, holder.revision, "", "", sets, pick=newest, wishes=wanted)
        return [back, *_empty(giver, behind[1:], picks, winners, now, calendars)]
    return [Move(holder.id, holder.revision, "", "", dict(CLEARED), undone=undone(holder))]


def _content(giver: Session, taker: Session, now: datetime) -> dict[str, Any]:
    return {
        "entry": giver.entry,
        "settled": giver.settled,
        "slides": giver.slides,
        "closed_at": giver.closed_at,
        "shortlist": giver.shortlist,
        "open_discussion": giver.open_discussion,
        "presenter": giver.presenter.id if giver.presenter else None,
        "asked_at": asked_after(taker, now) if giver.presenter else None,
        "confirmed_at": None,
    }


def _wanted(taker: Session, giver: Session, now: datetime, calendars: Sequence[str]) -> tuple[Any, ...]:
    ask = [wishes.ask(taker, asked_after(taker, now))] if giver.presenter else []
    return (*wishes.living(taker, calendars), *ask)


CLEARED: Mapping[str, Any] = {
    "entry": None,
    "settled": False,
    "slides": "",
    "closed_at": None,
    "shortlist": (),
    "open_discussion": False,
    "presenter": None,
    "asked_at": None,
    "confirmed_at": None,
}


def undone(session: Session) -> tuple[str, ...]:
    """Keys of what prepares a session, so that it comes again."""
    kinds = (*PREPARED, Kind.NAME, Kind.VOLUNTEER)
    again = [f"{kind} {moment(session.closes_at)}" for kind in kinds] if session.closes_at else []
    return (*map(str, kinds), *again)
