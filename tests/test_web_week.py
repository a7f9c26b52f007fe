"""The week on the web surface by plain HTTP: its cards, forms and lists to choose from, its pages and calendars."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.web.addresses import Asked, Spot
from adapters.chat.web.forms import filled, read_form, write_form
from adapters.chat.web.guard import Tickets
from adapters.chat.web.pages import Answered, Pages, Viewer, by_day, lift
from bot.cards import Card, Field, Form, Input, Message, Reply, Select
from bot.commands import TABLE
from bot.model import GroupSettings, Member, Request, WebSettings
from bot.ports import CommandInfo, Posted
from tests.fakes import week
from tests.fakes.core import FakeCore
from tests.fakes.markup import Element, read_html
from tests.fakes.papers import digest
from tests.fakes.site import RunningSite, running_site
from tests.test_web import FETCH, answer, new_visitor, read, sent_to, submit

GROUP = "/g/reading-group"
COMMANDS = ("rsvp", "present", "ask", "ballot", "recap", "reopen", "admin next", "manage", "undo")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SLIDES = "https://slides.example.org/2"  # which stand in the form already
EMPTY = {"first": "", "second": "", "third": "", "rating": "", "slides": SLIDES}
TOO_MUCH = "Say whether it was worth our time as a number from 1 to 5."


def say_recap(request: Request) -> Reply:
    """As the core does: without values it asks for them."""
    if "first" not in request.args:
        return Reply("Type /paper meeting recap.", form=week.RECAP)
    if request.args["rating"] not in ("", "1", "2", "3", "4", "5"):
        return Reply(TOO_MUCH, ok=False)
    return Reply("Thank you; it is in the archive.")


@pytest.fixture
def core() -> FakeCore:
    """The messages 2 to 9 are a week's cards, 4 is the pick."""
    core = FakeCore(cards=[digest(), *week.week()])
    core.replies = {name: lambda request: Reply("Noted.") for name in COMMANDS}
    core.replies |= {
        "recap": say_recap,
        "setup": lambda request: Reply("As it is now.", (week.settings(),)),
        "next": lambda request: Reply("", (week.pick(),)),
        "archive": lambda request: Reply("1 meeting", (week.archived(),)),
    }
    core.named = (*core.named, "recap", "rsvp")
    core.pinned, core.moderators = {4}, {"Maren"}
    return core


@pytest.fixture
async def site(tmp_path: Path, core: FakeCore) -> AsyncIterator[RunningSite]:
    async with running_site(tmp_path, core) as running:
        yield running


@pytest.fixture
async def visitor(site: RunningSite) -> AsyncIterator[ClientSession]:
    async with new_visitor() as session:
        yield session


@pytest.fixture
async def ann(site: RunningSite) -> AsyncIterator[ClientSession]:
    async with new_visitor() as session:
        await session.post(f"{site.group}/join", data={"name": "Ann"})
        yield session


@pytest.fixture
async def maren(site: RunningSite) -> AsyncIterator[ClientSession]:
    async with new_visitor() as session:
        await session.post(f"{site.group}/join", data={"name": "Maren"})
        yield session


def labels(element: Element) -> list[str]:
    return [button.text for button in element.all("button", name="button")]


# --- cards


