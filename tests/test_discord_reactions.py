"""Reactions on Discord as votes: heard once, found again after a gap, ours and other bots' never counted."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import pytest
from discord import PartialEmoji

from adapters.chat.discord.inbound import gateway, reactions
from bot.cards import Button, Card, Message
from bot.errors import DeliveryError, StoreError
from bot.model import DiscordSettings, OpenCard
from bot.ports import Delivery
from tests.discord_club import Connection, connected, make_surface, place_of
from tests.fakes.core import FakeCore
from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes.discord import Message as Shown

CARD = Message("", Card("paper", "A paper", buttons=(Button("Vote", "vote", 1),), entry=1))


class CardsCore(FakeCore):
    """Has cards that stand, and writes down what they are reconciled with."""

    def __init__(self) -> None:
        super().__init__()
        self.standing: list[OpenCard] = []
        self.told = asyncio.Event()
        self.reconciled: list[tuple[str, Mapping[str, str]]] = []

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        return self.standing

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        self.reconciled.append((card.ref, reacting))
        self.told.set()


class Wall:
    def __init__(self, discord: FakeDiscord, papers: Channel, core: CardsCore, connection: Connection) -> None:
        self.discord = discord
        self.papers = papers
        self.core = core
        self.connection = connection
        assert papers.guild
        self.guild = papers.guild
        self.ann = papers.guild.add_member("Ann", nick="Annie")

    async def card(self) -> Shown:
        number = len(self.core.standing) + 1
        ref = await self.connection.surface.post(Delivery(number, place_of(self.papers), f"{number}.1"), CARD)
        message = next(message for message in self.papers.messages if message.ref == ref)
        self.core.standing.append(OpenCard(number, place_of(self.papers), ref))
        return message

    async def invited(self, message: Shown) -> None:
        await self.discord.until(lambda: "Paperclub" in message.reactions.get("👍", ()))


@pytest.fixture
async def wall() -> AsyncIterator[Wall]:
    core = CardsCore()
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        async with connected(discord, core) as connection:
            yield Wall(discord, papers, core, connection)
        assert discord.violations == []


async def test_a_reaction_is_a_vote_and_taking_it_away_takes_it_back(wall: Wall) -> None:
    message = await wall.card()
    await wall.ann.reacts(message, "👍")
    await wall.ann.unreacts(message, "👍")
    await wall.ann.reacts(message, "🎉")
    await wall.ann.reacts(message, "👍")
    await heard(wall, 3)
    account = f"discord:{wall.ann.id}"
    assert [(r.account, r.ref, r.on) for r in wall.core.reactions] == [
        (account, message.ref, True),
        (account, message.ref, False),
        (account, message.ref, True),
    ]
    assert [r.display_name for r in wall.core.reactions] == ["Annie", "", "Annie"]


async def heard(wall: Wall, count: int) -> None:
    """A command is answered after what was sent before it."""
    await wall.discord.until(lambda: wall.discord.commands.named("paper", 0, 1))
    await wall.ann.types(wall.papers, "/paper help", paper="1")
    assert len(wall.core.reactions) == count


async def test_our_own_invitation_stands_under_each_card_and_is_not_counted(wall: Wall) -> None:
    message = await wall.card()
    await wall.invited(message)
    await heard(wall, 0)


async def test_nobody_is_invited_where_the_emoji_is_no_vote(wall: Wall) -> None:
    silent = replace(CARD, card=replace(CARD.card, takes_emoji=False))
    ref = await wall.connection.surface.post(Delivery(9, place_of(wall.papers), "9.1"), silent)
    wall.core.standing.append(OpenCard(9, place_of(wall.papers), ref, takes_emoji=False))
    await wall.invited(await wall.card())
    await wall.connection.stop()
    async with connected(wall.discord, wall.core):
        await wall.discord.until(lambda: wall.discord.asked("GET", MESSAGES))
        await heard(wall, 0)
    assert [sorted(message.reactions) for message in wall.papers.messages] == [[], ["👍"]]


async def test_other_bots_are_not_counted(wall: Wall) -> None:
    message = await wall.card()
    wall.ann.user.is_bot = True
    await wall.ann.reacts(message, "👍")
    wall.ann.user.is_bot = False
    await heard(wall, 0)


async def test_without_the_permission_there_is_no_invitation_and_no_second_try(wall: Wall) -> None:
    wall.papers.denies("add_reactions")
    await wall.card()
    second = await wall.card()
    await wall.discord.until(
        lambda: any(r.method == "PUT" and "reactions" in r.path and r.status == 403 for r in wall.discord.requests)
    )
    await heard(wall, 0)
    assert second.reactions == {}
    tried = [request for request in wall.discord.requests if "/reactions/" in request.path]
    assert len(tried) == 1


async def test_reactions_that_a_moderator_clears_are_votes_no_more(wall: Wall) -> None:
    message = await wall.card()
    await wall.ann.reacts(message, "👍")
    wall.discord.world.posts.clear_reactions(message, "👍")
    await wall.ann.reacts(message, "👍")
    wall.discord.world.posts.clear_reactions(message, None)
    await heard(wall, 2)
    assert wall.core.reconciled == [(message.ref, {}), (message.ref, {})]


async def test_8_what_was_pressed_while_we_were_away_is_found(wall: Wall) -> None:
    message = await wall.card()
    await wall.invited(message)
    await wall.connection.stop()
    await wall.ann.reacts(message, "👍")
    fans = [wall.guild.add_member(f"Fan {n}") for n in range(205)]
    for fan in fans:
        await fan.reacts(message, "👍")
    async with connected(wall.discord, wall.core):
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert len(wall.discord.asked("GET", REACTIONS)) == 3 + 1
    ((ref, reacting),) = wall.core.reconciled
    assert ref == message.ref
    assert len(reacting) == 206
    assert reacting[f"discord:{wall.ann.id}"] == "Ann"
    assert f"discord:{wall.discord.application_id}" not in reacting


async def test_8_a_super_reaction_is_one_too(wall: Wall) -> None:
    message = await wall.card()
    await wall.ann.super_reacts(message, "👍")
    await heard(wall, 1)
    await wall.connection.stop()
    async with connected(wall.discord, wall.core):
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert wall.core.reconciled == [(message.ref, {f"discord:{wall.ann.id}": "Ann"})]


async def test_8_what_changes_while_it_is_read_is_read_again(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "READ_AGAIN", 0.01)
    message = await wall.card()
    await wall.invited(message)
    ben = wall.guild.add_member("Ben")
    await wall.connection.stop()
    await ben.reacts(message, "👍")
    wall.discord.next("GET", r"/reactions/", "late", seconds=0.3)
    async with connected(wall.discord, wall.core):
        await wall.discord.until(lambda: wall.discord.asked("GET", REACTIONS))
        await wall.ann.reacts(message, "👍")
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert wall.core.reconciled == [(message.ref, {f"discord:{wall.ann.id}": "Ann", f"discord:{ben.id}": "Ben"})]


async def test_what_was_pressed_before_a_lost_answer_came_is_found(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "LOOK_AGAIN", (0.01, 0.01))
    delivery = Delivery(1, place_of(wall.papers), "1.1")
    wall.discord.next("POST", r"/messages$", "lost")
    with pytest.raises(DeliveryError):
        await wall.connection.surface.post(delivery, CARD)
    (message,) = wall.papers.messages
    await wall.ann.reacts(message, "👍")
    await heard(wall, 1)  # by nobody who knew the card
    wall.core.standing.append(OpenCard(1, place_of(wall.papers), message.ref))
    assert await wall.connection.surface.post(replace(delivery, again=True), CARD) == message.ref
    await asyncio.wait_for(wall.core.told.wait(), 5)
    assert wall.core.reconciled == [(message.ref, {f"discord:{wall.ann.id}": "Ann"})]


async def test_a_database_that_fails_is_waited_for(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "CARDS_AGAIN", 0.01)
    message = await wall.card()
    await wall.connection.stop()
    await wall.ann.reacts(message, "👍")
    failures = [StoreError("locked")]
    standing = wall.core.open_cards

    async def open_cards(surface: str) -> Sequence[OpenCard]:
        if failures:
            raise failures.pop()
        return await standing(surface)

    monkeypatch.setattr(wall.core, "open_cards", open_cards)
    async with connected(wall.discord, wall.core):
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert [ref for ref, _ in wall.core.reconciled] == [message.ref]


async def test_reactions_on_the_messages_of_others_are_not_looked_up(wall: Wall) -> None:
    message = await wall.ann.says(wall.papers, "Lunch?")
    await wall.ann.reacts(message, "👍")
    await heard(wall, 0)


ID = 123456789012345678


@pytest.mark.parametrize(
    ("emoji", "other", "differs"),
    [("👍", "🎉", True), ("👍", "👍", False), (f"yes:{ID}", f"no:{ID}", False), (f"yes:{ID}", f"yes:{ID + 1}", True)],
)
def test_a_custom_emoji_is_known_by_its_number(emoji: str, other: str, *, differs: bool) -> None:
    found = reactions.Reactions(None, emoji)  # type: ignore[arg-type]
    assert (found.number_of(PartialEmoji.from_str(other)) is None) is differs


MESSAGES = "/channels/{channel_id}/messages"
REACTIONS = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


async def test_8_a_resumed_session_tells_itself_and_nothing_is_read(wall: Wall) -> None:
    message = await wall.card()
    await wall.invited(message)
    wall.discord.gateway.drop_sockets(4000)
    await wall.ann.reacts(message, "👍")
    await wall.discord.until(lambda: wall.discord.gateway.resumes)
    await heard(wall, 1)
    assert wall.discord.asked("GET", REACTIONS) == []


async def test_cards_that_are_gone_hold_up_no_others(wall: Wall) -> None:
    gone, stands = await wall.card(), await wall.card()
    await wall.invited(gone)
    await wall.invited(stands)
    await wall.connection.stop()
    wall.guild.owner.deletes(gone)
    await wall.ann.reacts(stands, "👍")
    async with connected(wall.discord, wall.core):
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert [ref for ref, _ in wall.core.reconciled] == [stands.ref]


async def test_another_emoji_can_be_the_vote() -> None:
    core = CardsCore()
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        surface = make_surface(discord)
        surface._settings = DiscordSettings(api_base=discord.url, vote_emoji="❤")
        async with connected(discord, core, surface) as connection:
            wall = Wall(discord, papers, core, connection)
            message = await wall.card()
            await wall.ann.reacts(message, "👍")
            await wall.ann.reacts(message, "❤️")
            await heard(wall, 1)


# --- what it costs


async def away(wall: Wall) -> None:
    """Until it listens again, and has looked."""
    await wall.connection.stop()
    wall.discord.requests.clear()


async def test_one_request_counts_the_reactions_of_a_hundred_messages(wall: Wall) -> None:
    cards = [await wall.card() for _ in range(30)]
    await wall.invited(cards[-1])
    await wall.ann.reacts(cards[3], "👍")
    await heard(wall, 1)
    await away(wall)
    wall.core.standing[3] = replace(wall.core.standing[3], known=((0, 1),))  # as we know it
    await wall.ann.reacts(cards[7], "👍")
    async with connected(wall.discord, wall.core):
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert [ref for ref, _ in wall.core.reconciled] == [cards[7].ref]
    assert len(wall.discord.asked("GET", MESSAGES)) == 1
    assert len(wall.discord.asked("GET", REACTIONS)) == 2, "of the one that changed"


async def test_who_left_is_not_hidden_by_who_came_when_the_vote_closes(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, later = await wall.card(), await wall.card()
    ben = wall.guild.add_member("Ben")
    await wall.invited(later)
    await wall.ann.reacts(message, "👍")
    await away(wall)
    await wall.ann.unreacts(message, "👍")
    await ben.reacts(message, "👍")
    wall.core.reconciled.clear()
    wall.core.told.clear()
    monkeypatch.setattr(reactions, "LAST_LOOK", 60.0)
    closing, open_ = wall.core.standing
    wall.core.standing = [replace(closing, known=((0, 1),), closes_in=60.1), replace(open_, closes_in=9000.0)]
    async with connected(wall.discord, wall.core):
        await asyncio.wait_for(wall.core.told.wait(), 5)
    assert wall.core.reconciled == [(message.ref, {f"discord:{ben.id}": "Ben"})]


async def test_a_hundred_groups_with_two_weeks_of_posts_are_looked_at_in_few_requests(wall: Wall) -> None:
    channels = [wall.guild.add_channel(f"group-{n}") for n in range(100)]
    world, posts = wall.discord.world, wall.discord.world.posts
    for number, channel in enumerate(channels):
        for _ in range(14):
            message = posts.post(Shown(world.ids(), channel, world.bot, world.clock(), "A day"))
            wall.core.standing.append(OpenCard(number, place_of(channel), message.ref, numbers=(1, 2, 3, 4, 5)))
    await away(wall)
    async with connected(wall.discord, wall.core):
        await wall.discord.until(lambda: len(wall.discord.asked("GET", MESSAGES)) == 100)
        await heard(wall, 0)
    assert len(wall.discord.asked("GET", REACTIONS)) == 0, "it were 14,000"
