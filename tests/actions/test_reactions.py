"""The voting emoji on cards is a vote as long as it stands."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.actions.deliveries import mark_shown, repost
from bot.actions.meetings import plan_meetings
from bot.actions.moves import make_moves
from bot.actions.reactions import mirror_reaction, take_reaction
from bot.actions.votes import cast_vote, pass_on, retract_vote
from bot.model import Act, GroupSettings, Member, Move, Planned, Stance, Tally, Wanted, Wish
from bot.ports import Store
from bot.reactions import open_cards
from tests.groups import enrol, set_groups
from tests.stores.scene import AT, OTHERS, lease_all, list_papers

HALL = GroupSettings(id="hall", channels=("slack:T/C", "slack:T/D", "web:hall"))
ANN, CEM = "slack:T/1", "slack:T/3"


@dataclass
class Hall:
    """A group with two channels on one surface, in each of which the card of its first paper stands."""

    store: Store
    entry: int
    cards: list[Wanted]
    people: dict[str, Member]

    async def react(self, account: str = ANN, card: int = 0, *, on: bool = True) -> Tally | None:
        member = self.people[account]
        act = Act("", "hall", member.id, "slack/reaction", AT)
        return await self.store.write(take_reaction, act, self.cards[card].id, self.entry, account, on=on)

    def by(self, account: str = ANN, via: str = "slack/button") -> Act:
        return Act("", "hall", self.people[account].id, via, AT)

    async def due(self) -> int:
        return len(await lease_all(self.store, "slack"))


@pytest.fixture
async def hall(store: Store) -> Hall:
    await set_groups(store, [HALL, OTHERS])
    people = {account: await enrol(store, "hall", account, account[-1], AT) for account in (ANN, CEM, "web:1")}
    entry, *_ = await list_papers(store, "hall", cards=1)
    for surface in ("slack", "web"):
        for message in await lease_all(store, surface):
            await store.write(mark_shown, message, f"ref-{message.id}", "hash", AT)
    shown = [
        await store.peek(lambda rows: rows.messages.find_shown("slack", card.ref))
        for card in reversed(await store.read(open_cards, "slack", AT))
    ]
    return Hall(store, entry, [card for card in shown if card], people)


async def test_an_emoji_is_a_vote_and_taken_away_it_takes_the_vote_back(hall: Hall) -> None:
    assert await hall.react() == Tally(True, True, 1)
    assert await hall.store.read(lambda rows: rows.votes.stance("hall", hall.people[ANN].id)) == Stance(
        voted=frozenset({hall.entry})
    )
    assert await hall.due() == 2, "both cards count it"
    assert await hall.react(CEM) == Tally(True, True, 2)
    assert await hall.react(on=False) == Tally(True, False, 1)


async def test_an_event_that_comes_again_writes_nothing(hall: Hall) -> None:
    assert await hall.react(on=False) is None
    await hall.react()
    commits = hall.store.commits
    assert await hall.react() is None
    assert hall.store.commits == commits, "not even the request: there is none"


async def test_a_vote_by_button_stands_when_the_emoji_goes(hall: Hall) -> None:
    await hall.react()
    await hall.store.act(cast_vote, hall.by(), hall.entry)
    assert await hall.react(on=False) == Tally(False, True, 1)


async def test_an_emoji_on_another_card_of_the_paper_keeps_the_vote(hall: Hall) -> None:
    await hall.react(card=0)
    assert await hall.react(card=1) == Tally(False, True, 1)
    assert await hall.react(card=0, on=False) == Tally(False, True, 1)
    assert await hall.react(card=1, on=False) == Tally(True, False, 0)


async def test_a_vote_taken_back_by_button_does_not_come_back_with_what_stands(hall: Hall) -> None:
    await hall.react()
    await hall.store.act(retract_vote, hall.by(), hall.entry)
    assert await hall.store.read(lambda rows: rows.messages.reacting(hall.cards[0].id, 0)) == {ANN: "1"}
    assert await hall.react() is None, "it stood there all the time"
    assert await hall.react(on=False) == Tally(False, False, 0)
    assert await hall.react() == Tally(True, True, 1)


async def test_an_emoji_ends_a_pass(hall: Hall) -> None:
    await hall.store.act(pass_on, hall.by(), hall.entry)
    assert await hall.react() == Tally(True, True, 1)
    assert await hall.store.read(lambda rows: rows.votes.stance("hall", hall.people[ANN].id)) == Stance(
        voted=frozenset({hall.entry})
    )


async def test_a_card_that_was_deleted_takes_the_emoji_with_it_and_leaves_the_votes(hall: Hall) -> None:
    await hall.react()
    await hall.store.write(repost, replace(hall.cards[0], round=7))
    assert await hall.store.read(lambda rows: rows.messages.reacting(hall.cards[0].id, 0)) == {ANN: "1"}, (
        "another round's"
    )
    await hall.store.write(repost, hall.cards[0])
    assert await hall.store.read(lambda rows: rows.messages.reacting(hall.cards[0].id, 0)) == {}
    found = await hall.store.peek(lambda rows: rows.entries.entry("hall", hall.entry))
    assert found
    assert found.votes == 1
    assert await hall.react() == Tally(False, True, 1)


async def test_where_a_members_emoji_stand_is_told(hall: Hall) -> None:
    await hall.react(card=1)
    await hall.react(CEM)
    ann = hall.people[ANN].id
    assert await hall.store.peek(lambda rows: rows.messages.reactions_of("hall", ann, "paper", str(hall.entry), 0)) == [
        ("slack:T/D", hall.cards[1].ref, ANN)
    ]
    for group, entry in (("others", hall.entry), ("hall", hall.entry + 1)):
        assert await hall.store.peek(lambda rows: rows.messages.reactions_of(group, ann, "paper", str(entry), 0)) == []


async def event(hall: Hall) -> Wanted:
    """Of a session in twenty days, on one surface's calendar."""
    starts = AT + timedelta(days=20)
    await hall.store.write(plan_meetings, "hall", [Planned(starts.date(), starts, 60, "Room")], AT)
    (session,) = await hall.store.read(lambda rows: rows.sessions.sessions("hall", AT))
    wish = Wish("event", str(session.id), surfaces=("slack",))
    move = Move(session.id, "", wishes=(wish,))
    await hall.store.write(make_moves, Act("", "hall", 0, "", AT), [move])
    first, _ = await lease_all(hall.store, "slack")
    await hall.store.write(mark_shown, first, "event:9", "hash", AT)
    return first


async def test_who_marked_an_event_is_kept_and_has_voted_for_nothing(hall: Hall) -> None:
    message = await event(hall)
    act = Act("", "hall", hall.people[ANN].id, "slack/reaction", AT)
    assert await hall.store.write(mirror_reaction, act, message.id, ANN, on=True)
    assert await hall.store.read(lambda rows: rows.messages.reacting(message.id, 0)) == {ANN: "1"}
    assert await hall.store.read(lambda rows: rows.votes.stance("hall", hall.people[ANN].id)) == Stance()
    assert await hall.store.write(mirror_reaction, act, message.id, ANN, on=False)
    assert await hall.store.read(lambda rows: rows.messages.reacting(message.id, 0)) == {}


async def test_events_are_open_until_a_while_after_their_session(hall: Hall) -> None:
    await event(hall)
    starts = AT + timedelta(days=20)
    open_then = [
        await hall.store.read(open_cards, "slack", since) for since in (AT, starts, starts + timedelta(seconds=1))
    ]
    assert [[card.ref for card in cards if card.ref == "event:9"] for cards in open_then] == [["event:9"]] * 2 + [[]]
