"""Cards, replies and forms as Discord's JSON: valid by its own document and by its limits, whatever they hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.discord.outbound import render, replies
from adapters.chat.discord.outbound.escape import units
from adapters.chat.discord.places import Spot
from bot.cards import Button, Card, CardKind, Choice, CommandHelp, Field, Form, Input, Message, Reply, Select
from tests.fakes import papers
from tests.fakes.discord import message_rules, texts
from tests.fakes.discord.component_rules import check_modal
from tests.fakes.discord.refusals import Form as Complaints
from tests.fakes.discord.spec import load_spec

SPOT = Spot(1, 2)
HOSTILE = (
    papers.HOSTILE,
    "@everyone @here <@1> <@&2> <#3> **b** [x](https://evil.example)",
    "# h\n> q\n- l\n1. n\n\n\n\n```x```",
    "😀" * 2000,
    "Z" + "\u0301" * 500,
    "שלום \u202e <@1>",
    "",
    " \u3164 ",
    "word " * 2000,
)
TEXT = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=300)
URL = st.sampled_from(
    (
        "",
        "https://arxiv.org/abs/1",
        "javascript:alert(1)",
        "http://",
        "https://x y.z",
        "https://a@b.c",
        "ftp://a.b",
        "x",
    )
)
BUTTONS = st.builds(Button, TEXT, st.sampled_from(("vote", "claim", "discuss")), st.integers(1, 40))
CHOICES = st.builds(Choice, TEXT, TEXT, st.booleans())
SELECTS = st.builds(
    Select,
    TEXT,
    st.sampled_from(("show", "setup")),
    st.sampled_from(("paper", "zone")),
    st.lists(CHOICES, max_size=30).map(tuple),
    st.booleans(),
)
CARDS = st.builds(
    Card,
    kind=st.sampled_from(get_args(CardKind)),
    title=TEXT,
    url=URL,
    byline=TEXT,
    body=TEXT,
    label=TEXT,
    fields=st.lists(st.builds(Field, TEXT, TEXT), max_size=30).map(tuple),
    links=st.lists(st.tuples(TEXT, URL), max_size=4).map(tuple),
    footer=TEXT,
    buttons=st.lists(BUTTONS, max_size=30).map(tuple),
    selects=st.lists(SELECTS, max_size=3).map(tuple),
    messages=st.lists(st.tuples(TEXT, st.sampled_from(("", "2/3", "web-1", "event:4"))), max_size=4).map(tuple),
    discussion=st.sampled_from(("", "2/3", "5/6", "nonsense")),
    entry=st.none() | st.integers(1, 500),
    number=st.none() | st.integers(1, 99),
)
REPLIES = st.builds(
    Reply, TEXT, st.lists(CARDS, max_size=8).map(tuple), st.lists(BUTTONS, max_size=8).map(tuple), st.booleans()
)
SPEC = load_spec()


def hold(body: dict[str, Any]) -> None:
    """To Discord's rules, as the fake has them, and to its document where that is at hand."""
    message_rules.check_message(body, v2=False)
    message_rules.refuse_empty(body)
    if SPEC is not None:
        assert not SPEC.request("POST", "/channels/{channel_id}/messages", body)
    shown = texts.flat_text(body["content"], body["embeds"], body["components"])
    assert texts.mentioned(shown) == (False, [], [])
    assert body["allowed_mentions"] == {"parse": []}


@given(CARDS)
def test_any_card_is_a_message_that_discord_takes(card: Card) -> None:
    body = render.message(Message("", card), SPOT)
    hold(body)
    assert body["content"] == ""


@given(st.sampled_from(sorted(render.COLOURS)), st.integers(0, 2**40), st.integers(0, 2**40))
def test_a_mark_in_the_colour_tells_messages_apart_and_is_not_seen(kind: str, one: int, other: int) -> None:
    colour = render.COLOURS[kind]
    marked = render.marked(colour, one)
    assert marked & 0xF0F0F0 == colour & 0xF0F0F0
    assert (marked == render.marked(colour, other)) is (one % 4096 == other % 4096)


