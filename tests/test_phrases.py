"""What people type about when they meet: what it becomes, when we ask back, what we refuse, how we say it."""

import re
import string
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import Reader, say
from bot.model.recurrence import NTHS, WEEKDAYS, Recurrence, read_recurrence
from bot.parsing import Doubt, describe, read_schedule
from bot.parsing.vocabulary import MONTHS, WORDS
from tests.test_recurrence import recurrences

MONDAY = date(2026, 11, 23)
GERMAN = Reader("de")

UNDERSTOOD = {
    # every week
    "thursdays 17:00": "thu 17:00",
    "Thursdays at 5pm": "thu 17:00",
    "every thursday 5pm": "thu 17:00",
    "every week on friday at 4 p.m.": "fri 16:00",
    "each wed 16h": "wed 16:00",
    "weekly thursday 17.30": "thu 17:30",
    "17:00 thursdays": "thu 17:00",
    "17:00 - thursdays": "thu 17:00",
    "thu 1700": "thu 17:00",
    "thu 17h30": "thu 17:30",
    "thursday, 5:30 PM": "thu 17:30",
    "tues 12.30": "tue 12:30",
    "weds 17:00pm": "wed 17:00",
    "wednesdays @ 4pm": "wed 16:00",
    "thu 05:00": "thu 05:00",
    "thu 9:00": "thu 09:00",
    "sat 0:30": "sat 00:30",
    "sat 12": "sat 12:00",
    "sat 12am": "sat 00:00",
    "sat 12pm": "sat 12:00",
    "fridays at noon": "fri 12:00",
    "fridays 12 noon": "fri 12:00",
    "fridays at midnight": "fri 00:00",
    "thursdays 5 in the afternoon": "thu 17:00",
    "thursday mornings at 9": "thu 09:00",
    "tue & thu 17:00": "tue, thu 17:00",
    "tue/thu 17:00": "tue, thu 17:00",
    "Thursday and Tuesday at 17:00": "tue, thu 17:00",
    "mon–fri 12:00": "mon, tue, wed, thu, fri 12:00",
    "mon—wed 9am": "mon, tue, wed 09:00",
    "from monday to friday 12:15": "mon, tue, wed, thu, fri 12:15",
    "sat-mon 10:00": "mon, sat, sun 10:00",
    "weekdays 9:00": "mon, tue, wed, thu, fri 09:00",
    "daily 9:00": "mon, tue, wed, thu, fri, sat, sun 09:00",
    "every day at noon": "mon, tue, wed, thu, fri, sat, sun 12:00",
    "let's do tuesdays 5pm": "tue 17:00",
    "we meet every Thursday at 17:00.": "thu 17:00",
    "１７:００ thu": "thu 17:00",
    # from and until
    "thursdays 17:00 until march": "thu 17:00 until 2027-03-31",
    "thursdays 17:00 until the end of march 2028": "thu 17:00 until 2028-03-31",
    "thursdays 17:00 until end of year": "thu 17:00 until 2026-12-31",
    "thursdays 17:00 until november": "thu 17:00 until 2026-11-30",
    "thu 17:00 till march 5": "thu 17:00 until 2027-03-05",
    "thu 17:00 from january until march 2027": "thu 17:00 from 2027-01-01 until 2027-03-31",
    "thu 17:00 from november": "thu 17:00",
    "thu 17:00 from march until february": "thu 17:00 from 2027-03-01 until 2028-02-29",
    "thu 17:00 from 3 dec to 17 dec": "thu 17:00 from 2026-12-03 until 2026-12-17",
    "thu 17:00 from 3 dec – 17 dec": "thu 17:00 from 2026-12-03 until 2026-12-17",
    "every thursday at 17:00 starting january 7th 2027": "thu 17:00 from 2027-01-07",
    "mondays starting next week 10:00": "mon 10:00 from 2026-11-30",
    "sat at 10 a.m. from 12/12": "sat 10:00 from 2026-12-12",
    "thursdays in december 17:00": "thu 17:00 from 2026-12-01 until 2026-12-31",
    "thursdays from 17:00": "thu 17:00",
    # every so many weeks
    "every other tue 12:30 until march": "every 2 weeks tue 12:30 from 2026-11-24 until 2027-03-31",
    "biweekly mon 9am": "every 2 weeks mon 09:00 from 2026-11-23",
    "bi-weekly thursdays 17:00": "every 2 weeks thu 17:00 from 2026-11-26",
    "fortnightly thu 17:00": "every 2 weeks thu 17:00 from 2026-11-26",
    "alternate thursdays 16:00": "every 2 weeks thu 16:00 from 2026-11-26",
    "every two weeks on thursday at 5pm": "every 2 weeks thu 17:00 from 2026-11-26",
    "every second week thu 17:00": "every 2 weeks thu 17:00 from 2026-11-26",
    "every 2 tuesdays 17:00": "every 2 weeks tue 17:00 from 2026-11-24",
    "thu 17:00 every 3 weeks": "every 3 weeks thu 17:00 from 2026-11-26",
    "every 2 weeks from 3 dec 17:00": "every 2 weeks thu 17:00 from 2026-12-03",
    "every other thursday, 16:00, from next week": "every 2 weeks thu 16:00 from 2026-12-03",
    "thu 5 p.m. every two weeks, starting Dec 3rd, ending March 31": (
        "every 2 weeks thu 17:00 from 2026-12-03 until 2027-03-31"
    ),
    "mon and wed at 10:00 every other week": "every 2 weeks mon, wed 10:00 from 2026-11-23",
    # every month
    "first monday of the month 18h": "monthly 1st mon 18:00",
    "the first and third thursday of each month at 6pm": "monthly 1st, 3rd thu 18:00",
    "every 2nd and 4th thursday 17:00": "monthly 2nd, 4th thu 17:00",
    "second tuesday of the month 17:00": "monthly 2nd tue 17:00",
    "once a month, third wed, 16:00": "monthly 3rd wed 16:00",
    "last fri 18:00": "monthly last fri 18:00",
    "every last friday 6pm until june": "monthly last fri 18:00 until 2027-06-30",
    "monthly 1st thu 17:00 from february": "monthly 1st thu 17:00 from 2027-02-01",
    # single dates
    "today 17:00": "2026-11-23 17:00",
    "tonight 8pm": "2026-11-23 20:00",
    "tomorrow 17:00": "2026-11-24 17:00",
    "tomorrow morning 9": "2026-11-24 09:00",
    "the day after tomorrow 17:00": "2026-11-25 17:00",
    "in 3 days 17:00": "2026-11-26 17:00",
    "in a week 17:00": "2026-11-30 17:00",
    "3 dec 17:00": "2026-12-03 17:00",
    "3rd of december, 17:00": "2026-12-03 17:00",
    "Dec 3rd, 2026 at 5pm": "2026-12-03 17:00",
    "thursday, december 3, 17:00": "2026-12-03 17:00",
    "22 nov 17:00": "2027-11-22 17:00",
    "29 feb 17:00": "2028-02-29 17:00",
    "13/12 5pm": "2026-12-13 17:00",
    "12/13 5pm": "2026-12-13 17:00",
    "12/12 5pm": "2026-12-12 17:00",
    "thu 12/3 5pm": "2026-12-03 17:00",  # 12 March is a Friday
    "12/3/2026 5pm": "2026-12-03 17:00",  # 12 March is over
    "12/3 and 13/3 5pm": "2027-03-12 17:00, 2027-03-13 17:00",
    "3.12. 17:00": "2026-12-03 17:00",
    "3.12 17:00": "2026-12-03 17:00",
    "3.12.26 17:00": "2026-12-03 17:00",
    "3.5 17:00": "2027-05-03 17:00",
    "2026-12-03T17:00": "2026-12-03 17:00",
    "3 dec 17:00, 10 dec 18:00": "2026-12-03 17:00, 2026-12-10 18:00",
    "3, 10 and 17 dec at 5pm": "2026-12-03 17:00, 2026-12-10 17:00, 2026-12-17 17:00",
    "5pm on dec 10 and dec 3": "2026-12-03 17:00, 2026-12-10 17:00",
    "dec 3 - 5pm": "2026-12-03 17:00",
    "this thursday 17:00": "2026-11-26 17:00",
    "thursday next week 17:00": "2026-12-03 17:00",
    "next week thursday 17:00": "2026-12-03 17:00",
    "next monday 9:30": "2026-11-30 09:30",
    "first monday in january 17:00": "2027-01-04 17:00",
    # German
    "donnerstags 17 Uhr": "thu 17:00",
    "jeden Donnerstag um 17:30 Uhr": "thu 17:30",
    "do 17:00": "thu 17:00",
    "mo und mi 10 Uhr": "mon, wed 10:00",
    "mittwochs 16.00 Uhr": "wed 16:00",
    "donnerstags abends um 8": "thu 20:00",
    "alle zwei Wochen donnerstags 17:00 bis März": "every 2 weeks thu 17:00 from 2026-11-26 until 2027-03-31",
    "am ersten Montag im Monat um 18 Uhr": "monthly 1st mon 18:00",
    "1. Montag im Monat 18 Uhr": "monthly 1st mon 18:00",
    "letzter Freitag im Monat 17:00": "monthly last fri 17:00",
    "3. Dezember 17 Uhr": "2026-12-03 17:00",
    "übermorgen 18 Uhr": "2026-11-25 18:00",
    "morgen 17 Uhr": "2026-11-24 17:00",
    "um 17 am Donnerstag": "thu 17:00",
}

