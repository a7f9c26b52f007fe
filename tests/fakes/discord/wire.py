"""How gateway payloads travel: as text, or as one endless zlib or zstd stream in binary frames."""

import json
import zlib
from typing import Protocol

from tests.fakes.discord.refusals import Json

ZSTD_MAGIC_AND_HEADER = bytes.fromhex("28b52ffd0068")  # no checksum, no size, a window of 8 MB
ZSTD_BLOCK = 128 * 1024


class Codec(Protocol):
    def pack(self, payload: Json) -> str | bytes: ...


class Plain:
    def pack(self, payload: Json) -> str:
        return json.dumps(payload, separators=(",", ":"))


class ZlibStream:
    """Every payload ends with a sync flush, 00 00 ff ff."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj()

    def pack(self, payload: Json) -> bytes:
        return self._packer.compress(json.dumps(payload).encode()) + self._packer.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One frame that never ends, of stored blocks (RFC 8878, 3.1.1.2): valid without a zstd library."""

    def __init__(self) -> None:
        self._opening = ZSTD_MAGIC_AND_HEADER

    def pack(self, payload: Json) -> bytes:
        text = json.dumps(payload).encode()
        opening, self._opening = self._opening, b""
        blocks = (text[at : at + ZSTD_BLOCK] for at in range(0, len(text), ZSTD_BLOCK))
        return opening + b"".join((len(block) << 3).to_bytes(3, "little") + block for block in blocks)


def codec_for(compress: str | None) -> Codec | None:
    match compress:
        case None:
            return Plain()
        case "zlib-stream":
            return ZlibStream()
        case "zstd-stream":
            return ZstdStream()
    return None
