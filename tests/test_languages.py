"""Every sentence of the product in every language that it speaks, whole and with all that is put into it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from bot.groups import NOBODY
from bot.languages import (
    ENGLISH,
    Reader,
    count,
    decimal,
    either,
    joined,
    languages,
    phrase,
    say,
    shortened,
    understood,
)
from bot.moments import plain
from bot.views.dates import spoken, spoken_days, spoken_span, spoken_year
from tests.club import BERLIN, Town, town
from tests.fakes.source import paper
from tests.sentences import entries, escaped, places, renew, sentences

OTHERS = sorted(languages() - {ENGLISH})
GERMAN = Reader("de")


@pytest.fixture(autouse=True, scope="module")
def renewed(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--renew-languages"):
        for language in OTHERS:
            renew(language)


def texts(message: Message) -> list[tuple[str, str]]:
    """(what stands in the code, what is said for it), of several forms each."""
    ids, said = ((text,) if isinstance(text, str) else (*(text or ()),) for text in (message.id, message.string))
    return [(ids[min(place, len(ids) - 1)], text) for place, text in enumerate(said)]


# Files whose sentences are yet to be translated; none joins them.
ENGLISH_STILL = frozenset((Path(__file__).parent / "english-still.txt").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_code_is_in_the_catalogue_and_no_other(language: str) -> None:
    wanted = {(found.one, found.many) for found in sentences()}
    held = {message.id if isinstance(message.id, tuple) else (message.id, "") for message in entries(language)}
    assert held == wanted, "pytest --renew-languages tests/test_languages.py makes room for what is new"


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_with_all_its_values(language: str) -> None:
    for message in entries(language):
        assert not message.fuzzy, message.id
        for number, (sentence, said) in enumerate(texts(message)):
            assert said.strip(), f"not translated: {sentence}"
            may_lack = {"n"} if isinstance(message.id, tuple) and not number else set()
            assert places(sentence) - may_lack <= places(said) <= places(sentence) | may_lack, sentence


def test_a_sentence_gets_every_value_that_stands_in_it() -> None:
    for found in sentences():
        if found.given is not None:
            assert places(found.one) | places(found.many) <= found.given, found.where


def test_nobody_reads_english_because_a_text_escaped_its_language() -> None:
    found: dict[str, list[str]] = {}
    for one in escaped():
        found.setdefault(one.where.partition(":")[0], []).append(f"{one.where}: {one.text!r}")
    more = [line for file, lines in found.items() if file not in ENGLISH_STILL for line in lines]
    assert not more, "\n".join(more)
    assert found.keys() == ENGLISH_STILL, "a file that is done goes off the list"


# --- what is said


def test_a_sentence_is_said_in_the_language_of_who_hears_it() -> None:
    sentence = "“{title}” was dropped by a moderator. Choose another paper."
    assert say(Reader(), sentence, title="Cats") == "“Cats” was dropped by a moderator. Choose another paper."
    assert say(GERMAN, sentence, title="Cats").startswith("Die Moderation hat „Cats“")


def test_what_is_put_in_is_neither_translated_nor_read_again() -> None:
    assert say(GERMAN, "“{title}” was dropped by a moderator. Choose another paper.", title="{n} moderators").count(
        "{n} moderators"
    )


def test_what_nobody_translated_is_english() -> None:
    assert say(GERMAN, "No such sentence.") == "No such sentence."
    assert say(Reader("xx"), "moderators") == "moderators"
    assert say(GERMAN, "") == ""


def test_a_phrase_is_said_later_and_within_another() -> None:
    inner = phrase("A meeting takes {allowed} minutes.", allowed="5 to 600")
    assert str(inner) == "A meeting takes 5 to 600 minutes."
    assert say(GERMAN, phrase("{fault}", fault=inner)) == say(GERMAN, inner) != str(inner)


def test_what_is_counted_follows_the_rule_of_the_language() -> None:
    assert count(Reader(), "{n} paper", "{n} papers", 1) == "1 paper"
    assert count(Reader(), "{n} paper", "{n} papers", 0) == "0 papers"


def test_lists_and_numbers_are_written_as_the_language_writes_them() -> None:
    assert [joined(Reader(), words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        *("", "a"),
        *("a and b", "a, b and c"),
    ]
    assert joined(GERMAN, ["a", "b", "c"]) == "a, b und c"
    assert either(GERMAN, ["a", "b", "c"]) == "a, b oder c"
    assert shortened(Reader(), ["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert shortened(Reader(), ["a", "b", "c"], 2) == "a, b and c"
    assert (decimal(Reader(), 4.26), decimal(GERMAN, 4.26)) == ("4.3", "4,3")


# --- whose language


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("", "fr"),
        ("de", "de"),
        ("en-GB", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.1, de;q=0.5", "de"),
        ("zh-CN, en;q=0.3", "en"),
        ("de;q=0", "fr"),
        ("*", "fr"),
        ("de;q=1.2.3;;,,q=,\x00", "de"),
    ],
)
def test_a_reader_is_answered_in_their_first_language_that_there_is_else_in_the_groups(
    locale: str, language: str
) -> None:
    assert understood(locale, "fr") == language


async def test_a_reader_is_answered_in_their_own_language_and_nothing_else_changes(readers: Town) -> None:
    ann, ben = await readers.member("Ann"), await readers.member("Ben")
    ann.locale = "de-AT,de;q=0.9,en;q=0.8"
    assert (await ann.says("/paper next")).text.startswith("Es ist kein Treffen geplant.")
    assert (await ben.says("/paper next")).text.startswith("No meeting is planned.")
    assert readers.club.groups.by_id["readers"].tongue == "en"


async def test_a_group_that_speaks_german_answers_in_german_who_says_no_other(tmp_path: Path) -> None:
    async with town(tmp_path, replace(BERLIN, language="de")) as readers:
        ann = await readers.member("Ann")
        assert (await ann.says("/paper next")).text.startswith("Es ist kein Treffen geplant.")
        ann.locale = "en-GB"
        assert (await ann.says("/paper next")).text.startswith("No meeting is planned.")
        ann.locale = "fr"
        assert (await ann.says("/paper next")).text.startswith("Es ist kein Treffen geplant.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/paper vote 1", "Du hast für “Invented Paper Number 1” (1 Stimme) gestimmt."),
        ("/paper vote 99", "Die neueste Liste hat die Nummern 1 bis "),
        ("/paper claim 1", "Du hast “Invented Paper Number 1” übernommen."),
        ("/paper save 1", "“Invented Paper Number 1” steht jetzt auf deiner Leseliste."),
        ("/paper mine", "Noch gibt es nichts von dir."),
        ("/paper vote", "Es fehlt noch: welches Paper"),
        ("/paper votte 1", "Es gibt keinen Befehl „votte“. Meinst du „/paper vote“?"),
        ("/paper help vote", "/paper vote: das möchte ich lesen; "),
        ("/paper search nothing", "Nichts auf den Listen dieser Gruppe enthält alles von „nothing“."),
        ("/paper my rota in", "Du stellst jetzt reihum vor"),
        ("/paper my link", "Sag das innerhalb von 10 Minuten"),
    ],
)
async def test_what_is_typed_every_day_is_answered_in_the_readers_language(
    readers: Town, typed: str, said: str
) -> None:
    readers.source.announce("2026-11-23", paper(1, upvotes=9))
    await readers.wait_until("2026-11-23 08:00")
    ann = await readers.member("Ann")
    ann.locale = "de"
    assert (await ann.says(typed)).text.startswith(said)


async def test_where_no_group_meets_the_reader_is_answered_in_their_language_too(readers: Town) -> None:
    stranger = replace(readers.user("discord:7", "Eve", "discord:1/2", "moderator"), locale="de")
    assert (await stranger.says("/paper-admin undo")).text == say(GERMAN, NOBODY)


def test_days_and_times_are_said_as_the_language_says_them() -> None:
    english, day = replace(BERLIN, language="en"), date(2026, 11, 26)
    german, starts = replace(BERLIN, language="de"), datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert (spoken(day, english), spoken(day, german)) == ("Thursday 26 November", "Donnerstag, 26. November")
    assert spoken_days([day, date(2026, 11, 28)], german) == "Donnerstag, 26. bis Samstag, 28. November"
    assert spoken_year(day, german) == "Donnerstag, 26. November 2026"
    assert plain(spoken_span(starts, 60, german)) == "Donnerstag, 26. November, 17:00 bis 18:00 CET"
