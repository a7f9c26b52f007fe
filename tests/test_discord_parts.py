"""Small parts of the Discord surface: names of places, the commands' shape, what an invitation asks for, the pace."""

import asyncio
from typing import Any

import pytest
from discord import RateLimited
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord.commands import payload
from adapters.chat.discord.manifest import PERMISSIONS, Permission, application_of, invite
from adapters.chat.discord.places import Ref, Spot, read_account, read_place, read_ref, thread_of
from adapters.chat.discord.rest import Pacer
from bot.commands import TABLE
from bot.ports import CommandInfo, ParameterInfo
from tests.fakes.discord.command_rules import check_command
from tests.fakes.discord.permissions import BITS
from tests.fakes.discord.refusals import Form
from tests.fakes.discord.spec import load_spec

IDS = st.integers(1, 2**63)


@given(IDS, IDS, st.just(0) | IDS)
def test_a_place_reads_back(guild: int, channel: int, thread: int) -> None:
    spot = Spot(guild, channel, thread)
    assert read_place(spot.place) == spot


@given(IDS, IDS)
def test_a_message_reads_back(channel: int, message: int) -> None:
    assert read_ref(str(Ref(channel, message))) == Ref(channel, message)


@pytest.mark.parametrize("text", ["", "web:readers", "discord:", "discord:1", "discord:a/b", "discord:1/2/3/4"])
def test_other_places_are_none_of_ours(text: str) -> None:
    assert read_place(text) is None


def test_direct_messages_have_a_place_without_a_server() -> None:
    assert Spot(0, 5).place == "discord:@me/5"
    assert read_place("discord:@me/5") == Spot(0, 5)


def test_accounts_of_other_surfaces_are_none_of_ours() -> None:
    assert read_account("discord:12") == 12
    assert read_account("slack:T1/U1") is None
    assert read_account("discord:²") is None


def test_the_thread_of_a_discussion() -> None:
    assert thread_of(Ref(2, 9), channel=2) == 9
    assert thread_of(Ref(7, 9), channel=2) == 7


# --- commands


def test_the_programs_own_commands_are_ones_that_discord_takes() -> None:
    spec = load_spec()
    found = payload([row.info for row in TABLE])
    offered = [row for row in TABLE if not row.only_on or "discord" in row.only_on]
    assert [command["name"] for command in found] == ["paper", "paper-admin", "Save to reading list"]
    assert sum(len(command.get("options", ())) for command in found) == len(offered)  # none beyond the 25 of each
    for command in found:
        form = Form()
        check_command(form, (), command)
        form.refuse()
        assert size(command) <= 8000
    if spec is not None:
        assert not spec.request("PUT", "/applications/{application_id}/commands", found)


def size(item: dict[str, object]) -> int:
    """As Discord counts: names, descriptions and values, of a translation only the longest."""
    inner = [*item.get("options", ()), *item.get("choices", ())]  # type: ignore[misc]
    texts = [longest(item, "name"), longest(item, "description"), len(str(item.get("value", "")))]
    return sum(texts) + sum(map(size, inner))


def longest(item: dict[str, object], key: str) -> int:
    others: dict[str, str] = item.get(f"{key}_localizations") or {}  # type: ignore[assignment]
    return max(map(len, (str(item.get(key, "")), *others.values())))


def test_no_word_stands_twice_in_a_group_in_any_language() -> None:
    for command in payload([row.info for row in TABLE]):
        for level in ([command], command.get("options", ())):
            for language in ("", "de", "fr", "es"):
                words = [word_of(item, language) for item in level]
                assert len(words) == len({*words}), (command["name"], language)


def word_of(item: dict[str, Any], language: str) -> str:
    return str((item.get("name_localizations") or {}).get(language, item["name"]))


def test_two_of_one_word_do_not_cost_all_commands(caplog: pytest.LogCaptureFixture) -> None:
    names = ("next", "admin next", "next", *(f"c{n}" for n in range(30)))
    (paper, admin) = payload([CommandInfo(name, "x", moderators=name.startswith("admin")) for name in names])
    assert [option["name"] for option in admin["options"]] == ["next"]
    assert len(paper["options"]) == len({option["name"] for option in paper["options"]}) == 25
    assert "/paper next is not offered" in caplog.text


def test_translations_go_along() -> None:
    words = {"de": ("stimmen", "Ich möchte das lesen")}
    (paper, *_) = payload(
        [CommandInfo("vote", "I'd like this", (ParameterInfo("paper", "which"),), translations=words)]
    )
    (vote,) = paper["options"]
    assert vote["name_localizations"] == {"de": "stimmen"}
    assert vote["description_localizations"] == {"de": "Ich möchte das lesen"}


def test_commands_of_other_surfaces_are_not_offered() -> None:
    (paper,) = payload([CommandInfo("vote", "x"), CommandInfo("join", "x", only_on=("web",))])
    assert [option["name"] for option in paper["options"]] == ["vote"]


# --- the invitation


def test_the_link_asks_for_what_is_listed_and_no_more() -> None:
    manifest = invite(123)
    assert manifest.url.startswith("https://discord.com/oauth2/authorize?client_id=123&permissions=")
    assert f"permissions={manifest.bits}&" in manifest.url
    assert "scope=bot+applications.commands" in manifest.url
    assert not manifest.bits & (1 << BITS["administrator"] | 1 << BITS["mention_everyone"] | 1 << BITS["manage_guild"])


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda permission: permission.name)
def test_a_permission_has_its_bit_and_its_reason(permission: Permission) -> None:
    assert BITS[permission.name.lower().replace(" ", "_")] == permission.bit
    assert permission.reason.startswith("to ")


@pytest.mark.parametrize(
    ("token", "application"),
    [("MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y", 123456789012345678), ("", 0), ("nonsense", 0), ("!!.a.b", 0), ("eA.b.c", 0)],
)
def test_a_token_tells_its_application(token: str, application: int) -> None:
    assert application_of(token) == application


def test_without_one_the_link_says_what_to_fill_in() -> None:
    assert "client_id=YOUR_APPLICATION_ID" in invite(0).url


# --- the pace


async def test_an_idle_turn_waits_however_long_others_take_theirs() -> None:
    pacer, loop = Pacer(rate=5000), asyncio.get_running_loop()
    pacer.hold(0.01)
    idle, until = asyncio.create_task(pacer.idle_turn()), loop.time() + 1
    while loop.time() < until:
        pacer.hold(0.0006)
        await asyncio.sleep(0.0002)
    async with asyncio.timeout(1):
        await idle


async def test_a_turn_that_is_long_in_coming_is_refused() -> None:
    pacer = Pacer()
    pacer.hold(60)
    with pytest.raises(RateLimited) as caught:
        await pacer.turn()
    assert 59 < caught.value.retry_after <= 60


async def test_turns_come_evenly_and_idle_ones_last() -> None:
    pacer, loop = Pacer(rate=200), asyncio.get_running_loop()
    order: list[str] = []

    async def take(name: str, *, idle: bool = False) -> None:
        await (pacer.idle_turn() if idle else pacer.turn())
        order.append(name)

    began = loop.time()
    await asyncio.gather(take("a"), take("idle", idle=True), take("b"), take("c"), take("d"))
    assert order == ["a", "b", "c", "d", "idle"]
    assert loop.time() - began >= 4 / 200
