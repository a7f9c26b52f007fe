"""The recap in one minute, and the archive that keeps it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions.attendance import write_recap
from bot.cards import Form
from bot.model import Act
from tests.meeting_club import OVER, RECAPPED, MeetingClub, fields, labels, meetings


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    """Ann has presented Sparse Attention; the recap is asked for."""
    async with meetings(tmp_path) as club:
        await club.ann.says("/paper claim 1")
        await club.pick(1)
        await club.ann.says("/paper meeting present yes")
        for member in (club.ann, club.bob):
            await member.says("/paper meeting rsvp join")
        await club.to(OVER)
        await club.to(RECAPPED)
        yield club


async def form(club: MeetingClub) -> Form:
    reply = await club.bob.presses("Add a recap", await club.card("recap"))
    assert reply.form
    return reply.form


async def test_the_recap_asks_in_one_sentence_and_one_button(club: MeetingClub) -> None:
    card = await club.card("recap")
    assert card.title == "How was it?"
    assert card.body == (
        "“Sparse Attention Is Enough”: what do you take home, and was it worth our time? It takes a minute."
    )
    assert labels(card) == ["Add a recap"]


async def test_the_form_needs_one_takeaway_and_what_was_sent_stands_on_the_card(club: MeetingClub) -> None:
    asked = await form(club)
    assert [(one.name, one.required) for one in asked.inputs] == [
        ("first", True),
        ("second", False),
        ("third", False),
        ("rating", False),
        ("slides", False),
    ]
    sent = await club.bob.sends(asked, first="Learned, not given", third="Short texts lose", rating="4")
    assert sent.text == (
        "Thank you: your recap stands under the meeting and in the archive. The group finds it 4.0 of 5 from 1 member."
    )
    await club.ann.says("/paper meeting recap rating:5")
    card = await club.card("recap")
    assert card.title == "How it was: Thursday 26 November: Sparse Attention Is Enough"
    assert fields(card) == {
        "Presented by": "Ann",
        "Worth our time": "4.5 of 5 from 2 members",
        "Said yes": "2: Ann and Bob",
        "Takeaways": "Bob: Learned, not given; Short texts lose",
    }


async def test_the_form_is_filled_with_what_was_said_before_and_replaces_it(club: MeetingClub) -> None:
    await club.bob.sends(await form(club), first="One", second="Two", rating="2", slides="https://s.example.org/1")
    again = await form(club)
    assert [one.value for one in again.inputs] == ["One", "Two", "", "2", "https://s.example.org/1"]
    changed = await club.bob.sends(again, second="", rating="")
    assert changed.text == "Changed: your recap stands under the meeting and in the archive."
    card = await club.card("recap")
    assert fields(card)["Takeaways"] == "Bob: One"
    assert "Worth our time" not in fields(card)
    assert card.links == (("slides", "https://s.example.org/1"),)


async def test_a_typed_recap_leaves_what_it_does_not_name(club: MeetingClub) -> None:
    await club.bob.says("/paper meeting recap first:One second:Two rating:2")
    await club.bob.says("/paper meeting recap rating:3")
    assert fields(await club.card("recap"))["Takeaways"] == "Bob: One; Two"
    assert fields(await club.card("recap"))["Worth our time"] == "3.0 of 5 from 1 member"


async def test_a_typed_takeaway_leaves_the_others(club: MeetingClub) -> None:
    await club.bob.says("/paper meeting recap first:One second:Two third:Three rating:2")
    await club.bob.says("/paper meeting recap One change")
    assert fields(await club.card("recap"))["Takeaways"] == "Bob: One change; Two; Three"
    await club.bob.says("/paper meeting recap third:Another second:Second")
    assert fields(await club.card("recap"))["Takeaways"] == "Bob: One change; Second; Another"
    assert fields(await club.card("recap"))["Worth our time"] == "2.0 of 5 from 1 member"


async def test_a_form_that_a_typed_line_opened_takes_out_what_was_emptied(club: MeetingClub) -> None:
    """It comes from no message, so that nothing says that it was pressed."""
    await club.bob.says("/paper meeting recap first:One second:Two rating:2")
    await club.bob.says("/paper meeting recap", first="One", second="", third="", rating="", slides="")
    assert fields(await club.card("recap"))["Takeaways"] == "Bob: One"
    assert "Worth our time" not in fields(await club.card("recap"))


async def test_slides_alone_are_no_recap(club: MeetingClub) -> None:
    assert (await club.ann.says("/paper meeting recap slides:https://s.example.org/2")).text == (
        "The slides stand on the meeting's cards and in the archive now."
    )
    card = await club.card("recap")
    assert (card.title, card.links) == ("How was it?", (("slides", "https://s.example.org/2"),))


async def test_the_slides_of_whoever_presents_stay_when_others_send_theirs_and_the_recap_is_kept(
    club: MeetingClub,
) -> None:
    await club.ann.says("/paper meeting recap slides:https://s.example.org/1")
    refused = "The meeting of Thursday 26 November has slides already; only Ann and moderators can change them."
    alone = await club.bob.says("/paper meeting recap slides:https://s.example.org/2")
    assert (alone.ok, alone.text) == (False, refused)
    sent = await club.bob.sends(await form(club), first="One", slides="https://s.example.org/2")
    assert sent.text == (
        f"Thank you: your recap stands under the meeting and in the archive. Your slides were not taken: {refused}"
    )
    card = await club.card("recap")
    assert (fields(card)["Takeaways"], card.links) == ("Bob: One", (("slides", "https://s.example.org/1"),))
    asked = await club.mod.says("/paper-admin undo")
    assert "Ann: " in asked.text, "it is not theirs, so it is shown first"
    assert (await club.mod.presses_button(asked.choices[0])).ok
    assert (await club.card("recap")).links == ()


async def test_a_recap_with_slides_that_arrives_again_does_what_it_had_not_done_and_nothing_else(
    club: MeetingClub,
) -> None:
    line, request = "/paper meeting recap first:One slides:https://s.example.org/1", "one-form"
    store, session = club.town.club.store, 1
    bob = await store.peek(lambda rows: rows.people.member("readers", "web:bob"))
    assert bob
    act = Act(request, "readers", bob.id, "web/command", club.town.clock.now())
    await store.act(write_recap, act, session, {0: "One"})  # and then the program died
    await club.bob.says(line, request=request)
    assert (await club.card("recap")).links == (("slides", "https://s.example.org/1"),)
    await club.ann.says("/paper meeting recap slides:https://s.example.org/2")
    await club.bob.says("/paper meeting recap first:Two")
    await club.bob.says(line, request=request)
    card = await club.card("recap")
    assert (fields(card)["Takeaways"], card.links) == ("Bob: Two", (("slides", "https://s.example.org/2"),))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("rating:7", "The rating is a number from 1 to 5: was it worth our time?"),
        ("rating:good", "The rating is a number from 1 to 5: was it worth our time?"),
        ("slides:javascript:alert(1)", "Slides are a link that begins with https:// or http://."),
        (f"first:{'long ' * 200}", "That is too long: 500 characters are enough for a takeaway."),
    ],
)
async def test_what_is_no_recap_is_refused_and_nothing_is_kept(club: MeetingClub, typed: str, answer: str) -> None:
    reply = await club.bob.says(f"/paper meeting recap {typed}")
    assert (reply.ok, reply.text) == (False, answer)
    assert (await club.card("recap")).title == "How was it?"


async def test_there_is_no_recap_of_what_has_not_been(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        assert not (await club.ann.says("/paper meeting recap first:Nice")).ok
        await club.pick(1)
        early = await club.ann.says("/paper meeting recap first:Nice", session="1")
        assert early.text == "The meeting on Thursday 26 November is still to come. Tell us afterwards."


async def test_the_card_of_a_meeting_that_is_over_asks_how_it_was_and_says_why(club: MeetingClub) -> None:
    (message,) = await club.messages("pick")
    assert labels(message.card) == ["Add a recap", "Why this paper?"]
    assert not message.pinned


# --- the archive


async def test_the_archive_has_what_was_read_told_and_rated(club: MeetingClub) -> None:
    await club.bob.says("/paper meeting recap first:Learned, not given rating:4 slides:https://s.example.org/1")
    reply = await club.cid.says("/paper meeting archive")
    assert reply.text == "1 meeting"
    (card,) = reply.cards
    assert (card.title, card.buttons) == ("Sparse Attention Is Enough", ())
    assert fields(card) == {
        "Met on": "Thursday 26 November 2026",
        "Presented by": "Ann",
        "Worth our time": "4.0 of 5 from 1 member",
        "Said yes": "2: Ann and Bob",
        "Takeaways": "Bob: Learned, not given",
    }
    assert card.links == (("slides", "https://s.example.org/1"),)


async def test_the_archive_finds_by_words_of_title_presenter_and_takeaway(club: MeetingClub) -> None:
    await club.bob.says("/paper meeting recap first:Learned, not given")
    for query in ("sparse", "ann", "learned given", "ADA EXAMPLE"):
        assert (await club.cid.says(f"/paper meeting archive {query}")).text == f'1 meeting for "{query}"'
    nothing = await club.cid.says("/paper meeting archive zebra")
    assert (nothing.ok, nothing.text) == (
        True,
        'No past meeting has all of "zebra". Fewer or shorter words find more.',
    )


async def test_an_empty_archive_says_when_it_begins(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        assert (await club.town.visitor().says("/paper meeting archive")).text == (
            "Nothing is in the archive yet: it begins once a meeting is over. /paper next tells when the next one is."
        )


async def test_a_meeting_of_which_nothing_came_is_not_in_the_archive(club: MeetingClub) -> None:
    await club.mod.says("/paper-admin skip-week holidays")
    await club.to("2026-12-03 17:10")
    assert (await club.ann.says("/paper meeting archive")).text == "1 meeting"
