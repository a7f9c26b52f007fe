"""A moderator says when and where the group meets: shown first, saved when they say so, taken back by undo."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cards import Card, Reply
from bot.model import GroupSettings, Session, WeekSettings
from bot.moments import plain
from bot.views.dates import spoken_start
from tests.club import BERLIN, MONDAY, Person, Town, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface
from tests.test_phrases import ASKED, REFUSED, UNDERSTOOD

HERE, ELSEWHERE = "discord:1/5", "discord:1/6"
GROUP = replace(BERLIN, channels=("web:readers", HERE))
LINK = "https://meet.example.org/j/12345678901234567890?pwd=abcdefghijklmnopqrstuvwxyz0123456789"
STARTS = "The next meeting"


def meeting(session: str = "thu 17:00", zone: str = "Europe/Berlin", **week: object) -> GroupSettings:
    """A group that meets as the configuration says."""
    settings = WeekSettings(session=session, **week)  # type: ignore[arg-type]
    return replace(GROUP, timezone=zone, week=settings)


@asynccontextmanager
async def server(folder: Path, group: GroupSettings = GROUP, now: str = MONDAY) -> AsyncIterator[Town]:
    """Monday's papers are on the list, and the week has been looked at once."""
    source = ListedSource()
    source.announce("2026-11-23", *(paper(n, upvotes=100 - n) for n in range(1, 5)))
    surfaces = [RecordingSurface("discord"), RecordingSurface()]
    async with town(folder, group, now=now, source=source, surfaces=surfaces) as here:
        await here.tick()
        yield here


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Town]:
    """It meets at no set time yet."""
    async with server(tmp_path) as here:
        yield here


@pytest.fixture
async def thursdays(tmp_path: Path) -> AsyncIterator[Town]:
    """Its next meetings, on Thursdays at 17:00 from 26 November on, are planned; today's papers can be voted for."""
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        yield here


def moderator(here: Town, name: str = "Mo") -> Person:
    return here.user(f"discord:{name.lower()}", name, HERE, "moderator")


def member(here: Town, name: str) -> Person:
    return here.user(f"discord:{name.lower()}", name, HERE)


def lines(reply: Reply) -> list[str]:
    return reply.cards[0].body.splitlines()


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def week(here: Town) -> WeekSettings:
    return here.club.groups.by_id["readers"].week


async def ahead(here: Town) -> list[Session]:
    """The planned meetings that have not begun."""
    now = here.clock.now()
    return [
        session
        for session in await here.club.store.read(lambda rows: rows.sessions.sessions("readers", now))
        if session.status == "planned" and session.starts > now
    ]


def starts(sessions: list[Session]) -> list[str]:
    return [f"{session.starts:%Y-%m-%d %H:%M}" for session in sessions]


async def answer(person: Person, reply: Reply, label: str) -> Reply:
    """To a question."""
    return await person.presses_button(next(choice for choice in reply.choices if choice.label == label))


# --- looking and saving


async def test_a_schedule_is_shown_in_words_and_dates_before_it_is_saved(club: Town) -> None:
    mo = moderator(club)
    shown = await mo.says("/paper-admin schedule thursdays 17:00 place:Room 2.01 minutes:90")
    assert shown.text == "Not saved yet. Is this what you mean?"
    assert shown.cards[0].title == "Every Thursday at 17:00 (Europe/Berlin)"
    assert lines(shown) == [
        "The next meetings:",
        "Thursday 26 November, 17:00 CET",
        "Thursday 3 December, 17:00 CET",
        "Thursday 10 December, 17:00 CET",
        "Thursday 17 December, 17:00 CET",
        "Place and length: Room 2.01, 90 minutes.",
    ]
    assert week(club) == WeekSettings()
    saved = await mo.presses("Save", shown.cards[0])
    assert saved.text == (
        "Meets: at no set time → every Thursday at 17:00. Place: not said → Room 2.01. Length: 60 minutes → 90 minutes."
    )
    assert saved.replaces
    assert (week(club).session, week(club).place, week(club).minutes) == ("thu 17:00", "Room 2.01", 90)
    await club.tick()
    assert [(s.place, s.minutes) for s in await ahead(club)] == [("Room 2.01", 90)] * 3


