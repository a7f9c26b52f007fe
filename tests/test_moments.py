"""Times in texts: no text from outside holds one, no surface shows one otherwise than it means, nothing stands that
becomes false."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import terminal
from adapters.chat.discord.outbound import events, render, replies
from adapters.chat.discord.outbound.escape import escape, line, paragraphs, plain, units
from adapters.chat.discord.places import Spot
from adapters.chat.web.addresses import Spot as PageSpot
from adapters.chat.web.forms import write_form
from adapters.chat.web.pages import Answered, Calendars, Pages, Viewer, timed
from bot.cards import Button, Card, Choice, Event, Field, Form, Input, Message, Reply, Select
from bot.groups.names import fit_name
from bot.model import GroupSettings
from bot.moments import CLOSE, OPEN, SAID, Moment, mark, pieces, unmarked
from bot.moments import plain as spoken
from bot.papers.text import clean, cut
from bot.ports import Posted
from bot.views.calendar import CalendarEvent, write_calendar
from bot.views.dates import how_far, spoken_span, spoken_start, spoken_time
from tests.club import Town
from tests.golden import FOLDER
from tests.spoken import as_spoken

BERLIN = GroupSettings(id="readers", name="Readers", timezone="Europe/Berlin")
STARTS = datetime(2026, 11, 26, 16, tzinfo=UTC)
SAYS = "Thursday 26 November, 17:00 CET"
STAMP = "<t:1795708800:F>"
SPOT = Spot(1, 2)
SPOT_OF_PAGE = PageSpot()
CALENDARS = Calendars("https://papers.example.org/calendar.ics")
CONTROLS = f"{OPEN}{SAID}{CLOSE}"

hostile = st.text(st.sampled_from([*CONTROLS, *"FRt0123456789a <:>\\*_.…\n", "\ufdd0", "é"]), max_size=60)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Words from outside, with moments of ours between them."""
    parts = draw(st.lists(hostile.map(unmarked) | moments().map(str), max_size=6))
    return "".join(parts)


def moments() -> st.SearchStrategy[Moment]:
    times = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
    return st.builds(Moment, times, st.sampled_from(["F", "t", "R"]), st.just(SAYS))


# --- within a text


@given(st.lists(hostile.map(unmarked).filter(bool) | moments(), max_size=6))
def test_what_is_put_together_comes_apart_again(parts: list[str | Moment]) -> None:
    text = "".join(map(str, parts))
    assert [piece for piece in pieces(text) if isinstance(piece, Moment)] == [p for p in parts if isinstance(p, Moment)]
    assert spoken(text) == "".join(part.spoken if isinstance(part, Moment) else part for part in parts)


@given(texts())
def test_lines_and_white_space_are_as_they_are_without_moments(text: str) -> None:
    assert list(map(spoken, text.splitlines())) == spoken(text).splitlines()
    assert spoken(" ".join(text.split())) == " ".join(spoken(text).split())


