"""What each step of a session's timeline comes to: one Move, or several that belong together. Writes nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.facts import Facts
from bot.languages import count, msgid, say
from bot.model import Move, Session, SessionStatus, Wish
from bot.model.recurrence import ONE_DAY
from bot.voting.decision import shortlist
from bot.week import plan, presenter, selection, wishes
from bot.week.carryover import PREPARED, call_off, volunteering
from bot.week.plan import half_way, is_decided, is_open
from bot.week.presenter import Successor
from bot.week.timeline import Due, Step, StepKind, due, moment

PREPARING = (*PREPARED, StepKind.NAME)
REOPENED = msgid("its close was undone")
NOT_BROUGHT = msgid("nobody brought a paper")


def next_moves(facts: Facts, session: Session) -> Sequence[Move]:
    """What is to be done for a session now, one step of it; () when nothing is."""
    now = facts.now
    if session.status != "planned":
        return ()
    if facts.is_sure and plan.is_missed(session, now) and (move := _missed(facts, session)):
        return (move,)
    if session.shortlist and not facts.group.week.has_ballots and is_open(session):
        return (Move(session.id, "", sets={"shortlist": ()}, undone=(str(StepKind.SHORTLIST),)),)
    if session.entry is not None and not session.settled and session.ends > now:
        room = facts.room(session)
        if room and len(room.seconded) >= selection.SECONDS:
            return (settled(facts, session, "accept", say(facts.group, selection.SECONDED)),)
    line = facts.timeline(session)
    if not line.steps or line.steps[0].at > now:
        return ()
    done = facts.done(session)
    if facts.is_sure and (move := _taken_back(facts, session, line.steps, done)):
        return (move,)
    found = due(line, now, done, _scheduled(session, line.steps, now))
    return _do(facts, session, found if facts.is_sure else _harmless(found))


def _scheduled(session: Session, steps: Sequence[Step], now: datetime) -> datetime:
    """When it got this start; long ago, where a clock said a time that is still to come."""
    at = session.scheduled_at or session.starts
    return at if session.scheduled_at is None or at <= now else min(at, steps[0].at)


def _harmless(found: Due) -> Due:
    """By a clock that is in doubt nothing is too late either."""
    return Due(tuple(step for step in found.do if step.kind.rule.told), ())


def _do(facts: Facts, session: Session, found: Due) -> Sequence[Move]:
    """The first step that is due, with all that it is too late for."""
    passed = tuple(step.key for step in found.pass_over)
    if not found.do:
        return (Move(session.id, "", done=passed),) if passed else ()
    step = found.do[0]
    moves = KINDS[step.kind](facts, session, step)
    first = moves[0] if moves else Move(session.id, "")
    return (replace(first, done=(*first.done, step.key, *passed)), *moves[1:])


def _missed(facts: Facts, session: Session) -> Move | None:
    """None where members said that they come: they met without a paper."""
    ran = session.closed_at is not None or _was_looked_for(facts, session)
    if ran and session.entry is None:
        room = facts.room(session)
        if room and room.coming:
            return None
    return plan.missed(session, ran=ran)


def _was_looked_for(facts: Facts, session: Session) -> bool:
    """Whether the time to bring a paper was up while we ran; the rota's, where a group leaves that out."""
    done = facts.done(session)
    needs_paper = facts.group.week.timeline.length("bring") is not None
    return _no_paper(session) in done or (
        facts.group.week.mode == "presenter" and not needs_paper and str(StepKind.NAME) in done
    )


# --- the vote


