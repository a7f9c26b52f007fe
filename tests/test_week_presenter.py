"""Who presents: holder, backups, who takes it if nobody else does, the channel, the rota, and nobody at all."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.actions.picks import pick_paper
from bot.actions.presenter import bring_paper, confirm_presenting, decline_presenting, hand_over, put_slides
from bot.actions.reschedule import reschedule_meeting, skip_meeting, unskip_meeting
from bot.actions.undo import undo_step
from bot.errors import Refused
from bot.model import Session
from bot.week.selection import read_pick
from tests.fakes.clock import read_time
from tests.refusing import refused
from tests.weekly_club import Club, club

CLOSE = "2026-11-22 16:00"  # Sunday 17:00 in Berlin
MONDAY = "2026-11-23 12:00"
VOLUNTEERS = "2026-11-23 16:00"


async def picked(readers: Club, **claims: str) -> int:
    """Ann, Bob, Cleo, Dan and Eve have voted Alpha up; the claims on it come in this order."""
    await readers.join("Ann", "Bob", "Cleo", "Dan", "Eve")
    readers.clock.move(seconds=60)
    (alpha,) = await readers.list_papers("Alpha")
    await readers.tick()
    await readers.vote(alpha, "Ann", "Bob", "Cleo", "Dan", "Eve")
    for name, kind in claims.items():
        await readers.claim(name, alpha, kind)
        readers.clock.move(seconds=60)
    await readers.until(CLOSE)
    return alpha


async def held_by(readers: Club, entry: int) -> list[str]:
    return [
        f"{claim.kind} {claim.member.name}"
        for claim in await readers.store.peek(lambda rows: rows.claims.claims("readers", entry))
    ]


def asked(session: Session) -> str:
    return session.presenter.name if session.presenter else ""


def asks(readers: Club) -> int:
    return [post.kind for post in readers.posts].count("ask")


# --- asked and answered


async def test_who_holds_the_picked_paper_is_asked_and_says_yes(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers, Ann="holder", Bob="co")
        session = await readers.session()
        assert (asked(session), session.asked_at, session.confirmed_at) == ("Ann", read_time(CLOSE), None)
        assert readers.kinds() == ["pick", "ask"]
        yes = readers.act("Ann", "yes")
        confirmed = await readers.store.act(confirm_presenting, yes, session.id)
        assert confirmed.confirmed_at == readers.now
        assert await readers.store.act(confirm_presenting, yes, session.id) == confirmed
        await readers.until("2026-11-26 18:00")
        assert "nudge" not in readers.kinds()
        assert await readers.actions() == ["close", "pick", "confirm"]


async def test_who_does_not_answer_is_asked_again_and_then_the_backups_in_their_order(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder", Cleo="backup", Bob="backup", Dan="fallback")
        await readers.until("2026-11-24 15:59")
        assert readers.kinds("reminder")[-1] == "nudge"
        await readers.until("2026-11-24 16:00")
        session = await readers.session()
        assert (asked(session), session.tried) == ("Cleo", (readers.members["Ann"].id,))
        assert await held_by(readers, alpha) == ["holder Cleo", "backup Bob", "fallback Dan"]
        await readers.until("2026-11-25 16:00")  # half of the time that Cleo had left
        assert asked(await readers.session()) == "Bob"
        await readers.until("2026-11-26 04:00")
        assert asked(await readers.session()) == "Dan"
        assert not await readers.told()
        await readers.until("2026-11-26 10:00")
        session = await readers.session()
        assert (asked(session), session.open_discussion) == ("", True)
        assert await readers.told() == ["silent: "]
        assert asks(readers) == 4
        assert await held_by(readers, alpha) == []


async def test_a_co_presenter_follows_before_a_backup_does(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder", Bob="backup", Cleo="co")
        await readers.decline("Ann")
        assert asked(await readers.session()) == "Cleo"
        assert await held_by(readers, alpha) == ["holder Cleo", "backup Bob"]


async def test_declining_asks_the_next_one_at_once_and_says_so_once(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder", Bob="backup")
        no = readers.act("Ann", "no")
        session = await readers.session()
        await readers.store.act(decline_presenting, no, session.id, "ill")
        again = await readers.store.act(decline_presenting, no, session.id, "ill")
        assert asked(again) == "Bob"
        await readers.tick()
        assert asks(readers) == 2
        assert await held_by(readers, alpha) == ["holder Bob"]
        with refused("You don't present on Thursday 26 November"):
            await readers.decline("Ann")


async def test_two_asked_in_one_minute_have_messages_and_deadlines_of_their_own(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers, Ann="holder", Bob="backup", Cleo="backup")
        await readers.decline("Ann")
        await readers.decline("Bob")
        await readers.tick()
        assert asks(readers) == 3
        assert asked(await readers.session()) == "Cleo"


async def test_before_the_time_for_volunteers_is_over_the_channel_is_told(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        await readers.rota("Bob")
        await readers.decline("Ann")
        await readers.tick()
        session = await readers.session()
        assert (asked(session), session.open_discussion) == ("", False)
        assert await readers.told() == ["decline: "]
        assert await held_by(readers, alpha) == []
        offered = await readers.store.act(confirm_presenting, readers.act("Eve"), session.id)
        assert (asked(offered), offered.confirmed_at) == ("Eve", readers.now)
        assert await held_by(readers, alpha) == ["holder Eve"]
        assert (await readers.actions())[-1] == "volunteer"


async def test_the_fallback_takes_it_if_nobody_else_does(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Dan="fallback")
        await readers.rota("Bob")
        assert asked(await readers.session()) == ""
        await readers.until(VOLUNTEERS)
        assert asked(await readers.session()) == "Dan"
        assert await held_by(readers, alpha) == ["holder Dan"]
        assert (await readers.log())[-1].reason == "would take it if nobody else does"


async def test_then_the_rota_names_one_and_after_them_the_next(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00") as readers:
        await readers.join("Ann", "Bob", "Mod")
        await readers.rota("Ann", "Bob")
        readers.clock.move_to("2026-11-20 12:00")
        await readers.tick()
        (alpha,) = await readers.list_papers("Alpha")
        await readers.vote(alpha, "Mod")
        await readers.until(VOLUNTEERS)
        session = await readers.session()
        assert (asked(session), (await readers.actions())[-1]) == ("Ann", "name")
        assert await held_by(readers, alpha) == ["holder Ann"]
        await readers.decline("Ann")
        assert asked(await readers.session()) == "Bob"
        assert await held_by(readers, alpha) == ["holder Bob"]
        await readers.decline("Bob")
        await readers.tick()
        session = await readers.session()
        assert (asked(session), session.open_discussion) == ("", True)
        assert (await readers.told())[-1] == "decline: "
        offered = await readers.store.act(confirm_presenting, readers.act("Ann"), session.id)
        assert (asked(offered), offered.open_discussion, offered.tried) == ("Ann", False, (session.tried[1],))


async def test_nobody_at_all_makes_an_open_discussion(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers)
        await readers.until("2026-11-26 18:00")
        session = await readers.session()
        assert (session.open_discussion, session.status) == (True, "planned")
        assert await readers.told() == ["open: nobody on the rota is free"]
        assert readers.kinds()[-1] == "recap"


async def test_only_the_presenter_answers(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Zoe")
        session = await readers.next_session()
        with refused("No paper is picked"):
            await readers.store.act(confirm_presenting, readers.act("Zoe"), session.id)
        await picked(readers, Ann="holder")
        with refused("Ann presents on Thursday 26 November"):
            await readers.confirm("Bob")
        await readers.until("2026-11-26 17:00")
        with refused("is over"):
            await readers.confirm("Ann")


# --- leave


async def test_who_goes_on_leave_does_not_present_and_the_next_is_asked(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers, Ann="holder", Bob="backup")
        await readers.confirm("Ann")
        await readers.leave("Ann", "2026-12-01", "2026-12-09")
        assert asked(await readers.session()) == "Ann"
        await readers.leave("Ann", "2026-11-24", "2026-11-30")
        assert asked(await readers.session()) == "Bob"
        assert (await readers.log())[-1].reason == "on leave then"


# --- handing over, assigning


async def test_the_presenter_hands_over_and_the_other_is_asked(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder", Bob="backup")
        session = await readers.session()
        handing = readers.act("Ann", "hand")
        after = await readers.store.act(hand_over, handing, session.id, readers.members["Eve"].id)
        assert (asked(after), after.confirmed_at) == ("Eve", None)
        assert await held_by(readers, alpha) == ["holder Eve", "backup Bob"]
        assert await readers.store.act(hand_over, handing, session.id, readers.members["Eve"].id) == after
        await readers.leave("Bob", "2026-11-20", "2026-11-30")
        with refused("Bob is on leave"):
            await readers.store.act(hand_over, readers.act("Eve"), session.id, readers.members["Bob"].id)


# --- slides

LINKS = [f"https://slides.example.org/{number}" for number in range(6)]
PUT_AT_ONCE = (("Bob", LINKS[0]), ("Dan", LINKS[1]))


async def put(readers: Club, name: str, link: str, request: str = "", *, moderates: bool = False) -> str:
    """The link that stands there then."""
    act, session = readers.act(name, request), await readers.session()
    return (await readers.store.act(put_slides, act, session.id, link, moderates=moderates)).slides


async def test_anybody_puts_the_first_slides_and_who_presents_or_moderates_other_ones(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers, Ann="holder", Bob="co", Cleo="backup")
        assert await put(readers, "Dan", LINKS[0]) == LINKS[0]
        for name in ("Cleo", "Dan"):
            assert await put(readers, name, LINKS[0]) == LINKS[0], "that is what stands there"
            with refused("has slides already; only Ann, Bob and moderators can change them"):
                await put(readers, name, LINKS[1])
        assert await put(readers, "Bob", LINKS[2]) == LINKS[2]
        assert await put(readers, "Ann", LINKS[3]) == LINKS[3]
        assert await put(readers, "Eve", LINKS[4], moderates=True) == LINKS[4]
        slides = [step.by for step in await readers.log() if step.action == "slides"]
        assert slides == ["Dan", "Bob", "Ann", "Eve"]
        await readers.store.act(undo_step, readers.act("Eve"))
        assert (await readers.session()).slides == LINKS[3]


async def test_slides_are_put_once_and_also_when_the_meeting_is_over(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers, Ann="holder")
        await readers.confirm("Ann")
        await readers.until("2026-11-30 12:00")
        assert await put(readers, "Dan", LINKS[0], "the-same") == LINKS[0]
        assert await put(readers, "Ann", LINKS[1]) == LINKS[1]
        assert await put(readers, "Dan", LINKS[0], "the-same") == LINKS[1]
        await readers.store.act(undo_step, readers.act("Eve"))
        await readers.store.act(undo_step, readers.act("Eve"))
        assert (await readers.session()).slides == ""


async def test_of_two_who_put_the_first_slides_at_once_one_is_told(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers)
        session = await readers.session()
        acts = [readers.store.act(put_slides, readers.act(who), session.id, link) for who, link in PUT_AT_ONCE]
        first, late = await asyncio.gather(*acts, return_exceptions=True)
        assert isinstance(first, Session)
        assert isinstance(late, Refused)
        assert (late.reason, late.facts["names"]) == ("has slides", ())
        assert (await readers.session()).slides == LINKS[0]


async def test_a_meeting_that_does_not_take_place_has_no_slides(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers)
        await readers.store.act(skip_meeting, readers.act("Eve"), (await readers.session()).id, "exams")
        with refused("does not take place: exams"):
            await put(readers, "Ann", LINKS[0])


# --- the presenter brings the paper


async def presenting(readers: Club) -> list[int]:
    await readers.join("Ann", "Bob", "Cleo")
    await readers.rota("Ann", "Bob")
    readers.clock.move_to("2026-11-19 18:00")
    return await readers.list_papers("Alpha", "Beta")


async def test_the_rota_names_who_presents_and_they_bring_a_paper(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        alpha, beta = await presenting(readers)
        await readers.until("2026-11-20 16:00")
        session = await readers.session()
        assert (asked(session), session.entry) == ("Ann", None)
        assert readers.kinds() == ["pick", "ask"]
        with refused("Ann presents on Thursday 26 November and brings the paper"):
            await readers.store.act(bring_paper, readers.act("Bob"), session.id, (await readers.entry(alpha)).id)
        await readers.claim("Cleo", beta)
        with refused("Cleo has claimed “Beta”"):
            await readers.store.act(bring_paper, readers.act("Ann"), session.id, (await readers.entry(beta)).id)
        brought = await readers.store.act(bring_paper, readers.act("Ann"), session.id, (await readers.entry(alpha)).id)
        assert (brought.entry, brought.settled, brought.confirmed_at) == (alpha, True, readers.now)
        assert await held_by(readers, alpha) == ["holder Ann"]
        await readers.until("2026-11-26 18:00")
        assert (await readers.session()).entry == alpha
        assert [a for a in await readers.actions() if a != "name"] == ["bring"]
        assert not await readers.told()


async def test_who_brings_nothing_gets_what_the_votes_say(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        _, beta = await presenting(readers)
        await readers.vote(beta, "Cleo")
        await readers.until("2026-11-20 16:00")
        await readers.confirm("Ann")
        await readers.until("2026-11-23 16:00")
        session = await readers.session()
        assert (session.entry, asked(session)) == (beta, "Ann")
        assert session.confirmed_at
        assert await held_by(readers, beta) == ["holder Ann"]
        assert await readers.told() == ["pick: nobody brought a paper, no other paper was nominated"]


async def test_without_a_paper_and_without_votes_it_says_so(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenting(readers)
        await readers.until("2026-11-20 16:00")
        await readers.confirm("Ann")
        await readers.until("2026-11-26 18:00")
        session = await readers.session()
        assert (session.entry, session.status) == (None, "planned")
        assert await readers.told() == ["pick: nobody brought a paper"]


async def test_without_a_rota_the_channel_is_asked_and_whoever_brings_a_paper_presents(tmp_path: Path) -> None:
    async with club(tmp_path, mode="presenter") as readers:
        await readers.join("Ann")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.until("2026-11-20 16:00")
        assert await readers.told() == ["name: nobody on the rota is free"]
        session = await readers.session()
        brought = await readers.store.act(bring_paper, readers.act("Ann"), session.id, (await readers.entry(alpha)).id)
        assert (asked(brought), brought.entry) == ("Ann", alpha)


async def test_who_brings_another_paper_than_the_vote_had_chosen_is_on_the_receipt(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        alpha, beta = await presenting(readers)
        await readers.vote(beta, "Cleo")
        await readers.until("2026-11-20 16:00")
        await readers.confirm("Ann")
        await readers.until("2026-11-24 12:00")
        session = await readers.session()
        brought = await readers.store.act(bring_paper, readers.act("Ann"), session.id, (await readers.entry(alpha)).id)
        picks = await readers.store.read(lambda rows: rows.picks.picks("readers", session.id))
        assert [read_pick(pick).receipt.winner for pick in picks] == [beta, alpha]
        assert brought.entry == alpha


async def test_skipping_moves_a_presenter_without_a_paper_too(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-11-10 12:00", mode="presenter") as readers:
        await presenting(readers)
        await readers.until("2026-11-20 16:00")
        following = await readers.store.act(skip_meeting, readers.act("Cleo"), (await readers.session()).id, "exams")
        assert following
        assert asked(following) == "Ann"
        back = await readers.store.act(unskip_meeting, readers.act("Cleo"), (await readers.session()).id)
        assert asked(back) == "Ann"
        await readers.confirm("Ann")
        await readers.until("2026-11-27 16:00")
        assert asked(await readers.session("2026-12-03")) == "Bob"


async def test_who_is_on_leave_on_the_new_date_is_not_taken_along(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        await readers.leave("Ann", "2026-12-01", "2026-12-31")
        following = await readers.store.act(skip_meeting, readers.act("Eve"), (await readers.session()).id, "exams")
        assert following
        assert (following.entry, asked(following)) == (alpha, "")
        await readers.rota("Bob")
        await readers.until("2026-11-30 17:00")
        assert asked(await readers.session("2026-12-03")) == "Bob"


async def test_where_the_group_votes_nobody_brings_a_paper(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        with refused("votes for what it reads"):
            await readers.store.act(
                bring_paper, readers.act("Ann"), (await readers.session()).id, (await readers.entry(alpha)).id
            )


# --- whether it takes place


async def test_skipping_moves_the_paper_and_its_presenter_who_is_asked_for_the_new_date(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        await readers.confirm("Ann")
        following = await readers.store.act(skip_meeting, readers.act("Eve"), (await readers.session()).id, "holidays")
        assert following
        assert following.on.isoformat() == "2026-12-03"
        assert (following.entry, following.settled, asked(following)) == (alpha, True, "Ann")
        assert following.confirmed_at is None
        skipped = await readers.session()
        assert (skipped.status, skipped.why) == ("skipped", "holidays")
        await readers.tick()
        assert await readers.told() == ["skip: holidays"]
        assert asks(readers) == 2
        await readers.until("2026-11-30 12:00")
        later = await readers.session("2026-12-03")
        assert (later.entry, later.closed_at) == (alpha, read_time(CLOSE))
        assert [
            pick.session for pick in await readers.store.read(lambda rows: rows.picks.picks("readers", later.id))
        ] == [later.id]
        assert await readers.actions() == ["close", "pick", "confirm", "skip"]


async def test_a_week_that_is_not_skipped_after_all_has_everything_back(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        await readers.store.act(skip_meeting, readers.act("Eve"), (await readers.session()).id, "holidays")
        await readers.tick()
        back = await readers.store.act(unskip_meeting, readers.act("Eve"), (await readers.session()).id)
        assert (back.status, back.entry, asked(back), back.why) == ("planned", alpha, "Ann", "")
        later = await readers.session("2026-12-03")
        assert (later.entry, later.presenter, later.closed_at) == (None, None, None)
        (beta,) = await readers.list_papers("Beta")
        await readers.vote(beta, "Bob")
        await readers.until("2026-11-30 12:00")
        assert (await readers.session("2026-12-03")).entry == beta
        assert (await readers.session()).entry == alpha


async def test_an_undone_skip_leaves_the_later_session_to_its_own_vote(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        await readers.store.act(skip_meeting, readers.act("Eve"), (await readers.session()).id, "holidays")
        await readers.tick()
        await readers.store.act(undo_step, readers.act("Eve"))
        assert (await readers.session()).entry == alpha
        (beta,) = await readers.list_papers("Beta")
        await readers.vote(beta, "Bob")
        await readers.until("2026-11-30 12:00")
        assert (await readers.session("2026-12-03")).entry == beta
        assert "reopen" not in await readers.actions()


async def test_a_picked_paper_pushes_the_one_behind_it_on(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        alpha = await picked(readers, Ann="holder")
        (beta,) = await readers.list_papers("Beta")
        eve, second = readers.act("Eve"), await readers.session("2026-12-03")
        await readers.store.act(pick_paper, eve, second.id, (await readers.entry(beta)).id)
        await readers.store.act(confirm_presenting, readers.act("Bob"), second.id)
        await readers.store.act(skip_meeting, readers.act("Eve"), (await readers.session()).id, "exams")
        found = [await readers.session(on) for on in ("2026-12-03", "2026-12-10")]
        assert [(session.entry, asked(session)) for session in found] == [(alpha, "Ann"), (beta, "Bob")]
        await readers.store.act(unskip_meeting, readers.act("Eve"), (await readers.session()).id)
        found = [await readers.session(on) for on in ("2026-11-26", "2026-12-03", "2026-12-10")]
        assert [(session.entry, asked(session)) for session in found] == [(alpha, "Ann"), (beta, "Bob"), (None, "")]


async def test_a_ballot_that_is_still_open_goes_on_when_its_week_is_skipped(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await readers.join("Ann", "Bob")
        (alpha,) = await readers.list_papers("Alpha")
        await readers.tick()
        await readers.vote(alpha, "Ann", "Bob")
        await readers.until("2026-11-21 12:00")
        following = await readers.store.act(skip_meeting, readers.act("Ann"), (await readers.session()).id, "exams")
        assert following
        assert following.entry is None
        await readers.until("2026-11-29 17:00")
        assert (await readers.session("2026-12-03")).entry == alpha


async def test_too_few_who_come_call_it_off(tmp_path: Path) -> None:
    async with club(tmp_path, headcount=3) as readers:
        alpha = await picked(readers, Ann="holder")
        await readers.confirm("Ann")
        await readers.rsvp("join", "Ann", "Bob")
        await readers.until("2026-11-26 13:00")
        skipped = await readers.session()
        assert skipped.why == "only 2 of the 3 needed have said that they come"
        assert (await readers.session("2026-12-03")).entry == alpha
        assert (await readers.actions())[-1] == "headcount"
        assert (await readers.told())[-1].startswith("headcount: only 2")


async def test_enough_who_come_do_not(tmp_path: Path) -> None:
    async with club(tmp_path, headcount=2) as readers:
        await picked(readers, Ann="holder")
        await readers.confirm("Ann")
        await readers.rsvp("join", "Ann", "Bob")
        await readers.until("2026-11-26 18:00")
        assert (await readers.session()).status == "planned"


async def test_a_session_that_moves_asks_and_reminds_anew(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers, Ann="holder")
        await readers.confirm("Ann")
        await readers.until("2026-11-26 09:00")
        session = await readers.session()
        starts = session.starts + timedelta(days=5)
        moved = await readers.store.act(
            reschedule_meeting, readers.act("Eve"), session.id, starts=starts, place="Online"
        )
        assert (moved.starts, moved.place, moved.moved) == (starts, "Online", True)
        assert moved.confirmed_at is None
        before = len(readers.posts)
        await readers.confirm("Ann")
        await readers.until(starts + timedelta(hours=2))
        kinds = [post.kind for post in readers.posts[before:] if post.key.split(" ")[0] == str(session.id)]
        assert kinds == ["ask", "reminder", "reminder", "call", "recap"]
        assert "move: " in await readers.told()
        with refused("is over"):
            await readers.store.act(reschedule_meeting, readers.act("Eve"), session.id, minutes=30)


async def test_a_session_is_moved_to_a_time_that_is_free_and_to_come(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers)
        session, other = await readers.session(), await readers.session("2026-12-03")
        with refused("has passed"):
            await readers.store.act(reschedule_meeting, readers.act("Eve"), session.id, starts=read_time(CLOSE))
        with refused("begins at that very time"):
            await readers.store.act(reschedule_meeting, readers.act("Eve"), session.id, starts=other.starts)
        with refused("5 to 600 minutes"):
            await readers.store.act(reschedule_meeting, readers.act("Eve"), session.id, minutes=1)
        await readers.store.act(skip_meeting, readers.act("Eve"), session.id, "exams")
        with refused("does not take place: exams"):
            await readers.store.act(skip_meeting, readers.act("Eve"), session.id, "exams")
