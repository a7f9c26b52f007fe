"""Untrusted text on Discord: it pings nobody, is no markup, and has the room it is given and no more."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord.outbound.escape import (
    BREAK,
    ISOLATE,
    POP,
    clean,
    cut,
    escape,
    line,
    paragraphs,
    plain,
    units,
)

FAMILY = "👨‍👩‍👧‍👦"
TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("\\*_~|`[]()<>@#:-.! \n\u202e\u200d\u2066😀👍🏽🇩🇪אبा\u0301")
    )
)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("**bold** _it_ ~~no~~ ||spoiler|| `code`", r"\*\*bold\*\* \_it\_ \~\~no\~\~ \|\|spoiler\|\| \`code\`"),
        ("[click](https://evil.example)", r"\[click\](https:\//evil.example)"),
        ("https://evil.example", r"https:\//evil.example"),
        ("discord.gg/raid", r"discord.gg\/raid"),
        ("# heading", r"\# heading"),
        ("#1 is a number", "#1 is a number"),
        ("-# small", r"\-# small"),
        ("> quote", r"\> quote"),
        (">>> quotes", r"\>>> quotes"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("1.5 times", "1.5 times"),
        ("@everyone", f"@{BREAK}everyone"),
        ("<@123> <@&456>", rf"\<@{BREAK}123> \<@{BREAK}&456>"),
        ("<t:1:R> </cmd:1> <id:home> <:x:1>", r"\<t:1:R> \</cmd:1> \<id:home> \<:x:1>"),
    ],
)
def test_markup_is_shown_as_it_is_written(hostile: str, shown: str) -> None:
    assert escape(hostile) == shown


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u202eb", "ab"),
        ("a\u200bb\ufeffc", "abc"),
        ("a\x00b\x1bc", "abc"),
        ("a\ud800b", "ab"),
        (FAMILY, FAMILY),
        ("❤️‍🔥", "❤️‍🔥"),
        ("a\u200db", "ab"),
        ("\u3164", ""),
        ("Z" + "\u0301" * 40, "Ź" + "\u0301" * 4),
    ],
)
def test_what_is_invisible_or_turns_the_line_is_dropped(text: str, left: str) -> None:
    assert clean(text) == left


def test_text_from_right_to_left_stands_apart() -> None:
    assert line("שלום", 100) == f"{ISOLATE}שלום{POP}"


@pytest.mark.parametrize("most", [99, 100, 101])
def test_a_text_is_cut_only_when_it_is_longer_than_its_room(most: int) -> None:
    text = "x" * 100
    assert (plain(text, most) == text) == (most >= 100)
    assert units(plain(text, most)) == min(100, most)


def test_it_is_cut_at_a_word() -> None:
    assert cut("the quick brown fox jumps", 20) == "the quick brown fox…"
    assert cut("the quick brown fox jumps", 19) == "the quick brown…"


def test_an_emoji_that_is_joined_of_several_stays_whole() -> None:
    assert cut(FAMILY * 3, 25) == FAMILY * 2 + "…"
    assert units(FAMILY) == 11


def test_an_escape_is_not_cut_in_two() -> None:
    assert cut(r"\*\*\*\*", 6) == r"\*\*…"


@given(TEXTS, st.integers(0, 60))
def test_no_text_takes_more_than_its_room(text: str, most: int) -> None:
    for shown in (plain(text, most), line(text, most), paragraphs(text, most)):
        assert units(shown) <= most
        shown.encode("utf-16")
        assert shown.count(ISOLATE) == shown.count(POP)


@given(TEXTS, st.integers(4, 400))
def test_no_text_pings_or_marks_up(text: str, most: int) -> None:
    shown = paragraphs(text, most)
    assert not re.search(r"@(everyone|here)|<[@#:/tai]", re.sub(r"\\[^\w\s]", "", shown).replace(BREAK, "\x00"))
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~|`\[\]<]", shown.replace("\\\\", ""))
    assert "://" not in shown
    assert not re.search(r"(?m)^\s*(#{1,3}\s|-#|>|[-+]\s|\d+[.)]\s)", shown.strip(ISOLATE))
    dropped = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {
        "\n",
        BREAK,
        ISOLATE,
        POP,
        "\u200d",
    }
    assert not dropped


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122) | st.just(" ")))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert line(text, 4000) == " ".join(text.split())
