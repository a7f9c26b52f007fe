"""Private answers on Discord: in time, once, to the asker only, whatever happens on the way."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import pytest

from adapters.chat.discord.commands import payload
from bot.cards import Button, Card, Choice, Field, Form, Input, Message, Reply, Select
from bot.model import Request
from bot.ports import CommandInfo, Delivery, ParameterInfo, Section
from tests.discord_club import Connection, connected
from tests.fakes.core import FakeCore
from tests.fakes.discord import Answer, Channel, FakeDiscord, Member

PAPER = ParameterInfo("paper", "which", "paper", completes=True)
PLACE = ParameterInfo("place", "which", "number", completes=True)
MEETING = Section("The meeting", "meeting", "who comes", {"de": ("treffen", "wer kommt")})
COMMANDS = (
    CommandInfo("help", "help"),
    CommandInfo("show", "all that is known", (PAPER,)),
    CommandInfo("summary", "in a sentence", (PAPER,), slow=True),
    CommandInfo("submit", "hand in a paper", (ParameterInfo("link", "its link", required=False),)),
    CommandInfo("save", "keep a paper to read", (ParameterInfo("paper", "which", required=False),)),
    CommandInfo("join", "your name", only_on=("web",)),
    CommandInfo(
        "admin setup",
        "how it runs",
        (
            ParameterInfo("zone", "the zone", required=False, translations={"de": ("zone", "die Zeitzone")}),
            ParameterInfo("cards", "how many", "number", required=False),
            ParameterInfo("member", "who", "member", required=False),
            ParameterInfo("channel", "where", "channel", required=False),
            ParameterInfo("layout", "how", choices=(Choice("Channel", "channel"), Choice("Thread", "thread"))),
        ),
        moderators=True,
    ),
    CommandInfo("assign", "give a paper to a member", (PAPER,), slow=True, moderators=True),
    CommandInfo("next", "what is next"),
    CommandInfo(
        "admin next", "the runner-up", (ParameterInfo("place", "which", "number", completes=True),), moderators=True
    ),
    CommandInfo("present", "I present", (PAPER,), slow=True, section=MEETING),
)


class ScriptedCore(FakeCore):
    """Answers what the test says, when it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.reply = Reply("Done.")
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.choices: Sequence[Choice] = ()
        self.typed: list[tuple[Request, str, str]] = []

    @property
    def commands(self) -> Sequence[CommandInfo]:
        return COMMANDS

    async def handle(self, request: Request) -> Reply:
        self.requests.append(request)
        await self.may_answer.wait()
        return self.reply

    async def complete(self, request: Request, parameter: str, typed: str) -> Sequence[Choice]:
        self.typed.append((request, parameter, typed))
        await self.may_answer.wait()
        return self.choices

    @property
    def asked(self) -> tuple[str, Mapping[str, str]]:
        return self.requests[-1].command, self.requests[-1].args


class Room:
    """One channel, Ann, and a bot that says what the test wants."""

    def __init__(self, discord: FakeDiscord, papers: Channel, connection: Connection, core: ScriptedCore) -> None:
        self.discord = discord
        self.papers = papers
        self.connection = connection
        self.core = core
        assert papers.guild
        self.guild = papers.guild
        self.ann = self.guild.add_member("Ann")
        self.mo = self.guild.add_member("Mo", permissions={"manage_events"}, locale="de", nick="Moritz")

    async def says(self, reply: Reply, by: Member | None = None) -> Answer:
        self.core.reply = reply
        return await (by or self.ann).types(self.papers, "/paper help")


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    core = ScriptedCore()
    async with FakeDiscord() as discord:
        papers = discord.add_guild("Readers").add_channel("papers")
        async with connected(discord, core) as connection:
            await discord.until(lambda: discord.commands.named("paper", 0, 1))
            yield Room(discord, papers, connection, core)


# --- what the core hears


async def test_a_command_is_a_request(room: Room) -> None:
    await room.mo.types(room.papers, "/paper show", paper="entry:5")
    (request,) = room.core.requests
    assert request.account == f"discord:{room.mo.id}"
    assert (request.command, request.args) == ("show", {"paper": "entry:5"})
    assert request.place == f"discord:{room.guild.id}/{room.papers.id}"
    assert (request.place_name, request.display_name, request.locale) == ("papers", "Moritz", "de")
    assert request.roles == {"moderator", "server_moderator"}
    assert request.id.isdecimal()
    assert not request.pressed


