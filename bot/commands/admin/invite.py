"""The code by which people choose a name on a page that is open to others."""

from collections.abc import Iterator
from datetime import timedelta

from bot.actions.codes import hash_code, new_code
from bot.actions.people import end_invitation, invite
from bot.cards import Button, Reply
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.languages import Listener, count, say
from bot.model import GroupSettings
from bot.ports.rows.people import Invitation
from bot.views.dates import spoken

INVITED = 20
MOST_INVITED = 500
INVITED_FOR = timedelta(days=7)


async def read_people(context: Context, typed: str) -> int:
    """How many; 0 for none any more."""
    if typed.casefold() == "off":
        return 0
    if not typed.isascii() or not typed.isdecimal() or not 1 <= int(typed[:9]) <= MOST_INVITED:
        raise UserError("Say how many people may join by the code, 1 to {most}, or off.", most=MOST_INVITED)
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
        return _say_standing(context.group, stands)
    code = new_code()
    invitation = Invitation(people or INVITED, context.now() + INVITED_FOR)
    await context.store.act(invite, context.act(), hash_code(code), invitation)
    return Reply("\n".join(_say_code(context.group, invitation, code)), choices=(_no_code(context.group),))


def _say_standing(group: GroupSettings, stands: Invitation) -> Reply:
    said = count(
        group,
        "{n} more person may join by the code that stands, until {day}.",
        "{n} more people may join by the code that stands, until {day}.",
        stands.seats,
        day=spoken(local_date(stands.until, group), group),
    )
    new = Button(say(group, "New code"), "invite", argument=("people", str(INVITED)))
    return Reply(said, choices=(new, _no_code(group)))


def _say_code(group: GroupSettings, invitation: Invitation, code: str) -> Iterator[str]:
    yield count(
        group,
        "{n} person may choose a name on the page until {day}, with this code: {code}",
        "{n} people may choose a name on the page until {day}, with this code: {code}",
        invitation.seats,
        day=spoken(local_date(invitation.until, group), group),
        code=code,
    )
    yield say(group, "They type /paper join NAME code:{code}", code=code)
    yield say(group, "A new code replaces it; /paper-admin invite off ends it.")


def _no_code(to: Listener) -> Button:
    return Button(say(to, "End it"), "invite", argument=("people", "off"))


async def _end_invitation(context: Context) -> Reply:
    if await context.store.act(end_invitation, context.act()):
        return Reply(say(context.group, "The code is good for nobody any more. Who joined by it stays."))
    raise UserError("No code stands. /paper-admin invite makes one.")
