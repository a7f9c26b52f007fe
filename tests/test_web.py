"""The web surface by plain HTTP, as a browser without JavaScript, a script, or somebody hostile would use it."""

import asyncio
import json
import os
import re
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.web import Web
from adapters.chat.web.addresses import Asked, Spot
from adapters.chat.web.guard import HEADERS, Buckets
from adapters.chat.web.pages import Answered, Pages, Viewer, by_day, web_link
from adapters.chat.web.server import Answers
from bot.cards import Button, Card, Field, Message, Reply
from bot.errors import StartError
from bot.model import GroupSettings, Member, Request, WebSettings
from bot.ports import Delivery, Posted
from tests.fakes.core import FakeCore
from tests.fakes.markup import Element, read_html
from tests.fakes.papers import digest, empty_digest, paper, two_days
from tests.fakes.site import RunningSite, running_site

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[RunningSite]:
    async with running_site(tmp_path) as running:
        yield running


def new_visitor() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))  # unsafe: also for addresses without a name


@pytest.fixture
async def visitor(site: RunningSite) -> AsyncIterator[ClientSession]:
    async with new_visitor() as session:
        yield session


@pytest.fixture
async def ann(site: RunningSite) -> AsyncIterator[ClientSession]:
    async with new_visitor() as session:
        await session.post(f"{site.group}/join", data={"name": "Ann"})
        yield session


async def read(response: ClientResponse) -> Element:
    return read_html(await response.text())


async def submit(visitor: ClientSession, site: RunningSite, form: Element, **typed: str) -> ClientResponse:
    return await visitor.post(site.address + form.attributes["action"], data={**form.fields, **typed})


def press_form(page: Element, message: int, button: str) -> Element:
    forms = page.one("article", id=f"message-{message}").all("form")
    return next(form for form in forms if form.all("button", value=button))


def sent_to(response: ClientResponse) -> str:
    """Where a form led, without the token of the answer."""
    return re.sub(r"[?&]answer=[\w-]+", "", response.history[-1].headers["Location"])


def answer(page: Element) -> str:
    return page.one("div", id="said").text.strip()


# --- reading


async def test_the_only_group_is_the_front_page(site: RunningSite, visitor: ClientSession) -> None:
    response = await visitor.get(site.address)
    assert response.url.path == "/g/reading-group"


async def test_several_groups_are_listed(tmp_path: Path) -> None:
    async with (
        running_site(tmp_path, more_groups=[GroupSettings(id="vision", name="Vision")]) as site,
        new_visitor() as v,
    ):
        page = await read(await v.get(site.address))
    assert [link.attributes["href"] for link in page.one("ul").all("a")] == ["/g/reading-group", "/g/vision"]


async def test_the_page_speaks_the_language_of_the_browser_and_what_is_posted_stays_as_it_is(
    site: RunningSite, visitor: ClientSession
) -> None:
    page = await read(await visitor.get(site.group, headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}))
    assert page.one("html").attributes["lang"] == "de"
    assert page.one("form", class_="search").one("button").text == "Suchen"
    assert page.one("div", id="stream").attributes["lang"] == "en"
    assert page.one("article", id="message-9").one("button", value="vote:106").text == "Vote"
    missing = await visitor.get(f"{site.address}/nowhere", headers={"Accept-Language": "de"})
    assert "Hier ist nichts" in await missing.text()