ASKED = {
    "thursday 5": ("Morning or afternoon?", "thu 17:00", "thu 05:00"),
    "thursdays at 5": ("Morning or afternoon?", "thu 17:00", "thu 05:00"),
    "thu 5:30": ("Morning or afternoon?", "thu 17:30", "thu 05:30"),
    "thu 5 o'clock": ("Morning or afternoon?", "thu 17:00", "thu 05:00"),
    "biweekly mon 9": (
        "Morning or afternoon?",
        "every 2 weeks mon 09:00 from 2026-11-23",
        "every 2 weeks mon 21:00 from 2026-11-23",
    ),
    "12/3 5pm": ("Which date is meant?", "2027-03-12 17:00", "2026-12-03 17:00"),
    "thu 17:00 until 12/3": ("Which date is meant?", "thu 17:00 until 2027-03-12", "thu 17:00 until 2026-12-03"),
    "12/3 5": (
        "Which date is meant? Morning or afternoon?",
        "2027-03-12 17:00",
        "2027-03-12 05:00",
        "2026-12-03 17:00",
        "2026-12-03 05:00",
    ),
    "next thursday 17:00": ("Which week is meant?", "2026-11-26 17:00", "2026-12-03 17:00"),
    "nächsten Donnerstag 17 Uhr": ("Which week is meant?", "2026-11-26 17:00", "2026-12-03 17:00"),
    "weekly from next thursday 5pm": ("Which week is meant?", "thu 17:00 from 2026-11-26", "thu 17:00 from 2026-12-03"),
    "every second tuesday 12:30": (
        "Every so many weeks, or once a month?",
        "every 2 weeks tue 12:30 from 2026-11-24",
        "monthly 2nd tue 12:30",
    ),
    "biweekly tue and thu 9am": (
        "Every other week, or every week?",
        "every 2 weeks tue, thu 09:00 from 2026-11-24",
        "tue, thu 09:00",
    ),
    "thursday": ("At what time?", "thu 12:00", "thu 16:00", "thu 17:00", "thu 18:00"),
    "every week 17:00": ("On which day?", *(f"{day} 17:00" for day in WEEKDAYS)),
    "monthly thu 17:00": (
        "Which one of the month?",
        *(f"monthly {nth} thu 17:00" for nth in NTHS),
    ),
    "thursday 17:00-18:30": ("The length is set apart. Is this when it begins?", "thu 17:00"),
    "thursday from 5 to 6pm": ("The length is set apart. Is this when it begins?", "thu 17:00"),
    "thu 11-1pm": ("The length is set apart. Is this when it begins?", "thu 11:00"),
}

