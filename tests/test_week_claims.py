"""Claims of papers, those of a paper that a session reads among them; claims that sleep; races."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.actions.claims import assign_claim, claim_paper, release_claim, revoke_claim, wake_claim
from bot.actions.picks import pick_paper
from bot.actions.presenter import confirm_presenting
from bot.actions.undo import undo_step
from bot.errors import Refused
from bot.meetings import Meetings
from bot.model import ClaimResult, Entry, Member, Session
from bot.ports import Store
from tests.fakes.clock import read_time
from tests.weekly_club import Club, club

MONDAY = "2026-11-23 12:00"


async def with_paper(readers: Club, *names: str) -> int:
    await readers.join(*names)
    (alpha,) = await readers.list_papers("Alpha")
    await readers.tick()
    await readers.vote(alpha, *names)
    return alpha


async def held_by(readers: Club, entry: int) -> list[str]:
    return [
        f"{claim.kind} {claim.member.name}"
        for claim in await readers.store.peek(lambda rows: rows.claims.claims("readers", entry))
    ]


# --- claims of papers that no session reads


async def test_a_claim_of_any_paper_is_the_stores_alone(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob", "Mod")
        entry = await readers.entry(alpha)
        first = await readers.store.act(claim_paper, readers.act("Ann"), entry.id)
        assert (first.holder, first.kind) == (readers.members["Ann"], "holder")
        second = await readers.store.act(claim_paper, readers.act("Bob"), entry.id)
        assert (second.holder, second.kind, second.place) == (readers.members["Ann"], "backup", 1)
        await readers.store.act(claim_paper, readers.act("Ann"), entry.id, toggles=True)
        assert await held_by(readers, alpha) == ["holder Bob"]
        await readers.store.act(assign_claim, readers.act("Mod"), entry.id, readers.members["Ann"].id)
        assert await held_by(readers, alpha) == ["holder Ann"]
        await readers.store.act(revoke_claim, readers.act("Mod"), entry.id)
        assert await held_by(readers, alpha) == []
        released = await readers.store.act(release_claim, readers.act("Ann"), entry.id)
        assert not released.changed


# --- of a paper that a session reads


async def test_who_claims_the_picked_paper_presents_it(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.until("2026-11-22 17:00")
        entry, request = await readers.entry(alpha), readers.act("Bob", "claim")
        result = await readers.store.act(claim_paper, request, entry.id)
        assert (result.changed, result.holder, result.kind) == (True, readers.members["Bob"], "holder")
        session = await readers.session()
        assert session.presenter == readers.members["Bob"]
        assert session.confirmed_at
        assert (await readers.store.act(claim_paper, request, entry.id)).kind == "holder"
        late = await readers.store.act(claim_paper, readers.act("Ann"), entry.id)
        assert (late.kind, late.place) == ("backup", 1)
        assert await readers.actions() == ["close", "pick", "volunteer"]


async def test_giving_the_picked_paper_back_asks_the_next_one(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.claim("Ann", alpha)
        await readers.claim("Bob", alpha)
        await readers.until(MONDAY)
        released = await readers.store.act(
            claim_paper, readers.act("Ann"), (await readers.entry(alpha)).id, toggles=True
        )
        assert (released.holder, released.kind) == (readers.members["Bob"], "")
        assert (await readers.session()).presenter == readers.members["Bob"]
        assert (await readers.actions())[-1] == "decline"


async def test_a_moderator_releases_or_assigns_who_presents(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob", "Cleo", "Mod")
        await readers.claim("Ann", alpha)
        await readers.claim("Bob", alpha)
        await readers.until(MONDAY)
        entry = await readers.entry(alpha)
        released = await readers.store.act(revoke_claim, readers.act("Mod"), entry.id)
        assert released.holder == readers.members["Bob"]
        assigned = await readers.store.act(assign_claim, readers.act("Mod"), entry.id, readers.members["Cleo"].id)
        assert assigned.holder == readers.members["Cleo"]
        session = await readers.session()
        assert (session.presenter, session.confirmed_at) == (readers.members["Cleo"], None)
        assert (await readers.actions())[-2:] == ["release session", "assign session"]
        await readers.store.act(undo_step, readers.act("Mod"))
        assert (await readers.session()).presenter == readers.members["Bob"]
        assert await held_by(readers, alpha) == ["holder Bob"]


async def test_if_nobody_else_does_is_no_offer_before_its_time(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann")
        await readers.until("2026-11-22 17:00")
        await readers.claim("Ann", alpha, "fallback")
        assert (await readers.session()).presenter is None
        await readers.until("2026-11-23 16:00")
        assert (await readers.session()).presenter == readers.members["Ann"]


async def test_if_nobody_else_does_is_an_offer_when_nobody_else_did(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann")
        await readers.until("2026-11-24 16:00")
        assert (await readers.session()).open_discussion
        await readers.claim("Ann", alpha, "fallback")
        assert (await readers.session()).presenter == readers.members["Ann"]


# --- races


async def test_an_offer_while_the_rota_names_somebody_wins(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00") as readers:
        await readers.join("Ann", "Bob")
        await readers.rota("Ann")
        readers.clock.move_to("2026-11-20 12:00")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.tick()
        await readers.vote(alpha, "Ann", "Bob")
        await readers.until("2026-11-23 15:59")
        readers.clock.move_to("2026-11-23 16:00")
        offers = readers.store.act(confirm_presenting, readers.act("Bob"), (await readers.session()).id)
        await Meetings(cast(Store, Between(readers.store, offers)), readers.clock).tick(readers.group)
        session = await readers.session()
        assert session.presenter == readers.members["Bob"]
        assert session.confirmed_at
        assert await held_by(readers, alpha) == ["holder Bob"]
        assert await readers.actions() == ["close", "pick", "volunteer"]


class Between:
    """A store in which something happens between a tick's look and its next write."""

    def __init__(self, store: Store, happens: Awaitable[object]) -> None:
        self._store = store
        self._happens: Awaitable[object] | None = happens

    async def read(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return await self._store.read(fn, *args, **kwargs)

    async def write(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        happens, self._happens = self._happens, None
        if happens:
            await happens
        return await self._store.write(fn, *args, **kwargs)


async def test_of_two_who_offer_at_once_one_presents_and_the_other_is_told(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.until(MONDAY)
        session = await readers.session()
        acts = [readers.store.act(confirm_presenting, readers.act(name), session.id) for name in ("Bob", "Ann")]
        first, late = await asyncio.gather(*acts, return_exceptions=True)
        assert isinstance(first, Session)
        assert isinstance(late, Refused)
        assert (late.reason, late.facts["name"]) == ("presents already", "Bob")
        assert await held_by(readers, alpha) == ["holder Bob"]


async def test_a_claim_that_comes_second_is_a_backup(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.until(MONDAY)
        acts = [readers.store.act(claim_paper, readers.act(name), alpha) for name in ("Bob", "Ann")]
        _, result = await asyncio.gather(*acts)
        assert (result.holder, result.kind) == (readers.members["Bob"], "backup")


# --- requests that come again


async def act_on(readers: Club, verb: str, entry: Entry) -> ClaimResult:
    """The same request each time."""
    ann, mod = (readers.act(name, f"one-{verb}") for name in ("Ann", "Mod"))
    match verb:
        case "claim" | "give back":
            return await readers.store.act(claim_paper, ann, entry.id, toggles=True)
        case "release":
            return await readers.store.act(release_claim, ann, entry.id)
        case "revoke":
            return await readers.store.act(revoke_claim, mod, entry.id)
        case _:
            return await readers.store.act(assign_claim, mod, entry.id, readers.members["Cleo"].id)


async def standing(readers: Club, entry: int) -> tuple[list[str], int | None, Member | None, list[str]]:
    session = await readers.session()
    return await held_by(readers, entry), session.entry, session.presenter, await readers.actions()


@pytest.mark.parametrize("read", ["at first", "later", "never"])
@pytest.mark.parametrize("verb", ["claim", "give back", "release", "revoke", "assign"])
async def test_what_comes_again_changes_nothing_whatever_became_of_the_paper(
    tmp_path: Path, verb: str, read: str
) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob", "Cleo", "Mod")
        alpha, beta = await readers.list_papers("Alpha", "Beta")
        await readers.tick()
        await readers.vote(alpha, "Ann", "Bob")
        entry = await readers.entry(alpha)
        if verb != "claim":
            await readers.claim("Ann", alpha)
            await readers.claim("Bob", alpha)
        if read == "at first":
            await readers.until(MONDAY)
        assert (await act_on(readers, verb, entry)).changed
        before = await standing(readers, alpha)
        assert not (await act_on(readers, verb, entry)).changed
        assert await standing(readers, alpha) == before

        if read == "at first":
            other = await readers.entry(beta)
            await readers.store.act(pick_paper, readers.act("Mod"), (await readers.session()).id, other.id)
        await readers.store.act(assign_claim, readers.act("Mod"), entry.id, readers.members["Ann"].id)
        if read == "later":
            await readers.until(MONDAY)
        before = await standing(readers, alpha)
        assert before[0][0] == "holder Ann"
        assert (before[1] == alpha) == (read == "later")
        again = await act_on(readers, verb, entry)
        assert (again.changed, again.holder) == (False, readers.members["Ann"])
        assert await standing(readers, alpha) == before


# --- sleep


async def test_a_claim_that_was_never_picked_falls_asleep_and_its_holder_is_asked_once(tmp_path: Path) -> None:
    async with club(tmp_path, sleep_weeks=2, session="monthly last thu 17:00") as readers:
        await readers.join("Ann", "Bob", "Cleo")
        alpha, beta = await readers.list_papers("Alpha", "Beta")
        await readers.until("2026-11-26 20:00")
        await readers.claim("Ann", alpha)
        await readers.vote(beta, "Bob")
        asleep = read_time("2026-11-26 20:00") + timedelta(weeks=2)
        await readers.until(asleep)
        assert "sleep" not in readers.kinds()
        await readers.until(asleep + timedelta(hours=2))
        await readers.until(asleep + timedelta(hours=4))
        claim = (await readers.store.peek(lambda rows: rows.claims.claims("readers", alpha)))[0]
        assert claim.slept_at
        assert [post.key for post in readers.posts if post.kind == "sleep"] == [str(claim.id)]
        await readers.store.act(wake_claim, readers.act("Ann"), claim.id)
        assert (await readers.store.peek(lambda rows: rows.claims.claims("readers", alpha)))[0].slept_at is None
        await readers.until(asleep + timedelta(days=13))
        assert (await readers.store.peek(lambda rows: rows.claims.claims("readers", alpha)))[0].slept_at is None


async def test_a_claim_that_sleeps_presents_nothing(tmp_path: Path) -> None:
    async with club(tmp_path, sleep_weeks=1, session="monthly last thu 17:00", now="2026-11-01 12:00") as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.claim("Ann", alpha)
        await readers.until("2026-11-09 12:00")
        await readers.until(MONDAY)
        session = await readers.session()
        assert (session.entry, session.presenter) == (alpha, None)
        await readers.claim("Bob", alpha)
        assert (await readers.session()).presenter == readers.members["Bob"]
        assert (await held_by(readers, alpha))[0] == "holder Bob"