async def test_what_was_saved_is_taken_back_as_one_step(club: Town) -> None:
    mo = moderator(club)
    shown = await mo.says("/paper-admin schedule thursdays 17:00 place:Room 2.01")
    saved = await mo.presses("Save", shown.cards[0])
    await club.tick()
    undone = await mo.presses("Undo", saved.cards[0])
    assert undone.text.startswith("Took back what Mo did: Place as configured → Room 2.01; Meets as configured → every")
    assert undone.cards[0].title == "Readers meets at no set time"
    await club.tick()
    assert week(club) == WeekSettings()
    assert await ahead(club) == []


async def test_saved_twice_by_a_redelivered_press_it_is_one_step(club: Town) -> None:
    mo = moderator(club)
    shown = await mo.says("/paper-admin schedule thursdays 17:00")
    for _ in range(2):
        assert (await mo.presses("Save", shown.cards[0], request="save")).ok
    assert len(await club.club.store.read(lambda rows: rows.audit.steps("readers", 10))) == 1


async def test_what_is_asked_back_keeps_the_place_and_fits_into_buttons(club: Town) -> None:
    mo = moderator(club)
    asked = await mo.says(f"/paper-admin schedule thursdays at 5 place:{LINK} minutes:1 hour 15 minutes")
    assert (asked.ok, asked.text) == (False, "Morning or afternoon? Times are those of Europe/Berlin.")
    assert [choice.label for choice in asked.choices] == ["Every Thursday at 17:00", "Every Thursday at 05:00"]
    assert all(len(choice.id.encode()) <= 100 for choice in asked.choices)
    shown = await answer(mo, asked, "Every Thursday at 17:00")
    assert f"Place and length: {LINK}, 75 minutes." in lines(shown)
    await mo.presses("Save", shown.cards[0])
    assert (week(club).session, week(club).place, week(club).minutes) == ("thu 17:00", LINK, 75)


async def test_many_single_dates_are_saved_with_one_press(club: Town) -> None:
    mo = moderator(club)
    shown = await mo.says("/paper-admin schedule 3, 10, 17 dec, 7, 14, 21 and 28 jan 17:00")
    assert all(len(button.id.encode()) <= 100 for button in shown.cards[0].buttons)
    await mo.presses("Save", shown.cards[0])
    assert week(club).session.count(",") == 6


async def test_where_too_much_is_open_the_answer_is_typed(club: Town) -> None:
    asked = await moderator(club).says("/paper-admin schedule every week")
    assert (asked.ok, asked.choices) == (False, ())
    assert "Write it like" in asked.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("thu 25:00", '"25" is not understood.'),
        ("today 7:30", "Monday 23 November, 07:30 CET is over; name a time that is still to come."),
        ("today 7:30 and 3 dec 17:00", "Monday 23 November, 07:30 CET is over; name a time that is still to come."),
        ("2025-12-03 17:00", "3 December 2025 is over; write a date that is still to come."),
        ("thu 17:00 until tomorrow", "That leaves no meeting from now on; name a date that is still to come."),
        ("mon 7:30 until today", "That leaves no meeting from now on; name a date that is still to come."),
        ("whenever it suits", '"whenever" is not understood.'),
        ("thu 17:00 CET", "the zone is the group's own setting"),
        ("every 60 weeks thu 17:00", "1 to 52"),
        ("thursday", "At what time?"),
        ("thursdays 17:00 minutes:soon", 'Minutes: "soon" is not a number; write 5 to 600.'),
        ("thursdays 17:00 minutes:2", "Minutes must be 5 to 600."),
        (f"thursdays 17:00 place:{'far ' * 200}", "Place must be 500 characters at most."),
    ],
)
async def test_what_can_not_be_is_answered_with_what_to_write(club: Town, typed: str, says: str) -> None:
    reply = await moderator(club).says(f"/paper-admin schedule {typed}")
    assert not reply.ok
    assert says in reply.text
    assert club.club.groups.overrides("readers") == {}


async def test_whatever_is_typed_is_answered_and_every_option_leads_on(thursdays: Town) -> None:
    mo = moderator(thursdays)
    for text in (*UNDERSTOOD, *ASKED, *REFUSED):
        reply = await mo.says("/paper-admin schedule", when=text)
        assert reply.ok or reply.choices or text in REFUSED, text
        shown = [await mo.presses_button(choice) for choice in reply.choices]
        assert all(one.ok and one.cards for one in shown), text
        buttons = [*reply.choices, *(button for one in (reply, *shown) for c in one.cards for button in c.buttons)]
        assert all(len(button.id.encode()) <= 100 for button in buttons), text
        assert "went wrong" not in reply.text + (await mo.says("/paper-admin reopen", until=text)).text
    assert thursdays.club.groups.overrides("readers") == {}


