"""The group's life on Discord, with the real core: the day, its layouts, and what members do with a paper."""

import random
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.outbox import settle_all
from tests.discord_club import MONDAY, NINE, DiscordClub, discord_club, on_discord
from tests.fakes.discord import Channel, FakeDiscord, Message, Misbehaviour
from tests.fakes.source import paper

PAPERS = (paper(1, "Diffusion for Cats"), paper(2, "Attention for Dogs"), paper(3, "Diffusion for Fish"))


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DiscordClub]:
    async with discord_club(tmp_path) as club:
        club.source.announce("2026-11-23", *PAPERS)
        await club.wait_until(NINE)
        yield club
        assert club.discord.violations == []


def card(channel: Channel, title: str) -> Message:
    return next(message for message in channel.messages if title in message.text and len(message.buttons) > 1)


# --- the day


async def test_the_day_is_a_header_and_a_card_for_each_of_the_first_papers(club: DiscordClub) -> None:
    header, first, second = club.papers.messages
    assert "Papers for Monday 23 November" in header.text
    assert header.buttons == ["Show all 3"]
    assert first.text.startswith("1. Diffusion for Cats")
    assert first.buttons == ["Vote", "Claim", "Summary", "Pass", "Discuss"]
    assert second.text.startswith("2. Attention for Dogs")
    assert {who for message in club.papers.messages for who in message.pinged} == set()


async def test_the_rest_of_the_list_is_one_press_away(club: DiscordClub) -> None:
    answer = await club.ann.presses(club.papers.messages[0], "Show all")
    assert "Diffusion for Fish" in answer.text
    shown = await club.ann.chooses(answer, "Show one…", "3. Diffusion for Fish")
    assert shown.text.startswith("No. 3")
    assert "Vote" in shown.buttons[0]


async def test_the_day_in_a_thread_has_one_message_in_the_channel(tmp_path: Path) -> None:
    async with discord_club(tmp_path, layout="thread") as club:
        club.source.announce("2026-11-23", *PAPERS)
        await club.wait_until(NINE)
        (header,) = club.papers.messages
        assert header.thread
        assert header.thread.name == "Papers for Monday 23 November"
        assert [message.buttons[0] for message in header.thread.messages] == ["Vote", "Vote"]
        answer = await club.ann.presses(header.thread.messages[0], "Vote")
        assert "You voted for" in answer.text


async def test_the_day_in_a_forum_is_a_post(tmp_path: Path) -> None:
    async with discord_club(tmp_path, kind="forum", layout="thread") as club:
        club.source.announce("2026-11-23", *PAPERS)
        await club.wait_until(NINE)
        (post,) = club.papers.threads
        assert post.name == "Papers for Monday 23 November"
        assert len(post.messages) == 3


