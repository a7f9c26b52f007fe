"""What goes wrong between Discord and the bot, by script or by dice. Knows no route."""

import random
import re
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

Misbehaviour = Literal[
    "status",  # an error with a JSON body, nothing done
    "rate_limited",  # a 429 as Discord's own servers send it
    "rate_limited_for_all",  # the same for every route
    "cloudflare",  # a 429 in HTML from the edge, without Via
    "unavailable",  # 503 in HTML
    "reset",  # the connection ends before anything is done
    "lost",  # it is done, but the answer is lost: the connection ends, or `status`
    "hang",  # nothing happens for `seconds`, then all goes on
    "late",  # it is done at once, but the answer takes `seconds`
    "truncated",  # it is done, half of the JSON comes
    "html",  # it is not done, a page comes with status 200
]
DONE_FIRST: tuple[Misbehaviour, ...] = ("lost", "late", "truncated")


@dataclass(slots=True)
class Fault:
    what: Misbehaviour
    method: str
    path: re.Pattern[str]
    times: int
    status: int
    code: int
    seconds: float
    retry_after: float

    def meets(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and bool(self.path.search(path))


class Faults:
    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._dice: random.Random | None = None
        self._rates: Mapping[Misbehaviour, float] = {}
        self._where = re.compile("")
        self._seconds = 0.05
        self.met: list[Misbehaviour] = []

    def next(
        self,
        method: str,
        path: str,
        what: Misbehaviour,
        *,
        times: int = 1,
        status: int = 0,
        code: int = 0,
        seconds: float = 30.0,
        retry_after: float = 0.05,
    ) -> None:
        """For the next requests whose path, after /api/v10, has a place that `path` matches."""
        self._script.append(Fault(what, method, re.compile(path), times, status, code, seconds, retry_after))

    def mishaps(
        self,
        dice: random.Random,
        rates: Mapping[Misbehaviour, float],
        *,
        where: str = "",
        seconds: float = 0.05,
    ) -> None:
        """From now on each matching request meets each fault at its rate."""
        self._dice, self._rates, self._where, self._seconds = dice, rates, re.compile(where), seconds

    def forgive(self) -> None:
        self._script.clear()
        self._dice = None

    def meet(self, method: str, path: str) -> Fault | None:
        for fault in self._script:
            if fault.meets(method, path):
                fault.times -= 1
                self.met.append(fault.what)
                return fault
        return self._throw(method, path)

    def _throw(self, method: str, path: str) -> Fault | None:
        if self._dice is None or not self._where.search(f"{method} {path}"):
            return None
        thrown = self._dice.random()
        for what, rate in self._rates.items():
            if thrown < rate:
                self.met.append(what)
                status = self._dice.choice((0, 500, 502)) if what == "lost" else 0
                return Fault(what, method, self._where, 1, status, 0, self._seconds, self._seconds)
            thrown -= rate
        return None


def page(status: int, text: str) -> web.Response:
    html = f"<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
    return web.Response(status=status, text=html, content_type="text/html")


def reset(request: web.Request) -> web.Response:
    """Lingering for 0 s makes closing a reset instead of a farewell."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
