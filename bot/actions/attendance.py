"""What members do for a meeting: say whether they come and how far they have read, take a role, ask, look back."""

from collections.abc import Sequence

from bot.actions.messages import show_entry, show_session
from bot.actions.reactions import mirror_reaction
from bot.errors import Refused
from bot.groups import settings_of
from bot.model import Act, MeetingRole, Reading, RsvpAnswer
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.week.sessions import require_planned, require_session


@answered_with(False)
def rsvp(rows: Rows, act: Act, session: int, answer: RsvpAnswer | None) -> bool:
    """None takes the answer back. False when nothing changed. Raises Refused: no meeting, not taking place, over."""
    _require_planned(rows, act, session)
    if answer is None:
        changed = rows.attendance.drop_answer(act.group, session, act.member)
    else:
        changed = rows.attendance.put_answer(act.group, session, act.member, answer, act.at)
    if changed:
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


def has_role(rows: Reads, act: Act, session: int, role: MeetingRole) -> bool:
    """Raises Refused: no meeting."""
    require_session(rows, act.group, session)
    holder = rows.attendance.who_has(act.group, session, role)
    return holder is not None and holder.id == act.member


@answered_by(has_role)
def take_role(rows: Rows, act: Act, session: int, role: MeetingRole) -> bool:
    """Said again by who has it, gives it back: False. Raises Refused: no meeting, not taking place, over, role
    taken."""
    _require_planned(rows, act, session)
    holder = rows.attendance.who_has(act.group, session, role)
    if holder and holder.id != act.member:
        raise Refused("role taken", name=holder.name, role=role)
    if holder:
        rows.attendance.drop_role(act.group, session, role)
    else:
        rows.attendance.put_role(act.group, session, act.member, role, act.at)
        _come_too(rows, act, session)
    show_session(rows, act.group, session, act.at)
    return holder is None


def _come_too(rows: Rows, act: Act, session: int) -> None:
    """Who takes a role comes, unless they said otherwise."""
    if rows.attendance.answer(act.group, session, act.member) is None:
        rows.attendance.put_answer(act.group, session, act.member, "join", act.at)


def _require_planned(rows: Rows, act: Act, session: int) -> None:
    require_planned(require_session(rows, act.group, session), settings_of(rows, act.group), act.at)


@answered_with(None)
def ask(rows: Rows, act: Act, session: int, text: str) -> None:
    """A question for the presenter. Raises Refused: no meeting."""
    require_session(rows, act.group, session)
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
def write_recap(rows: Rows, act: Act, session: int, takeaways: Sequence[str], rating: int | None) -> None:
    """Replaces the member's own. Raises Refused: no meeting."""
    about = require_session(rows, act.group, session)
    rows.attendance.put_recap(act.group, session, act.member, takeaways, rating, act.at)
    show_session(rows, act.group, session, act.at)
    if about.entry:
        show_entry(rows, act.group, about.entry, act.at)
