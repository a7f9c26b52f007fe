"""What can't lead anywhere any more can't be pressed any more; and who presses an old message is told why."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Button, Card
from tests.meeting_club import OVER, RECAPPED, MeetingClub, meetings

AFTERWARDS = {"recap", "next", "summary", "discuss", "today"}  # no vote, no claim, nothing that a meeting waits for


def commands(card: Card) -> set[str]:
    return {button.command for button in card.buttons}


@pytest.fixture
async def met(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    """They have read the first paper."""
    async with meetings(tmp_path, roles=("critic",)) as club:
        await club.bob.says("/paper claim 1")
        await club.pick(1, 2)
        await club.to("2026-11-25 16:00")
        await club.to("2026-11-26 15:00")
        await club.to(OVER)
        await club.to(RECAPPED)
        await club.town.tick()
        yield club


async def test_after_the_meeting_no_message_has_a_button_that_means_nothing(met: MeetingClub) -> None:
    cards = await met.town.channel()
    assert {card.kind for card in cards} >= {"pick", "session", "ask", "paper"}
    read = "Sparse Attention Is Enough"
    for card in cards:
        is_other_paper = card.kind == "paper" and card.title != read
        assert is_other_paper or commands(card) <= AFTERWARDS, (card.kind, card.title, commands(card))


@pytest.mark.parametrize("command", ["vote", "claim"])
async def test_a_press_on_an_old_card_of_a_read_paper_says_when_it_was_read(met: MeetingClub, command: str) -> None:
    before = (await met.town.card("Sparse Attention")).entry
    said = await met.cid.presses_button(Button("Vote", command, before))
    assert not said.ok
    assert "The group read “Sparse Attention Is Enough” on Thursday 26 November" in said.text
    assert (await met.cid.says("/paper unvote 1")).ok, "what stands may be taken back"


async def test_the_emoji_is_no_vote_on_a_read_paper(met: MeetingClub) -> None:
    card = await met.town.card("Sparse Attention")
    assert not card.takes_emoji
    assert (await met.town.card("Tiny Verifiers")).takes_emoji