async def test_every_kind_of_card_says_what_it_is(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    kinds = {article.attributes["id"]: article.attributes["class"] for article in page.all("article")}
    named = ["ballot", "ballot", "pick", "ask", "session", "session", "recap"]
    assert [kinds[f"message-{number}"] for number in range(2, 9)] == [f"card {kind} panel" for kind in named]
    assert kinds["message-9"] == "card notice"


async def test_what_is_pinned_stands_first_and_once(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    pinned = page.one("section", id="pinned")
    assert [article.attributes["id"] for article in pinned.all("article")] == ["message-4"]
    assert "hidden" not in pinned.attributes
    assert len(page.all("article")) == 9


async def test_on_older_pages_a_pinned_message_stands_where_it_was_posted(
    site: RunningSite, visitor: ClientSession
) -> None:
    page = await read(await visitor.get(f"{site.group}?before=9"))
    assert not page.all("section", id="pinned")
    assert len(page.one("section", class_="day").all("article")) == 8


def test_a_day_that_holds_only_what_is_pinned_is_not_shown_empty() -> None:
    posts = [Posted(1, NOW, Message("", digest())), Posted(2, NOW, Message("", week.pick(), pinned=True))]
    days, _ = by_day(posts, 5)
    pinned, rest = lift(days)
    assert ([post.id for post in pinned], [day.id for day in rest]) == ([2], [1])
    pinned, rest = lift(by_day(posts[1:], 5)[0])
    assert ([post.id for post in pinned], rest) == ([2], [])


async def test_buttons_for_moderators_are_theirs_alone(
    site: RunningSite, ann: ClientSession, maren: ClientSession
) -> None:
    cards = [(await read(await who.get(site.group))).one("article", id="message-4") for who in (ann, maren)]
    everybodys = ["Join 5", "Skip", "Ask", "Why this paper?", "I'd step in"]
    assert [labels(card) for card in cards] == [everybodys, [*everybodys, "Manage"]]
    assert cards[1].one("div", role="group").attributes["aria-label"] == "For moderators"


async def test_who_moderates_by_the_configuration_does_so_here(site: RunningSite, ann: ClientSession) -> None:
    [account] = site.core.names
    site.core.settings = replace(site.core.settings, moderators=(account,))
    page = await read(await ann.get(site.group))
    assert "Manage" in labels(page.one("article", id="message-4"))


async def test_a_button_about_a_session_becomes_a_request_about_it(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.get(site.group))
    card = page.one("article", id="message-5")
    form = next(form for form in card.all("form") if form.one("button").text == "Can't, ask backup")
    back = await submit(ann, site, form, button=form.one("button").attributes["value"])
    request = site.core.requests[-1]
    assert (request.command, request.args, request.pressed) == ("present", {"session": "7", "answer": "no"}, True)
    assert sent_to(back) == f"{GROUP}#message-5"


async def test_who_is_called_by_name_sees_it(site: RunningSite, ann: ClientSession, visitor: ClientSession) -> None:
    site.core.mentions = {5: tuple(site.core.names)}
    hers, theirs = [(await read(await who.get(site.group))).one("article", id="message-5") for who in (ann, visitor)]
    assert hers.one("p", class_="you").text == "For you"
    assert not theirs.all("p", class_="you")


async def test_a_place_that_is_an_address_can_be_pressed(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    where = page.one("article", id="message-6").one("dl").one("a")
    assert where.attributes == {
        "href": "https://meet.example.org/reading-group-thursdays",
        "rel": "noopener noreferrer",
    }


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.example/x?y=1#z.", ["https://a.example/x?y=1#z"]),
        ("(https://a.example/) and http://b.example", ["https://a.example/", "http://b.example"]),
        ("javascript:alert(1) data:text/html,x //evil.example", []),
        ('https://a.example"onclick="x', ["https://a.example"]),
        ("https://", []),
    ],
)
def test_only_web_addresses_in_a_text_become_links(pages: Pages, text: str, links: list[str]) -> None:
    card = Card("session", "T", fields=(Field("Where", text),))
    page = read_html(pages.article(Viewer(GroupSettings()), Posted(3, NOW, Message("T", card)), Spot()))
    assert addresses_in(page) == links
    assert page.one("dd").text == text


async def test_who_has_joined_sees_it_on_the_button(
    site: RunningSite, ann: ClientSession, maren: ClientSession
) -> None:
    site.core.joined = {account: frozenset({7}) for account, name in site.core.names.items() if name == "Ann"}
    for who, joined in ((ann, "true"), (maren, "false")):
        card = (await read(await who.get(site.group))).one("article", id="message-4")
        assert card.one("button", value="rsvp@7:answer=join").attributes.get("aria-current", "false") == joined
        assert "aria-pressed" not in card.one("button", value="rsvp@7:answer=join").attributes
        assert "aria-current" not in card.one("button", value="rsvp@7:answer=skip").attributes
        assert "aria-pressed" not in card.one("button", value="ask@7").attributes


async def test_what_is_offered_once_is_no_toggle(site: RunningSite, ann: ClientSession) -> None:
    site.core.held["claim"][4] = {*site.core.names}
    site.core.cards[4] = replace(week.pick(), entry=107)
    card = (await read(await ann.get(site.group))).one("article", id="message-4")
    assert "aria-pressed" not in card.one("button", value="claim!:107").attributes


@pytest.mark.parametrize(
    ("ref", "address"),
    [("web-12", f"{GROUP}?before=13#message-12"), ("1234", ""), ("", ""), ("web-x", ""), ("web-0", "")],
)
def test_where_it_was_discussed_is_a_link_away(pages: Pages, ref: str, address: str) -> None:
    card = replace(week.recap(), url="", links=(), fields=(), discussion=ref)
    page = read_html(pages.article(Viewer(GroupSettings()), Posted(3, NOW, Message("T", card)), Spot()))
    assert [link.attributes["href"] for link in page.all("a")] == ([address] if address else [])


# --- forms


async def open_form(visitor: ClientSession, site: RunningSite) -> Element:
    """The recap's form as it stands in the private answer."""
    page = await read(await visitor.post(f"{site.group}/press", data={"button": "recap@7", "spot": "message=8"}))
    return page.one("div", id="shown").one("form", class_="filling")


async def test_a_form_is_shown_to_be_filled_in(site: RunningSite, ann: ClientSession) -> None:
    form = await open_form(ann, site)
    assert form.one("legend").text == "How was it?"
    assert [label.text for label in form.all("label")] == [
        "What do you take home?",
        "What else? (may stay empty)",
        "And what else? (may stay empty)",
        "Worth our time? 1 (no) to 5 (very)",
        "A link to slides (may stay empty)",
    ]
    inputs = [*form.all("textarea"), *form.one("fieldset").all("input")]
    assert [label.attributes["for"] for label in form.all("label")] == [one.attributes["id"] for one in inputs]
    assert ["required" in one.attributes for one in inputs] == [True, False, False, False, False]
    assert form.fields["arg.slides"] == SLIDES


async def test_beside_a_form_no_word_of_how_to_type_it(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.post(f"{site.group}/press", data={"button": "recap@7"}))
    assert answer(page) == ""


async def test_a_form_runs_its_command_with_what_was_typed(site: RunningSite, ann: ClientSession) -> None:
    form = await open_form(ann, site)
    typed = {"arg.first": "It <works>", "arg.second": "one\r\ntwo\rthree"}
    done = await submit(ann, site, form, **typed)
    request = site.core.requests[-1]
    assert request.command == "recap"
    assert request.args == {"session": "7", **EMPTY, "first": "It <works>", "second": "one\ntwo\nthree"}
    assert request.pressed
    assert request.id == f"{request.account}:{form.fields['nonce']}"
    assert sent_to(done) == f"{GROUP}#message-8"
    page = await read(done)
    assert answer(page) == "Thank you; it is in the archive."
    assert not page.all("form", class_="filling")


async def test_a_form_sent_twice_counts_once(site: RunningSite, ann: ClientSession) -> None:
    form = await open_form(ann, site)
    for _ in range(2):
        await submit(ann, site, form, **{"arg.first": "x"})
    first, second = site.core.requests[-2:]
    assert first.id == second.id


async def test_a_refused_form_keeps_what_was_typed(site: RunningSite, ann: ClientSession) -> None:
    form = await open_form(ann, site)
    typed = {"arg.first": '"quoted" <b>', "arg.rating": "six", "arg.third": "\nfirst line empty\n</textarea>"}
    again = await read(await submit(ann, site, form, **typed))
    form = again.one("form", class_="filling")
    assert answer(again) == TOO_MUCH
    assert {name: value for name, value in form.fields.items() if name in typed} == typed
    done = await read(await submit(ann, site, form, **{"arg.rating": "5"}))
    assert answer(done) == "Thank you; it is in the archive."
    assert site.core.requests[-1].args["first"] == '"quoted" <b>'


async def test_with_fetch_a_refused_form_comes_back_too(site: RunningSite, ann: ClientSession) -> None:
    form = await open_form(ann, site)
    data = {**form.fields, "arg.first": "kept", "arg.rating": "six"}
    fragment = await read(await ann.post(f"{site.group}/fill", data=data, headers=FETCH))
    shown = fragment.one("div", data_part="shown").one("form", class_="filling")
    assert shown.fields["arg.first"] == "kept"
    assert fragment.one("div", data_part="said").attributes["data-ok"] == "false"


async def test_who_has_no_name_any_more_loses_nothing(
    site: RunningSite, ann: ClientSession, visitor: ClientSession
) -> None:
    form = await open_form(ann, site)
    asked = await read(await submit(visitor, site, form, **{"arg.first": "kept", "arg.second": "a\nb"}))
    prompt = next(form for form in asked.all("form") if "arg.first" in form.fields)
    assert not asked.all("form", class_="filling")
    done = await read(await submit(visitor, site, prompt, name="Ben"))
    assert answer(done) == "Thank you; it is in the archive."
    assert site.core.requests[-1].args == {"session": "7", **EMPTY, "first": "kept", "second": "a\nb"}


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
async def test_a_form_of_another_site_is_refused(
    site: RunningSite, ann: ClientSession, headers: dict[str, str]
) -> None:
    asked = len(site.core.requests)
    response = await ann.post(f"{site.group}/fill", data={"button": "recap", "arg.first": "x"}, headers=headers)
    assert response.status == 403
    assert len(site.core.requests) == asked


async def test_a_form_that_is_too_long_says_so_and_the_page_keeps_it(site: RunningSite, ann: ClientSession) -> None:
    data = {"button": "recap@7", "arg.first": "x" * 70_000}
    response = await ann.post(f"{site.group}/fill", data=data, headers=FETCH)
    assert response.status == 413
    assert not (await read(response)).all("div", data_part="shown")  # app.js leaves what is shown


def hidden_text(text: str) -> dict[str, str]:
    return {"button": "recap@7", "form": text, "arg.first": "x", "arg.rating": "six"}


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '{"title":1}', "x" * 9000, "[" * 5000, '{"inputs":[{}]}'])
async def test_a_form_that_is_none_of_ours_is_not_shown_again(site: RunningSite, ann: ClientSession, text: str) -> None:
    page = await read(await ann.post(f"{site.group}/fill", data=hidden_text(text)))
    assert answer(page) == TOO_MUCH
    assert not page.all("form", class_="filling")