async def test_the_newest_day_is_on_top_and_its_cards_are_in_order(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    assert [day.one("h2").text for day in page.all("section", class_="day")] == [
        "Papers for Monday 23 November",
        "No new papers on Friday 20 November",
        "Papers for Thursday 19 November",
    ]
    order = [article.attributes["id"] for article in page.all("article")]
    assert order == [f"message-{number}" for number in (8, 9, 10, 11, 12, 13, 7, 1, 2, 3, 4, 5, 6)]


async def test_a_card_tells_what_it_holds(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    card = page.one("article", id="message-9")
    title = card.one("h3").one("a")
    assert title.attributes == {"href": "https://arxiv.org/abs/2611.00006", "rel": "noopener noreferrer"}
    assert title.text.startswith("Sparse Attention")
    assert [part.text for part in card.one("ul", class_="meta").inside] == [
        "from the abstract",
        "128 upvotes · listed by Hugging Face",
        "Details",
        "code",
    ]
    assert "from the" not in card.one("p", class_="body").text
    assert card.one("p", class_="number").text == "Number 1"
    assert [button.text for button in card.all("button")] == ["Vote", "Claim", "Summary", "Pass"]
    assert [link.attributes["href"] for link in card.one("ul").all("a")] == [
        "/g/reading-group/paper/106",
        "https://github.com/example/6",
    ]


async def test_an_empty_group_says_when_the_first_papers_come(tmp_path: Path) -> None:
    async with running_site(tmp_path, FakeCore()) as site, new_visitor() as visitor:
        page = await read(await visitor.get(site.group))
    assert "The next papers come at 09:00 (UTC), mon-fri." in page.one("div", id="empty").text


async def test_older_days_are_a_link_away(tmp_path: Path) -> None:
    days = [card for _ in range(6) for card in two_days()]
    async with running_site(tmp_path, FakeCore(cards=days)) as site, new_visitor() as visitor:
        first = await read(await visitor.get(site.group))
        link = first.one("nav", class_="pages").one("a")
        second = await read(await visitor.get(site.address + link.attributes["href"]))
    shown = [int(article.attributes["data-message"]) for page in (first, second) for article in page.all("article")]
    assert sorted(shown) == list(range(1, 6 * 13 + 1))


async def test_reading_leaves_no_cookie_and_asks_for_nothing_but_what_was_asked(
    site: RunningSite, visitor: ClientSession
) -> None:
    for path in ("", "/search?q=tiny", "/paper/106", "/help"):
        assert not (await visitor.get(site.group + path)).cookies
    assert [request.command for request in site.core.requests] == ["search", "show", "help"]


async def test_search_can_be_bookmarked(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(f"{site.group}/search", params={"q": "tiny"}))
    assert [h3.text for h3 in page.one("main").all("h3")] == ["Tiny Verifiers", "Tiny Verifiers"]
    assert page.one("input", id="q").attributes["value"] == "tiny"


async def test_help_lists_the_commands(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(f"{site.group}/help"))
    said = " ".join(paragraph.text for paragraph in page.one("main").all("p"))
    assert "A paper is its number on the newest list, an arXiv id or link, or words of its title." in said
    listed = [row.one("dt").text for row in page.one("dl", class_="commands").inside]
    assert listed == [command.typed for command in site.core.commands]
    assert page.one("dl", class_="commands").inside[0].one("dd").text.endswith(f" — {listed[0]} 3")


async def test_a_paper_without_a_number_shows_none(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(f"{site.group}/search", params={"q": "tiny"}))
    card = page.one("article", id="card-103")
    assert card.attributes["class"] == "card paper"
    assert not card.all("p", class_="number")


async def test_a_paper_has_its_page(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(f"{site.group}/paper/108"))
    assert page.one("title").text == "Tiny Verifiers · Reading group"
    assert page.one("main").one("h2").text == "Tiny Verifiers"
    assert site.core.requests[-1].args == {"paper": "entry:108"}


@pytest.mark.parametrize("path", ["/paper/999", "/paper/0", "/paper/x", "/paper/99999999999999999999", "/elsewhere"])
async def test_what_is_not_there_is_not_found(site: RunningSite, visitor: ClientSession, path: str) -> None:
    assert (await visitor.get(site.group + path)).status == 404


async def test_another_group_is_not_found(site: RunningSite, visitor: ClientSession) -> None:
    assert (await visitor.get(f"{site.address}/g/other")).status == 404


# --- doing, without JavaScript


async def test_who_votes_without_a_name_is_asked_for_it_and_then_has_voted(
    site: RunningSite, visitor: ClientSession
) -> None:
    page = await read(await visitor.get(site.group))
    asked = await submit(visitor, site, press_form(page, 10, "vote:107"), button="vote:107")
    assert sent_to(asked) == "/g/reading-group#message-10"
    form = next(form for form in (await read(asked)).all("form") if "button" in form.fields)
    assert form.one("button").text == "Save and vote"
    assert site.core.requests == []

    done = await submit(visitor, site, form, name="Ann")
    page = await read(done)
    assert sent_to(done) == "/g/reading-group#message-10"
    assert answer(page) == "vote: done."
    assert page.one("div", id="who").one("strong").text == "Ann"
    vote = page.one("article", id="message-10").one("button", value="vote:107")
    assert (vote.text, vote.attributes["aria-pressed"]) == ("Vote 1", "true")
    assert [request.command for request in site.core.requests] == ["join", "vote"]


async def test_a_taken_name_keeps_what_was_asked(site: RunningSite, ann: ClientSession, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    asked = await submit(visitor, site, press_form(page, 10, "claim:107"), button="claim:107")
    form = next(form for form in (await read(asked)).all("form") if "button" in form.fields)
    again = await read(await submit(visitor, site, form, name="Ann"))
    form = next(form for form in again.all("form") if "button" in form.fields)
    assert answer(again) == '"Ann" is taken; choose another name.'
    assert form.fields["name"] == "Ann"
    page = await read(await submit(visitor, site, form, name="Ben"))
    claim = page.one("article", id="message-10").one("button", value="claim:107")
    assert (claim.text, claim.attributes["aria-pressed"]) == ("Claimed", "true")


async def test_a_typed_command_is_carried_over_the_naming_too(site: RunningSite, visitor: ClientSession) -> None:
    asked = await read(await visitor.post(f"{site.group}/say", data={"line": "/paper vote 3"}))
    form = next(form for form in asked.all("form") if form.fields.get("line") == "/paper vote 3")
    await submit(visitor, site, form, name="Ann")
    assert [(r.command, dict(r.args), r.pressed) for r in site.core.requests] == [
        ("join", {"name": "Ann"}, False),
        ("vote", {"paper": "3"}, False),
    ]


async def test_a_press_becomes_a_request(site: RunningSite, ann: ClientSession) -> None:
    await ann.post(f"{site.group}/press", data={"button": "vote:107", "nonce": "1234abcd"})
    request = site.core.requests[-1]
    assert re.fullmatch(r"web:[0-9a-f]{32}", request.account)
    assert request == Request(
        id=f"{request.account}:1234abcd",
        account=request.account,
        command="vote",
        args={"paper": "entry:107"},
        place="web:reading-group",
        locale="en",
        group="reading-group",
        display_name="Ann",
        pressed=True,
    )


async def test_the_same_form_sent_twice_counts_once(site: RunningSite, ann: ClientSession) -> None:
    form = press_form(await read(await ann.get(site.group)), 10, "vote:107")
    for _ in range(2):
        await submit(ann, site, form, button="vote:107")
    first, second = site.core.requests[-2:]
    assert first.id == second.id
    assert site.core.held["vote"][10] == {first.account}


async def test_pressed_again_from_a_new_page_it_is_taken_back(site: RunningSite, ann: ClientSession) -> None:
    for pressed in ("true", "false"):
        form = press_form(await read(await ann.get(site.group)), 10, "claim:107")
        page = await read(await submit(ann, site, form, button="claim:107"))
        button = page.one("article", id="message-10").one("button", value="claim:107")
        assert button.attributes["aria-pressed"] == pressed


async def test_only_what_can_be_taken_back_is_a_toggle(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.get(site.group))
    buttons = page.one("main").all("button", name="button")
    toggles = {button.attributes["value"].split(":")[0]: "aria-pressed" in button.attributes for button in buttons}
    assert toggles == {"vote": True, "claim": True, "pass": False, "summary": False, "today": False}


async def test_a_press_in_a_private_list_keeps_the_list_and_the_spot(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.get(site.group))
    page = await read(await submit(ann, site, press_form(page, 8, "today:2026-11-23"), button="today:2026-11-23"))
    for pressed in ("true", "false"):
        listed = page.one("div", id="shown")
        form = next(form for form in listed.all("form") if form.all("button", value="vote:109"))
        response = await submit(ann, site, form, button="vote:109")
        assert sent_to(response) == "/g/reading-group#message-8"
        page = await read(response)
        assert answer(page) == "vote: done."
        listed = page.one("div", id="shown")
        assert len(listed.all("article")) == 5
        assert listed.one("p", class_="of").text == "5 papers"
        assert listed.one("button", value="vote:109").attributes["aria-pressed"] == pressed


async def test_a_list_is_asked_again_as_the_same_request(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.post(f"{site.group}/say", data={"line": "search tiny"}))
    form = page.one("div", id="shown").all("form")[0]
    await submit(ann, site, form, button="vote:103")
    asked, voted, again = site.core.requests[-3:]
    assert (asked.command, voted.command) == ("search", "vote")
    assert again == asked


async def test_a_question_is_no_failure(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.post(f"{site.group}/say", data={"line": "vote tiny"}))
    assert answer(page) == "Which one?"
    assert page.one("div", id="said").one("p").attributes["class"] == "text"
    assert len(page.one("div", class_="choices").all("button")) == 2
    page = await read(await ann.post(f"{site.group}/say", data={"line": "vote 999"}))
    assert page.one("div", id="said").one("p").attributes["class"] == "text failed"


@given(st.builds(Spot, message=st.none() | st.integers(1, 2**63 - 1), query=st.none() | st.text(max_size=50)))
def test_a_spot_travels_as_text(spot: Spot) -> None:
    assert Spot.read(str(spot)) == spot
    with_list = spot.with_list(Asked(line="search tiny & small", nonce="1234-abcd"))
    assert Spot.read(str(with_list)) == with_list
    assert Spot.read(str(spot.with_list(Asked(button="vote:1", nonce="no nonce")))) == spot


async def test_a_failed_command_keeps_the_typed_line(site: RunningSite, ann: ClientSession) -> None:
    page = await read(await ann.post(f"{site.group}/say", data={"line": "/paper vot 3"}))
    assert page.one("input", id="line").attributes["value"] == "/paper vot 3"
    page = await read(await ann.post(f"{site.group}/say", data={"line": "help"}))
    assert page.one("input", id="line").attributes["value"] == ""


async def test_an_answer_is_for_the_asker_only(site: RunningSite, ann: ClientSession, visitor: ClientSession) -> None:
    told = await ann.post(f"{site.group}/say", data={"line": "status"})
    assert answer(await read(told)) == "status was asked."
    await visitor.post(f"{site.group}/join", data={"name": "Ben"})
    assert answer(await read(await visitor.get(told.url))) == ""


async def test_a_press_on_another_page_comes_back_to_it(site: RunningSite, ann: ClientSession) -> None:
    site.core.cards[4] = replace(site.core.cards[4], title="Tiny & small")
    page = await read(await ann.get(f"{site.group}/search", params={"q": "tiny & small"}))
    form = page.one("article", id="card-103").all("form")[0]
    back = await submit(ann, site, form, button="vote:103")
    assert sent_to(back) == "/g/reading-group/search?q=tiny+%26+small#card-103"


@pytest.mark.parametrize(
    "spot",
    ["//evil.example", "https://evil.example", "/\\evil.example", "query=//evil", "paper=../..", "message=1\r\nX: y"],
)
async def test_no_redirect_leaves_the_group(site: RunningSite, ann: ClientSession, spot: str) -> None:
    response = await ann.post(f"{site.group}/press", data={"button": "vote:107", "spot": spot}, allow_redirects=False)
    assert response.status == 303
    assert re.fullmatch(r"/g/reading-group(/search)?\?[\w.%&=-]+", response.headers["Location"])


async def test_with_fetch_the_answer_and_the_card_come_as_a_fragment(site: RunningSite, ann: ClientSession) -> None:
    data = {"button": "vote:107", "spot": "message=10"}
    response = await ann.post(f"{site.group}/press", data=data, headers=FETCH)
    fragment = await read(response)
    assert response.status == 200
    assert fragment.one("div", data_part="said").text.strip() == "vote: done."
    assert fragment.one("article", id="message-10").one("button", value="vote:107").attributes["aria-pressed"] == "true"
    assert not fragment.all("html")


async def test_what_was_asked_is_done_though_the_asker_left(tmp_path: Path) -> None:
    class SlowCore(FakeCore):
        def __init__(self) -> None:
            super().__init__()
            self.reached, self.go_on, self.done = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def handle(self, request: Request) -> Reply:
            self.reached.set()
            await self.go_on.wait()
            self.done.set()
            return Reply("done")

    core = SlowCore()
    async with running_site(tmp_path, core) as site:
        async with new_visitor() as visitor:
            asked = asyncio.create_task(visitor.post(f"{site.group}/say", data={"line": "help"}))
            await core.reached.wait()
            asked.cancel()
        core.go_on.set()
        async with asyncio.timeout(5):
            await core.done.wait()


# --- strangers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 303, id="no browser"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 303, id="same origin"),
        pytest.param({"Sec-Fetch-Site": "none"}, 303, id="typed by the visitor"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="cross site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="same site, other origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "SELF"}, 403, id="cross site, origin ours"),
        pytest.param({"Origin": "SELF"}, 303, id="old browser, our origin"),
        pytest.param({"Origin": "null"}, 403, id="origin null"),
        pytest.param({"Origin": "http://evil.example"}, 403, id="other origin"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, 403, id="other port"),
        pytest.param({"Origin": "http://[broken"}, 403, id="broken origin"),
        pytest.param({"Origin": ""}, 403, id="empty origin"),
    ],
)
async def test_only_our_own_page_may_change_things(
    site: RunningSite, visitor: ClientSession, headers: dict[str, str], status: int
) -> None:
    sent = {name: site.address if value == "SELF" else value for name, value in headers.items()}
    response = await visitor.post(f"{site.group}/join", data={"name": "Ann"}, headers=sent, allow_redirects=False)
    assert response.status == status
    assert bool(site.core.names) is (status == 303)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8321", 200),
        ("LOCALHOST.", 200),
        ("[::1]:8321", 200),
        ("papers.example", 200),
        ("papers.example:443", 200),
        ("evil.example", 421),
        ("papers.example.evil.example", 421),
        ("localhost.evil.example:8321", 421),
        ("127.0.0.1.evil.example", 421),
        ("[::1", 421),
    ],
)
async def test_only_known_names_are_answered(tmp_path: Path, host: str, status: int) -> None:
    settings = WebSettings(port=0, allowed_hosts=("papers.example",))
    async with running_site(tmp_path, settings=settings) as site, new_visitor() as visitor:
        assert (await visitor.get(site.group, headers={"Host": host})).status == status


