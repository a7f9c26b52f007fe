"""Several groups on one bot: what one has, the others neither see nor touch, whatever their members send.

Their clients would not let through much of what is sent here; others might.
"""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.discord.commands import names
from bot.cards import read_button, read_select
from bot.compose import Club, opened
from bot.model import DaySettings, GroupSettings, Settings, WeekSettings
from bot.outbox import settle_all
from tests.discord_club import connected, make_surface, place_of
from tests.fakes.clock import MovableClock
from tests.fakes.discord import Answer, Channel, FakeDiscord, Guild, Member, Message, client_ui
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, Interaction
from tests.fakes.source import ListedSource, paper

Json = dict[str, Any]

SUBCOMMAND, GROUP, NUMBER, USER, CHANNEL = 1, 2, 4, 6, 7  # of options
# Options whose text is kept and shown to the group again: who types it there tells it themselves.
KEPT = {"title", "question", "reason", "place", "slides", "first", "second", "third", "sources", "name", "event"}
SOURCES = "setup~sources"  # they are the program's, and any group may take any
OWN_WORDS = ("add", "name", "title")  # options that take whatever is typed
CHANGING = re.compile(r"[0-9A-F]{4}(-[0-9A-F]{4})+|\d{15,20}")  # codes, and ids in links
BUTTON = 2
SUNDAY, MONDAY, TUESDAY = "2026-11-22 08:00", "2026-11-23 08:00", "2026-11-24 08:00"
NOBODY = "No reading group meets in this channel. A moderator makes one with /paper-admin setup."
REACTION_ADD = "MESSAGE_REACTION_ADD"


# --- the groups


@dataclass
class Group:
    """One of the groups, with words that no other has."""

    settings: GroupSettings
    channel: Channel
    source: ListedSource
    ann: Member
    mo: Member
    titles: Sequence[str]
    draft: str
    entries: Sequence[int] = ()

    @property
    def id(self) -> str:
        return self.settings.id

    @property
    def link(self) -> str:
        """Of the draft."""
        return f"https://example.org/{self.id}"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*self.titles, self.draft, self.settings.name, self.ann.name, self.mo.name, self.settings.week.place)

    @property
    def words(self) -> tuple[str, ...]:
        """What somebody may type who knows all about the group; the entry after the last will be the draft."""
        entries = (f"entry:{entry}" for entry in (self.entries[0], self.entries[-1] + 1))
        arxiv_id = next(raw.arxiv_id for papers in self.source.days.values() for raw in papers)
        return (*entries, self.titles[0], self.draft, self.ann.name, self.id, arxiv_id, self.link, "2026-11-22")

    def card(self, title: str) -> Message:
        return next(message for message in self.channel.messages if f". {title}" in message.text.split("\n")[0])

    @property
    def nominations(self) -> Message:
        return next(message for message in self.channel.messages if message.text.startswith("Vote for Saturday"))


@dataclass
class Town:
    discord: FakeDiscord
    club: Club
    clock: MovableClock
    database: Path
    alpha: Group
    beta: Group
    gamma: Group
    first: Guild  # where Alpha and Beta are
    hall: Channel  # there, and nobody meets in it

    async def comes_to(self, now: str) -> None:
        self.clock.move_to(now)
        await self.club.collector.catch_up()
        await self.club.schedule.tick()
        await self.settle()

    async def settle(self) -> None:
        self.clock.move(seconds=5)
        await settle_all(self.club.outboxes)

    async def shows(self, card: Message, label: str) -> None:
        """What is told by the gateway takes a moment."""
        async with asyncio.timeout(3):
            while label not in card.buttons:
                seen = self.club.store.commits
                await self.settle()
                if label not in card.buttons:
                    await self.club.store.wait_for_commit(seen)

    def state(self, group: Group) -> tuple[Mapping[str, Sequence[Any]], str]:
        """Every row of a group, and what stands in its channel."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            rows = {table: sorted(db.execute(sql, (group.id,)), key=repr) for table, sql in _tables(db)}
        return rows, group.channel.transcript()


def _tables(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Those with rows of groups, found by their columns, so that no later one is forgotten."""
    for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        if "group_id" in {column[1] for column in db.execute(f"PRAGMA table_info({table})")}:
            yield table, f"SELECT * FROM {table} WHERE group_id = ?"  # noqa: S608 - a table of ours
    yield "groups", "SELECT * FROM groups WHERE id = ?"
    yield "reaction", "SELECT * FROM reaction WHERE message_id IN (SELECT id FROM message WHERE group_id = ?)"


