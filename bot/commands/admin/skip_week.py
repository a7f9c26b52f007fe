"""The command by which moderators leave one meeting out, or let it take place after all: `skip-week`."""

from collections.abc import Sequence

from bot.actions.reschedule import skip_meeting, unskip_meeting
from bot.cards import Button, Choice, Reply
from bot.commands.admin.replies import done, read_reason, title_of, undo_button
from bot.commands.parameters import MOST_CHOICES
from bot.commands.sessions import pressed_on
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.groups.words import OFF
from bot.languages import say
from bot.model import GroupSettings, Session
from bot.views.dates import day_of

LONGEST_ID = 100  # bytes, of a button


async def read_date(context: Context, typed: str) -> Session:
    """One of those to come, by any words of its date: `2026-12-24`, `24 december`."""
    wanted = " ".join(typed.lower().split())
    ahead = await _ahead(context)
    found = [session for session in ahead if wanted in _names_of(session, context.group)]
    if len(found) != 1:
        dates = ", ".join(day_of(session, context.group) for session in ahead) or say(context.group, "none")
        raise UserError(
            '"{typed:.40}" is not the date of one meeting; those to come: {dates}.', typed=typed, dates=dates
        )
    return found[0]


async def complete_date(context: Context, typed: str) -> Sequence[Choice]:
    ahead = [session for session in await _ahead(context) if typed.lower() in _names_of(session, context.group)]
    return [Choice(_say_date(one, context.group), _iso(one, context.group)) for one in ahead[:MOST_CHOICES]]


def _say_date(session: Session, group: GroupSettings) -> str:
    day = day_of(session, group)
    return say(group, "{day} (skipped)", day=day) if session.status == "skipped" else day


async def _ahead(context: Context) -> list[Session]:
    sessions = await context.store.read(lambda rows: rows.sessions.sessions(context.group.id, context.now()))
    return [session for session in sessions if session.status != "cancelled"]


def _names_of(session: Session, group: GroupSettings) -> str:
    return f"{_iso(session, group)} {day_of(session, group)}".lower()


def _iso(session: Session, group: GroupSettings) -> str:
    return f"{local_date(session.starts, group)}"


WHY = Parameter(
    "reason",
    "why, for the members and the log; off: it takes place after all",
    read_reason,
    de=("grund", "warum, für die Mitglieder und das Protokoll; off: es findet doch statt"),
)
ON = Parameter(
    "on",
    "which meeting, by its date; without it the next one",
    read_date,
    False,
    complete=complete_date,
    de=("am", "welches Treffen, nach seinem Datum; ohne Angabe das nächste"),
)


@command(
    "skip-week",
    "no meeting this time; votes, claims and the pick stay for the next",
    Policy.MODERATOR,
    WHY,
    ON,
    de=("ausfallen", "diesmal kein Treffen; Stimmen, Zusagen und die Wahl bleiben für das nächste"),
)
async def skip_week(context: Context, reason: str, on: Session | None = None) -> Reply:
    named = on or await pressed_on(context)
    if reason.lower() in OFF:
        return await _take_place(context, named)
    session = named or await _next(context)
    if named is None and (earlier := await _skipped_before(context, session)):
        return _ask_whether_too(context, session, earlier, reason)
    following = await context.store.act(skip_meeting, context.act(), session.id, reason)
    group, day = context.group, day_of(session, context.group)
    label = say(group, "It takes place after all")
    return done(
        group,
        say(group, "No meeting on {day}: {reason}. Votes and claims stay.", day=day, reason=reason),
        await _say_shifted(context, session, following),
        say(group, "The channel is told."),
        more=(Button(label, "skip-week", argument=("reason", "off"), session=session.id),),
    )


async def _next(context: Context) -> Session:
    """The next one; not that which is on at this moment."""
    current = await context.meetings.current(context.group)
    later = [one for one in await _ahead(context) if one.status == "planned" and one.starts > context.now()]
    return next(iter(later), current)


async def _skipped_before(context: Context, session: Session) -> Session | None:
    """Who leaves out the next session does not mean the one behind it, when somebody else was faster."""
    ahead = await _ahead(context)
    return next((one for one in ahead if one.status == "skipped" and one.starts < session.starts), None)


def _ask_whether_too(context: Context, session: Session, earlier: Session, reason: str) -> Reply:
    group, day = context.group, day_of(session, context.group)
    label = say(group, "Skip {day} too", day=day)
    too = Button(label, "skip-week", argument=("reason", reason), session=session.id)
    before, why = day_of(earlier, group), earlier.why
    said = say(group, "The meeting of {day} is skipped already ({why}).", day=before, why=why)
    date = _iso(session, group)
    how = say(group, "To skip {day} too, say /paper-admin skip-week REASON on:{date}", day=day, date=date)
    return Reply(f"{said} {how}", choices=(too,) if len(too.id.encode()) <= LONGEST_ID else (), ok=False)


async def _say_shifted(context: Context, session: Session, following: Session | None) -> str:
    """What became of the paper and of who was to present it."""
    group, title = context.group, await title_of(context, session.entry)
    if following is None or (title and following.entry != session.entry):
        return say(group, "{title} waits for the next meeting that is planned.", title=title) if title else ""
    day = day_of(following, group)
    if not title:
        return say(group, "The next meeting is on {day}.", day=day)
    if following.presenter is None:
        return say(group, "{title} goes on to {day}.", title=title, day=day)
    name = following.presenter.name
    return say(group, "{title} goes on to {day}; {name} is asked whether that suits.", title=title, day=day, name=name)


async def _take_place(context: Context, named: Session | None) -> Reply:
    group, back = context.group, (undo_button(context.group),)
    skipped = [session for session in await _ahead(context) if session.status == "skipped"]
    session = named or next(iter(skipped), None)
    if session is None:
        raise UserError("No meeting that is to come was skipped.")
    if session.status != "skipped":
        return Reply(say(group, "The meeting of {day} takes place.", day=day_of(session, group)), choices=back)
    now = await context.store.act(unskip_meeting, context.act(), session.id)
    day = day_of(now, group)
    return done(group, say(group, "The meeting of {day} takes place after all. The channel is told.", day=day))
