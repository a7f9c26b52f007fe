"""Reads what a person would see: the text of messages, embeds and components, and who a text pings."""

import re
from collections.abc import Iterable, Iterator

from tests.fakes.discord.refusals import Json

BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 2, 3, 4, 10, 18
SELECTS = frozenset({3, 5, 6, 7, 8})


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Every component with those inside it, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for inner in ("accessory", "component"):
            if isinstance(component.get(inner), dict):
                yield from walk([component[inner]])


def buttons_of(components: Iterable[Json]) -> list[Json]:
    return [item for item in walk(components) if item["type"] == BUTTON]


def selects_of(components: Iterable[Json]) -> list[Json]:
    return [item for item in walk(components) if item["type"] in SELECTS]


def label_of(button: Json) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")


def shown_texts(components: Iterable[Json]) -> list[str]:
    return [str(item["content"]) for item in walk(components) if item["type"] == TEXT_DISPLAY]


def embed_texts(embed: Json) -> list[str]:
    """In the order in which a client shows them."""
    found = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
    for field in embed.get("fields") or []:
        found += [field.get("name"), field.get("value")]
    found.append((embed.get("footer") or {}).get("text"))
    return [str(text) for text in found if text]


def flat_text(content: str, embeds: Iterable[Json], components: Iterable[Json]) -> str:
    lines = [content, *(text for embed in embeds for text in embed_texts(embed)), *shown_texts(components)]
    return "\n".join(line for line in lines if line)


def mentioned(text: str) -> tuple[bool, list[int], list[int]]:
    """(everyone, users, roles) that the text names. Code and backslashes protect nothing here: better too strict."""
    users = [int(found) for found in re.findall(r"<@!?([0-9]+)>", text)]
    roles = [int(found) for found in re.findall(r"<@&([0-9]+)>", text)]
    return bool(re.search(r"@(everyone|here)", text)), users, roles
