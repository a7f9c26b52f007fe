"""A meeting in a voice channel of Discord: picked while typing, shown as a link there and by its name elsewhere."""

from pathlib import Path

import pytest

from tests.fakes.discord import Channel, ScheduledEvent
from tests.test_discord_meeting import Meeting, readers, the_vote_opens

VOICE, ELSEWHERE = 2, 3


async def meets_in(meeting: Meeting, channel: Channel) -> None:
    answer = await meeting.club.moderator.types(meeting.papers, "/paper-admin schedule", place=f"<#{channel.id}>")
    assert f"<#{channel.id}>" in answer.text
    await meeting.settle()


def room(meeting: Meeting, kind: str = "voice") -> Channel:
    assert meeting.papers.guild
    return meeting.papers.guild.add_channel("Reading room", kind)


def event_of(meeting: Meeting) -> ScheduledEvent:
    return [event for event in meeting.events if event.is_open][-1]


async def address_of(meeting: Meeting) -> str:
    file = await meeting.club.club.app.calendar("readers", None, "")
    lines = file.decode().replace("\r\n ", "").splitlines()
    return next(line for line in lines if line.startswith("LOCATION:")).removeprefix("LOCATION:")


async def test_its_event_is_in_the_channel_and_cards_lead_there(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        voice = room(meeting)
        await meets_in(meeting, voice)
        await the_vote_opens(meeting)
        await meeting.comes_to("2026-11-22 16:00")
        event = event_of(meeting)
        assert (event.data["entity_type"], event.data["channel_id"]) == (VOICE, str(voice.id))
        assert f"<#{voice.id}>" in meeting.pick.text
        link = f"https://discord.com/channels/{voice.guild.id if voice.guild else 0}/{voice.id}"
        assert await address_of(meeting) == f"#Reading room {link}", "elsewhere its name, and where it is"


async def test_a_meeting_that_moves_out_of_it_has_its_event_elsewhere(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        voice = room(meeting)
        await meets_in(meeting, voice)
        await the_vote_opens(meeting)
        await meeting.comes_to("2026-11-22 16:00")
        await meeting.club.moderator.types(meeting.papers, "/paper-admin schedule", place="Room 5")
        await meeting.comes_to("2026-11-22 17:00")
        event = event_of(meeting)
        assert (event.data["entity_type"], event.data["channel_id"], event.location) == (ELSEWHERE, None, "Room 5")
        await meets_in(meeting, voice)
        await meeting.comes_to("2026-11-22 18:00")
        assert event_of(meeting).data["channel_id"] == str(voice.id)


@pytest.mark.parametrize("missing", ["connect", "view_channel"])
async def test_where_we_may_not_its_event_is_elsewhere_and_leads_there(tmp_path: Path, missing: str) -> None:
    async with readers(tmp_path) as meeting:
        voice = room(meeting)
        voice.denies(missing)
        await meets_in(meeting, voice)
        await the_vote_opens(meeting)
        await meeting.comes_to("2026-11-22 16:00")
        event = event_of(meeting)
        assert event.data["entity_type"] == ELSEWHERE
        assert event.location.endswith(f"/{voice.id}")


async def test_a_channel_that_is_deleted_leaves_the_event_elsewhere(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        voice = room(meeting)
        await meets_in(meeting, voice)
        assert voice.guild
        voice.guild.delete_channel(voice)
        await the_vote_opens(meeting)
        await meeting.comes_to("2026-11-22 16:00")
        assert event_of(meeting).data["entity_type"] == ELSEWHERE
