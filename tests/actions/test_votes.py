"""Votes, passes, and requests that arrive twice."""

import asyncio
import itertools
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.attendance import rsvp
from bot.actions.claims import claim_paper
from bot.actions.votes import cast_vote, pass_on, retract_pass, retract_vote, toggle_vote
from bot.errors import PortError, Refused, UserError
from bot.model import Act, GroupSettings, Stance, Tally
from bot.ports import Store
from tests.actions.doing import do
from tests.groups import enrol, set_groups
from tests.stores.scene import AT, Scene, later, list_papers

CLAIM_VERBS = ("claim", "release_claim", "revoke_claim")
VERBS = ("cast_vote", "retract_vote", "toggle_vote", "pass_on", "retract_pass", *CLAIM_VERBS)


async def test_a_vote_counts_once_however_it_came(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(cast_vote, scene.by(scene.ann, via="web"), entry) == Tally(True, True, 1)
    assert await store.act(cast_vote, scene.by(scene.ann, via="reaction"), entry) == Tally(False, True, 1)
    assert await store.act(cast_vote, scene.by(scene.bob), entry) == Tally(True, True, 2)
    assert await scene.votes(entry) == 2


async def test_retracting_clears_every_source(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    for via in ("web", "reaction"):
        await store.act(cast_vote, scene.by(scene.ann, via=via), entry)
    assert await store.act(retract_vote, scene.by(scene.ann), entry) == Tally(True, False, 0)
    assert await store.act(retract_vote, scene.by(scene.ann), entry) == Tally(False, False, 0)


async def test_a_toggle_takes_back_what_another_surface_cast(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    assert await store.act(toggle_vote, scene.by(scene.ann, via="web"), entry) == Tally(True, True, 1)
    assert await store.act(toggle_vote, scene.by(scene.ann, via="slack"), entry) == Tally(True, False, 0)


async def test_a_pass_withdraws_the_vote_and_a_vote_the_pass(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    await store.act(cast_vote, scene.by(scene.ann), entry)
    assert await store.act(pass_on, scene.by(scene.ann), entry)
    assert await store.read(lambda rows: rows.votes.stance("readers", scene.ann.id)) == Stance(
        passed=frozenset({entry})
    )
    assert await store.act(cast_vote, scene.by(scene.ann), entry) == Tally(True, True, 1)
    assert await store.read(lambda rows: rows.votes.stance("readers", scene.ann.id)) == Stance(voted=frozenset({entry}))


async def test_a_pass_said_again_stands_until_it_is_taken_back(scene: Scene) -> None:
    assert await scene.store.act(pass_on, scene.by(scene.ann), scene.first)
    found = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert found.passes == 1
    assert not await scene.store.act(pass_on, scene.by(scene.ann), scene.first)
    passed = await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id))
    assert passed == Stance(passed=frozenset({scene.first}))
    assert await scene.store.act(retract_pass, scene.by(scene.ann), scene.first)
    assert not await scene.store.act(retract_pass, scene.by(scene.ann), scene.first)
    assert await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id)) == Stance()


async def test_a_stance_is_one_members_in_one_group(scene: Scene) -> None:
    first, second, third = scene.entries
    await scene.store.act(cast_vote, scene.by(scene.ann), first)
    await scene.store.act(pass_on, scene.by(scene.ann), second)
    await scene.store.act(claim_paper, scene.by(scene.ann), third)
    stance = Stance(frozenset({first}), frozenset({second}), frozenset({third}))
    assert await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id)) == stance
    assert await scene.store.read(lambda rows: rows.votes.stance("readers", scene.bob.id)) == Stance()
    assert await scene.store.read(lambda rows: rows.votes.stance("others", scene.ann.id)) == Stance()


async def test_whether_a_member_comes_is_part_of_their_stance(scene: Scene) -> None:
    session = await scene.meet()
    await scene.store.act(rsvp, scene.by(scene.ann), session.id, "join")
    await scene.store.act(rsvp, scene.by(scene.bob), session.id, "skip")
    assert await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id)) == Stance(
        joined=frozenset({session.id})
    )
    assert await scene.store.read(lambda rows: rows.votes.stance("readers", scene.bob.id)) == Stance(
        skipped=frozenset({session.id})
    )
    await scene.store.act(rsvp, scene.by(scene.ann), session.id, None)
    assert await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id)) == Stance()


