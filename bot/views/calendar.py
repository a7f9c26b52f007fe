"""Meetings as an iCalendar file (RFC 5545), for the group or for one member. Knows no web page and no mail.

A meeting keeps its UID for good; a calendar that subscribes shows a change when SEQUENCE has grown, and a cancellation
when the meeting stays in the file as cancelled. Times are UTC, so that no zone definitions are needed. Nothing in a
file tells when it was written: as long as the meetings are the same, so is every byte.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import category

from bot.languages import joined, msgid, say
from bot.model import GroupSettings, Participation, Session
from bot.moments import plain
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.meeting import event_title
from bot.week.participation import participations_of

if TYPE_CHECKING:  # 60 ms, for a file that a day may never ask for
    from icalendar import Event

MAX_LINE, MAX_DESCRIPTION = 500, 4000
REFRESH = timedelta(hours=1)  # how often a subscriber is asked to look again
KEPT = timedelta(days=90)  # how long a meeting that is over stays in the file

DOMAIN = "paperclub"
OFF = {
    "skipped": (msgid("Skipped."), msgid("Skipped: {why}")),
    "cancelled": (msgid("Cancelled."), msgid("Cancelled: {why}")),
}

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What a calendar shows of a session. `sequence` grows with every change, `stamped_at` never goes back."""

    group: str  # its id
    id: int
    title: str
    starts: datetime
    minutes: int
    stamped_at: datetime  # when it was made or last changed
    place: str = ""  # a room or a link
    description: str = ""
    url: str = ""  # of the meeting's page; anything but http(s) is left out
    sequence: int = 0
    is_cancelled: bool = False

    @property
    def uid(self) -> str:
        return f"session-{self.id}@{self.group}.{DOMAIN}"


# --- sessions as meetings


def calendar_of(rows: Reads, group: GroupSettings, member: int | None, now: datetime, address: str) -> bytes:
    """The sessions of the last months and all that are planned. In a member's own file those that they skip are
    cancelled, and not missing: a calendar that has them would keep them."""
    rooms = participations_of(rows, group.id, rows.sessions.sessions(group.id, now - KEPT))
    meetings = [as_meeting(room, group, member, now, address) for room in rooms]
    uid = f"{group.id}.{DOMAIN}" if member is None else f"member-{member}@{group.id}.{DOMAIN}"
    return write_calendar(uid, group.name, meetings)


def as_meeting(
    room: Participation, group: GroupSettings, member: int | None, now: datetime, address: str
) -> CalendarEvent:
    session = room.session
    skips, comes = (any(who.id == member for who in who_said) for who_said in (room.skipping, room.coming))
    own = say(group, "You said that you skip it." if skips else "You come.") if skips or comes else ""
    return CalendarEvent(
        group=group.id,
        id=session.id,
        title=event_title(_what(room, group, now), group),
        starts=session.starts,
        minutes=session.minutes,
        stamped_at=session.revised_at or session.scheduled_at or session.starts,
        place=session.place,
        description="\n".join((*([own] if own else []), *_describe(room, group))),
        url=address,
        sequence=session.sequence,
        is_cancelled=skips or session.status != "planned",
    )


def _what(room: Participation, group: GroupSettings, now: datetime) -> str:
    session = room.session
    if session.status != "planned":
        return say(group, "no meeting")
    if room.entry and session.settled:
        return room.entry.paper.title
    return say(group, "paper to be picked" if now < session.starts else "no paper")


def _describe(room: Participation, group: GroupSettings) -> Iterator[str]:
    session = room.session
    if session.status != "planned":
        bare, because = OFF[session.status]
        yield say(group, because, why=session.why) if session.why else say(group, bare)
        return
    yield _who_presents(session, [claim.member.name for claim in room.claims if claim.kind == "co"], group)
    if room.entry and session.settled and room.entry.paper.url:
        yield room.entry.paper.url
    if session.slides:
        yield say(group, "Slides: {link}", link=session.slides)


def _who_presents(session: Session, others: list[str], group: GroupSettings) -> str:
    if session.presenter is None:
        return say(group, "Open discussion: nobody presents." if session.open_discussion else "Nobody presents yet.")
    name = session.presenter.name
    if session.confirmed_at is None:
        return say(group, "{name} is asked to present.", name=name)
    if others:
        return say(group, "{name} presents, with {others}.", name=name, others=joined(group, others))
    return say(group, "{name} presents.", name=name)


# --- meetings as a file


def write_calendar(uid: str, name: str, meetings: Iterable[CalendarEvent]) -> bytes:
    """UTF-8 with CRLF, to be sent as `text/calendar; charset=utf-8`. Text may be hostile; it stays text.

    `uid` is the calendar's own and stays the same: `reading-group.paperclub`, `member-3@reading-group.paperclub`.
    """
    from icalendar import Calendar, vDuration, vText

    calendar = Calendar.new(prodid="-//Paperclub//Paperclub//EN", uid=uid, method="PUBLISH", refresh_interval=REFRESH)
    # icalendar 7.3 leaves out what RFC 7986 wants here: escapes in the name, the kind of the value
    calendar["NAME"] = calendar["X-WR-CALNAME"] = vText(_line(name))
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    calendar["X-PUBLISHED-TTL"] = vDuration(REFRESH)  # what Outlook calls it
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return bytes(calendar.to_ical())


def _event(meeting: CalendarEvent) -> "Event":
    from icalendar import STATUS, Event

    starts = meeting.starts.astimezone(UTC)
    return Event.new(
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamp=meeting.stamped_at.astimezone(UTC),
        start=starts,
        end=starts + timedelta(minutes=meeting.minutes),
        summary=_line(meeting.title),
        location=_line(meeting.place) or None,
        description=cut(_text(meeting.description), MAX_DESCRIPTION) or None,
        url=_link(meeting.url),
        status=STATUS.CANCELLED if meeting.is_cancelled else STATUS.CONFIRMED,
    )


def _text(text: str) -> str:
    """Without what is not seen, such as control characters and marks that turn the text around."""
    lines = _LINE_ENDS.sub(
        "\n", plain(text).replace("\t", " ").replace("\\N", "\\ N")
    )  # icalendar 7.3 takes \\N for a line end
    return "".join(c for c in lines if c in "\n\u200d" or category(c) not in ("Cc", "Cf", "Cs"))


def _line(text: str) -> str:
    return cut(" ".join(_text(text).split()), MAX_LINE)


def _link(text: str) -> str | None:
    """Nothing where it is not plainly an address: a calendar opens it with one press."""
    return text if re.fullmatch(r"https?://[!-~]+", text) and len(text) <= MAX_LINE else None
