"""What is shown, as structure and never as markup. A surface renders and escapes it; nothing here knows a surface.

All text is plain and untrusted: a title may hold `<script>`, `@everyone` or a right-to-left override.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Button:
    """`command` is run on `entry`, or on the digest of a date. The label begins with the command's word."""

    label: str
    command: str
    entry: int | None = None
    on: date | None = None
    once: bool = False  # an offered choice: pressed again it does not take back what it did

    @property
    def id(self) -> str:
        """Survives a restart; at most 100 bytes, Discord's limit for a custom_id."""
        argument = self.on.isoformat() if self.on else self.entry
        command = f"{self.command}!" if self.once else self.command
        return command if argument is None else f"{command}:{argument}"


def read_button(button_id: str) -> tuple[str, dict[str, str]]:
    """A button's id as the command and arguments of a Request with `pressed=True`."""
    command, _, argument = button_id.partition(":")
    once = {"once": "yes"} if command.endswith("!") else {}
    command = command.removesuffix("!")
    if not argument:
        return command, once
    return command, {**once, **({"date": argument} if "-" in argument else {"paper": f"entry:{argument}"})}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """The platform-neutral view of an entry, a digest, a notice. `url` is http(s) or empty."""

    kind: Literal["digest", "paper", "notice"]
    title: str
    url: str = ""
    byline: str = ""  # authors
    body: str = ""
    label: str = ""  # where the body comes from: "from the abstract"
    fields: tuple[Field, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (what, http(s) address)
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    entry: int | None = None
    number: int | None = None  # on the day's list, as members type it


@dataclass(frozen=True, slots=True)
class Message:
    """A card for a channel; `text` is its one-line form for notifications and screen readers."""

    text: str
    card: Card

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """The private answer to one request. `choices` are offered when the request was ambiguous."""

    text: str
    cards: tuple[Card, ...] = ()
    choices: tuple[Button, ...] = ()
    ok: bool = True
