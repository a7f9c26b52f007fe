"""TOML and environment → typed Settings. Finds every fault at once and says where it is and what to write instead.

`PAPERCLUB_WEB__PORT=8080` sets `port` in `[web]`; secrets are read where they are needed, never here.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.errors import StartError
from bot.model import Settings

PREFIX = "PAPERCLUB_"


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Without a file: the defaults. Raises StartError that names every fault, a line each."""
    data = _read(path) if path else {}
    return validate(_with_environment(data, environ), str(path or "the environment"))


def validate(data: Mapping[str, Any], where: str) -> Settings:
    # Imported here: pydantic costs a tenth of a second, and `--help` needs none of it.
    from pydantic import TypeAdapter, ValidationError

    try:
        settings = TypeAdapter(Settings).validate_python(data)
    except ValidationError as error:
        faults = "\n".join(f"  {fault}" for fault in _faults(error.errors(include_url=False, include_input=False)))
        raise StartError(f"{where} has faults:\n{faults}") from None
    _check_groups(settings, where)
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StartError(f"{path} does not exist; copy config.example.toml to {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{path} can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise StartError(f"{path} is not valid TOML: {error}") from None


def _with_environment(data: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    merged = dict(data)
    for name, value in environ.items():
        if name.startswith(PREFIX) and not name.endswith("_FILE"):
            _put(merged, name.removeprefix(PREFIX).lower().split("__"), value)
    return merged


def _put(table: dict[str, Any], path: list[str], value: str) -> None:
    *tables, last = path
    for name in tables:
        inner = table.get(name)
        table[name] = dict(inner) if isinstance(inner, dict) else {}
        table = table[name]
    table[last] = value


def _faults(errors: list[Any]) -> Iterator[str]:
    for error in errors:
        path = _spell(error["loc"])
        if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            yield f"{path} is not a setting{_nearest(error['loc'])}"
        else:
            yield f"{path}: {error['msg'].removeprefix('Value error, ')}"


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


def _check_groups(settings: Settings, where: str) -> None:
    ids = [group.id for group in settings.groups]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise StartError(f'{where}: two groups have the id "{min(twice)}"')
