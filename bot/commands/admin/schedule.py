"""The command by which moderators say when and where the group meets: `schedule`.

A schedule is shown before it is saved, as words and as dates; a place or a length is saved at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.actions.reschedule import reschedule_meeting
from bot.cards import Button, Card, Form, Reply
from bot.commands.admin.change import AS_IT_IS, BY_WORD, change, renewed
from bot.commands.admin.drafts import ScheduleDraft, find_draft, keep_drafts
from bot.commands.admin.panel import inputs_of
from bot.commands.admin.parameters import typed_behind
from bot.commands.admin.replies import undo_button
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.groups import SETTINGS, with_setting
from bot.groups.post_times import local_date
from bot.groups.words import OFF, say_meets
from bot.languages import msgid, say
from bot.model import GroupSettings, Session
from bot.model.recurrence import Dates, Recurrence, instant, read_recurrence
from bot.parsing import Doubt, describe, read_schedule
from bot.views.dates import spoken_start
from bot.views.timetable import SHOWN, Foreseen, foreseen, planned_since, say_dates, say_timeline, say_where
from bot.wording import capitalised, sentence

ENDS = (*OFF, "end", "stop", "ends")
MOST_OFFERED = 25
HOW = msgid(
    "To change it: /paper-admin schedule session:every other tue 12:30 until march place:Room 2.01 minutes:90; "
    "name a single date to move the next meeting; session:off ends it."
)
ONE_ONLY = msgid("That is for all meetings; for one alone, name its date too, as session:3 dec 17:00 place:Room 5.")
NOT_STARTED = msgid("Nothing is posted before /paper-admin start in its channel.")


@command(
    "schedule",
    "when and where you meet: without anything, as it is",
    Policy.MODERATOR,
    *typed_behind("schedule"),
    de=("termine", "wann und wo ihr euch trefft: ohne Angaben, wie es ist"),
)
async def schedule(context: Context, session: str = "", place: str | None = None, minutes: str | None = None) -> Reply:
    asked = context.request.args
    if "ask" in asked:
        return _form(context.group)
    if "draft" in asked:
        return await _preview(context, await find_draft(context, asked["draft"]))
    if "save" in asked:
        return await _save(context, await find_draft(context, asked["save"]))
    if "move" in asked:
        return await _move_next(context, await find_draft(context, asked["move"]))
    draft = ScheduleDraft(None, place, int(minutes) if minutes else None)
    if session and session != context.group.week.session:
        return await _read(context, session, draft)
    said = say(context.group, AS_IT_IS) if session else ""
    return await (_save(context, draft) if draft != ScheduleDraft() else show_schedule(context, said))


# --- reading what was typed


async def _read(context: Context, when: str, draft: ScheduleDraft) -> Reply:
    if when.strip().lower() in ENDS:
        return await _preview(context, replace(draft, when=""))
    try:
        found = read_schedule(when, _today(context))
    except ValueError as fault:
        raise UserError(sentence(say(context.group, fault.args[0]))) from None
    if isinstance(found, Doubt):
        return await _ask_back(context, found, draft)
    if found == context.group.week.recurrence:
        if draft != ScheduleDraft():
            return await _save(context, draft)
        return await show_schedule(context, say(context.group, AS_IT_IS))
    return await _preview(context, replace(draft, when=str(found)))


async def _ask_back(context: Context, question: Doubt, draft: ScheduleDraft) -> Reply:
    """What is over already is no answer."""
    open_ones = [(label, text) for label, text in question.options if _is_to_come(context, read_recurrence(text))]
    if question.options and not open_ones:
        raise UserError("That is over; name a time that is still to come.")
    if len(open_ones) == 1 < len(question.options):
        return await _preview(context, replace(draft, when=open_ones[0][1]))
    drafts = [replace(draft, when=text) for _, text in open_ones[:MOST_OFFERED]]
    await keep_drafts(context, *drafts)
    choices = [
        Button(label, "schedule", argument=("draft", option.mark))
        for (label, _), option in zip(open_ones, drafts, strict=False)
    ]
    return Reply(
        f"{question.text} {say(context.group, 'Times are those of {zone}.', zone=context.group.timezone)}",
        choices=tuple(choices),
        ok=False,
        replaces=context.request.pressed,
    )


def _is_to_come(context: Context, recurrence: Recurrence) -> bool:
    with suppress(UserError):
        _require_to_come(context, recurrence)
        return True
    return False


def _require_to_come(context: Context, recurrence: Recurrence) -> None:
    """Raises UserError for a single date that is over, and for a series without a date to come."""
    group, now = context.group, context.now()
    moments = recurrence.rule.moments if isinstance(recurrence.rule, Dates) else ()
    for on, at in moments:
        starts = instant(on, at, group.zone)
        if starts <= now:
            over = spoken_start(starts, group, now)
            raise UserError("{time} is over; name a time that is still to come.", time=over)
    if next(recurrence.occurrences(now, group.zone), None) is None:
        raise UserError("That leaves no meeting from now on; name a date that is still to come.")


# --- looking before it is saved


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of the preview: what it does with a draft, and what comes of that."""

    label: str
    does: str  # "save" or "move"
    draft: ScheduleDraft
    tells: str = ""


