"""A page that is open to all: anybody reads it, a name takes a code, and an address can do no more by having many
cookies."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, DummyCookieJar

from adapters.chat.web import Web
from adapters.chat.web.addresses import Asked, Spot
from adapters.chat.web.guard import MOST_PER_NETWORK, NAMES, Buckets, Proxies, network_of
from adapters.chat.web.live import MOST_STREAMS
from bot.compose import Club, opened
from bot.model import Settings, WebSettings
from bot.operate import check
from bot.outbox import settle_all
from bot.serve import offer_codes
from tests.fakes.clock import MovableClock
from tests.fakes.markup import Element, read_html
from tests.fakes.source import ListedSource, paper
from tests.web_stage import FRIDAY, READERS, TITLES

HOST = "papers.example"
ASK = (
    "Names are chosen here with a code. Ask a moderator for one, then type /paper join NAME code:CODE, or fill in both "
    "fields. Reading needs no name."
)


@dataclass
class Visitor:
    """Somebody behind a proxy on this machine, which says where they come from."""

    page: str
    session: ClientSession
    address: str = "203.0.113.7"
    host: str = HOST

    @property
    def headers(self) -> Mapping[str, str]:
        forwarded = {"X-Forwarded-For": self.address} if self.address else {}
        return {"Host": self.host, "X-Requested-With": "fetch", **forwarded}

    async def reads(self, path: str = "") -> Element:
        async with self.session.get(self.page + path, headers={**self.headers, "X-Requested-With": ""}) as answer:
            assert answer.status == 200, path
            return read_html(await answer.text())

    async def posts(self, path: str, **form: str) -> tuple[int, str]:
        async with self.session.post(f"{self.page}/{path}", data=form, headers=self.headers) as answer:
            return answer.status, read_html(await answer.text()).text

    async def says(self, line: str) -> str:
        status, said = await self.posts("say", line=line)
        assert status == 200
        return said

    async def listens(self) -> ClientResponse:
        return await self.session.get(f"{self.page}/events", headers=self.headers)


@dataclass
class Open:
    club: Club
    clock: MovableClock
    page: str
    code: str  # the moderators' one
    left: AsyncExitStack

    async def visitor(self, address: str = "203.0.113.7", host: str = HOST, *, keeps: bool = True) -> Visitor:
        """`keeps` cookies."""
        jar = CookieJar(unsafe=True) if keeps else DummyCookieJar()
        session = await self.left.enter_async_context(ClientSession(cookie_jar=jar))
        return Visitor(self.page, session, address, host)

    async def moderator(self) -> Visitor:
        mod = await self.visitor("198.51.100.1")
        await mod.says(f"/paper join Mod code:{self.code}")
        await mod.says(f"/paper moderate {self.code}")
        return mod

    async def members(self) -> list[str]:
        return [one.name for one in await self.club.store.read(lambda rows: rows.people.members("readers"))]

    async def votes(self, entry: int = 1) -> int:
        found = await self.club.store.peek(lambda rows: rows.entries.entry("readers", entry))
        return found.votes if found else 0


@asynccontextmanager
async def opened_page(folder: Path, web_settings: WebSettings) -> AsyncIterator[Open]:
    clock, source = MovableClock(FRIDAY), ListedSource()
    source.announce("2026-11-20", *(paper(n, title, upvotes=9 - n) for n, title in enumerate(TITLES, 1)))
    web = Web(web_settings, [READERS], folder / "web.key", lambda: clock.now().timestamp())
    settings = Settings(database=str(folder / "town.db"), groups=(READERS,), web=web_settings)
    async with opened(settings, clock=clock, sources=[source], adapters=[web], finders=[]) as club:
        page = asyncio.create_task(web.run(club.app))
        await web.bound.wait()
        try:
            clock.move_to("2026-11-20 08:00")
            await club.collector.catch_up()
            await club.schedule.tick()
            await settle_all(club.outboxes)
            async with AsyncExitStack() as left:
                codes = await offer_codes(club)
                yield Open(club, clock, f"{web.address}/g/readers", codes["readers"], left)
        finally:
            page.cancel()
            await asyncio.gather(page, return_exceptions=True)


@pytest.fixture
async def open_page(tmp_path: Path) -> AsyncIterator[Open]:
    async with opened_page(tmp_path, WebSettings(port=0, allowed_hosts=(HOST,))) as page:
        yield page


@pytest.fixture
async def own_page(tmp_path: Path) -> AsyncIterator[Open]:
    """On this machine alone."""
    async with opened_page(tmp_path, WebSettings(port=0)) as page:
        yield page


async def invitation(mod: Visitor, line: str = "/paper-admin invite") -> str:
    found = re.search(r"with this code: (\S+)", await mod.says(line))
    assert found
    return found[1]


# --- the code


async def test_who_has_no_name_reads_everything_and_votes_for_nothing(open_page: Open) -> None:
    reader = await open_page.visitor()
    for path in ("", "/paper/1", "/search?q=cats", "/next", "/archive", "/help"):
        assert (await reader.reads(path)).one("main")
    events = await reader.listens()
    assert events.status == 200
    events.close()
    assert "Choose a name first" in (await reader.posts("press", button="vote:1"))[1]
    assert ASK in (await reader.posts("join", name="Ann"))[1]
    assert ASK in (await reader.posts("join", name="Ann", code="0000-0000-0000-0000", button="vote:1"))[1]
    assert ASK in await reader.says("/paper join Ann")
    assert (await open_page.members(), await open_page.votes()) == ([], 0)


async def test_a_code_of_a_moderator_lets_in_so_many(open_page: Open) -> None:
    mod = await open_page.moderator()
    code = await invitation(mod, "/paper-admin invite 2")
    for name in ("Ann", "Ben"):
        guest = await open_page.visitor()
        assert "voted for" in (await guest.posts("join", name=name, code=code.lower(), button="vote:1"))[1]
    late = await open_page.visitor()
    assert ASK in await late.says(f"/paper join Cy code:{code}")
    assert await open_page.members() == ["Ann", "Ben", "Mod"]
    assert "You are Bea." in await guest.says("/paper join Bea"), "who has a name keeps it, and may change it"
    assert "20 people may choose a name on the page until Friday 27 November" in await mod.says(
        "/paper-admin invite 20"
    )


async def test_a_name_that_is_taken_costs_no_seat(open_page: Open) -> None:
    code = await invitation(await open_page.moderator(), "/paper-admin invite 1")
    ann = await open_page.visitor()
    assert "is taken here" in await ann.says(f"/paper join Mod code:{code}")
    assert "You are Ann." in await ann.says(f"/paper join Ann code:{code}")


async def test_a_code_ends_after_a_week_when_a_new_one_is_made_or_by_a_moderator(open_page: Open) -> None:
    mod, ann = await open_page.moderator(), await open_page.visitor()
    first = await invitation(mod)
    assert "20 more people may join by the code that stands" in await mod.says("/paper-admin invite")
    second = await invitation(mod, "/paper-admin invite 3")
    assert ASK in await ann.says(f"/paper join Ann code:{first}")
    assert "good for nobody any more" in await mod.says("/paper-admin invite off")
    assert "No code stands" in await mod.says("/paper-admin invite off")
    assert ASK in await ann.says(f"/paper join Ann code:{second}")
    third = await invitation(mod)
    open_page.clock.move(days=7)
    assert ASK in await ann.says(f"/paper join Ann code:{third}")
    log = await mod.says("/paper-admin audit")
    assert "Mod: ended the code by which names are chosen" in log
    assert "Mod: gave out a code by which 3 may choose a name, until 2026-11-27" in log
    assert first not in log


@pytest.mark.parametrize("typed", ["0", "-1", "501", "many", "9" * 40, "²"])
async def test_so_many_people_are_not_invited(open_page: Open, typed: str) -> None:
    mod = await open_page.moderator()
    assert "1 to 500, or off" in await mod.says(f"/paper-admin invite {typed}")


async def test_only_moderators_invite(open_page: Open) -> None:
    code = await invitation(await open_page.moderator())
    ann = await open_page.visitor()
    await ann.says(f"/paper join Ann code:{code}")
    assert "for moderators" in await ann.says("/paper-admin invite")


async def test_on_ones_own_machine_nothing_is_asked(own_page: Open) -> None:
    ann = await own_page.visitor("", "localhost")
    assert not (await ann.reads()).all("input", name="code")
    assert "You are Ann." in await ann.says("/paper join Ann")


@pytest.mark.parametrize("address", ["203.0.113.7", "127.0.0.1, 203.0.113.7", "2001:db8::1"])
async def test_a_proxy_that_calls_the_page_localhost_opens_it_to_nobody(own_page: Open, address: str) -> None:
    guest = await own_page.visitor(address, "localhost")
    assert ASK in await guest.says("/paper join Ann")
    assert (await guest.reads()).all("input", name="code")


async def test_the_form_asks_for_the_code_and_says_where_it_comes_from(open_page: Open) -> None:
    guest = await open_page.visitor()
    page = await guest.reads()
    field = page.one("input", id="join-code")
    assert page.one("label", **{"for": "join-code"}).text == "Code"
    assert "required" in field.attributes
    about = page.one("p", id=field.attributes["aria-describedby"]).text
    assert about == "Ask a moderator for a code: /paper join NAME code:CODE says the same."
    mod = await open_page.moderator()
    assert not (await mod.reads()).all("input", name="code"), "who has a name is asked no more"


async def test_check_says_what_is_open(tmp_path: Path) -> None:
    settings = Settings(database=str(tmp_path / "town.db"), web=WebSettings(port=0, allowed_hosts=(HOST,)))
    lines = [line async for _, line in check(settings)]
    assert any(HOST in line and "a code that a moderator gives out" in line for line in lines)


# --- limits of an address


async def test_one_address_without_cookies_makes_no_crowd(open_page: Open) -> None:
    """It made 69 members, and 69 votes on one paper, in 20 seconds."""
    code = await invitation(await open_page.moderator(), "/paper-admin invite 500")
    crowd = await open_page.visitor(keeps=False)
    for n in range(69):
        status, said = await crowd.posts("join", name=f"N{n}", code=code, button="vote:1")
        assert status == 200
        open_page.clock.move(seconds=0.5)
    assert len(await open_page.members()) == 1 + NAMES
    assert await open_page.votes() == NAMES
    assert "Many names were chosen from your network" in said
    other = await open_page.visitor("203.0.113.8")
    assert "You are Ann." in await other.says(f"/paper join Ann code:{code}")
    open_page.clock.move(hours=1)
    for n in range(30):
        await crowd.posts("join", name=f"M{n}", code=code)
    assert len(await open_page.members()) == 2 + 2 * NAMES


@pytest.mark.parametrize("path", ["say", "press", "join"])
async def test_no_other_way_makes_more_names(open_page: Open, path: str) -> None:
    code = await invitation(await open_page.moderator(), "/paper-admin invite 500")
    crowd = await open_page.visitor(keeps=False)
    for n in range(40):
        line = f"/paper join N{n} code:{code}"
        asked = Asked(line=line, nonce=f"nonce{n:05}")
        form = {"line": line} if path == "say" else {"button": "today", "name": "", "spot": str(Spot(asked=asked))}
        await crowd.posts(path, **form)
        open_page.clock.move(seconds=0.5)
    assert len(await open_page.members()) <= 1 + NAMES


async def test_many_cookies_of_one_address_press_no_more_than_a_few(open_page: Open) -> None:
    visitors = [await open_page.visitor() for _ in range(10)]
    asked = [(await visitor.posts("say", line="/paper help"))[0] for _ in range(20) for visitor in visitors]
    assert asked.count(200) == 90
    assert (await (await open_page.visitor("203.0.113.8")).posts("say", line="/paper help"))[0] == 200
    open_page.clock.move(seconds=1)
    assert [(await visitor.posts("say", line="/paper help"))[0] for visitor in visitors].count(200) == 6


async def test_many_cookies_of_one_address_hold_no_more_than_their_share_of_live_pages(open_page: Open) -> None:
    """26 cookies held all of them."""
    held = []
    for _ in range(26):
        visitor = await open_page.visitor()
        await visitor.posts("say", line="/paper help")  # which gives a cookie
        for _ in range(20):
            held.append(await visitor.listens())
            if held[-1].status == 503:
                break
    assert sum(events.status == 200 for events in held) == MOST_PER_NETWORK < MOST_STREAMS
    for address, status in (("203.0.113.8", 200), ("203.0.113.7", 503)):
        held.append(await (await open_page.visitor(address)).listens())
        assert held[-1].status == status
    for events in held:
        events.close()


async def test_on_ones_own_machine_addresses_are_not_counted(own_page: Open) -> None:
    for n in range(30):
        visitor = await own_page.visitor("", "127.0.0.1")
        for _ in range(4):
            assert (await visitor.posts("say", line="/paper help"))[0] == 200
            own_page.clock.move(seconds=0.5)
        assert f"You are N{n}." in await visitor.says(f"/paper join N{n}")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_an_address_counts_as_what_one_visitor_has(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("10.1.2.3", "192.0.2.66,198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("10.2.0.1", "198.51.100.1", "10.2.0.1"),
        ("2001:db8::1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", " , ", "127.0.0.1"),
        ("127.0.0.1", "x" * 1000, "x" * 64),
        ("10.1.0.5", "127.0.0.1", "10.1.0.5"),  # nobody comes from this machine by way of another
        ("127.0.0.1", "127.0.0.1, 10.1.0.5", "10.1.0.5"),
    ],
)
def test_only_proxies_that_are_named_are_believed(peer: str, forwarded: str, client: str) -> None:
    assert Proxies(("10.1.0.0/16", "2001:db8::1")).client(peer, forwarded) == client


def test_buckets_take_no_more_room_than_they_have() -> None:
    buckets = Buckets(burst=1, rate=0, now=lambda: 0.0)
    assert all(buckets.take(f"2001:db8:{n:x}::/64") for n in range(Buckets.MOST_KEYS + 500))
    assert len(buckets) == Buckets.MOST_KEYS