TEXTS = st.text(max_size=30)
FORMS = st.builds(
    Form,
    TEXTS,
    TEXTS,
    st.lists(st.builds(Input, TEXTS, TEXTS, TEXTS, required=st.booleans(), long=st.booleans()), max_size=5).map(tuple),
    st.none() | st.integers(1, 2**63 - 1),
)


@given(FORMS)
def test_a_form_travels_as_text(form: Form) -> None:
    values = [(one.name, one.value) for one in form.inputs]
    assert read_form(write_form(form)) == filled(form, ((name, "") for name, _ in values))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["title", "command", "inputs", "session", "x"]), inner)
        ),
    )
)
def test_any_text_is_a_form_or_none(data: object) -> None:
    found = read_form(json.dumps(data))
    assert found is None or isinstance(found, Form)


def test_what_was_typed_goes_into_its_input_alone() -> None:
    form = filled(week.RECAP, [("first", "a"), ("rating", ""), ("other", "b")])
    assert [one.value for one in form.inputs] == ["a", "", "", "", SLIDES]


# --- lists to choose from


async def test_a_list_to_choose_from_is_one(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.post(f"{site.group}/say", data={"line": "setup"}))
    one, many = page.one("div", id="shown").all("form", class_="choose")
    select = one.one("select")
    assert one.one("label").attributes["for"] == select.attributes["id"]
    assert [(o.text, "selected" in o.attributes) for o in select.all("option")] == [
        ("Monday to Friday", True),
        ("Every day", False),
    ]
    assert many.one("legend").text == "Sources"
    assert [box.attributes["value"] for box in many.all("input", type="checkbox", name="arg.sources")] == ["arxiv", "b"]


