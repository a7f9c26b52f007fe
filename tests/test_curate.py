"""The list to come, as moderators want it: put first, hidden, added; the ranking where nobody touches it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Card, Reply
from bot.day.curation import curated
from bot.languages import Reader
from bot.model import Curation, Listing, Member, Paper
from tests.club import Person, Town, town
from tests.fakes.clock import read_time
from tests.fakes.source import ListedSource, paper
from tests.test_submit import FOUND, Library

LINK = "https://arxiv.org/abs/1706.03762"
MONDAY, TUESDAY = "2026-11-23 08:00", "2026-11-24 08:00"


@pytest.fixture
def source() -> ListedSource:
    source = ListedSource()
    source.announce("2026-11-23", paper(1, upvotes=9))
    source.announce("2026-11-24", *(paper(n, upvotes=100 - n) for n in range(11, 16)))
    return source


@pytest.fixture
async def club(tmp_path: Path, source: ListedSource) -> AsyncIterator[Town]:
    async with town(tmp_path, source=source, finders=[Library(FOUND)]) as readers:
        await readers.wait_until(MONDAY)
        await readers.wait_until("2026-11-24 07:58")
        yield readers


@pytest.fixture
async def mod(club: Town) -> Person:
    return club.user("web:mod", "Mod", "web:readers", "moderator")


def titles(reply: Reply) -> list[str]:
    """Of the list to come, as a moderator sees them."""
    lines = next(card for card in reply.cards if card.title.startswith("The list of")).body.splitlines()
    return [line.partition(". ")[2] for line in lines]


async def posted(club: Town) -> list[Card]:
    await club.wait_until(TUESDAY)
    ann = await club.member("Ann")
    return list((await ann.says("/paper today")).cards)


async def test_a_paper_is_put_first_and_its_card_says_who_chose_it(club: Town, mod: Person) -> None:
    before = titles(await mod.says("/paper-admin curate"))
    reply = await mod.says("/paper-admin curate first:4")
    assert titles(reply) == [f"{before[3]} (chosen by Mod)", *before[:3], before[4]]
    cards = await posted(club)
    assert cards[0].title == before[3]
    assert [(f.name, f.value) for f in cards[0].fields if f.name == "Chosen by"] == [("Chosen by", "Mod")]
    assert not any(f.name == "Chosen by" for card in cards[1:] for f in card.fields)


async def test_what_is_hidden_comes_on_no_list_late_papers_included(
    club: Town, mod: Person, source: ListedSource
) -> None:
    before = titles(await mod.says("/paper-admin curate"))
    reply = await mod.says("/paper-admin curate hide:1")
    assert titles(reply) == before[1:]
    await posted(club)
    await club.wait_until("2026-11-24 12:00")
    shown = str((await (await club.member("Ann")).says("/paper today")).cards)
    assert before[0] not in shown
    assert before[1] in shown


async def test_a_paper_of_no_source_is_added_and_comes_first(club: Town, mod: Person) -> None:
    reply = await mod.says(f"/paper-admin curate add:{LINK}")
    assert titles(reply)[0] == "Attention Is All You Need (chosen by Mod)"
    cards = await posted(club)
    assert (cards[0].title, cards[0].number, cards[0].footer) == (
        "Attention Is All You Need",
        1,
        "added by a moderator",
    )


async def test_the_ranking_stands_where_nobody_touches_it(club: Town, mod: Person) -> None:
    before = titles(await mod.says("/paper-admin curate"))
    await mod.says("/paper-admin curate first:5")
    await mod.says("/paper-admin curate hide:2")
    await mod.says(f"/paper-admin curate leave:{before[4]}")
    await mod.says(f"/paper-admin curate leave:{before[0]}")
    assert titles(await mod.says("/paper-admin curate")) == before
    assert [card.title for card in await posted(club)] == before


async def test_each_step_is_in_the_log_and_can_be_undone(club: Town, mod: Person) -> None:
    before = titles(await mod.says("/paper-admin curate"))
    await mod.says("/paper-admin curate first:3")
    audit = (await mod.says("/paper-admin audit")).text
    assert f"Mod: put “{before[2]}” first on the list to come" in audit
    await mod.says("/paper-admin undo")
    assert titles(await mod.says("/paper-admin curate")) == before


async def test_a_press_in_the_preview_does_the_same(mod: Person) -> None:
    preview = await mod.says("/paper-admin preview")
    before = titles(preview)
    card = next(card for card in preview.cards if card.selects)
    select = next(one for one in card.selects if one.label == "Put first…")
    reply = await mod.chooses(select.label, select.choices[2].value, card=card)
    assert titles(reply)[0] == f"{before[2]} (chosen by Mod)"
    assert reply.replaces


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("first:9", "The list to come has numbers 1 to 5."),
        ("first:-1", "No title of the list to come holds “-1”."),
        ("hide:nothing like it", "No title of the list to come holds “nothing like it”."),
        ("add:no link", "There is no link in that."),
        ("add:https://example.org/unknown", "I can't look up https://example.org/unknown."),
        ("add:2611.00001", "is on a list already. /paper-admin drop takes it off the vote."),
        ("leave:something", "You chose no paper that is called “something”."),
    ],
)
async def test_what_can_not_be_is_told(mod: Person, line: str, told: str) -> None:
    reply = await mod.says(f"/paper-admin curate {line}")
    assert not reply.ok
    assert told in reply.text


async def test_only_moderators_curate(club: Town) -> None:
    ann = await club.member("Ann")
    assert (await ann.says("/paper-admin curate first:1")).text == "/paper-admin curate is for moderators."


MOD = Member(1, "Mod", "moderator")
AT = read_time("2026-11-23 08:00")


def listing(key: str) -> Listing:
    return Listing(Paper(key, key), AT.date(), "source", "")


@given(st.lists(st.integers(0, 12), unique=True), st.lists(st.integers(0, 20), unique=True))
def test_chosen_papers_come_first_and_the_others_keep_their_order(ranked: list[int], chosen: list[int]) -> None:
    curations = [Curation(str(n), "", MOD, AT) for n in chosen]
    found = curated([listing(str(n)) for n in ranked], curations, {}, AT.date(), Reader())
    keys = [int(item.paper.key) for item in found]
    there = [n for n in chosen if n in ranked]
    assert keys == [*there, *(n for n in ranked if n not in there)]
    assert [bool(item.chosen_by) for item in found] == [n in there for n in keys]
