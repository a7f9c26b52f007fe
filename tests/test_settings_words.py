"""One word for a setting everywhere; those of old are understood where they are still written, typed or pressed."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.stores.sqlite import migrations, open_store
from bot.actions.undo import undo_step
from bot.cards import Card, Form, Input, Select
from bot.commands import TABLE
from bot.config import load, validate
from bot.errors import StartError
from bot.groups import SETTINGS, settings_of
from bot.groups.stored import parse
from bot.model import Act, GroupSettings
from bot.ports.rows.groups import Stored
from tests.club import Person, Town
from tests.groups import set_groups
from tests.stores.scene import AT
from tests.test_admin_schedule import meeting, moderator, server

OLD_TIMELINE = {"shortlist": "5 days 2 hours", "paper": "2 days", "headcount": "5 hours"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        yield here


@pytest.fixture
def mo(here: Town) -> Person:
    return moderator(here)


def group(here: Town) -> GroupSettings:
    return here.club.groups.by_id["readers"]


def test_the_last_part_of_the_name_is_what_is_typed_and_translated() -> None:
    offered = {parameter.name: parameter for row in TABLE for parameter in row.parameters if parameter.de}
    for row in SETTINGS.values():
        if row.command != "start":
            assert offered[row.word].about == row.about
            assert offered[row.word].info.translations == {"de": row.de}


# --- the configuration


def test_names_of_yesterday_are_read() -> None:
    told = validate({"groups": [{"week": {"timeline": OLD_TIMELINE}}]}, "config.toml").groups[0].week.timeline
    assert (told.shortlisted, told.bring, told.counted) == ("5 days 2 hours", "2 days", "5 hours")


def test_a_file_of_yesterday_starts_without_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[groups]]\nid = "a"\n[groups.week.timeline]\nshortlist = "5 days"\nheadcount = "3 hours"\n')
    assert load(path, {}).groups[0] == GroupSettings(id="a")


def test_both_names_of_one_setting_are_a_fault_beside_the_others() -> None:
    both = {"week": {"minutes": 1, "timeline": {"paper": "2 days", "bring": "3 days"}}}
    with pytest.raises(StartError) as told:
        validate({"groups": [{"id": "a"}, {"id": "b", **both}]}, "config.toml")
    assert [line.strip() for line in str(told.value).splitlines()[1:]] == [
        "groups[1].week.minutes must be 5 to 600",
        "groups[1].week.timeline.bring: paper is its old name; write bring alone",
    ]


@pytest.mark.parametrize("odd", ["soon", 3, None, ["x"], {"timeline": 5}])
def test_what_is_no_table_is_left_to_the_checks(odd: object) -> None:
    with pytest.raises(StartError, match=r"groups\[0\]\.week"):
        validate({"groups": [{"week": odd}]}, "config.toml")


def test_what_yesterdays_start_stored_is_read() -> None:
    text = '{"id": "a", "week": {"session": "thu 17:00", "timeline": {"paper": "2 days"}}}'
    parsed = parse(Stored("a", "A", "en", text, (), ()))
    assert (parsed.settings.week.timeline.bring, parsed.settings.week.session) == ("2 days", "thu 17:00")


# --- chat


async def test_old_words_in_a_line_are_read(here: Town, mo: Person) -> None:
    assert (await mo.says("/paper-admin setup zone:berlin time:10:00 days:daily cards:3")).ok
    assert (group(here).timezone, f"{group(here).day.post_at:%H:%M}", group(here).day.on) == (
        "Europe/Berlin",
        "10:00",
        "daily",
    )
    assert (await mo.says("/paper-admin week sleep:12")).text == "Claims sleep after: 8 weeks → 12 weeks."
    shown = await mo.says("/paper-admin schedule place:Room 5 when:fridays 16:00")
    assert shown.cards[0].title == "Every Friday at 16:00 (Europe/Berlin)"
    for word in ("zone", "time", "days", "sleep", "when", "schedule", "week.timeline.paper", "day.post_at"):
        assert (await mo.says(f"/paper-admin reset {word}")).ok, word


async def test_of_an_old_word_and_a_new_one_the_later_counts(here: Town, mo: Person) -> None:
    await mo.says("/paper-admin setup zone:Europe/Rome timezone:Europe/Paris")
    assert group(here).timezone == "Europe/Paris"
    await mo.says("/paper-admin setup timezone:Europe/Paris zone:Europe/Rome")
    assert group(here).timezone == "Europe/Rome"


async def test_what_stands_in_messages_of_yesterday_works(here: Town, mo: Person) -> None:
    old = Select("Hour", "setup", "time", ())
    assert (await mo.chooses("Hour", "17:00", card=Card("notice", "", selects=(old,)))).text.startswith("Time: 09:00 →")
    form = Form("When and where you meet", "schedule", (Input("when", "", "fri 16:00"), Input("place", "", "Attic")))
    assert (await mo.sends(form)).cards[0].title == "Every Friday at 16:00 (Europe/Berlin)"


async def test_a_client_that_has_the_old_words_still_is_completed(mo: Person) -> None:
    assert await mo.completes("setup", "zone", "ber") == await mo.completes("setup", "timezone", "ber") != []


async def test_only_the_words_of_today_are_offered(here: Town) -> None:
    offered = {parameter.name for command in here.club.app.commands for parameter in command.parameters}
    assert offered.isdisjoint({"zone", "time", "days", "when", "sleep"})
    assert {"timezone", "post_at", "on", "session", "sleep_weeks"} <= offered


# --- what is stored


async def test_changes_and_steps_under_old_names_hold_and_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "club.db"
    with sqlite3.connect(path, isolation_level=None) as connection, monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", migrations.STEPS[: migrations.NAMES.index("m007_names")])
        migrations.migrate(connection)
        connection.executescript("""
            INSERT INTO groups (id, name, language) VALUES ('readers', 'Readers', 'en');
            INSERT INTO member VALUES (1);
            INSERT INTO account VALUES ('web:ann', 1, 'Ann');
            INSERT INTO membership (group_id, member_id, role, name, joined_at)
                VALUES ('readers', 1, 'moderator', 'A', 1);
            INSERT INTO override (group_id, name, value, member_id, at)
                VALUES ('readers', 'week.timeline.paper', '2 days', 1, 1), ('readers', 'week.shortlist', '7', 1, 1);
            INSERT INTO audit (group_id, at, member_id, action, before, after) VALUES ('readers', 1, 1,
                'set week.shortlist, week.timeline.paper',
                '{"week.shortlist": null, "week.timeline.paper": "1 day"}',
                '{"week.shortlist": "7", "week.timeline.paper": "2 days"}');
        """)
    connection.close()
    store = await open_store(path)
    try:
        await set_groups(store, [GroupSettings(id="readers")])
        week = (await store.read(settings_of, "readers")).week
        assert (week.timeline.bring, week.shortlist) == ("2 days", 7)
        step = await store.act(undo_step, Act("u", "readers", 1, "web", AT))
        assert step
        assert step.action == "set week.shortlist, week.timeline.bring"
        week = (await store.read(settings_of, "readers")).week
        assert (week.timeline.bring, week.shortlist) == ("1 day", 5)
    finally:
        await store.close()
