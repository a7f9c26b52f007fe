"""Who the bot is, and what it may read of servers, channels and people."""

from tests.fakes.discord import payloads
from tests.fakes.discord.calls import Call, Reply, Route
from tests.fakes.discord.refusals import Json, Refused, invalid, missing_access, unknown


def me(call: Call) -> Reply:
    account = {"mfa_enabled": True, "locale": "en-US", "premium_type": 0, "email": None, "verified": True}
    return Reply(200, {**payloads.user(call.world.bot), **account})


def application(call: Call) -> Reply:
    world = call.world
    owner = next(iter(world.guilds.values())).owner.user if world.guilds else world.bot
    found: Json = {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": payloads.user(world.bot),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": _flags(world.gateway.privileged),
        "flags_new": str(_flags(world.gateway.privileged)),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": payloads.user(owner),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "integration_types_config": {"0": {}},
        "summary": "",
        "rpc_origins": [],
    }
    return Reply(200, found)


def _flags(privileged: set[str]) -> int:
    bits = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
    return sum(bits[name] for name in privileged)


def gateway(call: Call) -> Reply:
    return Reply(200, {"url": call.world.gateway_url})


def gateway_for_bots(call: Call) -> Reply:
    socket = call.world.gateway
    limit = {
        "total": 1000,
        "remaining": max(0, socket.session_starts),
        "reset_after": 86_400_000,
        "max_concurrency": socket.max_concurrency,
    }
    return Reply(200, {"url": call.world.gateway_url, "shards": socket.shards, "session_start_limit": limit})


def user(call: Call) -> Reply:
    found = call.world.users.get(call.ids["user_id"])
    if found is None:
        raise unknown("User")
    return Reply(200, payloads.user(found))


def my_guilds(call: Call) -> Reply:
    mine = [guild for guild in call.world.guilds.values() if guild.has_bot]
    keys = ("id", "name", "icon", "banner", "features")
    found: list[Json] = []
    for guild in mine:
        whole = payloads.guild(guild)
        permissions = {"owner": False, "permissions": str(guild.bot.base_permissions)}
        found.append({**{key: whole[key] for key in keys}, **permissions})
    return Reply(200, found)


def leave_guild(call: Call) -> Reply:
    call.world.bot_leaves(call.guild())
    return Reply(204)


def guild(call: Call) -> Reply:
    try:
        found = call.guild()
    except Refused:
        raise unknown("Guild") from None  # also for one that the bot was thrown out of
    counts = {"approximate_member_count": len(found.members), "approximate_presence_count": 1}
    return Reply(200, {**payloads.guild(found), **(counts if call.flag("with_counts") else {})})


def guild_channels(call: Call) -> Reply:
    found = call.guild()
    return Reply(200, [payloads.channel(channel) for channel in found.channels.values()])


def guild_roles(call: Call) -> Reply:
    return Reply(200, [payloads.role(role) for role in call.guild().roles.values()])


def guild_member(call: Call) -> Reply:
    found = call.guild().members.get(call.ids["user_id"])
    if found is None:
        raise unknown("Member" if call.ids["user_id"] in call.world.users else "User")
    return Reply(200, payloads.member(found))


def guild_members(call: Call) -> Reply:
    """Needs the members intent to be enabled, as there."""
    found = call.guild()
    if "members" not in call.world.gateway.privileged:
        raise missing_access()
    most = call.whole_number("limit", 1, 1, 1000)
    after = call.snowflake("after") or 0
    chosen = sorted((member for member in found.members.values() if member.id > after), key=lambda member: member.id)
    return Reply(200, [payloads.member(member) for member in chosen[:most]])


def channel(call: Call) -> Reply:
    return Reply(200, payloads.channel(call.channel()))


def open_dm(call: Call) -> Reply:
    recipient = call.world.users.get(int(call.fields.get("recipient_id") or 0))
    if recipient is None or recipient is call.world.bot:
        raise invalid(("recipient_id",), "INVALID_RECIPIENT", "Invalid Recipient(s)")
    return Reply(200, payloads.channel(call.world.direct_channel(recipient)))


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", "/gateway", gateway, needs_token=False),
    Route("GET", "/gateway/bot", gateway_for_bots),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("GET", "/users/{user_id}", user),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/guilds/{guild_id}", guild),
    Route("GET", "/guilds/{guild_id}/channels", guild_channels),
    Route("GET", "/guilds/{guild_id}/roles", guild_roles),
    Route("GET", "/guilds/{guild_id}/members", guild_members),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_member),
    Route("GET", "/channels/{channel_id}", channel),
)
