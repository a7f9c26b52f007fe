"""What stands in a group's channels now: it is wanted anew in one that the group moves to."""

from collections.abc import Iterator
from datetime import datetime

from bot.actions.day import latest_digests
from bot.actions.facts import Facts, facts_of
from bot.actions.messages import want, want_list
from bot.groups.post_times import local_date
from bot.model import Session, Wish
from bot.ports import Rows
from bot.week import wishes
from bot.week.timeline import StepKind

EVENT = "event"  # stands on the server, whatever the channel


def move_along(rows: Rows, group: str, old: str, new: str, at: datetime) -> None:
    """From a channel that the group has left to the one that it meets in now: the day's papers, and the meetings to
    come. What is over stays where it is."""
    rows.messages.put_elsewhere(group, EVENT, old, new)
    rows.messages.end_alert(old)
    facts = facts_of(rows, group, at)
    newest = latest_digests(rows, group, at)
    if newest and newest[0].posted_on == local_date(at, facts.group):
        want_list(rows, newest[0], at)
    for session in facts.sessions():
        if session.status == "planned" and session.ends > at:
            for wish in _standing(facts, session):
                want(rows, group, wish, at)


def _standing(facts: Facts, session: Session) -> Iterator[Wish]:
    """Those above others first: they stand below them."""
    done = facts.done(session)
    if session.entry is not None or session.presenter or {StepKind.NOMINATE, StepKind.NAME} & {*done}:
        yield from wishes.living(session, facts.calendars)
    if session.presenter and session.asked_at and not session.confirmed_at:
        yield wishes.ask(session, session.asked_at)
    if StepKind.THREAD in done:
        yield wishes.room(session)
