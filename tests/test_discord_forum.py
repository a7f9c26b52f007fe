"""A forum that wants a tag on each post, where all its tags are for moderators: said in a sentence."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.discord_club import NINE, DiscordClub, discord_club
from tests.fakes.discord.model import Tag
from tests.fakes.source import paper

SENTENCE = (
    "wants a tag on each post, and has none that Paperclub may use: add a tag that everybody may use, or give it "
    "Manage Threads there"
)


def wants_tags(club: DiscordClub, *names: str) -> None:
    """Each for moderators."""
    club.papers.requires_tag = True
    club.papers.tags = [Tag(number, name, moderated=True) for number, name in enumerate(names, 1)]
    club.discord.world.channel_changed(club.papers)


@pytest.mark.parametrize("names", [(), ("staff",), ("staff", "papers")])
async def test_its_moderators_are_told_what_to_do(tmp_path: Path, names: Sequence[str]) -> None:
    async with discord_club(tmp_path, kind="forum", layout="digest") as club:
        wants_tags(club, *names)
        club.source.announce("2026-11-23", paper(1, "Diffusion for Cats"))
        await club.wait_until(NINE)
        assert club.papers.threads == []
        (told,) = club.guild.owner.dms.messages
        assert SENTENCE in told.content
        assert SENTENCE in await club.surface.fault(club.place)


async def test_who_may_use_them_posts_with_one(tmp_path: Path) -> None:
    async with discord_club(tmp_path, kind="forum", layout="digest") as club:
        wants_tags(club, "staff")
        club.papers.allows("manage_threads")
        club.source.announce("2026-11-23", paper(1, "Diffusion for Cats"))
        await club.wait_until(NINE)
        (post,) = club.papers.threads
        assert post.applied_tags == ["staff"]
        assert await club.surface.fault(club.place) == ""
