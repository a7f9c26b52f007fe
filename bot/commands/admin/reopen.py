"""The vote of the next meeting, open again."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from bot.actions.picks import reopen_vote
from bot.cards import Button, Reply
from bot.commands.admin.manage import ask_first, is_first_press
from bot.commands.admin.replies import REASON, done, seen_there, title_of
from bot.commands.parameters import read_text
from bot.commands.sessions import meant
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.languages import say
from bot.model import Session
from bot.model.durations import after, read_duration
from bot.model.recurrence import Recurrence, read_recurrence
from bot.parsing import Doubt, read_schedule
from bot.views.dates import day_of, spoken_start
from bot.wording import sentence

UNTIL = Parameter(
    "until",
    "as tomorrow 18:00, or 6 hours; without it, half of the time that is left",
    read_text,
    False,
    de=("bis", "wie tomorrow 18:00 oder 6 hours; ohne Angabe die Hälfte der Zeit, die noch ist"),
)


# --- the vote goes on


@command(
    "reopen",
    "open the vote of the next meeting again; its pick is taken back",
    Policy.MODERATOR,
    UNTIL,
    REASON,
    de=("neu-öffnen", "die Abstimmung des nächsten Treffens wieder öffnen; die Wahl gilt nicht mehr"),
)
async def reopen(context: Context, until: str = "", reason: str = "") -> Reply:
    session = await meant(context)
    if is_first_press(context) and session.entry and not until:
        sure = Button(say(context.group, "Yes, vote again"), "reopen", once=True, session=session.id)
        return await ask_first(context, session, say(context.group, "The vote opens again."), sure)
    times: list[datetime | None] = [*await _read_until(context, until, session)] if until else [None]
    if len(times) > 1:
        asked = say(context.group, "Until when?")
        return Reply(asked, choices=tuple(_offer(context, session, times)), ok=False)
    now = await context.store.act(reopen_vote, context.act(), session.id, times[0], reason)
    title = await title_of(context, session.entry)
    back = ""
    if title:
        back = say(context.group, "{title} is not picked any more; it can be voted for like the others.", title=title)
    return done(context.group, _say_open(context, now), back, seen_there(context.group))


def _say_open(context: Context, session: Session) -> str:
    group, day = context.group, day_of(session, context.group)
    if session.closes_at is None:
        return say(group, "The vote for {day} is open again until its usual time.", day=day)
    end = spoken_start(session.closes_at, group, context.now())
    return say(group, "The vote for {day} is open again until {time}.", day=day, time=end)


def _offer(context: Context, session: Session, times: list[datetime | None]) -> Iterator[Button]:
    for at in times:
        if at:
            text = f"{at.astimezone(context.group.zone):%Y-%m-%d %H:%M}"
            label = spoken_start(at, context.group, context.now())
            yield Button(label, "reopen", argument=("until", text), session=session.id)


async def _read_until(context: Context, typed: str, session: Session) -> list[datetime]:
    """What can be meant, between now and the session. Raises UserError when nothing can."""
    found = _lasting(context, typed) or _moments(context, typed)
    left = sorted({at for at in found if context.now() < at < session.starts})
    if not left:
        starts = spoken_start(session.starts, context.group, context.now())
        raise UserError(
            "Say a time between now and the meeting ({starts}), as tomorrow 18:00 or 6 hours.", starts=starts
        )
    return left


def _lasting(context: Context, typed: str) -> list[datetime]:
    """`6 hours`, `in 2 days`"""
    with suppress(ValueError):
        text = typed.lower().strip().removeprefix("in ").removeprefix("for ")
        return [after(context.now(), read_duration(text), context.group.zone)]
    return []


def _moments(context: Context, typed: str) -> list[datetime]:
    try:
        found = read_schedule(typed, local_date(context.now(), context.group))
    except ValueError as fault:
        raise UserError(sentence(say(context.group, fault.args[0]))) from None
    if not isinstance(found, Doubt):
        return _first(context, found)
    times = [at for _, text in found.options for at in _first(context, read_recurrence(text))]
    if not times:
        raise UserError("Until when? Write it as tomorrow 18:00, or 6 hours.")
    soon = min(times) + timedelta(hours=24)  # of a time without a day, the next
    return [at for at in times if at < soon] if _names_no_day(found) else times


def _first(context: Context, recurrence: Recurrence) -> list[datetime]:
    return [
        one.starts for _, one in zip(range(1), recurrence.occurrences(context.now(), context.group.zone), strict=False)
    ]


def _names_no_day(question: Doubt) -> bool:
    return "On which day?" in question.text
