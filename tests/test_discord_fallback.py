"""Where a message goes that its place does not take, on Discord; and what moderators are told of it."""

from pathlib import Path

from tests.discord_club import NINE, discord_club
from tests.fakes.discord import Channel, Message
from tests.fakes.source import paper
from tests.test_discord_meeting import Meeting, readers, the_paper_is_picked, the_vote_opens


def told(meeting: Meeting) -> list[str]:
    return [message.content for message in meeting.club.moderator.dms.messages]


def titles(channel: Channel) -> list[str]:
    return [message.embeds[0]["title"] for message in channel.messages]


def asks(channel: Channel) -> list[Message]:
    return [message for message in channel.messages if "can you present" in message.text]


async def set_up(meeting: Meeting) -> None:
    """Somebody looks after the group, who is told of its troubles."""
    await meeting.club.moderator.types(meeting.papers, "/paper-admin setup", cards=3)
    await the_vote_opens(meeting)


async def test_without_threads_the_presenter_is_asked_in_the_channel(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        await set_up(meeting)
        meeting.papers.denies("send_messages_in_threads")
        await the_paper_is_picked(meeting)
        (ask,) = asks(meeting.papers)
        assert ask.pinged == {meeting.ben.id}
        (said,) = told(meeting)
        assert said == (
            "Readers: #papers on Readers: give Paperclub Send Messages in Threads there. What belongs in a thread "
            "stands in the channel instead. /paper status has more."
        )
        await meeting.ben.presses(ask, "I'll present")
        await meeting.shows(meeting.pick, "Ben")
        await meeting.comes_to("2026-11-26 15:00")
        assert len(told(meeting)) == 1  # the room, too, stands in the channel; that is told once


async def test_each_missing_permission_is_named_by_its_own_name(tmp_path: Path) -> None:
    for permission, name in (
        ("create_public_threads", "Create Public Threads"),
        ("read_message_history", "Read Message History"),
    ):
        (folder := tmp_path / permission).mkdir()
        async with readers(folder) as meeting:
            await set_up(meeting)
            meeting.papers.denies(permission)
            await the_paper_is_picked(meeting)
            assert len(asks(meeting.papers)) == 1
            (said,) = told(meeting)
            assert f"give Paperclub {name} there" in said
            assert "View Channel" not in said


async def test_a_locked_thread_is_left_alone(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        await set_up(meeting)
        await the_paper_is_picked(meeting)
        assert meeting.pick.thread
        meeting.pick.thread.archives(locked=True)
        await meeting.comes_to("2026-11-24 12:00")
        nudges = [message for message in meeting.papers.messages if "are you presenting" in message.text]
        assert [message.pinged for message in nudges] == [{meeting.ben.id}]
        assert "a thread in #papers is locked" in told(meeting)[0]


async def test_an_archived_thread_is_opened_by_what_is_posted_in_it(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        await the_vote_opens(meeting)
        await the_paper_is_picked(meeting)
        thread = meeting.pick.thread
        assert thread
        thread.archives()
        await meeting.comes_to("2026-11-24 12:00")
        assert not thread.is_archived
        assert len(thread.messages) == 2


async def test_a_direct_message_is_answered_as_the_channel_would_be(tmp_path: Path) -> None:
    async with readers(tmp_path) as meeting:
        await set_up(meeting)
        await the_paper_is_picked(meeting)
        meeting.papers.denies("send_messages", "send_messages_in_threads")
        await meeting.club.moderator.types(
            meeting.papers, "/paper-admin assign", paper="Diffusion for Cats", member=meeting.ann
        )
        await meeting.settle()
        (ask,) = asks(meeting.ann.dms)
        assert ask.pinged == {meeting.ann.id}
        assert any("went out as a direct message" in one for one in told(meeting))
        answer = await meeting.ann.presses(ask, "I'll present")
        assert "You present" in answer.text
        await meeting.settle()
        assert ask.buttons == []


async def test_a_voice_channel_has_no_threads_and_needs_none(tmp_path: Path) -> None:
    async with discord_club(tmp_path, kind="voice", layout="thread") as club:
        club.source.announce("2026-11-23", paper(1), paper(2))
        await club.moderator.types(club.papers, "/paper-admin setup", cards=3)
        await club.wait_until(NINE)
        await club.settle()
        assert len(club.papers.messages) == 3
        await club.ann.presses(club.papers.messages[1], "Discuss")
        await club.settle()
        assert [message for message in club.papers.messages if "Discuss it here" in message.text]
        assert club.moderator.dms.messages == []
        assert club.discord.violations == []
