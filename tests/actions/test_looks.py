"""When a group is to be looked at: what brings it forward, and that nothing is lost while it is looked at."""

from bot.actions.looks import put_back, take_due
from bot.actions.votes import cast_vote
from bot.model import Act
from tests.stores.scene import AT, Scene, later


async def test_what_changes_while_a_group_is_looked_at_is_looked_at_again(scene: Scene) -> None:
    held = later(minutes=10)
    assert "readers" in await scene.store.write(take_due, AT, held, 10)
    await scene.store.act(cast_vote, scene.by(scene.ann, at=later(seconds=1)), scene.first)
    await scene.store.write(put_back, {"readers": later(days=1), "others": later(days=1)}, held, None)
    assert await scene.store.peek(lambda rows: rows.looks.due(later(minutes=1), 10)) == ["readers"]


async def test_a_look_that_dies_is_made_again(scene: Scene) -> None:
    await scene.store.write(take_due, AT, later(minutes=10), 10)
    assert await scene.store.peek(lambda rows: rows.looks.due(later(minutes=9), 10)) == []
    assert len(await scene.store.peek(lambda rows: rows.looks.due(later(minutes=10), 10))) == 2


async def test_a_hint_is_brought_forward_and_never_back(scene: Scene) -> None:
    await scene.store.write(take_due, AT, later(minutes=10), 10)
    for hours in (5, -1, 3):
        await scene.store.write(lambda rows, h=hours: rows.looks.hasten("readers", later(hours=h)))  # type: ignore[misc]
    assert await scene.store.peek(lambda rows: rows.looks.next("readers")) == later(hours=-1)
    assert await scene.store.peek(lambda rows: rows.looks.next("others")) == later(minutes=10)


async def test_whoever_acts_brings_their_group_forward(scene: Scene) -> None:
    await scene.store.write(take_due, AT, later(minutes=10), 10)
    await scene.store.act(cast_vote, Act("again", "readers", scene.ann.id, "web", later(minutes=1)), scene.first)
    assert await scene.store.peek(lambda rows: rows.looks.next("readers")) == later(minutes=1)
