"""How the program looks from outside stays the same to the letter: what is said, shown and exported, replayed from the
scripts in tests/goldens. `pytest --renew-goldens` accepts a change that is wanted."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.voting.recount import recount
from tests.discord_stage import discord_stage
from tests.golden import Goldens, laid_out, read
from tests.lived import Data, Past, Years
from tests.month import groups_of_a_month
from tests.playing import play
from tests.web_stage import web_stage


@pytest.mark.timeout(60)
async def test_a_month_of_five_groups(tmp_path: Path, goldens: Goldens) -> None:
    async with groups_of_a_month(tmp_path) as stage:
        goldens.hold("month.txt", await play(read("month.txt"), stage))
        goldens.hold("month.export.json.gz", laid_out(await stage.exported()) + "\n")


async def test_what_is_refused_and_what_is_said_then(tmp_path: Path, goldens: Goldens) -> None:
    async with groups_of_a_month(tmp_path) as stage:
        stage.hears_channels = False
        goldens.hold("refusals.txt", await play(read("refusals.txt"), stage))


async def test_what_comes_twice_is_done_once(tmp_path: Path, goldens: Goldens) -> None:
    async with groups_of_a_month(tmp_path) as stage:
        stage.hears_channels = False
        goldens.hold("twice.txt", await play(read("twice.txt"), stage))
        goldens.hold("twice.export.json.gz", laid_out(await stage.exported()) + "\n")


@pytest.mark.timeout(60)
async def test_a_week_on_discord(tmp_path: Path, goldens: Goldens) -> None:
    async with discord_stage(tmp_path) as stage:
        goldens.hold("discord.txt", await play(read("discord.txt"), stage))
        goldens.hold("discord.export.json.gz", laid_out(await stage.exported()) + "\n")


async def test_a_week_on_the_web_page(tmp_path: Path, goldens: Goldens) -> None:
    async with web_stage(tmp_path) as stage:
        goldens.hold("web.txt", await play(read("web.txt"), stage))
        goldens.hold("web.export.json.gz", laid_out(await stage.exported()) + "\n")


# --- a year of three groups: each message in a line, the log and the receipts whole


def test_a_year_of_three_groups(lived: Years, goldens: Goldens) -> None:
    for name, past in lived.items():
        goldens.hold(f"year.{name}.messages.txt", "".join(f"{line}\n" for line in messages(past)))
        goldens.hold(f"year.{name}.log.txt", "".join(f"{line}\n" for line in log(past)))


def messages(past: Past) -> Iterator[str]:
    yield "# What was posted: when, its kind and key."
    yield from (f"{post.at:%Y-%m-%d %H:%M} {post.kind} {post.key}" for post in past.life.club.posts)
    yield "# What it says at the end of the year, each by its first line and a hash."
    yield from (f"{digest(text)} {text.partition(chr(10))[0]}" for text in past.shown)


def log(past: Past) -> Iterator[str]:
    yield "# What members were refused."
    yield from past.life.refused
    yield "# What a recount finds."
    yield from map(str, recount(past.export))
    yield "# The receipt of every pick."
    yield from (receipt(session["on"], pick) for session in past.data["sessions"] for pick in session["picks"])
    yield "# Every step."
    yield from map(laid_out_flat, past.data["audit"])
    yield "# All else that is exported, by its hash."
    yield from (f"{digest(laid_out(part))} {name}" for name, part in past.data.items())


def receipt(on: str, pick: Data) -> str:
    return f"{on} election {digest(laid_out(pick['election']))}, receipt {digest(laid_out(pick['receipt']))}"


def laid_out_flat(data: Any) -> str:
    return laid_out(data).replace("\n", "")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
