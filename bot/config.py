"""TOML and environment → typed Settings. Finds every fault at once and says where it is and what to write instead.

`PAPERCLUB_WEB__PORT=8080` sets `port` in `[web]`; secrets are read where they are needed, never here.
"""

import itertools
import logging
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.errors import StartError
from bot.model import GroupSettings, InvalidSettings, Setting, Settings, rows_of
from bot.model.settings.kinds import Names
from bot.model.settings.setting import with_names_of_today, worded

log = logging.getLogger(__name__)

PREFIX = "PAPERCLUB_"


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Without a file: the defaults. Raises StartError that names every fault, a line each."""
    data = _read(path) if path else {}
    return validate(_with_environment(data, environ), str(path or "the environment"))


def validate(data: Mapping[str, Any], where: str) -> Settings:
    # Imported here: pydantic costs a tenth of a second, and `--help` needs none of it.
    from pydantic import TypeAdapter, ValidationError

    said, twice = with_names_of_today(Settings, data)
    faults = [*itertools.starmap(worded, twice), *_repeated_ids(data)]
    try:
        settings = TypeAdapter(Settings).validate_python(said)
    except ValidationError as error:
        faults = [*_faults(error.errors(include_url=False, include_input=False)), *faults]
    if faults:
        raise StartError("\n  ".join((f"{where} has faults:", *faults)))
    return settings


def read_secret(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """`NAME`, or what stands in the file that `NAME_FILE` names; "" when there is neither. Raises StartError."""
    if value := environ.get(name, "").strip():
        return value
    path = environ.get(f"{name}_FILE", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except UnicodeDecodeError:
        raise StartError(f"{name}_FILE: {path} is not a text; put nothing but the secret into it") from None
    except OSError as error:
        raise StartError(f"{name}_FILE: {path} can't be read: {error.strerror}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        raise StartError(f"{path} does not exist; copy config.example.toml to {path}") from None
    except UnicodeDecodeError:
        raise StartError(f"{path} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise StartError(f"{path} can't be read: {error.strerror}") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StartError(f"{path} is not valid TOML: {error}{_line_at(text, str(error))}") from None


def _line_at(text: str, error: str) -> str:
    """The line that the error names, and the usual reason."""
    number = re.search(r"line (\d+)", error)
    lines = text.splitlines()
    if not number or int(number[1]) > len(lines):
        return ""
    return f'\n  {lines[int(number[1]) - 1].strip()}\n  Text needs straight quotes: name = "value"'


def _with_environment(data: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """A name that is no setting of ours is left alone: some platforms make up PAPERCLUB_PORT and the like."""
    merged = dict(data)
    for name, value in environ.items():
        path = name.removeprefix(PREFIX).lower().split("__")
        if name.startswith(PREFIX) and path[0] in Settings.__dataclass_fields__:
            _put(merged, path, value)
        elif name.startswith(PREFIX):
            log.warning("%s is no setting and is left out; they are written as PAPERCLUB_WEB__PORT", name)
    return merged


def _put(table: dict[str, Any], path: list[str], value: str) -> None:
    """Lists are written with commas in the environment."""
    row, inner = _row(path), table
    for name in path[:-1]:
        found = inner.get(name)
        inner[name] = dict(found) if isinstance(found, dict) else {}
        inner = inner[name]
    is_list = row is not None and isinstance(row.kind, Names)
    inner[path[-1]] = [part.strip() for part in value.split(",") if part.strip()] if is_list else value


def _row(place: Sequence[str | int]) -> Setting | None:
    """Of the setting that stands there; ("groups", 0, "day", "cards") is one of a group's."""
    name = ".".join(str(part) for part in place if isinstance(part, str))
    return next((row for row in rows_of(Settings) if row.name.replace("[]", "") == name), None)


def _faults(errors: list[Any]) -> Iterator[str]:
    for error in errors:
        path, invalid = _spell(error["loc"]), error.get("ctx", {}).get("error")
        if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            yield f"{path} is not a setting{_nearest(error['loc'])}"
        elif isinstance(invalid, InvalidSettings):
            yield from (worded(f"{path}.{name}", fault) for name, fault in invalid.faults)
        else:
            yield f"{path}: {_advice(error)}"


def _advice(error: Any) -> str:
    """What to write instead, in words of TOML and not of Python."""
    kind, row = str(error["type"]), _row(error["loc"])
    if kind == "tuple_type":
        return "write [[groups]], with two brackets" if error["loc"] == ("groups",) else 'write a list: ["...", "..."]'
    if kind.startswith("int_"):
        return "write a whole number, without quotes"
    if kind.startswith("dataclass_"):
        return "write a table: [web], [[groups]], [groups.day]"
    if kind.startswith("bool_"):
        return "write true or false, without quotes"
    if kind == "string_type":
        return f'write a text in quotes: "{row.kind.example if row else "..."}"'
    if row and row.kind.hint:
        return f"write {row.kind.hint}"
    message: str = error["msg"]
    return message.removeprefix("Value error, ")


def _spell(place: tuple[str | int, ...]) -> str:
    """("groups", 0, "day") → `groups[0].day`"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".") or "(top level)"


def _nearest(place: tuple[str | int, ...]) -> str:
    words = {part for row in rows_of(Settings) for part in row.name.replace("[]", "").split(".")}
    near = get_close_matches(str(place[-1]), words, 1)
    return f"; did you mean {near[0]}?" if near else "; config.example.toml has them all"


def _repeated_ids(data: Mapping[str, Any]) -> Iterator[str]:
    groups = data.get("groups")
    tables = [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    ids = [str(group.get("id", GroupSettings().id)) for group in tables]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f'groups: two of them have the id "{name}"'
