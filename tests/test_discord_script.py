"""A day of a reading group on Discord, from an empty channel to the evening. It reads like the chat that it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

import pytest

from adapters import make_summarizer
from bot.actions.deliveries import recover
from bot.compose import Club, opened
from bot.model import Paper, RawPaper, Settings, SummarizerSettings, Summary
from bot.outbox import settle_all
from bot.ports import Summarizer
from tests.discord_club import MONDAY, NINE, connected, make_surface
from tests.fakes.clock import MovableClock
from tests.fakes.discord import Channel, FakeDiscord, Guild, Message
from tests.fakes.source import ListedSource

MINUTE, HOUR = 60.0, 3600.0
ONE_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
ZONE, TIME = "Time zone, as Europe/Berlin, or a city", "Time of the post, as 9:00 or 6 pm"

SPARSE = RawPaper(
    "Sparse Attention Is Enough",
    "Attention is costly. We propose a learned block-sparse pattern whose cost grows linearly with length.",
    arxiv_id="2611.00101",
    authors=("Maren Oldenburg", "Teodor Vasquez-Lindqvist", "Aiko Tanemura", "Bo Sample"),
    upvotes=128,
)
FORGETTING = RawPaper(
    "What Do Diffusion Models Forget?",
    "Diffusion models memorise images. We measure how quickly these fade in further training, and find most gone.",
    arxiv_id="2611.00102",
    authors=("Ines Farouk", "Jonas Bieber"),
    upvotes=64,
)
VERIFIERS = RawPaper("Tiny Verifiers", arxiv_id="2611.00103", authors=("Okello Adeyemi",), upvotes=41)
OTHERS = (
    RawPaper("On Watermarking Short Texts", "We show that no watermark of a short text lasts.", arxiv_id="2611.00104"),
    RawPaper("Diffusion on a Budget", "We train a diffusion model on one laptop.", arxiv_id="2611.00105"),
)
ENSEMBLES = RawPaper(
    "Reading Groups as Ensembles", "We find that five readers see more than one.", arxiv_id="2611.00742"
)


class HangingModel:
    """Takes a minute of the club's clock for a sentence."""

    name = "hanging"

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock

    async def summarise(self, paper: Paper, language: str) -> Summary:
        await self._clock.sleep(MINUTE)
        return Summary("Small models check what large ones say.", "by a model", self.name, language)


class Library:
    """Finds one paper that nobody announced."""

    async def find(self, key: str) -> RawPaper | None:
        return ENSEMBLES if key == "arxiv:2611.00742" else None


@dataclass
class Day:
    """One server, the people in it, and a bot that can be started again."""

    folder: Path
    discord: FakeDiscord
    guild: Guild
    papers: Channel
    clock: MovableClock = field(default_factory=lambda: MovableClock(MONDAY))
    source: ListedSource = field(default_factory=lambda: ListedSource(settles=time(6)))
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        self.mo = self.guild.add_member("Mo", permissions={"manage_events"})
        self.ann, self.ben, self.cleo = (self.guild.add_member(name) for name in ("Ann", "Ben", "Cleo"))
        self.source.announce("2026-11-23", SPARSE, FORGETTING, VERIFIERS, *OTHERS)

    # the bot

    async def start(self) -> None:
        self.club = await self._running.enter_async_context(self._bot())

    async def stop(self) -> None:
        await self._running.aclose()

    @asynccontextmanager
    async def _bot(self) -> AsyncIterator[Club]:
        """Nothing of Discord stands in its configuration but the address."""
        surface, sources = make_surface(self.discord), [self.source]
        settings = Settings(
            database=str(self.folder / "club.db"),
            summarizer=SummarizerSettings("hanging"),  # type: ignore[arg-type]
        )
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("bot.compose.make_summarizer", self._summarizer)
            async with opened(
                settings, clock=self.clock, sources=sources, adapters=[surface], finders=[Library()]
            ) as club:
                await club.store.write(recover, self.clock.now())
                async with connected(self.discord, club.app, surface):
                    await self.discord.until(lambda: self.discord.commands.named("paper", 0, 1))
                    yield club

    def _summarizer(self, name: str) -> Summarizer:
        return HangingModel(self.clock) if name == "hanging" else make_summarizer(name)

    # time

    async def comes_to(self, now: str) -> None:
        """The clock moves, the schedule looks once, the messages arrive."""
        self.clock.move_to(now)
        await self.club.collector.catch_up()
        await self.club.schedule.tick()
        await self.settle()

    async def passes(self, seconds: float) -> None:
        """For the bot and for Discord."""
        self.clock.move(seconds=seconds)
        self.discord.moves(seconds)
        await self.settle()

    async def settle(self, seconds: float = 5) -> None:
        self.clock.move(seconds=seconds)
        await settle_all(self.club.outboxes)

    # what stands in the channel

    def card(self, title: str) -> Message:
        """Of a paper, by how its title begins."""
        return next(message for message in self.papers.messages if f". {title}" in message.text.split("\n")[0])

    async def shows(self, card: Message, label: str, *, within: float = 5) -> None:
        """Waits until the card has a button of that label; each look takes `within` seconds of the club's time."""
        async with asyncio.timeout(3):
            while label not in card.buttons:
                seen = self.club.store.commits
                await self.settle(within)
                if label not in card.buttons:
                    await self.club.store.wait_for_commit(seen)