REFUSED = {
    "": "When?",
    "hello world": '"hello" is not understood',
    "thrusdays 17:00": 'Did you mean "thursdays"?',
    "thu 25:00": '"25" is not understood',
    "thu 13am": '"13am" is not understood',
    "thu 17:00 CET": "the zone is the group's own setting",
    "thu 17:00 Europe/Berlin": "the zone is the group's own setting",
    "every thursday except 24 dec 17:00": "skip its week",
    "every other month first thu 17:00": "weekdays of a month",
    "every other day 17:00": "weekdays of a month",
    "thu 17:00 18:00": "one time for all",
    "tue 17:00, thu 18:00": "one time for all",
    "3 dec 17:00 18:00": "Two times for one date",
    "friday 3 dec 17:00": "3 December is a Thursday",
    "2025-12-03 17:00": "3 December 2025 is over",
    "30 feb 17:00": "There is no 30 February",
    "14/13 5pm": "There is no day 14 of a month 13",
    "every thursday 3 dec 17:00": "Single dates stand alone",
    "3 dec - 17 dec 17:00": "Name each date",
    "3-5 dec 17:00": "name each date",
    "every 60 weeks thu 17:00": "1 to 52",
    "first mon and tue of the month 17:00": "one weekday",
    "fifth monday in february 2027 17:00": "There is no such Monday",
    "40.13 17:00": '"40:13" is not understood',
    "thu 17:00 until 2027": "a year stands behind its month",
    "thu 17:00 until tomorrow": "leaves no meeting",
    "next next thursday 17:00": '"next" stands alone',
    "thursday " * 30: "too long",
}


