"""The row of a setting: a field of the configuration with all that is said of it. Checks, chat, panels, help,
translations, the example and the table of the documentation follow from it; only its use stands elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.model.settings.kinds import Channels, Kind, Number

T = TypeVar("T")
Fault = tuple[str, str]  # (name, what is wrong with it)

ROW = "setting"  # in a field's metadata
MODES = ("vote", "presenter")


class InvalidSettings(ValueError):
    """Every fault of a table, each with the path of the setting; as a text, with its word."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(worded(name.rpartition(".")[2], fault) for name, fault in self.faults))


def worded(name: str, fault: str) -> str:
    """`cards must be 1 to 20`, `roles: there is no role "juggler"`"""
    return f"{name} {fault}" if fault.startswith("must ") else f"{name}: {fault}"


@dataclass(frozen=True, slots=True)
class Setting:
    """`name` is its path in the configuration; the last part of it is its word everywhere."""

    kind: Kind
    label: str  # what moderators read: "Cards a day"
    about: str  # what it is, for who types it; at most 100 characters
    note: str  # what it is, for who writes the configuration
    de: tuple[str, str] | None  # its word and what it is in German, for platforms that translate while one types
    asked: str  # its label in a form or above a list; at most 45 characters
    forms: tuple[str, ...]  # the modes of the week in which a form asks for it
    command: str | None  # behind /paper-admin, where it is typed; "" where it is not changed from chat
    words: tuple[str, ...]  # that were typed for it once, and are still understood
    once: str  # its name in older configurations
    shown: str  # in the example, commented out, where the default is none that could be written
    name: str = ""
    default: Any = None

    @property
    def word(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def old_name(self) -> str:
        """The whole of it; "" when it was never called otherwise."""
        return ".".join((*self.name.split(".")[:-1], self.once)) if self.once else ""

    def of(self, table: Any) -> Any:
        for part in self.name.split("."):
            table = getattr(table, part)
        return table

    def stored(self, table: Any) -> str:
        return self.kind.store(self.of(table))

    def put(self, table: T, text: str) -> T:
        """The table with what is stored of a change. Raises ValueError."""
        try:
            value = self.kind.read(text)
        except ValueError as fault:
            raise InvalidSettings([(self.word, str(fault))]) from None
        if isinstance(self.kind, Channels):
            value = tuple(dict.fromkeys((*self.of(table), *value)))
        return _put(table, self.name.split("."), value)


def _put(table: T, path: list[str], value: Any) -> T:
    first, *rest = path
    changed: Any = replace(table, **{first: _put(getattr(table, first), rest, value) if rest else value})  # type: ignore[type-var]
    return changed  # type: ignore[no-any-return]


def setting(
    default: T,
    kind: Kind,
    *,
    label: str = "",
    about: str = "",
    note: str = "",
    de: tuple[str, str] | None = None,
    asked: str = "",
    forms: tuple[str, ...] = MODES,
    command: str | None = None,
    words: tuple[str, ...] = (),
    once: str = "",
    shown: str = "",
) -> T:
    """A field with its row. Where no command is named, it is its table's."""
    asked = asked or (f"{label}, {kind.hint}" if isinstance(kind, Number) else label)
    row = Setting(kind, label, about, note or about, de, asked, forms, command, words, once, shown)
    return field(default=default, metadata={ROW: row})


# --- a table


def require_valid(table: Any, beside: Iterable[Fault] = ()) -> None:
    """By the rows of its own settings; `beside` are faults of their combination. Raises InvalidSettings."""
    own = [(name, fault) for name, row in _own(table.__class__) if (fault := row.kind.fault(getattr(table, name)))]
    if faults := [*own, *beside]:
        raise InvalidSettings(faults)


@cache
def _own(table: type) -> tuple[tuple[str, Setting], ...]:
    return tuple((item.name, item.metadata[ROW]) for item in fields(table) if ROW in item.metadata)


@cache
def rows_of(table: type) -> tuple[Setting, ...]:
    """Every setting in it and in the tables in it, in their order, by its path from there."""
    return tuple(_walk(table))


def _walk(table: type, path: str = "", command: str | None = "") -> Iterator[Setting]:
    hints = get_type_hints(table)
    command = getattr(table, "command", command)
    for item in fields(table):
        name = f"{path}{item.name}"
        if row := item.metadata.get(ROW):
            default, said = item.default, row.command if row.command is not None else command
            yield replace(row, name=name, default=default, command=said)
        elif inner := table_in(hints[item.name]):
            many = "[]" if get_origin(hints[item.name]) is tuple else ""
            yield from _walk(inner, f"{name}{many}.", command)


def table_in(hint: Any) -> type | None:
    """The table that a field of this type holds, if it does."""
    return next((part for part in (hint, *get_args(hint)) if isinstance(part, type) and is_dataclass(part)), None)


def with_names_of_today(table: type, data: Any, path: str = "") -> tuple[Any, list[Fault]]:
    """A table as it is written, with every setting under its name; and which of them stand there twice."""
    if not isinstance(data, Mapping):
        return data, []
    found, faults = dict(data), list[Fault]()
    for name, row in _own(table):
        if row.once not in data:
            continue
        if name in data:
            faults.append((f"{path}{name}", f"{row.once} is its old name; write {name} alone"))
        found[name] = found.pop(row.once)
    hints = get_type_hints(table)
    for item in fields(table):
        if item.name in found and (inner := table_in(hints[item.name])):
            found[item.name], more = _each(inner, found[item.name], f"{path}{item.name}")
            faults += more
    return found, faults


def _each(table: type, data: Any, path: str) -> tuple[Any, list[Fault]]:
    if not isinstance(data, list):
        return with_names_of_today(table, data, f"{path}.")
    found = [with_names_of_today(table, item, f"{path}[{number}].") for number, item in enumerate(data)]
    return [item for item, _ in found], [fault for _, faults in found for fault in faults]