async def test_a_forged_cookie_makes_a_new_visitor(site: RunningSite, ann: ClientSession) -> None:
    [account] = site.core.names
    cookie = next(iter(ann.cookie_jar)).value
    forged = cookie.replace(account[-4:], "0000")
    async with new_visitor() as mallory:
        page = await read(await mallory.get(site.group, headers={"Cookie": f"paperclub={cookie}"}))
        assert page.one("div", id="who").text.strip().startswith("You are Ann")
        page = await read(await mallory.get(site.group, headers={"Cookie": f"paperclub={forged}"}))
        assert page.one("div", id="who").text.strip().startswith("Choose a name")


async def test_the_cookie_is_for_the_server_only(site: RunningSite, visitor: ClientSession) -> None:
    response = await visitor.post(f"{site.group}/join", data={"name": "Ann"}, allow_redirects=False)
    cookie = response.cookies["paperclub"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert int(cookie["max-age"]) >= 365 * 24 * 3600


async def test_over_https_the_cookie_is_tied_to_the_host(tmp_path: Path) -> None:
    settings = WebSettings(port=0, allowed_hosts=("papers.example",))
    headers = {"Host": "papers.example", "Origin": "https://papers.example"}
    async with running_site(tmp_path, settings=settings) as site, new_visitor() as visitor:
        data = {"name": "Ann"}
        response = await visitor.post(f"{site.group}/join", data=data, headers=headers, allow_redirects=False)
    cookie = response.cookies["__Host-paperclub"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


async def test_every_answer_has_the_protective_headers(site: RunningSite, visitor: ClientSession) -> None:
    for path in ("/", "/g/reading-group", "/g/reading-group/events", "/nowhere", "/healthz"):
        response = await visitor.get(site.address + path)
        assert {name: response.headers.get(name) for name in HEADERS} == dict(HEADERS), path
        assert response.headers["Cache-Control"] == "no-store"
        response.close()


async def test_the_page_needs_nothing_from_elsewhere(site: RunningSite, visitor: ClientSession) -> None:
    page = await read(await visitor.get(site.group))
    loaded = [e.attributes.get("src") or e.attributes["href"] for e in (*page.all("script"), *page.all("link"))]
    assert all(address.startswith("/static/") for address in loaded)
    assert not page.all("style")
    assert not [e for e in page.all() if "style" in e.attributes or any(name.startswith("on") for name in e.attributes)]
    for address in loaded:
        response = await visitor.get(site.address + address)
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["app.css", "app.000000000000.css", "..%2fserver.py", "%2e%2e/pages.py"])
async def test_only_the_files_of_the_page_are_served(site: RunningSite, visitor: ClientSession, name: str) -> None:
    assert (await visitor.get(f"{site.address}/static/{name}")).status == 404


async def test_refusals_are_plain_pages(site: RunningSite, visitor: ClientSession) -> None:
    wrong_way = await visitor.get(f"{site.group}/press")
    assert (wrong_way.status, wrong_way.headers["Allow"]) == (405, "POST")
    too_long = await visitor.post(f"{site.group}/say", data={"line": "x" * 70_000})
    other_type = await visitor.post(f"{site.group}/say", json={"line": "help"})
    not_text = await visitor.post(
        f"{site.group}/say",
        data=b"line=%ff",
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"},
    )
    assert [r.status for r in (too_long, other_type, not_text)] == [413, 415, 400]
    assert "Nothing was changed" in (await read(too_long)).one("main").text
    assert (await read(too_long)).one("a").attributes["href"] == "/"


async def test_our_own_fault_is_told_without_detail_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenCore(FakeCore):
        async def handle(self, request: Request) -> Reply:
            raise RuntimeError("secret detail")

    async with running_site(tmp_path, BrokenCore()) as site, new_visitor() as visitor:
        response = await visitor.get(f"{site.group}/paper/1")
        fragment = await visitor.post(f"{site.group}/say", data={"line": "help"}, headers=FETCH)
        assert (response.status, fragment.status) == (500, 500)
        assert "secret" not in await response.text() + await fragment.text()
        assert not read_html(await fragment.text()).all("html")
    assert "secret detail" in caplog.text


async def test_a_flood_is_slowed_down(site: RunningSite, ann: ClientSession) -> None:
    statuses = [(await ann.post(f"{site.group}/say", data={"line": "help"}, headers=FETCH)).status for _ in range(50)]
    assert statuses[0] == 200
    assert 429 in statuses
    async with new_visitor() as ben:
        assert (await ben.post(f"{site.group}/join", data={"name": "Ben"})).status == 200


def test_a_bucket_fills_again() -> None:
    now = 0.0
    buckets = Buckets(burst=2, rate=1, now=lambda: now)
    assert [buckets.take("ann") for _ in range(3)] == [True, True, False]
    assert buckets.take("ben")
    now = 1.0
    assert [buckets.take("ann") for _ in range(2)] == [True, False]


def test_a_kept_answer_expires_and_the_oldest_make_room() -> None:
    now = 0.0
    answers, said = Answers(lambda: now), Answered(Reply("hello"))
    token = answers.keep("web:a", said)
    assert answers.find(token, "web:a") is said
    assert answers.find(token, "") == answers.find("", "") == Answered()
    now = Answers.LIFETIME
    assert answers.find(token, "web:a") == Answered()
    tokens = [answers.keep("web:a", said) for _ in range(Answers.MOST + 1)]
    assert [answers.find(t, "web:a") for t in (tokens[0], tokens[1])] == [Answered(), said]


# --- starting and stopping


async def test_the_key_is_private_and_names_survive_a_restart(tmp_path: Path) -> None:
    core = FakeCore()
    async with new_visitor() as visitor:
        async with running_site(tmp_path, core) as site:
            await visitor.post(f"{site.group}/join", data={"name": "Ann"})
        async with running_site(tmp_path, core) as site:
            page = await read(await visitor.get(site.group))
    assert page.one("div", id="who").one("strong").text == "Ann"
    assert os.listdir(tmp_path) == ["web.key"]
    assert stat.S_IMODE(os.stat(tmp_path / "web.key").st_mode) == 0o600


async def test_a_port_in_use_is_said_in_a_sentence(site: RunningSite, tmp_path: Path) -> None:
    port = int(site.address.rpartition(":")[2])
    second = Web(WebSettings(port=port), [site.core.settings], tmp_path / "web.key")
    with pytest.raises(
        StartError, match=rf"^port {port} is in use; stop the other program, or set web.port \(demo: --port\)$"
    ):
        await second.run(site.core)
    assert second.trouble
    with pytest.raises(StartError, match=f"^port {port} is in use"):
        await second.check()


async def test_an_address_can_be_tried_without_serving(
    tmp_path: Path, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    web = Web(WebSettings(port=unused_tcp_port), [], tmp_path / "web.key")
    for _ in range(2):  # it is free again at once
        await web.check()
    assert not caplog.records
    assert web.trouble
    assert os.listdir(tmp_path) == []


async def test_an_address_that_is_not_ours_is_said_in_a_sentence(tmp_path: Path) -> None:
    web = Web(WebSettings(host="192.0.2.1", port=0, allowed_hosts=("papers.example",)), [], tmp_path / "web.key")
    with pytest.raises(
        StartError, match=r"^the web page can't listen on 192\.0\.2\.1:0 \(.+\); set web.host and web.port$"
    ):
        await web.check()


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("::1", "[::1]")])
def test_the_address_is_one_that_can_be_opened(tmp_path: Path, host: str, shown: str) -> None:
    web = Web(WebSettings(host=host, port=8321, allowed_hosts=("papers.example",)), [], tmp_path / "web.key")
    assert web.address == f"http://{shown}:8321"


