"""Commands about the group itself: help, status, and on the web a name and a role."""

import hashlib
import re
from collections.abc import Sequence
from itertools import groupby

from bot.actions.people import enrol, redeem_code
from bot.cards import Reply
from bot.commands.parameters import ABOUT, CODE, NAME
from bot.commands.sections import BOT, YOURS
from bot.commands.table import Command, Context, Parameter, Policy, command
from bot.errors import UserError

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
    only_on=("web",),
    de=("beitreten", "dein Name in dieser Gruppe"),
    section=YOURS,
    everyday=True,
)
async def join(context: Context, name: str) -> Reply:
    asked = context.request
    member = await context.store.write(enrol, context.group.id, asked.account, name, context.now(), asked.id)
    return Reply(f"You are {member.name}.")


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


def hash_code(code: str) -> str:
    """Codes are 64 random bits, so that a plain hash keeps them safe in the database."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
