"""The fake Discord answers, and speaks on its gateway, in the shapes of the official OpenAPI document."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.discord import FakeDiscord, Guild, payloads
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.sdk import BareClient, bare_client
from tests.fakes.discord.spec import load_spec, said

pytestmark = pytest.mark.skipif(load_spec() is None, reason="the official document is not at hand")

CARD: Json = {
    "content": "Today",
    "embeds": [
        {
            "title": "Small Models",
            "url": "https://example.org/1",
            "description": "They answer less.",
            "color": 0x336699,
            "timestamp": "2026-03-02T08:00:00+00:00",
            "author": {"name": "Ada"},
            "footer": {"text": "3 votes", "icon_url": "https://example.org/i.png"},
            "image": {"url": "https://example.org/x.png"},
            "thumbnail": {"url": "https://example.org/y.png"},
            "fields": [{"name": "Votes", "value": "3", "inline": True}, {"name": "State", "value": "open"}],
        }
    ],
    "components": [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 1, "label": "Vote", "custom_id": "vote:1", "emoji": {"name": "👍"}},
                {"type": 2, "style": 5, "label": "Paper", "url": "https://example.org/1"},
            ],
        },
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "pick",
                    "placeholder": "Pick",
                    "options": [{"label": "One", "value": "1", "description": "the first"}],
                }
            ],
        },
        {"type": 1, "components": [{"type": 5, "custom_id": "who"}]},
    ],
    "allowed_mentions": {"parse": []},
}
LAYOUT: Json = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "accent_color": 0x336699,
            "components": [
                {"type": 10, "content": "# Today"},
                {"type": 14, "divider": True, "spacing": 1},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "Small Models"}],
                    "accessory": {"type": 2, "style": 2, "label": "Vote", "custom_id": "vote:1"},
                },
                {"type": 12, "items": [{"media": {"url": "https://example.org/x.png"}, "description": "a plot"}]},
            ],
        },
    ],
}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.limits.off()
        yield server


@pytest.fixture
async def api(fake: FakeDiscord) -> AsyncIterator[BareClient]:
    """Each of its calls holds the answer to the document."""
    async with bare_client(fake) as client:
        yield client


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    return fake.add_guild("Readers")


async def test_who_and_where(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    ann = guild.add_member("Ann", permissions={"manage_events"})
    guild.add_channel("papers", topic="of the day")
    guild.add_channel("posts", "forum", tags=["week 1"], requires_tag=True)
    guild.add_channel("room", "voice")
    for path in (
        *("/users/@me", "/oauth2/applications/@me", "/applications/@me", "/gateway", "/gateway/bot"),
        *("/users/@me/guilds", f"/users/{ann.id}", f"/guilds/{guild.id}", f"/guilds/{guild.id}/channels"),
        *(f"/guilds/{guild.id}/roles", f"/guilds/{guild.id}/members/{ann.id}"),
        *(f"/channels/{channel}" for channel in guild.channels),
    ):
        await api.expect(200, "GET", path)
    await api.expect(200, "GET", f"/guilds/{guild.id}", with_counts="true")
    dm = await api.expect(200, "POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
    await api.expect(200, "GET", f"/channels/{dm['id']}")
    assert fake.violations == []


@pytest.mark.parametrize("body", [{"content": "Hello"}, CARD, LAYOUT], ids=["text", "card", "layout"])
async def test_messages(fake: FakeDiscord, guild: Guild, api: BareClient, body: Json) -> None:
    papers = guild.add_channel("papers")
    here = f"/channels/{papers.id}"
    sent = await api.expect(200, "POST", f"{here}/messages", {**body, "nonce": "day-1", "enforce_nonce": True})
    one = f"{here}/messages/{sent['id']}"
    await api.expect(200, "PATCH", one, {"components": body.get("components", []), "allowed_mentions": None})
    await api.expect(204, "PUT", f"{one}/reactions/%F0%9F%91%8D/@me")
    await api.expect(200, "GET", f"{one}/reactions/%F0%9F%91%8D", limit=10)
    await api.expect(204, "PUT", f"{here}/messages/pins/{sent['id']}")
    await api.expect(200, "GET", f"{here}/messages/pins")
    await api.expect(200, "GET", f"{here}/pins")
    await api.expect(204, "DELETE", f"{here}/messages/pins/{sent['id']}")
    await api.expect(201, "POST", f"{one}/threads", {"name": "Small Models", "auto_archive_duration": 1440})
    await api.expect(200, "GET", one)
    assert len(await api.expect(200, "GET", f"{here}/messages", limit=10)) == 2
    await api.expect(204, "DELETE", f"{one}/reactions/%F0%9F%91%8D/@me")
    await api.expect(204, "DELETE", one)
    assert fake.violations == []


async def test_a_file(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    import aiohttp

    papers = guild.add_channel("papers")
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content": "the list"}', content_type="application/json")
    form.add_field("files[0]", b"@article{}", filename="list.bib", content_type="text/plain")
    url = f"{fake.url}/channels/{papers.id}/messages"
    async with api.session.post(url, data=form, headers=api.headers) as answer:
        found = await answer.json()
    assert fake.spec
    assert fake.spec.answer("POST", "/channels/{channel_id}/messages", answer.status, found) == []
    assert papers.messages[0].attachments[0]["filename"] == "list.bib"


async def test_threads(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    papers, posts = guild.add_channel("papers"), guild.add_channel("posts", "forum", tags=["week 1"])
    thread = await api.expect(201, "POST", f"/channels/{papers.id}/threads", {"name": "Talk", "type": 11})
    tags = [str(posts.tags[0].id)]
    post = {"name": "Small Models", "message": CARD, "applied_tags": tags}
    started = await api.expect(201, "POST", f"/channels/{posts.id}/threads", post)
    await api.expect(200, "GET", f"/channels/{started['id']}")
    await api.expect(200, "POST", f"/channels/{started['id']}/messages", {"content": "more"})
    await api.expect(200, "GET", f"/channels/{started['id']}/messages")
    await api.expect(200, "GET", f"/guilds/{guild.id}/threads/active")
    await api.expect(200, "PATCH", f"/channels/{thread['id']}", {"archived": True})
    await api.expect(200, "GET", f"/channels/{papers.id}/threads/archived/public")
    assert fake.violations == []


async def test_meetings(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    start = fake.clock().replace(microsecond=0).isoformat()
    fake.moves(-3600)
    body = {
        "name": "Reading group",
        "description": "Small Models",
        "scheduled_start_time": start,
        "scheduled_end_time": start.replace("20", "30", 1),
        "privacy_level": 2,
        "entity_type": 3,
        "entity_metadata": {"location": "Room 2.01"},
    }
    made = await api.expect(200, "POST", f"/guilds/{guild.id}/scheduled-events", body)
    one = f"/guilds/{guild.id}/scheduled-events/{made['id']}"
    guild.add_member("Ann").subscribes(guild.events[int(made["id"])])
    await api.expect(200, "GET", one, with_user_count="true")
    await api.expect(200, "GET", f"/guilds/{guild.id}/scheduled-events")
    assert len(await api.expect(200, "GET", f"{one}/users", with_member="true")) == 1
    await api.expect(200, "PATCH", one, {"name": "Reading group, moved", "status": 2})
    await api.expect(204, "DELETE", one)
    assert fake.violations == []


async def test_commands(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    option = {"type": 3, "name": "query", "description": "words", "required": True, "autocomplete": True}
    choice = {"type": 4, "name": "days", "description": "how far", "choices": [{"name": "a week", "value": 7}]}
    search = {"type": 1, "name": "search", "description": "finds papers", "options": [option, choice]}
    paper = {"name": "paper", "description": "papers", "options": [search], "default_member_permissions": "8"}
    menu = {"name": "Save to list", "type": 3}
    for base in (f"/applications/{fake.application_id}", f"/applications/{fake.application_id}/guilds/{guild.id}"):
        made = await api.expect(200, "PUT", f"{base}/commands", [paper, menu])
        await api.expect(200, "GET", f"{base}/commands")
        one = f"{base}/commands/{made[0]['id']}"
        await api.expect(200, "PATCH", one, {"description": "all about papers"})
        await api.expect(200, "GET", one)
        await api.expect(201, "POST", f"{base}/commands", {"name": "help", "description": "what I do"})
        await api.expect(204, "DELETE", one)
    assert fake.violations == []


MISSHAPEN: dict[str, tuple[Json, str]] = {
    "text for a list": ({"embeds": "x"}, "embeds"),
    "embed that is none": ({"embeds": [5]}, "0"),
    "component that is none": ({"components": ["x"]}, "components"),
    "component without type": ({"components": [{"components": []}]}, "components"),
    "negative colour": ({"embeds": [{"title": "t", "color": -1}]}, "color"),
    "odd time": ({"embeds": [{"title": "t", "timestamp": 5}]}, "timestamp"),
}


@pytest.mark.parametrize("what", MISSHAPEN)
async def test_what_the_document_does_not_allow_is_refused(
    fake: FakeDiscord, guild: Guild, api: BareClient, what: str
) -> None:
    body, place = MISSHAPEN[what]
    papers = guild.add_channel("papers")
    errors = await api.refused(50035, "POST", f"/channels/{papers.id}/messages", body)
    assert f"'{place}'" in str(errors)
    assert len(fake.violations) == 1
    assert papers.messages == []


async def test_an_unknown_query_parameter_is_refused(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    await api.refused(50035, "GET", f"/channels/{guild.add_channel('papers').id}/messages", page=2)
    assert "page" in fake.violations[0]


async def test_refusals(fake: FakeDiscord, guild: Guild, api: BareClient) -> None:
    papers = guild.add_channel("papers")
    await api.refused(10003, "GET", "/channels/1")
    await api.refused(50035, "POST", f"/channels/{papers.id}/messages", {"content": "x" * 2001})
    await api.refused(50006, "POST", f"/channels/{papers.id}/messages", {})
    fake.limits.per_route["GET /users/@me"] = (1, 60.0)
    fake.limits.is_on = True
    await api.expect(200, "GET", "/users/@me")
    assert (await api.refused(0, "GET", "/users/@me"))["global"] is False


def test_what_the_gateway_shows(fake: FakeDiscord, guild: Guild) -> None:
    assert fake.spec
    papers = guild.add_channel("papers")
    ann = guild.add_member("Ann")
    shapes: list[tuple[str, Any]] = [
        ("GuildChannelResponse", payloads.channel(papers)),
        ("UserResponse", payloads.user(ann.user)),
        ("GuildMemberResponse", payloads.member(ann)),
        ("GuildRoleResponse", payloads.role(guild.everyone)),
        ("GuildResponse", payloads.guild_create(guild, fake.world.bot, with_members=True)),
    ]
    for name, shape in shapes:
        assert not fake.spec.thing(name, shape), f"{name}: {said(fake.spec.thing(name, shape))}"