@asynccontextmanager
async def a_server(folder: Path) -> AsyncIterator[Day]:
    """The bot was just invited: it runs, no group meets. In the end it has broken no rule and let nobody wait."""
    async with FakeDiscord() as discord:
        discord.limits.scaled(0.01)
        guild = discord.add_guild("Readers")
        day = Day(folder, discord, guild, guild.add_channel("papers"))
        await day.start()
        try:
            yield day
        finally:
            await day.stop()
        assert discord.violations == []
        for asked in discord.world.interactions.values():
            assert asked.is_answered, asked.data
            assert asked.took < 3, asked.data


async def play(folder: Path) -> str:
    """The whole day; answers with what stands in the channel in the evening, as README shows it."""
    async with a_server(folder) as day:
        await nobody_meets_here_yet(day)
        await mo_sets_the_group_up(day)
        await the_papers_come(day)
        await ann_looks_around(day)
        await ben_and_cleo_vote_and_take_it_back(day)
        await two_claim_at_once(day)
        await nobody_waits_for_a_model_that_hangs(day)
        await two_open_one_discussion(day)
        await cleo_hands_in_what_ann_found(day)
        await the_bot_is_restarted(day)
        await mo_takes_a_step_back(day)
        await a_card_changes_in_place_after_hours(day)
        return day.papers.transcript()


async def nobody_meets_here_yet(day: Day) -> None:
    answer = await day.ann.types(day.papers, "/paper today")
    assert answer.text == "No reading group meets in this channel. A moderator makes one with /paper-admin setup."
    assert answer.is_private


async def mo_sets_the_group_up(day: Day) -> None:
    panel = await day.mo.types(day.papers, "/paper-admin setup")
    assert "Setting up papers" in panel.text
    assert panel.buttons == ["Name, zone and time…", "Preview", "Undo", "Start here"]
    assert panel.selects == ["Days", "Hour", "Cards a day", "Layout"]

    form = await day.mo.presses(panel, "Name, zone and time…")
    panel = await day.mo.submits(form, {ZONE: "berlin", TIME: "9 am"})
    assert "Zone: UTC → Europe/Berlin." in panel.text

    changed = await day.mo.chooses(panel, "Cards a day", "3 cards a day")
    assert changed.kind == "update"
    assert "Cards a day: 5 → 3." in panel.text
    await day.mo.chooses(panel, "Layout", "channel: cards in the channel")
    assert "Layout: digest → channel." in panel.text

    preview = await day.mo.presses(panel, "Preview")
    assert "as things stand now. Only you see it." in preview.text
    assert "Tiny Verifiers" in preview.text
    assert preview.text.count("Diffusion on a Budget") == 1, "of the list alone"

    await day.mo.presses(panel, "Start here")
    assert "Started. The first post comes <t:1795420800:F>." in panel.text
    await day.settle()
    assert day.papers.messages == []


