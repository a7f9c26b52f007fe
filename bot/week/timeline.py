"""What happens around one meeting and when: nominations, ballot, pick, confirmation, reminders, thread, recap.

A step is due at an instant that follows from the start of the meeting. Which steps are due follows from the steps, the
time and the keys of those that are behind us; nothing else is kept.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.model import Mode, Shape, TimelineSettings
from bot.model.durations import Duration, after, before, read_durations
from bot.model.recurrence import ONE_DAY

AN_HOUR = timedelta(hours=1)
FAIR = timedelta(minutes=30)  # to answer in; whoever heard of it later is not passed over


# --- the steps ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """When a step comes, and what becomes of it where its time has passed."""

    length: str  # the setting that says how long before the start it comes
    mode: Mode | None = None  # it prepares meetings of groups in that mode; None: those of all
    asks: bool = False  # a presenter has to answer: the deadline waits until one was asked
    after: bool = False  # its length counts from the end
    again: bool = False  # a meeting that moved has it anew
    at_once: bool = False  # it is done, too, where its time had passed at the scheduling
    while_open: bool = False  # only before the ballot closes
    told: bool = False  # it only asks or reminds: done also by a clock that is in doubt
    needs: Callable[[Shape], bool] = lambda shape: True


class StepKind(StrEnum):
    """In the order in which they come at one instant. A new step is a row here, its setting and its action."""

    rule: Rule

    def __new__(cls, word: str, rule: Rule) -> Self:
        kind = str.__new__(cls, word)
        kind._value_ = word
        kind.rule = rule
        return kind

    NOMINATE = "nominate", Rule("nominations", "vote", at_once=True, while_open=True, told=True)  # nominations open
    NAME = "name", Rule("nominations", "presenter", at_once=True)  # the rota names who presents
    SHORTLIST = (  # is made of the nominations, for ballots
        "shortlist",
        Rule("shortlisted", "vote", at_once=True, while_open=True, needs=lambda shape: shape.ballots),
    )
    CLOSE = "close", Rule("ballot", "vote", at_once=True)  # the ballot closes
    PICK = "pick", Rule("ballot", "vote", at_once=True)
    VOLUNTEER = (  # by now somebody has offered to present, or the rota names one
        "volunteer",
        Rule("volunteers", "vote", at_once=True),
    )
    NUDGE = "nudge", Rule("confirm", asks=True, told=True)  # the presenter who has not answered yet is asked again
    PAPER = "paper", Rule("bring", "presenter", asks=True, at_once=True)  # by now the presenter has brought one
    CONFIRM = "confirm", Rule("confirm", asks=True)  # by now the presenter has said yes
    HEADCOUNT = (  # enough come, or it is called off
        "headcount",
        Rule("counted", again=True, needs=lambda shape: shape.headcount),
    )
    THREAD = "thread", Rule("thread", at_once=True, told=True)  # opens
    REMIND = "remind", Rule("reminders", told=True)
    RECAP = "recap", Rule("recap", after=True, told=True)  # is asked for


_ORDER = tuple(StepKind)


@dataclass(frozen=True, slots=True)
class Step:
    """`key` is unique in a meeting. Those of reminders and deadlines name the start and the asking, so that a meeting
    that moved reminds anew and a second presenter is waited for anew; nothing else happens twice."""

    kind: StepKind
    at: datetime  # UTC
    key: str


@dataclass(frozen=True, slots=True)
class Timeline:
    starts: datetime
    ends: datetime
    steps: tuple[Step, ...]  # in their order
    asked: datetime | None = None  # when the presenter was


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether what asks the presenter was delivered. `late`: when, where that was long after the asking."""

    is_delivered: bool = True
    late: datetime | None = None

    @property
    def mark(self) -> str:
        """Of the keys of what waits for an answer: it comes anew for who heard late."""
        return " late" if self.late else "" if self.is_delivered else UNHEARD


UNHEARD = " unheard"
HEARD = Hearing()


@dataclass(frozen=True, slots=True)
class Due:
    do: tuple[Step, ...]  # in this order
    pass_over: tuple[Step, ...]  # too late for: to be marked as done, with nothing done


def lay_out(
    starts: datetime,
    minutes: int,
    zone: ZoneInfo,
    settings: TimelineSettings,
    shape: Shape,
    asked: datetime | None = None,
    closes: datetime | None = None,
    hearing: Hearing = HEARD,
) -> Timeline:
    """`asked`: when the present presenter was, or was told that the meeting moved; None while there is none. `closes`:
    when the ballot does, where a moderator opened it again; then there is time for volunteers after it."""
    ends = starts + timedelta(minutes=minutes)
    steps = [
        *_preparations(starts, zone, settings, shape, closes),
        *_answers(starts, zone, settings, shape, asked, hearing),
    ]
    steps += [*_reminders(starts, zone, settings), *_others(starts, ends, zone, settings, shape)]
    steps.sort(key=lambda step: (step.at, _ORDER.index(step.kind)))
    return Timeline(starts, ends, tuple(steps), asked)


def _kinds(settings: TimelineSettings, shape: Shape) -> Iterator[tuple[StepKind, Duration]]:
    """Those that a group's meetings have, but the reminders, of which there may be several."""
    for kind in StepKind:
        fits = kind.rule.mode in (None, shape.mode) and kind.rule.needs(shape)
        if fits and kind is not StepKind.REMIND and (length := settings.length(kind.rule.length)):
            yield kind, length


