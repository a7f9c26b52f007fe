"""The day as one message on Discord: its buttons, its emoji, its list, what it holds and what it does without."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.discord_club import NINE, DiscordClub, discord_club, on_discord
from tests.fakes.discord import FakeDiscord, texts
from tests.fakes.source import paper

PAPERS = tuple(paper(number, f"Paper {number}") for number in range(1, 21))
ONE, TWO, THREE, NINTH, TENTH = "1️⃣", "2️⃣", "3️⃣", "9️⃣", "🔟"
REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"
LATER = "2026-11-23 08:01"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DiscordClub]:
    async with discord_club(tmp_path, layout="digest", cards=3) as club:
        club.source.announce("2026-11-23", *PAPERS[:4])
        await club.wait_until(NINE)
        yield club
        assert club.discord.violations == []


async def invited(club: DiscordClub, *emoji: str) -> None:
    day = club.papers.messages[-1]
    await club.discord.until(lambda: all("Paperclub" in day.reactions.get(one, ()) for one in emoji))


async def counted(club: DiscordClub, *votes: int) -> None:
    """Waits until so many are counted for the first papers."""
    store = club.club.store
    while True:
        seen = store.commits
        entries = await store.read(lambda rows: rows.entries.entries("readers", date(2026, 11, 23)))
        if tuple(entry.votes for entry in entries[: len(votes)]) == votes:
            return
        await asyncio.wait_for(store.wait_for_commit(seen), 5)


async def test_the_day_is_one_message(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    assert day.text.split("\n")[:2] == [
        "Papers for Monday 23 November. 4 papers. The first 3 are here; Show all lists the rest.",
        "Papers for Monday 23 November",
    ]
    assert [embed["title"] for embed in day.embeds[1:]] == ["1. Paper 1", "2. Paper 2", "3. Paper 3"]
    assert day.embeds[1]["url"] == "https://arxiv.org/abs/2611.00001"
    assert day.buttons == ["Vote 1", "Vote 2", "Vote 3", "Show all 4"]
    assert day.selects == ["Open a paper…"]
    assert day.pinged == set()


async def test_a_vote_by_button_shows_on_it(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    answer = await club.ann.presses(day, "Vote 2")
    assert answer.is_private
    assert "You voted for “Paper 2”" in answer.text
    await club.settle()
    assert day.buttons[:3] == ["Vote 1", "Vote 2 · 1", "Vote 3"]
    await club.ann.presses(day, "Vote 2")
    await club.settle()
    assert day.buttons[:3] == ["Vote 1", "Vote 2", "Vote 3"]


async def test_its_emoji_stand_in_order_and_are_votes(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    await invited(club, ONE, TWO, THREE)
    assert list(day.reactions) == [ONE, TWO, THREE]
    await club.ann.reacts(day, THREE)
    await club.ben.reacts(day, THREE)
    await club.ann.reacts(day, "👍")
    await counted(club, 0, 0, 2)
    answer = await club.ann.types(club.papers, "/paper vote", paper="3")
    assert "Your vote already stands" in answer.text
    await club.settle()
    assert day.buttons[:3] == ["Vote 1", "Vote 2", "Vote 3 · 2"], "the bot's own never counts, and 👍 means no paper"
    await club.ann.unreacts(day, THREE)
    await club.ann.types(club.papers, "/paper unvote", paper="3")  # that she typed, too
    await club.settle()
    assert day.buttons[2] == "Vote 3 · 1"


async def test_a_vote_taken_back_by_button_takes_its_emoji_along(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    await club.ann.reacts(day, ONE)
    await club.ann.reacts(day, TWO)
    await counted(club, 1, 1)
    assert "your vote back" in (await club.ann.presses(day, "Vote 2")).text
    await club.discord.until(lambda: "Ann" not in day.reactions.get(TWO, ()))
    assert "Ann" in day.reactions[ONE]


async def test_a_paper_is_opened_from_the_list_with_all_its_buttons(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    card = await club.ann.chooses(day, "Open a paper…", "2. Paper 2")
    assert card.is_private
    assert card.buttons == ["Vote", "Claim", "Summary", "Pass", "Discuss"]
    await club.ann.presses(card, "Claim")
    await club.settle()
    assert "Claimed by\nAnn" in day.text


async def test_the_same_paper_can_be_opened_again(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    ids = []
    for _ in range(3):
        ids.append(texts.selects_of(day.components)[0]["custom_id"])
        card = await club.ann.chooses(day, "Open a paper…", "2. Paper 2")
        assert "Paper 2" in card.text
        await club.discord.until(lambda: texts.selects_of(day.components)[0]["custom_id"] != ids[-1])
    assert ids[0] == ids[2] != ids[1], "a client sends nothing when the same is chosen again in a menu of the same id"
    await club.ann.presses(day, "Vote 2")
    await club.settle()
    assert day.buttons[1] == "Vote 2 · 1"


async def test_late_papers_join_it_with_their_numbers_and_emoji(tmp_path: Path) -> None:
    async with discord_club(tmp_path, layout="digest", cards=5) as club:
        club.source.announce("2026-11-23", *PAPERS[:1])
        await club.wait_until(NINE)
        (day,) = club.papers.messages
        await invited(club, ONE)
        club.source.announce("2026-11-23", *PAPERS[1:2])
        await club.wait_until("2026-11-23 09:01")
        await club.wait_until("2026-11-23 10:02")
        assert [embed["title"] for embed in day.embeds[1:]] == ["1. Paper 1", "2. Paper 2"]
        await invited(club, ONE, TWO)
        assert list(day.reactions) == [ONE, TWO]
        await club.ann.reacts(day, TWO)
        await counted(club, 0, 1)
        club.clock.move(seconds=120)
        await club.settle()
        assert day.buttons[:2] == ["Vote 1", "Vote 2 · 1"]


async def test_more_than_eight_are_two_messages_and_the_second_is_silent(tmp_path: Path) -> None:
    async with discord_club(tmp_path, layout="digest", cards=11) as club:
        club.source.announce("2026-11-23", *PAPERS)
        await club.wait_until(NINE)
        first, second = club.papers.messages
        assert [len(message.embeds) for message in (first, second)] == [9, 4]
        assert [message.flags & 1 << 12 for message in (first, second)] == [0, 1 << 12]
        assert second.buttons == ["Vote 9", "Vote 10", "Vote 11"]
        await invited(club, NINTH, TENTH)
        assert list(second.reactions) == [NINTH, TENTH], "no emoji is an eleven"
        await club.ben.reacts(second, TENTH)
        await counted(club, *(0,) * 9, 1)
        await club.ann.presses(second, "Vote 11")
        await club.settle()
        assert second.buttons == ["Vote 9", "Vote 10 · 1", "Vote 11 · 1"]
        assert second.thread is None
        assert first.thread is None


async def test_reactions_while_it_was_down_are_votes_after_a_restart(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        async with on_discord(tmp_path, discord, papers, layout="digest", cards=3) as club:
            club.source.announce("2026-11-23", *PAPERS[:3])
            await club.wait_until(NINE)
            (day,) = papers.messages
            await invited(club, ONE, TWO, THREE)
            await club.ann.reacts(day, ONE)
            await counted(club, 1, 0, 0)
            await club.settle()
            assert day.buttons[0] == "Vote 1 · 1"
            ann, ben = club.ann, club.ben
        await ann.unreacts(day, ONE)
        await ben.reacts(day, THREE)
        async with on_discord(tmp_path, discord, papers, now=LATER, layout="digest", cards=3) as club:
            await counted(club, 0, 0, 1)
            await club.ann.presses(day, "Vote 2")
            await club.settle()
            assert day.buttons[:3] == ["Vote 1", "Vote 2 · 1", "Vote 3 · 1"]
        assert len(papers.messages) == 1


async def test_one_that_was_deleted_comes_again_with_its_emoji(club: DiscordClub) -> None:
    (day,) = club.papers.messages
    await invited(club, ONE, TWO, THREE)
    await club.ann.reacts(day, ONE)
    await counted(club, 1, 0, 0)
    club.guild.owner.deletes(day)
    await club.ben.types(club.papers, "/paper vote", paper="2")
    await club.settle()
    await club.settle()
    (again,) = club.papers.messages
    assert again.buttons[:3] == ["Vote 1 · 1", "Vote 2 · 1", "Vote 3"]
    await invited(club, ONE, TWO, THREE)


async def test_without_the_right_to_react_buttons_are_enough(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        papers.denies("add_reactions")
        async with on_discord(tmp_path, discord, papers, layout="digest", cards=3) as club:
            club.source.announce("2026-11-23", *PAPERS[:3])
            await club.wait_until(NINE)
            (day,) = papers.messages
            await club.ann.presses(day, "Vote 3")
            await club.settle()
            assert day.buttons[:3] == ["Vote 1", "Vote 2", "Vote 3 · 1"]
            assert day.reactions == {}
            assert len(discord.asked("PUT", f"{REACTION}/@me")) == 1, "asked once, and not again"
