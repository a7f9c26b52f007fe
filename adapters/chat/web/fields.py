"""The fields of a form that was sent, as text. Knows none of them."""

import asyncio

from aiohttp import web

from adapters.chat.web import addresses

SLOWEST_BODY = 10.0  # seconds


async def read_fields(http: web.Request) -> dict[str, str]:
    if http.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(SLOWEST_BODY):
            fields = await http.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, LookupError):  # bytes or a charset that nobody knows
        raise web.HTTPBadRequest from None
    texts = [(name, value) for name, value in fields.items() if isinstance(value, str)]
    ticked: dict[str, list[str]] = {}
    for name, value in texts:
        ticked.setdefault(name, []).append(value)
    # An argument's boxes share a name, beside an empty value that tells of none.
    joined = {name: ",".join(filter(None, values)) for name, values in ticked.items() if len(values) > 1}
    return {**dict(texts), **{name: value for name, value in joined.items() if name.startswith(addresses.ARGUMENT)}}
