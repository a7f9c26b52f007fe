"""Hugging Face's Daily Papers on 127.0.0.1: its shape and its strictness, faults by script. Every paper is invented."""

import asyncio
import hashlib
import json
import re
import socket
import struct
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal, Self

from aiohttp import web

from tests.fakes.loopback import Loopback

PATH = "/api/daily_papers"
ONE_PAPER = re.compile(r"/api/papers/(\d{4}\.\d{4,5}|[a-z-]+/\d{7})")
GIGABYTE = 2**30
KNOWN_PARAMETERS = frozenset({"date", "week", "month", "submitter", "sort", "p", "limit"})

Misbehaviour = Literal[
    "status",  # an error with a JSON body
    "html",  # a page, as a proxy or a maintenance notice sends it
    "truncated",  # half of the JSON, as if that were all
    "broken",  # the connection ends before the promised length
    "drip",  # the body comes a byte at a time, for ever
    "slow_headers",  # so do the headers
    "huge",  # 1 GB
    "bomb",  # 1 MB of gzip that unpacks to 1 GB
    "reset",
]


@dataclass(frozen=True, slots=True)
class SeenRequest:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case


@dataclass(frozen=True, slots=True)
class _Fault:
    what: Misbehaviour
    status: int
    retry_after: str


class FakeHuggingFace:
    """`days["2026-03-02"]` holds the items of that day, or the bytes to send for it. `sent` counts bytes of floods."""

    def __init__(self) -> None:
        self.days: dict[str, Sequence[object] | bytes] = {}
        self.requests: list[SeenRequest] = []
        self.sent = 0
        self._faults: deque[_Fault] = deque()
        self._server = Loopback(self._answer)

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def host(self) -> str:
        return self._server.host

    def next(
        self, what: Misbehaviour = "status", *, status: int = 500, retry_after: str | int = "", times: int = 1
    ) -> None:
        """What the next requests get instead of an answer; several calls queue up."""
        self._faults.extend(repeat(_Fault(what, status, str(retry_after)), times))

    def forgive(self) -> None:
        """Drops the faults that nothing has met yet."""
        self._faults.clear()

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.__aexit__()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(SeenRequest(request.method, request.path, dict(request.query), headers))
        if self._faults:
            return await self._misbehave(request, self._faults.popleft())
        if request.method == "GET" and (asked := ONE_PAPER.fullmatch(request.path)):
            return self._paper(asked[1])
        if request.method != "GET" or request.path != PATH:
            return _error(404, "Sorry, we can't find the page you are looking for.")
        complaint = _find_fault(request.query)
        return _error(400, complaint) if complaint else self._list(request)

    def _list(self, request: web.Request) -> web.Response:
        day = self.days.get(request.query["date"], [])
        body = day if isinstance(day, bytes) else _pack(day[: int(request.query.get("limit", "50"))])
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        response = web.Response(body=body, content_type="application/json", charset="utf-8", headers={"ETag": etag})
        response.enable_compression()
        return response

    def _paper(self, id: str) -> web.Response:
        """Of any day, as it is inside an item of that day."""
        items = (item for day in self.days.values() if not isinstance(day, bytes) for item in day)
        papers = (item["paper"] for item in items if isinstance(item, dict) and "paper" in item)
        found = next((paper for paper in papers if paper["id"] == id), None)
        return _error(404, "Paper not found") if found is None else web.json_response(found)

    async def _misbehave(self, request: web.Request, fault: _Fault) -> web.StreamResponse:
        match fault.what:
            case "status":
                return _error(fault.status, "Something is not right", retry_after=fault.retry_after)
            case "html":
                return web.Response(
                    text="<!DOCTYPE html><html><title>Hugging Face</title></html>", content_type="text/html"
                )
            case "truncated":
                whole = _pack([daily_item(), daily_item(id="2501.01235")])
                return web.Response(body=whole[: len(whole) // 2], content_type="application/json")
            case "broken":
                return await self._pour(request, iter([b"[" * 100]), {"Content-Length": "5000"})
            case "drip":
                return await _drip_body(request)
            case "slow_headers":
                return await _drip_headers(request)
            case "huge":
                chunks = repeat(b" " * 2**16, GIGABYTE // 2**16)
                return await self._pour(request, iter(chunks), {"Content-Length": str(GIGABYTE)})
            case "bomb":
                return await self._pour(request, gzip_bomb(), {"Content-Encoding": "gzip"})
            case "reset":
                return _reset(request)

    async def _pour(
        self, request: web.Request, chunks: Iterator[bytes], headers: Mapping[str, str]
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", **headers})
        await response.prepare(request)
        try:
            for chunk in chunks:
                await response.write(chunk)
                self.sent += len(chunk)
        except ConnectionError:  # the client had enough, which is what we hope for
            return response
        if request.transport is not None:
            request.transport.close()
        return response


def daily_item(
    id: str = "2501.01234",
    *,
    title: str = "Small Models Learn to Ask Before They Answer",
    summary: str = "We study models that ask back. They answer less and are right more often.",
    authors: Sequence[str] = ("Ada Example", "Bo Sample"),
    upvotes: int = 7,
    published: str = "2025-01-02T18:30:00.000Z",
    code: str = "",
    project: str = "",
) -> dict[str, object]:
    """One item as the API sends it, with people who do not exist. A key without a value is missing, as there."""
    submitter = {"_id": "0" * 24, "fullname": "Cleo Invented", "name": "cleo-invented", "type": "user", "isPro": False}
    paper = {
        "id": id,
        "authors": [{"_id": f"{n:024x}", "name": name, "hidden": False} for n, name in enumerate(authors)],
        "publishedAt": published,
        "submittedOnDailyAt": "2025-01-03T01:15:00.000Z",
        "title": title,
        "submittedOnDailyBy": submitter,
        "summary": summary,
        "upvotes": upvotes,
        "discussionId": "f" * 24,
        **({"githubRepo": code, "githubStars": 12} if code else {}),
        **({"projectPage": project} if project else {}),
    }
    return {
        "paper": paper,
        "publishedAt": published,
        "title": title,
        "summary": summary,
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{id}.png",
        "numComments": 1,
        "submittedBy": submitter,
        "isAuthorParticipating": False,
    }


def gzip_bomb(size: int = GIGABYTE) -> Iterator[bytes]:
    """Unpacks to `size` zeros. After a full flush a packed block depends on nothing before it, so one is repeated."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    block = b"\0" * 2**20
    yield packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    yield from repeat(again, size // 2**20 - 1)


def _pack(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _error(status: int, text: str, *, retry_after: str = "") -> web.Response:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return web.json_response({"error": text}, status=status, headers=headers)


def _find_fault(query: Mapping[str, str]) -> str:
    unknown = sorted(query.keys() - KNOWN_PARAMETERS)
    if unknown:
        return f'Unrecognized key: "{unknown[0]}"'
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", query.get("date", "")):
        return "Invalid date: expected YYYY-MM-DD at date"
    limit = query.get("limit", "50")
    return "" if re.fullmatch(r"[1-9][0-9]?|100", limit) else "Invalid number: expected 1 to 100 at limit"


async def _drip_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)
    except ConnectionError:
        return response


async def _drip_headers(request: web.Request) -> web.StreamResponse:
    transport = request.transport
    if transport is not None:
        transport.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
    while transport is not None and not transport.is_closing():
        transport.write(b"a")
        await asyncio.sleep(0.02)
    return web.Response()


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        # lingering for 0 s makes closing a reset instead of a farewell
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
