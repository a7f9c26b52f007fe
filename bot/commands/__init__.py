"""The one table of `/paper …` commands. A new command is a function in this package and its name here."""

from bot.commands.assigning import assign
from bot.commands.balloting import ballot
from bot.commands.choosing import mine, pass_on, unvote, vote
from bot.commands.claiming import claim, release
from bot.commands.discussing import discuss
from bot.commands.house import help_, join, moderate, status
from bot.commands.linking import link
from bot.commands.meeting import ask, next_, rsvp
from bot.commands.moderating import audit, preview, reset, settings, setup, start, stop, undo
from bot.commands.picking import drop, next_paper, pick, reopen
from bot.commands.picking import release as admin_release
from bot.commands.presenting import handover, present
from bot.commands.reading import search, show, summary, today
from bot.commands.recapping import archive, recap
from bot.commands.rota import rota
from bot.commands.scheduling import schedule
from bot.commands.skipping import skip_week
from bot.commands.submitting import submit
from bot.commands.table import Command
from bot.commands.weeksettings import week

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
    next_,
    rsvp,
    ask,
    present,
    handover,
    ballot,
    recap,
    rota,
    archive,
    link,
    status,
    join,
    moderate,
    schedule,
    week,
    pick,
    next_paper,
    reopen,
    skip_week,
    assign,
    admin_release,
    drop,
    setup,
    start,
    stop,
    settings,
    reset,
    preview,
    undo,
    audit,
)
