"""An answer links to the messages that it names, as far as they stand where it is asked for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, Reply
from bot.errors import DeliveryError
from bot.model import WeekSettings
from bot.outbox import settle_all
from tests.club import BERLIN, Person, Town, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface
from tests.meeting_club import CLOSED, GATHERED, LISTED, RECAPPED, TITLES

HERE, THERE, WEB = "discord:1/2", "discord:1/3", "web:readers"
OPENED = "2026-11-20 16:00"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Town]:
    source, surfaces = ListedSource(), [RecordingSurface("discord"), RecordingSurface("web")]
    source.announce("2026-11-20", *(paper(n, title, upvotes=90 - n) for n, title in enumerate(TITLES, 1)))
    week = WeekSettings(session="thu 17:00", place="Room 2.01")
    group = replace(BERLIN, channels=(HERE, THERE, WEB), moderators=("discord:9",), week=week)
    async with town(tmp_path, group, now=LISTED, source=source, surfaces=surfaces) as readers:
        await readers.tick()
        yield readers


@pytest.fixture
def ann(club: Town) -> Person:
    return club.user("discord:7", "Ann", HERE)


async def ref(club: Town, kind: str, key: object, place: str = HERE) -> str:
    return await club.club.store.peek(lambda rows: rows.messages.shown_ref("readers", place, kind, str(key)))


async def session_id(club: Town) -> int:
    now = club.clock.now()
    return (await club.club.store.peek(lambda rows: rows.sessions.sessions("readers", now)))[0].id


async def comes_to(club: Town, now: str) -> None:
    await club.wait_until(now)
    await club.tick()


def only(reply: Reply) -> Card:
    assert len(reply.cards) == 1, reply
    return reply.cards[0]


@pytest.mark.parametrize("line", ["/paper search sparse", "/paper show 1", "/paper mine"])
async def test_a_paper_in_an_answer_leads_to_its_card_and_its_discussion(club: Town, ann: Person, line: str) -> None:
    await ann.says("/paper vote 1")
    card = only(await ann.says(line))
    assert (card.messages, card.discussion) == ((("Card", await ref(club, "paper", card.entry)),), "")
    await ann.says("/paper discuss 1")
    card = only(await ann.says(line))
    assert card.discussion == await ref(club, "discussion", card.entry) != ""


@pytest.mark.parametrize("place", [HERE, THERE, f"{THERE}/77"])
async def test_only_where_it_is_asked_for(club: Town, ann: Person, place: str) -> None:
    ann.place = place
    card = only(await ann.says("/paper search sparse"))
    channel = THERE if place.startswith(THERE) else HERE
    assert card.messages == (("Card", await ref(club, "paper", card.entry, channel)),)
    bob = await club.member("Bob")
    bob.place = WEB
    (link,) = only(await bob.says("/paper search sparse")).messages
    assert link == ("Card", await ref(club, "paper", card.entry, WEB))


async def test_a_card_that_never_stood_or_was_deleted_is_not_linked_to(club: Town, ann: Person) -> None:
    assert only(await ann.says("/paper search ranking")).messages == (), "only the first papers of a day have cards"
    card = only(await ann.says("/paper search sparse"))
    club.surface.fail_with += [DeliveryError("unknown message", gone=True), *(DeliveryError("away") for _ in range(4))]
    await ann.says("/paper vote 1")
    assert only(await ann.says("/paper search sparse")).messages == ()
    club.clock.move(seconds=120)
    await settle_all(club.club.outboxes)
    assert only(await ann.says("/paper search sparse")).messages == (("Card", await ref(club, "paper", card.entry)),)


async def test_the_next_meeting_leads_to_its_card_and_its_thread(club: Town, ann: Person) -> None:
    assert only(await ann.says("/paper next")).messages == (), "nothing stands of it yet"
    await comes_to(club, OPENED)
    meeting = await session_id(club)
    assert only(await ann.says("/paper next")).messages == (("Card", await ref(club, "pick", meeting)),)
    await ann.says("/paper vote 1")
    await comes_to(club, CLOSED)
    card = only(await ann.says("/paper next"))
    assert (card.messages, card.discussion) == ((("Card", await ref(club, "pick", meeting)),), "")
    await comes_to(club, GATHERED)
    assert only(await ann.says("/paper next")).discussion == await ref(club, "room", meeting) != ""


async def test_the_archive_leads_to_the_thread(club: Town, ann: Person) -> None:
    await ann.says("/paper vote 1")
    meeting = await session_id(club)
    for now in (CLOSED, GATHERED, RECAPPED):
        await comes_to(club, now)
    card = only(await ann.says("/paper meeting archive"))
    assert (card.messages[0], card.discussion) == (
        ("Card", await ref(club, "pick", meeting)),
        await ref(club, "room", meeting),
    )
    ann.place = THERE
    assert only(await ann.says("/paper meeting archive")).discussion == await ref(club, "room", meeting, THERE)


async def test_a_refusal_leads_to_the_meeting_that_it_is_about(club: Town, ann: Person) -> None:
    await ann.says("/paper vote 1")
    await comes_to(club, CLOSED)
    meeting = await session_id(club)
    mod = club.user("discord:9", "Mod", HERE)
    refused = await ann.says("/paper meeting present no")
    assert refused.text == "You don't present on Thursday 26 November; there is nothing to call off."
    assert refused.messages == (("Card", await ref(club, "pick", meeting)),)
    assert (await mod.says("/paper-admin pick 2")).messages == refused.messages, "and what is done, to where it shows"


async def test_the_list_and_the_status_lead_to_the_post(club: Town, ann: Person) -> None:
    post = await ref(club, "digest", "2026-11-20")
    assert post
    for line in ("/paper today", "/paper status"):
        assert (await ann.says(line)).messages == (("The post", post),)


async def test_a_discussion_that_is_open_is_led_to(club: Town, ann: Person) -> None:
    await ann.says("/paper discuss 1")
    said = await ann.says("/paper discuss 1")
    entry = only(await ann.says("/paper show 1")).entry
    assert said.messages == (
        ("Card", await ref(club, "paper", entry)),
        ("Discussion", await ref(club, "discussion", entry)),
    )
