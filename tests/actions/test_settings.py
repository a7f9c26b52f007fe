"""What holds for groups: made from chat, changed there, as configured; the audit log and taking steps back."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.stores.sqlite.files import open_for_writing
from adapters.stores.sqlite.rows import SqliteRows
from bot.actions.claims import assign_claim, claim_paper, revoke_claim
from bot.actions.people import enrol
from bot.actions.settings import (
    bind_channel,
    change_settings,
    configure,
    found_group,
    take_back_settings,
    unbind_channel,
)
from bot.actions.undo import undo_step
from bot.errors import Refused
from bot.groups import SETTINGS, Groups, SettingError, settings_of
from bot.languages import Reader
from bot.model import Act, DaySettings, GroupSettings, Member, WeekSettings, Wish
from bot.ports import Rows, Store
from bot.views.refusals import word_refusal
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
    await store.write(found_group, CHAT, "discord:7", "Mo", AT)
    await store.write(found_group, GroupSettings(id="discord-5", name="other"), "discord:8", "Bo", AT)
    assert await store.read(lambda rows: rows.groups.founded()) == [CHAT]
    assert await store.peek(lambda rows: rows.people.member("discord-5", "discord:7")) == Member(1, "Mo")
    assert await store.peek(lambda rows: rows.people.member("discord-5", "discord:8")) is None
    (step,) = await store.read(lambda rows: rows.audit.steps("discord-5", 10))
    assert (step.by, step.action, step.after) == ("Mo", "found", "papers")


async def test_a_group_of_the_configuration_is_not_made_from_chat(store: Store) -> None:
    await set_groups(store, [READERS])
    await store.write(found_group, READERS, "discord:7", "Mo", AT)
    assert await store.read(lambda rows: rows.groups.founded()) == []


async def test_settings_are_overridden_together_and_reset_alone(scene: Scene) -> None:
    act = scene.by(scene.ann, at=later(hours=1))
    assert await scene.store.act(change_settings, act, {"timezone": "Europe/Berlin", "day.cards": "7"})
    assert await held(scene.store) == {"day.cards": "7", "timezone": "Europe/Berlin"}
    cards = next(
        item for item in await scene.store.read(lambda rows: rows.groups.overrides()) if item.name == "day.cards"
    )
    assert (cards.group, cards.by, cards.at) == ("readers", "Ann", later(hours=1))
    assert await scene.store.act(change_settings, scene.by(scene.bob), {"timezone": None})
    assert await held(scene.store) == {"day.cards": "7"}
    assert await held(scene.store, "others") == {}


async def test_one_step_of_the_log_tells_before_and_after(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7", "timezone": "Europe/Berlin"})
    await scene.store.act(change_settings, scene.by(scene.bob, at=later(hours=1)), {"day.cards": "9"})
    second, first = await scene.store.read(lambda rows: rows.audit.steps("readers", 10))
    assert (first.by, first.action) == ("Ann", "set day.cards, timezone")
    assert json.loads(first.before) == {"day.cards": None, "timezone": None}
    assert (second.by, second.at) == ("Bob", later(hours=1))
    assert (second.before, second.after) == ('{"day.cards": "7"}', '{"day.cards": "9"}')
    assert await scene.store.read(lambda rows: rows.audit.steps("readers", 1)) == [second]
    assert await scene.store.read(lambda rows: rows.audit.steps("others", 10)) == []


async def test_what_changes_nothing_and_what_comes_again_is_no_step(scene: Scene) -> None:
    assert await scene.store.act(change_settings, scene.by(scene.ann, request="r"), {"day.cards": "7"})
    assert not await scene.store.act(change_settings, scene.by(scene.ann, request="r"), {"day.cards": "8"})
    assert not await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7", "timezone": None})
    assert len(await scene.store.read(lambda rows: rows.audit.steps("readers", 10))) == 1
    assert await held(scene.store) == {"day.cards": "7"}


async def test_a_channel_is_bound_and_unbound_with_its_setting(scene: Scene) -> None:
    await scene.store.write(found_group, CHAT, "discord:7", "Mo", AT)
    act = Act("", "discord-5", await founder(scene), "discord", AT)
    await scene.store.act(change_settings, act, {"channels": PLACE})
    await list_papers(scene.store, "discord-5")
    assert len(await scene.due("discord")) == 3
    await scene.store.act(change_settings, act, {"channels": None})
    assert await scene.due("discord", later(hours=1)) == []


async def founder(scene: Scene) -> int:
    member = await scene.store.peek(lambda rows: rows.people.member("discord-5", "discord:7"))
    assert member
    return member.id


async def test_a_channel_has_one_group_however_many_want_it_at_once(scene: Scene) -> None:
    results = await asyncio.gather(
        scene.store.act(change_settings, scene.by(scene.ann), {"channels": PLACE}),
        scene.store.act(change_settings, scene.by(scene.eve), {"channels": f"{PLACE}, discord:1/6"}),
        return_exceptions=True,
    )
    assert results[0] is True
    assert isinstance(results[1], Refused)
    assert word_refusal(results[1], Reader()) == "Readers meets in that channel; /paper-admin stop there makes room."
    assert await held(scene.store, "others") == {}


async def test_steps_are_taken_back_newest_first(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "9", "timezone": "Europe/Berlin"})
    step = await scene.store.act(undo_step, scene.by(scene.bob))
    assert step
    assert (step.by, step.action, step.undone) == ("Ann", "set day.cards, timezone", True)
    assert await held(scene.store) == {"day.cards": "7"}
    assert await scene.store.act(undo_step, scene.by(scene.bob))
    assert await held(scene.store) == {}
    assert await scene.store.act(undo_step, scene.by(scene.bob)) is None


async def test_taking_back_is_a_step_of_the_log_too(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.act(undo_step, scene.by(scene.bob))
    newest, oldest = await scene.store.read(lambda rows: rows.audit.steps("readers", 10))
    assert (newest.by, newest.action) == ("Bob", "undo set day.cards")
    assert (newest.before, newest.after) == ('{"day.cards": "7"}', '{"day.cards": null}')
    assert (oldest.undone, newest.undone) == (True, False)


async def test_an_undo_that_comes_again_takes_back_nothing_more(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "9"})
    first = await scene.store.act(undo_step, scene.by(scene.ann, request="u"))
    assert await scene.store.act(undo_step, scene.by(scene.ann, request="u")) == first
    assert await held(scene.store) == {"day.cards": "7"}


async def test_two_who_undo_at_once_take_back_a_step_each(scene: Scene) -> None:
    for cards in ("6", "7", "8"):
        await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": cards})
    done = await asyncio.gather(*(scene.store.act(undo_step, scene.by(scene.bob)) for _ in range(2)))
    assert len({step.id for step in done if step}) == 2
    assert await held(scene.store) == {"day.cards": "6"}


async def test_a_group_takes_back_its_own_steps_only(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7"})
    assert await scene.store.act(undo_step, scene.by(scene.eve)) is None
    assert await held(scene.store) == {"day.cards": "7"}


async def test_binding_and_unbinding_are_taken_back(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"channels": PLACE})
    await scene.store.act(change_settings, scene.by(scene.ann), {"channels": None})
    await scene.store.act(undo_step, scene.by(scene.ann))
    assert await held(scene.store) == {"channels": PLACE}
    await scene.store.act(undo_step, scene.by(scene.ann))
    assert await held(scene.store) == {}
    assert await scene.store.act(change_settings, scene.by(scene.eve), {"channels": PLACE}), "it is free again"


async def test_a_channel_that_another_group_took_is_not_taken_back_from_it(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7"})
    await scene.store.act(change_settings, scene.by(scene.ann), {"channels": PLACE})
    await scene.store.act(change_settings, scene.by(scene.ann), {"channels": None})
    await scene.store.act(change_settings, scene.by(scene.eve), {"channels": PLACE})
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
    await scene.store.act(change_settings, scene.by(scene.ann), {"channels": PLACE})
    bound = GroupSettings(id="readers", name="Readers", channels=(*READERS.channels, PLACE))
    await set_groups(scene.store, [bound, OTHERS])
    with pytest.raises(Refused, match="taken"):
        await scene.store.act(change_settings, scene.by(scene.eve), {"channels": PLACE})


async def test_what_is_remembered_is_replaced(store: Store) -> None:
    assert await store.read(lambda rows: rows.kept.recall("commands")) == ""
    await store.write(lambda rows: rows.kept.remember("commands", "a"))
    await store.write(lambda rows: rows.kept.remember("commands", "b"))
    assert await store.read(lambda rows: rows.kept.recall("commands")) == "b"


async def test_a_channel_is_bound_beside_others_and_unbound_alone(scene: Scene) -> None:
    assert await scene.store.act(bind_channel, scene.by(scene.ann), PLACE)
    assert await scene.store.act(bind_channel, scene.by(scene.ann, request="r"), "discord:1/6")
    assert not await scene.store.act(bind_channel, scene.by(scene.ann, request="r"), "discord:1/7"), "it came again"
    assert await held(scene.store) == {"channels": f"{PLACE}, discord:1/6"}
    with pytest.raises(Refused, match="taken"):
        await scene.store.act(bind_channel, scene.by(scene.eve), PLACE)
    assert await scene.store.act(unbind_channel, scene.by(scene.ann), PLACE)
    assert await held(scene.store) == {"channels": "discord:1/6"}
    assert await scene.store.act(bind_channel, scene.by(scene.eve), PLACE)


async def test_a_channel_that_the_configuration_gave_to_another_group_is_left_to_it(scene: Scene) -> None:
    await scene.store.act(bind_channel, scene.by(scene.ann), PLACE)
    taken = replace(OTHERS, channels=(*OTHERS.channels, PLACE))
    await set_groups(scene.store, [READERS, taken])
    assert await scene.store.act(bind_channel, scene.by(scene.ann), "discord:1/6")
    assert await held(scene.store) == {"channels": "discord:1/6"}
    assert await scene.store.read(lambda rows: rows.groups.neighbours("readers", [PLACE])) == {PLACE: "Others"}


async def test_a_channel_of_the_configuration_stays_bound_without_its_override(scene: Scene) -> None:
    await scene.store.act(bind_channel, scene.by(scene.ann), PLACE)
    bound = replace(READERS, channels=(*READERS.channels, PLACE))
    await set_groups(scene.store, [bound, OTHERS])
    assert await scene.store.act(unbind_channel, scene.by(scene.ann), PLACE)
    assert await held(scene.store) == {}
    with pytest.raises(Refused, match="taken"):
        await scene.store.act(bind_channel, scene.by(scene.eve), PLACE)


@pytest.mark.parametrize(
    ("values", "setting", "fault"),
    [
        ({"timezone": "Europe/Atlantis"}, "timezone", 'Timezone: "Europe/Atlantis" is not known'),
        ({"day.cards": "7", "day.sources": "gone"}, "day.sources", 'There is no source "gone", only hf'),
        ({"channels": "nowhere"}, "channels", 'Channels: "nowhere" leads nowhere'),
        ({"language": "de"}, "language", "Language is no setting that can be changed from chat"),
    ],
)
async def test_a_value_that_is_none_changes_nothing(
    scene: Scene, values: dict[str, str | None], setting: str, fault: str
) -> None:
    await set_groups(scene.store, [READERS, OTHERS], ["hf"])
    with pytest.raises(SettingError) as refused:
        await scene.store.act(change_settings, scene.by(scene.ann, request="r"), values)
    assert refused.value.setting == setting
    assert word_refusal(refused.value, Reader()).startswith(fault)
    assert await held(scene.store) == {}
    assert await scene.store.act(change_settings, scene.by(scene.ann, request="r"), {"day.sources": "hf"})


async def test_values_are_valid_beside_those_that_hold(scene: Scene) -> None:
    with pytest.raises(SettingError):
        await scene.store.act(change_settings, scene.by(scene.ann), {"week.timeline.ballot": "7 days"})
    await scene.store.act(change_settings, scene.by(scene.ann), {"week.timeline.nominations": "9 days"})
    await scene.store.act(change_settings, scene.by(scene.ann), {"week.timeline.ballot": "7 days"})
    with pytest.raises(SettingError):
        await scene.store.act(change_settings, scene.by(scene.ann), {"week.timeline.nominations": None})


async def test_only_members_change_settings(scene: Scene) -> None:
    with pytest.raises(Refused, match="stranger"):
        await scene.store.act(change_settings, replace(scene.by(scene.eve), group="readers"), {"day.cards": "7"})


# --- in one transaction


async def columns(store: Store) -> tuple[Any, ...]:
    def look(rows: Any) -> tuple[Any, ...]:
        sql = "SELECT name, language, hides_votes, vote_budget FROM groups WHERE id = 'readers'"
        return tuple(rows.connection.execute(sql).fetchone())

    return await store.read(look)


async def test_what_follows_from_settings_is_written_with_them(scene: Scene) -> None:
    commits = scene.store.commits
    await scene.store.act(change_settings, scene.by(scene.ann), {"week.hidden": "yes", "week.budget": "3"})
    assert scene.store.commits == commits + 1
    assert await columns(scene.store) == ("Readers", "en", 1, 3)
    assert await scene.store.write(take_back, scene, {"week.hidden": None, "week.budget": "2"})
    assert await columns(scene.store) == ("Readers", "en", 0, 2)
    await set_groups(scene.store, [replace(READERS, name="We", language="de", week=WeekSettings(budget=9)), OTHERS])
    assert await columns(scene.store) == ("We", "de", 0, 2)


def take_back(rows: Rows, scene: Scene, before: Mapping[str, str | None]) -> bool:
    held = dict(rows.groups.stored("readers").overrides)  # type: ignore[union-attr]
    return take_back_settings(rows, scene.by(scene.bob), before, {name: held.get(name) for name in before})


async def test_settings_are_taken_back_only_where_they_are_as_the_step_left_them(scene: Scene) -> None:
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7", "channels": PLACE})
    by, before = scene.by(scene.bob), {"day.cards": None}
    commits = scene.store.commits
    assert not await scene.store.write(take_back_settings, by, before, {"day.cards": "8"})
    await set_groups(scene.store, [READERS, replace(OTHERS, channels=("discord:1/6",))])
    meets_there = {"channels": "discord:1/6"}
    assert not await scene.store.write(take_back_settings, by, meets_there, {"channels": PLACE})
    assert await held(scene.store) == {"day.cards": "7", "channels": PLACE}
    assert scene.store.commits == commits + 1, "of the start"
    assert await scene.store.write(take_back_settings, by, before, {"day.cards": "7"})
    assert await held(scene.store) == {"channels": PLACE}


async def test_what_is_worded_by_settings_is_shown_again(scene: Scene) -> None:
    session, over = await scene.meet(), await scene.meet(days=-3)
    for one in (session, over):
        for kind, key in (("ballot", str(one.id)), ("ask", f"{one.id} 7"), ("step", str(one.id))):
            await scene.move(one, wishes=(Wish(kind, key),))
    await scene.show_all()
    await scene.store.act(change_settings, scene.by(scene.ann, at=later(days=13)), {"day.cards": "7"})
    cards = [("paper", str(entry)) for entry in scene.entries[:2]]
    assert sorted(await scene.due(at=later(days=13))) == [("digest", "2026-11-20"), *cards]
    await scene.store.act(change_settings, scene.by(scene.ann, at=later(days=6.9)), {"day.cards": "8"})
    due = [("ask", f"{session.id} 7"), ("ballot", str(session.id))]
    assert [
        message for message in sorted(await scene.due(at=later(days=14))) if message[0] not in ("digest", "paper")
    ] == due


# --- the view of them


LENGTHS = tuple(name for name in SETTINGS if name.startswith("week.timeline."))
NAMES = (*(name for name in SETTINGS if name not in LENGTHS), "name", "colour")
TYPED = ("yes", "no", "all", "5", "7", "0", "vote", "presenter", "votes", "irv", "thu 17:00", "daily", "10:00")
ODD = ("thread", "hf", "hf, gone", "Asia/Tokyo", "critic, scribe", "discord:1/5", "web:others", "nowhere", "", "\x00")
SPANS = ("1 day", "2 days", "3 days", "5 days", "7 days", "9 days", "12 hours", "", "soon")
OVERRIDDEN = st.dictionaries(st.sampled_from(NAMES), st.sampled_from((*TYPED, *ODD)) | st.text("ab,: 1", max_size=4))
SPANNED = st.dictionaries(st.sampled_from(LENGTHS), st.sampled_from(SPANS))
CONFIGURED = (
    READERS,
    replace(READERS, timezone="Europe/Berlin", day=DaySettings(sources=("hf",), post_at=time(7, 30), on="tue, thu")),
    replace(READERS, day=DaySettings(sources=("gone",))),
    replace(READERS, week=WeekSettings(session="thu 17:00", rule="irv", hidden=True, roles=("critic",), budget=2)),
    replace(READERS, name='Lesekreis \N{SNOWMAN} "5"', language="de", moderators=("web:1",)),
)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[SqliteRows]:
    connection = open_for_writing(tmp_path / "view.db")
    yield SqliteRows(connection)
    connection.close()


class Standing:
    """A store whose reader sees what is written in a transaction that goes on."""

    def __init__(self, rows: SqliteRows) -> None:
        self._rows = rows

    async def read(self, fn: Callable[[SqliteRows], Any]) -> Any:
        return fn(self._rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from((*CONFIGURED, CHAT)), OVERRIDDEN, SPANNED, st.sets(st.sampled_from(("hf", "gone"))))
def test_rows_and_view_tell_the_same(
    rows: SqliteRows,
    group: GroupSettings,
    overridden: dict[str, str],
    spanned: dict[str, str],
    sources: set[str],
) -> None:
    """Apart from channels, of which the view leaves out what is another group's by now."""
    configured = () if group is CHAT else (group,)
    rows.connection.execute("BEGIN")
    try:
        configure(rows, configured, sources, AT)
        found_group(rows, CHAT, "discord:7", "Mo", AT)
        founder = enrol(rows, group.id, "discord:7", "Mo", AT)
        rows.groups.override(group.id, {**overridden, **spanned}, founder.id, AT)
        view, store = Groups(configured, sources), Standing(rows)
        asyncio.run(view.load(store))  # type: ignore[arg-type]
        assert replace(settings_of(rows, group.id), channels=()) == replace(view.by_id[group.id], channels=())
        configure(rows, configured, sources, AT)
        assert replace(settings_of(rows, group.id), channels=()) == replace(view.by_id[group.id], channels=())
    finally:
        rows.connection.execute("ROLLBACK")


async def test_a_group_from_chat_that_the_configuration_had_for_a_while_has_nothing_of_it_left(store: Store) -> None:
    await set_groups(store, [])
    await store.write(found_group, CHAT, "discord:7", "Mo", AT)
    await set_groups(store, [replace(CHAT, week=WeekSettings(budget=3, session="thu 17:00"), channels=(PLACE,))])
    assert (await store.read(settings_of, CHAT.id)).week.budget == 3
    await set_groups(store, [])
    view = Groups(())
    await view.load(store)
    assert await store.read(settings_of, CHAT.id) == view.by_id[CHAT.id] == CHAT
    assert await store.read(lambda rows: rows.groups.neighbours("", [PLACE])) == {}


async def test_what_another_version_stored_is_nothing_that_votes_are_kept_open_for(scene: Scene) -> None:
    await scene.store.write(lambda rows: rows.groups.configure(READERS, '{"colour": "red"}'))
    await set_groups(scene.store, [READERS, OTHERS])
    assert await scene.store.read(settings_of, "readers") == READERS