@pytest.mark.parametrize("content", [b"", b"short"])
async def test_a_broken_key_file_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "web.key").write_bytes(content)
    with pytest.raises(StartError, match="is not a signing key"):
        await Web(WebSettings(port=0), [], tmp_path / "web.key").run(FakeCore())


async def test_it_says_whether_it_is_up_and_ready(site: RunningSite, visitor: ClientSession) -> None:
    site.core.not_ready = "discord: not connected"
    health, ready = [await visitor.get(f"{site.address}/{name}") for name in ("healthz", "readyz")]
    assert (health.status, await health.text()) == (200, "ok")
    assert (ready.status, await ready.text()) == (503, "discord: not connected")
    assert site.web.trouble == ""


async def test_what_is_posted_gets_a_name(tmp_path: Path) -> None:
    web = Web(WebSettings(), [], tmp_path / "web.key")
    assert await web.post(Delivery(7, "web:g", "n"), Message("", digest())) == "web-7"


# --- live


class Events:
    """An open stream, one event after the other."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self) -> tuple[int, str, dict[str, object]]:
        """(sequence number, event, data), heartbeats left out."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            async for line in self.response.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "data" in fields:
                    return int(fields["id"]), fields.get("event", "message"), json.loads(fields["data"])
        raise EOFError


