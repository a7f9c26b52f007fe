"""Whose request it is: the group that meets where it came from. Knows no setting but the channels."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain, count

from bot.errors import UserError
from bot.languages import ENGLISH, Reader, msgid, say, understood
from bot.model import GroupSettings, Request

NOBODY = msgid("No reading group meets in this channel. A moderator makes one with /paper-admin setup.")

MARK = "|"  # behind a group's id, where more than the group is named

ById = Mapping[str, GroupSettings]


def group_of(groups: ById, request: Request) -> GroupSettings:
    """The group that meets where the request came from. Raises UserError when there is none, or several."""
    if request.group is not None:
        return _named(groups, request.group)
    return _only(meeting_at(groups, request.place))


def home_of(groups: ById, request: Request) -> GroupSettings:
    """The same for a moderator: where no group meets, the one that was made for this place (or for the channel that
    they named), or else one that could be made. Raises UserError where none can meet."""
    if request.group is not None or meeting_at(groups, request.place):
        return group_of(groups, request)
    place = target(request)
    return _only(meeting) if (meeting := meeting_at(groups, place)) else _made_for(groups, place, request)


def on_server(groups: ById, place: str) -> list[GroupSettings]:
    """Those that meet in the server, or the workspace, of a place."""
    return [
        group for group in groups.values() if any(server_of(channel) == server_of(place) for channel in group.channels)
    ]


def chosen(groups: Sequence[GroupSettings], request: Request) -> GroupSettings:
    """Of these the one that was named, else the one that meets where it was typed, else the only one. Raises
    UserError."""
    named = request.args.get("group", "").partition(MARK)[0].strip()
    if named:
        fitting = [one for one in groups if named in (one.id, one.name) or named.casefold() == one.name.casefold()]
    else:
        fitting = meeting_at({group.id: group for group in groups}, request.place) or [*groups]
    if len(fitting) == 1:
        return fitting[0]
    raise UserError("Which group? Name it behind group: {names}.", names=", ".join(group.name for group in groups))


def server_of(place: str) -> str:
    return place.partition("/")[0]


def meeting_at(groups: ById, place: str) -> list[GroupSettings]:
    return [group for group in groups.values() if any(_is_in(place, channel) for channel in group.channels)]


def _named(groups: ById, id: str) -> GroupSettings:
    found = groups.get(id)
    if found is None:
        raise UserError('There is no group "{group:.40}" here.', group=id)
    return found


def _only(groups: Sequence[GroupSettings]) -> GroupSettings:
    if not groups:
        raise UserError(NOBODY)
    if len(groups) > 1:
        names = ", ".join(group.name for group in groups)
        raise UserError("Several groups meet here: {names}. Ask in a channel of one.", names=names)
    return groups[0]


def _is_in(place: str, channel: str) -> bool:
    """A thread belongs to its channel."""
    return place == channel or place.startswith(f"{channel}/")


def channel_of(place: str) -> str:
    """`discord:<guild>/<channel>` of a thread in it, too."""
    return "/".join(place.split("/")[:2])


def target(request: Request) -> str:
    """The channel that is meant: the one that was named, else the one where it was typed."""
    named, here = request.args.get("channel", "").strip(), channel_of(request.place)
    if not named:
        return here
    server, _, channel = named.partition("/")
    if not channel or server != here.partition("/")[0]:
        raise UserError(
            '"{typed:.40}" is no channel of this server. Name what you set, as in post_at:9:00 on:daily.', typed=named
        )
    return channel_of(named)


def _made_for(groups: ById, place: str, request: Request) -> GroupSettings:
    id = _free_id(groups, _id_of(place))
    if found := groups.get(id):
        return found
    name = " ".join(request.place_name.split())[:80] if place == channel_of(request.place) else ""
    language = understood(request.locale, ENGLISH)
    return GroupSettings(id=id, name=name or say(Reader(language), "Reading group"), language=language)


def _free_id(groups: ById, id: str) -> str:
    """Not that of a group that was made for this channel and moved on."""
    numbered = (f"{id}-{number}" for number in count(2))
    return next(one for one in chain([id], numbered) if one not in groups or not groups[one].channels)


def _id_of(place: str) -> str:
    """Of the group that is made for a channel: the same whenever it is asked for."""
    surface, _, rest = place.partition(":")
    server, _, channel = rest.partition("/")
    id = re.sub("[^a-z0-9]", "-", f"{surface}-{channel if surface == 'discord' else f'{server}-{channel}'}".lower())
    try:
        GroupSettings(id=id, channels=(place,))
    except ValueError:
        channel = ""
    if not channel:
        raise UserError("A group is made in a channel of a server, where it shall meet: type it there.")
    return id
