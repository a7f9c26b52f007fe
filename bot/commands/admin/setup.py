"""Setting a group up, and where it meets."""

from bot.actions.settings import bind_channel, unbind_channel
from bot.cards import Reply
from bot.commands.admin.change import change, named
from bot.commands.admin.panel import ask_rest, show_panel
from bot.commands.admin.parameters import CHANNEL, typed_behind
from bot.commands.admin.replan import preview_of, saved
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.groups import target
from bot.languages import msgid, say

TYPE_THERE = msgid("{group} meets in that channel; type it there.")
MAKE_ROOM = msgid("{group} meets in that channel; /paper-admin stop there makes room.")


@command(
    "setup",
    "set this channel's group up: without anything, a panel with all its settings",
    Policy.MODERATOR,
    *typed_behind("setup"),
    CHANNEL,
    founds=True,
    de=("einrichten", "die Gruppe dieses Kanals einrichten; ohne Angaben eine Tafel mit allen Einstellungen"),
)
async def setup(context: Context, channel: str = "", **chosen: str) -> Reply:
    if "ask" in context.request.args:
        return ask_rest(context.group)
    _require_no_other(context, TYPE_THERE)
    if (said := await saved(context)) is not None:
        return await show_panel(context, said)
    moving = await preview_of(context, named(context, chosen))
    return moving or await show_panel(context, await change(context, chosen))


def _require_no_other(context: Context, otherwise: str) -> None:
    """Who names a channel of another group does not mean their own. Two that share a channel are both at home there."""
    meeting = context.groups.at(target(context.request))
    if meeting and context.group not in meeting:
        raise UserError(otherwise, group=meeting[0].name)


@command(
    "start",
    "post this group's papers in this channel from now on",
    Policy.MODERATOR,
    CHANNEL,
    de=("starten", "die Papers dieser Gruppe von nun an in diesem Kanal posten"),
)
async def start(context: Context, channel: str = "") -> Reply:
    group, place = context.group, target(context.request)
    if place in group.channels:
        return await show_panel(context, say(group, "{group} meets here already.", group=group.name))
    _require_no_other(context, MAKE_ROOM)
    if "/" not in place:
        raise UserError("A group meets in channels of a server: type it there.")
    if fault := await context.surfaces.fault(place):
        raise UserError("Nothing can be posted there yet. {fault}; then start again.", fault=fault)
    await context.store.act(bind_channel, context.act(), place)
    await context.groups.load(context.store)
    return await show_panel(context, say(group, "Started."))


@command(
    "stop",
    "post nothing more in this channel; votes and claims stay",
    Policy.MODERATOR,
    CHANNEL,
    de=("anhalten", "in diesem Kanal nichts mehr posten; Stimmen und Zusagen bleiben"),
)
async def stop(context: Context, channel: str = "") -> Reply:
    place = target(context.request)
    _require_no_other(context, TYPE_THERE)
    if place in context.groups.given(context.group.id).channels:
        raise UserError("This channel stands in the configuration; the operator can take it out there.")
    if place not in context.group.channels:
        return await show_panel(context, say(context.group, "Nothing is posted in this channel."))
    await context.store.act(unbind_channel, context.act(), place)
    await context.groups.load(context.store)
    said = say(context.group, "Stopped; all votes and claims stay.")
    if context.groups.home(context.request).id == context.group.id:
        return await show_panel(context, said)
    again = say(
        context.group,
        "To start it again, type /paper-admin start in another channel of {group} and name this one.",
        group=context.group.name,
    )
    return Reply(f"{said} {again}", replaces=context.request.pressed)
