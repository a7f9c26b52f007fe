"""A time within a text, so that each surface can show it in its reader's own zone. Knows no surface and no words.

The text stays a `str`, so it goes through f-strings, `join` and `replace` like any other. A moment stands in it between
control characters, which are taken out of whatever comes from outside: its style, its time, and how it is said where no
reader's zone is known. Whatever shows a text asks for its `pieces`, or for all of it in `plain` words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

Style = Literal["F", "t", "R"]  # day and time; the time alone; how far away, in brackets behind one of the others

OPEN, SAID, CLOSE = "\x0e", "\x10", "\x0f"  # neither white space nor line ends to any method of str
_MARK = re.compile(f"{OPEN}([FtR])(-?[0-9]{{1,12}}){SAID}([^{OPEN}-{SAID}]*){CLOSE}")
_OURS = dict.fromkeys(map(ord, (OPEN, SAID, CLOSE)))


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime  # UTC, whole seconds
    style: Style
    spoken: str  # with the zone's name; "" of style R, which only a surface that keeps it true can show

    @property
    def unix(self) -> int:
        return int(self.at.timestamp())

    def __str__(self) -> str:
        """As it stands in a text."""
        return f"{OPEN}{self.style}{self.unix}{SAID}{unmarked(self.spoken)}{CLOSE}"


def mark(at: datetime, style: Style, spoken: str = "") -> str:
    """To be put into a text."""
    return str(Moment(at, style, spoken))


def pieces(text: str) -> Iterator[str | Moment]:
    """In their order; no empty ones."""
    end = 0
    for found in _MARK.finditer(text) if OPEN in text else ():
        if found.start() > end:
            yield text[end : found.start()]
        yield Moment(datetime.fromtimestamp(int(found[2]), UTC), cast("Style", found[1]), found[3])
        end = found.end()
    if end < len(text):
        yield text[end:]


def plain(text: str) -> str:
    """With each moment as it is spoken: for what shows no reader's own time."""
    return _MARK.sub(r"\3", text) if OPEN in text else text


def unmarked(text: str) -> str:
    """Text from outside, which can hold no moment of ours."""
    return text if text.isprintable() else text.translate(_OURS)