async def test_what_a_member_holds_is_listed_newest_first(scene: Scene) -> None:
    first, second, third = scene.entries
    for minute, entry in enumerate((third, first, second)):
        await scene.store.act(cast_vote, scene.by(scene.ann, at=later(minutes=minute)), entry)
    await scene.store.act(pass_on, scene.by(scene.ann), third)
    await scene.store.act(claim_paper, scene.by(scene.ann), third)

    async def held(what: str, group: str = "readers") -> list[int]:
        return [
            entry.id for entry in await scene.store.read(lambda rows: rows.entries.held_by(group, scene.ann.id, what))
        ]

    assert [await held(what) for what in ("voted", "passed", "claimed")] == [[second, first], [third], [third]]
    assert await held("voted", "others") == []


@pytest.mark.parametrize("name", VERBS)
async def test_a_request_that_arrives_again_changes_nothing(scene: Scene, name: str) -> None:
    act = scene.by(scene.ann, request="once")
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    before = await do(scene.store, name, act, scene.first)
    entry, last = (
        await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first)),
        await scene.store.read(lambda rows: rows.changes.last_change("readers")),
    )
    again = [await do(scene.store, name, act, scene.first) for _ in range(2)]
    assert await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first)) == entry
    assert await scene.store.read(lambda rows: rows.changes.last_change("readers")) == last
    expected = False if isinstance(before, bool) else replace(before, changed=False)
    assert again == [expected, expected]


async def test_a_request_of_one_group_is_unknown_in_another(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann, request="same"), scene.first)
    assert (await scene.store.act(cast_vote, scene.by(scene.eve, request="same"), scene.foreign[0])).changed


@pytest.mark.parametrize("name", VERBS)
@pytest.mark.parametrize("entry", [0, -1, 999, 2**63, 10**30, None])
async def test_an_entry_of_no_or_another_group_is_not_found(scene: Scene, name: str, entry: int | None) -> None:
    theirs = scene.foreign[0]
    last = await scene.store.read(lambda rows: rows.changes.last_change("others"))
    with pytest.raises((UserError, Refused)):
        await do(scene.store, name, scene.by(scene.ann), theirs if entry is None else entry)
    assert await scene.store.read(lambda rows: rows.changes.last_change("others")) == last


async def test_a_refused_request_may_be_tried_again(scene: Scene) -> None:
    with pytest.raises((UserError, Refused)):
        await scene.store.act(cast_vote, scene.by(scene.ann, request="again"), 999)
    assert (await scene.store.act(cast_vote, scene.by(scene.ann, request="again"), scene.first)).changed


@pytest.mark.parametrize("name", ["cast_vote", "toggle_vote", "pass_on", "claim"])
async def test_a_member_of_another_group_leaves_nothing_here(scene: Scene, name: str) -> None:
    intruder = replace(scene.by(scene.ann), member=scene.eve.id)
    with pytest.raises((PortError, Refused)):
        await do(scene.store, name, intruder, scene.first)
    found = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert found
    assert (found.votes, found.passes, found.claimer) == (0, 0, None)


async def test_another_groups_entry_is_not_shown(scene: Scene) -> None:
    assert await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.foreign[0])) is None
    assert await scene.store.peek(lambda rows: rows.entries.entry("readers", 10**30)) is None
    assert await scene.store.read(lambda rows: rows.entries.entry_by_key("nowhere", "arxiv:2411.00001")) is None
    ours = await scene.store.read(lambda rows: rows.entries.entry_by_key("readers", "arxiv:2411.00001"))
    assert ours
    assert ours.id == scene.first


