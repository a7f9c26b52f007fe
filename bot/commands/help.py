"""The commands, or one of them."""

import re
from collections.abc import Sequence
from itertools import groupby

from bot.cards import Reply
from bot.commands.parameters import ABOUT
from bot.commands.sections import BOT
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
