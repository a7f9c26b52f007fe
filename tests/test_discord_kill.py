"""kill -9 of a program that posts to Discord, again and again, while Discord fails and members vote: nothing is
missing, nothing stands twice, and every vote counts once."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from traceback import format_exception
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord_club import NINE, DiscordClub, discord_club, make_surface, on_discord, place_of
from tests.fakes.core import FakeCore
from tests.fakes.discord import Channel, FakeDiscord, Guild, Member, Message, NoAnswer
from tests.fakes.discord.faults import Misbehaviour
from tests.fakes.huggingface import FakeHuggingFace, daily_item
from tests.fakes.source import paper
from tests.process import Running

AT_ONCE = 10  # rounds; most of their time they wait
CARDS = 4
SETTLED_IN = 40.0  # seconds
MISHAPS: dict[Misbehaviour, float] = {
    "rate_limited": 0.05,
    "lost": 0.05,
    "status": 0.03,
    "unavailable": 0.03,
    "reset": 0.02,
}
WHERE = "/(messages|threads|reactions|callback)"  # not while it logs in, which is test_discord_connection's
THUMB = "👍"


@dataclass(frozen=True)
class Stand:
    """Where a paper is voted on: a card of its own, or under its number in the day's message."""

    entry: int
    message: Message
    number: int = 0

    @property
    def label(self) -> str:
        return f"Vote {self.number}" if self.number else "Vote"

    @property
    def emoji(self) -> str:
        return f"{self.number}\ufe0f\u20e3" if self.number else THUMB

    @property
    def votes(self) -> int:
        """As the button says."""
        shown = next(label for label in self.message.buttons if label.startswith(self.label))
        return int(shown.removeprefix(self.label).removeprefix(" · ") or 0)


@dataclass
class Round:
    """A server with four channels, two of one group, the third of one whose cards stand in threads, the fourth of one
    that has the day in one message."""

    seed: int
    folder: Path
    discord: FakeDiscord
    source: FakeHuggingFace
    dice: random.Random = field(init=False)
    votes: dict[tuple[int, int], bool | None] = field(default_factory=dict)  # by button; None: nobody was told
    acknowledged: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.guild: Guild = self.discord.add_guild("Readers")
        self.channels = [self.guild.add_channel(name) for name in ("papers", "theory", "threads", "days")]
        self.pressing = [self.guild.add_member(f"presser{n}") for n in range(2)]
        self.reacting = [self.guild.add_member(f"reacter{n}") for n in range(2)]
        self.folder.mkdir()
        (self.folder / "config.toml").write_text(self._configuration())

    def _configuration(self) -> str:
        papers, theory, threads, days = map(place_of, self.channels)
        zone, day = noon_zone(), f'on = "daily", post_at = "00:00", cards = {CARDS}'
        return f"""
            discord.api_base = "{self.discord.url}"
            sources.huggingface = {{ base_url = "{self.source.url}", settles = "00:00" }}
            [[groups]]
            id = "readers"
            timezone = "{zone}"
            channels = ["{papers}", "{theory}"]
            day = {{ {day}, layout = "channel" }}
            [[groups]]
            id = "threads"
            timezone = "{zone}"
            channels = ["{threads}"]
            day = {{ {day}, layout = "thread" }}
            [[groups]]
            id = "days"
            timezone = "{zone}"
            channels = ["{days}"]
            day = {{ {day} }}
        """

    def launch(self) -> Running:
        return Running.launch(self.folder, "run", DISCORD_TOKEN=self.discord.token)

    # what stands on Discord

    def posted(self, channel: Channel) -> Iterator[Message]:
        """By the bot, in the channel and in its threads."""
        for place in (channel, *channel.threads):
            yield from (message for message in place.messages if message.author.is_bot)

    def cards(self) -> list[Stand]:
        every = (message for channel in self.channels for message in self.posted(channel))
        return [stand for message in every for stand in stands_on(message)]

    def standing(self) -> set[tuple[int, int]]:
        """(member, entry) of all who have the emoji on a card."""
        members = {member.id for member in self.reacting}
        return {
            (user, card.entry)
            for card in self.cards()
            for user in card.message.reacted.get(card.emoji, {}).keys() & members
        }

    # what the program knows

    def rows(self, sql: str) -> list[Any]:
        try:
            with closing(sqlite3.connect(f"file:{self.folder / 'paperclub.db'}?mode=ro", uri=True)) as db:
                return db.execute(sql).fetchall()
        except sqlite3.OperationalError:  # not made yet
            return []

    def counted(self) -> set[tuple[int, int]]:
        sql = "SELECT account.id, entry_id FROM vote JOIN account USING (member_id)"
        return {(int(account.removeprefix("discord:")), entry) for account, entry in self.rows(sql)}

    def unsettled(self) -> str:
        """What is still to be done, "" when nothing is."""
        by_emoji, standing = {vote for vote in self.counted() if vote not in self.votes}, self.standing()
        if by_emoji != standing:
            return f"votes by emoji: {by_emoji}; emoji: {standing}"
        if len(self.rows("SELECT id FROM message")) < 3 * (1 + CARDS) + 1:
            return "not all messages are wanted yet"
        waiting = self.rows("SELECT id, kind, key, error FROM message WHERE shown < wanted")
        return f"to be shown: {waiting}" if waiting else ""


