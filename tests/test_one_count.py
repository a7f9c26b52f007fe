"""One paper, one count: whatever members and moderators did, a paper has the same number on every surface, and it is
the number that the coming close counts."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import views
from bot.actions.entries import drop_entry
from bot.actions.facts import facts_of
from bot.actions.picks import next_paper, reopen_vote
from bot.actions.reschedule import skip_meeting, unskip_meeting
from bot.actions.undo import undo_step
from bot.actions.votes import cast_vote, pass_on, retract_vote, tally, toggle_vote
from bot.cards import Card
from bot.errors import Refused
from bot.model import Act, Backing, Session
from bot.ports import Action, Reads
from bot.views.vote import nominations_card
from bot.week.participation import participation_of
from tests.weekly_club import Club, club

VOTERS = ("Ann", "Bob", "Cid", "Dan", "Eve")
TITLES = ("Alpha", "Beta", "Gamma")
MOST = re.compile(r"(\d+) votes?")


# --- the rule


@pytest.mark.parametrize(
    ("given", "waiting", "most", "carried"),
    [(0, 0, 0, 0), (2, 0, 0, 0), (0, 1, 2, 0), (0, 3, 2, 1), (0, 4, 2, 2), (4, 0, 2, 0), (1, 5, 2, 2), (0, 9, 1, 1)],
)
def test_half_of_those_who_did_not_vote_again_are_carried(given: int, waiting: int, most: int, carried: int) -> None:
    backing = Backing(given, waiting, most)
    assert (backing.carried, backing.votes) == (carried, given + carried)


# --- what is shown and what is counted


def counted(rows: Reads, town: Club) -> tuple[Session | None, Mapping[int, int]]:
    """The meeting whose ballot closes next, and what would be counted for it now."""
    facts = facts_of(rows, town.group.id, town.now)
    ahead = (one for one in rows.sessions.sessions(town.group.id, town.now) if one.status == "planned")
    coming = next((one for one in ahead if one.closed_at is None and one.starts > town.now), None)
    if coming is None:
        return None, {}
    standings = facts.count(coming, town.now + timedelta(seconds=1)).receipt.standings
    return coming, {line.entry: int(line.votes) for line in standings}


def on_button(card: Card) -> int | None:
    """What the button Vote says; None without one."""
    label = next((button.label for button in card.buttons if button.command == "vote"), None)
    return None if label is None else int(label.removeprefix("Vote") or 0)


def on_nominations(rows: Reads, town: Club, coming: Session) -> Mapping[str, int]:
    room = participation_of(rows, town.group.id, coming.id)
    assert room
    card = nominations_card(room, town.group, rows, town.now)
    votes = {field.name: MOST.match(field.value) for field in card.fields if field.name in TITLES}
    return {title: int(said[1]) if said else 0 for title, said in votes.items()}


def require_one_count(rows: Reads, town: Club, entries: list[int]) -> None:
    coming, expected = counted(rows, town)
    if coming is None:
        return
    nominated = on_nominations(rows, town, coming)
    for found in rows.entries.some(town.group.id, entries):
        title, votes = found.paper.title, expected.get(found.id, 0)
        hits = rows.entries.search(town.group.id, title, limit=1).entries
        assert found.votes == votes or found.dropped or found.reads_on, (title, found.votes, votes)
        assert on_button(views.paper_card(found, town.group)) in (None, votes), title
        assert [on_button(views.found_card(hit, town.group)) for hit in hits] in ([None], [votes]), title
        assert nominated.get(title, votes) == votes, title
        assert tally(rows, town.act("Ann"), found.id).votes == found.votes


STEPS = st.one_of(
    st.tuples(st.sampled_from(["vote", "press", "unvote", "pass"]), st.integers(0, 4), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1, 2, 4, 7]), st.just(0)),
    st.tuples(st.sampled_from(["reopen", "skip", "unskip", "undo", "next", "drop"]), st.integers(0, 2), st.just(0)),
)
VERBS: Mapping[str, Action[[int], Any]] = {
    "vote": cast_vote,
    "press": toggle_vote,
    "unvote": retract_vote,
    "pass": pass_on,
}


async def do(town: Club, step: tuple[str, int, int], entries: list[int]) -> None:
    verb, who, which = step
    if verb == "wait":
        await town.until(town.now + timedelta(days=who))
        return
    if verb in VERBS:
        await town.store.act(VERBS[verb], town.act(VOTERS[who]), entries[which])
        return
    act = town.act("Mod")
    ahead = [one for one in await town.sessions() if one.ends > town.now]
    if verb == "undo":
        await town.store.act(undo_step, act)
    elif verb == "drop":
        found = await town.entry(entries[who])
        await town.store.act(drop_entry, act, found.id, not found.dropped, "")
    elif who < len(ahead):
        await moderate(town, act, verb, ahead[who].id)


async def moderate(town: Club, act: Act, verb: str, session: int) -> None:
    match verb:
        case "reopen":
            await town.store.act(reopen_vote, act, session)
        case "skip":
            await town.store.act(skip_meeting, act, session, "exams")
        case "unskip":
            await town.store.act(unskip_meeting, act, session)
        case _:
            await town.store.act(next_paper, act, session)


@given(steps=st.lists(STEPS, min_size=5, max_size=18))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.timeout(600)
async def test_every_surface_has_the_number_that_is_counted(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    async with club(tmp_path_factory.mktemp("count"), session="tue,thu 17:00") as town:
        await town.join(*VOTERS, "Mod")
        entries = await town.list_papers(*TITLES)
        await town.vote(entries[0], "Ann", "Bob", "Cid")
        await town.vote(entries[1], "Ann", "Dan")
        for step in [("wait", 1, 0), *steps]:
            try:
                await do(town, step, entries)
            except Refused:
                continue
            town.clock.move(seconds=5)
            await town.tick()
            await town.store.read(require_one_count, town, entries)


async def test_who_votes_again_weighs_no_more_than_who_voted_once(tmp_path: Path) -> None:
    async with club(tmp_path) as town:
        await town.join(*VOTERS)
        alpha, beta, _ = await town.list_papers(*TITLES)
        await town.vote(alpha, "Ann", "Bob", "Cid", "Dan", "Eve")
        await town.vote(beta, "Ann", "Bob", "Cid", "Dan")
        await town.until("2026-11-23 10:00")
        assert (await town.entry(alpha)).picked_with == 5
        numbers = [(await town.entry(beta)).votes]
        for name in ("Ann", "Bob", "Cid", "Dan"):
            await town.vote(beta, name)
            numbers.append((await town.entry(beta)).votes)
        assert numbers == [2, 2, 3, 3, 4]


async def test_a_close_shows_the_cards_again_whose_votes_were_counted(tmp_path: Path) -> None:
    async with club(tmp_path) as town:
        await town.join(*VOTERS)
        alpha, beta, _ = await town.list_papers(*TITLES)
        await town.vote(alpha, "Ann", "Bob")
        await town.vote(beta, "Cid")
        await town.until("2026-11-22 15:59")
        await town.deliver()
        town.clock.move(seconds=90)
        await town.meetings.tick(town.group)
        due = await town.store.read(
            lambda rows: rows.messages.messages("readers", "web:readers", before=None, limit=99)
        )
        shown = {one.key for one, _ in due if one.kind == "paper" and one.shown < one.wanted}
        assert shown == {str(alpha), str(beta)}
