"""The demo in Chromium, as two members see it: a name, a vote, a claim, a search, the next meeting; one sees what the
other does."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.browsing import NEEDED, chromium
from tests.process import Running

pytestmark = NEEDED


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Running]:
    running = await Running.start(tmp_path, "demo")
    yield running
    await running.terminate()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def visit(browser: Browser, demo: Running) -> Page:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(demo.url)
    return page


async def test_ann_votes_claims_and_searches_and_bob_sees_it_without_reloading(browser: Browser, demo: Running) -> None:
    ann, bob = await visit(browser, demo), await visit(browser, demo)
    hers, his = (page.locator("article[id^=card-]").first for page in (ann, bob))
    await expect(his.get_by_role("button", name="Vote")).to_have_text("Vote")

    await hers.get_by_role("button", name="Vote").click()
    await ann.locator("#prompt").fill("Ann")
    await ann.keyboard.press("Enter")
    await expect(hers.get_by_role("button", name="Vote 1")).to_have_attribute("aria-pressed", "true")
    await expect(his.get_by_role("button", name="Vote 1")).to_have_attribute("aria-pressed", "false")

    await hers.get_by_role("button", name="Claim").click()
    await expect(his.get_by_role("button", name="Claimed")).to_be_visible()
    await expect(his).to_contain_text(re.compile(r"Claimed by\s*Ann"))

    await ann.get_by_placeholder("/paper search diffusion").fill("/paper search diffusion")
    await ann.keyboard.press("Enter")
    await expect(ann.get_by_text('papers for "diffusion"')).to_be_visible()
    await expect(bob.get_by_text('papers for "diffusion"')).to_have_count(0)

    await hers.get_by_role("button", name="Vote 1").click()
    await expect(his.get_by_role("button", name="Vote", exact=True)).to_be_visible()


async def test_the_demo_meets_and_its_calendar_can_be_subscribed_to(browser: Browser, demo: Running) -> None:
    ann = await visit(browser, demo)
    await ann.get_by_role("link", name="Next meeting").click()
    meeting = ann.locator("#found article")
    await expect(meeting).to_contain_text("the room with the good chairs")
    await meeting.get_by_role("button", name="Join").click()
    await ann.locator("#prompt").fill("Ann")
    await ann.keyboard.press("Enter")
    await expect(meeting.get_by_role("button", name="Join")).to_have_attribute("aria-current", "true")

    await ann.reload()
    own = await ann.get_by_label("Only those that you don’t skip").input_value()
    file = await ann.request.get(own)
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    text = await file.text()
    assert "LOCATION:the room with the good chairs" in text
    again = await ann.request.get(own, headers={"If-None-Match": file.headers["etag"]})
    assert again.status == 304
