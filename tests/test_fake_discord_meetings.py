"""The fake Discord's rules for meetings on its calendar: what they may be, whose they are, how they go by."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.discord import FakeDiscord, Guild
from tests.fakes.discord.permissions import bits
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.sdk import BareClient, bare_client


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.limits.off()
        yield server


@pytest.fixture
async def api(fake: FakeDiscord) -> AsyncIterator[BareClient]:
    async with bare_client(fake) as client:
        yield client


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    return fake.add_guild("Readers")


def meeting(fake: FakeDiscord, **parts: Any) -> Json:
    start = fake.clock() + timedelta(days=1)
    body = {
        "name": "Reading group",
        "scheduled_start_time": start.isoformat(),
        "scheduled_end_time": (start + timedelta(hours=1)).isoformat(),
        "privacy_level": 2,
        "entity_type": 3,
        "entity_metadata": {"location": "Room"},
        **parts,
    }
    return {key: value for key, value in body.items() if value is not None}


@pytest.mark.parametrize(
    ("parts", "accepted"),
    [
        ({"name": "x" * 100}, True),
        ({"name": "😀" * 51}, False),
        ({"description": "x" * 1000}, True),
        ({"description": "😀" * 501}, False),
        ({"entity_metadata": {"location": "x" * 100}}, True),
        ({"entity_metadata": {"location": "😀" * 51}}, False),
        ({"scheduled_end_time": None}, False),
        ({"entity_metadata": None}, False),
        ({"scheduled_start_time": "2020-01-01T10:00:00+00:00"}, False),
        ({"scheduled_end_time": "2020-01-01T10:00:00+00:00"}, False),
        ({"channel_id": "1"}, False),
        ({"name": None}, False),
    ],
)
async def test_what_a_meeting_may_be(
    fake: FakeDiscord, api: BareClient, guild: Guild, parts: Json, accepted: bool
) -> None:
    url = f"/guilds/{guild.id}/scheduled-events"
    if accepted:
        await api.expect(200, "POST", url, meeting(fake, **parts))
    else:
        await api.refused(50035, "POST", url, meeting(fake, **parts))
    assert len(guild.events) == accepted


async def test_a_meeting_goes_its_way(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    url = f"/guilds/{guild.id}/scheduled-events"
    made = await api.expect(200, "POST", url, meeting(fake))
    one = f"{url}/{made['id']}"
    await api.refused(50035, "PATCH", one, {"status": 3})
    await api.expect(200, "PATCH", one, {"status": 2})
    await api.expect(200, "PATCH", one, {"status": 3})
    await api.refused(180000, "PATCH", one, {"name": "again"})
    await api.expect(204, "DELETE", one)
    await api.refused(10070, "GET", one)


async def test_a_hundred_open_meetings_are_enough(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    url = f"/guilds/{guild.id}/scheduled-events"
    made = [await api.expect(200, "POST", url, meeting(fake)) for _ in range(100)]
    await api.refused(30038, "POST", url, meeting(fake))
    await api.expect(200, "PATCH", f"{url}/{made[0]['id']}", {"status": 4})
    await api.expect(200, "POST", url, meeting(fake))


async def test_meetings_need_the_right_to_make_them(fake: FakeDiscord, api: BareClient) -> None:
    guild = fake.add_guild("Others", bot_permissions=())
    await api.refused(50013, "POST", f"/guilds/{guild.id}/scheduled-events", meeting(fake))


async def test_meetings_in_a_voice_channel(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    room, papers = guild.add_channel("room", "voice"), guild.add_channel("papers")
    url = f"/guilds/{guild.id}/scheduled-events"
    inside = {"entity_type": 2, "entity_metadata": None, "scheduled_end_time": None}
    await api.expect(200, "POST", url, meeting(fake, **inside, channel_id=str(room.id)))
    await api.refused(50035, "POST", url, meeting(fake, **inside, channel_id=str(papers.id)))
    await api.refused(50035, "POST", url, meeting(fake, **inside))


@pytest.mark.parametrize(
    ("held", "makes", "changes_own", "changes_others"),
    [
        ({"create_events"}, True, True, False),
        ({"manage_events"}, False, True, True),
        (set(), False, False, False),
        ({"administrator"}, True, True, True),
    ],
)
async def test_who_may_do_what_with_a_meeting(
    fake: FakeDiscord, api: BareClient, held: set[str], makes: bool, changes_own: bool, changes_others: bool
) -> None:
    """Since 23 February 2026 Manage Events makes none."""
    guild = fake.add_guild("Others")
    (role,) = guild.bot.roles
    url = f"/guilds/{guild.id}/scheduled-events"
    own = await api.expect(200, "POST", url, meeting(fake))
    other = await api.expect(200, "POST", url, meeting(fake, name="Quiz"))
    guild.events[int(other["id"])].creator = guild.owner.user
    role.permissions = bits(held)
    for may, method, path, body in (
        (makes, "POST", "", meeting(fake)),
        (changes_own, "PATCH", f"/{own['id']}", {"name": "Moved"}),
        (changes_own, "DELETE", f"/{own['id']}", None),
        (changes_others, "PATCH", f"/{other['id']}", {"name": "Ours"}),
    ):
        status, found = await api(method, url + path, body)
        assert (status < 300) is may, found
        assert may or found["code"] == 50013


async def test_a_meeting_begins_and_ends_by_itself_and_leaves_the_list(
    fake: FakeDiscord, api: BareClient, guild: Guild
) -> None:
    url = f"/guilds/{guild.id}/scheduled-events"
    one = f"{url}/{(await api.expect(200, 'POST', url, meeting(fake)))['id']}"
    statuses = []
    for seconds in (0, 86_400, 3_600):
        fake.moves(seconds)
        statuses.append(((await api.expect(200, "GET", one))["status"], len(await api.expect(200, "GET", url))))
    assert statuses == [(1, 1), (2, 1), (3, 0)]


async def test_one_that_has_begun_keeps_its_beginning(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    url = f"/guilds/{guild.id}/scheduled-events"
    body = meeting(fake)
    one = f"{url}/{(await api.expect(200, 'POST', url, body))['id']}"
    fake.moves(86_400 + 60)
    later = (fake.clock() + timedelta(hours=1)).isoformat()
    await api.refused(50035, "PATCH", one, {"scheduled_start_time": later, "scheduled_end_time": later})
    same = {key: body[key] for key in ("scheduled_start_time", "scheduled_end_time")}
    await api.expect(200, "PATCH", one, {**same, "name": "Renamed", "entity_metadata": {"location": "Room 3"}})
    await api.refused(50035, "PATCH", one, {"status": 4})
    assert [(event.name, event.location) for event in guild.events.values()] == [("Renamed", "Room 3")]


async def test_nobody_is_to_blame_for_being_late(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    """No client knows Discord's time; for anything else that is refused, a careful one is."""
    url = f"/guilds/{guild.id}/scheduled-events"
    await api.refused(50035, "POST", url, meeting(fake, scheduled_start_time="2020-01-01T10:00:00+00:00"))
    assert fake.violations == []
    await api.refused(50035, "POST", url, meeting(fake, entity_metadata=None))
    assert len(fake.violations) == 1


async def test_who_wants_to_come_is_read_in_pages(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    url = f"/guilds/{guild.id}/scheduled-events"
    made = await api.expect(200, "POST", url, meeting(fake))
    fans = [guild.add_member(f"Fan {number}") for number in range(103)]
    for fan in fans:
        fan.subscribes(guild.events[int(made["id"])])
    fans[0].leaves()
    first = await api.expect(200, "GET", f"{url}/{made['id']}/users", with_member="true")
    rest = await api.expect(200, "GET", f"{url}/{made['id']}/users", after=first[-1]["user"]["id"])
    assert (len(first), len(rest)) == (100, 3)
    assert ["member" in found for found in (first[0], first[1], rest[0])] == [False, True, False]