@given(REPLIES)
def test_any_reply_is_messages_that_discord_takes(reply: Reply) -> None:
    for body in replies.bodies(reply, SPOT):
        hold(body)
        assert body["flags"] == 64


@given(st.builds(Form, TEXT, st.just("setup"), st.lists(st.builds(Input, TEXT, TEXT, TEXT), max_size=7).map(tuple)))
@settings(max_examples=50)
def test_any_form_is_one_that_discord_takes(form: Form) -> None:
    inputs = tuple(Input(f"i{at}", item.label, item.value) for at, item in enumerate(form.inputs))
    complaints = Complaints()
    check_modal(complaints, (), render.modal(Form(form.title, form.command, inputs or (Input("x", "X"),))))
    complaints.refuse()


def day_of(parts: Sequence[Card]) -> Message:
    votes = tuple(Button(f"Vote {n} · 3", "vote", n) for n, _ in enumerate(parts, 1))
    opener = Select("Open a paper…", "show", "paper", tuple(Choice(p.title, f"entry:{n}") for n, p in enumerate(parts)))
    header = Card("digest", "Papers for Monday", body="8 papers.", buttons=(Button("Show all 30", "today"),))
    return Message("", header, parts=tuple(parts), shortcuts=votes, opener=opener)


@given(st.lists(CARDS, min_size=1, max_size=8))
def test_any_papers_in_one_message_are_one_that_discord_takes(parts: list[Card]) -> None:
    hold(render.message(day_of(parts), SPOT))


