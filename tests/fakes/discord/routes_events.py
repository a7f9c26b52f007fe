"""Scheduled events of a server and who is interested in them.

Since 23 February 2026 only Create Events lets a bot make one; its own it changes with either permission, those of
others with Manage Events.
"""

from datetime import datetime

from tests.fakes.discord import payloads
from tests.fakes.discord.calls import NOTHING, Call, Reply, Route
from tests.fakes.discord.model import KINDS, ScheduledEvent
from tests.fakes.discord.refusals import Form, Json, Refused, invalid, missing_permissions, unknown

EXTERNAL, VOICE, STAGE = 3, 2, 1
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
STEPS = {SCHEDULED: (ACTIVE, CANCELED), ACTIVE: (COMPLETED,)}
MOST_OPEN = 100
KEPT = ("name", "description", "scheduled_start_time", "scheduled_end_time", "entity_type", "channel_id")


def check(call: Call) -> None:
    form, body = Form(), call.fields
    if call.method == "POST":
        for key in ("name", "scheduled_start_time", "privacy_level", "entity_type"):
            form.need((key,), body.get(key))
    form.length(("name",), body.get("name"), 100, 1)
    form.length(("description",), body.get("description"), 1000)
    location = (body.get("entity_metadata") or {}).get("location")
    form.length(("entity_metadata", "location"), location, 100, 1)
    form.refuse()


def _check_time(call: Call, data: Json) -> None:
    """No client knows how late it is there: being refused is no fault of its own."""
    if datetime.fromisoformat(data["scheduled_start_time"]) <= call.world.clock():
        text = "Cannot schedule event in the past."
        refused = invalid(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", text)
        refused.broke_a_rule = False
        raise refused


def _check_whole(data: Json) -> None:
    """What depends on several fields."""
    form = Form()
    start = datetime.fromisoformat(data["scheduled_start_time"])
    end = data.get("scheduled_end_time")
    if end and datetime.fromisoformat(end) <= start:
        text = "Cannot schedule event to end before it starts."
        form.complain(("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_END_TIME_BEFORE_START_TIME", text)
    if data["entity_type"] == EXTERNAL:
        form.need(("scheduled_end_time",), end)
        form.need(("entity_metadata", "location"), data.get("location"))
        if data.get("channel_id"):
            form.complain(("channel_id",), "BASE_TYPE_MUST_BE_NULL", "This field must be null")
    else:
        form.need(("channel_id",), data.get("channel_id"))
    form.refuse()


def create(call: Call) -> Reply:
    guild = call.guild()
    if not _holds(call, "create_events"):
        raise missing_permissions()
    data = _merged({}, call.fields)
    _check_whole(data)
    _check_time(call, data)
    _check_place(call, data)
    call.world.run_events()
    if sum(event.is_open for event in guild.events.values()) >= MOST_OPEN:
        text = f"Maximum number of uncompleted guild scheduled events reached ({MOST_OPEN})"
        raise Refused(400, 30038, text)
    event = ScheduledEvent(call.world.ids(), guild, call.world.bot, data)
    guild.events[event.id] = event
    call.world.event_changed("GUILD_SCHEDULED_EVENT_CREATE", event)
    return Reply(200, payloads.event(event))


def _holds(call: Call, name: str) -> bool:
    held = payloads.permission_names(call.guild().bot)
    return name in held or "administrator" in held


def _merged(old: Json, body: Json) -> Json:
    data = {**old, **{key: body[key] for key in KEPT if key in body}}
    if body.get("entity_metadata"):
        data["location"] = body["entity_metadata"].get("location")
    if "recurrence_rule" in body:
        data["recurrence_rule"] = body["recurrence_rule"]
    return data


def _check_place(call: Call, data: Json) -> None:
    if data["entity_type"] == EXTERNAL:
        return
    channel = call.guild().channels.get(int(data["channel_id"]))
    if channel is None:
        raise unknown("Channel")
    if channel.kind != KINDS["voice"]:
        raise invalid(("channel_id",), "CHANNEL_TYPE_INVALID", "Not a voice channel")
    if not channel.may(call.world.bot, "view_channel", "connect"):
        raise missing_permissions()


def _event(call: Call) -> ScheduledEvent:
    call.world.run_events()
    event = call.guild().events.get(call.ids["guild_scheduled_event_id"])
    if event is None:
        raise unknown("Guild Scheduled Event")
    return event


def _must_manage(call: Call, event: ScheduledEvent) -> None:
    """Its own events with create_events, those of others with manage_events."""
    own = event.creator is call.world.bot and _holds(call, "create_events")
    if not own and not _holds(call, "manage_events"):
        raise missing_permissions()


def change(call: Call) -> Reply:
    event = _event(call)
    _must_manage(call, event)
    if not event.is_open:
        raise Refused(400, 180000, "Cannot update a finished event")
    body = call.fields
    status = body.get("status")
    if status is not None and status != event.status and status not in STEPS[event.status]:
        raise invalid(("status",), "GUILD_SCHEDULED_EVENT_INVALID_STATUS_TRANSITION", "Invalid status transition")
    data = _merged(event.data, body)
    _check_whole(data)
    if not same_moment(data["scheduled_start_time"], event.data["scheduled_start_time"]):
        if event.status == ACTIVE:
            text = "Cannot update the start time of an active event."
            raise invalid(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_START_TIME_ACTIVE", text)
        _check_time(call, data)
    _check_place(call, data)
    event.data = data
    event.status = status or event.status
    call.world.event_changed("GUILD_SCHEDULED_EVENT_UPDATE", event)
    return Reply(200, payloads.event(event))


def same_moment(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) == datetime.fromisoformat(other)


def delete(call: Call) -> Reply:
    event = _event(call)
    _must_manage(call, event)
    del event.guild.events[event.id]
    call.world.event_changed("GUILD_SCHEDULED_EVENT_DELETE", event)
    return NOTHING


def read(call: Call) -> Reply:
    return Reply(200, _shown(call, _event(call)))


def read_all(call: Call) -> Reply:
    call.world.run_events()
    return Reply(200, [_shown(call, event) for event in call.guild().events.values() if event.is_open])


def _shown(call: Call, event: ScheduledEvent) -> Json:
    count = {"user_count": len(event.interested)} if call.flag("with_user_count") else {}
    return {**payloads.event(event), **count}


def interested(call: Call) -> Reply:
    event = _event(call)
    most, after = call.whole_number("limit", 100, 1, 100), call.snowflake("after") or 0
    users = sorted((user for user in event.interested.values() if user.id > after), key=lambda user: user.id)
    found: list[Json] = []
    for user in users[:most]:
        member = event.guild.members.get(user.id)
        extra = {"member": payloads.member(member)} if member and call.flag("with_member") else {}
        ids = {"guild_scheduled_event_id": str(event.id), "user_id": str(user.id)}
        found.append({**ids, "user": payloads.user(user), "response": 1, **extra})
    return Reply(200, found)


ALL = "/guilds/{guild_id}/scheduled-events"
ONE = ALL + "/{guild_scheduled_event_id}"
ROUTES = (
    Route("POST", ALL, create, check),
    Route("GET", ALL, read_all),
    Route("GET", ONE, read),
    Route("PATCH", ONE, change, check),
    Route("DELETE", ONE, delete),
    Route("GET", ONE + "/users", interested),
)
