"""Contract of a store: groups made from chat, settings changed there, the audit log and taking steps back."""

import asyncio
import json

import pytest

from bot.actions.claims import assign_claim, claim_paper, revoke_claim
from bot.actions.undo import undo_step
from bot.errors import UserError
from bot.model import Act, GroupSettings, Member
from bot.ports import Store
from tests.groups import set_groups
from tests.stores.scene import AT, OTHERS, READERS, Scene, later, list_papers

CHAT = GroupSettings(id="discord-5", name="papers", language="de")
PLACE = "discord:1/5"


async def held(store: Store, group: str = "readers") -> dict[str, str]:
    return {
        item.name: item.value for item in await store.read(lambda rows: rows.groups.overrides()) if item.group == group
    }


async def holder(scene: Scene) -> str:
    entry = await scene.store.peek(lambda rows: rows.entries.entry("readers", scene.first))
    return entry.claimer.name if entry and entry.claimer else ""


async def test_a_group_is_made_from_chat_once_and_its_founder_is_a_member(store: Store) -> None:
    await set_groups(store, [READERS])
    await store.found_group(CHAT, "discord:7", "Mo", AT)
    await store.found_group(GroupSettings(id="discord-5", name="other"), "discord:8", "Bo", AT)
    assert await store.read(lambda rows: rows.groups.founded()) == [CHAT]
    assert await store.peek(lambda rows: rows.people.member("discord-5", "discord:7")) == Member(1, "Mo")
    assert await store.peek(lambda rows: rows.people.member("discord-5", "discord:8")) is None
    (step,) = await store.read(lambda rows: rows.audit.steps("discord-5", 10))
    assert (step.by, step.action, step.after) == ("Mo", "found", "papers")


async def test_a_group_of_the_configuration_is_not_made_from_chat(store: Store) -> None:
    await set_groups(store, [READERS])
    await store.found_group(READERS, "discord:7", "Mo", AT)
    assert await store.read(lambda rows: rows.groups.founded()) == []


async def test_settings_are_overridden_together_and_reset_alone(scene: Scene) -> None:
    act = scene.by(scene.ann, at=later(hours=1))
    assert await scene.store.override(act, {"timezone": "Europe/Berlin", "day.cards": "7"})
    assert await held(scene.store) == {"day.cards": "7", "timezone": "Europe/Berlin"}
    cards = next(
        item for item in await scene.store.read(lambda rows: rows.groups.overrides()) if item.name == "day.cards"
    )
    assert (cards.group, cards.by, cards.at) == ("readers", "Ann", later(hours=1))
    assert await scene.store.override(scene.by(scene.bob), {"timezone": None})
    assert await held(scene.store) == {"day.cards": "7"}
    assert await held(scene.store, "others") == {}


async def test_one_step_of_the_log_tells_before_and_after(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"day.cards": "7", "timezone": "Europe/Berlin"})
    await scene.store.override(scene.by(scene.bob, at=later(hours=1)), {"day.cards": "9"})
    second, first = await scene.store.read(lambda rows: rows.audit.steps("readers", 10))
    assert (first.by, first.action) == ("Ann", "set day.cards, timezone")
    assert json.loads(first.before) == {"day.cards": None, "timezone": None}
    assert (second.by, second.at) == ("Bob", later(hours=1))
    assert (second.before, second.after) == ('{"day.cards": "7"}', '{"day.cards": "9"}')
    assert await scene.store.read(lambda rows: rows.audit.steps("readers", 1)) == [second]
    assert await scene.store.read(lambda rows: rows.audit.steps("others", 10)) == []


async def test_what_changes_nothing_and_what_comes_again_is_no_step(scene: Scene) -> None:
    assert await scene.store.override(scene.by(scene.ann, request="r"), {"day.cards": "7"})
    assert not await scene.store.override(scene.by(scene.ann, request="r"), {"day.cards": "8"})
    assert not await scene.store.override(scene.by(scene.ann), {"day.cards": "7", "timezone": None})
    assert len(await scene.store.read(lambda rows: rows.audit.steps("readers", 10))) == 1
    assert await held(scene.store) == {"day.cards": "7"}


async def test_a_channel_is_bound_and_unbound_with_its_setting(scene: Scene) -> None:
    await scene.store.found_group(CHAT, "discord:7", "Mo", AT)
    await scene.store.override(Act("1", "discord-5", await founder(scene), "discord", AT), {"channels": PLACE})
    await list_papers(scene.store, "discord-5")
    assert len(await scene.due("discord")) == 3
    await scene.store.override(Act("2", "discord-5", await founder(scene), "discord", AT), {"channels": None})
    assert await scene.due("discord", later(hours=1)) == []


async def founder(scene: Scene) -> int:
    member = await scene.store.peek(lambda rows: rows.people.member("discord-5", "discord:7"))
    assert member
    return member.id


async def test_a_channel_has_one_group_however_many_want_it_at_once(scene: Scene) -> None:
    results = await asyncio.gather(
        scene.store.override(scene.by(scene.ann), {"channels": PLACE}),
        scene.store.override(scene.by(scene.eve), {"channels": f"{PLACE}, discord:1/6"}),
        return_exceptions=True,
    )
    assert results[0] is True
    assert isinstance(results[1], UserError)
    assert str(results[1]) == "Readers meets in that channel; /paper-admin stop there makes room."
    assert await held(scene.store, "others") == {}


