"""Claims as a state machine: whatever four members, a moderator and the program do to two papers, nobody is lost."""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adapters.stores.sqlite import open_store
from bot.actions.claims import (
    assign_claim,
    claim_paper,
    hand_over_claim,
    put_to_sleep,
    release_claim,
    revoke_claim,
    wake_claim,
)
from bot.actions.moves import make_moves
from bot.actions.undo import undo_step
from bot.errors import Refused
from bot.model import Act, Claim, ClaimKind, ClaimMove, ClaimResult, Member, Move
from bot.ports import Store
from tests.groups import enrol, link_members
from tests.stores.scene import AT, Scene, later, set_up

Line = list[tuple[str, int]]  # kind, member

members = st.integers(0, 3)
entries = st.integers(0, 1)
kinds: st.SearchStrategy[ClaimKind] = st.sampled_from(["holder", "co", "backup", "fallback"])


class Claims(RuleBasedStateMachine):
    """`lines` says what should hold, as plainly as possible: per entry the holder, co-presenters, backups in their
    order and fallbacks; `asleep` the (entry, member) whose claim sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.minutes = 0
        self.lines: list[Line] = [[], []]
        self.asleep: set[tuple[int, int]] = set()
        self.linked = False

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.run(self.store.close())
        self.loop.close()
        self.folder.cleanup()

    @initialize()
    def opens(self) -> None:
        self.store: Store = self.run(open_store(Path(self.folder.name) / "claims.db"))
        self.scene: Scene = self.run(set_up(self.store))
        others = [self.run(enrol(self.store, "readers", f"web:x{n}", f"Member {n}", AT)) for n in range(2)]
        self.people: list[Member] = [self.scene.ann, self.scene.bob, *others]
        self.session = self.run(self.scene.meet())

    # what is done

    @rule(who=members, entry=entries, kind=kinds)
    def claims(self, who: int, entry: int, kind: ClaimKind) -> None:
        who = self.one(who)
        before = self.holder(entry)
        result: ClaimResult = self.run(self.store.act(claim_paper, self.act(who), self.entry(entry), kind))
        self.follow(entry)
        if before is not None and before != who and (entry, before) not in self.asleep:
            assert self.holder(entry) == before, "who comes later takes nothing away"
        if kind == "backup" and before not in (None, who):
            assert result.kind == "backup"

    @rule(who=members, entry=entries)
    def releases(self, who: int, entry: int) -> None:
        who = self.one(who)
        awake = [one for one in self.backups(entry) if (entry, one) not in self.asleep]
        held, rest = self.holder(entry) == who, [part for part in self.lines[entry] if part[1] != who]
        self.run(self.store.act(release_claim, self.act(who), self.entry(entry)))
        self.follow(entry)
        if held:
            assert self.holder(entry) == (awake[0] if awake else None), "the first backup who is awake follows"
        assert {one for _, one in self.lines[entry]} == {one for _, one in rest}, "nobody else went"

    @rule(by=members, entry=entries)
    def is_revoked(self, by: int, entry: int) -> None:
        by = self.one(by)
        holder, waiting = self.holder(entry), self.backups(entry)
        self.run(self.store.act(revoke_claim, self.act(by), self.entry(entry)))
        self.follow(entry)
        if holder not in (None, by):
            assert self.holder(entry) is None, "nobody follows unasked"
            assert self.backups(entry) == waiting

    @rule(by=members, to=members, entry=entries)
    def is_assigned(self, by: int, to: int, entry: int) -> None:
        by, to = self.one(by), self.one(to)
        waiting = self.backups(entry)
        self.run(self.store.act(assign_claim, self.act(by), self.entry(entry), self.people[to].id))
        self.follow(entry)
        assert self.holder(entry) == to
        assert self.backups(entry) == [one for one in waiting if one != to]

    @rule(who=members, to=members, entry=entries)
    def is_handed_over(self, who: int, to: int, entry: int) -> None:
        who, to = self.one(who), self.one(to)
        held, waiting = self.holder(entry) == who, self.backups(entry)
        try:
            self.run(self.store.act(hand_over_claim, self.act(who), self.entry(entry), self.people[to].id))
        except Refused:
            assert not held
            return
        assert held
        self.follow(entry)
        assert self.holder(entry) == to
        assert self.backups(entry) == [one for one in waiting if one != to]

    @rule(entry=entries)
    def falls_asleep(self, entry: int) -> None:
        for claim in self.standing(entry)[:1]:
            if self.run(self.store.write(put_to_sleep, "readers", claim.id, self.now())):
                assert claim.kind == "holder"
        self.follow(entry)

    @rule(who=members, entry=entries)
    def wakes(self, who: int, entry: int) -> None:
        who = self.one(who)
        before = list(self.lines[entry])
        for claim in self.standing(entry):
            if claim.member == self.people[who]:
                self.run(self.store.act(wake_claim, self.act(who), claim.id))
                self.asleep.discard((entry, who))
        self.follow(entry)
        assert self.lines[entry] == before

    @rule(entry=entries)
    def the_program_asks_the_next(self, entry: int) -> None:
        """As a deadline that passed would: the holder goes, the first backup follows, in one Move."""
        found = self.standing(entry)
        holder = [claim for claim in found if claim.kind == "holder"]
        backups = [claim for claim in found if claim.kind == "backup"]
        steps = [ClaimMove("release", claim.id) for claim in holder] + [
            ClaimMove("promote", claim.id) for claim in backups[:1]
        ]
        session = self.run(self.scene.session(self.session))
        move = Move(session.id, "silent", "no answer", claims=tuple(steps))
        self.run(self.store.write(make_moves, self.scene.program(self.now()), [move]))
        self.follow(entry)
        assert self.holder(entry) == (self.number(backups[0].member) if backups else None)

    @rule(by=members)
    def is_undone(self, by: int) -> None:
        """Whatever the newest step was: nobody who waits is lost by it."""
        waiting = [self.backups(entry) for entry in range(2)]
        self.run(self.store.act(undo_step, self.act(by)))
        for entry in range(2):
            self.follow(entry)
            present = {one for _, one in self.lines[entry]}
            assert set(waiting[entry]) <= present

    @precondition(lambda self: not self.linked)
    @rule()
    def two_become_one(self) -> None:
        """The last of the four is the third, on another surface."""
        waiting = [self.backups(entry) for entry in range(2)]
        self.run(link_members(self.store, self.act(3), self.act(2)))
        self.linked = True
        self.people[3] = self.people[2]
        for entry in range(2):
            self.lines[entry] = [(kind, 2 if one == 3 else one) for kind, one in self.lines[entry]]
            self.asleep = {(where, 2 if one == 3 else one) for where, one in self.asleep}
            self.follow(entry)
            present = {one for _, one in self.lines[entry]}
            assert {2 if one == 3 else one for one in waiting[entry]} <= present

    # what always holds

    @invariant()
    def one_at_most_holds_a_paper(self) -> None:
        for entry in range(2) if hasattr(self, "store") else ():
            assert [kind for kind, _ in self.lines[entry]].count("holder") <= 1

    @invariant()
    def nobody_has_two_parts_in_one_paper(self) -> None:
        for line in self.lines:
            assert len({one for _, one in line}) == len(line)

    @invariant()
    def backups_stand_in_the_order_in_which_they_came(self) -> None:
        for entry in range(2) if hasattr(self, "store") else ():
            times = [claim.at for claim in self.standing(entry) if claim.kind == "backup"]
            assert times == sorted(times)

    @invariant()
    def the_card_says_the_same(self) -> None:
        for entry in range(2) if hasattr(self, "store") else ():
            found = self.run(self.store.peek(lambda rows: rows.entries.entry("readers", self.entry(entry))))
            assert found
            assert [self.number(one) for one in found.backups] == self.backups(entry)
            assert (self.number(found.claimer) if found.claimer else None) == self.holder(entry)

    # reading it

    def one(self, number: int) -> int:
        """The two who became one are the third."""
        return 2 if self.linked and number == 3 else number

    def act(self, who: int) -> Act:
        return self.scene.by(self.people[who], at=self.now())

    def now(self) -> Any:
        self.minutes += 1
        return later(minutes=self.minutes)

    def entry(self, number: int) -> int:
        return self.scene.entries[number]

    def number(self, member: Member) -> int:
        return next(number for number, one in enumerate(self.people) if one.id == member.id)

    def standing(self, entry: int) -> list[Claim]:
        return list(self.run(self.store.peek(lambda rows: rows.claims.claims("readers", self.entry(entry)))))

    def follow(self, entry: int) -> None:
        """Whoever waited still waits in the same order, presents by now, or left: that is the rules' own to say."""
        before, found = self.backups(entry), self.standing(entry)
        self.lines[entry] = [(claim.kind, self.number(claim.member)) for claim in found]
        asleep = {(entry, self.number(claim.member)) for claim in found if claim.slept_at}
        self.asleep = {one for one in self.asleep if one[0] != entry} | asleep
        still = [one for one in before if one in self.backups(entry)]
        fresh = [one for one in self.backups(entry) if one not in before]
        assert [one for one in self.backups(entry) if one not in fresh] == still

    def holder(self, entry: int) -> int | None:
        return next((one for kind, one in self.lines[entry] if kind == "holder"), None)

    def backups(self, entry: int) -> list[int]:
        return [one for kind, one in self.lines[entry] if kind == "backup"]


def test_never_two_holders_and_never_a_lost_backup(request: pytest.FixtureRequest) -> None:
    soaks = request.config.getoption("--soak")
    run_state_machine_as_test(
        Claims,
        settings=settings(
            max_examples=300 if soaks else 40,
            stateful_step_count=40 if soaks else 25,
            deadline=None,
            derandomize=not soaks,
            phases=[Phase.generate, *([Phase.shrink] if soaks else [])],  # shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
