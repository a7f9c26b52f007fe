"""What the fetcher promises to its callers: a deadline, a cap, few retries, clear sentences, no leaks."""

import asyncio
import gzip
import logging
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from adapters.net import Fetched, Net, read_retry_after
from bot.errors import SourceError
from tests.fakes.huggingface import PATH, FakeHuggingFace, Misbehaviour, daily_item, gzip_bomb
from tests.fakes.instant import InstantClock
from tests.fakes.loopback import Answering, Loopback

DAY = {"date": "2026-03-02"}
MEGABYTE = 1_000_000


@pytest.fixture
async def fake() -> AsyncIterator[FakeHuggingFace]:
    async with FakeHuggingFace() as server:
        server.days["2026-03-02"] = [daily_item()]
        yield server


@pytest.fixture
def clock() -> InstantClock:
    return InstantClock()


@pytest.fixture
async def net(clock: InstantClock) -> AsyncIterator[Net]:
    async with Net(clock, timeout=10, max_bytes=MEGABYTE, pause=0.01) as net:
        yield net


@pytest.fixture
async def hasty(clock: InstantClock) -> AsyncIterator[Net]:
    import_module("httpx")  # else the first request of all does it, within its deadline
    async with Net(clock, timeout=0.3) as net:
        yield net


async def ask(net: Net, fake: FakeHuggingFace) -> Fetched:
    return await net.get(fake.url + PATH, DAY)


async def complaint(net: Net, url: str) -> str:
    with pytest.raises(SourceError) as caught:
        await net.get(url)
    assert caught.value.__cause__ is None
    return str(caught.value)


def always(body: bytes, headers: dict[str, str] | None = None, status: int = 200) -> Answering:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, headers=headers, status=status)

    return answer


