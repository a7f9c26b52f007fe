"""What members do for a meeting: say whether they come and how far they have read, take a role, ask, look back."""

from collections.abc import Mapping

from bot.actions.messages import show_entry, show_session
from bot.actions.reactions import mirror_reaction
from bot.errors import Refused
from bot.groups import settings_of
from bot.model import Act, MeetingRole, Reading, Recap, RsvpAnswer, Session
from bot.ports import Reads, Rows, answered_with
from bot.week.sessions import require_planned, require_session, revision


@answered_with(False)
def rsvp(rows: Rows, act: Act, session: int, answer: RsvpAnswer | None) -> bool:
    """None takes the answer back. False when nothing changed. Raises Refused: no meeting, not taking place, over."""
    about = _require_planned(rows, act, session)
    if answer is None:
        changed = rows.attendance.drop_answer(act.group, session, act.member)
    else:
        changed = rows.attendance.put_answer(act.group, session, act.member, answer, act.at)
    if changed:
        _revise(rows, about, act)
        show_session(rows, act.group, session, act.at)
    return changed


def take_mark(rows: Rows, act: Act, message: int, session: int, account: str, *, on: bool) -> None:
    """Who marks the event of a meeting on their platform comes; only a change of what stands there is an answer, and
    to take the mark away takes back only that they come. Raises Refused like an answer."""
    if not mirror_reaction(rows, act, message, account, on=on):
        return
    if on:
        rsvp(rows, act, session, "join")
    elif rows.attendance.answer(act.group, session, act.member) == "join":
        rsvp(rows, act, session, None)


@answered_with(False)
def check_in(rows: Rows, act: Act, session: int, reading: Reading) -> bool:
    """How far the member has read. False when they had said so. Raises Refused: no meeting."""
    require_session(rows, act.group, session)
    if not rows.attendance.put_reading(act.group, session, act.member, reading, act.at):
        return False
    show_session(rows, act.group, session, act.at)
    return True


@answered_with(False)
def take_role(rows: Rows, act: Act, session: int, role: MeetingRole) -> bool:
    """False when they had it. Raises Refused: no meeting, not taking place, over, role taken."""
    about = _require_planned(rows, act, session)
    holder = rows.attendance.who_has(act.group, session, role)
    if holder and holder.id != act.member:
        raise Refused("role taken", name=holder.name, role=role)
    if holder:
        return False
    rows.attendance.put_role(act.group, session, act.member, role, act.at)
    _come_too(rows, act, about)
    show_session(rows, act.group, session, act.at)
    return True


@answered_with(False)
def give_role_back(rows: Rows, act: Act, session: int, role: MeetingRole) -> bool:
    """False when it is not the member's. Raises Refused: no meeting, not taking place, over."""
    _require_planned(rows, act, session)
    holder = rows.attendance.who_has(act.group, session, role)
    if holder is None or holder.id != act.member:
        return False
    rows.attendance.drop_role(act.group, session, role)
    show_session(rows, act.group, session, act.at)
    return True


def _come_too(rows: Rows, act: Act, session: Session) -> None:
    """Who takes a role comes, unless they said otherwise."""
    if rows.attendance.answer(act.group, session.id, act.member) is None:
        rows.attendance.put_answer(act.group, session.id, act.member, "join", act.at)
        _revise(rows, session, act)


def _revise(rows: Rows, session: Session, act: Act) -> None:
    """In the member's own calendar it has changed."""
    rows.sessions.change(act.group, session.id, revision(session, act.at))


def _require_planned(rows: Rows, act: Act, session: int) -> Session:
    found = require_session(rows, act.group, session)
    require_planned(found, settings_of(rows, act.group), act.at)
    return found


@answered_with(None)
def ask(rows: Rows, act: Act, session: int, text: str) -> None:
    """A question for the presenter; one that the member has asked already stays one. Raises Refused: no meeting."""
    require_session(rows, act.group, session)
    asked = rows.attendance.attended(act.group, [session])[session].questions
    if any(one.member.id == act.member and one.text == text for one in asked):
        return
    rows.attendance.add_question(act.group, session, act.member, text, act.at)
    show_session(rows, act.group, session, act.at)


@answered_with(False)
def withdraw_question(rows: Rows, act: Act, question: int) -> bool:
    """Only the member's own. False when there is no such question, or not any more."""
    session = rows.attendance.withdraw_question(act.group, act.member, question, act.at)
    if session is None:
        return False
    show_session(rows, act.group, session, act.at)
    return True


@answered_with(None)
def write_recap(rows: Rows, act: Act, session: int, takeaways: Mapping[int, str], rating: int | None = None) -> None:
    """By their places, from 0: the member's others stay; "" takes one out. A rating of 0 is taken back, None left as it
    is. Raises Refused: no meeting."""
    about = require_session(rows, act.group, session)
    own = _own_recap(rows, act, session)
    held = dict(enumerate(own.takeaways if own else ())) | dict(takeaways)
    told = [held[place] for place in sorted(held) if held[place]]
    rated = (own.rating if own else None) if rating is None else rating or None
    rows.attendance.put_recap(act.group, session, act.member, told, rated, act.at)
    show_session(rows, act.group, session, act.at)
    if about.entry:
        show_entry(rows, act.group, about.entry, act.at)


def _own_recap(rows: Reads, act: Act, session: int) -> Recap | None:
    recaps = rows.attendance.attended(act.group, [session])[session].recaps
    return next((recap for recap in recaps if recap.member.id == act.member), None)
