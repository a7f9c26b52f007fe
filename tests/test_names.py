"""A group's name and what its meetings are called, changed from chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.meeting_club import CLOSED, MeetingClub, meetings


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    async with meetings(tmp_path) as club:
        yield club


async def calendar(club: MeetingClub) -> str:
    return (await club.town.club.app.calendar("readers", None, "")).decode()


async def test_a_group_is_called_as_a_moderator_says(club: MeetingClub) -> None:
    said = await club.mod.says("/paper-admin setup name:Vision  readers")
    assert said.cards[0].title == "Settings of Vision readers"
    assert "SUMMARY:Vision readers: paper to be picked" in await calendar(club)
    settings = club.town.club.app.group("readers")
    assert settings
    assert settings.name == "Vision readers"
    await club.mod.says("/paper-admin reset name")
    assert "SUMMARY:Readers: paper to be picked" in await calendar(club)


async def test_what_is_typed_bare_behind_setup_is_no_name(club: MeetingClub) -> None:
    asked = await club.mod.says("/paper-admin setup Europe/Athens")
    assert asked.cards[0].title == "Meetings would move", "a zone"
    settings = club.town.club.app.group("readers")
    assert settings
    assert settings.name == "Readers"


async def test_a_meeting_is_called_as_a_moderator_says(club: MeetingClub) -> None:
    await club.mod.says("/paper-admin week title:Reading club: {paper}")
    await club.pick(2, 1)
    assert "SUMMARY:Reading club: Tiny Verifiers" in await calendar(club)
    await club.mod.says("/paper-admin week title:{group} on {paper}!")
    assert "SUMMARY:Readers on Tiny Verifiers!" in await calendar(club)
    await club.to(CLOSED)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/paper-admin week title:About {papers}", 'Title: {papers} is not known; write "{group}" or "{paper}".'),
        (f"/paper-admin setup name:{'x' * 81}", "Name must be 80 characters at most."),
    ],
)
async def test_what_no_name_can_be_is_said(club: MeetingClub, line: str, answer: str) -> None:
    assert (await club.mod.says(line)).text == answer
