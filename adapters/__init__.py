"""Adapters, and how they are made: one lazy case per name, since importing an SDK costs up to a second."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.model import GroupSettings, Settings
from bot.ports import Adapter, Finder, Source, Summarizer

if TYPE_CHECKING:
    from adapters.net import Net

SECRETS = {"discord": "DISCORD_TOKEN"}  # without which a surface can't be used, and with which it is


def make_sources(settings: Settings, net: "Net", first_start: date) -> list[Source]:
    """The configured ones; the sample only where there is none."""
    sources: list[Source] = []
    if settings.sources.huggingface:
        from adapters.sources.huggingface import HuggingFace

        sources.append(HuggingFace(settings.sources.huggingface, net))
    if not sources:
        from adapters.sources.sample import Sample

        sources.append(Sample(first_start))
    return sources


def make_finders(settings: Settings, net: "Net") -> list[Finder]:
    """Only sources that are configured are asked."""
    if not settings.sources.huggingface:
        return []
    from adapters.sources.huggingface import HuggingFace

    return [HuggingFace(settings.sources.huggingface, net)]


def make_summarizer(name: str) -> Summarizer:
    match name:
        case "extractive":
            from adapters.summarizers.extractive import Extractive

            return Extractive()
        case _:
            raise StartError(f'summarizer.name "{name}" is not known; this version has "extractive"')


def make_adapter(
    surface: str, settings: Settings, groups: Sequence[GroupSettings], secrets: Mapping[str, str]
) -> Adapter | None:
    """None for a surface that this version does not have. `secrets` by their names in the environment."""
    match surface:
        case "web":
            from adapters.chat.web import Web

            return Web(settings.web, groups, _key_of(settings.database))
        case "discord":
            from adapters.chat.discord.surface import Discord

            return Discord(settings.discord, secrets.get(SECRETS["discord"], ""), groups)
        case _:
            return None


def _key_of(database: str) -> Path:
    """Beside the file itself, so that every name by which it is reached has the same; or where an earlier version put
    it, beside a symbolic link."""
    by_name = Path(f"{database}.key")
    return by_name if by_name.exists() else Path(f"{os.path.realpath(database)}.key")
