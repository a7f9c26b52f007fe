"""What a notification says on Discord: why it is there, whoever it calls in its place, nothing twice."""

import pytest

from adapters.chat.discord.outbound.render import message
from adapters.chat.discord.places import Spot
from bot.cards import Card, Field, Message

SPOT = Spot(1, 2)
ASK = Card("ask", "Ann, can you present on Thursday?", body="It is about “Tiny”.")


def test_a_ping_says_why_with_the_member_in_its_place() -> None:
    asked = Message("Ann, can you present “Tiny” on Thursday?", ASK, ("discord:7",), "Ann")
    assert message(asked, SPOT)["content"] == "<@7>, can you present “Tiny” on Thursday?"


def test_several_are_called_and_nobody_else() -> None:
    called = Message("Ann and @everyone: we meet.", ASK, ("discord:7", "discord:8", "web:9"), "Ann and @everyone")
    assert message(called, SPOT)["content"] == "<@7> <@8>: we meet."
    told = Message("<@5> wrote @everyone", ASK)
    assert "<@5>" not in message(told, SPOT)["content"]
    assert "@everyone" not in message(told, SPOT)["content"]


@pytest.mark.parametrize("silent", [True, False])
def test_what_says_only_its_title_says_it_once(silent: bool) -> None:
    body = message(Message("1. Tiny.", Card("paper", "1. Tiny"), silent=silent), SPOT)
    assert body["content"] == ""
    assert body["embeds"][0]["title"]


def test_what_stands_in_the_sentence_does_not_stand_below_it_again() -> None:
    body = message(Message("Meeting: it is called off.", Card("notice", "Meeting", body="it is called off.")), SPOT)
    assert body["content"] == "Meeting: it is called off."
    assert "description" not in body["embeds"][0]
    long = "word " * 200
    cut = message(Message(f"Meeting: {long}", Card("notice", "Meeting", body=long.strip())), SPOT)
    assert cut["embeds"][0]["description"].endswith("word")


def test_a_long_name_stands_on_its_own_line_as_a_long_value_does() -> None:
    card = Card(
        "ballot", "Vote", fields=(Field("A title that is much longer than forty characters", "2"), Field("a", "b"))
    )
    fields = message(Message("", card), SPOT)["embeds"][0]["fields"]
    assert [field["inline"] for field in fields] == [False, True]