def noon_zone() -> str:
    """One where it is about noon, so that no round runs into another day."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+}"  # east of Greenwich is minus there


def midnight(zone: str) -> datetime:
    """When the post was due."""
    return datetime.now(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def stands_on(message: Message) -> list[Stand]:
    ids = [str(item.get("custom_id", "")) for row in message.components for item in row["components"]]
    entries = [int(id.removeprefix("vote:")) for id in ids if id.startswith("vote:")]
    if len(entries) == 1:
        return [Stand(entries[0], message)]
    return [Stand(entry, message, number) for number, entry in enumerate(entries, 1)]


def entry_of(message: Message) -> int:
    """0 for what is no paper's card."""
    return next((stand.entry for stand in stands_on(message) if not stand.number), 0)


# --- what happens


async def press(round: Round, who: Member) -> None:
    """Votes and takes it back by button until it is cancelled."""
    while True:
        await round.discord.until(round.cards, SETTLED_IN, "no card came")
        card = round.dice.choice(round.cards())
        key = who.id, card.entry
        before, round.votes[key] = round.votes.get(key, False), None
        try:
            answer = await who.presses(card.message, card.label, within=5)
        except NoAnswer:
            continue
        shown = answer.kind == "update"  # a vote shows on the card, one taken back is always told
        voted = shown or answer.text.startswith(("You voted for", "Your vote already stands"))
        assert voted or answer.text.startswith(("You took your vote back", "You have no vote")), answer.text
        assert before is None or voted is not before, answer.text
        round.votes[key] = voted
        round.acknowledged += 1


async def react(round: Round, who: Member) -> None:
    while True:
        await round.discord.until(round.cards, SETTLED_IN, "no card came")
        await toggle(round.dice.choice(round.cards()), who)
        await something_happens(round)


async def toggle(card: Stand, who: Member) -> None:
    has_it = who.id in card.message.reacted.get(card.emoji, {})
    await (who.unreacts if has_it else who.reacts)(card.message, card.emoji)


async def disturb(round: Round) -> None:
    """Events come twice, or once more; connections break."""
    gateway = round.discord.gateway
    while True:
        await something_happens(round, requests=round.dice.randrange(3, 12))
        match round.dice.randrange(5):
            case 0 | 1:
                gateway.duplicate_next(3)
            case 2 | 3:
                gateway.replays(5)
            case _:
                gateway.drop_sockets()


async def something_happens(round: Round, requests: int = 1) -> None:
    enough = len(round.discord.requests) + requests
    await round.discord.until(lambda: len(round.discord.requests) >= enough, SETTLED_IN, "the bot asks nothing more")


async def run_until_killed(round: Round) -> None:
    running = round.launch()
    acts = [
        *(press(round, who) for who in round.pressing),
        *(react(round, who) for who in round.reacting),
        disturb(round),
    ]
    acting = [asyncio.create_task(act) for act in acts]
    try:
        await something_happens(round, requests=round.dice.randrange(1, 80))
    except AssertionError:
        raise AssertionError("\n".join(("stuck", str(running.process.returncode), running.log.read_text()))) from None
    finally:
        await running.kill()
        for task in acting:
            task.cancel()
        ended = await asyncio.gather(*acting, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ended), (ended, running.log.read_text())


async def run_until_settled(round: Round) -> None:
    running = round.launch()
    try:
        await round.discord.until(lambda: not round.unsettled(), SETTLED_IN)
    except AssertionError:
        raise AssertionError("\n".join((round.unsettled(), running.log.read_text()))) from None
    finally:
        await running.kill()


# --- what must be true


def nothing_is_missing_or_doubled(round: Round) -> None:
    for channel in round.channels:
        wanted = round.rows(f"SELECT kind, key, ref FROM message WHERE place = '{place_of(channel)}'")  # noqa: S608
        posted = {message.ref: message for message in round.posted(channel)}
        assert sorted(ref for _, _, ref in wanted) == sorted(posted), channel.transcript()
        cards = {"paper": CARDS} if channel.name != "days" else {}
        assert Counter(kind for kind, _, _ in wanted) == {"digest": 1, **cards}
        for kind, key, ref in wanted:
            assert entry_of(posted[ref]) == (int(key) if kind == "paper" else 0)
    assert [len(channel.threads) for channel in round.channels] == [0, 0, 1, 0]


def every_vote_counts_once(round: Round) -> None:
    counted, told = round.counted(), {key: state for key, state in round.votes.items() if state is not None}
    assert {key for key in counted if key in told} == {key for key, state in told.items() if state}
    assert {key for key in counted if key not in round.votes} == round.standing()
    for card in round.cards():
        votes = sum(voted == card.entry for _, voted in counted)
        assert card.votes == votes, card.message.channel.transcript()


