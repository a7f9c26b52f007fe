"""Rows of a vote in which some papers were nominated: as much of them as cards ask."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from bot.model import Backing, Nominee
from bot.ports.rows.picks import Close, Held, Nominable
from bot.ports.rows.votes import Backed

BEFORE = datetime(2026, 11, 1, tzinfo=UTC)  # the close of the vote before, from which some votes are carried


class Nominated:
    def __init__(self, nominees: Sequence[Nominee] = ()) -> None:
        self.nominees = tuple(nominees)

    def closes(self, group: str) -> Sequence[Close]:
        return [Close(0, BEFORE, BEFORE)]

    def first_counted(self, group: str, session: int) -> datetime | None:
        return None

    def backed(self, group: str, since: datetime | None, until: datetime | None) -> Sequence[Backed]:
        return [
            Backed(one.entry, Backing(one.votes, 2 * one.carried, one.carried), one.nominated_at)
            for one in self.nominees
            if one.votes or one.carried
        ]

    def submitted(self, group: str, since: datetime | None, until: datetime | None) -> Mapping[int, datetime]:
        return {one.entry: one.nominated_at for one in self.nominees}

    def holders(self, group: str, until: datetime | None) -> Sequence[Held]:
        return ()

    def reading(self, group: str, besides: int = 0) -> frozenset[int]:
        return frozenset()

    def papers(self, group: str, entries: Collection[int]) -> Sequence[Nominable]:
        found = [one for one in self.nominees if one.entry in entries]
        return [Nominable(one.entry, one.key, one.title, date(2026, 11, 20), one.dropped) for one in found]
