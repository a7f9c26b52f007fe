"""What Discord demands of buttons, menus, layouts and forms, and how it gives them back."""

from collections.abc import Iterator
from urllib.parse import urlsplit
from zlib import crc32

from tests.fakes.discord.refusals import Form, Json, Path, units
from tests.fakes.discord.texts import SELECTS, walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT_DISPLAY, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, FILE_UPLOAD = 12, 13, 14, 17, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23
LINK, PREMIUM = 5, 6
TOP_OF_V2 = frozenset({ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER})
IN_LABELS = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}

SHOWN: Json = {"description": None, "spoiler": False}
DEFAULTS: dict[int, Json] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    THUMBNAIL: SHOWN,
    FILE: {"name": None, "size": None, "spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
    CONTAINER: {"accent_color": None, "spoiler": False},
}


def check_components(form: Form, at: Path, components: list[Json], *, v2: bool) -> None:
    if not _are_objects(form, at, components):
        return
    allowed = TOP_OF_V2 if v2 else {ROW}
    if not v2:
        form.length(at, components, 5)
    for number, component in enumerate(components):
        _check(form, (*at, number), component, allowed)
    _check_ids(form, at, components)
    if v2:
        _check_sums(form, at, components)


def check_modal(form: Form, at: Path, data: Json) -> None:
    form.need((*at, "title"), data.get("title"))
    form.length((*at, "title"), data.get("title"), 45, 1)
    form.need((*at, "custom_id"), data.get("custom_id"))
    form.length((*at, "custom_id"), data.get("custom_id"), 100, 1)
    components = data.get("components") or []
    form.length((*at, "components"), components, 5, 1)
    if not _are_objects(form, (*at, "components"), components):
        return
    for number, component in enumerate(components):
        _check(form, (*at, "components", number), component, {ROW, LABEL, TEXT_DISPLAY}, in_modal=True)
    _check_ids(form, (*at, "components"), components)


def _are_objects(form: Form, at: Path, components: list[Json]) -> bool:
    wrong = not isinstance(components, list) or any(not isinstance(item.get("type"), int) for item in walk(components))
    if wrong:
        form.complain(at, "BASE_TYPE_REQUIRED", "Every component needs a type")
    return not wrong