@asynccontextmanager
async def a_round(folder: Path, seed: int) -> AsyncIterator[Round]:
    async with FakeDiscord() as discord, FakeHuggingFace() as source:
        discord.limits.scaled(0.02)
        items = [daily_item(f"2611.0000{n}", title=f"Invented Paper {n}", upvotes=50 - n) for n in range(CARDS + 2)]
        source.days[midnight(noon_zone()).astimezone(UTC).date().isoformat()] = items
        discord.mishaps(random.Random(seed), MISHAPS, where=WHERE)
        yield Round(seed, folder, discord, source)


async def play(folder: Path, seed: int) -> tuple[int, set[Misbehaviour]]:
    """Answers with how many votes were acknowledged, and what went wrong on the way."""
    async with a_round(folder, seed) as round:
        for _ in range(round.dice.choice((1, 2))):
            await run_until_killed(round)
            for card in (*round.cards()[:2], *round.cards()[-2:]):
                await toggle(card, round.dice.choice(round.reacting))  # while nobody listens
        await run_until_settled(round)
        nothing_is_missing_or_doubled(round)
        every_vote_counts_once(round)
        assert round.discord.violations == []
        return round.acknowledged, {*round.discord.faults.met}


@pytest.mark.timeout(1800)
async def test_killed_while_it_posts_it_loses_and_doubles_nothing(tmp_path: Path, rounds: int) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> tuple[int, set[Misbehaviour]]:
        async with room:
            return await play(tmp_path / str(seed), seed)

    ended = await asyncio.gather(*map(one, range(rounds)), return_exceptions=True)
    failed = {seed: "".join(format_exception(end)) for seed, end in enumerate(ended) if isinstance(end, BaseException)}
    assert not failed, "\n".join(f"round {seed}: {error}" for seed, error in failed.items())
    played = [end for end in ended if not isinstance(end, BaseException)]
    assert sum(acknowledged for acknowledged, _ in played) > rounds
    assert set[Misbehaviour]().union(*(met for _, met in played)) == MISHAPS.keys()


# --- what it found, each by itself


@asynccontextmanager
async def a_card_whose_receipt_is_lost(folder: Path) -> AsyncIterator[tuple[DiscordClub, Message]]:
    """It stands in the channel; the bot does not know yet, and asks again when time goes on."""
    async with discord_club(folder) as club:
        club.source.announce("2026-11-23", paper(1))
        club.clock.move_to(NINE)
        await club.club.collector.catch_up()
        await club.club.schedule.tick()
        (outbox,) = club.club.outboxes
        await outbox.settle()
        club.discord.next("POST", r"/messages$", "lost")
        await outbox.settle()
        yield club, club.papers.messages[1]


async def shows(club: DiscordClub, card: Message, label: str) -> None:
    async with asyncio.timeout(2):
        while label not in card.buttons:
            seen = club.club.store.commits
            await club.settle()
            if label not in card.buttons:
                await club.club.store.wait_for_commit(seen)


async def test_a_vote_between_two_attempts_stands_on_the_card(tmp_path: Path) -> None:
    async with a_card_whose_receipt_is_lost(tmp_path) as (club, card):
        await club.ann.presses(card, "Vote")
        await shows(club, card, "Vote 1")
        assert club.papers.messages[1:] == [card]


async def test_an_edit_whose_receipt_is_lost_is_not_taken_for_undone(tmp_path: Path) -> None:
    async with discord_club(tmp_path) as club:
        club.source.announce("2026-11-23", paper(1))
        await club.wait_until(NINE)
        card = club.papers.messages[1]
        club.discord.next("PATCH", "/messages/", "lost")
        await club.ann.presses(card, "Vote")
        await club.settle()
        assert card.buttons[0] == "Vote 1"
        await club.ann.presses(card, "Vote")
        await shows(club, card, "Vote")


async def test_an_emoji_that_comes_before_the_receipt_is_a_vote(tmp_path: Path) -> None:
    async with a_card_whose_receipt_is_lost(tmp_path) as (club, card):
        await club.ann.reacts(card, "👍")
        await shows(club, card, "Vote 1")


async def test_emoji_that_discord_does_not_tell_at_the_start_are_read_again(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        async with on_discord(tmp_path, discord, papers) as club:
            club.source.announce("2026-11-23", paper(1))
            await club.wait_until(NINE)
        await club.ann.reacts(papers.messages[1], "👍")
        discord.next("GET", "/reactions/", "unavailable")
        async with on_discord(tmp_path, discord, papers, now=NINE) as club:
            await shows(club, papers.messages[1], "Vote 1")


async def test_a_session_that_begins_anew_stays_on_the_discord_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Route, "BASE", "http://nowhere.invalid")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL("ws://nowhere.invalid"))
    async with FakeDiscord() as discord:
        surface = make_surface(discord)
        running = asyncio.create_task(surface.run(FakeCore()))
        await surface.ready()
        assert str(DiscordWebSocket.DEFAULT_GATEWAY).startswith(discord.gateway_url)
        running.cancel()
        await asyncio.wait({running})