@asynccontextmanager
async def a_town(folder: Path) -> AsyncIterator[Town]:
    """Alpha and Beta meet in two channels of one server, Gamma on another. Each channel has its own moderator; Gamma's
    is on the first server, too. It is Monday, and all have had their post; Alpha had one on Sunday."""
    async with FakeDiscord() as discord:
        discord.limits.off()
        first, second = discord.add_guild("First"), discord.add_guild("Second")
        alpha, beta = _group("alpha", first, 10, on="daily"), _group("beta", first, 20)
        groups = (alpha, beta, gamma := _group("gamma", second, 30))
        surface = make_surface(discord)
        settings = Settings(database=str(folder / "club.db"), groups=tuple(group.settings for group in groups))
        sources, clock = [group.source for group in groups], MovableClock(SUNDAY)
        async with (
            opened(settings, clock=clock, sources=sources, adapters=[surface]) as club,
            connected(discord, club.app, surface),
        ):
            hall, database = first.add_channel("hall"), folder / "club.db"
            town = Town(discord, club, clock, database, alpha, beta, gamma, first, hall)
            await begin(town, groups)
            yield town
            assert discord.violations == []


def _group(name: str, guild: Guild, number: int, on: str = "mon-fri") -> Group:
    title, source = name.capitalize(), ListedSource(f"{name}-list", "The Gazette")
    titles = [f"{title}paper of {day}" for day in ("Sunday", "Monday", "Tuesday")]
    source.announce("2026-11-22", paper(number, titles[0]))
    source.announce("2026-11-23", *(paper(number + n, titles[n]) for n in (1, 2)))
    source.announce("2026-11-24", paper(number + 3, f"{title}paper of Wednesday"))
    channel, ann, mo = guild.add_channel(name), guild.add_member(f"{title}ann"), guild.add_member(f"{title}mo")
    channel.allows("manage_events", to=mo)
    day = DaySettings(on=on, sources=(source.name,), layout="channel")
    zone, places = "Europe/Berlin", (place_of(channel),)
    week = WeekSettings(session="sat 17:00", place=f"{title}room")
    settings = GroupSettings(id=name, name=f"{title} Readers", timezone=zone, channels=places, day=day, week=week)
    return Group(settings, channel, source, ann, mo, titles, f"{title}draft")


async def begin(town: Town, groups: Sequence[Group]) -> None:
    await town.comes_to(SUNDAY)
    await town.comes_to(MONDAY)
    await town.discord.until(lambda: town.discord.commands.named("paper-admin", 0, 1))
    for group in groups:
        group.entries = sorted(row[0] for row in town.state(group)[0]["entry"])
        await invited(town, group, group.titles)


async def invited(town: Town, group: Group, titles: Iterable[str]) -> None:
    """The bot's own emoji stand under the cards."""
    cards = [group.card(title) for title in titles]
    await town.discord.until(lambda: all("Paperclub" in card.reactions.get("👍", ()) for card in cards))


async def live_a_little(town: Town, group: Group) -> None:
    """There is something of every kind to see and to touch."""
    card = group.card(group.titles[1])
    await group.ann.presses(card, "Vote")
    await group.mo.reacts(card, "👍")
    await group.ann.presses(card, "Claim")
    await group.mo.presses(group.card(group.titles[2]), "Pass")
    await group.ann.presses(card, "Discuss")
    await group.ann.types(group.channel, "/paper submit", link=group.link, title=group.draft)
    await group.mo.types(group.channel, "/paper-admin assign", paper="2", member=group.mo)
    await group.mo.types(group.channel, "/paper-admin setup", cards=7)
    await group.ann.presses(group.nominations, "Join")
    await group.ann.types(group.channel, "/paper meeting ask", question=f"Why {group.draft}?")
    await town.settle()
    await town.settle()  # what the first posts changed
    await invited(town, group, [group.draft])
    assert card.buttons == ["Vote 2", "Claimed", "Summary", "Pass", "Discussion"]


async def look_around(group: Group) -> None:
    """Every kind of button and menu appears once."""
    await group.ann.types(group.channel, "/paper today")
    await group.ann.types(group.channel, "/paper search", query="method")
    await group.ann.types(group.channel, "/paper vote", paper=f"{group.id}paper")
    await group.ann.types(group.channel, "/paper show", paper="1")
    for line in ("setup", "settings", "preview", "audit"):
        await group.mo.types(group.channel, f"/paper-admin {line}")


