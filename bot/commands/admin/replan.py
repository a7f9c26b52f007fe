"""Settings that move meetings: what would become of these is shown before it is saved. Also when it is by a reset."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from bot.cards import Button, Card, Field, Reply
from bot.commands.admin.change import save
from bot.commands.admin.drafts import ScheduleDraft, find_draft, keep_drafts
from bot.commands.table import Context
from bot.groups import SETTINGS, Values, with_setting
from bot.languages import say
from bot.model import GroupSettings, Session
from bot.moments import plain
from bot.views.dates import spoken_start
from bot.views.timetable import SHOWN, foreseen, planned_since

FORESEEN = 60  # dates; a zone may differ only once clocks change
SAVE = "save"  # the argument of the button


async def saved(context: Context) -> str | None:
    """What was shown and is saved by this press, in words; None where it is about something else."""
    mark = context.request.args.get(SAVE, "")
    return await save(context, (await find_draft(context, mark)).rest) if mark else None


async def preview_of(context: Context, values: Values) -> Reply | None:
    """By the settings' names. None where they move no meeting, or can't be at all, which is said where they are
    saved."""
    before, after = context.group, _with(context, values)
    if after is None:
        return None
    sessions = await context.store.read(planned_since, before.id, context.now())
    was, will = (_dates(group, sessions, context.now()) for group in (before, after))
    if was == will:
        return None
    draft = ScheduleDraft(rest=dict(values))
    await keep_drafts(context, draft)
    where = tuple((name, context.request.args[name]) for name in ("channel",) if name in context.request.args)
    card = Card(
        kind="notice",
        title=say(before, "Meetings would move"),
        fields=(
            Field(say(before, "Now"), "\n".join(_listed(before, was, will, context.now()))),
            Field(say(before, "Then"), "\n".join(_listed(after, will, was, context.now()))),
        ),
        footer=_say_first(before, was, will, context.now()),
        buttons=(Button(say(before, "Save"), "setup", arguments=((SAVE, draft.mark), *where)),),
    )
    return Reply(say(before, "Not saved yet. Is this what you mean?"), (card,), replaces=context.request.pressed)


def _with(context: Context, values: Values) -> GroupSettings | None:
    """A value that is None is a reset."""
    group, given = context.group, context.groups.given(context.group.id)
    for name, value in values.items():
        try:
            group = with_setting(group, name, SETTINGS[name].stored(given) if value is None else value)
        except ValueError:
            return None
    return group


def _dates(group: GroupSettings, sessions: Sequence[Session], now: datetime) -> Mapping[date, datetime]:
    """Starts by the dates that the schedule names, without what is over or skipped."""
    recurrence = group.week.recurrence
    named = islice(recurrence.occurrences(now, group.zone), FORESEEN) if recurrence else ()
    rows = {session.on for session in sessions}
    dates = {one.on: one.starts for one in named if one.on not in rows}
    return dates | {meeting.on: meeting.starts for meeting in foreseen(group, sessions, now)}


def _listed(
    group: GroupSettings, dates: Mapping[date, datetime], others: Mapping[date, datetime], now: datetime
) -> Sequence[str]:
    """The first that are not alike, in the group's zone."""
    told = sorted(starts for on, starts in dates.items() if others.get(on) != starts)[:SHOWN]
    return [f"{group.timezone}:", *(plain(spoken_start(starts, group, now)) for starts in told)]


def _say_first(group: GroupSettings, was: Mapping[date, datetime], will: Mapping[date, datetime], now: datetime) -> str:
    on = min((on for on, starts in was.items() if on in will and will[on] != starts), default=None)
    if on is None:
        return ""
    return say(
        group,
        "In the time of {zone}: {then} instead of {before}.",
        zone=group.timezone,
        then=plain(spoken_start(will[on], group, now)),
        before=plain(spoken_start(was[on], group, now)),
    )