@pytest.mark.parametrize(("text", "canonical"), UNDERSTOOD.items(), ids=list(UNDERSTOOD))
def test_what_is_understood(text: str, canonical: str) -> None:
    found = read_schedule(text, MONDAY)
    assert isinstance(found, Recurrence)
    assert str(found) == canonical


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked_back(text: str) -> None:
    question, *options = ASKED[text]
    found = read_schedule(text, MONDAY)
    assert isinstance(found, Doubt)
    assert found.text == question
    assert [canonical for _, canonical in found.options] == options


@pytest.mark.parametrize(("text", "says"), REFUSED.items(), ids=[text[:40] or "nothing" for text in REFUSED])
def test_what_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        read_schedule(text, MONDAY)


def test_a_refusal_shows_how_to_write_it() -> None:
    with pytest.raises(ValueError, match='Write it like "thursdays 17:00", "every other tue 12:30 until march"'):
        read_schedule("sometime soon", MONDAY)


@pytest.mark.parametrize("text", ["every week", "monthly", "until march"])
def test_where_too_much_is_open_the_answer_is_typed(text: str) -> None:
    found = read_schedule(text, MONDAY)
    assert isinstance(found, Doubt)
    assert "On which day?" in found.text
    assert "Write it like" in found.text
    assert found.options == ()


def test_the_options_are_said_in_words() -> None:
    found = read_schedule("12/3 5pm", MONDAY)
    assert isinstance(found, Doubt)
    assert [label for label, _ in found.options] == [
        "On Friday 12 March at 17:00",
        "On Thursday 3 December at 17:00",
    ]


@pytest.mark.parametrize(
    ("today", "options"),
    [
        (24, ["2026-11-26", "2026-12-03"]),  # Tuesday
        (25, ["2026-11-26", "2026-12-03"]),  # tomorrow, or in eight days?
        (26, ["2026-12-03"]),
        (27, ["2026-12-03"]),  # both readings are in six days
        (29, ["2026-12-03"]),  # Sunday
    ],
)
def test_next_thursday_depends_on_the_day(today: int, options: list[str]) -> None:
    found = read_schedule("next thursday 17:00", date(2026, 11, today))
    said = [str(found)] if isinstance(found, Recurrence) else [canonical for _, canonical in found.options]
    assert said == [f"{day} 17:00" for day in options]


