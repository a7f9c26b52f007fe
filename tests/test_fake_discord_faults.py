"""The fake Discord's limits, and what goes wrong on the way to it, as the real discord.py and a bare client meet it."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Misbehaviour, rest
from tests.fakes.discord.sdk import BareClient, bare_client, discord_py_at

POSTS = r"/messages$"


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
async def api(fake: FakeDiscord) -> AsyncIterator[BareClient]:
    async with bare_client(fake) as client:
        yield client


@pytest.fixture
def papers(fake: FakeDiscord) -> Channel:
    return fake.add_guild("Readers").add_channel("papers")


@pytest.fixture
async def channel(fake: FakeDiscord, papers: Channel) -> AsyncIterator[discord.TextChannel]:
    """As the library has it, without a gateway."""
    with discord_py_at(fake):
        client = discord.Client(intents=discord.Intents.none())
        await client.login(fake.token)
        found = await client.fetch_channel(papers.id)
        assert isinstance(found, discord.TextChannel)
        yield found
        await client.close()


async def post(api: BareClient, papers: Channel, **fields: Any) -> tuple[int, Any]:
    return await api("POST", f"/channels/{papers.id}/messages", {"content": "c", **fields})


# limits


async def test_five_messages_in_five_seconds(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    left = []
    for _ in range(5):
        await post(api, papers)
        left.append(api.answer_headers["X-RateLimit-Remaining"])
    assert left == ["4", "3", "2", "1", "0"]
    assert 4 < float(api.answer_headers["X-RateLimit-Reset-After"]) <= 5
    status, body = await post(api, papers)
    assert (status, body["global"], body["message"]) == (429, False, "You are being rate limited.")
    assert 4 < body["retry_after"] <= 5
    headers = api.answer_headers
    assert (headers["Retry-After"], headers["X-RateLimit-Scope"], "Via" in headers) == ("5", "user", True)
    fake.moves(5)
    assert (await post(api, papers))[0] == 200


async def test_channels_have_buckets_of_their_own(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    assert papers.guild is not None
    other = papers.guild.add_channel("other")
    for place in (papers, other):
        assert [(await post(api, place))[0] for _ in range(6)] == [200] * 5 + [429]


async def test_fifty_requests_in_a_second_for_all(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    fake.limits.is_on = False
    statuses = [(await post(api, papers))[0] for _ in range(51)]
    assert statuses == [200] * 50 + [429]
    assert api.answer_headers["X-RateLimit-Global"] == "true"


async def test_the_library_waits_for_its_turn(fake: FakeDiscord, channel: discord.TextChannel, papers: Channel) -> None:
    fake.limits.scaled(0.02)
    for number in range(12):
        await channel.send(str(number))
    assert [message.text for message in papers.messages] == [str(number) for number in range(12)]
    assert fake.violations == []


async def test_coming_back_too_soon_is_noticed(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    fake.next("POST", POSTS, "rate_limited", retry_after=5)
    assert (await post(api, papers))[0] == 429
    fake.moves(1)
    assert (await post(api, papers))[0] == 200
    assert "Retry-After" in fake.violations[0]
    fake.moves(5)
    await post(api, papers)
    assert len(fake.violations) == 1


async def test_old_messages_are_edited_a_few_times_a_minute(
    fake: FakeDiscord, api: BareClient, papers: Channel
) -> None:
    fake.limits.per_route.clear()
    _, sent = await post(api, papers)
    url = f"/channels/{papers.id}/messages/{sent['id']}"
    fake.moves(3590)
    for number in range(8):
        await api.expect(200, "PATCH", url, {"content": str(number)})
    fake.moves(20)
    for number in range(5):
        await api.expect(200, "PATCH", url, {"content": str(number)})
    await api.refused(30046, "PATCH", url, {"content": "once more"})
    fake.moves(60)
    await api.expect(200, "PATCH", url, {"content": "once more"})


async def test_limits_can_be_off(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    fake.limits.off()
    assert {(await post(api, papers))[0] for _ in range(60)} == {200}


async def test_who_is_refused_too_often_meets_the_edge(
    fake: FakeDiscord, papers: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "INVALID_BEFORE_BAN", 3)
    async with aiohttp.ClientSession() as session:
        for expected in ("application/json",) * 3 + ("text/html",):
            async with session.get(f"{fake.url}/users/@me") as answer:
                assert answer.content_type == expected
        assert answer.status == 429
        fake.moves(601)
        async with session.get(f"{fake.url}/users/@me") as answer:
            assert answer.status == 401


# faults


FAULTS: dict[Misbehaviour, tuple[object, bool]] = {
    "status": (500, False),
    "rate_limited": (429, False),
    "cloudflare": (429, False),
    "unavailable": (503, False),
    "html": (200, False),
    "reset": (aiohttp.ClientOSError, False),
    "lost": (aiohttp.ClientOSError, True),
    "truncated": (200, True),
    "hang": (TimeoutError, False),
    "late": (TimeoutError, True),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_a_fault_does_and_whether_the_message_is_there(
    fake: FakeDiscord, papers: Channel, fault: Misbehaviour
) -> None:
    expected, is_done = FAULTS[fault]
    fake.next("POST", POSTS, fault)
    url, headers = f"{fake.url}/channels/{papers.id}/messages", {"Authorization": f"Bot {fake.token}"}
    timeout = aiohttp.ClientTimeout(total=0.2)
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        assert await status_of(session, url) == expected
        assert len(papers.messages) == is_done
        assert await status_of(session, url) == 200
    assert fake.faults.met == [fault]
    assert len(papers.messages) == is_done + 1


async def status_of(session: aiohttp.ClientSession, url: str) -> object:
    try:
        async with session.post(url, json={"content": "c"}) as answer:
            return answer.status
    except (aiohttp.ClientOSError, TimeoutError) as error:
        return TimeoutError if isinstance(error, TimeoutError) else aiohttp.ClientOSError


@pytest.mark.parametrize("status", [500, 502])
async def test_an_answer_lost_behind_an_error(fake: FakeDiscord, api: BareClient, papers: Channel, status: int) -> None:
    fake.next("POST", POSTS, "lost", status=status)
    assert (await post(api, papers, nonce="day-1", enforce_nonce=True))[0] == status
    again, body = await post(api, papers, nonce="day-1", enforce_nonce=True)
    assert (again, len(papers.messages)) == (200, 1)
    assert body["id"] == str(papers.messages[0].id)
    assert [seen.status for seen in fake.asked("POST", "/channels/{channel_id}/messages")] == [status, 200]


async def test_faults_are_met_in_order_and_only_where_they_are_meant(
    fake: FakeDiscord, api: BareClient, papers: Channel
) -> None:
    fake.next("POST", POSTS, "status", status=500, times=2)
    fake.next("POST", POSTS, "status", status=403, code=50013)
    assert (await api("GET", f"/channels/{papers.id}"))[0] == 200
    assert [(await post(api, papers))[0] for _ in range(4)] == [500, 500, 403, 200]
    fake.next("POST", POSTS, "reset")
    fake.faults.forgive()
    assert (await post(api, papers))[0] == 200


async def test_the_library_repeats_a_lost_post_and_the_nonce_keeps_it_one(
    fake: FakeDiscord, channel: discord.TextChannel, papers: Channel
) -> None:
    fake.next("POST", POSTS, "lost", status=502)
    sent = await channel.send("today", nonce="day-1")
    assert [message.id for message in papers.messages] == [sent.id]


RAISED: dict[Misbehaviour, Callable[[BaseException], bool]] = {
    "cloudflare": lambda error: isinstance(error, discord.HTTPException) and error.status == 429,
    "unavailable": lambda error: isinstance(error, discord.DiscordServerError),
    "reset": lambda error: isinstance(error, OSError),
}


@pytest.mark.parametrize("fault", RAISED)
async def test_what_the_library_raises_at_once(
    fake: FakeDiscord, channel: discord.TextChannel, papers: Channel, fault: Misbehaviour
) -> None:
    fake.next("POST", POSTS, fault)
    with pytest.raises((discord.HTTPException, OSError)) as raised:
        await channel.send("today")
    assert RAISED[fault](raised.value)
    assert papers.messages == []


async def test_the_library_waits_out_a_limit_it_did_not_foresee(
    fake: FakeDiscord, channel: discord.TextChannel, papers: Channel
) -> None:
    fake.next("POST", POSTS, "rate_limited", retry_after=0.2)
    await channel.send("today")
    first, second = fake.asked("POST", "/channels/{channel_id}/messages")
    assert second.at - first.at >= 0.2
    assert fake.violations == []


async def test_dice_bring_mishaps_and_nonces_keep_every_post_once(fake: FakeDiscord, papers: Channel) -> None:
    fake.limits.off()
    rates: dict[Misbehaviour, float] = {"lost": 0.1, "reset": 0.05, "rate_limited": 0.1, "unavailable": 0.05}
    fake.mishaps(random.Random(7), rates, where=f"POST .*{POSTS}", seconds=0.01)
    url, headers = f"{fake.url}/channels/{papers.id}/messages", {"Authorization": f"Bot {fake.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for number in range(150):
            await persist(session, url, {"content": str(number), "nonce": f"n{number}", "enforce_nonce": True})
    assert [message.text for message in papers.messages] == [str(number) for number in range(150)]
    assert set(fake.faults.met) == set(rates)
    assert 20 < len(fake.faults.met) < 90


async def persist(session: aiohttp.ClientSession, url: str, body: dict[str, object]) -> None:
    for _ in range(10):
        try:
            async with session.post(url, json=body) as answer:
                if answer.status == 200:
                    return
                if answer.status == 429:
                    await asyncio.sleep((await answer.json())["retry_after"])
        except OSError:
            continue
    raise AssertionError(body)
