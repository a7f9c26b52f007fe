"""Fetches over HTTP with a deadline, a size cap and few retries. The only importer of httpx; knows no source.

Nothing here shows an address: only its host, since a query may hold a key.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Self

from bot.errors import SourceError
from bot.ports import Clock

if TYPE_CHECKING:
    import httpx  # 60 ms at run time, so it is imported where the first request goes out

MORE_TRIES = 2
MOST_HOPS = 2
LONGEST_WAIT = 6 * 3600.0  # seconds; a Retry-After beyond it is a mistake or an attack
PASSING = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Fetched:
    host: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> object:
        """Raises SourceError that says what came instead."""
        if _is_html(self):
            raise SourceError(f"{self.host} sent HTML where JSON was expected")
        if not self.body.strip():
            raise SourceError(f"{self.host} sent an empty answer where JSON was expected")
        try:
            return json.loads(self.body)
        except json.JSONDecodeError as error:
            cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        except UnicodeDecodeError as error:
            cut = error.reason == "unexpected end of data"
        except (ValueError, RecursionError):  # a number of 5,000 digits; 100,000 opening brackets
            cut = False
        raise SourceError(f"{self.host} sent JSON that {'breaks off' if cut else 'can not be read'}")


class Net:
    """`timeout` is the total in seconds of one `get` with all its tries; `pause` the first wait between two tries.

    The environment's proxy settings do not apply: the address is a setting, and it alone says where requests go.
    """

    def __init__(self, clock: Clock, *, timeout: float = 20.0, max_bytes: int = 20_000_000, pause: float = 0.5) -> None:
        self.clock = clock
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._pause = pause
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        limit_bytes: int | None = None,
        known: Fetched | None = None,
        accept: str = "application/json",
    ) -> Fetched:
        """The whole answer to a GET, once its status is 2xx.

        `limit_bytes` caps the body as unpacked. `known` is an earlier answer of this address; while its ETag or
        Last-Modified holds, that very object is returned. Raises SourceError, with `retry_after` when the host asked
        us to wait: waiting is the caller's.
        """
        target = _read_url(url, params)
        ask = _Ask(target, {"accept": accept, **_conditions(known)}, limit_bytes or self._max_bytes, known)
        try:
            async with asyncio.timeout(self._timeout) as limit:
                return await self._persist(ask, limit.when() or 0.0)
        except TimeoutError:
            raise SourceError(f"{ask.host} did not answer within {self._timeout:g} s", is_down=True) from None

    async def _persist(self, ask: _Ask, deadline: float) -> Fetched:
        for pause in self._pauses():
            try:
                return await self._try(ask)
            except _PassingError:
                if asyncio.get_running_loop().time() + pause >= deadline:
                    raise  # it tells more than the timeout would
            await self.clock.sleep(pause)
        return await self._try(ask)

    def _pauses(self) -> Iterator[float]:
        for step in range(MORE_TRIES):
            yield self._pause * 2**step * random.uniform(0.5, 1.5)

    async def _try(self, ask: _Ask) -> Fetched:
        import httpx

        try:
            return await self._follow(ask)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise SourceError(f"{ask.host} is not an address that can be asked") from None
        except httpx.ConnectError as error:
            raise _PassingError(f"{ask.host} could not be reached ({error})") from None
        except httpx.RemoteProtocolError:  # its text may quote the answer
            raise _PassingError(f"{ask.host} broke its answer off, or does not speak HTTP") from None
        except httpx.HTTPError:
            raise _PassingError(f"{ask.host} dropped the connection") from None

    async def _follow(self, ask: _Ask) -> Fetched:
        url = ask.url
        for _ in range(1 + MOST_HOPS):
            async with self._opened().stream("GET", url, headers=ask.headers) as response:
                if not response.has_redirect_location:
                    return await self._take(ask, response)
                url = _next_hop(ask.host, url, response.headers["location"])
        raise SourceError(f"{ask.host} redirects more than {MOST_HOPS} times")

    async def _take(self, ask: _Ask, response: httpx.Response) -> Fetched:
        if response.status_code == 304 and ask.known is not None:
            return ask.known
        if not response.is_success:
            raise self._refusal(ask.host, response.status_code, response.headers.get("retry-after", ""))
        body = await _read_body(ask, response)
        return Fetched(ask.host, response.status_code, dict(response.headers), body)

    def _refusal(self, host: str, status: int, retry_after: str) -> SourceError:
        seconds = read_retry_after(retry_after, self.clock.now())
        if status in (429, 503) and seconds is not None:
            return SourceError(f"{host} asks us to wait {seconds:.0f} s (HTTP {status})", seconds)
        if status == 429:
            return SourceError(f"{host} says that we ask too often (HTTP 429)")
        kind = NotFound if status == 404 else _PassingError if status in PASSING else SourceError
        return kind(f"{host} answered HTTP {status}")

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            for name in ("httpx", "httpcore"):  # httpx logs whole addresses at INFO, httpcore headers at DEBUG
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = httpx.AsyncClient(
                headers={"user-agent": "paperclub", "accept-encoding": "gzip"},
                timeout=None,  # noqa: S113  asyncio.timeout holds for the whole; httpx's starts anew with every byte
                trust_env=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        return self._client


class NotFound(SourceError):
    """The host does not have what was asked for."""


class _PassingError(SourceError):
    """Worth another try at once; after that the host counts as down."""

    def __init__(self, text: str) -> None:
        super().__init__(text, is_down=True)


@dataclass(frozen=True, slots=True)
class _Ask:
    url: httpx.URL
    headers: Mapping[str, str]
    limit: int
    known: Fetched | None

    @property
    def host(self) -> str:
        return self.url.netloc.decode("ascii", "replace") or "the address without a host"


def read_retry_after(text: str, now: datetime) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; at most 6 hours, None when unreadable."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_WAIT)  # float: any number of digits is fine
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if until.tzinfo is None:  # "-0000"
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT)


def _read_url(url: str, params: Mapping[str, str] | None) -> httpx.URL:
    import httpx

    try:
        return httpx.URL(url).copy_merge_params(params or {})
    except (httpx.InvalidURL, ValueError):
        raise SourceError("an address in the settings can not be read") from None


def _conditions(known: Fetched | None) -> dict[str, str]:
    pairs = (("if-none-match", "etag"), ("if-modified-since", "last-modified"))
    return {ask: known.headers[told] for ask, told in pairs if known is not None and told in known.headers}


def _next_hop(host: str, url: httpx.URL, location: str) -> httpx.URL:
    """Raises SourceError unless it stays on the same host and port, or only turns http into https."""
    import httpx

    try:
        target = url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise SourceError(f"{host} redirects to what is no address") from None
    same = (target.scheme, target.netloc) == (url.scheme, url.netloc)
    upgrade = (url.scheme, target.scheme, target.host) == ("http", "https", url.host)
    if same or upgrade:
        return target
    elsewhere = target.raw_host.decode("ascii", "replace")[:100]
    raise SourceError(f"{host} redirects to {elsewhere or 'nowhere'}, which is not followed")


async def _read_body(ask: _Ask, response: httpx.Response) -> bytes:
    """Both what comes over the wire and what it unpacks to are capped; httpx's own unpacking is not."""
    unpack = _unpacker(ask.host, response.headers.get("content-encoding", ""))
    body, received = bytearray(), 0
    async for raw in response.aiter_raw():
        received += len(raw)
        body += unpack.feed(raw, ask.limit + 1 - len(body))
        if max(len(body), received) > ask.limit:
            raise SourceError(f"{ask.host} sent more than {ask.limit / 1_000_000:g} MB")
    if not unpack.is_whole():
        raise _PassingError(f"{ask.host} broke its answer off")
    return bytes(body)


@dataclass(frozen=True, slots=True)
class _Unpacker:
    feed: Callable[[bytes, int], bytes]  # (packed, most bytes to give back)
    is_whole: Callable[[], bool]


def _unpacker(host: str, encoding: str) -> _Unpacker:
    match encoding.strip().lower():
        case "" | "identity":
            return _Unpacker(lambda raw, _: raw, lambda: True)
        case "gzip" | "x-gzip":
            return _gunzip(host)
    raise SourceError(f"{host} packed its answer in a way that was not asked for")


def _gunzip(host: str) -> _Unpacker:
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def feed(raw: bytes, most: int) -> bytes:
        try:
            return stream.decompress(raw, most)
        except zlib.error:
            raise SourceError(f"{host} sent a damaged gzip answer") from None

    return _Unpacker(feed, lambda: stream.eof)


def _is_html(answer: Fetched) -> bool:
    start = answer.body[:200].lstrip().lower()
    return "html" in answer.headers.get("content-type", "").lower() or start.startswith((b"<!doctype html", b"<html"))