@pytest.mark.parametrize(
    ("chosen", "args"),
    [
        ({"arg.days": "daily"}, {"days": "daily"}),
        ({"arg.sources": ["", "arxiv", "b"]}, {"sources": "arxiv,b"}),
        ({"arg.sources": ["", "b"]}, {"sources": "b"}),
        ({"arg.sources": [""]}, {"sources": ""}),
    ],
)
async def test_choosing_runs_the_command(
    site: RunningSite, ann: ClientSession, chosen: dict[str, str | list[str]], args: dict[str, str]
) -> None:
    pairs = [
        (name, value) for name, values in chosen.items() for value in ([values] if isinstance(values, str) else values)
    ]
    page = await read(await ann.post(f"{site.group}/fill", data=[("button", "setup"), *pairs]))
    request = site.core.requests[-1]
    assert (request.command, request.args, request.pressed) == ("setup", args, True)
    assert len(page.one("div", id="shown").all("select")) == 1


async def test_what_was_chosen_is_asked_again_as_the_same_request(site: RunningSite, ann: ClientSession) -> None:
    data = {"button": "setup", "arg.days": "daily", "nonce": "1234abcd"}
    page = await read(await ann.post(f"{site.group}/fill", data=data))
    undo = next(form for form in page.one("div", id="shown").all("form") if labels(form) == ["Undo"])
    await submit(ann, site, undo, button="undo")
    chosen, undone, again = site.core.requests[-3:]
    assert (chosen.command, undone.command) == ("setup", "undo")
    assert again == chosen


