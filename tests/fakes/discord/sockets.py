"""One gateway socket and one gateway session. Says what it is told; who hears what is the gateway's business."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.discord.refusals import Json
from tests.fakes.discord.wire import Codec

REMEMBERED = 5000


class Connection:
    """Writes from a queue, so that whatever changes the world need not wait for a socket."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse, codec: Codec) -> None:
        self._request = request
        self._socket = socket
        self._codec = codec
        self._outbox: asyncio.Queue[Json | int] = asyncio.Queue()
        self.session: Session | None = None
        self.is_silent = False
        self.heard: deque[float] = deque()

    def send(self, op: int, data: object = None, *, seq: int | None = None, name: str | None = None) -> None:
        self._outbox.put_nowait({"op": op, "d": data, "s": seq, "t": name})

    def close(self, code: int) -> None:
        self._outbox.put_nowait(code)

    def abort(self) -> None:
        """Cuts the TCP connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def writes(self) -> None:
        while True:
            item = await self._outbox.get()
            if isinstance(item, int):
                await self._socket.close(code=item)
                return
            if not self.is_silent:
                await self._write(item)

    async def _write(self, payload: Json) -> None:
        packed = self._codec.pack(payload)
        try:
            if isinstance(packed, str):
                await self._socket.send_str(packed)
            else:
                await self._socket.send_bytes(packed)
        except ConnectionError:  # it went in this moment; the session keeps what was missed
            return


@dataclass(slots=True, eq=False)
class Session:
    """Outlives its sockets: what happens while there is none is remembered for a RESUME."""

    id: str
    intents: int
    shard: int
    shards: int
    connection: Connection | None = None
    seq: int = 0
    sent: deque[tuple[int, str, Json]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def push(self, name: str, data: Json) -> None:
        self.seq += 1
        self.sent.append((self.seq, name, data))
        if self.connection:
            self.connection.send(0, data, seq=self.seq, name=name)

    def repeat(self, events: list[tuple[int, str, Json]]) -> None:
        for seq, name, data in events:
            if self.connection:
                self.connection.send(0, data, seq=seq, name=name)

    def remembers(self, seq: int) -> bool:
        forgotten = self.sent[0][0] - 1 if self.sent else self.seq
        return forgotten <= seq <= self.seq

    def serves(self, guild_id: int | None) -> bool:
        return self.shard == ((guild_id or 0) >> 22) % self.shards
