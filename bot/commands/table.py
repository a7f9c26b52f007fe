"""What a command is: its row in the table, who may run it, how a typed line is read. Holds no command."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any

from bot.cards import Reply
from bot.errors import UserError
from bot.model import Act, Entry, GroupSettings, Member, Request
from bot.ports import Clock, CommandInfo, Store
from bot.summaries import Summaries


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
    commands: "Sequence[Command]"
    report: Callable[[], Awaitable[Sequence[str]]]  # lines for `status`

    def act(self) -> Act:
        """For what the store changes. Only commands for members have someone who acts."""
        if self.member is None:
            raise UserError("Choose a name first: /paper join YOUR NAME")
        how = "button" if self.request.pressed else "command"
        return Act(self.request.id, self.group.id, self.member.id, f"{self.surface}/{how}", self.clock.now())

    @property
    def toggles(self) -> bool:
        """Whether doing it again takes it back: by a card's button, not by word or by a choice that was offered."""
        return self.request.pressed and "once" not in self.request.args

    @property
    def surface(self) -> str:
        return self.request.account.partition(":")[0]

    def now(self) -> datetime:
        return self.clock.now()


@dataclass(frozen=True, slots=True)
class Parameter:
    """`read` turns what was typed into what the command gets, or raises UserError."""

    name: str
    about: str
    read: Callable[[Context, str], Awaitable[Any]]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    about: str
    policy: Policy
    parameters: tuple[Parameter, ...]
    run: Callable[..., Awaitable[Reply]]
    slow: bool = False
    only_on: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        typed = (f"{p.name.upper()}" if p.required else f"[{p.name.upper()}]" for p in self.parameters)
        return " ".join(("/paper", self.name, *typed))

    @property
    def info(self) -> CommandInfo:
        return CommandInfo(
            name=self.name,
            about=self.about,
            parameters=tuple((p.name, p.about) for p in self.parameters),
            required=any(p.required for p in self.parameters),
            slow=self.slow,
            only_on=self.only_on,
            named=self.policy is not Policy.ANYONE,
        )


def command(
    name: str, about: str, policy: Policy, *parameters: Parameter, slow: bool = False, only_on: tuple[str, ...] = ()
) -> Callable[[Callable[..., Awaitable[Reply]]], Command]:
    """Makes a row of the table from a function of a Context and its parameters, by name."""
    return lambda run: Command(name, about, policy, parameters, run, slow, only_on)


class Ambiguous(UserError):
    """Several papers fit; the member is offered them."""

    def __init__(self, text: str, entries: Sequence[Entry]) -> None:
        super().__init__(text)
        self.entries = tuple(entries)


def read_line(commands: Sequence[Command], line: str) -> tuple[str, Mapping[str, str]]:
    """`/paper vote 3` → ("vote", {"paper": "3"}). Nothing typed asks for help; the rest of the line is the parameter,
    and `name:` before a value is accepted, as Discord writes it."""
    words = re.sub(r"^/?paper\b", "", line.strip(), flags=re.IGNORECASE).strip()
    name, _, rest = words.partition(" ")
    name = name.lower()
    found = next((c for c in commands if c.name == name), None)
    if found is None or not found.parameters:
        return name or "help", {"words": rest} if rest else {}
    parameter = found.parameters[0].name
    value = re.sub(rf"^{parameter}:\s*", "", rest.strip(), flags=re.IGNORECASE)
    return name, {parameter: value} if value else {}


def find_command(commands: Sequence[Command], request: Request) -> Command:
    """Raises UserError with the nearest name."""
    surface = request.account.partition(":")[0]
    offered = {c.name: c for c in commands if not c.only_on or surface in c.only_on}
    if found := offered.get(request.command):
        return found
    near = get_close_matches(request.command, offered, 1, 0.5)
    hint = f'Did you mean "/paper {near[0]}"?' if near else '"/paper help" lists them.'
    raise UserError(f'There is no command "{request.command[:40]}". {hint}')


async def read_arguments(context: Context, found: Command) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in found.parameters:
        typed = context.request.args.get(parameter.name, "").strip()
        if typed:
            values[parameter.name] = await parameter.read(context, typed)
        elif parameter.required:
            raise UserError(f"Say {parameter.about}: {found.usage}")
    return values
