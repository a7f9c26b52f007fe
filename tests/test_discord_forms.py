"""Forms on Discord: what they are about, their boxes, and that nothing that was typed is lost with an error."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.chat.discord.inbound.drafts import KEPT_FOR, MOST_OF_ONE, Drafts
from bot.cards import Button, Card, Choice, Form, Input, Reply, Select, read_button
from bot.model import Request
from bot.ports import CommandInfo
from tests.discord_club import Connection, connected
from tests.fakes.core import FakeCore
from tests.fakes.discord import Answer, Channel, ClientRefusal, FakeDiscord, Message

RECAP = Form(
    "How was it?",
    "recap",
    (
        Input("first", "First takeaway", long=True),
        Input("second", "Second takeaway", required=False, long=True),
        Input("third", "Third takeaway", required=False, long=True),
        Input("rating", "Worth our time, 1 to 5", required=False),
        Input("slides", "Slides", "https://example.org", required=False),
    ),
    session=4,
)
TYPED = {"First takeaway": "Sparse\nis enough", "Worth our time, 1 to 5": "six"}
REFUSED = Reply("The rating is a number from 1 to 5.", ok=False)


class FormsCore(FakeCore):
    """Opens a form for whoever asks; `replies` to what is sent, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Reply] = []
        self.takes = 0.0  # seconds

    @property
    def commands(self) -> list[CommandInfo]:
        return [CommandInfo("help", "help"), CommandInfo("recap", "how it was")]

    async def handle(self, request: Request) -> Reply:
        self.requests.append(request)
        await asyncio.sleep(self.takes)
        if request.command == "recap" and "first" in request.args:
            return self.answers.pop(0)
        return Reply("", form=RECAP)


class Table:
    def __init__(self, discord: FakeDiscord, papers: Channel, core: FormsCore, connection: Connection) -> None:
        self.discord = discord
        self.papers = papers
        self.core = core
        self.connection = connection
        assert papers.guild
        self.ann, self.ben = papers.guild.add_member("Ann"), papers.guild.add_member("Ben")

    async def sends(self, *answers: Reply, **typed: str) -> Answer:
        self.core.answers = [*answers]
        form = await self.ann.types(self.papers, "/paper recap")
        return await self.ann.submits(form, typed or TYPED)


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    core = FormsCore()
    async with FakeDiscord() as discord:
        discord.limits.off()
        papers = discord.add_guild("Readers").add_channel("papers")
        async with connected(discord, core) as connection:
            await discord.until(lambda: discord.commands.named("paper", 0, 1))
            yield Table(discord, papers, core, connection)
        assert discord.violations == []


def values(answer: Answer) -> list[str]:
    """What stands in the form that is open."""
    assert answer.modal
    fields = [label["component"] for label in answer.modal.components]
    return [field.get("value", "") for field in fields]


# --- what a form is


async def test_a_form_of_five_boxes_comes_back_with_what_it_is_about(table: Table) -> None:
    answer = await table.sends(Reply("Thank you."))
    assert answer.text == "Thank you."
    request = table.core.requests[-1]
    assert request.command == "recap"
    assert request.args == {
        "session": "4",
        "first": "Sparse\nis enough",
        "second": "",
        "third": "",
        "rating": "six",
        "slides": "https://example.org",
    }


async def test_a_box_for_long_text_has_several_lines(table: Table) -> None:
    answer = await table.ann.types(table.papers, "/paper recap")
    assert answer.modal
    fields = [label["component"] for label in answer.modal.components]
    assert [field["style"] for field in fields] == [2, 2, 2, 1, 1]
    assert [field["required"] for field in fields] == [True, False, False, False, False]
    assert answer.modal.custom_id == "recap@4"


# --- nothing typed is lost


async def test_after_an_error_the_form_is_one_press_away_as_it_was_filled_in(table: Table) -> None:
    answer = await table.sends(REFUSED, REFUSED, Reply("Thank you."))
    assert answer.text == REFUSED.text
    assert answer.buttons == ["Fill it in again"]
    form = await table.ann.presses(answer, "Fill it in again")
    assert form.modal
    assert (form.modal.title, form.modal.custom_id) == ("How was it?", "recap@4")
    assert values(form) == ["Sparse\nis enough", "", "", "six", "https://example.org"]

    answer = await table.ann.submits(form, {"Second takeaway": "Slow"})
    form = await table.ann.presses(answer, "Fill it in again")
    assert values(form) == ["Sparse\nis enough", "Slow", "", "six", "https://example.org"]
    answer = await table.ann.submits(form, {"Worth our time, 1 to 5": "5"})
    assert (answer.text, answer.buttons) == ("Thank you.", [])
    assert table.core.requests[-1].args["second"] == "Slow"


