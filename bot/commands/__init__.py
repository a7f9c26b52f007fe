"""The one table of `/paper …` commands. Only a new file needs its name here; what stands in it follows."""

from types import ModuleType

from bot.commands import (
    claim,
    discuss,
    help,
    join,
    mine,
    next,
    save,
    search,
    show,
    status,
    submit,
    summary,
    today,
    vote,
    withdraw,
)
from bot.commands.admin import (
    assign,
    audit,
    curate,
    drop,
    invite,
    manage,
    move,
    pick,
    preview,
    release,
    reopen,
    schedule,
    settings,
    setup,
    skip_week,
    undo,
    week,
)
from bot.commands.admin import help as admin_help
from bot.commands.meeting import archive, ask, ballot, present, recap, rsvp
from bot.commands.my import link, rota
from bot.commands.sections import SECTIONS
from bot.commands.table import Command

PAPERS: tuple[ModuleType, ...] = (today, search, show, summary, vote, claim, discuss, submit, withdraw)
MEETING: tuple[ModuleType, ...] = (next, rsvp, ask, present, ballot, recap, archive)
OWN: tuple[ModuleType, ...] = (mine, save, rota, link, join)
PROGRAM: tuple[ModuleType, ...] = (help, status)
MODERATORS: tuple[ModuleType, ...] = (
    invite,
    schedule,
    week,
    manage,
    pick,
    reopen,
    drop,
    release,
    skip_week,
    assign,
    setup,
    move,
    settings,
    preview,
    curate,
    undo,
    audit,
    admin_help,
)


def _rows() -> list[Command]:
    """By sections, and in each as they stand here."""
    files = (*PAPERS, *MEETING, *OWN, *PROGRAM, *MODERATORS)
    found = {row.name: row for file in files for row in vars(file).values() if isinstance(row, Command)}
    return sorted(found.values(), key=lambda row: SECTIONS.index(row.section))


TABLE: tuple[Command, ...] = tuple(_rows())
