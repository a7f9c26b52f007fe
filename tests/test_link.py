"""Two accounts of one person become one member, once both say so: one vote, one claim."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Button, Reply
from bot.serve import offer_codes
from tests.club import Person
from tests.fakes.surface import RecordingSurface
from tests.meeting_club import MeetingClub, fields, meetings

WRONG = (
    "That code is not valid (any more). Ask for a new one with /paper my link from your other account, "
    "and say it within ten minutes."
)


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    async with meetings(tmp_path, surfaces=[RecordingSurface(), RecordingSurface("discord")]) as club:
        yield club


@pytest.fixture
def there(club: MeetingClub) -> Person:
    """Ann's other account."""
    person = club.town.user("discord:7", "Ann on Discord", "")
    person.group = "readers"
    return person


async def code(person: Person) -> str:
    reply = await person.says("/paper my link")
    first, second = reply.text.splitlines()
    assert first.startswith("Say this from your other account within 10 minutes: /paper my link ")
    assert second == "Then come back here, see who said it, and say yes. Only you see the code; give it to nobody else."
    return first.rpartition(" ")[2]


async def link(other: Person, to: Person) -> Reply:
    """As one does with two accounts of one's own."""
    question = await other.says(f"/paper my link {await code(to)}")
    await other.presses_button(chosen(question, "Yes"))
    question = await to.presses_button(Button("Look", "link", argument=("code", "look")))
    return await to.presses_button(chosen(question, "Yes"))


def chosen(reply: Reply, label: str) -> Button:
    return next(button for button in reply.choices if button.label.startswith(label))


async def test_votes_and_claims_of_both_are_one_members(club: MeetingClub, there: Person) -> None:
    await club.ann.says("/paper vote 1")
    await there.says("/paper vote 1")
    await there.says("/paper vote 2")
    await there.says("/paper claim 3")
    assert (await club.town.card("Sparse")).buttons[0].label == "Vote 2"
    reply = await link(there, club.ann)
    assert reply.text == (
        "You are Ann now, on Discord and the web page: member here, with 2 votes and 1 claim. Of two votes on a paper "
        "one counts. If that was a mistake, /paper my link takes them apart again until Friday 27 November."
    )
    assert (await club.town.card("Sparse")).buttons[0].label == "Vote 1"
    assert (await club.ann.says("/paper mine")).text == "1 claim and 2 votes. Only you see this."
    await there.says("/paper mine")
    assert (await club.ann.says("/paper release 3")).text.startswith("You released")
    assert await club.town.club.app.whoami("readers", "discord:7") == await club.town.club.app.whoami(
        "readers", "web:ann"
    )


async def test_each_is_shown_whom_it_would_be_one_with(club: MeetingClub, there: Person) -> None:
    await there.says("/paper vote 1")
    question = await there.says(f"/paper my link {await code(club.ann)}")
    asked, becomes, typed = question.text.splitlines()
    assert asked == "Is this you as well? Ann, on the web page: member here, with 0 votes and 0 claims."
    assert becomes == (
        "If you say yes on both sides you are one member, called Ann, with the votes and claims of both. "
        "Say yes only if both accounts are yours."
    )
    assert typed.startswith("Or type: /paper my link yes-")
    question = await club.ann.says("/paper my link")
    assert question.text.splitlines()[0] == (
        "Is this you as well? Ann on Discord, on Discord: member here, with 1 vote and 0 claims."
    )
    assert (await club.ann.presses_button(chosen(question, "No"))).text == "They stay two. Nothing was changed."
    assert not (await there.presses_button(chosen(question, "Yes"))).ok
    assert (await club.ann.says("/paper my link")).text.startswith("Say this")


async def test_a_moderator_who_says_a_strangers_code_gives_nothing_away(club: MeetingClub) -> None:
    """One word of theirs made the stranger a moderator, renamed them, stood in no log and could not be undone."""
    bob = club.bob
    await club.cid.says(f"/paper moderate {(await offer_codes(club.town.club))['readers']}")
    question = await club.cid.says(f"/paper my link {await code(bob)}")
    assert "The role of Cid as moderator of Readers does not come along." in question.text
    assert (await club.cid.says("/paper-admin audit")).ok, "nothing happened yet"
    for person in (club.cid, bob):
        reply = await person.presses_button(chosen(question, "Yes"))
    assert reply.ok
    for person in (club.cid, bob):
        assert (await person.says("/paper-admin audit")).text == "/paper-admin audit is for moderators."
    apart = chosen(await club.cid.says("/paper my link"), "Take")
    assert (await club.cid.presses_button(apart)).text.startswith("They are two members again")
    assert (await bob.says("/paper-admin audit")).text == "/paper-admin audit is for moderators."
    log = (await club.cid.says("/paper-admin audit")).text
    assert "Bob: took apart again: Bob and Cid" in log
    assert "Bob: Cid and Bob are one person, as both said" in log


async def test_a_code_serves_once_and_only_for_ten_minutes(club: MeetingClub, there: Person) -> None:
    first = await code(club.ann)
    newer = await code(club.ann)
    assert (await there.says(f"/paper my link {first}")).text == WRONG, "a new code replaces the last one"
    assert (await there.says(f"/paper my link {newer.lower()}")).ok
    assert (await club.bob.says(f"/paper my link {newer}")).text == WRONG
    late = await code(club.bob)
    club.town.clock.move(minutes=11)
    assert (await club.cid.says(f"/paper my link {late}")).text == WRONG


async def test_who_said_yes_hears_that_the_other_has_to(club: MeetingClub, there: Person) -> None:
    await there.says(f"/paper my link {await code(club.ann)}")
    reply = await there.says("/paper my link yes-1")
    assert reply.text == "Now Ann has to say yes, too, within 10 minutes: /paper my link from there."
    club.town.clock.move(minutes=11)
    assert (
        await club.ann.says("/paper my link yes-1")
    ).text == "Nobody asks for that any more. /paper my link begins anew."
    assert (await club.ann.says("/paper my link look")).text.startswith("Nobody has said your code yet")


async def test_ones_own_code_joins_nothing(club: MeetingClub) -> None:
    own = await code(club.ann)
    reply = await club.ann.says(f"/paper my link {own}")
    assert (reply.ok, reply.text) == (False, "That code is your own. Say it where you have your other account.")
    assert (await club.ann.says("/paper my link 0000-0000-0000-0000")).text == WRONG


async def test_a_race_for_a_claim_with_oneself_is_one_claim(club: MeetingClub, there: Person) -> None:
    await club.ann.says("/paper claim 1")
    await there.says("/paper claim 1")
    assert (await link(there, club.ann)).ok
    assert fields(await club.town.card("Sparse"))["Claimed by"].startswith("Ann")
    assert "then" not in fields(await club.town.card("Sparse"))["Claimed by"]


async def test_a_visitor_without_a_name_has_nothing_to_link(club: MeetingClub) -> None:
    assert (await club.town.visitor().says("/paper my link")).text == "Choose a name first: /paper join YOUR NAME"
