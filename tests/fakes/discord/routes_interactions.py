"""Answering interactions: the callback with its rules, and what may follow for a quarter of an hour."""

from tests.fakes.discord import payloads
from tests.fakes.discord.calls import NOTHING, Call, Reply, Route
from tests.fakes.discord.command_rules import check_choice
from tests.fakes.discord.component_rules import check_modal, stored
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from tests.fakes.discord.message_rules import check_message, is_v2, refuse_empty
from tests.fakes.discord.model import COMPONENTS_V2, EPHEMERAL, LOADING, Message
from tests.fakes.discord.refusals import Form, Json, Refused, invalid, unknown
from tests.fakes.discord.routes_messages import draft, edited_fields

ANSWER, DEFER, DEFER_UPDATE, UPDATE, CHOICES, OPEN_MODAL = 4, 5, 6, 7, 8, 9
NAMES = {4: "message", 5: "deferred", 6: "update", 7: "update", 8: "choices", 9: "modal"}


def check_answer(call: Call) -> None:
    body = call.fields
    data = body.get("data") or {}
    asked = call.world.interactions.get(call.texts["interaction_token"])
    match body.get("type"):
        case 4 | 7:
            kept = asked.source.flags if asked and asked.source and body["type"] == UPDATE else 0
            check_message(data, v2=is_v2(data) or bool(kept & COMPONENTS_V2), at=("data",))
        case 8:
            _check_choices(data, asked)
        case 9:
            form = Form()
            check_modal(form, ("data",), data)
            form.refuse()


def _check_choices(data: Json, asked: Interaction | None) -> None:
    form = Form()
    choices = data.get("choices") or []
    form.length(("data", "choices"), choices, 25)
    kind = _focused_kind(asked.data.get("options") or []) if asked else 3
    for number, choice in enumerate(choices):
        check_choice(form, ("data", "choices", number), choice, kind)
    form.refuse()


def _focused_kind(options: list[Json]) -> int:
    for option in options:
        if option.get("focused"):
            return int(option["type"])
        if option.get("options"):
            return _focused_kind(option["options"])
    return 3


def answer(call: Call) -> Reply:
    world, body = call.world, call.fields
    asked = world.interactions.get(call.texts["interaction_token"])
    if asked is None or asked.id != call.ids["interaction_id"]:
        raise unknown("interaction")
    if asked.is_answered:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    took = world.clock.seconds - asked.opened
    if took > world.patience:
        raise unknown("interaction")
    _check_fits(asked, body["type"])
    _apply(call, asked, body["type"], body.get("data") or {})
    asked.took, asked.first = took, NAMES[body["type"]]
    world.changed()
    return Reply(200, _told(asked, body["type"])) if call.flag("with_response") else NOTHING


def _check_fits(asked: Interaction, kind: int) -> None:
    """Which answers an interaction takes; a form can't follow a form, and only what is on a message is updated."""
    on_message = asked.kind == COMPONENT or (asked.kind == MODAL and asked.source is not None)
    fits = {
        ANSWER: asked.kind != AUTOCOMPLETE,
        DEFER: asked.kind != AUTOCOMPLETE,
        DEFER_UPDATE: on_message,
        UPDATE: on_message,
        CHOICES: asked.kind == AUTOCOMPLETE,
        OPEN_MODAL: asked.kind in (COMMAND, COMPONENT),
    }
    if not fits.get(kind, False):
        raise invalid(("type",), "INTERACTION_RESPONSE_TYPE_INVALID", f"Type {kind} does not answer this interaction.")


def _apply(call: Call, asked: Interaction, kind: int, data: Json) -> None:
    private = bool((data.get("flags") or 0) & EPHEMERAL)
    match kind:
        case 4:
            refuse_empty(data, files=bool(call.uploads))
            asked.is_private = private
            asked.original = _post(call, asked, data, private=private)
        case 5:
            asked.is_private = private
            asked.original = _post(call, asked, {"flags": data.get("flags")}, private=private, thinking=True)
        case 6:
            asked.original = asked.source
        case 7:
            asked.original = asked.source
            if asked.source and asked.source.is_deleted:
                raise unknown("Message")
            if asked.source and data:
                call.world.posts.edit(asked.source, **edited_fields(asked.source, data))
        case 8:
            asked.choices = data["choices"]
        case 9:
            asked.modal = {**data, "components": stored(data["components"])}


