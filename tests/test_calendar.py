"""The calendar file: what it says of sessions, read back by the library, stable, safe with hostile text."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.model import Claim, ClaimKind, Entry, GroupSettings, Member, Paper, Participation, Session, WeekSettings
from bot.views.calendar import MAX_DESCRIPTION, MAX_LINE, CalendarEvent, as_meeting, write_calendar
from tests.club import BERLIN, Town, town
from tests.fakes.source import paper

WRITTEN = datetime(2026, 11, 23, 8, tzinfo=UTC)
STARTS = datetime(2026, 11, 26, 16, tzinfo=UTC)
MEETING = CalendarEvent(
    group="reading-group",
    id=12,
    title="Attention; is, all \\ you need",
    starts=STARTS,
    minutes=90,
    stamped_at=WRITTEN,
    place="Room 2.01, second floor",
    description="Ada presents.\nhttps://arxiv.org/abs/1706.03762",
    url="https://papers.example.org/s/12?a=b,c;d",
    sequence=3,
)


def written(*meetings: CalendarEvent, name: str = "Reading group") -> bytes:
    return write_calendar("reading-group.paperclub", name, meetings)


def read_back(*meetings: CalendarEvent, name: str = "Reading group") -> list[Event]:
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
    assert b"\r\nX-PUBLISHED-TTL:PT1H\r\n" in text
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


def test_a_formula_is_no_line_end() -> None:
    (event,) = read_back(replace(MEETING, title="Sets of \\N and \\n"))
    assert str(event["SUMMARY"]) == "Sets of \\ N and \\n"


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


# --- sessions

GROUP = GroupSettings(id="reading-group", name="Reading group")
ADA, BEN, CLEO = Member(1, "Ada"), Member(2, "Ben"), Member(3, "Cleo")
PAPER = Paper("arxiv:2611.00001", "Tiny Verifiers", url="https://arxiv.org/abs/2611.00001")
ENTRY = Entry(7, "reading-group", PAPER, STARTS.date(), 1, STARTS.date(), "sample", "")
PLANNED = Session(5, "reading-group", STARTS.date(), STARTS, 60, "Room 2.01", scheduled_at=WRITTEN, sequence=2)
PICKED = replace(PLANNED, entry=7, settled=True, presenter=ADA, asked_at=WRITTEN, confirmed_at=WRITTEN)
NEXT = "https://papers.example.org/g/reading-group/next"


def meeting(session: Session, member: int | None = None, now: datetime = WRITTEN, **room: object) -> CalendarEvent:
    full = Participation(session, ENTRY if session.entry else None, None)
    return as_meeting(replace(full, **room), GROUP, member, now, NEXT)  # type: ignore[arg-type]


def test_a_session_tells_what_when_where_and_who() -> None:
    assert meeting(replace(PICKED, slides="https://slides.example.org/1")) == CalendarEvent(
        group="reading-group",
        id=5,
        title="Reading group: Tiny Verifiers",
        starts=STARTS,
        minutes=60,
        stamped_at=WRITTEN,
        place="Room 2.01",
        description="Ada presents.\nhttps://arxiv.org/abs/2611.00001\nSlides: https://slides.example.org/1",
        url=NEXT,
        sequence=2,
    )


@pytest.mark.parametrize(
    ("session", "now", "title"),
    [
        (PLANNED, WRITTEN, "paper to be picked"),
        (replace(PICKED, settled=False), WRITTEN, "paper to be picked"),  # proposed: not said before it is sure
        (PLANNED, STARTS, "no paper"),
        (replace(PICKED, status="skipped"), WRITTEN, "no meeting"),
    ],
)
def test_a_session_without_a_paper_says_so(session: Session, now: datetime, title: str) -> None:
    assert meeting(session, now=now).title == f"Reading group: {title}"


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (PLANNED, "Nobody presents yet."),
        (replace(PLANNED, open_discussion=True), "Open discussion: nobody presents."),
        (replace(PLANNED, presenter=BEN, asked_at=WRITTEN), "Ben is asked to present."),
        (replace(PLANNED, status="skipped", why="exam week"), "Skipped: exam week"),
        (replace(PLANNED, status="cancelled"), "Cancelled."),
    ],
)
def test_who_presents_is_said_as_it_stands(session: Session, said: str) -> None:
    assert meeting(session).description == said


def test_who_presents_with_them_is_named() -> None:
    kinds: list[tuple[Member, ClaimKind]] = [(ADA, "holder"), (BEN, "co"), (CLEO, "backup")]
    claims = tuple(Claim(number, 7, who, kind, WRITTEN) for number, (who, kind) in enumerate(kinds))
    assert meeting(PICKED, claims=claims).description.startswith("Ada presents, with Ben.\n")


@pytest.mark.parametrize("status", ["skipped", "cancelled"])
def test_what_does_not_take_place_stays_in_the_file_as_cancelled(status: str) -> None:
    assert meeting(replace(PICKED, status=status)).is_cancelled  # type: ignore[arg-type]


def test_what_a_member_skips_is_cancelled_in_their_file_alone() -> None:
    ours, theirs, hers = (meeting(PICKED, member, skipping=(BEN,)) for member in (None, BEN.id, ADA.id))
    assert (ours.is_cancelled, theirs.is_cancelled, hers.is_cancelled) == (False, True, False)
    assert theirs.description.startswith("You said that you skip it.\nAda presents.")
    assert (theirs.uid, theirs.title) == (ours.uid, ours.title)


# --- as the program answers


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncIterator[Town]:
    """They meet on Thursdays; it is Friday, and the week's first papers are there."""
    meeting = replace(BERLIN, moderators=("web:mo",), week=WeekSettings(session="thu 17:00", place="Room 2.01"))
    async with town(tmp_path, meeting, now="2026-11-20 09:00") as readers:
        readers.source.announce("2026-11-20", paper(1, "Tiny Verifiers"), paper(2))
        await readers.tick()
        yield readers