async def _preview(context: Context, draft: ScheduleDraft) -> Reply:
    group, now = context.group, context.now()
    recurrence = read_recurrence(draft.when) if draft.when else None
    if recurrence:
        _require_to_come(context, recurrence)
    _applied(group, draft)
    planned = await _planned(context)
    offers = tuple(_offers(context, draft, recurrence, planned))
    await keep_drafts(context, *(offer.draft for offer in offers))
    lines = [*_dates(recurrence, group, planned, now), *_facts(group, draft), *_outcomes(offers)]
    card = Card(
        kind="notice",
        title=f"{capitalised(describe(recurrence, _today(context), group))} ({group.timezone})"
        if recurrence
        else say(group, "No more meetings"),
        body="\n".join(lines),
        buttons=tuple(Button(offer.label, "schedule", argument=(offer.does, offer.draft.mark)) for offer in offers),
    )
    return Reply(say(group, "Not saved yet. Is this what you mean?"), (card,), replaces=context.request.pressed)


def _dates(
    recurrence: Recurrence | None, group: GroupSettings, planned: Sequence[Session], now: datetime
) -> Iterator[str]:
    if recurrence is None:
        return
    dates = say_dates(recurrence, group, planned, now)
    if len(dates) == SHOWN:
        yield say(group, "The next meetings:")
    else:
        yield say(group, "All meetings:") if len(dates) > 1 else say(group, "The only meeting:")
    yield from dates


def _facts(group: GroupSettings, draft: ScheduleDraft) -> Iterator[str]:
    if draft.when:
        week = _applied(group, draft).week
        where = say_where(week.place or say(group, "no place said"), week.minutes, group)
        yield say(group, "Place and length: {where}.", where=where)
    if group.week.session:
        yield say(group, "At present: {when}.", when=say_meets(group))
    if not group.channels:
        yield say(group, NOT_STARTED)


def _outcomes(offers: Sequence[Offer]) -> Iterator[str]:
    for offer in offers:
        if offer.tells:
            yield sentence(offer.tells) if len(offers) == 1 else f"{offer.label}: {offer.tells}."


def _offers(
    context: Context, draft: ScheduleDraft, recurrence: Recurrence | None, planned: Sequence[Session]
) -> Iterator[Offer]:
    group, current = context.group, context.group.week.recurrence
    becomes = _what_becomes(context, _applied(group, draft), planned)
    is_single = recurrence is not None and isinstance(recurrence.rule, Dates) and len(recurrence.rule.moments) == 1
    if not is_single or current is None:
        yield Offer(say(group, "Save" if recurrence else "End it"), "save", draft, becomes)
        return
    if isinstance(current.rule, Dates) and (more := _joined(context, current, draft.when or "")):
        joins = say(group, "it joins those that are set")
        yield Offer(say(group, "Add this date"), "save", replace(draft, when=more), joins)
    ahead = foreseen(group, planned, context.now())
    if ahead and not any(other.starts == instant_of(draft, group) for other in ahead[1:]):
        yield _for_once(context, draft, ahead[0])
    elif len(ahead) > 1:
        anyway = say(group, "You meet then anyway; /paper-admin skip-week leaves out the meeting before")
        becomes = f"{becomes}. {anyway}"
    yield Offer(say(group, "Only this date from now on"), "save", draft, becomes)


