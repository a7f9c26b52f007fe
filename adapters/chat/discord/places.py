"""Names of Discord's places, accounts and messages, as the core keeps them. Knows nothing of what stands there."""

import re
from dataclasses import dataclass

SURFACE = "discord"
PLACE = re.compile(r"discord:(\d{1,20}|@me)/(\d{1,20})(?:/(\d{1,20}))?")
REF = re.compile(r"(\d{1,20})/(\d{1,20})")
CHANNEL = re.compile(  # its name and its address, also as they are escaped
    r"#[^\n]{1,110}? https:\\?//discord\.com\\?/channels/(\d{1,20})/(\d{1,20})(?![\d/])", re.ASCII
)
EVENT = re.compile(r"event:(\d{1,20})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spot:
    """`discord:<guild>/<channel>`, with `/<thread>` inside one. `guild` is 0 in direct messages."""

    guild: int
    channel: int
    thread: int = 0

    @property
    def home(self) -> int:
        """The channel that takes messages."""
        return self.thread or self.channel

    @property
    def place(self) -> str:
        thread = f"/{self.thread}" if self.thread else ""
        return f"{SURFACE}:{self.guild or '@me'}/{self.channel}{thread}"


@dataclass(frozen=True, slots=True)
class Ref:
    """A message: `<channel or thread>/<message>`."""

    channel: int
    message: int

    def __str__(self) -> str:
        return f"{self.channel}/{self.message}"

    @property
    def starts_post(self) -> bool:
        """A forum's post and its first message have the same id."""
        return self.channel == self.message


def read_place(place: str) -> Spot | None:
    found = PLACE.fullmatch(place)
    if found is None:
        return None
    guild, channel, thread = found.groups()
    return Spot(0 if guild == "@me" else int(guild), int(channel), int(thread or 0))


def read_ref(ref: str) -> Ref | None:
    found = REF.fullmatch(ref)
    return Ref(int(found[1]), int(found[2])) if found else None


def event_ref(event: int) -> str:
    """A scheduled event, which stands in no channel; 0: none was made."""
    return f"event:{event}"


def read_event(ref: str) -> int | None:
    found = EVENT.fullmatch(ref)
    return int(found[1]) if found else None


def account_of(user: int | str) -> str:
    return f"{SURFACE}:{user}"


def read_account(account: str) -> int | None:
    """None for an account of another surface."""
    surface, _, user = account.partition(":")
    return int(user) if surface == SURFACE and user.isascii() and user.isdecimal() else None


def thread_of(opening: Ref, channel: int) -> int:
    """The thread that a discussion's first message opened: it hangs on that message where this stands in the channel
    itself, else the message stands in it."""
    return opening.message if opening.channel == channel else opening.channel


def address(guild: int, channel: int, message: int = 0) -> str:
    """Opens a channel, a thread or a message in one in every client."""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}{f'/{message}' if message else ''}"
