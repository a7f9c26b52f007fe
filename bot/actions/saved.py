"""A member's own reading list: private, and no wish that the group should read anything."""

from collections.abc import Mapping, Sequence

from bot.errors import Refused
from bot.model import Act, Entry, Saved
from bot.ports import Reads, Rows, answered_with

MOST_SAVED = 300


@answered_with(0)
def save_papers(rows: Rows, act: Act, papers: Sequence[Saved]) -> int:
    """How many were not there. Raises Refused: reading list full."""
    if len({paper.key for paper in (*rows.saved.of(act.group, act.member), *papers)}) > MOST_SAVED:
        raise Refused("reading list full", most=MOST_SAVED)
    return sum(rows.saved.put(act.group, act.member, paper) for paper in papers)


@answered_with(None)
def take_off(rows: Rows, act: Act, key: str) -> None:
    rows.saved.drop(act.group, act.member, key)


def saved_as(rows: Reads, act: Act, name: str) -> Saved | None:
    return next((paper for paper in rows.saved.of(act.group, act.member) if name in (paper.name, paper.key)), None)


def listed_of(rows: Reads, group: str, papers: Sequence[Saved]) -> Mapping[str, Entry]:
    """Those of them that the group has on a list, by their keys."""
    ids = rows.entries.ids(group, [paper.key for paper in papers])
    return {entry.paper.key: entry for entry in rows.entries.some(group, list(ids.values()))}