def test_long_values_do_not_travel_in_every_form() -> None:
    short, long = (Asked("recap", nonce="1234abcd", args=(("first", "x" * n),)) for n in (100, 1000))
    assert Spot.read(str(Spot().with_list(short))).asked == short
    assert Spot().with_list(long) == Spot()
    assert Spot().with_list(replace(short, form="{}")) == Spot()


# --- pages of their own


async def test_the_pages_are_a_press_away_and_say_where_one_is(site: RunningSite, visitor: ClientSession) -> None:
    for path in ("", "/next", "/archive", "/help"):
        page = await read(await visitor.get(site.group + path))
        links = page.one("header").one("nav").all("a")
        assert [link.attributes["href"] for link in links] == [
            GROUP + end for end in ("", "/next", "/archive", "/help")
        ]
        assert [link.attributes["href"] for link in links if link.attributes.get("aria-current") == "page"] == [
            GROUP + path
        ]


async def test_where_the_week_has_no_commands_it_has_no_links(tmp_path: Path) -> None:
    async with running_site(tmp_path, FakeCore()) as site, new_visitor() as visitor:
        page = await read(await visitor.get(site.group))
    assert [link.text for link in page.one("header").one("nav").all("a")] == ["Papers", "Help"]


async def test_the_next_session_has_its_page(site: RunningSite, visitor: ClientSession) -> None:
    response = await visitor.get(f"{site.group}/next")
    page = await read(response)
    assert page.one("title").text == "Next meeting · Reading group"
    assert page.one("main").one("article").one("h3").text.startswith("Thursday 26 November: What Do")
    assert (site.core.requests[-1].command, site.core.requests[-1].args) == ("next", {})
    assert not response.cookies


async def test_a_press_on_the_next_page_comes_back_to_it(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.get(f"{site.group}/next"))
    form = page.one("main").one("article").all("form")[0]
    assert sent_to(await submit(ann, site, form, button="rsvp@7:answer=join")) == f"{GROUP}/next"


async def test_the_archive_can_be_searched_and_bookmarked(site: RunningSite, ann: ClientSession) -> None:
    site.core.replies["archive"] = lambda request: Reply("1 meeting", (week.recap(),))
    page = await read(await ann.get(f"{site.group}/archive", params={"q": "tiny & small"}))
    assert site.core.requests[-1].args == {"query": "tiny & small"}
    assert page.one("input", id="archive-q").attributes["value"] == "tiny & small"
    assert page.one("input", id="q").attributes["value"] == ""  # that is for papers
    form = page.one("main").one("article").one("form")
    assert sent_to(await submit(ann, site, form, button="recap@7")) == f"{GROUP}/archive?q=tiny+%26+small"
    await ann.get(f"{site.group}/archive")
    assert site.core.requests[-1].args == {}


class WholeCore(FakeCore):
    """It has the commands of the program."""

    @property
    def commands(self) -> Sequence[CommandInfo]:
        return [row.info for row in TABLE]