Open = Callable[..., Awaitable[Events]]


@pytest.fixture
async def open_events(site: RunningSite) -> AsyncIterator[Open]:
    opened: list[ClientResponse] = []

    async def open_one(visitor: ClientSession, after: int = 0, **headers: str) -> Events:
        opened.append(await visitor.get(f"{site.group}/events", params={"after": after}, headers=headers))
        return Events(opened[-1])

    yield open_one
    for response in opened:
        response.close()


async def test_a_change_reaches_open_pages_as_their_viewer_sees_it(
    site: RunningSite, ann: ClientSession, open_events: Open
) -> None:
    events = await open_events(ann)
    await ann.post(f"{site.group}/press", data={"button": "vote:107"}, headers=FETCH)
    number, event, data = await events.next()
    vote = read_html(str(data["html"])).one("article", id="message-10").one("button", value="vote:107")
    assert (number, event, data["id"]) == (1, "message", 10)
    assert (vote.text, vote.attributes["aria-pressed"]) == ("Vote 1", "true")
    assert events.response.headers["X-Accel-Buffering"] == "no"


async def test_who_comes_back_is_told_what_they_missed(
    site: RunningSite, visitor: ClientSession, open_events: Open
) -> None:
    events = await open_events(visitor)
    await site.core.touch(9)
    assert (await events.next())[0] == 1
    events.response.close()
    for message in (10, 11, 10):
        await site.core.touch(message)
    events = await open_events(visitor, 0, **{"Last-Event-ID": "1"})
    missed = [await events.next() for _ in range(2)]
    assert [(number, data["id"]) for number, _, data in missed] == [(3, 11), (4, 10)]  # 10 once, as it is now