async def test_a_time_that_passes_while_it_is_looked_at_is_not_saved(club: Town) -> None:
    mo = moderator(club)
    shown = await mo.says("/paper-admin schedule today 8:30")
    club.clock.move_to("2026-11-23 07:31")
    late = await mo.presses("Save", shown.cards[0])
    assert (late.ok, late.text) == (
        False,
        "Monday 23 November, 08:30 CET is over; name a time that is still to come.",
    )
    assert week(club) == WeekSettings()


async def test_of_a_doubt_only_what_is_still_to_come_is_offered(club: Town) -> None:
    mo = moderator(club)
    asked = await mo.says("/paper-admin schedule today at 5")
    assert asked.choices == (), "05:00 is over"
    assert asked.cards[0].title == "On Monday 23 November at 17:00 (Europe/Berlin)"


async def test_a_preview_of_another_moderator_or_of_long_ago_is_typed_again(club: Town) -> None:
    mo, bo = moderator(club), moderator(club, "Bo")
    shown = await mo.says("/paper-admin schedule thursdays 17:00")
    assert (await bo.presses("Save", shown.cards[0])).text.startswith("That was too long ago.")
    for hour in range(24):
        for minute in (10, 20, 30):
            await mo.says(f"/paper-admin schedule fri {hour:02}:{minute}")
    assert (await mo.presses("Save", shown.cards[0])).text.startswith("That was too long ago.")
    assert week(club) == WeekSettings()


async def test_two_moderators_who_save_at_once_leave_one_schedule_and_two_steps(club: Town) -> None:
    mo, bo = moderator(club), moderator(club, "Bo")
    one = await mo.says("/paper-admin schedule thursdays 17:00")
    other = await bo.says("/paper-admin schedule fridays 16:00")
    replies = await asyncio.gather(mo.presses("Save", one.cards[0]), bo.presses("Save", other.cards[0]))
    assert all(reply.ok for reply in replies)
    assert len(await club.club.store.read(lambda rows: rows.audit.steps("readers", 10))) == 2
    last = week(club).session
    assert last in ("thu 17:00", "fri 16:00")
    undone = await mo.says("/paper-admin undo")
    if undone.text.startswith("Take this back?"):
        await mo.presses_button(undone.choices[0])
    assert week(club).session == {"thu 17:00": "fri 16:00", "fri 16:00": "thu 17:00"}[last]
    await club.tick()
    assert len(await ahead(club)) == 3


async def test_who_is_no_moderator_is_told_so_whatever_they_press(club: Town) -> None:
    mo, ann = moderator(club), member(club, "Ann")
    shown = await mo.says("/paper-admin schedule thursdays 17:00")
    for refused in (
        await ann.says("/paper-admin schedule thursdays 17:00"),
        await ann.presses("Save", shown.cards[0]),
    ):
        assert (refused.ok, refused.text) == (False, "/paper-admin schedule is for moderators.")
    assert week(club) == WeekSettings()


# --- as it is


async def test_without_anything_the_schedule_and_what_happens_when_are_shown(thursdays: Town) -> None:
    reply = await moderator(thursdays).says("/paper-admin schedule")
    assert reply.text == "The next meeting: Thursday 26 November, 17:00 CET."
    assert reply.cards[0].title == "Readers meets every Thursday at 17:00 (Europe/Berlin)"
    assert lines(reply)[:3] == [
        "Next: Thursday 26 November, 17:00 CET; 60 minutes.",
        "At once: nominations open",
        "Wed 25 November, 01:30 CET: the vote closes, and a paper is picked",
    ]
    assert reply.cards[0].footer.startswith("To change it: /paper-admin schedule session:")
    thursdays.clock.move_to("2026-11-27 09:00")
    later = await moderator(thursdays).says("/paper-admin schedule")
    assert lines(later) == [
        "Next: Thursday 3 December, 17:00 CET; 60 minutes.",
        "Fri 27 November, 17:00 CET: nominations open",
        "Sun 29 November, 17:00 CET: the vote closes, and a paper is picked",
        "Mon 30 November, 17:00 CET: the rota names somebody, if nobody has offered to present",
        "Tue 1 December, 17:00 CET: the presenter has confirmed",
        "Wed 2 December, 17:00 CET: the thread opens",
        "Thu 3 December, 18:10 CET: the recap is asked for",
        "Reminders: Mon 30 November, 17:00 CET, Wed 2 December, 17:00 CET, "
        "Thu 3 December, 16:00 CET and Thu 3 December, 16:50 CET",
    ]


