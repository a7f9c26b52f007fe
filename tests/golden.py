"""How the program looks from outside, kept as files in tests/goldens: compared to the letter, or written anew with
`pytest --renew-goldens`."""

import gzip
import json
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "goldens"
SHOWN = 80  # lines of a difference


@dataclass(frozen=True)
class Goldens:
    renews: bool = False

    def hold(self, name: str, text: str) -> None:
        """Fails where the file says something else. A name that ends in .gz is packed."""
        if self.renews:
            _write(FOLDER / name, text)
        elif text != (kept := read(name)):
            pytest.fail(f"{name} differs (--renew-goldens accepts it):\n{difference(kept, text)}", pytrace=False)


def read(name: str) -> str:
    path = FOLDER / name
    if not path.exists():
        return ""
    return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()


def _write(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())


def difference(kept: str, text: str) -> str:
    lines = list(unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", lineterm="", n=4))
    more = [f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    return "\n".join((*lines[:SHOWN], *more))


# --- data, so that a difference can be read


WIDTH = 150


def laid_out(data: Any, indent: str = "") -> str:
    """JSON; what fits stands on one line."""
    flat = json.dumps(data, ensure_ascii=False)
    if not isinstance(data, dict | list) or not data or len(indent) + len(flat) <= WIDTH:
        return flat
    inner = indent + " "
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    lines = ",\n".join(f"{inner}{line}" for line in _parts(data, inner))
    return f"{opening}\n{lines}\n{indent}{closing}"


def _parts(data: dict[str, Any] | list[Any], indent: str) -> list[str]:
    if isinstance(data, dict):
        return [f"{json.dumps(key)}: {laid_out(value, indent)}" for key, value in data.items()]
    return [laid_out(value, indent) for value in data]