async def events_of(readers: Town, member: int | None = None) -> list[Event]:
    """By start."""
    file = await readers.club.app.calendar("readers", member, NEXT)
    return sorted(Calendar.from_ical(file).events, key=lambda event: event.start)


async def test_the_file_holds_what_is_planned_and_stays_the_same_until_something_changes(readers: Town) -> None:
    before = await readers.club.app.calendar("readers", None, NEXT)
    first = (await events_of(readers))[0]
    assert str(first["SUMMARY"]) == "Readers: paper to be picked"
    assert (first.start, str(first["LOCATION"])) == (STARTS, "Room 2.01")
    assert len(await events_of(readers)) == 3
    readers.clock.move(hours=1)
    assert await readers.club.app.calendar("readers", None, NEXT) == before
    assert await readers.club.app.calendar("nobody", None, NEXT) == b""


async def test_a_change_grows_the_sequence_and_keeps_the_uid(readers: Town) -> None:
    mo = await readers.member("Mo")
    before = (await events_of(readers))[0]
    await mo.says("/paper-admin pick 1")
    picked = (await events_of(readers))[0]
    await mo.says("/paper-admin skip-week exam week")
    skipped, moved_on, *_ = await events_of(readers)
    assert [str(event["SUMMARY"]) for event in (picked, skipped, moved_on)] == [
        "Readers: Tiny Verifiers",
        "Readers: no meeting",
        "Readers: Tiny Verifiers",
    ]
    assert int(str(before["SEQUENCE"])) < int(str(picked["SEQUENCE"])) < int(str(skipped["SEQUENCE"]))
    assert (str(skipped["STATUS"]), str(skipped["DESCRIPTION"])) == ("CANCELLED", "Skipped: exam week")
    assert before["UID"] == picked["UID"] == skipped["UID"] != moved_on["UID"]


async def test_what_is_proposed_is_told_once_it_is_settled(tmp_path: Path) -> None:
    meeting = replace(BERLIN, week=WeekSettings(session="thu 17:00", pick="organiser"))
    async with town(tmp_path, meeting, now="2026-11-20 09:00") as readers:
        readers.source.announce("2026-11-20", paper(1, "Tiny Verifiers"))
        await readers.tick()
        ann, ben = await readers.member("Ann"), await readers.member("Ben")
        await ann.says("/paper vote 1")
        await readers.wait_until("2026-11-22 16:01")
        proposed = (await events_of(readers))[0]
        for member in (ann, ben):
            await member.says("/paper next confirm")
        settled = (await events_of(readers))[0]
    assert [str(event["SUMMARY"]) for event in (proposed, settled)] == [
        "Readers: paper to be picked",
        "Readers: Tiny Verifiers",
    ]
    assert int(str(proposed["SEQUENCE"])) < int(str(settled["SEQUENCE"]))


async def test_only_in_their_own_file_a_member_is_not_expected_where_they_skip(readers: Town) -> None:
    await readers.member("Mo")
    ann = await readers.member("Ann")
    await ann.says("/paper meeting rsvp skip")
    member = await readers.club.app.whoami("readers", ann.account)
    assert member
    hers, ours = await events_of(readers, member.id), await events_of(readers)
    assert [str(event["STATUS"]) for event in hers] == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert {str(event["STATUS"]) for event in ours} == {"CONFIRMED"}


async def test_what_is_long_over_leaves_the_file(readers: Town) -> None:
    readers.clock.move(days=7)
    uid = (await events_of(readers))[0]["UID"]
    readers.clock.move(days=89)
    assert uid in [event["UID"] for event in await events_of(readers)]
    readers.clock.move(days=2)
    assert uid not in [event["UID"] for event in await events_of(readers)]


async def test_whatever_changes_a_calendar_sees_the_newer_one_and_never_an_older(readers: Town) -> None:
    """Over a script of changes and their undoing, in the member's own file: what differs has grown, and nothing that
    has grown goes back, not even where the clock does."""
    mo, ann = await readers.member("Mo"), await readers.member("Ann")
    member = await readers.club.app.whoami("readers", "web:ann")
    assert member
    before = (await events_of(readers, member.id))[0]
    for who, line in (
        (ann, "/paper meeting rsvp skip"),
        (ann, "/paper meeting rsvp join"),
        (mo, "/paper-admin pick 1"),
        (ann, "/paper meeting present yes"),
        (ann, "/paper meeting present slides:https://slides.example.org/1"),
        (mo, "/paper-admin undo"),
        (mo, "/paper-admin skip-week exam week"),
        (mo, "/paper-admin undo"),
        (ann, "/paper meeting rsvp skip"),
    ):
        readers.clock.move(minutes=-3 if "skip" in line else 3)
        await who.says(line)
        now = (await events_of(readers, member.id))[0]
        assert now["UID"] == before["UID"]
        assert now.DTSTAMP >= before.DTSTAMP
        grown = int(str(now["SEQUENCE"])) - int(str(before["SEQUENCE"]))
        assert grown > 0 or (grown == 0 and now == before), line
        before = now
    assert str(before["STATUS"]) == "CANCELLED"
    assert int(str(before["SEQUENCE"])) >= 6


async def test_the_stamp_grows_with_the_clock(readers: Town) -> None:
    mo = await readers.member("Mo")
    before = (await events_of(readers))[0]
    readers.clock.move(hours=1)
    await mo.says("/paper-admin pick 1")
    assert (await events_of(readers))[0].DTSTAMP > before.DTSTAMP