@contextmanager
def memory_below(most: int) -> Iterator[None]:
    """Fails when `most` bytes are held at once inside."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


# --- answers ---------------------------------------------------------------------------------------------------


async def test_an_answer_is_read_whole(net: Net, fake: FakeHuggingFace) -> None:
    answer = await ask(net, fake)
    assert (answer.status, answer.host) == (200, fake.host)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json() == [daily_item()]


async def test_nothing_but_gzip_is_asked_for(net: Net, fake: FakeHuggingFace) -> None:
    await ask(net, fake)
    assert fake.requests[0].headers["accept-encoding"] == "gzip"
    assert fake.requests[0].query == DAY


async def test_an_unchanged_answer_is_the_known_one(net: Net, fake: FakeHuggingFace) -> None:
    first = await ask(net, fake)
    assert await net.get(fake.url + PATH, DAY, known=first) is first
    fake.days["2026-03-02"] = []
    changed = await net.get(fake.url + PATH, DAY, known=first)
    assert changed.json() == []


async def test_last_modified_is_a_condition_too(net: Net) -> None:
    async def answer(request: web.Request) -> web.Response:
        since = request.headers.get("If-Modified-Since")
        return web.Response(status=304 if since else 200, headers={"Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"})

    async with Loopback(answer) as server:
        first = await net.get(server.url)
        assert await net.get(server.url, known=first) is first


async def test_an_unasked_304_is_a_fault(net: Net) -> None:
    async with Loopback(always(b"", status=304)) as server:
        assert await complaint(net, server.url) == f"{server.host} answered HTTP 304"


async def test_the_environment_names_no_proxy(net: Net, fake: FakeHuggingFace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert (await ask(net, fake)).status == 200


async def test_cookies_are_not_kept(net: Net) -> None:
    seen: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "track=1; Path=/"})

    async with Loopback(answer) as server:
        await net.get(server.url)
        await net.get(server.url)
    assert seen == [None, None]


def test_httpx_is_not_imported_before_the_first_request() -> None:
    check = "import sys, adapters.net, adapters.sources.huggingface; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False, timeout=30).returncode == 0


# --- faults ----------------------------------------------------------------------------------------------------

FAULTS: list[tuple[Misbehaviour, str]] = [
    ("status", "{host} answered HTTP 500"),
    ("broken", "{host} broke its answer off, or does not speak HTTP"),
    ("huge", "{host} sent more than 1 MB"),
    ("bomb", "{host} sent more than 1 MB"),
    ("reset", "{host} dropped the connection"),
]


@pytest.mark.parametrize(("what", "sentence"), FAULTS)
async def test_each_fault_has_its_sentence(net: Net, fake: FakeHuggingFace, what: Misbehaviour, sentence: str) -> None:
    fake.next(what, times=3)
    assert await complaint(net, fake.url + PATH) == sentence.format(host=fake.host)


@pytest.mark.parametrize(("what", "_sentence"), FAULTS)
async def test_the_next_request_is_served(net: Net, fake: FakeHuggingFace, what: Misbehaviour, _sentence: str) -> None:
    fake.next(what, times=3)
    await complaint(net, fake.url + PATH)
    fake.forgive()
    assert (await ask(net, fake)).json() == [daily_item()]


@pytest.mark.parametrize("what", ["drip", "slow_headers"])
async def test_a_drip_ends_at_the_deadline(hasty: Net, fake: FakeHuggingFace, what: Misbehaviour) -> None:
    fake.next(what)
    async with asyncio.timeout(5):
        assert await complaint(hasty, fake.url + PATH) == f"{fake.host} did not answer within 0.3 s"
    assert len(fake.requests) == 1


@pytest.mark.parametrize("what", ["drip", "slow_headers"])
async def test_a_drip_keeps_no_connection(clock: InstantClock, fake: FakeHuggingFace, what: Misbehaviour) -> None:
    async with Net(clock, timeout=1) as net:
        fake.next(what)
        await complaint(net, fake.url + PATH)
        assert (await ask(net, fake)).json() == [daily_item()]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [("html", "{host} sent HTML where JSON was expected"), ("truncated", "{host} sent JSON that breaks off")],
)
async def test_what_is_not_json_is_named(net: Net, fake: FakeHuggingFace, what: Misbehaviour, sentence: str) -> None:
    fake.next(what)
    answer = await ask(net, fake)
    with pytest.raises(SourceError) as caught:
        answer.json()
    assert str(caught.value) == sentence.format(host=fake.host)


@pytest.mark.parametrize("what", ["huge", "bomb"])
async def test_a_flood_is_refused_without_holding_it(net: Net, fake: FakeHuggingFace, what: Misbehaviour) -> None:
    await ask(net, fake)
    fake.next(what)
    with memory_below(6 * MEGABYTE):
        await complaint(net, fake.url + PATH)
    assert fake.sent < 30 * MEGABYTE  # what fits into the buffers of a socket, not 1 GB


async def test_one_dense_piece_is_not_unpacked_whole(net: Net) -> None:
    piece = b"".join(gzip_bomb(50 * 2**20))  # fits into one read
    async with Loopback(always(piece, {"Content-Encoding": "gzip"})) as server:
        with memory_below(6 * MEGABYTE):
            assert await complaint(net, server.url) == f"{server.host} sent more than 1 MB"


@pytest.mark.parametrize(
    ("headers", "pack"), [({}, bytes), ({"Content-Encoding": "gzip"}, gzip.compress)], ids=["plain", "gzip"]
)
@pytest.mark.parametrize("over", [-1, 0, 1])
async def test_the_cap_counts_unpacked_bytes(net: Net, headers: dict[str, str], pack: type[bytes], over: int) -> None:
    async with Loopback(always(pack(bytes(1000 + over)), headers)) as server:
        if over > 0:
            with pytest.raises(SourceError, match=r"sent more than 0\.001 MB"):
                await net.get(server.url, limit_bytes=1000)
        else:
            assert len((await net.get(server.url, limit_bytes=1000)).body) == 1000 + over


async def test_gzip_that_unpacks_to_nothing_is_capped_too(net: Net) -> None:
    header, empty_block = gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff"
    flood = header + empty_block * 300_000
    async with Loopback(always(flood, {"Content-Encoding": "gzip"})) as server:
        assert await complaint(net, server.url) == f"{server.host} sent more than 1 MB"


async def test_what_follows_the_gzip_stream_is_left_out(net: Net) -> None:
    async with Loopback(always(gzip.compress(b"[]") + b"\0" * 5000, {"Content-Encoding": "gzip"})) as server:
        assert (await net.get(server.url)).json() == []


@pytest.mark.parametrize(
    ("encoding", "body", "sentence"),
    [
        ("gzip", gzip.compress(bytes(range(200)))[:-20], "broke its answer off"),
        ("gzip", b"[1, 2, 3]", "sent a damaged gzip answer"),
        ("br", b"[1, 2, 3]", "packed its answer in a way that was not asked for"),
    ],
    ids=["cut", "damaged", "brotli"],
)
async def test_bad_packing_is_named(net: Net, encoding: str, body: bytes, sentence: str) -> None:
    async with Loopback(always(body, {"Content-Encoding": encoding})) as server:
        assert await complaint(net, server.url) == f"{server.host} {sentence}"


async def test_a_closed_port_is_named(net: Net, clock: InstantClock) -> None:
    async with Loopback(always(b"")) as server:
        url, host = server.url, server.host
    assert (await complaint(net, url)).startswith(f"{host} could not be reached (")
    assert len(clock.slept) == 2


@pytest.mark.parametrize("url", ["https://", "http:///x", "ftp://127.0.0.1/", "127.0.0.1", "http://\x00/"])
async def test_what_is_no_address_is_named(net: Net, url: str) -> None:
    assert "address" in await complaint(net, url)


async def test_cancelling_is_not_a_fault_of_the_host(net: Net, fake: FakeHuggingFace) -> None:
    fake.next("drip")
    task = asyncio.create_task(ask(net, fake))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_keys_stay_out_of_logs_and_errors(
    net: Net, fake: FakeHuggingFace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.next("status", times=1)
    url = f"http://user:canary@{fake.host}{PATH}?key=canary"
    assert "canary" not in await complaint(net, url)
    assert fake.requests[0].query == {"key": "canary"}
    assert not [record for record in caplog.records if "canary" in record.getMessage()]


# --- tries -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_passing_fault_is_tried_again(
    net: Net, fake: FakeHuggingFace, clock: InstantClock, status: int
) -> None:
    fake.next(status=status, times=2)
    assert (await ask(net, fake)).status == 200
    assert len(fake.requests) == 3
    first, second = clock.slept
    assert 0.005 <= first <= 0.015
    assert 0.01 <= second <= 0.03


async def test_three_tries_are_enough(net: Net, fake: FakeHuggingFace) -> None:
    fake.next(status=503, times=4)
    assert await complaint(net, fake.url + PATH) == f"{fake.host} answered HTTP 503"
    assert len(fake.requests) == 3


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_lasting_fault_is_not_tried_again(net: Net, fake: FakeHuggingFace, status: int) -> None:
    fake.next(status=status)
    assert await complaint(net, fake.url + PATH) == f"{fake.host} answered HTTP {status}"
    assert len(fake.requests) == 1


async def test_no_wait_that_ends_after_the_deadline(fake: FakeHuggingFace, clock: InstantClock) -> None:
    fake.next(status=503)
    async with Net(clock, timeout=1.0, pause=10.0) as net:
        assert await complaint(net, fake.url + PATH) == f"{fake.host} answered HTTP 503"
    assert clock.slept == []


@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_asked_for_is_the_callers(
    net: Net, fake: FakeHuggingFace, clock: InstantClock, status: int
) -> None:
    fake.next(status=status, retry_after=120)
    with pytest.raises(SourceError) as caught:
        await ask(net, fake)
    assert str(caught.value) == f"{fake.host} asks us to wait 120 s (HTTP {status})"
    assert caught.value.retry_after == 120
    assert (len(fake.requests), clock.slept) == (1, [])


async def test_a_429_without_a_time_is_not_tried_again(net: Net, fake: FakeHuggingFace) -> None:
    fake.next(status=429)
    assert await complaint(net, fake.url + PATH) == f"{fake.host} says that we ask too often (HTTP 429)"
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (" 90 ", 90),
        ("9" * 5000, 21600),
        ("Mon, 02 Mar 2026 09:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 09:02:00 -0000", 120),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 21600),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert read_retry_after(text, datetime(2026, 3, 2, 9, tzinfo=UTC)) == seconds


@given(st.text(max_size=60), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_any_retry_after_is_none_or_within_six_hours(text: str, later: timedelta) -> None:
    seconds = read_retry_after(text, datetime(2026, 3, 2, 9, tzinfo=UTC) + later)
    assert seconds is None or 0 <= seconds <= 6 * 3600


# --- redirects -------------------------------------------------------------------------------------------------


def hops(count: int) -> Answering:
    async def answer(request: web.Request) -> web.Response:
        at = int(request.path.strip("/") or 0)
        return (
            web.Response(text="there") if at == count else web.Response(status=302, headers={"Location": f"/{at + 1}"})
        )

    return answer


async def test_two_hops_on_the_same_host_are_followed(net: Net) -> None:
    async with Loopback(hops(2)) as server:
        assert (await net.get(server.url)).body == b"there"


async def test_a_third_hop_is_not(net: Net) -> None:
    async with Loopback(hops(3)) as server:
        assert await complaint(net, server.url) == f"{server.host} redirects more than 2 times"


async def test_another_host_is_not_asked(net: Net, fake: FakeHuggingFace) -> None:
    async with Loopback(always(b"", {"Location": f"{fake.url}{PATH}?date=2026-03-02"}, 302)) as server:
        assert await complaint(net, server.url) == f"{server.host} redirects to 127.0.0.1, which is not followed"
    assert fake.requests == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://169.254.169.254/", "//example.org", "http://[", "\x00"]
)
async def test_no_odd_redirect_is_followed(net: Net, location: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        head = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n"
        request.transport.write(head.encode())
        request.transport.close()
        return web.Response()

    async with Loopback(answer) as server:
        assert (await complaint(net, server.url)).startswith(f"{server.host} ")


async def test_http_may_become_https(net: Net) -> None:
    async with Loopback(always(b"")) as closed:
        upgraded = f"https://{closed.host}/"
    async with Loopback(always(b"", {"Location": upgraded}, 301)) as server:
        assert "could not be reached" in await complaint(net, server.url)


# --- JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "sent an empty answer where JSON was expected"),
        (b"  \n", "sent an empty answer where JSON was expected"),
        (b'[{"a": 1}, {"b"', "sent JSON that breaks off"),
        (b'["a te', "sent JSON that breaks off"),
        ('["é'.encode()[:-1], "sent JSON that breaks off"),
        (b"[1, 2", "sent JSON that breaks off"),
        (b"\n <HTML><p>Down for maintenance", "sent HTML where JSON was expected"),
        (b"Internal error", "sent JSON that can not be read"),
        (b"[\xff\xfe]", "sent JSON that can not be read"),
        (b"[" * 200_000, "sent JSON that can not be read"),
        (b"9" * 5000, "sent JSON that can not be read"),
    ],
    ids=(
        "nothing",
        "blank",
        "in a key",
        "in a text",
        "in a letter",
        "in a list",
        "html",
        "prose",
        "bytes",
        "deep",
        "number",
    ),
)
def test_bad_json_is_named(body: bytes, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        Fetched("example.org", 200, {}, body).json()
    assert str(caught.value) == f"example.org {sentence}"


SENTENCES = {
    "",
    "example.org sent HTML where JSON was expected",
    "example.org sent an empty answer where JSON was expected",
    "example.org sent JSON that breaks off",
    "example.org sent JSON that can not be read",
}


@given(st.binary() | st.text().map(str.encode) | st.text(alphabet='[]{}",:0123456789.eE+-ntf \\u').map(str.encode))
def test_any_body_is_json_or_a_source_error(body: bytes) -> None:
    assert said_of(body) in SENTENCES


def said_of(body: bytes) -> str:
    try:
        Fetched("example.org", 200, {}, body).json()
    except SourceError as error:
        return str(error)
    return ""