async def test_a_page_is_kept_up_from_the_moment_it_was_made(
    site: RunningSite, visitor: ClientSession, open_events: Open
) -> None:
    await site.core.touch(9)
    page = await read(await visitor.get(site.group))
    await site.core.push(paper(11))
    events = await open_events(visitor, int(page.one("div", id="stream").attributes["data-after"]))
    number, _, data = await events.next()
    assert (number, data["id"]) == (2, 14)


async def test_what_is_gone_is_said_to_be_gone(site: RunningSite, visitor: ClientSession, open_events: Open) -> None:
    events = await open_events(visitor)
    await site.core.touch(99)
    assert (await events.next())[2] == {"id": 99, "html": None}


async def test_after_too_long_a_gap_the_page_starts_anew(
    site: RunningSite, visitor: ClientSession, open_events: Open
) -> None:
    events = await open_events(visitor)
    await site.core.touch(None)
    assert await events.next() == (1, "reset", {})


async def test_stopping_ends_open_pages_at_once(site: RunningSite, visitor: ClientSession, open_events: Open) -> None:
    streams = [await open_events(visitor) for _ in range(5)]
    async with asyncio.timeout(2.5):
        await site.stop()
        for events in streams:
            with pytest.raises(EOFError):
                await events.next()


async def test_one_visitor_may_not_hold_every_stream(
    site: RunningSite, visitor: ClientSession, open_events: Open
) -> None:
    streams = [await open_events(visitor) for _ in range(20)]
    refused = await open_events(visitor)
    assert (refused.response.status, refused.response.headers["Retry-After"]) == (503, "60")
    streams[0].response.close()
    async with asyncio.timeout(5):
        while (await open_events(visitor)).response.status != 200:
            pass


