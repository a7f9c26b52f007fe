"""The gateway: sessions, intents, shards, heartbeats, and everything that goes wrong with sockets."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import WSMsgType, web

from tests.fakes.discord.clock import Clock
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.sockets import Connection, Session
from tests.fakes.discord.wire import Plain, codec_for

INTENTS: Final = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "moderation": 1 << 2,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "guild_reactions": 1 << 10,
    "dm_messages": 1 << 12,
    "dm_reactions": 1 << 13,
    "message_content": 1 << 15,
    "scheduled_events": 1 << 16,
    "guild_polls": 1 << 24,
    "dm_polls": 1 << 25,
}
KNOWN_INTENTS: Final = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
PRIVILEGED: Final = ("members", "presences", "message_content")


@dataclass(frozen=True, slots=True)
class Event:
    """`redacted` is what a session without the message content intent gets. `intent` 0: everybody gets it."""

    name: str
    data: Json
    guild_id: int | None = None
    intent: int = 0
    redacted: Json | None = None


class Gateway:
    """`greet(session)` tells what a new session hears first; `members_of` answers a request for members."""

    def __init__(
        self, clock: Clock, token: str, greet: Callable[[Session], None], answer: Callable[[Session, Json], None]
    ) -> None:
        self._clock = clock
        self._token = token
        self._greet = greet
        self._answer_members = answer
        self._connections: set[Connection] = set()
        self._handlers: set[asyncio.Task[None]] = set()
        self._double = 0
        self.heartbeat_interval = 41.25
        self.shards = 1
        self.max_concurrency = 1
        self.session_starts = 1000
        self.privileged: set[str] = set()
        self.is_down = False
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.heartbeats = 0
        self.violations: list[str] = []
        self.changed: Callable[[], None] = lambda: None

    @property
    def listeners(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.connection]

    # what the world says

    def dispatch(self, event: Event) -> None:
        hearers = [session for session in self.sessions.values() if _hears(session, event)]
        twice = bool(hearers) and self._double > 0
        self._double -= twice
        for session in hearers:
            hides = event.redacted is not None and not session.intents & INTENTS["message_content"]
            for _ in range(1 + twice):
                session.push(event.name, event.redacted if hides and event.redacted is not None else event.data)

    # what goes wrong

    def duplicate_next(self, count: int = 1) -> None:
        """The next events that anybody hears go out twice, each time with a number of its own."""
        self._double = count

    def replays(self, count: int) -> None:
        """The last events go out once more, under their old numbers."""
        for session in self.listeners:
            session.repeat(list(session.sent)[-count:])

    def drop_sockets(self, code: int | None = None) -> None:
        """Closes with a code, or cuts the TCP connections without one."""
        for connection in list(self._connections):
            self._part(connection)
            connection.abort() if code is None else connection.close(code)

    def _part(self, connection: Connection) -> None:
        """From here on the session hears nothing, until it is resumed."""
        if connection.session:
            connection.session.connection = None
            connection.session = None

    def go_silent(self) -> None:
        """The sockets of now stay open, but nothing comes any more, not even to a heartbeat."""
        for connection in self._connections:
            connection.is_silent = True

    def reconnects(self) -> None:
        for connection in list(self._connections):
            connection.send(7)

    def invalidate(self, *, resumable: bool = False) -> None:
        for session in self.listeners:
            if session.connection:
                session.connection.send(9, resumable)
        if not resumable:
            self.sessions.clear()

    def forget_sessions(self) -> None:
        """The next RESUME is refused."""
        self.sessions.clear()

    # the sockets

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=1 << 20)
        await socket.prepare(request)
        codec = codec_for(request.query.get("compress"))
        connection = Connection(request, socket, codec or Plain())
        if codec is None or request.query.get("encoding", "json") != "json" or request.query.get("v") != "10":
            self.violations.append(f"gateway: unusable address {request.query_string!r}")
            connection.close(4012)
        handler = asyncio.create_task(self._converse(connection, socket))
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)
        await handler
        return socket

    async def _converse(self, connection: Connection, socket: web.WebSocketResponse) -> None:
        self._connections.add(connection)
        connection.send(10, {"heartbeat_interval": round(self.heartbeat_interval * 1000), "_trace": []})
        writer = asyncio.create_task(connection.writes())
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT and not connection.is_silent:
                    self._receive(connection, frame.data)
        finally:
            self._forget(connection, socket.close_code)  # first: we may be cancelled while we wait
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def _forget(self, connection: Connection, code: int | None) -> None:
        """A client that closes with 1000 or 1001 ends its session; any other way it may come back to it."""
        self._connections.discard(connection)
        session = connection.session
        self._part(connection)
        if session and code in (1000, 1001):
            self.sessions.pop(session.id, None)
        self.changed()

    async def close(self) -> None:
        """Cuts every connection and waits until their handlers are gone."""
        self.drop_sockets()
        if self._handlers:
            await asyncio.wait(self._handlers, timeout=1.0)

    def _receive(self, connection: Connection, text: str) -> None:
        if self._is_too_fast(connection):
            return self._refuse(connection, 4008, "more than 120 frames in a minute")
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            return self._refuse(connection, 4002, f"not a payload: {text[:80]}")
        if len(text.encode()) > 4096:
            return self._refuse(connection, 4002, f"a payload of {len(text.encode())} bytes")
        self._act(connection, op, data)
        self.changed()
        return None

    def _is_too_fast(self, connection: Connection) -> bool:
        now = self._clock.seconds
        connection.heard.append(now)
        while connection.heard[0] <= now - 60:
            connection.heard.popleft()
        return len(connection.heard) > 120

    def _act(self, connection: Connection, op: object, data: Json) -> None:
        match op:
            case 1:
                self.heartbeats += 1
                connection.send(11)
            case 2:
                self._identify(connection, data)
            case 6:
                self._resume(connection, data)
            case 3 | 4 | 8 if connection.session is None:
                self._refuse(connection, 4003, f"op {op} before IDENTIFY")
            case 3 | 4:
                pass
            case 8 if connection.session:
                self._answer_members(connection.session, data)
            case _:
                self._refuse(connection, 4001, f"unknown op {op!r}")

    def _refuse(self, connection: Connection, code: int, why: str) -> None:
        self.violations.append(f"gateway: {why} ({code})")
        connection.close(code)

    # starting

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append(data)
        code = 4005 if connection.session else self._fault_in(data)
        if code:
            return self._refuse(connection, code, f"IDENTIFY refused, intents {data.get('intents')}")
        self.session_starts -= 1
        shard, shards = data.get("shard", [0, 1])
        session = Session(secrets.token_hex(16), data["intents"], shard, shards, connection)
        connection.session = self.sessions[session.id] = session
        self._greet(session)
        return None

    def _fault_in(self, data: Json) -> int:
        shard, shards = data.get("shard", [0, 1])
        intents = data.get("intents")
        if data.get("token") != self._token or self.session_starts <= 0:
            return 4004  # who starts too often loses the token
        if not 0 <= shard < shards:
            return 4010
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS or not data.get("properties"):
            return 4013
        refused = [name for name in PRIVILEGED if intents & INTENTS[name] and name not in self.privileged]
        return 4014 if refused else 0

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append(data)
        if data.get("token") != self._token:
            return self._refuse(connection, 4004, "RESUME with a wrong token")
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if session is None or not isinstance(seq, int) or not session.remembers(seq):
            return connection.send(9, False)
        if session.connection:
            session.connection.abort()
            self._part(session.connection)
        session.connection, connection.session = connection, session
        session.repeat([event for event in session.sent if event[0] > seq])
        session.push("RESUMED", {"_trace": []})
        return None


def _hears(session: Session, event: Event) -> bool:
    return session.serves(event.guild_id) and (not event.intent or bool(session.intents & event.intent))