async def test_who_manages_no_events_is_no_moderator(room: Room) -> None:
    await room.ann.types(room.papers, "/paper help")
    assert room.core.requests[0].roles == frozenset()


async def test_members_channels_and_numbers_come_as_the_core_knows_them(room: Room) -> None:
    await room.mo.types(
        room.papers, "/paper-admin setup", layout="thread", cards=3, member=room.ann, channel=room.papers
    )
    assert room.core.asked == (
        "admin setup",
        {
            "layout": "thread",
            "cards": "3",
            "member": f"discord:{room.ann.id}",
            "member_name": "Ann",
            "channel": f"discord:{room.guild.id}/{room.papers.id}",
        },
    )


async def test_members_and_moderators_have_commands_of_one_word(room: Room) -> None:
    await room.ann.types(room.papers, "/paper next")
    await room.mo.types(room.papers, "/paper-admin next", place=2)
    assert [request.command for request in room.core.requests] == ["next", "admin next"]


async def test_a_slow_command_of_moderators_is_deferred_too(room: Room) -> None:
    typed = await room.mo.types(room.papers, "/paper-admin assign", paper="1")
    panel = await room.says(Reply("Which?", choices=(Button("This", "assign", 7),)), room.mo)
    pressed = await room.mo.presses(panel, "This")
    assert [typed.kind, pressed.kind] == ["deferred", "deferred"]
    assert [request.command for request in room.core.requests] == ["admin assign", "help", "assign"]


async def test_values_of_a_moderators_command_are_completed_as_what_they_are(room: Room) -> None:
    room.core.choices = [Choice("The second", "2")]
    (offered,) = await room.mo.completes(room.papers, "/paper-admin next", place="")
    assert offered.value == 2
    ((request, parameter, _),) = room.core.typed
    assert (request.command, parameter) == ("admin next", "place")


async def test_a_request_from_a_thread_names_its_channel(room: Room) -> None:
    note = await room.ann.says(room.papers, "hello")
    thread = room.discord.world.posts.start_thread(room.papers, "a talk", room.ann.user, 11, note)
    await room.ann.types(thread, "/paper help")
    request = room.core.requests[0]
    assert request.place == f"discord:{room.guild.id}/{room.papers.id}/{thread.id}"
    assert request.place_name == "papers"


@pytest.mark.parametrize(
    ("menu", "command", "parameter"),
    [("Save to reading list", "save", "paper"), ("Submit paper", "submit", "link")],
)
async def test_a_message_is_kept_or_handed_in_with_its_links(
    room: Room, menu: str, command: str, parameter: str
) -> None:
    note = await room.ann.says(room.papers, "look: https://arxiv.org/abs/2501.01234")
    await room.ann.uses(menu, note)
    asked, args = room.core.asked
    assert asked == command
    assert "https://arxiv.org/abs/2501.01234" in args[parameter]


async def test_a_button_says_what_it_does(room: Room) -> None:
    answer = await room.says(Reply("Which?", choices=(Button("This", "vote", 7, once=True),)))
    await room.ann.presses(answer, "This")
    assert room.core.asked == ("vote", {"paper": "entry:7", "once": "yes"})
    assert room.core.requests[-1].pressed


async def test_a_menu_says_what_was_chosen(room: Room) -> None:
    menu = Select(
        "Zone…", "setup", "zone", (Choice("Berlin", "Europe/Berlin"), Choice("Rome", "Europe/Rome")), many=True
    )
    answer = await room.says(Reply("Set up", (Card("notice", "Setup", selects=(menu,)),)))
    await room.ann.chooses(answer, "Zone…", "Berlin", "Rome")
    assert room.core.asked == ("setup", {"zone": "Europe/Berlin,Europe/Rome"})
    assert room.core.requests[-1].pressed


# --- forms


FORM = Form("Add a paper", "submit", (Input("link", "Link"), Input("why", "Why", "because", required=False, long=True)))


async def test_a_form_opens_and_its_values_come_back(room: Room) -> None:
    answer = await room.says(Reply("Type /paper submit LINK.", form=FORM))
    assert answer.modal
    room.core.reply = Reply("Thanks.")
    thanks = await room.ann.submits(answer, {"Link": "https://arxiv.org/abs/2501.01234"})
    assert room.core.asked == ("submit", {"link": "https://arxiv.org/abs/2501.01234", "why": "because"})
    assert thanks.is_private