# --- rendering

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANYTHING = st.text(max_size=60) | st.sampled_from(
    ["<script>", '"><img src=x onerror=alert(1)>', "' onclick='x", "</h3>", "\u202e"]
)


def shown_card(text: str) -> Card:
    return Card(
        kind="paper",
        title=text,
        url="https://arxiv.org/abs/1",
        byline=text,
        body=text,
        label=text,
        fields=(Field(text, text),),
        links=((text, "https://example.org/"),),
        footer=text,
        buttons=(Button(text, "vote", 5),),
        entry=5,
        number=1,
    )


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


def everything(pages: Pages, text: str) -> Element:
    """A page with `text` in every place that comes from outside."""
    viewer = Viewer(GroupSettings(name=text), "web:1", Member(1, text))
    reply = Reply(text, (shown_card(text),), (Button(text, "vote", 5),))
    post = Posted(3, NOW, Message(text, shown_card(text)))
    days, older = by_day([post], 5)
    return read_html(pages.stream(viewer, Answered(reply, typed=text), Spot(query=text), days, older, 0))


@given(ANYTHING.filter(lambda text: bool(text.strip()) and len(text) <= 60))
def test_no_text_becomes_markup(pages: Pages, text: str) -> None:
    assert everything(pages, text).shape == everything(pages, "harmless").shape


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        " javascript:x",
        "data:text/html,x",
        "//evil",
        "http://",
        "x",
        "http://[bad",
        "",
    ],
)
def test_only_web_addresses_become_links(pages: Pages, address: str) -> None:
    card = Card(kind="paper", title="T", url=address, links=(("code", address),))
    page = read_html(pages.article(Viewer(GroupSettings()), Posted(3, NOW, Message("T", card)), Spot()))
    assert web_link(address) == ""
    assert not page.all("a")


