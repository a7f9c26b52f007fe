"""What a card or a reply says where no reader's zone is known: its times in words."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from bot.moments import plain

T = TypeVar("T")


def as_spoken(shown: T) -> T:
    """The same, with every text in it in plain words."""
    return cast("T", _spoken(shown))


def _spoken(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(_spoken, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _spoken(getattr(value, field.name)) for field in fields(value)})
    return value
