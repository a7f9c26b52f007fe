"""Meetings as an iCalendar file (RFC 5545), for the group or for one member. Knows no web page and no mail.

A meeting keeps its UID for good; a calendar that subscribes shows a change when SEQUENCE has grown, and a cancellation
when the meeting stays in the file as cancelled. Times are UTC, so that no zone definitions are needed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unicodedata import category

from icalendar import STATUS, Calendar, Event, vText

from bot.papers.text import cut

MAX_LINE, MAX_DESCRIPTION = 500, 4000
REFRESH = timedelta(hours=1)  # how often a subscriber is asked to look again

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar shows of a session. `sequence` grows with every change of time, place, title or cancellation."""

    group: str  # its id
    id: int
    title: str
    starts: datetime
    minutes: int
    place: str = ""  # a room or a link
    description: str = ""
    url: str = ""  # of the meeting's page; anything but http(s) is left out
    sequence: int = 0
    is_cancelled: bool = False

    @property
    def uid(self) -> str:
        return f"session-{self.id}@{self.group}.paperclub"


def write_calendar(uid: str, name: str, meetings: Iterable[Meeting], written_at: datetime) -> bytes:
    """UTF-8 with CRLF, to be sent as `text/calendar; charset=utf-8`. Text may be hostile; it stays text.

    `uid` is the calendar's own and stays the same: `reading-group.paperclub`, `member-3@reading-group.paperclub`.
    """
    calendar = Calendar.new(prodid="-//Paperclub//Paperclub//EN", uid=uid, method="PUBLISH", refresh_interval=REFRESH)
    # icalendar 7.3 leaves out what RFC 7986 wants here: escapes in the name, the kind of the value
    calendar["NAME"] = calendar["X-WR-CALNAME"] = vText(_line(name))
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    for meeting in meetings:
        calendar.add_component(_event(meeting, written_at))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, written_at: datetime) -> Event:
    starts = meeting.starts.astimezone(UTC)
    return Event.new(
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamp=written_at.astimezone(UTC),
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
    lines = _LINE_ENDS.sub("\n", text.replace("\t", " "))
    return "".join(c for c in lines if c in "\n\u200d" or category(c) not in ("Cc", "Cf", "Cs"))


def _line(text: str) -> str:
    return cut(" ".join(_text(text).split()), MAX_LINE)


def _link(text: str) -> str | None:
    """Nothing where it is not plainly an address: a calendar opens it with one press."""
    return text if re.fullmatch(r"https?://[!-~]+", text) and len(text) <= MAX_LINE else None
