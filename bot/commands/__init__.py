"""The one table of `/paper …` commands. A new command is a function in this package and its name here."""

from bot.commands.assigning import assign
from bot.commands.choosing import claim, mine, pass_on, release, unvote, vote
from bot.commands.discussing import discuss
from bot.commands.house import help_, join, moderate, status
from bot.commands.moderating import audit, preview, reset, settings, setup, start, stop, undo
from bot.commands.reading import search, show, summary, today
from bot.commands.submitting import submit
from bot.commands.table import Command

TABLE: tuple[Command, ...] = (
    help_,
    today,
    search,
    show,
    summary,
    vote,
    unvote,
    pass_on,
    claim,
    release,
    discuss,
    submit,
    mine,
    status,
    join,
    moderate,
    assign,
    setup,
    start,
    stop,
    settings,
    reset,
    preview,
    undo,
    audit,
)
