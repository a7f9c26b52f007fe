"""The fake Discord's rules for commands and for answers to interactions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.fakes.discord import Answer, Channel, ClientRefusal, FakeDiscord, Guild, Member, NoAnswer
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.sdk import BareClient, bare_client

EPHEMERAL = 64
LIST: Json = {"type": 3, "name": "query", "description": "words", "autocomplete": True}
COMMANDS: list[Json] = [
    {
        "name": "paper",
        "description": "papers",
        "options": [
            {"type": 1, "name": "show", "description": "d", "options": [LIST]},
            {
                "type": 2,
                "name": "meeting",
                "description": "d",
                "options": [{"type": 1, "name": "archive", "description": "d", "options": [LIST]}],
            },
        ],
    },
    {
        "name": "count",
        "description": "d",
        "options": [{"type": 4, "name": "n", "description": "d", "autocomplete": True}],
    },
    {"name": "Save", "type": 3},
]
VOTE: Json = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Vote", "custom_id": "vote"}]}
FIELD: Json = {"type": 18, "label": "Link", "component": {"type": 4, "custom_id": "link", "style": 1}}
FORM: Json = {"custom_id": "form", "title": "Submit", "components": [FIELD]}


class Wire:
    """Answers interactions by hand."""

    def __init__(self, fake: FakeDiscord, api: BareClient) -> None:
        self.fake = fake
        self.api = api

    async def hear(self, asking: Awaitable[Any]) -> tuple[Interaction, "asyncio.Task[Any]"]:
        known = len(self.fake.world.interactions)
        task = asyncio.ensure_future(asking)
        await self.fake.until(lambda: len(self.fake.world.interactions) > known)
        return list(self.fake.world.interactions.values())[-1], task

    def callback(self, asked: Interaction) -> str:
        return f"/interactions/{asked.id}/{asked.token}/callback"

    def webhook(self, asked: Interaction) -> str:
        return f"/webhooks/{self.fake.application_id}/{asked.token}"

    async def answer(self, asked: Interaction, kind: int, **data: Any) -> Any:
        body = {"type": kind, **({"data": data} if data else {})}
        return await self.api.expect(200, "POST", self.callback(asked), body, with_response="1")

    async def refused(self, code: int, asked: Interaction, kind: int, **data: Any) -> Any:
        body = {"type": kind, **({"data": data} if data else {})}
        return await self.api.refused(code, "POST", self.callback(asked), body)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.limits.off()
        yield server


@pytest.fixture
async def api(fake: FakeDiscord) -> AsyncIterator[BareClient]:
    async with bare_client(fake) as client:
        yield client


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    return fake.add_guild("Readers")


@pytest.fixture
def papers(guild: Guild) -> Channel:
    return guild.add_channel("papers")


@pytest.fixture
def ann(guild: Guild) -> Member:
    return guild.add_member("Ann")


@pytest.fixture
async def wire(fake: FakeDiscord, api: BareClient) -> Wire:
    await api.expect(200, "PUT", f"/applications/{fake.application_id}/commands", COMMANDS)
    return Wire(fake, api)


async def card(api: BareClient, papers: Channel) -> None:
    await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "card", "components": [VOTE]})


async def test_exactly_one_first_answer(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    told = await wire.answer(asked, 4, content="hello", flags=EPHEMERAL)
    assert told["interaction"]["response_message_ephemeral"] is True
    assert told["resource"]["message"]["content"] == "hello"
    await wire.refused(40060, asked, 4, content="again")
    answer = await task
    assert (answer.text, answer.is_private) == ("hello", True)


async def test_without_the_wish_for_a_response_there_is_none(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    assert await wire.api.expect(204, "POST", wire.callback(asked), {"type": 4, "data": {"content": "c"}}) is None
    await task


async def test_an_acknowledgement_may_be_lost_and_the_member_has_the_answer(
    wire: Wire, ann: Member, papers: Channel
) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    wire.fake.next("POST", "/callback$", "lost", status=500)
    body = {"type": 4, "data": {"content": "hello"}}
    assert (await wire.api("POST", wire.callback(asked), body))[0] == 500
    await wire.api.refused(40060, "POST", wire.callback(asked), body)
    assert (await task).text == "hello"


async def test_a_late_answer_finds_nothing(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show", within=0.05))
    wire.fake.moves(3.1)
    await wire.refused(10062, asked, 4, content="c")
    with pytest.raises(NoAnswer, match="10062"):
        await task
    asked.token += "x"
    await wire.refused(10062, asked, 4, content="c")


async def test_a_deferral_decides_who_sees_the_answer(wire: Wire, ann: Member, papers: Channel) -> None:
    for flags, later in ((EPHEMERAL, 0), (0, EPHEMERAL)):
        asked, task = await wire.hear(ann.types(papers, "/paper show"))
        told = await wire.answer(asked, 5, flags=flags)
        assert told["interaction"]["response_message_loading"] is True
        assert not task.done()
        await wire.api.expect(200, "POST", wire.webhook(asked), {"content": "here", "flags": later})
        answer = await task
        assert (answer.text, answer.is_private, answer.followups) == ("here", bool(flags), [])


async def test_the_original_is_read_edited_and_deleted(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    original = wire.webhook(asked) + "/messages/@original"
    await wire.api.refused(10015, "GET", original)
    await wire.answer(asked, 5)
    assert (await wire.api.expect(200, "GET", original))["flags"] & 128
    await wire.api.expect(200, "PATCH", original, {"content": "at last"})
    answer = await task
    assert answer.text == "at last"
    assert answer.message.edited is None
    more = await wire.api.expect(200, "POST", wire.webhook(asked), {"content": "and more", "flags": EPHEMERAL})
    assert [message.text for message in answer.followups] == ["and more"]
    await wire.api.expect(200, "PATCH", f"{wire.webhook(asked)}/messages/{more['id']}", {"content": "less"})
    await wire.api.expect(204, "DELETE", original)
    await wire.api.refused(10008, "GET", original)
    assert answer.is_deleted


async def test_a_deferral_may_end_in_nothing(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    await wire.answer(asked, 5)
    await wire.api.expect(204, "DELETE", wire.webhook(asked) + "/messages/@original")
    answer = await task
    assert answer.is_deleted


async def test_the_token_lives_a_quarter_of_an_hour(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    await wire.answer(asked, 4, content="c")
    await task
    wire.fake.moves(890)
    await wire.api.expect(200, "POST", wire.webhook(asked), {"content": "in time"})
    wire.fake.moves(20)
    await wire.api.refused(50027, "POST", wire.webhook(asked), {"content": "late"})
    await wire.api.refused(10015, "POST", f"/webhooks/1/{asked.token}", {"content": "elsewhere"})


@pytest.mark.parametrize(
    ("who_asks", "fits"),
    [
        ("command", {4, 5, 9}),
        ("button", {4, 5, 6, 7, 9}),
        ("choices", {8}),
        ("form", {4, 5}),
        ("form on a card", {4, 5, 6, 7}),
    ],
)
async def test_which_answer_fits(wire: Wire, ann: Member, papers: Channel, who_asks: str, fits: set[int]) -> None:
    data: dict[int, Json] = {
        4: {"content": "c"},
        7: {"content": "c"},
        8: {"choices": [{"name": "One", "value": "1"}]},
        9: FORM,
    }
    await card(wire.api, papers)
    for kind in (4, 5, 6, 7, 8, 9):
        asked, task = await wire.hear(await ASKING[who_asks](wire, ann, papers))
        if kind in fits:
            await wire.answer(asked, kind, **data.get(kind, {}))
            assert await task is not None
        else:
            await wire.refused(50035, asked, kind, **data.get(kind, {}))
            task.cancel()


async def _form(wire: Wire, ann: Member, asking: Awaitable[Any]) -> Awaitable[Answer]:
    asked, task = await wire.hear(asking)
    await wire.answer(asked, 9, **FORM)
    return ann.submits(await task, {"Link": "x"}, first_only=True)


async def _command(wire: Wire, ann: Member, papers: Channel) -> Awaitable[Any]:
    return ann.types(papers, "/paper show", first_only=True)


async def _button(wire: Wire, ann: Member, papers: Channel) -> Awaitable[Any]:
    return ann.presses(papers.messages[0], "Vote", first_only=True)


async def _choices(wire: Wire, ann: Member, papers: Channel) -> Awaitable[Any]:
    return ann.completes(papers, "/paper show", query="d")


async def _form_of_command(wire: Wire, ann: Member, papers: Channel) -> Awaitable[Any]:
    return await _form(wire, ann, ann.types(papers, "/paper show"))


async def _form_of_button(wire: Wire, ann: Member, papers: Channel) -> Awaitable[Any]:
    return await _form(wire, ann, ann.presses(papers.messages[0], "Vote"))


ASKING: dict[str, Callable[[Wire, Member, Channel], Awaitable[Awaitable[Any]]]] = {
    "command": _command,
    "button": _button,
    "choices": _choices,
    "form": _form_of_command,
    "form on a card": _form_of_button,
}


def choices(count: int, **parts: Any) -> Json:
    return {"choices": [{"name": f"Choice {n}", "value": str(n), **parts} for n in range(count)]}


@pytest.mark.parametrize(
    ("line", "given", "data", "accepted"),
    [
        ("/paper show", {"query": "d"}, choices(25), True),
        ("/paper show", {"query": "d"}, choices(26), False),
        ("/paper show", {"query": "d"}, choices(1, name="x" * 100), True),
        ("/paper show", {"query": "d"}, choices(1, name="😀" * 51), False),
        ("/paper show", {"query": "d"}, choices(1, value="x" * 101), False),
        ("/paper show", {"query": "d"}, choices(1, name=""), False),
        ("/paper show", {"query": "d"}, choices(1, value=5), False),
        ("/count", {"n": "4"}, choices(1, value=5), True),
        ("/count", {"n": "4"}, choices(1), False),
    ],
)
async def test_choices_have_limits_and_the_type_of_their_option(
    wire: Wire, ann: Member, papers: Channel, line: str, given: dict[str, Any], data: Json, accepted: bool
) -> None:
    asked, task = await wire.hear(ann.completes(papers, line, **given))
    if accepted:
        await wire.answer(asked, 8, **data)
        assert len(await task) == len(data["choices"])
    else:
        await wire.refused(50035, asked, 8, **data)
        task.cancel()


FORMS: dict[str, tuple[Json, bool]] = {
    "title of 45": ({**FORM, "title": "x" * 45}, True),
    "title of 46": ({**FORM, "title": "😀" * 23}, False),
    "five parts": ({**FORM, "components": [{"type": 10, "content": "t"}] * 4 + [FIELD]}, True),
    "six parts": ({**FORM, "components": [{"type": 10, "content": "t"}] * 5 + [FIELD]}, False),
    "no parts": ({**FORM, "components": []}, False),
    "no title": ({**FORM, "title": ""}, False),
    "a button": ({**FORM, "components": [VOTE]}, False),
    "the same id": ({**FORM, "components": [FIELD, FIELD]}, False),
    "a long label": ({**FORM, "components": [{**FIELD, "label": "x" * 46}]}, False),
    "a long value": (
        {**FORM, "components": [{**FIELD, "component": {**FIELD["component"], "value": "😀" * 2001}}]},
        False,
    ),
    "a row, as before": (
        {**FORM, "components": [{"type": 1, "components": [{**FIELD["component"], "label": "Link"}]}]},
        True,
    ),
    "a row without label": ({**FORM, "components": [{"type": 1, "components": [FIELD["component"]]}]}, False),
    "an empty label": ({**FORM, "components": [{"type": 18, "label": "Link"}]}, False),
}


@pytest.mark.parametrize("what", FORMS)
async def test_forms_have_limits(wire: Wire, ann: Member, papers: Channel, what: str) -> None:
    data, accepted = FORMS[what]
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    if accepted:
        await wire.answer(asked, 9, **data)
        assert (await task).modal is not None
    else:
        await wire.refused(50035, asked, 9, **data)
        task.cancel()


async def test_an_update_changes_the_card_also_a_private_one(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    await wire.answer(asked, 4, content="card", flags=EPHEMERAL, components=[VOTE])
    private = await task
    asked, task = await wire.hear(ann.presses(private, "Vote"))
    payload = asked.payload()
    assert payload["message"]["flags"] & EPHEMERAL
    assert payload["member"]["user"]["id"] == str(ann.id)
    await wire.answer(asked, 7, content="voted", components=[])
    await task
    assert (private.text, private.buttons, private.is_private) == ("voted", [], True)
    await wire.api.refused(10008, "GET", f"/channels/{papers.id}/messages/{private.message.id}")


async def test_the_payload_of_a_context_menu_holds_the_message(wire: Wire, ann: Member, papers: Channel) -> None:
    said = await ann.says(papers, "read this")
    asked, task = await wire.hear(ann.uses("Save", said, first_only=True))
    assert asked.payload()["data"]["resolved"]["messages"][str(said.id)]["content"] == "read this"
    told = await wire.answer(asked, 4, content="saved")
    assert told["resource"]["message"]["interaction_metadata"]["target_message_id"] == str(said.id)
    await task


async def test_a_command_of_a_group_comes_within_it(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.types(papers, "/paper meeting archive", query="old"))
    query = {"type": 3, "name": "query", "value": "old"}
    inner = {"type": 1, "name": "archive", "options": [query]}
    assert asked.payload()["data"]["options"] == [{"type": 2, "name": "meeting", "options": [inner]}]
    await wire.answer(asked, 4, content="c")
    await task


async def test_what_a_command_of_a_group_takes_is_completed(wire: Wire, ann: Member, papers: Channel) -> None:
    asked, task = await wire.hear(ann.completes(papers, "/paper meeting archive", query="o"))
    (group,) = asked.payload()["data"]["options"]
    assert group["options"][0]["options"] == [{"type": 3, "name": "query", "value": "o", "focused": True}]
    await wire.answer(asked, 8, choices=[{"name": "Old", "value": "old"}])
    assert [choice.value for choice in await task] == ["old"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/paper meeting", "needs one more word"),
        ("/paper archive", "no sub-command 'archive'; there are: show, meeting"),
        ("/paper meeting show", "no sub-command 'show'; there are: archive"),
        ("/paper show archive", "no sub-command 'archive'; there are: none"),
    ],
)
async def test_a_client_sends_neither_a_group_nor_a_command_without_it(
    wire: Wire, ann: Member, papers: Channel, line: str, says: str
) -> None:
    with pytest.raises(ClientRefusal, match=says):
        await ann.types(papers, line)
    assert wire.fake.world.interactions == {}


async def test_interactions_are_not_held_by_the_limit_for_all(wire: Wire, ann: Member, papers: Channel) -> None:
    wire.fake.limits.is_global_on = True
    for _ in range(50):
        await wire.api("GET", "/users/@me")
    assert (await wire.api("GET", "/users/@me"))[0] == 429
    asked, task = await wire.hear(ann.types(papers, "/paper show"))
    await wire.answer(asked, 4, content="c")
    await wire.api.expect(200, "POST", wire.webhook(asked), {"content": "more"})
    await task


# commands


def command(**parts: Any) -> Json:
    return {"name": "paper", "description": "d", **parts}


def text_option(name: str = "query", **parts: Any) -> Json:
    return {"type": 3, "name": name, "description": "d", **parts}


def sub(name: str, *options: Json, kind: int = 1) -> Json:
    return {"type": kind, "name": name, "description": "d", "options": list(options)}


def long(characters: int) -> Json:
    """39 choices of 200 characters, and descriptions for the rest."""
    each = [[{"name": f"{m:x>100}", "value": f"{m:y>100}"} for m in range(count)] for count in (10, 10, 10, 9)]
    rest = characters - 7800 - len("paper" + "d" + "o0o1o2o3" + "dd")
    about = ["d" * 100, "d" * (rest - 100), "d", "d"]
    options = [text_option(f"o{n}", choices=each[n], description=about[n]) for n in range(4)]
    return command(options=options)


REGISTERED: dict[str, tuple[Json, bool]] = {
    "name of 32": (command(name="x" * 32), True),
    "name of 33": (command(name="x" * 33), False),
    "no name": (command(name=""), False),
    "capital": (command(name="Paper"), False),
    "space": (command(name="my paper"), False),
    "other scripts": (command(name="бумага-ひ_2"), True),
    "description of 100": (command(description="x" * 100), True),
    "description of 101": (command(description="😀" * 51), False),
    "no description": (command(description=""), False),
    "25 options": (command(options=[text_option(f"o{n}") for n in range(25)]), True),
    "26 options": (command(options=[text_option(f"o{n}") for n in range(26)]), False),
    "same option": (command(options=[text_option(), text_option()]), False),
    "25 choices": (
        command(options=[text_option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(25)])]),
        True,
    ),
    "26 choices": (
        command(options=[text_option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])]),
        False,
    ),
    "choice of a wrong type": (command(options=[text_option(choices=[{"name": "1", "value": 1}])]), False),
    "choices and completion": (
        command(options=[text_option(autocomplete=True, choices=[{"name": "1", "value": "1"}])]),
        False,
    ),
    "required after optional": (command(options=[text_option("a"), text_option("b", required=True)]), False),
    "required first": (command(options=[text_option("b", required=True), text_option("a")]), True),
    "sub-command beside option": (command(options=[sub("a"), text_option()]), False),
    "group of groups": (command(options=[sub("a", sub("b", kind=2), kind=2)]), False),
    "group of sub-commands": (command(options=[sub("a", sub("b", text_option()), kind=2)]), True),
    "group beside sub-commands": (command(options=[sub("a"), sub("b", sub("a"), kind=2)]), True),
    "one word in two groups": (command(options=[sub("a", sub("c"), kind=2), sub("b", sub("c"), kind=2)]), True),
    "a group's word twice": (command(options=[sub("a"), sub("a", sub("b"), kind=2)]), False),
    "one word twice in a group": (command(options=[sub("a", sub("b"), sub("b"), kind=2)]), False),
    "value in a group": (command(options=[sub("a", text_option(), kind=2)]), False),
    "value beside a group": (command(options=[text_option(), sub("a", sub("b"), kind=2)]), False),
    "sub-command of a sub-command": (command(options=[sub("a", sub("b"))]), False),
    "sub-commands at the third level": (command(options=[sub("a", sub("b", sub("c")), kind=2)]), False),
    "25 in a group": (command(options=[sub("a", *(sub(f"b{n}") for n in range(25)), kind=2)]), True),
    "26 in a group": (command(options=[sub("a", *(sub(f"b{n}") for n in range(26)), kind=2)]), False),
    "bad name of a group": (command(options=[sub("The meeting", sub("b"), kind=2)]), False),
    "bad name of a group in another language": (
        command(options=[{**sub("a", sub("b"), kind=2), "name_localizations": {"de": "Treffen"}}]),
        False,
    ),
    "8,000 characters in a group": (command(options=[sub("a", sub("b", *long(7996)["options"]), kind=2)]), True),
    "more in a group": (command(options=[sub("a", sub("b", *long(7997)["options"]), kind=2)]), False),
    "bad name in another language": (command(name_localizations={"de": "Papier"}), False),
    "unknown language": (command(name_localizations={"xx": "papier"}), False),
    "another language": (command(name_localizations={"de": "papier"}, description_localizations={"de": "d"}), True),
    "8,000 characters": (long(8000), True),
    "more than 8,000": (long(8001), False),
    "menu with spaces": ({"name": "Save to list", "type": 3}, True),
    "menu with a description": ({"name": "Save", "type": 3, "description": "d"}, False),
}


@pytest.mark.parametrize("what", REGISTERED)
async def test_what_may_be_registered(fake: FakeDiscord, api: BareClient, what: str) -> None:
    body, accepted = REGISTERED[what]
    url = f"/applications/{fake.application_id}/commands"
    if accepted:
        await api.expect(200, "PUT", url, [body])
        assert fake.violations == []
    else:
        await api.refused(50035, "PUT", url, [body])
        await api.refused(50035, "POST", url, body)
        assert fake.commands.of(0) == []


async def test_how_many_may_be_registered(fake: FakeDiscord, api: BareClient, guild: Guild) -> None:
    url = f"/applications/{fake.application_id}/commands"
    slash = [command(name=f"c{n}") for n in range(101)]
    menus = [{"name": f"Menu {n}", "type": 3} for n in range(16)]
    await api.expect(200, "PUT", url, slash[:100] + menus[:15])
    await api.refused(30032, "PUT", url, slash)
    await api.refused(30033, "PUT", url, menus)
    await api.refused(30032, "POST", url, slash[100])
    await api.refused(50035, "PUT", url, [command(), command()])
    await api.refused(20012, "PUT", "/applications/1/commands", [])
    guild.kicks_bot()
    await api.refused(50001, "PUT", f"/applications/{fake.application_id}/guilds/{guild.id}/commands", [])


async def test_only_new_commands_count_towards_the_two_hundred_of_a_day(fake: FakeDiscord, api: BareClient) -> None:
    url = f"/applications/{fake.application_id}/commands"
    for round_ in range(2):
        for start in ("a", "b"):
            status, _ = await api("PUT", url, [command(name=f"{start}{n}-{round_}") for n in range(100)])
            assert status == (200 if round_ == 0 else 400)
    ids = [record["id"] for record in fake.commands.of(0)]
    same = await api.expect(200, "PUT", url, [command(name=f"b{n}-0") for n in range(100)])
    assert [record["id"] for record in same] == ids
    await api.expect(200, "PUT", url, [command(name="b0-0")])
    await api.refused(30034, "POST", url, command(name="one-more"))
    fake.moves(86_401)
    await api.expect(200, "PUT", url, [command(name="another-day")])
