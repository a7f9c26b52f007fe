"""Plays a script and writes down what is seen. A script is its own golden: lines at the margin are what people do, the
indented lines below are what they see, made anew with each run.

    @ 2026-11-23 08:00                                  the clock moves, the schedule looks, messages arrive
    in web:readers                                      where those who follow do what they do
    Ann: /paper vote 3                                  says
    Ann presses "Claim" on paper "Tiny Verifiers"       on the newest card of that kind with this in its title
    Ann presses "Yes"                                   in the answer that she got last
    Mod chooses "Days" = mon,tue on notice "Setting"    from a list
    Ann sends first=It works; rating=5                  the form that she got last

What else a stage understands begins with a word of its own (`_other`).
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Target:
    """A card of the channel; without a kind, the answer that somebody got last."""

    kind: str = ""
    title: str = ""


class Stage(Protocol):
    """Answers with the lines that the one who acts sees; `arrived` are those that everybody sees since."""

    async def moves_to(self, now: str) -> Sequence[str]: ...
    async def goes_in(self, place: str) -> Sequence[str]: ...
    async def says(self, who: str, line: str) -> Sequence[str]: ...
    async def presses(self, who: str, label: str, on: Target) -> Sequence[str]: ...
    async def chooses(self, who: str, label: str, values: Sequence[str], on: Target) -> Sequence[str]: ...
    async def sends(self, who: str, values: dict[str, str]) -> Sequence[str]: ...
    async def does(self, who: str, what: str, with_: str) -> Sequence[str]: ...
    async def arrived(self) -> Sequence[str]: ...


INDENT, EMPTY = "    ", "·"
ON = r'(?: on (?P<kind>\w+)(?: "(?P<title>[^"]*)")?)?'
Run = Callable[[Stage, re.Match[str]], Awaitable[Sequence[str]]]
VERBS: Sequence[tuple[str, Run]] = (
    (r"@ (?P<now>.+)", lambda stage, line: stage.moves_to(line["now"])),
    (r"in (?P<place>\S+)", lambda stage, line: stage.goes_in(line["place"])),
    (r"(?P<who>\w+): (?P<line>.*)", lambda stage, line: stage.says(line["who"], line["line"])),
    (
        rf'(?P<who>\w+) presses "(?P<label>[^"]*)"{ON}',
        lambda stage, line: stage.presses(line["who"], line["label"], _target(line)),
    ),
    (
        rf'(?P<who>\w+) chooses "(?P<label>[^"]*)" = (?P<values>[^"]*?){ON}',
        lambda stage, line: stage.chooses(line["who"], line["label"], line["values"].split(" | "), _target(line)),
    ),
    (r"(?P<who>\w+) sends (?P<values>.*)", lambda stage, line: stage.sends(line["who"], _values(line["values"]))),
    (
        r'(?P<who>\w+) (?P<what>\w+)(?: "(?P<with>[^"]*)")?',
        lambda stage, line: stage.does(line["who"], line["what"], line["with"] or ""),
    ),
)


async def play(script: str, stage: Stage) -> str:
    """The same script, with what is seen now."""
    played: list[str] = []
    for line in script.splitlines():
        if not line.startswith(INDENT):
            played.append(line)
            played += (f"{INDENT}{one.rstrip() or EMPTY}" for one in await _run(line, stage))
    return "\n".join(played) + "\n"


async def _run(line: str, stage: Stage) -> Iterable[str]:
    if not line or line.startswith("#"):
        return ()
    for pattern, run in VERBS:
        if found := re.fullmatch(pattern, line):
            return [*await run(stage, found), *await stage.arrived()]
    raise AssertionError(f"nobody understands {line!r}")


def _target(line: re.Match[str]) -> Target:
    return Target(line["kind"] or "", line["title"] or "")


def _values(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split("; "))
    return {name.strip(): value.replace("\\n", "\n") for name, _, value in pairs}
