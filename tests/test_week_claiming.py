"""Claims of papers, those of a paper that a session reads among them; claims that sleep; races."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.model import Act, ClaimResult, Entry, Member, Move
from bot.week import Weekly
from tests.fakes.clock import read_time
from tests.weekly_club import Between, Club, club

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
        entry, group = await readers.entry(alpha), readers.group
        first = await readers.weekly.claim(readers.act("Ann"), group, entry)
        assert (first.holder, first.kind) == (readers.members["Ann"], "holder")
        second = await readers.weekly.claim(readers.act("Bob"), group, entry)
        assert (second.holder, second.kind, second.place) == (readers.members["Ann"], "backup", 1)
        await readers.weekly.claim(readers.act("Ann"), group, entry, toggles=True)
        assert await held_by(readers, alpha) == ["holder Bob"]
        await readers.weekly.assign(readers.act("Mod"), group, entry, readers.members["Ann"].id)
        assert await held_by(readers, alpha) == ["holder Ann"]
        await readers.weekly.revoke(readers.act("Mod"), group, entry)
        assert await held_by(readers, alpha) == []
        released = await readers.weekly.release(readers.act("Ann"), group, entry)
        assert not released.changed


# --- of a paper that a session reads


async def test_who_claims_the_picked_paper_presents_it(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.until("2026-11-22 17:00")
        entry, request = await readers.entry(alpha), readers.act("Bob", "claim")
        result = await readers.weekly.claim(request, readers.group, entry)
        assert (result.changed, result.holder, result.kind) == (True, readers.members["Bob"], "holder")
        session = await readers.session()
        assert session.presenter == readers.members["Bob"]
        assert session.confirmed_at
        assert (await readers.weekly.claim(request, readers.group, entry)).kind == "holder"
        late = await readers.weekly.claim(readers.act("Ann"), readers.group, entry)
        assert (late.kind, late.place) == ("backup", 1)
        assert await readers.actions() == ["close", "pick", "volunteer"]


async def test_giving_the_picked_paper_back_asks_the_next_one(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.claim("Ann", alpha)
        await readers.claim("Bob", alpha)
        await readers.until(MONDAY)
        released = await readers.weekly.claim(
            readers.act("Ann"), readers.group, await readers.entry(alpha), toggles=True
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
        released = await readers.weekly.revoke(readers.act("Mod"), readers.group, entry)
        assert released.holder == readers.members["Bob"]
        assigned = await readers.weekly.assign(readers.act("Mod"), readers.group, entry, readers.members["Cleo"].id)
        assert assigned.holder == readers.members["Cleo"]
        session = await readers.session()
        assert (session.presenter, session.confirmed_at) == (readers.members["Cleo"], None)
        assert (await readers.actions())[-2:] == ["release session", "assign session"]
        await readers.store.undo(readers.act("Mod"))
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
        offers = readers.weekly.confirm(readers.act("Bob"), readers.group, await readers.session())
        await Weekly(Between(readers, offers), readers.clock).tick(readers.group)
        session = await readers.session()
        assert session.presenter == readers.members["Bob"]
        assert session.confirmed_at
        assert await held_by(readers, alpha) == ["holder Bob"]
        assert await readers.actions() == ["close", "pick", "volunteer"]


async def test_of_two_who_offer_at_once_one_presents_and_the_other_is_told(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.until(MONDAY)
        session = await readers.session()
        offers = readers.weekly.confirm(readers.act("Bob"), readers.group, session)
        late = Weekly(Between(readers, offers), readers.clock)
        with pytest.raises(UserError, match="Bob presents on Thursday 26 November"):
            await late.confirm(readers.act("Ann"), readers.group, session)
        assert await held_by(readers, alpha) == ["holder Bob"]


async def test_a_claim_that_comes_second_is_a_backup(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob")
        await readers.until(MONDAY)
        entry = await readers.entry(alpha)
        first = readers.weekly.claim(readers.act("Bob"), readers.group, entry)
        late = Weekly(Between(readers, first), readers.clock)
        result = await late.claim(readers.act("Ann"), readers.group, entry)
        assert (result.holder, result.kind) == (readers.members["Bob"], "backup")


async def test_who_always_comes_too_late_is_asked_to_try_again(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await with_paper(readers, "Ann")
        await readers.until(MONDAY)

        class Refusing(Between):
            async def move(self, act: Act, moves: Sequence[Move]) -> bool:
                return False

        refused = Weekly(Refusing(readers, None), readers.clock)
        with pytest.raises(UserError, match="at this very moment"):
            await refused.confirm(readers.act("Ann"), readers.group, await readers.session())
        assert (await readers.session()).presenter is None


async def test_a_moderator_who_comes_too_late_is_told_who_presents_by_now(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await with_paper(readers, "Ann", "Bob", "Mod")
        await readers.claim("Ann", alpha)
        await readers.claim("Bob", alpha)
        await readers.until(MONDAY)
        entry = await readers.entry(alpha)
        for name, told in (("Ann", "^Somebody else presents on Thursday 26 November by now"), ("Bob", "^Nobody")):
            gone = readers.weekly.release(readers.act(name), readers.group, entry)
            late = Weekly(Between(readers, gone), readers.clock)
            with pytest.raises(UserError, match=told):
                await late.revoke(readers.act("Mod"), readers.group, entry)
        assert (await readers.actions())[-2:] == ["decline", "decline"]


# --- requests that come again


async def act_on(readers: Club, verb: str, entry: Entry) -> ClaimResult:
    """The same request each time."""
    weekly, group = readers.weekly, readers.group
    ann, mod = (readers.act(name, f"one-{verb}") for name in ("Ann", "Mod"))
    match verb:
        case "claim" | "give back":
            return await weekly.claim(ann, group, entry, toggles=True)
        case "release":
            return await weekly.release(ann, group, entry)
        case "revoke":
            return await weekly.revoke(mod, group, entry)
        case _:
            return await weekly.assign(mod, group, entry, readers.members["Cleo"].id)


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
            await readers.weekly.pick(readers.act("Mod"), readers.group, await readers.session(), other)
        await readers.weekly.assign(readers.act("Mod"), readers.group, entry, readers.members["Ann"].id)
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
        await readers.store.wake_claim(readers.act("Ann"), claim.id)
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
