"""The calendar file: read back by the library, stable, safe with hostile text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.calendar import MAX_DESCRIPTION, MAX_LINE, Meeting, write_calendar

WRITTEN = datetime(2026, 11, 23, 8, tzinfo=UTC)
MEETING = Meeting(
    group="reading-group",
    id=12,
    title="Attention; is, all \\ you need",
    starts=datetime(2026, 11, 26, 16, tzinfo=UTC),
    minutes=90,
    place="Room 2.01, second floor",
    description="Ada presents.\nhttps://arxiv.org/abs/1706.03762",
    url="https://papers.example.org/s/12?a=b,c;d",
    sequence=3,
)


def written(*meetings: Meeting, name: str = "Reading group") -> bytes:
    return write_calendar("reading-group.paperclub", name, meetings, WRITTEN)


def read_back(*meetings: Meeting, name: str = "Reading group") -> list[Event]:
    return list(Calendar.from_ical(written(*meetings, name=name)).events)


def test_a_meeting_is_read_back_as_it_is() -> None:
    (event,) = read_back(MEETING)
    assert str(event["UID"]) == "session-12@reading-group.paperclub"
    assert str(event["SUMMARY"]) == MEETING.title
    assert str(event["LOCATION"]) == MEETING.place
    assert str(event["DESCRIPTION"]) == MEETING.description
    assert str(event["URL"]) == MEETING.url
    assert str(event["STATUS"]) == "CONFIRMED"
    assert event["SEQUENCE"] == 3
    assert event.start == MEETING.starts
    assert event.end == MEETING.starts + timedelta(minutes=90)
    assert event.DTSTAMP == WRITTEN


def test_times_are_utc_and_lines_end_in_crlf_and_are_folded() -> None:
    text = written(replace(MEETING, title="é" * 200))
    assert b"\r\nDTSTART:20261126T160000Z\r\nDTEND:20261126T173000Z\r\n" in text
    assert b"VTIMEZONE" not in text
    assert text.count(b"\n") == text.count(b"\r\n")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


def test_a_cancelled_meeting_keeps_its_uid() -> None:
    before, after = read_back(MEETING) + read_back(replace(MEETING, sequence=4, is_cancelled=True))
    assert before["UID"] == after["UID"]
    assert str(after["STATUS"]) == "CANCELLED"
    assert after["SEQUENCE"] == 4


def test_the_same_is_written_the_same() -> None:
    assert written(MEETING) == written(MEETING)


def test_a_calendar_has_a_name_and_asks_to_be_read_again() -> None:
    text = written(name="Reading group, Berlin")
    assert b"\r\nX-WR-CALNAME:Reading group\\, Berlin\r\n" in text
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert read_back(name="empty") == []


def test_what_is_empty_is_left_out() -> None:
    (event,) = read_back(replace(MEETING, place="", description="", url=""))
    assert {"LOCATION", "DESCRIPTION", "URL"}.isdisjoint(event)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "https://a\r\nX:1", "https://" + "a" * 600, "//x"],
)
def test_what_is_no_plain_address_is_left_out(url: str) -> None:
    (event,) = read_back(replace(MEETING, url=url))
    assert "URL" not in event


def test_long_text_is_cut() -> None:
    (event,) = read_back(replace(MEETING, title="a" * 9999, description="b" * 9999))
    assert len(str(event["SUMMARY"])) == MAX_LINE
    assert len(str(event["DESCRIPTION"])) == MAX_DESCRIPTION


nasty = st.text(
    st.one_of(st.characters(), st.sampled_from('\r\n\t;,\\:"\x00\x85\u2028\u202e\ud800')), max_size=90
) | st.just("x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y")


@given(nasty, nasty, nasty, nasty)
def test_hostile_text_stays_text(name: str, title: str, place: str, description: str) -> None:
    hostile = replace(MEETING, title=title, place=place, description=description)
    first, second = read_back(hostile, replace(MEETING, id=13), name=name)
    assert str(second["SUMMARY"]) == MEETING.title
    assert set(first) <= set(second)
    for shown in (str(first.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")):
        assert not {"\r", "\x00", "\x85", "\u2028", "\u202e", "\ud800"} & set(shown)
    assert "\n" not in str(first.get("SUMMARY", ""))


@given(st.text(st.sampled_from("ab,;\\n: "), max_size=20))
def test_a_name_is_escaped_as_the_text_it_is(name: str) -> None:
    """Looks at the bytes, since icalendar 7.3 takes no escapes away when it reads these two."""
    plain = " ".join(name.split())
    escaped = "".join(f"\\{c}" if c in "\\,;" else c for c in plain).encode()
    assert b"\r\nNAME:" + escaped + b"\r\nX-WR-CALNAME:" + escaped + b"\r\n" in written(name=name)
