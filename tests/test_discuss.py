"""A paper's discussion opens under its card, once; and a day's cards stand in a thread where a group wants that."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card
from bot.errors import DeliveryError
from bot.outbox import settle_all
from tests.club import BERLIN, Person, Town, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

HERE, THERE = "discord:1/2", "discord:1/3"
OPENS = "A thread for “Invented Paper Number 1” opens in a moment; its card then leads there."
IS_OPEN = "“Invented Paper Number 1” has its thread already."


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Town]:
    source, surfaces = ListedSource(), [RecordingSurface("discord"), RecordingSurface("web")]
    source.announce("2026-11-23", paper(1, upvotes=3), paper(2, upvotes=2), paper(3, upvotes=1))
    group = replace(BERLIN, channels=(HERE, THERE, "web:readers"))
    async with town(tmp_path, group, now="2026-11-23 08:00", source=source, surfaces=surfaces) as readers:
        await readers.tick()
        yield readers


@pytest.fixture
def ann(club: Town) -> Person:
    return club.user("discord:7", "Ann", HERE)


async def card_in(club: Town, place: str, title: str = "Number 1") -> Card:
    posted = await club.club.app.stream("readers", place, before=None, limit=99)
    return next(p.message.card for p in posted if p.message.card.kind == "paper" and title in p.message.card.title)


def discussions(club: Town) -> list[tuple[str, Card]]:
    return [(place, message.card) for place, message in club.surface.posts if message.card.kind == "discussion"]


async def test_a_press_opens_the_discussion_under_the_card_of_that_channel(club: Town, ann: Person) -> None:
    assert (await ann.presses("Discuss", await card_in(club, HERE))).text == OPENS
    ((place, card),) = discussions(club)
    assert (place, card.title, card.byline) == (HERE, "Invented Paper Number 1", "Ada Example, Bo Sample")
    assert card.body == "We propose method 1, which learns faster. Discuss it here."
    delivery = next(sent for sent in reversed(club.surface.deliveries) if sent.parent_ref)
    assert delivery.parent_ref == await shown(club, "paper")
    assert (await card_in(club, HERE)).discussion == await shown(club, "discussion")
    assert club.surface.edits[-1].card.discussion == await shown(club, "discussion")
    assert (await card_in(club, THERE)).discussion == ""


async def shown(club: Town, kind: str) -> str:
    entry = (await card_in(club, HERE)).entry
    return await club.club.store.peek(lambda rows: rows.messages.shown_ref("readers", HERE, kind, str(entry)))


async def test_it_opens_once_and_each_channel_has_its_own(club: Town, ann: Person) -> None:
    card = await card_in(club, HERE)
    await ann.presses("Discuss", card, request="twice")
    assert (await ann.presses("Discuss", card, request="twice")).text == IS_OPEN
    assert (await ann.says("/paper discuss 1")).text == IS_OPEN
    ann.place = f"{HERE}/99"
    assert (await ann.says("/paper discuss 1")).text == IS_OPEN, "a thread belongs to its channel"
    ann.place = THERE
    assert (await ann.says("/paper discuss 1")).text == OPENS
    assert [place for place, _ in discussions(club)] == [HERE, THERE]


async def test_one_that_was_deleted_comes_back_when_it_is_asked_for(club: Town, ann: Person) -> None:
    await ann.says("/paper discuss 1")
    before = await shown(club, "discussion")
    club.surface.fail_with = [DeliveryError("unknown message", gone=True)]
    await ann.says("/paper discuss 1")
    await settle_all(club.club.outboxes)
    assert len(discussions(club)) == 2
    assert (await card_in(club, HERE)).discussion == await shown(club, "discussion") != before


async def test_a_paper_without_a_card_can_be_discussed_too(club: Town, ann: Person) -> None:
    assert (await ann.says("/paper discuss 3")).ok
    assert discussions(club)[0][1].title == "Invented Paper Number 3"
    assert club.surface.deliveries[-1].parent_ref == ""


async def test_elsewhere_it_says_where_to_ask(club: Town, ann: Person) -> None:
    ann.place, ann.group = "discord:1/4", "readers"
    assert (await ann.says("/paper discuss 1")).text == "A discussion opens in a channel of the group; ask there."
    bob = await club.member("Bob")
    assert (await bob.says("/paper discuss 1")).text.startswith('There is no command "discuss".')


async def test_a_day_in_a_thread_has_its_cards_under_its_header(tmp_path: Path) -> None:
    source, surface = ListedSource(), RecordingSurface("discord")
    source.announce("2026-11-23", paper(1, upvotes=3))
    group = replace(BERLIN, channels=(HERE, THERE), day=replace(BERLIN.day, layout="thread"))
    async with town(tmp_path, group, now="2026-11-23 08:00", source=source, surfaces=[surface]) as readers:
        await readers.tick()
        source.announce("2026-11-23", paper(2))
        await readers.wait_until("2026-11-23 09:30")
        await readers.user("discord:7", "Ann", HERE).says("/paper submit link:10.1000/x title:Handed in")
        await readers.tick()
        headers = {
            place: await readers.club.store.peek(
                lambda rows: rows.messages.shown_ref("readers", place, "digest", "2026-11-23")
            )
            for place in (HERE, THERE)
        }
        cards = [sent for sent in surface.deliveries if not sent.ref and sent.parent_ref]
        assert {(sent.place, sent.parent_ref) for sent in cards} == set(headers.items())
        assert len(cards) == 6
