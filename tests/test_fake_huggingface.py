"""The stand-in for Hugging Face is as strict as the real thing, and misbehaves when told to."""

from collections.abc import AsyncIterator
from zlib import MAX_WBITS, decompressobj

import aiohttp
import pytest

from tests.fakes.huggingface import PATH, FakeHuggingFace, Misbehaviour, daily_item, gzip_bomb

DAY = "2026-03-02"


@pytest.fixture
async def fake() -> AsyncIterator[FakeHuggingFace]:
    async with FakeHuggingFace() as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as session:
        yield session


async def get(http: aiohttp.ClientSession, url: str) -> tuple[int, object]:
    async with http.get(url) as response:
        return response.status, await response.json()


async def test_a_day_is_answered_up_to_its_limit(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    fake.days[DAY] = [daily_item(id=f"2603.{n:05}") for n in range(120)]
    for limit, count in (("", 50), ("&limit=3", 3), ("&limit=100", 100)):
        status, items = await get(http, f"{fake.url}{PATH}?date={DAY}{limit}")
        assert status == 200
        assert isinstance(items, list)
        assert len(items) == count


async def test_an_unknown_day_is_empty(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    assert await get(http, f"{fake.url}{PATH}?date={DAY}") == (200, [])


async def test_bytes_go_out_as_they_are(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    fake.days[DAY] = b"[1,   2]"
    async with http.get(f"{fake.url}{PATH}?date={DAY}") as response:
        assert await response.read() == b"[1,   2]"


@pytest.mark.parametrize(
    "query", ["", "?date=", "?date=today", "?date=2026-3-2", f"?date={DAY}&limit=0", f"?date={DAY}&limit=101", "?day=1"]
)
async def test_a_wrong_question_is_refused(fake: FakeHuggingFace, http: aiohttp.ClientSession, query: str) -> None:
    status, answer = await get(http, fake.url + PATH + query)
    assert status == 400
    assert isinstance(answer, dict)
    assert list(answer) == ["error"]


@pytest.mark.parametrize(("method", "path"), [("POST", PATH), ("HEAD", PATH), ("GET", "/papers"), ("GET", "/")])
async def test_nothing_else_is_there(
    fake: FakeHuggingFace, http: aiohttp.ClientSession, method: str, path: str
) -> None:
    async with http.request(method, f"{fake.url}{path}?date={DAY}") as response:
        assert response.status == 404


async def test_requests_are_written_down(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    await get(http, f"{fake.url}{PATH}?date={DAY}&limit=9")
    (seen,) = fake.requests
    assert (seen.method, seen.path, seen.query) == ("GET", PATH, {"date": DAY, "limit": "9"})
    assert seen.headers["host"] == fake.host


async def test_faults_come_in_order_and_end(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    fake.next(status=429, retry_after=5)
    fake.next(status=502)
    async with http.get(f"{fake.url}{PATH}?date={DAY}") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "5")
    statuses = [(await get(http, f"{fake.url}{PATH}?date={DAY}"))[0] for _ in range(2)]
    assert statuses == [502, 200]


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("drip", TimeoutError),
        ("slow_headers", TimeoutError),
        ("broken", aiohttp.ClientPayloadError),
        ("reset", aiohttp.ClientOSError),
        ("truncated", ValueError),
        ("html", aiohttp.ContentTypeError),
    ],
)
async def test_each_fault_is_what_it_says(
    fake: FakeHuggingFace, http: aiohttp.ClientSession, what: Misbehaviour, error: type[Exception]
) -> None:
    fake.next(what, times=2)  # aiohttp asks once more after a reset
    with pytest.raises(error):
        await get(http, f"{fake.url}{PATH}?date={DAY}")


async def test_a_flood_stops_with_its_reader(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    fake.next("huge")
    async with http.get(fake.url + PATH) as response:
        assert response.content_length == 2**30
        await response.content.readexactly(100_000)
    assert fake.sent < 30_000_000


def test_the_bomb_is_small_and_unpacks_to_its_size() -> None:
    packed = b"".join(gzip_bomb(20 * 2**20))
    assert len(packed) < 50_000
    assert decompressobj(MAX_WBITS | 16).decompress(packed) == bytes(20 * 2**20)


def test_an_item_leaves_out_what_it_has_not() -> None:
    paper = daily_item(code="https://example.org/code")["paper"]
    assert isinstance(paper, dict)
    assert "githubRepo" in paper
    assert "projectPage" not in paper


async def test_a_paper_of_any_day_is_answered_alone(fake: FakeHuggingFace, http: aiohttp.ClientSession) -> None:
    item = daily_item(id="2603.00001")
    fake.days = {DAY: [item], "2026-03-03": b"[]"}
    assert await get(http, f"{fake.url}/api/papers/2603.00001") == (200, item["paper"])
    status, _ = await get(http, f"{fake.url}/api/papers/2603.00002")
    assert status == 404
    assert (await get(http, f"{fake.url}/api/papers/nonsense"))[0] == 404
