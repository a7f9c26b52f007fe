"""Adapters, and how they are made: one lazy case per name, since importing an SDK costs up to a second."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.model import GroupSettings, Settings
from bot.ports import Adapter, Source, Summarizer

if TYPE_CHECKING:
    from adapters.net import Net


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


def make_summarizer(name: str) -> Summarizer:
    match name:
        case "extractive":
            from adapters.summarizers.extractive import Extractive

            return Extractive()
        case _:
            raise StartError(f'summarizer.name "{name}" is not known; this version has "extractive"')


def make_adapter(surface: str, settings: Settings, groups: Sequence[GroupSettings]) -> Adapter | None:
    """None for a surface that this version does not have."""
    match surface:
        case "web":
            from adapters.chat.web import Web

            return Web(settings.web, groups, Path(f"{settings.database}.key"))
        case _:
            return None
