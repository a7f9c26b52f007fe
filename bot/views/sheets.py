"""Where a paper's card stands: in a message of its own, or as a part of a message of its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Part
from bot.ports import Reads

CARD = "paper"  # its key is the entry's id
DIGEST = "digest"  # its key is the date; of the second and later messages of a day, the date and which one it is
MOST_PARTS = 8  # of a message: with a heading, as many as fit everywhere


@dataclass(frozen=True, slots=True)
class Standing:
    """The kind and the key of a message; `number` says which of its parts, 0 that it is about this paper alone."""

    kind: str
    key: str
    number: int = 0


def standing_of(rows: Reads, group: str, entry: int) -> Standing:
    """Also of one that has no card: then no message has that key."""
    return standings_of(rows, group, (entry,))[entry]


def standings_of(rows: Reads, group: str, entries: Sequence[int]) -> Mapping[int, Standing]:
    parts = rows.entries.parts(group, entries)
    return {entry: _as_part(parts[entry]) if entry in parts else Standing(CARD, str(entry)) for entry in entries}


def _as_part(part: Part) -> Standing:
    return Standing(DIGEST, sheet_key(part.posted_on, part.sheet), part.number)


def sheet_key(posted_on: date, sheet: int) -> str:
    return posted_on.isoformat() if sheet == 1 else f"{posted_on.isoformat()} {sheet}"


def read_sheet(key: str) -> tuple[date, int]:
    """The other way round."""
    on, _, sheet = key.partition(" ")
    return date.fromisoformat(on), int(sheet or 1)