@given(texts(), st.integers(0, 80))
def test_a_cut_goes_by_what_is_shown_and_never_through_a_moment(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(spoken(short)) <= max(most, 0)
    assert not set(CONTROLS) & set(spoken(short))


@given(hostile)
def test_nothing_from_outside_is_a_moment(text: str) -> None:
    for cleaned in (unmarked(text), clean(text)):
        assert not set(CONTROLS) & set(cleaned)
    assert not set(CONTROLS) & set(fit_name(f"Ann {text}", "discord:1"))


async def test_what_is_typed_and_who_types_it_hold_no_moment(readers: Town) -> None:
    forged = mark(STARTS, "F", "never")
    ann = readers.user("web:ann", f"Ann{forged}", "web:readers")
    for text in ((await ann.says(f"/paper search {forged}")).text, (await ann.says("/paper mine")).text):
        assert not set(CONTROLS) & set(text)
    member = await readers.club.app.whoami("readers", "web:ann")
    assert member
    assert not set(CONTROLS) & set(member.name)


# --- how it is said


def test_a_time_is_spoken_with_its_zone() -> None:
    assert spoken(spoken_time(STARTS, BERLIN)) == SAYS
    assert spoken(spoken_span(STARTS, 90, BERLIN)) == "Thursday 26 November, 17:00 to 18:30 CET"
    assert spoken(spoken_start(STARTS, GroupSettings(timezone="America/Sao_Paulo"), STARTS)) == (
        "Thursday 26 November, 13:00 America/Sao_Paulo"
    )


def test_where_the_clocks_change_during_a_meeting_both_ends_name_their_zone() -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert spoken(spoken_span(night, 60, BERLIN)) == "Sunday 25 October, 02:30 CEST to 02:30 CET"


# --- Discord


def test_discord_shows_each_reader_their_own_time() -> None:
    when = spoken_span(STARTS, 60, BERLIN)
    card = Card(
        "pick", spoken_time(STARTS, BERLIN), body=f"Until {spoken_time(STARTS, BERLIN)}.", fields=(Field("When", when),)
    )
    embed = render.embed(card)
    assert embed["description"] == f"Until {STAMP}."
    assert embed["fields"][0]["value"] == f"{STAMP} to <t:1795712400:t> (<t:1795708800:R>)"
    assert embed["title"] == SAYS
    (body,) = replies.bodies(Reply(f"It is on {spoken_time(STARTS, BERLIN)}."), SPOT)
    assert body["content"] == f"It is on {STAMP}."


@given(texts(), st.integers(1, 120))
def test_discord_cuts_no_time_and_counts_what_it_sends(text: str, most: int) -> None:
    shown = paragraphs(text, most)
    assert units(shown) <= most
    left = re.sub(r"<t:-?[0-9]+:[FtR]>", "", re.sub(r"\\.", "", shown))
    assert "<" not in left


@given(texts())
def test_where_discord_shows_no_times_they_are_spoken(text: str) -> None:
    for shown in (plain(text, 500), line(text, 500)):
        assert "<t:" not in re.sub(r"\\.", "", shown) or "<t:" in spoken(text)


def test_what_stands_around_a_time_is_escaped_and_keeps_its_place() -> None:
    assert escape(f"*a* {spoken_time(STARTS, BERLIN)} <t:1:F>\ufdd0") == rf"\*a\* {STAMP} \<t:1:F>"


# --- the page, the terminal, calendars


def test_the_page_marks_a_time_for_its_script_and_names_the_zone_without_it() -> None:
    assert timed(f"<b> {spoken_time(STARTS, BERLIN)}") == (
        f'&lt;b&gt; <time datetime="2026-11-26T16:00:00Z" data-style="F">{SAYS}</time>'
    )


WHOLE = mark(STARTS, "F", SAYS) + how_far(STARTS)
EVERYWHERE = Card(
    "pick", WHOLE, byline=WHOLE, body=WHOLE, label=WHOLE, fields=(Field(WHOLE, WHOLE), Field(WHOLE, WHOLE)),
    links=((WHOLE, "https://example.org"),), footer=WHOLE, buttons=(Button(WHOLE, "vote", 1),),
    selects=tuple(Select(WHOLE, name, "a", (Choice(WHOLE, "1"),), many=name == "mine") for name in ("vote", "mine")),
    event=Event(STARTS, STARTS, WHOLE),
)  # fmt: skip
FORM = Form(WHOLE, "recap", (Input("name", WHOLE, WHOLE), Input("more", WHOLE, WHOLE, long=True)))


def test_no_surface_lets_anything_of_a_moment_through() -> None:
    message = Message(WHOLE, EVERYWHERE)
    reply = Reply(WHOLE, (EVERYWHERE, EVERYWHERE), (Button(WHOLE, "show"),), form=FORM)
    viewer, pages = Viewer(BERLIN), Pages()
    shown: list[Any] = [
        render.message(message, SPOT),
        replies.bodies(reply, SPOT),
        render.modal(FORM),
        render.thread_name(WHOLE),
        events.body(EVERYWHERE, Event(STARTS, STARTS, WHOLE), SPOT, WHOLE),
        terminal.render(EVERYWHERE, 80, colour=False),
        terminal.render_text(WHOLE),
        write_form(FORM),
        pages.article(viewer, Posted(1, STARTS, message), SPOT_OF_PAGE),
        pages.reply(viewer, Answered(reply), SPOT_OF_PAGE, WHOLE, reply),
        pages.next(viewer, Answered(reply), SPOT_OF_PAGE, reply, CALENDARS),
        pages.fragment(viewer, Answered(reply), SPOT_OF_PAGE, None),
        write_calendar("uid", WHOLE, [CalendarEvent("g", 1, WHOLE, STARTS, 60, STARTS, WHOLE, WHOLE)]).decode(),
        as_spoken(message),
    ]
    for text in leaves(shown):
        assert not set(CONTROLS) & set(text), text
        assert "\\u000e" not in text
        assert SAYS not in text or "1795708800" not in text.replace(STAMP, "").replace("<t:1795708800:R>", "")


def leaves(value: Any) -> Iterator[str]:
    """Every text of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))


# --- what the goldens say: a month of five groups, a year of three, refusals, a week on each surface

CLOCK = re.compile(r"(?<![\d:T.=@/+-])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:=])")
NAMED = re.compile(r"(?: to (?:\w+ \d+ \w+, )?\d\d:\d\d)? (?:[A-Z]{2,5}\b|\([A-Z]\w+(?:/\w+)*\)|[A-Z]\w+/\w+)")
RELATIVE = re.compile(
    r"\b(?:today(?![:\"' ]|$)|tomorrow|yesterday|tonight|in (?:an?|\d+) (?:minute|hour|day|week)s?(?! before)"
    r"|\d+ (?:minute|hour|day|week|month)s? ago|(?:this|next|last) (?:week|month|\w+day))\b",
    re.IGNORECASE,
)
EXAMPLES = re.compile(
    r"Write it like .*|write it as [^.]*|(?:[Ww]hen|When), as .*|, as tomorrow.*|/paper.*|To change it.*"
    r'|"(?:description|description_localizations|label|custom_id|value|name)": .*|<Hour> .*'
)
SETTINGS = re.compile(r"(?:Time|Meets):? .*|^\W*\d\d:\d\d\W*$|\[Every \w+ at .*|.*schedule:draft=.*")
OTHERS = re.compile(r'"[^"]*" is n.*|(?<=\]) [\w ]+[@:]\S.*$')  # what was typed, ids of buttons


def said(name: str) -> Iterator[str]:
    """The lines of a golden that members read, without what shows how to type and how a setting stands."""
    for text in (FOLDER / name).read_text().splitlines():
        if text.startswith(" "):
            yield OTHERS.sub("", SETTINGS.sub("", EXAMPLES.sub("", text)))


GOLDENS = sorted(path.name for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("name", GOLDENS)
def test_every_clock_time_that_is_said_names_its_zone(name: str) -> None:
    bare = [text for text in said(name) for found in CLOCK.finditer(text) if not NAMED.match(text, found.end())]
    assert not bare, "\n".join(bare)


@pytest.mark.parametrize("name", GOLDENS)
def test_nothing_that_stands_is_said_by_the_day_on_which_it_was_written(name: str) -> None:
    assert [text for text in said(name) if RELATIVE.search(text)] == []
