"""When things happen around a meeting, as lengths of time before its start; of `recap`, after its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal

from bot.model.durations import Duration, read_duration
from bot.model.settings.kinds import Length, Lengths
from bot.model.settings.setting import Fault, require_valid, setting

Mode = Literal["vote", "presenter"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a group's meetings have, beside the lengths of time."""

    mode: Mode = "vote"
    ballots: bool = False  # a short list is made and ballots are filled in
    headcount: bool = False  # too few call it off


@dataclass(frozen=True, slots=True)
class TimelineSettings:
    """ "" leaves a step out."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    nominations: str = setting(
        "6 days",
        Length(needed=True),
        label="Nominations open",
        about="how long before the meeting nominations open, as 6 days",
        note='nominations open; with mode = "presenter" the rota names who presents',
        de=("vorschläge", "wie lange vor dem Treffen Vorschläge beginnen, wie 6 days"),
        asked="Nominations open, before the meeting",
    )
    shortlisted: str = setting(
        "5 days",
        Length(needed=True),
        label="Short list is made",
        about="how long before the short list is made, as 5 days",
        note="the short list is made, and ballots can be filled in; only where there are ballots",
        de=("auswahl-steht", "wie lange vorher die Auswahl gemacht wird, wie 5 days"),
        forms=(),
        once="shortlist",
    )
    ballot: str = setting(
        "4 days",
        Length(needed=True),
        label="Vote closes",
        about="how long before the vote closes, as 4 days",
        note="the vote closes, and a paper is picked",
        de=("schluss", "wie lange vorher die Abstimmung schließt, wie 4 days"),
        asked="Vote closes, before the meeting",
        forms=("vote",),
    )
    volunteers: str = setting(
        "3 days",
        Length(),
        label="Rota steps in",
        about="how long before the rota names somebody if nobody offered, as 3 days",
        note="if nobody has offered to present it by then, the rota names somebody",
        de=("freiwillige", "wie lange vorher jemand an die Reihe kommt, wenn niemand mag, wie 3 days"),
        asked="Rota steps in, before the meeting",
        forms=("vote",),
    )
    bring: str = setting(
        "3 days",
        Length(),
        label="Paper is brought by",
        about="how long before the presenter has brought a paper (mode presenter), as 3 days",
        note='with mode = "presenter": a paper has been brought, or the vote says which',
        de=("mitbringen", "wie lange vorher ein Paper mitgebracht ist (Modus presenter), wie 3 days"),
        asked="Paper is brought, before the meeting",
        forms=("presenter",),
        once="paper",
    )
    confirm: str = setting(
        "2 days",
        Length(),
        label="Presenter confirms by",
        about="how long before the presenter has said yes, as 2 days",
        note="the presenter has said yes, or the next in line is asked",
        de=("zusagen", "wie lange vorher zugesagt sein muss, wie 2 days"),
        asked="Presenter confirms, before the meeting",
    )
    reminders: str = setting(
        "3 days, 1 day, 1 hour, 10 minutes",
        Lengths(),
        label="Reminders",
        about="how long before members are reminded, as 3 days, 1 hour; or off",
        note='everybody is reminded of the meeting; "" for no reminders',
        de=("erinnerungen", "wie lange vorher erinnert wird, wie 3 days, 1 hour; oder off"),
        asked="Reminders, with commas between; or off",
    )
    counted: str = setting(
        "3 hours",
        Length(needed=True),
        label="Headcount is taken",
        about="how long before it is looked whether enough come, as 3 hours",
        note="enough have said that they come, or the meeting is called off; only with a headcount",
        de=("zählung", "wie lange vorher geschaut wird, ob genug kommen, wie 3 hours"),
        forms=(),
        once="headcount",
    )
    thread: str = setting(
        "1 day",
        Length(),
        label="Thread opens",
        about="how long before its thread opens, as 1 day; or off",
        note="the thread of the meeting opens",
        de=("thread", "wie lange vorher der Thread aufgeht, wie 1 day; oder off"),
        forms=(),
    )
    recap: str = setting(
        "10 minutes",
        Length(after=True),
        label="Recap is asked for",
        about="how long after the end the recap is asked for, as 10 minutes; or off",
        note="after the end, the recap is asked for",
        de=("rückblick", "wie lange nach dem Ende danach gefragt wird, wie 10 minutes; oder off"),
        asked="Recap is asked for, after the end",
        forms=("presenter",),
    )

    def __post_init__(self) -> None:
        require_valid(self, self.order_faults(ORDERED))

    def length(self, name: str) -> Duration | None:
        """None where the step is left out. Raises ValueError while it is looked for faults."""
        text = str(getattr(self, name))
        return read_duration(text) if text.strip() else None

    def order_faults(self, order: tuple[tuple[str, str], ...]) -> Iterator[Fault]:
        for earlier, later in order:
            if (a := self._nominal(earlier)) and (b := self._nominal(later)) and a <= b:
                yield earlier, f"must be a longer time before the start than {later}"

    def _nominal(self, name: str) -> timedelta | None:
        try:
            length = self.length(name)
        except ValueError:
            return None
        return length.nominal if length else None


ORDERED = (
    ("nominations", "ballot"),
    ("nominations", "bring"),
    ("ballot", "volunteers"),
    ("ballot", "confirm"),
)
ORDERED_WITH_BALLOTS = (("nominations", "shortlisted"), ("shortlisted", "ballot"))
