"""Posts and edits on Discord: where they go, that they come once, what a refusal means."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from adapters.chat.discord import rest
from adapters.chat.discord.outbound import delivery
from adapters.chat.discord.surface import Discord
from bot.cards import Button, Card, Message
from bot.errors import DeliveryError
from bot.model import Emoji
from bot.ports import Delivery
from tests.discord_club import connected, make_surface, place_of
from tests.fakes.core import FakeCore
from tests.fakes.discord import Channel, FakeDiscord, Guild
from tests.fakes.discord.sdk import discord_py_at

HEADER = Message(
    "",
    Card(
        "digest",
        "Papers for Monday 23 November",
        body="9 papers.",
        buttons=(Button("Show all 9", "today", on=date(2026, 11, 23)),),
    ),
)
DISCUSS = Button("Discuss", "discuss", 7)


def card(entry: int = 7, title: str = "Sparse Attention") -> Message:
    return Message("", Card("paper", title, buttons=(Button("Vote", "vote", entry), DISCUSS), entry=entry))


TALK = Message("", Card("discussion", "Sparse Attention", body="What do you think?", entry=7))
MESSAGES = "/channels/{channel_id}/messages"


class Desk:
    """Posts and edits by hand, as the outbox would."""

    def __init__(self, discord: FakeDiscord, guild: Guild, surface: Discord) -> None:
        self.discord = discord
        self.guild = guild
        self.surface = surface
        self.papers = guild.add_channel("papers")
        self.numbers = 0
        self.began = discord.clock()

    async def post(
        self, message: Message, channel: Channel | None = None, *, under: str = "", again: bool = False, number: int = 0
    ) -> str:
        """`again` is another attempt at the last one, or at that with the `number`, all of them wanted since now."""
        self.numbers = number or self.numbers + (not again)
        delivery = Delivery(
            self.numbers,
            place_of(channel or self.papers),
            f"{self.numbers}.1",
            parent_ref=under,
            again=again,
            since=self.began,
        )
        return await self.surface.post(delivery, message)

    async def edit(self, ref: str, message: Message, channel: Channel | None = None, *, under: str = "") -> None:
        place = place_of(channel or self.papers)
        await self.surface.edit(Delivery(1, place, "1.1", ref=ref, parent_ref=under), message)

    async def fails(self, message: Message, channel: Channel | None = None) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await self.post(message, channel)
        return caught.value

    async def fails_to_edit(self, ref: str, message: Message) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await self.edit(ref, message)
        return caught.value


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeDiscord() as discord:
        guild = discord.add_guild("Readers")
        async with connected(discord, FakeCore()) as connection:
            yield Desk(discord, guild, connection.surface)
        assert discord.violations == []


@pytest.fixture
async def offline() -> AsyncIterator[Desk]:
    """Nobody runs the surface, as for `paperclub today`."""
    async with FakeDiscord() as discord:
        with discord_py_at(discord):
            surface = make_surface(discord)
            yield Desk(discord, discord.add_guild("Readers"), surface)
            await surface.close()
        assert discord.violations == []


# --- layouts


async def test_a_message_stands_in_its_channel_under_its_name(desk: Desk) -> None:
    ref = await desk.post(HEADER)
    (message,) = desk.papers.messages
    assert ref == message.ref
    assert message.buttons == ["Show all 9"]


async def test_posts_and_edits_need_no_gateway(offline: Desk) -> None:
    ref = await offline.post(card())
    await offline.edit(ref, card(title="Dense Attention"))
    assert "Dense Attention" in offline.papers.messages[0].text
    assert offline.discord.gateway.identifies == []


async def test_cards_of_a_threaded_day_stand_in_the_thread_of_its_header(desk: Desk) -> None:
    header = await desk.post(HEADER)
    first = await desk.post(card(), under=header)
    await desk.post(card(8), under=header)
    (message,) = desk.papers.messages
    assert message.thread
    assert message.thread.name == "Papers for Monday 23 November"
    assert message.thread.messages[0].ref == first
    assert len(message.thread.messages) == 2
    assert len(desk.discord.asked("POST", MESSAGES + "/{message_id}/threads")) == 1


async def test_a_thread_that_is_there_after_a_restart_is_used(offline: Desk) -> None:
    header = await offline.post(HEADER)
    await offline.post(card(), under=header)
    again = Desk(offline.discord, offline.guild, make_surface(offline.discord))
    again.papers = offline.papers
    await again.post(card(8), under=header, number=9)
    await again.surface.close()
    (message,) = offline.papers.messages
    assert message.thread
    assert len(message.thread.messages) == 2


async def test_cards_of_a_header_that_was_deleted_stand_in_the_channel(desk: Desk) -> None:
    header = await desk.post(HEADER)
    desk.guild.owner.deletes(desk.papers.messages[0])
    await desk.post(card(), under=header)
    assert "Sparse Attention" in desk.papers.messages[0].text


async def test_a_discussion_opens_a_thread_on_its_card(desk: Desk) -> None:
    where = await desk.post(card())
    opening = await desk.post(TALK, under=where)
    (message,) = desk.papers.messages
    assert message.thread
    assert message.thread.name == "Sparse Attention"
    assert message.thread.messages[0].ref == opening
    told = replace(card().card, discussion=opening)
    await desk.edit(where, Message("", told))
    link = message.components[0]["components"][1]
    assert link["url"] == f"https://discord.com/channels/{desk.guild.id}/{message.thread.id}"


async def test_a_discussion_of_a_card_in_a_thread_opens_in_the_channel(desk: Desk) -> None:
    header = await desk.post(HEADER)
    where = await desk.post(card(), under=header)
    opening = await desk.post(TALK, under=where)
    (thread,) = (thread for thread in desk.papers.threads if thread.name == "Sparse Attention")
    assert [message.ref for message in thread.messages] == [opening]


async def test_a_discussion_without_a_card_opens_a_thread_and_posts_nothing_in_the_channel(desk: Desk) -> None:
    opening = await desk.post(TALK)
    (thread,) = desk.papers.threads
    assert [message.ref for message in thread.messages] == [opening]
    assert desk.papers.messages == []


async def test_where_no_thread_may_be_opened_a_discussion_stands_in_the_channel(desk: Desk) -> None:
    desk.papers.denies("create_public_threads")
    opening = await desk.post(TALK)
    assert [message.ref for message in desk.papers.messages] == [opening]


async def test_in_an_announcement_channel_a_discussion_hangs_on_its_message(desk: Desk) -> None:
    news = desk.guild.add_channel("news", "news")
    opening = await desk.post(TALK, news)
    (message,) = news.messages
    assert message.ref == opening
    assert message.thread


@pytest.mark.parametrize("lost", [r"/threads$", r"/messages$"])
async def test_a_thread_whose_receipt_is_lost_is_opened_once(desk: Desk, lost: str) -> None:
    desk.discord.next("POST", lost, "lost")
    await desk.fails(TALK)
    opening = await desk.post(TALK, again=True)
    (thread,) = desk.papers.threads
    assert [message.ref for message in thread.messages] == [opening]


async def test_in_a_forum_the_day_is_a_post_and_a_discussion_is_another(desk: Desk) -> None:
    await fill_forum(desk)


async def test_a_forum_needs_no_gateway(offline: Desk) -> None:
    await fill_forum(offline)


async def fill_forum(desk: Desk) -> None:
    forum = desk.guild.add_channel("library", "forum", tags=["memes", "Papers", "this-week"])
    header = await desk.post(HEADER, forum)
    where = await desk.post(card(), forum, under=header)
    await desk.post(TALK, forum, under=where)
    day, talk = forum.threads
    assert day.name == "Papers for Monday 23 November"
    assert header == f"{day.id}/{day.id}"
    assert [message.ref for message in day.messages] == [header, where]
    assert talk.name == "Sparse Attention"
    assert talk.applied_tags == ["Papers", "this-week"]


async def test_a_forum_that_demands_a_tag_gets_one(desk: Desk) -> None:
    forum = desk.guild.add_channel("library", "forum", tags=["anything"], requires_tag=True)
    await desk.post(HEADER, forum)
    assert forum.threads[0].applied_tags == ["anything"]


@pytest.mark.parametrize("title", ["x" * 99, "x" * 100, "x" * 101, "@everyone \u202e<@1>", "😀" * 80, ""])
async def test_a_thread_has_a_name_that_discord_takes(desk: Desk, title: str) -> None:
    where = await desk.post(card(title=title))
    await desk.post(Message("", Card("discussion", title)), under=where)
    thread = desk.papers.messages[0].thread
    assert thread
    assert 1 <= len(thread.name.encode("utf-16-le")) // 2 <= 100
    assert "@everyone" not in thread.name


async def test_edits_of_a_closed_thread_open_it_again(desk: Desk) -> None:
    header = await desk.post(HEADER)
    where = await desk.post(card(), under=header)
    thread = desk.papers.messages[0].thread
    assert thread
    thread.archives()
    await desk.edit(where, card(title="Dense Attention"), under=header)
    assert not thread.is_archived
    assert "Dense Attention" in thread.messages[0].text


async def test_a_discussion_that_fell_silent_is_opened_again(desk: Desk) -> None:
    opening = await desk.post(TALK)
    (thread,) = desk.papers.threads
    thread.archives()
    await desk.edit(opening, TALK)
    assert not thread.is_archived


async def test_a_discussion_whose_thread_was_deleted_opens_another(desk: Desk) -> None:
    opening = await desk.post(TALK)
    (thread,) = desk.papers.threads
    desk.guild.delete_channel(thread)
    with pytest.raises(DeliveryError) as caught:
        await desk.edit(opening, TALK)
    assert caught.value.gone


# --- once


async def test_3_a_post_whose_receipt_is_lost_comes_once(desk: Desk) -> None:
    desk.discord.next("POST", r"/messages$", "lost", status=502)
    await desk.post(card())
    assert len(desk.papers.messages) == 1


async def test_3_a_second_attempt_finds_what_the_first_left_however_late(desk: Desk) -> None:
    desk.discord.next("POST", r"/messages$", "lost")
    await desk.fails(card())
    desk.discord.moves(3600)
    ref = await desk.post(card(), again=True)
    assert [message.ref for message in desk.papers.messages] == [ref]


EMPTY = Message("", Card("digest", "No new papers on Monday 23 November"))
OPEN = Message("", replace(card().card, discussion="12/13"))


@pytest.mark.parametrize(("before", "after"), [(EMPTY, EMPTY), (EMPTY, HEADER), (card(), OPEN), (TALK, TALK)])
async def test_3_it_is_found_though_it_looks_different_now(desk: Desk, before: Message, after: Message) -> None:
    first = await desk.post(before)
    await desk.post(Message("", replace(before.card, body="Of another group.")))
    desk.discord.moves(3600)
    assert await desk.post(after, again=True, number=1) == first
    shown, other = (found for place in (desk.papers, *desk.papers.threads) for found in place.messages)
    assert (shown.ref, shown.embeds[0]["title"]) == (first, after.card.title)
    assert "Of another group." in other.text


async def test_3_it_is_found_though_much_was_said_since(desk: Desk) -> None:
    ann = desk.guild.add_member("Ann")
    desk.discord.next("POST", r"/messages$", "lost")
    await desk.fails(card())
    for number in range(250):
        await ann.says(desk.papers, f"word {number}")
    desk.discord.moves(26 * 3600)
    ref = await desk.post(card(), again=True)
    assert [message.ref for message in desk.papers.messages if message.from_bot or message.author.is_bot] == [ref]


async def test_3_it_is_not_looked_for_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PAGE", 10)
    monkeypatch.setattr(delivery, "MOST_PAGES", 3)
    ann = desk.guild.add_member("Ann")
    for number in range(50):
        await ann.says(desk.papers, f"word {number}")
    ref = await desk.post(card(), again=True, number=1)
    assert len(desk.discord.asked("GET", MESSAGES)) == 3
    assert desk.papers.messages[-1].ref == ref


async def test_3_what_was_said_before_is_not_looked_at(desk: Desk) -> None:
    old = await desk.post(card())
    desk.discord.moves(3600)
    desk.began = desk.discord.clock()
    assert await desk.post(card(), again=True) != old


async def test_3_what_discord_knows_by_its_nonce_is_brought_up_to_date(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_PAGES", 0)
    first = await desk.post(card())
    assert await desk.post(card(title="Dense Attention"), again=True) == first
    assert "Dense Attention" in desk.papers.messages[0].text


async def test_3_an_attempt_that_was_deleted_is_gone(desk: Desk) -> None:
    desk.discord.next("POST", r"/messages$", "lost")
    await desk.fails(card())
    desk.guild.owner.deletes(desk.papers.messages[0])
    with pytest.raises(DeliveryError) as caught:
        await desk.post(card(), again=True)
    assert caught.value.gone


async def test_3_the_words_of_others_are_not_taken_for_ours(desk: Desk) -> None:
    ann = desk.guild.add_member("Ann")
    await ann.says(desk.papers, "Sparse Attention")
    await desk.post(card(), again=True)
    assert len(desk.papers.messages) == 2


async def test_3_a_post_in_a_forum_whose_receipt_is_lost_comes_once(desk: Desk) -> None:
    forum = desk.guild.add_channel("library", "forum")
    desk.discord.next("POST", r"/threads$", "lost")
    await desk.fails(HEADER, forum)
    await desk.post(Message("", replace(HEADER.card, body="Of another group.")), forum)
    ref = await desk.post(HEADER, forum, again=True, number=1)
    assert [f"{thread.id}/{thread.id}" for thread in forum.threads][:1] == [ref]


async def test_3_a_post_of_the_same_name_is_another(desk: Desk) -> None:
    forum = desk.guild.add_channel("library", "forum")
    theirs = await desk.post(HEADER, forum)
    ours = await desk.post(HEADER, forum, again=True, number=2)
    assert ours != theirs
    desk.guild.owner.deletes(forum.threads[0].messages[0])
    assert await desk.post(EMPTY, forum, again=True, number=2) == ours


async def test_6_nobody_is_pinged_by_a_title(desk: Desk) -> None:
    await desk.post(card(title=f"@everyone <@{desk.guild.owner.id}>"))
    assert desk.papers.messages[0].pinged == set()


# --- refusals


async def test_an_edit_of_a_deleted_message_says_so(desk: Desk) -> None:
    ref = await desk.post(card())
    desk.guild.owner.deletes(desk.papers.messages[0])
    assert (await desk.fails_to_edit(ref, card())).gone


async def test_a_card_whose_thread_was_deleted_is_posted_again_in_a_new_one(desk: Desk) -> None:
    header = await desk.post(HEADER)
    ref = await desk.post(card(), under=header)
    thread = desk.papers.messages[0].thread
    assert thread
    desk.discord.world.delete_channel(thread)
    assert (await desk.fails_to_edit(ref, card())).gone
    await desk.post(card(), under=header)
    assert desk.papers.messages[0].thread is not thread or len(desk.papers.messages) == 2


async def test_missing_permissions_are_named(desk: Desk) -> None:
    desk.papers.denies("embed_links")
    error = await desk.fails(card())
    assert error.hopeless
    assert str(error) == "#papers on Readers: give Paperclub Embed Links there"


async def test_a_channel_that_is_hidden_or_gone_is_named(desk: Desk) -> None:
    desk.papers.denies("view_channel")
    error = await desk.fails(card())
    assert error.hopeless
    assert "give it View Channel there" in str(error)
    desk.discord.world.delete_channel(desk.papers)
    error = await desk.fails(card())
    assert error.hopeless
    assert "type `/paper-admin move`" in str(error)


async def test_a_place_of_nowhere_is_hopeless(desk: Desk) -> None:
    with pytest.raises(DeliveryError, match=r'write "discord:<server>/<channel>"') as caught:
        await desk.surface.post(Delivery(1, "discord:here", "1.1"), card())
    assert caught.value.hopeless


async def test_what_is_no_fault_of_ours_is_tried_again(desk: Desk) -> None:
    for fault in ("unavailable", "reset", "truncated", "html"):
        desk.discord.next("POST", r"/messages$", fault)
        error = await desk.fails(card())
        assert (error.hopeless, error.gone) == (False, False)
    assert len(desk.discord.asked("POST", MESSAGES)) == 4


async def test_9_a_ban_by_the_edge_is_waited_out(desk: Desk) -> None:
    desk.discord.next("POST", r"/messages$", "cloudflare")
    error = await desk.fails(card())
    assert error.retry_after
    assert error.retry_after >= 60
    assert not error.hopeless


async def test_9_while_the_edge_bans_us_nothing_is_asked(desk: Desk) -> None:
    other = desk.guild.add_channel("other")
    desk.discord.next("POST", r"/messages$", "cloudflare")
    await desk.fails(card())
    asked = len(desk.discord.requests)
    error = await desk.fails(card(), other)
    assert error.retry_after
    assert 58 < error.retry_after <= 60
    assert len(desk.discord.requests) == asked


async def test_who_gives_up_waiting_for_the_limit_for_all_stops_nobody_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "LONGEST_RATE_LIMIT", 0.5)
    desk.discord.next("POST", r"/messages$", "rate_limited_for_all", retry_after=0.5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await desk.post(card())
    async with asyncio.timeout(5):
        await desk.post(card(8))
    assert len(desk.papers.messages) == 1


async def test_a_long_rate_limit_is_the_outboxs_to_wait_for(desk: Desk) -> None:
    desk.discord.next("POST", r"/messages$", "rate_limited", retry_after=100)
    assert (await desk.fails(card())).retry_after == 100


async def test_edits_of_old_messages_are_put_off(desk: Desk) -> None:
    ref = await desk.post(card())
    desk.discord.next("PATCH", r"/messages/", "status", status=429, code=30046)
    error = await desk.fails_to_edit(ref, card())
    assert error.retry_after
    assert error.retry_after >= 60


async def test_a_token_that_is_lost_is_not_tried_again_and_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.discord.next("POST", r"/messages$", "status", status=401)
    error = await desk.fails(card())
    assert (error.hopeless, error.retry_after) == (False, 60.0)
    assert "DISCORD_TOKEN" in desk.surface.trouble
    monkeypatch.setattr(desk.surface, "_refused_until", 0.0)  # a minute later
    assert desk.surface.trouble == ""


# --- people


async def test_a_reaction_is_taken_away(desk: Desk) -> None:
    ref = await desk.post(card())
    ann = desk.guild.add_member("Ann")
    (message,) = desk.papers.messages
    await ann.reacts(message, "👍")
    await desk.surface.unreact(Emoji(place_of(desk.papers), ref, f"discord:{ann.id}"))
    assert "Ann" not in message.reactions.get("👍", set())


async def test_a_reaction_stays_where_we_may_not_take_it(desk: Desk) -> None:
    desk.papers.denies("manage_messages")
    ref = await desk.post(card())
    ann = desk.guild.add_member("Ann")
    await ann.reacts(desk.papers.messages[0], "👍")
    await desk.surface.unreact(Emoji(place_of(desk.papers), ref, f"discord:{ann.id}"))
    assert "Ann" in desk.papers.messages[0].reactions["👍"]


async def test_who_left_the_server_is_not_here(desk: Desk) -> None:
    ann = desk.guild.add_member("Ann")
    place, account = place_of(desk.papers), f"discord:{ann.id}"
    assert await desk.surface.is_here(place, account)
    ann.leaves()
    assert not await desk.surface.is_here(place, account)
    assert await desk.surface.is_here(place, "web:someone")


async def test_those_who_look_after_a_place_are_told(desk: Desk) -> None:
    mo, ann = desk.guild.add_member("Mo"), desk.guild.add_member("Ann")
    await desk.surface.tell(place_of(desk.papers), (f"discord:{mo.id}",), "Paperclub can't post. @everyone")
    assert "can't post" in mo.dms.messages[0].text
    desk.discord.next("POST", r"/messages$", "lost", status=502)
    await desk.surface.tell(place_of(desk.papers), (f"discord:{mo.id}",), "It still can't.")
    assert len(mo.dms.messages) == 2
    assert ann.dms.messages == desk.guild.owner.dms.messages == []


async def test_the_owner_is_told_when_nobody_else_can_be(desk: Desk) -> None:
    mo = desk.guild.add_member("Mo")
    mo.blocks_bot()
    await desk.surface.tell(place_of(desk.papers), (f"discord:{mo.id}", "web:x"), "Paperclub can't post.")
    assert "can't post" in desk.guild.owner.dms.messages[0].text
    desk.guild.owner.blocks_bot()
    with pytest.raises(DeliveryError):
        await desk.surface.tell(place_of(desk.papers), (), "Paperclub can't post.")
