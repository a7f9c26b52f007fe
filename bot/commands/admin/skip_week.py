"""The command by which moderators leave one meeting out, or let it take place after all: `skip-week`."""

from collections.abc import Sequence

from bot.actions.reschedule import skip_meeting, unskip_meeting
from bot.cards import Button, Choice, Reply
from bot.commands.admin.replies import UNDO, done, read_reason, title_of
from bot.commands.parameters import MOST_CHOICES
from bot.commands.sessions import pressed_on
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.groups.words import OFF
from bot.model import GroupSettings, Session
from bot.views.dates import day_of

LONGEST_ID = 100  # bytes, of a button


async def read_date(context: Context, typed: str) -> Session:
    """One of those to come, by any words of its date: `2026-12-24`, `24 december`."""
    wanted = " ".join(typed.lower().split())
    ahead = await _ahead(context)
    found = [session for session in ahead if wanted in _names_of(session, context.group)]
    if len(found) != 1:
        dates = ", ".join(day_of(session, context.group) for session in ahead) or "none"
        raise UserError(f'"{typed[:40]}" is not the date of one meeting; those to come: {dates}.')
    return found[0]


async def complete_date(context: Context, typed: str) -> Sequence[Choice]:
    ahead = [session for session in await _ahead(context) if typed.lower() in _names_of(session, context.group)]
    return [
        Choice(
            f"{day_of(one, context.group)}{' (skipped)' if one.status == 'skipped' else ''}", _iso(one, context.group)
        )
        for one in ahead[:MOST_CHOICES]
    ]


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
    after_all = Button("It takes place after all", "skip-week", argument=("reason", "off"), session=session.id)
    return done(
        f"No meeting on {day_of(session, context.group)}: {reason}. Votes and claims stay.",
        await _say_shifted(context, session, following),
        "The channel is told.",
        more=(after_all,),
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
    group = context.group
    too = Button(f"Skip {day_of(session, group)} too", "skip-week", argument=("reason", reason), session=session.id)
    said = f"The meeting of {day_of(earlier, group)} is skipped already ({earlier.why})."
    how = f"To skip {day_of(session, group)} too, say /paper-admin skip-week REASON on:{_iso(session, group)}"
    return Reply(f"{said} {how}", choices=(too,) if len(too.id.encode()) <= LONGEST_ID else (), ok=False)


async def _say_shifted(context: Context, session: Session, following: Session | None) -> str:
    """What became of the paper and of who was to present it."""
    title = await title_of(context, session.entry)
    if following is None or (title and following.entry != session.entry):
        return f"{title} waits for the next meeting that is planned." if title else ""
    on = day_of(following, context.group)
    if not title:
        return f"The next meeting is on {on}."
    asked = f"; {following.presenter.name} is asked whether that suits" if following.presenter else ""
    return f"{title} goes on to {on}{asked}."


async def _take_place(context: Context, named: Session | None) -> Reply:
    skipped = [session for session in await _ahead(context) if session.status == "skipped"]
    session = named or next(iter(skipped), None)
    if session is None:
        raise UserError("No meeting that is to come was skipped.")
    if session.status != "skipped":
        return Reply(f"The meeting of {day_of(session, context.group)} takes place.", choices=(UNDO,))
    now = await context.store.act(unskip_meeting, context.act(), session.id)
    return done(f"The meeting of {day_of(now, context.group)} takes place after all. The channel is told.")
