"""A channel that takes no posts: said before it begins, told once, made good when it is opened again."""

from pathlib import Path

from tests.discord_club import NINE, discord_club
from tests.fakes.source import paper


async def test_a_post_that_was_not_allowed_comes_in_order_once_it_is(tmp_path: Path) -> None:
    async with discord_club(tmp_path) as club:
        club.discord.limits.off()
        club.source.announce("2026-11-23", paper(1), paper(2))
        await club.moderator.types(club.papers, "/paper-admin setup", cards=3)
        club.papers.denies("send_messages")
        await club.wait_until(NINE)
        for _ in range(5):
            club.clock.move(minutes=10)
            await club.settle()
        assert club.papers.messages == []
        (told,) = club.moderator.dms.messages
        assert told.content.startswith("Readers: #papers on Readers: give Paperclub Send Messages there.")
        assert "What waits is posted once that is mended." in told.content
        club.papers.allows("send_messages")
        club.clock.move(minutes=10)
        await club.settle()
        titles = [message.embeds[0]["title"] for message in club.papers.messages]
        assert titles[0] == "Papers for Monday 23 November"
        assert len(titles) == 3
        assert club.discord.violations == []


async def test_start_says_what_is_missing_before_anything_is_bound(tmp_path: Path) -> None:
    async with discord_club(tmp_path) as club:
        other = club.guild.add_channel("theory")
        other.denies("send_messages")
        panel = await club.moderator.types(other, "/paper-admin setup")
        refused = await club.moderator.presses(panel, "Start here")
        assert "Nothing can be posted there yet. #theory on Readers: give Paperclub Send Messages" in refused.text
        assert len(club.club.groups.meeting()) == 1
        other.allows("send_messages")
        started = await club.moderator.presses(panel, "Start here")
        assert "Started." in started.text
