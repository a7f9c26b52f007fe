"""Renders cards as lines of text for a terminal or a pipe. Takes no requests."""

import textwrap
import unicodedata

from bot.cards import Card
from bot.moments import plain

BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render(card: Card, width: int, *, colour: bool) -> str:
    """A block of lines that ends with a blank one."""
    number = f"{card.number}. " if card.number else ""
    title = _wrap(f"{number}{card.title}", width, "" if card.kind == "digest" else " " * len(number))
    parts = [
        _style(title, BOLD, colour),
        *(_indented(text, width, DIM, colour) for text in (card.byline, card.url) if text),
        *(_indented(text, width, "", colour) for text in (_body(card),) if text),
        *(_indented(f"{field.name}: {field.value}", width, "", colour) for field in card.fields),
        *(_indented(text, width, DIM, colour) for text in (card.footer,) if text),
    ]
    return "\n".join(parts) + "\n"


def render_text(text: str) -> str:
    return "\n".join(_safe(line) for line in text.splitlines())


def _body(card: Card) -> str:
    return f"{card.body} ({card.label})" if card.body and card.label else card.body


def _indented(text: str, width: int, style: str, colour: bool) -> str:
    return _style(_wrap(f"   {text}", width, "   "), style, colour)


def _wrap(text: str, width: int, indent: str) -> str:
    return textwrap.fill(_safe(text), width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _style(text: str, style: str, colour: bool) -> str:
    return f"{style}{text}{PLAIN}" if colour and style else text


def _safe(text: str) -> str:
    """Without what a terminal would obey: escape sequences, direction overrides."""
    return "".join(c for c in plain(text) if unicodedata.category(c) not in ("Cc", "Cf"))