async def test_what_comes_at_once_is_all_that_the_week_does_at_once(tmp_path: Path) -> None:
    """A quarter of a day after the time for the short list."""
    async with server(tmp_path, meeting(rule="schulze"), now="2026-11-22 11:00") as here:
        assert lines(await moderator(here).says("/paper-admin schedule"))[1:4] == [
            "At once: nominations open",
            "At once: the short list is made, ballots open",
            "Sun 22 November, 17:00 CET: the vote closes, and a paper is picked",
        ]


async def test_a_presenter_who_is_named_at_once_has_time_to_bring_a_paper(tmp_path: Path) -> None:
    presenter = meeting(mode="presenter")
    async with server(tmp_path, presenter, now="2026-11-24 17:00") as here:
        shown = lines(await moderator(here).says("/paper-admin schedule"))
    assert shown[1] == "At once: the rota names who presents"
    assert "Wed 25 November, 17:30 CET: the presenter has brought a paper" in shown


async def test_a_vote_that_has_closed_does_not_come_again_when_the_meeting_moves(thursdays: Town) -> None:
    await member(thursdays, "Ann").says("/paper vote 1")
    thursdays.clock.move_to("2026-11-25 12:00")
    await thursdays.tick()
    mo = moderator(thursdays)
    shown = await mo.says("/paper-admin schedule fri 27 nov 16:00")
    moved = await mo.presses("Move the next meeting there", shown.cards[0])
    assert moved.text.startswith(
        "The meeting of Thursday 26 November, 17:00 CET is on Friday 27 November, 16:00 CET now"
    )
    assert not [line for line in lines(moved) if "vote closes" in line or "nominations" in line]


async def test_a_group_without_a_schedule_is_told_how_to_get_one(club: Town) -> None:
    reply = await moderator(club).says("/paper-admin schedule")
    assert reply.text == "No meeting is to come."
    assert reply.cards[0].title == "Readers meets at no set time"
    assert "/paper-admin schedule session:every other tue 12:30" in reply.cards[0].footer


async def test_what_is_so_already_is_said_and_not_saved(thursdays: Town) -> None:
    mo = moderator(thursdays)
    for typed in ("thu 17:00", "every thursday 5pm", "Thursdays at 17:00"):
        assert (await mo.says(f"/paper-admin schedule {typed}")).text == "That is how it is already."
    assert (await mo.says("/paper-admin schedule place:none minutes:60")).text == "That is how it is already."
    assert thursdays.club.groups.overrides("readers") == {}


async def test_a_place_or_length_alone_is_saved_at_once_for_all_meetings(thursdays: Town) -> None:
    mo = moderator(thursdays)
    reply = await mo.says("/paper-admin schedule place:Room 9 minutes:1h30")
    assert reply.text.startswith("Place: not said → Room 9. Length: 60 minutes → 90 minutes. That is for all meetings;")
    assert lines(reply)[0] == "Next: Thursday 26 November, 17:00 CET; Room 9, 90 minutes."
    await thursdays.tick()
    assert {(s.place, s.minutes) for s in await ahead(thursdays)} == {("Room 9", 90)}
    await mo.says("/paper-admin undo")
    await thursdays.tick()
    assert {(s.place, s.minutes) for s in await ahead(thursdays)} == {("", 60)}
    assert (await mo.says("/paper-admin schedule place:none")).text == "That is how it is already."


async def test_a_form_asks_for_all_three_and_only_what_changed_is_a_step(thursdays: Town) -> None:
    mo = moderator(thursdays)
    asked = await mo.presses("Change…", (await mo.says("/paper-admin schedule")).cards[0])
    assert asked.form
    assert {item.name: item.value for item in asked.form.inputs} == {
        "session": "thu 17:00",
        "place": "",
        "minutes": "60",
    }
    assert all(len(item.label) <= 45 for item in asked.form.inputs)
    await mo.sends(asked.form, place="Attic")
    assert set(thursdays.club.groups.overrides("readers")) == {"week.place"}
    shown = await mo.sends(asked.form, session="fri 16:00", place="Attic")
    assert shown.cards[0].title == "Every Friday at 16:00 (Europe/Berlin)"