def _for_once(context: Context, draft: ScheduleDraft, was: Foreseen) -> Offer:
    group, moved = context.group, replace(draft, session=was.session.id if was.session else None)
    if instant_of(draft, group) == was.starts:
        alone = say(group, "its place or length alone; the others stay")
        return Offer(say(group, "Change only this meeting"), "move", moved, alone)
    at = spoken_start(was.starts, group, context.now())
    tells = f"{say(group, 'that of {time}, this once; the schedule stays', time=at)}. {_anew(group, was)}"
    return Offer(say(group, "Move the next meeting there"), "move", moved, tells)


def instant_of(draft: ScheduleDraft, group: GroupSettings) -> datetime:
    """Of a single date."""
    [(on, at)] = read_recurrence(draft.when or "").dates(date.min)
    return instant(on, at, group.zone)


def _joined(context: Context, current: Recurrence, when: str) -> str:
    """Single dates and one more; "" when it is among them."""
    moments = [text.strip() for text in f"{current}, {when}".split(",")]
    left = [text for text in dict.fromkeys(moments) if _is_to_come(context, read_recurrence(text))]
    with suppress(ValueError):  # two times on one date
        joined = str(read_recurrence(", ".join(left)))
        return joined if joined != str(current) else ""
    return ""


def _applied(group: GroupSettings, draft: ScheduleDraft) -> GroupSettings:
    for word, value in _values(draft).items():
        try:
            group = with_setting(group, BY_WORD[word].name, value)
        except ValueError as fault:
            raise UserError(sentence(str(fault))) from None
    return group


def _values(draft: ScheduleDraft) -> Mapping[str, str]:
    """By the settings' words."""
    values = {
        "session": draft.when,
        "place": draft.place,
        "minutes": None if draft.minutes is None else str(draft.minutes),
    }
    return {word: value for word, value in values.items() if value is not None}


def _what_becomes(context: Context, after: GroupSettings, planned: Sequence[Session]) -> str:
    """Of the meeting that is next now."""
    group, now = context.group, context.now()
    was, will = _first(foreseen(group, planned, now)), foreseen(after, planned, now)
    if was is None:
        return ""
    before = spoken_start(was.starts, group, now)
    same = _first([meeting for meeting in will if meeting.is_of(was)])
    next_one = spoken_start(will[0].starts, group, now) if will else ""
    if same is None and not will:
        return say(group, "there is no meeting on {day} any more; votes and claims stay", day=before)
    if same is None:
        return say(
            group, "there is no meeting on {day} any more; votes and claims count for {then}", day=before, then=next_one
        )
    if same.starts != was.starts:
        then = spoken_start(same.starts, group, now)
        moves = say(group, "the next meeting moves from {before} to {then}", before=before, then=then)
        if will[0] is not same:
            moves = f"{moves}; {say(group, 'the next one is {time}', time=next_one)}"
        return f"{moves}. {_anew(group, was)}"
    if after.week.recurrence is None:
        return say(
            group,
            "the meeting of {day} stays, since it is prepared already; /paper-admin skip-week leaves it out",
            day=before,
        )
    return say(group, "the next meeting stays on {day}", day=before)


def _first(meetings: Sequence[Foreseen]) -> Foreseen | None:
    return next(iter(meetings), None)


def _anew(group: GroupSettings, meeting: Foreseen) -> str:
    presenter = meeting.session.presenter if meeting.session else None
    if presenter:
        return say(group, "{name} is asked anew whether they can present", name=presenter.name)
    return say(group, "Its reminders move along")


# --- saving


