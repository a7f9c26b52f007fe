"""Whether what asks a presenter was delivered: before it was, no silence of theirs means anything."""

from datetime import datetime

from bot.groups import settings_of
from bot.model import Member, Session
from bot.ports import Reads, Rows
from bot.week import wishes


def hear(rows: Rows, session: Session, at: datetime) -> bool:
    """What is known of it now, `at` being when it came. False when nothing changed."""
    is_heard = session.presenter is not None and _stands(rows, session, session.presenter)
    if is_heard == (session.heard_at is not None):
        return False
    rows.sessions.change(session.group, session.id, {"heard_at": at if is_heard else None})
    return True


def _stands(rows: Reads, session: Session, presenter: Member) -> bool:
    """Where they read it: on a surface of theirs, or anywhere when the group meets on none of these."""
    if session.asked_at is None:
        return False
    wish = wishes.ask(session, session.asked_at)
    channels = settings_of(rows, session.group).channels
    theirs = {_surface(account) for account in rows.people.accounts(session.group, presenter.id)}
    read = [place for place in channels if _surface(place) in theirs] or channels
    return any(rows.messages.shown_ref(session.group, place, wish.kind, wish.key) for place in read)


def _surface(name: str) -> str:
    return name.partition(":")[0]