@pytest.mark.parametrize(
    ("canonical", "words"),
    [
        ("thu 17:00", "every Thursday at 17:00"),
        ("tue, thu 17:00", "every Tuesday and Thursday at 17:00"),
        ("mon, tue, wed, thu, fri 12:00", "Monday to Friday at 12:00"),
        ("mon, tue, wed, thu, fri, sat, sun 12:00", "every day at 12:00"),
        ("sat 00:00", "every Saturday at 00:00, as the day begins"),
        ("every 2 weeks tue 12:30 from 2026-11-10 until 2027-03-31", "every other Tuesday at 12:30 until 31 March"),
        ("every 2 weeks tue 12:30 from 2026-11-24", "every other Tuesday at 12:30 from 24 November"),
        ("every 2 weeks tue, thu 12:30 from 2026-11-10", "every other week on Tuesday and Thursday at 12:30"),
        ("every 3 weeks thu 17:00 from 2026-11-12", "every 3 weeks on Thursday at 17:00"),
        ("monthly 1st, last fri 18:00", "on the first and last Friday of every month at 18:00"),
        ("thu 17:00 until 2027-06-30", "every Thursday at 17:00 until 30 June 2027"),
        ("2026-12-03 17:00", "on Thursday 3 December at 17:00"),
        ("2026-12-03 17:00, 2026-12-17 17:00", "on Thursday 3 December and Thursday 17 December at 17:00"),
        (
            "2026-12-03 17:00, 2026-12-10 18:00",
            "on Thursday 3 December at 17:00 and Thursday 10 December at 18:00",
        ),
    ],
)
def test_how_it_is_said(canonical: str, words: str) -> None:
    assert describe(read_recurrence(canonical), MONDAY) == words


@pytest.mark.parametrize(
    ("canonical", "words"),
    [
        ("tue, thu 17:00", "jeden Dienstag und Donnerstag um 17:00"),
        ("every 2 weeks tue 12:30 from 2026-11-24", "jeden zweiten Dienstag um 12:30 ab 24. November"),
        ("every 3 weeks sat 00:00 from 2026-11-14", "alle 3 Wochen am Samstag um 00:00, wenn der Tag beginnt"),
        ("monthly 1st, last fri 18:00", "am ersten und letzten Freitag jedes Monats um 18:00"),
        ("2026-12-03 17:00", "am Donnerstag, 3. Dezember um 17:00"),
    ],
)
def test_how_it_is_said_in_another_language(canonical: str, words: str) -> None:
    assert describe(read_recurrence(canonical), MONDAY, GERMAN) == words


def test_a_doubt_and_a_refusal_are_said_in_another_language() -> None:
    found = read_schedule("12/3 5pm", MONDAY, GERMAN)
    assert isinstance(found, Doubt)
    assert found.text == "Welches Datum ist gemeint?"
    assert found.options[1][0] == "Am Donnerstag, 3. Dezember um 17:00"
    with pytest.raises(ValueError, match="There is no 30 February") as refused:
        read_schedule("30 feb 17:00", MONDAY)
    assert say(GERMAN, refused.value.args[0]).startswith("Den 30. Februar gibt es nicht")


@given(recurrences())
def test_the_canonical_text_is_understood_as_it_is(recurrence: Recurrence) -> None:
    with suppress(ValueError):  # it may be over
        assert read_schedule(str(recurrence), date(2024, 1, 1)) == recurrence


# --- anything typed ----------------------------------------------------------------------------------------------

PIECES = [
    *WORDS,
    *MONTHS,
    "5",
    "17:00",
    "5pm",
    "12/3",
    "3.12.",
    "2026-12-03",
    "1st",
    "-",
    ",",
    "in 2 weeks",
    "every 2 weeks",
]
phrases = st.one_of(
    st.text(max_size=40),
    st.text(string.ascii_lowercase + string.digits + " :-/.,", max_size=30),
    st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join),
)


@given(phrases, st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_any_text_is_understood_asked_about_or_refused_with_a_sentence(text: str, today: date) -> None:
    try:
        found = read_schedule(text, today)
    except ValueError as fault:
        said = str(fault)
    else:
        said = found.text if isinstance(found, Doubt) else describe(found, today)
        assert_can_be_chosen(found, today)
    assert len(said) > 10


def assert_can_be_chosen(found: Recurrence | Doubt, today: date) -> None:
    """Every answer is canonical, still to come, and told apart from the others by its label."""
    options = found.options if isinstance(found, Doubt) else ((describe(found, today), str(found)),)
    for _, canonical in options:
        recurrence = read_recurrence(canonical)
        assert read_schedule(canonical, today) == recurrence
        assert next(recurrence.dates(today), None) is not None
    assert len({label for label, _ in options}) == len(options) <= 25