async def test_the_help_page_shows_commands_as_they_are_typed(tmp_path: Path) -> None:
    async with running_site(tmp_path, WholeCore()) as site, new_visitor() as visitor:
        page = await read(await visitor.get(f"{site.group}/help"))
    codes = [code.text for part in page.all("dl", class_="commands") for code in part.all("code")]
    offered = [row.typed for row in TABLE if row.is_offered_on("web")]
    assert [typed for typed in offered if not any(f"{code} ".startswith(f"{typed} ") for code in codes)] == []


async def test_empty_pages_say_why(site: RunningSite, visitor: ClientSession) -> None:
    site.core.replies["next"] = lambda request: Reply("No meeting is planned yet.", ok=False)
    site.core.replies["archive"] = lambda request: Reply("Nothing was discussed yet.")
    for path, said in (("next", "No meeting is planned yet."), ("archive", "Nothing was discussed yet.")):
        response = await visitor.get(f"{site.group}/{path}")
        assert response.status == 200
        assert said in (await read(response)).one("main").text


@pytest.mark.parametrize("page", ["help", "../..", "next/../..", "//evil.example", "paper"])
def test_a_spot_is_on_one_of_our_pages(page: str) -> None:
    assert Spot.read(f"page={page}").page == ""


@given(st.sampled_from(["", "next", "archive"]), st.none() | st.text(max_size=30), st.text(max_size=30))
def test_where_one_was_travels_as_text(page: str, query: str | None, value: str) -> None:
    spot = Spot(page=page, query=query).with_list(Asked("setup", nonce="1234abcd", args=(("days", value),)))
    assert Spot.read(str(spot)) == replace(
        spot, asked=replace(spot.asked, args=(("days", value.replace("\r\n", "\n").replace("\r", "\n")),))
    )


def addresses_in(card: Element) -> list[str]:
    """Besides that of the calendar, to which each meeting leads."""
    every = [link.attributes["href"] for link in card.all("a")]
    calendar = "/g/reading-group/next#subscribe"
    assert every.count(calendar) == 1
    return [address for address in every if address != calendar]


# --- calendars


async def addresses_on(visitor: ClientSession, site: RunningSite) -> list[str]:
    page = await read(await visitor.get(f"{site.group}/next"))
    return [field.attributes["value"] for field in page.one("section", class_="subscribe").all("input")]


async def test_the_groups_calendar_is_a_file_to_subscribe_to(site: RunningSite, visitor: ClientSession) -> None:
    [address] = await addresses_on(visitor, site)
    assert address == f"{site.group}/calendar.ics"
    response = await visitor.get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Content-Disposition"] == 'inline; filename="reading-group.ics"'
    assert await response.read() == site.core.file
    assert site.core.calendars == [("reading-group", None, f"{site.group}/next")]


async def test_whoever_can_not_subscribe_is_told(tmp_path: Path, core: FakeCore) -> None:
    settings = WebSettings(port=0, allowed_hosts=("papers.example",))
    async with running_site(tmp_path, core, settings) as site, new_visitor() as visitor:
        here = await read(await visitor.get(f"{site.group}/next"))
        there = await read(await visitor.get(f"{site.group}/next", headers={"Host": "papers.example"}))
    told = [any("this machine alone" in hint.text for hint in page.all("p", class_="hint")) for page in (here, there)]
    assert told == [True, False]
    assert there.one("input", id="group-calendar").attributes["value"].startswith("http://papers.example/g/")


async def test_a_member_has_an_address_of_their_own(
    site: RunningSite, ann: ClientSession, maren: ClientSession
) -> None:
    (_, hers), (_, marens) = await addresses_on(ann, site), await addresses_on(maren, site)
    assert hers != marens
    assert "Ann" not in hers
    async with new_visitor() as program:  # which has no cookie
        for address in (hers, marens):
            assert (await program.get(address)).status == 200
    assert [member for _, member, _ in site.core.calendars] == [1, 2]