async def the_papers_come(day: Day) -> None:
    await day.comes_to(NINE)
    header, first, second, third = day.papers.messages
    assert "Papers for Monday 23 November. 5 papers. The first 3 have cards here" in header.text
    assert [card.text.split("\n")[0] for card in (first, second, third)] == [
        "1. Sparse Attention Is Enough",
        "2. What Do Diffusion Models Forget?",
        "3. Tiny Verifiers",
    ]
    assert first.buttons == ["Vote", "Claim", "Summary", "Pass", "Discuss"]
    await day.discord.until(lambda: all("👍" in card.reacted for card in (first, second, third)))


async def ann_looks_around(day: Day) -> None:
    everything = await day.ann.presses(day.papers.messages[0], "Show all")
    assert "5. Diffusion on a Budget" in everything.text

    offered = await day.ann.completes(day.papers, "/paper show", paper="diff")
    assert [choice.name for choice in offered] == ["2. What Do Diffusion Models Forget?", "5. Diffusion on a Budget"]
    shown = await day.ann.types(day.papers, "/paper show", paper=offered[1].value)
    assert "We train a diffusion model on one laptop." in shown.text

    found = await day.ann.types(day.papers, "/paper search", query="watermark")
    assert found.text.startswith('1 paper for "watermark"\nOn Watermarking Short Texts')


async def ben_and_cleo_vote_and_take_it_back(day: Day) -> None:
    card = day.card("Sparse Attention")
    answer = await day.ben.presses(card, "Vote")
    assert answer.text.startswith("You voted for “Sparse Attention Is Enough” (1 vote).")
    await day.cleo.reacts(card, "👍")
    await day.shows(card, "Vote 2")

    answer = await day.ben.presses(card, "Vote")
    assert answer.text == "You took your vote back from “Sparse Attention Is Enough” (1 vote)."
    answer = await day.cleo.types(day.papers, "/paper unvote", paper="1")
    assert answer.text == "You took your vote back from “Sparse Attention Is Enough” (0 votes)."
    await day.discord.until(lambda: card.reactions["👍"] == {"Paperclub"})
    await day.shows(card, "Vote")


async def two_claim_at_once(day: Day) -> None:
    card = day.card("What Do Diffusion Models Forget?")
    answers = await asyncio.gather(*(member.presses(card, "Claim") for member in (day.ann, day.ben)))
    (loser,) = [answer.text for answer in answers if answer.is_private]
    name = next(name for name in ("Ann", "Ben") if loser.startswith(name))
    assert [answer.kind for answer in answers if not answer.is_private] == ["update"], "the card says it"
    assert loser.startswith(f"{name} has claimed “What Do Diffusion Models Forget?” already")
    await day.shows(card, "Claimed")
    assert f"Claimed by\n{name}" in card.text


async def nobody_waits_for_a_model_that_hangs(day: Day) -> None:
    thinking = await day.ann.presses(day.card("Tiny Verifiers"), "Summary", first_only=True)
    assert thinking.kind == "deferred"
    assert thinking.is_private

    answer = await day.ben.presses(day.card("Tiny Verifiers"), "Vote")
    assert answer.text.startswith("You voted for “Tiny Verifiers” (1 vote).")
    await day.shows(day.card("Tiny Verifiers"), "Vote 1")
    assert thinking.is_thinking

    day.clock.move(seconds=MINUTE)
    await day.ann.finishes(thinking)
    assert thinking.text.startswith("Small models check what large ones say. (by a model)")
    await day.settle()
    assert "Small models check what large ones say." in day.card("Tiny Verifiers").text


