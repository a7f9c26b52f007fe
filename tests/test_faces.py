"""A press is answered by the card it was pressed on: it shows at once what came of it, and words are for what it does
not show."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model import WeekSettings
from tests.discord_club import NINE, DiscordClub, discord_club
from tests.fakes.discord import Answer, Message
from tests.fakes.source import paper

EDIT = "/channels/{channel_id}/messages/{message_id}"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DiscordClub]:
    async with discord_club(tmp_path, layout="channel") as club:
        club.source.announce("2026-11-23", paper(1, "Cats"), paper(2, "Dogs"))
        await club.wait_until(NINE)
        await club.settle()
        await club.ann.presses(card(club, "Dogs"), "Vote")  # the first one is told what it does
        await club.settle()
        yield club
        assert club.discord.violations == []


def card(club: DiscordClub, title: str) -> Message:
    return next(m for m in club.papers.messages if title in m.text and "Claim" in m.text + "".join(m.buttons))


def private(answer: Answer) -> list[str]:
    alone = [answer.message] if answer.message and answer.is_private else []
    return [message.text for message in (*alone, *answer.followups)]


async def test_a_vote_is_answered_by_its_card(club: DiscordClub) -> None:
    cats = card(club, "Cats")
    answer = await club.ann.presses(cats, "Vote")
    assert (answer.kind, private(answer)) == ("update", [])
    assert "Vote 1" in cats.buttons
    edits = len(club.discord.asked("PATCH", EDIT))
    await club.settle()
    assert len(club.discord.asked("PATCH", EDIT)) == edits + 1, "the outbox's own edit follows"


async def test_the_first_vote_says_what_it_does(club: DiscordClub) -> None:
    answer = await club.ben.presses(card(club, "Cats"), "Vote")
    (text,) = private(answer)
    assert text.startswith("You voted for “Cats” (1 vote). Votes decide what the group reads next.")
    await club.settle()
    assert "Vote 1" in card(club, "Cats").buttons


async def test_a_vote_taken_back_is_said_and_shown(club: DiscordClub) -> None:
    cats = card(club, "Cats")
    for _ in range(2):
        answer = await club.ann.presses(cats, "Vote")
    (text,) = private(answer)
    assert text.startswith("You took your vote back from “Cats”")
    await club.settle()
    assert "Vote" in cats.buttons


async def test_a_preview_that_came_late_is_put_right(club: DiscordClub) -> None:
    """Ann's press is shown; by a word she takes it back, and the card looks as it did when the outbox saw it last."""
    cats = card(club, "Cats")
    await club.ann.presses(cats, "Vote")
    await club.ann.types(club.papers, "/paper unvote", paper="1")
    await club.settle()
    assert "Vote" in cats.buttons


async def test_claim_and_pass_are_answered_by_the_card_too(club: DiscordClub) -> None:
    cats = card(club, "Cats")
    for label, shown in (("Claim", "Claimed"), ("Pass", "Pass 1")):
        answer = await club.ann.presses(cats, label)
        assert private(answer) == []
        assert shown in cats.buttons
    answer = await club.ann.presses(cats, "Claimed")
    assert private(answer) == ["You released “Cats”; anyone can claim it."]


async def test_a_private_card_is_answered_in_words(club: DiscordClub) -> None:
    opened = await club.ann.types(club.papers, "/paper show", paper="1")
    answer = await club.ann.presses(opened, "Vote")
    assert len(private(answer)) == 1


async def test_where_the_card_can_not_be_changed_the_member_is_told(club: DiscordClub) -> None:
    club.discord.next("POST", r"/callback$", "status", status=400)
    answer = await club.ann.presses(card(club, "Cats"), "Vote")
    (text,) = private(answer)
    assert text == "You voted for “Cats” (1 vote)."


async def test_the_last_of_a_budget_is_said_and_hidden_votes_are_too(tmp_path: Path) -> None:
    for folder, week in (("budget", WeekSettings(budget=2)), ("hidden", WeekSettings(hidden=True))):
        (tmp_path / folder).mkdir()
        async with discord_club(tmp_path / folder, layout="channel", week=week) as club:
            club.source.announce("2026-11-23", paper(1, "Cats"), paper(2, "Dogs"))
            await club.wait_until(NINE)
            await club.settle()
            await club.ann.presses(card(club, "Dogs"), "Vote")
            answer = await club.ann.presses(card(club, "Cats"), "Vote")
            assert private(answer)[0].startswith("You voted for “Cats”")
