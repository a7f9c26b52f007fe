"""Which meeting a request is about, and what several commands say of it. Answers nothing itself."""

from dataclasses import replace

from bot.commands.parameters import ENTRY_ID
from bot.commands.table import Context
from bot.errors import UserError
from bot.languages import msgid
from bot.model import Act, Participation, Session
from bot.views.dates import day_of, spoken_time
from bot.views.meeting import no_meeting
from bot.views.standing import Links, meeting_links
from bot.week import participation

NOT_OURS = msgid("That meeting is not this group's. /paper next tells the next one.")


async def pressed_on(context: Context) -> Session | None:
    """The meeting that a button or form is about; None when it is about none. Raises UserError for one of another
    group."""
    asked = context.request.args.get("session", "")
    if not asked:
        return None
    found = (
        await context.store.peek(lambda rows: rows.sessions.session(context.group.id, int(asked)))
        if ENTRY_ID.fullmatch(asked)
        else None
    )
    if found is None:
        raise UserError(NOT_OURS)
    return found


async def meant(context: Context) -> Session:
    """That one, or the one that is on or next. Raises UserError where there is none, or nothing is to be done for it
    any more."""
    session = await pressed_on(context) or await context.meetings.current(context.group)
    if session.status != "planned":
        raise UserError("{why} /paper next tells the next one.", why=no_meeting(session, context.group))
    if session.ends <= context.now():
        raise UserError(
            "The meeting on {day} is over. /paper next tells the next one.", day=day_of(session, context.group)
        )
    return session


async def room_of(context: Context, session: Session) -> Participation:
    room = await context.store.read(lambda rows: participation.participation_of(rows, context.group.id, session.id))
    if room is None:
        raise UserError(NOT_OURS)
    return room


async def links_to(context: Context, session: Session) -> Links:
    """Its card and its thread."""
    return await context.store.read(meeting_links, context.group, context.here, session.id)


def say_when(context: Context, session: Session) -> str:
    return spoken_time(session.starts, context.group)


def part(act: Act, name: str) -> Act:
    """One of several things that a request does: each under a request of its own, so that it is done once."""
    return replace(act, request=f"{act.request}/{name}")