async def two_open_one_discussion(day: Day) -> None:
    card = day.card("Sparse Attention")
    answers = await asyncio.gather(*(member.presses(card, "Discuss") for member in (day.ben, day.cleo)))
    first, second = sorted((answer.text for answer in answers), key=len, reverse=True)
    assert first.endswith("opens in a moment; its card then leads there.")
    assert second.endswith("has its thread already.")
    await day.settle()
    (thread,) = day.papers.threads
    assert thread is card.thread
    await day.shows(card, "Discussion")
    await day.cleo.says(thread, "Does it hold for short texts?")
    answer = await day.ben.types(thread, "/paper show", paper="1")
    assert "Maren Oldenburg" in answer.text


async def cleo_hands_in_what_ann_found(day: Day) -> None:
    note = await day.ann.says(day.papers, "Look at https://arxiv.org/abs/2611.00742v2 too!")
    answer = await day.cleo.uses("Submit paper", note)
    assert answer.text.startswith("Handed in “Reading Groups as Ensembles” as no. 6.")
    await day.settle()
    assert "Handed in by\nCleo" in day.card("Reading Groups as Ensembles").text
    answer = await day.ben.uses("Submit paper", note)
    assert "“Reading Groups as Ensembles” is on the list already." in answer.text


async def the_bot_is_restarted(day: Day) -> None:
    """What happens meanwhile is not lost, and every button goes on working."""
    card, before = day.card("Sparse Attention"), list(day.papers.messages)
    await day.stop()
    await day.ann.reacts(card, "👍")
    await day.start()
    await day.shows(card, "Vote 1")
    answer = await day.ann.presses(card, "Claim")
    assert answer.kind == "update", "the card says it"
    await day.shows(card, "Claimed")
    await day.comes_to("2026-11-23 08:30")
    assert day.papers.messages == before
    assert len(day.discord.asked("PUT", "/applications/{application_id}/commands")) == 1


async def mo_takes_a_step_back(day: Day) -> None:
    card = day.card("Tiny Verifiers")
    answer = await day.mo.types(day.papers, "/paper-admin assign", paper="3", member=day.cleo)
    assert answer.text == "Cleo presents “Tiny Verifiers”."
    await day.shows(card, "Claimed")
    answer = await day.mo.types(day.papers, "/paper-admin undo")
    assert answer.text.startswith("Took back what Mo did:")
    await day.shows(card, "Claim")


async def a_card_changes_in_place_after_hours(day: Day) -> None:
    """Discord limits edits of messages older than an hour, so that several votes make one edit."""
    card, before = day.card("Reading Groups as Ensembles"), list(day.papers.messages)
    await day.passes(2 * HOUR)
    edits = len(day.discord.asked("PATCH", ONE_MESSAGE))
    await asyncio.gather(*(member.presses(card, "Vote") for member in (day.mo, day.ann, day.ben)))
    await day.shows(card, "Vote 3")
    await day.cleo.reacts(card, "👍")
    await day.shows(card, "Vote 4", within=MINUTE)
    assert edits < len(day.discord.asked("PATCH", ONE_MESSAGE)) <= edits + 2, "each press shows the card at once"
    assert day.papers.messages == before


async def test_a_day_of_a_reading_group(tmp_path: Path) -> None:
    evening = await play(tmp_path)
    assert evening.startswith("#papers\nPaperclub: Papers for Monday 23 November")


async def test_where_the_bot_may_not_manage_messages_the_emoji_stays_and_the_vote_goes(tmp_path: Path) -> None:
    async with a_server(tmp_path) as day:
        day.papers.denies("manage_messages")
        await day.mo.types(day.papers, "/paper-admin setup", timezone="Europe/Berlin", cards=1, layout="channel")
        await day.mo.types(day.papers, "/paper-admin start")
        await day.comes_to(NINE)
        card = day.card("Sparse Attention")
        await day.cleo.reacts(card, "👍")
        await day.shows(card, "Vote 1")
        await day.cleo.presses(card, "Vote")
        await day.shows(card, "Vote")
        taken = f"{ONE_MESSAGE}/reactions/{{emoji_name}}/{{user_id}}"
        await day.discord.until(lambda: [seen.status for seen in day.discord.asked("DELETE", taken)] == [403])
        assert "Cleo" in card.reactions["👍"]