# --- what is sent


@dataclass(frozen=True)
class Attempt:
    """`typed` is what the asker knows already, since they say it; `picked` they chose in a list of their client's."""

    kind: int
    data: Json
    typed: tuple[str, ...] = ()
    picked: tuple[Member | Channel, ...] = ()

    @property
    def command(self) -> str:
        if self.kind != COMPONENT:
            (option,) = self.data["options"]
            leaf = option["options"][0] if option["type"] == GROUP else option
            return f"{'admin ' if self.data['name'] == 'paper-admin' else ''}{leaf['name']}"
        id = self.data["custom_id"]
        return read_button(id)[0] if self.data["component_type"] == BUTTON else read_select(id, ())[0]

    @property
    def names(self) -> set[str]:
        return {item.name for item in self.picked}


async def send(town: Town, who: Member, where: Channel, attempt: Attempt, on: Message | None = None) -> Answer:
    """Past the member's own client. Discord resolves what is on the server."""
    world, resolved = town.discord.world, dict[str, Any]()
    for item in (item for item in attempt.picked if item.guild is where.guild):
        client_ui.resolve(item, where, resolved, who.user)
    data = {**attempt.data, "resolved": resolved} if resolved else attempt.data
    asked = Interaction(world, world.ids(), attempt.kind, who, where, data, on)
    asked.start()
    await town.discord.until(lambda: asked.is_settled, what=f"no answer to {attempt.data}")
    return Answer(asked)


def commands_about(town: Town, of: Group, own: Group) -> Iterator[Attempt]:
    """Every command, with everything of a group in each of its parameters, the others filled with one's own. Handing
    a paper in, or keeping it, is another matter: what is public of a paper is everybody's. Who says what their group is
    called is shown it ever after."""
    for command, leaf in _leaves(town):
        yield _command(command, leaf, {})
        handed_in = leaf["name"] in ("submit", "save")
        options = [option for option in leaf["options"] if not handed_in and option["name"] not in OWN_WORDS]
        for option in sorted(options, key=lambda option: option["type"] == USER):
            others = {item["name"]: _values(item, own)[0] for item in options if item.get("required")}
            yield from (_command(command, leaf, {**others, option["name"]: value}) for value in _values(option, of))


def completions_about(town: Town, of: Group) -> Iterator[Attempt]:
    typed = ("", *of.words)
    for command, leaf in _leaves(town):
        for option in (option for option in leaf["options"] if option.get("autocomplete")):
            for word in typed:
                focused = {"name": option["name"], "type": option["type"], "value": word, "focused": True}
                yield Attempt(AUTOCOMPLETE, _data(command, leaf, [focused]), (word,))


def presses_of(group: Group) -> Iterator[Attempt]:
    """Every button and every choice of a menu that was shown in the group's channel, to all or to one of them."""
    shown = chain.from_iterable(place.history.values() for place in (group.channel, *group.channel.threads))
    every = (item for message in list(shown) for row in message.components for item in row["components"])
    for item in (item for item in every if item.get("custom_id") not in (None, SOURCES)):
        data = {"component_type": item["type"], "custom_id": item["custom_id"], "id": 1}
        if item["type"] == BUTTON:
            yield Attempt(COMPONENT, data)
        for option in item.get("options", []):
            yield Attempt(COMPONENT, {**data, "values": [option["value"]]})


def _leaves(town: Town) -> Iterator[tuple[Json, Json]]:
    for command in town.discord.commands.of(0):
        for option in command.get("options") or []:
            yield from ((command, leaf) for leaf in (option["options"] if option["type"] == GROUP else [option]))


def _command(command: Json, leaf: Json, given: Mapping[str, Any]) -> Attempt:
    picked = tuple(value for value in given.values() if isinstance(value, Member | Channel))
    sent = {name: str(value.id) if value in picked else value for name, value in given.items()}
    kinds = {option["name"]: option["type"] for option in leaf["options"]}
    options = [{"name": name, "type": kinds[name], "value": value} for name, value in sent.items()]
    return Attempt(COMMAND, _data(command, leaf, options), tuple(map(str, sent.values())), picked)


