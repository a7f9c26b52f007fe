"""What moves meetings is shown before it is saved; a meeting that was held is not to come again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Reply
from tests.club import Town
from tests.test_admin_schedule import lines, meeting, moderator, server


@pytest.fixture
async def thursdays(tmp_path: Path) -> AsyncIterator[Town]:
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        yield here


async def starts(here: Town) -> list[str]:
    await here.tick()
    since = here.clock.now().replace(month=1)
    found = await here.club.store.read(lambda rows: rows.sessions.sessions("readers", since))
    return [f"{one.starts:%m-%d %H:%M}" for one in found if one.status == "planned"]


def shown(reply: Reply) -> dict[str, str]:
    return {field.name: field.value for field in reply.cards[0].fields}


BERLIN_TIMES = ["11-26 16:00", "12-03 16:00", "12-10 16:00"]
ZONES = ["/paper-admin setup timezone:new york", "/paper-admin setup cards:7 timezone:America/New_York"]


@pytest.mark.parametrize("typed", ZONES)
async def test_a_zone_that_moves_meetings_is_shown_with_its_dates_and_nothing_moves_before_save(
    thursdays: Town, typed: str
) -> None:
    assert await starts(thursdays) == BERLIN_TIMES
    mo = moderator(thursdays)
    reply = await mo.says(typed)
    assert reply.text == "Not saved yet. Is this what you mean?"
    assert shown(reply)["Now"].splitlines()[:2] == ["Europe/Berlin:", "Thursday 26 November, 17:00 CET"]
    assert shown(reply)["Then"].splitlines()[:2] == ["America/New_York:", "Thursday 26 November, 17:00 EST"]
    assert reply.cards[0].footer == (
        "In the time of Europe/Berlin: Thursday 26 November, 23:00 CET instead of Thursday 26 November, 17:00 CET."
    )
    assert await starts(thursdays) == BERLIN_TIMES
    settings = thursdays.club.groups.by_id["readers"]
    assert (settings.timezone, settings.day.cards) == ("Europe/Berlin", 2)
    saved = await mo.presses("Save", reply.cards[0])
    assert "Zone: Europe/Berlin → America/New_York." in saved.text
    assert ("Cards a day: 2 → 7." in saved.text) == ("cards" in typed)
    assert await starts(thursdays) == ["11-26 22:00", "12-03 22:00", "12-10 22:00"]


async def test_the_form_of_the_panel_asks_too(thursdays: Town) -> None:
    mo = moderator(thursdays)
    panel = (await mo.says("/paper-admin setup")).cards[0]
    asked = await mo.presses("Zone", panel) if any(b.label.startswith("Zone") for b in panel.buttons) else None
    form = (asked or await mo.presses(panel.buttons[0].label, panel)).form
    assert form
    reply = await mo.sends(form, timezone="Asia/Tokyo")
    assert reply.text == "Not saved yet. Is this what you mean?"
    assert await starts(thursdays) == BERLIN_TIMES


async def test_a_reset_that_moves_meetings_asks_too(thursdays: Town) -> None:
    mo = moderator(thursdays)
    await mo.presses("Save", (await mo.says("/paper-admin setup timezone:Asia/Tokyo")).cards[0])
    reply = await mo.says("/paper-admin reset timezone")
    assert reply.text == "Not saved yet. Is this what you mean?"
    assert await starts(thursdays) == ["11-26 08:00", "12-03 08:00", "12-10 08:00"]
    await mo.presses("Save", reply.cards[0])
    assert await starts(thursdays) == BERLIN_TIMES


async def test_a_zone_that_moves_nothing_is_saved_at_once(thursdays: Town, tmp_path: Path) -> None:
    assert (await moderator(thursdays).says("/paper-admin setup timezone:Europe/Paris")).text.startswith("Zone:")
    folder = tmp_path / "other"
    folder.mkdir()
    async with server(folder) as here:  # which meets at no set time
        assert (await moderator(here).says("/paper-admin setup timezone:Asia/Tokyo")).text.startswith("Zone:")


async def test_a_zone_that_differs_only_in_summer_is_shown_with_the_first_date_that_moves(thursdays: Town) -> None:
    reply = await moderator(thursdays).says("/paper-admin setup timezone:Africa/Lagos")
    assert shown(reply)["Then"].splitlines()[1] == "Thursday 1 April, 17:00 WAT"


# --- what was held


async def test_a_meeting_that_was_held_is_not_to_come_at_another_time_of_its_day(thursdays: Town) -> None:
    await thursdays.wait_until("2026-11-26 17:30")  # 18:30 in Berlin
    mo = moderator(thursdays)
    reply = await mo.says("/paper-admin schedule thursdays 20:00")
    assert lines(reply)[1].startswith("Thursday 3 December, 20:00")
    saved = await mo.presses("Save", reply.cards[0])
    assert lines(saved)[0].startswith("Next: Thursday 3 December, 20:00")
    zone = await mo.says("/paper-admin setup timezone:America/New_York")
    assert shown(zone)["Now"].splitlines()[1].startswith("Thursday 3 December")
    await mo.presses("Save", zone.cards[0])
    assert lines(await mo.says("/paper-admin schedule"))[0].startswith("Next: Thursday 3 December, 20:00")
    assert await starts(thursdays) == ["12-04 01:00", "12-11 01:00", "12-18 01:00"]
    assert "3 December" in (await mo.says("/paper next")).text
