"""What was decided for a session that does not take place, moving on to the next ones, and back. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import Move, Pick, Session, SessionChanges
from bot.week import wishes
from bot.week.plan import is_decided, is_open
from bot.week.presenter import asked_after
from bot.week.timeline import StepKind, moment

IsAway = Callable[[int, Session], bool]  # whether a member is on leave when a session takes place
PREPARED = (StepKind.NOMINATE, StepKind.SHORTLIST, StepKind.CLOSE, StepKind.PICK)


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
    they are, with the close of their vote, until a session is planned that can take them. A ballot that is not closed
    yet goes on at the first that has none. `picks`: the newest of each session."""
    chain = _chain(session, followers)
    moves = [replace(move, sets={**move.sets, **_left(session, chain)}), *_ballot_goes_on(session, followers)]
    for giver, taker in zip([session, *chain], chain, strict=False):
        moves.append(_take_over(giver, taker, picks.get(giver.id), away, now, calendars))
    return moves


def _left(session: Session, chain: Sequence[Session]) -> SessionChanges:
    """Of what was decided. Where it stays it is set as it is, so that an undo notices when it moved on since."""
    if not is_decided(session):
        return {}
    if chain:
        return {"closed_at": None, "asked_at": None}
    return {"closed_at": session.closed_at, "asked_at": session.asked_at}


def _ballot_goes_on(session: Session, followers: Sequence[Session]) -> Iterator[Move]:
    taker = next((one for one in followers if is_open(one) and not one.shortlist), None)
    if taker and session.shortlist and is_open(session) and not is_decided(session):
        sets: SessionChanges = {"shortlist": session.shortlist}
        done, wanted = (str(StepKind.SHORTLIST),), (wishes.card(taker),)
        yield Move(taker.id, "", "", sets, done, wishes=wanted, follows=session.id)


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
    sets: SessionChanges = {
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
    done += [str(StepKind.NAME)] if stays else []
    done += [
        f"{kind} {moment(taker.closes_at)}" for kind in (StepKind.CLOSE, StepKind.PICK) if taker.closes_at and done
    ]
    wanted = (*wishes.living(taker, calendars), *([wishes.ask(taker, asked)] if asked else []))
    again = () if stays else volunteering(taker)
    return Move(taker.id, "", "", sets, tuple(done), again, pick, wishes=wanted, follows=giver.id)


# --- back again


def take_back(
    session: Session,
    followers: Sequence[Session],
    picks: Mapping[int, Sequence[Pick]],
    winners: Callable[[Pick], int | None],
    away: IsAway,
    move: Move,
    now: datetime,
    calendars: Sequence[str] = (),
) -> list[Move]:
    """The session takes place after all: it gets back what moved on from it, and so does each behind it. `picks`: all
    of each session, the newest last. A follower that has nothing of its own left is voted for anew."""
    holder = next((one for one in followers if _has_content_of(session, one)), None)
    if holder is None:
        return [move]
    back = _given_back(holder, session, away, move, now, calendars)
    behind = followers[followers.index(holder) + 1 :]
    return [back, *_empty(holder, behind, picks, winners, away, now, calendars)]


def _has_content_of(session: Session, other: Session) -> bool:
    if session.entry is not None:
        return other.entry == session.entry
    if session.shortlist and is_open(session):
        return other.shortlist == session.shortlist and is_open(other)
    return session.presenter is not None and other.entry is None and other.presenter == session.presenter


def _empty(
    holder: Session,
    behind: Sequence[Session],
    picks: Mapping[int, Sequence[Pick]],
    winners: Callable[[Pick], int | None],
    away: IsAway,
    now: datetime,
    calendars: Sequence[str],
) -> list[Move]:
    """What the holder had before is with the one behind it, or it had nothing."""
    own = {winners(pick) for pick in picks.get(holder.id, ())} - {holder.entry, None}
    if behind and (behind[0].entry in own or _moved_together(holder, behind[0])):
        giver = behind[0]
        newest = picks[giver.id][-1] if picks.get(giver.id) else None
        back = Move(holder.id, "", pick=newest)
        back = _given_back(giver, holder, away, back, now, calendars)
        return [back, *_empty(giver, behind[1:], picks, winners, away, now, calendars)]
    return [Move(holder.id, "", "", CLEARED, undone=undone(holder))]


def _moved_together(holder: Session, behind: Session) -> bool:
    """Where nothing was voted on, what was asked in the same minute tells of it."""
    if not (holder.presenter and behind.presenter and holder.asked_at and behind.asked_at):
        return False
    return moment(holder.asked_at) == moment(behind.asked_at)


def _given_back(
    giver: Session, taker: Session, away: IsAway, move: Move, now: datetime, calendars: Sequence[str]
) -> Move:
    presenter = _presenter(giver, taker, away)
    asked = asked_after(taker, now) if presenter else None
    sets: SessionChanges = {
        "entry": giver.entry,
        "settled": giver.settled,
        "slides": giver.slides,
        "closed_at": giver.closed_at,
        "shortlist": giver.shortlist,
        "open_discussion": False,
        "presenter": presenter,
        "asked_at": asked,
        "confirmed_at": None,
    }
    if giver.closed_at and "closes_at" in move.sets:
        sets["closes_at"] = taker.closes_at
    wanted = [*wishes.living(taker, calendars)] if is_decided(giver) else [wishes.card(taker)]
    wanted += [wishes.ask(taker, asked)] if asked else []
    again = volunteering(taker) if presenter is None else ()
    return replace(move, sets={**move.sets, **sets}, undone=again, wishes=tuple(wanted), follows=giver.id)


def _presenter(giver: Session, taker: Session, away: IsAway) -> int | None:
    """Who presents it by now, or else who was to present it here."""
    here = taker.presenter if giver.entry is not None and taker.entry == giver.entry else None
    found = [giver.presenter, here if here and here.id not in giver.tried else None]
    return next((member.id for member in found if member and not away(member.id, taker)), None)


def volunteering(session: Session) -> tuple[str, ...]:
    """Keys of what finds a presenter, so that it comes again."""
    again = (f"{StepKind.VOLUNTEER} {moment(session.closes_at)}",) if session.closes_at else ()
    return (str(StepKind.NAME), str(StepKind.VOLUNTEER), *again)


CLEARED: SessionChanges = {
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
    kinds = (*PREPARED, StepKind.NAME, StepKind.VOLUNTEER)
    again = [f"{kind} {moment(session.closes_at)}" for kind in kinds] if session.closes_at else []
    return (*map(str, kinds), *again)
