"""What a command is: its row in the table, who may run it, how a typed line is read. Holds no command."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any

from bot.cards import Choice, Reply
from bot.commands.sections import DESK, PAPERS
from bot.day.collect import Collector
from bot.day.daily import Daily
from bot.day.summaries import Summaries
from bot.errors import UserError
from bot.groups import Groups, channel_of
from bot.languages import Listener, Phrase, msgid, phrase
from bot.meetings import Meetings
from bot.model import Act, GroupSettings, Member, Request
from bot.papers.lookup import Lookup
from bot.ports import Clock, CommandInfo, Kind, ParameterInfo, Section, Store, Words
from bot.surfaces import Surfaces

ADMIN = "admin "  # before what was typed behind `/paper-admin`


def _told(to: Listener, about: str, de: Words | None) -> str:
    return de[1] if de and to.tongue == "de" else about


class Policy(Enum):
    """Who may run a command. There is no default: a command without one does not exist."""

    ANYONE = "anyone"
    MEMBER = "members"  # someone with a name, whose votes and claims are theirs
    MODERATOR = "moderators"


@dataclass(frozen=True, slots=True)
class Context:
    """What a command gets: who asks, in which group, and the ports."""

    request: Request
    group: GroupSettings
    member: Member | None
    is_moderator: bool
    store: Store
    clock: Clock
    summaries: Summaries
    finding: Lookup
    surfaces: Surfaces
    commands: "Sequence[Command]"
    groups: Groups
    collector: Collector
    daily: Daily
    meetings: Meetings
    report: Callable[[], Awaitable[Sequence[str]]]  # lines for `status`

    def act(self) -> Act:
        """For what the store changes. Only commands for members have someone who acts."""
        if self.member is None:
            raise UserError(nameless(self.request))
        how = "button" if self.request.pressed else "command"
        return Act(self.request.id, self.group.id, self.member.id, f"{self.surface}/{how}", self.clock.now())

    @property
    def toggles(self) -> bool:
        """Whether to vote or claim again takes it back: by a card's button, not by word or by an offered choice.
        Nothing else is taken back by saying it again."""
        return self.request.pressed and "once" not in self.request.args

    @property
    def surface(self) -> str:
        return self.request.account.partition(":")[0]

    @property
    def here(self) -> str:
        """The channel in which it is asked: what an answer links to stands there."""
        return channel_of(self.request.place)

    def now(self) -> datetime:
        return self.clock.now()


@dataclass(frozen=True, slots=True)
class Parameter:
    """`read` turns what was typed into what the command gets, or raises UserError."""

    name: str
    about: str
    read: Callable[[Context, str], Awaitable[Any]]
    required: bool = True
    kind: Kind = "text"
    complete: Callable[[Context, str], Awaitable[Sequence[Choice]]] | None = None
    choices: tuple[Choice, ...] = ()
    de: Words | None = None  # name and about in German
    words: tuple[str, ...] = ()  # that were typed for it once, and stand in messages still

    def about_for(self, to: Listener) -> str:
        return _told(to, self.about, self.de)

    @property
    def info(self) -> ParameterInfo:
        return ParameterInfo(
            name=self.name,
            about=self.about,
            kind=self.kind,
            required=self.required,
            completes=self.complete is not None,
            choices=self.choices,
            translations={"de": self.de} if self.de else {},
        )


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is what requests, buttons and stored messages carry: it stays, also where what is typed changes."""

    name: str
    about: str
    policy: Policy
    parameters: tuple[Parameter, ...]
    run: Callable[..., Awaitable[Reply]]
    de: Words  # name and about in German
    section: Section
    slow: bool = False
    only_on: tuple[str, ...] = ()
    founds: bool = False  # where no group meets, a moderator of the platform makes one with it
    elsewhere: bool = False  # is about a group of the server that is named, wherever it is typed
    everyday: bool = False  # typed without its section's word
    info: CommandInfo = field(init=False, compare=False)  # made once: every help has all of them

    def __post_init__(self) -> None:
        object.__setattr__(self, "info", self._describe())

    @property
    def word(self) -> str:
        """Its own, without its section's. Where members have a command of the same word, a moderators' one is named
        "admin <word>"."""
        return self.info.word

    @property
    def typed(self) -> str:
        return self.info.typed

    def line_for(self, to: Listener) -> str:
        """As help tells it: `/paper today: the newest list`"""
        return f"{self.typed}: {self.about_for(to)}"

    def about_for(self, to: Listener) -> str:
        return _told(to, self.about, self.de)

    def is_offered_on(self, surface: str) -> bool:
        return not self.only_on or surface in self.only_on

    @property
    def usage(self) -> str:
        """As `read_line` takes it: the first parameter bare, the others behind their names."""
        texts = [f"{'' if n == 0 else f'{p.name}:'}{p.name.upper()}" for n, p in enumerate(self.parameters)]
        shown = (text if p.required else f"[{text}]" for text, p in zip(texts, self.parameters, strict=True))
        return " ".join((self.typed, *shown))

    def _describe(self) -> CommandInfo:
        return CommandInfo(
            name=self.name,
            about=self.about,
            parameters=tuple(parameter.info for parameter in self.parameters),
            slow=self.slow,
            only_on=self.only_on,
            named=self.policy is not Policy.ANYONE,
            moderators=self.policy is Policy.MODERATOR,
            translations={"de": self.de},
            section=self.section,
            everyday=self.everyday,
        )


