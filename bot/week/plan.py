"""Which sessions there should be, from the settings and those that there are. Pure: rows in, Moves and new rows out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.model import GroupSettings, Move, Planned, Session, SessionChanges
from bot.model.durations import before
from bot.model.recurrence import Occurrence, Recurrence, instant
from bot.week.presenter import ask_anew
from bot.week.timeline import HEARD, Hearing, StepKind, Timeline, lay_out, midway

AHEAD = 3  # sessions that are planned and can still be held
PROMPTLY = timedelta(hours=1)  # an asking that was delivered by then counts from the asking on
LOOKED_AT = 60  # occurrences, until so many are found that nobody skipped

NOT_RUNNING = "Paperclub was not running when its paper was to be picked"
NOTHING_CHOSEN = "no paper was chosen for it"
NOT_CONFIRMED = "nobody confirmed the paper that was proposed"
MISSED = (NOT_RUNNING, NOTHING_CHOSEN, NOT_CONFIRMED)
NO_MEETINGS = "the group has no regular meetings any more"
OTHER_DAYS = "the group meets on other days now"
OTHER_TIME = "the group meets at another time now"
OTHER_PLACE = "the settings changed"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What has to be done so that the right sessions are planned. `stranded` lost their date and found no other: what
    was decided for them moves on to the sessions behind them."""

    moves: tuple[Move, ...] = ()  # each a step of its own
    planned: tuple[Planned, ...] = ()
    stranded: tuple[Session, ...] = ()
    handed: tuple[Session, Session] | None = None  # what waits with the one is for the other

    @property
    def is_done(self) -> bool:
        return not (self.moves or self.planned or self.stranded or self.handed)


def is_decided(session: Session) -> bool:
    return session.entry is not None or session.presenter is not None


def is_open(session: Session) -> bool:
    """It has no paper yet, and its vote goes on where there is one."""
    return session.closed_at is None and session.entry is None


def to_come(sessions: Sequence[Session], now: datetime) -> list[Session]:
    return [session for session in sessions if session.status == "planned" and session.starts > now]


def arrange(group: GroupSettings, sessions: Sequence[Session], now: datetime) -> Arrangement:
    """`sessions`: of any status, all that are still to come and those that were, so that no date of theirs is planned
    again. A session whose date the settings do not name any more
    takes the first free one that they do; what nobody decided anything for is cancelled."""
    coming = to_come(sessions, now)
    recurrence = group.week.recurrence
    if recurrence is None:
        return Arrangement(tuple(_cancel(session, NO_MEETINGS) for session in coming if not is_decided(session)))
    named = _named(recurrence, group, coming, now)
    rows = {session.on: session for session in sessions}
    free = list(_free(recurrence.occurrences(now, group.zone), rows, now))
    lost = [session for session in coming if session.on not in named and not session.moved]
    movers = [session for number, session in enumerate(lost) if number == 0 or is_decided(session)]
    pairs = zip(movers, free, strict=False)  # a date that has a row, of a cancelled session, can't be taken
    kept = [session for session in coming if session.on in named and not session.moved]
    homes = {
        session.id: occurrence
        for session, occurrence in pairs
        if occurrence.on not in rows and not _overtakes(session, occurrence, kept)
    }
    homeless = [session for session in lost if session.id not in homes]
    moves = [_to_occurrence(group, one, homes[one.id], coming[0], now) for one in lost if one.id in homes]
    moves += [move for session in kept if (move := _adjust(group, session, named[session.on], coming[0], now))]
    moves += [_cancel(session, OTHER_DAYS) for session in homeless if not is_decided(session)]
    planned = tuple(_plan(group, occurrence, now) for occurrence in free if occurrence not in homes.values())
    handed = next(_handed(sessions, kept), None)
    return Arrangement(tuple(moves), planned, tuple(filter(is_decided, homeless)), handed)


def _handed(sessions: Sequence[Session], coming: Sequence[Session]) -> Iterator[tuple[Session, Session]]:
    """What was decided for sessions that were called off while none behind them could take it. The close of their vote,
    or the asking of their presenter, still stands with them."""
    read = {session.entry for session in sessions if session.status == "planned"} - {None}
    for session in sessions:
        is_off = session.status == "skipped" and session.why not in MISSED and session.entry not in read
        if is_off and is_decided(session) and (session.closed_at or session.asked_at):
            free = [one for one in coming if is_open(one) and not is_decided(one)]
            behind = (one for one in free if one.starts > session.starts)
            if taker := next(behind, None):
                yield session, taker


def _overtakes(session: Session, occurrence: Occurrence, kept: Sequence[Session]) -> bool:
    """What comes first must not move behind what comes next: then its paper moves on instead."""
    return any(session.on < other.on < occurrence.on for other in kept)


def _named(
    recurrence: Recurrence, group: GroupSettings, coming: Sequence[Session], now: datetime
) -> Mapping[date, datetime]:
    """The starts that the settings give to the dates of these sessions. A date stays theirs also when its new time has
    passed already."""
    if not coming:
        return {}
    first = min(min(session.on for session in coming), now.astimezone(group.zone).date())
    last = max(session.on for session in coming)
    named = {}
    for on, at in recurrence.dates(first):
        if on > last:
            break
        named[on] = instant(on, at, group.zone)
    return named


