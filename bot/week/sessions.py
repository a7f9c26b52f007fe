"""Which meeting is meant, and what may still be changed about it. Changes nothing."""

from datetime import datetime

from bot.errors import Refused
from bot.model import GroupSettings, Session, SessionChanges
from bot.ports import Reads


def require_session(rows: Reads, group: str, session: int) -> Session:
    """Raises Refused: no meeting."""
    found = rows.sessions.session(group, session)
    if found is None:
        raise Refused("no meeting")
    return found


def require_taking_place(session: Session, group: GroupSettings) -> None:
    """Whether it is still to come or over. Raises Refused: not taking place."""
    if session.status != "planned":
        raise Refused("not taking place", session=session, group=group)


def require_planned(session: Session, group: GroupSettings, now: datetime) -> None:
    """It is still to come or on. Raises Refused: not taking place, over."""
    require_taking_place(session, group)
    if session.ends <= now:
        raise Refused("over", session=session, group=group)


def require_to_come(session: Session, group: GroupSettings, now: datetime) -> None:
    """Raises Refused: not taking place, over, begun."""
    require_planned(session, group, now)
    if session.starts <= now:
        raise Refused("begun", session=session, group=group)


def revision(session: Session, at: datetime) -> SessionChanges:
    """For calendars, which take the newer of two by these: neither goes back, not even where the clock does."""
    revised_at = max(session.revised_at or session.scheduled_at or at, at)
    return {"sequence": session.sequence + 1, "revised_at": revised_at}
