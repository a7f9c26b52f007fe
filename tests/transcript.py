"""What members see on the fake Discord, written down as it comes: who posted what where, who was called by name, what
was pressed and answered privately; an edit is one line. With its counts at the end.

    transcript = Transcript(discord, guild, ZoneInfo("Europe/Berlin"))
    transcript.look()                                         what appeared, changed or went since the last look
    transcript.did(ann, "presses [Vote] on “Cats”", answer)   and what only Ann saw then
    transcript.text()
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from tests.fakes.discord import Answer, Channel, FakeDiscord, Guild, Member, Message, ScheduledEvent
from tests.fakes.discord.texts import label_of, walk

SILENT = 1 << 12
PINNED, THREAD_STARTED = 6, 21  # kinds of notes that Discord writes itself
BUTTON, SELECT = 2, 3
MOST_TOLD = 3  # lines of an edit
INDENT = " " * 7
TIMESTAMP = re.compile(r"<t:(\d+)(?::(\w))?>")
COMMAND = re.compile(r"</([^:>]+):\d+>")
STATUS = {1: "planned", 2: "on", 3: "over", 4: "called off"}
SPOKEN = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%-d %B %Y",
    "f": "%-d %B %Y %H:%M",
    "F": "%A, %-d %B %Y %H:%M",
}


@dataclass
class Counts:
    """`channels`: messages that stand or stood in a channel itself, with the notes that Discord leaves there."""

    channels: int = 0
    silent: int = 0
    threads: int = 0
    direct: int = 0
    gone: int = 0
    edits: int = 0
    pings: int = 0
    private: int = 0
    by_card: int = 0
    moderators: int = 0

    @property
    def messages(self) -> int:
        return self.channels + self.threads

    def lines(self) -> Iterator[str]:
        yield f"messages in the channel: {self.channels}, of which silent: {self.silent}, taken away again: {self.gone}"
        yield f"messages in threads: {self.threads}; direct messages: {self.direct}"
        yield f"edits in place: {self.edits}"
        yield f"pings: {self.pings}"
        yield f"private answers: {self.private}; presses that only the card answered: {self.by_card}"
        yield f"moderators' actions: {self.moderators}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it stood at the last look."""

    channel: Channel
    lines: tuple[str, ...]
    pressable: tuple[str, ...]

    @property
    def name(self) -> str:
        return next(
            (line.strip("*") for line in self.lines if line.startswith("**")), self.lines[0] if self.lines else ""
        )


