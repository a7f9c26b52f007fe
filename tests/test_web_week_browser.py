"""The week in a real browser: forms that lose nothing, the pinned pick, lists to choose from, narrow and wide."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.cards import Button, Card, Reply
from bot.model import Request
from tests.fakes import week
from tests.fakes.browsing import MARKS, NewPage, Scheme, assert_accessible, chromium, visits
from tests.fakes.core import FakeCore
from tests.fakes.papers import digest, paper
from tests.fakes.site import RunningSite, running_site
from tests.test_web_week import TOO_MUCH, say_recap

pytestmark = MARKS

PICK, ASKED = 4, 5  # messages


def weekly_core() -> FakeCore:
    """The messages 2 to 9 are a week's cards; who joins is counted on the pick."""
    core = FakeCore(cards=[digest(), *week.week(), paper(1)])
    coming: set[str] = set()

    def rsvp(request: Request) -> Reply:
        coming.symmetric_difference_update({request.account})
        core.cards[PICK] = joined_by(5 + len(coming))
        return Reply("You come on Thursday 26 November." if request.account in coming else "You don't come.")

    core.replies = {
        name: lambda request: Reply("Noted.") for name in ("present", "ask", "ballot", "reopen", "manage", "undo")
    }
    core.replies |= {
        "rsvp": rsvp,
        "recap": say_recap,
        "setup": lambda request: Reply("As it is now.", (week.settings(),)),
        "next": lambda request: Reply("", (core.cards[PICK],)),
        "archive": lambda request: Reply("2 meetings", (week.archived(), week.archived())),
    }
    core.named = (*core.named, "recap")
    core.pinned, core.moderators = {PICK}, {"Maren"}
    return core


def joined_by(count: int) -> Card:
    card = week.pick()
    first, *others = card.buttons
    return replace(card, buttons=(replace(first, label=f"Join {count}"), *others))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def site(tmp_path: Path) -> AsyncIterator[RunningSite]:
    async with running_site(tmp_path, weekly_core()) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def new_page(browser: Browser, site: RunningSite) -> AsyncIterator[NewPage]:
    async with visits(browser, site) as open_page:
        yield open_page


async def open_recap(page: Page) -> None:
    await page.get_by_role("button", name="Add a recap").click()
    await expect(page.get_by_label("What do you take home?")).to_be_focused()


async def test_a_form_is_filled_in_by_keyboard(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.get_by_role("button", name="Add a recap").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("What do you take home?")).to_be_focused()
    await page.keyboard.type("It works")
    await page.keyboard.press("Tab")
    await page.keyboard.type("The room was cold.")
    await page.keyboard.press("Enter")  # a line of its own
    await page.keyboard.type("Bring coats.")
    for _ in range(2):
        await page.keyboard.press("Tab")
    await page.keyboard.type("6")
    await page.keyboard.press("Enter")
    await expect(page.locator("#said .failed")).to_have_text(TOO_MUCH)
    await expect(page.get_by_label("What do you take home?")).to_have_value("It works")
    await expect(page.get_by_label("What do you take home?")).to_be_focused()
    await page.get_by_label("Worth our time").fill("4")
    await page.get_by_role("group", name="How was it?").press("Escape")  # a slip, after a refusal
    await page.get_by_label("Worth our time").press("Enter")
    await expect(page.locator("#said")).to_have_text("Thank you; it is in the archive.")
    await expect(page.locator(".filling")).to_have_count(0)
    await expect(page.locator("#answer")).to_be_focused()
    assert site.core.requests[-1].args["second"] == "The room was cold.\nBring coats."
    await expect(page).to_have_url(site.group)


async def test_what_must_be_filled_in_is_asked_for_before_it_is_sent(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await open_recap(page)
    asked = len(site.core.requests)
    await page.locator(".filling").get_by_role("button", name="Send").click()
    await expect(page.get_by_label("What do you take home?")).to_be_focused()
    assert len(site.core.requests) == asked


async def test_a_form_whose_answer_was_lost_keeps_everything_and_counts_once(
    site: RunningSite, new_page: NewPage
) -> None:
    page = await new_page("Ann")
    await open_recap(page)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/fill", lose_the_answer, times=1)
    await page.get_by_label("What do you take home?").fill("It works")
    send = page.locator(".filling").get_by_role("button", name="Send")
    await send.click()
    await expect(page.locator("#said")).to_contain_text("Try again")
    await expect(page.get_by_label("What do you take home?")).to_have_value("It works")
    await send.click()
    await expect(page.locator("#said")).to_have_text("Thank you; it is in the archive.")
    first, second = site.core.requests[-2:]
    assert first.id == second.id


async def test_a_form_that_is_too_long_stays_as_it_is(new_page: NewPage) -> None:
    page = await new_page("Ann")
    await open_recap(page)
    await page.get_by_label("What do you take home?").fill("x")
    await page.get_by_label("And what else?").fill("y" * 70_000)
    await page.locator(".filling").get_by_role("button", name="Send").click()
    await expect(page.locator("#said .failed")).to_contain_text("too long")
    await expect(page.get_by_label("And what else?")).to_have_value("y" * 70_000)


async def test_escape_does_not_lose_what_was_written(new_page: NewPage) -> None:
    page = await new_page("Ann")
    await open_recap(page)
    await page.keyboard.press("Escape")  # nothing is lost yet
    await expect(page.locator("#answer")).to_be_hidden()
    await open_recap(page)
    await page.keyboard.type("It works")
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("What do you take home?")).to_have_value("It works")
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.locator("#answer")).to_be_hidden()


