"""The one table of `/paper …` commands: what these files hold, in this order. Only a new file needs a line here."""

from importlib import import_module

from bot.commands.sections import SECTIONS
from bot.commands.table import Command

FILES = (
    "bot.commands.reading",
    "bot.commands.choosing",
    "bot.commands.claiming",
    "bot.commands.discussing",
    "bot.commands.submitting",
    "bot.commands.meeting",
    "bot.commands.presenting",
    "bot.commands.balloting",
    "bot.commands.recapping",
    "bot.commands.rota",
    "bot.commands.linking",
    "bot.commands.house",
    "bot.commands.scheduling",
    "bot.commands.weeksettings",
    "bot.commands.picking",
    "bot.commands.skipping",
    "bot.commands.assigning",
    "bot.commands.moderating",
)


def _rows() -> list[Command]:
    """By sections, and in each as they are written."""
    found = [row for name in FILES for row in vars(import_module(name)).values() if isinstance(row, Command)]
    return sorted(found, key=lambda row: SECTIONS.index(row.section))


TABLE: tuple[Command, ...] = tuple(_rows())
