"""What moderators and members do about the pick: choose, accept, veto, open the vote again, confirm a proposal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.facts import Facts, as_it_stands, facts_for
from bot.actions.messages import show_session
from bot.actions.moves import carry_out
from bot.actions.steps import seated, settled
from bot.errors import Refused
from bot.languages import say
from bot.model import Act, ClaimMove, Entry, Member, Move, Session, SessionChanges
from bot.ports import Reads, Rows, answered_by
from bot.week import presenter, selection, wishes
from bot.week.plan import half_way


@answered_by(as_it_stands)
def pick_paper(rows: Rows, act: Act, session: int, entry: int, reason: str = "") -> Session:
    """An organiser's choice, whatever the votes say; the receipt says so. Raises Refused."""
    facts = facts_for(rows, act)
    found, paper = facts.session(session), facts.entry(entry)
    facts.require_planned(found)
    _require_free(facts, found, paper)
    if found.entry == entry and found.settled:
        return found
    counted = facts.count(found, found.closed_at or act.at)
    again = selection.count(selection.chosen(counted.election, paper, act.at))
    return carry_out(rows, act, session, _choose(facts, act, found, entry, again, "pick", reason))


def _require_free(facts: Facts, session: Session, paper: Entry) -> None:
    if paper.dropped:
        raise Refused("dropped from the vote", title=paper.paper.title)
    facts.require_handed_in(paper)
    other = facts.reading(paper.id)
    if other and other.id != session.id and other.ends > facts.now:
        raise Refused("reads already", title=paper.paper.title, session=other, group=facts.group)


def _choose(
    facts: Facts, act: Act, session: Session, entry: int, counted: selection.Counted, action: str, reason: str
) -> Move:
    """Another paper than before: its own people are asked to present it, where the presenter is not given."""
    sets: SessionChanges = {"entry": entry, "settled": True, "closed_at": session.closed_at or act.at}
    move = Move(
        session.id,
        action,
        reason or counted.why(facts.group),
        sets,
        pick=counted.pick(act.at, Member(act.member, "")),
        claims=_given_up(facts, session, entry),
        wishes=wishes.living(session, facts.calendars),
        tells=session.closed_at is not None or bool(reason),
        carried=selection.near(session.id, counted, session.entry if action == "next" else None),
    )
    return seated(facts, session, entry, move)


def _given_up(facts: Facts, session: Session, entry: int) -> tuple[ClaimMove, ...]:
    if session.entry is None or session.entry == entry or facts.group.week.mode == "presenter":
        return ()
    return presenter.given_up(session, facts.claims(session.entry))


@answered_by(as_it_stands)
def accept_paper(rows: Rows, act: Act, session: int) -> Session:
    """The proposed paper. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    _require_proposed(facts, found)
    return found if found.settled else _accept(rows, act, facts, found, "")


def _accept(rows: Rows, act: Act, facts: Facts, session: Session, reason: str) -> Session:
    move = settled(facts, session, "accept", reason)
    pick = move.pick and replace(move.pick, by=Member(act.member, ""))
    return carry_out(rows, act, session.id, replace(move, pick=pick))


def _require_proposed(facts: Facts, session: Session) -> None:
    facts.require_planned(session)
    if session.entry is None:
        raise Refused("nothing proposed")


@answered_by(as_it_stands)
def next_paper(rows: Rows, act: Act, session: int, reason: str = "") -> Session:
    """Veto: the runner-up of the receipt instead of the paper that is picked or proposed. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    _require_proposed(facts, found)
    picks = facts.picks(found)
    paper = _runner_up(facts, found, list(selection.next_in_line(picks, found.entry or 0)))
    if paper is None:
        raise Refused("no other paper")
    again = selection.count(selection.chosen(selection.read_pick(picks[-1]).election, paper, act.at))
    return carry_out(rows, act, session, _choose(facts, act, found, paper.id, again, "next", reason))


def _runner_up(facts: Facts, session: Session, line: Sequence[int]) -> Entry | None:
    for candidate in line:
        paper, reading = facts.entry(candidate), facts.reading(candidate)
        if not paper.is_off and (reading is None or reading.id == session.id):
            return paper
    return None


@answered_by(as_it_stands)
def reopen_vote(rows: Rows, act: Act, session: int, until: datetime | None = None, reason: str = "") -> Session:
    """The vote goes on until then, or for half of the time that is left; the pick is taken back. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    facts.require_to_come(found)
    if facts.group.week.mode != "vote":
        raise Refused("no vote here")
    closes = until or half_way(found, act.at)
    if not act.at < closes < found.starts:
        raise Refused("closes at another time")
    move = selection.reopened(found, closes, reason)
    sets: SessionChanges = {**move.sets, "shortlist": _shortlist(facts, found)}
    given = presenter.given_up(found, facts.claims(found.entry))
    return carry_out(rows, act, session, replace(move, sets=sets, claims=given, wishes=(wishes.card(found),)))


def _shortlist(facts: Facts, session: Session) -> tuple[int, ...]:
    """As it is, unless nothing on it can be picked any more."""
    return session.shortlist if any(not facts.entry(entry).is_off for entry in session.shortlist) else ()


def confirmations(rows: Reads, act: Act, session: int) -> tuple[Session, int]:
    facts = facts_for(rows, act)
    room = facts.room(found := facts.session(session))
    return found, len(room.seconded) if room else 0


@answered_by(confirmations)
def second_paper(rows: Rows, act: Act, session: int) -> tuple[Session, int]:
    """A member confirms the proposal; with the second it is settled. Also how many have. Raises Refused."""
    facts = facts_for(rows, act)
    found = facts.session(session)
    _require_proposed(facts, found)
    if found.entry is None or found.settled:
        raise Refused("settled already")
    rows.picks.second(act.group, session, found.entry, act.member, act.at)
    show_session(rows, act.group, session, act.at)
    count = rows.picks.seconded(act.group, session, found.entry)
    if count >= selection.SECONDS:
        found = _accept(rows, act, facts, found, say(facts.group, selection.SECONDED))
    return found, count