async def test_a_group_that_is_not_started_is_told_that_nothing_is_posted(tmp_path: Path) -> None:
    async with server(tmp_path) as here:
        mo = here.user("discord:mo", "Mo", ELSEWHERE, "moderator")
        await mo.says("/paper-admin setup")
        shown = await mo.says("/paper-admin schedule thursdays 17:00")
        assert lines(shown)[-1] == "Nothing is posted before /paper-admin start in its channel."
        saved = await mo.presses("Save", shown.cards[0])
        assert lines(saved)[-1] == "Nothing is posted before /paper-admin start in its channel."


# --- what becomes of the meeting that is planned


@pytest.mark.parametrize(
    ("typed", "says", "next_start"),
    [
        (
            "thu 18:00",
            "moves from Thursday 26 November, 17:00 CET to Thursday 26 November, 18:00 CET",
            "2026-11-26 17:00",
        ),
        (
            "fri 16:00",
            "moves from Thursday 26 November, 17:00 CET to Friday 27 November, 16:00 CET",
            "2026-11-27 15:00",
        ),
        ("every other tue 12:30", "17:00 CET to Tuesday 24 November, 12:30 CET", "2026-11-24 11:30"),
        ("thu, fri 17:00", "The next meeting stays on Thursday 26 November, 17:00 CET.", "2026-11-26 16:00"),
        ("monthly 1st mon 18:00", "17:00 CET to Monday 7 December, 18:00 CET", "2026-12-07 17:00"),
        ("thu 17:00 from 3 dec", "Thursday 3 December, 17:00 CET.", "2026-12-03 16:00"),
    ],
)
async def test_the_preview_says_what_the_week_then_does(
    thursdays: Town, typed: str, says: str, next_start: str
) -> None:
    mo = moderator(thursdays)
    shown = await mo.says(f"/paper-admin schedule {typed}")
    assert says in lines(shown)[-1]
    assert "At present: every Thursday at 17:00 (Europe/Berlin)." in lines(shown)
    assert starts(await ahead(thursdays))[0] == "2026-11-26 16:00"
    saved = await mo.presses("Save", shown.cards[0])
    await thursdays.tick()
    planned = await ahead(thursdays)
    assert starts(planned)[0] == next_start
    at = plain(spoken_start(planned[0].starts, thursdays.club.groups.by_id["readers"], thursdays.clock.now()))
    assert lines(saved)[0].startswith(f"Next: {at}"), "it told so before the clock had come by"
    await mo.says("/paper-admin undo")
    await thursdays.tick()
    assert starts(await ahead(thursdays))[0] == "2026-11-26 16:00"


async def test_an_undo_takes_the_schedule_back_and_not_what_followed_from_it(thursdays: Town) -> None:
    mo = moderator(thursdays)
    shown = await mo.says("/paper-admin schedule fri 16:00")
    await mo.presses("Save", shown.cards[0])
    await thursdays.tick()
    log = (await mo.says("/paper-admin audit")).text
    assert "Paperclub: Friday 27 November: the meeting is on Friday 27 November, 16:00 CET" in log
    reply = await mo.says("/paper-admin undo")
    assert reply.text == "Took back what Mo did: Meets as configured → every Friday at 16:00."
    await thursdays.tick()
    assert starts(await ahead(thursdays)) == ["2026-11-26 16:00", "2026-12-03 16:00", "2026-12-10 16:00"]


async def test_off_ends_the_series_after_a_look_and_undo_brings_it_back(thursdays: Town) -> None:
    mo = moderator(thursdays)
    shown = await mo.says("/paper-admin schedule off")
    assert shown.cards[0].title == "No more meetings"
    assert lines(shown)[-1] == "There is no meeting on Thursday 26 November, 17:00 CET any more; votes and claims stay."
    assert labels(shown.cards[0]) == ["End it"]
    ended = await mo.presses("End it", shown.cards[0])
    assert ended.text == "Meets: every Thursday at 17:00 → at no set time."
    await thursdays.tick()
    assert await ahead(thursdays) == []
    await mo.says("/paper-admin undo")
    await thursdays.tick()
    assert len(await ahead(thursdays)) == 3


async def test_off_leaves_a_meeting_that_is_prepared_already(thursdays: Town) -> None:
    mo = moderator(thursdays)
    await mo.says("/paper-admin pick 1")
    shown = await mo.says("/paper-admin schedule off")
    assert lines(shown)[-1].startswith(
        "The meeting of Thursday 26 November, 17:00 CET stays, since it is prepared already"
    )
    await mo.presses("End it", shown.cards[0])
    await thursdays.tick()
    assert starts(await ahead(thursdays)) == ["2026-11-26 16:00"]