def _data(command: Json, leaf: Json, options: Sequence[Json]) -> Json:
    inner = {"name": leaf["name"], "type": SUBCOMMAND, "options": options}
    for group in (option for option in command["options"] if option["type"] == GROUP and leaf in option["options"]):
        inner = {"name": group["name"], "type": GROUP, "options": [inner]}
    return {"id": command["id"], "name": command["name"], "type": 1, "options": [inner]}


def _values(option: Json, of: Group) -> Sequence[Any]:
    if option.get("choices"):
        return [choice["value"] for choice in option["choices"]]
    if option["name"] in KEPT:
        return ["a note"]
    others: Mapping[int, Sequence[Any]] = {NUMBER: [3], USER: [of.ann, of.mo], CHANNEL: [of.channel]}
    return others.get(option["type"], of.words)


# --- what comes back


def leaks(answer: Answer, attempt: Attempt, of: Group, known: Iterable[str] = ()) -> Sequence[str]:
    """What of a group the answer tells, beyond what the asker said. Who names a channel is told who meets there."""
    messages = [message for message in (answer.message, *answer.followups) if message]
    parts: list[Any] = [[message.content, message.embeds, message.components] for message in messages]
    text = json.dumps([parts, answer.interaction.modal, answer.interaction.choices])
    for word in sorted(filter(None, attempt.typed), key=len, reverse=True):
        text = text.replace(word, "")
    known = {*known, of.settings.name} if of.channel in attempt.picked else {*known}
    told = [secret for secret in of.secrets if secret in text and secret not in known]
    entries = {int(entry) for entry in re.findall(r'"(?:\w+!?|entry):(\d+)"', text)} & {*of.entries}
    return [*told, *(f"entry {entry}" for entry in sorted(entries))]


async def asks_everything(town: Town, who: Member, own: Group, of: Group) -> None:
    """In a channel of one's own group."""
    before, on, known = town.state(of), own.card(own.titles[1]), set[str]()
    for attempts in (presses_of(of), completions_about(town, of), commands_about(town, of, own)):
        for attempt in attempts:
            answer = await send(town, who, own.channel, attempt, on if attempt.kind == COMPONENT else None)
            known |= attempt.names  # whoever is handed a paper joins the group, by name
            assert leaks(answer, attempt, of, known) == [], f"{attempt.data} is answered {answer.text}"
        assert town.state(of) == before
    await town.settle()
    assert town.state(of) == before


# --- the proofs


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town(tmp_path) as town:
        yield town


@pytest.mark.parametrize(
    ("own", "who", "of"),
    [("beta", "ann", "alpha"), ("beta", "mo", "alpha"), ("gamma", "mo", "alpha"), ("alpha", "mo", "beta")],
)
async def test_nothing_of_a_group_is_shown_to_another_or_changed_by_it(town: Town, own: str, who: str, of: str) -> None:
    asking, asked = getattr(town, own), getattr(town, of)
    await live_a_little(town, asked)
    await look_around(asked)
    await asks_everything(town, getattr(asking, who), asking, asked)


async def test_to_the_group_itself_all_of_it_is_told(town: Town) -> None:
    """So the proof above can fail."""
    alpha = town.alpha
    await live_a_little(town, alpha)
    asked = [*commands_about(town, alpha, alpha), *completions_about(town, alpha)]
    told = [leaks(await send(town, alpha.ann, alpha.channel, attempt), attempt, alpha) for attempt in asked]
    assert {*chain.from_iterable(told)} >= {*alpha.titles, alpha.draft, alpha.ann.name, alpha.mo.name}


async def test_what_a_group_is_told_does_not_depend_on_what_another_does(tmp_path: Path) -> None:
    quiet, lively = await what_beta_is_told(tmp_path), await what_beta_is_told(tmp_path, while_alpha=live_a_little)
    assert quiet == lively


async def what_beta_is_told(
    folder: Path, while_alpha: Callable[[Town, Group], Awaitable[None]] | None = None
) -> Sequence[str]:
    (home := folder / ("lively" if while_alpha else "quiet")).mkdir()
    async with a_town(home) as town:
        alpha, beta = town.alpha, town.beta
        if while_alpha:
            await while_alpha(town, alpha)
        attempts = [*commands_about(town, beta, beta), *commands_about(town, alpha, beta)]
        return [CHANGING.sub("", (await send(town, beta.ann, beta.channel, attempt)).text) for attempt in attempts]