def _check(form: Form, at: Path, item: Json, allowed: frozenset[int] | set[int], *, in_modal: bool = False) -> None:
    kind = item["type"]
    if kind not in allowed:
        known = ", ".join(map(str, sorted(allowed)))
        return form.complain((*at, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({known}).')
    if kind == ROW:
        _check_row(form, at, item, in_modal=in_modal)
    elif kind == BUTTON:
        _check_button(form, at, item)
    elif kind in SELECTS:
        _check_select(form, at, item)
    elif kind == TEXT_INPUT:
        _check_text_input(form, at, item)
    elif kind in (RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX, FILE_UPLOAD):
        _check_group(form, at, item)
    else:
        _check_layout(form, at, item)
    return None


def _check_row(form: Form, at: Path, row: Json, *, in_modal: bool) -> None:
    inner = row.get("components") or []
    kinds = {item["type"] for item in inner}
    most = 5 if kinds <= {BUTTON} else 1
    form.length((*at, "components"), inner, most, 1)
    if BUTTON in kinds and len(kinds) > 1:
        text = "Buttons and menus do not share a row"
        form.complain((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)
    allowed = {TEXT_INPUT} if in_modal else SELECTS | {BUTTON}
    for number, item in enumerate(inner):
        _check(form, (*at, "components", number), item, allowed)
        if item["type"] == TEXT_INPUT:
            form.need((*at, "components", number, "label"), item.get("label"))
            form.length((*at, "components", number, "label"), item.get("label"), 45, 1)


def _check_button(form: Form, at: Path, button: Json) -> None:
    style = button.get("style")
    if not isinstance(style, int) or style not in range(1, 7):
        return form.complain((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    form.length((*at, "label"), button.get("label"), 80)
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        form.complain(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji")
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id")
    form.need((*at, wanted), button.get(wanted))
    for other in {"url", "sku_id", "custom_id"} - {wanted}:
        if button.get(other):
            text = "A custom id and url cannot both be specified"
            form.complain((*at, other), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", text)
    form.length((*at, "custom_id"), button.get("custom_id"), 100, 1)
    if button.get("url"):
        _check_url(form, (*at, "url"), button["url"], {"http", "https", "discord"}, 512)
    return None


def _check_url(form: Form, at: Path, url: str, schemes: set[str], most: int) -> None:
    form.length(at, url, most)
    parts = urlsplit(url)
    if parts.scheme not in schemes or not (parts.netloc or parts.scheme == "discord"):
        known = ", ".join(sorted(schemes))
        form.complain(at, "URL_TYPE_INVALID_SCHEME", f"Scheme {parts.scheme!r} is not supported; must be in ({known}).")


def _check_select(form: Form, at: Path, select: Json) -> None:
    form.need((*at, "custom_id"), select.get("custom_id"))
    form.length((*at, "custom_id"), select.get("custom_id"), 100, 1)
    form.length((*at, "placeholder"), select.get("placeholder"), 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    form.between((*at, "min_values"), least, 0, 25)
    form.between((*at, "max_values"), most, 1, 25)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        form.complain((*at, "max_values"), "SELECT_COMPONENT_MAX_VALUES_INVALID", "Must not be below min_values")
    if select["type"] == STRING_SELECT:
        _check_select_options(form, (*at, "options"), select.get("options") or [], most)


def _check_select_options(form: Form, at: Path, options: list[Json], most: object) -> None:
    form.length(at, options, 25, 1)
    _check_options(form, at, options)
    if isinstance(most, int) and options and most > len(options):
        text = f"Must be {len(options)} or fewer: there are no more options"
        form.complain((*at[:-1], "max_values"), "SELECT_COMPONENT_MAX_VALUES_INVALID", text)
    if isinstance(most, int) and sum(bool(option.get("default")) for option in options) > most:
        form.complain(at, "SELECT_COMPONENT_DEFAULT_VALUES_INVALID", "More defaults than may be chosen")


def _check_options(form: Form, at: Path, options: list[Json]) -> None:
    seen: set[str] = set()
    for number, option in enumerate(options):
        for key in ("label", "value"):
            form.need((*at, number, key), option.get(key))
            form.length((*at, number, key), option.get(key), 100, 1)
        form.length((*at, number, "description"), option.get("description"), 100)
        if option.get("value") in seen:
            form.complain((*at, number, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Duplicated value")
        seen.add(str(option.get("value")))


def _check_text_input(form: Form, at: Path, item: Json) -> None:
    form.need((*at, "custom_id"), item.get("custom_id"))
    form.length((*at, "custom_id"), item.get("custom_id"), 100, 1)
    if item.get("style") not in (1, 2):
        form.complain((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    form.between((*at, "min_length"), item.get("min_length"), 0, 4000)
    form.between((*at, "max_length"), item.get("max_length"), 1, 4000)
    form.length((*at, "placeholder"), item.get("placeholder"), 100)
    value, most = item.get("value"), item.get("max_length") or 4000
    if value and isinstance(most, int) and units(value) > min(most, 4000):
        form.complain((*at, "value"), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _check_group(form: Form, at: Path, item: Json) -> None:
    form.need((*at, "custom_id"), item.get("custom_id"))
    form.length((*at, "custom_id"), item.get("custom_id"), 100, 1)
    if item["type"] in (RADIO_GROUP, CHECKBOX_GROUP):
        options = item.get("options") or []
        form.length((*at, "options"), options, 10, 2 if item["type"] == RADIO_GROUP else 1)
        _check_options(form, (*at, "options"), options)


def _check_layout(form: Form, at: Path, item: Json) -> None:
    inner = item.get("components") or []
    match item["type"]:
        case 10:
            form.need((*at, "content"), item.get("content"))
            form.length((*at, "content"), item.get("content"), 4000, 1)
        case 9:
            form.length((*at, "components"), inner, 3, 1)
            for number, child in enumerate(inner):
                _check(form, (*at, "components", number), child, {TEXT_DISPLAY})
            if form.need((*at, "accessory"), item.get("accessory")):
                _check(form, (*at, "accessory"), item["accessory"], {BUTTON, THUMBNAIL})
        case 11:
            _check_media(form, (*at, "media"), item.get("media"))
        case 12:
            form.length((*at, "items"), item.get("items") or [], 10, 1)
            for number, shown in enumerate(item.get("items") or []):
                _check_media(form, (*at, "items", number, "media"), shown.get("media"))
        case 17:
            form.length((*at, "components"), inner, 40, 1)
            for number, child in enumerate(inner):
                _check(form, (*at, "components", number), child, TOP_OF_V2 - {CONTAINER})
        case 18:
            _check_label(form, at, item)


def _check_media(form: Form, at: Path, media: Json | None) -> None:
    if form.need(at, media) and media:
        _check_url(form, (*at, "url"), str(media.get("url")), {"http", "https", "attachment"}, 2048)


def _check_label(form: Form, at: Path, label: Json) -> None:
    form.need((*at, "label"), label.get("label"))
    form.length((*at, "label"), label.get("label"), 45, 1)
    form.length((*at, "description"), label.get("description"), 100)
    inner = label.get("component")
    if form.need((*at, "component"), inner) and inner:
        _check(form, (*at, "component"), inner, IN_LABELS)
        if inner.get("label"):
            text = "A text input in a label has no label of its own"
            form.complain((*at, "component", "label"), "COMPONENT_LABEL_NOT_ALLOWED", text)


def _check_ids(form: Form, at: Path, components: list[Json]) -> None:
    seen: set[str] = set()
    numbers: set[int] = set()
    for item in walk(components):
        custom_id, number = item.get("custom_id"), item.get("id")
        if custom_id in seen:
            text = f"Component custom id cannot be duplicated: {custom_id}"
            form.complain(at, "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        if number and number in numbers:
            form.complain(at, "COMPONENT_ID_DUPLICATED", f"Component id cannot be duplicated: {number}")
        seen |= {custom_id} if custom_id else set()
        numbers |= {number} if number else set()


def _check_sums(form: Form, at: Path, components: list[Json]) -> None:
    every = list(walk(components))
    if len(every) > 40:
        form.complain(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Must be 40 or fewer components in all.")
    written = sum(units(str(item.get("content", ""))) for item in every if item["type"] == TEXT_DISPLAY)
    if written > 4000:
        text = "The total displayable text exceeds the maximum size of 4000"
        form.complain(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)


def stored(components: list[Json]) -> list[Json]:
    """As Discord gives them back: without nulls, each with a number."""
    taken = {item["id"] for item in walk(components) if item.get("id")}
    free = iter(number for number in range(1, 1000) if number not in taken)
    return [_stored(item, free) for item in components]


def _stored(item: Json, free: Iterator[int]) -> Json:
    kept = {**DEFAULTS.get(item["type"], {}), **{key: value for key, value in item.items() if value is not None}}
    kept["id"] = item.get("id") or next(free)
    for key in ("media", "file"):
        if key in kept:
            kept[key] = _unfurled(kept[key])
    if "items" in kept:
        kept["items"] = [{**SHOWN, **shown, "media": _unfurled(shown["media"])} for shown in kept["items"]]
    for inner in ("accessory", "component"):
        if inner in kept:
            kept[inner] = _stored(kept[inner], free)
    if "components" in kept:
        kept["components"] = [_stored(child, free) for child in kept["components"]]
    return kept


def _unfurled(media: Json) -> Json:
    return {"id": str(crc32(media["url"].encode())), "url": media["url"], "proxy_url": media["url"]}
