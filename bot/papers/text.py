"""Makes titles and abstracts plain: one line, no TeX, nothing invisible. Escapes for no surface."""

import re
import unicodedata

from bot.moments import Moment, pieces
from bot.moments import plain as spoken
from bot.papers.tex import plain

# Unstable input (text that turns into TeX when read) is not worth more passes: its source is shown.
_PASSES = 4
_MARKS_PER_LETTER = 4

_EMOJI = "\u2190-\u21ff\u231a-\u23ff\u25a0-\u27bf\u2934-\u2b55\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    # Other, Control, but for the white ones
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    # Other, Format: bidi overrides, zero-width characters, tags; without U+200D, which joins emoji
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f"
    # Lone surrogates, which no encoder takes
    "\ud800-\udfff]"
    f"|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
)
# Marks are no word characters, so only such runs are looked at one by one.
_MAY_BE_STACK = re.compile(rf"[^\w\s\x00-\u02ff]{{{_MARKS_PER_LETTER + 1},}}")
_WHITE = re.compile(r"\s+")


def clean(text: str) -> str:
    """A title or an abstract as one plain line. Never raises; cleaning twice changes nothing."""
    source = _fold(text)
    result = source
    for _ in range(_PASSES):
        previous, result = result, _fold(plain(result))
        if result == previous:
            return result
    return source


def _fold(text: str) -> str:
    # Normalising sorts the marks of a letter, in time that grows with the square of their number.
    visible = _cut_towers(_INVISIBLE.sub("", text), 4 * _MARKS_PER_LETTER)
    composed = _cut_towers(unicodedata.normalize("NFC", visible), _MARKS_PER_LETTER)
    return _WHITE.sub(" ", composed).strip()


def _cut_towers(text: str, most: int) -> str:
    return _MAY_BE_STACK.sub(lambda run: _lowered(run[0], most), text)


def _lowered(run: str, most: int) -> str:
    kept: list[str] = []
    height = 0
    for character in run:
        height = height + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if height <= most:
            kept.append(character)
    return "".join(kept)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, as it is spoken: cut at a word, not within a moment, and marked with an ellipsis."""
    if len(text) <= limit or len(spoken(text)) <= limit:
        return text
    if limit < 2:
        return "…"[: max(limit, 0)]
    if spoken(text) != text:
        return _cut_around(text, limit)
    head = text[:limit]
    words = re.match(r"(.*\S)\s", head, re.DOTALL)
    kept = words[1] if words and len(words[1]) * 3 > limit else _whole_characters(text, limit - 1)
    return f"{kept.rstrip(' ,;:-–—(')[: limit - 1]}…"


def _cut_around(text: str, room: int) -> str:
    """Of text with moments in it, which is longer than that."""
    kept = ""
    for piece in pieces(text):
        length = len(piece.spoken if isinstance(piece, Moment) else piece)
        if length >= room:
            return kept + cut(f"{piece}…", room) if isinstance(piece, str) else f"{kept.rstrip()}…"
        kept, room = f"{kept}{piece}", room - length
    return kept


def _whole_characters(text: str, end: int) -> str:
    """Not between a letter and its marks, nor inside a joined emoji."""
    while end > 0 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f" or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end]