async def test_a_member_who_asks_where_nobody_meets_is_told_nothing(town: Town) -> None:
    alpha = town.alpha
    await live_a_little(town, alpha)
    await look_around(alpha)
    before, on = town.state(alpha), await alpha.ann.says(town.hall, "hello")
    every = chain(presses_of(alpha), completions_about(town, alpha), commands_about(town, alpha, alpha))
    for attempt in every:
        answer = await send(town, alpha.ann, town.hall, attempt, on if attempt.kind == COMPONENT else None)
        if attempt.kind == AUTOCOMPLETE:
            assert answer.choices == []
        else:
            assert answer.text == NOBODY or answer.text.endswith(" is for moderators."), attempt.data
    assert town.state(alpha) == before


@pytest.mark.parametrize("of", ["beta", "gamma"])
async def test_who_moderates_elsewhere_moderates_nothing_here(town: Town, of: str) -> None:
    alpha, mo = town.alpha, getattr(town, of).mo
    stranger = mo if mo.guild is town.first else town.first.add_member(mo.user)
    await live_a_little(town, alpha)
    await look_around(alpha)
    before = town.state(alpha)
    everything = [*commands_about(town, alpha, alpha), *presses_of(alpha)]
    reserved = {name for command in town.club.app.commands if command.moderators for name in names(command)}
    tried = [attempt for attempt in everything if attempt.command in reserved]
    for attempt in tried:
        on = alpha.card(alpha.titles[1]) if attempt.kind == COMPONENT else None
        answer = await send(town, stranger, alpha.channel, attempt, on)
        assert answer.text.endswith(" is for moderators."), attempt.data
    typed = {attempt.command for attempt in tried if attempt.kind == COMMAND}
    assert typed == {name for name in reserved if name.startswith("admin ")}
    assert town.state(alpha) == before


async def test_who_moderates_another_channel_changes_nothing_by_naming_the_group_s(town: Town) -> None:
    """As it is with Manage Events in a voice channel."""
    alpha, mo = town.alpha, town.beta.mo
    town.hall.allows("manage_events", to=mo)
    before = town.state(alpha)
    await mo.types(town.hall, "/paper-admin setup", channel=alpha.channel, cards=1)
    assert town.state(alpha) == before


async def test_a_group_of_another_server_never_posts_here(town: Town) -> None:
    alpha, gamma = town.alpha, town.gamma
    start = next(
        attempt
        for attempt in commands_about(town, alpha, gamma)
        if attempt.command == "admin start" and alpha.channel in attempt.picked
    )
    await send(town, gamma.mo, gamma.channel, start)
    await town.comes_to(TUESDAY)
    assert "Gammapaper of Wednesday" in gamma.channel.transcript()
    assert "Gammapaper" not in alpha.channel.transcript()


async def test_an_emoji_that_is_told_of_a_wrong_channel_is_no_vote(town: Town) -> None:
    alpha, beta = town.alpha, town.beta
    before, card = town.state(alpha), beta.card(beta.titles[1])
    told = {"user_id": str(beta.ann.id), "emoji": {"id": None, "name": "👍"}, "burst": False, "type": 0}
    where = {"channel_id": str(beta.channel.id), "message_id": str(alpha.card(alpha.titles[1]).id)}
    town.discord.world.emit(REACTION_ADD, {**told, **where}, beta.channel.guild, intent="guild_reactions")
    await beta.ann.reacts(card, "👍")
    await town.shows(card, "Vote 1")
    assert town.state(alpha) == before


async def test_a_paper_that_two_groups_have_is_two_entries(town: Town) -> None:
    alpha, beta = town.alpha, town.beta
    await live_a_little(town, alpha)
    before = town.state(alpha)
    answer = await beta.ann.types(beta.channel, "/paper submit", link="2611.00011")
    assert answer.text.startswith(f"Handed in “{alpha.titles[1]}” as no. 4.")
    await town.settle()
    card = beta.card(alpha.titles[1])
    assert card.buttons == ["Vote", "Claim", "Summary", "Pass", "Discuss"]
    await beta.ann.presses(card, "Vote")
    await beta.mo.presses(card, "Claim")
    await town.settle()
    assert card.buttons[:2] == ["Vote 1", "Claimed"]
    assert town.state(alpha) == before


async def test_how_a_group_calls_what_it_handed_in_is_its_own_matter(town: Town) -> None:
    alpha, beta = town.alpha, town.beta
    await live_a_little(town, alpha)
    answer = await beta.ann.types(beta.channel, "/paper submit", link=alpha.link, title="What we call it")
    assert "What we call it" in answer.text
    assert alpha.draft not in answer.text
