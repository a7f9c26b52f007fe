"""Two accounts of one person become one member: one vote, one claim, by a code that only they see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.club import Person
from tests.fakes.surface import RecordingSurface
from tests.meeting_club import Meetings, fields, meetings

WRONG = (
    "That code is not valid (any more). Ask for a new one with /paper my link from your other account, "
    "and say it within ten minutes."
)


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Meetings]:
    async with meetings(tmp_path, surfaces=[RecordingSurface(), RecordingSurface("discord")]) as club:
        yield club


@pytest.fixture
def there(club: Meetings) -> Person:
    """Ann's other account."""
    person = club.town.user("discord:7", "Ann on Discord", "")
    person.group = "readers"
    return person


async def code(person: Person) -> str:
    reply = await person.says("/paper my link")
    first, second = reply.text.splitlines()
    assert first.startswith("Say this from your other account within 10 minutes: /paper my link ")
    assert second == "Both are then one member. Only you see the code; whoever has it becomes you."
    return first.rpartition(" ")[2]


async def test_votes_and_claims_of_both_are_one_members(club: Meetings, there: Person) -> None:
    await club.ann.says("/paper vote 1")
    await there.says("/paper vote 1")
    await there.says("/paper vote 2")
    await there.says("/paper claim 3")
    assert (await club.town.card("Sparse")).buttons[0].label == "Vote 2"
    reply = await there.says(f"/paper my link {await code(club.ann)}")
    assert reply.text.endswith(
        "on Discord and the web page, with 2 votes and 1 claim. Of two votes on a paper one counts."
    )
    assert (await club.town.card("Sparse")).buttons[0].label == "Vote 1"
    assert (await club.ann.says("/paper mine")).text == "1 claim, 2 votes, 0 passes"
    assert (await club.ann.says("/paper release 3")).text.startswith("You released")


async def test_a_code_serves_once_and_only_for_ten_minutes(club: Meetings, there: Person) -> None:
    first = await code(club.ann)
    newer = await code(club.ann)
    assert (await there.says(f"/paper my link {first}")).text == WRONG, "a new code replaces the last one"
    assert (await there.says(f"/paper my link {newer.lower()}")).ok
    assert (await club.bob.says(f"/paper my link {newer}")).text == WRONG
    late = await code(club.bob)
    club.town.clock.move(minutes=11)
    assert (await club.cid.says(f"/paper my link {late}")).text == WRONG


async def test_ones_own_code_joins_nothing(club: Meetings) -> None:
    own = await code(club.ann)
    reply = await club.ann.says(f"/paper my link {own}")
    assert (reply.ok, reply.text) == (False, "That code is your own. Say it where you have your other account.")
    assert (await club.ann.says("/paper my link 0000-0000-0000-0000")).text == WRONG


async def test_a_race_for_a_claim_with_oneself_is_one_claim(club: Meetings, there: Person) -> None:
    await club.ann.says("/paper claim 1")
    await there.says("/paper claim 1")
    assert (await there.says(f"/paper my link {await code(club.ann)}")).ok
    assert fields(await club.town.card("Sparse"))["Claimed by"].startswith("Ann")
    assert "then" not in fields(await club.town.card("Sparse"))["Claimed by"]


async def test_a_visitor_without_a_name_has_nothing_to_link(club: Meetings) -> None:
    assert (await club.town.visitor().says("/paper my link")).text == "Choose a name first: /paper join YOUR NAME"
