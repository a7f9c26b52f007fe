"""The fake Discord as a stage for scripts: what its server received, as JSON in order, and what members see of it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.model import WeekSettings
from bot.operate import export
from bot.outbox import settle_all
from tests.discord_club import DiscordClub, on_discord, one_time
from tests.fakes.discord import Answer, Channel, ClientRefusal, FakeDiscord, Member, Message, SeenRequest
from tests.fakes.discord.texts import walk
from tests.fakes.source import paper
from tests.golden import laid_out
from tests.playing import Target

FRIDAY = "2026-11-20 07:00"
WEEK = WeekSettings(session="thu 17:00", place="Room 2.01", roles=("critic", "scribe"))
TITLES = ("Diffusion for Cats", "Attention for Dogs", "Sampling for Fish", "Ranking for Birds")
SNOWFLAKE = re.compile(r"\b\d{17,20}\b")
TOKEN = re.compile(r"[\w-]{60,}")
CODE = re.compile(r"\b[0-9A-F]{4}(-[0-9A-F]{4}){3}\b")
KEPT = re.compile(r"\^[0-9a-f]{12}\b")  # what was typed into a form that is filled in again
VERSION = re.compile(r"Paperclub \d+\.\d+\.\d+")
CHANGES = {"POST", "PATCH", "PUT", "DELETE"}
REACTIONS = "/reactions/"
ROUNDS = 2
QUIET = 3  # looks in a row in which nothing happened


@dataclass
class Names:
    """Of what is random or counts time: the same whenever the same is played."""

    known: dict[str, str] = field(default_factory=dict)

    def put_in(self, text: str) -> str:
        text = KEPT.sub("^KEPT", text)
        text = TOKEN.sub("TOKEN", CODE.sub("CODE", VERSION.sub("Paperclub VERSION", text)))
        return SNOWFLAKE.sub(lambda found: self._name(found[0]), text)

    def _name(self, id: str) -> str:
        return self.known.setdefault(id, f"id-{len(self.known)}")


@dataclass
class DiscordStage:
    discord: FakeDiscord
    club: DiscordClub
    names: Names
    channel: Channel
    _answers: dict[str, Answer] = field(default_factory=dict)
    _seen: int = 0
    _marks: set[str] = field(default_factory=set)  # what became of reactions, which is nobody's turn

    # what people do

    async def moves_to(self, now: str) -> Sequence[str]:
        await self.club.wait_until(now)
        await self.club.wait_until(now)
        self.discord.moves(0)  # it looks at its clock
        return ()

    async def goes_in(self, place: str) -> Sequence[str]:
        guild = self.club.guild
        self.channel = next(one for one in guild.channels.values() if one.name == place)
        return ()

    async def says(self, who: str, line: str) -> Sequence[str]:
        name, _, rest = line.partition("?")
        options: dict[str, Any] = {}
        for pair in filter(None, rest.split("&")):
            key, _, value = pair.partition("=")
            options[key.strip()] = self._value(value.strip())
        return await self._told(who, lambda person: person.types(self.channel, name.strip(), **options))

    async def presses(self, who: str, label: str, on: Target) -> Sequence[str]:
        return await self._told(who, lambda person: person.presses(self._shown(who, on), label))

    async def chooses(self, who: str, label: str, values: Sequence[str], on: Target) -> Sequence[str]:
        return await self._told(who, lambda person: person.chooses(self._shown(who, on), label, *values))

    async def sends(self, who: str, values: dict[str, str]) -> Sequence[str]:
        form = self._answers[who].modal
        if form is None:
            return ["(no form)"]
        labels = {label: value for name, value in values.items() for label in form.labels if name in label}
        return await self._told(who, lambda person: person.submits(form, labels))

    async def does(self, who: str, what: str, with_: str) -> Sequence[str]:
        person = self._person(who)
        match what:
            case "reacts":
                await person.reacts(self._message(with_), "👍")
            case "unreacts":
                await person.unreacts(self._message(with_), "👍")
            case "marks":
                person.subscribes(list(self.club.guild.events.values())[-1])
            case "counts":
                return await self._reactions()
            case "writes":
                await person.says(self.channel, with_)
            case "saves":
                note = next(one for one in reversed(self.channel.messages) if with_ in one.content)
                return await self._told(who, lambda person: person.uses("Submit paper", note))
            case "completes":
                command, _, typed = with_.partition("?")
                name, _, value = typed.partition("=")
                options: dict[str, Any] = {name: value}
                choices = await person.completes(self.channel, command, **options)
                return [f"{one.name} = {one.value}" for one in choices]
            case _:
                raise AssertionError(f"{who} {what}?")
        return ()

    # what the server received

    async def arrived(self) -> Sequence[str]:
        await self._quiet()
        fresh = [one for one in self.discord.requests[self._seen :] if one.method in CHANGES]
        self._seen = len(self.discord.requests)
        self._marks |= {f"{one.method} {one.path}" for one in fresh if REACTIONS in one.template}
        rest = [one for one in fresh if REACTIONS not in one.template]
        rest.sort(key=lambda one: not ("/callback" in one.template or "/webhooks/" in one.template))
        return [line for one in rest for line in self._journal(one)]

    async def _reactions(self) -> list[str]:
        cards = [one for one in self.channel.messages if "Summary" in one.buttons]
        await self.discord.until(lambda: all("👍" in card.reacted for card in cards))
        await self.arrived()
        return [self.names.put_in(mark) for mark in sorted(self._marks)]

    def _journal(self, seen: SeenRequest) -> list[str]:
        body = [] if seen.body is None else laid_out(seen.body).splitlines()
        status = "" if seen.status in (200, 201, 204) else f" → {seen.status}"
        heading = f"{seen.method} {seen.path}{status}"
        return [self.names.put_in(line) for line in (heading, *(f"  {line}" for line in body))]

    async def _quiet(self) -> None:
        """Until nobody asks for anything any more. The clock moves as far as always, however long that takes."""
        for _ in range(ROUNDS):
            self.club.clock.move(seconds=5)
            still = 0
            while still < QUIET:
                before = self._state()
                await settle_all(self.club.club.outboxes)
                await asyncio.sleep(0.002)
                still = still + 1 if before == self._state() and self._all_answered() else 0

    def _state(self) -> tuple[int, int]:
        return len(self.discord.requests), self.club.club.store.commits

    def _all_answered(self) -> bool:
        return all(one.status for one in self.discord.requests[self._seen :])

    # who they are, and what they see

    def _person(self, who: str) -> Member:
        known = (member for member in self.club.guild.members.values() if member.name == who)
        return next(known, None) or self.club.guild.add_member(who)

    def _value(self, text: str) -> Any:
        """`@Ann` is a member, `#4` a number."""
        return self._person(text[1:]) if text.startswith("@") else int(text[1:]) if text.startswith("#") else text

    async def _told(self, who: str, ask: Callable[[Member], Awaitable[Answer]]) -> Sequence[str]:
        """What stands on their screen; the JSON of it is in the journal."""
        try:
            answer = await ask(self._person(who))
        except ClientRefusal as refusal:
            return [self.names.put_in(f"(their client: {refusal})")]
        self._answers[who] = answer
        private = "privately" if answer.is_private else "to all"
        seen = (f"{answer.kind} {private}", *answer.text.splitlines(), *_pressable(answer))
        return [self.names.put_in(line) for line in seen]

    def _shown(self, who: str, on: Target) -> Message | Answer:
        return self._message(on.title) if on.kind else self._answers[who]

    def _message(self, title: str) -> Message:
        """The newest with this in its text, also in threads."""
        everywhere = [self.channel, *self.channel.threads]
        messages = (one for channel in everywhere for one in channel.messages)
        found = [one for one in messages if title in "\n".join(one.text.split("\n")[:2])]
        if not found:
            raise ClientRefusal(f"no message {title!r}")
        return max(found, key=lambda one: one.id)

    async def exported(self) -> dict[str, Any]:
        data = await export(self.club.club.settings, None)
        del data["written_at"]
        return data


def _pressable(answer: Answer) -> list[str]:
    ids = (one.get("custom_id") for one in walk(answer.components))
    return [f"[{id}]" for id in ids if id]


@asynccontextmanager
async def discord_stage(folder: Path) -> AsyncIterator[DiscordStage]:
    """A group of four on a server with two channels."""
    async with one_time(FRIDAY) as (discord, clock):
        guild = discord.add_guild("Readers")
        papers, lobby = guild.add_channel("papers"), guild.add_channel("lobby")
        people = [guild.add_member(name) for name in ("Ann", "Ben", "Cleo")]
        async with on_discord(folder, discord, papers, clock=clock, week=WEEK, cards=4) as club:
            club.source.announce("2026-11-20", *(paper(n, title) for n, title in enumerate(TITLES, 1)))
            ids = {discord.application_id: "bot", guild.id: "guild", papers.id: "papers", lobby.id: "lobby"}
            ids |= {one.id: one.name for one in (*people, club.moderator)}
            names = Names({str(id): f"<{name}>" for id, name in ids.items()})
            yield DiscordStage(discord, club, names, papers)
        assert discord.violations == []
