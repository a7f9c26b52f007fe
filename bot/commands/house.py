"""Commands about the group itself: help, status, and on the web a name and a role."""

import hashlib
import re

from bot.actions.people import enrol, redeem_code
from bot.cards import Reply
from bot.commands.parameters import ABOUT, CODE, NAME
from bot.commands.table import Command, Context, Parameter, Policy, command
from bot.errors import UserError

MOST_WORDS = 8  # of a parameter that are told; more are offered while one types


@command(
    "help", "these commands, or one of them", Policy.ANYONE, ABOUT, de=("hilfe", "diese Befehle, oder einer davon")
)
async def help_(context: Context, command: str = "") -> Reply:
    offered = [c for c in context.commands if c.is_offered_on(context.surface)]
    name = re.sub("^/?paper(-admin)? ", "", command.lower()).strip()
    asked = [c for c in offered if c.word == name]
    if name and not asked:
        raise UserError(f'There is no command "{name[:40]}". /paper help lists them.')
    listed = [c for c in offered if context.is_moderator or c.policy is not Policy.MODERATOR]
    explained = [line for row in asked for line in _explain(row)]
    return Reply("\n".join(explained or (row.line for row in listed)))


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
)
async def join(context: Context, name: str) -> Reply:
    asked = context.request
    member = await context.store.write(enrol, context.group.id, asked.account, name, context.now(), asked.id)
    return Reply(f"You are {member.name}.")


@command("moderate", "become a moderator", Policy.MEMBER, CODE, only_on=("web",), de=("moderieren", "Moderator werden"))
async def moderate(context: Context, code: str) -> Reply:
    if await context.store.act(redeem_code, context.act(), hash_code(code)):
        return Reply("You are a moderator of this group now.")
    raise UserError("That code is not valid (any more). The program prints a new one at each start.")


def hash_code(code: str) -> str:
    """Codes are 64 random bits, so that a plain hash keeps them safe in the database."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
