"""Settings, as the configuration and moderators give them. Each refuses values that it could not work with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from bot.model.week import MeetingRole
from bot.recurrence import WEEKDAYS, Recurrence, read_recurrence
from bot.timeline import Mode, Shape, TimelineSettings

Rule = Literal["votes", "approval", "irv", "schulze"]  # see bot.voting
PickBy = Literal["automatic", "organiser"]
MODES, RULES, PICKS, MEETING_ROLES = map(get_args, (Mode, Rule, PickBy, MeetingRole))
Layout = Literal["channel", "thread"]
LAYOUTS: tuple[str, ...] = get_args(Layout)
_STRICT: dict[str, Any] = {"extra": "forbid"}


@cache
def time_zones() -> frozenset[str]:
    """IANA names. Looked up once: it takes 40 ms."""
    return frozenset(available_timezones())


def read_weekdays(text: str) -> frozenset[int]:
    """`"mon-fri"`, `"tue, thu"`, `"daily"` as numbers, Monday 0. Raises ValueError."""
    if text.strip().lower() == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f'"{text}" is not a list of weekdays; write "mon-fri", "tue, thu" or "daily"')
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


@dataclass(frozen=True, slots=True)
class DaySettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    on: str = "mon-fri"
    post_at: time = time(9)
    cards: int = 5
    layout: Layout = "channel"
    sources: tuple[str, ...] = ()  # names; () means all that are configured

    def __post_init__(self) -> None:
        read_weekdays(self.on)
        if not 1 <= self.cards <= 20:
            raise ValueError("cards must be 1 to 20 a day")
        if self.layout not in LAYOUTS:
            raise ValueError(f'layout "{self.layout}" is not known; write "channel" or "thread"')
        if self.post_at.tzinfo is not None or self.post_at.second:
            raise ValueError('post_at is a wall time without a zone, such as "09:00"; the zone is the group\'s')

    @property
    def weekdays(self) -> frozenset[int]:
        return read_weekdays(self.on)


@dataclass(frozen=True, slots=True)
class WeekSettings:
    """When the group meets and how it chooses what to read. Without a `session` the week does not run."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    session: str = ""  # see `recurrence.read_recurrence`
    minutes: int = 60
    place: str = ""  # a room or a link
    mode: Mode = "vote"  # or "presenter": the rota names who presents, and they bring a paper
    rule: Rule = "votes"
    pick: PickBy = "automatic"  # or "organiser": the count proposes, a moderator or two members confirm
    hidden: bool = False  # nobody sees counts before the close; reactions are no votes then
    budget: int = 0  # votes that a member has in a window, 0 for any number; reactions are no votes then
    shortlist: int = 5  # papers on a ballot
    weighted: bool = False  # votes of members who came to the last sessions weigh more
    headcount: int = 0  # members who must have said that they come, or the session is called off; 0: nobody must
    sleep_weeks: int = 8  # after which a claim that was never picked sleeps, and its holder is asked; 0: never
    roles: tuple[str, ...] = ()  # that are offered for each session: "critic", "scribe" …
    timeline: TimelineSettings = field(default_factory=TimelineSettings)

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))

    def _faults(self) -> Iterator[str]:
        try:
            self.recurrence  # noqa: B018 - read for its faults
        except ValueError as fault:
            yield f"session: {fault}"
        for name, least, most in (
            ("minutes", 5, 600),
            ("budget", 0, 50),
            ("shortlist", 2, 20),
            ("headcount", 0, 100),
            ("sleep_weeks", 0, 104),
        ):
            if not least <= getattr(self, name) <= most:
                yield f"{name} must be {least} to {most}"
        for name, known in (("mode", MODES), ("rule", RULES), ("pick", PICKS)):
            if getattr(self, name) not in known:
                yield f'{name} "{getattr(self, name)}" is not known; write {" or ".join(known)}'
        if self.has_ballots:
            yield from self.timeline.ballot_faults()
        for role in self.roles:
            if role not in MEETING_ROLES:
                yield f'there is no role "{role}", only {", ".join(MEETING_ROLES)}'

    @property
    def recurrence(self) -> Recurrence | None:
        """None: the week does not run. Raises ValueError."""
        return read_recurrence(self.session) if self.session.strip() else None

    @property
    def has_ballots(self) -> bool:
        return self.mode == "vote" and self.rule != "votes"

    @property
    def counts_reactions(self) -> bool:
        """A reaction can be neither hidden nor budgeted."""
        return not self.hidden and not self.budget

    @property
    def shape(self) -> Shape:
        return Shape(self.mode, self.has_ballots, self.headcount > 0)


