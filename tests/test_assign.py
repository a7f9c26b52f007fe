"""A moderator gives a paper to somebody who is still there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import DeliveryError
from tests.club import BERLIN, Person, Town, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

HERE = "discord:1/2"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Town]:
    source, surfaces = ListedSource(), [RecordingSurface("discord"), RecordingSurface("web")]
    source.announce("2026-11-23", paper(1, upvotes=3), paper(2, upvotes=2))
    group = replace(BERLIN, channels=(HERE, "web:readers"))
    async with town(tmp_path, group, now="2026-11-23 08:00", source=source, surfaces=surfaces) as readers:
        await readers.tick()
        yield readers


@pytest.fixture
def mod(club: Town) -> Person:
    return club.user("discord:1", "Mod", HERE, "moderator")


async def claimer(club: Town, title: str = "Number 1") -> str:
    fields = {field.name: field.value for field in (await club.card(title)).fields}
    return fields.get("Claimed by", "")


async def test_a_member_is_picked_by_account_or_by_name(club: Town, mod: Person) -> None:
    await club.user("discord:7", "Ann", HERE).says("/paper vote 1")
    reply = await mod.says("/paper-admin assign", paper="1", member="discord:7")
    assert reply.text == "Ann presents “Invented Paper Number 1”."
    asked = await mod.says("/paper-admin assign paper:2 member:an")
    assert (asked.ok, asked.text) == (False, 'Did you mean this one by "an"?')
    assert await claimer(club, "Number 2") == ""
    assert (await mod.presses_button(asked.choices[0])).text == "Ann presents “Invented Paper Number 2”."
    assert await claimer(club) == await claimer(club, "Number 2") == "Ann"


async def test_whoever_held_it_is_replaced_and_the_log_remembers(club: Town, mod: Person) -> None:
    ann, bob = club.user("discord:7", "Ann", HERE), club.user("discord:8", "Bob", HERE)
    await bob.says("/paper vote 2")
    await ann.says("/paper claim 1")
    reply = await mod.says("/paper-admin assign paper:1 member:Bob")
    assert reply.text == "Bob presents “Invented Paper Number 1” instead of Ann."
    step, *_ = await club.club.store.read(lambda rows: rows.audit.steps("readers", 5))
    assert (step.action, step.by, step.before, step.after) == ("assign", "Mod", "Ann", "Bob")
    assert (await mod.says("/paper-admin assign paper:1 member:Bob")).text == "Bob presents “Invented Paper Number 1”."
    assert len(await club.club.store.read(lambda rows: rows.audit.steps("readers", 5))) == 1
    assert (await mod.says("/paper-admin undo")).ok
    assert await claimer(club) == "Ann"


async def test_who_never_spoke_to_us_is_enrolled_under_the_platforms_name(club: Town, mod: Person) -> None:
    asked = {"paper": "1", "member": "discord:9"}
    assert "does not know them yet" in (await mod.says("/paper-admin assign", **asked)).text
    reply = await mod.says("/paper-admin assign", **asked, member_name="Cem")
    assert reply.text == "Cem presents “Invented Paper Number 1”."
    assert await club.club.app.whoami("readers", "discord:9")


async def test_who_has_left_is_not_assigned_anything(club: Town, mod: Person) -> None:
    await club.user("discord:7", "Ann", HERE).says("/paper vote 1")
    club.surface.left = {"discord:7", "discord:9"}
    for who in ("discord:7", "Ann"):
        reply = await mod.says("/paper-admin assign", paper="1", member=who)
        assert (reply.ok, reply.text) == (False, "Ann has left; nothing was assigned.")
    await mod.says("/paper-admin assign", paper="1", member="discord:9", member_name="Cem")
    assert await club.club.app.whoami("readers", "discord:9") is None, "nobody is enrolled who is not there"
    assert await claimer(club) == ""


async def test_when_the_platform_does_not_say_nothing_is_assigned(
    club: Town, mod: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> bool:
        raise DeliveryError("Discord does not answer")

    monkeypatch.setattr(club.surface, "is_here", silent)
    reply = await mod.says("/paper-admin assign", paper="1", member="discord:7", member_name="Ann")
    assert "Discord does not answer" in reply.text
    assert "nothing was assigned" in reply.text


async def test_a_name_that_fits_nobody_or_several_is_asked_again(club: Town, mod: Person) -> None:
    for number, name in enumerate(("Ann", "Anna"), 7):
        await club.user(f"discord:{number}", name, HERE).says("/paper vote 1")
    asked = await mod.says("/paper-admin assign paper:1 member:an")
    assert [choice.label for choice in asked.choices] == ["Ann", "Anna"]
    assert (await mod.says("/paper-admin assign paper:1 member:ann")).ok, "just this name"
    assert (await mod.says("/paper-admin assign paper:1 member:Zoe")).text.startswith('Nobody here is called "Zoe".')


async def test_only_moderators_assign(club: Town) -> None:
    ann = club.user("discord:7", "Ann", HERE)
    assert (await ann.says("/paper-admin assign paper:1 member:Ann")).text.endswith("is for moderators.")
    assert await claimer(club) == ""


async def test_a_member_of_the_web_is_always_there(club: Town, mod: Person) -> None:
    await club.member("Bob")
    assert (await mod.says("/paper-admin assign paper:1 member:Bob")).ok