def posts(*kinds: str) -> list[Posted]:
    cards = [digest() if kind == "d" else paper(number) for number, kind in enumerate(kinds, 1)]
    return [Posted(number, NOW, Message("", card)) for number, card in enumerate(cards, 1)]


@pytest.mark.parametrize(
    ("kinds", "limit", "days", "older"),
    [
        ("", 5, [], None),
        ("dppdp", 5, [[4, 5], [1, 2, 3]], None),
        ("ppd", 5, [[3], [1, 2]], None),
        ("dppdpp", 5, [[4, 5, 6]], 4),
        ("dppppp", 5, [[2, 3, 4, 5, 6]], 2),
        ("pdpppp", 5, [[2, 3, 4, 5, 6]], 2),
    ],
)
def test_a_page_holds_whole_days(kinds: str, limit: int, days: list[list[int]], older: int | None) -> None:
    found, before = by_day(posts(*kinds), limit)
    assert [[post.id for post in day.posts] for day in found] == days
    assert before == older


def test_an_empty_day_is_told_as_it_is(pages: Pages) -> None:
    post = Posted(3, NOW, Message("", empty_digest()))
    page = read_html(pages.article(Viewer(GroupSettings()), post, Spot()))
    assert page.one("h2").text == "No new papers on Friday 20 November"
    assert not page.all("button")


def test_a_day_in_one_message_shows_each_paper_as_a_card_with_its_buttons() -> None:
    pages = Pages(FakeCore().commands)
    parts = tuple(
        Card("paper", f"Paper {n}", number=n, entry=n, buttons=(Button("Vote", "vote", n), Button("Claim", "claim", n)))
        for n in (1, 2)
    )
    day = Card("digest", "Papers for Monday", buttons=(Button("Show all 2", "today", on=date(2026, 11, 23)),))
    post = Posted(3, NOW, Message("T", day, parts=parts, shortcuts=(Button("Vote 1", "vote", 1),)))
    page = read_html(pages.article(Viewer(GroupSettings()), post, Spot()))
    whole = page.one("article", id="message-3")
    assert whole.attributes["data-kind"] == "digest"
    for n in (1, 2):
        card = page.one("article", id=f"card-{n}")
        assert card.attributes["class"] == "card paper numbered"
        assert [button.attributes["value"] for button in card.all("button")] == [f"vote:{n}", f"claim:{n}"]
    assert whole.all("button")[0].attributes["value"] == "today:2026-11-23"
    assert Spot(message=3, card=2).address("g") == "/g/g#card-2"