def _post(call: Call, asked: Interaction, data: Json, *, private: bool, thinking: bool = False) -> Message:
    message = draft(call, asked.channel, data)
    message.flags |= LOADING if thinking else 0
    message.flags |= EPHEMERAL if private else 0
    message.kind = 20 if asked.kind == COMMAND else 0
    message.only_for = asked.member.user if private else None
    message.interaction = asked.metadata
    message.nonce = None
    return call.world.posts.post(message)


def _told(asked: Interaction, kind: int) -> Json:
    original = asked.original
    about: Json = {"id": str(asked.id), "type": asked.kind}
    if original is None or kind == DEFER_UPDATE:
        return {"interaction": about}
    about["response_message_id"] = str(original.id)
    about["response_message_loading"] = original.is_thinking
    about["response_message_ephemeral"] = original.is_private
    if kind == DEFER:
        return {"interaction": about}
    resource = {"type": kind, "message": payloads.message(original, asked.world.bot)}
    return {"interaction": about, "resource": resource}


# what follows


def _asked(call: Call) -> Interaction:
    asked = call.world.interactions.get(call.texts["webhook_token"])
    if asked is None or call.ids["webhook_id"] != call.world.application_id or not asked.is_answered:
        raise unknown("Webhook")
    if call.world.clock.seconds - asked.opened > call.world.token_lives:
        raise Refused(401, 50027, "Invalid Webhook Token")
    return asked


def check_follow_up(call: Call) -> None:
    check_message(call.fields, v2=is_v2(call.fields))


def follow_up(call: Call) -> Reply:
    """The first one after a deferral takes the place of "thinking …", and is as private as that."""
    asked = _asked(call)
    body = call.fields
    refuse_empty(body, files=bool(call.uploads))
    if asked.original is not None and asked.original.is_thinking:
        _fill(call, asked.original, body)
        return Reply(200, payloads.message(asked.original, call.world.bot))
    private = bool((body.get("flags") or 0) & EPHEMERAL)
    message = _post(call, asked, body, private=private)
    message.kind = 0
    asked.followups.append(message)
    call.world.changed()
    return Reply(200, payloads.message(message, call.world.bot))


def _fill(call: Call, message: Message, body: Json) -> None:
    changes = edited_fields(message, body)
    flags = (body.get("flags") or 0) & (COMPONENTS_V2 | (1 << 2))
    changes["flags"] = message.flags & ~LOADING | flags
    changes["attachments"] = message.attachments + draft(call, message.channel, {}).attachments
    changes.setdefault("allowed_mentions", None)
    call.world.posts.edit(message, silently=True, **changes)


def _answered_with(call: Call) -> Message:
    """@original, or the follow-up in the path."""
    asked = _asked(call)
    if "message_id" not in call.ids:
        message = asked.original
    else:
        mine = [*asked.followups, *([asked.original] if asked.original else [])]
        message = next((found for found in mine if found.id == call.ids["message_id"]), None)
    if message is None or message.is_deleted:
        raise unknown("Message")
    return message


def check_edit(call: Call) -> None:
    asked = call.world.interactions.get(call.texts["webhook_token"])
    kept = asked.original.flags if asked and asked.original else 0
    check_message(call.fields, v2=is_v2(call.fields) or bool(kept & COMPONENTS_V2))


def read(call: Call) -> Reply:
    return Reply(200, payloads.message(_answered_with(call), call.world.bot))


def edit(call: Call) -> Reply:
    message = _answered_with(call)
    if message.is_thinking:
        _fill(call, message, call.fields)
    else:
        call.world.posts.edit(message, **edited_fields(message, call.fields))
    return Reply(200, payloads.message(message, call.world.bot))


def delete(call: Call) -> Reply:
    message = _answered_with(call)
    message.flags &= ~LOADING
    call.world.posts.delete(message)
    return NOTHING


CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ROUTES = (
    Route("POST", CALLBACK, answer, check_answer, needs_token=False),
    Route("POST", WEBHOOK, follow_up, check_follow_up, needs_token=False),
    *(
        route
        for template in (WEBHOOK + "/messages/@original", WEBHOOK + "/messages/{message_id}")
        for route in (
            Route("GET", template, read, needs_token=False),
            Route("PATCH", template, edit, check_edit, needs_token=False),
            Route("DELETE", template, delete, needs_token=False),
        )
    ),
)