async def test_after_a_restart_nothing_is_posted_twice_and_old_buttons_work(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        async with on_discord(tmp_path, discord, papers) as club:
            club.source.announce("2026-11-23", *PAPERS)
            await club.wait_until(NINE)
        async with on_discord(tmp_path, discord, papers, now=NINE) as club:
            await club.wait_until("2026-11-23 08:30")
            answer = await club.ann.presses(card(papers, "Cats"), "Vote")
            assert "You voted for" in answer.text
        assert len(papers.messages) == 3


async def test_a_post_that_went_out_as_the_program_died_is_found_an_hour_later(tmp_path: Path) -> None:
    nine = datetime.fromisoformat(NINE).replace(tzinfo=UTC) - timedelta(seconds=time.monotonic())
    async with FakeDiscord(clock=lambda: nine + timedelta(seconds=time.monotonic())) as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        async with on_discord(tmp_path, discord, papers) as club:
            club.source.announce("2026-11-23", *PAPERS)
            discord.next("POST", r"/messages$", "lost")
            club.clock.move_to(NINE)
            await club.club.collector.catch_up()
            await club.club.schedule.tick()
            await club.club.outboxes[0].settle()
            assert len(papers.messages) == 1
        discord.moves(3600)
        async with on_discord(tmp_path, discord, papers, now="2026-11-23 09:00") as club:
            await club.wait_until("2026-11-23 09:01")
            await club.ann.presses(card(papers, "Cats"), "Vote")
        assert [message.text.split("\n")[0].partition(". 3 papers")[0] for message in papers.messages] == [
            "Papers for Monday 23 November",
            "1. Diffusion for Cats",
            "2. Attention for Dogs",
        ]


async def test_whatever_goes_wrong_every_post_comes_once_and_in_order(tmp_path: Path, rounds: int) -> None:
    async with FakeDiscord() as discord:
        guild = discord.add_guild("Readers")
        channels = [guild.add_channel(f"papers-{number}") for number in range(rounds)]
        async with on_discord(tmp_path, discord, *channels) as club:
            club.source.announce("2026-11-23", *PAPERS)
            discord.limits.off()
            rates: dict[Misbehaviour, float] = {"lost": 0.1, "reset": 0.05, "rate_limited": 0.1, "unavailable": 0.02}
            discord.mishaps(random.Random(13), rates, where="POST .*/messages$")
            await club.wait_until(NINE)
            while any(len(channel.messages) < 3 for channel in channels):
                club.clock.move(seconds=61)
                await settle_all(club.club.outboxes)
            assert {*discord.faults.met} == rates.keys()
        for channel in channels:
            assert [message.text.split("\n")[0].partition(". 3 papers")[0] for message in channel.messages] == [
                "Papers for Monday 23 November",
                "1. Diffusion for Cats",
                "2. Attention for Dogs",
            ]


# --- votes and claims


async def test_a_vote_shows_on_the_card_and_the_answer_is_private(club: DiscordClub) -> None:
    answer = await club.ann.presses(card(club.papers, "Cats"), "Vote")
    assert answer.is_private
    assert "You voted for “Diffusion for Cats” (1 vote)." in answer.text
    await club.settle()
    assert card(club.papers, "Cats").buttons[0] == "Vote 1"
    await club.ann.presses(card(club.papers, "Cats"), "Vote")
    await club.settle()
    assert card(club.papers, "Cats").buttons[0] == "Vote"


async def test_a_reaction_is_the_same_vote_as_the_button(club: DiscordClub) -> None:
    await club.ann.reacts(card(club.papers, "Cats"), "👍")
    answer = await club.ann.types(club.papers, "/paper vote", paper="1")
    assert "Your vote already stands" in answer.text
    await club.settle()
    assert card(club.papers, "Cats").buttons[0] == "Vote 1"


async def test_a_vote_that_is_taken_back_takes_the_reaction_along(club: DiscordClub) -> None:
    await club.ann.reacts(card(club.papers, "Cats"), "👍")
    await club.ann.types(club.papers, "/paper unvote", paper="1")
    await club.discord.until(lambda: "Ann" not in card(club.papers, "Cats").reactions.get("👍", ()))


async def test_a_claim_names_its_holder_to_all(club: DiscordClub) -> None:
    await club.ben.presses(card(club.papers, "Dogs"), "Claim")
    await club.settle()
    assert "Claimed by\nBen" in card(club.papers, "Dogs").text
    answer = await club.ann.presses(card(club.papers, "Dogs"), "Claim")
    assert "Ben has claimed" in answer.text
    assert answer.is_private


# --- finding


async def test_titles_are_offered_while_typing(club: DiscordClub) -> None:
    offered = await club.ann.completes(club.papers, "/paper show", paper="diff")
    assert any("Diffusion for Cats" in choice.name for choice in offered)
    answer = await club.ann.types(club.papers, "/paper show", paper=str(offered[0].value))
    assert "Diffusion" in answer.text


async def test_a_search_offers_what_it_found(club: DiscordClub) -> None:
    answer = await club.ann.types(club.papers, "/paper search", query="diffusion")
    assert "2 papers" in answer.text
    voted = await club.ann.chooses(answer, "Vote for one…", "Diffusion for Fish")
    assert "You voted for “Diffusion for Fish”" in voted.text


async def test_a_summary_is_deferred_and_comes(club: DiscordClub) -> None:
    answer = await club.ann.presses(card(club.papers, "Cats"), "Summary")
    assert answer.kind == "deferred"
    assert "learns faster" in answer.text


MENTION = re.compile(r"</([a-z-]+(?: [a-z-]+){1,2}):([0-9]+)>")


def registered(club: DiscordClub, name: str) -> set[str]:
    """All that can be typed of a command, as Discord has it."""
    command = club.discord.commands.named(name, 0, 1)
    assert command
    found = set()
    for option in command["options"]:
        inner = option["options"] if option["type"] == 2 else []
        found |= {f"{name} {option['name']} {one['name']}" for one in inner} or {f"{name} {option['name']}"}
    return found


async def test_what_help_tells_of_is_typed_by_one_press(club: DiscordClub) -> None:
    answer = await club.ann.types(club.papers, "/paper help")
    found = MENTION.findall(answer.text)
    assert [typed for typed, _ in found][-3:] == ["paper next", "paper meeting rsvp", "paper mine"]
    command = club.discord.commands.named("paper", 0, 1)
    assert command
    assert {id for _, id in found} == {command["id"]}
    assert "</paper vote:" + command["id"] + ">: I'd like us to read this" in answer.text
    assert " — `/paper vote 3`" in answer.text


async def test_help_tells_of_every_command_to_who_may_use_it(club: DiscordClub) -> None:
    member = await club.ann.types(club.papers, "/paper help", command="all")
    told = {typed for typed, _ in MENTION.findall(member.text)}
    assert told == registered(club, "paper")
    topic = await club.ann.presses(await club.ann.types(club.papers, "/paper help"), "The meeting")
    assert {typed for typed, _ in MENTION.findall(topic.text)} == {
        "paper next", *(one for one in told if one.startswith("paper meeting "))
    }  # fmt: skip
    moderator = await club.moderator.types(club.papers, "/paper-admin help")
    assert {typed for typed, _ in MENTION.findall(moderator.text)} == registered(club, "paper-admin")


async def test_where_no_group_meets_the_asker_is_told(club: DiscordClub) -> None:
    elsewhere = club.guild.add_channel("chatter")
    answer = await club.ann.types(elsewhere, "/paper today")
    assert answer.is_private
    assert answer.text


# --- talking


async def test_a_discussion_opens_under_the_card_and_the_button_leads_there(club: DiscordClub) -> None:
    await club.ann.presses(card(club.papers, "Cats"), "Discuss")
    await club.settle()
    shown = card(club.papers, "Cats")
    assert shown.thread
    assert "Diffusion for Cats" in shown.thread.name
    assert len(shown.thread.messages) == 1
    await club.settle()
    links = [item.get("url") for row in shown.components for item in row["components"]]
    assert f"https://discord.com/channels/{club.guild.id}/{shown.thread.id}" in links


async def test_who_is_no_moderator_can_set_nothing(club: DiscordClub) -> None:
    admin = club.discord.commands.named("paper-admin", 0, 1)
    assert admin
    assert admin["default_member_permissions"] == str(1 << 33)
    assert "moderator" not in str(await club.club.app.whoami("readers", f"discord:{club.ann.id}"))


async def test_an_empty_day_is_explained(tmp_path: Path) -> None:
    async with discord_club(tmp_path, now=MONDAY) as club:
        await club.wait_until(NINE)
        (message,) = club.papers.messages
        assert "No new papers" in message.text
        assert message.buttons == []