async def test_where_no_form_can_open_the_words_are_shown(room: Room) -> None:
    room.core.reply = Reply("Type /paper submit LINK.", form=FORM)
    deferred = await room.ann.types(room.papers, "/paper summary", paper="1")
    assert deferred.kind == "deferred"
    assert deferred.text == "Type /paper submit LINK."


# --- what is typed


async def test_values_are_offered_while_typing(room: Room) -> None:
    room.core.choices = [Choice("Attention " * 30, "entry:1"), *(Choice(f"T{n}", f"entry:{n}") for n in range(2, 40))]
    offered = await room.ann.completes(room.papers, "/paper show", paper="att")
    assert len(offered) == 25
    assert offered[0].value == "entry:1"
    assert len(offered[0].name) <= 100
    ((request, parameter, typed),) = room.core.typed
    assert (request.command, parameter, typed) == ("show", "paper", "att")


async def test_a_command_of_a_group_is_heard_by_its_name_and_completed(room: Room) -> None:
    answer = await room.ann.types(room.papers, "/paper meeting present", paper="1")
    assert answer.kind == "deferred", "it is one of the slow ones"
    assert room.core.asked == ("present", {"paper": "1"})
    await room.ann.completes(room.papers, "/paper meeting present", paper="att")
    ((request, parameter, typed),) = room.core.typed
    assert (request.command, parameter, typed) == ("present", "paper", "att")


async def test_a_client_that_does_not_know_of_the_group_is_understood(room: Room) -> None:
    before = [replace(command, section=Section("")) for command in COMMANDS]
    room.discord.commands.replace_all(0, payload(before))
    await room.ann.types(room.papers, "/paper present", paper="1")
    assert room.core.asked == ("present", {"paper": "1"})


async def test_nothing_is_offered_when_the_index_is_slow(room: Room) -> None:
    room.core.may_answer.clear()
    offered = await room.ann.completes(room.papers, "/paper show", within=1.5, paper="att")
    assert offered == []


# --- in time and once


async def test_every_answer_is_private(room: Room) -> None:
    for answer in (
        await room.says(Reply("Hello")),
        await room.says(Reply("No.", ok=False)),
        await room.ann.types(room.papers, "/paper summary", paper="1"),
    ):
        assert answer.is_private
        assert all(message.is_private for message in answer.followups)
    assert room.papers.messages == []


async def test_1_a_slow_command_is_deferred_before_it_is_done(room: Room) -> None:
    room.core.may_answer.clear()
    answer = await room.ann.types(room.papers, "/paper summary", paper="1", within=0.5, first_only=True)
    assert answer.kind == "deferred"
    room.core.may_answer.set()
    await room.ann.finishes(answer)
    assert answer.text == "Done."


async def test_1_a_command_that_takes_long_by_accident_is_deferred_too(room: Room) -> None:
    room.core.may_answer.clear()
    answer = await room.ann.types(room.papers, "/paper help", first_only=True)
    assert answer.kind == "deferred"
    assert 1.0 < answer.took < 2.5
    room.core.may_answer.set()
    await room.ann.finishes(answer)
    assert answer.text == "Done."


