"""Commands about the group itself: help, status, and on the web a name and a role."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from bot.actions.people import end_invitation, enrol, enrol_invited, invite, redeem_code
from bot.cards import Button, Reply
from bot.commands.parameters import ABOUT, CODE, NAME, read_text
from bot.commands.sections import BOT, YOURS
from bot.commands.table import Command, Context, Parameter, Policy, command
from bot.dates import local_date, spoken
from bot.errors import UserError
from bot.ports.rows.people import Invitation

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
INVITATION = Parameter(
    "code",
    "the code that a moderator gave you, where one is needed",
    read_text,
    required=False,
    de=("code", "der Code, den dir ein Moderator gegeben hat, wo einer nötig ist"),
)
MOST_WORDS = 8  # of a parameter that are told; more are offered while one types


@command(
    "help",
    "these commands, or one of them",
    Policy.ANYONE,
    ABOUT,
    de=("hilfe", "diese Befehle, oder einer davon"),
    section=BOT,
)
async def help_(context: Context, command: str = "") -> Reply:
    offered = [c for c in context.commands if c.is_offered_on(context.surface)]
    asked = re.sub("^/?paper(-admin)? ", "", command.lower()).strip()
    listed = [c for c in offered if context.is_moderator or c.policy is not Policy.MODERATOR]
    if not asked:
        return Reply(_list(listed))
    if section := [c for c in listed if c.section.word == asked]:
        return Reply(_list(section))
    explained = [line for c in offered if asked in (c.name, c.word, c.info.path) for line in _explain(c)]
    if not explained:
        raise UserError(f'There is no command "{asked[:40]}". /paper help lists them.')
    return Reply("\n".join(explained))


def _list(rows: Sequence[Command]) -> str:
    """Under the headings of their sections."""
    parts = groupby(rows, key=lambda row: row.section.title)
    return "\n\n".join("\n".join((title, *(row.line for row in listed))) for title, listed in parts)


def _explain(row: Command) -> list[str]:
    return [row.line, *map(_explain_parameter, row.parameters), f"For {row.policy.value}."]


def _explain_parameter(parameter: Parameter) -> str:
    words = [choice.value for choice in parameter.choices]
    choices = f" ({' or '.join(words)})" if 0 < len(words) <= MOST_WORDS else ""
    return f"{parameter.name.upper()}: {parameter.about}{choices}{'' if parameter.required else ', may be left out'}"


@command(
    "status",
    "how the bot is doing: posts, sources, what could not be delivered",
    Policy.ANYONE,
    de=("status", "wie es dem Bot geht: Posts, Quellen, was nicht zugestellt werden konnte"),
    section=BOT,
)
async def status(context: Context) -> Reply:
    return Reply("\n".join(await context.report()))


@command(
    "join",
    "your name in this group",
    Policy.ANYONE,
    NAME,
    INVITATION,
    only_on=("web",),
    de=("beitreten", "dein Name in dieser Gruppe"),
    section=YOURS,
    everyday=True,
)
async def join(context: Context, name: str, code: str = "") -> Reply:
    asked, group = context.request, context.group.id
    if asked.from_outside:
        hashed = hash_code(code)
        member = await context.store.write(enrol_invited, group, asked.account, name, context.now(), asked.id, hashed)
    else:
        member = await context.store.write(enrol, group, asked.account, name, context.now(), asked.id)
    return Reply(f"You are {member.name}.")


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
        until = spoken(local_date(stands.until, context.group))
        text = f"{_people(stands.seats, 'more ')} may join by the code that stands, until {until}."
        return Reply(text, choices=(NEW_CODE, NO_CODE))
    code = new_code()
    invitation = Invitation(people or INVITED, context.now() + INVITED_FOR)
    await context.store.act(invite, context.act(), hash_code(code), invitation)
    until = spoken(local_date(invitation.until, context.group))
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


@command(
    "moderate",
    "become a moderator",
    Policy.MEMBER,
    CODE,
    only_on=("web",),
    de=("moderieren", "Moderator werden"),
    section=YOURS,
    everyday=True,
)
async def moderate(context: Context, code: str) -> Reply:
    if await context.store.act(redeem_code, context.act(), hash_code(code)):
        return Reply("You are a moderator of this group now.")
    raise UserError("That code is not valid (any more). The program prints a new one at each start.")


def new_code() -> str:
    return "-".join(secrets.token_hex(2).upper() for _ in range(4))


def hash_code(code: str) -> str:
    """Codes are 64 random bits, so that a plain hash keeps them safe in the database."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
