"""Who changed what: settings, and steps of the audit log. Plain frozen data."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Override:
    """A setting that a moderator changed from chat; it wins over the configuration until it is reset."""

    group: str
    name: str  # "timezone", "day.cards"
    value: str  # as it is typed
    by: str  # display name
    at: datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One row of the audit log. `before` and `after` are as stored: of settings JSON (name → value, null: as
    configured), of claims the holders' names. `undone`: it was taken back."""

    id: int
    at: datetime
    by: str  # display name; "" for the program itself
    action: str  # "set day.cards", "assign", "undo set day.cards"
    before: str
    after: str
    reason: str = ""
    entry: int | None = None
    undone: bool = False
    session: int | None = None  # left by a Move: `Store.logged` has it whole


@dataclass(frozen=True, slots=True)
class Done:
    """The same row as it was written, for who takes the step back."""

    id: int
    by: int | None  # member; None: the program itself
    action: str
    entry: int | None
    session: int | None
    before: str
    after: str
    reason: str
