"""A group moves to another channel of its server, with all that it has: from wherever a moderator types it."""

from bot.actions.settings import move_channel
from bot.cards import Button, Reply
from bot.commands.admin.parameters import CHANNEL
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups import MARK, channel_of, server_of, target
from bot.languages import joined, msgid, say

GIVEN = msgid(
    'The configuration file says where this group meets. There, under [[groups]] with id = "{group}", write "{new}" '
    'instead of "{old}" in channels, and start Paperclub again: votes, claims and archive come along.'
)


async def read_group(context: Context, typed: str) -> str:
    return typed


async def complete_group(context: Context, typed: str) -> tuple[()]:
    return ()  # the core knows which ones whoever types looks after


GROUP = Parameter(
    "group",
    "which group; of several that you look after on this server",
    read_group,
    required=False,
    complete=complete_group,
    de=("gruppe", "welche Gruppe; von mehreren auf diesem Server, um die du dich kümmerst"),
)


@command(
    "move",
    "move a group to this channel or another, with its votes, claims and archive; asks first",
    Policy.MODERATOR,
    CHANNEL,
    GROUP,
    only_on=("discord", "slack"),
    elsewhere=True,
    de=("umziehen", "eine Gruppe in diesen oder einen anderen Kanal umziehen, mit allem; fragt zuerst"),
)
async def move(context: Context, channel: str = "", group: str = "") -> Reply:
    _, *agreed = group.split(MARK)
    if len(agreed) == 2:
        server = server_of(context.request.place)
        return await _go(context, *(f"{server}/{channel}" for channel in agreed))
    new = target(context.request)
    old = await _leaves(context, new)
    await _require_open(context, new)
    return _ask(context, old, new)


async def _leaves(context: Context, new: str) -> str:
    """The channel that it moves from. Raises UserError."""
    group, name = context.group, context.surfaces.name_of
    if new in group.channels:
        raise UserError(
            "{group} meets in {place} already. Name where it shall go: /paper-admin move channel:…",
            group=group.name,
            place=name(new),
        )
    here = [place for place in group.channels if server_of(place) == server_of(new)]
    given = context.groups.given(group.id).channels
    bound = [place for place in here if place not in given]
    if not bound:
        raise UserError(GIVEN, group=group.id, old=here[0], new=new)
    if len(bound) > 1:
        typed_in = [place for place in bound if place == channel_of(context.request.place)]
        bound = typed_in or [place for place in bound if await context.surfaces.fault(place)]
    if len(bound) != 1:
        raise UserError(
            "{group} meets in {places}. Type it in the one that it leaves, and name the other channel.",
            group=group.name,
            places=joined(group, [name(place) for place in here]),
        )
    return bound[0]


async def _require_open(context: Context, new: str) -> None:
    if "/" not in new:
        raise UserError("A group meets in channels of a server: type it there.")
    if meeting := context.groups.at(new):
        raise UserError("{group} meets in that channel.", group=meeting[0].name)
    if fault := await context.surfaces.fault(new):
        raise UserError("Nothing can be posted there yet. {fault}; then move again.", fault=fault)


def _ask(context: Context, old: str, new: str) -> Reply:
    group, name = context.group, context.surfaces.name_of
    channels = MARK.join(place.partition("/")[2] for place in (old, new))
    return Reply(
        say(
            group,
            "{group} moves from {old} to {new}, with its votes, claims, archive and settings. At once the card of the "
            "next meeting is posted there, and today's papers. What was posted before stays where it is, and its "
            "buttons go on working as long as that channel is there. Moving back takes it back.",
            group=group.name,
            old=name(old),
            new=name(new),
        ),
        choices=(Button(say(group, "Move it"), "move", argument=("group", f"{group.id}{MARK}{channels}")),),
    )


async def _go(context: Context, old: str, new: str) -> Reply:
    group, name = context.group, context.surfaces.name_of
    await _require_open(context, new)
    if not await context.store.act(move_channel, context.act(), old, new):
        raise UserError("{group} does not meet there any more. Type /paper-admin move again.", group=group.name)
    await context.groups.load(context.store)
    said = say(group, "{group} meets in {new} now; {old} is free.", group=group.name, new=name(new), old=name(old))
    return Reply(said, replaces=True)