async def test_without_javascript_a_form_works_too(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page(java_script_enabled=False)
    await page.get_by_role("button", name="Add a recap").click()
    await page.locator("#prompt").fill("Ann")
    await page.get_by_role("button", name="Save the name").click()
    await page.get_by_label("What do you take home?").fill("It works")
    await page.get_by_label("Worth our time").fill("6")
    await page.locator(".filling").get_by_role("button", name="Send").click()
    await expect(page.locator("#said .failed")).to_have_text(TOO_MUCH)
    await expect(page.get_by_label("What do you take home?")).to_have_value("It works")
    await page.get_by_label("Worth our time").fill("4")
    await page.locator(".filling").get_by_role("button", name="Send").click()
    await expect(page.locator("#said")).to_have_text("Thank you; it is in the archive.")


async def test_the_picks_buttons_answer_in_place_for_everybody(site: RunningSite, new_page: NewPage) -> None:
    ann, ben = await new_page("Ann"), await new_page()
    pick = ann.locator("#pinned article")
    await pick.get_by_role("button", name="Join 5").click()
    await expect(ann.locator("#said")).to_have_text("You come on Thursday 26 November.")
    await expect(pick.get_by_role("button", name="Join 6")).to_be_visible()
    await site.core.touch(PICK)
    await expect(ben.locator("#pinned").get_by_role("button", name="Join 6")).to_be_visible()
    await expect(ben.locator("#said")).to_be_empty()


async def test_only_a_moderator_is_offered_the_veto(new_page: NewPage) -> None:
    for name, offered in (("Ann", 0), ("Maren", 1)):
        page = await new_page(name)
        await page.reload()
        await expect(page.get_by_role("button", name="Manage")).to_have_count(offered)


async def test_what_is_pinned_goes_to_the_top_and_back_to_its_day(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page()
    await expect(page.locator("#pinned article")).to_have_id(f"message-{PICK}")
    site.core.pinned = {ASKED}
    for message in (PICK, ASKED):
        await site.core.touch(message)
    await expect(page.locator("#pinned article")).to_have_id(f"message-{ASKED}")
    shown = await page.locator(".day article").evaluate_all("all => all.map(one => one.id)")
    assert shown == [f"message-{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9, 10)]
    site.core.pinned = set()
    await site.core.touch(ASKED)
    await expect(page.locator("#pinned")).to_be_hidden()
    site.core.pinned = {11}
    await site.core.push(week.pick())
    await expect(page.locator("#pinned article")).to_have_id("message-11")
    await expect(page.locator("#news")).to_contain_text("New post: Thursday 26 November")
    shown = await page.locator("article[data-message]").evaluate_all("all => all.map(one => one.id)")
    await page.reload()
    assert shown == await page.locator("article[data-message]").evaluate_all("all => all.map(one => one.id)")


async def test_a_list_to_choose_from_stays_open_and_keeps_the_focus(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Maren")
    await page.locator("#line").fill("setup")
    await page.locator("#line").press("Enter")
    await page.get_by_label("Days", exact=True).select_option("daily")
    await page.get_by_role("button", name="Set Days").click()
    await expect(page.get_by_role("button", name="Set Days")).to_be_focused()
    assert site.core.requests[-1].args == {"days": "daily"}
    await page.get_by_label("Blog").check()
    await page.get_by_role("button", name="Set Sources").click()
    await expect(page.get_by_role("button", name="Set Sources")).to_be_focused()
    assert site.core.requests[-1].args == {"sources": "arxiv,b"}


async def test_the_next_page_shows_what_a_press_did(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.get_by_role("link", name="Next meeting").click()
    await expect(page).to_have_url(f"{site.group}/next")
    join = page.locator("#found").get_by_role("button", name="Join")
    await join.click()
    await expect(join).to_have_text("Join 6")
    await expect(join).to_be_focused()


async def test_an_address_is_ready_to_be_copied(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page("Ann")
    await page.goto(f"{site.group}/next")
    for label in ("The group’s meetings", "Only those that you don’t skip"):
        field = page.get_by_label(label)
        await field.focus()
        assert await page.evaluate("getSelection().toString()") == await field.input_value()


async def test_a_long_vote_is_read_whole_at_any_width(site: RunningSite, new_page: NewPage) -> None:
    page = await new_page(viewport={"width": 320, "height": 850})
    title = Button(f"Vote 3 · {paper(1).title}", "vote", 106)
    site.core.cards[2] = replace(week.nominations(), buttons=(title,))
    await site.core.touch(2)
    vote = page.locator("#message-2 button")
    await expect(vote).to_have_count(1)
    await expect(vote).to_contain_text("Approximation Tax")
    assert await vote.evaluate("one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1100, "light")])
async def test_every_view_of_the_week_is_accessible(
    site: RunningSite, new_page: NewPage, width: int, schemes: Sequence[Scheme]
) -> None:
    page = await new_page("Maren", viewport={"width": width, "height": 850}, reduced_motion="reduce")
    site.core.mentions = {ASKED: tuple(site.core.names)}
    await page.reload()
    await expect(page.locator(".you")).to_have_count(1)
    await assert_accessible(page, width, "stream", schemes)
    await open_recap(page)
    await page.get_by_label("What do you take home?").fill("It works")
    await page.get_by_label("Worth our time").fill("6")
    await page.keyboard.press("Enter")
    await expect(page.locator("#said .failed")).to_have_count(1)
    await assert_accessible(page, width, "refused form", schemes)
    await page.locator("#line").fill("setup")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#shown select")).to_have_count(1)
    await assert_accessible(page, width, "lists to choose from", schemes)
    for path in ("/next", "/archive?q=tiny"):
        await page.goto(site.group + path)
        await assert_accessible(page, width, path, schemes)
