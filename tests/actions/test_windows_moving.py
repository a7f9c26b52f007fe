"""On a real file: windows of votes, ballots and near-winners when a vote goes on, here or for another session."""

from bot.actions.ballots import cast_ballot
from bot.actions.moves import make_moves
from bot.actions.undo import undo_step
from bot.actions.votes import cast_vote
from bot.model import BallotSlip, Move, Session
from bot.week.electorate import electorate_of
from tests.actions.test_windows import PICK, closes, nominees
from tests.stores.scene import AT, Scene, later


async def test_a_ballot_that_was_opened_again_keeps_its_window(scene: Scene) -> None:
    session, behind = await scene.meet(6), await scene.meet(8)
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.move(session, "pick", sets={"closed_at": later(days=1)}, pick=PICK, at=later(days=1))
    await closes(scene, behind, later(days=2))
    await scene.move(session, "reopen", sets={"closed_at": None})
    assert scene.first in await nominees(scene, session)
    await closes(scene, session, later(days=3))
    assert scene.first in await nominees(scene, session)
    assert scene.first not in await nominees(scene, await scene.meet(13))


async def test_a_session_that_moved_behind_another_begins_the_window_of_that(scene: Scene) -> None:
    session, other = await scene.meet(6), await scene.meet(8)
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await closes(scene, session, later(days=1))
    await scene.move(session, "move", sets={"starts": later(days=10)})
    assert await nominees(scene, other) == {}


async def test_ballots_and_near_winners_go_along_and_come_back_with_an_undo(scene: Scene) -> None:
    first, second, third = scene.entries
    session, other, behind = [await scene.meet(days) for days in (6, 13, 20)]
    await scene.move(session, sets={"shortlist": (first, second)})
    await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[second]])
    await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[first]])
    await scene.store.act(cast_ballot, scene.by(scene.bob), session.id, [[first]])
    await scene.store.act(cast_ballot, scene.by(scene.bob), session.id, [])
    await scene.move(session, sets={"closed_at": AT}, pick=PICK, carried=scene.near(session, (second, 2)))
    await scene.move(other, sets={"closed_at": later(days=1)}, pick=PICK, carried=scene.near(other, (third, 3)))
    moves = [
        Move(session.id, "skip", sets={"closed_at": None}),
        Move(other.id, "", sets={"closed_at": AT}, pick=PICK, follows=session.id),
        Move(behind.id, "", sets={"closed_at": later(days=1)}, pick=PICK, follows=other.id),
    ]

    async def near() -> list[tuple[int, int]]:
        found = (await scene.store.read(lambda rows: rows.groups.export("readers")))["second_chances"]
        return sorted((one["session"], one["entry"]) for one in found)

    async def slips(of: Session) -> list[BallotSlip]:
        return list((await scene.store.read(lambda rows: electorate_of(rows, "readers", of.id))).slips)

    await scene.store.write(make_moves, scene.by(scene.ann), moves)
    assert await near() == [(other.id, second), (behind.id, third)]
    assert await slips(other) == [BallotSlip(scene.ann.id, ((first,),), AT)], "those that stand"
    assert len(await slips(session)) == 4, "and the log stays"
    assert await scene.store.act(undo_step, scene.by(scene.bob, at=later(hours=5)))
    assert await near() == [(session.id, second), (other.id, third)]
    assert await slips(other) == []
