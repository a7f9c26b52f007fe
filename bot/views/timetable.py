"""When a group meets, in words: dates with their wall times, and what happens before a session. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bot.languages import count, joined, msgid, say, written
from bot.model import GroupSettings, Session
from bot.model.recurrence import Occurrence, Recurrence
from bot.moments import plain
from bot.ports import Reads
from bot.views.dates import spoken_start, zone_name
from bot.week.plan import arrange
from bot.week.timeline import Step, StepKind, Timeline, lay_out

LOOK_BACK = timedelta(days=90)  # a date that was held is no date to come, whatever its wall time becomes
SHOWN = 4  # dates of a schedule that is looked at before it is saved
TOLD = {
    StepKind.NOMINATE: msgid("nominations open"),
    StepKind.NAME: msgid("the rota names who presents"),
    StepKind.SHORTLIST: msgid("the short list is made, ballots open"),
    StepKind.CLOSE: msgid("the vote closes, and a paper is picked"),
    StepKind.VOLUNTEER: msgid("the rota names somebody, if nobody has offered to present"),
    StepKind.PAPER: msgid("the presenter has brought a paper"),
    StepKind.CONFIRM: msgid("the presenter has confirmed"),
    StepKind.HEADCOUNT: msgid("it is looked whether enough come"),
    StepKind.THREAD: msgid("the thread opens"),
    StepKind.RECAP: msgid("the recap is asked for"),
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One that is to come: planned already, or only named by the schedule."""

    on: date
    starts: datetime
    minutes: int
    place: str
    closes: datetime | None = None  # the vote, where its usual time has passed
    session: Session | None = None

    def is_of(self, other: "Foreseen") -> bool:
        """The same one, perhaps at another time."""
        if self.session and other.session:
            return self.session.id == other.session.id
        return self.on == other.on


def planned_since(rows: Reads, group: str, now: datetime) -> Sequence[Session]:
    """What `foreseen` needs: also those that were held, whose dates are not planned again."""
    return rows.sessions.sessions(group, now - LOOK_BACK)


def foreseen(group: GroupSettings, sessions: Sequence[Session], now: datetime) -> list[Foreseen]:
    """Those to come, in their order, as they will be once the week has caught up with these settings. See
    `planned_since` for `sessions`."""
    arranged = arrange(group, sessions, now)
    sets = {move.session: move.sets for move in arranged.moves}
    gone = {session.id for session in arranged.stranded}
    after = [_with(session, sets.get(session.id, {})) for session in sessions if session.id not in gone]
    meetings = [_of(session) for session in after if session.status == "planned" and session.starts > now]
    meetings += [Foreseen(one.on, one.starts, one.minutes, one.place, one.closes_at) for one in arranged.planned]
    return sorted(meetings, key=lambda meeting: meeting.starts)


def _with(session: Session, sets: Mapping[str, Any]) -> Session:
    return replace(session, **{name: value for name, value in sets.items() if name != "presenter"})


def _of(session: Session) -> Foreseen:
    return Foreseen(session.on, session.starts, session.minutes, session.place, session.closes_at, session)


# --- dates


def say_dates(recurrence: Recurrence, group: GroupSettings, sessions: Sequence[Session], now: datetime) -> list[str]:
    """The next ones, a line each: weekday, date, wall time and what the zone is called then. They stay the group's: it
    is whether its clock was understood that a moderator looks at. Not those that were held already, perhaps at another
    time of that day, or are left out."""
    taken = {one.on for one in sessions if one.status == "skipped" or (one.status == "planned" and one.starts <= now)}
    coming = islice((one for one in recurrence.occurrences(now, group.zone) if one.on not in taken), SHOWN)
    return [_say_date(one, recurrence, group, now) for one in coming]


def _say_date(one: Occurrence, recurrence: Recurrence, group: GroupSettings, now: datetime) -> str:
    """With what to know of a wall time that a clock change leaves out or doubles."""
    said = plain(spoken_start(one.starts, group, now))
    _, at = next(recurrence.dates(one.on))
    time = f"{at:%H:%M}"
    if one.starts.astimezone(group.zone).replace(tzinfo=None) != datetime.combine(one.on, at):
        return say(group, "{start} (the clocks leave {time} out that night)", start=said, time=time)
    if _is_doubled(one.on, at, group.zone):
        return say(group, "{start} (the first {time} of that night)", start=said, time=time)
    return said


def _is_doubled(on: date, at: time, zone: ZoneInfo) -> bool:
    first, second = (datetime.combine(on, at.replace(fold=fold), zone).utcoffset() for fold in (0, 1))
    return (first or timedelta()) > (second or timedelta())


# --- what happens before a meeting


def say_timeline(meeting: Foreseen, group: GroupSettings, now: datetime) -> list[str]:
    """A line for each step, in the group's wall times; reminders share one."""
    session = meeting.session
    since = session.scheduled_at if session and session.scheduled_at else now
    asked = (session.asked_at if session else None) or meeting.closes  # whoever it will be, not before they are
    timeline = _laid_out(meeting, group, asked)
    if not asked and any(step.kind is StepKind.NAME and step.at < since for step in timeline.steps):
        timeline = _laid_out(meeting, group, since)  # the rota names somebody at once
    at_once = {kind for kind in StepKind if kind.rule.at_once} - {*(_behind(session) if session else ())}
    lines = [_say_step(step, group, now, since, at_once) for step in timeline.steps if step.kind in TOLD]
    reminders = [step.at for step in timeline.steps if step.kind is StepKind.REMIND]
    return [*filter(None, lines), *_say_reminders(reminders, group, now)]


def _laid_out(meeting: Foreseen, group: GroupSettings, asked: datetime | None) -> Timeline:
    week = group.week
    return lay_out(meeting.starts, meeting.minutes, group.zone, week.timeline, week.shape, asked, meeting.closes)


def _behind(session: Session) -> Iterator[StepKind]:
    """Steps whose work is done, so that they do not come again when a moderator moves the meeting."""
    if session.closed_at:
        yield from (StepKind.NOMINATE, StepKind.SHORTLIST, StepKind.CLOSE)
    if session.presenter:
        yield from (StepKind.NAME, StepKind.VOLUNTEER)
    if session.entry is not None:
        yield StepKind.PAPER


def _say_step(step: Step, group: GroupSettings, now: datetime, since: datetime, at_once: Collection[StepKind]) -> str:
    """`since`: when the meeting got its start. What should have been before that is done at once, or left out."""
    what = say(group, TOLD[step.kind])
    if step.at < since:
        return say(group, "At once: {what}", what=what) if step.kind in at_once else ""
    said = f"{_moment(step.at, group)}: {what}"
    return say(group, "{step} (over)", step=said) if step.at <= now else said


def _say_reminders(reminders: Sequence[datetime], group: GroupSettings, now: datetime) -> Iterator[str]:
    left = [at for at in reminders if at > now]
    if left:
        yield say(group, "Reminders: {times}", times=joined(group, [_moment(at, group) for at in left]))
    elif reminders:
        yield say(group, "Reminders: all over")


def _moment(at: datetime, group: GroupSettings) -> str:
    """`Sun 22 November, 17:00 CET`"""
    local = at.astimezone(group.zone)
    return f"{written(group, 'EEE d MMMM', local.date())}, {local:%H:%M} {zone_name(at, group)}"


def say_where(place: str, minutes: int, group: GroupSettings) -> str:
    """`Room 2.01, 60 minutes`"""
    return ", ".join(part for part in (place, count(group, "{n} minute", "{n} minutes", minutes)) if part)