# --- a single date


async def test_one_meeting_is_moved_and_the_schedule_stays(thursdays: Town) -> None:
    mo, ann = moderator(thursdays), member(thursdays, "Ann")
    await ann.says("/paper claim 1")
    await mo.says("/paper-admin pick 1")
    shown = await mo.says("/paper-admin schedule friday 27 nov 18:00 place:Attic minutes:45")
    assert labels(shown.cards[0]) == ["Move the next meeting there", "Only this date from now on"]
    assert (
        "Move the next meeting there: that of Thursday 26 November, 17:00 CET, this once; the schedule stays. "
        "Ann is asked anew whether they can present." in lines(shown)
    )
    moved = await mo.presses("Move", shown.cards[0])
    assert moved.text == (
        "The meeting of Thursday 26 November, 17:00 CET is on Friday 27 November, 18:00 CET now; Ann is asked anew. "
        "The channel is told. The schedule stays as it is."
    )
    assert "A moderator moved it." in lines(moved)
    await thursdays.tick()
    first, second, *_ = await ahead(thursdays)
    assert (starts([first, second]), first.place, first.minutes) == (
        ["2026-11-27 17:00", "2026-12-03 16:00"],
        "Attic",
        45,
    )
    assert week(thursdays).session == "thu 17:00"
    undone = await mo.says("/paper-admin undo")
    assert undone.text.startswith("Took back what Mo did: Thursday 26 November: the meeting is on Friday 27 November")
    await thursdays.tick()
    assert starts(await ahead(thursdays))[0] == "2026-11-26 16:00"


async def test_next_thursday_is_asked_back_and_a_date_of_the_series_is_no_move(thursdays: Town) -> None:
    mo = moderator(thursdays)
    asked = await mo.says("/paper-admin schedule next thursday 5pm")
    assert asked.text == "Which week is meant? Times are those of Europe/Berlin."
    shown = await answer(mo, asked, "On Thursday 3 December at 17:00")
    assert labels(shown.cards[0]) == ["Only this date from now on"], "two meetings can't be at one time"
    assert lines(shown)[-1].endswith("You meet then anyway; /paper-admin skip-week leaves out the meeting before.")
    only = await mo.presses("Only this date", shown.cards[0])
    assert only.text == "Meets: every Thursday at 17:00 → on Thursday 3 December 2026 at 17:00."
    await thursdays.tick()
    assert starts(await ahead(thursdays)) == ["2026-12-03 16:00"]


async def test_the_place_of_one_meeting_alone_is_changed_by_its_date(thursdays: Town) -> None:
    mo = moderator(thursdays)
    shown = await mo.says("/paper-admin schedule 26 nov 17:00 place:Room 5")
    changed = await mo.presses("Change only this meeting", shown.cards[0])
    assert changed.text == "The meeting of Thursday 26 November, 17:00 CET: Room 5, 60 minutes. The others stay."
    await thursdays.tick()
    assert [session.place for session in await ahead(thursdays)] == ["Room 5", "", ""]


async def test_a_group_of_single_dates_gets_one_more(tmp_path: Path) -> None:
    async with server(tmp_path, meeting("2026-11-26 17:00, 2026-12-10 17:00"), now="2026-11-27 09:00") as here:
        mo = moderator(here)
        shown = await mo.says("/paper-admin schedule 17 dec 18:00")
        assert labels(shown.cards[0])[0] == "Add this date"
        added = await mo.presses("Add this date", shown.cards[0])
        assert week(here).session == "2026-12-10 17:00, 2026-12-17 18:00", "what is over is left out"
        assert added.text.endswith("→ on Thursday 10 December 2026 at 17:00 and Thursday 17 December 2026 at 18:00.")
        await here.tick()
        assert starts(await ahead(here)) == ["2026-12-10 16:00", "2026-12-17 17:00"]


# --- clocks


async def test_a_time_that_a_clock_change_leaves_out_is_shown_as_it_will_be(tmp_path: Path) -> None:
    async with server(tmp_path, now="2027-03-22 09:00") as here:
        shown = await moderator(here).says("/paper-admin schedule sun 02:30")
        assert lines(shown)[1:3] == [
            "Sunday 28 March, 03:30 CEST (the clocks leave 02:30 out that night)",
            "Sunday 4 April, 02:30 CEST",
        ]
        await moderator(here).presses("Save", shown.cards[0])
        await here.tick()
        assert starts(await ahead(here))[:2] == ["2027-03-28 01:30", "2027-04-04 00:30"]


