"""Who presents a meeting: yes, no, another, this paper, these slides, on leave then.

What others have to do with it, too, is a function of Facts that gives the Move: `volunteered`, `declined` …
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.facts import Facts, as_it_stands, facts_for
from bot.actions.moves import carry_out
from bot.actions.people import Leave, set_leave
from bot.actions.steps import lost
from bot.errors import Refused
from bot.model import Act, Entry, Member, Move, Pick, Session, SessionChanges
from bot.ports import Reads, Rows, answered_by
from bot.week import presenter, selection, wishes
from bot.week.plan import date_of


@answered_by(as_it_stands)
def confirm_presenting(rows: Rows, act: Act, session: int) -> Session:
    """The presenter says yes. Said by another where nobody presents, they do from now on. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    facts.require_planned(found)
    if found.presenter is None:
        return carry_out(rows, act, session, volunteered(facts, act, found))
    if found.presenter.id != act.member:
        raise Refused("presents already", name=found.presenter.name, session=found, group=facts.group)
    if found.confirmed_at:
        return found
    return carry_out(rows, act, session, Move(session, "confirm", "", {"confirmed_at": act.at}))


def volunteered(facts: Facts, act: Act, session: Session) -> Move:
    """Raises Refused: no paper yet."""
    if facts.group.week.mode == "vote" and (session.entry is None or not session.settled):
        raise Refused("no paper yet")
    claims = facts.claims(session.entry)
    seating = presenter.appoint_willing(session, session.entry, act.member, claims, act.at)
    return seating.onto(Move(session.id, "volunteer", "", wishes=wishes.living(session, facts.calendars)))


@answered_by(as_it_stands)
def decline_presenting(rows: Rows, act: Act, session: int, reason: str = "") -> Session:
    """The presenter can't make it: the first backup is asked, then who takes it if nobody else does, then the channel;
    after the time for volunteers the rota. Raises Refused."""
    facts = facts_for(rows, act)
    move = declined(facts, act, facts.session(session), act.member, reason, "decline")
    return carry_out(rows, act, session, move)


def declined(facts: Facts, act: Act, session: Session, member: int, reason: str, action: str) -> Move:
    """Whoever says so, `member` does not present any more. Raises Refused: not presenting."""
    facts.require_planned(session)
    if session.presenter is None or session.presenter.id != member:
        raise Refused("not presenting", session=session, group=facts.group, themselves=act.member == member)
    return lost(facts, session, action, reason)


@answered_by(as_it_stands)
def hand_over(rows: Rows, act: Act, session: int, to: int) -> Session:
    """From the presenter (or by a moderator) to another member, who is asked. Raises Refused."""
    facts = facts_for(rows, act)
    return carry_out(rows, act, session, *handed_over(facts, act, facts.session(session), to, "hand over"))


def handed_over(facts: Facts, act: Act, session: Session, to: int, action: str) -> Sequence[Move]:
    """Another member presents from now on, if they say yes; () when they do. Raises Refused: nothing to present, not
    joined, on leave."""
    facts.require_planned(session)
    if facts.group.week.mode == "vote" and (session.entry is None or not session.settled):
        raise Refused("nothing to present")
    if session.presenter and session.presenter.id == to:
        return ()
    turn = facts.turn(to)
    if turn.is_away(date_of(session, facts.group)):
        raise Refused("on leave", name=turn.member.name, session=session, group=facts.group)
    tried = tuple(member for member in session.tried if member != to)
    if session.presenter and session.presenter.id == act.member:
        tried = (*tried, act.member)
    found = presenter.Successor("claim", to)
    seating = presenter.appoint(session, session.entry, found, facts.claims(session.entry), act.at)
    return (seating.onto(Move(session.id, action, _names(session.presenter, turn.member), {"tried": tried})),)


def _names(before: Member | None, after: Member) -> str:
    return f"{after.name} instead of {before.name}" if before else f"{after.name} presents"


# --- the paper that a presenter brings


@answered_by(as_it_stands)
def bring_paper(rows: Rows, act: Act, session: int, entry: int) -> Session:
    """The presenter of a group with mode = "presenter" says what they will present. Raises Refused."""
    facts = facts_for(rows, act)
    found, paper = facts.session(session), facts.entry(entry)
    _require_bringing(facts, act, found)
    if found.entry == entry and found.confirmed_at:
        return found
    _require_free(facts, act, found, paper)
    return carry_out(rows, act, session, _brought(facts, act, found, paper))


