"""Fills a form that the bot opened, as a member's client does, and shapes what the client then sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord.client_ui import ClientRefusal, chosen, option_value
from tests.fakes.discord.interactions import Modal
from tests.fakes.discord.model import Channel, User
from tests.fakes.discord.refusals import Json, units

ROW, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 4, 10, 18
STRING_SELECT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 3, 19, 21, 22, 23


def modal_data(modal: Modal, values: Mapping[str, Any], where: Channel, asker: User) -> Json:
    """`values` by label or custom_id. What is not given keeps what the form proposed."""
    unused = dict(values)
    resolved: Json = {}
    components = [_submitted(item, unused, where, resolved, asker) for item in modal.components]
    if unused:
        known = ", ".join(modal.labels)
        raise ClientRefusal(f"the form has no field {next(iter(unused))!r}; there are: {known}")
    found = {"custom_id": modal.custom_id, "components": components}
    return {**found, **({"resolved": resolved} if resolved else {})}


def _submitted(item: Json, values: dict[str, Any], where: Channel, resolved: Json, asker: User) -> Json:
    if item["type"] == TEXT_DISPLAY:
        return {"type": TEXT_DISPLAY, "id": item["id"]}
    if item["type"] == ROW:
        fields = [_field(inner, inner.get("label"), values, where, resolved, asker) for inner in item["components"]]
        return {"type": ROW, "id": item["id"], "components": fields}
    inner = _field(item["component"], item.get("label"), values, where, resolved, asker)
    return {"type": LABEL, "id": item["id"], "component": inner}


def _field(field: Json, label: str | None, values: dict[str, Any], where: Channel, resolved: Json, asker: User) -> Json:
    missing = object()
    given = values.pop(field["custom_id"], missing)
    if given is missing:
        given = values.pop(label or "", missing)
    answer = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
    name = label or str(field["custom_id"])
    match field["type"]:
        case 4:
            return {**answer, "value": _text(field, name, field.get("value", "") if given is missing else given)}
        case 21:
            return {**answer, "value": _radio(field, name, _proposed(field) if given is missing else given)}
        case 22:
            picked = _proposed_many(field) if given is missing else given
            return {**answer, "values": _boxes(field, name, picked)}
        case 23:
            return {**answer, "value": bool(field.get("default", False) if given is missing else given)}
        case 19:
            raise ClientRefusal("this fake uploads no files")
    picked = _proposed_many(field) if given is missing else given
    return {**answer, "values": _selected(field, name, picked, where, resolved, asker)}


def _text(field: Json, name: str, value: Any) -> str:
    size = units(str(value))
    if field.get("required", True) and not size:
        raise ClientRefusal(f"the field {name!r} is required")
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if size and not least <= size <= most:
        raise ClientRefusal(f"the field {name!r} has {size} characters, which must be from {least} to {most}")
    return str(value)


def _proposed(field: Json) -> str | None:
    return next((option["value"] for option in field["options"] if option.get("default")), None)


def _proposed_many(field: Json) -> list[str]:
    return [option["value"] for option in field.get("options", []) if option.get("default")]


def _radio(field: Json, name: str, value: Any) -> str | None:
    if value is None and field.get("required", True):
        raise ClientRefusal(f"the field {name!r} is required")
    return None if value is None else option_value(field["options"], value)


def _boxes(field: Json, name: str, value: Any) -> list[str]:
    picked = [option_value(field["options"], item) for item in _as_list(value)]
    if field.get("required", True) and len(picked) < field.get("min_values", 1):
        raise ClientRefusal(f"the field {name!r} is required")
    return picked


def _selected(field: Json, name: str, value: Any, where: Channel, resolved: Json, asker: User) -> list[str]:
    picked = _as_list(value)
    if not picked and not field.get("required", True):
        return []
    if not picked:
        raise ClientRefusal(f"the field {name!r} is required")
    return chosen(field, tuple(picked), where, resolved, asker)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