@pytest.mark.parametrize("length", [640, 700, 740, 800, 4096])
def test_long_papers_share_the_room_and_short_ones_lose_nothing(length: int) -> None:
    long = [Card("paper", f"Long {n}", body="word " * (length // 5), number=n) for n in range(1, 8)]
    short = Card("paper", "Short", body="All of it.", number=8)
    body = render.message(day_of([*long, short]), SPOT)
    hold(body)
    *shares, last = [units(embed["description"]) for embed in body["embeds"][1:]]
    assert last == len("All of it.")
    assert max(shares) - min(shares) <= len("word ")
    room = sum(units(embed["title"]) + units(embed["description"]) for embed in body["embeds"])
    assert room > 5800 or shares[0] >= length - 5, "nothing is cut while there is room"


# --- lengths


@pytest.mark.parametrize("length", [255, 256, 257])
def test_a_title_has_256_units(length: int) -> None:
    title = render.embed(Card("paper", "x" * length))["title"]
    assert units(title) == min(length, 256)
    assert title.endswith("…") == (length > 256)


@pytest.mark.parametrize("length", [4095, 4096, 4097])
def test_a_text_has_4096_units(length: int) -> None:
    text = render.embed(Card("notice", "T", body="x" * length))["description"]
    assert units(text) == min(length, 4096)


@pytest.mark.parametrize("length", [1023, 1024, 1025])
def test_a_field_has_1024_units(length: int) -> None:
    (field,) = render.embed(Card("paper", "T", fields=(Field("Notes", "x" * length),)))["fields"]
    assert units(field["value"]) == min(length, 1024)


@pytest.mark.parametrize("length", [79, 80, 81])
def test_a_button_has_80_units(length: int) -> None:
    (row,) = render.rows([Button("x" * length, "vote", 1)])
    assert units(row["components"][0]["label"]) == min(length, 80)


@pytest.mark.parametrize("length", [1999, 2000, 2001])
def test_an_answer_longer_than_a_message_goes_into_an_embed(length: int) -> None:
    (body,) = replies.bodies(Reply("x" * length), SPOT)
    assert bool(body["content"]) == (length <= 2000)
    assert len(body["content"] or body["embeds"][0]["description"]) == length


def test_every_kind_of_card_has_a_colour() -> None:
    assert {*render.COLOURS} == {*get_args(CardKind)}


@pytest.mark.parametrize(
    ("count", "menus", "shown", "in_menu"),
    [(6, 0, 6, 0), (25, 0, 25, 0), (26, 0, 20, 6), (45, 0, 20, 25), (20, 1, 20, 0), (21, 1, 15, 6), (7, 4, 0, 7)],
)
def test_buttons_fill_five_rows_of_five_and_the_last_ones_a_menu(
    count: int, menus: int, shown: int, in_menu: int
) -> None:
    selects = [Select("Days", "setup", f"day{n}", (Choice("Monday", "mon"),)) for n in range(menus)]
    rows = render.rows([Button(f"Vote {n}", "vote", n) for n in range(1, count + 1)], selects)
    items = [item for row in rows for item in row["components"]]
    assert len(rows) <= 5
    assert [item["custom_id"] for item in items if item["type"] == 2] == [f"vote:{n}" for n in range(1, shown + 1)]
    more = [option["value"] for item in items if item["custom_id"] == "+0" for option in item["options"]]
    assert more == [f"vote:{n}" for n in range(shown + 1, shown + in_menu + 1)]
    assert sum(item["custom_id"].startswith("setup~") for item in items) == menus


def test_what_no_menu_holds_either_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    rows = render.rows([Button(f"Vote {n}", "vote", n) for n in range(50)])
    assert len(rows) == 5
    assert "5 buttons or menus more than Discord shows" in caplog.text


def test_a_button_that_leads_elsewhere_is_in_no_menu() -> None:
    buttons = [*(Button(f"Vote {n}", "vote", n) for n in range(26)), Button("Discuss", "discuss", 1)]
    rows = render.rows(buttons, discussion="https://discord.com/channels/1/77")
    assert rows[0]["components"][0]["label"] == "Discussion"
    assert len(rows[-1]["components"][0]["options"]) == 7


def test_choices_of_an_answer_whose_card_is_full_are_in_a_second_menu() -> None:
    card = Card("session", "Room", buttons=tuple(Button(f"Vote {n}", "vote", n) for n in range(40)))
    choices = tuple(Button(f"Claim {n}", "claim", n) for n in range(3))
    (body,) = replies.bodies(Reply("", (card,), choices), SPOT)
    hold(body)
    menus = [row["components"][0] for row in body["components"] if row["components"][0]["type"] == 3]
    assert [len(menu["options"]) for menu in menus] == [8, 20]


def test_buttons_carry_the_session_that_they_are_about() -> None:
    buttons = [
        Button("I'll present", "present", argument=("answer", "yes"), session=12),
        Button("Ask", "ask", session=12),
    ]
    (row,) = render.rows(buttons)
    assert [item["custom_id"] for item in row["components"]] == ["present@12:answer=yes", "ask@12"]
    assert [item["style"] for item in row["components"]] == [render.SUCCESS, render.SECONDARY]


# --- what a card says


def test_a_paper_has_its_parts() -> None:
    card = papers.paper(1)
    found = render.embed(card)
    assert found["title"].startswith("1. Sparse Attention Is Enough")
    assert found["url"] == "https://arxiv.org/abs/2611.00001"
    assert found["description"].startswith(
        "Maren Oldenburg, Teodor Vasquez-Lindqvist, Aiko Tanemura and 9 more\n\nReplaces"
    )
    assert "*from the abstract*" in found["description"]
    assert found["description"].endswith("[code](https://github.com/example/1)")
    assert found["footer"] == {"text": "128 upvotes · listed by Hugging Face"}


def test_an_address_that_runs_code_is_left_out() -> None:
    found = render.embed(papers.paper(5))
    assert "url" not in found
    assert "(javascript:" not in found["description"]


def test_discuss_becomes_a_link_once_there_is_a_discussion() -> None:
    card = Card("paper", "T", buttons=(Button("Vote", "vote", 1), Button("Discuss", "discuss", 1)), discussion="2/77")
    (row,) = render.message(Message("", card), SPOT)["components"]
    vote, link = row["components"]
    assert vote["custom_id"] == "vote:1"
    assert link["url"] == "https://discord.com/channels/1/77"
    (row,) = render.message(Message("", card), Spot(1, 2, 30))["components"]  # asked for within a thread
    assert row["components"][1]["url"] == "https://discord.com/channels/1/77"
    in_thread = Card("paper", "T", buttons=card.buttons, discussion="55/77")
    (row,) = render.message(Message("", in_thread), SPOT)["components"]
    assert row["components"][1]["url"] == "https://discord.com/channels/1/55"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://arxiv.org/abs/1(2)?a=b#c", "https://arxiv.org/abs/1%282%29?a=b#c"),
        ("http://Ex.org:8080/ü", "http://ex.org:8080/%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://user@evil.example", ""),
        ("https://localhost/", ""),
        ("https://exa mple.org/", ""),
        ("https://x.org/<>\"'", "https://x.org/%3C%3E%22'"),
        ("https://[::1]/", ""),
        ("https://x.org:99999/", ""),
        ("javascript:alert(1)", ""),
        ("https://x.org/" + "a" * 3000, ""),
    ],
)
def test_addresses_are_ones_that_discord_takes(url: str, safe: str) -> None:
    assert render.safe_url(url, 2048) == safe


# --- long answers


def listed(number: int) -> Card:
    buttons = (Button(f"Vote {number}", "vote", number),)
    fields = (Field("Claimed by", "Ben"),) if number == 3 else ()
    return Card(
        "paper",
        f"Paper {number}",
        f"https://arxiv.org/abs/{number}",
        buttons=buttons,
        fields=fields,
        entry=number,
        number=number,
    )


def test_a_short_list_shows_its_cards_and_menus_to_choose_from() -> None:
    (body,) = replies.bodies(Reply("Two papers", (listed(1), listed(2))), SPOT)
    assert [embed["title"] for embed in body["embeds"]] == ["1. Paper 1", "2. Paper 2"]
    show, vote = (row["components"][0] for row in body["components"])
    assert (show["placeholder"], show["custom_id"]) == ("Show one…", "show~paper")
    assert (vote["placeholder"], vote["custom_id"]) == ("Vote for one…", "vote~paper")
    assert [option["value"] for option in vote["options"]] == ["entry:1", "entry:2"]


def test_sessions_stay_whole_however_many() -> None:
    ask = Button("Ask", "ask", session=1)
    cards = [Card("recap", f"Session {n}", body="What we took home.", entry=n, buttons=(ask,)) for n in range(1, 8)]
    first, second = replies.bodies(Reply("The archive", tuple(cards)), SPOT)
    hold(first)
    assert [len(body["embeds"]) for body in (first, second)] == [5, 2]
    assert [row["components"][0]["custom_id"] for row in second["components"]] == ["ask@1", "show~paper"]


def test_a_long_list_becomes_lines() -> None:
    (body,) = replies.bodies(Reply("Six papers", tuple(map(listed, range(1, 7)))), SPOT)
    lines = body["embeds"][0]["description"].split("\n")
    assert lines[2] == "**3.** [Paper 3](https://arxiv.org/abs/3) — 3 votes, claimed by Ben"
    assert len(lines) == 6


CHANNEL = "https://discord.com/channels/1"


def test_a_hit_of_a_search_is_its_link_and_leads_to_its_card() -> None:
    found = [replace(listed(n), number=None, messages=(("Card", f"2/{n}0"),)) for n in range(1, 7)]
    hostile = replace(found[0], title="A [b](https://evil.example/) _c_", fields=())
    nowhere = replace(found[1], url="", fields=())
    (body,) = replies.bodies(Reply("Six papers", (hostile, nowhere, *found[2:])), SPOT)
    first, second, third, *_ = body["embeds"][0]["description"].split("\n")
    linked = f"(https://arxiv.org/abs/1) — 1 vote, [Card]({CHANNEL}/2/10)"
    assert first == rf"[A (b)(https:evil.example/) \_c\_]{linked}"
    assert second == f"[Paper 2]({CHANNEL}/2/20) — 2 votes, [Card]({CHANNEL}/2/20)"
    assert third == f"[Paper 3](https://arxiv.org/abs/3) — 3 votes, claimed by Ben, [Card]({CHANNEL}/2/30)"


def test_a_card_in_an_answer_leads_to_messages_of_this_server() -> None:
    card = Card("pick", "Thursday", links=(("slides", "https://a.example/s"),), discussion="7/9", entry=3)
    named = replace(card, messages=(("Card", "2/4"), ("Card", "web-5"), ("Event", "event:6")))
    (body,) = replies.bodies(Reply("It is on Thursday.", (named,)), SPOT)
    (embed,) = body["embeds"]
    slides = "[slides](https://a.example/s)"
    assert embed["description"] == f"[Card]({CHANNEL}/2/4) · [Discussion]({CHANNEL}/7) · {slides}"
    assert embed["url"] == f"{CHANNEL}/2/4", "a title without an address of its own leads there too"
    (body,) = replies.bodies(Reply("It is on Thursday.", (named,)), Spot(0, 2))
    assert "[Card]" not in body["embeds"][0]["description"], "a direct message is no server"


def test_a_sentence_in_an_answer_has_buttons_that_lead_to_its_messages() -> None:
    (body,) = replies.bodies(Reply("That meeting is over.", ok=False, messages=(("Card", "2/4"),)), SPOT)
    (button,) = body["components"][0]["components"]
    assert (button["label"], button["style"], button["url"]) == ("Card", 5, f"{CHANNEL}/2/4")


def test_a_whole_day_follows_in_several_messages_and_none_is_left_out() -> None:
    bodies = replies.bodies(Reply("All", tuple(map(listed, range(1, 78)))), SPOT)
    options = [o["value"] for body in bodies for o in body["components"][0]["components"][0]["options"]]
    assert options == [f"entry:{number}" for number in range(1, 78)]
    assert len(bodies) <= replies.MOST_MESSAGES


@given(st.lists(TEXT, min_size=1, max_size=400), st.sampled_from(("", "1234567890123456789")))
@settings(max_examples=25)
def test_help_has_every_command_however_many_there_are(about: list[str], id: str) -> None:
    told = [CommandHelp(f"/paper word{n}", text, f"/paper word{n} 3") for n, text in enumerate(about)]
    half = len(told) // 2
    cards = tuple(Card("notice", papers.HOSTILE, commands=tuple(some)) for some in (told[:half], told[half:]))
    shown = replies.bodies(Reply("Help", cards, (Button("The meeting", "help"),)), SPOT, {"paper": id} if id else {})
    for body in shown:
        hold(body)
    text = "\n".join(embed["description"] for body in shown for embed in body["embeds"])
    typed = (f"</{one.typed[1:]}:{id}>" if id else f"`{one.typed}`" for one in told)
    assert all(f"{word}: " in text and f" — `{one.example}`" in text for word, one in zip(typed, told, strict=True))
    assert [one["label"] for body in shown for one in texts.buttons_of(body["components"])] == ["The meeting"]


def test_a_digest_of_an_empty_day_is_a_card_without_buttons() -> None:
    body = render.message(Message("", papers.empty_digest()), SPOT)
    assert body["components"] == []
    assert "The next post is due Monday at 09:00." in body["embeds"][0]["description"]


def test_a_digest_offers_the_rest() -> None:
    body = render.message(Message("", papers.digest(date(2026, 11, 23))), SPOT)
    assert body["components"][0]["components"][0]["custom_id"] == "today:2026-11-23"
