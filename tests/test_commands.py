"""The command table, what members may type, and the errors that say what to do."""

import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.cards import Button, read_button
from bot.commands import TABLE
from bot.commands.table import Command, Policy, find_command, read_line
from bot.languages import Reader
from bot.model import Request
from tests.club import BERLIN, Town, town
from tests.fakes.source import ListedSource, paper

FOR_ANYONE = {"today", "search", "show", "summary", "next", "archive", "help", "status", "join"}


@pytest.fixture(autouse=True)
async def _posted(readers: Town) -> None:
    readers.source.announce(
        "2026-11-23",
        paper(1, "Sparse Attention Is Enough", upvotes=9),
        paper(2, "Sparse Rewards Are Not", upvotes=8),
        paper(3, "Tiny Verifiers", upvotes=7, abstract="We present a verifier for diffusion sampling."),
    )
    await readers.wait_until("2026-11-23 08:00")


def test_every_command_that_is_written_is_in_the_table() -> None:
    names = [found.name for found in pkgutil.walk_packages(commands.__path__, "bot.commands.")]
    written = {
        row for name in names for row in vars(importlib.import_module(name)).values() if isinstance(row, Command)
    }
    assert written == set(TABLE)


BESIDE = {  # commands that share the code of another, in whose file they stand
    "unvote": "vote",
    "pass": "vote",
    "release": "claim",
    "unsave": "save",
    "handover": "present",
    "moderate": "join",
    "admin next": "pick",
    "start": "setup",
    "stop": "setup",
    "reset": "settings",
    "restore": "drop",
    "unpass": "vote",
}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_command_is_found_by_the_words_that_are_typed(row: Command) -> None:
    folder = "admin." if row.policy is Policy.MODERATOR else f"{row.info.subgroup.word}." if row.info.subgroup else ""
    file = BESIDE.get(row.name, row.word.replace("-", "_"))
    assert row.run.__module__ == f"bot.commands.{folder}{file}"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_command_has_a_policy_and_says_what_it_does(row: Command) -> None:
    assert isinstance(row.policy, Policy)
    assert row.about
    assert all(parameter.about for parameter in row.parameters)
    assert (row.policy is Policy.ANYONE) == (row.name in FOR_ANYONE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_command_typed_as_its_usage_shows_is_read_as_meant(row: Command) -> None:
    typed = re.sub(r"[\[\]]", "", row.usage)
    expected = {parameter.name: parameter.name.upper() for parameter in row.parameters}
    assert read_line(TABLE, typed) == (row.name, expected)


def test_the_first_parameter_is_shown_bare_and_the_others_behind_their_names() -> None:
    usages = {row.usage for row in TABLE}
    assert {"/paper-admin assign PAPER member:MEMBER", "/paper claim PAPER [as:AS]", "/paper mine"} <= usages


def test_names_of_commands_are_unique() -> None:
    assert len({row.name for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize(
    "typed",
    [
        "1",
        "#1",
        "1.",
        "no. 1",
        "Nr 1",
        '"Sparse Attention Is Enough"',
        "2611.00001",
        "2611.00001v2",
        "arXiv:2611.00001",
        "https://arxiv.org/abs/2611.00001",
        "<https://arxiv.org/pdf/2611.00001.pdf>",
        "https://huggingface.co/papers/2611.00001",
        "attention",
        "sparse attent",
        "Sparse Attention Is Enough",
        "paper: 1",
        "[1]",
        "(1)",
        "1st",
        "１",
        "№ 1",
        "①",
        '"1"',
    ],
)
async def test_a_paper_is_found_by_number_id_link_or_words_of_its_title(readers: Town, typed: str) -> None:
    reply = await readers.visitor().says(f"/paper show {typed}")
    assert [card.title for card in reply.cards] == ["Sparse Attention Is Enough"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/paper show 9", "The newest list has numbers 1 to 3. /paper today shows it."),
        ("/paper show 2611.09999", '"2611.09999" is not on this group\'s list. /paper search finds papers that are.'),
        ("/paper show quantum", 'No title holds "quantum". /paper search looks into the abstracts too.'),
        ("/paper show ???", 'No title holds "???". /paper search looks into the abstracts too.'),
        ("/paper show entry:99", "That paper is not on this group's list."),
        ("/paper show entry:x", "That paper is not on this group's list."),
        ("/paper vot 1", 'There is no command "vot". Did you mean "/paper vote"?'),
        ("/paper qqqq", 'There is no command "qqqq". "/paper help" lists them.'),
        ("/paper meeting rsv yes", 'There is no command "meeting rsv". Did you mean "/paper meeting rsvp"?'),
        ("/paper rsv yes", 'There is no command "rsv". Did you mean "/paper meeting rsvp"?'),
        ("/paper meetin rsvp", 'There is no command "meetin". Did you mean "/paper meeting"?'),
        ("/paper meeting vote 1", 'There is no command "meeting vote". Did you mean "/paper vote"?'),
        ("/paper meeting qqqq", 'There is no command "meeting qqqq". "/paper help meeting" lists them.'),
        ("/paper my rots", 'There is no command "my rots". Did you mean "/paper my rota"?'),
        ("/paper-admin meeting rsvp", 'There is no command "meeting". Did you mean "/paper meeting"?'),
        ("/paper relase 1", 'There is no command "relase". Did you mean "/paper release"?'),
        ("/paper search", "Say what to look for: /paper search QUERY"),
        ("/paper today 2026-13-40", '"2026-13-40" is not a date; write it as 2026-01-31.'),
        ("/paper help nonsense", 'There is no command "nonsense". /paper help lists them.'),
    ],
)
async def test_an_error_says_what_to_do(readers: Town, line: str, answer: str) -> None:
    reply = await readers.visitor().says(line)
    assert (reply.ok, reply.text) == (False, answer)


@pytest.mark.parametrize("typed", ["-1", "- 1", "0", "4", "1-3", "1 2", "1,2", "2.5", "+1", "[7]", "no. 12", "2611.1"])
async def test_what_looks_like_a_number_is_never_looked_for_in_titles(readers: Town, typed: str) -> None:
    readers.source.announce("2026-11-24", paper(7, "7 Tokens, 12 Heads, 1-3 Layers: -1 to 2.5", upvotes=1))
    await readers.wait_until("2026-11-24 08:00")
    reply = await (await readers.member("Ann")).says(f"/paper vote {typed}")
    assert (reply.ok, reply.text) == (False, "The newest list has numbers 1 to 1. /paper today shows it.")
    assert reply.choices == ()


async def test_words_that_fit_one_title_ask_before_anything_is_done(readers: Town) -> None:
    ann = await readers.member("Ann")
    for typed in ("attention", "sparse attent"):
        reply = await ann.says(f"/paper claim {typed} as:backup")
        assert (reply.ok, reply.text) == (False, f'Did you mean this one by "{typed}"?')
        assert [choice.label for choice in reply.choices] == ["Sparse Attention Is Enough"]
    assert (await readers.card("Sparse Attention")).buttons[1].label == "Claim"
    claimed = await ann.presses_button(reply.choices[0])
    assert claimed.text.startswith("You claimed “Sparse Attention Is Enough”")
    for exact in ("sparse attention is enough", "Sparse  Attention Is Enough!", "2611.00001"):
        assert (await ann.says(f"/paper vote {exact}")).ok


async def test_what_was_typed_beside_the_words_goes_along_with_the_choice(readers: Town) -> None:
    mod = readers.user("discord:1", "Mo", "", "moderator")
    mod.group = "readers"
    asked = await mod.says("/paper-admin drop sparse att reason:withdrawn, they say: 5 = 7 & more")
    assert (await mod.presses_button(asked.choices[0])).text.startswith(
        "“Sparse Attention Is Enough” is dropped (withdrawn, they say: 5 = 7 & more)"
    )
    long = await mod.says(f"/paper-admin drop sparse rew reason:{'because ' * 20}")
    assert not long.choices
    assert long.text == (
        'Did you mean this one by "sparse rew"?\nType it again with one of these:\n'
        "paper:entry:2 – Sparse Rewards Are Not"
    )
    assert (await mod.says("/paper-admin drop paper:entry:2 reason:x")).ok


async def test_words_that_fit_several_titles_are_asked_back_and_one_press_answers(readers: Town) -> None:
    ann = await readers.member("Ann")
    reply = await ann.says("/paper vote sparse")
    assert reply.text == 'Several titles hold "sparse". Which one?'
    assert {choice.label for choice in reply.choices} == {"Sparse Attention Is Enough", "Sparse Rewards Are Not"}
    choice = next(choice for choice in reply.choices if "Rewards" in choice.label)
    assert (await ann.presses_button(choice)).text.startswith("You voted for “Sparse Rewards Are Not”")
    again = await ann.presses_button(choice)
    assert again.text.startswith("Your vote already stands"), "what was typed was vote, not take it back"


async def test_search_looks_into_titles_abstracts_and_authors(readers: Town) -> None:
    visitor = readers.visitor()
    assert [c.title for c in (await visitor.says("/paper search diffusion")).cards] == ["Tiny Verifiers"]
    assert (await visitor.says("/paper search sparse")).text == '2 papers for "sparse"'
    assert len((await visitor.says("/paper search ada example")).cards) == 3
    nothing = await visitor.says("/paper search zebra")
    assert nothing.text == 'Nothing on this group\'s lists has all of "zebra". Fewer or shorter words find more.'


async def test_show_tells_all_and_summary_one_sentence(readers: Town) -> None:
    visitor = readers.visitor()
    card = (await visitor.says("/paper show 3")).cards[0]
    assert card.body == "We present a verifier for diffusion sampling."
    assert ("Known as", "arxiv:2611.00003") in [(field.name, field.value) for field in card.fields]
    for _ in range(2):  # the third has no card, so its summary is made when it is asked for, and kept
        reply = await visitor.says("/paper summary 3")
        assert reply.text == "We present a verifier for diffusion sampling. (from the abstract)"
        assert reply.cards[0].title == "Tiny Verifiers"


async def test_help_begins_with_the_words_of_every_day_each_with_an_example(readers: Town) -> None:
    reply = await readers.visitor().says("/paper")
    (card,) = reply.cards
    assert [one.typed.removeprefix("/paper ") for one in card.commands] == [
        "today", "search", "vote", "claim", "submit", "next", "meeting rsvp", "mine"
    ]  # fmt: skip
    assert [one.example for one in card.commands if one.example][1:3] == ["/paper vote 3", "/paper claim 3"]
    for one in card.commands:
        assert not set("[]") & set(f"{one.typed} {one.about} {one.example}")
        name, given = read_line(TABLE, one.example or one.typed)
        assert find_command(TABLE, Request("1", "web:x", name, given)).typed == one.typed
    assert reply.text.startswith("The day's papers are posted here, each with a sentence")
    assert len(reply.text) + sum(len(one.about) for one in card.commands) < 1000, "one screen"


async def test_the_rest_is_told_by_topic_and_nothing_is_left_out(readers: Town) -> None:
    visitor = readers.visitor()
    begin = await visitor.says("/paper help")
    assert [one.label for one in begin.choices] == ["Papers", "The meeting", "Your own", "About Paperclub"]
    cards = [(await visitor.presses_button(topic)).cards[0] for topic in begin.choices]
    assert [card.title for card in cards] == [one.label for one in begin.choices]
    told = [one.typed for card in cards for one in card.commands]
    assert told == [row.typed for row in TABLE if row.is_offered_on("web") and not row.info.moderators]
    whole = await visitor.says("/paper help all")
    assert [one.typed for card in whole.cards[1:] for one in card.commands] == told


async def test_moderators_have_a_topic_of_their_own(readers: Town) -> None:
    ann = await readers.member("Ann")
    refused = await ann.says("/paper help moderators")
    assert (refused.ok, refused.text) == (False, "That is for moderators. /paper help tells what you can do.")
    assert not (await ann.says("/paper-admin help")).ok
    assert not any(one.label == "For moderators" for one in (await ann.says("/paper help")).choices)
    mo = readers.user("web:mo", "Mo", "web:readers", "moderator")
    assert any(one.label == "For moderators" for one in (await mo.says("/paper help")).choices)
    offered = [row.typed for row in TABLE if row.info.moderators and row.is_offered_on("web")]
    for line in ("/paper help moderators", "/paper-admin help", "/paper-admin"):
        (card,) = (await mo.says(line)).cards
        assert [one.typed for one in card.commands] == offered, line


async def test_help_explains_one_command(readers: Town) -> None:
    text = (await readers.visitor().says("/paper help vote")).text
    assert text.startswith("/paper vote: I'd like us to read this; unvote, or the button pressed again, takes it back")
    assert (await readers.visitor().says("/paper help vote")).text.splitlines()[-1] == "For members."
    assert "(join or skip or open)" in (await readers.visitor().says("/paper help rsvp")).text
    assert (await readers.visitor().says("/paper help paper-admin reopen")).text.startswith("/paper-admin reopen")


@pytest.mark.parametrize("typed", ["/paper help meeting", "/paper meeting", "meeting", "/paper HELP Meeting"])
async def test_the_word_of_a_section_lists_what_stands_behind_it_and_beside_it(readers: Town, typed: str) -> None:
    (card,) = (await readers.visitor().says(typed)).cards
    first, *rest = (one.typed for one in card.commands)
    assert (card.title, first, len(rest)) == ("The meeting", "/paper next", 7)
    assert all(typed.startswith("/paper meeting ") for typed in rest)


@pytest.mark.parametrize("asked", ["rsvp", "meeting rsvp", "/paper meeting rsvp", "/paper rsvp"])
async def test_one_command_of_a_section_is_explained_by_either_spelling(readers: Town, asked: str) -> None:
    lines = (await readers.visitor().says(f"/paper help {asked}")).text.splitlines()
    assert lines[0].startswith("/paper meeting rsvp: ")


async def test_what_completion_offers_for_help_is_explained(readers: Town) -> None:
    for row in TABLE:
        if row.is_offered_on("web"):
            lines = (await readers.visitor().says("/paper help", command=row.name)).text.splitlines()
            assert row.line_for(Reader()) in lines


GROUPED = [row for row in TABLE if row.info.subgroup]


@pytest.mark.parametrize("row", GROUPED, ids=lambda row: row.name)
@pytest.mark.parametrize("before", ["/paper {0} {1}", "/paper {1}", "{1}", "{0}  {1}", "/PAPER {0}\t{1}"])
def test_the_word_of_its_section_may_stand_before_a_command(row: Command, before: str) -> None:
    line = before.format(row.info.section.word, row.word)
    first = row.parameters[0].name if row.parameters else "words"
    assert read_line(TABLE, line) == (row.name, {})
    assert read_line(TABLE, f"{line} yes, 2") == (row.name, {first: "yes, 2"})


def test_everyday_words_stand_on_top_and_those_of_an_occasion_behind_its_word() -> None:
    typed = {row.typed for row in TABLE}
    for word in ("search", "show", "vote", "unvote", "pass", "claim", "release", "summary", "discuss", "submit"):
        assert f"/paper {word}" in typed
    for word in ("today", "next", "mine", "help", "status", "join", "moderate"):
        assert f"/paper {word}" in typed
    for word in ("rsvp", "ask", "present", "handover", "ballot", "recap", "archive"):
        assert f"/paper meeting {word}" in typed
    assert {"/paper my rota", "/paper my link"} <= typed


async def test_commands_of_the_web_are_offered_there_only(readers: Town) -> None:
    reply = await readers.club.app.handle(Request("1", "slack:T1/U1", "join", {"name": "Ann"}, group="readers"))
    assert reply.text.startswith('There is no command "join".')


async def test_a_thread_belongs_to_its_channel_and_elsewhere_nobody_meets(readers: Town) -> None:
    thread = Request("1", "web:x", "today", place="web:readers/thread-5")
    assert (await readers.club.app.handle(thread)).ok
    other = await readers.club.app.handle(replace(thread, place="web:elsewhere"))
    assert other.text.startswith("No reading group meets in this channel.")


async def test_a_platform_that_knows_a_name_needs_no_join_and_a_new_name_is_taken_over(readers: Town) -> None:
    press = Request("1", "discord:7", "claim", {"paper": "1"}, group="readers", display_name="Bo")
    assert (await readers.club.app.handle(press)).ok
    await readers.club.app.handle(replace(press, id="2", command="mine", args={}, display_name="Bo the Reader"))
    readers.clock.move(seconds=5)
    await readers.tick()
    member = await readers.club.app.whoami("readers", "discord:7")
    assert member is not None
    assert member.name == "Bo the Reader"


async def test_a_code_makes_one_moderator_once(readers: Town) -> None:
    from bot.serve import offer_codes

    codes = await offer_codes(readers.club)
    ann, bob = await readers.member("Ann"), await readers.member("Bob")
    assert not (await ann.says("/paper moderate 0000-0000")).ok
    assert (await ann.says(f"/paper moderate {codes['readers'].lower()}")).ok
    assert not (await bob.says(f"/paper moderate {codes['readers']}")).ok
    member = await readers.club.app.whoami("readers", ann.account)
    assert member is not None
    assert member.role == "moderator"


async def test_status_tells_posts_sources_and_deliveries(readers: Town) -> None:
    lines = (await readers.visitor().says("/paper status")).text.splitlines()
    assert lines[1:] == [
        "Next post: Tuesday 24 November, 09:00 CET.",
        "Last post: Monday 23 November, 3 papers.",
        "The Gazette, Monday 23 November: 3 papers.",
        "Every message was delivered.",
    ]


async def test_today_before_anything_was_posted_says_when(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    async with town(folder, BERLIN, source=ListedSource()) as empty:
        reply = await empty.visitor().says("/paper today")
        assert reply.text == "Nothing was posted yet. The first post is due at 09:00 (Europe/Berlin), mon-fri."


async def test_a_database_that_is_gone_is_told_to_the_one_who_asks(
    readers: Town, caplog: pytest.LogCaptureFixture
) -> None:
    await readers.club.store.close()
    reply = await readers.club.app.handle(Request("1", "web:x", "today", group="readers"))
    assert not reply.ok
    assert reply.text == "That did not work just now. Look whether it was done before you try again."
    assert caplog.records


@given(st.text(max_size=60))
def test_any_line_is_read_as_some_command(line: str) -> None:
    name, args = read_line(TABLE, line)
    assert name == name.strip().lower()
    assert all(args.values())


@given(st.integers(1, 10**15))
def test_a_button_id_survives_the_trip_and_is_short(entry: int) -> None:
    button = Button("Vote 3", "vote", entry)
    assert read_button(button.id) == ("vote", {"paper": f"entry:{entry}"})
    assert len(button.id.encode()) <= 100
