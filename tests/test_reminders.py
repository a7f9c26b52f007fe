"""A meeting in its channel: one card, the newest reminder beside it, and one call before it begins."""

from pathlib import Path

from bot.cards import Message
from tests.meeting_club import MeetingClub, meetings

PICKED = "2026-11-22 16:00"
THREE_DAYS, ONE_DAY, ONE_HOUR = "2026-11-23 16:00", "2026-11-25 16:00", "2026-11-26 15:00"
CALL, OVER = "2026-11-26 15:50", "2026-11-26 17:10"


def is_reminder(message: Message) -> bool:
    return message.replies and message.card.title.startswith(("Reminder", "Moved"))


async def stands(club: MeetingClub) -> list[str]:
    """What is about meetings in the channel, by the kind of its card and how it begins."""
    shown = [card for card in await club.town.channel() if card.kind not in ("digest", "paper")]
    return [f"{card.kind}: {card.title.partition(':')[0]}" for card in shown]


async def test_a_meeting_is_one_card_from_its_nominations_to_its_recap(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.to("2026-11-20 16:00")
        assert await stands(club) == ["ballot: Vote for Thursday 26 November"]
        await club.pick(2, 1)
        assert await stands(club) == ["pick: Thursday 26 November"]
        for now in (THREE_DAYS, ONE_DAY, CALL, OVER):
            await club.to(now)
        card = await club.card("pick")
        assert [button.label for button in card.buttons] == ["Add a recap", "Why this paper?"]
        assert (await stands(club)).count("pick: Thursday 26 November") == 1


async def test_of_the_reminders_the_newest_stands_until_the_meeting_is_over(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.pick(2, 1)
        await club.ann.says("/paper meeting rsvp join")
        reminders = []
        for now in (THREE_DAYS, ONE_DAY, ONE_HOUR, CALL):
            await club.to(now)
            posted = [m for m in await club.messages("session") if is_reminder(m)]
            reminders.append([message.card.title.partition(":")[0] for message in posted])
        assert reminders == [["Reminder for Thursday 26 November"]] * 4
        assert len([m for _, m in club.town.surface.posts if is_reminder(m)]) == 2, "on its own day it is only changed"
        assert len(club.town.surface.removed) == 1
        await club.to(OVER)
        assert [m for m in await club.messages("session") if is_reminder(m)] == []
        assert len(club.town.surface.removed) == 2


async def test_who_said_that_they_come_is_called_once_by_the_last_reminder(tmp_path: Path) -> None:
    async with meetings(tmp_path) as club:
        await club.pick(2, 1)
        for who in (club.ann, club.bob):
            await who.says("/paper meeting rsvp join")
        await club.to(ONE_DAY)
        await club.to(CALL)
        await club.to("2026-11-26 15:55")
        (call,) = [message for _, message in club.town.surface.posts if message.called]
        assert call.text.startswith("Ann and Bob: We meet on Thursday 26 November, 17:00")
        assert call.mentions == (club.ann.account, club.bob.account)
        assert not call.replies, "it stands in the meeting's thread"


async def test_nobody_is_called_where_the_group_does_not_want_it_or_nobody_comes(tmp_path: Path) -> None:
    for folder, call, joins in (("off", False, True), ("nobody", True, False)):
        (tmp_path / folder).mkdir()
        async with meetings(tmp_path / folder, call=call) as club:
            await club.pick(2, 1)
            if joins:
                await club.ann.says("/paper meeting rsvp join")
            for now in (THREE_DAYS, ONE_DAY, ONE_HOUR, CALL):
                await club.to(now)
            posts = [message for _, message in club.town.surface.posts]
            assert not [message for message in posts if message.mentions]
            assert len([m for m in posts if is_reminder(m)]) == (2 if call else 4)
            assert len([m for m in await club.messages("session") if is_reminder(m)]) == 1
