"""A core in memory: one group whose cards can be voted for, passed and claimed. For tests of surfaces only."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.cards import Button, Card, Choice, CommandHelp, Field, Message, Reply
from bot.model import Change, GroupSettings, Member, OpenCard, Reaction, Request, Stance
from bot.ports import CommandInfo, ParameterInfo, Posted

POSTED_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
COMMANDS = ("help", "today", "search", "show", "vote", "claim", "pass", "summary", "join", "status")
NAMED = ("vote", "claim", "pass")


class FakeCore:
    """Implements `bot.ports.Core` and keeps every Request in `requests`. A request id counts once."""

    def __init__(self, group: str = "reading-group", cards: Sequence[Card] = ()) -> None:
        self.settings = GroupSettings(id=group, channels=(f"web:{group}",))
        self.cards = dict(enumerate(cards, 1))
        self.requests: list[Request] = []
        self.names: dict[str, str] = {}
        self.held: dict[str, dict[int, set[str]]] = {"vote": {}, "pass": {}, "claim": {}}
        self.log: list[Change] = []
        self.not_ready = ""
        self.reactions: list[Reaction] = []
        self.remembered: dict[str, str] = {}
        self.moved = asyncio.Condition()
        self.replies: dict[str, Callable[[Request], Reply]] = {}  # scripted, by command
        self.named: tuple[str, ...] = NAMED
        self.moderators: set[str] = set()  # names
        self.pinned: set[int] = set()
        self.joined: dict[str, frozenset[int]] = {}  # sessions, by account
        self.mentions: dict[int, tuple[str, ...]] = {}
        self.calendars: list[tuple[str, int | None, str]] = []  # that were asked for
        self.file = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    @property
    def commands(self) -> Sequence[CommandInfo]:
        paper = (ParameterInfo("paper", "its number", "paper"),)
        names = (*COMMANDS, *self.replies)
        return [CommandInfo(name, f"About {name}", paper, named=name in self.named) for name in names]

    async def handle(self, request: Request) -> Reply:
        is_new = all(request.id != earlier.id for earlier in self.requests)
        self.requests.append(request)
        if request.command in self.replies:
            return self.replies[request.command](request)
        if request.command == "join":
            return self._join(request.account, request.args["name"])
        if request.command == "search":
            found = [
                replace(card, number=None)
                for card in map(self._seen, self.cards)
                if card.kind == "paper" and request.args["query"].lower() in card.title.lower()
            ]
            return Reply(f"{len(found)} found.", tuple(found))
        if request.command == "today":
            listed = tuple(card for card in map(self._seen, self._newest_day()) if card.kind == "paper")
            return Reply(f"{len(listed)} papers", listed)
        if request.command == "help":
            told = tuple(CommandHelp(one.typed, one.about, f"{one.typed} 3") for one in self.commands)
            return Reply("Press Vote on a card.", (Card("notice", "Every day", commands=told),))
        if request.command not in ("vote", "pass", "claim", "show"):
            return Reply(f"{request.command} was asked.", ok=request.command in COMMANDS)
        typed = request.args.get("paper", "")
        fitting = [card for card in self.cards.values() if typed.lower() in card.title.lower() and card.kind == "paper"]
        if typed.isalpha() and fitting:
            choices = tuple(Button(card.title, request.command, card.entry) for card in fitting)
            return Reply("Which one?", choices=choices, ok=False)
        message = self._message_of(typed)
        if message is None:
            return Reply("No such paper.", ok=False)
        if request.command == "show":
            return Reply("", (self._seen(message),))
        if is_new:
            holders = self.held[request.command].setdefault(message, set())
            holders.symmetric_difference_update({request.account})
            await self.touch(message)
        return Reply(f"{request.command}: done.")

    def read_line(self, line: str) -> tuple[str, Mapping[str, str]]:
        command, _, rest = line.removeprefix("/paper").strip().partition(" ")
        parameter = {"search": "query", "join": "name"}.get(command, "paper")
        return command, {parameter: rest.strip()} if rest.strip() else {}

    def group(self, group: str) -> GroupSettings | None:
        return self.settings if group == self.settings.id else None

    async def whoami(self, group: str, account: str) -> Member | None:
        if account not in self.names:
            return None
        name = self.names[account]
        return Member(list(self.names).index(account) + 1, name, "moderator" if name in self.moderators else "member")

    async def stance(self, group: str, account: str) -> Stance:
        kept = {
            what: frozenset(self.cards[number].entry or 0 for number, who in held.items() if account in who)
            for what, held in self.held.items()
        }
        return Stance(kept["vote"], kept["pass"], kept["claim"], self.joined.get(account, frozenset()))

    async def stream(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[Posted]:
        return [self._posted(number) for number in sorted(self.cards) if before is None or number < before][-limit:]

    async def posted(self, group: str, place: str, message: int) -> Posted | None:
        return self._posted(message) if message in self.cards else None

    async def changes(self, group: str, after: int | None) -> Sequence[Change]:
        if after is None:
            return self.log[-1:]
        async with self.moved:
            await self.moved.wait_for(lambda: len(self.log) > after)
        return self.log[after:]

    async def calendar(self, group: str, member: int | None, address: str) -> bytes:
        self.calendars.append((group, member, address))
        return self.file

    async def trouble(self) -> str:
        return self.not_ready

    async def complete(self, request: Request, parameter: str, typed: str) -> Sequence[Choice]:
        titles = [(number, card.title) for number, card in self.cards.items() if card.kind == "paper"]
        return [Choice(title, f"entry:{number}") for number, title in titles if typed.lower() in title.lower()]

    async def reacted(self, surface: str, reaction: Reaction) -> bool:
        self.reactions.append(reaction)
        return True

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        return []

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        pass

    async def recall(self, key: str) -> str:
        return self.remembered.get(key, "")

    async def remember(self, key: str, value: str) -> None:
        self.remembered[key] = value

    # --- what a test does to it

    async def push(self, card: Card) -> int:
        number = max(self.cards, default=0) + 1
        self.cards[number] = card
        await self.touch(number)
        return number

    async def touch(self, message: int | None) -> None:
        """A message changed; None: too much did."""
        async with self.moved:
            what = f"message:{message}" if message else "reset"
            self.log.append(Change(len(self.log) + 1, self.settings.id, what))
            self.moved.notify_all()

    # ---

    def _join(self, account: str, name: str) -> Reply:
        if not name.strip() or any(name == other for who, other in self.names.items() if who != account):
            return Reply(f'"{name}" is taken; choose another name.', ok=False)
        self.names[account] = name
        return Reply(f"You are {name}.")

    def _newest_day(self) -> list[int]:
        start = max((number for number, card in self.cards.items() if card.kind == "digest"), default=0)
        return [number for number in sorted(self.cards) if number >= start]

    def _message_of(self, paper: str) -> int | None:
        entry = paper.removeprefix("entry:")
        return next(
            (number for number, card in self.cards.items() if entry in (str(card.entry), str(card.number))), None
        )

    def _posted(self, number: int) -> Posted:
        card = self._seen(number)
        message = Message(card.title, card, self.mentions.get(number, ()), pinned=number in self.pinned)
        return Posted(number, POSTED_AT + timedelta(minutes=number), message)

    def _seen(self, number: int) -> Card:
        card = self.cards[number]
        if card.kind != "paper":
            return card
        votes, passes, claims = (self.held[what].get(number, set()) for what in ("vote", "pass", "claim"))
        claimer = next((self.names.get(account, "someone") for account in claims), "")
        buttons = (
            Button(f"Vote {len(votes)}" if votes else "Vote", "vote", card.entry),
            Button("Claimed" if claimer else "Claim", "claim", card.entry),
            Button("Summary", "summary", card.entry),
            Button(f"Pass {len(passes)}" if passes else "Pass", "pass", card.entry),
        )
        return replace(card, buttons=buttons, fields=(Field("Claimed by", claimer),) if claimer else card.fields)
