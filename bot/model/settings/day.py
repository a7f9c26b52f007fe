"""What a group's day is like: when its papers are posted, how many, and how."""

from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar

from bot.model.entries import Layout
from bot.model.settings.kinds import Number, OneOf, Option, Sources, WallTime, WeekdayList, read_weekdays
from bot.model.settings.setting import require_valid, setting


@dataclass(frozen=True, slots=True)
class DaySettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    command: ClassVar[str] = "setup"

    post_at: time = setting(
        time(9),
        WallTime(),
        label="Time",
        about="when papers are posted, as 9:00 or 6 pm",
        note="wall time in the group's timezone, right over both clock changes",
        de=("uhrzeit", "wann gepostet wird, wie 9:00"),
        asked="Time of the post, as 9:00 or 6 pm",
        words=("time",),
    )
    on: str = setting(
        "mon-fri",
        WeekdayList(),
        label="Days",
        about="days with a post: mon-fri, daily, or a list as tue, thu",
        note='days on which the papers are posted: "mon-fri", "tue, thu", "daily"',
        de=("tage", "an welchen Tagen: mon-fri, daily, oder eine Liste wie tue, thu"),
        words=("days",),
    )
    cards: int = setting(
        5,
        Number(1, 20),
        label="Cards a day",
        about="papers a day that get a card, 1 to 20",
        note='papers a day that get a card in the channel (1 to 20); the rest is under "Show all"',
        de=("karten", "wie viele Papers am Tag eine Karte bekommen, 1 bis 20"),
    )
    sources: tuple[str, ...] = setting(
        (),
        Sources(),
        label="Sources",
        about="where papers come from, with commas between; or all",
        note='names of those above, as ["huggingface"]; none means all',
        de=("quellen", "woher die Papers kommen, mit Kommas dazwischen; oder all"),
    )
    layout: Layout = setting(
        "digest",
        OneOf(
            (
                Option(
                    "digest",
                    "the whole day in one message",
                    picture="All papers in one message; below it Vote 1, Vote 2 …, and a list that opens one of them",
                ),
                Option(
                    "channel",
                    "cards in the channel",
                    picture="A heading, and a message for each paper with its own buttons, all in the channel",
                ),
                Option(
                    "thread",
                    "cards in a thread",
                    picture="A heading in the channel; the message of each paper stands in the thread under it",
                ),
            )
        ),
        label="Layout",
        about="the whole day in one message, cards in the channel, or cards in a thread under the header",
        note='"digest": the whole day in one message; "channel": a card for each paper; "thread": those in a thread',
        de=("layout", "der Tag in einer Nachricht, Karten im Kanal, oder Karten in einem Thread darunter"),
    )

    def __post_init__(self) -> None:
        require_valid(self)

    @property
    def weekdays(self) -> frozenset[int]:
        return read_weekdays(self.on)
