"""The web surface in a real browser: live cards, keyboard, accessibility, and the same without JavaScript."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.cards import Card
from bot.model import Request
from tests.fakes.browsing import MARKS, NewPage, Scheme, assert_accessible, chromium, visits
from tests.fakes.core import FakeCore
from tests.fakes.papers import digest, paper
from tests.fakes.site import RunningSite, running_site

pytestmark = MARKS


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def site(tmp_path: Path) -> AsyncIterator[RunningSite]:
    async with running_site(tmp_path) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def new_page(browser: Browser, site: RunningSite) -> AsyncIterator[NewPage]:
    async with visits(browser, site) as open_page:
        yield open_page


def button(page: Page, message: int, command: str) -> Any:
    return page.locator(f"#message-{message} button[value^='{command}:']")


async def test_a_vote_shows_at_once_for_everybody(site: RunningSite, new_page: NewPage) -> None:
    ann, ben = await new_page("Ann"), await new_page()
    await button(ann, 10, "vote").click()
    await expect(button(ann, 10, "vote")).to_have_attribute("aria-pressed", "true")
    await expect(button(ben, 10, "vote")).to_have_text("Vote 1")
    await expect(button(ben, 10, "vote")).to_have_attribute("aria-pressed", "false")
    await expect(ann.locator("#said")).to_have_text("vote: done.")
    await expect(ben.locator("#said")).to_be_empty()
    await button(ann, 10, "vote").click()
    await expect(button(ben, 10, "vote")).to_have_text("Vote")


async def test_by_keyboard_one_can_vote_and_stays_where_one_was(new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.locator("#message-10 .meta a").last.focus()
    await page.keyboard.press("Tab")
    await expect(button(page, 10, "vote")).to_be_focused()
    for pressed in ("true", "false"):
        # A live update may show the vote before its answer has arrived; until then the button is busy.
        await expect(button(page, 10, "vote")).not_to_have_attribute("aria-disabled", "true")
        await page.keyboard.press("Enter")
        await expect(button(page, 10, "vote")).to_have_attribute("aria-pressed", pressed)
        await expect(button(page, 10, "vote")).to_be_focused()


async def test_the_first_tab_offers_to_skip_to_the_papers(new_page: NewPage) -> None:
    page = await new_page()
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator("#pause")).to_be_focused()


async def test_a_visitor_without_a_name_is_asked_for_it_in_place(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page()
    await button(page, 10, "claim").click()
    await expect(page.locator("#prompt")).to_be_focused()
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    await expect(button(page, 10, "claim")).to_have_text("Claimed")
    await expect(page.locator("#message-10 .fields")).to_contain_text("Ann")
    await expect(page.locator("#said")).to_have_text("claim: done.")
    await expect(page.locator("#who strong")).to_have_text("Ann")
    await expect(button(page, 10, "claim")).to_be_focused()
    await expect(page).to_have_url(site.group)  # nothing was loaded again


async def test_commands_are_typed_and_answered_in_place(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.locator("#line").fill("/paper search tiny")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#shown h3")).to_have_text(["Tiny Verifiers", "Tiny Verifiers"])
    await expect(page.locator("#line")).to_have_value("")
    await page.locator("#line").fill("/paper nonsense")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#said")).to_have_text("nonsense was asked.")
    await expect(page.locator("#line")).to_have_value("/paper nonsense")
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.locator("#answer")).to_be_hidden()
    await expect(page.locator("#line")).to_be_focused()


async def box_of(control: Any) -> dict[str, float]:
    """A live update may replace the control between finding and measuring it; then the new one is measured."""
    for _ in range(20):
        box: dict[str, float] | None = await control.bounding_box()
        if box:
            return box
    raise AssertionError(f"{control} is not on the screen")


async def top_of(control: Any) -> float:
    return (await box_of(control))["y"]


async def test_typing_a_command_does_not_scroll_the_page(new_page: NewPage) -> None:
    page = await new_page(viewport={"width": 1100, "height": 850})
    await page.evaluate("scrollTo(0, 600)")
    await page.locator("#line").focus()
    await page.keyboard.type("search tin")
    assert await page.evaluate("scrollY") == 600


@pytest.mark.parametrize("width", [400, 1100])
async def test_being_asked_for_a_name_leaves_the_page_where_it_is(new_page: NewPage, width: int) -> None:
    page = await new_page(viewport={"width": width, "height": 850})
    vote = button(page, 10, "vote")
    await page.locator("#message-10").evaluate("card => card.scrollIntoView()")
    before = await top_of(vote)
    await vote.click()
    await expect(page.locator("#prompt")).to_be_focused()
    await page.keyboard.type("Ann Example")
    await expect(page.locator("#prompt")).to_have_value("Ann Example")
    assert abs(await top_of(vote) - before) < 3
    await page.keyboard.press("Enter")
    await expect(vote).to_be_focused()
    assert abs(await top_of(vote) - before) < 3


async def test_what_has_the_focus_does_not_lie_under_the_private_answer(new_page: NewPage) -> None:
    page = await new_page("Ann", viewport={"width": 400, "height": 850})
    await page.locator("#message-8 button").click()
    await expect(page.locator("#shown article")).to_have_count(5)
    await page.locator("#message-9 h3 a").focus()
    for _ in range(20):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        box, dock = await box_of(focused), await box_of(page.locator(".dock"))
        assert box
        assert dock
        assert box["y"] + box["height"] <= dock["y"], await focused.inner_text()


async def test_a_taken_name_can_be_typed_over_at_once(site: RunningSite, new_page: NewPage) -> None:
    site.core.names["web:other"] = "Ann"
    page = await new_page()
    await button(page, 10, "vote").click()
    for name in ("Ann", "Ben"):
        await expect(page.locator("#prompt")).to_be_focused()
        await page.keyboard.type(name)
        await page.keyboard.press("Enter")
        if name == "Ann":
            await expect(page.locator("#said")).to_have_text('"Ann" is taken; choose another name.')
    await expect(page.locator("#who strong")).to_have_text("Ben")
    await expect(button(page, 10, "vote")).to_be_focused()


async def test_a_name_chosen_in_the_header_is_asked_for_again_when_it_is_taken(
    site: RunningSite, new_page: NewPage
) -> None:
    site.core.names["web:other"] = "Ann"
    page = await new_page()
    await page.locator("#who summary").click()
    await page.locator("#join").fill("Ann")
    await page.locator("#join").press("Enter")
    await expect(page.locator("#prompt")).to_be_focused()
    await expect(page.locator("#join")).to_be_hidden()
    await page.keyboard.type("Ben")
    await page.keyboard.press("Enter")
    await expect(page.locator("#who strong")).to_have_text("Ben")
    await expect(page.locator("#line")).to_be_focused()
    await page.locator("#who summary").click()
    await page.locator("#rename").fill("Cleo")
    await page.locator("#rename").press("Enter")
    await expect(page.locator("#who strong")).to_have_text("Cleo")
    await expect(page.locator("#who summary")).to_be_focused()


async def test_a_command_that_asked_for_a_name_is_done_and_leaves_the_box(new_page: NewPage) -> None:
    page = await new_page()
    await page.locator("#line").fill("vote 107")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#prompt")).to_be_focused()
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    await expect(button(page, 10, "vote")).to_have_text("Vote 1")
    await expect(page.locator("#line")).to_have_value("")
    await expect(page.locator("#line")).to_be_focused()


@pytest.mark.parametrize("opened", ["pressed", "typed"])
async def test_a_vote_in_a_private_list_keeps_the_list(new_page: NewPage, opened: str) -> None:
    page = await new_page("Ann", viewport={"width": 400, "height": 850})
    if opened == "pressed":
        await page.locator("#message-8 button").click()
    else:
        await page.locator("#line").fill("today")
        await page.locator("#line").press("Enter")
    cards = page.locator("#shown article")
    await expect(cards).to_have_count(5)
    for command, label in (("vote", "Vote 1"), ("claim", "Claimed")):
        pressed = cards.nth(3).locator(f"button[value^='{command}:']")
        await pressed.scroll_into_view_if_needed()
        before = await top_of(pressed)
        await pressed.click()
        await expect(pressed).to_have_text(label)
        await expect(pressed).to_have_attribute("aria-pressed", "true")
        await expect(pressed).to_be_focused()
        await expect(cards).to_have_count(5)
        await expect(page.locator("#said")).to_have_text(f"{command}: done.")
        await expect(page.locator("#said")).to_be_in_viewport(ratio=1)
        if command == "claim":  # the first sentence may have made the list's window smaller
            assert abs(await top_of(pressed) - before) < 45  # a line of fields came in above it
    await expect(cards.nth(3).locator(".fields")).to_contain_text("Ann")
    await expect(button(page, 12, "vote")).to_have_text("Vote 1")


async def test_a_name_asked_for_in_a_private_list_leads_back_to_it(new_page: NewPage) -> None:
    page = await new_page()
    await page.locator("#message-8 button").click()
    await page.locator("#shown button[value='vote:109']").click()
    await expect(page.locator("#prompt")).to_be_focused()
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    await expect(page.locator("#shown button[value='vote:109']")).to_be_focused()
    await expect(page.locator("#shown button[value='vote:109']")).to_have_text("Vote 1")
    await expect(page.locator("#shown article")).to_have_count(5)


async def test_which_paper_is_a_question_and_its_answers_a_tidy_list(new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.locator("#line").fill("vote on")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#said .text")).to_have_text("Which one?")
    await expect(page.locator("#said .failed")).to_have_count(0)
    choices = page.locator(".choices button")
    boxes = [await box_of(one) for one in await choices.all()]
    assert len(boxes) > 3
    assert len({(box["x"], box["width"]) for box in boxes}) == 1
    assert await choices.first.evaluate("one => getComputedStyle(one).textAlign") == "start"
    await choices.first.click()
    await expect(page.locator("#said")).to_have_text("vote: done.")
    await expect(page.locator("#line")).to_have_value("")
    await expect(page.locator("#answer")).to_be_focused()


LOOK = (
    "one => (({borderColor, backgroundColor, color}) => [borderColor, backgroundColor, color])(getComputedStyle(one))"
)


async def test_at_rest_all_buttons_of_a_card_look_the_same(new_page: NewPage) -> None:
    page = await new_page("Ann")
    buttons = page.locator("#message-10 .buttons button")
    looks = [await one.evaluate(LOOK) for one in await buttons.all()]
    assert len(looks) == 4
    assert all(look == looks[0] for look in looks)
    await buttons.first.click()
    await expect(buttons.first).to_have_attribute("aria-pressed", "true")
    assert await buttons.first.evaluate(LOOK) != looks[0]
    assert "✓" in await buttons.first.evaluate("one => getComputedStyle(one, '::before').content")


@pytest.mark.parametrize("width", [400, 1100])
async def test_a_vote_moves_no_other_button(new_page: NewPage, width: int) -> None:
    page = await new_page("Ann", viewport={"width": width, "height": 850})
    buttons = page.locator("#message-10 .buttons button")

    async def places() -> list[tuple[int, int]]:
        boxes = [await box_of(one) for one in await buttons.all()]
        assert len({round(box["y"]) for box in boxes}) == 1
        return [(round(box["x"]), round(box["width"])) for box in boxes]

    before = await places()
    for command, told in (("vote", "aria-pressed"), ("pass", "aria-current")):
        await button(page, 10, command).click()
        await expect(button(page, 10, command)).to_have_attribute(told, "true")
        assert await places() == before
    await button(page, 10, "claim").click()
    await expect(button(page, 10, "claim")).to_have_text("Claimed")
    assert await places() == before


@pytest.mark.parametrize("width", [400, 1100])
async def test_edges_meet(new_page: NewPage, width: int) -> None:
    page = await new_page("Ann", viewport={"width": width, "height": 850})
    await page.locator("#who summary").click()
    who, pop = await box_of(page.locator("#who summary")), await box_of(page.locator(".pop"))
    assert who
    assert pop
    assert 0 <= pop["y"] - (who["y"] + who["height"]) < 10
    assert pop["x"] <= who["x"] + who["width"] <= pop["x"] + pop["width"] + 1
    assert pop["x"] >= 0
    ends = """id => { const range = document.createRange(); range.selectNodeContents(document.querySelector(id));
        return range.getBoundingClientRect().right; }"""
    assert abs(await page.evaluate(ends, "#pause") - await page.evaluate(ends, "#stream")) < 2


async def test_a_paper_without_a_number_has_no_empty_column(new_page: NewPage) -> None:
    page = await new_page(viewport={"width": 1100, "height": 850})
    await page.goto(page.url + "/search?q=tiny")
    title, heading = await box_of(page.locator("#card-103 h3")), await box_of(page.locator("main h2"))
    assert title
    assert heading
    assert title["x"] == heading["x"]


async def test_another_command_after_a_lost_one_is_another_request(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/say", lose_the_answer, times=1)
    for line in ("vote 107", "claim 107"):
        await page.locator("#line").fill(line)
        await page.locator("#line").press("Enter")
        if line == "vote 107":
            await expect(page.locator("#said")).to_contain_text("Try again")
    await expect(button(page, 10, "claim")).to_have_text("Claimed")
    await expect(button(page, 10, "vote")).to_have_text("Vote 1")


async def test_a_name_typed_as_a_command_counts_at_once(new_page: NewPage) -> None:
    page = await new_page()
    await page.locator("#line").fill("join Ann")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#who strong")).to_have_text("Ann")
    await button(page, 10, "vote").click()
    await expect(button(page, 10, "vote")).to_have_attribute("aria-pressed", "true")


async def test_search_has_its_page_and_votes_show_there_too(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.get_by_role("searchbox").fill("watermarking")
    await page.get_by_role("searchbox").press("Enter")
    await expect(page).to_have_url(f"{site.group}/search?q=watermarking")
    await page.locator("#card-104 button[value^='vote:']").click()
    await expect(page.locator("#card-104 button[value^='vote:']")).to_have_text("Vote 1")
    await expect(page.locator("#card-104 button[value^='vote:']")).to_be_focused()


async def test_new_papers_come_in_at_their_place_and_are_announced(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page()
    await site.core.touch(9)
    await site.core.push(paper(11, 6))
    await expect(page.locator(".day").first.locator("article").last).to_have_id("message-14")
    await expect(page.locator("#news")).to_have_text(f"New paper: {paper(11).title}")
    site.core.cards[16] = paper(12, 1)  # a card that is faster than its header
    await site.core.touch(16)
    await expect(page.locator("#message-16")).to_be_visible()
    site.core.cards[15] = digest()
    await site.core.touch(15)
    await expect(page.locator(".day").first.locator("article")).to_have_count(2)
    shown = await page.locator("article[data-message]").evaluate_all("all => all.map(one => one.id)")
    await page.reload()
    await expect(page.locator("#message-16")).to_be_visible()
    assert shown == await page.locator("article[data-message]").evaluate_all("all => all.map(one => one.id)")


async def test_the_first_papers_replace_the_empty_page(tmp_path: Path, browser: Browser) -> None:
    async with running_site(tmp_path, FakeCore()) as site, await browser.new_context() as context:
        page = await context.new_page()
        await page.goto(site.group)
        await expect(page.locator("#empty h2")).to_have_text("Nothing posted yet")
        for card in (digest(), paper(1)):
            await site.core.push(card)
        await expect(page.locator(".day article")).to_have_count(2)
        await expect(page.locator("#empty")).to_have_count(0)


async def test_older_pages_take_no_new_papers(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page()
    await page.goto(f"{site.group}?before=7")
    await expect(page.locator("#state")).to_have_text("Live")
    await site.core.push(paper(11))
    site.core.cards[2] = paper(3)
    await site.core.touch(2)
    await expect(page.locator("#message-2 h3")).to_have_text("Tiny Verifiers")
    await expect(page.locator("#message-14")).to_have_count(0)


async def test_a_paused_page_stands_still_and_catches_up(site: RunningSite, new_page: NewPage) -> None:
    page, other = await new_page(), await new_page()
    await page.get_by_role("button", name="Pause live updates").click()
    await expect(page.locator("#state")).to_have_text("Paused")
    site.core.cards[10] = Card(kind="notice", title="Changed")
    await site.core.touch(10)
    await expect(other.locator("#message-10 h3")).to_have_text("Changed")
    await expect(page.locator("#message-10 h3")).not_to_have_text("Changed")
    await page.get_by_role("button", name="Pause live updates").click()
    await expect(page.locator("#message-10 h3")).to_have_text("Changed")


async def test_after_a_reset_the_page_is_loaded_again(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page()
    site.core.cards[10] = Card(kind="notice", title="Changed")
    await site.core.touch(None)
    await expect(page.locator("#message-10 h3")).to_have_text("Changed")
    await expect(page.locator("#state")).to_have_text("Live")


async def test_a_press_that_did_not_arrive_is_said_and_counts_once(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    sent: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        sent.append(parse_qs(route.request.post_data or "")["nonce"][0])
        if len(sent) > 1:
            return await route.continue_()
        await route.fetch()
        return await route.abort()

    await page.route("**/press", lose_the_first_answer)
    await button(page, 10, "vote").click()
    await expect(page.locator("#said")).to_contain_text("Try again")
    await button(page, 10, "vote").click()
    await expect(page.locator("#said")).to_have_text("vote: done.")
    await expect(button(page, 10, "vote")).to_have_text("Vote 1")
    assert sent[0] == sent[1]


async def test_two_clicks_in_a_row_are_one_press(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await button(page, 10, "vote").evaluate("button => { button.click(); button.click(); }")
    await expect(page.locator("#said")).to_have_text("vote: done.")
    await expect(button(page, 10, "vote")).to_have_text("Vote 1")
    assert [request.command for request in site.core.requests] == ["join", "vote"]


async def test_without_javascript_everything_works(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page(java_script_enabled=False)
    await button(page, 10, "vote").click()
    await page.locator("#prompt").fill("Ann")
    await page.get_by_role("button", name="Save and vote").click()
    await expect(button(page, 10, "vote")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#message-10")).to_be_in_viewport()
    await expect(page.locator("#said")).to_have_text("vote: done.")
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.locator("#answer")).to_be_hidden()
    await page.locator("#line").fill("status")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#said")).to_have_text("status was asked.")
    await expect(page.locator("#pause")).to_be_hidden()


async def test_a_form_on_another_site_changes_nothing(site: RunningSite, browser: Browser) -> None:
    async with await browser.new_context() as context:
        page = await context.new_page()
        form = (
            f'<form method="post" action="{site.group}/join"><input name="name" value="Eve"><button>Win</button></form>'
        )
        await page.route("http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
        await page.goto("http://evil.example/")
        async with page.expect_response(f"{site.group}/join") as refused:
            await page.get_by_role("button").click()
        assert (await refused.value).status == 403
    assert site.core.requests == list[Request]()


@pytest.mark.parametrize(("width", "scheme"), [(400, "dark"), (1100, "light")])
async def test_every_view_is_accessible(
    site: RunningSite, new_page: NewPage, width: int, schemes: Sequence[Scheme]
) -> None:
    page = await new_page(viewport={"width": width, "height": 850}, reduced_motion="reduce")

    async def check(view: str) -> None:
        await assert_accessible(page, width, view, schemes)

    await check("stream")
    await button(page, 10, "vote").click()
    await expect(page.locator("#prompt")).to_be_focused()
    await check("name prompt")
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    await expect(button(page, 10, "vote")).to_have_attribute("aria-pressed", "true")
    await page.locator("#line").fill("search tiny")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#shown article")).not_to_have_count(0)
    await page.locator("#who summary").click()
    await check("private answer, own name")
    for path in ("/search?q=tiny", "/paper/107", "/nowhere"):
        await page.goto(site.group + path)
        await check(path)
