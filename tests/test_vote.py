"""Members vote, pass, claim; by button and by word; once, whoever repeats what."""

from pathlib import Path

import pytest

from bot.commands.vote import WHAT_IT_DOES
from bot.serve import offer_codes
from tests.club import BERLIN, Town, town
from tests.fakes.source import ListedSource, paper


@pytest.fixture(autouse=True)
async def _posted(readers: Town) -> None:
    readers.source.announce("2026-11-23", *(paper(n, upvotes=100 - n) for n in range(1, 5)))
    await readers.wait_until("2026-11-23 08:00")


async def test_a_vote_is_told_privately_and_shown_on_the_card(readers: Town) -> None:
    ann = await readers.member("Ann")
    reply = await ann.says("/paper vote 1")
    assert reply.text == f"You voted for “Invented Paper Number 1” (1 vote). {WHAT_IT_DOES}"
    assert (await readers.card("Number 1")).buttons[0].label == "Vote 1"
    assert readers.surface.edits[-1].card.title == "Invented Paper Number 1"


async def test_the_vote_button_pressed_again_takes_it_back(readers: Town) -> None:
    ann = await readers.member("Ann")
    card = await readers.card("Number 1")
    assert (await ann.presses("Vote", card)).text.startswith("You voted for")
    taken_back = await ann.presses("Vote", card)
    assert taken_back.text.startswith("You took your vote back")
    assert (await readers.card("Number 1")).buttons[0].label == "Vote"
    assert [choice.label for choice in taken_back.choices] == ["Vote again"]
    for _ in range(2):
        assert (await ann.presses_button(taken_back.choices[0])).ok
        assert (await readers.card("Number 1")).buttons[0].label == "Vote 1"
    assert [choice.label for choice in (await ann.says("/paper unvote 1")).choices] == ["Vote again"]


async def test_the_word_vote_said_twice_keeps_the_vote(readers: Town) -> None:
    ann = await readers.member("Ann")
    await ann.says("/paper vote 1")
    assert (await ann.says("/paper vote 1")).text.startswith("Your vote already stands")
    assert (await ann.says("/paper unvote 1")).text.startswith("You took your vote back")
    assert (await ann.says("/paper unvote 1")).text == "You have no vote on “Invented Paper Number 1” (0 votes)."


async def test_a_redelivered_press_changes_nothing(readers: Town) -> None:
    ann = await readers.member("Ann")
    card = await readers.card("Number 1")
    for _ in range(3):
        await ann.presses("Vote", card, request="the-same-press")
    assert (await readers.card("Number 1")).buttons[0].label == "Vote 1"
    for _ in range(3):
        await ann.presses("Claim", card, request="the-same-claim")
    assert (await readers.card("Number 1")).buttons[1].label == "Claimed"


async def test_two_members_make_two_votes(readers: Town) -> None:
    for name in ("Ann", "Bob"):
        await (await readers.member(name)).says("/paper vote 2")
    assert (await readers.card("Number 2")).buttons[0].label == "Vote 2"


async def test_a_pass_withdraws_the_vote(readers: Town) -> None:
    ann = await readers.member("Ann")
    await ann.says("/paper vote 1")
    passed = await ann.says("/paper pass 1")
    assert passed.text == "You passed on “Invented Paper Number 1”; no vote of yours stands on it."
    card = await readers.card("Number 1")
    assert [button.label for button in card.buttons][::3] == ["Vote", "Pass 1"]
    for again in (await ann.says("/paper pass 1"), await ann.presses("Pass", card)):
        assert again.text == "You have passed on “Invented Paper Number 1” already; that stands."
    assert (await readers.card("Number 1")).buttons[3].label == "Pass 1"
    assert (
        await ann.presses_button(passed.choices[0])
    ).text == "You took your pass back from “Invented Paper Number 1”."
    assert (await ann.says("/paper unpass 1")).text == "You have not passed on “Invented Paper Number 1”."
    assert (await readers.card("Number 1")).buttons[3].label == "Pass"


async def test_one_of_two_claims_wins_and_the_other_is_next_in_line(readers: Town) -> None:
    ann, bob, cid = [await readers.member(name) for name in ("Ann", "Bob", "Cid")]
    assert (await ann.says("/paper claim 1")).text.startswith("You claimed “Invented Paper Number 1”.")
    reply = await bob.says("/paper claim 1")
    assert reply.text == (
        "Ann has claimed “Invented Paper Number 1” already; you are first in line after Ann, "
        "and hear from us when they can't."
    )
    assert "you are second in line after Ann" in (await cid.says("/paper claim 1")).text
    card = await readers.card("Number 1")
    assert card.buttons[1].label == "Claimed"
    assert card.fields[0].value == "Ann; then Bob, Cid"


async def test_who_was_next_in_line_holds_it_when_it_is_given_back(readers: Town) -> None:
    ann, bob = await readers.member("Ann"), await readers.member("Bob")
    card = await readers.card("Number 1")
    await ann.presses("Claim", card)
    await bob.presses("Claim", card)
    released = await ann.presses("Claim", card)
    assert released.text == "You released “Invented Paper Number 1”; Bob holds it now."
    assert [choice.label for choice in released.choices] == ["Claim again"]
    assert (await readers.card("Number 1")).fields[0].value == "Bob"
    assert (await bob.presses("Claim", card)).text == "You released “Invented Paper Number 1”; anyone can claim it."