def command(
    name: str,
    about: str,
    policy: Policy,
    *parameters: Parameter,
    de: Words,
    section: Section | None = None,
    slow: bool = False,
    only_on: tuple[str, ...] = (),
    founds: bool = False,
    elsewhere: bool = False,
    everyday: bool = False,
) -> Callable[[Callable[..., Awaitable[Reply]]], Command]:
    """Makes a row of the table from a function of a Context and its parameters, by name. What is said of no section
    is about papers, or moderators'."""
    place = section or (DESK if policy is Policy.MODERATOR else PAPERS)
    return lambda run: Command(
        name,
        about,
        policy,
        parameters,
        run,
        de,
        place,
        slow=slow,
        only_on=only_on,
        founds=founds,
        elsewhere=elsewhere,
        everyday=everyday,
    )


def nameless(request: Request) -> str:
    if request.from_outside:
        return msgid("Choose a name first. Ask a moderator for a code: /paper join YOUR NAME code:CODE")
    return msgid("Choose a name first: /paper join YOUR NAME")


class Ambiguous(UserError):
    """What was typed for a parameter may be meant so or so; the member is offered it, with all else that they typed."""

    def __init__(self, sentence: str, /, choices: Sequence[Choice], **values: object) -> None:
        super().__init__(sentence, **values)
        self.choices = tuple(choices)
        self.parameter = ""  # of which command's, its reader does not know


def read_line(commands: Sequence[Command], line: str) -> tuple[str, Mapping[str, str]]:
    """`/paper vote 3` → ("vote", {"paper": "3"}). Nothing typed asks for help. The rest of the line is the parameter;
    of several each has its name before it, as Discord writes it: `/paper-admin setup post_at:9:00 on:tue, thu`.
    The word of a section may be left out."""
    found_prefix = re.match(r"/?paper(-admin)?(?![\w-])", line.strip(), flags=re.IGNORECASE)
    words = line.strip()[found_prefix.end() if found_prefix else 0 :].strip()
    is_admin = bool(found_prefix and found_prefix[1])
    name, rest = _read_name(commands, words, is_admin=is_admin)
    found = next((c for c in commands if c.name == name), None)
    if found is None or not found.parameters:
        return name or _known_as(commands, "help", is_admin=is_admin), {"words": rest} if rest else {}
    return name, _read_values(found.parameters, rest)


def _read_name(commands: Sequence[Command], words: str, *, is_admin: bool) -> tuple[str, str]:
    """The command's name and what stands behind it. Of a section's word alone: its help."""
    word, rest = _first_word(words)
    if is_admin or word not in _sections(commands):
        return _known_as(commands, word, is_admin=is_admin), rest
    if not rest:
        return "help", word
    inner, behind = _first_word(rest)
    path = f"{word} {inner}"
    return next((c.name for c in commands if c.info.path == path), path), behind


def _first_word(words: str) -> tuple[str, str]:
    first, rest, *_ = *words.split(maxsplit=1), "", ""
    return first.lower(), rest


def _sections(commands: Sequence[Command]) -> Mapping[str, str]:
    """Words that are typed before those of commands → with what is typed before them."""
    return {c.info.subgroup.word: f"/paper {c.info.subgroup.word}" for c in commands if c.info.subgroup}


def _known_as(commands: Sequence[Command], word: str, *, is_admin: bool) -> str:
    """The name of the command that is meant by a word behind `/paper` or `/paper-admin`."""
    return ADMIN + word if is_admin and any(c.name == ADMIN + word for c in commands) else word


def _read_values(parameters: Sequence[Parameter], text: str) -> Mapping[str, str]:
    """Words before any name are the first parameter's; of a single one, only a name at the beginning is one."""
    names = {word: parameter.name for parameter in parameters for word in (parameter.name, *parameter.words)}
    place = r"^\s*" if len(parameters) == 1 else r"(?<!\S)"
    first, *rest = re.split(rf"{place}({'|'.join(names)}):", text, flags=re.IGNORECASE)
    said = {names[word.lower()]: value for word, value in zip(rest[::2], rest[1::2], strict=True)}
    values = {parameters[0].name: first, **said}
    return {name: value.strip() for name, value in values.items() if value.strip()}


def find_command(commands: Sequence[Command], request: Request) -> Command:
    """Raises UserError with the nearest name."""
    surface, asked = request.account.partition(":")[0], request.command
    name = _known_as(commands, asked.removeprefix(ADMIN), is_admin=asked.startswith(ADMIN))
    offered = [c for c in commands if c.is_offered_on(surface)]
    found = next((c for c in offered if c.name == name), None)
    if found:
        return found
    raise UserError('There is no command "{name:.40}". {hint}', name=name, hint=_hint(offered, name))


def _hint(offered: Sequence[Command], name: str) -> Phrase:
    """The nearest word of the section that was named, else of all; members' before moderators'."""
    section, _, word = name.rpartition(" ")
    within = {c.word: c.typed for c in offered if c.info.subgroup and c.info.subgroup.word == section}
    every = {**{c.word: c.typed for c in reversed(offered)}, **_sections(offered)}
    near = [known[match] for known in (within, every) for match in get_close_matches(word, known, 1, 0.6)]
    if near:
        return phrase('Did you mean "{typed}"?', typed=near[0])
    return phrase('"{typed}" lists them.', typed=f"/paper help {section}" if within else "/paper help")


async def read_arguments(context: Context, found: Command) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in found.parameters:
        typed = _typed(context.request.args, parameter)
        if typed:
            values[parameter.name] = await _read(context, parameter, typed)
        elif parameter.required:
            raise UserError("Say {what}: {usage}", what=parameter.about_for(context.group), usage=found.usage)
    return values


async def _read(context: Context, parameter: Parameter, typed: str) -> Any:
    try:
        return await parameter.read(context, typed)
    except Ambiguous as asked:
        asked.parameter = parameter.name
        raise


def _typed(args: Mapping[str, str], parameter: Parameter) -> str:
    given = (args.get(word, "").strip() for word in (parameter.name, *parameter.words))
    return next(filter(None, given), "")
