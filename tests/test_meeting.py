"""What members hear of the next meeting, who comes, how far they have read, what they want to know."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.vote import WHAT_IT_DOES
from tests.meeting_club import ANSWERED, CLOSED, GATHERED, OPENED, OVER, STARTED, MeetingClub, fields, labels, meetings


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    async with meetings(tmp_path, roles=("critic", "scribe")) as club:
        yield club


# --- what, when, where, who


async def test_next_tells_when_and_where_and_how_the_vote_stands(club: MeetingClub) -> None:
    await club.to(OPENED)
    await club.vote(2, 1)
    await club.bob.says("/paper claim 2")
    reply = await club.cid.says("/paper next")
    assert reply.text == (
        "Thursday 26 November, 17:00 to 18:00 CET, Room 2.01: no paper yet. Vote until Sunday 22 November, 17:00 CET."
    )
    (card,) = reply.cards
    assert card.title == "Vote for Thursday 26 November"
    assert fields(card)["Tiny Verifiers"] == "2 votes, claimed by Bob"
    assert fields(card)["Sparse Attention Is Enough"] == "1 vote, nobody has claimed it yet"
    assert fields(card)["When"] == "Thursday 26 November, 17:00 to 18:00 CET"
    assert labels(card) == ["Vote 2 · Tiny Verifiers", "Vote 1 · Sparse Attention Is Enough", "Join"]


async def test_before_nominations_open_next_says_when_and_that_votes_count(club: MeetingClub) -> None:
    text = (await club.ann.says("/paper next")).text
    assert "Nominations open on Friday 20 November, 17:00 CET, and votes count already." in text


async def test_next_has_the_pick_its_presenter_and_what_is_still_to_do(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    await club.pick(1)
    reply = await club.cid.says("/paper next")
    assert reply.text == (
        "Thursday 26 November, 17:00 to 18:00 CET, Room 2.01: “Sparse Attention Is Enough”, presented by Ann. "
        "Ann has not confirmed yet, and has time until Tuesday 24 November, 17:00 CET."
    )
    assert labels(reply.cards[0]) == ["Join", "Skip", "Ask", "Why this paper?", "I'd step in"]
    moderators = labels((await club.mod.says("/paper next")).cards[0])
    assert moderators[-2:] == ["Next paper", "Re-open the vote"]


@pytest.mark.parametrize("now", [GATHERED, "2026-11-26 08:00", STARTED])
async def test_next_says_the_same_however_near_it_is(club: MeetingClub, now: str) -> None:
    """What was true when it was read stays true in an open page."""
    await club.pick(1)
    await club.to(now)
    assert (await club.ann.says("/paper next")).text.startswith("Thursday 26 November, 17:00 to 18:00 CET, Room 2.01:")
    await club.to(OVER)
    assert (await club.ann.says("/paper next")).text.startswith("Thursday 3 December, 17:00 to 18:00 CET, Room 2.01:")


async def test_anybody_may_ask_for_the_next_meeting_and_is_no_member_by_it(club: MeetingClub) -> None:
    assert (await club.town.visitor().says("/paper next")).ok
    stranger = club.town.user("web:stranger", "Stranger", "web:readers")
    assert (await stranger.says("/paper next")).ok
    assert await club.town.club.app.whoami("readers", "web:stranger") is None


async def test_a_group_without_a_schedule_hears_what_a_moderator_types(tmp_path: Path) -> None:
    async with meetings(tmp_path, session="") as club:
        reply = await club.ann.says("/paper next")
        assert not reply.ok
        assert "/paper-admin schedule" in reply.text


async def test_a_skipped_week_says_so_and_when_the_next_is(club: MeetingClub) -> None:
    await club.mod.says("/paper-admin skip-week exam week")
    text = (await club.ann.says("/paper next")).text
    assert text.startswith(
        "There is no meeting on Thursday 26 November: exam week. Thursday 3 December, 17:00 to 18:00 CET,"
    )


async def test_why_has_the_whole_receipt(club: MeetingClub) -> None:
    await club.vote(2, 1)
    early = await club.ann.says("/paper next why")
    assert early.text == "Nothing was counted for Thursday 26 November yet. /paper next tells what comes."
    await club.to(CLOSED)
    why = await club.ann.presses("Why", await club.card("pick"))
    assert why.text.splitlines() == [
        "“Tiny Verifiers” is picked with 2 votes.",
        "“Sparse Attention Is Enough” has 1.",
        "Next in line: “Sparse Attention Is Enough”.",
    ]
    assert (await club.ann.says("/paper next whatever")).text == '"whatever" is none of these: why, confirm.'


async def test_two_members_settle_what_the_count_proposes(tmp_path: Path) -> None:
    async with meetings(tmp_path, pick="organiser") as club:
        card = await club.pick(2, 1)
        assert card.title == "Proposed for Thursday 26 November: Tiny Verifiers"
        for _ in range(2):
            reply = await club.ann.presses("Confirm", card)
            assert reply.text == (
                "You confirmed “Tiny Verifiers”. It is settled once another member or a moderator does."
            )
        assert "1 member has so far" in (await club.card("pick")).footer
        assert (
            "A moderator or two members confirm it; 1 member has so far." in (await club.bob.says("/paper next")).text
        )
        assert (await club.bob.presses("Confirm", card)).text == "“Tiny Verifiers” is settled for Thursday 26 November."
        assert "Confirm" not in labels(await club.card("pick"))
        assert not (await club.cid.presses("Confirm", card)).ok


async def test_a_moderator_settles_it_alone_and_a_newcomer_becomes_a_member_by_confirming(tmp_path: Path) -> None:
    async with meetings(tmp_path, pick="organiser") as club:
        card = await club.pick(2, 1)
        stranger = club.town.user("web:stranger", "Stranger", "web:readers")
        assert (await stranger.presses("Confirm", card)).text.startswith("You confirmed")
        assert await club.town.club.app.whoami("readers", "web:stranger")
        assert (await club.town.visitor().presses("Confirm", card)).text.startswith("Choose a name first")
        assert (await club.mod.presses("Confirm", card)).text == "“Tiny Verifiers” is settled for Thursday 26 November."


# --- who comes


async def test_join_pressed_again_stands_and_skip_replaces_it(club: MeetingClub) -> None:
    card = await club.pick(1)
    reply = await club.ann.presses("Join", card)
    assert reply.text == "You come: Thursday 26 November, 17:00 CET, Room 2.01. You are the first to say so."
    assert (await club.bob.presses("Join", card)).text.endswith("1 other comes too.")
    assert fields(await club.card("pick"))["Coming"] == "Ann and Bob"
    assert labels(await club.card("pick"))[0] == "Join 2"
    assert (await club.ann.presses("Skip", card)).text.startswith(
        "You skip the meeting on Thursday 26 November, 17:00 CET."
    )
    again = await club.bob.presses("Join", card)
    assert again.text.startswith("You come")
    assert fields(await club.card("pick"))["Coming"] == "Bob"
    assert labels(again) == ["Skip", "Take it back"]
    assert (await club.bob.presses_button(again.choices[1])).text.startswith("You took your answer back")
    assert fields(await club.card("pick"))["Coming"] == "Nobody has said so yet"
    await club.bob.says("/paper meeting rsvp join")
    assert (await club.bob.says("/paper meeting rsvp open")).text.startswith("You took your answer back")


async def test_a_press_that_comes_twice_counts_once_and_the_word_said_again_stays(club: MeetingClub) -> None:
    card = await club.pick(1)
    for _ in range(3):
        assert (await club.ann.presses("Join", card, request="the-same")).text.startswith("You come")
    assert (await club.ann.says("/paper meeting rsvp join")).text.startswith("You come")
    assert fields(await club.card("pick"))["Coming"] == "Ann"


async def test_who_presents_and_skips_hears_how_to_pass_it_on(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    card = await club.pick(1)
    assert (await club.ann.presses("Skip", card)).text.endswith("/paper meeting present no passes that on.")


async def test_rsvp_without_anything_says_how_one_stands(club: MeetingClub) -> None:
    reply = await club.ann.says("/paper meeting rsvp")
    assert reply.text.endswith("You have not said yet whether you come.")
    assert labels(reply) == ["Join", "Skip"]
    await club.ann.presses_button(reply.choices[0])
    assert (await club.ann.presses_button(reply.choices[0])).text.startswith("You come"), "an offered choice stays"
    asked = await club.ann.says("/paper meeting rsvp")
    assert asked.text.endswith("You come.")
    assert labels(asked) == ["Skip", "Take it back"]


async def test_several_things_at_once_are_done_or_none(club: MeetingClub) -> None:
    await club.pick(1)
    wrong = await club.ann.says("/paper meeting rsvp join role:reviewer")
    assert (wrong.ok, wrong.text) == (False, "This group has no reviewer. There is critic and scribe.")
    assert fields(await club.card("pick"))["Coming"] == "Nobody has said so yet"
    right = await club.ann.says("/paper meeting rsvp join role:critic reading:skimmed")
    assert "You are the critic on Thursday 26 November, who says what is weak in it." in right.text
    assert "Noted: you have skimmed it." in right.text
    await club.to(GATHERED)
    room = fields(await club.card("session"))
    rooms = [fields(card) for card in await club.cards("session") if "Roles" in fields(card)]
    assert rooms[-1]["Roles"].splitlines()[0] == "Critic: Ann"
    assert rooms[-1]["Who has read it"] == "1 skimmed it"
    assert room["Coming"] == "Ann"


async def test_a_role_has_one_member_until_they_give_it_back(club: MeetingClub) -> None:
    await club.pick(1)
    await club.to(GATHERED)
    room = next(card for card in await club.cards("session") if "Scribe" in labels(card))
    await club.ann.presses("Scribe", room)
    taken = await club.bob.presses("Scribe", room)
    assert not taken.ok
    assert "Ann" in taken.text
    again = await club.ann.presses("Scribe", room)
    assert again.text.startswith("You are the scribe on Thursday 26 November")
    assert labels(again) == ["Give it back"]
    back = await club.ann.presses_button(again.choices[0])
    assert back.text == "You gave it back: the scribe on Thursday 26 November can be somebody else."
    assert (await club.bob.presses("Scribe", room)).ok
    assert (await club.ann.says("/paper meeting rsvp back:scribe")).text == (
        "You are not the scribe on Thursday 26 November."
    )


async def test_nothing_can_be_read_before_a_paper_is_picked(club: MeetingClub) -> None:
    reply = await club.ann.says("/paper meeting rsvp reading:read")
    assert reply.text == "There is no paper to read yet. /paper next tells when it is picked."


async def test_a_button_of_a_meeting_that_is_over_skipped_or_elsewhere_says_so(club: MeetingClub) -> None:
    card = await club.pick(1)
    assert (await club.ann.says("/paper meeting rsvp join", session="999")).text.startswith(
        "That meeting is not this group's."
    )
    assert (await club.ann.says("/paper meeting rsvp join", session="x")).text.startswith(
        "That meeting is not this group's."
    )
    await club.mod.says("/paper-admin skip-week holidays")
    assert (await club.ann.presses("Join", card)).text == (
        "There is no meeting on Thursday 26 November: holidays. /paper next tells the next one."
    )


async def test_after_the_meeting_its_buttons_answer_that_it_is_over(club: MeetingClub) -> None:
    card = await club.pick(1)
    await club.to(OVER)
    for label in ("Join", "Ask"):
        assert (await club.ann.presses(label, card)).text == (
            "The meeting on Thursday 26 November is over. /paper next tells the next one."
        )


async def test_too_few_call_it_off_and_everybody_knew_how_many_were_wanted(tmp_path: Path) -> None:
    async with meetings(tmp_path, headcount=2) as club:
        card = await club.pick(1)
        assert fields(card)["Coming"] == "Nobody has said so yet; at least 2 must come"
        await club.ann.presses("Join", card)
        assert (await club.bob.says("/paper next")).text.endswith(
            "2 members must have joined by Thursday 26 November, 14:00 CET, or it is called off; 1 has."
        )
        await club.to("2026-11-26 13:00")
        assert (await club.card("pick")).title.startswith("Thursday 3 December")
        assert any(card.title == "No meeting on Thursday 26 November" for card in await club.cards("pick"))


# --- questions


async def test_a_question_is_typed_or_asked_for_by_a_form_and_stands_in_the_room(club: MeetingClub) -> None:
    card = await club.pick(1)
    empty = await club.ann.presses("Ask", card)
    assert empty.form
    assert empty.text == "Type it: /paper meeting ask YOUR QUESTION"
    sent = await club.ann.sends(empty.form, question="Does it hold\nfor small models?")
    assert sent.text == "Your question waits for whoever presents."
    await club.bob.says("/paper meeting ask And <script>for large ones?")
    await club.to(GATHERED)
    room = next(fields(card) for card in await club.cards("session") if "Questions" in fields(card))
    assert room["Questions"].splitlines() == [
        "Ann: Does it hold for small models?",
        "Bob: And <script>for large ones?",
    ]


async def test_a_question_can_be_taken_back_by_who_asked_it(club: MeetingClub) -> None:
    await club.pick(1)
    asked = await club.ann.says("/paper meeting ask Why?")
    assert (await club.bob.presses_button(asked.choices[0])).text == "That question is gone already."
    assert (await club.ann.presses_button(asked.choices[0])).text == "You took your question back."
    assert (await club.ann.presses_button(asked.choices[0])).text == "That question is gone already."


async def test_a_question_has_its_limit(club: MeetingClub) -> None:
    reply = await club.ann.says(f"/paper meeting ask {'why ' * 200}")
    assert reply.text == "That is too long: 500 characters are enough for a question."


async def test_the_presenter_is_named_to_who_asks(club: MeetingClub) -> None:
    await club.bob.says("/paper claim 1")
    await club.pick(1)
    assert (await club.ann.says("/paper meeting ask Why?")).text == "Your question waits for Bob."


async def test_nobody_sees_how_hidden_votes_stand(tmp_path: Path) -> None:
    async with meetings(tmp_path, hidden=True, budget=3) as club:
        await club.to(OPENED)
        assert (await club.ann.says("/paper vote 2")).text == (
            f"You voted for “Tiny Verifiers”. {WHAT_IT_DOES} You have 2 votes left until the close."
        )
        await club.bob.says("/paper vote 1")
        await club.cid.says("/paper vote 1")
        assert (await club.cid.says("/paper unvote 1")).text.startswith(
            "You took your vote back from “Sparse Attention Is Enough”. "
        )
        await club.cid.says("/paper vote 1")
        shown = [*await club.cards("ballot"), *(await club.cid.says("/paper next")).cards]
        shown += (await club.cid.says("/paper today")).cards + (await club.cid.says("/paper mine")).cards
        for card in shown:
            assert not any(label.startswith("Vote") and label[5:6].isdigit() for label in labels(card)), card
        ballot = await club.card("ballot")
        assert [field.name for field in ballot.fields][:2] == ["Tiny Verifiers", "Sparse Attention Is Enough"]
        assert not any("vote" in field.value for field in ballot.fields)
        assert "How the votes stand is told after the close. Everybody has 3 votes." in ballot.body
        papers = [card for card in await club.town.channel() if card.kind == "paper"]
        assert not any(card.takes_emoji for card in papers)
        await club.to(ANSWERED)
        assert "is picked with 2 votes" in fields(await club.card("pick"))["Picked"]


async def test_a_meeting_without_a_place_names_none(tmp_path: Path) -> None:
    async with meetings(tmp_path, place="") as club:
        assert (await club.ann.says("/paper next")).text.startswith(
            "Thursday 26 November, 17:00 to 18:00 CET: no paper yet."
        )