async def test_steps_are_taken_back_newest_first(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.override(scene.by(scene.ann), {"day.cards": "9", "timezone": "Europe/Berlin"})
    step = await scene.store.act(undo_step, scene.by(scene.bob))
    assert step
    assert (step.by, step.action, step.undone) == ("Ann", "set day.cards, timezone", True)
    assert await held(scene.store) == {"day.cards": "7"}
    assert await scene.store.act(undo_step, scene.by(scene.bob))
    assert await held(scene.store) == {}
    assert await scene.store.act(undo_step, scene.by(scene.bob)) is None


async def test_taking_back_is_a_step_of_the_log_too(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.act(undo_step, scene.by(scene.bob))
    newest, oldest = await scene.store.read(lambda rows: rows.audit.steps("readers", 10))
    assert (newest.by, newest.action) == ("Bob", "undo set day.cards")
    assert (newest.before, newest.after) == ('{"day.cards": "7"}', '{"day.cards": null}')
    assert (oldest.undone, newest.undone) == (True, False)


async def test_an_undo_that_comes_again_takes_back_nothing_more(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.override(scene.by(scene.ann), {"day.cards": "9"})
    first = await scene.store.act(undo_step, scene.by(scene.ann, request="u"))
    assert await scene.store.act(undo_step, scene.by(scene.ann, request="u")) == first
    assert await held(scene.store) == {"day.cards": "7"}


async def test_two_who_undo_at_once_take_back_a_step_each(scene: Scene) -> None:
    for cards in ("6", "7", "8"):
        await scene.store.override(scene.by(scene.ann), {"day.cards": cards})
    done = await asyncio.gather(*(scene.store.act(undo_step, scene.by(scene.bob)) for _ in range(2)))
    assert len({step.id for step in done if step}) == 2
    assert await held(scene.store) == {"day.cards": "6"}


async def test_a_group_takes_back_its_own_steps_only(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"day.cards": "7"})
    assert await scene.store.act(undo_step, scene.by(scene.eve)) is None
    assert await held(scene.store) == {"day.cards": "7"}


async def test_binding_and_unbinding_are_taken_back(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"channels": PLACE})
    await scene.store.override(scene.by(scene.ann), {"channels": None})
    await scene.store.act(undo_step, scene.by(scene.ann))
    assert await held(scene.store) == {"channels": PLACE}
    await scene.store.act(undo_step, scene.by(scene.ann))
    assert await held(scene.store) == {}
    assert await scene.store.override(scene.by(scene.eve), {"channels": PLACE}), "it is free again"


async def test_a_channel_that_another_group_took_is_not_taken_back_from_it(scene: Scene) -> None:
    await scene.store.override(scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.override(scene.by(scene.ann), {"channels": PLACE})
    await scene.store.override(scene.by(scene.ann), {"channels": None})
    await scene.store.override(scene.by(scene.eve), {"channels": PLACE})
    step = await scene.store.act(undo_step, scene.by(scene.ann))
    assert step
    assert step.action == "set day.cards", "the newest that can be"
    assert await held(scene.store, "others") == {"channels": PLACE}


async def test_an_assignment_is_taken_back_and_the_card_shows_it(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.bob), scene.first)
    await scene.store.act(assign_claim, scene.by(scene.bob), scene.first, scene.ann.id)
    assert await holder(scene) == "Ann"
    await scene.show_all()
    step = await scene.store.act(undo_step, scene.by(scene.ann))
    assert step
    assert (step.action, step.entry, step.before, step.after) == ("assign", scene.first, "Bob", "Ann")
    assert await holder(scene) == "Bob"
    assert await scene.due() == [("paper", str(scene.first))]


async def test_an_assignment_of_what_nobody_held_leaves_nobody(scene: Scene) -> None:
    await scene.store.act(assign_claim, scene.by(scene.bob), scene.first, scene.ann.id)
    await scene.store.act(undo_step, scene.by(scene.bob))
    assert await holder(scene) == ""


async def test_a_released_claim_is_given_back_unless_somebody_took_it(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.bob), scene.first)
    await scene.store.act(revoke_claim, scene.by(scene.ann), scene.first)
    assert await holder(scene) == ""
    step = await scene.store.act(undo_step, scene.by(scene.ann))
    assert step
    assert (step.action, step.before) == ("release", "Bob")
    assert await holder(scene) == "Bob"
    await scene.store.act(revoke_claim, scene.by(scene.ann), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    assert await scene.store.act(undo_step, scene.by(scene.ann)) is None
    assert await holder(scene) == "Ann"


async def test_a_channel_bound_from_chat_stays_bound_when_the_groups_are_read_again(scene: Scene) -> None:
    """The caller says which channels hold: those of the configuration and those bound from chat."""
    await scene.store.override(scene.by(scene.ann), {"channels": PLACE})
    bound = GroupSettings(id="readers", name="Readers", channels=(*READERS.channels, PLACE))
    await set_groups(scene.store, [bound, OTHERS])
    with pytest.raises(UserError, match="Readers meets in that channel"):
        await scene.store.override(scene.by(scene.eve), {"channels": PLACE})


async def test_what_is_remembered_is_replaced(store: Store) -> None:
    assert await store.read(lambda rows: rows.kept.recall("commands")) == ""
    await store.write(lambda rows: rows.kept.remember("commands", "a"))
    await store.write(lambda rows: rows.kept.remember("commands", "b"))
    assert await store.read(lambda rows: rows.kept.recall("commands")) == "b"
