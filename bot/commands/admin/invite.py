"""The code by which people choose a name on a page that is open to others."""

from datetime import timedelta

from bot.actions.codes import hash_code, new_code
from bot.actions.people import end_invitation, invite
from bot.cards import Button, Reply
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.ports.rows.people import Invitation
from bot.views.dates import spoken

INVITED = 20


MOST_INVITED = 500


INVITED_FOR = timedelta(days=7)


NEW_CODE = Button("New code", "invite", argument=("people", str(INVITED)))


NO_CODE = Button("End it", "invite", argument=("people", "off"))


async def read_people(context: Context, typed: str) -> int:
    """How many; 0 for none any more."""
    if typed.casefold() == "off":
        return 0
    if not typed.isascii() or not typed.isdecimal() or not 1 <= int(typed[:9]) <= MOST_INVITED:
        raise UserError(f"Say how many people may join by the code, 1 to {MOST_INVITED}, or off.")
    return int(typed)


PEOPLE = Parameter(
    "people",
    "how many may join by it, 20 if you leave this out; off ends it",
    read_people,
    required=False,
    de=("personen", "wie viele damit beitreten können, ohne Angabe 20; off beendet ihn"),
)


@command(
    "invite",
    "a code by which people choose a name on the page, or the end of it",
    Policy.MODERATOR,
    PEOPLE,
    de=("einladen", "ein Code, mit dem man auf der Seite einen Namen wählt, oder sein Ende"),
)
async def invite_(context: Context, people: int | None = None) -> Reply:
    if not any(channel.startswith("web:") for channel in context.group.channels):
        raise UserError("This group has no page: who speaks in its channels has a name already.")
    stands = await context.store.peek(lambda rows: rows.people.invitation(context.group.id, context.now()))
    if people == 0:
        return await _end_invitation(context)
    if people is None and stands:
        until = spoken(local_date(stands.until, context.group), context.group)
        text = f"{_people(stands.seats, 'more ')} may join by the code that stands, until {until}."
        return Reply(text, choices=(NEW_CODE, NO_CODE))
    code = new_code()
    invitation = Invitation(people or INVITED, context.now() + INVITED_FOR)
    await context.store.act(invite, context.act(), hash_code(code), invitation)
    until = spoken(local_date(invitation.until, context.group), context.group)
    return Reply(
        f"{_people(invitation.seats)} may choose a name on the page until {until}, with this code: "
        f"{code}\nThey type /paper join NAME code:{code}\nA new code replaces it; /paper-admin invite off ends it.",
        choices=(NO_CODE,),
    )


def _people(seats: int, more: str = "") -> str:
    return f"{seats} {more}{'person' if seats == 1 else 'people'}"


async def _end_invitation(context: Context) -> Reply:
    if await context.store.act(end_invitation, context.act()):
        return Reply("The code is good for nobody any more. Who joined by it stays.")
    raise UserError("No code stands. /paper-admin invite makes one.")