async def test_of_a_time_that_comes_twice_it_is_the_first(tmp_path: Path) -> None:
    async with server(tmp_path, now="2027-10-25 09:00") as here:
        shown = await moderator(here).says("/paper-admin schedule sun 02:30")
        assert lines(shown)[1] == "Sunday 31 October, 02:30 CEST (the first 02:30 of that night)"


async def test_the_dates_keep_their_wall_time_over_a_clock_change(tmp_path: Path) -> None:
    async with server(tmp_path, replace(GROUP, timezone="America/New_York"), now="2026-10-28 12:00") as here:
        shown = await moderator(here).says("/paper-admin schedule thursdays 17:00")
        assert lines(shown)[:3] == [
            "The next meetings:",
            "Thursday 29 October, 17:00 EDT",
            "Thursday 5 November, 17:00 EST",
        ]


async def test_a_zone_without_a_name_of_its_own_is_told_by_its_offset(tmp_path: Path) -> None:
    async with server(tmp_path, replace(GROUP, timezone="America/Sao_Paulo")) as here:
        shown = await moderator(here).says("/paper-admin schedule thursdays 17:00 until december")
        assert lines(shown)[1] == "Thursday 26 November, 17:00 America/Sao_Paulo"


async def test_a_short_series_is_shown_whole(club: Town) -> None:
    shown = await moderator(club).says("/paper-admin schedule thu 17:00 until 3 dec")
    assert lines(shown)[:3] == [
        "All meetings:",
        "Thursday 26 November, 17:00 CET",
        "Thursday 3 December, 17:00 CET",
    ]


# --- a week is left out


async def test_a_skipped_week_keeps_the_pick_and_tells_where_it_goes(thursdays: Town) -> None:
    mo, ann = moderator(thursdays), member(thursdays, "Ann")
    await ann.says("/paper claim 1")
    await mo.says("/paper-admin pick 1")
    reply = await mo.says("/paper-admin skip-week exam week")
    assert reply.text == (
        "No meeting on Thursday 26 November: exam week. Votes and claims stay. “Invented Paper Number 1” goes on to "
        "Thursday 3 December; Ann is asked whether that suits. The channel is told."
    )
    await thursdays.tick()
    first, *_ = await ahead(thursdays)
    assert (starts([first]), first.presenter and first.presenter.name) == (["2026-12-03 16:00"], "Ann")
    told = [card.body for card in await thursdays.channel() if card.title == "Meeting on Thursday 26 November"]
    assert len(told) == 1
    assert told[0].startswith("There is no meeting: exam week. Votes and claims stay as they are.")
    log = (await mo.says("/paper-admin audit")).text.splitlines()
    assert log[0].endswith("Mo: Thursday 26 November: there is no meeting: exam week")


async def test_who_skips_what_another_skipped_already_is_asked_whether_the_next_too(thursdays: Town) -> None:
    mo, bo = moderator(thursdays), moderator(thursdays, "Bo")
    await mo.says("/paper-admin skip-week exam week")
    asked = await bo.says("/paper-admin skip-week exams everywhere")
    assert not asked.ok
    assert asked.text.startswith("The meeting of Thursday 26 November is skipped already (exam week).")
    assert starts(await ahead(thursdays))[0] == "2026-12-03 16:00"
    both = await answer(bo, asked, "Skip Thursday 3 December too")
    assert both.text.startswith("No meeting on Thursday 3 December: exams everywhere.")
    assert starts(await ahead(thursdays))[0] == "2026-12-10 16:00"


async def test_two_moderators_who_skip_at_the_same_moment_skip_one_week(thursdays: Town) -> None:
    mo, bo = moderator(thursdays), moderator(thursdays, "Bo")
    await asyncio.gather(mo.says("/paper-admin skip-week exams"), bo.says("/paper-admin skip-week exams"))
    await thursdays.tick()
    assert starts(await ahead(thursdays))[0] == "2026-12-03 16:00"


