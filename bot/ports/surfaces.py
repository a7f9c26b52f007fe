"""The seams of a surface: what it may ask of the core, what the core asks of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from bot.cards import Choice, Message, Reply
from bot.model import (
    Change,
    Emoji,
    GroupSettings,
    Member,
    OpenCard,
    Reaction,
    Request,
    Stance,
)

Words = tuple[str, str]  # how a command, a section or a parameter is called in a language, and what it is about

LONG_AGO = datetime.fromtimestamp(0, UTC)

Kind = Literal["text", "paper", "date", "number", "member", "channel"]  # what a command's parameter takes


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """`completes`: Core.complete knows values for it. `choices`: the only values, when there are any.
    `translations` are by language."""

    name: str
    about: str
    kind: Kind = "text"
    required: bool = True
    completes: bool = False
    choices: tuple[Choice, ...] = ()
    translations: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Commands that help lists together. Where it has a word, that is typed before theirs: `/paper meeting rsvp`."""

    title: str
    word: str = ""
    about: str = ""
    translations: Mapping[str, Words] = field(default_factory=dict, hash=False)  # of word and about
    asked: str = ""  # behind `/paper help`, where it has no word of its own

    @property
    def topic(self) -> str:
        """As help is asked for it."""
        return self.asked or self.word


