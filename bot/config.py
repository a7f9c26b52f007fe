"""TOML and environment → typed Settings. Finds every fault at once and says where it is and what to write instead.

`PAPERCLUB_WEB__PORT=8080` sets `port` in `[web]`; secrets are read where they are needed, never here.
"""

import logging
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.errors import StartError
from bot.model import GroupSettings, Settings

log = logging.getLogger(__name__)

PREFIX = "PAPERCLUB_"
EXAMPLES = {"session": "thu 17:00", "place": "Room 2.01", "reminders": "3 days, 1 day, 1 hour"}
LISTS = ("allowed_hosts",)  # written with commas in the environment


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Without a file: the defaults. Raises StartError that names every fault, a line each."""
    data = _read(path) if path else {}
    return validate(_with_environment(data, environ), str(path or "the environment"))


def validate(data: Mapping[str, Any], where: str) -> Settings:
    # Imported here: pydantic costs a tenth of a second, and `--help` needs none of it.
    from pydantic import TypeAdapter, ValidationError

    try:
        settings = TypeAdapter(Settings).validate_python(data)
        faults = list(_repeated_ids(data))
    except ValidationError as error:
        faults = [*_faults(error.errors(include_url=False, include_input=False)), *_repeated_ids(data)]
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
    *tables, last = path
    for name in tables:
        inner = table.get(name)
        table[name] = dict(inner) if isinstance(inner, dict) else {}
        table = table[name]
    table[last] = [part.strip() for part in value.split(",") if part.strip()] if last in LISTS else value


def _faults(errors: list[Any]) -> Iterator[str]:
    for error in errors:
        path = _spell(error["loc"])
        if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            yield f"{path} is not a setting{_nearest(error['loc'])}"
        else:
            yield f"{path}: {_advice(error)}"


def _advice(error: Any) -> str:
    """What to write instead, in words of TOML and not of Python."""
    kind: str = error["type"]
    if kind == "tuple_type":
        return "write [[groups]], with two brackets" if error["loc"] == ("groups",) else 'write a list: ["...", "..."]'
    if kind.startswith("time_") or kind == "is_instance_of":
        return 'write a time in quotes, with two digits each: "09:00"'
    if kind.startswith("int_"):
        return "write a whole number, without quotes"
    if kind.startswith("dataclass_"):
        return "write a table: [web], [[groups]], [groups.day]"
    if kind.startswith("bool_"):
        return "write true or false, without quotes"
    if kind == "string_type":
        return f'write a text in quotes: "{_example(error["loc"])}"'
    if kind == "literal_error":
        return f"write {error['ctx']['expected']}"
    message: str = error["msg"]
    return message.removeprefix("Value error, ")


def _example(place: tuple[str | int, ...]) -> str:
    return EXAMPLES.get(str(place[-1]), "4 days" if "timeline" in place else "mon, tue")


def _spell(place: tuple[str | int, ...]) -> str:
    """("groups", 0, "day") → `groups[0].day`"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".") or "(top level)"


def _nearest(place: tuple[str | int, ...]) -> str:
    near = get_close_matches(str(place[-1]), setting_names(Settings), 1)
    return f"; did you mean {near[0]}?" if near else "; config.example.toml has them all"


def setting_names(of: type) -> set[str]:
    """Every name in the tree of settings."""
    from typing import get_args, get_type_hints

    names: set[str] = set()
    for name, hint in get_type_hints(of).items():
        if name.startswith("_"):
            continue
        names.add(name)
        for part in (hint, *get_args(hint)):
            if hasattr(part, "__pydantic_config__"):
                names |= setting_names(part)
    return names


def _repeated_ids(data: Mapping[str, Any]) -> Iterator[str]:
    groups = data.get("groups")
    tables = [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    ids = [str(group.get("id", GroupSettings().id)) for group in tables]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f'groups: two of them have the id "{name}"'
