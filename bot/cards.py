"""What is shown, as structure and never as markup. A surface renders and escapes it; nothing here knows a surface.

All text is plain and untrusted: a title may hold `<script>`, `@everyone` or a right-to-left override.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import parse_qsl, urlencode


@dataclass(frozen=True, slots=True)
class Button:
    """`command` is run on `entry`, on the digest of a date, or with one named argument. The label of a paper's button
    begins with the command's word."""

    label: str
    command: str
    entry: int | None = None
    on: date | None = None
    once: bool = False  # an offered choice: also of a vote or a claim it takes back nothing
    argument: tuple[str, str] | None = None  # (name, value)
    arguments: tuple[tuple[str, str], ...] = ()  # instead, where there are several
    session: int | None = None  # what it is about, beside its argument
    moderators: bool = False  # a surface that knows who looks shows it to no one else

    @property
    def id(self) -> str:
        """Survives a restart; at most 100 bytes, Discord's limit for a custom_id."""
        argument = self.on.isoformat() if self.on else self.entry
        if self.argument:
            argument = "=".join(self.argument)
        command = f"{self.command}!" if self.once else self.command
        command = f"{command}@{self.session}" if self.session else command
        if self.arguments:
            return f"{command}?{urlencode(self.arguments)}"
        return command if argument is None else f"{command}:{argument}"


def read_button(button_id: str) -> tuple[str, dict[str, str]]:
    """A button's id as the command and arguments of a Request with `pressed=True`."""
    command, _, argument = button_id.partition(":")
    command, _, several = command.partition("?")
    command, _, session = command.partition("@")
    about = {"once": "yes"} if command.endswith("!") else {}
    about |= {"session": session} if session else {}
    command = command.removesuffix("!")
    if several:
        return command, {**about, **dict(parse_qsl(several))}
    if not argument:
        return command, about
    name, named, value = argument.partition("=")
    if named:
        return command, {**about, name: value}
    return command, {**about, **({"date": argument} if "-" in argument else {"paper": f"entry:{argument}"})}


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what a Request carries; `label` is what a member reads, with more `about` it where there is room."""

    label: str
    value: str
    chosen: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """One of at most 25 choices, or several with `many`. Choosing runs `command` with the argument set to the value;
    several are joined by commas."""

    label: str
    command: str
    argument: str
    choices: tuple[Choice, ...]
    many: bool = False

    @property
    def id(self) -> str:
        return f"{self.command}~{self.argument}"


def read_select(select_id: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A select's id and what was chosen, as the command and arguments of a Request with `pressed=True`."""
    command, _, argument = select_id.removesuffix("~").partition("~")  # a surface may have renewed the id
    return command, {argument: ",".join(values)}


@dataclass(frozen=True, slots=True)
class Input:
    """One line of a form; with `long` a box of several."""

    name: str
    label: str  # at most 45 characters
    value: str = ""
    required: bool = True
    long: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for several values at once (at most 5); sending it runs `command` with them. A surface without forms shows
    the Reply's text instead, which says how to type the same."""

    title: str  # at most 45 characters
    command: str
    inputs: tuple[Input, ...]
    session: int | None = None  # what it is about, beside its inputs

    @property
    def id(self) -> str:
        """As a button's: `read_button` reads it."""
        return f"{self.command}@{self.session}" if self.session else self.command


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Event:
    """A session for a surface's own calendar."""

    starts: datetime
    ends: datetime
    place: str  # a room or a link; "" when none is known
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """A command as help tells of it. A surface may make `typed` something to press."""

    typed: str  # "/paper vote"
    about: str
    example: str = ""  # "/paper vote 3"


CardKind = Literal[
    "digest",
    "papers",  # goes on from a digest that has more of them than a message holds
    "paper",
    "discussion",
    "notice",
    "ballot",  # nominations are open, ballots can be filled in
    "pick",
    "ask",  # somebody is asked to present
    "session",  # a reminder, the room where a session is prepared and held
    "recap",  # how it was; the archive
    "event",
]


@dataclass(frozen=True, slots=True)
class Card:
    """The platform-neutral view of an entry, a digest, a session, a notice. `url` is http(s) or empty."""

    kind: CardKind
    title: str
    url: str = ""
    byline: str = ""  # authors
    body: str = ""
    label: str = ""  # where the body comes from: "from the abstract"
    fields: tuple[Field, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (what, http(s) address)
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    selects: tuple[Select, ...] = ()
    commands: tuple[CommandHelp, ...] = ()
    event: Event | None = None
    takes_emoji: bool = True  # of a paper: the voting emoji on it is a vote
    messages: tuple[tuple[str, str], ...] = ()  # (what, the surface's name (ref) of a message where this is shown)
    discussion: str = ""  # the same of a message of its discussion there; "" before it is open
    entry: int | None = None
    number: int | None = None  # on the day's list, as members type it


@dataclass(frozen=True, slots=True)
class Message:
    """A card for a channel; `text` is its one-line form for notifications and screen readers. With `parts` it is the
    heading of several papers, each a card with its own buttons; a surface that can't put those beside each part shows
    the `shortcuts` and the `opener` below all of them."""

    text: str
    card: Card
    mentions: tuple[str, ...] = ()  # accounts of those whom it calls by name, on purpose; nobody else is
    called: str = ""  # how `text` begins where it calls them, "Ann and Ben"; a surface puts what it calls them by there
    pinned: bool = False  # while it is wanted so, on surfaces that pin
    parts: tuple[Card, ...] = ()
    shortcuts: tuple[Button, ...] = ()  # what is pressed most, each with the number of its part
    opener: Select | None = None  # answers with the part that was chosen, and all its buttons
    silent: bool = False  # its first post notifies nobody: another message has
    replies: bool = False  # stands beside the message that it belongs under, as a reply to it, and not in its thread
    asks: bool = False  # something of those whom it calls: where no channel takes it, it goes to them directly

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Face:
    """What a message that stands in a channel shows now, by our number of it."""

    message_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class Reply:
    """The private answer to one request. `choices` are offered when the request was ambiguous, a `form` when more has
    to be asked. One that `replaces` takes the place of the private answer whose button or select was used."""

    text: str
    cards: tuple[Card, ...] = ()
    choices: tuple[Button, ...] = ()
    ok: bool = True
    form: Form | None = None
    replaces: bool = False
    is_shown: bool = False  # the card that was pressed shows what came of it, so that nothing needs be said
    face: Face | None = None  # of that card, where it looks otherwise now: a preview, the outbox's own edit follows
    messages: tuple[tuple[str, str], ...] = ()  # that its text speaks of, as a card's
