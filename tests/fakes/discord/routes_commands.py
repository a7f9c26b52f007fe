"""Registering application commands, everywhere and per server."""

from tests.fakes.discord.calls import NOTHING, Call, Reply, Route
from tests.fakes.discord.refusals import Refused, missing_access
from tests.fakes.discord.registry import GLOBAL, check_all, check_one


def _scope(call: Call) -> int:
    if call.ids["application_id"] != call.world.application_id:
        raise Refused(403, 20012, "You are not authorized to perform this action on this application")
    if "guild_id" not in call.ids:
        return GLOBAL
    guild = call.world.guilds.get(call.ids["guild_id"])
    if guild is None or not guild.has_bot:
        raise missing_access()
    return guild.id


def check_bodies(call: Call) -> None:
    check_all(call.body or [])


def check_body(call: Call) -> None:
    check_one(call.fields)


def read_all(call: Call) -> Reply:
    return Reply(200, call.world.commands.of(_scope(call)))


def read(call: Call) -> Reply:
    return Reply(200, call.world.commands.get(_scope(call), call.ids["command_id"]))


def replace_all(call: Call) -> Reply:
    return Reply(200, call.world.commands.replace_all(_scope(call), call.body or []))


def create(call: Call) -> Reply:
    record, is_new = call.world.commands.create(_scope(call), call.fields)
    return Reply(201 if is_new else 200, record)


def change(call: Call) -> Reply:
    return Reply(200, call.world.commands.change(_scope(call), call.ids["command_id"], call.fields))


def delete(call: Call) -> Reply:
    call.world.commands.delete(_scope(call), call.ids["command_id"])
    return NOTHING


EVERYWHERE = "/applications/{application_id}/commands"
IN_A_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES = tuple(
    route
    for template in (EVERYWHERE, IN_A_GUILD)
    for route in (
        Route("GET", template, read_all),
        Route("PUT", template, replace_all, check_bodies),
        Route("POST", template, create, check_body),
        Route("GET", template + "/{command_id}", read),
        Route("PATCH", template + "/{command_id}", change),
        Route("DELETE", template + "/{command_id}", delete),
    )
)
