"""The ballot on the short list: in private, saved at every press, typed by number, and closed with the vote."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Reply
from bot.commands.meeting.ballot import read_ranking, with_choice, without
from bot.errors import UserError
from tests.club import Person
from tests.meeting_club import CLOSED, OPENED, SHORTLISTED, MeetingClub, labels, meetings

LIST = (7, 5, 9)


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    """A short list of three: Tiny Verifiers, Sparse Attention, What Diffusion Forgets."""
    async with meetings(tmp_path, rule="schulze", shortlist=3) as club:
        await club.vote(2, 1, 3)
        await club.to(OPENED)
        await club.to(SHORTLISTED)
        yield club


async def filled(club: MeetingClub, who: Person, *titles: str) -> Reply:
    reply = await who.presses("Fill in", await club.card("ballot"))
    for title in titles:
        reply = await who.presses(title, reply.cards[0])
    return reply


# --- pressing


async def test_the_short_list_stands_in_the_channel_with_one_button(club: MeetingClub) -> None:
    card = await club.card("ballot")
    assert card.title == "Ballot for Thursday 26 November"
    assert [field.name for field in card.fields] == [
        "1. Tiny Verifiers",
        "2. Sparse Attention Is Enough",
        "3. What Diffusion Forgets",
        "When",
        "Where",
    ]
    assert labels(card) == ["Fill in my ballot", "Join"]
    assert card.footer == "No ballot so far; /paper meeting ballot 2, 1 says it by number"
    assert len(await club.cards("ballot")) == 1, "the card of the nominations became it"


async def test_papers_are_pressed_in_their_order_and_out_again(club: MeetingClub) -> None:
    opened = await filled(club, club.ann)
    assert opened.text == "Nothing is chosen yet. You can change it until Sunday 22 November, 17:00 CET."
    assert opened.replaces
    one = await filled(club, club.ann, "What Diffusion", "Tiny")
    assert one.text.startswith("Saved: 1. “What Diffusion Forgets”, 2. “Tiny Verifiers”.")
    assert labels(one.cards[0]) == [
        "1. What Diffusion Forgets",
        "2. Tiny Verifiers",
        "Sparse Attention Is Enough",
        "Start over",
    ]
    out = await club.ann.presses("1. What", one.cards[0])
    assert out.text.startswith("Saved: “Tiny Verifiers”.")
    assert labels(out.cards[0])[0] == "1. Tiny Verifiers"
    assert (await club.ann.presses("Start over", out.cards[0])).text.startswith("Nothing is chosen yet.")
    assert "No ballot so far" in (await club.card("ballot")).footer


async def test_a_press_that_comes_twice_counts_once(club: MeetingClub) -> None:
    opened = await filled(club, club.ann)
    for _ in range(3):
        reply = await club.ann.presses("Tiny", opened.cards[0], request="the-same")
        assert reply.text.startswith("Saved: “Tiny Verifiers”.")


async def test_a_ballot_is_private_and_only_their_number_is_told(club: MeetingClub) -> None:
    await filled(club, club.ann, "Tiny")
    await filled(club, club.bob, "Sparse")
    assert "2 ballots so far" in (await club.card("ballot")).footer
    assert (await club.bob.says("/paper meeting ballot")).text.startswith("Saved: “Sparse Attention Is Enough”.")


# --- typing


async def test_a_typed_ballot_goes_by_the_numbers_of_the_list(club: MeetingClub) -> None:
    reply = await club.ann.says("/paper meeting ballot 3, 1 = 2")
    assert reply.text.startswith(
        "Saved: 1. “What Diffusion Forgets”, 2. “Tiny Verifiers” and “Sparse Attention Is Enough”."
    )
    assert labels(reply.cards[0])[:3] == [
        "1. What Diffusion Forgets",
        "2. Tiny Verifiers",
        "2. Sparse Attention Is Enough",
    ]


def test_a_ranking_is_read_with_commas_and_equals() -> None:
    assert read_ranking("2, 1,3", LIST, is_ranked=True) == ((5,), (7,), (9,))
    assert read_ranking("2=1 > 3", LIST, is_ranked=True) == ((5, 7), (9,))
    assert read_ranking("#2; 1.", LIST, is_ranked=True) == ((5,), (7,))
    assert read_ranking("3, 1", LIST, is_ranked=False) == ((9, 7),)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("4", '"4" is no number of the short list, which has 1 to 3'),
        ("0", '"0" is no number'),
        ("two", '"two" is no number'),
        ("1,,x", '"x" is no number'),
        ("1=", '"" is no number'),
        ("1, 2, 1", "Number 1 stands there twice"),
    ],
)
def test_a_wrong_ranking_says_what_is_wrong(typed: str, fault: str) -> None:
    with pytest.raises(UserError, match=fault):
        read_ranking(typed, LIST, is_ranked=True)


def test_a_paper_is_chosen_and_taken_out_in_an_order_and_in_a_set() -> None:
    assert without(((5,), (7, 9)), 7) == ((5,), (9,))
    assert with_choice(((5,),), 7, is_ranked=True) == ((5,), (7,))
    assert with_choice((), 7, is_ranked=True) == ((7,),)
    assert with_choice(((5, 9),), 7, is_ranked=False) == ((5, 9, 7),)
    assert without(((5,),), 5) == ()


def test_a_paper_that_is_chosen_again_stays_where_it_is() -> None:
    assert with_choice(((5,), (7, 9)), 7, is_ranked=True) == ((5,), (7, 9))
    assert without(((5,),), 7) == ((5,),)


async def test_a_wrong_ballot_leaves_the_old_one(club: MeetingClub) -> None:
    await club.ann.says("/paper meeting ballot 1")
    assert not (await club.ann.says("/paper meeting ballot 9")).ok
    assert not (await club.ann.says("/paper meeting ballot", choose="999")).ok
    assert (await club.ann.says("/paper meeting ballot")).text.startswith("Saved: “Tiny Verifiers”.")


# --- no ballot open


async def test_a_group_that_counts_votes_has_no_ballots(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        reply = await club.ann.says("/paper meeting ballot 1")
        assert (reply.ok, reply.text) == (
            False,
            "This group has no ballots: the votes on the papers count. /paper next tells how they stand.",
        )


async def test_before_the_short_list_one_hears_when_it_is_made(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="approval") as club:
        await club.to(OPENED)
        reply = await club.ann.says("/paper meeting ballot")
        assert reply.text == (
            "The short list for Thursday 26 November is made on Saturday 21 November, 17:00 CET, out of what has "
            "votes by then: /paper vote takes part."
        )
        assert (await club.card("ballot")).body.startswith(
            "Vote until Saturday 21 November, 17:00 CET; the first 5 go on a ballot, which is open until Sunday 22"
        )


async def test_where_nothing_was_nominated_in_time_the_votes_are_counted(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="irv") as club:
        await club.to(OPENED)
        await club.to(SHORTLISTED)
        await club.vote(1)
        assert (await club.card("ballot")).body.startswith(
            "Vote until Sunday 22 November, 17:00 CET; then the paper that comes first is picked"
        )
        await club.to(CLOSED)
        assert (await club.card("pick")).title == "Thursday 26 November: Sparse Attention Is Enough"


async def test_a_closed_ballot_says_what_came_of_it(club: MeetingClub) -> None:
    opened = await filled(club, club.ann, "Sparse")
    await club.to(CLOSED)
    for late in (await club.ann.presses("Tiny", opened.cards[0]), await club.ann.says("/paper meeting ballot 1")):
        assert (late.ok, late.text) == (
            False,
            "The ballot for Thursday 26 November is closed. “Sparse Attention Is Enough” is picked.",
        )
    assert not await club.cards("ballot")
    assert (await club.card("pick")).title == "Thursday 26 November: Sparse Attention Is Enough"


async def test_approving_is_pressing_as_many_as_one_likes(tmp_path: Path) -> None:
    async with meetings(tmp_path, rule="approval", shortlist=3) as club:
        await club.vote(2, 1, 3)
        await club.to(OPENED)
        await club.to(SHORTLISTED)
        assert (await club.card("ballot")).body.startswith("Choose as many as you like.")
        reply = await filled(club, club.ann, "What", "Tiny")
        assert reply.text.startswith("Saved: “What Diffusion Forgets” and “Tiny Verifiers”.")
        assert labels(reply.cards[0]) == [
            "✓ What Diffusion Forgets",
            "✓ Tiny Verifiers",
            "Sparse Attention Is Enough",
            "Start over",
        ]