NO_SECTION = Section("")


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """One row of the command table, as a surface needs it: to offer, to complete, to explain."""

    name: str
    about: str
    parameters: tuple[ParameterInfo, ...] = ()  # in order, the required ones first
    slow: bool = False  # may take longer than a platform waits: defer the answer
    only_on: tuple[str, ...] = ()  # surfaces that offer it; () means all
    named: bool = False  # only for someone with a name: a surface that gives none itself asks for it first
    moderators: bool = False  # offered as `/paper-admin …`
    translations: Mapping[str, Words] = field(default_factory=dict)
    section: Section = NO_SECTION
    everyday: bool = False  # typed without its section's word

    @property
    def word(self) -> str:
        """Its own; there may be one of the same word for members and one for moderators, whose name begins with
        "admin "."""
        return self.name.removeprefix("admin ")

    @property
    def subgroup(self) -> Section | None:
        """Whose word is typed before its own."""
        return self.section if self.section.word and not self.everyday else None

    @property
    def path(self) -> str:
        """What is typed behind `/paper` or `/paper-admin`."""
        return f"{self.subgroup.word} {self.word}" if self.subgroup else self.word

    @property
    def typed(self) -> str:
        return f"/paper{'-admin' if self.moderators else ''} {self.path}"


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands in a channel."""

    id: int
    posted_at: datetime
    message: Message

    @property
    def cards(self) -> int:
        return 1 + len(self.message.parts)


class Core(Protocol):
    """What a surface may ask. No method raises for what a member does."""

    @property
    def commands(self) -> Sequence[CommandInfo]: ...

    async def handle(self, request: Request) -> Reply: ...

    def read_line(self, line: str) -> tuple[str, Mapping[str, str]]:
        """`/paper vote 3`, `vote 3` → a command's name and arguments, unchecked."""
        ...

    def group(self, group: str) -> GroupSettings | None: ...

    async def whoami(self, group: str, account: str) -> Member | None: ...

    async def stance(self, group: str, account: str) -> Stance: ...

    async def stream(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[Posted]:
        """Messages that stand in `place`, newest last; those older than message `before` when it is given. So many
        that they have `limit` cards, or just more."""
        ...

    async def posted(self, group: str, place: str, message: int) -> Posted | None:
        """None when there is no such message in that place."""
        ...

    async def changes(self, group: str, after: int | None) -> Sequence[Change]:
        """Waits until the group has changed since sequence `after`; None starts from now and answers at once with
        the newest change (or none, when nothing ever happened). A gap too long to replay answers with a Change
        whose `what` is "reset"."""
        ...

    async def calendar(self, group: str, member: int | None, address: str) -> bytes:
        """The group's sessions as an iCalendar file; of a member, those that they did not say they skip. `address` is
        the page that shows them, "" for none."""
        ...

    async def trouble(self) -> str:
        """Why the program is not ready, "" when it is."""
        ...

    async def complete(self, request: Request, parameter: str, typed: str) -> Sequence[Choice]:
        """At most 25 values for a parameter of `request.command` that go on from what was typed, the likeliest first;
        with nothing typed, those that are most wanted. Answers from the local index; none when nothing fits."""
        ...

    async def reacted(self, surface: str, reaction: Reaction) -> bool:
        """The voting emoji on one of our cards is a vote; repeated and replayed events change nothing. Reactions on
        other messages are ignored. False for a message that is not known: if it is ours, it is too new."""
        ...

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        """Cards of the last 14 days that stand on a surface, and events of sessions to come or of that time; newest
        first. Each says how many have its emoji, as we last knew, and when its votes are counted."""
        ...

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        """Who has the voting emoji on a card now, or that of one of its numbers: account → display name. What changed
        while nobody listened becomes votes and retractions; a vote that was taken back by other means does not come
        back."""
        ...

    async def recall(self, key: str) -> str:
        """What a surface told us to remember under `key`, "" when nothing."""
        ...

    async def remember(self, key: str, value: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which message goes where. `nonce` (≤ 25 characters) stays the same over every attempt of a round; `again` says
    that an earlier attempt may have arrived, at any time after `since`."""

    id: int
    place: str
    nonce: str
    ref: str = ""
    parent_ref: str = ""
    again: bool = False
    since: datetime = LONG_AGO


class Adapter(Protocol):
    """One surface. It starts with `run` and lives until it is cancelled."""

    @property
    def name(self) -> str:
        """The part of a place before the colon: "web"."""
        ...

    @property
    def edit_pause(self) -> float:
        """Seconds between two edits of one message."""
        ...

    @property
    def late_edit_pause(self) -> float:
        """The same for a message that is older than an hour."""
        ...

    @property
    def lanes(self) -> int:
        """How many places may be served at the same time; one message of a place at a time."""
        ...

    @property
    def calendar(self) -> bool:
        """Whether it has a calendar of its own: then sessions are posted there as messages of the kind "event", and
        who comes is heard as a Reaction on them."""
        ...

    @property
    def trouble(self) -> str:
        """Why it is not ready, "" when it is."""
        ...

    async def run(self, core: Core) -> None:
        """Raises StartError for what waiting can't mend."""
        ...

    async def ready(self) -> None:
        """Returns once it runs and hears: listening, connected."""
        ...

    async def check(self) -> None:
        """Raises StartError when it could not run as it is set. Shows nothing."""
        ...

    async def post(self, delivery: Delivery, message: Message) -> str:
        """Returns the platform's name of the message. Raises DeliveryError."""
        ...

    async def post_directly(self, delivery: Delivery, message: Message) -> str:
        """The same to one of those whom it calls by name, where nobody else reads it. Raises DeliveryError, `hopeless`
        when none of them can be reached."""
        ...

    async def edit(self, delivery: Delivery, message: Message) -> None:
        """Raises DeliveryError, with `gone` when the message was deleted."""
        ...

    async def remove(self, delivery: Delivery) -> None:
        """Takes a message away that has nothing to show any more; nothing where it does not stand. Raises
        DeliveryError."""
        ...

    async def unreact(self, emoji: Emoji) -> None:
        """Takes an account's voting emoji off a message, where the platform allows it. Raises DeliveryError."""
        ...

    def name_of(self, place: str) -> str:
        """What people call a place: "#papers"; "" when that is not known."""
        ...

    async def fault(self, place: str) -> str:
        """What keeps messages out of a place, as a sentence for its moderators; "" when nothing does, as far as can be
        asked. Raises DeliveryError."""
        ...

    async def is_here(self, place: str, account: str) -> bool:
        """Asks the platform whether the account can still be found where the place is. Raises DeliveryError."""
        ...

    async def tell(self, place: str, accounts: Sequence[str], text: str) -> None:
        """Tells those who look after a place, and nobody else: these accounts, or whom the platform knows as the
        owner when none of them can be reached. Raises DeliveryError."""
        ...

    async def close(self) -> None:
        """Lets go of what `post` and the like hold open, at the end of a program that may never have run it."""
        ...
