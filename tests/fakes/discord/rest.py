"""The REST API: finds the route, holds the request to every rule, answers, and keeps the journal."""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from tests.fakes.discord.calls import Call, Reply, Route, Upload
from tests.fakes.discord.ratelimits import FOR_ALL, RateLimits, limited
from tests.fakes.discord.refusals import Json, Refused, invalid
from tests.fakes.discord.spec import Complaint, Spec, said
from tests.fakes.discord.world import World

PREFIX = "/api/v10"
NO_HEADERS: Mapping[str, str] = {}
INVALID_BEFORE_BAN, BAN_WINDOW = 10_000, 600.0


@dataclass(slots=True)
class SeenRequest:
    """`status` is 0 for one that was never answered; `code` is Discord's own, of an error."""

    method: str
    path: str
    query: Mapping[str, str]
    at: float
    body: Any = None
    status: int = 0
    code: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    template: str = ""


class Rest:
    def __init__(self, world: World, limits: RateLimits, routes: Sequence[Route], spec: Spec | None) -> None:
        self._world = world
        self._limits = limits
        self._routes: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
        for route in routes:
            steps = route.template.strip("/").split("/")
            self._routes.setdefault((route.method, len(steps)), []).append((steps, route))
        self.spec = spec
        self.requests: list[SeenRequest] = []
        self.violations: list[str] = []
        self.invalid: deque[float] = deque()

    def see(self, request: web.Request) -> SeenRequest:
        headers = {name.lower(): value for name, value in request.headers.items() if name != "Authorization"}
        path = request.path.removeprefix(PREFIX)
        seen = SeenRequest(request.method, path, dict(request.query), self._world.clock.seconds, headers=headers)
        if found := self._find(request):
            seen.template = found[1].template
        self.requests.append(seen)
        return seen

    @property
    def is_banned(self) -> bool:
        """Too many refused requests: from now on the edge answers, not Discord."""
        now = self._world.clock.seconds
        while self.invalid and self.invalid[0] <= now - BAN_WINDOW:
            self.invalid.popleft()
        return len(self.invalid) >= INVALID_BEFORE_BAN

    async def answer(self, request: web.Request, seen: SeenRequest) -> web.Response:
        headers: dict[str, str] = {}
        try:
            reply = await self._process(request, seen, headers)
        except Refused as refused:
            return self.refuse(seen, refused, headers)
        return self._respond(seen, reply, headers)

    def _respond(self, seen: SeenRequest, reply: Reply, headers: Mapping[str, str]) -> web.Response:
        seen.status = reply.status
        self._world.changed()
        if reply.status == 204:
            return web.Response(status=204, headers=headers)
        # without a charset: clients compare the whole header
        content = {"Content-Type": "application/json"}
        return web.Response(body=json.dumps(reply.body).encode(), status=reply.status, headers={**headers, **content})

    def refuse(self, seen: SeenRequest, refused: Refused, headers: Mapping[str, str] = NO_HEADERS) -> web.Response:
        found = {**headers, **refused.headers}
        seen.code = refused.code
        if refused.broke_a_rule:
            self.violate(f"{seen.method} {seen.path}: {refused.complaint}")
        if refused.status in (401, 403, 429) and found.get("X-RateLimit-Scope") != "shared":
            self.invalid.append(self._world.clock.seconds)
        return self._respond(seen, Reply(refused.status, refused.body), found)

    def limit(self, request: web.Request, seen: SeenRequest, wait: float, scope: str = "user") -> web.Response:
        """A 429 out of the blue; coming back too soon is noticed as after any other."""
        try:
            route, call = self._route(request, seen)
        except Refused as refused:
            return self.refuse(seen, refused)
        key = FOR_ALL if scope == "global" else (f"{route.method} {route.template}", _major(call))
        self._limits.told(key, wait)
        return self.refuse(seen, limited(wait, scope=scope))

    def violate(self, text: str) -> None:
        self.violations.append(text)

    async def _process(self, request: web.Request, seen: SeenRequest, headers: dict[str, str]) -> Reply:
        route, call = self._route(request, seen)
        major = _major(call)
        if self._limits.is_impatient(route.method, route.template, major):
            self.violate(f"{seen.method} {seen.path}: came back before Retry-After was over")
        toll = self._limits.take(route.method, route.template, major)
        headers.update(toll.headers)
        call.body = seen.body = await self._read_body(request, call)
        try:
            self._check(route, call)
            return route.handle(call)
        except Refused as refused:
            self._remember_for_tests(call, refused)
            raise

    def _remember_for_tests(self, call: Call, refused: Refused) -> None:
        token = call.texts.get("interaction_token") or call.texts.get("webhook_token")
        asked = self._world.interactions.get(token or "")
        if asked:
            asked.refusals.append(f"{refused.code} {refused.complaint}")

    def _route(self, request: web.Request, seen: SeenRequest) -> tuple[Route, Call]:
        found = self._find(request)
        if found is None:
            self.violate(f"{seen.method} {seen.path}: no such route here")
            self._check_token(request)
            raise Refused(404, 0, "404: Not Found")
        parts, route = found
        if route.needs_token:
            self._check_token(request)
        ids, texts = _parameters(parts, _steps(request))
        return route, Call(self._world, self._limits, route.method, route.template, ids, texts, request.query)

    def _find(self, request: web.Request) -> tuple[list[str], Route] | None:
        """The one with the fewest variable parts."""
        steps = _steps(request)
        found = [
            (sum(part.startswith("{") for part in parts), parts, route)
            for parts, route in self._routes.get((request.method, len(steps)), [])
            if all(part.startswith("{") or part == step for part, step in zip(parts, steps, strict=True))
        ]
        return min(found, key=lambda item: item[0])[1:] if found else None

    def _check_token(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._world.token}":
            raise Refused(401, 0, "401: Unauthorized")

    async def _read_body(self, request: web.Request, call: Call) -> Any:
        if not request.body_exists:
            return None
        if request.content_type == "multipart/form-data":
            return await _read_parts(request, call)
        text = await request.text()
        if not text:
            return None
        if request.content_type != "application/json":
            raise invalid(("_misc",), "BASE_TYPE_REQUIRED", 'Expected "Content-Type" header to be "application/json".')
        return _parse(text)

    def _check(self, route: Route, call: Call) -> None:
        """Discord's limits first, since their complaints are the clearer ones, then the official document."""
        complaints = self._complaints(route, call)
        try:
            if route.check:
                route.check(call)
        except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
            complaints = complaints or [((), f"not of the right form: {error!r}")]
        if complaints:
            path, text = complaints[0]
            refused = invalid(
                path or ("_misc",), "BASE_TYPE_INVALID", said(complaints) if len(complaints) > 1 else text
            )
            raise refused

    def _complaints(self, route: Route, call: Call) -> list[Complaint]:
        if self.spec is None or not self.spec.knows(route.method, route.template):
            return []
        found = self.spec.query(route.method, route.template, call.query)
        body = call.body if call.body is not None or not call.uploads else {}
        return found + self.spec.request(route.method, route.template, body)


def _steps(request: web.Request) -> list[str]:
    return [unquote(step) for step in request.rel_url.raw_path.removeprefix(PREFIX).strip("/").split("/")]


def _parameters(parts: Sequence[str], steps: Sequence[str]) -> tuple[dict[str, int], dict[str, str]]:
    ids: dict[str, int] = {}
    texts: dict[str, str] = {}
    for part, step in zip(parts, steps, strict=True):
        name = part.strip("{}")
        if name == part:
            continue
        if not name.endswith("_id"):
            texts[name] = step
        elif step.isdigit():
            ids[name] = int(step)
        else:
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{step}" is not snowflake.')
    return ids, texts


def _major(call: Call) -> str:
    names = ("channel_id", "guild_id", "webhook_id", "interaction_id")
    return "/".join([*(str(call.ids.get(name, "")) for name in names), call.texts.get("webhook_token", "")])


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.", broke_a_rule=True) from None


async def _read_parts(request: web.Request, call: Call) -> Json:
    """payload_json, and files[n] in any number."""
    body: Json = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = _parse(await part.text())
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            call.uploads.append(Upload(part.filename or "file", bytes(await part.read()), kind))
    return body
