"""The program's own settings, outside the groups: they come from the configuration and the environment alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from ipaddress import ip_network
from typing import Any, ClassVar, Literal

from bot.model.settings.group import GroupSettings
from bot.model.settings.kinds import Kind, Names, Number, OneOf, Option, WallTime
from bot.model.settings.setting import Fault, require_valid, setting

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Address(Kind):
    """Of a service, so that a proxy can stand in."""

    def fault(self, value: str) -> str:
        return "" if value.startswith(("https://", "http://")) else f'"{value}" must begin with https:// or http://'


def is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class WebSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    host: str = setting(
        "127.0.0.1",
        Kind(),
        note="only this machine. Another address opens the page to others, and needs allowed_hosts.",
    )
    port: int = setting(8321, Number(0, 65535), note="where the page is found: http://127.0.0.1:8321")
    allowed_hosts: tuple[str, ...] = setting(
        (),
        Names(),
        note='names by which members reach the page, as they stand in its address: ["papers.example.org"]. '
        "Everybody can read then; a name takes a code that a moderator gives out: /paper-admin invite",
    )
    proxies: tuple[str, ...] = setting(
        (),
        Names(),
        note='web servers in front of it on other machines, addresses or networks as ["10.0.0.2"], that are believed '
        "about who the visitor is (X-Forwarded-For)",
    )

    def __post_init__(self) -> None:
        require_valid(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if wrong := [host for host in self.allowed_hosts if "/" in host]:
            yield "allowed_hosts", f'"{wrong[0]}" is an address; write the name alone, as "papers.example.org"'
        if wrong := [proxy for proxy in self.proxies if not is_network(proxy)]:
            yield "proxies", f'"{wrong[0]}" is no address; write one, or a network, as "10.0.0.0/8"'
        if self.host not in ("127.0.0.1", "::1", "localhost") and not self.allowed_hosts:
            yield "host", f'"{self.host}" opens the page to others: set allowed_hosts to the names they will use'


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """The token is a secret and not here: DISCORD_TOKEN or DISCORD_TOKEN_FILE."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    api_base: str = setting("https://discord.com/api/v10", Address(), note="or a proxy of yours")
    vote_emoji: str = setting(
        "👍", Kind(), note='a reaction that counts as a vote; one of the server\'s own as "name:id"'
    )

    def __post_init__(self) -> None:
        require_valid(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.vote_emoji.strip() or len(self.vote_emoji) > 60:
            yield "vote_emoji", 'must be one emoji, such as "👍", or "name:id" of a server\'s own'


@dataclass(frozen=True, slots=True)
class HuggingFaceSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    base_url: str = setting("https://huggingface.co", Address(), note="or a proxy of yours")
    settles: time = setting(time(8), WallTime(), note="UTC time after which a day's list hardly grows")

    def __post_init__(self) -> None:
        require_valid(self)


@dataclass(frozen=True, slots=True)
class SourcesSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    huggingface: HuggingFaceSettings | None = None


@dataclass(frozen=True, slots=True)
class SummarizerSettings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    name: Literal["extractive"] = setting(
        "extractive",
        OneOf((Option("extractive", "the sentence of the abstract that tells what the paper does"),)),
        note="the sentence of the abstract that tells what the paper does; needs no model and no key",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    database: str = setting(
        "paperclub.db",
        Kind(),
        note="the SQLite file that holds everything; beside it stands <database>.key, which signs the web page's "
        "cookies and the addresses of members' calendars",
    )
    web: WebSettings = field(default_factory=WebSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    sources: SourcesSettings = field(default_factory=SourcesSettings)
    summarizer: SummarizerSettings = field(default_factory=SummarizerSettings)
    groups: tuple[GroupSettings, ...] = ()
