"""What Discord demands of the body of a message: content, embeds, mentions, flags. Stores nothing."""

from urllib.parse import urlsplit

from tests.fakes.discord.component_rules import check_components, stored
from tests.fakes.discord.model import COMPONENTS_V2, EPHEMERAL
from tests.fakes.discord.refusals import Form, Json, Path, empty_message, units
from tests.fakes.discord.texts import embed_texts

MOST_CONTENT = 2000  # the OpenAPI document says 4,000, which is for people who pay
MOST_IN_EMBEDS = 6000
SUPPRESS_EMBEDS, SILENT = 1 << 2, 1 << 12
MAY_BE_SENT = SUPPRESS_EMBEDS | EPHEMERAL | SILENT | COMPONENTS_V2


def check_message(body: Json, *, v2: bool, at: Path = ()) -> None:
    form = Form()
    form.length((*at, "content"), body.get("content"), MOST_CONTENT)
    check_embeds(form, (*at, "embeds"), body.get("embeds") or [])
    check_components(form, (*at, "components"), body.get("components") or [], v2=v2)
    _check_mentions(form, (*at, "allowed_mentions"), body.get("allowed_mentions"))
    _check_nonce(form, (*at, "nonce"), body)
    if v2:
        _check_v2(form, at, body)
    form.refuse()


def is_v2(body: Json) -> bool:
    return bool((body.get("flags") or 0) & COMPONENTS_V2)


def refuse_empty(body: Json, *, files: bool = False) -> None:
    says = (body.get("content") or "").strip()
    if not (
        says or body.get("embeds") or body.get("components") or body.get("poll") or files or body.get("sticker_ids")
    ):
        raise empty_message()


def _check_v2(form: Form, at: Path, body: Json) -> None:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            text = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.complain((*at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)


def _check_mentions(form: Form, at: Path, allowed: Json | None) -> None:
    if not allowed:
        return
    parse = allowed.get("parse") or []
    for kind in ("users", "roles"):
        form.length((*at, kind), allowed.get(kind), 100)
        if kind in parse and allowed.get(kind):
            text = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.complain(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)
    if set(parse) - {"users", "roles", "everyone"}:
        form.complain((*at, "parse"), "BASE_TYPE_CHOICES", "Value must be one of ('everyone', 'roles', 'users').")


def _check_nonce(form: Form, at: Path, body: Json) -> None:
    nonce = body.get("nonce")
    if isinstance(nonce, str):
        form.length(at, nonce, 25)
    if body.get("enforce_nonce") and nonce in (None, ""):
        form.complain(at, "BASE_TYPE_REQUIRED", "A nonce is required with enforce_nonce")


def check_embeds(form: Form, at: Path, embeds: list[Json]) -> None:
    form.length(at, embeds, 10)
    for number, embed in enumerate(embeds):
        _check_embed(form, (*at, number), embed)
    if sum(units(text) for embed in embeds for text in embed_texts(embed)) > MOST_IN_EMBEDS:
        form.complain(at, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_IN_EMBEDS}")


def _check_embed(form: Form, at: Path, embed: Json) -> None:
    form.length((*at, "title"), embed.get("title"), 256)
    form.length((*at, "description"), embed.get("description"), 4096)
    form.length((*at, "footer", "text"), (embed.get("footer") or {}).get("text"), 2048)
    form.length((*at, "author", "name"), (embed.get("author") or {}).get("name"), 256)
    fields = embed.get("fields") or []
    form.length((*at, "fields"), fields, 25)
    for number, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            here = (*at, "fields", number, key)
            form.need(here, str(field.get(key) or "").strip())
            form.length(here, field.get(key), most)
    for name, part in (("", embed), ("author", embed.get("author")), ("image", embed.get("image"))):
        _check_url(form, (*at, *([name] if name else []), "url"), (part or {}).get("url"))
    _check_url(form, (*at, "thumbnail", "url"), (embed.get("thumbnail") or {}).get("url"))
    if not (embed_texts(embed) or embed.get("image") or embed.get("thumbnail")):
        form.complain((*at, "description"), "BASE_TYPE_REQUIRED", "This field is required")


def _check_url(form: Form, at: Path, url: str | None) -> None:
    if not url:
        return
    form.length(at, url, 2048)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "attachment"):
        text = f"Scheme {parts.scheme!r} is not supported. Scheme must be one of ('http', 'https')."
        form.complain(at, "URL_TYPE_INVALID_SCHEME", text)
    elif not parts.netloc:
        form.complain(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def stored_fields(body: Json) -> Json:
    """Those of the body's fields that a message keeps, as it keeps them."""
    found: Json = {}
    if "content" in body:
        found["content"] = (body["content"] or "").strip()
    if "embeds" in body:
        found["embeds"] = [_stored_embed(embed) for embed in body["embeds"] or []]
    if "components" in body:
        found["components"] = stored(body["components"] or [])
    return found


def _stored_embed(embed: Json) -> Json:
    kept = {key: value for key, value in embed.items() if value not in (None, "", [])}
    kept["type"] = "rich"
    for part in ("author", "footer", "image", "thumbnail"):
        if part in kept:
            kept[part] = {key: value for key, value in kept[part].items() if value is not None}
    if "fields" in kept:
        kept["fields"] = [{**field, "inline": bool(field.get("inline"))} for field in kept["fields"]]
    return kept
