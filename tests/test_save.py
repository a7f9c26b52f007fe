"""A private reading list: what is kept on it, what becomes of it, and that nobody else sees it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions.saved import MOST_SAVED
from bot.cards import Button, Card, Reply
from bot.model import Saved
from tests.club import Person, Town, town
from tests.fakes.clock import read_time
from tests.fakes.source import ListedSource, paper
from tests.test_submit import FOUND, Library

LINK = "https://arxiv.org/abs/1706.03762"
BLOG = "https://example.org/post"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Town]:
    source = ListedSource()
    source.announce("2026-11-23", paper(1, upvotes=2), paper(2, upvotes=1))
    async with town(tmp_path, source=source, finders=[Library(FOUND)]) as readers:
        await readers.wait_until("2026-11-23 08:00")
        yield readers


@pytest.fixture
async def ann(club: Town) -> Person:
    return await club.member("Ann")


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def pressed(reply: Reply, label: str) -> Button:
    every = [*reply.choices, *(button for card in reply.cards for button in card.buttons)]
    return next(button for button in every if button.label == label)


def kept(reply: Reply) -> list[str]:
    of_list = [card for card in reply.cards if any(field.name == "On your reading list" for field in card.fields)]
    return [card.title for card in of_list]


async def test_a_link_is_kept_under_its_papers_title_and_joins_no_list(club: Town, ann: Person) -> None:
    reply = await ann.says(f"/paper save {LINK}")
    assert reply.text == (
        "“Attention Is All You Need” is on your reading list now. Only you see it; /paper mine shows it."
    )
    mine = await ann.says("/paper mine")
    assert mine.text == "1 to read. Only you see this."
    assert kept(mine) == ["Attention Is All You Need"]
    assert labels(mine.cards[0]) == ["Submit", "Remove"]
    assert "Attention" not in str(await ann.says("/paper search attention"))


async def test_nobody_else_sees_it(club: Town, ann: Person) -> None:
    await ann.says(f"/paper save {LINK}")
    ben = await club.member("Ben")
    for line in ("/paper mine", "/paper search attention", "/paper today", f"/paper unsave {LINK}"):
        assert "Attention Is All" not in str(await ben.says(line))


async def test_one_press_hands_it_in_and_it_stays_on_the_reading_list(ann: Person) -> None:
    await ann.says(f"/paper save {LINK}")
    reply = await ann.presses_button(pressed(await ann.says("/paper mine"), "Submit"))
    assert "“Attention Is All You Need” as no. 3" in reply.text
    mine = await ann.says("/paper mine")
    assert kept(mine) == ["Attention Is All You Need"]
    assert labels(mine.cards[0]) == ["Vote", "Claim", "Withdraw", "Remove"]


async def test_a_link_that_nobody_knows_is_kept_and_asks_for_its_title_when_it_is_handed_in(ann: Person) -> None:
    await ann.says(f"/paper save look at this: {BLOG}")
    mine = await ann.says("/paper mine")
    assert kept(mine) == [BLOG]
    reply = await ann.presses_button(pressed(mine, "Submit"))
    assert reply.text == f"I can't look up {BLOG}. Say it with its title: /paper submit link:{BLOG} title:…"


async def test_a_paper_of_the_list_is_kept_by_its_number(ann: Person) -> None:
    title = (await ann.says("/paper show 2")).cards[0].title
    assert labels((await ann.says("/paper save 2")).cards[0]) == ["Vote", "Claim", "Remove"]
    await ann.says("/paper vote 2")
    await ann.says("/paper claim 1")
    mine = await ann.says("/paper mine")
    assert mine.text == "1 to read, 1 claim and 1 vote. Only you see this."
    assert kept(mine) == [title], "what is to be read comes first"
    assert [field.value for card in mine.cards for field in card.fields if field.name == "You"] == ["voted", "claimed"]


async def test_saved_twice_is_kept_once_and_removed_by_a_press_or_a_word(ann: Person) -> None:
    await ann.says(f"/paper save {LINK}")
    assert "already" in (await ann.says(f"/paper save {LINK}")).text
    removed = await ann.presses_button(pressed(await ann.says("/paper mine"), "Remove"))
    assert removed.text == "“Attention Is All You Need” is off your reading list."
    assert (await ann.says("/paper mine")).text.startswith("Nothing is yours yet.")
    await ann.presses_button(pressed(removed, "Put it back"))
    assert (await ann.says("/paper unsave attention")).ok
    refused = await ann.says("/paper unsave attention")
    assert refused.text == "“attention” is not on your reading list. /paper mine shows it."


async def test_a_word_that_fits_several_asks_which_one(ann: Person) -> None:
    await ann.says(f"/paper save {BLOG}/one {BLOG}/two")
    asked = await ann.says("/paper unsave example")
    assert (asked.text, len(asked.choices)) == ("Which one?", 2)
    await ann.presses_button(asked.choices[0])
    assert len(kept(await ann.says("/paper mine"))) == 1


async def test_it_has_an_end(club: Town, ann: Person) -> None:
    at = read_time("2026-11-23 08:00")
    await ann.says("/paper save 1")
    member = await club.club.store.read(lambda rows: rows.people.member("readers", ann.account))
    assert member
    await club.club.store.write(
        lambda rows: [
            rows.saved.put("readers", member.id, Saved(f"url:{n}", f"No. {n}", BLOG, at)) for n in range(MOST_SAVED - 1)
        ]
    )
    refused = await ann.says("/paper save 2")
    assert refused.text == (
        f"Your reading list has room for {MOST_SAVED} papers. Take one off first: /paper mine shows them."
    )


async def test_a_long_key_has_a_name_that_a_button_can_carry() -> None:
    long = Saved(f"doi:10.1000/{'x' * 200}", "Long", BLOG, read_time("2026-11-23 08:00"))
    assert len(Button("Remove", "unsave", argument=("paper", long.name)).id.encode()) <= 100