async def test_2_an_answer_whose_receipt_is_lost_comes_once_and_is_no_error(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.discord.next("POST", r"/callback$", "lost", status=502)
    answer = await room.says(Reply("Hello"))
    await room.discord.until(lambda: len(room.discord.asked("POST", CALLBACK)) == 2)
    assert answer.text == "Hello"
    await room.says(Reply("Again"))
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


@pytest.mark.parametrize("fault", ["status", "unavailable", "reset"])
async def test_2_an_answer_that_did_not_arrive_is_given_again_in_time(room: Room, fault: str) -> None:
    room.discord.next("POST", r"/callback$", fault, status=500, times=2)  # type: ignore[arg-type]
    assert (await room.says(Reply("Hello"))).text == "Hello"


async def test_an_answer_that_comes_too_late_is_logged_once(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.discord.next("POST", r"/callback$", "status", status=404, code=10062)
    room.core.reply = Reply("Hello")
    with pytest.raises(AssertionError, match="did not respond"):
        await room.ann.types(room.papers, "/paper help", within=0.3)
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert f"the answer to help by discord:{room.ann.id} came too late" in warnings[0]


async def test_an_answer_waits_out_a_rate_limit(room: Room) -> None:
    room.discord.next("POST", r"/callback$", "rate_limited", retry_after=0.05)
    assert (await room.says(Reply("Hello"))).text == "Hello"


async def test_an_answer_under_way_is_given_before_the_program_leaves(room: Room) -> None:
    room.core.may_answer.clear()
    asking = asyncio.create_task(room.ann.types(room.papers, "/paper help"))
    await room.discord.until(lambda: any("callback" in r.path for r in room.discord.requests) or room.core.requests)
    leaving = asyncio.create_task(room.connection.stop())
    asyncio.get_running_loop().call_later(0.05, room.core.may_answer.set)
    assert (await asking).text == "Done."
    await leaving


async def test_a_reply_that_replaces_changes_the_private_answer(room: Room) -> None:
    menu = Select("Zone…", "setup", "zone", (Choice("Berlin", "Europe/Berlin"),))
    answer = await room.says(Reply("Set up", (Card("notice", "Setup", selects=(menu,)),)))
    room.core.reply = Reply("Saved.", replaces=True)
    changed = await room.ann.chooses(answer, "Zone…", "Berlin")
    assert changed.kind == "update"
    assert answer.text == "Saved."
    assert answer.selects == []


async def test_a_public_card_is_never_replaced_by_a_private_answer(room: Room) -> None:
    card = Card("paper", "A paper", buttons=(Button("Vote", "vote", 1),), entry=1)
    place = f"discord:{room.guild.id}/{room.papers.id}"
    await room.connection.surface.post(Delivery(1, place, "1.0"), Message("A paper", card))
    room.core.reply = Reply("Mine", replaces=True)
    answer = await room.ann.presses(room.papers.messages[0], "Vote")
    assert answer.kind == "message"
    assert answer.is_private
    assert "A paper" in room.papers.messages[0].text


async def test_a_long_list_follows_in_private_messages(room: Room) -> None:
    cards = tuple(
        Card("paper", f"Paper {n}", fields=(Field("Claimed by", "Ben"),), entry=n, number=n) for n in range(1, 60)
    )
    answer = await room.says(Reply("Many", cards))
    await room.discord.until(lambda: len(answer.followups) == 2)
    assert all(message.is_private for message in answer.followups)
    assert answer.selects == ["Show one…"]
    room.core.reply = Reply("One", cards[:1])
    await room.ann.chooses(answer, "Show one…", "entry:3")
    assert room.core.asked == ("show", {"paper": "entry:3"})


async def test_nobody_is_pinged_by_an_answer(room: Room) -> None:
    answer = await room.says(Reply(f"@everyone <@{room.ann.id}>", choices=(Button("@everyone", "vote", 1),)))
    assert answer.message
    assert answer.message.pinged == set()


async def test_the_bot_keeps_discords_rules(room: Room) -> None:
    await room.says(Reply("x" * 9000, choices=tuple(Button(f"B{n}", "vote", n) for n in range(40))))
    assert room.discord.violations == []


# --- commands


async def test_what_discord_offers_is_the_table(room: Room) -> None:
    paper = room.discord.commands.named("paper", 0, 1)
    admin = room.discord.commands.named("paper-admin", 0, 1)
    assert paper
    assert admin
    assert [option["name"] for option in paper["options"]] == [
        "help",
        "show",
        "summary",
        "submit",
        "save",
        "next",
        "meeting",
    ]
    assert admin["default_member_permissions"] == str(1 << 33)
    zone = next(o for o in admin["options"][0]["options"] if o["name"] == "zone")
    assert zone["description_localizations"] == {"de": "die Zeitzone"}
    assert admin["options"][0]["options"][0]["name"] == "layout"  # the required one first
    assert [command["contexts"] for command in (paper, admin)] == [[0], [0]]


async def test_4_commands_are_sent_only_when_they_changed(room: Room) -> None:
    await room.connection.stop()
    async with connected(room.discord, room.core):
        await room.discord.connected()
        await room.ann.types(room.papers, "/paper help")
        assert len(room.discord.asked("PUT", "/applications/{application_id}/commands")) == 1


async def test_4_a_refused_registration_stops_nothing() -> None:
    core = ScriptedCore()
    async with FakeDiscord() as discord:
        discord.add_guild("Readers").add_channel("papers")
        discord.next("PUT", r"/commands$", "status", status=400, code=30034)
        async with connected(discord, core) as connection:
            await discord.until(lambda: discord.faults.met)
            assert connection.surface.trouble == ""
            assert core.remembered == {}