async def test_a_calendar_that_did_not_change_is_not_sent_again(site: RunningSite, visitor: ClientSession) -> None:
    address = f"{site.group}/calendar.ics"
    tag = (await visitor.get(address)).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = await visitor.get(address, headers={"If-None-Match": known})
        assert (response.status, response.headers["ETag"], await response.read()) == (304, tag, b"")
    site.core.file = b"changed"
    response = await visitor.get(address, headers={"If-None-Match": tag})
    assert (response.status, await response.read()) == (200, b"changed")


async def test_an_address_that_we_did_not_sign_is_not_found(
    site: RunningSite, ann: ClientSession, maren: ClientSession
) -> None:
    _, hers = await addresses_on(ann, site)
    ticket = hers.rpartition("/")[2].removesuffix(".ics")
    number, _, signature = ticket.partition(".")
    forged = (f"2.{signature}", f"{number}.{signature[:-2]}xx", number, f"{number}.", "x.y", f"{ticket}.", f"0{ticket}")
    for one in forged:
        assert (await ann.get(f"{site.group}/calendar/{one}.ics")).status == 404, one
    assert site.core.calendars == []


def test_a_ticket_is_for_one_group_and_one_purpose() -> None:
    tickets, others = Tickets(b"k" * 32, "calendar"), Tickets(b"k" * 32, "mail")
    ticket = tickets.write("readers", 3)
    assert tickets.read("readers", ticket) == 3
    assert tickets.read("vision", ticket) is None
    assert others.read("readers", ticket) is None
    assert Tickets(b"x" * 32, "calendar").read("readers", ticket) is None


async def test_a_calendar_of_another_group_is_not_found(site: RunningSite, ann: ClientSession) -> None:
    assert (await ann.get(f"{site.address}/g/other/calendar.ics")).status == 404


# --- hostile texts


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages([CommandInfo(name, "") for name in (*COMMANDS, "setup", "next", "archive", "vote")])


def hostile(text: str) -> tuple[Card, ...]:
    """Every kind of card with `text` wherever a member or a feed may have put it."""
    names = [Field("Where", text), Field(f"{text} and more than twenty-four", text), Field("Picked", f"{text}\n{text}")]
    select = replace(week.settings().selects[0], label=text)
    boxes = replace(
        week.settings().selects[1], choices=tuple(replace(c, label=text) for c in week.settings().selects[1].choices)
    )
    return tuple(
        replace(card, title=text, byline=text, body=text, footer=text, fields=tuple(names), selects=(select, boxes))
        for card in week.week()
    )


def everything(pages: Pages, text: str) -> Element:
    viewer = Viewer(GroupSettings(name=text), "web:1", Member(1, text, "moderator"))
    posts = [Posted(n, NOW, Message(text, card, ("web:1",), pinned=n == 3)) for n, card in enumerate(hostile(text), 1)]
    inputs = (Input("first", text, text), Input("notes", text, text, long=True))
    answer = Answered(Reply(text, hostile(text), form=Form(text, "recap", inputs, 7), ok=False))
    return read_html(pages.stream(viewer, answer, Spot(), by_day(posts, 9)[0], None, 0))


@pytest.mark.parametrize(
    "text", ["</textarea><script>alert(1)</script>", "' onclick='x", '"><img src=x>', "\u202e</dd>"]
)
def test_no_text_becomes_markup(pages: Pages, text: str) -> None:
    assert everything(pages, text).shape == everything(pages, "x" * len(text)).shape


def test_a_list_without_a_choice_begins_with_none(pages: Pages) -> None:
    select = week.settings().selects[0]
    undecided = Select("Days", "setup", "days", tuple(replace(choice, chosen=False) for choice in select.choices))
    card = Card("notice", "T", selects=(undecided,))
    page = read_html(pages.article(Viewer(GroupSettings()), Posted(3, NOW, Message("T", card)), Spot()))
    first = page.one("select").all("option")[0]
    assert (first.text, "selected" in first.attributes) == ("", True)


async def test_a_week_of_cards_comes_live_too(site: RunningSite, ann: ClientSession) -> None:
    data = {"button": "rsvp@7:answer=join", "spot": "message=4"}
    response: ClientResponse = await ann.post(f"{site.group}/press", data=data, headers=FETCH)
    card = (await read(response)).one("article", id="message-4")
    assert "data-pinned" in card.attributes
    assert card.attributes["data-kind"] == "pick"