@dataclass
class Transcript:
    discord: FakeDiscord
    guild: Guild
    zone: ZoneInfo
    counts: Counts = field(default_factory=Counts)
    kinds: list[str] = field(default_factory=list)  # the title of each message that was posted in a channel or thread
    _written: list[tuple[datetime, list[str]]] = field(default_factory=list)
    _seen: dict[int, Seen] = field(default_factory=dict)
    _events: dict[int, str] = field(default_factory=dict)
    _requests: int = 0

    # --- what came

    def look(self) -> None:
        found = [*self._messages(), *self._gone(), *self._calendar()]
        self._written += sorted(found, key=lambda one: one[0])
        self._count_edits()

    def did(self, who: Member, what: str, answer: Answer | None = None, *, moderates: bool = False) -> None:
        """What somebody did, and what they alone see of the answer; then what everybody sees of it."""
        self.counts.moderators += moderates
        lines = [f"{who.name} {what}", *(self._answered(who, answer) if answer else ())]
        self._written.append((self._now(), lines))
        self.look()

    def says(self, text: str) -> None:
        """A remark between what happens."""
        self._written.append((self._now(), [f"— {text}"]))

    def _now(self) -> datetime:
        return self.discord.clock()

    def _channels(self) -> Iterator[tuple[Channel, str]]:
        """With the name by which it is written down."""
        for channel in self.guild.channels.values():
            yield channel, f"#{channel.name}"
        for thread in self.guild.threads.values():
            yield thread, f"#{thread.parent.name if thread.parent else ''} › {self._plain(thread.name)}"
        for member in self.guild.members.values():
            if not member.user.is_bot:
                yield member.dms, f"(direct) {member.name}"

    def _messages(self) -> Iterator[tuple[datetime, list[str]]]:
        for channel, where in self._channels():
            for message in channel.history.values():
                if message.is_private or message.kind == THREAD_STARTED:
                    continue
                now = Seen(channel, tuple(self._read(message)), tuple(_pressable(message)))
                before = self._seen.get(message.id)
                self._seen[message.id] = now
                if before is None:
                    self._count(message, where)
                    yield message.created, self._new(message, where, now)
                elif before != now:
                    changed = "; ".join(_changed(before, now)) or "looks otherwise"
                    yield message.edited or self._now(), [f"{where}: “{before.name}” is edited: {changed}"]

    def _new(self, message: Message, where: str, seen: Seen) -> list[str]:
        if message.kind == PINNED:
            return [f"{where}: {message.author.name} pinned a message"]
        reply = f", in reply to “{self._name_of(message.replies_to)}”" if message.replies_to else ""
        silent = ", silent" if message.flags & SILENT else ""
        pings = ", ".join(self._member(user) for user in sorted(message.pinged, key=str))
        pressable = [" ".join(seen.pressable)] if seen.pressable else []
        called = [f"(calls {pings})"] if pings else []
        return [f"{where}: {message.author.name}{reply}{silent}", *seen.lines, *pressable, *called]

    def _name_of(self, message: Message) -> str:
        known = self._seen.get(message.id)
        return known.name if known else "a message that is gone"

    def _gone(self) -> Iterator[tuple[datetime, list[str]]]:
        stands = {message.id for channel, _ in self._channels() for message in channel.history.values()}
        names = dict(self._channels())
        for id in [id for id in self._seen if id not in stands]:
            seen = self._seen.pop(id)
            self.counts.gone += 1
            yield self._now(), [f"{names.get(seen.channel, 'a channel')}: “{seen.name}” is taken away"]

    def _calendar(self) -> Iterator[tuple[datetime, list[str]]]:
        for event in self.guild.events.values():
            now = self._event(event)
            if self._events.get(event.id) != now:
                self._events[event.id] = now
                yield self._now(), [f"(the server's calendar) {now}"]

    def _event(self, event: ScheduledEvent) -> str:
        starts = f"{event.starts.astimezone(self.zone):%A %-d %B %H:%M}"
        return f"{event.name}, {starts}, {event.location}, {STATUS[event.status]}"

    # --- how it reads

    def _read(self, message: Message) -> Iterator[str]:
        yield from self._plain(message.content).splitlines()
        for embed in message.embeds:
            yield f"**{self._plain(embed.get('title', ''))}**"
            yield from self._plain(embed.get("description", "")).splitlines()
            for one in embed.get("fields", ()):
                yield f"{self._plain(one['name'])}: {' / '.join(self._plain(one['value']).splitlines())}"
            if footer := embed.get("footer", {}).get("text"):
                yield f"({self._plain(footer)})"

    def _plain(self, text: str) -> str:
        """As a client shows it: who and what is named, times in the zone, no backslashes."""
        text = re.sub(r"<@!?(\d+)>", lambda found: f"@{self._member(int(found[1]))}", text)
        text = re.sub(r"<#(\d+)>", lambda found: f"#{self._channel(int(found[1]))}", text)
        text = re.sub(r"\[([^]]*)\]\(https://discord\.com/channels/[^)]*\)", r"→ \1", text)
        text = TIMESTAMP.sub(self._time, COMMAND.sub(r"/\1", text))
        return re.sub(r"\\(?=\W)", "", text).replace("\u200b", "")

    def _time(self, found: re.Match[str]) -> str:
        at, style = datetime.fromtimestamp(int(found[1]), UTC), found[2] or "f"
        if style == "R":
            return "in …"  # the client counts: it is no edit of ours
        return f"{at.astimezone(self.zone):{SPOKEN[style]}}"

    def _member(self, id: int | str) -> str:
        return self.guild.members[id].name if isinstance(id, int) and id in self.guild.members else str(id)

    def _channel(self, id: int) -> str:
        everywhere = {**self.guild.channels, **self.guild.threads}
        return everywhere[id].name if id in everywhere else "unknown"

    # --- what one sees alone

    def _answered(self, who: Member, answer: Answer) -> Iterator[str]:
        if answer.modal:
            yield f"(a form: {answer.modal.title}: {', '.join(answer.modal.labels)})"
            return
        if answer.message and not answer.is_private:
            if not answer.followups:
                self.counts.by_card += 1
        elif answer.message:
            yield from self._alone(who, answer.message)
        for message in answer.followups:
            yield from self._alone(who, message)

    def _alone(self, who: Member, message: Message) -> Iterator[str]:
        self.counts.private += 1
        yield f"(only {who.name} sees)"
        yield from (f"  {line}" for line in self._read(message))
        if pressable := _pressable(message):
            yield f"  {' '.join(pressable)}"

    # --- counting

    def _count(self, message: Message, where: str) -> None:
        if not (message.author.is_bot or message.kind == PINNED):
            return
        self.counts.pings += len(message.pinged)
        if message.channel.guild is None:
            self.counts.direct += 1
            return
        self.kinds.append("(pin)" if message.kind == PINNED else self._seen[message.id].name)
        if message.channel.is_thread:
            self.counts.threads += 1
        else:
            self.counts.channels += 1
            self.counts.silent += bool(message.flags & SILENT)

    def _count_edits(self) -> None:
        fresh = self.discord.requests[self._requests :]
        self._requests = len(self.discord.requests)
        self.counts.edits += sum(
            one.method == "PATCH" and one.template.endswith("/messages/{message_id}") for one in fresh
        )

    # --- the whole

    def entries(self) -> list[tuple[str, list[str]]]:
        """With the weekday and the time of each."""
        return [(f"{at.astimezone(self.zone):%a %H:%M}", lines) for at, lines in self._written]

    def text(self) -> str:
        return "\n".join([*self._days(), "## Counted", "", *(f"- {line}" for line in self.counts.lines())])

    def _days(self) -> Iterator[str]:
        for day, some in groupby(self._written, key=lambda one: f"{one[0].astimezone(self.zone):%A %-d %B}"):
            yield from (f"## {day}", "", "```text")
            for at, (first, *rest) in some:
                yield f"{at.astimezone(self.zone):%H:%M}  {first}"
                yield from (f"{INDENT}{line}" for line in rest)
            yield from ("```", "")


def _pressable(message: Message) -> list[str]:
    """Buttons in brackets, lists with their choices between pointed ones."""
    items = walk(message.components)
    return [_item(item) for item in items if item["type"] in (BUTTON, SELECT)]


def _item(item: dict[str, object]) -> str:
    if item["type"] == BUTTON:
        return f"[{label_of(item)}]"
    options = item["options"]
    assert isinstance(options, Sequence)
    return f"<{item.get('placeholder') or 'choose'} {' | '.join(option['label'] for option in options)}>"


def _changed(before: Seen, now: Seen) -> Iterator[str]:
    """What is there now that was not, as far as a line tells it."""
    fresh = [line.strip("*") for line in now.lines if line not in before.lines]
    fresh += [label for label in now.pressable if label not in before.pressable]
    yield from fresh[:MOST_TOLD]
    if len(fresh) > MOST_TOLD:
        yield "…"
    if not fresh:
        yield from _without([line.strip("*") for line in before.lines if line not in now.lines])
        yield from _without([label for label in before.pressable if label not in now.pressable])


def _without(lines: Iterable[str]) -> Iterator[str]:
    if gone := list(lines):
        yield f"without {', '.join(gone[:MOST_TOLD])}"
