"""Takes the pictures of docs: the day's page, and two weeks of an invented group, each step as a member sees it.

By hand: `python -m tests.pictures`. The program and the browser are real; only the clock jumps.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.async_api import Page, ViewportSize, expect

from adapters.chat.web import Web
from adapters.sources.sample import Sample
from bot.compose import opened
from bot.model import DaySettings, GroupSettings, RawPaper, Settings, WebSettings, WeekSettings
from bot.ports import Source
from tests.club import Person, Town
from tests.fakes.browsing import chromium
from tests.fakes.clock import MovableClock, read_time
from tests.fakes.papers import PAPERS
from tests.fakes.source import ListedSource
from tests.fakes.surface import RecordingSurface

FOLDER = Path(__file__).parents[1] / "docs"
LARGEST = 150 * 1024  # bytes
SCREEN: ViewportSize = {"width": 1100, "height": 860}
WINDOW: ViewportSize = {"width": 880, "height": 840}
PHONE: ViewportSize = {"width": 390, "height": 844}
FADED = 1800  # milliseconds until what came in looks as it stays
GROUP = GroupSettings(
    id="readers",
    name="Learning systems",
    timezone="Europe/Berlin",
    channels=("web:readers",),
    day=DaySettings(cards=3, layout="channel"),
    week=WeekSettings(
        session="thu 17:00", place="Room 2.01, https://meet.example.org/readers", rule="schulze", roles=("critic",)
    ),
)
MORE = (
    (
        "Small Batches, Long Memories: What Late Training Forgets First",
        "Mads Thorsen, Ilse Wagner",
        "Orders training examples by how soon they are forgotten, and finds that rare words go first.",
    ),
    (
        "Reading the Room: Calibrated Refusals for Open-Ended Questions",
        "Noor Haddad, Felix Amsel, Yuki Sato",
        "Trains a model to say when a question has no single answer, which halves confident mistakes.",
    ),
    (
        "A Field Guide to Sparse Gradients",
        "Carla Mendes",
        "Measures where gradients vanish in forty networks and says what helps and what does not.",
    ),
)
DAYS = {"2026-11-13": range(3), "2026-11-20": range(3, 7)}


def paper(number: int) -> RawPaper:
    """The hostile one is left out."""
    title, authors, abstract = (*(known[:3] for known in PAPERS[:4]), *MORE)[number]
    names = tuple(authors.partition(" and ")[0].split(", "))
    return RawPaper(title, abstract, arxiv_id=f"2611.{number + 1:05}", authors=names, upvotes=128 - 17 * number)


@dataclass
class Scene:
    """The group, and the page of one member, who looks on."""

    town: Town
    page: Page
    address: str
    others: dict[str, Person] = field(default_factory=dict)

    async def until(self, when: str) -> None:
        """In steps as small as a schedule needs. UTC."""
        while (left := (read_time(when) - self.town.clock.now()).total_seconds()) > 0:
            self.town.clock.move(seconds=min(left, 300))
            await self.town.tick()

    async def all_say(self, **lines: str) -> None:
        for name, line in lines.items():
            reply = await self.others[name].says(line)
            assert reply.ok, (name, line, reply.text)

    async def join(self, name: str) -> None:
        """Who looks on chooses a name."""
        await self.look()
        await self.page.locator("#who summary").click()
        await self.page.locator("#join").fill(name)
        await self.page.locator("#join").press("Enter")
        await expect(self.page.locator("#who strong")).to_have_text(name)

    async def look(self, path: str = "") -> None:
        await self.town.tick()
        await self.page.goto(self.address + path)

    async def press(self, label: str, within: str = "main") -> None:
        before = await self.page.locator("#answer .scroll").inner_html()
        await self.page.locator(within).get_by_role("button", name=label).first.click()
        await expect(self.page.locator("#answer .scroll")).not_to_have_js_property("innerHTML", before)
        await self.town.tick()

    async def shoot(self, picture: str, at: str = "", size: ViewportSize = WINDOW) -> None:
        """What the window shows, from an element on."""
        await self.page.set_viewport_size(size)
        if at:
            top = await self.page.locator(at).first.evaluate("one => one.getBoundingClientRect().top + scrollY - 16")
            await self.page.evaluate("top => scrollTo(0, top)", top)
        await self.page.mouse.move(0, 0)
        await self.page.locator("#answer .scroll").evaluate("one => { one.scrollTop = 0; }")
        await self.page.wait_for_timeout(FADED)
        path = FOLDER / f"{picture}.png"
        await self.page.screenshot(path=path)
        await self.page.set_viewport_size(WINDOW)
        assert path.stat().st_size <= LARGEST, f"{path} is too large"
        print(path.relative_to(FOLDER.parent), path.stat().st_size)


@asynccontextmanager
async def scene(folder: Path, group: GroupSettings, source: Source, now: str) -> AsyncIterator[Scene]:
    clock, web = MovableClock(now), Web(WebSettings(port=0), [group], folder / "web.key")
    settings = Settings(database=str(folder / "club.db"), groups=(group,))
    async with opened(settings, clock=clock, sources=[source], adapters=[web]) as club, chromium() as browser:
        running = asyncio.create_task(web.run(club.app))
        await web.bound.wait()
        page = await browser.new_page(viewport=WINDOW)
        yield Scene(Town(club, clock, ListedSource(), RecordingSurface()), page, f"{web.address}/g/{group.id}")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def first_day(scene: Scene) -> None:
    """As the demo looks after its first votes."""
    await scene.until("2026-11-20 09:05")
    await scene.join("Ann")
    scene.others |= {name: await scene.town.member(name, "reading-group") for name in ("Ben", "Cleo")}
    await scene.all_say(Ben="claim 2", Cleo="vote 1")
    await scene.all_say(Ben="vote 1")
    await scene.all_say(Ben="vote 2")
    await scene.look()
    await scene.press("Vote", "article.paper >> nth=0")
    await scene.look()
    await scene.shoot("channel", size=SCREEN)


async def first_week(scene: Scene) -> None:
    """For the archive. Jonas presents."""
    await scene.until("2026-11-13 08:05")
    await scene.join("Ines")
    scene.others |= {name: await scene.town.member(name) for name in ("Jonas", "Maren", "Okello", "Priya")}
    await scene.all_say(Jonas="claim 1", Maren="vote 1", Priya="vote 3", Okello="vote 1")
    await scene.until("2026-11-14 16:30")
    await scene.all_say(Jonas="ballot 1, 2", Maren="ballot 1", Priya="ballot 2, 1")
    await scene.until("2026-11-15 17:00")
    await scene.all_say(Jonas="present yes", Maren="rsvp join", Priya="rsvp join", Okello="rsvp skip")
    await scene.until("2026-11-19 17:15")
    await scene.all_say(
        Jonas="recap first:Block sparsity is learned, not given rating:5 slides:https://slides.example.org/sparse",
        Priya="recap first:Long documents gain, short ones don't second:Ask them for the code rating:4",
    )


async def second_week(scene: Scene) -> None:
    await scene.until("2026-11-20 16:10")
    await scene.all_say(Jonas="vote 2", Maren="vote 2", Priya="vote 3", Okello="vote 1")
    await scene.look()
    await scene.press("Claim", "article.paper >> nth=1")
    await scene.press("Vote", "article.paper >> nth=1")
    await scene.look()
    await scene.shoot("pictures/week-1-nominations", "article:has-text('Vote for')")

    await scene.until("2026-11-21 16:30")
    await scene.all_say(Jonas="ballot 1, 3", Maren="ballot 2, 1", Priya="ballot 1, 2")
    await scene.look()
    await scene.press("Fill in my ballot")
    await scene.press("", "#shown .buttons >> nth=0")
    await scene.shoot("pictures/week-2-ballot", "article:has-text('Ballot for')")

    await scene.until("2026-11-22 16:10")
    await scene.all_say(Maren="rsvp join", Priya="rsvp join")
    await scene.look()
    await scene.shoot("pictures/week-3-pick")
    await scene.shoot("pictures/week-3-pick-phone", "#pinned", PHONE)
    await scene.look()
    await scene.shoot("pictures/week-4-confirmation", ".card.called")
    await scene.press("I'll present", ".card.called")

    await scene.until("2026-11-25 16:10")
    await scene.all_say(
        Jonas="ask Does it hold for small models too?", Maren="rsvp reading:read", Priya="rsvp role:critic"
    )
    await scene.look()
    await scene.shoot("pictures/week-5-reminder", "article:has-text('Tomorrow')")
    await scene.look("/next")
    await scene.shoot("pictures/week-6-next")

    await scene.until("2026-11-26 17:15")
    await scene.all_say(Priya="recap first:Forgetting is fast for what is rare rating:5")
    await scene.look()
    await scene.press("Add a recap", "article.recap >> nth=0")
    await scene.page.get_by_label("What do you take home?").fill("Filtering data is enough: two per cent more steps.")
    await scene.page.get_by_label("Worth our time").fill("4")
    await scene.shoot("pictures/week-7-recap", "article.recap")
    await scene.press("Send", ".filling")

    await scene.until("2026-11-26 19:00")
    await scene.look("/archive")
    await scene.shoot("pictures/week-8-archive")


async def main() -> None:
    gazette = ListedSource()
    for day, numbers in DAYS.items():
        gazette.announce(day, *map(paper, numbers))
    with tempfile.TemporaryDirectory() as folder:
        async with scene(
            Path(folder), GroupSettings(channels=("web:reading-group",)), Sample(date(2026, 11, 20)), "2026-11-20 08:00"
        ) as one:
            await first_day(one)
    with tempfile.TemporaryDirectory() as folder:
        async with scene(Path(folder), GROUP, gazette, "2026-11-13 07:30") as one:
            await first_week(one)
            await second_week(one)


if __name__ == "__main__":
    (FOLDER / "pictures").mkdir(exist_ok=True)
    asyncio.run(main())
