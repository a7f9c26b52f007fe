"""An emoji on a card is a vote like any other, whatever was missed, repeated or taken back by other means."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.stores.sqlite import open_store
from bot.actions.deliveries import mark_shown, repost
from bot.actions.meetings import plan_meetings
from bot.actions.moves import make_moves
from bot.cards import Card
from bot.errors import DeliveryError
from bot.model import Act, DaySettings, Emoji, GroupSettings, Member, Move, OpenCard, Planned, Reaction, Wish
from bot.ports import Store
from bot.reactions import Reactions
from bot.week.participation import participation_of
from tests.actions.doing import do
from tests.club import BERLIN, Person, Town, town
from tests.fakes.clock import MovableClock
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface
from tests.groups import enrol, set_groups
from tests.stores.scene import AT, lease_all, list_papers

HERE = "discord:1/2"
ANN = "discord:7"


@dataclass
class Server:
    """The readers meet on Discord too, where the paper's card stands."""

    town: Town
    discord: RecordingSurface

    async def reacts(self, account: str = ANN, name: str = "Ann", *, on: bool = True, ref: str = "") -> None:
        await self.town.club.app.reacted("discord", Reaction(account, ref or (await self.open_card()).ref, on, name))
        await self.town.tick()

    async def open_card(self) -> OpenCard:
        return (await self.town.club.app.open_cards("discord"))[-1]

    async def finds(self, **reacting: str) -> None:
        """What stands on the card, when we come back and look."""
        accounts = {f"discord:{number.removeprefix('_')}": name for number, name in reacting.items()}
        await self.town.club.app.reconcile(await self.open_card(), accounts)
        await self.town.tick()

    @property
    def ann(self) -> Person:
        return self.town.user(ANN, "Ann", HERE)

    async def card(self) -> Card:
        return await self.town.card("Number 1")

    async def votes(self) -> str:
        return (await self.card()).buttons[0].label


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    source, discord = ListedSource(), RecordingSurface("discord")
    source.announce("2026-11-23", paper(1, upvotes=2), paper(2, upvotes=1))
    group = replace(BERLIN, channels=("web:readers", HERE))
    surfaces = (RecordingSurface(), discord)
    async with town(tmp_path, group, now="2026-11-23 08:00", source=source, surfaces=surfaces) as readers:
        await readers.tick()
        readers.clock.move(seconds=5)
        yield Server(readers, discord)


async def test_an_emoji_votes_and_enrols_who_put_it(server: Server) -> None:
    await server.reacts()
    assert await server.votes() == "Vote 1"
    assert (await server.ann.says("/paper vote 1")).text.startswith("Your vote already stands")
    await server.ann.says("/paper unvote 1")
    await server.reacts("discord:8", "Bob")
    await server.reacts("discord:8", "", on=False)
    assert await server.votes() == "Vote"


async def test_an_emoji_of_somebody_without_a_name_is_left_alone(server: Server) -> None:
    await server.reacts(name="")
    await server.reacts("discord:9", "", on=False)
    await server.reacts("discord:9", "\u200b")
    assert await server.votes() == "Vote"


async def test_an_emoji_on_a_dropped_paper_is_no_vote(server: Server) -> None:
    moderator = server.town.user("discord:99", "Mo", HERE, "moderator")
    assert (await moderator.says("/paper-admin drop 1")).ok
    await server.reacts()
    assert "vote" not in {button.command for button in (await server.card()).buttons}
    reply = await server.ann.says("/paper vote 1")
    assert (reply.ok, "dropped" in reply.text) == (False, True)


async def test_only_papers_cards_take_votes(server: Server) -> None:
    header = await server.town.club.store.peek(
        lambda rows: rows.messages.shown_ref("readers", HERE, "digest", "2026-11-23")
    )
    for ref in (header, "somebody else's message", ""):
        await server.reacts(ref=ref or "x")
    assert await server.town.club.app.whoami("readers", ANN) is None


async def test_a_vote_taken_back_by_button_takes_the_emoji_away(server: Server) -> None:
    await server.reacts()
    ref = (await server.open_card()).ref
    assert (await server.ann.presses("Vote", await server.card())).text.startswith("You took your vote back")
    assert server.discord.unreacted == [Emoji(HERE, ref, ANN)]
    await server.reacts(name="", on=False)  # as the platform then tells
    await server.ann.presses("Vote", await server.card())
    await server.ann.says("/paper unvote 1")
    assert len(server.discord.unreacted) == 1, "there was none to take away"