def _brought(facts: Facts, act: Act, session: Session, paper: Entry) -> Move:
    claims = facts.claims(paper.id)
    if session.presenter is None:
        seating = presenter.appoint_willing(session, paper.id, act.member, claims, act.at)
    else:
        seating = presenter.Appointment({}, presenter.hand_to(claims, paper.id, act.member))
    sets: SessionChanges = {"entry": paper.id, "settled": True, "confirmed_at": session.confirmed_at or act.at}
    pick, living = _instead(facts, act, session, paper), wishes.living(session, facts.calendars)
    return seating.onto(Move(session.id, "bring", "", sets, pick=pick, wishes=living))


def _instead(facts: Facts, act: Act, session: Session, paper: Entry) -> Pick | None:
    """Where the vote had picked one for the presenter, the receipt says that they chose another."""
    picks = facts.picks(session)
    if not picks:
        return None
    again = selection.count(selection.chosen(selection.read_pick(picks[-1]).election, paper, act.at))
    return again.pick(act.at, Member(act.member, ""))


def _require_bringing(facts: Facts, act: Act, session: Session) -> None:
    facts.require_to_come(session)
    if facts.group.week.mode != "presenter":
        raise Refused("votes for papers")
    if session.presenter and session.presenter.id != act.member:
        raise Refused("brings the paper", name=session.presenter.name, session=session, group=facts.group)


def _require_free(facts: Facts, act: Act, session: Session, paper: Entry) -> None:
    title = paper.paper.title
    if paper.dropped:
        raise Refused("was dropped", title=title)
    facts.require_handed_in(paper)
    reading = facts.reading(paper.id)
    if reading and reading.id != session.id:
        is_over = reading.ends <= facts.now
        raise Refused("is read elsewhere", title=title, session=reading, group=facts.group, is_over=is_over)
    if paper.claimer and paper.claimer.id != act.member:
        raise Refused("claimed already", name=paper.claimer.name, title=title)


# --- slides


@answered_by(as_it_stands)
def put_slides(rows: Rows, act: Act, session: int, link: str, *, moderates: bool = False) -> Session:
    """Anybody where there are none yet; those that stand there are changed by whoever presents and by moderators. The
    meeting may be over. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    facts.require_taking_place(found)
    if found.slides == link:
        return found
    if found.slides and not moderates:
        _require_presenting(facts, act, found)
    return carry_out(rows, act, session, Move(session, "slides", "", {"slides": link}))


def _require_presenting(facts: Facts, act: Act, session: Session) -> None:
    """As the first or beside them."""
    first = (session.presenter,) if session.presenter else ()
    beside = (claim.member for claim in facts.claims(session.entry) if claim.kind == "co")
    names = {member.id: member.name for member in (*first, *beside)}
    if act.member not in names:
        raise Refused("has slides", names=tuple(names.values()), session=session, group=facts.group)


# --- leave


def leave_stands(rows: Reads, act: Act, leave: Leave | None) -> tuple[bool, Sequence[Session]]:
    """Nothing changed now."""
    return False, ()


@answered_by(leave_stands)
def take_leave(rows: Rows, act: Act, leave: Leave | None) -> tuple[bool, Sequence[Session]]:
    """First and last day away; None: back. They present no meeting in that time: whether anything changed, and those
    that they were to present. Raises Refused."""
    changed = set_leave(rows, act, leave)
    freed = [] if leave is None else _freed(facts_for(rows, act), act.member)
    for session in freed:
        _free(rows, act, session)
    return changed, [facts_for(rows, act).session(session.id) for session in freed]


def _freed(facts: Facts, member: int) -> Sequence[Session]:
    turn = facts.turn(member)
    coming = [one for one in facts.sessions() if one.status == "planned" and one.starts > facts.now]
    theirs = [one for one in coming if one.presenter and one.presenter.id == member]
    return [one for one in theirs if turn.is_away(date_of(one, facts.group))]


def _free(rows: Rows, act: Act, session: Session) -> None:
    """Each by what stands once the one before is settled."""
    facts = facts_for(rows, act)
    move = declined(facts, act, facts.session(session.id), act.member, "on leave then", "decline")
    carry_out(rows, act, session.id, replace(move, action="decline"))
