"""What is offered while a member types: papers, dates, commands, names."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import GroupSettings
from tests.club import BERLIN, Town, town
from tests.fakes.source import ListedSource, paper

LONG = "A Very Long Title about Long Titles " * 5


@pytest.fixture(autouse=True)
async def _posted(readers: Town) -> None:
    readers.source.announce(
        "2026-11-23",
        paper(1, "Sparse Attention Is Enough", upvotes=9),
        paper(2, "Running Robots, Naïvely", upvotes=8),
        paper(3, LONG, upvotes=7),
    )
    readers.source.announce("2026-11-24", paper(4, "Tiny Verifiers", upvotes=3), paper(5, "Sparse Rewards", upvotes=2))
    await readers.wait_until("2026-11-23 08:00")
    await readers.wait_until("2026-11-24 08:00")


async def labels(readers: Town, typed: str) -> list[str]:
    return [label for label, _ in await readers.visitor().completes("vote", "paper", typed)]


async def test_with_nothing_typed_the_newest_list_comes_first_with_its_numbers(readers: Town) -> None:
    offered = await labels(readers, "")
    assert offered[:3] == ["1. Tiny Verifiers", "2. Sparse Rewards", "Sparse Attention Is Enough"]
    assert len(offered) == 5


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("verif", "1. Tiny Verifiers"),
        ("VERIFIER tin", "1. Tiny Verifiers"),
        ("sparse", "2. Sparse Rewards"),
        ("sparse att", "Sparse Attention Is Enough"),
        ("attentio", "Sparse Attention Is Enough"),
        ("runni", "Running Robots, Naïvely"),
        ("robot naive", "Running Robots, Naïvely"),
        ("robots naïv", "Running Robots, Naïvely"),
        ("2", "2. Sparse Rewards"),
        ("#2", "2. Sparse Rewards"),
        ("2611.00001", "Sparse Attention Is Enough"),
        ("arXiv:2611.0000", "1. Tiny Verifiers"),
        ("https://arxiv.org/abs/2611.00002v3", "Running Robots, Naïvely"),
    ],
)
async def test_what_was_typed_finds_its_paper(readers: Town, typed: str, first: str) -> None:
    assert (await labels(readers, typed))[0] == first


@pytest.mark.parametrize(
    "typed", ["attenuation", "att sparse is zzz", "zz", "…", '"', "AND", "naive robots runs fast", "%"]
)
async def test_what_fits_nothing_offers_nothing(readers: Town, typed: str) -> None:
    assert await labels(readers, typed) == []


async def test_what_is_offered_can_be_chosen(readers: Town) -> None:
    ((label, value),) = await readers.visitor().completes("show", "paper", "long titl")
    assert len(label) <= 100
    assert label.endswith("…")
    reply = await readers.visitor().says("/paper show", paper=value)
    assert reply.cards[0].title == LONG.strip()


async def test_dates_of_lists_are_offered_as_they_are_said(readers: Town) -> None:
    visitor = readers.visitor()
    monday, tuesday = ("Monday 23 November", "2026-11-23"), ("Tuesday 24 November", "2026-11-24")
    assert await visitor.completes("today", "date") == [tuesday, monday]
    assert await visitor.completes("today", "date", "mon") == [monday]
    assert await visitor.completes("today", "date", "2026-11-24") == [tuesday]


async def test_commands_are_offered_to_who_asks_for_help(readers: Town) -> None:
    offered = await readers.visitor().completes("help", "command", "vote")
    assert [value for _, value in offered] == ["vote", "unvote"]
    for spelling in ("rsv", "meeting rsv", "/paper meeting rsvp"):
        ((label, value),) = await readers.visitor().completes("help", "command", spelling)
        assert (label.partition(":")[0], value) == ("/paper meeting rsvp", "rsvp")
    ones_own = await readers.visitor().completes("help", "command", "my ")
    assert {"rota", "link"} <= {value for _, value in ones_own}
    assert ones_own[0] == ("Your own", "my"), "a topic"
    assert all(label.startswith("/paper my ") for label, _ in ones_own[1:])
    everything = await readers.visitor().completes("help", "command")
    assert "discuss" not in [value for _, value in everything], "not on the web"
    assert len(everything) <= 25


@pytest.mark.parametrize(("command", "parameter"), [("vote", "date"), ("nonsense", "paper"), ("search", "query")])
async def test_where_nothing_is_known_nothing_is_offered(readers: Town, command: str, parameter: str) -> None:
    assert await readers.visitor().completes(command, parameter, "s") == []


async def test_nothing_is_offered_where_no_group_meets_or_another_surface_is_meant(readers: Town) -> None:
    assert await readers.user("discord:7", "Ann", "discord:1/9").completes("vote", "paper") == []
    assert await readers.visitor().completes("discuss", "paper") == []


async def test_members_are_offered_to_moderators_only(readers: Town) -> None:
    await readers.member("Ann")
    visitor = readers.visitor()
    assert await visitor.completes("assign", "member") == []
    visitor.roles = frozenset({"moderator"})
    assert await visitor.completes("assign", "member", "a") == [("Ann", "Ann")]


async def test_one_group_is_not_offered_what_another_has(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    source = ListedSource()
    source.announce("2026-11-23", paper(1, "Sparse Attention"))
    other = GroupSettings(id="others", day=replace(BERLIN.day, on="fri"))
    async with town(tmp_path / "two", BERLIN, other, now="2026-11-23 08:00", source=source) as both:
        await both.tick()
        assert len(await both.visitor().completes("vote", "paper")) == 1
        assert await both.visitor("others").completes("vote", "paper", "sparse") == []
        assert await both.visitor("nowhere").completes("vote", "paper", "sparse") == []


async def test_a_database_in_trouble_offers_nothing(readers: Town, caplog: pytest.LogCaptureFixture) -> None:
    await readers.club.store.close()
    assert await readers.visitor().completes("vote", "paper") == []
    assert "The database is closed" in caplog.text