@pytest.mark.parametrize("said", ["unvote 1", "pass 1"])
async def test_so_does_a_word(server: Server, said: str) -> None:
    await server.reacts()
    await server.ann.says(f"/paper {said}")
    assert [emoji.account for emoji in server.discord.unreacted] == [ANN]
    assert await server.votes() == "Vote"


async def test_an_emoji_that_cannot_be_taken_away_changes_nothing_else(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(emoji: Emoji) -> None:
        raise DeliveryError("missing permission Manage Messages")

    monkeypatch.setattr(server.discord, "unreact", refuse)
    await server.reacts()
    assert (await server.ann.says("/paper unvote 1")).ok
    assert "Manage Messages" in caplog.text
    await server.finds(_7="Ann")
    assert await server.votes() == "Vote", "it stands there still, and does not count again"


async def test_what_was_missed_is_made_up_for(server: Server) -> None:
    await server.reacts()
    await server.finds(_8="Bob", _9="Cem")
    assert await server.votes() == "Vote 2"
    await server.finds(_8="Bob", _9="Cem")
    assert await server.votes() == "Vote 2"
    await server.finds()
    assert await server.votes() == "Vote"


async def test_old_cards_are_closed(server: Server) -> None:
    assert len(await server.town.club.app.open_cards("discord")) == 2
    server.town.clock.move(days=15)
    assert await server.town.club.app.open_cards("discord") == []


async def test_where_votes_are_hidden_or_budgeted_an_emoji_is_none(server: Server) -> None:
    await server.reacts()
    group = server.town.club.groups.by_id["readers"]
    hidden = replace(group, week=replace(group.week, budget=2))
    reactions = Reactions({"readers": hidden}, server.town.club.store, server.town.clock)
    ref = (await server.open_card()).ref
    assert await reactions.take("discord", Reaction("discord:8", ref, True, "Bob"))
    assert (await votes_of(server.town.club.store)) == 1
    assert await reactions.take("discord", Reaction(ANN, ref, False, ""))  # what it once gave, it takes back
    assert (await votes_of(server.town.club.store)) == 0


async def votes_of(store: Store) -> int:
    entry = await store.peek(lambda rows: rows.entries.entry("readers", 1))
    assert entry
    return entry.votes


async def test_whoever_marks_an_event_comes(server: Server) -> None:
    store, now = server.town.club.store, server.town.clock.now()
    starts = now + timedelta(days=2)
    await store.write(plan_meetings, "readers", [Planned(starts.date(), starts, 60, "")], now)
    session = (await store.read(lambda rows: rows.sessions.sessions("readers", now)))[0]
    wish = Wish("event", str(session.id), surfaces=("discord",))
    picked = Move(session.id, "pick", sets={"entry": 1, "settled": True}, wishes=(wish,))
    await store.write(make_moves, Act("", "readers", 0, "", now), [picked])
    await server.town.tick()
    ref = await store.peek(lambda rows: rows.messages.shown_ref("readers", HERE, "event", str(session.id)))
    assert ref
    for on, coming in ((True, ["Bob"]), (True, ["Bob"]), (False, [])):
        await server.reacts("discord:8", "Bob" if on else "", on=on, ref=ref)
        room = await store.read(lambda rows: participation_of(rows, "readers", session.id))
        assert room
        assert [member.name for member in room.coming] == coming


async def test_a_database_in_trouble_is_no_trouble_of_the_surface(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    card = await server.open_card()
    await server.town.club.store.close()
    await server.town.club.app.reacted("discord", Reaction(ANN, card.ref, True, "Ann"))
    await server.town.club.app.reconcile(card, {ANN: "Ann"})
    assert "The database is closed" in caplog.text


# --- any sequence ----------------------------------------------------------------------------------------------

ROOM = GroupSettings(id="room", channels=("discord:1/2", "discord:1/3"), day=DaySettings(layout="channel"))
CARDS, MEMBERS = range(2), range(2)
PRESSES = {"vote": "cast_vote", "unvote": "retract_vote", "pass": "pass_on", "unpass": "retract_pass"}


@dataclass
class Votes:
    """What should hold, as sets: the emoji that stand, and the ways in which each member has voted."""

    standing: set[tuple[int, int]] = field(default_factory=set)  # (card, member)
    ways: set[tuple[int, str]] = field(default_factory=set)
    passes: set[int] = field(default_factory=set)

    def react(self, card: int, member: int, on: bool) -> None:
        if on and (card, member) not in self.standing:
            self.standing.add((card, member))
            self._vote(member, "emoji")
        if not on and (card, member) in self.standing:
            self.standing.remove((card, member))
            if not any(who == member for _, who in self.standing):
                self.ways.discard((member, "emoji"))

    def press(self, member: int, what: str) -> None:
        if what == "vote":
            self._vote(member, "button")
            return
        if what == "pass":
            self.passes.add(member)
        if what == "unpass":
            self.passes.discard(member)
        if what == "unvote" or member in self.passes:
            self.ways = {way for way in self.ways if way[0] != member}

    def _vote(self, member: int, how: str) -> None:
        self.ways.add((member, how))
        self.passes.discard(member)

    def look(self, card: int, there: frozenset[int]) -> None:
        for member in MEMBERS:
            self.react(card, member, member in there)

    def delete(self, card: int) -> None:
        self.standing = {(where, who) for where, who in self.standing if where != card}


cards, members = st.sampled_from(CARDS), st.sampled_from(MEMBERS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("react"), cards, members, st.just(True)),
        st.tuples(st.just("react"), cards, members, st.just(False)),
        st.tuples(st.just("press"), members, st.sampled_from(sorted(PRESSES))),
        st.tuples(st.just("look"), cards, st.frozensets(members)),
        st.tuples(st.just("delete"), cards),
    ),
    min_size=4,
    max_size=40,
)
rooms = itertools.count()