def _nominate(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    if session.closed_at or session.entry is not None:
        return ()
    return (Move(session.id, "", wishes=(wishes.card(session),)),)


def _shortlist(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """Votes up to now; with nothing to choose between there is no ballot."""
    if session.closed_at or session.entry is not None:
        return ()
    counted = facts.count(session, facts.now)
    papers = tuple(line.entry for line in shortlist(counted.election, facts.group.week.shortlist))
    if facts.group.week.hidden:  # the order would tell who leads
        nominated = {candidate.entry: candidate.nominated_at for candidate in counted.election.candidates}
        papers = tuple(sorted(papers, key=lambda entry: (nominated[entry], entry)))
    if len(papers) < 2:
        return ()
    reason = count(facts.group, "the {n} paper with the most votes", "the {n} papers with the most votes", len(papers))
    wanted = (wishes.card(session),)
    return (Move(session.id, "shortlist", reason, {"shortlist": papers}, wishes=wanted),)


def _close(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    if session.closed_at or session.entry is not None:
        return ()
    reason = say(facts.group, "the ballot closed")
    return (Move(session.id, "close", reason, {"closed_at": step.at}),)


def _pick(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    if session.entry is not None:
        return ()
    now = facts.now
    was_picked = bool(facts.picks(session))
    counted = facts.count(session, session.closed_at or now)
    is_automatic = facts.group.week.pick == "automatic" and counted.receipt.winner is not None
    make = selection.automatic if is_automatic else selection.proposed
    move = make(session, counted, now, facts.group)
    if "entry" not in move.sets:
        return (replace(move, tells=True),)
    living = wishes.living(session, facts.calendars)
    move = replace(move, wishes=living, tells=was_picked)  # a card that stands there already is edited in silence
    return (seated(facts, session, counted.receipt.winner, move) if is_automatic else move,)


def seated(facts: Facts, session: Session, entry: int | None, move: Move) -> Move:
    """With the first in line as presenter, where nobody presents yet. Who was there before the paper stays, and
    whoever holds it then follows them."""
    if session.presenter is not None and (facts.group.week.mode == "presenter" or session.entry in (None, entry)):
        handed = presenter.hand_to(facts.claims(entry), entry, session.presenter.id, others="step back")
        return replace(move, claims=(*move.claims, *handed))
    circle = facts.circle(session, entry)
    found = presenter.first_in_line(session, circle)
    return presenter.appoint(session, entry, found, circle.claims, circle.now).onto(move)


def settled(facts: Facts, session: Session, action: str, reason: str) -> Move:
    """The proposed paper is what the session reads. Its receipt must lead to it, for anyone who counts again."""
    now = facts.now
    move = Move(session.id, action, reason, {"settled": True})
    picks = facts.picks(session)
    entry = facts.entry(session.entry) if session.entry is not None else None
    if entry and picks and (last := selection.read_pick(picks[-1])).receipt.winner != entry.id:
        again = selection.count(selection.chosen(last.election, entry, now))
        move = replace(move, pick=again.pick(now), carried=selection.near(session.id, again))
    return seated(facts, session, session.entry, move)


# --- who presents


def _name(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """The rota names who presents, before there is a paper."""
    living = wishes.living(session, facts.calendars)
    if session.presenter is not None:
        return (Move(session.id, "", wishes=living),)
    circle = facts.circle(session, session.entry, names=True)
    found = presenter.successor(session, circle)
    return (_asked(facts, session, found, circle, "name", wanted=living),)


def _volunteer(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """Nobody has offered: who said "if nobody else does" is asked, or the rota names one, or they just talk."""
    if session.presenter is not None or session.entry is None or not session.settled or session.open_discussion:
        return ()
    circle = facts.circle(session, session.entry, names=True)
    found = presenter.successor(session, circle)
    return (_asked(facts, session, found, circle, "open" if found.how == "nobody" else "name"),)


def _asked(
    facts: Facts,
    session: Session,
    found: Successor,
    circle: presenter.Circle,
    action: str,
    wanted: tuple[Wish, ...] = (),
) -> Move:
    move = Move(session.id, action, say(facts.group, presenter.WHY[found.how]), wishes=wanted)
    seating = presenter.appoint(session, session.entry, found, circle.claims, circle.now)
    return replace(seating.onto(move), tells=found.member is None)


def _nudge(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    if session.presenter is None or session.confirmed_at or session.asked_at is None:
        return ()
    if session.heard_at is None:
        return _ask_still(facts, session, session.asked_at)
    return (Move(session.id, "", wishes=(wishes.nudge(session, session.asked_at),)),)


def _ask_still(facts: Facts, session: Session, asked: datetime) -> Sequence[Move]:
    """What asks them was not delivered yet: it is wanted again, with the card under which it stands, and nobody's
    silence counts before it was."""
    again = (*wishes.living(session, facts.calendars), wishes.ask(session, asked))
    return (Move(session.id, "", wishes=again),)


def _confirm(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """Who has not answered does not present; the next in line is asked."""
    if session.presenter is None or session.confirmed_at or session.asked_at is None:
        return ()
    if session.heard_at is None:
        return _ask_still(facts, session, session.asked_at)
    return (lost(facts, session, "silent", ""),)


def lost(facts: Facts, session: Session, action: str, reason: str) -> Move:
    """The presenter can't, or does not say."""
    circle = facts.circle(session, session.entry)
    found = presenter.successor(session, circle)
    move = Move(session.id, action, reason, tells=found.member is None)
    return presenter.dismiss(session, found, circle.claims, circle.now).onto(move)


def _paper(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """The presenter has not brought one: the vote says which, where there is one. It is told once that there is
    none, though everybody who is asked has a time of their own to bring one."""
    if session.entry is not None:
        return ()
    now = facts.now
    counted = facts.count(session, step.at)
    if counted.receipt.winner is None:
        return _without_paper(facts, session)
    move = selection.automatic(session, counted, now, facts.group)
    move = replace(
        move,
        reason=f"{say(facts.group, NOT_BROUGHT)}, {counted.why(facts.group)}",
        sets={**move.sets, "closed_at": step.at},
        wishes=wishes.living(session, facts.calendars),
        tells=True,
    )
    return (seated(facts, session, counted.receipt.winner, move),)


def _without_paper(facts: Facts, session: Session) -> Sequence[Move]:
    told = _no_paper(session)
    if told in facts.done(session):
        return ()
    return (Move(session.id, "pick", say(facts.group, NOT_BROUGHT), done=(told,), tells=True),)


# --- whether and when


def _headcount(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    room = facts.room(session)
    coming, needed = len(room.coming) if room else 0, facts.group.week.headcount
    if coming >= needed:
        return ()
    return called_off(facts, session, "headcount", _say_coming(facts, coming, needed))


def _say_coming(facts: Facts, coming: int, needed: int) -> str:
    if not coming:
        return say(facts.group, "none of the {needed} needed has said that they come", needed=needed)
    return count(
        facts.group,
        "only {n} of the {needed} needed has said that they come",
        "only {n} of the {needed} needed have said that they come",
        coming,
        needed=needed,
    )


def called_off(
    facts: Facts, session: Session, action: str, reason: str, status: SessionStatus = "skipped"
) -> Sequence[Move]:
    """What was decided moves on to the sessions behind it."""
    now = facts.now
    followers = facts.followers(session, by_now=status == "cancelled")
    picks = facts.newest_picks([session, *followers])
    away = facts.away()
    move = Move(session.id, action, reason, {"status": status, "why": reason}, tells=True)
    return call_off(session, followers, picks, away, move, now, facts.calendars)


def handed_on(facts: Facts, session: Session, taker: Session) -> Sequence[Move]:
    """What waits with a session that was called off is for one that was planned since."""
    picks = facts.newest_picks([session])
    away = facts.away()
    move = Move(session.id, "")
    return call_off(session, [taker], picks, away, move, facts.now, facts.calendars)


def restarted(facts: Facts, session: Session, move: Move) -> Move:
    """Where it moves to a day on which its presenter is on leave, the next in line is asked instead."""
    there = replace(session, starts=move.sets.get("starts", session.starts))
    away = facts.away()
    if session.presenter is None or there.starts == session.starts or not away(session.presenter.id, there):
        return move
    circle = facts.circle(there, session.entry)
    found = presenter.successor(there, circle)
    asks_others = tuple(wish for wish in move.wishes if wish.kind != "ask")
    again = volunteering(session) if found.member is None else ()
    seating = presenter.dismiss(there, found, circle.claims, circle.now)
    return seating.onto(replace(move, wishes=asks_others, undone=(*move.undone, *again), tells=True))


# --- messages


def _wanting(wish: Callable[[Session], Wish]) -> Callable[[Facts, Session, Step], Sequence[Move]]:
    """Of a step that only posts something."""
    return lambda facts, session, step: (Move(session.id, "", wishes=(wish(session),)),)


def _remind(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """Beside the meeting's card stands the newest. Where the last one calls those who said that they come, another of
    the meeting's own day only changes what stands."""
    times = [one for one in facts.timeline(session).steps if one.kind is StepKind.REMIND]
    wanted: list[Wish] = []
    if not facts.group.week.call or step == times[0] or session.starts - step.at >= ONE_DAY:
        wanted.append(wishes.reminder(session, step))
    if facts.group.week.call and step == times[-1]:
        wanted += _calls(facts, session, step)
    return (Move(session.id, "", wishes=tuple(wanted)),)


def _calls(facts: Facts, session: Session, step: Step) -> Iterator[Wish]:
    room = facts.room(session)
    if surfaces := facts.surfaces(room.coming if room else ()):
        yield wishes.call(session, step, surfaces)


def _recap(facts: Facts, session: Session, step: Step) -> Sequence[Move]:
    """The card of the session is shown again: it is over and no longer the one to keep in sight."""
    return (Move(session.id, "", wishes=(wishes.recap(session), wishes.card(session))),)


# --- what a moderator took back


def _taken_back(facts: Facts, session: Session, steps: Sequence[Step], done: Collection[str]) -> Move | None:
    """Undone steps stay behind us, so that nothing is picked again by itself. But what had come before its time,
    with a paper that moved here, comes at its time after all; and a ballot that is open again has to close."""
    now = facts.now
    if is_decided(session) or session.closed_at or session.starts <= now:
        return None
    behind = [step for step in steps if step.kind in PREPARING and step.key in done]
    early = tuple(step.key for step in behind if step.at > now)
    if session.shortlist:  # a ballot that began before that of a session that was called off
        early = tuple(key for key in early if key != StepKind.SHORTLIST)
    if early:
        return Move(session.id, "", undone=early)
    if any(step.kind is StepKind.CLOSE for step in behind):
        return selection.reopened(session, half_way(session, now), say(facts.group, REOPENED))
    return None


def _no_paper(session: Session) -> str:
    """Marks as done, beside the steps, that there was none for this start when its time was up."""
    return f"no paper {moment(session.starts)}"


KINDS: Mapping[StepKind, Callable[[Facts, Session, Step], Sequence[Move]]] = {
    StepKind.NOMINATE: _nominate,
    StepKind.NAME: _name,
    StepKind.SHORTLIST: _shortlist,
    StepKind.CLOSE: _close,
    StepKind.PICK: _pick,
    StepKind.VOLUNTEER: _volunteer,
    StepKind.NUDGE: _nudge,
    StepKind.PAPER: _paper,
    StepKind.CONFIRM: _confirm,
    StepKind.HEADCOUNT: _headcount,
    StepKind.THREAD: _wanting(wishes.room),
    StepKind.REMIND: _remind,
    StepKind.RECAP: _recap,
}
