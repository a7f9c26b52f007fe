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
from bot.ports import CommandInfo, ParameterInfo, Section
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
    assert [command["name"] for command in found] == ["paper", "paper-admin", "Save to reading list", "Submit paper"]
    (paper, admin, *_) = found
    assert leaves(paper) + leaves(admin) == [row.typed for row in offered], "none beyond what a level takes"
    for command in found:
        assert all(len(level) <= 25 for level in levels(command))
        form = Form()
        check_command(form, (), command)
        form.refuse()
        assert size(command) <= 8000
    if spec is not None:
        assert not spec.request("PUT", "/applications/{application_id}/commands", found)


def leaves(command: dict[str, Any]) -> list[str]:
    """As they are typed."""
    groups = [option for option in command["options"] if option["type"] == 2]
    inside = [(group, option) for group in groups for option in group["options"]]
    grouped = {option["name"]: f"/{command['name']} {group['name']} {option['name']}" for group, option in inside}
    top = [[option] if option["type"] == 1 else option["options"] for option in command["options"]]
    flat = [option["name"] for part in top for option in part]
    return [grouped.get(name, f"/{command['name']} {name}") for name in flat]


def levels(item: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Everything that is offered at one place: options, choices, and those within."""
    inner = [item.get("options") or [], item.get("choices") or []]
    return inner + [level for option in item.get("options") or () for level in levels(option)]


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
        for level in ([command], *levels(command)):
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


MEETING = Section("The meeting", "meeting", "who comes", {"de": ("treffen", "wer kommt")})


def test_commands_of_a_section_with_a_word_are_a_group() -> None:
    named = (("next", True), ("rsvp", False), ("help", True), ("ask", False))
    rows = [CommandInfo(name, "x", section=MEETING, everyday=everyday) for name, everyday in named]
    (paper,) = payload([CommandInfo("vote", "x"), *rows])
    assert [(option["name"], option["type"]) for option in paper["options"]] == [
        ("vote", 1),
        ("next", 1),
        ("meeting", 2),
        ("help", 1),
    ]
    group = paper["options"][2]
    assert (group["description"], group["name_localizations"]) == ("who comes", {"de": "treffen"})
    assert [option["name"] for option in group["options"]] == ["rsvp", "ask"]


def test_a_group_too_takes_no_word_twice_and_no_more_than_25(caplog: pytest.LogCaptureFixture) -> None:
    names = ("rsvp", "rsvp", *(f"c{n}" for n in range(30)))
    (paper,) = payload([CommandInfo(name, "x", section=MEETING) for name in names])
    assert len(paper["options"][0]["options"]) == 25
    assert "/paper meeting rsvp is not offered" in caplog.text
    many = [CommandInfo(f"c{n}", "x", section=Section("", f"s{n}", "about")) for n in range(30)]
    (paper,) = payload([*many, CommandInfo("s1", "x")])
    assert [option["type"] for option in paper["options"]] == [2] * 25


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