@dataclass
class Room:
    """A paper whose card stands in two channels of a platform; everything goes through the core and a real store."""

    store: Store
    reactions: Reactions
    entry: int
    cards: list[OpenCard]
    members: list[Member]
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def react(self, card: int, member: int, on: bool) -> None:
        event = Reaction(f"discord:{member}", self.cards[card].ref, on, f"Member {member}" if on else "")
        await self.reactions.take("discord", event)

    async def press(self, member: int, what: str) -> None:
        act = Act(f"r{next(self.numbers)}", "room", self.members[member].id, "discord/button", AT)
        for _ in range(2):  # delivered twice
            await do(self.store, PRESSES[what], act, self.entry)

    async def look(self, card: int, there: frozenset[int]) -> None:
        await self.reactions.reconcile(self.cards[card], {f"discord:{n}": f"Member {n}" for n in there})

    async def delete(self, card: int) -> None:
        """And post again, under another name."""
        found = await self.store.peek(lambda rows: rows.messages.find_shown("discord", self.cards[card].ref))
        assert found
        await self.store.write(repost, found)
        await show(self.store)
        again = await self.store.read(lambda rows: rows.messages.message("room", found.id))
        assert again
        self.cards[card] = replace(self.cards[card], ref=again[0].ref)

    async def voters(self) -> set[int]:
        stances = [await self.store.read(lambda rows: rows.votes.stance("room", member.id)) for member in self.members]
        return {number for number, stance in enumerate(stances) if self.entry in stance.voted}


async def open_room(store: Store) -> Room:
    await set_groups(store, [ROOM])
    members = [await enrol(store, "room", f"discord:{n}", f"Member {n}", AT) for n in MEMBERS]
    entry, *_ = await list_papers(store, "room", cards=1)
    await show(store)
    reactions = Reactions({"room": ROOM}, store, MovableClock(f"{AT:%Y-%m-%d %H:%M}"))
    return Room(store, reactions, entry, list(await reactions.open_cards("discord")), members)


async def show(store: Store) -> None:
    for message in await lease_all(store, "discord"):
        await store.write(mark_shown, message, f"{message.id}.{message.round}", str(message.wanted), AT)


@given(steps=steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_sequence_ends_as_sets_say(tmp_path: Path, steps: list[tuple[Any, ...]]) -> None:
    store = await open_store(tmp_path / f"{next(rooms)}.db")
    try:
        room, votes = await open_room(store), Votes()
        for what, *about in steps:
            await getattr(room, what)(*about)
            getattr(votes, what)(*about)
            assert await room.voters() == {member for member, _ in votes.ways}
        found = await store.peek(lambda rows: rows.entries.entry("room", room.entry))
        assert found
        assert (found.votes, found.passes) == (len(await room.voters()), len(votes.passes))
    finally:
        await store.close()