def _free(occurrences: Iterator[Occurrence], rows: Mapping[date, Session], now: datetime) -> Iterator[Occurrence]:
    """Dates without a session, as far as AHEAD sessions need them. A date that was skipped is not planned again."""
    found = 0
    for occurrence, _ in zip(occurrences, range(LOOKED_AT), strict=False):
        row = rows.get(occurrence.on)
        if row is None or row.status == "cancelled":
            yield occurrence
            found += 1
        elif row.status == "planned" and row.ends > now:
            found += 1
        if found == AHEAD:
            return


def _plan(group: GroupSettings, occurrence: Occurrence, now: datetime) -> Planned:
    closes = late_close(group, occurrence.starts, now)
    return Planned(occurrence.on, occurrence.starts, group.week.minutes, group.week.place, closes)


def late_close(group: GroupSettings, starts: datetime, now: datetime) -> datetime | None:
    """When the ballot of a session closes whose time for that has passed: half-way to the start. None where it has not
    passed, or nobody votes."""
    length = group.week.timeline.length("ballot")
    if group.week.mode != "vote" or length is None or before(starts, length, group.zone) > now:
        return None
    half = _half_way(starts, now)
    return half if half > now else None


def half_way(session: Session, now: datetime) -> datetime:
    """To the start, where a ballot that goes on closes."""
    return max(_half_way(session.starts, now), now + timedelta(minutes=1))


def _half_way(starts: datetime, now: datetime) -> datetime:
    return midway(now, starts).replace(second=0, microsecond=0)


def _to_occurrence(
    group: GroupSettings, session: Session, occurrence: Occurrence, next_one: Session, now: datetime
) -> Move:
    move = restart(group, session, occurrence.starts, now, "move", OTHER_DAYS)
    sets: SessionChanges = {**move.sets, "on": occurrence.on, "minutes": group.week.minutes, "place": group.week.place}
    return replace(move, sets=sets, tells=is_decided(session) or session is next_one)


def _adjust(group: GroupSettings, session: Session, starts: datetime, next_one: Session, now: datetime) -> Move | None:
    week = group.week
    sets: SessionChanges = {}
    if session.minutes != week.minutes:
        sets["minutes"] = week.minutes
    if session.place != week.place:
        sets["place"] = week.place
    tells = is_decided(session) or session is next_one
    if session.starts != starts and starts > now:
        move = restart(group, session, starts, now, "move", OTHER_TIME)
        return replace(move, sets={**move.sets, **sets}, tells=tells)
    if sets:
        return Move(session.id, "move", OTHER_PLACE, sets, tells=tells)
    return None


def restart(group: GroupSettings, session: Session, starts: datetime, now: datetime, action: str, reason: str) -> Move:
    """Another start: its ballot stays open long enough, its presenter is asked anew."""
    sets: SessionChanges = {"starts": starts, "scheduled_at": now}
    if session.closed_at is None:
        is_kept = session.closes_at is not None and now < session.closes_at < starts
        sets["closes_at"] = session.closes_at if is_kept else late_close(group, starts, now)
    return ask_anew(session, now).onto(Move(session.id, action, reason, sets))


def _cancel(session: Session, reason: str) -> Move:
    return Move(session.id, "cancel", reason, {"status": "cancelled", "why": reason})


def is_missed(session: Session, now: datetime) -> bool:
    """It is over and has nothing to show for it."""
    over = session.status == "planned" and session.ends <= now
    return over and not session.settled and session.confirmed_at is None


def missed(session: Session, *, ran: bool) -> Move:
    """It says why. `ran`: its paper was to be picked while Paperclub was running."""
    reason = NOT_CONFIRMED if session.entry is not None else NOTHING_CHOSEN if ran else NOT_RUNNING
    sets: SessionChanges = {"status": "skipped", "why": reason}
    return Move(session.id, "missed", reason, sets)


def date_of(session: Session, group: GroupSettings) -> date:
    """`on` is what the recurrence names; a session that moved takes place on another one."""
    return session.starts.astimezone(group.zone).date()


def timeline_of(group: GroupSettings, session: Session) -> Timeline:
    week = group.week
    return lay_out(
        session.starts,
        session.minutes,
        group.zone,
        week.timeline,
        week.shape,
        session.asked_at,
        session.closes_at,
        _hearing(session),
    )


def _hearing(session: Session) -> Hearing:
    if session.asked_at is None or session.confirmed_at:
        return HEARD
    if session.heard_at is None:
        return Hearing(is_delivered=False)
    return Hearing(late=session.heard_at) if session.heard_at - session.asked_at > PROMPTLY else HEARD


def step_time(kind: StepKind, session: Session, group: GroupSettings) -> datetime | None:
    """None where the group's meetings have no such step."""
    return next((step.at for step in timeline_of(group, session).steps if step.kind is kind), None)