async def test_what_was_taken_is_not_offered_any_more(table: Table) -> None:
    refused = await table.sends(REFUSED, Reply("Thank you."))
    form = await table.ann.presses(refused, "Fill it in again")
    await table.ann.submits(form, {})
    late = await table.ann.presses(refused, "Fill it in again")
    assert late.text == "That form is closed by now. Ask for it once more."
    assert late.is_private


async def test_what_one_typed_is_shown_to_nobody_else(table: Table) -> None:
    refused = await table.sends(REFUSED)
    assert isinstance(refused.message, Message)
    with pytest.raises(ClientRefusal):
        await table.ben.presses(refused, "Fill it in again")
    refused.message.only_for = table.ben.user
    assert "closed by now" in (await table.ben.presses(refused, "Fill it in again")).text


async def test_choices_stay_beside_the_way_back(table: Table) -> None:
    which = Reply("Which one?", choices=(Button("Sparse Attention", "recap", 7, once=True),), ok=False)
    assert (await table.sends(which)).buttons == ["Sparse Attention", "Fill it in again"]


async def test_a_form_that_answers_a_form_is_one_press_away(table: Table) -> None:
    """Discord opens none when one was just sent."""
    more = Form("One more thing", "recap", (Input("first", "First takeaway", "as it was"),), session=4)
    answer = await table.sends(Reply("It needs a rating.", form=more, ok=False))
    assert answer.text == "It needs a rating."
    form = await table.ann.presses(answer, "Fill it in again")
    assert values(form) == ["as it was"]


async def test_a_form_of_a_slow_command_is_one_press_away(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.chat.discord.outbound.answers.GUARD", 0.02)
    table.core.takes = 0.1
    answer = await table.ann.types(table.papers, "/paper recap")
    assert answer.kind == "deferred"
    form = await table.ann.presses(answer, "Fill in the form")
    assert values(form)[4] == "https://example.org"


async def test_a_form_that_was_open_while_the_bot_restarted_loses_nothing(table: Table) -> None:
    form = await table.ann.types(table.papers, "/paper recap")
    await table.connection.stop()
    async with connected(table.discord, table.core):
        table.core.answers = [REFUSED]
        answer = await table.ann.submits(form, TYPED)
        again = await table.ann.presses(answer, "Fill it in again")
        assert again.modal
        assert again.modal.custom_id == "recap@4"
        assert again.modal.labels == ["First", "Second", "Third", "Rating", "Slides"]
        assert values(again)[0] == "Sparse\nis enough"


# --- how long, and how many


def drafts_of(user: int, drafts: Drafts, count: int = 1) -> list[str]:
    replies = [drafts.offered(REFUSED, user, RECAP, "Again") for _ in range(count)]
    return [reply.choices[-1].id for reply in replies]


def test_drafts_are_kept_for_a_while_and_a_few_of_each_member() -> None:
    now = 0.0
    drafts = Drafts(lambda: now)
    kept = drafts_of(1, drafts, MOST_OF_ONE + 2)
    (other,) = drafts_of(2, drafts)
    assert [drafts.draft(1, key) is not None for key in kept] == [False] * 2 + [True] * MOST_OF_ONE
    assert drafts.draft(2, other) == RECAP
    assert drafts.draft(1, other) is None
    now = KEPT_FOR + 1
    assert drafts.draft(2, other) is None
    drafts_of(3, drafts)
    assert len(drafts._kept) == 1


def test_drafts_of_all_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.chat.discord.inbound.drafts.MOST", 10)
    drafts = Drafts(lambda: 0.0)
    for user in range(30):
        drafts.opened(user, RECAP)
        drafts_of(user, drafts)
    assert (len(drafts._kept), len(drafts._opened)) == (10, 10)


# --- buttons beyond five rows


async def test_a_button_for_which_there_is_no_row_is_in_a_menu(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Request] = []

    async def handle(request: Request) -> Reply:
        heard.append(request)
        buttons = tuple(Button(f"Number {n}", "claim", n, session=9) for n in range(1, 31))
        menu = Select("Days", "days", "day", (Choice("Monday", "mon"),))
        return Reply("", (Card("session", "Room", buttons=buttons, selects=(menu,)),))

    monkeypatch.setattr(table.core, "handle", handle)
    answer = await table.ann.types(table.papers, "/paper help")
    assert answer.buttons == [f"Number {n}" for n in range(1, 16)]
    assert answer.selects == ["More…", "Days"]
    await table.ann.chooses(answer, "More…", "Number 30")
    assert (heard[-1].command, heard[-1].args) == read_button("claim@9:30")
    assert heard[-1].pressed


def test_read_button_reads_the_id_of_a_form() -> None:
    about: dict[str, Any] = {"session": "4"}
    assert read_button(RECAP.id) == ("recap", about)
