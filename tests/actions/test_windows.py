"""On a real file: votes in windows from close to close, budgets, hidden counts, ballots, second chances."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.actions.attendance import rsvp
from bot.actions.ballots import cast_ballot
from bot.actions.claims import claim_paper, put_to_sleep, wake_claim
from bot.actions.entries import drop_entry
from bot.actions.meetings import show_near_winner
from bot.actions.picks import second_paper
from bot.actions.reactions import take_reaction
from bot.actions.submissions import submit
from bot.actions.votes import cast_vote, pass_on, retract_vote, toggle_vote
from bot.errors import Refused
from bot.model import Act, BallotSlip, Nominee, Pick, Session, Tally, VoteSpan, WeekSettings, Wish
from bot.ports import Action
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from bot.week.second_chances import second_chances
from tests.groups import enrol, set_groups
from tests.stores.scene import AT, OTHERS, READERS, B, Scene, later, listing

SECOND = timedelta(seconds=1)


async def spans(scene: Scene) -> list[VoteSpan]:
    """The log as the export has it: oldest first."""
    log = (await scene.store.read(lambda rows: rows.groups.export("readers")))["votes"]
    read = datetime.fromisoformat
    return [
        VoteSpan(
            one["member"], one["entry"], read(one["at"]), read(one["retracted_at"]) if one["retracted_at"] else None
        )
        for one in log
    ]


async def closes(scene: Scene, session: Session, at: datetime) -> Session:
    return await scene.move(session, "close", sets={"closed_at": at}, done=("close",))


async def nominees(scene: Scene, session: Session) -> Mapping[int, Nominee]:
    found = await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))
    return {nominee.entry: nominee for nominee in found.nominees}


# --- the log of votes


async def test_a_vote_is_logged_from_its_beginning_to_its_end(scene: Scene) -> None:
    ann, entry = scene.ann, scene.first
    await scene.store.act(cast_vote, scene.by(ann), entry)
    await scene.store.act(cast_vote, scene.by(ann, via="slack", at=later(hours=1)), entry)
    assert await spans(scene) == [VoteSpan(ann.id, entry, AT)]
    await scene.store.act(retract_vote, scene.by(ann, at=later(hours=2)), entry)
    await scene.store.act(toggle_vote, scene.by(ann, at=later(hours=3)), entry)
    assert await spans(scene) == [VoteSpan(ann.id, entry, AT, later(hours=2)), VoteSpan(ann.id, entry, later(hours=3))]


@pytest.mark.parametrize("action", [toggle_vote, pass_on, retract_vote])
async def test_whatever_takes_a_vote_back_ends_it_in_the_log(scene: Scene, action: Action[[int], object]) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.store.act(action, scene.by(scene.ann, at=later(hours=2)), scene.first)
    assert await spans(scene) == [VoteSpan(scene.ann.id, scene.first, AT, later(hours=2))]


async def test_a_reaction_that_is_taken_away_ends_its_vote_unless_it_stands_elsewhere(scene: Scene) -> None:
    await scene.show_all()
    message = await message_of(scene, scene.first)
    for hours, on in ((0, True), (1, False), (2, True)):
        act = scene.by(scene.bob, via="slack", at=later(hours=hours))
        await scene.store.write(take_reaction, act, message, scene.first, "slack:T/2", on=on)
    await scene.store.act(cast_vote, scene.by(scene.bob, via="web", at=later(hours=3)), scene.first)
    gone = scene.by(scene.bob, via="slack", at=later(hours=4))
    await scene.store.write(take_reaction, gone, message, scene.first, "slack:T/2", on=False)
    assert await spans(scene) == [
        VoteSpan(scene.bob.id, scene.first, AT, later(hours=1)),
        VoteSpan(scene.bob.id, scene.first, later(hours=2)),
    ]


async def message_of(scene: Scene, entry: int) -> int:
    found = await scene.store.read(lambda rows: rows.messages.messages("readers", "slack:T/C", before=None, limit=99))
    return next(one.id for one, _ in found if (one.kind, one.key) == ("paper", str(entry)))


async def test_a_press_on_a_vote_of_an_earlier_window_makes_it_count_anew_and_the_next_takes_it_back(
    scene: Scene,
) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await closes(scene, await scene.meet(), later(days=1))

    async def press(at: datetime) -> Tally:
        return await scene.store.act(toggle_vote, scene.by(scene.ann, at=at), scene.first)

    assert await press(later(days=2)) == Tally(True, True, 1)
    assert (await spans(scene))[-1] == VoteSpan(scene.ann.id, scene.first, later(days=2))
    assert await press(later(days=3)) == Tally(True, False, 0)


async def test_a_vote_of_an_earlier_window_that_is_given_again_counts_anew(scene: Scene) -> None:
    ann, entry = scene.ann, scene.first
    await scene.store.act(cast_vote, scene.by(ann), entry)
    await closes(scene, await scene.meet(), later(days=1))
    await scene.show_all(later(days=1))
    again = scene.by(ann, request="again", at=later(days=2))
    assert await scene.store.act(cast_vote, again, entry) == Tally(True, True, 1)
    assert await spans(scene) == [VoteSpan(ann.id, entry, AT, later(days=2)), VoteSpan(ann.id, entry, later(days=2))]
    assert await scene.due(at=later(days=2)) == [("paper", str(entry))]
    assert await scene.store.act(cast_vote, again, entry) == Tally(False, True, 1), "the same request once more"
    assert await scene.store.act(cast_vote, scene.by(ann, at=later(days=3)), entry) == Tally(False, True, 1)
    assert len(await spans(scene)) == 2


async def test_an_emoji_on_a_vote_of_an_earlier_window_makes_it_no_new_one(scene: Scene) -> None:
    """It may have stood there all along, and is only seen now."""
    ann, entry = scene.ann, scene.first
    await scene.store.act(cast_vote, scene.by(ann), entry)
    await scene.show_all()
    await closes(scene, await scene.meet(), later(days=1))
    act, card = scene.by(ann, via="slack/reaction", at=later(days=2)), await message_of(scene, entry)
    assert await scene.store.write(take_reaction, act, card, entry, "web:1", on=True) == Tally(False, True, 0)
    assert await spans(scene) == [VoteSpan(ann.id, entry, AT)]


async def test_a_vote_at_the_very_close_is_of_the_next_window(scene: Scene) -> None:
    await closes(scene, await scene.meet(), later(days=1))
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(days=1)), scene.first)
    assert not (await scene.store.act(cast_vote, scene.by(scene.ann, at=later(days=2)), scene.first)).changed


async def test_another_groups_close_changes_nothing_here(scene: Scene) -> None:
    theirs = await scene.meet(group="others")
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    act = replace(scene.program(), group="others")
    await scene.move(theirs, "close", act=act, sets={"closed_at": later(days=1)})
    assert not (await scene.store.act(cast_vote, scene.by(scene.ann, at=later(days=2)), scene.first)).changed


# --- hidden counts and budgets


async def with_week(scene: Scene, **week: object) -> None:
    settings = WeekSettings(**week)  # type: ignore[arg-type]
    await set_groups(scene.store, [replace(READERS, week=settings), OTHERS])


async def test_hidden_counts_are_hidden_until_a_session_reads_the_paper(scene: Scene) -> None:
    await with_week(scene, hidden=True)
    tally = await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    entry = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert entry
    assert (tally.hidden, entry.hides_votes, tally.left) == (True, True, None)
    await scene.move(await scene.meet(), sets={"entry": scene.first})
    entry = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    assert entry
    assert not entry.hides_votes
    assert not (await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)).hidden
    assert not (await scene.store.act(cast_vote, scene.by(scene.eve), scene.foreign[0])).hidden
    await with_week(scene)
    assert not (await scene.store.act(cast_vote, scene.by(scene.ann), scene.entries[1])).hidden


async def test_a_budget_is_spent_until_a_vote_is_taken_back(scene: Scene) -> None:
    await with_week(scene, budget=2)
    first, second, third = scene.entries
    assert (await scene.store.act(cast_vote, scene.by(scene.ann), first)).left == 1
    assert (await scene.store.act(toggle_vote, scene.by(scene.ann), second)).left == 0
    for vote in (cast_vote, toggle_vote):
        with pytest.raises(Refused) as refused:
            await scene.store.act(vote, scene.by(scene.ann, request="too many"), third)
        assert (refused.value.reason, refused.value.facts) == ("spent", {"budget": 2})
    assert await scene.votes(third) == 0
    assert len(await spans(scene)) == 2
    assert (await scene.store.act(cast_vote, scene.by(scene.bob), third)).left == 1
    assert (await scene.store.act(retract_vote, scene.by(scene.ann), first)).left == 1
    assert (await scene.store.act(cast_vote, scene.by(scene.ann, request="too many"), third)).changed


async def test_a_vote_that_is_refused_leaves_a_pass_alone(scene: Scene) -> None:
    await with_week(scene, budget=1)
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.store.act(pass_on, scene.by(scene.ann), scene.entries[1])
    with pytest.raises(Refused, match="spent"):
        await scene.store.act(cast_vote, scene.by(scene.ann), scene.entries[1])
    assert (await scene.store.read(lambda rows: rows.votes.stance("readers", scene.ann.id))).passed == {
        scene.entries[1]
    }


async def test_a_budget_is_whole_again_after_the_close(scene: Scene) -> None:
    await with_week(scene, budget=1)
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await closes(scene, await scene.meet(), later(days=1))
    assert (await scene.store.act(cast_vote, scene.by(scene.ann, at=later(days=1)), scene.entries[1])).left == 0
    with pytest.raises(Refused, match="spent"):
        await scene.store.act(cast_vote, scene.by(scene.ann, at=later(days=2)), scene.first)


# --- the electorate


async def test_votes_of_a_window_nominate_and_count_once_for_each_member(scene: Scene) -> None:
    first, second, _ = scene.entries
    session = await scene.meet()
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(hours=2)), first)
    await scene.store.act(cast_vote, scene.by(scene.bob, at=later(hours=1)), first)
    await scene.store.act(cast_vote, scene.by(scene.bob), second)
    found = await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))
    assert (found.since, found.slips, found.coming, found.skipping, found.came) == (None, (), (), (), {})
    assert [(one.entry, one.votes, one.nominated_at) for one in found.nominees] == [
        (first, 2, later(hours=1)),
        (second, 1, AT),
    ]
    best = found.nominees[0]
    assert (best.key, best.title) == ("arxiv:2411.00001", "Diffusion models that sing")
    assert (best.claimed_at, best.claimer, best.dropped, best.carried) == (None, None, False, 0)
    assert found.votes == (
        VoteSpan(scene.bob.id, second, AT),
        VoteSpan(scene.bob.id, first, later(hours=1)),
        VoteSpan(scene.ann.id, first, later(hours=2)),
    )


async def test_a_window_begins_with_the_close_before_and_ends_before_its_own(scene: Scene) -> None:
    earlier, session, after = [await scene.meet(days) for days in (6, 13, 20)]
    start, end = later(days=2), later(days=9)
    times = {"early": start - SECOND, "first": start, "last": end - SECOND, "late": end}
    members = {name: await enrol(scene.store, "readers", f"web:{name}", name, AT) for name in times}
    for name, at in times.items():
        await scene.store.act(cast_vote, scene.by(members[name], at=at), scene.first)
    await closes(scene, earlier, start)
    await closes(scene, session, end)

    async def counted(of: Session) -> tuple[datetime | None, int, list[int]]:
        found = await scene.store.read(lambda rows: electorate_of(rows, "readers", of.id))
        return found.since, found.nominees[0].votes, [vote.member for vote in found.votes]

    early, first, last, late = (members[name].id for name in times)
    assert await counted(earlier) == (None, 1, [early, first, last, late]), "the later ones for the receipt"
    assert await counted(session) == (start, 2, [first, last, late])
    assert await counted(after) == (end, 1, [late])


async def test_a_vote_taken_back_after_the_close_has_counted(scene: Scene) -> None:
    session = await scene.meet()
    for member in (scene.ann, scene.bob):
        await scene.store.act(cast_vote, scene.by(member), scene.first)
    await scene.store.act(retract_vote, scene.by(scene.ann, at=later(days=1)), scene.first)
    await scene.store.act(retract_vote, scene.by(scene.bob, at=later(days=3)), scene.first)
    assert (await nominees(scene, session))[scene.first].votes == 0, "while it is open, as they stand"
    await closes(scene, session, later(days=2))
    assert (await nominees(scene, session))[scene.first].votes == 1


async def test_a_pick_that_moved_on_with_its_close_has_its_window(scene: Scene) -> None:
    skipped, taker, after = [await scene.meet(days) for days in (6, 13, 20)]
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await closes(scene, skipped, later(days=2))
    await scene.move(skipped, "skip", sets={"status": "skipped", "entry": None})
    await scene.move(taker, sets={"entry": scene.first, "closed_at": later(days=2)})
    assert (await nominees(scene, taker))[scene.first].votes == 1
    assert (await scene.store.read(lambda rows: electorate_of(rows, "readers", after.id))).since == later(days=2)


async def test_what_members_hand_in_is_nominated_in_the_window_of_that_time(scene: Scene) -> None:
    earlier, session = await scene.meet(6), await scene.meet(13)
    paper = listing(replace(B, key="arxiv:2411.00009", title="Handed in"))
    entry = await scene.store.act(submit, scene.by(scene.ann, at=later(days=3)), paper, None)
    assert (await nominees(scene, earlier))[entry.id].nominated_at == later(days=3)
    await closes(scene, earlier, later(days=2))
    assert list(await nominees(scene, earlier)) == []
    assert (await nominees(scene, session))[entry.id].nominated_at == later(days=3)
    await closes(scene, session, later(days=9))
    assert list(await nominees(scene, await scene.meet(20))) == []


async def test_a_claim_that_is_awake_nominates_for_as_long_as_it_stands(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.bob), scene.entries[1], "fallback")
    await closes(scene, await scene.meet(6), later(days=2))
    session = await scene.meet(13)
    found = await nominees(scene, session)
    assert list(found) == [scene.first], "who would take it if nobody else does proposes nothing"
    claimed = found[scene.first]
    assert (claimed.claimer, claimed.claimed_at, claimed.nominated_at, claimed.votes) == (scene.ann.id, AT, AT, 0)
    (claim,) = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    await scene.store.write(put_to_sleep, "readers", claim.id, later(days=5))
    assert list(await nominees(scene, session)) == []
    await scene.store.act(wake_claim, scene.by(scene.ann, at=later(days=6)), claim.id)
    assert list(await nominees(scene, session)) == [scene.first]


async def test_a_claim_after_the_close_comes_too_late_for_it(scene: Scene) -> None:
    session = await scene.meet()
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await closes(scene, session, later(days=2))
    await scene.store.act(claim_paper, scene.by(scene.bob, at=later(days=2)), scene.first)
    assert (await nominees(scene, session))[scene.first].claimer is None


async def test_what_a_session_reads_or_has_read_is_nominated_no_more(scene: Scene) -> None:
    first, second = await scene.meet(6), await scene.meet(13)
    for entry in scene.entries[:2]:
        await scene.store.act(cast_vote, scene.by(scene.ann), entry)
    await scene.move(first, sets={"entry": scene.first})
    assert list(await nominees(scene, second)) == [scene.entries[1]]
    assert set(await nominees(scene, first)) == {scene.first, scene.entries[1]}
    await scene.move(first, sets={"status": "skipped"})
    assert set(await nominees(scene, second)) == set(scene.entries[:2])


async def test_a_short_list_stands_whatever_becomes_of_its_papers(scene: Scene) -> None:
    session, other = await scene.meet(6), await scene.meet(13)
    first, second, third = scene.entries
    for entry in scene.entries:
        await scene.store.act(cast_vote, scene.by(scene.ann), entry)
    await scene.move(session, sets={"shortlist": (first, second)})
    await scene.move(other, sets={"entry": first})
    await scene.store.act(drop_entry, scene.by(scene.bob), second, True, "no code")
    found = await nominees(scene, session)
    assert {entry: one.dropped for entry, one in found.items()} == {first: False, second: True}
    await scene.move(session, sets={"entry": third})
    assert set(await nominees(scene, session)) == {first, second, third}, "and what a moderator chose"


async def test_what_a_moderator_chose_is_there_though_nobody_nominated_it(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"entry": scene.entries[2]})
    assert [(one.entry, one.votes) for one in (await nominees(scene, session)).values()] == [(scene.entries[2], 0)]


async def test_who_comes_is_told_in_the_order_of_their_answers(scene: Scene) -> None:
    session = await scene.meet()
    cy = await enrol(scene.store, "readers", "web:cy", "Cy", AT)
    for minute, (member, answer) in enumerate(((cy, "join"), (scene.ann, "skip"), (scene.bob, "join"))):
        await scene.store.act(rsvp, scene.by(member, at=later(minutes=minute)), session.id, answer)  # type: ignore[arg-type]
    found = await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))
    assert (found.coming, found.skipping) == ((cy.id, scene.bob.id), (scene.ann.id,))


async def test_who_came_is_told_for_the_last_four_sessions_that_are_over(scene: Scene) -> None:
    held = [await scene.meet(days) for days in (1, 2, 3, 4, 5)]
    skipped, session, coming = await scene.meet(6), await scene.meet(13), await scene.meet(7)
    for one in (held[0], held[2], coming):
        await scene.store.act(rsvp, scene.by(scene.ann), one.id, "join")
    await scene.store.act(rsvp, scene.by(scene.bob), held[4].id, "skip")
    await scene.move(held[3], sets={"presenter": scene.bob.id})
    await scene.move(skipped, sets={"status": "skipped"})
    assert (await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))).came == {}, (
        "none is known to be over yet"
    )
    await scene.move(held[4], at=later(days=6), done=("recap",))
    assert (await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))).came == {
        scene.ann.id: (False, False, True, False),
        scene.bob.id: (False, True, False, False),
    }
    first = await scene.store.read(lambda rows: electorate_of(rows, "readers", held[1].id))
    assert first.came == {scene.ann.id: (True,), scene.bob.id: (False,)}


async def test_a_session_of_another_group_has_no_electorate(scene: Scene) -> None:
    session = await scene.meet()
    with pytest.raises(Refused, match="no meeting"):
        await scene.store.read(lambda rows: electorate_of(rows, "others", session.id))


# --- what votes change is shown again


async def test_votes_claims_and_drops_show_again_what_counts_them(scene: Scene) -> None:
    past, open_one, read = await scene.meet(-20), await scene.meet(6), await scene.meet(13)
    await scene.move(read, sets={"entry": scene.first, "closed_at": AT, "shortlist": (scene.entries[1],)})
    await scene.move(past, sets={"entry": scene.first, "closed_at": AT - timedelta(days=24)})
    wishes = [Wish(kind, str(one.id)) for one in (past, open_one, read) for kind in ("nominations", "pick", "recap")]
    await scene.move(open_one, wishes=(*wishes, Wish("second-chance", str(scene.first))))
    await scene.show_all()
    store, first = scene.store, scene.first
    acts: tuple[Callable[[Act], Awaitable[object]], ...] = (
        lambda act: store.act(cast_vote, act, first),
        lambda act: store.act(claim_paper, act, first),
        lambda act: store.act(drop_entry, act, first, True, ""),
        lambda act: store.act(pass_on, act, first),
    )
    for hour, act in enumerate(acts, 1):
        await act(scene.by(scene.ann, at=later(hours=hour)))
        due = [one for one in await scene.due(at=later(hours=hour)) if one[0] != "paper"]
        assert sorted(due) == sorted(
            [("second-chance", str(scene.first))]
            + [(kind, str(one.id)) for one in (open_one, read) for kind in ("nominations", "pick")]
        )
        await scene.show_all(later(hours=hour, minutes=2))
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(hours=8)), scene.entries[2])
    due = [one for one in await scene.due(at=later(hours=8)) if one[0] != "paper"]
    assert sorted(due) == [("nominations", str(open_one.id)), ("pick", str(open_one.id))]


# --- ballots


async def test_the_newest_ballot_of_a_member_counts_and_every_one_is_kept(scene: Scene) -> None:
    first, second, third = scene.entries
    session = await scene.move(await scene.meet(), sets={"shortlist": (first, second, third)})
    assert await scene.store.peek(lambda rows: rows.picks.ballot("readers", session.id, scene.ann.id)) == ()
    await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[first], [second, third]])
    await scene.store.act(cast_ballot, scene.by(scene.bob), session.id, ((second,),))
    await scene.store.act(cast_ballot, scene.by(scene.ann, at=later(hours=1)), session.id, [[third]])
    assert await scene.store.peek(lambda rows: rows.picks.ballot("readers", session.id, scene.ann.id)) == ((third,),)
    found = await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))
    assert found.slips == (
        BallotSlip(scene.ann.id, ((first,), (second, third)), AT),
        BallotSlip(scene.bob.id, ((second,),), AT),
        BallotSlip(scene.ann.id, ((third,),), later(hours=1)),
    )
    await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[]])
    assert await scene.store.peek(lambda rows: rows.picks.ballot("readers", session.id, scene.ann.id)) == ()
    room = await scene.store.read(lambda rows: participation_of(rows, "readers", session.id))
    assert room
    assert room.ballots == 1


async def test_a_ballot_is_refused_after_the_close_and_for_other_papers(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"shortlist": tuple(scene.entries[:2])})
    for ranking in ([[scene.entries[2]]], [[scene.first], [scene.foreign[0]]]):
        with pytest.raises(Refused, match="not on the short list"):
            await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, ranking)
    await closes(scene, session, later(days=1))
    with pytest.raises(Refused, match="ballot closed"):
        await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[scene.first]])
    with pytest.raises(Refused, match="no meeting"):
        await scene.store.act(cast_ballot, scene.by(scene.eve), session.id, [[scene.first]])
    assert (await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))).slips == ()


async def test_a_ballot_that_arrives_again_or_says_the_same_is_not_a_new_one(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"shortlist": tuple(scene.entries)})
    act = scene.by(scene.ann, request="casts")
    await scene.store.act(cast_ballot, act, session.id, [[scene.first]])
    await scene.store.act(cast_ballot, act, session.id, [[scene.entries[1]]])
    await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[scene.first], []])
    assert len((await scene.store.read(lambda rows: electorate_of(rows, "readers", session.id))).slips) == 1


# --- two members confirm


async def test_members_confirm_what_is_proposed_and_each_counts_once(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"entry": scene.first})
    act, again = scene.by(scene.ann, request="seconds"), scene.by(scene.ann)
    for once in (act, act, again):
        assert await scene.store.act(second_paper, once, session.id) == (session, 1)
    settled, count = await scene.store.act(second_paper, scene.by(scene.bob), session.id)
    assert (settled.settled, count) == (True, 2)
    room = await scene.store.read(lambda rows: participation_of(rows, "readers", session.id))
    assert room
    assert {one.name for one in room.seconded} == {"Ann", "Bob"}


async def test_confirmations_are_of_the_paper_that_is_proposed_now(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"entry": scene.first})
    await scene.store.act(second_paper, scene.by(scene.ann), session.id)
    other = await scene.move(session, sets={"entry": scene.entries[1]})
    assert await scene.store.act(second_paper, scene.by(scene.bob), session.id) == (other, 1)


async def test_what_is_settled_needs_nobody_any_more(scene: Scene) -> None:
    session = await scene.move(await scene.meet(), sets={"entry": scene.first, "settled": True})
    with pytest.raises(Refused, match="settled already"):
        await scene.store.act(second_paper, scene.by(scene.ann), session.id)


# --- near-winners

PICK = Pick("{}", "{}", AT)


async def test_near_winners_bring_votes_along_to_the_next_window_only(scene: Scene) -> None:
    first, second, third = scene.entries
    session, after, behind = [await scene.meet(days) for days in (6, 13, 20)]
    sets = {"closed_at": later(days=2), "entry": first}
    for entry, voters in ((second, 3), (third, 4)):
        for number in range(voters):
            voter = await enrol(scene.store, "readers", f"web:{entry}-{number}", f"Voter {entry}-{number}", AT)
            await scene.store.act(cast_vote, scene.by(voter), entry)
    await scene.move(session, "pick", sets=sets, pick=PICK, carried=scene.near(session, (second, 1), (third, 2)))
    found = await nominees(scene, after)
    assert {entry: (one.carried, one.nominated_at) for entry, one in found.items()} == {
        third: (2, later(days=2)),
        second: (1, later(days=2)),
    }
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == [third, second]
    await closes(scene, after, later(days=9))
    assert list(await nominees(scene, behind)) == []
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == []
    assert set(await nominees(scene, after)) == {second, third}, "as it was"


async def test_a_second_chance_is_shown_once_and_comes_once(scene: Scene) -> None:
    session, after = await scene.meet(6), await scene.meet(13)
    entry = scene.entries[1]
    await scene.show_all()
    await scene.move(session, sets={"closed_at": AT}, pick=PICK, carried=scene.near(session, (entry, 2)))
    assert await scene.store.write(show_near_winner, "readers", entry, later(days=1))
    assert ("second-chance", str(entry)) in await scene.due(at=later(days=1))
    assert not await scene.store.write(show_near_winner, "readers", entry, later(days=2))
    assert not await scene.store.write(show_near_winner, "readers", scene.first, later(days=2))
    assert not await scene.store.write(show_near_winner, "others", entry, later(days=2))
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == []
    await scene.move(after, sets={"closed_at": later(days=7)}, pick=PICK, carried=scene.near(after, (entry, 1)))
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == []
    assert list(await nominees(scene, await scene.meet(20))) == []


async def test_what_is_read_or_dropped_does_not_come_back(scene: Scene) -> None:
    first, second, third = scene.entries
    session = await scene.meet(6)
    carried = scene.near(session, *((entry, 2) for entry in scene.entries))
    await scene.move(session, sets={"closed_at": AT, "entry": first}, pick=PICK, carried=carried)
    await scene.store.act(drop_entry, scene.by(scene.ann), second, True, "")
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == [third]


async def test_a_new_pick_of_a_session_says_anew_what_comes_back(scene: Scene) -> None:
    session = await scene.meet(6)
    await scene.move(session, sets={"closed_at": AT}, pick=PICK, carried=scene.near(session, (scene.entries[1], 2)))
    near = scene.near(session, (scene.entries[2], 3))
    await scene.move(session, sets={"closed_at": later(days=1)}, pick=PICK, carried=near)
    assert await scene.store.read(lambda rows: second_chances(rows, "readers")) == [scene.entries[2]]