async def test_64_members_vote_at_once_and_one_of_them_claims(scene: Scene) -> None:
    store, entry = scene.store, scene.first
    members = [await enrol(store, "readers", f"web:m{n}", f"Member {n}", AT) for n in range(64)]
    tallies = await asyncio.gather(*(store.act(cast_vote, scene.by(member), entry) for member in members))
    claims = await asyncio.gather(*(store.act(claim_paper, scene.by(member), entry) for member in members))
    assert sorted(tally.votes for tally in tallies) == list(range(1, 65))
    assert await scene.votes(entry) == 64
    assert sorted((claim.kind, claim.place) for claim in claims) == [
        *(("backup", place) for place in range(1, 64)),
        ("holder", 0),
    ]
    assert len({claim.holder for claim in claims}) == 1


async def test_one_member_pressing_at_once_everywhere_has_one_vote(scene: Scene) -> None:
    acts = [scene.by(scene.ann, via=f"surface-{n}") for n in range(64)]
    tallies = await asyncio.gather(*(scene.store.act(cast_vote, act, scene.first) for act in acts))
    assert [tally.changed for tally in tallies].count(True) == 1
    assert await scene.votes(scene.first) == 1


@dataclass
class Ballot:
    """What should hold after a sequence of acts, said as plainly as possible."""

    sources: set[tuple[int, str]] = field(default_factory=set)
    passes: set[int] = field(default_factory=set)
    holder: int | None = None
    backups: list[int] = field(default_factory=list)

    def act(self, verb: str, member: int, via: str) -> None:
        has_voted = any(voter == member for voter, _ in self.sources)
        match verb:
            case "toggle_vote":
                self.act("retract_vote" if has_voted else "cast_vote", member, via)
            case "cast_vote":
                self.sources.add((member, via))
                self.passes.discard(member)
            case "retract_vote":
                self.sources = {(voter, how) for voter, how in self.sources if voter != member}
            case "pass_on":
                self.act("retract_vote", member, via)
                self.passes.add(member)
            case "retract_pass":
                self.passes.discard(member)
            case "claim":
                self._claim(member)
            case "release_claim":
                self._release(member)
            case "revoke_claim":
                if self.holder in (None, member):
                    self._release(member)
                else:
                    self.holder = None

    def _claim(self, member: int) -> None:
        if self.holder is None:
            self.holder = member
            self.backups = [other for other in self.backups if other != member]
        elif member not in (self.holder, *self.backups):
            self.backups.append(member)

    def _release(self, member: int) -> None:
        if self.holder == member:
            self.holder = self.backups.pop(0) if self.backups else None
        else:
            self.backups = [other for other in self.backups if other != member]

    @property
    def counts(self) -> tuple[int, int, int | None, list[int]]:
        return len({voter for voter, _ in self.sources}), len(self.passes), self.holder, self.backups


requests = st.integers(0, 40)  # few enough that some arrive again
acts = st.lists(
    st.tuples(requests, st.sampled_from(VERBS), st.integers(0, 2), st.sampled_from(["web", "slack"])), max_size=25
)
rooms = itertools.count()


@given(acts=acts)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_sequence_of_acts_ends_as_a_plain_model_says(
    store: Store, acts: list[tuple[int, str, int, str]]
) -> None:
    group = f"room-{next(rooms)}"
    await set_groups(store, [GroupSettings(id=group, channels=(f"web:{group}",))])
    members = [await enrol(store, group, f"slack:{n}", f"Member {n}", AT) for n in range(3)]
    entry, *_ = await list_papers(store, group)
    ballot = Ballot()
    handled: set[int] = set()
    for request, name, who, via in acts:
        await do(store, name, Act(f"r{request}", group, members[who].id, via, AT), entry)
        if request not in handled:
            ballot.act(name, who, via)
        handled.add(request)
    found = await store.peek(lambda rows: rows.entries.entry(group, entry))
    assert found
    line = [members.index(backup) for backup in found.backups]
    assert (found.votes, found.passes, members.index(found.claimer) if found.claimer else None, line) == ballot.counts


async def test_without_a_request_every_act_is_a_new_one(scene: Scene) -> None:
    act = Act("", "readers", scene.ann.id, "web", AT)
    tallies = [await scene.store.act(toggle_vote, act, scene.first) for _ in range(3)]
    assert [tally.voted for tally in tallies] == [True, False, True]
