"""What becomes of a message on its way to a channel: taken, shown, put off, given up, posted anew.

The program's own steps, each a function of rows; the outbox takes them in turn. Knows no surface, and nothing of what
a message says.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bot.actions.hearing import hear
from bot.actions.messages import ASK, DISCUSSION, STALE, show_card, show_session
from bot.model import Trouble, Wanted
from bot.ports import Pace, Reads, Rows
from bot.views.sheets import CARD
from bot.week.plan import PROMPTLY

Landing = Literal["there", "beside", "directly"]  # where it was wanted, in its channel instead, to those it asks
LEASE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)  # until another attempt, whatever a platform asks for
FIRST = timedelta(hours=1)  # in which an edit may follow the last one sooner
SECOND_CHANCE = timedelta(days=1)  # what was given up within it is tried again at a start
PATIENT = (CARD,)  # platforms hold up edits of old messages for minutes: those come after all that is new


def pace(early: float, late: float) -> Pace:
    """Of a surface, with the seconds between two edits of a young and of an older message."""
    return Pace(early, late, FIRST, STALE, LONGEST_WAIT, PATIENT)


def take_due(
    rows: Rows, surface: str, now: datetime, pace: Pace, limit: int, resting: Collection[str] = ()
) -> Sequence[Wanted]:
    """Each of another place, leased for a minute, so that nobody else sends it."""
    due = rows.messages.due(surface, now, pace, limit, resting)
    rows.messages.lease(due, now + LEASE)
    return due


def mark_shown(rows: Rows, message: Wanted, ref: str, hash: str, now: datetime, where: Landing = "there") -> None:
    """Pages hear of it unless it looks as it did."""
    stands = rows.messages.message(message.group, message.id)
    if not rows.messages.put_shown(message, ref, hash, now):
        return
    if stands is None or stands[0].hash != hash:
        rows.changes.note(message.group, f"message:{message.id}")
    if ref != message.ref:
        _has_appeared(rows, message, now, where)


def _has_appeared(rows: Rows, message: Wanted, now: datetime, where: Landing) -> None:
    """A post that got through ends the trouble of its place; a discussion that has opened is shown on its card."""
    if where != "directly":
        rows.messages.end_alert(message.place)
    if where == "there" and message.parent_ref:
        rows.messages.end_alert(below(message.place))
    if message.kind == ASK:
        _is_heard(rows, message, now)
    if message.kind == DISCUSSION:
        show_card(rows, message.group, int(message.key), now, message.place)


def below(place: str) -> str:
    """The threads of a place, whose troubles are others than its own."""
    return f"{place} below"


def _is_heard(rows: Rows, message: Wanted, now: datetime) -> None:
    """From now on the presenter can answer; where that is late, they are told of another deadline."""
    session = rows.sessions.session(message.group, int(message.key.partition(" ")[0]))
    if session and session.asked_at and hear(rows, session, now) and now - session.asked_at > PROMPTLY:
        show_session(rows, message.group, session.id, now)


def mark_removed(rows: Rows, message: Wanted, now: datetime) -> None:
    """It had nothing to show any more and does not stand. Once it has, it is posted anew."""
    if rows.messages.begin_round(message):
        rows.messages.drop_reactions(message.id)
        rows.messages.put_shown(replace(message, round=message.round + 1), "", "", now)
        rows.changes.note(message.group, f"message:{message.id}")


def put_off(rows: Rows, message: Wanted, until: datetime, error: str) -> None:
    rows.messages.put_off(message, until, error)


def give_up(rows: Rows, message: Wanted, error: str, now: datetime) -> None:
    """Until it is wanted anew; at once when it was so since it was taken."""
    rows.messages.give_up(message, error, now)


def repost(rows: Rows, message: Wanted) -> None:
    """It was deleted on the platform: the same row in its next round, so that replies and pages still find it. The
    emoji went with the old one; the votes that they were stay."""
    if rows.messages.begin_round(message):
        rows.messages.drop_reactions(message.id)


def recover(rows: Rows, now: datetime) -> None:
    """At a start: what a dead process had taken is free, what was given up lately is tried again."""
    rows.messages.free_leases()
    rows.messages.retry(now - SECOND_CHANCE)


def raise_alert(rows: Rows, place: str, error: str, at: datetime) -> bool:
    """True once for each trouble of a place, until something is posted there again."""
    return rows.messages.raise_alert(place, error, at)


def troubles(rows: Reads, group: str, now: datetime) -> Sequence[Trouble]:
    """What was given up or waits for another attempt; what is stale counts as given up."""
    return rows.messages.troubles(group, now - STALE)