@dataclass(frozen=True, slots=True)
class GroupSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    id: str = "reading-group"
    name: str = "Reading group"
    timezone: str = "UTC"
    language: str = "en"
    channels: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    day: DaySettings = field(default_factory=DaySettings)
    week: WeekSettings = field(default_factory=WeekSettings)

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))

    def _faults(self) -> Iterator[str]:
        if not self.id or not all(c.isascii() and (c.isalnum() or c in "-_") for c in self.id):
            yield f'id "{self.id}" may hold only letters, digits, - and _'
        if self.timezone not in time_zones():
            places = [zone for zone in time_zones() if "/" in zone]  # "CEST" must not become "EST"
            near = get_close_matches(self.timezone, places, 1, 0.75)
            hint = f'did you mean "{near[0]}"?' if near else 'write one like "Europe/Berlin"'
            yield f'timezone "{self.timezone}" is not known, {hint}'
        for channel in self.channels:
            if ":" not in channel or (channel.startswith("web:") and channel != f"web:{self.id}"):
                yield f'channel "{channel}" leads nowhere; write "web:{self.id}", or leave channels out'
            elif channel.startswith("discord:") and not re.fullmatch(r"discord:[1-9]\d*/\d+", channel, re.ASCII):
                yield (
                    f'channel "{channel}" must be "discord:<server id>/<channel id>", both numbers: in Discord turn on '
                    "User Settings → Advanced → Developer Mode, then right-click the server → Copy Server ID and the "
                    "channel → Copy Channel ID"
                )
        for account in self.moderators:
            if ":" not in account:
                yield f'moderator "{account}" is no account; write one like "discord:<user>"'

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class WebSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    host: str = "127.0.0.1"
    port: int = 8321
    allowed_hosts: tuple[str, ...] = ()  # besides localhost: names by which members reach the page

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError("port must be 0 to 65535")
        if wrong := [host for host in self.allowed_hosts if "/" in host]:
            raise ValueError(f'allowed_hosts has "{wrong[0]}"; write the name alone, as "papers.example.org"')
        if self.host not in ("127.0.0.1", "::1", "localhost") and not self.allowed_hosts:
            raise ValueError(
                f'host "{self.host}" opens the page to others: set allowed_hosts to the names they will use'
            )


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """The token is a secret and not here: DISCORD_TOKEN or DISCORD_TOKEN_FILE."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    api_base: str = "https://discord.com/api/v10"
    vote_emoji: str = "👍"  # or a custom one of the server, as "name:id"

    def __post_init__(self) -> None:
        if not self.api_base.startswith(("https://", "http://")):
            raise ValueError(f'api_base "{self.api_base}" must begin with https:// or http://')
        if not self.vote_emoji.strip() or len(self.vote_emoji) > 60:
            raise ValueError('vote_emoji is one emoji, such as "👍", or "name:id" of a server\'s own')


@dataclass(frozen=True, slots=True)
class HuggingFaceSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    base_url: str = "https://huggingface.co"
    settles: time = time(8)  # UTC; almost all papers of a day appear by 07:00

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("https://", "http://")):
            raise ValueError(f'base_url "{self.base_url}" must begin with https:// or http://')
        if self.settles.second:
            raise ValueError('settles is a time such as "08:00"')


@dataclass(frozen=True, slots=True)
class SourcesSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    huggingface: HuggingFaceSettings | None = None


@dataclass(frozen=True, slots=True)
class SummarizerSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    name: Literal["extractive"] = "extractive"


@dataclass(frozen=True, slots=True)
class Settings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    database: str = "paperclub.db"
    web: WebSettings = field(default_factory=WebSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    sources: SourcesSettings = field(default_factory=SourcesSettings)
    summarizer: SummarizerSettings = field(default_factory=SummarizerSettings)
    groups: tuple[GroupSettings, ...] = ()