async def test_a_later_week_is_skipped_by_its_date(thursdays: Town) -> None:
    mo = moderator(thursdays)
    assert await mo.completes("skip-week", "on", "dec") == [
        ("Thursday 3 December", "2026-12-03"),
        ("Thursday 10 December", "2026-12-10"),
    ]
    for on in ("2026-12-10", "3 december"):
        assert (await mo.says(f"/paper-admin skip-week holidays on:{on}")).ok
    await thursdays.tick()
    assert starts(await ahead(thursdays))[:2] == ["2026-11-26 16:00", "2026-12-17 16:00"]
    refused = await mo.says("/paper-admin skip-week holidays on:5 december")
    assert refused.text.startswith('"5 december" is not the date of one meeting; those to come: Thursday 26 November,')


async def test_a_skipped_week_takes_place_after_all(thursdays: Town) -> None:
    mo = moderator(thursdays)
    skipped = await mo.says("/paper-admin skip-week exams")
    back = await answer(mo, skipped, "It takes place after all")
    assert back.text == "The meeting of Thursday 26 November takes place after all. The channel is told."
    assert starts(await ahead(thursdays))[0] == "2026-11-26 16:00"
    assert (await mo.says("/paper-admin skip-week off")).text == "No meeting that is to come was skipped."
    again = await answer(mo, skipped, "It takes place after all")
    assert again.text == "The meeting of Thursday 26 November takes place."


async def test_an_undone_skip_is_said_in_words_and_brings_the_meeting_back(thursdays: Town) -> None:
    mo = moderator(thursdays)
    await mo.says("/paper-admin skip-week exams")
    undone = await mo.says("/paper-admin undo")
    assert undone.text == (
        "Took back what Mo did: Thursday 26 November: there is no meeting: exams. The cards show it."
    )
    assert starts(await ahead(thursdays))[0] == "2026-11-26 16:00"
    log = (await mo.says("/paper-admin audit")).text.splitlines()
    assert log[0].endswith("Mo: took back: Thursday 26 November: there is no meeting: exams")
    assert log[1].endswith("(taken back since)")


async def test_a_skip_needs_a_reason_and_a_meeting(club: Town) -> None:
    mo = moderator(club)
    assert (await mo.says("/paper-admin skip-week")).text.startswith("Say why, for the members and the log")
    none = await mo.says("/paper-admin skip-week exams")
    assert not none.ok
    assert "/paper-admin schedule" in none.text


async def test_a_reason_too_long_for_a_button_is_typed_with_the_date(thursdays: Town) -> None:
    mo = moderator(thursdays)
    await mo.says("/paper-admin skip-week exams")
    asked = await mo.says(f"/paper-admin skip-week {'a long story, ' * 9}")
    assert asked.choices == ()
    assert asked.text.endswith("say /paper-admin skip-week REASON on:2026-12-03")


async def test_during_a_meeting_the_one_behind_it_is_meant(thursdays: Town) -> None:
    mo = moderator(thursdays)
    await mo.says("/paper-admin pick 1")
    shown = await mo.says("/paper-admin schedule 27 nov 18:00")
    await thursdays.wait_until("2026-11-26 16:10")
    late = await mo.presses("Move", shown.cards[0])
    assert (late.ok, "has begun" in late.text) == (False, True), "it was looked at before"
    shown = await mo.says("/paper-admin schedule 4 dec 18:00")
    moved = await mo.presses("Move", shown.cards[0])
    assert moved.text.startswith(
        "The meeting of Thursday 3 December, 17:00 CET is on Friday 4 December, 18:00 CET now."
    )
    assert (await mo.says("/paper-admin skip-week tired")).text.startswith("No meeting on Friday 4 December: tired.")


async def test_a_meeting_is_moved_before_the_week_has_planned_it(club: Town) -> None:
    mo = moderator(club)
    await mo.presses("Save", (await mo.says("/paper-admin schedule thursdays 17:00")).cards[0])
    shown = await mo.says("/paper-admin schedule 27 nov 18:00")
    assert (await mo.presses("Move", shown.cards[0])).ok
    await club.tick()
    assert starts(await ahead(club))[:2] == ["2026-11-27 17:00", "2026-12-03 16:00"]


async def test_members_skip_no_week(thursdays: Town) -> None:
    refused = await member(thursdays, "Ann").says("/paper-admin skip-week tired")
    assert (refused.ok, refused.text) == (False, "/paper-admin skip-week is for moderators.")
    assert starts(await ahead(thursdays))[0] == "2026-11-26 16:00"


def test_a_date_that_is_far_is_said_with_its_year() -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    said = plain(spoken_start(datetime(2027, 11, 25, 16, tzinfo=UTC), GROUP, now))
    assert said == "Thursday 25 November 2027, 17:00 CET"
