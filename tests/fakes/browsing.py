"""A real browser on the web surface: visitors with their own cookies, and what every page owes them."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.fakes.site import RunningSite

# Both are Debian's. The shell has no window at all, and takes less than half of the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="neither chromium-headless-shell nor chromium is on this machine"),
]
MARKS = [*NEEDED, pytest.mark.asyncio(loop_scope="module")]  # one browser for a module
SMALL_TARGETS = """() => [...document.querySelectorAll("button, a, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility() && !one.matches(".skip, p a, [type=hidden], [type=checkbox]"))
    .map((one) => [one.textContent || one.id, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name.trim())"""
FAULTS = {"resultTypes": ["violations"]}  # of what is well one node stands for all
CONTRAST = {**FAULTS, "runOnly": ["color-contrast"]}  # all that a colour scheme can change

NewPage = Callable[..., Awaitable[Page]]
Scheme = Literal["light", "dark"]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@asynccontextmanager
async def visits(browser: Browser, site: RunningSite) -> AsyncIterator[NewPage]:
    """Opens the group's page as a new visitor. Fails the test for scripts that broke or tried what the page forbids,
    and for requests to anywhere else."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    async def open_page(name: str = "", **how: Any) -> Page:
        context = await browser.new_context(**how)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.on(
            "request", lambda sent: None if sent.url.startswith((site.address, "data:")) else faults.append(sent.url)
        )
        await page.goto(site.group)
        if how.get("java_script_enabled", True):
            await expect(page.locator("#state")).to_have_text("Live")
        if name:
            await page.locator("#who summary").click()
            await page.locator("#join").fill(name)
            await page.locator("#join").press("Enter")
            await expect(page.locator("#who strong")).to_have_text(name)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert faults == []


async def assert_accessible(page: Page, width: int, view: str, schemes: Sequence[Scheme]) -> None:
    """The first by all rules; nothing sticks out at the side or is too small for a finger."""
    await page.emulate_media(color_scheme=schemes[0])
    faults = (await Axe().run(page, options=FAULTS)).response["violations"]
    for scheme in schemes[1:]:
        await page.emulate_media(color_scheme=scheme)
        faults += (await page.evaluate("options => axe.run(options)", CONTRAST))["violations"]
    assert [(fault["id"], [n["html"][:120] for n in fault["nodes"]]) for fault in faults] == [], view
    assert await page.evaluate("document.documentElement.scrollWidth") <= width, view
    assert await page.evaluate(SMALL_TARGETS) == [], view