async def test_a_claim_says_how(readers: Town) -> None:
    ann, bob, cid = [await readers.member(name) for name in ("Ann", "Bob", "Cid")]
    assert (await cid.says("/paper claim 1 as:fallback")).text == (
        "You present “Invented Paper Number 1” if nobody else does; nobody holds it yet."
    )
    assert (await ann.says("/paper claim 1 as:backup")).text.startswith("You claimed"), (
        "there is nobody to stand behind"
    )
    assert (await bob.says("/paper claim 1 as:co")).text == "You present “Invented Paper Number 1” together with Ann."
    assert (await cid.says("/paper claim 1 as:fallback")).text.endswith("Ann holds it now.")
    wrong = await bob.says("/paper claim 1 as:king")
    assert (wrong.ok, wrong.text) == (False, '"king" is none of these: holder, co, backup, fallback.')


async def test_only_who_has_a_claim_releases_it(readers: Town) -> None:
    ann, bob = await readers.member("Ann"), await readers.member("Bob")
    await ann.says("/paper claim 1")
    refused = await bob.says("/paper release 1")
    assert not refused.ok
    assert refused.text == (
        "You have no claim on “Invented Paper Number 1”. It is claimed by Ann, so it is theirs to release."
    )
    assert (await ann.says("/paper release 1")).text.startswith("You released")
    assert (await bob.says("/paper claim 1")).ok
    assert (await readers.visitor().says("/paper release 1")).text == "Choose a name first: /paper join YOUR NAME"


async def test_mine_lists_claims_before_votes(readers: Town) -> None:
    ann = await readers.member("Ann")
    assert (await ann.says("/paper mine")).text.startswith("Nothing is yours yet.")
    await ann.says("/paper vote 1")
    await ann.says("/paper claim 2")
    reply = await ann.says("/paper mine")
    assert reply.text == "1 claim and 1 vote. Only you see this."
    assert [card.title[-1] for card in reply.cards] == ["2", "1"]


async def test_a_visitor_without_a_name_is_told_how_to_get_one(readers: Town) -> None:
    reply = await readers.visitor().says("/paper vote 1")
    assert (reply.ok, reply.text) == (False, "Choose a name first: /paper join YOUR NAME")


async def test_a_name_belongs_to_whoever_took_it(readers: Town) -> None:
    await readers.member("Ann")
    reply = await readers.visitor().says("/paper join ann")
    assert (reply.ok, reply.text) == (False, 'The name "ann" is taken here; choose another.')


async def test_a_name_that_shows_nothing_is_refused_wherever_it_comes_from(readers: Town) -> None:
    told = "Choose a name of 1 to 40 characters."
    joins = await readers.visitor().says("/paper join \u200b")
    nameless = readers.user("discord:7", "\u200b", "")
    nameless.group = "readers"
    votes = await nameless.says("/paper vote 1")
    assert [(reply.ok, reply.text) for reply in (joins, votes)] == [(False, told)] * 2


async def test_votes_claims_and_cards_are_there_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "restart"
    folder.mkdir()
    source = ListedSource()
    source.announce("2026-11-23", paper(1))
    async with town(folder, now="2026-11-23 08:00", source=source) as before:
        await before.tick()
        ann = await before.member("Ann")
        await ann.says("/paper vote 1")
        await ann.says("/paper claim 1")
    async with town(folder, now="2026-11-23 08:30", source=source) as after:
        await after.tick()
        card = await after.card("Number 1")
        assert [b.label for b in card.buttons][:2] == ["Vote 1", "Claimed"]
        assert after.surface.posts == []


async def test_one_group_can_neither_see_nor_touch_another(tmp_path: Path) -> None:
    from bot.model import GroupSettings

    folder = tmp_path / "two"
    folder.mkdir()
    other = GroupSettings(id="others", name="Others", channels=("web:others",))
    source = ListedSource()
    source.announce("2026-11-23", paper(1))
    async with town(folder, BERLIN, other, now="2026-11-23 09:30", source=source) as both:
        await both.tick()
        ann, eve = await both.member("Ann"), await both.member("Eve", "others")
        await ann.says("/paper vote 1")
        ours = await both.card("Number 1", "readers")
        for label in ("Vote", "Claim", "Summary", "Pass"):
            reply = await eve.presses(label, ours)
            assert (reply.ok, reply.text) == (False, "That paper is not on this group's list.")
        assert (await both.card("Number 1", "others")).buttons[0].label == "Vote"
        assert (await both.card("Number 1", "readers")).buttons[0].label == "Vote 1"


async def test_a_moderator_is_told_how_to_free_anybodys_claim(readers: Town) -> None:
    ann, mod = await readers.member("Ann"), await readers.member("Mod")
    await mod.says(f"/paper moderate {(await offer_codes(readers.club))['readers']}")
    await ann.says("/paper claim 1")
    assert (await mod.says("/paper release 1")).text.endswith("As a moderator you free it with /paper-admin release.")
    assert (await mod.says("/paper-admin release 1")).ok
    assert (await readers.card("Number 1")).buttons[1].label == "Claim"


async def test_a_press_that_is_delivered_twice_is_answered_with_how_things_are(readers: Town) -> None:
    ann = await readers.member("Ann")
    card = await readers.card("Number 1")
    await ann.presses("Claim", card)
    for _ in range(2):
        reply = await ann.presses("Claim", card, request="the-release")
        assert reply.ok
        assert reply.text.endswith("“Invented Paper Number 1”; anyone can claim it.")


async def test_an_old_join_that_comes_again_does_not_rename(readers: Town) -> None:
    ann = await readers.member("Ann")
    await ann.says("/paper join Anna", request="j1")
    await ann.says("/paper join Annabel", request="j2")
    assert (await ann.says("/paper join Anna", request="j1")).text == "You are Annabel."