def _preparations(
    starts: datetime, zone: ZoneInfo, settings: TimelineSettings, shape: Shape, closes: datetime | None
) -> Iterator[Step]:
    earliest = datetime.min.replace(tzinfo=UTC)
    for kind, length in _kinds(settings, shape):
        if kind.rule.asks or kind.rule.mode is None:
            continue
        earliest = at = max(before(starts, length, zone), earliest)  # "1 day" and "24 hours" may change places
        if closes and kind in (StepKind.CLOSE, StepKind.PICK):
            yield Step(kind, closes, f"{kind} {moment(closes)}")
        elif closes and kind is StepKind.VOLUNTEER:
            yield Step(kind, max(at, closes + (starts - closes) / 4), f"{kind} {moment(closes)}")
        else:
            yield Step(kind, at, str(kind))


def _answers(
    starts: datetime,
    zone: ZoneInfo,
    settings: TimelineSettings,
    shape: Shape,
    asked: datetime | None,
    hearing: Hearing,
) -> Iterator[Step]:
    """What a presenter has to answer, and by when: from the time on at which they could have heard of it."""
    since = hearing.late or asked
    for kind, length in _kinds(settings, shape):
        if not kind.rule.asks:
            continue
        at = before(starts, length, zone)
        at = answer_by(at, since, starts) if since else at
        if kind is StepKind.PAPER:
            yield Step(kind, at, f"{kind} {moment(asked or starts)}")
        elif asked and since and at - since >= FAIR:
            when = at if kind is StepKind.CONFIRM else since + (at - since) * 2 / 3
            yield Step(kind, when, f"{kind} {moment(asked)}{hearing.mark}")
        elif kind is StepKind.CONFIRM and not asked:
            yield Step(kind, at, f"{kind} {moment(starts)}")


def _others(
    starts: datetime, ends: datetime, zone: ZoneInfo, settings: TimelineSettings, shape: Shape
) -> Iterator[Step]:
    for kind, length in _kinds(settings, shape):
        if kind.rule.mode is None and not kind.rule.asks:
            at = after(ends, length, zone) if kind.rule.after else before(starts, length, zone)
            yield Step(kind, at, f"{kind} {moment(starts)}" if kind.rule.again else str(kind))


def answer_by(deadline: datetime, asked: datetime, starts: datetime) -> datetime:
    """The deadline for someone asked at that time: as set where that leaves a day, otherwise half-way to the start."""
    return deadline if deadline - asked >= ONE_DAY else max(deadline, midway(asked, starts))


def midway(now: datetime, starts: datetime) -> datetime:
    """Half-way to the start; at the full quarter of an hour before it, where that leaves an hour."""
    half = now + (starts - now) / 2
    quarter = half.replace(minute=half.minute // 15 * 15, second=0, microsecond=0)
    return quarter if quarter - now >= AN_HOUR else half


def _reminders(starts: datetime, zone: ZoneInfo, settings: TimelineSettings) -> Iterator[Step]:
    for length in read_durations(settings.reminders):
        yield Step(StepKind.REMIND, before(starts, length, zone), f"{StepKind.REMIND} {length} {moment(starts)}")


def moment(at: datetime) -> str:
    """As it stands in keys: `2026-11-22T10:00Z`"""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}Z"


# --- what is due -------------------------------------------------------------------------------------------------

TOO_CLOSE = timedelta(minutes=30)
RECAP_STALE = timedelta(days=7)


def due(timeline: Timeline, now: datetime, done: Collection[str], scheduled: datetime) -> Due:
    """`done`: keys of steps done or passed over; `scheduled`: when the meeting got this start.

    What an outage held up is done late, but nothing before the start is done after it. Of reminders that were missed
    only the nearest goes out, and not even that where the next is less than half an hour away and nearer than its own
    time. Where its time had passed at the scheduling: nominations open and the short list is made at once while the
    ballot is open, the rota names and the group picks at once, the thread opens at once, a reminder is passed over. The
    deadline for a presenter's answer waits until one is asked, that for their paper then begins anew. Nobody is asked
    for a recap a week later.
    """
    open_steps = [
        step for step in timeline.steps if step.at <= now and step.key not in done and _can_come(step, timeline)
    ]
    last_reminder = next((step for step in reversed(open_steps) if step.kind is StepKind.REMIND), None)
    do = [
        step
        for step in open_steps
        if _is_in_time(step, timeline, now, scheduled) and (step.kind is not StepKind.REMIND or step is last_reminder)
    ]
    return Due(tuple(do), tuple(step for step in open_steps if step not in do))


def _can_come(step: Step, timeline: Timeline) -> bool:
    return step.kind is not StepKind.CONFIRM or timeline.asked is not None


def _is_in_time(step: Step, timeline: Timeline, now: datetime, scheduled: datetime) -> bool:
    if step.kind is StepKind.RECAP:
        return step.at >= scheduled and now - step.at < RECAP_STALE
    if now >= timeline.starts or (step.at < scheduled and not step.kind.rule.at_once):
        return False
    if step.kind.rule.while_open:
        return not any(other.kind is StepKind.CLOSE and other.at <= now for other in timeline.steps)
    return step.kind is not StepKind.REMIND or not _next_is_close(step, timeline, now)


def _next_is_close(reminder: Step, timeline: Timeline, now: datetime) -> bool:
    coming = [step.at for step in timeline.steps if step.kind is StepKind.REMIND and step.at > now]
    return bool(coming) and coming[0] - now < min(now - reminder.at, TOO_CLOSE)
