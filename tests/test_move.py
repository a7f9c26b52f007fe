"""A group moves to another channel of its server, with all that it has; from wherever a moderator types it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Reply
from bot.model import GroupSettings
from bot.outbox import settle_all
from tests.club import Person, Town
from tests.test_admin_setup import FOREIGN, OTHER, PAPERS, moderator, server

LOBBY = "discord:1/9"


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[Town]:
    """A group that was made in PAPERS and had its Monday's post."""
    async with server(tmp_path) as here:
        mo = looking_after(here)
        await mo.says("/paper-admin setup timezone:Europe/Berlin cards:2 layout:channel")
        await mo.says("/paper-admin start")
        await mo.says("/paper-admin schedule thu 17:00")
        await here.wait_until("2026-11-23 08:00")
        yield here


def looking_after(here: Town, place: str = PAPERS) -> Person:
    """Of the whole server, not of a channel alone."""
    return replace(moderator(here, place), roles=frozenset({"moderator", "server_moderator"}))


async def agree(mo: Person, asked: Reply) -> Reply:
    (button,) = asked.choices
    return await mo.presses_button(button)


async def go(mo: Person, line: str) -> Reply:
    return await agree(mo, await mo.says(line))


def channels(here: Town) -> tuple[str, ...]:
    return here.club.groups.by_id["discord-5"].channels


async def test_a_group_moves_with_its_votes_and_is_posted_anew(discord: Town) -> None:
    ann = discord.user("discord:ann", "Ann", PAPERS)
    assert (await ann.says("/paper vote 1")).ok
    asked = await looking_after(discord, LOBBY).says("/paper-admin move")
    assert "from discord:1/5 to discord:1/9, with its votes" in asked.text
    assert channels(discord) == (PAPERS,)
    before = len(discord.surface.posts)
    moved = await agree(looking_after(discord, LOBBY), asked)
    assert moved.text.endswith("meets in discord:1/9 now; discord:1/5 is free.")
    await settle_all(discord.club.outboxes)
    assert channels(discord) == (LOBBY,)
    assert [place for place, _ in discord.surface.posts[before:]] == [LOBBY] * 3
    assert "Vote 1" in [b.label for b in discord.surface.posts[-2][1].card.buttons]
    there = discord.user("discord:ann", "Ann", LOBBY)
    assert (await there.says("/paper mine")).text != ""
    await discord.wait_until("2026-11-24 08:00")
    assert discord.surface.posts[-1][0] == LOBBY


async def test_moving_back_takes_it_back_and_posts_nothing_twice(discord: Town) -> None:
    await go(looking_after(discord, LOBBY), "/paper-admin move")
    await settle_all(discord.club.outboxes)
    before = len(discord.surface.posts)
    await go(looking_after(discord, PAPERS), "/paper-admin move")
    await settle_all(discord.club.outboxes)
    assert channels(discord) == (PAPERS,)
    assert len(discord.surface.posts) == before


async def test_a_move_is_in_the_log_and_can_be_undone(discord: Town) -> None:
    await go(looking_after(discord, LOBBY), "/paper-admin move")
    assert "channel" in (await looking_after(discord, LOBBY).says("/paper-admin audit")).text.lower()
    await looking_after(discord, LOBBY).says("/paper-admin undo")
    assert channels(discord) == (PAPERS,)


async def test_the_place_that_it_left_is_free_for_another_group(discord: Town) -> None:
    await go(looking_after(discord, LOBBY), "/paper-admin move")
    panel = await looking_after(discord).says("/paper-admin setup")
    assert panel.cards[0].title.startswith("Setting up")
    assert "discord-5-2" in discord.club.groups.by_id


async def test_of_several_groups_the_moderator_is_asked_which(discord: Town) -> None:
    other = looking_after(discord, OTHER)
    await other.says("/paper-admin setup timezone:Europe/Berlin")
    await other.says("/paper-admin start")
    refused = await looking_after(discord, LOBBY).says("/paper-admin move")
    assert (refused.ok, refused.text[:12]) == (False, "Which group?")
    await go(looking_after(discord, LOBBY), "/paper-admin move group:discord-5")
    assert channels(discord) == (LOBBY,)


async def test_who_looks_after_a_channel_alone_moves_no_other_group(discord: Town) -> None:
    refused = await moderator(discord, LOBBY).says("/paper-admin move group:discord-5")
    assert (refused.ok, refused.text) == (False, "/paper-admin move is for moderators.")
    elsewhere = await looking_after(discord, FOREIGN).says("/paper-admin move group:discord-5")
    assert not elsewhere.ok
    assert channels(discord) == (PAPERS,)


async def test_a_channel_of_the_configuration_is_moved_there(tmp_path: Path) -> None:
    bound = GroupSettings(id="readers", name="Readers", channels=(PAPERS,), moderators=("discord:mo",))
    async with server(tmp_path, bound) as here:
        refused = await looking_after(here, LOBBY).says("/paper-admin move")
        assert refused.text == (
            'The configuration file says where this group meets. There, under [[groups]] with id = "readers", write '
            '"discord:1/9" instead of "discord:1/5" in channels, and start Paperclub again: votes, claims and archive '
            "come along."
        )