async def _save(context: Context, draft: ScheduleDraft) -> Reply:
    if draft.when:
        _require_to_come(context, read_recurrence(draft.when))
    said = await change(context, _values(draft))
    is_plain = draft.when is not None or said == say(context.group, AS_IT_IS)
    return await show_schedule(context, said if is_plain else f"{said} {say(context.group, ONE_ONLY)}")


async def _move_next(context: Context, draft: ScheduleDraft) -> Reply:
    group = context.group
    _require_to_come(context, read_recurrence(draft.when or ""))
    session = await _to_move(context, draft)
    moved = await context.store.act(
        reschedule_meeting,
        context.act(),
        session.id,
        starts=instant_of(draft, group),
        minutes=draft.minutes,
        place=draft.place,
    )
    return await show_schedule(context, _say_moved(context, session, moved))


async def _to_move(context: Context, draft: ScheduleDraft) -> Session:
    """The meeting that was next when it was looked at; the week may not have planned it by then."""
    found = await context.store.peek(lambda rows: rows.sessions.session(context.group.id, draft.session or 0))
    if found:
        return found
    current = await context.meetings.current(context.group)
    if current.starts > context.now():
        return current
    later = [one for one in await _planned(context) if one.status == "planned" and one.starts > context.now()]
    if not later:
        raise UserError("No meeting is to come that could be moved.")
    return later[0]


def _say_moved(context: Context, before: Session, after: Session) -> str:
    group, now = context.group, context.now()
    was, at = spoken_start(before.starts, group, now), spoken_start(after.starts, group, now)
    if was == at:
        where = say_where(after.place or say(group, "no place said"), after.minutes, group)
        return say(group, "The meeting of {day}: {where}. The others stay.", day=at, where=where)
    told = say(group, "The channel is told. The schedule stays as it is.")
    if after.presenter and not after.confirmed_at:
        name = after.presenter.name
        now_on = say(group, "The meeting of {day} is on {then} now; {name} is asked anew.", day=was, then=at, name=name)
    else:
        now_on = say(group, "The meeting of {day} is on {then} now.", day=was, then=at)
    return f"{now_on} {told}"


# --- as it is


async def show_schedule(context: Context, said: str = "") -> Reply:
    group, now = renewed(context), context.now()
    meeting = _first(foreseen(group, await _planned(context), now))
    card = Card(
        kind="notice",
        title=say(group, "{group} meets {when}", group=group.name, when=say_meets(group)),
        body="\n".join(_as_it_is(group, meeting, now)),
        footer=say(group, HOW),
        buttons=(
            Button(say(group, "Change…"), "schedule", argument=("ask", "when")),
            Button(say(group, "Week…"), "week"),
            undo_button(group),
        ),
    )
    return Reply(said or _next_in_words(group, meeting, now), (card,), replaces=context.request.pressed)


def _next_in_words(group: GroupSettings, meeting: Foreseen | None, now: datetime) -> str:
    if meeting is None:
        return say(group, "No meeting is to come.")
    return say(group, "The next meeting: {time}.", time=spoken_start(meeting.starts, group, now))


def _as_it_is(group: GroupSettings, meeting: Foreseen | None, now: datetime) -> Iterator[str]:
    if meeting is None:
        yield say(group, "No meeting is to come.")
        return
    at, where = spoken_start(meeting.starts, group, now), say_where(meeting.place, meeting.minutes, group)
    yield say(group, "Next: {time}; {where}.", time=at, where=where)
    if meeting.session and meeting.session.moved:
        yield say(group, "A moderator moved it.")
    yield from say_timeline(meeting, group, now)
    if not group.channels:
        yield say(group, NOT_STARTED)


async def _planned(context: Context) -> Sequence[Session]:
    return await context.store.read(planned_since, context.group.id, context.now())


def _today(context: Context) -> date:
    return local_date(context.now(), context.group)


def _form(group: GroupSettings) -> Reply:
    rows = [row for row in SETTINGS.values() if row.command == "schedule"]
    said = say(group, "Type /paper-admin schedule session:thursdays 17:00 place:Room 2.01 minutes:60")
    return Reply(said, form=Form(say(group, "When and where you meet"), "schedule", inputs_of(rows, group)))
